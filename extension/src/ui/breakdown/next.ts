/** What to do next: handling, payment, questions to the buyer, ready searches. */

import type { Advice, Verdict, WordKey, Words } from "../../core/types.js";
import { h } from "../dom.js";
import type { BreakdownHost } from "./host.js";
import { section } from "./parts.js";

export function doNext(verdict: Verdict, words: Words, host: BreakdownHost): HTMLElement | null {
  const { handling, questions, payment, checks } = verdict.advice;
  const safeChecks = checks.filter((c) => c.url.startsWith("https://"));
  if (handling.length + questions.length + safeChecks.length === 0 && payment === null) return null;
  return section(
    "next",
    words.say("next.title"),
    handling.length > 0 ? h("ul", {}, ...handling.map((text) => h("li", {}, text))) : null,
    payment === null
      ? null
      : h("p", { class: "ke-payment" }, h("b", {}, `${words.say("next.payment")}: `), payment),
    questions.length > 0
      ? h(
          "div",
          { class: "ke-questions" },
          h("h4", {}, words.say("next.questions")),
          h("ul", {}, ...questions.map((text) => h("li", {}, text))),
          replyButtons(forReply(verdict.advice), words, host),
        )
      : null,
    safeChecks.length > 0
      ? h(
          "details",
          { class: "ke-more ke-checks" },
          h("summary", {}, words.say("next.checks", { count: words.number(safeChecks.length) })),
          h(
            "p",
            { class: "ke-chips" },
            ...safeChecks.map((check) =>
              h(
                "a",
                {
                  class: "ke-chip",
                  href: check.url,
                  target: "_blank",
                  rel: "noopener noreferrer nofollow",
                  title: words.say("next.checks.note"),
                },
                check.title,
              ),
            ),
          ),
        )
      : null,
  );
}

/** The questions as the buyer can read them, when the server said them in the buyer's language. */
function forReply(advice: Advice): string {
  const questions = advice.questions_to_buyer?.questions ?? advice.questions;
  return questions.map((q) => `- ${q}`).join("\n");
}

function replyButtons(text: string, words: Words, host: BreakdownHost): HTMLElement | null {
  const [copy, insert] = [host.copy?.bind(host), host.insert?.bind(host)];
  if (!copy && !insert) return null;
  const status = h("span", { class: "ke-soft", role: "status" });
  const button = (key: WordKey, press: () => Promise<WordKey>): HTMLElement =>
    h(
      "button",
      {
        class: "ke-button",
        type: "button",
        "data-press": key,
        onclick: () => {
          void press().catch((): WordKey => "next.refused").then((done) => {
            status.textContent = words.say(done);
          });
        },
      },
      words.say(key),
    );
  return h(
    "p",
    { class: "ke-actions" },
    insert ? button("next.insert", async () => `next.${await insert(text)}`) : null,
    copy
      ? button("next.copy", async () => {
          await copy(text);
          return "next.copied";
        })
      : null,
    status,
  );
}
