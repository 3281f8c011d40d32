/** The pane beside the message in Outlook: it follows the message that is open, grades it and sets the bar. */

import {
  beginReply,
  insertInto,
  openDraft,
  openItem,
  readItem,
  removeBar,
  showBar,
  supports,
  type Draft,
  type Item,
  type OutlookMail,
} from "../../adapters/host/outlook.js";
import { keep } from "../../adapters/host/outlook-memory.js";
import { ApiError, explainError } from "../../core/api.js";
import { LANGUAGES, pickLanguage, wordsFor } from "../../core/i18n.js";
import type { Verdict, WordKey, Words } from "../../core/types.js";
import { badgeSentence } from "../../ui/badge.js";
import { breakdown, type BreakdownHost } from "../../ui/breakdown.js";
import { h, type Child } from "../../ui/dom.js";
import { replyHelp } from "../reply-help.js";
import { barOf } from "./bar.js";
import { connection, pairWith, useToken, type Connection } from "./connection.js";
import { answerDrafts, askPanes } from "./drafts.js";
import { lookOf, wear } from "./theme.js";

const MOST_KEPT = 30;

interface Graded {
  readonly verdict: Verdict;
  readonly conversation: string;
  readonly mail: Pick<OutlookMail, "sees" | "refused">;
}

class Pane {
  private readonly main = h("main", { id: "main" });
  /** Tells screen readers what the message got; the pane itself changes silently. */
  private readonly told = h("p", { class: "ke-hidden", role: "status" });
  private readonly header = h("header", {});
  private link: Connection;
  private settings = false;
  /** Message by message, in this language; gone with the pane. */
  private readonly known = new Map<string, Graded>();
  private working: AbortController | null = null;

  constructor() {
    this.link = connection();
    document.body.replaceChildren(this.header, this.told, this.main);
  }

  private get words(): Words {
    return this.link.words;
  }

  start(): void {
    if (supports("1.14")) this.followTheme();
    // Without it (Mailbox below 1.5) the pane is opened anew for every message.
    if (supports("1.5")) Office.context.mailbox.addHandlerAsync(Office.EventType.ItemChanged, () => { void this.show(); });
    answerDrafts((conversation) => this.inConversation(conversation));
    void this.show();
  }

  private followTheme(): void {
    const put = (colours: Office.OfficeTheme | undefined): void => {
      wear(lookOf(colours), document.documentElement);
    };
    put(Office.context.officeTheme);
    Office.context.mailbox.addHandlerAsync(Office.EventType.OfficeThemeChanged, (event: Office.OfficeThemeChangedEventArgs) => {
      put(event.officeTheme);
    });
  }

  // ---------------------------------------------------------------- what is shown

  /** The message that is open now, from the start. */
  private async show(): Promise<void> {
    this.working?.abort();
    this.working = null;
    this.drawHeader();
    if (this.settings) {
      this.main.replaceChildren(...this.settingsPage());
      return;
    }
    if (this.link.api === null) {
      this.main.replaceChildren(this.note(this.words.say("outlook.connect")), this.connectForm());
      return;
    }
    const draft = openDraft();
    if (draft !== null) {
      await this.showDraft(draft);
      return;
    }
    const item = openItem();
    if (item === null) {
      this.say(this.words.say("popup.none"));
      return;
    }
    const known = this.known.get(item.itemId);
    if (known === undefined) await this.grade(item);
    else await this.drawVerdict(item, known);
  }

  private drawHeader(): void {
    document.documentElement.lang = this.words.language;
    document.documentElement.dir = this.words.dir;
    const open = this.settings;
    this.header.replaceChildren(
      h("h1", {}, "Keeneye"),
      h(
        "button",
        {
          class: "ke-button",
          type: "button",
          id: "settings",
          onclick: () => {
            this.settings = !open;
            void this.show().then(() => { document.getElementById("settings")?.focus(); });
          },
        },
        this.words.say(open ? "outlook.back" : "popup.options"),
      ),
    );
  }

