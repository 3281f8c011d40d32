/**
 * The breakdown. Its order is fixed: verdict, do next, speaks for, speaks against, origin and contact, what they
 * ask for, not found, history, technical details. A salesperson decides after the first third.
 */

import type { Advice, Authentication, Evidence, Facts, FeedbackLabel, Finding, Verdict, WordKey, Words } from "../core/types.js";
import { foreign, h, type Child } from "./dom.js";
import { originMap } from "./map.js";
import { numberFindings, shownFirst, sides, type Numbered } from "./marks.js";
import { badgeFace, badgeSentence } from "./badge.js";
import { fullTypeName, gradeClass, label } from "./names.js";

/** What the surroundings can do; everything is optional, and a missing ability leaves its button out. */
export interface BreakdownHost {
  /** A way to show the place of this evidence in the message, or null when it is not on screen. */
  locate?(finding: Finding, evidence: Evidence): (() => void) | null;
  copy?(text: string): Promise<void>;
  feedback?(label: FeedbackLabel): Promise<void>;
  undoFeedback?(): Promise<void>;
  /** An error of `feedback` in the reader's words. */
  explain?(error: unknown): string;
}

export function breakdown(verdict: Verdict, words: Words, host: BreakdownHost = {}): HTMLElement {
  const numbers = numberFindings(verdict);
  const { for: good, against } = sides(verdict);
  return h(
    "div",
    { class: "ke-breakdown", lang: words.language, dir: words.dir },
    verdictHead(verdict, words),
    doNext(verdict, words, host),
    findingList("for", good, numbers, verdict, words, host),
    findingList("against", against, numbers, verdict, words, host),
    origin(verdict, words),
    request(verdict.facts, words),
    missing(verdict, words),
    history(verdict.facts, words),
    feedback(words, host),
    technical(verdict, words),
  );
}

function section(name: string, title: string, ...children: readonly Child[]): HTMLElement {
  return h("section", { class: "ke-section", "data-section": name }, h("h3", {}, title), ...children);
}

// ------------------------------------------------------------------ verdict in words

function verdictHead(verdict: Verdict, words: Words): HTMLElement {
  const type = fullTypeName(verdict, words);
  const seen = verdict.facts.seen;
  return h(
    "section",
    { class: "ke-section ke-verdict", "data-section": "verdict" },
    h(
      "div",
      { class: "ke-verdict-line" },
      h(
        "span",
        {
          class: `ke-badge ke-face ${gradeClass(verdict.grade)}`,
          role: "img",
          "aria-label": badgeSentence(verdict, words).replace(/[.。][^.。]*$/u, ""),
        },
        ...badgeFace(verdict, words, false),
      ),
      h(
        "strong",
        { class: "ke-type" },
        verdict.level === null ? type : words.say("verdict.level", { type, level: verdict.level }),
      ),
    ),
    h("p", { class: "ke-headline" }, verdict.headline),
    verdict.action === undefined || verdict.action === "" ? null : h("p", {}, verdict.action),
    h(
      "p",
      { class: "ke-soft" },
      words.say("verdict.coverage", {
        percent: words.number(verdict.coverage, { style: "percent", maximumFractionDigits: 0 }),
      }),
    ),
    seen === "visible" || seen === "headers" ? h("p", { class: "ke-unseen" }, words.say(`verdict.${seen}`)) : null,
  );
}

// ------------------------------------------------------------------ do next

function doNext(verdict: Verdict, words: Words, host: BreakdownHost): HTMLElement | null {
  const { handling, questions, payment, checks } = verdict.advice;
  const safeChecks = checks.filter((c) => c.url.startsWith("https://"));
  if (handling.length + questions.length + safeChecks.length === 0 && payment === null) return null;
  return section(
    "next",
    words.say("next.title"),
    handling.length > 0 ? h("ul", {}, ...handling.map((text) => h("li", {}, text))) : null,
    payment === null
      ? null
      : h("p", { class: "ke-payment" }, h("b", {}, `${words.say("next.payment")}: `), payment),
    questions.length > 0
      ? h(
          "div",
          { class: "ke-questions" },
          h("h4", {}, words.say("next.questions")),
          h("ul", {}, ...questions.map((text) => h("li", {}, text))),
          host.copy
            ? copyButton(forReply(verdict.advice), words, host.copy.bind(host))
            : null,
        )
      : null,
    safeChecks.length > 0
      ? h(
          "details",
          { class: "ke-more ke-checks" },
          h("summary", {}, words.say("next.checks", { count: words.number(safeChecks.length) })),
          h(
            "p",
            { class: "ke-chips" },
            ...safeChecks.map((check) =>
              h(
                "a",
                {
                  class: "ke-chip",
                  href: check.url,
                  target: "_blank",
                  rel: "noopener noreferrer nofollow",
                  title: words.say("next.checks.note"),
                },
                check.title,
              ),
            ),
          ),
        )
      : null,
  );
}

