/** Help while a reply is written, in Outlook and Thunderbird: what to heed, what to ask, and both for the reply itself. */

import type { Advice, Verdict, WordKey, Words } from "../core/types.js";
import { foreign, h } from "../ui/dom.js";

/** `insert` puts lines into the reply; it rejects when the editor does not take them. */
export function replyHelp(verdict: Verdict, words: Words, insert: (lines: string[]) => Promise<void>): HTMLElement[] {
  const { advice } = verdict;
  const danger = verdict.banner === "danger";
  const status = h("p", { class: "ke-soft", role: "status" });
  const button = (id: string, key: WordKey, withAdvice: boolean): HTMLElement => {
    const press = (): void => {
      pressed.disabled = true;
      insert(replyLines(advice, words, withAdvice))
        .then(
          () => { status.textContent = words.say("reply.insert.done"); },
          () => { status.textContent = words.say("reply.insert.failed"); },
        )
        .finally(() => { pressed.disabled = false; });
    };
    const pressed = h("button", { class: "ke-button", type: "button", id, onclick: press }, words.say(key));
    return pressed;
  };
  const offer =
    danger || questionsOf(advice).length === 0
      ? [h("p", { class: "note" }, words.say(danger ? "reply.danger" : "reply.nothing"))]
      : [
          h("h2", {}, words.say("next.questions")),
          h("ul", { id: "questions" }, ...questionsOf(advice).map((text) => h("li", {}, foreign(text)))),
          h("div", { class: "ke-actions" }, button("insert", "reply.insert", false), button("insert-advice", "reply.insert.advice", true)),
        ];
  return [
    h("p", { class: "ke-headline", "data-grade": verdict.grade }, verdict.headline),
    h("ul", { id: "advice" }, ...notesOf(advice).map((text) => h("li", {}, text))),
    ...offer,
    status,
  ];
}

/** What a reply may begin with: the questions, and above them the advice as a note, so that nobody sends it unseen. */
export function replyLines(advice: Advice, words: Words, withAdvice: boolean): string[] {
  const notes = withAdvice ? notesOf(advice) : [];
  const note = notes.length === 0 ? [] : [`[${words.say("reply.note")}`, ...notes.map((text) => `* ${text}`), "]", ""];
  return [...note, ...questionsOf(advice).map((text) => `- ${text}`)];
}

/** As the buyer can read them. */
function questionsOf(advice: Advice): readonly string[] {
  return advice.questions_to_buyer?.questions ?? advice.questions;
}

function notesOf({ handling, payment }: Advice): string[] {
  return [...handling, ...(payment === null ? [] : [payment])];
}