  private async grade(item: Item): Promise<void> {
    const { link } = this;
    if (link.api === null) return;
    const working = new AbortController();
    this.working = working;
    const stale = (): boolean => working.signal.aborted;
    this.say(this.words.say("popup.grading"));
    let mail: OutlookMail;
    try {
      mail = await readItem(item);
    } catch {
      if (!stale()) this.fail(item, this.words.say("outlook.unread"));
      return;
    }
    if (stale()) return;
    try {
      const verdict = await link.api.grade(mail.payload, {
        language: this.words.language,
        client: "outlook",
        signal: working.signal,
        ...(mail.mailbox === undefined ? {} : { mailbox: mail.mailbox }),
      });
      const graded = { verdict, mail, conversation: item.conversationId };
      this.remember(item.itemId, graded);
      if (!stale()) await this.drawVerdict(item, graded);
    } catch (error) {
      if (stale()) return;
      const known = error instanceof ApiError ? error : new ApiError("offline");
      this.fail(item, explainError(known, this.words), known.trouble === "unauthorized");
    }
  }

  private remember(id: string, graded: Graded): void {
    this.known.delete(id);
    this.known.set(id, graded);
    const [oldest] = this.known.keys();
    if (this.known.size > MOST_KEPT && oldest !== undefined) this.known.delete(oldest);
  }

  private async drawVerdict(item: Item, { verdict, mail }: Graded): Promise<void> {
    const { words } = this;
    const host: BreakdownHost = {
      copy: copyText,
      // Nobody is helped to answer a trap.
      ...(verdict.banner === "danger" ? {} : { insert: (text: string) => reply(item, text) }),
      setLevel: async (address, level, reason) => (await this.link.api?.setLevel(address, level, reason)) === true,
      setProfile: async (address, profile) => (await this.link.api?.setProfile(address, profile)) === true,
      regrade: () => { void this.grade(item); },
      feedback: async (label) => {
        await this.link.api?.feedback(verdict.id, label);
      },
      undoFeedback: async () => {
        await this.link.api?.undoFeedback(verdict.id);
      },
      explain: (error) => explainError(error instanceof ApiError ? error : new ApiError("offline"), words),
    };
    const shown = breakdown(verdict, words, host);
    if (mail.sees !== "raw")
      shown.querySelector(".ke-unseen")?.append(` ${words.say(mail.refused ? "outlook.refused" : "outlook.old")}`);
    this.main.replaceChildren(
      h("section", { "data-grade": verdict.grade }, h("h2", { class: "ke-hidden" }, words.say("panel.title")), shown),
    );
    window.scrollTo({ top: 0 });
    this.told.textContent = badgeSentence(verdict, words);
    const bar = barOf(verdict, words);
    if (bar === null) await removeBar(item);
    else await showBar(item, bar.text, bar.kind);
  }

  // ---------------------------------------------------------------- a reply that is being written

  /** The verdict on a message of this conversation; the newest when there are several. */
  private inConversation(conversation: string): Verdict | null {
    return [...this.known.values()].reverse().find((graded) => graded.conversation === conversation)?.verdict ?? null;
  }

  private async showDraft(draft: Draft): Promise<void> {
    const { words } = this;
    const conversation = draft.conversationId as string | null;
    const verdict = conversation === null ? null : (this.inConversation(conversation) ?? (await askPanes(conversation)));
    if (verdict === null) {
      this.say(words.say("outlook.reply.none"));
      return;
    }
    this.main.replaceChildren(...replyHelp(verdict, words, (lines) => insertInto(draft, lines)));
  }

  private fail(item: Item, reason: string, token = false): void {
    this.say(reason);
    this.main.append(
      h("div", { class: "ke-actions" }, this.button("retry", "error.retry", () => { void this.grade(item); })),
      ...(token ? [this.connectForm()] : []),
    );
  }

  private say(text: string): void {
    this.told.textContent = "";
    this.main.replaceChildren(this.note(text));
  }

  private note(text: string): HTMLElement {
    return h("p", { class: "note", role: "status" }, text);
  }

  private button(id: string, key: WordKey, press: () => void): HTMLElement {
    return h("button", { class: "ke-button", type: "button", id, onclick: press }, this.words.say(key));
  }

  // ---------------------------------------------------------------- connection and settings

