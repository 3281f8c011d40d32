/** What a webmail adapter is: how to find open messages in a page, read one, and where the badge may stand. */

import type { Payload, Sees, VisibleMessage } from "../core/types.js";

export type { Payload, Sees, VisibleMessage } from "../core/types.js";

/** A message that the page shows right now. */
export interface OpenMail {
  /** The same message has the same key, another message another one, also in the list and after a reload. */
  readonly key: string;
  /** The element that shows it; when it leaves the page, so does the badge. */
  readonly element: Element;
}

/** A place in the page: before `before`, or at the end of `parent`. */
export interface Slot {
  readonly parent: Element;
  readonly before: Node | null;
}

export interface ListRow {
  /** That of the message when it is open. */
  readonly key: string;
  readonly slot: Slot;
}

/** How an adapter gets what the page does not hold. Both reject when the answer is not a success. */
export interface Reach {
  /** An address of the page's own origin, with the reader's own session. */
  page(url: string, headers?: Readonly<Record<string, string>>): Promise<Bytes>;
  /** An address of a host that the adapter names, fetched by the background because the page's origin may not. */
  beyond(url: string): Promise<Bytes>;
}

/** What came, and its media type in lower case without parameters. */
export interface Bytes {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly type: string;
}

export interface ReadMail {
  readonly payload: Payload;
  /** Address in whose mailbox the message lies, when the page tells. */
  readonly mailbox?: string;
}

/** A message that is about to be shown: what tells it apart is known before the page has drawn it. */
export interface Coming {
  /** That of the message when it is open. */
  readonly key: string;
  /** Rejects where the original cannot be had: then it is read when it is drawn. */
  read(reach: Reach): Promise<ReadMail>;
}

export interface RowStamps {
  /** What the rows show; they are stamped anew when it changes. */
  readonly shown: (page: Document) => string;
  /** Writes into each row's `data-keeneye-row` what `listRows` reads. Runs in the page's own world, where nothing of
   *  its file exists. */
  readonly write: () => void;
}

export interface Adapter {
  readonly id: string;
  /** As readers call it. */
  readonly name: string;
  /** Match patterns of the pages; empty when it is installed on anybody's own server. */
  readonly hosts: readonly string[];
  /** Further match patterns from which the raw message comes. */
  readonly fetches?: readonly string[];
  /** The most that it can see of a message. */
  readonly capability: Sees;
  /** Whether this page is such a webmail. Cheap: it is asked for every frame. */
  detect(page: Document): boolean;
  /** Every message that is shown; a conversation has several. */
  findOpenMails(page: Document): readonly OpenMail[];
  readMail(mail: OpenMail, reach: Reach): Promise<ReadMail>;
  /** Beside the subject, outside the message. */
  badgeSlot(mail: OpenMail): Slot | null;
  /** Above the message's text, outside of it. */
  bannerSlot(mail: OpenMail): Slot | null;
  /** Elements that hold the message's own text and links. */
  bodies(mail: OpenMail): readonly Element[];
  /** Elements that open an attachment, with the attachment's name. */
  attachments?(mail: OpenMail): readonly { readonly name: string; readonly element: Element }[];
  /** The message that the page's address names, drawn or not. */
  coming?(page: Document): Coming | null;
  /** The message that a click on this element of the list opens in another frame or page; `times` 2: a double click. */
  clicked?(element: Element, times: number): Coming | null;
  /** Where somebody writes an answer, as far as it takes text by now: text areas and editable elements. */
  replyBoxes?(page: Document): readonly HTMLElement[];
  /** The page's own "Reply" for this message. */
  replyButton?(mail: OpenMail): HTMLElement | null;
  /** The client's own way into a reply, for words of ours. */
  reply?(text: string): Promise<void>;
  /** How the client opens a link; else the page opens it in a new tab. */
  browse?(href: string): void;
  /** For lists whose rows do not say which message they show. */
  readonly stamps?: RowStamps;
  /** Rows of the message list that carry a message's key. */
  listRows?(page: Document): readonly ListRow[];
}

/** The field `mailbox` of what is read; none when the page does not tell whose mailbox it is. */
export function mailboxOf(owner: string): { readonly mailbox?: string } {
  return owner === "" ? {} : { mailbox: owner };
}

/** Text of the first match, spaces collapsed; "" when there is none. */
export function textOf(root: ParentNode, selector: string): string {
  return cleaned(root.querySelector(selector)?.textContent);
}

export function cleaned(text: string | null | undefined): string {
  return (text ?? "").replace(/\s+/gu, " ").trim();
}

/** Raw source must begin with header fields: an error page that came with status 200 must not be graded. */
export function isSource({ bytes, type }: Bytes): boolean {
  const head = new TextDecoder("latin1").decode(bytes.subarray(0, 1000));
  return type !== "text/html" && /^(?:From [^\n]*\n)?[!-9;-~]+:[ \t]?/.test(head);
}

/** The payload of what the page shows. Empty fields are left out. */
export function visible(id: string, seen: Omit<VisibleMessage, "client">, sees: Sees = "visible"): Payload {
  const kept = Object.fromEntries(Object.entries(seen).filter(([, value]) => value !== ""));
  return { visible: { text: "", ...kept, client: { id, sees } } };
}

/** What the bodies show: text as laid out, and the HTML with its links. */
export function bodyOf(bodies: readonly Element[]): { text: string; html: string } {
  return {
    text: bodies.map((body) => (body as HTMLElement).innerText).join("\n"),
    html: bodies.map(serialized).join("\n"),
  };
}

const LONGEST_HTML = 2_000_000;

function serialized(body: Element): string {
  const html = new XMLSerializer().serializeToString(body);
  return html.length > LONGEST_HTML ? "" : html;
}

/** The slot right behind an element. */
export function after(element: Element | null | undefined): Slot | null {
  return element?.parentElement ? { parent: element.parentElement, before: element.nextSibling } : null;
}

/** The slot right before an element. */
export function before(element: Element | null | undefined): Slot | null {
  return element?.parentElement ? { parent: element.parentElement, before: element } : null;
}

/** The slot at the end of an element. */
export function inside(element: Element | null | undefined): Slot | null {
  return element ? { parent: element, before: null } : null;
}

/** Elements in which somebody can write now; `named` may also name frames, whose body is meant. */
export function editable(page: Document, named: string): HTMLElement[] {
  return [...page.querySelectorAll<HTMLElement>(named)].flatMap((found): HTMLElement[] => {
    const box = found.tagName === "IFRAME" ? (found as HTMLIFrameElement).contentDocument?.body : found;
    return box !== undefined && found.getClientRects().length > 0 && (box.tagName === "TEXTAREA" || box.isContentEditable) ? [box] : [];
  });
}

/** Without percent signs' escapes, or as it is when they are none. */
export function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Address in angle brackets or alone in a text. */
export function addressIn(text: string | null | undefined): string {
  return /[^\s<>"',;:()]{1,64}@[^\s<>"',;:()]{1,255}/u.exec((text ?? "").slice(0, 2000))?.[0] ?? "";
}
