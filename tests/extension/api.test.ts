/** The client of the server's API: what is sent, and what each failure is called. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { ApiError, Client, explainError, type Trouble } from "../../extension/src/core/api.js";
import { wordsFor } from "../../extension/src/core/i18n.js";
import { fromFile, fromText, IntakeError, isSource } from "../../extension/src/entry/page/intake.js";
import { VERDICT } from "./sample.js";

interface Sent {
  url: string;
  init: RequestInit;
}

function client(answer: () => Response | Promise<Response>, sent: Sent[] = [], timeout = 1000): Client {
  return new Client({ server: "http://s.example", token: "t0k", timeout }, (input, init) => {
    sent.push({ url: input as string, init: init ?? {} });
    return Promise.resolve(answer());
  });
}

const json = (status: number, body: unknown, headers: Record<string, string> = {}): Response =>
  new Response(JSON.stringify(body), { status, headers: { "Content-Type": "application/problem+json", ...headers } });

const trouble = async (work: Promise<unknown>): Promise<ApiError> => {
  try {
    await work;
  } catch (error) {
    assert.ok(error instanceof ApiError);
    return error;
  }
  throw new assert.AssertionError({ message: "no error" });
};

const RAW = { raw: new Uint8Array([70, 0, 255]) };

test("raw bytes go out untouched, with language, token and options", async () => {
  const sent: Sent[] = [];
  const verdict = await client(() => json(200, VERDICT), sent).grade(RAW, {
    language: "zh-CN",
    detail: "full",
    includeMessage: true,
    client: "page",
  });
  assert.equal(verdict.grade, "B");
  const headers = new Headers(sent[0]?.init.headers);
  assert.equal(sent[0]?.url, "http://s.example/api/v1/grade?detail=full&include=message&client=page");
  assert.equal(headers.get("Content-Type"), "message/rfc822");
  assert.equal(headers.get("Accept-Language"), "zh-CN");
  assert.equal(headers.get("Authorization"), "Bearer t0k");
  assert.equal(sent[0].init.body, RAW.raw);
  assert.equal(sent[0].init.credentials, "omit");
});

test("visible fields go out as JSON", async () => {
  const sent: Sent[] = [];
  await client(() => json(200, VERDICT), sent).grade({ visible: { text: "hi" } }, { language: "en" });
  assert.equal(sent[0]?.init.body, '{"text":"hi"}');
  assert.equal(new Headers(sent[0].init.headers).get("Content-Type"), "application/json");
});

const STATUSES: readonly (readonly [number, Trouble])[] = [
  [400, "malformed"],
  [401, "unauthorized"],
  [403, "forbidden"],
  [413, "too_large"],
  [415, "unsupported"],
  [422, "invalid"],
  [429, "rate"],
  [500, "server"],
  [502, "server"],
  [503, "unavailable"],
];

for (const [status, wanted] of STATUSES)
  test(`status ${String(status)} is ${wanted}, and is said in words`, async () => {
    const answer = json(status, { code: "some_code", detail: "text: too odd" }, { "Retry-After": "7" });
    const error = await trouble(client(() => answer).grade(RAW, { language: "en" }));
    assert.equal(error.trouble, wanted);
    assert.equal(error.code, "some_code");
    assert.equal(error.retryAfter, 7);
    for (const language of ["en", "zh-CN", "es"])
      assert.doesNotMatch(explainError(error, wordsFor(language)), /[{}]|undefined/);
  });

test("a problem that is a proxy's page still has its status", async () => {
  const error = await trouble(client(() => new Response("<html>", { status: 413 })).grade(RAW, { language: "en" }));
  assert.equal(error.trouble, "too_large");
  assert.equal(explainError(error, wordsFor("en")), "The message is larger than this server takes.");
});

test("no server, no answer in time and nonsense are told apart", async () => {
  const dead = new Client({ server: "", token: null }, () => Promise.reject(new TypeError("refused")));
  assert.equal((await trouble(dead.grade(RAW, { language: "en" }))).trouble, "offline");
  const slow = new Client({ server: "", token: null, timeout: 20 }, (_input, init) =>
    new Promise((_resolve, reject) => {
      init?.signal?.addEventListener("abort", () => {
        reject(new Error("aborted"));
      });
    }),
  );
  // Node ends when only an AbortSignal's timer is left; this one keeps it awake.
  const awake = setTimeout(() => undefined, 1000);
  assert.equal((await trouble(slow.grade(RAW, { language: "en" }))).trouble, "timeout");
  clearTimeout(awake);
  assert.equal((await trouble(client(() => new Response("<html>")).grade(RAW, { language: "en" }))).trouble, "unreadable");
  assert.equal((await trouble(client(() => json(200, { id: 1 })).grade(RAW, { language: "en" }))).trouble, "unreadable");
});

test("an abort by the caller is not an error of the server", async () => {
  const stop = new AbortController();
  stop.abort(new Error("switched"));
  const work = new Client({ server: "", token: null }, () => Promise.reject(new Error("aborted"))).grade(RAW, {
    language: "en",
    signal: stop.signal,
  });
  await assert.rejects(work, (error) => !(error instanceof ApiError));
});

test("feedback and its undo", async () => {
  const sent: Sent[] = [];
  const it = client(() => new Response(null, { status: 204 }), sent);
  await it.feedback("a/b", "fake");
  await it.undoFeedback("a/b");
  assert.deepEqual(
    sent.map((s) => [s.init.method, s.url, s.init.body]),
    [
      ["POST", "http://s.example/api/v1/verdicts/a%2Fb/feedback", '{"label":"fake"}'],
      ["DELETE", "http://s.example/api/v1/verdicts/a%2Fb/feedback", undefined],
    ],
  );
});

// ------------------------------------------------------------------ intake

const SOURCES: readonly (readonly [why: string, text: string, source: boolean])[] = [
  ["a copied source", "Received: from a\n\tby b\nFrom: x@y.example\nSubject: z\n\nhello", true],
  ["with CRLF and blank lines before", "\r\n\r\nFrom: x@y.example\r\nSubject: z\r\n\r\nhello", true],
  ["an mbox entry", "From x@y.example Mon Nov 23\nFrom: x@y.example\nTo: a@b.example\n\nhello", true],
  ["headers only", "From: x@y.example\nMessage-ID: <1@y.example>", true],
  ["a letter", "Dear Sales,\nplease quote.\n", false],
  ["a letter with colons", "Product: valve\nQuantity: 500\n\nplease quote", false],
  ["one header alone", "Subject: hello\n\ntext", false],
  ["a Chinese letter", "您好:\n请报价", false],
];

for (const [why, text, source] of SOURCES)
  test(`pasted text: ${why} is ${source ? "" : "not "}a source`, () => {
    assert.equal(isSource(text), source);
    assert.equal("raw" in fromText(text), source);
  });

test("empty and Outlook files are refused in plain words", async () => {
  const key = async (bytes: number[]): Promise<string> => {
    try {
      await fromFile(new File([new Uint8Array(bytes)], "m.eml"));
    } catch (error) {
      assert.ok(error instanceof IntakeError);
      return error.key;
    }
    return "taken";
  };
  assert.equal(await key([]), "error.empty");
  assert.equal(await key([0xd0, 0xcf, 0x11, 0xe0, 0xa1]), "error.msg");
  assert.equal(await key([70, 58]), "taken");
  assert.throws(() => fromText(" \n "), IntakeError);
});

test("a level is set by hand for an address; a server without levels is told apart from a fault", async () => {
  const sent: Sent[] = [];
  const set = (status: number): Promise<boolean> =>
    client(() => json(status, { level: 2, reason: "visited us" }), sent).setLevel("a b@c.example", 2, "visited us");
  assert.equal(await set(200), true);
  assert.equal(sent[0]?.url, "http://s.example/api/v1/senders/a%20b%40c.example/level");
  assert.deepEqual([sent[0].init.method, sent[0].init.body], ["PUT", '{"level":2,"reason":"visited us"}']);
  assert.equal(await set(404), false);
  assert.equal(await set(405), false);
  assert.equal((await trouble(set(503))).trouble, "unavailable");
});

test("figures of a marketplace profile are kept for an address", async () => {
  const sent: Sent[] = [];
  const set = (status: number): Promise<boolean> => client(() => json(status, {}), sent).setProfile("a@c.example", { verified: true });
  assert.equal(await set(200), true);
  assert.equal(sent[0]?.url, "http://s.example/api/v1/senders/a%40c.example/profile");
  assert.deepEqual([sent[0].init.method, sent[0].init.body], ["PUT", '{"profile":{"verified":true}}']);
  assert.equal(await set(404), false);
  assert.equal((await trouble(set(503))).trouble, "unavailable");
});
