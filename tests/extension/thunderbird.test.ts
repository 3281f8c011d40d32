/** Thunderbird's background and tags, against a strict fake: grades once, paints the right button, forgets nothing wrong. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { ApiError, explainError } from "../../extension/src/core/api.js";
import { wordsFor } from "../../extension/src/core/i18n.js";
import type { Verdict } from "../../extension/src/core/types.js";
import { fakeTag, tagsOf, VERDICT_TAGS } from "../../extension/src/entry/thunderbird/tags.js";
import { VERDICT } from "./sample.js";
import { messenger, strict } from "./thunderbird-fake.js";

const words = wordsFor("en");

const TAGGED: readonly (readonly [why: string, verdict: Partial<Verdict>, keys: string[]])[] = [
  ["an inquiry by its grade", { grade: "B", banner: "none" }, ["keeneye-b"]],
  ["a trap also as danger", { grade: "F", banner: "danger" }, ["keeneye-danger", "keeneye-f"]],
  ["caution is no danger", { grade: "C", banner: "caution" }, ["keeneye-c"]],
  ["mail that is no inquiry: none", { grade: "-", banner: "none" }, []],
  ["too little to judge: none", { grade: "?", banner: "none" }, []],
];
for (const [why, verdict, keys] of TAGGED)
  test(`tags: ${why}`, () => {
    assert.deepEqual(tagsOf({ ...VERDICT, ...verdict }, words).map(({ key }) => key), keys);
  });

test("every tag of a verdict can be taken back, and Thunderbird takes each key and colour", () => {
  for (const grade of ["A", "B", "C", "D", "E", "F"] as const)
    for (const { key, tag, color } of [...tagsOf({ ...VERDICT, grade, banner: "danger" }, words), fakeTag(words)]) {
      assert.match(key, /^[a-z-]+$/);
      assert.match(color, /^#[0-9a-f]{6}$/);
      assert.match(tag, /^Keeneye /);
      assert.ok(VERDICT_TAGS.includes(key) || key === "keeneye-fake");
    }
});

type Listener = (...heard: never[]) => unknown;

/** Runs the background with one mailbox of messages; only what it may use is there. */
async function background(): Promise<{
  display: (tab: number, id: number) => void;
  select: (tab: number, ids: readonly number[]) => void;
  ask: (name: string, asked: object, tab?: number) => Promise<{ answer?: unknown; failure?: { trouble: string; code: string | null } }>;
  badge: Map<number, string>;
  sent: { url: string; body: string }[];
  tagged: Map<number, readonly string[]>;
  shows: Map<number, number>;
  server: { up: boolean };
}> {
  const heard = new Map<string, Listener>();
  const event = (name: string) => ({ addListener: (listener: Listener) => void heard.set(name, listener) });
  const badge = new Map<number, string>();
  const tagged = new Map<number, readonly string[]>();
  const shows = new Map<number, number>();
  const sent: { url: string; body: string }[] = [];
  const server = { up: true };
  const area = (stored: Record<string, unknown>) => ({
    get: (keys: string | string[]) => Promise.resolve(Object.fromEntries([keys].flat().flatMap((key) => (key in stored ? [[key, stored[key]]] : [])))),
    set: (change: object) => Promise.resolve(void Object.assign(stored, change)),
  });
  const of = (id: number) => ({ id, headerMessageId: "same@x.example", tags: tagged.get(id) ?? [] });
  const list = (ids: readonly number[]) => ({ messages: ids.map(of) });
  Object.assign(globalThis, {
    fetch: (url: string, init: RequestInit) => {
      if (!server.up) return Promise.reject(new TypeError("down"));
      const body = new TextDecoder().decode(init.body as Uint8Array);
      sent.push({ url, body });
      const grade = /Grade: (.)/.exec(body)?.[1];
      return Promise.resolve(Response.json({ ...VERDICT, id: `v-${String(grade)}`, grade, banner: "none", language: "en" }));
    },
    chrome: strict("chrome", {
      runtime: { id: "us", getURL: () => "moz-extension://us/", onMessage: event("ask"), onInstalled: event("installed") },
      i18n: { getUILanguage: () => "en" },
      storage: {
        local: area({ server: "https://keeneye.example", token: "t", language: "en" }),
        session: area({}),
        managed: { get: () => Promise.reject(new Error("no policy")) },
        onChanged: event("stored"),
      },
    }),
    messenger: messenger({
      messages: {
        get: (id) => Promise.resolve(of(id)),
        getRaw: (id) =>
          id === 9 ? Promise.reject(new Error("no network")) : Promise.resolve(`X-Mozilla-Status: 0001\nGrade: ${String.fromCharCode(64 + id)}\r\n\r\n`),
        update: (id, { tags = [] }) => Promise.resolve(void tagged.set(id, tags)),
        tags: { list: () => Promise.resolve([]), create: () => Promise.resolve() },
        onNewMailReceived: event("arrived"),
      },
      messageDisplay: {
        getDisplayedMessages: (tab) => Promise.resolve(list(shows.has(tab) ? [shows.get(tab) ?? 0] : [])),
        onMessagesDisplayed: event("displayed"),
      },
      mailTabs: { onSelectedMessagesChanged: event("selected") },
      messageDisplayAction: {
        setBadgeText: ({ tabId, text }) => Promise.resolve(void badge.set(tabId, text)),
        setBadgeBackgroundColor: () => Promise.resolve(),
        setTitle: () => Promise.resolve(),
      },
      scripting: { messageDisplay: { getRegisteredScripts: () => Promise.resolve([]), registerScripts: () => Promise.resolve() } },
    }),
  });
  await import("../../extension/src/entry/thunderbird/background.js");
  const call = (name: string, ...args: unknown[]): unknown => heard.get(name)?.(...(args as never[]));
  return {
    display: (tab, id) => {
      shows.set(tab, id);
      call("displayed", { id: tab }, list([id]));
    },
    select: (tab, ids) => call("selected", { id: tab }, list(ids)),
    ask: (name, asked, tab) =>
      new Promise((reply) => {
        const sender = tab === undefined ? { id: "us", url: "moz-extension://us/popup.html" } : { id: "us", url: "imap://x", tab: { id: tab } };
        if (call("ask", { name, asked }, sender, reply) !== true) reply({});
      }),
    badge,
    sent,
    tagged,
    shows,
    server,
  };
}

