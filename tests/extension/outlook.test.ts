/** Outlook's interface at each requirement set: what is read, shown and remembered, and what is left alone. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { Window } from "happy-dom";
import { OfficeMockObject } from "office-addin-mock";
import { asHtml, beginReply, cut, openItem, readItem, removeBar, showBar, type Item } from "../../extension/src/adapters/host/outlook.js";
import { keep, readKept } from "../../extension/src/adapters/host/outlook-memory.js";
import { wordsFor } from "../../extension/src/core/i18n.js";
import { barOf } from "../../extension/src/entry/outlook/bar.js";
import { replyLines } from "../../extension/src/entry/reply-help.js";
import { lookOf, wear } from "../../extension/src/entry/outlook/theme.js";
import { VERDICT } from "./sample.js";

type Done = (result: unknown) => void;
const ok = (value?: unknown): unknown => ({ status: "succeeded", value });
const failed = { status: "failed", error: { code: 9018, message: "refused" } };
/** A method that answers its callback, which stands last. */
const answers = (result: unknown, calls: unknown[][] = []) => (...given: unknown[]): void => {
  calls.push(given.slice(0, -1));
  (given.at(-1) as Done)(result);
};

const EML = "From: a@b.example\r\nSubject: caf\u00e9\r\n\r\nhi";
const BASE64 = Buffer.from(EML, "latin1").toString("base64");

interface Setup {
  readonly set: string;
  readonly item?: Readonly<Record<string, unknown>>;
  readonly settings?: Readonly<Record<string, unknown>>;
}

/** An Outlook of one requirement set; methods of later sets are simply not there. */
function outlook({ set, item = {}, settings = {} }: Setup): Item {
  const minor = (version: string): number => Number(version.split(".")[1]);
  const later: readonly (readonly [string, string, unknown])[] = [
    ["1.14", "getAsFileAsync", answers(ok(BASE64))],
    ["1.8", "getAllInternetHeadersAsync", answers(ok("Received: from x\r\nFrom: a@b.example\r\n"))],
  ];
  const own = Object.fromEntries(later.filter(([version]) => minor(version) <= minor(set)).map(([, name, method]) => [name, method]));
  const shape: Readonly<Record<string, unknown>> = {
    host: "outlook",
    context: {
      requirements: { isSetSupported: (name: string, version: string) => name === "Mailbox" && minor(version) <= minor(set) },
      mailbox: {
        userProfile: { emailAddress: "sales@exporter.example" },
        item: {
          itemType: "message",
          itemId: "1",
          subject: "RFQ",
          from: { displayName: 'Ana "A" Ruiz', emailAddress: "ana@b.example" },
          to: [{ displayName: "Sales", emailAddress: "sales@exporter.example" }],
          dateTimeCreated: new Date(Date.UTC(2026, 10, 23, 9, 40, 31)),
          attachments: [
            { name: "a.pdf", contentType: "application/pdf", size: 12, isInline: false },
            { name: "logo.png", contentType: "image/png", size: 3, isInline: true },
          ],
          body: { getAsync: (type: string, done: Done) => { done(ok(type === "html" ? "<p>hi</p>" : "hi")); } },
          ...own,
          ...item,
        },
      },
      roamingSettings: settings,
    },
  };
  Object.assign(globalThis, { Office: new OfficeMockObject(shape as ConstructorParameters<typeof OfficeMockObject>[0]) });
  return Office.context.mailbox.item as unknown as Item;
}

// ------------------------------------------------------------------ reading

test("1.14: the message as stored, byte by byte", async () => {
  const read = await readItem(outlook({ set: "1.14" }));
  assert.ok("raw" in read.payload);
  assert.equal(Buffer.from(read.payload.raw).toString("latin1"), EML);
  assert.deepEqual([read.sees, read.refused, read.mailbox], ["raw", false, "sales@exporter.example"]);
});

const SEEN = {
  subject: "RFQ",
  from: '"Ana \\"A\\" Ruiz" <ana@b.example>',
  to: '"Sales" <sales@exporter.example>',
  date: "2026-11-23T09:40:31.000Z",
  text: "hi",
  html: "<p>hi</p>",
  attachments: [{ name: "a.pdf", type: "application/pdf", size: 12 }],
  mailbox: "sales@exporter.example",
};

