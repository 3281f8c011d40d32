/**
 * The warning at the link itself. A dangerous link or attachment is marked in place; opening it needs a deliberate
 * step that shows the true address. (Petelka, Zou and Schaub, CHI 2019: a warning at the link that forces attention
 * works far better than a banner.) Everything is taken back when the verdict changes or the message leaves.
 */

import { cleaned, type Adapter, type OpenMail } from "../../adapters/adapter.js";
import type { Counted } from "../../core/settings.js";
import type { Finding, Verdict, Words } from "../../core/types.js";
import { foreign, h } from "../../ui/dom.js";
import { dangerIcon } from "../../ui/icons.js";
import { accused, partIndex } from "../../ui/marks.js";
import { fill, island, layOver, matchTheme } from "./shadow.js";

const MOST_LINKS = 200;

interface Guarded {
  readonly element: Element;
  /** True address of a link; null for an attachment. */
  readonly href: string | null;
  readonly name: string;
  readonly reason: string;
  /** Puts the element back as it was. */
  readonly restore: () => void;
}

export class Guard {
  private readonly guarded = new Map<Element, Guarded>();
  private readonly hrefs = new Map<string, string>();
  private readonly hosts = new Map<string, string>();
  private readonly files = new Map<string, string>();
  /** Every web link, because the message as a whole is bait. */
  private readonly everything: string | null;
  /** The one press that the reader has decided on. */
  private passing: Element | null = null;
  private readonly dialog;
  private readonly page: Document;

  constructor(
    private readonly mail: OpenMail,
    private readonly adapter: Adapter,
    private readonly verdict: Verdict,
    private readonly words: Words,
    private readonly count: (what: Counted) => void,
  ) {
    this.page = mail.element.ownerDocument;
    this.dialog = island("over", words);
    const links = verdict.facts.links;
    const marked = accused(verdict, "link");
    const warned = verdict.banner !== "none";
    for (const [index, link] of links.entries()) {
      if (!marked.has(index) && !(warned && link.mismatch === true)) continue;
      const address = normal(link.href);
      if (address === null) continue;
      const reason = this.reasonFor("link", index);
      this.hrefs.set(address, reason);
      if (marked.has(index)) this.hosts.set(new URL(address).hostname, reason);
    }
    for (const index of accused(verdict, "attachment")) {
      const name = verdict.facts.attachments[index]?.name;
      if (name !== undefined && name !== "") this.files.set(name, this.reasonFor("attachment", index));
    }
    const bait = verdict.category === "phishing" && verdict.banner === "danger" && this.hrefs.size === 0 && this.files.size === 0;
    this.everything = bait ? verdict.headline : null;
  }

  /** Idempotent: mail clients draw messages anew. */
  apply(): void {
    if (this.hrefs.size + this.files.size === 0 && this.everything === null) return;
    for (const body of this.adapter.bodies(this.mail))
      for (const link of [...body.querySelectorAll<HTMLAnchorElement>("a[href], area[href]")].slice(0, MOST_LINKS)) {
        const reason = this.reasonOf(link.href);
        if (reason !== null) this.guardLink(link, reason);
      }
    for (const { name, element } of this.adapter.attachments?.(this.mail) ?? []) {
      const reason = this.files.get(name);
      if (reason !== undefined) this.guardFile(element, name, reason);
    }
    if (this.guarded.size > 0) this.listen();
  }

  /** The element of `link:N` or `attachment:N`, when it is on the page. */
  elementOf(part: string): Element | null {
    const index = Number(/:(\d+)$/.exec(part)?.[1] ?? -1);
    if (part.startsWith("attachment:")) {
      const name = this.verdict.facts.attachments[index]?.name;
      return this.adapter.attachments?.(this.mail).find((file) => file.name === name)?.element ?? null;
    }
    const href = normal(this.verdict.facts.links[index]?.href ?? "");
    if (!part.startsWith("link:") || href === null) return null;
    for (const one of this.guarded.values()) if (one.href !== null && normal(one.href) === href) return one.element;
    for (const body of this.adapter.bodies(this.mail))
      for (const link of body.querySelectorAll<HTMLAnchorElement>("a[href]"))
        if (normal(link.href) === href) return link;
    return null;
  }

