/** Thunderbird's API as it differs by version, and what Keeneye makes of it. */

import assert from "node:assert/strict";
import { test } from "node:test";
import {
  displayed,
  ensureMessageScript,
  insertInReply,
  mailboxOf,
  moveToJunk,
  onlyOne,
  rawSource,
  registerMessageScript,
  tagMessage,
  withoutNotes,
} from "../../../../extension/src/adapters/host/thunderbird.js";
import type { MessageHeader } from "../../../../extension/src/adapters/host/thunderbird-api.js";
import { messenger } from "../../thunderbird-fake.js";

const bytes = (text: string): Uint8Array<ArrayBuffer> => Uint8Array.from(text, (sign) => sign.charCodeAt(0));
const text = (raw: Uint8Array): string => String.fromCharCode(...raw);
const header = (id: number, more: Partial<MessageHeader> = {}): MessageHeader => ({ id, headerMessageId: `${String(id)}@x.example`, ...more });

const SOURCES: readonly (readonly [why: string, given: string, left: string])[] = [
  ["two notes with bare line feeds", "X-Mozilla-Status: 0001\nX-Mozilla-Status2: 00000000\nFrom: a@b.example\r\n\r\nx", "From: a@b.example\r\n\r\nx"],
  ["notes with CRLF, and keys", "X-Mozilla-Status: 0001\r\nX-Mozilla-Keys: keeneye-a          \r\nReceived: x\r\n", "Received: x\r\n"],
  ["none", "Received: x\r\nFrom: a\r\n\r\n", "Received: x\r\nFrom: a\r\n\r\n"],
  ["the sender's own, below a Received line", "Received: x\r\nX-Mozilla-Status: 0001\r\n\r\n", "Received: x\r\nX-Mozilla-Status: 0001\r\n\r\n"],
  ["a header that only begins alike", "X-Mozilla-Status-Of: 1\r\n\r\n", "X-Mozilla-Status-Of: 1\r\n\r\n"],
  ["nothing at all", "", ""],
];
for (const [why, given, left] of SOURCES)
  test(`source without Thunderbird's notes: ${why}`, () => {
    assert.equal(text(withoutNotes(bytes(given))), left);
  });

test("every other byte of the source stays, from a File or from a string of bytes", async () => {
  const all = Uint8Array.from({ length: 1024 }, (_, i) => i % 256);
  const stored = [...bytes("X-Mozilla-Status: 0001\nX-Mozilla-Status2: 0\n"), ...all];
  for (const raw of [new Blob([Uint8Array.from(stored)]), String.fromCharCode(...stored)]) {
    const asked: unknown[] = [];
    const api = messenger({ messages: { getRaw: (...how) => Promise.resolve(asked.push(how) > 0 ? raw : "") } });
    assert.deepEqual(await rawSource(api, 1), all);
    assert.deepEqual(asked, [[1, { data_format: "File" }]]);
  }
});

test("one message is shown, or none: lists come as pages and as arrays", () => {
  assert.equal(onlyOne({ messages: [header(3)] })?.id, 3);
  assert.equal(onlyOne([header(4)])?.id, 4);
  assert.equal(onlyOne([]), null);
  assert.equal(onlyOne({ messages: [header(1), header(2)] }), null);
});

test("the message that is shown is known once the choice in the list has rested; all who ask share the looking", async () => {
  const named = [1, 2, 2];
  const early: number[] = [];
  let asked = 0;
  const api = messenger({
    messageDisplay: { getDisplayedMessages: () => Promise.resolve([header(named[Math.min(asked++, named.length - 1)] ?? 0)]) },
  });
  const [first, second] = await Promise.all([displayed(api, 7, (id) => early.push(id)), displayed(api, 7)]);
  assert.equal(first?.id, 2);
  assert.equal(second?.id, 2);
  assert.equal(asked, 3);
  assert.deepEqual(early, [1, 2]);
});

test("the script is registered once from Thunderbird 128 on", async () => {
  const registered: unknown[] = [];
  const scripts = (known: readonly { id: string }[]) => ({
    getRegisteredScripts: () => Promise.resolve(known),
    registerScripts: (wanted: unknown) => Promise.resolve(void registered.push(wanted)),
  });
  await registerMessageScript(messenger({ scripting: { messageDisplay: scripts([]) } }), "a.js", "a.css");
  await registerMessageScript(messenger({ scripting: { messageDisplay: scripts([{ id: "message" }]) } }), "a.js", "a.css");
  assert.deepEqual(registered, [[{ id: "message", js: ["a.js"], css: ["a.css"], runAt: "document_end" }]]);
});

test("the script is registered the old way in Thunderbird 115", async () => {
  const registered: unknown[] = [];
  const api = messenger(
    { scripting: {}, messageDisplayScripts: { register: (script) => Promise.resolve(registered.push(script)) } },
    ["messenger.scripting.messageDisplay"],
  );
  await registerMessageScript(api, "a.js", "a.css");
  assert.deepEqual(registered, [{ js: [{ file: "a.js" }], css: [{ file: "a.css" }] }]);
});

test("a message that woke the background gets its script in Thunderbird 115, where no registration is left", async () => {
  const into: unknown[] = [];
  const scripting = {
    insertCSS: (css: unknown) => Promise.resolve(void into.push(css)),
    executeScript: (js: unknown) => Promise.resolve(into.push(js) > 0 ? [] : []),
  };
  await ensureMessageScript(messenger({ scripting }, ["messenger.scripting.messageDisplay"]), 7, "a.js", "a.css");
  assert.deepEqual(into, [{ target: { tabId: 7 }, files: ["a.css"] }, { target: { tabId: 7 }, files: ["a.js"] }]);
  const messageDisplay = { getRegisteredScripts: () => Promise.resolve([]), registerScripts: () => Promise.resolve() };
  await ensureMessageScript(messenger({ scripting: { messageDisplay } }), 7, "a.js", "a.css");
});

