/** The page of the server: a message goes in, the graded message stands there. Wiring only. */

import { ApiError, Client, explainError, type Payload } from "../../core/api.js";
import { pickLanguage, wordsFor } from "../../core/i18n.js";
import { followUp } from "../../core/later.js";
import type { Finding, Verdict, Words } from "../../core/types.js";
import { badge } from "../../ui/badge.js";
import { banner } from "../../ui/banner.js";
import { breakdown, renewSections } from "../../ui/breakdown.js";
import { h } from "../../ui/dom.js";
import { backIcon } from "../../ui/icons.js";
import { fullTypeName } from "../../ui/names.js";
import { sides } from "../../ui/marks.js";
import { panel, SIDE_PANEL, type Panel } from "../../ui/panel.js";
import { drawBar, THEMES, type Theme } from "./bar.js";
import { intakeForm, listenForDrops } from "./form.js";
import { IntakeError } from "./intake.js";
import { messageView, type MessageView } from "./message.js";
import { drawRail, type Entry } from "./rail.js";
import { loadSamples, sampleMessage, sampleTitle, type Sample } from "./samples.js";
import { tokenForm, troubleBox, type Trouble } from "./trouble.js";

const TOKEN_KEY = "keeneye.token";
const LANGUAGE_KEY = "keeneye.language";
const THEME_KEY = "keeneye.theme";

class Page {
  private words: Words;
  private theme: Theme = THEMES.find((t) => t === localStorage.getItem(THEME_KEY)) ?? "auto";
  private samples: readonly Sample[] = [];
  private readonly entries: Entry[] = [];
  private current: Entry | null = null;
  private grading: AbortController | null = null;
  private trouble: Trouble | null = null;
  private view: MessageView | null = null;
  private panel: Panel;
  /** The reader closed the side panel: it stays closed for the next message. */
  private panelWanted = true;
  private readonly wide = matchMedia(SIDE_PANEL);
  /** The server puts a session token into the page's head where readers need none of their own. */
  private readonly pageToken = document.querySelector<HTMLMetaElement>('meta[name="keeneye-token"]')?.content ?? null;

  private readonly bar = h("header", { class: "bar" });
  private readonly rail = h("aside", { class: "rail" });
  private readonly main = h("main", { id: "main", tabindex: -1 });
  private readonly layout = h("div", { class: "layout" }, this.main, this.rail);
  private readonly status = h("p", { class: "ke-hidden", role: "status" });
  private readonly back = h("button", { class: "back ke-button", type: "button", hidden: true });

