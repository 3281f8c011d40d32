/** The page of the server: a message goes in, the graded message stands there. Wiring only. */

import { ApiError, Client, explainError, type Payload } from "../../core/api.js";
import { LANGUAGES, pickLanguage, wordsFor } from "../../core/i18n.js";
import { followUp } from "../../core/later.js";
import type { Finding, Verdict, WordKey, Words } from "../../core/types.js";
import { badge } from "../../ui/badge.js";
import { banner } from "../../ui/banner.js";
import { breakdown, renewSections } from "../../ui/breakdown.js";
import { foreign, h, s } from "../../ui/dom.js";
import { backIcon, cautionIcon } from "../../ui/icons.js";
import { listMark } from "../../ui/listmark.js";
import { fullTypeName } from "../../ui/names.js";
import { sides } from "../../ui/marks.js";
import { panel, SIDE_PANEL, type Panel } from "../../ui/panel.js";
import { fromFile, fromText, IntakeError } from "./intake.js";
import { messageView, type MessageView } from "./message.js";

interface Sample {
  readonly name: string;
  readonly file: string;
  readonly title: Readonly<Record<string, string>>;
}

/** One message of this visit. It lives in memory only and is gone with the tab. */
interface Entry {
  readonly name: string;
  readonly payload: Payload;
  verdict: Verdict | null;
}

interface Trouble {
  readonly text: string;
  readonly retry: (() => void) | null;
  /** The reader can help it with another token. */
  readonly token: boolean;
}

