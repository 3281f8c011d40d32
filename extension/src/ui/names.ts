/** The verdict's type in words, shared by badge, list mark and breakdown. */

import type { Grade, Verdict, WordKey, Words } from "../core/types.js";

/** What a verdict's name is made of: also all that a list mark knows. */
export type Named = Pick<Verdict, "category" | "subcategory" | "grade" | "stars"> & Pick<Partial<Verdict>, "labels" | "language">;

/** "Potential customer", in the server's words when it sent them in this language. */
export function typeName(verdict: Named, words: Words): string {
  return label(verdict, words, verdict.category) ?? words.say(`category.${verdict.category}`);
}

/** With the detail when there is one: "Not an inquiry: sales pitch". */
export function fullTypeName(verdict: Named, words: Words): string {
  const type = typeName(verdict, words);
  const detail = verdict.subcategory === null ? null : label(verdict, words, verdict.subcategory);
  if (detail === null || detail.toLocaleLowerCase() === type.toLocaleLowerCase()) return type;
  return words.say("type.with", { type, detail: inSentence(detail, words.language) });
}

/** A label of the server in the reader's language, or null. */
export function label(verdict: Named, words: Words, key: string): string | null {
  const same = verdict.language === undefined || verdict.language === words.language;
  const found = same && verdict.labels && Object.hasOwn(verdict.labels, key) ? verdict.labels[key] : undefined;
  return found ?? words.maybe(`category.${key}`);
}

export function starWords(stars: number, words: Words): string {
  const keys: readonly WordKey[] = ["stars.0", "stars.1", "stars.2", "stars.3", "stars.4", "stars.5"];
  return words.say(keys[Math.max(0, Math.min(5, Math.round(stars)))] ?? "stars.0");
}

/** The letter as drawn: an en dash is easier to see in a circle than a hyphen. */
export function gradeLetter(grade: Grade): string {
  return grade === "-" ? "\u2013" : grade;
}

/** CSS class of the grade's colour and shape. */
export function gradeClass(grade: Grade): string {
  return grade === "-" || grade === "?" ? "ke-N" : `ke-${grade}`;
}

/** A capitalised word inside a sentence; words that are all capitals, such as "RFQ", stay. */
export function inSentence(text: string, language: string): string {
  const second = text.charAt(1);
  if (second !== "" && second === second.toLocaleUpperCase(language) && second !== second.toLocaleLowerCase(language))
    return text;
  return text.charAt(0).toLocaleLowerCase(language) + text.slice(1);
}
