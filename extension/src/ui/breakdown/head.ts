/** The verdict in words. */

import type { Verdict, Words } from "../../core/types.js";
import { badgeFace, badgeSentence } from "../badge.js";
import { notToOpen } from "../banner.js";
import { h } from "../dom.js";
import { accusedFiles } from "../marks.js";
import { fullTypeName, gradeClass } from "../names.js";

export function verdictHead(verdict: Verdict, words: Words): HTMLElement {
  const type = fullTypeName(verdict, words);
  const seen = verdict.facts.seen;
  return h(
    "section",
    { class: "ke-section ke-verdict", "data-section": "verdict" },
    h(
      "div",
      { class: "ke-verdict-line" },
      h(
        "span",
        {
          class: `ke-badge ke-face ${gradeClass(verdict.grade)}`,
          role: "img",
          "aria-label": badgeSentence(verdict, words).replace(/[.。][^.。]*$/u, ""),
        },
        ...badgeFace(verdict, words, false),
      ),
      h(
        "strong",
        { class: "ke-type" },
        verdict.level === null ? type : words.say("verdict.level", { type, level: verdict.level }),
      ),
    ),
    h("p", { class: "ke-headline" }, verdict.headline),
    verdict.action === undefined || verdict.action === "" ? null : h("p", {}, verdict.action),
    notToOpen(accusedFiles(verdict), words),
    // A share of what could be judged would contradict that there was too little to judge.
    verdict.grade === "?"
      ? null
      : h(
          "p",
          { class: "ke-soft" },
          words.say("verdict.coverage", {
            percent: words.number(verdict.coverage, { style: "percent", maximumFractionDigits: 0 }),
          }),
        ),
    seen === "visible" || seen === "headers" ? h("p", { class: "ke-unseen" }, words.say(`verdict.${seen}`)) : null,
  );
}
