/** Badge, banner, breakdown, list mark, map: what they say, in which order, and that text stays text. */

import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { LANGUAGES, pickLanguage, wordsFor } from "../../extension/src/core/i18n.js";
import type { Finding, History, Verdict } from "../../extension/src/core/types.js";
import { badge, badgeSentence } from "../../extension/src/ui/badge.js";
import { banner } from "../../extension/src/ui/banner.js";
import { breakdown, renewSections } from "../../extension/src/ui/breakdown.js";
import { listMark } from "../../extension/src/ui/listmark.js";
import { originMap } from "../../extension/src/ui/map.js";
import { panel } from "../../extension/src/ui/panel.js";
import { messageView } from "../../extension/src/entry/page/message.js";
import { evidence, FACTS, finding, freshDocument, MESSAGE, VERDICT } from "./sample.js";

const en = wordsFor("en");
const nothing = (): void => undefined;

const PHISHING: Verdict = {
  ...VERDICT,
  category: "phishing",
  subcategory: "credential_link",
  grade: "F",
  stars: 0,
  level: null,
  banner: "danger",
  headline: "Asks for your mailbox password behind a link",
  action: "Do not open the link.",
  labels: { phishing: "Phishing", credential_link: "Password behind a link" },
};
const PITCH: Verdict = { ...VERDICT, category: "not_inquiry", subcategory: "sales_pitch", grade: "-", stars: null, level: null, labels: { sales_pitch: "Sales pitch" } };
const LITTLE: Verdict = { ...VERDICT, category: "unknown", grade: "?", stars: null, level: null, labels: {} };

beforeEach(() => {
  freshDocument();
});

const SENTENCES: readonly (readonly [language: string, verdict: Verdict, sentence: string])[] = [
  ["en", VERDICT, "Grade B, four stars, potential customer. Open the breakdown"],
  ["en", PHISHING, "Grade F, zero stars, danger: phishing. Open the breakdown"],
  ["en", PITCH, "Not an inquiry: sales pitch. Open the breakdown"],
  ["en", LITTLE, "Too little to judge. Open the breakdown"],
  ["es", VERDICT, "Calificación B, cuatro estrellas, cliente potencial. Abrir el desglose"],
  ["zh-CN", VERDICT, "评级 B\uff0c四星\uff0c潜在客户。打开分析"],
];

for (const [language, verdict, sentence] of SENTENCES)
  test(`badge says in ${language}: ${sentence}`, () => {
    const words = wordsFor(language);
    const element = badge({ kind: "graded", verdict }, words, nothing);
    assert.equal(badgeSentence(verdict, words), sentence);
    assert.equal(element.getAttribute("aria-label"), sentence);
    assert.equal(element.tagName, "BUTTON");
  });

test("labels of another language than the reader's are not mixed in", () => {
  assert.match(badgeSentence({ ...VERDICT, language: "zh-CN", labels: { potential_customer: "潜在客户" } }, en), /potential customer/);
});

test("grade is shown by letter and shape, not by colour alone", () => {
  for (const verdict of [VERDICT, PHISHING, PITCH, LITTLE]) {
    const letter = badge({ kind: "graded", verdict }, en, nothing).querySelector(".ke-letter")?.getAttribute("data-letter");
    assert.equal(letter, verdict.grade === "-" ? "\u2013" : verdict.grade);
  }
  assert.ok(badge({ kind: "graded", verdict: PHISHING }, en, nothing).classList.contains("ke-F"));
});

test("a failed badge says why and can be pressed again", () => {
  let pressed = 0;
  const element = badge({ kind: "failed", reason: "The server is down." }, en, () => (pressed += 1));
  element.click();
  assert.equal(pressed, 1);
  assert.equal(element.getAttribute("aria-label"), "Not graded: The server is down.");
});

