/** What the firm knows of this sender from earlier. A server may know more than is shown here, or less. */

import type { History, Verdict, WordKey, Words } from "../../core/types.js";
import { foreign, h, type Child } from "../dom.js";
import { list, section, table, type Row } from "./parts.js";

/** Rows in the order of reading, by their place in `facts.history`; each has its words under the same key. */
const ROWS = [
  "last_seen",
  "danger_from_sender",
  "ours_to_sender",
  "messages_from_domain",
  "messages_in_thread",
  "ours_in_thread",
  "customer.name",
  "customer.ordered",
  "customer.ordered_at",
  "customer.sampled",
  "customer.visited",
  "customer.standing",
  "same_text.colleagues",
  "same_text.messages",
  "same_text.since",
  "visits.visits",
  "visits.pages",
  "visits.products",
  "visits.came_from",
  "visits.last_seen",
] as const;

/** Nothing to say of a sender's first message; the server counts this very one there when it was graded before. */
const OF_EARLIER: readonly string[] = ["last_seen", "danger_from_sender"];

export function history({ facts }: Verdict, words: Words): HTMLElement {
  const { history: past, sender } = facts;
  const known = ROWS.filter((place) => past?.messages_from_sender !== 0 || !OF_EARLIER.includes(place));
  const rows = past === null ? [] : known.flatMap((place) => row(past, place, words));
  return section(
    "history",
    words.say("history.title"),
    ...lines(past, sender.address, words).map((line) => h("p", { class: "ke-soft" }, line)),
    rows.length > 0 ? table(rows) : null,
  );
}

function lines(past: History | null, sender: string | null, words: Words): string[] {
  if (past === null) return [words.say("history.unasked")];
  const { messages_from_sender: count, first_seen: first, confirmed_genuine: genuine, confirmed_fake: fake } = past;
  const said = [
    count === 0
      ? words.say(sender === null ? "history.unasked" : "history.none")
      : words.say("history.count", { count: words.number(count), first: first === null ? "?" : words.clock(first) }),
  ];
  if (past.thread_known === false) said.push(words.say("history.thread_unknown"));
  if (genuine + fake > 0)
    said.push(words.say("history.confirmed", { genuine: words.number(genuine), fake: words.number(fake) }));
  return said;
}

function row(past: History, place: (typeof ROWS)[number], words: Words): Row[] {
  const value = place.split(".").reduce<unknown>((at, key) => (isRecord(at) ? at[key] : undefined), past);
  const shown = inWords(value, words);
  const key: WordKey = `history.${place}`;
  return shown.length === 0 ? [] : [[words.say(key), shown]];
}

/** Nothing for what is unknown, empty, none or no. */
function inWords(value: unknown, words: Words): readonly Child[] {
  if (typeof value === "number") return value === 0 ? [] : [words.number(value)];
  if (value === true) return [words.say("history.yes")];
  if (Array.isArray(value)) return list(value.filter((item): item is string => typeof item === "string").slice(0, 5));
  if (typeof value !== "string" || value === "") return [];
  return [/^\d{4}-\d\d-\d\dT/.test(value) ? words.clock(value) : foreign(value)];
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}
