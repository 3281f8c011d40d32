/** Figures of the buyer's marketplace profile: typed here, they count for all of the buyer's mails that bring none. */

import type { Verdict, WordKey, Words } from "../../core/types.js";
import { h } from "../dom.js";
import type { BreakdownHost, Profile } from "./host.js";
import { section } from "./parts.js";

const YEAR = "member_since";
/** In the order in which the marketplaces show them; what they did is of the last 90 days. */
const FIGURES = [
  YEAR,
  "product_views",
  "valid_inquiries",
  "replied",
  "valid_rfqs",
  "login_days",
  "junk_inquiries",
  "blacklisted",
  "completed_orders",
] as const;
const LEVELS = ["L0", "L1", "L2", "L3", "L4"] as const;
const LONGEST = 300;
const MOST_SEARCHES = 20;

/** None for what pretends to be somebody: its address may be that of a true buyer. */
export function profile(verdict: Verdict, words: Words, host: BreakdownHost): HTMLElement | null {
  const { address } = verdict.facts.sender;
  const set = host.setProfile?.bind(host);
  if (set === undefined || address === null || verdict.banner === "danger") return null;
  const known = verdict.facts.profile ?? {};

  const verified = h("input", { type: "checkbox", name: "verified", checked: known["verified"] === true });
  const figures = FIGURES.map((name) =>
    h("input", {
      class: "ke-field",
      type: "number",
      name,
      value: shown(known[name]),
      step: 1,
      ...(name === YEAR ? { min: 1990, max: 2100 } : { min: 0, max: 999_999_999 }),
    }),
  );
  const level = h(
    "select",
    { class: "ke-field", name: "level" },
    h("option", { value: "" }, "\u2013"),
    ...LEVELS.map((each) => h("option", { value: each }, each)),
  );
  level.value = LEVELS.find((each) => shown(known["level"]).startsWith(each)) ?? "";
  const searches = h("input", { class: "ke-field", type: "text", name: "searches", maxlength: LONGEST, value: shown(known["searches"]) });
  const save = h("button", { class: "ke-button", type: "submit" }, words.say("level.save"));
  const status = h("p", { class: "ke-soft", role: "status" });
  const form = h(
    "form",
    { class: "ke-form" },
    h("label", { class: "ke-label ke-wide" }, verified, " ", words.say("profile.verified")),
    ...figures.map((field, i) => labelled(words, `profile.${FIGURES[i] ?? YEAR}`, field)),
    labelled(words, "profile.level", level),
    labelled(words, "profile.searches", searches, "ke-wide"),
    save,
  );
  const folded = h("details", { class: "ke-more" }, h("summary", {}, words.say("profile.type")), form, status);

  const read = (): Profile => {
    // What is known besides, such as what the page showed, is kept.
    const typed: Record<string, unknown> = { ...known };
    const put = (name: string, value: unknown): void => {
      if (value === undefined) Reflect.deleteProperty(typed, name);
      else typed[name] = value;
    };
    put("verified", verified.checked || ("verified" in known ? false : undefined));
    for (const field of figures)
      put(field.name, field.value === "" ? undefined : field.name === YEAR ? field.value : Number(field.value));
    put("level", level.value === "" ? undefined : level.value);
    const terms = searches.value.split(/[,，;；、]/u).map((term) => term.trim()).filter((term) => term !== "");
    put("searches", terms.length === 0 ? undefined : terms.slice(0, MOST_SEARCHES));
    return typed;
  };
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    void (async () => {
      save.disabled = true;
      status.replaceChildren();
      try {
        // A server of an older kind keeps no profiles.
        if (!(await set(address, read()))) folded.remove();
        else status.replaceChildren(words.say(host.regrade === undefined ? "profile.later" : "profile.saved"));
        host.regrade?.();
      } catch (error) {
        status.replaceChildren(words.say("feedback.failed", { reason: host.explain?.(error) ?? "" }));
      } finally {
        save.disabled = false;
      }
    })();
  });
  return section("profile", words.say("profile.title"), folded);
}

function labelled(words: Words, key: WordKey, field: HTMLElement, width = ""): HTMLElement {
  return h("label", { class: `ke-label ${width}`.trim() }, words.say(key), field);
}

/** A value as a field shows it; nothing for what no field can. */
function shown(value: unknown): string {
  if (Array.isArray(value)) return value.filter((each) => typeof each === "string").join(", ");
  return typeof value === "string" || typeof value === "number" ? String(value) : "";
}
