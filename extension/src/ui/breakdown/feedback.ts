/** What the reader found out, told to the server, and taken back. */

import type { Words } from "../../core/types.js";
import { h } from "../dom.js";
import type { BreakdownHost } from "./host.js";
import { section } from "./parts.js";

const LABELS = ["genuine", "fake", "not_inquiry"] as const;

export function feedback(words: Words, host: BreakdownHost): HTMLElement | null {
  if (!host.feedback) return null;
  const send = host.feedback.bind(host);
  const undo = host.undoFeedback?.bind(host);
  const status = h("p", { class: "ke-soft", role: "status" });
  const buttons = h("div", { class: "ke-actions" });
  const box = section("feedback", words.say("feedback.title"), buttons, status);

  const fail = (error: unknown): void => {
    status.replaceChildren(words.say("feedback.failed", { reason: host.explain?.(error) ?? "" }));
    busy(false);
  };
  const busy = (on: boolean): void => {
    for (const button of box.querySelectorAll("button")) button.disabled = on;
  };
  const ask = (): void => {
    buttons.replaceChildren(
      ...LABELS.map((key) =>
        h(
          "button",
          {
            class: "ke-button",
            type: "button",
            "data-label": key,
            onclick: () => {
              busy(true);
              send(key).then(() => {
                thank(key);
              }, fail);
            },
          },
          words.say(`feedback.${key}`),
        ),
      ),
    );
  };
  const thank = (key: (typeof LABELS)[number]): void => {
    status.replaceChildren(words.say("feedback.thanks", { label: words.say(`feedback.${key}`) }));
    if (!undo) {
      buttons.replaceChildren();
      return;
    }
    const back = h(
      "button",
      {
        class: "ke-button",
        type: "button",
        onclick: () => {
          busy(true);
          undo().then(() => {
            ask();
            status.replaceChildren(words.say("feedback.undone"));
            buttons.querySelector("button")?.focus();
          }, fail);
        },
      },
      words.say("feedback.undo"),
    );
    buttons.replaceChildren(back);
    back.focus();
  };
  ask();
  return box;
}