/** The questions as the buyer can read them, when the server said them in the buyer's language. */
function forReply(advice: Advice): string {
  const questions = advice.questions_to_buyer?.questions ?? advice.questions;
  return questions.map((q) => `- ${q}`).join("\n");
}

function copyButton(text: string, words: Words, copy: (text: string) => Promise<void>): HTMLElement {
  const status = h("span", { class: "ke-soft", role: "status" });
  return h(
    "p",
    { class: "ke-actions" },
    h(
      "button",
      {
        class: "ke-button",
        type: "button",
        onclick: () => {
          void copy(text).then(() => {
            status.textContent = words.say("next.copied");
          });
        },
      },
      words.say("next.copy"),
    ),
    status,
  );
}

// ------------------------------------------------------------------ for and against

function findingList(
  side: "for" | "against",
  findings: readonly Finding[],
  numbers: ReadonlyMap<string, Numbered>,
  verdict: Verdict,
  words: Words,
  host: BreakdownHost,
): HTMLElement {
  const title = words.say(side === "for" ? "for.title" : "against.title");
  if (findings.length === 0)
    return section(side, title, h("p", { class: "ke-soft" }, words.say(side === "for" ? "for.none" : "against.none")));
  const decisive = new Set((verdict.reasons ?? []).slice(0, 3));
  const rows = findings.map((f) => findingRow(f, numbers.get(f.id), decisive.has(f.id), words, host));
  const first = shownFirst(verdict, side);
  const rest = rows.slice(first);
  return section(
    side,
    title,
    first === 0 ? null : h("ul", { class: "ke-rows" }, ...rows.slice(0, first)),
    rest.length === 0
      ? null
      : h(
          "details",
          { class: "ke-more" },
          h("summary", {}, words.say(first === 0 ? "findings.all" : "findings.more", { count: words.number(rest.length) })),
          h("ul", { class: "ke-rows" }, ...rest),
        ),
  );
}

function findingRow(
  finding: Finding,
  numbered: Numbered | undefined,
  decides: boolean,
  words: Words,
  host: BreakdownHost,
): HTMLElement {
  const weightless = finding.points === 0;
  const tone = finding.points > 0 ? "ke-good" : "ke-bad";
  return h(
    "li",
    { class: "ke-row", "data-finding": finding.id, tabindex: -1 },
    h(
      "span",
      { class: `ke-points ${weightless ? "ke-soft" : tone}` },
      weightless ? (decides ? words.say("finding.decides") : "") : words.points(finding.points),
    ),
    h(
      "div",
      {},
      h("span", { class: "ke-finding-title" }, finding.title),
      addsToQuotes(finding) ? h("p", { class: "ke-soft" }, finding.text) : null,
      quotes(finding, numbered, words, host),
    ),
  );
}

