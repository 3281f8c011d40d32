/** The column beside the message: what was graded in this visit, and samples to try. */

import type { Payload } from "../../core/api.js";
import type { Verdict, Words } from "../../core/types.js";
import { foreign, h } from "../../ui/dom.js";
import { listMark } from "../../ui/listmark.js";
import { sampleTitle, type Sample } from "./samples.js";

/** One message of this visit. It lives in memory only and is gone with the tab. */
export interface Entry {
  readonly name: string;
  readonly payload: Payload;
  verdict: Verdict | null;
}

export interface Rail {
  readonly entries: readonly Entry[];
  readonly current: Entry | null;
  readonly samples: readonly Sample[];
  readonly show: (entry: Entry) => void;
  readonly take: (sample: Sample) => void;
}

/** Draws it anew; the focus stays where it was. */
export function drawRail(rail: HTMLElement, words: Words, { entries, current, samples, show, take }: Rail): void {
  rail.setAttribute("aria-label", words.say("page.samples"));
  const focused = rail.contains(document.activeElement) ? document.activeElement?.getAttribute("data-key") : null;
  rail.replaceChildren(
    entries.length === 0
      ? ""
      : h(
          "section",
          { class: "card list history" },
          h("h2", {}, words.say("page.history")),
          h("ul", {}, ...entries.map((entry, i) => historyRow(entry, entries.length - i, words, entry === current, show))),
        ),
    h(
      "section",
      { class: "card list samples" },
      h("h2", {}, words.say("page.samples")),
      h("p", { class: "ke-soft" }, words.say("page.samples.note")),
      h(
        "ul",
        {},
        ...samples.map((sample) =>
          h(
            "li",
            {},
            h(
              "button",
              {
                type: "button",
                class: "item",
                "data-key": `sample-${sample.name}`,
                "data-sample": sample.name,
                onclick: () => {
                  take(sample);
                },
              },
              h("span", { class: "item-title" }, sampleTitle(sample, words)),
            ),
          ),
        ),
      ),
    ),
  );
  if (focused !== null) rail.querySelector<HTMLElement>(`[data-key="${CSS.escape(focused ?? "")}"]`)?.focus();
}

function historyRow(entry: Entry, key: number, words: Words, current: boolean, show: Rail["show"]): HTMLElement {
  const message = entry.verdict?.message;
  return h(
    "li",
    {},
    h(
      "button",
      {
        type: "button",
        class: "item",
        "data-key": `entry-${String(key)}`,
        "aria-current": current ? "true" : null,
        onclick: () => {
          show(entry);
        },
      },
      entry.verdict ? listMark(entry.verdict, words) : null,
      h(
        "span",
        { class: "item-words" },
        foreign(senderName(message?.from ?? null) ?? entry.name, "item-title"),
        foreign(message?.subject ?? words.say("message.nosubject"), "item-subject"),
      ),
    ),
  );
}

/** The name in `Name <address>`, or the address. */
function senderName(from: string | null): string | null {
  if (from === null || from === "") return null;
  const name = from.replace(/\s*<[^<>]*>\s*$/, "").trim();
  return name === "" ? from : name;
}