const rest = (milliseconds = 150): Promise<void> => new Promise((go) => setTimeout(go, milliseconds));

/** When something has come about; a busy machine takes its time. */
async function until(holds: () => boolean): Promise<void> {
  for (const end = Date.now() + 10_000; !holds() && Date.now() < end; ) await rest(5);
}

test("the background", async (t) => {
  const { display, select, ask, badge, sent, tagged, shows, server } = await background();

  await t.test("grades a shown message once for button and document, without Thunderbird's notes, and tags it", async () => {
    display(1, 2);
    const opened = await ask("open", { key: "document-a" }, 1);
    const graded = await ask("grade", { key: "document-a" }, 1);
    await until(() => badge.get(1) === "B" && tagged.has(2));
    assert.equal((graded.answer as Verdict).grade, "B");
    assert.ok("prefs" in (opened.answer as object));
    assert.deepEqual(sent.map(({ body }) => body), ["Grade: B\r\n\r\n"]);
    assert.match(sent[0]?.url ?? "", /client=thunderbird/);
    assert.equal(badge.get(1), "B");
    assert.deepEqual(tagged.get(2), ["keeneye-b"]);
  });

  await t.test("grades it anew when asked for by name only", async () => {
    await ask("grade", { key: "document-a" }, 1);
    assert.equal(sent.length, 1);
    await ask("grade", { key: "document-a", anew: true }, 1);
    assert.equal(sent.length, 2);
    sent.length = 1;
  });

  await t.test("takes the letter away as soon as another message is chosen", () => {
    select(1, [2]);
    assert.equal(badge.get(1), "B");
    select(1, [3]);
    assert.equal(badge.get(1), "");
  });

  await t.test("keeps a document with its own message when the tab has gone on", async () => {
    shows.set(1, 3);
    const first = await ask("grade", { key: "document-a" }, 1);
    const second = await ask("grade", { key: "document-b" }, 1);
    assert.equal((first.answer as Verdict).grade, "B");
    assert.equal((second.answer as Verdict).grade, "C");
  });

  await t.test("does not take one message's verdict for another with the same Message-ID", async () => {
    const [second, third] = await Promise.all([ask("open", { key: "message|2" }), ask("open", { key: "message|3" })]);
    assert.deepEqual([second, third].map(({ answer }) => (answer as { verdict: Verdict }).verdict.grade), ["B", "C"]);
  });

  await t.test("lets only our own pages name a message", async () => {
    const asked = await ask("open", { key: "message|2" }, 1);
    assert.equal((asked.answer as { verdict: Verdict }).verdict.grade, "C");
  });

  await t.test("says that the server is away, and grades when it is back", async () => {
    server.up = false;
    display(1, 4);
    await until(() => badge.get(1) === "!");
    assert.equal(badge.get(1), "!");
    assert.equal((await ask("grade", { key: "document-c" }, 1)).failure?.trouble, "offline");
    server.up = true;
    assert.equal(((await ask("grade", { key: "document-c" }, 1)).answer as Verdict).grade, "D");
    await until(() => badge.get(1) === "D");
    assert.equal(badge.get(1), "D");
  });

  await t.test("says when the mail server does not give the message", async () => {
    display(1, 9);
    await until(() => badge.get(1) === "!");
    const { failure } = await ask("grade", { key: "document-d" }, 1);
    assert.equal(failure?.code, "source");
    assert.match(explainError(new ApiError("offline", null, "source"), words), /your mail server/);
    assert.equal(badge.get(1), "!");
  });

  await t.test("leaves the button empty for several messages", async () => {
    shows.delete(1);
    select(1, [2, 3]);
    await rest();
    assert.equal(badge.get(1), "");
  });
});
