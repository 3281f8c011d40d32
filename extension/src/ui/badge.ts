/** The badge beside the subject: letter, stars, shape, colour and words; a button that opens the breakdown. */

import type { Verdict, Words } from "../core/types.js";
import { h } from "./dom.js";
import { starRow } from "./icons.js";
import { fullTypeName, gradeClass, gradeLetter, inSentence, starWords, typeName } from "./names.js";

export type BadgeState =
  | { readonly kind: "grading" }
  | { readonly kind: "failed"; readonly reason: string }
  | { readonly kind: "graded"; readonly verdict: Verdict };

/** The whole sentence that a screen reader says. */
export function badgeSentence(verdict: Verdict, words: Words): string {
  if (verdict.stars === null) return words.say("badge.plain", { type: fullTypeName(verdict, words) });
  return words.say(verdict.banner === "danger" ? "badge.danger" : "badge.graded", {
    grade: verdict.grade,
    stars: starWords(verdict.stars, words),
    type: inSentence(typeName(verdict, words), words.language),
  });
}

/** A badge of fixed height; `open` is called on click. Replace it as a whole when the state changes. */
export function badge(state: BadgeState, words: Words, open: () => void): HTMLButtonElement {
  if (state.kind === "grading")
    return h(
      "button",
      { class: "ke-badge ke-N ke-pending", type: "button", disabled: true, "aria-label": words.say("badge.grading") },
      h("span", { class: "ke-dots", "aria-hidden": "true" }, "\u2026"),
    );
  if (state.kind === "failed")
    return h(
      "button",
      {
        class: "ke-badge ke-N",
        type: "button",
        title: state.reason,
        "aria-label": words.say("badge.failed", { reason: state.reason }),
        onclick: open,
      },
      letter("!"),
      h("span", { class: "ke-word", "aria-hidden": "true" }, words.say("error.title")),
    );
  const { verdict } = state;
  return h(
    "button",
    {
      class: `ke-badge ${gradeClass(verdict.grade)}`,
      type: "button",
      "aria-label": badgeSentence(verdict, words),
      "aria-haspopup": "dialog",
      "data-grade": verdict.grade,
      onclick: open,
    },
    ...badgeFace(verdict, words),
  );
}

/** Drawn by the style sheet: the label says the grade, and what is written on a button must stand in its label. */
function letter(sign: string): HTMLElement {
  return h("span", { class: "ke-letter", "aria-hidden": "true", "data-letter": sign });
}

/** The same face without the button, for the head of the breakdown. */
export function badgeFace(verdict: Verdict, words: Words, withWord = true): HTMLElement[] {
  const face = [letter(gradeLetter(verdict.grade))];
  if (verdict.stars !== null)
    face.push(h("span", { class: "ke-starbox", "aria-hidden": "true" }, starRow(verdict.stars)));
  if (withWord) {
    const word = verdict.stars === null ? fullTypeName(verdict, words) : typeName(verdict, words);
    face.push(h("span", { class: "ke-word", "aria-hidden": "true" }, word));
  }
  return face;
}