test("only danger interrupts; ordinary mail has no banner", () => {
  assert.equal(banner(VERDICT, en, nothing), null);
  assert.equal(banner(PHISHING, en, nothing)?.getAttribute("role"), "alert");
  assert.equal(banner({ ...PHISHING, banner: "caution" }, en, nothing)?.getAttribute("role"), "note");
  assert.match(banner(PHISHING, en, nothing)?.textContent ?? "", /Danger: Asks for your mailbox password.*Do not open/);
});

test("the breakdown's head names the files that nobody should open", () => {
  const file = { name: "Order list.exe", type: "exe", size: 1000 };
  const gate = finding("attachments.executable", -40, { evidence: [evidence("attachment:0", file.name)] });
  const trap: Verdict = { ...PHISHING, findings: [gate], facts: { ...FACTS, attachments: [file] } };
  const head = (verdict: Verdict): string => breakdown(verdict, en).querySelector("[data-section='verdict']")?.textContent ?? "";
  assert.match(head(trap), /Do not open: Order list\.exe/);
  assert.doesNotMatch(head({ ...trap, banner: "none" }), /Order list/);
});

test("what was not looked for is not said to be there", () => {
  const section = (verdict: Verdict, name: string): string | undefined => breakdown(verdict, en).querySelector(`[data-section='${name}']`)?.textContent;
  assert.match(section({ ...VERDICT, missing: [] }, "missing") ?? "", /Everything/);
  assert.equal(section({ ...LITTLE, missing: [] }, "missing"), undefined);
  const first: History = { messages_from_sender: 0, first_seen: null, last_seen: null, confirmed_genuine: 0, confirmed_fake: 0 };
  const facts = { ...FACTS, history: first };
  assert.match(section({ ...VERDICT, facts }, "history") ?? "", /first/i);
  assert.doesNotMatch(section({ ...VERDICT, facts: { ...facts, sender: { ...FACTS.sender, address: null } } }, "history") ?? "", /first/i);
});

test("a clipboard that is closed is told, not kept silent", async () => {
  const element = breakdown(VERDICT, en, { copy: () => Promise.reject(new Error("closed")) });
  element.querySelector<HTMLElement>("[data-press='next.copy']")?.click();
  await new Promise((resolve) => setTimeout(resolve));
  assert.match(element.querySelector(".ke-questions [role='status']")?.textContent ?? "", /Could not be copied/);
});

test("the breakdown keeps its order", () => {
  const element = breakdown(VERDICT, en, { feedback: () => Promise.resolve() });
  const order = [...element.querySelectorAll("[data-section]")].map((e) => e.getAttribute("data-section"));
  assert.deepEqual(order, [
    "verdict",
    "next",
    "for",
    "against",
    "origin",
    "request",
    "missing",
    "history",
    "feedback",
    "technical",
  ]);
});

test("points are signed with a true minus", () => {
  const points = [...breakdown(VERDICT, en).querySelectorAll(".ke-points")].map((e) => e.textContent);
  assert.deepEqual(points, ["+14", "+6", "\u22123"]);
});

test("what is pending stands quietly in its row", () => {
  const rows = [...breakdown(VERDICT, en).querySelectorAll("dt")];
  const age = rows.find((dt) => dt.textContent === "Domain age");
  assert.equal(age?.nextElementSibling?.textContent, "looking up …");
});

test("what was not seen is said", () => {
  const hidden = { ...FACTS, origin: { ...FACTS.origin, ip: null, country: null, hidden_by_provider: "Gmail" } };
  assert.match(breakdown({ ...VERDICT, facts: hidden }, en).textContent, /Gmail hides the sender’s address/);
  const visible: Verdict = { ...VERDICT, facts: { ...FACTS, seen: "visible" } };
  assert.match(breakdown(visible, en).textContent, /Only the visible text could be read here/);
});

test("times stay on the clock of their place", () => {
  assert.match(breakdown(VERDICT, en).textContent, /Sender’s clockMon,? Nov 23,? 09:40/);
});