test("1.8: headers, text and the list of attachments", async () => {
  const read = await readItem(outlook({ set: "1.8" }));
  assert.deepEqual(read.payload, {
    visible: { ...SEEN, headers: "Received: from x\r\nFrom: a@b.example\r\n", client: { id: "outlook", sees: "headers" } },
  });
  assert.equal(read.refused, false);
});

test("1.5: what Outlook shows", async () => {
  const read = await readItem(outlook({ set: "1.5" }));
  assert.deepEqual(read.payload, { visible: { ...SEEN, client: { id: "outlook", sees: "visible" } } });
  assert.equal(read.refused, false);
});

const REFUSALS: readonly (readonly [why: string, item: Readonly<Record<string, unknown>>, sees: string])[] = [
  ["the file is refused", { getAsFileAsync: answers(failed) }, "headers"],
  ["the file is empty", { getAsFileAsync: answers(ok("")) }, "headers"],
  ["the file is no base64", { getAsFileAsync: answers(ok("*")) }, "headers"],
  ["the file throws", { getAsFileAsync: () => { throw new RangeError("no"); } }, "headers"],
  ["file and headers are refused", { getAsFileAsync: answers(failed), getAllInternetHeadersAsync: answers(failed) }, "visible"],
  ["headers are empty", { getAsFileAsync: answers(failed), getAllInternetHeadersAsync: answers(ok(" ")) }, "visible"],
];
for (const [why, item, sees] of REFUSALS)
  test(`${why}: ${sees} is read and said to be less than there is`, async () => {
    const read = await readItem(outlook({ set: "1.14", item }));
    assert.deepEqual([read.sees, read.refused], [sees, true]);
    assert.ok("visible" in read.payload);
    assert.equal(read.payload.visible.client?.sees, sees);
  });

test("an Outlook that never answers is not waited for", async (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const reading = readItem(outlook({ set: "1.14", item: { getAsFileAsync: () => undefined } }));
  // What comes before it answers at once.
  await new Promise(setImmediate);
  t.mock.timers.tick(20_000);
  assert.deepEqual([(await reading).sees, (await reading).refused], ["headers", true]);
});

test("without HTML and fields the text alone is read; without text nothing is", async () => {
  const bare = { from: undefined, to: undefined, attachments: undefined, subject: "", dateTimeCreated: undefined };
  const body = { getAsync: (type: string, done: Done) => { done(type === "html" ? failed : ok("hi")); } };
  const item = outlook({ set: "1.5" });
  Object.assign(item, { ...bare, body });
  const { payload } = await readItem(item);
  assert.deepEqual(payload, {
    visible: { text: "hi", attachments: [], mailbox: "sales@exporter.example", client: { id: "outlook", sees: "visible" } },
  });
  Object.assign(item, { body: { getAsync: (_: string, done: Done) => { done(failed); } } });
  await assert.rejects(readItem(item), /refused/);
});

test("in a shared mailbox the owner's address is given", async () => {
  const shared = { getSharedPropertiesAsync: answers(ok({ owner: "info@exporter.example" })) };
  assert.equal((await readItem(outlook({ set: "1.14", item: shared }))).mailbox, "info@exporter.example");
  assert.equal((await readItem(outlook({ set: "1.8", item: shared }))).mailbox, "info@exporter.example");
  const own = { getSharedPropertiesAsync: answers(failed) };
  assert.equal((await readItem(outlook({ set: "1.14", item: own }))).mailbox, "sales@exporter.example");
});

test("only one message that is read is taken", () => {
  const item = outlook({ set: "1.5" });
  assert.equal(openItem(), item);
  outlook({ set: "1.5", item: { itemType: "appointment" } });
  assert.equal(openItem(), null);
  outlook({ set: "1.5", item: { subject: { getAsync: () => undefined } } });
  assert.equal(openItem(), null);
  for (const nothing of [null, undefined]) {
    outlook({ set: "1.5" });
    (Office.context.mailbox as unknown as Record<string, unknown>)["item"] = nothing;
    assert.equal(openItem(), null);
  }
});

// ------------------------------------------------------------------ bar

