/** What the firm knows of this sender from earlier. */

import type { Facts, Words } from "../../core/types.js";
import { h } from "../dom.js";
import { section } from "./parts.js";

export function history(facts: Facts, words: Words): HTMLElement {
  const past = facts.history;
  const lines =
    past === null
      ? [words.say("history.unasked")]
      : past.messages_from_sender === 0
        ? [words.say("history.none")]
        : [
            words.say("history.count", {
              count: words.number(past.messages_from_sender),
              first: past.first_seen === null ? "?" : words.clock(past.first_seen),
            }),
          ];
  if (past !== null && past.confirmed_genuine + past.confirmed_fake > 0)
    lines.push(
      words.say("history.confirmed", {
        genuine: words.number(past.confirmed_genuine),
        fake: words.number(past.confirmed_fake),
      }),
    );
  return section("history", words.say("history.title"), ...lines.map((line) => h("p", { class: "ke-soft" }, line)));
}