test("only https look-ups become links", () => {
  const hrefs = [...breakdown(VERDICT, en).querySelectorAll("a")].map((a) => a.getAttribute("href"));
  assert.deepEqual(hrefs, ["https://search.example/?q=andes", "https://db-ip.com"]);
});

test("a quote is a button where its place is on screen, else plain text", () => {
  let shown = "";
  const here = breakdown(VERDICT, en, { locate: (_f, e) => () => (shown = e.quote) });
  here.querySelector<HTMLElement>(".ke-quote-button")?.click();
  assert.equal(shown, "2,000 pcs");
  assert.equal(breakdown(VERDICT, en, { locate: () => null }).querySelector(".ke-quote-button"), null);
});

test("feedback says thanks in place, can be undone, and says when it was not stored", async () => {
  const sent: string[] = [];
  const element = breakdown(VERDICT, en, {
    feedback: (label) => {
      sent.push(label);
      return sent.length > 1 ? Promise.reject(new Error("down")) : Promise.resolve();
    },
    undoFeedback: () => {
      sent.push("undo");
      return Promise.resolve();
    },
    explain: () => "the server is down",
  });
  document.body.append(element);
  const press = async (selector: string): Promise<string> => {
    element.querySelector<HTMLElement>(selector)?.click();
    await new Promise((resolve) => setTimeout(resolve, 0));
    return element.querySelector('[data-section="feedback"] [role="status"]')?.textContent ?? "";
  };
  assert.equal(await press('[data-label="fake"]'), "Thank you. Recorded: Fake.");
  assert.equal(await press('[data-section="feedback"] button'), "Taken back.");
  assert.equal(await press('[data-label="genuine"]'), "That was not stored: the server is down");
  assert.equal(element.querySelector<HTMLButtonElement>('[data-label="genuine"]')?.disabled, false);
  assert.deepEqual(sent, ["fake", "undo", "genuine"]);
});

const HISTORY: History = {
  messages_from_sender: 4,
  first_seen: "2026-09-01T08:00:00Z",
  last_seen: "2026-11-20T10:15:00Z",
  confirmed_genuine: 2,
  confirmed_fake: 0,
  danger_from_sender: 0,
  thread_known: false,
  ours_in_thread: 3,
  customer: { name: "Andes Fluidos", ordered: 2, visited: true },
  same_text: { colleagues: 5, since: "2026-11-19T00:00:00Z" },
  visits: { visits: 7, products: ["/valves/dn50", "/valves/dn80"] },
  invented_later: { something: 3 },
};

test("history names what the firm knows, leaves out nothings and passes over what it has no words for", () => {
  const section = breakdown({ ...VERDICT, facts: { ...FACTS, history: HISTORY } }, en).querySelector("[data-section=history]");
  const rows = [...(section?.querySelectorAll("dt") ?? [])].map((dt) => `${dt.textContent}: ${dt.nextElementSibling?.textContent ?? ""}`);
  assert.deepEqual(rows, [
    "Last one: Fri, Nov 20, 10:15",
    "Of these, ours: 3",
    "Customer: Andes Fluidos",
    "Orders so far: 2",
    "Has visited us: yes",
    "Colleagues who got the same text: 5",
    "The first of them: Thu, Nov 19, 00:00",
    "Visits to your website: 7",
    "Products looked at: /valves/dn50 \u00b7 /valves/dn80",
  ]);
  assert.match(section?.textContent ?? "", /4 earlier messages, first on .*none of that conversation was seen.*genuine 2, fake 0/);
  assert.doesNotMatch(section?.textContent ?? "", /something|invented/);
});