test("bars have one key, and icon and persistence only where Outlook takes them", async () => {
  const calls: unknown[][] = [];
  const item = outlook({ set: "1.5", item: { notificationMessages: { replaceAsync: answers(ok(), calls), removeAsync: answers(failed, calls) } } });
  assert.equal(await showBar(item, "Danger: x", "error"), true);
  assert.equal(await showBar(item, "Caution: y", "information"), true);
  await removeBar(item);
  assert.deepEqual(calls, [
    ["keeneye", { type: "errorMessage", message: "Danger: x" }],
    ["keeneye", { type: "informationalMessage", message: "Caution: y", icon: "Icon.16", persistent: false }],
    ["keeneye"],
  ]);
});

test("an Outlook without bars is no error", async () => {
  assert.equal(await showBar(outlook({ set: "1.5" }), "x", "error"), false);
  await removeBar(outlook({ set: "1.5" }));
});

test("a bar has 150 UTF-16 units at most and never half a character", () => {
  assert.equal(cut("a  b\n c", 150), "a b c");
  assert.equal(cut("x".repeat(150), 150), "x".repeat(150));
  assert.equal(cut("x".repeat(151), 150), `${"x".repeat(149)}\u2026`);
  const faces = cut("\u{1f600}".repeat(100), 150);
  assert.ok(faces.length <= 150);
  assert.match(faces, /^\u{1f600}+\u2026$/u);
});

test("danger is an error, caution is information, ordinary mail has no bar", () => {
  const words = wordsFor("en");
  const of = (banner: "danger" | "caution" | "none"): unknown =>
    barOf({ ...VERDICT, banner, headline: "Asks for your password", action: "Open nothing." }, words);
  assert.deepEqual(of("danger"), { kind: "error", text: "Danger: Asks for your password. Open nothing." });
  assert.deepEqual(of("caution"), { kind: "information", text: "Caution: Asks for your password. Open nothing." });
  assert.equal(of("none"), null);
  const chinese = barOf({ ...VERDICT, banner: "danger", headline: "\u7d22\u8981\u5bc6\u7801", action: "" }, wordsFor("zh-CN"));
  assert.match(chinese?.text ?? "", /\u7d22\u8981\u5bc6\u7801\u3002$/u);
});

// ------------------------------------------------------------------ reply

test("what a reply begins with stays text", async () => {
  assert.equal(asHtml(["<img src=x onerror=alert(1)> & 'x'", ""]), "<div>&#60;img src=x onerror=alert(1)&#62; &#38; &#39;x&#39;</div><div><br></div>");
  const calls: unknown[][] = [];
  await beginReply(outlook({ set: "1.9", item: { displayReplyFormAsync: answers(ok(), calls) } }), ["- a?"]);
  const old = outlook({ set: "1.8", item: { displayReplyForm: (html: string) => { calls.push(["old", html]); } } });
  await beginReply(old, ["- b?"]);
  assert.deepEqual(calls, [["<div>- a?</div>"], ["old", "<div>- b?</div>"]]);
  await assert.rejects(beginReply(outlook({ set: "1.9", item: { displayReplyFormAsync: answers(failed) } }), ["x"]));
  await assert.rejects(beginReply(outlook({ set: "1.5" }), ["x"]));
  for (const hostName of ["OutlookIOS", "OutlookAndroid"]) {
    const phone = outlook({ set: "1.5", item: { displayReplyForm: () => { throw new Error("a phone does nothing here"); } } });
    (Office.context.mailbox as unknown as Record<string, unknown>)["diagnostics"] = { hostName };
    await assert.rejects(beginReply(phone, ["x"]), /no reason given/);
  }
});

test("the buyer's language goes before the reader's, advice stands above and says that it is not for the buyer", () => {
  const words = wordsFor("en");
  const advice = { ...VERDICT.advice, handling: ["Quote today."], questions: ["Port?"], payment: "30 %.", questions_to_buyer: { language: "es", questions: ["\u00bfPuerto?"] } };
  assert.deepEqual(replyLines(advice, words, false), ["- \u00bfPuerto?"]);
  assert.deepEqual(replyLines(advice, words, true), ["[For you, delete before sending:", "* Quote today.", "* 30 %.", "]", "", "- \u00bfPuerto?"]);
  assert.deepEqual(replyLines({ ...VERDICT.advice, handling: [], questions: ["Port?"], payment: null }, words, true), ["- Port?"]);
});

