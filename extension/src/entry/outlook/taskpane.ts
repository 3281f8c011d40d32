/** The pane beside the message in Outlook: it follows the message that is open, grades it and sets the bar. */

import {
  beginReply,
  insertInto,
  openDraft,
  openItem,
  OutlookError,
  readItem,
  removeBar,
  showBar,
  supports,
  type Draft,
  type Item,
  type OutlookMail,
} from "../../adapters/host/outlook.js";
import { ApiError, explainError } from "../../core/api.js";
import { pickLanguage, wordsFor } from "../../core/i18n.js";
import { followUp } from "../../core/later.js";
import type { Verdict, WordKey, Words } from "../../core/types.js";
import { badgeSentence } from "../../ui/badge.js";
import { breakdown, renewSections, type BreakdownHost } from "../../ui/breakdown.js";
import { h } from "../../ui/dom.js";
import { replyHelp } from "../reply-help.js";
import { barOf } from "./bar.js";
import { connection, type Connection } from "./connection.js";
import { answerDrafts, askPanes } from "./drafts.js";
import { connectForms, settingsPage } from "./settings.js";
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
  private working = new AbortController();

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

  /** What is open now, from the start. */
  private async show(): Promise<void> {
    const { signal } = this.begin();
    this.drawHeader();
    const [draft, item] = [openDraft(), openItem()];
    if (this.settings) this.main.replaceChildren(...settingsPage(this.link, this.renew));
    else if (this.link.api === null) this.main.replaceChildren(note(this.words.say("outlook.connect")), connectForms(this.words, this.renew));
    else if (draft !== null) await this.showDraft(draft, signal);
    else if (item === null) this.say("popup.none");
    else {
      const known = this.known.get(item.itemId);
      if (known === undefined) await this.grade(item);
      else await this.drawVerdict(item, known);
    }
  }

  /** What was under way for another message is no longer wanted. */
  private begin(): AbortController {
    this.working.abort();
    this.working = new AbortController();
    return this.working;
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
    const { api } = this.link;
    if (api === null) return;
    const { signal } = this.begin();
    const stale = (): boolean => signal.aborted;
    this.say("popup.grading");
    try {
      const mail = await readItem(item);
      if (stale()) return;
      const verdict = await api.grade(mail.payload, {
        language: this.words.language,
        client: "outlook",
        signal,
        ...(mail.mailbox === undefined ? {} : { mailbox: mail.mailbox }),
      });
      const graded = { verdict, mail, conversation: item.conversationId };
      this.remember(item.itemId, graded);
      if (stale()) return;
      await this.drawVerdict(item, graded);
      void followUp(verdict, (known) => api.later(known), (better) => void this.improve(item, { ...graded, verdict: better }), signal);
    } catch (error) {
      if (!stale()) this.fail(item, error);
    }
  }

  private remember(id: string, graded: Graded): void {
    this.known.delete(id);
    this.known.set(id, graded);
    const [oldest] = this.known.keys();
    if (this.known.size > MOST_KEPT && oldest !== undefined) this.known.delete(oldest);
  }

  private async drawVerdict(item: Item, graded: Graded): Promise<void> {
    const title = h("h2", { class: "ke-hidden" }, this.words.say("panel.title"));
    this.main.replaceChildren(h("section", { "data-grade": graded.verdict.grade }, title, this.breakdown(item, graded)));
    window.scrollTo({ top: 0 });
    await this.tell(item, graded.verdict);
  }

  /** Facts that arrived later: what they do not change stays as the reader left it. */
  private async improve(item: Item, graded: Graded): Promise<void> {
    this.remember(item.itemId, graded);
    const drawn = this.main.querySelector<HTMLElement>(".ke-breakdown");
    if (drawn === null) return;
    renewSections(drawn, this.breakdown(item, graded));
    await this.tell(item, graded.verdict);
  }

  private breakdown(item: Item, { verdict, mail }: Graded): HTMLElement {
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
      explain: (error) => explainError(error, words),
    };
    const drawn = breakdown(verdict, words, host);
    if (mail.sees !== "raw")
      drawn.querySelector(".ke-unseen")?.append(` ${words.say(mail.refused ? "outlook.refused" : "outlook.old")}`);
    return drawn;
  }

  /** To screen readers, and in the bar above the message. */
  private async tell(item: Item, verdict: Verdict): Promise<void> {
    this.told.textContent = badgeSentence(verdict, this.words);
    const bar = barOf(verdict, this.words);
    if (bar === null) await removeBar(item);
    else await showBar(item, bar.text, bar.kind);
  }

  private say(key: WordKey): void {
    this.told.textContent = "";
    this.main.replaceChildren(note(this.words.say(key)));
  }

  private fail(item: Item, error: unknown): void {
    const { words } = this;
    const reason = error instanceof OutlookError ? words.say("outlook.unread") : explainError(error, words);
    const retry = h("button", { class: "ke-button", type: "button", id: "retry", onclick: () => { void this.grade(item); } }, words.say("error.retry"));
    this.main.replaceChildren(note(reason), h("div", { class: "ke-actions" }, retry));
    if (error instanceof ApiError && error.trouble === "unauthorized") this.main.append(connectForms(words, this.renew));
  }

  /** Another token or language: what was graded before may read otherwise now. */
  private renew = (): void => {
    this.link = connection();
    this.known.clear();
    void this.show();
  };

  // ---------------------------------------------------------------- a reply that is being written

  /** The verdict on a message of this conversation; the newest when there are several. */
  private inConversation(conversation: string): Verdict | null {
    return [...this.known.values()].reverse().find((graded) => graded.conversation === conversation)?.verdict ?? null;
  }

  private async showDraft(draft: Draft, signal: AbortSignal): Promise<void> {
    const conversation = draft.conversationId as string | null;
    const verdict = conversation === null ? null : (this.inConversation(conversation) ?? (await askPanes(conversation)));
    if (signal.aborted) return;
    if (verdict === null) this.say("outlook.reply.none");
    else this.main.replaceChildren(...replyHelp(verdict, this.words, (lines) => insertInto(draft, lines)));
  }
}

function note(text: string): HTMLElement {
  return h("p", { class: "note", role: "status" }, text);
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
