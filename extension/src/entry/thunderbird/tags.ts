/** The tags by which list and filters know what Keeneye said: keys never change, names are in the reader's language. */

import type { MessageTag } from "../../adapters/host/thunderbird-api.js";
import type { Verdict, Words } from "../../core/types.js";

/** As in ui.css on white: the list draws the row's text in this colour. */
export const COLOURS: Readonly<Record<string, string>> = {
  A: "#0f6b3a",
  B: "#2f6f1f",
  C: "#636300",
  D: "#8a5200",
  E: "#8a4b2a",
  F: "#a3131f",
};
/** For what is no inquiry, what could not be judged, and while nothing is known. */
export const QUIET = "#4a5560";

const PREFIX = "keeneye-";
const DANGER = `${PREFIX}danger`;
const FAKE = `${PREFIX}fake`;

/** Keys of what a verdict can set; the next verdict takes them back. */
export const VERDICT_TAGS: readonly string[] = [DANGER, ...Object.keys(COLOURS).map((grade) => PREFIX + grade.toLowerCase())];
export const FAKE_TAGS: readonly string[] = [FAKE];

/** Danger and the grade; mail that is no inquiry and no trap gets none. */
export function tagsOf(verdict: Verdict, words: Words): MessageTag[] {
  const color = COLOURS[verdict.grade];
  const grade = { key: PREFIX + verdict.grade.toLowerCase(), tag: words.say("thunderbird.tag.grade", { grade: verdict.grade }) };
  return [
    ...(verdict.banner === "danger" ? [{ key: DANGER, tag: words.say("thunderbird.tag.danger"), color: COLOURS["F"] ?? QUIET }] : []),
    ...(color === undefined ? [] : [{ ...grade, color }]),
  ];
}

export function fakeTag(words: Words): MessageTag {
  return { key: FAKE, tag: words.say("thunderbird.tag.fake"), color: COLOURS["F"] ?? QUIET };
}
