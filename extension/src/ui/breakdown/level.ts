/** The customer's level: what it rests on, and setting it by hand. */

import type { Verdict, Words } from "../../core/types.js";
import { h } from "../dom.js";
import type { BreakdownHost } from "./host.js";
import { section } from "./parts.js";

export const LEVELS = [1, 2, 3, 4] as const;
export type Level = (typeof LEVELS)[number];

const LONGEST_REASON = 500;

/** None for what pretends to be somebody: its address may be that of a true customer. */
export function level(verdict: Verdict, words: Words, host: BreakdownHost): HTMLElement | null {
  const { address } = verdict.facts.sender;
  const set = host.setLevel?.bind(host);
  const reason = verdict.level_reason ?? "";
  const changeable = set !== undefined && address !== null && verdict.banner !== "danger";
  if (!changeable && (verdict.level === null || reason === "")) return null;
  const box = section(
    "level",
    words.say("level.title"),
    h("p", { class: "ke-soft" }, verdict.level === null ? words.say("level.none") : words.say("level.is", { level: verdict.level })),
    reason === "" ? null : h("p", { class: "ke-soft" }, reason),
  );
  if (changeable) box.append(byHand(verdict, address, words, host, set));
  return box;
}

function byHand(
  verdict: Verdict,
  address: string,
  words: Words,
  host: BreakdownHost,
  set: NonNullable<BreakdownHost["setLevel"]>,
): HTMLElement {
  const before = verdict.facts.history?.level_by_hand ?? null;
  const choice = h(
    "select",
    { class: "ke-field", "aria-label": words.say("level.title") },
    ...LEVELS.map((each) =>
      h("option", { value: each, selected: each === (before ?? verdict.level) }, `${String(each)} \u2013 ${words.say(`level.${String(each)}` as `level.${Level}`)}`),
    ),
    h("option", { value: "" }, words.say("level.automatic")),
  );
  const why = h("input", { class: "ke-field", type: "text", required: true, maxlength: LONGEST_REASON, "aria-label": words.say("level.reason"), placeholder: words.say("level.reason") });
  const save = h("button", { class: "ke-button", type: "submit" }, words.say("level.save"));
  const status = h("p", { class: "ke-soft", role: "status" });
  const form = h("form", { class: "ke-form" }, choice, why, save);
  const folded = h("details", { class: "ke-more" }, h("summary", {}, words.say("level.set")), form, status);

  const put = async (wanted: Level | null, reason: string): Promise<void> => {
    save.disabled = true;
    status.replaceChildren();
    try {
      // A server of an older kind does not know levels.
      if (!(await set(address, wanted, reason))) folded.remove();
      else status.replaceChildren(...said(wanted, reason));
    } catch (error) {
      status.replaceChildren(words.say("feedback.failed", { reason: host.explain?.(error) ?? "" }));
    } finally {
      save.disabled = false;
    }
  };
  const said = (wanted: Level | null, reason: string): (Node | string)[] => {
    const done = wanted === null ? words.say("level.given") : words.say("level.saved", { level: wanted });
    if (wanted === before) return [done];
    const undo = h(
      "button",
      { class: "ke-button", type: "button", onclick: () => { void put(asLevel(before), reason); } },
      words.say("feedback.undo"),
    );
    return [done, " ", undo];
  };
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const reason = why.value.trim();
    if (reason === "") why.focus();
    else void put(asLevel(Number(choice.value)), reason);
  });
  return folded;
}

function asLevel(value: number | null): Level | null {
  return LEVELS.find((each) => each === value) ?? null;
}
