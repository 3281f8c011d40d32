/** Where evidence stands: the server counts Unicode code points, JavaScript strings count UTF-16 units. */

import type { Evidence, Finding, Verdict } from "../core/types.js";

export interface Range<T> {
  /** Code points, half open. */
  readonly start: number;
  readonly end: number;
  readonly value: T;
}

export interface Segment<T> {
  readonly text: string;
  /** What covers this piece of text, in the order given; empty for plain text. */
  readonly values: readonly T[];
}

/** UTF-16 indexes for code point offsets, in one pass. Offsets past the end give the length. */
export function utf16Offsets(text: string, codePoints: readonly number[]): ReadonlyMap<number, number> {
  const wanted = [...new Set(codePoints)].sort((a, b) => a - b);
  const found = new Map<number, number>();
  let unit = 0;
  let point = 0;
  for (const target of wanted) {
    while (point < target && unit < text.length) {
      const code = text.codePointAt(unit);
      unit += code !== undefined && code > 0xffff ? 2 : 1;
      point += 1;
    }
    found.set(target, unit);
  }
  return found;
}

/** Cut a text at every edge of its ranges. Ranges may overlap, be empty, reversed or outside: those mark nothing. */
export function segments<T>(text: string, ranges: readonly Range<T>[]): Segment<T>[] {
  const sound = ranges.filter((r) => Number.isInteger(r.start) && Number.isInteger(r.end) && 0 <= r.start && r.start < r.end);
  const units = utf16Offsets(
    text,
    sound.flatMap((r) => [r.start, r.end]),
  );
  const placed = sound.map((r) => ({ from: units.get(r.start) ?? 0, to: units.get(r.end) ?? 0, value: r.value }));
  const edges = [...new Set([0, text.length, ...placed.flatMap((p) => [p.from, p.to])])].sort((a, b) => a - b);
  const pieces: Segment<T>[] = [];
  for (let i = 0; i + 1 < edges.length; i += 1) {
    const from = edges[i] ?? 0;
    const to = edges[i + 1] ?? from;
    const values = placed.filter((p) => p.from <= from && to <= p.to).map((p) => p.value);
    pieces.push({ text: text.slice(from, to), values });
  }
  return pieces;
}

export type Side = "for" | "against";

/** Findings as the reader weighs them: the heaviest first; what decides without points stands at the top. */
export function sides(verdict: Verdict): Readonly<Record<Side, readonly Finding[]>> {
  const decisive = new Set(verdict.reasons ?? []);
  const hits = verdict.findings.filter((f) => f.outcome === "hit");
  const gates = hits.filter((f) => f.points === 0 && f.effect === "gate");
  const good = verdict.category === "potential_customer" || verdict.category === "order_ready";
  const weight = (f: Finding): number => (f.points === 0 ? Infinity : Math.abs(f.points));
  const order = (a: Finding, b: Finding): number =>
    Number(decisive.has(b.id)) - Number(decisive.has(a.id)) || compare(weight(b), weight(a)) || a.id.localeCompare(b.id);
  return {
    for: [...(good ? gates : []), ...hits.filter((f) => f.points > 0)].sort(order),
    against: [...(good ? [] : gates), ...hits.filter((f) => f.points < 0)].sort(order),
  };
}

function compare(a: number, b: number): number {
  return a === b ? 0 : a < b ? -1 : 1;
}

/** Findings of one side that are shown before the rest is folded. */
export function shownFirst(verdict: Verdict, side: Side): number {
  if (side === "against" || verdict.banner === "none") return 5;
  // What speaks for a message that is warned of must not delay the reader.
  return verdict.banner === "danger" ? 0 : 2;
}

export interface Numbered {
  /** Null for a finding that is folded away: its place is marked only when the reader asks for it. */
  readonly number: number | null;
  readonly side: Side;
  readonly finding: Finding;
}

/** Each unfolded finding that quotes something gets the number under which message and breakdown both show it. */
export function numberFindings(verdict: Verdict): ReadonlyMap<string, Numbered> {
  const numbered = new Map<string, Numbered>();
  const found = sides(verdict);
  let last = 0;
  for (const side of ["for", "against"] as const)
    for (const [place, finding] of found[side].entries()) {
      if (numbered.has(finding.id) || !finding.evidence.some((e) => e.quote !== "")) continue;
      const open = place < shownFirst(verdict, side);
      if (open) last += 1;
      numbered.set(finding.id, { number: open ? last : null, side, finding });
    }
  return numbered;
}

/** Evidence ranges that stand in one of the parts, with the finding that each belongs to. */
export function rangesIn(verdict: Verdict, parts: readonly string[]): Range<Numbered>[] {
  return [...numberFindings(verdict).values()].flatMap((numbered) =>
    numbered.finding.evidence
      .filter((e) => parts.includes(e.part))
      .map((e) => ({ start: e.start, end: e.end, value: numbered })),
  );
}

/** The N of `link:N` or `attachment:N`, or null for another part. */
export function partIndex(evidence: Evidence, kind: "link" | "attachment"): number | null {
  const match = /^(link|attachment):(\d+)$/.exec(evidence.part);
  return match?.[1] === kind ? Number(match[2]) : null;
}

/** The links or attachments at which a warning points. Without a warning nothing is accused: no false alarm. */
export function accused(verdict: Verdict, kind: "link" | "attachment"): ReadonlySet<number> {
  if (verdict.banner === "none") return new Set();
  const findings = verdict.findings.filter((f) => f.outcome === "hit" && (f.points < 0 || f.effect === "gate"));
  const indexes = findings.flatMap((f) => f.evidence.map((e) => partIndex(e, kind)));
  return new Set(indexes.filter((i) => i !== null));
}

/** Names of the attachments at which a warning points. */
export function accusedFiles(verdict: Verdict): string[] {
  const names = [...accused(verdict, "attachment")].map((index) => verdict.facts.attachments[index]?.name ?? "");
  return [...new Set(names.filter(Boolean))];
}
