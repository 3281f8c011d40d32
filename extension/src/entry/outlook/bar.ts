/** The bar above the message: what the banner of other clients says, in Outlook's own words and length. */

import type { Verdict, Words } from "../../core/types.js";

export interface Bar {
  readonly kind: "error" | "information";
  readonly text: string;
}

/** Null for ordinary mail, as with the banner: one that is always there is not read. */
export function barOf(verdict: Verdict, words: Words): Bar | null {
  if (verdict.banner === "none") return null;
  const danger = verdict.banner === "danger";
  const parts = [`${words.say(danger ? "banner.danger" : "banner.caution")}: ${verdict.headline}`, verdict.action ?? ""];
  return { kind: danger ? "error" : "information", text: parts.filter(Boolean).map(sentence).join(" ") };
}

function sentence(text: string): string {
  return /[.!?\u3002\uff01\uff1f]$/u.test(text) ? text : `${text}${/\p{Script=Han}$/u.test(text) ? "\u3002" : "."}`;
}