const TOKEN_KEY = "keeneye.token";
const LANGUAGE_KEY = "keeneye.language";
const THEME_KEY = "keeneye.theme";
const THEMES = ["auto", "light", "dark"] as const;
type Theme = (typeof THEMES)[number];

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
    this.listenForDrops();
    document.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && this.panel.isOpen() && !isField(event.target)) this.panel.close();
    });
    this.render();
  }

  /** Ask the server which samples it has. */
  async start(): Promise<void> {
    this.trouble = null;
    try {
      this.samples = readSamples(await fetchJson("/samples"));
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
    if (error instanceof ApiError) return explainError(error, this.words);
    if (error instanceof IntakeError) return this.words.say(error.key);
    return this.words.say("error.offline");
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
    const focused = this.bar.contains(document.activeElement) ? document.activeElement?.id : undefined;
    this.bar.replaceChildren(
      h("a", { class: "skip", href: "#main" }, this.words.say("page.skip")),
      h("div", { class: "brand" }, eye(), h("h1", {}, "Keeneye"), h("p", {}, this.words.say("page.tagline"))),
      h(
        "div",
        { class: "controls" },
        this.current === null
          ? null
          : h("button", { class: "ke-button", type: "button", id: "new", onclick: () => { this.goHome(); } }, this.words.say("page.new")),
        this.select("language", "page.language", LANGUAGES.map((l) => [l.language, l.name]), this.words.language, (value) => {
          this.setLanguage(value);
        }),
        this.select(
          "theme",
          "page.theme",
          THEMES.map((theme) => [theme, this.words.say(`page.theme.${theme}`)]),
          this.theme,
          (value) => {
            this.theme = THEMES.find((t) => t === value) ?? "auto";
            localStorage.setItem(THEME_KEY, this.theme);
            this.applyTheme();
          },
        ),
      ),
    );
    if (focused !== undefined && focused !== "") document.getElementById(focused)?.focus();
  }

  private select(
    id: string,
    label: WordKey,
    options: readonly (readonly [value: string, text: string])[],
    chosen: string,
    choose: (value: string) => void,
  ): HTMLElement {
    const list = h(
      "select",
      { id, "aria-label": this.words.say(label) },
      ...options.map(([value, text]) =>
        h("option", { value, selected: value === chosen, lang: id === "language" ? value : null }, text),
      ),
    );
    list.addEventListener("change", () => {
      choose(list.value);
    });
    return list;
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
    return [this.intake()];
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

  // ---------------------------------------------------------------- intake

  private intake(): HTMLElement {
    const { words } = this;
    const picker = h("input", { type: "file", id: "file", accept: ".eml,.txt,message/rfc822", class: "ke-hidden", tabindex: -1, "aria-hidden": "true" });
    picker.addEventListener("change", () => {
      const file = picker.files?.[0];
      if (file) void this.take(file.name, () => fromFile(file));
      picker.value = "";
    });
    const text = h("textarea", { id: "paste", rows: 7, spellcheck: "false", dir: "auto", "aria-describedby": "paste-hint" });
    const form = h(
      "form",
      { class: "paste" },
      h("label", { for: "paste" }, words.say("page.paste")),
      text,
      h("p", { id: "paste-hint", class: "ke-soft" }, words.say("page.paste.hint")),
      h("button", { class: "ke-button primary", type: "submit" }, words.say("page.grade")),
    );
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      void this.take(words.say("page.pasted"), () => fromText(text.value));
    });
    return h(
      "section",
      { class: "intake", "aria-labelledby": "intake-title" },
      h(
        "div",
        { class: "drop" },
        envelope(),
        h("h2", { id: "intake-title" }, words.say("page.drop")),
        h("p", { class: "ke-soft" }, words.say("page.drop.hint")),
        h(
          "button",
          { class: "ke-button primary", type: "button", onclick: () => { picker.click(); } },
          words.say("page.pick"),
        ),
        picker,
      ),
      h("p", { class: "or" }, h("span", {}, words.say("page.or"))),
      form,
      h("p", { class: "private ke-soft" }, words.say("page.private")),
    );
  }

  private listenForDrops(): void {
    // dragenter and dragleave also fire for every element inside: dragover alone tells the truth.
    let leaving: ReturnType<typeof setTimeout> | undefined;
    const hovering = (on: boolean): void => {
      clearTimeout(leaving);
      this.layout.classList.toggle("dropping", on);
      if (on) leaving = setTimeout(() => { hovering(false); }, 300);
    };
    window.addEventListener("dragover", (event) => {
      event.preventDefault();
      hovering(true);
    });
    window.addEventListener("drop", (event) => {
      event.preventDefault();
      hovering(false);
      const file = event.dataTransfer?.files[0];
      const text = event.dataTransfer?.getData("text/plain") ?? "";
      if (file) void this.take(file.name, () => fromFile(file));
      else if (text !== "") void this.take(this.words.say("page.pasted"), () => fromText(text));
    });
  }

  private tokenBox(): HTMLElement {
    const { words } = this;
    const field = h("input", {
      id: "token",
      type: "password",
      autocomplete: "off",
      spellcheck: "false",
      required: true,
      "aria-describedby": "token-hint",
    });
    const form = h(
      "form",
      { class: "card token" },
      h("h2", {}, words.say("token.title")),
      h("p", { id: "token-hint", class: "ke-soft" }, words.say("token.hint")),
      h("label", { for: "token" }, words.say("token.label")),
      h("div", { class: "line" }, field, h("button", { class: "ke-button primary", type: "submit" }, words.say("token.save"))),
    );
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const token = field.value.trim();
      if (token === "") return;
      sessionStorage.setItem(TOKEN_KEY, token);
      const waiting = this.current;
      this.trouble = null;
      if (waiting === null) {
        this.render();
        document.getElementById("main")?.focus();
      } else void this.grade(waiting);
    });
    return form;
  }

  private troubleBox(trouble: Trouble): HTMLElement {
    const retry = trouble.retry;
    return h(
      "section",
      { class: "trouble", "aria-label": this.words.say("error.title") },
      h(
        "div",
        { class: "ke-banner ke-caution" },
        cautionIcon(),
        h("div", { class: "ke-banner-words" }, h("strong", {}, this.words.say("error.title")), h("p", {}, trouble.text)),
        retry === null || trouble.token
          ? null
          : h("button", { class: "ke-button", type: "button", id: "retry", onclick: retry }, this.words.say("error.retry")),
      ),
      trouble.token ? this.tokenBox() : null,
    );
  }

  // ---------------------------------------------------------------- rail

  private renderRail(): void {
    const { words } = this;
    this.rail.setAttribute("aria-label", words.say("page.samples"));
    const focused = this.rail.contains(document.activeElement) ? document.activeElement?.getAttribute("data-key") : null;
    this.rail.replaceChildren(
      this.entries.length === 0
        ? ""
        : h(
            "section",
            { class: "card list history" },
            h("h2", {}, words.say("page.history")),
            h("ul", {}, ...this.entries.map((entry, i) => this.historyRow(entry, this.entries.length - i))),
          ),
      h(
        "section",
        { class: "card list samples" },
        h("h2", {}, words.say("page.samples")),
        h("p", { class: "ke-soft" }, words.say("page.samples.note")),
        h(
          "ul",
          {},
          ...this.samples.map((sample) =>
            h(
              "li",
              {},
              h(
                "button",
                {
                  type: "button",
                  class: "item",
                  "data-key": `sample-${sample.name}`,
                  "data-sample": sample.name,
                  onclick: () => {
                    void this.takeSample(sample);
                  },
                },
                h("span", { class: "item-title" }, this.sampleTitle(sample)),
              ),
            ),
          ),
        ),
      ),
    );
    if (focused !== null) this.rail.querySelector<HTMLElement>(`[data-key="${CSS.escape(focused ?? "")}"]`)?.focus();
  }

  private historyRow(entry: Entry, key: number): HTMLElement {
    const message = entry.verdict?.message;
    return h(
      "li",
      {},
      h(
        "button",
        {
          type: "button",
          class: "item",
          "data-key": `entry-${String(key)}`,
          "aria-current": entry === this.current ? "true" : null,
          onclick: () => {
            this.show(entry);
          },
        },
        entry.verdict ? listMark(entry.verdict, this.words) : null,
        h(
          "span",
          { class: "item-words" },
          foreign(senderName(message?.from ?? null) ?? entry.name, "item-title"),
          foreign(message?.subject ?? this.words.say("message.nosubject"), "item-subject"),
        ),
      ),
    );
  }

  private sampleTitle(sample: Sample): string {
    return sample.title[this.words.language] ?? sample.title["en"] ?? sample.name;
  }

  private async takeSample(sample: Sample): Promise<void> {
    await this.take(this.sampleTitle(sample), async () => {
      const response = await fetch(`/samples/${encodeURIComponent(sample.file)}`);
      if (!response.ok) throw new ApiError("server", response.status);
      return { raw: new Uint8Array(await response.arrayBuffer()) };
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

/** The name in `Name <address>`, or the address. */
function senderName(from: string | null): string | null {
  if (from === null || from === "") return null;
  const name = from.replace(/\s*<[^<>]*>\s*$/, "").trim();
  return name === "" ? from : name;
}

async function fetchJson(path: string): Promise<unknown> {
  const response = await fetch(path, { credentials: "omit", cache: "no-cache" });
  if (!response.ok) throw new ApiError("server", response.status);
  return (await response.json()) as unknown;
}

function readSamples(value: unknown): Sample[] {
  if (!Array.isArray(value)) return [];
  return (value as unknown[]).filter(
    (row): row is Sample & Record<string, unknown> =>
      isRecord(row) && typeof row["name"] === "string" && typeof row["file"] === "string" && isRecord(row["title"]),
  );
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The mark of the product: an eye. */
function eye(): SVGSVGElement {
  return s(
    "svg",
    { class: "eye", viewBox: "0 0 40 28", width: 40, height: 28, "aria-hidden": "true", focusable: "false" },
    s("path", { d: "M2 14C8 5 14 2 20 2s12 3 18 12c-6 9-12 12-18 12S8 23 2 14z", fill: "none", stroke: "currentColor", "stroke-width": 3, "stroke-linejoin": "round" }),
    s("path", { d: "M20 6.500a7.500 7.500 0 1 0 0 15 7.500 7.500 0 0 0 0-15zm2.600 3.200a2.500 2.500 0 1 1 0 5 2.500 2.500 0 0 1 0-5z", fill: "currentColor", "fill-rule": "evenodd" }),
  );
}

function envelope(): SVGSVGElement {
  return s(
    "svg",
    { class: "envelope", viewBox: "0 0 48 36", width: 48, height: 36, "aria-hidden": "true", focusable: "false" },
    s("path", { d: "M3 5.500A2.500 2.500 0 0 1 5.500 3h37A2.500 2.500 0 0 1 45 5.500v25a2.500 2.500 0 0 1-2.500 2.500h-37A2.500 2.500 0 0 1 3 30.500zM4 5l20 15L44 5", fill: "none", stroke: "currentColor", "stroke-width": 2, "stroke-linejoin": "round" }),
  );
}

const root = document.getElementById("app");
if (root !== null) void new Page(root).start();