test("what could not be told stands under its reason, with what would tell", () => {
  const unknown = (id: string, text: string): Finding => finding(id, 0, { outcome: "unknown", text });
  const findings = [unknown("domain.new", "Age not known"), unknown("domain.old", "Age not known"), unknown("origin.agrees", "Path not seen")];
  const facts = { ...FACTS, seen: "visible" as const };
  const groups = [...breakdown({ ...VERDICT, findings, facts }, en).querySelectorAll(".ke-untold details")];
  assert.deepEqual(groups.map((g) => [g.querySelector("summary")?.textContent, g.querySelectorAll("li").length, g.querySelector("p")?.textContent]), [
    ["Age not known", 2, "It is being looked up."],
    ["Path not seen", 1, "The original message would tell; only a part of it could be read here."],
  ]);
  assert.ok(groups.every((g) => !g.hasAttribute("open")));
});

async function setLevel(answers: readonly (boolean | Error)[], verdict: Verdict = VERDICT): Promise<{ said: string[]; sent: unknown[][] }> {
  const sent: unknown[][] = [];
  const element = breakdown(verdict, en, {
    setLevel: (...asked) => {
      sent.push(asked);
      const answer = answers[sent.length - 1] ?? true;
      return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);
    },
    explain: () => "the server is down",
  });
  document.body.append(element);
  const status = (): string => element.querySelector("[data-section=level] [role=status]")?.textContent ?? "gone";
  const said: string[] = [];
  const settle = async (): Promise<void> => {
    await new Promise((resolve) => setTimeout(resolve, 0));
    said.push(status());
  };
  const form = element.querySelector<HTMLFormElement>("[data-section=level] form");
  const [choice, reason] = [form?.querySelector("select"), form?.querySelector("input")];
  if (!form || !choice || !reason) return { said: ["none"], sent };
  choice.value = "2";
  reason.value = " visited us ";
  while (sent.length < answers.length) {
    form.dispatchEvent(new window.Event("submit", { cancelable: true }));
    await settle();
  }
  element.querySelector<HTMLElement>("[data-section=level] [role=status] button")?.click();
  await settle();
  return { said, sent };
}

test("a level is set by hand with its reason, and given back", async () => {
  const { said, sent } = await setLevel([true]);
  assert.deepEqual(sent, [
    ["rquispe@andes-fluidos.example", 2, "visited us"],
    ["rquispe@andes-fluidos.example", null, "visited us"],
  ]);
  assert.deepEqual(said, ["Saved: level 2. It counts from the next mail on. Undo", "Saved: as the mails say."]);
});

test("the level's form is gone where the server has none, and says when it was not stored", async () => {
  assert.deepEqual((await setLevel([false])).said, ["gone", "gone"]);
  assert.deepEqual((await setLevel([new Error("down")])).said[0], "That was not stored: the server is down");
});

test("no level can be set without an address, nor for a mail that is warned of", async () => {
  const nobody = { ...VERDICT, facts: { ...FACTS, sender: { ...FACTS.sender, address: null } } };
  assert.deepEqual((await setLevel([true], nobody)).said, ["none"]);
  assert.deepEqual((await setLevel([true], PHISHING)).said, ["none"]);
});

test("later facts change their own section and leave what the reader has opened", () => {
  const findings = [...VERDICT.findings, finding("domain.new", 0, { outcome: "unknown", text: "Not known yet" })];
  const drawn = breakdown({ ...VERDICT, findings }, en, { setLevel: () => Promise.resolve(true) });
  document.body.append(drawn);
  const section = (name: string): Element | null => drawn.querySelector(`[data-section=${name}]`);
  const before = Object.fromEntries(["next", "origin", "request", "level"].map((name) => [name, section(name)]));
  section("technical")?.setAttribute("open", "");
  const known = { ...VERDICT, pending: [], facts: { ...FACTS, sender: { ...FACTS.sender, domain_age_days: 30 } } };
  renewSections(drawn, breakdown({ ...known, findings }, en, {}));
  assert.match(section("origin")?.textContent ?? "", /Domain age30 days/);
  assert.notEqual(section("origin"), before["origin"]);
  for (const name of ["next", "request", "level"]) assert.equal(section(name), before[name], name);
  assert.ok(section("technical")?.hasAttribute("open"));
});

