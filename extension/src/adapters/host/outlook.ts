/** Outlook: a message read, a bar set and a reply begun through Office's own interface, as far as the client has it. */

import type { Payload, Sees, VisibleMessage } from "../../core/types.js";

/** What is read of a message and answered with it. All of it is in requirement set Mailbox 1.1 but for what is optional. */
export type Item = Office.MessageRead;

export interface OutlookMail {
  readonly payload: Payload;
  readonly sees: Sees;
  /** Address in whose mailbox the message lies: the owner's, where it is a shared one. */
  readonly mailbox?: string;
  /** Outlook has an interface that shows more of the message, and it failed. */
  readonly refused: boolean;
}

/** The identifier of our one bar: a later one takes its place. */
const BAR = "keeneye";
/** More makes Outlook refuse the bar; UTF-16 units. */
const BAR_LENGTH = 150;
/** The manifest's small picture; Outlook demands one for an informational bar. */
const BAR_ICON = "Icon.16";
/** More than this is not worth a look at its text: the server's reader cuts earlier. */
const LONGEST_BODY = 2_000_000;

/** Whether this Outlook has all of a requirement set. */
export function supports(version: string): boolean {
  return Office.context.requirements.isSetSupported("Mailbox", version);
}

/** The message that Outlook shows, or null: nothing is selected, several are, or it is an appointment. */
export function openItem(): Item | null {
  const item = Office.context.mailbox.item as (Item & { readonly itemType?: string }) | null | undefined;
  if (item?.itemType !== "message") return null;
  // In compose the subject is an object with methods.
  return typeof (item.subject as unknown) === "string" ? item : null;
}

/** A message that is being written. */
export type Draft = Office.MessageCompose;

export function openDraft(): Draft | null {
  const item = Office.context.mailbox.item as (Draft & { readonly itemType?: string }) | null | undefined;
  return item?.itemType === "message" && typeof (item.subject as unknown) === "object" ? item : null;
}

/** As stored (Mailbox 1.14), else headers and text (1.8), else what Outlook shows. Rejects when not even the text comes. */
export async function readItem(item: Item): Promise<OutlookMail> {
  const mailbox = await mailboxOf(item);
  const known = mailbox === "" ? {} : { mailbox };
  let refused = false;
  if (supports("1.14")) {
    const raw = await attempt(() => promised<string>((done) => { item.getAsFileAsync(done); }).then(fromBase64));
    if (raw !== null && raw.length > 0) return { payload: { raw }, sees: "raw", refused, ...known };
    refused = true;
  }
  let headers = "";
  if (supports("1.8")) {
    headers = (await attempt(() => promised<string>((done) => { item.getAllInternetHeadersAsync(done); }))) ?? "";
    refused ||= headers.trim() === "";
  }
  const sees: Sees = headers.trim() === "" ? "visible" : "headers";
  const [text, html] = await Promise.all([bodyOf(item, "text"), attempt(() => bodyOf(item, "html"))]);
  const visible: VisibleMessage = {
    ...fieldsOf(item),
    ...(sees === "headers" ? { headers } : {}),
    text,
    ...(html === null || html === "" || html.length > LONGEST_BODY ? {} : { html }),
    attachments: attachmentsOf(item),
    ...known,
    client: { id: "outlook", sees },
  };
  return { payload: { visible }, sees, refused, ...known };
}

function bodyOf(item: Item, type: "text" | "html"): Promise<string> {
  return promised<string>((done) => { item.body.getAsync(type, done); });
}

/** The fields that Outlook shows above the text; empty ones are left out. */
function fieldsOf(item: Item): VisibleMessage {
  const date = item.dateTimeCreated as Date | undefined;
  const fields: Record<string, string> = {
    subject: item.subject,
    from: written(item.from),
    to: (item.to as readonly Office.EmailAddressDetails[] | undefined)?.map(written).filter(Boolean).join(", ") ?? "",
    date: date instanceof Date && !Number.isNaN(date.getTime()) ? date.toISOString() : "",
  };
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== ""));
}

function written(person: Office.EmailAddressDetails | undefined): string {
  if (person === undefined) return "";
  const { displayName, emailAddress } = person;
  if (displayName === "" || displayName === emailAddress) return emailAddress;
  return `"${displayName.replace(/[\r\n]+/g, " ").replace(/["\\]/g, "\\$&")}" <${emailAddress}>`;
}

/** Without pictures of the text itself, which are no attachments to the reader. */
function attachmentsOf(item: Item): { name: string; type: string; size: number }[] {
  const attachments = item.attachments as readonly Office.AttachmentDetails[] | undefined;
  return (attachments ?? [])
    .filter((file) => !file.isInline)
    // eslint-disable-next-line @typescript-eslint/no-deprecated -- it may be wrong, as in any mail; the server reads the name too
    .map(({ name, contentType, size }) => ({ name, type: contentType, size: Math.max(0, size) }));
}

