/** Thunderbird 115 and later: its mail API as far as Keeneye uses it. Knows messages, not verdicts. */

export interface MessageHeader {
  /** Drawn anew by every session of Thunderbird. */
  readonly id: number;
  readonly headerMessageId: string;
  readonly size?: number;
  readonly tags?: readonly string[];
  /** Only with the permission `accountsRead`. */
  readonly folder?: MailFolder;
}

export interface MailFolder {
  /** Thunderbird 121 and later. */
  readonly id?: string;
  readonly accountId?: string;
  readonly specialUse?: readonly string[];
  /** Before Thunderbird 121. */
  readonly type?: string;
  readonly subFolders?: readonly MailFolder[];
}

/** A page of messages, or all of them in early versions. */
export type MessageList = readonly MessageHeader[] | { readonly messages: readonly MessageHeader[] };

interface MessageTag {
  readonly key: string;
  readonly tag: string;
  readonly color: string;
}

interface Tab {
  readonly id?: number;
  readonly windowId?: number;
}

/** An event; only its first use matters here. */
interface Heard<A extends readonly unknown[]> {
  addListener(listener: (...heard: A) => void): void;
}

export interface ComposeDetails {
  readonly type?: string;
  readonly relatedMessageId?: number;
  readonly isPlainText?: boolean;
  readonly body?: string;
  readonly plainTextBody?: string;
}

interface Script {
  readonly id: string;
  readonly js: readonly string[];
  readonly css: readonly string[];
  readonly runAt: "document_idle";
}

/** The parts of `messenger` that are used. What is optional is missing in some versions. */
export interface Messenger {
  readonly messages: {
    get(id: number): Promise<MessageHeader>;
    getRaw(id: number, options?: { readonly data_format: "File" }): Promise<string | Blob>;
    update(id: number, change: { readonly tags?: readonly string[]; readonly junk?: boolean }): Promise<void>;
    move(ids: readonly number[], folder: string | MailFolder): Promise<void>;
    /** Thunderbird 121 and later. */
    readonly tags?: {
      list(): Promise<readonly MessageTag[]>;
      create(key: string, tag: string, color: string): Promise<unknown>;
    };
    listTags?(): Promise<readonly MessageTag[]>;
    createTag?(key: string, tag: string, color: string): Promise<void>;
  };
  readonly messageDisplay: {
    getDisplayedMessages(tab: number): Promise<MessageList>;
    readonly onMessagesDisplayed: Heard<[tab: Tab, messages: MessageList]>;
  };
  readonly mailTabs: {
    readonly onSelectedMessagesChanged: Heard<[tab: Tab, selected: MessageList]>;
  };
  readonly messageDisplayAction: {
    setBadgeText(told: { readonly tabId: number; readonly text: string }): Promise<void>;
    setBadgeBackgroundColor(told: { readonly tabId: number; readonly color: string }): Promise<void>;
    setTitle(told: { readonly tabId: number; readonly title: string }): Promise<void>;
  };
  readonly scripting: {
    /** Thunderbird 128 and later. */
    readonly messageDisplay?: { registerScripts(scripts: readonly Script[]): Promise<void> };
    executeScript(injection: {
      readonly target: { readonly tabId: number };
      readonly func: (...args: never[]) => unknown;
      readonly args: readonly unknown[];
    }): Promise<readonly { readonly result?: unknown }[]>;
  };
  /** Before Thunderbird 128. */
  readonly messageDisplayScripts?: {
    register(script: { readonly js: readonly { readonly file: string }[]; readonly css: readonly { readonly file: string }[] }): Promise<unknown>;
  };
  readonly tabs: { query(wanted: Readonly<Record<string, unknown>>): Promise<readonly Tab[]> };
  readonly windows: {
    update(id: number, change: { readonly focused: true }): Promise<unknown>;
    openDefaultBrowser(url: string): Promise<void>;
  };
  readonly compose: {
    beginReply(id: number, kind: "replyToSender"): Promise<Tab>;
    getComposeDetails(tab: number): Promise<ComposeDetails>;
    setComposeDetails(tab: number, details: ComposeDetails): Promise<void>;
  };
}

/** The one message of a list; null for none or several. */
export function onlyOne(list: MessageList): MessageHeader | null {
  const messages = "messages" in list ? list.messages : list;
  return messages.length === 1 ? (messages[0] ?? null) : null;
}

/** A choice in the message list takes effect this many milliseconds later (`selectDelay` in Thunderbird's tree-view). */
const SELECT_DELAY = 50;

/**
 * The message that a tab really shows; null for none or several. Thunderbird names the one that is chosen in the list,
 * which may be ahead of what is on screen: so it is asked again after the delay, and then it waits until that is loaded.
 * `early` hears of a candidate at once, so that work can begin.
 */
export async function displayed(api: Messenger, tab: number, early: (id: number) => void = () => undefined): Promise<MessageHeader | null> {
  let last = onlyOne(await api.messageDisplay.getDisplayedMessages(tab));
  for (;;) {
    if (last !== null) early(last.id);
    await new Promise((go) => setTimeout(go, SELECT_DELAY + 10));
    const now = onlyOne(await api.messageDisplay.getDisplayedMessages(tab));
    if (now?.id === last?.id) return now;
    last = now;
  }
}

/** Lines that Thunderbird puts in front of the stored message. A sender's own can stand only below a Received line. */
const ADDED = /^X-Mozilla-(?:Status2?|Keys):[^\n]*\n/;

/** The message as stored: every byte but the lines that Thunderbird keeps its own notes in. */
export function withoutNotes(bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  let start = 0;
  for (;;) {
    const line = new TextDecoder("latin1").decode(bytes.subarray(start, start + 300));
    const found = ADDED.exec(line);
    if (found === null) return bytes.subarray(start);
    start += found[0].length;
  }
}

/** The raw message. Rejects when Thunderbird cannot get it, such as without network. */
export async function rawSource(api: Messenger, id: number): Promise<Uint8Array<ArrayBuffer>> {
  const raw = await api.messages.getRaw(id, { data_format: "File" });
  // Versions that know no File give a string of bytes.
  const bytes = typeof raw === "string" ? Uint8Array.from(raw, (sign) => sign.charCodeAt(0)) : new Uint8Array(await raw.arrayBuffer());
  return withoutNotes(bytes);
}

/** Have the script run in every message that is opened from now on. */
export async function registerMessageScript(api: Messenger, js: string, css: string): Promise<void> {
  if (api.scripting.messageDisplay !== undefined)
    await api.scripting.messageDisplay.registerScripts([{ id: "keeneye", js: [js], css: [css], runAt: "document_idle" }]);
  else await api.messageDisplayScripts?.register({ js: [{ file: js }], css: [{ file: css }] });
}