  constructor(private readonly root: HTMLElement) {
    this.words = wordsFor(localStorage.getItem(LANGUAGE_KEY) ?? pickLanguage(navigator.languages));
    this.panel = this.makePanel();
    this.applyTheme();
    this.root.replaceChildren(this.bar, this.layout, this.back, this.status);
    this.wide.addEventListener("change", () => {
      this.reopenPanel();
    });
    this.back.addEventListener("click", () => {
      this.openPanel(true);
    });
    listenForDrops(
      () => this.words.say("page.pasted"),
      (name, make) => void this.take(name, make),
      (on) => this.layout.classList.toggle("dropping", on),
    );
    document.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && this.panel.isOpen() && !isField(event.target)) this.panel.close();
    });
    this.render();
  }

  /** Ask the server which samples it has. */
  async start(): Promise<void> {
    this.trouble = null;
    try {
      this.samples = await loadSamples();
    } catch {
      this.trouble = {
        text: this.words.say("error.offline"),
        retry: () => {
          void this.start();
        },
        token: false,
      };
    }
    this.render();
  }

  // ---------------------------------------------------------------- grading

  private get token(): string | null {
    return sessionStorage.getItem(TOKEN_KEY) ?? this.pageToken;
  }

  private client(): Client {
    return new Client({ server: "", token: this.token });
  }

  private async take(name: string, make: () => Payload | Promise<Payload>): Promise<void> {
    let payload: Payload;
    try {
      payload = await make();
    } catch (error) {
      const retry = error instanceof IntakeError ? null : (): void => void this.take(name, make);
      this.fail(error, retry);
      return;
    }
    const entry: Entry = { name, payload, verdict: null };
    await this.grade(entry);
  }

  private async grade(entry: Entry): Promise<void> {
    this.grading?.abort();
    const grading = new AbortController();
    this.grading = grading;
    const changed = this.current !== entry;
    this.current = entry;
    this.trouble = null;
    if (changed) this.render();
    this.status.textContent = this.words.say("page.grading");
    try {
      const verdict = await this.client().grade(entry.payload, {
        language: this.words.language,
        detail: "full",
        includeMessage: true,
        client: "page",
        signal: grading.signal,
      });
      // A slower answer to an earlier message must not replace this one.
      if (this.grading !== grading) return;
      entry.verdict = verdict;
      if (!this.entries.includes(entry)) this.entries.unshift(entry);
      this.grading = null;
      this.render();
      this.status.textContent = this.words.say("page.graded", { type: fullTypeName(verdict, this.words) });
      if (changed) this.view?.element.querySelector<HTMLElement>(".subject")?.focus({ preventScroll: true });
      if (changed) window.scrollTo({ top: 0 });
      void followUp(verdict, (known) => this.client().later(known), (better) => { this.improve(entry, better); }, grading.signal);
    } catch (error) {
      if (this.grading !== grading) return;
      this.grading = null;
      this.fail(error, () => void this.grade(entry));
    }
  }

  /** Facts that arrived later. What they do not change stays as the reader left it. */
  private improve(entry: Entry, verdict: Verdict): void {
    const old = entry.verdict;
    if (old?.id !== verdict.id) return;
    entry.verdict = verdict;
    if (this.current !== entry || this.view === null) return;
    const drawn = this.panel.element.querySelector<HTMLElement>(".ke-breakdown");
    if (drawn === null || old.headline !== verdict.headline || old.banner !== verdict.banner || old.grade !== verdict.grade) this.render();
    else renewSections(drawn, breakdown(verdict, this.words, this.host(verdict, this.view)));
  }

  private fail(error: unknown, retry: (() => void) | null): void {
    const refused = error instanceof ApiError && error.trouble === "unauthorized";
    const own = sessionStorage.getItem(TOKEN_KEY) !== null;
    if (refused) sessionStorage.removeItem(TOKEN_KEY);
    this.trouble =
      refused && !own && this.pageToken !== null
        ? {
            text: this.words.say("error.expired"),
            retry: () => {
              location.reload();
            },
            token: false,
          }
        : { text: this.explain(error), retry, token: refused };
    this.status.textContent = this.trouble.text;
    this.render();
  }

  private explain(error: unknown): string {
    return error instanceof IntakeError ? this.words.say(error.key) : explainError(error, this.words);
  }

  // ---------------------------------------------------------------- rendering

  private render(): void {
    document.documentElement.lang = this.words.language;
    document.documentElement.dir = this.words.dir;
    this.layout.dataset["view"] = this.current === null ? "home" : "message";
    this.renderBar();
    this.renderMain();
    this.renderRail();
  }

  private renderBar(): void {
    drawBar(this.bar, this.words, {
      theme: this.theme,
      home: this.current === null,
      goHome: () => { this.goHome(); },
      speak: (language) => { this.setLanguage(language); },
      paint: (theme) => {
        this.theme = theme;
        localStorage.setItem(THEME_KEY, theme);
        this.applyTheme();
      },
    });
  }

  private renderMain(): void {
    const verdict = this.current?.verdict ?? null;
    this.view = null;
    this.back.hidden = true;
    if (this.trouble !== null && (this.current === null || verdict === null || this.trouble.token)) {
      this.panel.element.remove();
      this.main.replaceChildren(this.troubleBox(this.trouble), ...(this.current === null ? this.home() : []));
    } else if (this.current === null) {
      this.panel.element.remove();
      this.main.replaceChildren(...this.home());
    } else if (verdict === null) {
      this.panel.element.remove();
      this.main.replaceChildren(this.skeleton(this.current));
    } else this.renderMessage(verdict);
  }

  private home(): HTMLElement[] {
    if (this.token === null) return [this.tokenBox()];
    return [intakeForm(this.words, (name, make) => void this.take(name, make))];
  }

  private skeleton(entry: Entry): HTMLElement {
    return h(
      "article",
      { class: "mail", "aria-busy": "true", "aria-label": this.words.say("message.label") },
      h(
        "div",
        { class: "subject-line" },
        h("h2", { class: "subject ke-soft", dir: "auto" }, entry.name),
        h("span", { class: "badge-slot" }, badge({ kind: "grading" }, this.words, () => undefined)),
      ),
    );
  }

  private renderMessage(verdict: Verdict): void {
    const { message } = verdict;
    if (message === undefined) return;
    const view = messageView(verdict, message, this.words, (finding) => {
      this.showFinding(finding);
    });
    this.view = view;
    view.badgeSlot.append(
      badge({ kind: "graded", verdict }, this.words, () => {
        if (this.panel.isOpen()) this.panel.close();
        else this.openPanel(true);
      }),
    );
    const notice = banner(verdict, this.words, () => {
      const reason = sides(verdict).against[0];
      if (reason) this.showFinding(reason);
      else this.openPanel(true);
    });
    if (notice) view.bannerSlot.append(notice);
    this.main.replaceChildren(
      ...(this.trouble === null ? [] : [this.troubleBox(this.trouble)]),
      view.element,
    );
    this.layout.append(this.panel.element);
    this.panel.fill(breakdown(verdict, this.words, this.host(verdict, view)));
    if (this.wide.matches && this.panelWanted) this.panel.open({ focus: false });
    this.showPanelState();
  }

  private host(verdict: Verdict, view: MessageView): Parameters<typeof breakdown>[2] {
    return {
      locate: (_finding, evidence) => {
        const element = view.place(evidence);
        return element === null ? null : () => { this.showPlace(element); };
      },
      ...("clipboard" in navigator ? { copy: (text: string) => navigator.clipboard.writeText(text) } : {}),
      feedback: (label) => this.client().feedback(verdict.id, label),
      setLevel: (address, level, reason) => this.client().setLevel(address, level, reason),
      setProfile: (address, profile) => this.client().setProfile(address, profile),
      regrade: () => {
        if (this.current !== null) void this.grade(this.current);
      },
      undoFeedback: () => this.client().undoFeedback(verdict.id),
      explain: (error) => this.explain(error),
    };
  }

  // ---------------------------------------------------------------- panel

  private makePanel(): Panel {
    return panel(
      this.words,
      () => this.view?.badgeSlot.querySelector("button") ?? null,
      (open) => {
        if (this.wide.matches) this.panelWanted = open;
        this.showPanelState();
      },
    );
  }

  private openPanel(focus: boolean): void {
    this.back.hidden = true;
    this.panel.open({ focus, modal: !this.wide.matches });
  }

  private showPanelState(): void {
    const open = this.panel.isOpen();
    this.layout.dataset["panel"] = open ? "open" : "closed";
    this.view?.badgeSlot.querySelector("button")?.setAttribute("aria-expanded", String(open));
  }

  /** The window crossed 900 px: a sheet becomes a side panel and the other way round. */
  private reopenPanel(): void {
    if (this.view === null) return;
    const wanted = this.panelWanted;
    this.panel.close();
    this.panelWanted = wanted;
    if (this.wide.matches && wanted) this.openPanel(false);
  }

  /** From a quote in the breakdown to its place in the message. */
  private showPlace(element: HTMLElement): void {
    if (!this.wide.matches) {
      this.panel.close();
      this.back.replaceChildren(backIcon(), this.words.say("panel.back"));
      this.back.hidden = false;
    }
    for (const earlier of this.main.querySelectorAll(".asked")) earlier.classList.remove("asked");
    element.classList.add("asked");
    flash(element);
  }

  /** From a mark in the message to its finding. */
  private showFinding(finding: Finding): void {
    this.openPanel(false);
    const row = this.panel.element.querySelector<HTMLElement>(`[data-finding="${CSS.escape(finding.id)}"]`);
    if (row === null) return;
    const folded = row.closest("details");
    if (folded) folded.open = true;
    flash(row);
  }

  // ---------------------------------------------------------------- trouble

  private troubleBox(trouble: Trouble): HTMLElement {
    return troubleBox(this.words, trouble, trouble.token ? this.tokenBox() : null);
  }

  private tokenBox(): HTMLElement {
    return tokenForm(this.words, (token) => {
      sessionStorage.setItem(TOKEN_KEY, token);
      const waiting = this.current;
      this.trouble = null;
      if (waiting === null) {
        this.render();
        document.getElementById("main")?.focus();
      } else void this.grade(waiting);
    });
  }

  // ---------------------------------------------------------------- rail

  private renderRail(): void {
    drawRail(this.rail, this.words, {
      entries: this.entries,
      current: this.current,
      samples: this.samples,
      show: (entry) => { this.show(entry); },
      take: (sample) => void this.take(sampleTitle(sample, this.words), () => sampleMessage(sample)),
    });
  }

  /** A message of this visit again; graded anew only when the language has changed since. */
  private show(entry: Entry): void {
    this.grading?.abort();
    this.grading = null;
    this.trouble = null;
    if (entry.verdict !== null && (entry.verdict.language ?? this.words.language) === this.words.language) {
      this.current = entry;
      this.render();
      window.scrollTo({ top: 0 });
    } else void this.grade(entry);
  }

  private goHome(): void {
    this.grading?.abort();
    this.grading = null;
    this.current = null;
    this.trouble = null;
    this.render();
    this.main.focus();
  }

  // ---------------------------------------------------------------- preferences

  private setLanguage(language: string): void {
    localStorage.setItem(LANGUAGE_KEY, language);
    this.words = wordsFor(language);
    const open = this.panel.isOpen();
    this.panel.element.remove();
    this.panel = this.makePanel();
    this.panelWanted = open || !this.wide.matches;
    this.render();
    if (this.current !== null) void this.grade(this.current);
  }

  private applyTheme(): void {
    if (this.theme === "auto") delete document.documentElement.dataset["theme"];
    else document.documentElement.dataset["theme"] = this.theme;
  }
}

function flash(element: HTMLElement): void {
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  element.scrollIntoView({ block: "center", behavior: calm ? "auto" : "smooth" });
  element.focus({ preventScroll: true });
  element.classList.remove("ke-flash");
  // Reading a size makes the browser notice the removal, so that a second flash is seen.
  element.getBoundingClientRect();
  element.classList.add("ke-flash");
  setTimeout(() => { element.classList.remove("ke-flash"); }, 1700);
}

function isField(target: EventTarget | null): boolean {
  return target instanceof HTMLTextAreaElement || target instanceof HTMLInputElement || target instanceof HTMLSelectElement;
}

const root = document.getElementById("app");
if (root !== null) void new Page(root).start();
