/** The toolbar button's page: what the open message got, a grade for selected text, and the switch for this site. */

import { explainError } from "../core/api.js";
import { wordsFor } from "../core/i18n.js";
import { builtSites, patternOf, readSetup, writeSetup, type Setup } from "../core/settings.js";
import type { Verdict, Words } from "../core/types.js";
import { ask } from "../core/wire.js";
import { breakdown, type BreakdownHost } from "../ui/breakdown.js";
import { h } from "../ui/dom.js";
import type { Frame } from "./content/content.js";
import type { Told } from "./content/shown.js";

type FrameState = ReturnType<Frame["state"]>;

const SELECTION = "selection";

class Popup {
  private readonly main = h("main", {});
  private readonly words: Words;
  /** When the page's mail is looked at again. */
  private soon: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly setup: Setup,
    private readonly tab: chrome.tabs.Tab | null,
  ) {
    this.words = wordsFor(setup.language);
    document.documentElement.lang = this.words.language;
    document.documentElement.dir = this.words.dir;
    document.body.replaceChildren(
      h(
        "header",
        {},
        h("h1", {}, "Keeneye"),
        h("button", { class: "ke-button", type: "button", id: "settings", onclick: () => { void this.settings(); } }, this.words.say("popup.options")),
      ),
      this.main,
    );
  }

  async start(): Promise<void> {
    const { selection } = await chrome.storage.session.get(SELECTION);
    if (typeof selection === "string") {
      await chrome.storage.session.remove(SELECTION);
      await this.gradeText(selection);
      return;
    }
    await this.showPage();
  }

  private async showPage(): Promise<void> {
    const frames = await this.frames();
    const mails = frames.flatMap((frame) => frame.mails);
    const parts: (Node | null)[] = [];
    if (this.setup.server === "" || this.setup.token === "") parts.push(this.note(this.words.say("setup.needed")));
    else if (frames.some((frame) => frame.broken))
      parts.push(this.note(this.words.say("popup.broken", { name: frames.find((frame) => frame.broken)?.adapter ?? "" })));
    else if (mails.length > 0) parts.push(...mails.map((mail) => this.mail(mail)));
    else parts.push(this.note(this.words.say(frames.length > 0 ? "popup.none" : "popup.unknown")));
    if (mails.some((mail) => mail.kind === "grading")) this.showSoon();
    const first = mails.length === 1 ? mails[0] : undefined;
    this.main.replaceChildren(
      ...parts.filter((part) => part !== null),
      h("div", { class: "ke-actions" }, this.selectButton(), await this.siteButton()),
      ...(first?.kind === "graded" ? [this.breakdownOf(first.verdict, () => void this.again())] : []),
    );
  }

  private showSoon(): void {
    clearTimeout(this.soon);
    this.soon = setTimeout(() => void this.showPage(), 1500);
  }

  /** Asks the scripts that run in the page's frames; none answers where the site is off. */
  private async frames(): Promise<FrameState[]> {
    return (await this.inPage(() => globalThis.keeneye?.state() ?? null)).filter((state) => state !== null);
  }

  private async inPage<T>(func: () => T): Promise<T[]> {
    if (this.tab?.id === undefined) return [];
    try {
      const results = await chrome.scripting.executeScript({ target: { tabId: this.tab.id, allFrames: true }, func });
      return results.map((result) => result.result as T);
    } catch {
      return [];
    }
  }

  private mail(told: Told): Node | null {
    const { words } = this;
    switch (told.kind) {
      case "grading":
        return this.note(words.say("popup.grading"));
      case "unplaced":
        return this.note(words.say("popup.unplaced"));
      case "off":
        return this.note(words.say("popup.disabled"));
      case "failed":
        return h("div", {}, this.note(told.reason), told.setup ? null : this.retryButton());
      case "graded":
        return h("p", { class: "headline", "data-grade": told.verdict.grade }, told.verdict.headline);
    }
  }

  private note(text: string): HTMLElement {
    return h("p", { class: "note" }, text);
  }

  private breakdownOf(verdict: Verdict, regrade?: () => void): HTMLElement {
    const host: BreakdownHost = {
      ...(regrade === undefined ? {} : { regrade }),
      copy: (text) => navigator.clipboard.writeText(text),
      feedback: async (label) => {
        await ask("feedback", { id: verdict.id, label });
      },
      setLevel: (address, level, reason) => ask("level", { address, level, reason }),
      setProfile: (address, profile) => ask("profile", { address, profile }),
      undoFeedback: async () => {
        await ask("undo", { id: verdict.id });
      },
      explain: (error) => explainError(error, this.words),
    };
    return h(
      "section",
      {},
      h("h2", { class: "ke-hidden" }, this.words.say("panel.title")),
      breakdown(verdict, this.words, host),
    );
  }

  // ---------------------------------------------------------------- buttons

  private retryButton(): HTMLElement {
    return this.button("error.retry", () => this.again());
  }

  /** Has the page's mail graded anew. */
  private async again(): Promise<void> {
    await this.inPage(() => {
      globalThis.keeneye?.retry();
    });
    this.main.replaceChildren(this.note(this.words.say("popup.grading")));
    this.showSoon();
  }

  private selectButton(): HTMLElement {
    return this.button("selection.menu", async () => {
      const texts = await this.inPage(() => getSelection()?.toString() ?? "");
      const text = texts.find((found) => found.trim() !== "") ?? "";
      if (text !== "") await this.gradeText(text);
      else if (this.main.querySelector("#nothing-selected") === null)
        this.main.prepend(h("p", { class: "note", role: "status", id: "nothing-selected" }, this.words.say("popup.select.none")));
    });
  }

  /** One press grants the browser's permission and switches the site on. */
  private async siteButton(): Promise<HTMLElement | null> {
    const url = this.tab?.url;
    const pattern = url === undefined || !/^https?:/.test(url) ? null : patternOf(new URL(url).origin);
    if (url === undefined || pattern === null) return null;
    const { host } = new URL(url);
    const on = this.setup.sites.includes(pattern) && (await chrome.permissions.contains({ origins: [pattern] }));
    const built = builtSites().includes(pattern);
    if (built) return null;
    const others = this.setup.sites.filter((site) => site !== pattern);
    return h(
      "button",
      {
        class: "ke-button",
        type: "button",
        id: "site",
        onclick: () => {
          // The browser wants the question to come straight from the press: nothing may be awaited before it.
          const done = on ? writeSetup({ sites: others }) : switchOn(pattern, others);
          void done.then(
            () => { window.close(); },
            (error: unknown) => { this.main.prepend(this.note(explainError(error, this.words))); },
          );
        },
      },
      this.words.say(on ? "popup.off" : "popup.on", { host }),
    );
  }

  private button(key: "error.retry" | "selection.menu", press: () => Promise<void>): HTMLElement {
    return h("button", { class: "ke-button", type: "button", id: key.replace(".", "-"), onclick: () => { void press(); } }, this.words.say(key));
  }

  private async settings(): Promise<void> {
    await chrome.runtime.openOptionsPage();
    window.close();
  }

  private async gradeText(text: string): Promise<void> {
    clearTimeout(this.soon);
    this.main.replaceChildren(this.note(this.words.say("popup.grading")));
    try {
      const verdict = await ask("grade", {
        key: null,
        client: "selection",
        payload: { visible: { text, client: { id: "selection", sees: "visible" } } },
      });
      this.main.replaceChildren(this.breakdownOf(verdict));
    } catch (error) {
      this.main.replaceChildren(
        this.note(explainError(error, this.words)),
        h(
          "button",
          { class: "ke-button", type: "button", onclick: () => { void this.gradeText(text); } },
          this.words.say("error.retry"),
        ),
      );
    }
  }
}

async function switchOn(pattern: string, others: readonly string[]): Promise<void> {
  if (await chrome.permissions.request({ origins: [pattern] })) await writeSetup({ sites: [...others, pattern] });
}

const [setup, [tab]] = await Promise.all([readSetup(), chrome.tabs.query({ active: true, currentWindow: true })]);
await new Popup(setup, tab ?? null).start();
