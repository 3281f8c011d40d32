/** The form for a buyer's marketplace figures: what it shows, what it sends, and when it is not there. */

import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { LANGUAGES, wordsFor } from "../../extension/src/core/i18n.js";
import type { Verdict } from "../../extension/src/core/types.js";
import { breakdown, type BreakdownHost } from "../../extension/src/ui/breakdown.js";
import { FACTS, freshDocument, VERDICT } from "./sample.js";

const KNOWN: Verdict = {
  ...VERDICT,
  facts: { ...FACTS, profile: { verified: true, level: "L2", junk_inquiries: 3, searches: ["led strip", "hose"], store_pages: 6 } },
};

beforeEach(() => {
  freshDocument();
});

function formOf(verdict: Verdict, host: BreakdownHost, language = "en"): HTMLFormElement | null {
  const element = breakdown(verdict, wordsFor(language), host);
  document.body.append(element);
  return element.querySelector<HTMLFormElement>("[data-section=profile] form");
}

function field(form: HTMLFormElement, name: string): HTMLInputElement {
  const found = form.querySelector<HTMLInputElement>(`[name=${name}]`);
  assert.ok(found, name);
  return found;
}

async function submit(form: HTMLFormElement): Promise<string> {
  form.dispatchEvent(new window.Event("submit", { cancelable: true }));
  await new Promise((resolve) => setTimeout(resolve, 0));
  return document.querySelector("[data-section=profile] [role=status]")?.textContent ?? "gone";
}

test("figures are typed, sent for the sender, and the message is graded anew", async () => {
  const sent: unknown[] = [];
  let graded = 0;
  const form = formOf(KNOWN, {
    setProfile: (...asked) => {
      sent.push(asked);
      return Promise.resolve(true);
    },
    regrade: () => {
      graded += 1;
    },
  });
  assert.ok(form);
  assert.equal(field(form, "verified").checked, true);
  assert.equal(field(form, "level").value, "L2");
  assert.equal(field(form, "junk_inquiries").value, "3");
  assert.equal(field(form, "searches").value, "led strip, hose");
  field(form, "junk_inquiries").value = "0";
  field(form, "member_since").value = "2019";
  field(form, "level").value = "";
  field(form, "searches").value = "led strip, hose\uff0c \u7403\u9600 ,";
  assert.equal(await submit(form), "Saved. The message is graded again.");
  assert.deepEqual(sent, [
    [
      "rquispe@andes-fluidos.example",
      { verified: true, junk_inquiries: 0, member_since: "2019", searches: ["led strip", "hose", "\u7403\u9600"], store_pages: 6 },
    ],
  ]);
  assert.equal(graded, 1);
});

test("an empty form forgets what was known of its fields", async () => {
  let sent: unknown = null;
  const form = formOf(VERDICT, {
    setProfile: (_, figures) => {
      sent = figures;
      return Promise.resolve(true);
    },
  });
  assert.ok(form);
  assert.equal(await submit(form), "Saved. It counts from the next mail on.");
  assert.deepEqual(sent, {});
});

test("the form is gone where the server keeps no figures, and says when they were not stored", async () => {
  const older = formOf(VERDICT, { setProfile: () => Promise.resolve(false) });
  assert.ok(older);
  assert.equal(await submit(older), "gone");
  freshDocument();
  const down = formOf(VERDICT, { setProfile: () => Promise.reject(new Error("down")), explain: () => "the server is down" });
  assert.ok(down);
  assert.equal(await submit(down), "That was not stored: the server is down");
});

test("nothing can be typed without an address, for a mail that is warned of, or where nobody keeps it", () => {
  const host: BreakdownHost = { setProfile: () => Promise.resolve(true) };
  assert.equal(formOf({ ...VERDICT, facts: { ...FACTS, sender: { ...FACTS.sender, address: null } } }, host), null);
  assert.equal(formOf({ ...VERDICT, banner: "danger" }, host), null);
  assert.equal(formOf(VERDICT, {}), null);
});

for (const { language } of LANGUAGES)
  test(`every field has its label in ${language}`, () => {
    const form = formOf(VERDICT, { setProfile: () => Promise.resolve(true) }, language);
    assert.ok(form);
    const fields = [...form.querySelectorAll("input, select")];
    assert.equal(fields.length, 12);
    for (const each of fields) assert.match(each.closest("label")?.textContent ?? "", /\p{L}{2}/u);
  });