/** Whether the text says more than the title above it and the quote below it. */
function addsToQuotes({ text, title, evidence }: Finding): boolean {
  const bare = (words: string): string => words.replace(/[\s"“”«»„.。:]+/gu, " ").trim();
  return text !== "" && text !== title && !evidence.some((e) => bare(e.quote) === bare(text));
}

function quotes(
  finding: Finding,
  numbered: Numbered | undefined,
  words: Words,
  host: BreakdownHost,
): HTMLElement | null {
  const seen = new Set<string>();
  const shown = finding.evidence.filter((e) => e.quote.trim() !== "" && !seen.has(e.quote) && seen.add(e.quote));
  if (shown.length === 0) return null;
  return h(
    "p",
    { class: "ke-quotes" },
    ...shown.slice(0, 3).map((evidence) => {
      const go = host.locate?.(finding, evidence) ?? null;
      const quote = shorten(evidence.quote);
      if (go === null) return h("q", { class: "ke-quote" }, foreign(quote));
      return h(
        "button",
        {
          class: "ke-quote ke-quote-button",
          type: "button",
          onclick: go,
        },
        h("span", { class: "ke-hidden" }, words.say("finding.show")),
        typeof numbered?.number === "number"
          ? h("span", { class: "ke-number", "aria-hidden": "true" }, String(numbered.number))
          : null,
        h("q", {}, foreign(quote)),
      );
    }),
  );
}

/** One line of at most 120 characters, cut between code points. */
function shorten(quote: string): string {
  const points = Array.from(quote.replace(/\s+/gu, " ").trim());
  return points.length <= 120 ? points.join("") : `${points.slice(0, 118).join("")} \u2026`;
}

// ------------------------------------------------------------------ tables

type Row = readonly [title: string, value: Child | readonly Child[], muted?: boolean];

function table(rows: readonly Row[]): HTMLElement {
  return h(
    "dl",
    { class: "ke-table" },
    ...rows.flatMap(([title, value, muted]) => [
      h("dt", {}, title),
      h("dd", muted === true ? { class: "ke-soft" } : {}, ...(Array.isArray(value) ? (value as Child[]) : [value as Child])),
    ]),
  );
}

function origin(verdict: Verdict, words: Words): HTMLElement {
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

/** Values of the message, one after the other, each isolated in its own writing direction. */
function list(values: readonly string[]): Child[] {
  return values.flatMap((value, i) => [i === 0 ? null : " \u00b7 ", foreign(value)]);
}

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

function request(facts: Facts, words: Words): HTMLElement {
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

function missing(verdict: Verdict, words: Words): HTMLElement {
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

function history(facts: Facts, words: Words): HTMLElement {
  const past = facts.history;
  const lines =
    past === null
      ? [words.say("history.unasked")]
      : past.messages_from_sender === 0
        ? [words.say("history.none")]
        : [
            words.say("history.count", {
              count: words.number(past.messages_from_sender),
              first: past.first_seen === null ? "?" : words.clock(past.first_seen),
            }),
          ];
  if (past !== null && past.confirmed_genuine + past.confirmed_fake > 0)
    lines.push(
      words.say("history.confirmed", {
        genuine: words.number(past.confirmed_genuine),
        fake: words.number(past.confirmed_fake),
      }),
    );
  return section("history", words.say("history.title"), ...lines.map((line) => h("p", { class: "ke-soft" }, line)));
}

// ------------------------------------------------------------------ feedback

const LABELS = ["genuine", "fake", "not_inquiry"] as const;

function feedback(words: Words, host: BreakdownHost): HTMLElement | null {
  if (!host.feedback) return null;
  const send = host.feedback.bind(host);
  const undo = host.undoFeedback?.bind(host);
  const status = h("p", { class: "ke-soft", role: "status" });
  const buttons = h("div", { class: "ke-actions" });
  const box = section("feedback", words.say("feedback.title"), buttons, status);

  const fail = (error: unknown): void => {
    status.replaceChildren(words.say("feedback.failed", { reason: host.explain?.(error) ?? "" }));
    busy(false);
  };
  const busy = (on: boolean): void => {
    for (const button of box.querySelectorAll("button")) button.disabled = on;
  };
  const ask = (): void => {
    buttons.replaceChildren(
      ...LABELS.map((key) =>
        h(
          "button",
          {
            class: "ke-button",
            type: "button",
            "data-label": key,
            onclick: () => {
              busy(true);
              send(key).then(() => {
                thank(key);
              }, fail);
            },
          },
          words.say(`feedback.${key}`),
        ),
      ),
    );
  };
  const thank = (key: (typeof LABELS)[number]): void => {
    status.replaceChildren(words.say("feedback.thanks", { label: words.say(`feedback.${key}`) }));
    if (!undo) {
      buttons.replaceChildren();
      return;
    }
    const back = h(
      "button",
      {
        class: "ke-button",
        type: "button",
        onclick: () => {
          busy(true);
          undo().then(() => {
            ask();
            status.replaceChildren(words.say("feedback.undone"));
            buttons.querySelector("button")?.focus();
          }, fail);
        },
      },
      words.say("feedback.undo"),
    );
    buttons.replaceChildren(back);
    back.focus();
  };
  ask();
  return box;
}

// ------------------------------------------------------------------ technical details

function technical(verdict: Verdict, words: Words): HTMLElement {
  const { findings, facts } = verdict;
  const count = (outcome: Finding["outcome"]): string =>
    words.number(findings.filter((f) => f.outcome === outcome).length);
  const of100 = (value: number): string =>
    words.say("technical.of100", { value: words.number(value, { maximumFractionDigits: 0 }) });
  const unknown = findings.filter((f) => f.outcome === "unknown");
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
    unknown.length > 0 ? h("div", {}, h("h4", {}, words.say("technical.unknown")), titles(unknown)) : null,
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