// ------------------------------------------------------------------ memory

test("token and language are kept in the mailbox", async () => {
  const mailbox = new Map<string, string>();
  const settings = {
    get: (key: string) => mailbox.get(key),
    set: (key: string, value: string) => void mailbox.set(key, value),
    remove: (key: string) => void mailbox.delete(key),
    saveAsync: answers(ok()),
  };
  const storage = new Window({ url: "https://keeneye.example" }).localStorage;
  Object.assign(globalThis, { localStorage: storage });
  outlook({ set: "1.5", settings });
  assert.deepEqual(readKept(), { token: "", language: "" });
  await keep({ token: "t0k", language: "es" });
  assert.deepEqual([...mailbox], [["token", "t0k"], ["language", "es"]]);
  assert.deepEqual(readKept(), { token: "t0k", language: "es" });
  assert.equal(storage.length, 0);
  await keep({ token: "" });
  assert.deepEqual([...mailbox], [["language", "es"]]);
  assert.equal(readKept().token, "");
});

test("where the mailbox takes nothing, this browser keeps it, apart for every framing site", async () => {
  const storage = new Window({ url: "https://keeneye.example" }).localStorage;
  Object.assign(globalThis, { localStorage: storage });
  outlook({ set: "1.5", settings: { get: () => undefined, set: () => undefined, remove: () => undefined, saveAsync: answers(failed) } });
  (Office.context as unknown as Record<string, unknown>)["partitionKey"] = "part-";
  await keep({ token: "t0k" });
  assert.equal(storage.getItem("part-keeneye.token"), "t0k");
  assert.equal(readKept().token, "t0k");
  await keep({ token: "" });
  assert.equal(storage.length, 0);
});

test("where nothing can be stored, it holds while the pane is open", async () => {
  Object.assign(globalThis, { localStorage: undefined });
  outlook({ set: "1.5" });
  await keep({ token: "now" });
  assert.equal(readKept().token, "now");
  await keep({ token: "" });
  assert.equal(readKept().token, "");
});

// ------------------------------------------------------------------ theme

const THEMES: readonly (readonly [why: string, paper: string, ink: string, theme: string, strong: boolean, taken: boolean])[] = [
  ["white", "#FFFFFF", "#242424", "light", false, true],
  ["pale", "#fafafa", "#242424", "light", false, true],
  ["light grey, on which our grades would be faint", "#d4d4d4", "#242424", "light", false, false],
  ["Office's dark grey", "#666666", "#f0f0f0", "dark", false, false],
  ["Outlook's dark mode", "#212121", "#ffffff", "dark", false, true],
  ["without the sign", "212121", "ffffff", "dark", false, true],
  ["contrast black", "#000000", "#ffff00", "dark", true, true],
  ["contrast white", "#ffffff", "#000000", "light", true, true],
];
for (const [why, paper, ink, theme, strong, taken] of THEMES)
  test(`theme: ${why}`, () => {
    const look = lookOf({ bodyBackgroundColor: paper, bodyForegroundColor: ink });
    assert.deepEqual([look?.theme, look?.strong, look?.paper !== null], [theme, strong, taken]);
  });

test("colours that cannot be read leave the system's setting; another theme leaves nothing behind", () => {
  for (const colours of [undefined, null, {}, { bodyBackgroundColor: "window", bodyForegroundColor: "#000" }])
    assert.equal(lookOf(colours), null);
  const root = new Window().document.documentElement as unknown as HTMLElement;
  wear(lookOf({ bodyBackgroundColor: "#000000", bodyForegroundColor: "#ffffff" }), root);
  assert.equal(root.dataset["theme"], "dark");
  assert.ok(root.hasAttribute("data-strong"));
  assert.equal(root.style.getPropertyValue("--ke-paper"), "#000000");
  wear(null, root);
  assert.equal(root.dataset["theme"], undefined);
  assert.ok(!root.hasAttribute("data-strong"));
  assert.equal(root.style.getPropertyValue("--ke-paper"), "");
});
