/** One open message: its badge, banner, guard and breakdown, from the first sight until it leaves the page. */

import type { Adapter, OpenMail, Reach, ReadMail } from "../../adapters/adapter.js";
import { ApiError, explainError } from "../../core/api.js";
import { wordsFor } from "../../core/i18n.js";
import { followUp } from "../../core/later.js";
import type { Evidence, Verdict, Words } from "../../core/types.js";
import { ask } from "../../core/wire.js";
import { badge, type BadgeState } from "../../ui/badge.js";
import { banner } from "../../ui/banner.js";
import { breakdown, type BreakdownHost } from "../../ui/breakdown.js";
import { accusedFiles } from "../../ui/marks.js";
import { places, type Places } from "./evidence.js";
import { Guard } from "./guard.js";
import { Ahead, obtain, type Obtained } from "./obtain.js";
import { wayInto } from "./reply.js";
import type { Side } from "./side.js";
import { fill, island, layOver, matchTheme, type Island } from "./shadow.js";

/** A banner that comes later than this would move text that somebody already reads: it is laid over instead. */
const SOON = 150;
/** Seconds after which a server that was away is asked again, and how often. */
const AGAIN = [15, 60, 180] as const;
const PASSING: readonly string[] = ["offline", "timeout", "unavailable", "rate"];

/** What the popup is told: nothing of the message itself but its verdict. */
export type Told =
  | { readonly kind: "grading" | "unplaced" | "off" }
  | { readonly kind: "failed"; readonly reason: string; readonly setup: boolean }
  | { readonly kind: "graded"; readonly verdict: Verdict };

export class Shown {
  private readonly seenAt = performance.now();
  private readonly leaving = new AbortController();
  private words: Words = wordsFor(document.documentElement.lang || navigator.language);
  private state: BadgeState | null = null;
  private off = false;
  private setup = false;
  private badge: Island | null = null;
  private banner: Island | null = null;
  private guard: Guard | null = null;
  private places: Places | null = null;
  private tries = 0;
  /** Counts the attempts: what an earlier one brings is no longer wanted. */
  private attempt = 0;
  private again: ReturnType<typeof setTimeout> | undefined;

  constructor(
    readonly mail: OpenMail,
    private readonly adapter: Adapter,
    private readonly side: Side,
    private readonly ahead = new Ahead(adapter),
  ) {
    // At once, so that the subject's line does not grow later.
    this.show({ kind: "grading" });
    void this.run(false);
  }

  /** Put badge and banner where they belong; the page may have drawn its parts anew. */
  place(): void {
    if (this.state === null || this.badge === null) return;
    // A verdict that came after the message left must not stand beside the next one.
    if (this.leaving.signal.aborted) return;
    put(this.badge, this.adapter.badgeSlot(this.mail));
    if (this.banner !== null && !this.late) put(this.banner, this.adapter.bannerSlot(this.mail));
    this.guard?.apply();
  }

  remove(): void {
    this.leaving.abort();
    clearTimeout(this.again);
    this.side.leave(this);
    this.clear();
    this.badge?.host.remove();
  }

  retry(): void {
    this.tries = 0;
    void this.run(true);
  }

  told(): Told {
    if (this.off) return { kind: "off" };
    if (this.state === null || this.state.kind === "grading") return { kind: "grading" };
    if (this.badge?.host.isConnected !== true) return { kind: "unplaced" };
    if (this.state.kind === "failed") return { ...this.state, setup: this.setup };
    return this.state;
  }

  // ---------------------------------------------------------------- grading

  private async run(anew: boolean): Promise<void> {
    clearTimeout(this.again);
    this.attempt += 1;
    const { attempt } = this;
    const early = anew ? null : this.ahead.take(this.mail.key);
    try {
      const obtained = early ?? this.obtain(anew);
      const prefs = await obtained.prefs;
      if (this.gone(attempt)) return;
      this.words = wordsFor(prefs.language);
      if (this.state?.kind !== "grading") this.show({ kind: "grading" });
      const verdict = await obtained.verdict.catch((error: unknown) => {
        // What was started ahead may lack the source: then the drawn page is read.
        if (early === null || error instanceof ApiError) throw error;
        return this.obtain(false).verdict;
      });
      if (this.gone(attempt)) return;
      this.off = verdict === null;
      if (verdict === null) this.badge?.host.remove();
      else this.arrived(verdict);
    } catch (error) {
      if (!this.gone(attempt)) this.failed(error);
    }
  }

