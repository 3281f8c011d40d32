/** Where the message came from, who sent it and how they can be reached. */

import type { Authentication, Facts, Verdict, WordKey, Words } from "../../core/types.js";
import { foreign, h, type Child } from "../dom.js";
import { originMap } from "../map.js";
import { list, section, table, type Row } from "./parts.js";

export function origin(verdict: Verdict, words: Words): HTMLElement {
  const { facts, pending } = verdict;
  return section(
    "origin",
    words.say("origin.title"),
    originMap(facts, words),
    table([...originRows(facts, words), ...senderRows(facts, pending, words), ...contactRows(facts, words)]),
    h(
      "p",
      { class: "ke-credit" },
      h("a", { href: "https://db-ip.com", target: "_blank", rel: "noopener noreferrer" }, words.say("origin.credit")),
    ),
  );
}

function originRows(facts: Facts, words: Words): Row[] {
  const { origin: from, claimed_country: claim, sent } = facts;
  const rows: Row[] = [[words.say("origin.from"), ...sentFrom(facts, words)]];
  if (from.network !== null && from.hidden_by_provider === null)
    rows.push([words.say("origin.network"), foreign(from.asn === null ? from.network : `${from.network} (AS${String(from.asn)})`)]);
  rows.push(
    claim.value === null
      ? [words.say("origin.claims"), words.say("origin.claims.none"), true]
      : [
          words.say("origin.claims"),
          `${words.country(claim.value)}${signs(claim.from.filter((s) => s.country === claim.value).map((s) => s.kind), words)}`,
        ],
  );
  const others = new Map<string, string[]>();
  for (const sign of claim.disagree ?? []) others.set(sign.country, [...(others.get(sign.country) ?? []), sign.kind]);
  for (const [country, kinds] of others)
    rows.push([
      "",
      words.say("origin.claims.also", { country: words.country(country), signs: signList(kinds, words) }),
    ]);
  const theirs = sent.sender_local ?? firstOf(sent.claimed_local);
  if (theirs !== null)
    rows.push([
      words.say(sent.sender_local === null ? "origin.time.claimed" : "origin.time.sender"),
      words.clock(theirs),
    ]);
  if (sent.ours_local !== null) rows.push([words.say("origin.time.ours"), words.clock(sent.ours_local)]);
  return rows;
}

function sentFrom(facts: Facts, words: Words): [value: Child | readonly Child[], muted?: boolean] {
  const { origin: from } = facts;
  if (from.country !== null && from.hidden_by_provider === null) {
    const kind = from.kind === null || from.kind === undefined ? null : words.maybe(`kind.${from.kind}`);
    const place = [from.city, words.country(from.country)].filter(Boolean).join(", ");
    return [kind === null ? place : `${place} \u00b7 ${kind}`];
  }
  if (from.hidden_by_provider !== null)
    return [words.say("origin.hidden", { provider: from.hidden_by_provider }), true];
  if (from.ip !== null) return [words.say("origin.unplaced", { ip: from.ip }), true];
  return [words.say("origin.unseen"), true];
}

function signs(kinds: readonly string[], words: Words): string {
  return kinds.length === 0 ? "" : ` (${signList(kinds, words)})`;
}

function signList(kinds: readonly string[], words: Words): string {
  const names = [...new Set(kinds)].map((kind) => words.maybe(`sign.${kind}`) ?? kind);
  return new Intl.ListFormat(words.language, { type: "unit", style: "short" }).format(names);
}

function firstOf(value: Facts["sent"]["claimed_local"]): string | null {
  if (value === null || typeof value === "string") return value;
  return value[0] ?? null;
}

function senderRows(facts: Facts, pending: readonly string[], words: Words): Row[] {
  const { sender, authentication } = facts;
  const rows: Row[] = [];
  if (sender.address !== null) {
    const kind = sender.mailbox === null ? null : words.maybe(`mailbox.${sender.mailbox}`);
    rows.push([
      words.say("origin.mailbox"),
      [foreign(sender.address), kind === null ? null : ` \u00b7 ${kind}`],
    ]);
  }
  if (sender.reply_to !== null && sender.reply_to !== undefined && sender.reply_to !== sender.address)
    rows.push([words.say("origin.reply"), foreign(sender.reply_to)]);
  if (sender.resembles !== null && sender.resembles !== undefined)
    rows.push(["", words.say("origin.resembles", { domain: sender.resembles })]);
  rows.push([words.say("origin.auth"), ...authWords(authentication, words)]);
  if (pending.includes("domain_age")) rows.push([words.say("origin.age"), words.say("origin.pending"), true]);
  else if (sender.domain_age_days !== null) rows.push([words.say("origin.age"), age(sender.domain_age_days, words)]);
  return rows;
}

function authWords(auth: Authentication, words: Words): [value: string, muted?: boolean] {
  const told = (["spf", "dkim", "dmarc"] as const).flatMap((method) => {
    const result = auth[method];
    return result === null ? [] : [`${method.toUpperCase()} ${words.maybe(`auth.${result}`) ?? result}`];
  });
  return told.length === 0 ? [words.say("origin.auth.none"), true] : [told.join(" \u00b7 ")];
}

function age(days: number, words: Words): string {
  return days < 730
    ? words.say("origin.age.days", { days: words.number(days) })
    : words.say("origin.age.years", { years: words.number(Math.floor(days / 365)) });
}

function contactRows(facts: Facts, words: Words): Row[] {
  const { contact } = facts;
  const phoneKeys: Readonly<Record<string, WordKey>> = {
    phone: "contact.phone",
    mobile: "contact.mobile",
    messenger: "contact.messenger",
    fax: "contact.fax",
  };
  const one = (key: WordKey, value: string | null): Row[] => (value === null ? [] : [[words.say(key), foreign(value)]]);
  const many = (key: WordKey, values: readonly string[]): Row[] =>
    values.length === 0 ? [] : [[words.say(key), list(values)]];
  return [
    ...one("contact.person", contact.person),
    ...one("contact.title", contact.title),
    ...one("contact.company", contact.company),
    ...contact.phones.filter((p) => p.kind !== "messenger" || contact.messengers.length === 0).map((phone): Row => [
      words.say(phoneKeys[phone.kind] ?? "contact.phone"),
      [foreign(phone.number), phone.country === null ? null : ` (${words.country(phone.country)})`],
    ]),
    ...one("contact.fax", contact.fax),
    ...one("contact.address", contact.address),
    ...many("contact.website", contact.websites),
    ...many("contact.messenger", contact.messengers),
    ...many("contact.registration", contact.registrations ?? []),
  ];
}
