/** Addresses that readers type and administrators preset: what is taken, and as which match pattern. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { patternOf, serverAddress } from "../../extension/src/core/settings.js";
import { fromBase64, toBase64 } from "../../extension/src/core/wire.js";

const ADDRESSES: readonly (readonly [typed: string, server: string | null, pattern: string | null])[] = [
  ["https://keeneye.firm.example", "https://keeneye.firm.example", "https://keeneye.firm.example/*"],
  [" https://firm.example/keeneye/ ", "https://firm.example/keeneye", "https://firm.example/*"],
  ["keeneye.firm.example", "https://keeneye.firm.example", "https://keeneye.firm.example/*"],
  ["127.0.0.1:8025", "http://127.0.0.1:8025", "http://127.0.0.1/*"], // match patterns have no port
  ["localhost:8025", "http://localhost:8025", "http://localhost/*"],
  ["http://[::1]:8025", "http://[::1]:8025", "http://[::1]/*"],
  ["https://firm.example/?a=b#c", "https://firm.example", "https://firm.example/*"],
  ["https://user:secret@firm.example", null, null], // a name before the host is how addresses deceive
  ["ftp://firm.example", null, null],
  ["javascript:alert(1)", null, null],
  ["not an address", null, null],
  ["https://*/*", null, null], // would ask for every site
  ["", null, null],
];
for (const [typed, server, pattern] of ADDRESSES)
  test(`“${typed}” is ${server ?? "no server"}`, () => {
    assert.equal(serverAddress(typed), server);
    assert.equal(patternOf(typed), pattern);
  });

test("bytes of any value and length survive the way to the background", () => {
  for (const length of [0, 1, 0x7fff, 0x8000, 0x8001, 100_000]) {
    const bytes = Uint8Array.from({ length }, (_, i) => (i * 31) % 256);
    assert.deepEqual(fromBase64(toBase64(bytes)), bytes);
  }
});
