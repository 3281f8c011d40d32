/** The reader's language: words, numbers, countries, clocks. Every file in `messages/` is one language. */

import languages from "virtual:messages";
import type { Messages } from "./messages/en.js";
import type { Values, WordKey, Words } from "./types.js";

export interface Language {
  readonly language: string;
  readonly name: string;
  readonly dir: "ltr" | "rtl";
  readonly words: Messages;
}

/** All bundled languages, English first. */
export const LANGUAGES: readonly Language[] = [...languages].sort(
  (a, b) => Number(b.language === "en") - Number(a.language === "en") || a.language.localeCompare(b.language),
);

/** The best bundled language for a list of BCP 47 tags, most wanted first; English when none fits. */
export function pickLanguage(wanted: readonly string[]): string {
  for (const tag of wanted) {
    const lower = tag.toLowerCase();
    const exact = LANGUAGES.find((l) => l.language.toLowerCase() === lower);
    const primary = LANGUAGES.find((l) => l.language.split("-")[0] === lower.split("-")[0]);
    const found = exact ?? primary;
    if (found) return found.language;
  }
  return "en";
}

const UNITS = ["byte", "kilobyte", "megabyte"] as const;

/** Words for one language. An unknown tag falls back as `pickLanguage` does. */
export function wordsFor(tag: string): Words {
  const code = pickLanguage([tag]);
  const found = LANGUAGES.find((l) => l.language === code);
  if (!found) throw new Error(`no messages for ${code}`);
  const { language, dir, words } = found;
  const regions = new Intl.DisplayNames([language], { type: "region", fallback: "code" });
  const table: Readonly<Record<string, string>> = words;

  const number = (value: number, options?: Intl.NumberFormatOptions): string =>
    new Intl.NumberFormat(language, options).format(value);

  return {
    language,
    dir,
    say: (key: WordKey, values: Values = {}) => fill(words[key], values),
    maybe: (key: string) => (Object.hasOwn(table, key) ? (table[key] ?? null) : null),
    number,
    points: (value: number) =>
      number(value, { signDisplay: "exceptZero", maximumFractionDigits: 0 }).replace("-", "\u2212"),
    country: (region: string) => (/^[A-Za-z]{2}$/.test(region) ? (regions.of(region.toUpperCase()) ?? region) : region),
    clock: (iso: string) => clock(language, iso),
    size: (bytes: number) => {
      let value = bytes;
      let unit = 0;
      while (value >= 1000 && unit < UNITS.length - 1) {
        value /= 1000;
        unit += 1;
      }
      return number(value, {
        style: "unit",
        unit: UNITS[unit] ?? "byte",
        unitDisplay: "short",
        maximumFractionDigits: unit === 0 || value >= 10 ? 0 : 1,
      });
    },
  };
}

function fill(template: string, values: Values): string {
  return template.replace(/\{(\w+)\}/g, (whole, name: string) =>
    Object.hasOwn(values, name) ? String(values[name]) : whole,
  );
}

/** Shows the digits of the ISO string's own clock: a time in Lima stays a time in Lima, wherever it is read. */
function clock(language: string, iso: string): string {
  const parts = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d)/.exec(iso);
  if (!parts) return iso;
  const [year, month, day, hour, minute] = parts.slice(1).map(Number) as [number, number, number, number, number];
  const moment = new Date(Date.UTC(year, month - 1, day, hour, minute));
  return new Intl.DateTimeFormat(language, {
    weekday: "short",
    day: "numeric",
    month: "short",
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
    timeZone: "UTC",
  }).format(moment);
}
