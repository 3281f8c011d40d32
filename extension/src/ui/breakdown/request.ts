/** What they ask for, and what the mail does not say. */

import type { Facts, Verdict, Words } from "../../core/types.js";
import { h } from "../dom.js";
import { label } from "../names.js";
import { list, section, table, type Row } from "./parts.js";

const REQUEST_KEYS = [
  "products",
  "models",
  "quantities",
  "specifications",
  "materials",
  "certificates",
  "incoterm",
  "port",
  "payment",
  "delivery",
  "packaging",
  "price",
  "target_price",
  "moq",
  "annual_volume",
  "samples",
  "drawings",
  "urgency",
] as const;

export function request(facts: Facts, words: Words): HTMLElement {
  const rows = REQUEST_KEYS.flatMap((key): Row[] => {
    const value = facts.request[key];
    const values =
      value === null || value === undefined
        ? []
        : typeof value === "string"
          ? [value]
          : value.map((v) => (typeof v === "string" ? v : (v.quote ?? `${words.number(v.value)} ${v.unit}`)));
    return values.length === 0 ? [] : [[words.say(`request.${key}`), list(values)]];
  });
  return section(
    "request",
    words.say("request.title"),
    rows.length === 0 ? h("p", { class: "ke-soft" }, words.say("request.none")) : table(rows),
  );
}

/** None where nothing was looked for: in what is no inquiry, or too little to judge. */
export function missing(verdict: Verdict, words: Words): HTMLElement | null {
  if (verdict.missing.length === 0 && verdict.stars === null) return null;
  return section(
    "missing",
    words.say("missing.title"),
    h(
      "p",
      { class: "ke-soft" },
      verdict.missing.length === 0
        ? words.say("missing.none")
        : verdict.missing.map((key) => label(verdict, words, key) ?? key.replaceAll("_", " ")).join(" \u00b7 "),
    ),
  );
}