const A = { key: "keeneye-a", tag: "Keeneye A", color: "#0f6b3a" };
const GROUP = ["keeneye-a", "keeneye-b"];

const TAGS: readonly (readonly [why: string, before: string[], wanted: (typeof A)[], after: string[] | null])[] = [
  ["a new tag beside the reader's own", ["$label1"], [A], ["$label1", "keeneye-a"]],
  ["another grade replaces the old one", ["keeneye-b", "$label1"], [A], ["$label1", "keeneye-a"]],
  ["none takes the old one back", ["keeneye-a", "$label1"], [], ["$label1"]],
  ["what is right already is not written", ["keeneye-a", "$label1"], [A], null],
];
for (const [why, before, wanted, after] of TAGS)
  for (const old of [false, true])
    test(`tags${old ? " before Thunderbird 121" : ""}: ${why}`, async () => {
      const updated: unknown[] = [];
      const created: unknown[] = [];
      const list = () => Promise.resolve([{ key: "$label1", tag: "Important", color: "#ff0000" }]);
      const create = (...tag: string[]) => Promise.resolve(void created.push(tag));
      const api = messenger(
        {
          messages: {
            get: () => Promise.resolve(header(5, { tags: before })),
            update: (id, change) => Promise.resolve(void updated.push([id, change])),
            ...(old ? { listTags: list, createTag: create } : { tags: { list, create } }),
          },
        },
        ["messenger.messages.tags"],
      );
      await tagMessage(api, 5, GROUP, wanted);
      assert.deepEqual(updated, after === null ? [] : [[5, { tags: after }]]);
      assert.deepEqual(created, after !== null && wanted.length > 0 ? [["keeneye-a", "Keeneye A", "#0f6b3a"]] : []);
    });

test("the mailbox is that of the account's first identity; a message from a file has none", async () => {
  const accounts = { get: () => Promise.resolve({ identities: [{ email: "sales@exporter.example" }] }) };
  const inFolder = { get: () => Promise.resolve(header(1, { folder: { accountId: "account1" } })) };
  assert.equal(await mailboxOf(messenger({ messages: inFolder, accounts }), 1), "sales@exporter.example");
  const inFile = { get: () => Promise.resolve(header(1)) };
  assert.equal(await mailboxOf(messenger({ messages: inFile }), 1), null);
});

test("junk goes to the account's junk folder, however deep and however that version names it", async () => {
  for (const [junk, destination] of [
    [{ id: "f9", specialUse: ["junk"] }, "f9"],
    [{ accountId: "account1", type: "junk" }, { accountId: "account1", type: "junk" }],
  ] as const) {
    const moved: unknown[] = [];
    const inbox = { accountId: "account1", specialUse: ["inbox"] };
    const api = messenger({
      messages: {
        get: () => Promise.resolve(header(2, { folder: inbox })),
        update: () => Promise.resolve(),
        move: (ids, to) => Promise.resolve(void moved.push([ids, to])),
      },
      accounts: { get: () => Promise.resolve({ rootFolder: { subFolders: [inbox, { subFolders: [junk] }] } }) },
    });
    await moveToJunk(api, 2);
    assert.deepEqual(moved, [[[2], destination]]);
  }
});

test("without a junk folder, or without the permission to move, a fake is marked and stays", async () => {
  for (const absent of [true, false]) {
    const marked: unknown[] = [];
    const api = messenger(
      {
        messages: {
          get: () => Promise.resolve(header(2, { folder: { accountId: "account1" } })),
          update: (_, change) => Promise.resolve(void marked.push(change)),
          ...(absent ? {} : { move: () => Promise.reject(new Error("moved")) }),
        },
        accounts: { get: () => Promise.resolve({ rootFolder: { subFolders: [] } }) },
      },
      ["messenger.messages.move"],
    );
    await moveToJunk(api, 2);
    assert.deepEqual(marked, [{ junk: true }]);
  }
});

test("words go into the reply to this message that is open, and no other", async () => {
  const into: unknown[] = [];
  const details = new Map([
    [11, { type: "reply", relatedMessageId: 8 }],
    [12, { type: "forward", relatedMessageId: 9 }],
    [13, { type: "reply", relatedMessageId: 9 }],
  ]);
  const api = messenger({
    tabs: { query: () => Promise.resolve([{ id: 11 }, { id: 12 }, { id: 13, windowId: 4 }]) },
    compose: { getComposeDetails: (tab) => Promise.resolve(details.get(tab) ?? {}) },
    windows: { update: (id, change) => Promise.resolve(into.push([id, change])) },
    scripting: { executeScript: (asked) => Promise.resolve([{ result: "args" in asked && into.push([asked.target, asked.args]) > 0 }]) },
  });
  await insertInReply(api, 9, "- Which size?");
  assert.deepEqual(into, [[4, { focused: true }], [{ tabId: 13 }, ["- Which size?"]]]);
});

test("without an open reply one is begun; when its editor takes nothing, that is an error", async () => {
  const api = messenger({
    tabs: { query: () => Promise.resolve([]) },
    compose: { beginReply: (id) => Promise.resolve({ id: id === 9 ? 21 : 0 }) },
    scripting: { executeScript: ({ target }) => Promise.resolve([{ result: target.tabId !== 21 }]) },
  });
  await assert.rejects(insertInReply(api, 9, "x"), /not inserted/);
});
