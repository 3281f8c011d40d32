/** Thunderbird 115 and later: messages read, tagged, moved and answered. Knows messages, not verdicts. */

import type { Adapter, OpenMail, Slot } from "../adapter.js";
import type { MailFolder, MessageHeader, MessageList, MessageTag, Messenger, Tab } from "./thunderbird-api.js";

export const THUNDERBIRD = "thunderbird";

// ------------------------------------------------------------------ which message is shown

/** The one message of a list; null for none or several. */
export function onlyOne(list: MessageList): MessageHeader | null {
  const messages = messagesOf(list);
  return messages.length === 1 ? (messages[0] ?? null) : null;
}

export function messagesOf(list: MessageList): readonly MessageHeader[] {
  return "messages" in list ? list.messages : list;
}

/** A choice in the message list takes effect this many milliseconds later (`selectDelay` of Thunderbird's tree-view). */
const SELECT_DELAY = 50;

const looking = new Map<number, Promise<MessageHeader | null>>();

/**
 * The message that a tab really shows; null for none or several. Thunderbird names the one that is chosen in the list,
 * which may be ahead of what is on screen: so it is asked again after the delay, and then it waits until that is loaded.
 * `early` hears of each candidate at once, so that work can begin. Who asks meanwhile gets the same answer: whatever
 * document is still there by then shows that message.
 */
export function displayed(api: Messenger, tab: number, early: (id: number) => void = () => undefined): Promise<MessageHeader | null> {
  const look = looking.get(tab) ?? settled(api, tab, early).finally(() => looking.delete(tab));
  looking.set(tab, look);
  return look;
}

async function settled(api: Messenger, tab: number, early: (id: number) => void): Promise<MessageHeader | null> {
  const named = async (): Promise<MessageHeader | null> => onlyOne(await api.messageDisplay.getDisplayedMessages(tab));
  for (let last = await named(); ;) {
    if (last !== null) early(last.id);
    await new Promise((go) => setTimeout(go, SELECT_DELAY + 10));
    const now = await named();
    if (now?.id === last?.id) return now;
    last = now;
  }
}

/** Have a script run in every message that is opened from now on. */
export async function registerMessageScript(api: Messenger, js: string, css: string): Promise<void> {
  const { messageDisplay } = api.scripting;
  if (messageDisplay === undefined) {
    await api.messageDisplayScripts?.register({ js: [{ file: js }], css: [{ file: css }] });
    return;
  }
  // The registration outlives the background, which Thunderbird ends when it is idle.
  const id = "message";
  if ((await messageDisplay.getRegisteredScripts()).some((script) => script.id === id)) return;
  await messageDisplay.registerScripts([{ id, js: [js], css: [css], runAt: "document_end" }]);
}

/**
 * Before Thunderbird 128 the registration ends with the background, and the message whose opening woke it has no script:
 * it is given its own. What a document has already, its script must see for itself.
 */
export async function ensureMessageScript(api: Messenger, tabId: number, js: string, css: string): Promise<void> {
  if (api.scripting.messageDisplay !== undefined) return;
  const target = { tabId };
  await api.scripting.insertCSS({ target, files: [css] });
  await api.scripting.executeScript({ target, files: [js] });
}

// ------------------------------------------------------------------ source

/** A line that Thunderbird puts in front of a message, to keep its own notes in. */
const NOTE = /^X-Mozilla-(?:Status2?|Keys):[^\n]*\n/;
const LONGEST_NOTE = 300;

/** The message as stored: every byte but Thunderbird's notes. A sender's own such line stands below the first Received. */
export function withoutNotes(bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  const latin = new TextDecoder("latin1");
  let start = 0;
  for (;;) {
    const note = NOTE.exec(latin.decode(bytes.subarray(start, start + LONGEST_NOTE)));
    if (note === null) return bytes.subarray(start);
    start += note[0].length;
  }
}

/** The raw message. Rejects when Thunderbird cannot get it, such as without network. */
export async function rawSource(api: Messenger, id: number): Promise<Uint8Array<ArrayBuffer>> {
  const raw = await api.messages.getRaw(id, { data_format: "File" });
  // A version that knows no File gives a string of bytes.
  const bytes = typeof raw === "string" ? Uint8Array.from(raw, (sign) => sign.charCodeAt(0)) : new Uint8Array(await raw.arrayBuffer());
  return withoutNotes(bytes);
}

/** The address in whose mailbox the message lies; null when it lies in none, or the account has no identity. */
export async function mailboxOf(api: Messenger, id: number): Promise<string | null> {
  const { folder } = await api.messages.get(id);
  if (folder?.accountId === undefined) return null;
  return (await api.accounts.get(folder.accountId, false))?.identities?.[0]?.email ?? null;
}

