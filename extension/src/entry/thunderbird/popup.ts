/** The page of the buttons above a message and above a reply; also as a tab of its own. */

import { displayed, insertInTab, THUNDERBIRD } from "../../adapters/host/thunderbird.js";
import type { Messenger, Tab } from "../../adapters/host/thunderbird-api.js";
import { explainError } from "../../core/api.js";
import { wordsFor } from "../../core/i18n.js";
import { followUp } from "../../core/later.js";
import { readSetup } from "../../core/settings.js";
import type { Verdict, WordKey, Words } from "../../core/types.js";
import { ask } from "../../core/wire.js";
import { breakdown, renewSections, type BreakdownHost } from "../../ui/breakdown.js";
import { h } from "../../ui/dom.js";
import { replyHelp } from "../reply-help.js";

declare const messenger: Messenger;

/** In a tab the address names the message; in a reply the reply does; else it is the one that is shown. */
type Place = { readonly kind: "tab"; readonly id: number } | { readonly kind: "reply" | "message"; readonly tab: Tab };

class Popup {
  private readonly main = h("main", {});
  private readonly actions: HTMLElement;

  constructor(
    private readonly place: Place,
    private readonly words: Words,
  ) {
    this.actions = h("div", { class: "ke-actions" }, this.button("popup.options", "settings", () => ask("options", {})));
    document.documentElement.lang = words.language;
    document.documentElement.dir = words.dir;
    document.body.classList.toggle("page", place.kind === "tab");
    document.body.replaceChildren(
      h("header", {}, h("h1", {}, "Keeneye"), this.actions),
      this.main,
    );
  }

  async start(): Promise<void> {
    const id = await this.message();
    if (id === null) {
      this.main.replaceChildren(this.note(this.words.say(this.place.kind === "reply" ? "thunderbird.reply.none" : "thunderbird.several")));
      return;
    }
    this.main.replaceChildren(this.note(this.words.say("popup.grading")));
    const key = `message|${String(id)}`;
    try {
      const known = await ask("open", { key });
      this.show(id, key, known.verdict ?? (await this.grade(key, false)));
      if (known.verdict === null) await this.tellMessage();
    } catch (error) {
      this.main.replaceChildren(this.note(explainError(error, this.words)), h("div", { class: "ke-actions" }, this.button("error.retry", "retry", () => this.start())));
    }
  }

  private grade(key: string, anew: boolean): Promise<Verdict> {
    return ask("grade", { key, client: THUNDERBIRD, payload: { visible: { client: { id: THUNDERBIRD, sees: "raw" } } }, anew });
  }

  private async message(): Promise<number | null> {
    const { place } = this;
    if (place.kind === "tab") return place.id;
    if (place.tab.id === undefined) return null;
    if (place.kind === "message") return (await displayed(messenger, place.tab.id))?.id ?? null;
    return (await messenger.compose.getComposeDetails(place.tab.id)).relatedMessageId ?? null;
  }

  private show(id: number, key: string, verdict: Verdict): void {
    const { place, words } = this;
    if (place.kind === "reply") {
      const insert = async (lines: string[]): Promise<void> => {
        await insertInTab(messenger, place.tab.id ?? -1, lines.join("\n"));
        window.close();
      };
      this.main.replaceChildren(...replyHelp(verdict, words, insert));
      return;
    }
    if (place.kind === "message")
      this.actions.prepend(
        this.button("thunderbird.tab", "tab", async () => {
          await chrome.tabs.create({ url: `popup.html#message=${String(id)}` });
          window.close();
        }),
      );
    const regrade = (): void => {
      void this.grade(key, true).then(improve, (error: unknown) => { this.main.prepend(this.note(explainError(error, words))); });
    };
    const drawn = this.breakdown(key, verdict, regrade);
    this.main.replaceChildren(h("section", {}, h("h2", { class: "ke-hidden" }, words.say("panel.title")), drawn));
    const improve = (better: Verdict): void => { renewSections(drawn, this.breakdown(key, better, regrade)); };
    // Until the page is closed.
    void followUp(verdict, (known) => ask("later", { key, verdict: known }), improve, new AbortController().signal);
  }

  private breakdown(key: string, verdict: Verdict, regrade: () => void): HTMLElement {
    const host: BreakdownHost = {
      regrade,
      copy: (text) => navigator.clipboard.writeText(text),
      insert: async (text) => {
        try {
          await ask("reply", { key, text });
          return "inserted";
        } catch {
          await navigator.clipboard.writeText(text);
          return "pasteable";
        }
      },
      setLevel: (address, level, reason) => ask("level", { address, level, reason }),
      setProfile: (address, profile) => ask("profile", { address, profile }),
      feedback: async (label) => {
        await ask("feedback", { id: verdict.id, label, key });
      },
      undoFeedback: async () => {
        await ask("undo", { id: verdict.id, key });
      },
      explain: (error) => explainError(error, this.words),
    };
    return breakdown(verdict, this.words, host);
  }

  /** The strip above the message may still say that it was not graded. */
  private async tellMessage(): Promise<void> {
    if (this.place.kind === "message" && this.place.tab.id !== undefined)
      await chrome.tabs.sendMessage(this.place.tab.id, { again: true }).catch(() => undefined);
  }

  private note(text: string): HTMLElement {
    return h("p", { class: "note" }, text);
  }

  private button(key: WordKey, id: string, press: () => Promise<unknown>): HTMLElement {
    return h("button", { class: "ke-button", type: "button", id, onclick: () => { void press(); } }, this.words.say(key));
  }
}

async function placeOf(hash: string): Promise<Place> {
  const named = /^#message=(\d+)$/.exec(hash)?.[1];
  if (named !== undefined) return { kind: "tab", id: Number(named) };
  const [tab = {}] = await messenger.tabs.query({ active: true, currentWindow: true });
  return { kind: hash === "#reply" ? "reply" : "message", tab };
}

const { language } = await readSetup();
await new Popup(await placeOf(location.hash), wordsFor(language)).start();
