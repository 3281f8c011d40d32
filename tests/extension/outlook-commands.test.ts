/** The built commands.js in a bare runtime, as classic Outlook gives it: ECMAScript 2016, no page, no storage. */

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { createContext, runInContext } from "node:vm";
import { Linter } from "eslint";
import { VERDICT } from "./sample.js";

const SERVER = "https://keeneye.example";
const CODE = `var KEENEYE_SERVER="${SERVER}";\n${readFileSync("server/keeneye/web/static/addin/commands.js", "utf8")}`;

interface Call {
  readonly method: string;
  readonly url: string;
  readonly token: string | null;
  readonly body: unknown;
}

/** What a report's handler tells Outlook at its end. */
interface Completed {
  readonly moveItemTo: string;
  readonly onErrorDeleteItem: boolean;
  readonly showPostProcessingDialog: { readonly title: string; readonly description: string };
}

interface World {
  readonly calls: Call[];
  readonly bars: unknown[];
  readonly run: (name: string, event?: object) => Promise<unknown>;
}

/** The script loaded where there is nothing but Office and what fetching needs. */
function world({ token = "t0k", status = 200, item = true } = {}): World {
  const calls: Call[] = [];
  const bars: unknown[] = [];
  const actions: Record<string, (event: object) => void> = {};
  const done = (value: unknown, call: unknown): void => { (call as (result: unknown) => void)({ status: "succeeded", value }); };
  const message = {
    itemType: "message",
    itemId: "1",
    subject: "RFQ",
    getAsFileAsync: (call: unknown) => { done(Buffer.from("From: a@b.example\n\nhi").toString("base64"), call); },
    notificationMessages: { replaceAsync: (_: string, details: unknown, call: unknown) => { bars.push(structuredClone(details)); done(undefined, call); } },
  };
  const office = {
    context: {
      displayLanguage: "en-US",
      requirements: { isSetSupported: () => true },
      mailbox: { item: item ? message : null, userProfile: { emailAddress: "sales@exporter.example" } },
      roamingSettings: { get: (key: string) => (key === "token" ? token : undefined) },
    },
    actions: { associate: (name: string, action: (event: object) => void) => { actions[name] = action; } },
    MailboxEnums: { MoveSpamItemTo: { JunkFolder: "junkFolder", NoMove: "noMove" } },
  };
  const fetcher = (url: string, init: RequestInit): Promise<Response> => {
    const headers = new Headers(init.headers);
    calls.push({ method: init.method ?? "GET", url, token: headers.get("Authorization"), body: init.body });
    const answer = url.includes("/feedback") ? new Response(null, { status: 204 }) : Response.json(VERDICT, { status });
    return Promise.resolve(status === 200 ? answer : Response.json({ code: "x", detail: "" }, { status }));
  };
  const context = createContext({ Office: office, fetch: fetcher, Headers, URLSearchParams, AbortSignal, atob, setTimeout, clearTimeout });
  runInContext(CODE, context);
  assert.deepEqual(Object.keys(actions).sort(), ["onSpamReport", "reportFake", "reportGenuine"]);
  return {
    calls,
    bars,
    run: (name, event = {}) =>
      new Promise((resolve) => {
        actions[name]?.({ ...event, completed: (options: unknown) => { resolve(options); } });
      }),
  };
}

test("the script is ECMAScript 2016", () => {
  const found = new Linter().verify(CODE, [{ languageOptions: { ecmaVersion: 2016, sourceType: "script" } }]);
  assert.deepEqual(found.filter((message) => message.fatal), []);
});

for (const [name, label] of [["reportFake", "fake"], ["reportGenuine", "genuine"]] as const)
  test(`${name} grades the message, tells the server and says thanks`, async () => {
    const { calls, bars, run } = world();
    await run(name);
    assert.deepEqual(
      calls.map(({ method, url, token }) => [method, url, token]),
      [
        ["POST", `${SERVER}/api/v1/grade?client=outlook&mailbox=sales%40exporter.example`, "Bearer t0k"],
        ["POST", `${SERVER}/api/v1/verdicts/0123/feedback`, "Bearer t0k"],
      ],
    );
    assert.deepEqual(JSON.parse(calls[1]?.body as string), { label });
    assert.equal(bars.length, 1);
    assert.match((bars[0] as { message: string }).message, /^Thank you\. Recorded: (Fake|Genuine)\.$/);
  });

test("a failure is said in the bar, and the button always ends", async () => {
  const refused = world({ status: 401 });
  await refused.run("reportFake");
  assert.deepEqual(refused.bars, [
    { type: "errorMessage", message: "That was not stored: The server does not accept this token. It may have been revoked." },
  ]);
  const unconnected = world({ token: "" });
  await unconnected.run("reportGenuine");
  assert.match((unconnected.bars[0] as { message: string }).message, /not connected yet/);
  assert.deepEqual(unconnected.calls, []);
  const nothing = world({ item: false });
  await nothing.run("reportFake");
  assert.deepEqual([nothing.calls, nothing.bars], [[], []]);
});

const REPORTS: readonly (readonly [why: string, event: object, body: object])[] = [
  ["fake", { options: [true, false], freeText: "" }, { label: "fake" }],
  ["fake and advertising", { options: [true, true], freeText: " knows me " }, { label: "fake", note: "knows me" }],
  ["advertising", { options: [false, true], freeText: "" }, { label: "not_inquiry" }],
  ["no reason given", { options: [false, false] }, { label: "not_inquiry" }], // nobody is called a fraud without that being said
  ["an older Outlook without options", {}, { label: "not_inquiry" }],
  ["a long note", { options: [true], freeText: "x".repeat(3000) }, { label: "fake", note: "x".repeat(500) }],
];
for (const [why, event, body] of REPORTS)
  test(`junk report, ${why}`, async () => {
    const { calls, run } = world();
    const completed = (await run("onSpamReport", event)) as Completed;
    assert.deepEqual(JSON.parse(calls[1]?.body as string), body);
    assert.equal(completed.moveItemTo, "junkFolder");
    assert.equal(completed.onErrorDeleteItem, false);
    assert.match(completed.showPostProcessingDialog.description, /^Thank you/);
  });

test("a junk report that failed moves nothing and says why", async () => {
  for (const setup of [{ status: 503 }, { token: "" }]) {
    const completed = (await world(setup).run("onSpamReport", { options: [true] })) as Completed;
    assert.equal(completed.moveItemTo, "noMove");
    assert.equal(completed.showPostProcessingDialog.title, "Not graded");
    assert.match(completed.showPostProcessingDialog.description, /busy|not connected/);
  }
});
