/** The small mark in a message list: for mail that was already graded. */

import type { Words } from "../core/types.js";
import { h } from "./dom.js";
import { fullTypeName, gradeClass, gradeLetter, inSentence, typeName, type Named } from "./names.js";

export function listMark(verdict: Named, words: Words): HTMLElement {
  const sentence =
    verdict.stars === null
      ? words.say("mark.plain", { type: fullTypeName(verdict, words) })
      : words.say("mark.graded", {
          grade: verdict.grade,
          type: inSentence(typeName(verdict, words), words.language),
        });
  return h(
    "span",
    { class: `ke-mini ${gradeClass(verdict.grade)}`, role: "img", "aria-label": sentence, title: sentence, "data-letter": gradeLetter(verdict.grade) },
  );
}
