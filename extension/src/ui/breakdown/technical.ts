/** Technical details, folded. */

import type { Finding, Verdict, Words } from "../../core/types.js";
import { foreign, h } from "../dom.js";
import { table, type Row } from "./parts.js";
import { untold } from "./untold.js";

export function technical(verdict: Verdict, words: Words): HTMLElement {
  const { findings, facts } = verdict;
  const count = (outcome: Finding["outcome"]): string =>
    words.number(findings.filter((f) => f.outcome === outcome).length);
  const of100 = (value: number): string =>
    words.say("technical.of100", { value: words.number(value, { maximumFractionDigits: 0 }) });
  const noted = findings.filter((f) => f.outcome === "hit" && f.points === 0 && f.effect !== "gate");
  const full = findings.some((f) => f.outcome === "miss");
  const rows: Row[] = [
    [words.say("technical.risk"), of100(verdict.risk)],
    [words.say("technical.quality"), of100(verdict.quality)],
  ];
  if (full)
    rows.push([
      words.say("technical.checked"),
      words.say("technical.checked.value", {
        hit: count("hit"),
        miss: count("miss"),
        unknown: count("unknown"),
        na: count("not_applicable"),
      }),
    ]);
  if (facts.language !== null) rows.push([words.say("technical.language"), facts.language]);
  if (verdict.message_id !== null) rows.push([words.say("technical.message"), foreign(verdict.message_id)]);
  rows.push(
    [words.say("technical.engine"), verdict.engine],
    [words.say("technical.policy"), verdict.policy.slice(0, 12)],
    [words.say("technical.ms"), words.number(verdict.ms, { style: "unit", unit: "millisecond" })],
  );
  const titles = (list: readonly Finding[]): HTMLElement =>
    h("ul", {}, ...list.map((f) => h("li", { "data-finding": f.id, tabindex: -1 }, f.title)));
  return h(
    "details",
    { class: "ke-section ke-technical", "data-section": "technical" },
    h("summary", {}, h("h3", {}, words.say("technical.title"))),
    table(rows),
    noted.length > 0 ? h("div", {}, h("h4", {}, words.say("technical.noted")), titles(noted)) : null,
    untold(verdict, words),
    facts.origin.hops.length > 0
      ? h(
          "div",
          {},
          h("h4", {}, words.say("technical.path")),
          h(
            "ol",
            {},
            ...facts.origin.hops.map((hop) =>
              h(
                "li",
                {},
                foreign(
                  words.say("technical.hop", {
                    from: [hop.from, hop.ip].filter(Boolean).join(" ") || "?",
                    by: hop.by ?? "?",
                  }),
                ),
                hop.country === null ? null : ` (${words.country(hop.country)})`,
              ),
            ),
          ),
        )
      : null,
  );
}
