/** What could not be told: under each reason why, the questions that it leaves open, and what would answer them. */

import type { Finding, Verdict, WordKey, Words } from "../../core/types.js";
import { h } from "../dom.js";

export function untold(verdict: Verdict, words: Words): HTMLElement | null {
  const reasons = new Map<string, Finding[]>();
  for (const finding of verdict.findings)
    if (finding.outcome === "unknown") reasons.set(finding.text, [...(reasons.get(finding.text) ?? []), finding]);
  if (reasons.size === 0) return null;
  return h(
    "div",
    { class: "ke-untold" },
    h("h4", {}, words.say("technical.unknown")),
    ...[...reasons].map(([why, findings]) => {
      const questions = h("ul", {}, ...findings.map((f) => h("li", { "data-finding": f.id, tabindex: -1 }, f.title)));
      const answer = answeredBy(findings[0]?.family, verdict);
      return h(
        "details",
        { class: "ke-more", open: why === "" },
        h("summary", {}, why === "" ? words.say("technical.unknown") : why),
        questions,
        answer === null ? null : h("p", { class: "ke-soft" }, words.say(answer)),
      );
    }),
  );
}

/** Families of findings that rest on the header of the original message. */
const IN_HEADERS: readonly (string | undefined)[] = ["account", "authentication", "origin", "sent"];

function answeredBy(family: string | undefined, { facts, pending }: Verdict): WordKey | null {
  if (IN_HEADERS.includes(family) && facts.seen !== "raw") return "untold.source";
  if (family === "authentication" || family === "account") return "untold.mailhost";
  if (family === "domain") return pending.length > 0 ? "untold.pending" : "untold.lookup";
  if (family === "attachments" && facts.seen !== "raw") return "untold.source";
  return family === "country" || family === "contact" || family === "company" || family === "request" ? "untold.ask" : null;
}