// ------------------------------------------------------------------ tags, junk

/** Set one of our tags, or none, in place of those of the same group; the reader's own tags stay. */
export async function tagMessage(api: Messenger, id: number, group: readonly string[], wanted: readonly MessageTag[]): Promise<void> {
  const keys = wanted.map(({ key }) => key);
  const old = (await api.messages.get(id)).tags ?? [];
  const tags = [...old.filter((key) => !group.includes(key)), ...keys];
  if (tags.length === old.length && tags.every((key) => old.includes(key))) return;
  const list = await (api.messages.tags?.list() ?? api.messages.listTags?.());
  for (const { key, tag, color } of wanted)
    if (list?.some((known) => known.key === key) !== true)
      await (api.messages.tags?.create(key, tag, color) ?? api.messages.createTag?.(key, tag, color));
  await api.messages.update(id, { tags });
}

/** Mark as junk and move to the account's junk folder; without one, or without the permission to move, it stays. */
export async function moveToJunk(api: Messenger, id: number): Promise<void> {
  await api.messages.update(id, { junk: true });
  const { folder } = await api.messages.get(id);
  if (folder?.accountId === undefined || api.messages.move === undefined) return;
  const account = await api.accounts.get(folder.accountId, true);
  const junk = find([...(account?.rootFolder?.subFolders ?? []), ...(account?.folders ?? [])]);
  if (junk === null || isJunk(folder)) return;
  await api.messages.move([id], junk.id ?? junk);
}

function find(folders: readonly MailFolder[]): MailFolder | null {
  for (const folder of folders) {
    const found = isJunk(folder) ? folder : find(folder.subFolders ?? []);
    if (found !== null) return found;
  }
  return null;
}

function isJunk(folder: MailFolder): boolean {
  return folder.specialUse?.includes("junk") === true || folder.type === "junk";
}

// ------------------------------------------------------------------ reply

/** The text goes in at the caret of the reply that is open, or of a new one; nothing that is written there is lost. */
export async function insertInReply(api: Messenger, id: number, text: string): Promise<void> {
  const open = await openReply(api, id);
  const tab = open ?? (await api.compose.beginReply(id, "replyToSender"));
  if (tab.id === undefined) throw new Error("no reply");
  if (open?.windowId !== undefined) await api.windows.update(open.windowId, { focused: true });
  await insertInTab(api, tab.id, text);
}

async function openReply(api: Messenger, id: number): Promise<Tab | null> {
  for (const tab of await api.tabs.query({ type: "messageCompose" })) {
    if (tab.id === undefined) continue;
    const { type, relatedMessageId } = await api.compose.getComposeDetails(tab.id);
    if (type === "reply" && relatedMessageId === id) return tab;
  }
  return null;
}

/** Rejects when the editor does not take it. */
export async function insertInTab(api: Messenger, tabId: number, text: string): Promise<void> {
  const [done] = await api.scripting.executeScript({ target: { tabId }, func: insertAtCaret, args: [text] });
  if (done?.result !== true) throw new Error("not inserted");
}

/** Runs in the editor's document: it may use nothing from outside itself. */
function insertAtCaret(text: string): boolean {
  const selection = getSelection();
  if (selection === null) return false;
  // What is selected stays.
  if (selection.rangeCount > 0) selection.collapseToEnd();
  const { focusNode: node, focusOffset: offset } = selection;
  const within = node instanceof Text && offset > 0 && node.data.charAt(offset - 1) !== "\n";
  // As if it were typed: it can be undone, and the draft counts as changed.
  // eslint-disable-next-line @typescript-eslint/no-deprecated -- the only way into the editor's own history
  return document.execCommand("insertText", false, `${within ? "\n" : ""}${text}\n`);
}

// ------------------------------------------------------------------ in the message's document

/** The document of one message as its script sees it; `strip` is ours, above the message and outside its reach. */
export function messageAdapter(strip: Element, warnings: Element, body: Element): { adapter: Adapter; mail: OpenMail } {
  const mail: OpenMail = { key: `${THUNDERBIRD}|${crypto.randomUUID()}`, element: body };
  const inside = (parent: Element): Slot => ({ parent, before: null });
  const adapter: Adapter = {
    id: THUNDERBIRD,
    name: "Thunderbird",
    hosts: [],
    capability: "raw",
    detect: () => true,
    findOpenMails: () => [mail],
    // The background reads the source itself; a script in a message cannot.
    readMail: () => Promise.resolve({ payload: { visible: { client: { id: THUNDERBIRD, sees: "raw" } } } }),
    badgeSlot: () => inside(strip),
    bannerSlot: () => inside(warnings),
    bodies: () => [body],
  };
  return { adapter, mail };
}