test("list mark carries its sentence", () => {
  assert.equal(listMark(VERDICT, en).getAttribute("aria-label"), "Grade B, potential customer");
  assert.equal(listMark(PITCH, en).getAttribute("aria-label"), "Not an inquiry: sales pitch");
});

test("map: dot and outline, with words for who cannot see it", () => {
  const map = originMap({ ...FACTS, claimed_country: { value: "DE", from: [] } }, en);
  assert.equal(map?.querySelector("svg")?.getAttribute("aria-label"), "Map: sent from Peru; claims Germany");
  assert.ok(map.querySelector("path.ke-claim"));
  assert.ok(map.querySelector("circle.ke-dot:not(.ke-agree)"));
  assert.ok(originMap(FACTS, en)?.querySelector("circle.ke-agree"));
});

test("map: a country too small for the scale gets a ring; nothing known gives no map", () => {
  const unseen = { ...FACTS.origin, country: null, latitude: null, longitude: null };
  const singapore = originMap({ ...FACTS, origin: unseen, claimed_country: { value: "SG", from: [] } }, en);
  assert.ok(singapore?.querySelector("circle.ke-ring"));
  assert.equal(originMap({ ...FACTS, origin: unseen, claimed_country: { value: null, from: [] } }, en), null);
});

test("Escape closes the panel and the focus returns", () => {
  const opener = document.createElement("button");
  document.body.append(opener);
  const changes: boolean[] = [];
  const frame = panel(en, () => opener, (open) => changes.push(open));
  document.body.append(frame.element);
  frame.fill(breakdown(VERDICT, en));
  frame.open();
  assert.ok(frame.element.contains(document.activeElement));
  frame.element.dispatchEvent(new window.KeyboardEvent("keydown", { key: "Escape", bubbles: true }));
  assert.equal(frame.isOpen(), false);
  assert.equal(document.activeElement, opener);
  assert.deepEqual(changes, [true, false]);
});

// ------------------------------------------------------------------ hostile text

const HOSTILE = `<img src=x onerror="globalThis.pwned=1"><script>globalThis.pwned=1</script>"><svg/onload=1>&lt;b&gt;`;

test("nothing that the server or the message says becomes markup", () => {
  const facts = {
    ...FACTS,
    contact: { ...FACTS.contact, person: HOSTILE, websites: [HOSTILE] },
    request: { ...FACTS.request, products: [HOSTILE] },
    sender: { ...FACTS.sender, address: HOSTILE, reply_to: HOSTILE },
    origin: { ...FACTS.origin, city: HOSTILE, network: HOSTILE },
  };
  const verdict: Verdict = {
    ...PHISHING,
    headline: HOSTILE,
    action: HOSTILE,
    labels: { phishing: HOSTILE, fax: HOSTILE },
    findings: [finding("a.b", -4, { title: HOSTILE, text: HOSTILE + HOSTILE, evidence: [evidence("text", HOSTILE)] })],
    facts,
    advice: { handling: [HOSTILE], questions: [HOSTILE], payment: HOSTILE, checks: [{ title: HOSTILE, url: "https://a.example/" }] },
  };
  const message = {
    ...MESSAGE,
    subject: HOSTILE,
    from: HOSTILE,
    body: HOSTILE,
    links: [{ index: 0, text: HOSTILE, href: "javascript:globalThis.pwned=1", host: "", start: 0, end: 20 }],
    attachments: [{ name: HOSTILE, type: HOSTILE, size: 3 }],
  };
  const view = messageView(verdict, message, en, nothing);
  document.body.append(
    badge({ kind: "graded", verdict }, en, nothing),
    banner(verdict, en, nothing) ?? "",
    breakdown(verdict, en, { locate: () => nothing, feedback: () => Promise.resolve() }),
    listMark(verdict, en),
    view.element,
  );
  assert.equal(document.querySelectorAll("img, script, iframe, style, [onerror], [onload], [style]").length, 0);
  assert.equal("pwned" in globalThis, false);
  assert.equal(view.element.querySelectorAll("a").length, 0);
  const body = view.element.querySelector(".body")?.cloneNode(true) as HTMLElement;
  for (const extra of body.querySelectorAll(".opens, .address")) extra.remove();
  assert.equal(body.textContent, HOSTILE);
});