  remove(): void {
    for (const { restore } of this.guarded.values()) restore();
    this.guarded.clear();
    this.dialog.host.remove();
    for (const type of PRESSES) this.page.defaultView?.removeEventListener(type, this.pressed, true);
  }

  // ---------------------------------------------------------------- marking

  private reasonFor(kind: "link" | "attachment", index: number): string {
    const weight = (f: Finding): number => (f.effect === "gate" ? 500 : 0) - f.points;
    const findings = this.verdict.findings.filter(
      (f) => f.outcome === "hit" && (f.points < 0 || f.effect === "gate") && f.evidence.some((e) => partIndex(e, kind) === index),
    );
    return findings.sort((a, b) => weight(b) - weight(a))[0]?.title ?? this.verdict.headline;
  }

  private reasonOf(href: string): string | null {
    const address = normal(href);
    if (address === null) return null;
    return this.hrefs.get(address) ?? this.hosts.get(new URL(address).hostname) ?? this.everything;
  }

  private guardLink(link: HTMLAnchorElement, reason: string): void {
    const href = link.href;
    const kept = ["href", "role", "tabindex", "aria-description", "data-keeneye-guard"].map((name) => [name, link.getAttribute(name)] as const);
    const host = hostOf(href);
    const chip = island("inline", this.words);
    chip.host.style.setProperty("margin", "0 6px", "important");
    fill(chip.root, h("span", { class: "ke-opens" }, dangerIcon(14), this.opens(host)));
    chip.host.addEventListener("click", () => { this.ask(link); });
    // Without its address no middle click, menu or drag can open it.
    link.removeAttribute("href");
    link.setAttribute("role", "link");
    link.setAttribute("tabindex", "0");
    link.setAttribute("aria-description", `${this.words.say("guard.link")} ${this.words.say("message.opens", { host })}`);
    link.after(chip.host);
    matchTheme(chip.host);
    link.setAttribute("data-keeneye-guard", chip.host.dataset["theme"] ?? "light");
    this.guarded.set(link, {
      element: link,
      href: unwrapped(href),
      name: cleaned(link.textContent) || cleaned(link.querySelector("img")?.alt),
      reason,
      restore: () => {
        chip.host.remove();
        for (const [name, value] of kept)
          if (value === null) link.removeAttribute(name);
          else link.setAttribute(name, value);
      },
    });
  }

  private guardFile(element: Element, name: string, reason: string): void {
    if (this.guarded.has(element)) return;
    element.setAttribute("data-keeneye-guard", "");
    this.guarded.set(element, {
      element,
      href: null,
      name,
      reason,
      restore: () => {
        element.removeAttribute("data-keeneye-guard");
      },
    });
  }

  private opens(host: string): HTMLElement {
    const [lead = "", tail = ""] = this.words.say("message.opens", { host: "\u0000" }).split("\u0000");
    return h("span", {}, lead, h("b", { dir: "ltr" }, host), tail);
  }

  // ---------------------------------------------------------------- the deliberate step

  private listen(): void {
    // The window sees a press before any script of the page does.
    for (const type of PRESSES) this.page.defaultView?.addEventListener(type, this.pressed, true);
  }

  private readonly pressed = (event: Event): void => {
    const at = event.composedPath().find((node) => node instanceof Element && this.guarded.has(node)) as Element | undefined;
    if (at === undefined || at === this.passing) return;
    if (event.type === "keydown" && !["Enter", " "].includes((event as KeyboardEvent).key)) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    if (event.type === "click" || event.type === "keydown" || event.type === "auxclick") this.ask(at);
  };

