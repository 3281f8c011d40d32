/** Every adapter against its dated pages: which messages it finds, what it reads, where badge and banner stand. */

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { Window } from "happy-dom";
import type { Reach } from "../../../extension/src/adapters/adapter.js";
import { adapterFor, ADAPTERS, patternsMatch } from "../../../extension/src/adapters/all.js";

interface Expected {
  readonly url: string;
  readonly adapter: string;
  /** What the webmail's server answers, by address; every other address is an error. */
  readonly answers: Readonly<Record<string, { readonly type: string; readonly body: string }>>;
  readonly mails: readonly {
    readonly key: string;
    readonly raw?: string;
    readonly mailbox?: string;
    /** The badge stands right before this element, right behind it ("x + *"), or at the end of its parent. */
    readonly badge: string;
    readonly banner: string;
    readonly bodies: number;
    readonly attachments: readonly string[];
    /** What is sent when the raw source cannot be had; other fields may be there too. */
    readonly seen: Readonly<Record<string, unknown>>;
  }[];
  readonly rows: readonly string[];
}

const FOLDER = "tests/extension/adapters";
const cases = readdirSync(FOLDER, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .flatMap(({ name }) => readdirSync(`${FOLDER}/${name}`).filter((file) => file.endsWith(".html")).map((file) => `${FOLDER}/${name}/${file}`));

/** The page as a browser would have it, without running its scripts. */
function open(file: string, url: string): Document {
  const window = new Window({ url });
  Object.assign(globalThis, { XMLSerializer: window.XMLSerializer });
  window.document.write(readFileSync(file, "utf8"));
  return window.document as unknown as Document;
}

/** Answers the addresses named, and throws for any other. */
function reach(answers: Expected["answers"]): Reach {
  const get = (url: string): ReturnType<Reach["beyond"]> => {
    const answer = answers[url];
    if (answer === undefined) return Promise.reject(new Error(`asked for ${url}`));
    return Promise.resolve({ bytes: new Uint8Array(new TextEncoder().encode(answer.body)), type: answer.type });
  };
  return { page: get, beyond: get };
}

function stands(page: Document, slot: { parent: Element; before: Node | null } | null, place: string): void {
  assert.ok(slot, "no slot");
  const behind = place.endsWith(" + *");
  const named = page.querySelector(behind ? place.slice(0, -4) : place);
  assert.ok(named, `the page has no ${place}`);
  if (behind) assert.equal(slot.before, named.nextSibling);
  else assert.ok(slot.before === named || slot.parent === named || slot.parent === named.parentElement || named.contains(slot.parent) || slot.parent.contains(named), place);
}

for (const file of cases) {
  const expected = JSON.parse(readFileSync(file.replace(/html$/, "json"), "utf8")) as Expected;
  test(file.slice(FOLDER.length + 1), async () => {
    const page = open(file, expected.url);
    const adapter = adapterFor(page);
    assert.equal(adapter?.id, expected.adapter);
    const mails = adapter.findOpenMails(page);
    assert.deepEqual(mails.map((mail) => mail.key), expected.mails.map((mail) => mail.key));
    for (const [i, wanted] of expected.mails.entries()) {
      const mail = mails[i];
      assert.ok(mail);
      stands(page, adapter.badgeSlot(mail), wanted.badge);
      stands(page, adapter.bannerSlot(mail), wanted.banner);
      assert.equal(adapter.bodies(mail).length, wanted.bodies);
      assert.deepEqual([...new Set((adapter.attachments?.(mail) ?? []).map((one) => one.name))], wanted.attachments);
      // Badge and banner are never inside the message's own text.
      for (const body of adapter.bodies(mail)) assert.equal(body.contains(adapter.badgeSlot(mail)?.parent ?? null), false);

      const read = await adapter.readMail(mail, reach(expected.answers));
      assert.equal(read.mailbox, wanted.mailbox);
      if (wanted.raw !== undefined) {
        assert.ok("raw" in read.payload, "not raw");
        assert.equal(new TextDecoder().decode(read.payload.raw), wanted.raw);
      }
      const { payload } = await adapter.readMail(mail, reach({}));
      assert.ok("visible" in payload, "sent something raw that it cannot have");
      assert.deepEqual(payload.visible.client, { id: adapter.id, sees: "visible" });
      for (const [key, value] of Object.entries(wanted.seen)) {
        const got: unknown = (payload.visible as Readonly<Record<string, unknown>>)[key];
        if (key === "text") assert.ok(String(got).includes(String(value)), `text is ${String(got)}`);
        else assert.deepEqual(got, value, key);
      }
    }
    assert.deepEqual((adapter.listRows?.(page) ?? []).map((row) => row.key), expected.rows);
  });

  test(`${file.slice(FOLDER.length + 1)}: an error page with status 200 is not taken for the message`, async () => {
    const page = open(file, expected.url);
    const adapter = adapterFor(page);
    assert.ok(adapter);
    const html = Object.fromEntries(Object.keys(expected.answers).map((url) => [url, { type: "text/html", body: "<html>Log in</html>" }]));
    for (const mail of adapter.findOpenMails(page)) assert.ok("visible" in (await adapter.readMail(mail, reach(html))).payload);
  });
}

test("every adapter has a page", () => {
  const tested = new Set(cases.map((file) => file.split("/").at(-2)));
  assert.deepEqual(ADAPTERS.map((adapter) => adapter.id).filter((id) => !tested.has(id)), []);
});

test("ids are unique and hosts are sound match patterns", () => {
  assert.equal(new Set(ADAPTERS.map((adapter) => adapter.id)).size, ADAPTERS.length);
  for (const { hosts, fetches = [] } of ADAPTERS)
    for (const pattern of [...hosts, ...fetches]) assert.match(pattern, /^https:\/\/(\*\.)?[a-z0-9.-]+\/\*$/);
});

test("an empty page has no message, and no adapter throws at it", () => {
  for (const adapter of ADAPTERS) {
    const url = adapter.hosts[0]?.replace("*.", "www.").replace(/\*$/, "") ?? "https://mail.exporter.example/";
    const window = new Window({ url });
    const page = window.document as unknown as Document;
    assert.deepEqual(adapter.findOpenMails(page), [], adapter.id);
    assert.deepEqual(adapter.listRows?.(page) ?? [], [], adapter.id);
  }
});

const PATTERNS: readonly (readonly [pattern: string, address: string, fits: boolean])[] = [
  ["https://mail.google.com/*", "https://mail.google.com/mail/u/0/", true],
  ["https://mail.google.com/*", "http://mail.google.com/", false],
  ["https://mail.google.com/*", "https://mail.google.com.evil.example/", false],
  ["https://*.mail.qq.com/*", "https://wx.mail.qq.com/home", true],
  ["https://*.mail.qq.com/*", "https://notmail.qq.com/", false],
  ["http://127.0.0.1/*", "http://127.0.0.1:8025/x", true],
  ["https://mail.google.com/*", "javascript:alert(1)", false],
];
for (const [pattern, address, fits] of PATTERNS)
  test(`${pattern} ${fits ? "fits" : "does not fit"} ${address}`, () => {
    assert.equal(patternsMatch([pattern], address), fits);
  });