  private obtain(anew: boolean): Obtained {
    const { adapter, mail } = this;
    const read = async (reach: Reach): Promise<ReadMail> => {
      await parsed(mail.element.ownerDocument);
      return adapter.readMail(mail, reach);
    };
    return obtain({ key: mail.key, adapter, read, anew, signal: this.leaving.signal });
  }

  private gone(attempt: number): boolean {
    return this.leaving.signal.aborted || attempt !== this.attempt;
  }

  private arrived(verdict: Verdict): void {
    this.graded(verdict);
    const { attempt } = this;
    void followUp(
      verdict,
      (known) => ask("later", { key: this.mail.key, verdict: known }),
      (better) => {
        if (attempt === this.attempt) this.improved(better);
      },
      this.leaving.signal,
    );
  }

  private graded(verdict: Verdict): void {
    this.tries = 0;
    this.show({ kind: "graded", verdict });
    const files = this.adapter.attachments === undefined ? accusedFiles(verdict) : [];
    const warning = banner(verdict, this.words, () => { this.openSide(); }, files);
    if (warning !== null) this.warn(warning);
    this.guard = new Guard(this.mail, this.adapter, verdict, this.words, (what) => {
      void ask("count", { what }).catch(() => undefined);
    });
    this.places = places(
      verdict,
      () => this.adapter.bodies(this.mail),
      () => this.badge?.host.parentElement ?? null,
    );
    this.side.renew(this);
    this.place();
  }

  /** Facts that arrived later: what they do not change stays as it stands. */
  private improved(verdict: Verdict): void {
    if (this.state?.kind !== "graded") return;
    const old = this.state.verdict;
    this.state = { kind: "graded", verdict };
    if (verdict.banner !== old.banner || verdict.headline !== old.headline) this.graded(verdict);
    else {
      this.drawBadge();
      this.side.improve(this);
    }
  }

  private failed(error: unknown): void {
    const known = error instanceof ApiError ? error : new ApiError("malformed");
    this.setup = known.code === "setup";
    const reason = explainError(known, this.words);
    this.show({ kind: "failed", reason: this.setup ? reason : `${reason} ${this.words.say("error.press")}` });
    if (!PASSING.includes(known.trouble) || known.code === "extension") return;
    const wait = known.retryAfter ?? AGAIN[this.tries];
    this.tries += 1;
    if (wait !== undefined && this.tries <= AGAIN.length) this.again = setTimeout(() => void this.run(true), wait * 1000);
  }

  // ---------------------------------------------------------------- showing

  private show(state: BadgeState): void {
    this.clear();
    this.state = state;
    this.drawBadge();
    this.place();
  }

  private drawBadge(): void {
    const { state } = this;
    if (state === null) return;
    this.badge ??= island("inline", this.words);
    const { host } = this.badge;
    host.lang = this.words.language;
    host.dir = this.words.dir;
    const { offsetTop: line, offsetWidth: room } = host;
    fill(
      this.badge.root,
      badge(state, this.words, () => {
        if (state.kind === "graded") this.side.toggle(this);
        else if (this.setup) void ask("options", {}).catch(() => undefined);
        else this.retry();
      }),
    );
    // Its words could take it to another line and move the text below: then it keeps the room that it had.
    if (room > 0 && host.offsetTop !== line) host.style.setProperty("width", `${String(room)}px`, "important");
  }

  private get late(): boolean {
    return this.banner?.host.dataset["keeneye"] === "over";
  }

