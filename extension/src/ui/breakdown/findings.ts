/** What speaks for the message and what against it, each with its points and the words that it rests on. */

import type { Finding, Verdict, Words } from "../../core/types.js";
import { foreign, h } from "../dom.js";
import { shownFirst, type Numbered } from "../marks.js";
import type { BreakdownHost } from "./host.js";
import { section } from "./parts.js";

export function findingList(
  side: "for" | "against",
  findings: readonly Finding[],
  numbers: ReadonlyMap<string, Numbered>,
  verdict: Verdict,
  words: Words,
  host: BreakdownHost,
): HTMLElement {
  const title = words.say(side === "for" ? "for.title" : "against.title");
  if (findings.length === 0)
    return section(side, title, h("p", { class: "ke-soft" }, words.say(side === "for" ? "for.none" : "against.none")));
  const decisive = new Set((verdict.reasons ?? []).slice(0, 3));
  const rows = findings.map((f) => findingRow(f, numbers.get(f.id), decisive.has(f.id), words, host));
  const first = shownFirst(verdict, side);
  const rest = rows.slice(first);
  return section(
    side,
    title,
    first === 0 ? null : h("ul", { class: "ke-rows" }, ...rows.slice(0, first)),
    rest.length === 0
      ? null
      : h(
          "details",
          { class: "ke-more" },
          h("summary", {}, words.say(first === 0 ? "findings.all" : "findings.more", { count: words.number(rest.length) })),
          h("ul", { class: "ke-rows" }, ...rest),
        ),
  );
}

function findingRow(
  finding: Finding,
  numbered: Numbered | undefined,
  decides: boolean,
  words: Words,
  host: BreakdownHost,
): HTMLElement {
  const weightless = finding.points === 0;
  const tone = finding.points > 0 ? "ke-good" : "ke-bad";
  return h(
    "li",
    { class: "ke-row", "data-finding": finding.id, tabindex: -1 },
    h(
      "span",
      { class: `ke-points ${weightless ? "ke-soft" : tone}` },
      weightless ? (decides ? words.say("finding.decides") : "") : words.points(finding.points),
    ),
    h(
      "div",
      {},
      h("span", { class: "ke-finding-title" }, finding.title),
      addsToQuotes(finding) ? h("p", { class: "ke-soft" }, finding.text) : null,
      quotes(finding, numbered, words, host),
    ),
  );
}

/** Whether the text says more than the title above it and the quote below it. */
function addsToQuotes({ text, title, evidence }: Finding): boolean {
  const bare = (words: string): string => words.replace(/[\s"“”«»„.。:]+/gu, " ").trim();
  return text !== "" && text !== title && !evidence.some((e) => bare(e.quote) === bare(text));
}

function quotes(
  finding: Finding,
  numbered: Numbered | undefined,
  words: Words,
  host: BreakdownHost,
): HTMLElement | null {
  const seen = new Set<string>();
  const shown = finding.evidence.filter((e) => e.quote.trim() !== "" && !seen.has(e.quote) && seen.add(e.quote));
  if (shown.length === 0) return null;
  return h(
    "p",
    { class: "ke-quotes" },
    ...shown.slice(0, 3).map((evidence) => {
      const go = host.locate?.(finding, evidence) ?? null;
      const quote = shorten(evidence.quote);
      if (go === null) return h("q", { class: "ke-quote" }, foreign(quote));
      return h(
        "button",
        {
          class: "ke-quote ke-quote-button",
          type: "button",
          onclick: go,
        },
        h("span", { class: "ke-hidden" }, words.say("finding.show")),
        typeof numbered?.number === "number"
          ? h("span", { class: "ke-number", "aria-hidden": "true" }, String(numbered.number))
          : null,
        h("q", {}, foreign(quote)),
      );
    }),
  );
}

/** One line of at most 120 characters, cut between code points. */
function shorten(quote: string): string {
  const points = Array.from(quote.replace(/\s+/gu, " ").trim());
  return points.length <= 120 ? points.join("") : `${points.slice(0, 118).join("")} \u2026`;
}
