/** Code points of the server to UTF-16 of the browser, and the order of findings. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { numberFindings, partIndex, rangesIn, segments, sides, utf16Offsets } from "../../extension/src/ui/marks.js";
import { evidence, finding, VERDICT } from "./sample.js";

const marked = (text: string, start: number, end: number): string =>
  segments(text, [{ start, end, value: 1 }])
    .filter((piece) => piece.values.length > 0)
    .map((piece) => piece.text)
    .join("|");

const ROWS: readonly (readonly [why: string, text: string, start: number, end: number, wanted: string])[] = [
  ["plain ASCII", "quote 2,000 pcs now", 6, 15, "2,000 pcs"],
  ["an emoji before it counts once", "😀 2,000 pcs", 2, 11, "2,000 pcs"],
  ["an emoji inside", "a 👍🏽 b", 2, 4, "👍🏽"],
  ["CJK beyond the basic plane", "𠮷野家 询价", 1, 3, "野家"],
  ["Arabic is counted logically", "نرجو عرض سعر PN16", 5, 12, "عرض سعر"],
  ["a combining sign is its own code point", "e\u0301tat", 0, 2, "e\u0301"],
  ["a lone surrogate does not shift what follows", "\ud800 abc", 2, 5, "abc"],
  ["an end past the text is cut", "abc", 1, 99, "bc"],
  ["an empty range marks nothing", "abc", 1, 1, ""],
  ["a reversed range marks nothing", "abc", 2, 1, ""],
  ["a negative start marks nothing", "abc", -1, 2, ""],
  ["a start past the text marks nothing", "abc", 7, 9, ""],
];

for (const [why, text, start, end, wanted] of ROWS)
  test(`range: ${why}`, () => {
    assert.equal(marked(text, start, end), wanted);
  });

test("segments keep the whole text, whatever overlaps", () => {
  const text = "👍 one two three 询价 مرحبا";
  const pieces = segments(text, [
    { start: 2, end: 9, value: "a" },
    { start: 6, end: 15, value: "b" },
    { start: 6, end: 9, value: "c" },
    { start: 0, end: 400, value: "d" },
  ]);
  assert.equal(pieces.map((p) => p.text).join(""), text);
  assert.deepEqual(pieces.find((p) => p.text === "two")?.values, ["a", "b", "c", "d"]);
});

test("offsets agree with Array.from on every position", () => {
  const text = "a😀é\u0301𠮷ع🏳️‍🌈z";
  const points = Array.from(text);
  const all = points.map((_, i) => i);
  const units = utf16Offsets(text, all);
  for (const i of all) assert.equal(units.get(i), points.slice(0, i).join("").length);
});

test("a message of a million code points is cut quickly enough to be read", () => {
  const text = "😀a".repeat(500_000);
  const ranges = Array.from({ length: 200 }, (_, i) => ({ start: i * 4000, end: i * 4000 + 5, value: i }));
  const pieces = segments(text, ranges);
  assert.equal(pieces.filter((p) => p.values.length === 1).length, 200);
});

test("the heaviest finding comes first on its side, what decides before it", () => {
  const verdict = {
    ...VERDICT,
    category: "phishing" as const,
    reasons: ["links.password"],
    findings: [
      finding("a.small", -2),
      finding("b.big", -30),
      finding("links.password", -10),
      finding("c.gate", 0, { effect: "gate" }),
      finding("d.good", 4),
      finding("e.fact", 0, { effect: "fact" }),
      finding("f.miss", -50, { outcome: "miss" }),
    ],
  };
  assert.deepEqual(
    sides(verdict).against.map((f) => f.id),
    ["links.password", "c.gate", "b.big", "a.small"],
  );
  assert.deepEqual(
    sides(verdict).for.map((f) => f.id),
    ["d.good"],
  );
});

test("numbers go to findings that quote, in the order in which they are read", () => {
  const verdict = {
    ...VERDICT,
    findings: [
      finding("a.one", 5, { evidence: [evidence("text", "x")] }),
      finding("b.none", 9),
      finding("c.two", -5, { evidence: [evidence("subject", "y")] }),
    ],
    reasons: [],
  };
  assert.deepEqual(
    [...numberFindings(verdict).values()].map((n) => [n.number, n.side, n.finding.id]),
    [
      [1, "for", "a.one"],
      [2, "against", "c.two"],
    ],
  );
  assert.equal(rangesIn(verdict, ["subject"]).length, 1);
});

test("only what is unfolded is numbered: five a side, nothing that speaks for a dangerous message", () => {
  const many = Array.from({ length: 9 }, (_, i) => finding(`q.${String(i)}`, 20 - i, { evidence: [evidence("text", "x")] }));
  const against = finding("r.bad", -40, { evidence: [evidence("text", "y")] });
  const numbers = (banner: "none" | "danger"): unknown =>
    [...numberFindings({ ...VERDICT, banner, reasons: [], findings: [...many, against] }).values()].map((n) => n.number);
  assert.deepEqual(numbers("none"), [1, 2, 3, 4, 5, null, null, null, null, 6]);
  assert.deepEqual(numbers("danger"), [...Array<null>(9).fill(null), 1]);
});

test("link:3 and attachment:0 are told apart", () => {
  assert.equal(partIndex(evidence("link:3", "x"), "link"), 3);
  assert.equal(partIndex(evidence("attachment:0", "x"), "attachment"), 0);
  assert.equal(partIndex(evidence("link:3", "x"), "attachment"), null);
  assert.equal(partIndex(evidence("header:link:3", "x"), "link"), null);
});
