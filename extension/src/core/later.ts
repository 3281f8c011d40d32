/** Facts that arrive after the verdict, such as the age of a domain: asked for a few times, then left. */

import type { Facts, Finding, Verdict } from "./types.js";

/** Milliseconds from one question to the next. */
const WAITS = [3_000, 12_000] as const;

/** Calls `improve` with each better verdict. `get` gives null when nothing is known of it. Ends when aborted. */
export async function followUp(
  verdict: Verdict,
  get: (known: Verdict) => Promise<Verdict | null>,
  improve: (better: Verdict) => void,
  signal: AbortSignal,
  waits: readonly number[] = WAITS,
): Promise<void> {
  let known = verdict;
  const over = (): boolean => signal.aborted;
  for (const wait of waits) {
    if (known.pending.length === 0) return;
    await new Promise((resolve) => setTimeout(resolve, wait));
    if (over()) return;
    const better = await get(known).catch(() => null);
    if (over() || better === null || better.pending.length >= known.pending.length) continue;
    known = better;
    improve(better);
  }
}

/** What the server stores of a verdict; by default without anything that the message says. */
type Stored = Partial<Omit<Verdict, "findings" | "facts">> & {
  readonly findings?: readonly (Pick<Finding, "id"> & Partial<Finding>)[];
  readonly facts?: { readonly [K in keyof Facts]?: Facts[K] | Partial<Facts[K]> };
};

/** The verdict with what the server knows of it by now; null when that is of another one. */
export function withLater(verdict: Verdict, answer: unknown): Verdict | null {
  if (typeof answer !== "object" || answer === null) return null;
  const stored = answer as Stored;
  if (stored.id !== verdict.id || !Array.isArray(stored.pending)) return null;
  const findings = verdict.findings.map((old) => renewed(old, stored.findings?.find((f) => f.id === old.id)));
  const { facts, advice, ...figures } = stored;
  const same = stored.category === verdict.category && stored.banner === verdict.banner;
  const reason = findings.find((f) => f.id === (stored.reasons ?? [])[0]);
  return {
    ...verdict,
    ...figures,
    ...(same || stored.headline !== undefined || reason === undefined ? {} : { headline: reason.title, action: "" }),
    findings,
    facts: overlaid(verdict.facts, facts ?? {}),
    advice: { ...verdict.advice, ...advice },
  };
}

function renewed(old: Finding, now: (Pick<Finding, "id"> & Partial<Finding>) | undefined): Finding {
  if (now === undefined) return old;
  const { outcome = old.outcome, points = old.points, effect = old.effect } = now;
  // Why it could not be told is no longer true.
  const text = now.text ?? (old.outcome === "unknown" && outcome !== "unknown" ? "" : old.text);
  return { ...old, outcome, points, effect, text };
}

/** Stored facts are objects with fewer keys. */
function overlaid(facts: Facts, later: Readonly<Record<string, unknown>>): Facts {
  const known = facts as unknown as Readonly<Record<string, unknown>>;
  const merged = Object.entries(later).flatMap(([key, value]) => {
    const old = known[key];
    if (isRecord(value) && isRecord(old)) return [[key, { ...old, ...value }]];
    return value === null || value === undefined ? [] : [[key, value]];
  });
  return { ...facts, ...(Object.fromEntries(merged) as Partial<Facts>) };
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