/** The owner's address where the message lies in a shared mailbox or folder (Mailbox 1.8), else the reader's own. */
async function mailboxOf(item: Item): Promise<string> {
  const own = (Office.context.mailbox.userProfile as Office.UserProfile | undefined)?.emailAddress ?? "";
  if (!supports("1.8") || typeof (item.getSharedPropertiesAsync as unknown) !== "function") return own;
  const shared = await attempt(() => promised<Office.SharedProperties>((done) => { item.getSharedPropertiesAsync(done); }));
  return shared?.owner ?? own;
}

// ------------------------------------------------------------------ bar, reply

/** Put the bar above the message, in place of an earlier one of ours. False when this Outlook has none. */
export async function showBar(item: Item, text: string, kind: "error" | "information"): Promise<boolean> {
  const message = cut(text, BAR_LENGTH);
  const details: Office.NotificationMessageDetails =
    kind === "error"
      ? { type: "errorMessage", message }
      : { type: "informationalMessage", message, icon: BAR_ICON, persistent: false };
  return (await attempt(() => promised((done) => { item.notificationMessages.replaceAsync(BAR, details, done); }))) !== null;
}

export async function removeBar(item: Item): Promise<void> {
  await attempt(() => promised((done) => { item.notificationMessages.removeAsync(BAR, done); }));
}

/** At most `length` UTF-16 units, cut between whole characters, with an ellipsis where something is missing. */
export function cut(text: string, length: number): string {
  const line = text.replace(/\s+/gu, " ").trim();
  if (line.length <= length) return line;
  let kept = "";
  for (const sign of line) {
    if (kept.length + sign.length > length - 1) break;
    kept += sign;
  }
  return `${kept.trimEnd()}\u2026`;
}

/** Opens a reply that begins with these lines. Rejects when Outlook opens none, as on phones. */
export async function beginReply(item: Item, lines: readonly string[]): Promise<void> {
  const { diagnostics } = Office.context.mailbox as { readonly diagnostics?: { readonly hostName: string } };
  if (/^Outlook(?:IOS|Android)$/.test(diagnostics?.hostName ?? "")) throw new OutlookError(undefined);
  const html = asHtml(lines);
  if (supports("1.9")) await promised((done) => { item.displayReplyFormAsync(html, done); });
  else item.displayReplyForm(html);
}

/** Puts lines where the writer's cursor is, in the draft's own format. Rejects when Outlook does not take them. */
export async function insertInto(draft: Draft, lines: readonly string[]): Promise<void> {
  const type = await promised<Office.CoercionType>((done) => { draft.body.getTypeAsync(done); });
  const html = (type as unknown) === "html";
  const options = { coercionType: html ? "html" : "text" };
  const text = html ? asHtml(lines) : `${lines.join("\n")}\n`;
  await promised((done) => { draft.body.setSelectedDataAsync(text, options, done); });
}

/** Lines of text as HTML: whatever stands in them stays text. */
export function asHtml(lines: readonly string[]): string {
  const escaped = lines.map((line) =>
    line.replace(/[&<>"']/g, (sign) => `&#${String(sign.charCodeAt(0))};`),
  );
  return escaped.map((line) => `<div>${line === "" ? "<br>" : line}</div>`).join("");
}

// ------------------------------------------------------------------ Office's way of answering

/** Some Outlooks never answer: nobody waits longer for one of its interfaces. */
const PATIENCE = 20_000;

/** The value of a call that answers by callback. Rejects with OutlookError, also when there is no answer. */
export async function promised<T = void>(call: (done: (result: Office.AsyncResult<T>) => void) => void): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  try {
    return await new Promise<T>((resolve, reject) => {
      timer = setTimeout(() => { reject(new OutlookError(undefined)); }, PATIENCE);
      call((result) => {
        if ((result.status as unknown) === "succeeded") resolve(result.value);
        else reject(new OutlookError(result.error));
      });
    });
  } catch (error) {
    // What this Outlook does not have, or not let us call, throws at once.
    throw error instanceof OutlookError ? error : new OutlookError(error as Error);
  } finally {
    clearTimeout(timer);
  }
}

export class OutlookError extends Error {
  constructor(error: { readonly message: string } | undefined) {
    super(error?.message ?? "no reason given");
    this.name = "OutlookError";
  }
}

/** Null when the call fails or this Outlook does not have it. */
async function attempt<T>(call: () => Promise<T>): Promise<T | null> {
  try {
    return await call();
  } catch {
    return null;
  }
}

function fromBase64(base64: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(base64), (sign) => sign.charCodeAt(0));
}
