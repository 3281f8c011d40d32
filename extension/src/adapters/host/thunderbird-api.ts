/** Thunderbird's mail API as far as Keeneye uses it; its published documentation says the rest. */

export interface MessageHeader {
  /** Drawn anew by every session of Thunderbird. */
  readonly id: number;
  readonly headerMessageId: string;
  /** Tags by key. */
  readonly tags?: readonly string[];
  /** None for a message that was opened from a file. */
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

interface Account {
  readonly identities?: readonly { readonly email?: string }[];
  readonly rootFolder?: MailFolder;
  /** Before Thunderbird 121. */
  readonly folders?: readonly MailFolder[];
}

export interface MessageTag {
  readonly key: string;
  readonly tag: string;
  readonly color: string;
}

export interface Tab {
  readonly id?: number;
  readonly windowId?: number;
}

interface Heard<A extends readonly unknown[]> {
  addListener(listener: (...heard: A) => void): void;
}

export interface ComposeDetails {
  readonly type?: string;
  /** The message that is answered. */
  readonly relatedMessageId?: number;
}

interface Target {
  readonly tabId: number;
}

interface Script {
  readonly id: string;
  readonly js: readonly string[];
  readonly css: readonly string[];
  readonly runAt: "document_end";
}

/** A page of messages; early versions give all of them as an array. */
export type MessageList = readonly MessageHeader[] | { readonly messages: readonly MessageHeader[] };

/** The parts of `messenger` that are used. What is optional is missing in some versions or without its permission. */
export interface Messenger {
  readonly messages: {
    get(id: number): Promise<MessageHeader>;
    getRaw(id: number, options: { readonly data_format: "File" }): Promise<string | Blob>;
    update(id: number, change: { readonly tags?: readonly string[]; readonly junk?: boolean }): Promise<void>;
    move?(ids: readonly number[], folder: string | MailFolder): Promise<void>;
    /** Thunderbird 121 and later. */
    readonly tags?: {
      list(): Promise<readonly MessageTag[]>;
      create(key: string, tag: string, color: string): Promise<unknown>;
    };
    /** Before Thunderbird 121. */
    listTags?(): Promise<readonly MessageTag[]>;
    createTag?(key: string, tag: string, color: string): Promise<unknown>;
    readonly onNewMailReceived: Heard<[folder: MailFolder, messages: MessageList]>;
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
    readonly messageDisplay?: {
      getRegisteredScripts(): Promise<readonly { readonly id: string }[]>;
      registerScripts(scripts: readonly Script[]): Promise<void>;
    };
    executeScript(
      injection: { readonly target: Target } & (
        | { readonly files: readonly string[] }
        | { readonly func: (text: string) => boolean; readonly args: readonly [string] }
      ),
    ): Promise<readonly { readonly result?: unknown }[]>;
    insertCSS(injection: { readonly target: Target; readonly files: readonly string[] }): Promise<void>;
  };
  /** Before Thunderbird 128. */
  readonly messageDisplayScripts?: {
    register(script: { readonly js: readonly { readonly file: string }[]; readonly css: readonly { readonly file: string }[] }): Promise<unknown>;
  };
  readonly tabs: {
    query(wanted: Readonly<Record<string, unknown>>): Promise<readonly Tab[]>;
  };
  readonly windows: {
    update(id: number, change: { readonly focused: true }): Promise<unknown>;
    openDefaultBrowser(url: string): Promise<void>;
  };
  readonly compose: {
    beginReply(id: number, kind: "replyToSender"): Promise<Tab>;
    getComposeDetails(tab: number): Promise<ComposeDetails>;
  };
  readonly accounts: { get(id: string, withFolders: boolean): Promise<Account | null> };
}