  /** Code or token; the server is the one that serves this pane. */
  private connectForm(): HTMLElement {
    const { words } = this;
    const status = h("p", { role: "status", id: "status" });
    const code = h("input", { id: "code", spellcheck: "false", autocomplete: "off", "aria-describedby": "code-hint" });
    const token = h("input", { id: "token", type: "password", autocomplete: "off", "aria-describedby": "token-hint" });
    const run = (work: Promise<void>): void => {
      work.then(
        () => {
          this.renew();
        },
        (error: unknown) => {
          const known = error instanceof ApiError ? error : new ApiError("offline");
          status.textContent = known.code === "code_invalid" ? words.say("options.code.wrong") : explainError(known, words);
        },
      );
    };
    const form = (...children: readonly Child[]): HTMLFormElement => h("form", { class: "connect" }, ...children);
    const pairing = form(
      h("label", { for: "code" }, words.say("options.code")),
      h("div", { class: "row" }, code, h("button", { class: "ke-button", type: "submit", id: "pair" }, words.say("options.pair"))),
      h("p", { class: "hint", id: "code-hint" }, words.say("options.code.hint")),
    );
    const tokens = form(
      h("label", { for: "token" }, words.say("options.token")),
      h("div", { class: "row" }, token, h("button", { class: "ke-button", type: "submit", id: "save" }, words.say("options.save"))),
      h("p", { class: "hint", id: "token-hint" }, words.say("outlook.kept")),
    );
    const submits = (element: HTMLFormElement, field: HTMLInputElement, work: (text: string) => Promise<void>): void => {
      element.addEventListener("submit", (event) => {
        event.preventDefault();
        const text = field.value.trim();
        if (text === "") field.focus();
        else run(work(text));
      });
    };
    submits(pairing, code, pairWith);
    submits(tokens, token, useToken);
    return h("section", { id: "connection" }, pairing, tokens, status);
  }

  /** Another token or language: what was graded before may read otherwise now. */
  private renew(): void {
    this.link = connection();
    this.known.clear();
    void this.show();
  }

  private settingsPage(): HTMLElement[] {
    const { words } = this;
    const status = h("p", { role: "status", id: "status" });
    const language = h(
      "select",
      { id: "language" },
      ...LANGUAGES.map((l) => h("option", { value: l.language, lang: l.language, selected: l.language === words.language }, l.name)),
    );
    language.addEventListener("change", () => {
      void keep({ language: language.value }).then(() => { this.renew(); });
    });
    const test = (): void => {
      this.link.api?.check().then(
        () => { status.textContent = words.say("options.test.ok"); },
        (error: unknown) => {
          status.textContent = explainError(error instanceof ApiError ? error : new ApiError("offline"), words);
        },
      );
    };
    const disconnect = (): void => {
      void keep({ token: "" }).then(() => { this.renew(); });
    };
    const connected = this.link.api !== null;
    return [
      h(
        "section",
        { "aria-labelledby": "connection-title" },
        h("h2", { id: "connection-title" }, words.say("options.connection")),
        h("p", {}, `${words.say("options.server")}: `, h("bdi", {}, location.host)),
        connected ? h("p", { class: "hint" }, words.say("outlook.kept")) : null,
        connected
          ? h("div", { class: "ke-actions" }, this.button("test", "options.test", test), this.button("disconnect", "outlook.disconnect", disconnect))
          : this.connectForm(),
        connected ? status : null,
      ),
      h("section", {}, h("label", { for: "language" }, words.say("page.language")), language),
      h(
        "section",
        { "aria-labelledby": "sent-title" },
        h("h2", { id: "sent-title" }, words.say("options.sent")),
        h("p", {}, words.say("outlook.sent.what", { server: location.host })),
        h("p", {}, words.say("options.sent.not")),
        h("p", {}, words.say("outlook.sent.kept")),
      ),
    ];
  }
}

/** Opens a reply with this text; where Outlook opens none (phones), the text is copied. */
async function reply(item: Item, text: string): Promise<"opening" | "pasteable"> {
  try {
    await beginReply(item, text.split("\n"));
    return "opening";
  } catch {
    await copyText(text);
    return "pasteable";
  }
}

/** Outlook on the web frames the pane without leave for the clipboard's interface. */
async function copyText(text: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    const area = h("textarea", { class: "ke-hidden" });
    area.value = text;
    document.body.append(area);
    area.select();
    // eslint-disable-next-line @typescript-eslint/no-deprecated -- the only way left where the interface is closed
    document.execCommand("copy");
    area.remove();
  }
}

function refuse(key: WordKey): void {
  const words = wordsFor(pickLanguage(navigator.languages));
  document.documentElement.lang = words.language;
  document.body.replaceChildren(h("main", {}, h("h1", {}, "Keeneye"), h("p", { class: "note", role: "alert" }, words.say(key))));
}

if (typeof Office === "undefined") refuse("outlook.script");
else
  void Office.onReady().then(() => {
    // In a browser tab Office has no mailbox.
    if ((Office.context.mailbox as Office.Mailbox | undefined) === undefined) refuse("outlook.outside");
    else new Pane().start();
  });
