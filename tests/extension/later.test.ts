/** Facts that arrive after the verdict: how often they are asked for, and what they change. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { Client } from "../../extension/src/core/api.js";
import { followUp, withLater } from "../../extension/src/core/later.js";
import type { Verdict } from "../../extension/src/core/types.js";
import { FACTS, finding, VERDICT } from "./sample.js";

const SOON = [1, 1];
const KNOWN: Verdict = { ...VERDICT, pending: [], facts: { ...FACTS, sender: { ...FACTS.sender, domain_age_days: 3000 } } };

async function follow(answers: readonly (Verdict | null | Error)[], verdict: Verdict = VERDICT): Promise<{ asked: number; got: Verdict[] }> {
  const got: Verdict[] = [];
  let asked = 0;
  const get = (): Promise<Verdict | null> => {
    const answer = answers[asked] ?? null;
    asked += 1;
    return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);
  };
  await followUp(verdict, get, (better) => got.push(better), new AbortController().signal, SOON);
  return { asked, got };
}

test("nothing pending, nothing asked", async () => {
  assert.deepEqual(await follow([KNOWN], { ...VERDICT, pending: [] }), { asked: 0, got: [] });
});

test("asked until the facts are there", async () => {
  assert.deepEqual(await follow([KNOWN, KNOWN]), { asked: 1, got: [KNOWN] });
  assert.deepEqual(await follow([VERDICT, KNOWN]), { asked: 2, got: [KNOWN] });
});

test("a server that is away or knows nothing is asked twice and then left", async () => {
  assert.deepEqual(await follow([new Error("down"), null, KNOWN]), { asked: 2, got: [] });
});

test("nothing is asked of a message that has left", async () => {
  const gone = new AbortController();
  gone.abort();
  await followUp(VERDICT, () => Promise.reject(new Error("asked")), () => assert.fail("improved"), gone.signal, SOON);
});

/** What the server stores by default: no words of the message or about it. */
const STORED = {
  id: VERDICT.id,
  category: "potential_customer",
  banner: "none",
  grade: "A",
  stars: 5,
  pending: [],
  reasons: ["request.product"],
  findings: [
    { id: "domain.age", family: "domain", outcome: "hit", effect: "quality", points: 5, source: "S2", evidence: [] },
    { id: "request.product", family: "request", outcome: "hit", effect: "quality", points: 14, source: "S2", evidence: [{ part: "text", start: 13, end: 22 }] },
  ],
  facts: { sender: { mailbox: "company", domain_age_days: 4100, has_mx: true, has_site: true }, origin: { country: "PE" } },
  advice: { handling: ["Quote today."], payment: null },
  left_out: ["headline", "findings.title"],
};

test("later figures come in; the words and quotes that are not stored stay", () => {
  const verdict = { ...VERDICT, findings: VERDICT.findings.map((f) => (f.id === "domain.age" ? { ...f, text: "Not known yet" } : f)) };
  const better = withLater(verdict, STORED);
  assert.equal(better?.grade, "A");
  assert.deepEqual(better.pending, []);
  assert.equal(better.headline, VERDICT.headline);
  assert.equal(better.facts.sender.domain_age_days, 4100);
  assert.equal(better.facts.sender.address, FACTS.sender.address);
  assert.equal(better.facts.origin.city, "Lima");
  assert.deepEqual(better.facts.request, FACTS.request);
  const age = better.findings.find((f) => f.id === "domain.age");
  assert.deepEqual([age?.outcome, age?.points, age?.title, age?.text], ["hit", 5, "Title of domain.age", ""]);
  assert.equal(better.findings.find((f) => f.id === "request.product")?.evidence[0]?.quote, "2,000 pcs");
  assert.deepEqual(better.advice.questions, VERDICT.advice.questions);
});

test("a verdict that became a warning gets the title of its reason as headline", () => {
  const verdict = { ...VERDICT, findings: [...VERDICT.findings, finding("domain.new", 0, { outcome: "unknown" })] };
  const danger = { ...STORED, category: "fraud", banner: "danger", reasons: ["domain.new"], findings: [{ id: "domain.new", outcome: "hit", points: -30 }] };
  assert.equal(withLater(verdict, danger)?.headline, "Title of domain.new");
});

test("the answer about another verdict is not taken", () => {
  assert.equal(withLater(VERDICT, { ...STORED, id: "other" }), null);
  assert.equal(withLater(VERDICT, "busy"), null);
});

test("the client asks for the verdict by its id", async () => {
  const asked: string[] = [];
  const client = new Client({ server: "http://s.example", token: "t" }, (input, init) => {
    asked.push(`${init?.method ?? ""} ${input as string}`);
    return Promise.resolve(new Response(JSON.stringify(STORED)));
  });
  assert.equal((await client.later(VERDICT))?.grade, "A");
  assert.deepEqual(asked, [`GET http://s.example/api/v1/verdicts/${VERDICT.id}`]);
});