test("the message is shown whole, evidence marked, links inert with their true host", () => {
  const body = "😀 Dear Sales, open https://bank.example/x now. Log in with your password.";
  const start = Array.from(body.slice(0, body.indexOf("https"))).length;
  const login = Array.from(body.slice(0, body.indexOf("Log in"))).length;
  const verdict: Verdict = {
    ...PHISHING,
    findings: [
      finding("links.mismatch", -20, { evidence: [evidence("link:0", "https://bank.example/x")] }),
      finding("links.password", -40, { evidence: [evidence("text", "Log in", login)] }),
      finding("subject.odd", -1, { evidence: [evidence("subject", "RFQ", 0)] }),
      finding("header.reply", -2, { evidence: [evidence("header:Reply-To", "x@y.example")] }),
      finding("file.iso", -9, { evidence: [evidence("attachment:0", "order.iso")] }),
    ],
  };
  const message = {
    ...MESSAGE,
    body,
    reply_to: "x@y.example",
    links: [
      { index: 0, text: "https://bank.example/x", href: "https://evil.example/login", host: "evil.example", start, end: start + 22 },
    ],
    attachments: [{ name: "order.iso", type: "application/octet-stream", size: 10 }],
  };
  const view = messageView(verdict, message, en, nothing);
  document.body.append(view.element);
  const place = (i: number): HTMLElement | null => view.place(verdict.findings[i]?.evidence[0] ?? evidence("", ""));
  assert.equal(place(1)?.textContent, "Log in");
  assert.equal(place(1)?.tagName, "MARK");
  assert.equal(place(2)?.textContent, "RFQ");
  assert.equal(place(3)?.textContent, "x@y.example");
  assert.match(place(4)?.textContent ?? "", /order\.iso/);
  const guard = place(0);
  assert.equal(guard?.className, "guard danger");
  assert.match(guard.parentElement?.textContent ?? "", /opens evil\.example/);
  const address = view.element.querySelector<HTMLElement>(".address");
  assert.equal(address?.hidden, true);
  guard.click();
  assert.equal(address.hidden, false);
  assert.equal(guard.getAttribute("aria-expanded"), "true");
  assert.equal(view.element.querySelector("a, form, img"), null);
});

test("signs that reorder text are shown as what they are", () => {
  const view = messageView(VERDICT, { ...MESSAGE, body: "invoice\u202egpj.exe" }, en, nothing);
  assert.equal(view.element.querySelector(".body")?.textContent, "invoiceU+202Egpj.exe");
});

// ------------------------------------------------------------------ languages

test("every language has words for every key and the same placeholders", () => {
  const slots = (text: string): string =>
    [...text.matchAll(/\{\w+\}/g)]
      .map((m) => m[0])
      .sort()
      .join();
  const table = (language: string): Readonly<Record<string, string | undefined>> =>
    LANGUAGES.find((l) => l.language === language)?.words ?? {};
  assert.ok(LANGUAGES.length >= 3);
  for (const { language } of LANGUAGES)
    for (const [key, text] of Object.entries(table("en"))) {
      const own = table(language)[key] ?? "";
      assert.notEqual(own, "", `${language} lacks ${key}`);
      assert.equal(slots(own), slots(text ?? ""), `${language} ${key}`);
    }
});

test("the reader's language is found from what the browser wants", () => {
  assert.equal(pickLanguage(["zh-TW", "en"]), "zh-CN");
  assert.equal(pickLanguage(["de-DE", "es-PE"]), "es");
  assert.equal(pickLanguage(["xx"]), "en");
});