  private ask(element: Element): void {
    const one = this.guarded.get(element);
    if (one === undefined || this.dialog.root.querySelector("dialog[open]") !== null) return;
    this.count("guarded");
    const { words } = this;
    const open = h("button", { class: "ke-button", type: "button", disabled: true }, words.say("guard.open"));
    const sure = h("input", { type: "checkbox" });
    const keep = h("button", { class: "ke-button ke-keep", type: "button" }, words.say("guard.keep"));
    const dialog = h(
      "dialog",
      { class: "ke-guard", "aria-labelledby": "ke-guard-title", role: "alertdialog", lang: words.language, dir: words.dir },
      h("h2", { id: "ke-guard-title" }, dangerIcon(24), words.say(one.href === null ? "guard.title.file" : "guard.title.link")),
      h("p", {}, one.reason),
      h(
        "dl",
        {},
        ...(one.name === "" ? [] : [h("dt", {}, words.say(one.href === null ? "guard.file" : "guard.shown")), h("dd", {}, foreign(one.name))]),
        ...(one.href === null ? [] : [h("dt", {}, words.say("guard.opens")), h("dd", {}, address(one.href))]),
      ),
      h("label", {}, sure, h("span", {}, words.say(one.href === null ? "guard.sure.file" : "guard.sure.link"))),
      h("div", { class: "ke-actions" }, open, keep),
    );
    const close = (what: "kept" | "opened"): void => {
      if (!dialog.open) return;
      this.count(what);
      dialog.close();
      this.dialog.host.remove();
      (element as HTMLElement).focus();
      if (what === "opened") this.pass(one);
    };
    sure.addEventListener("change", () => { open.disabled = !sure.checked; });
    keep.addEventListener("click", () => { close("kept"); });
    open.addEventListener("click", () => { close("opened"); });
    dialog.addEventListener("cancel", (event) => {
      event.preventDefault();
      close("kept");
    });
    fill(this.dialog.root, dialog);
    layOver(this.dialog);
    matchTheme(this.dialog.host);
    dialog.showModal();
    keep.focus();
  }

  private pass({ element, href }: Guarded): void {
    if (href !== null) {
      if (this.adapter.browse !== undefined) this.adapter.browse(href);
      else this.page.defaultView?.open(href, "_blank", "noopener,noreferrer");
      return;
    }
    this.passing = element;
    try {
      (element as HTMLElement).click();
    } finally {
      this.passing = null;
    }
  }
}

const PRESSES = ["click", "auxclick", "dblclick", "mousedown", "pointerdown", "keydown"] as const;

/** The whole address, its host set off so that a trusted name in front of it cannot deceive. */
function address(href: string): HTMLElement {
  const host = hostOf(href);
  const at = href.indexOf(host, href.indexOf("//") + 1);
  if (host === "" || at === -1) return h("span", { class: "ke-address", dir: "ltr", tabindex: 0 }, href);
  return h("span", { class: "ke-address", dir: "ltr", tabindex: 0 }, href.slice(0, at), h("b", {}, host), href.slice(at + host.length));
}

function hostOf(href: string): string {
  try {
    return new URL(unwrapped(href)).host || href.slice(0, 40);
  } catch {
    return href.slice(0, 40);
  }
}

/** An address in one spelling, or null when it opens nothing on the web. */
function normal(href: string): string | null {
  try {
    const url = new URL(unwrapped(href));
    return /^(https?|ftp|data|file|javascript):$/.test(url.protocol) ? url.href : null;
  } catch {
    return null;
  }
}

/** Redirects that mail clients put in front of every link, and the parameter that holds the true address. */
const WRAPPERS: readonly (readonly [host: RegExp, parameter: string])[] = [
  [/(^|\.)safelinks\.protection\.outlook\.com$/, "url"],
  [/^www\.google\.com$/, "q"],
];

function unwrapped(href: string): string {
  try {
    const url = new URL(href);
    const parameter = WRAPPERS.find(([host]) => host.test(url.hostname))?.[1];
    const inner = parameter === undefined ? null : url.searchParams.get(parameter);
    return inner !== null && /^https?:/i.test(inner) ? inner : href;
  } catch {
    return href;
  }
}
