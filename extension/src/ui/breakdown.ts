/**
 * The breakdown. Its order is fixed: verdict, do next, speaks for, speaks against, origin and contact, what they
 * ask for, not found, history, level, marketplace profile, technical details. A salesperson decides after the first third.
 */

import type { Verdict, Words } from "../core/types.js";
import { feedback } from "./breakdown/feedback.js";
import { findingList } from "./breakdown/findings.js";
import { verdictHead } from "./breakdown/head.js";
import { history } from "./breakdown/history.js";
import type { BreakdownHost } from "./breakdown/host.js";
import { level } from "./breakdown/level.js";
import { doNext } from "./breakdown/next.js";
import { origin } from "./breakdown/origin.js";
import { profile } from "./breakdown/profile.js";
import { missing, request } from "./breakdown/request.js";
import { technical } from "./breakdown/technical.js";
import { h } from "./dom.js";
import { numberFindings, sides } from "./marks.js";

export type { BreakdownHost } from "./breakdown/host.js";

export function breakdown(verdict: Verdict, words: Words, host: BreakdownHost = {}): HTMLElement {
  const numbers = numberFindings(verdict);
  const { for: good, against } = sides(verdict);
  return h(
    "div",
    { class: "ke-breakdown", lang: words.language, dir: words.dir },
    verdictHead(verdict, words),
    doNext(verdict, words, host),
    findingList("for", good, numbers, verdict, words, host),
    findingList("against", against, numbers, verdict, words, host),
    origin(verdict, words),
    request(verdict.facts, words),
    missing(verdict, words),
    history(verdict, words),
    level(verdict, words, host),
    profile(verdict, words, host),
    feedback(words, host),
    technical(verdict, words),
  );
}

/** What the reader may be filling in is never drawn anew. */
const KEPT = ["feedback", "level", "profile"];

/** Takes the sections of `fresh` that say something else into `drawn`; the others stay as the reader unfolded them. */
export function renewSections(drawn: HTMLElement, fresh: HTMLElement): void {
  for (const section of fresh.querySelectorAll<HTMLElement>("[data-section]")) {
    const name = section.dataset["section"] ?? "";
    const old = drawn.querySelector(`[data-section="${name}"]`);
    if (old === null || KEPT.includes(name) || old.textContent === section.textContent) continue;
    for (const [i, folded] of [...section.querySelectorAll("details")].entries())
      folded.open = old.querySelectorAll("details")[i]?.open ?? folded.open;
    if (old.matches("details[open]")) section.setAttribute("open", "");
    old.replaceWith(section);
  }
}