  private warn(warning: HTMLElement): void {
    const late = performance.now() - this.seenAt > SOON && !this.side.isOpen(this);
    this.banner = island(late ? "over" : "block", this.words);
    if (!late) {
      fill(this.banner.root, warning);
      return;
    }
    const strip = document.createElement("div");
    strip.className = "ke-late";
    strip.append(warning);
    fill(this.banner.root, strip);
    layOver(this.banner);
    matchTheme(this.banner.host);
    this.room = this.mail.element as HTMLElement;
    this.room.style.setProperty("margin-bottom", `${String(warning.offsetHeight + 24)}px`);
  }

  private room: HTMLElement | null = null;

  /** Everything of the last verdict. */
  private clear(): void {
    this.guard?.remove();
    this.guard = null;
    this.places?.unmark();
    this.places = null;
    this.banner?.host.remove();
    this.banner = null;
    this.room?.style.removeProperty("margin-bottom");
    this.room = null;
  }

  private openSide(): void {
    if (!this.side.isOpen(this)) this.side.toggle(this);
  }

  // ---------------------------------------------------------------- breakdown

  /** What the side shows of this message; null while there is no verdict. */
  content(): { words: Words; element: HTMLElement } | null {
    if (this.state?.kind !== "graded") return null;
    const { verdict } = this.state;
    const host: BreakdownHost = {
      locate: (_finding, evidence) => this.locate(evidence),
      copy: copyText,
      insert: (text) => this.insert(text),
      feedback: async (label) => {
        await ask("feedback", { id: verdict.id, label, key: this.mail.key });
      },
      setLevel: (address, level, reason) => ask("level", { address, level, reason }),
      setProfile: (address, profile) => ask("profile", { address, profile }),
      regrade: () => { void this.run(true); },
      undoFeedback: async () => {
        await ask("undo", { id: verdict.id, key: this.mail.key });
      },
      explain: (error) => explainError(error, this.words),
    };
    return { words: this.words, element: breakdown(verdict, this.words, host) };
  }

  private async insert(text: string): Promise<"inserted" | "opening" | "pasteable"> {
    const way = wayInto(this.mail, this.adapter);
    if (way === null) {
      await copyText(text);
      return "pasteable";
    }
    // The reply gets room, and then the focus.
    this.side.close();
    return way(text).catch(async () => {
      await copyText(text);
      return "pasteable" as const;
    });
  }

  opened(open: boolean): void {
    // The breakdown begins with the same words, and lies over the banner's end.
    if (this.late) this.banner?.host.style.setProperty("display", open ? "none" : "block", "important");
    if (open) this.places?.mark();
    else this.places?.unmark();
    this.button()?.setAttribute("aria-expanded", String(open));
  }

  button(): HTMLElement | null {
    return this.badge?.root.querySelector("button") ?? null;
  }

  private locate(evidence: Evidence): (() => void) | null {
    const find = (): Range | null => {
      const range = this.places?.find(evidence) ?? null;
      if (range !== null) return range;
      const element = this.guard?.elementOf(evidence.part) ?? null;
      if (element === null) return null;
      const around = element.ownerDocument.createRange();
      around.selectNode(element);
      return around;
    };
    if (find() === null) return null;
    return () => {
      const range = find();
      if (range !== null) this.side.point(range);
    };
  }
}

function put(island: Island, slot: { parent: Element; before: Node | null } | null): void {
  const { host } = island;
  if (slot === null) {
    host.remove();
    return;
  }
  const next = slot.before === host ? host.nextSibling : slot.before;
  if (host.parentElement === slot.parent && host.nextSibling === next) return;
  slot.parent.insertBefore(host, next);
  matchTheme(host);
}

/** When the whole text of a page has come. */
async function parsed(page: Document): Promise<void> {
  if (page.readyState === "loading") await new Promise((resolve) => { page.addEventListener("DOMContentLoaded", resolve, { once: true }); });
}

/** The clipboard's interface is missing in pages without TLS and in some frames. */
async function copyText(text: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    const area = document.createElement("textarea");
    area.value = text;
    area.style.cssText = "position:fixed;opacity:0";
    const within = island("over", wordsFor("en"));
    within.root.append(area);
    layOver(within);
    area.select();
    // eslint-disable-next-line @typescript-eslint/no-deprecated -- the only way left where the interface is missing
    document.execCommand("copy");
    within.host.remove();
  }
}
