/** The one banner: the reason first, then what to do. None for ordinary mail. */

import type { Verdict, Words } from "../core/types.js";
import { foreign, h } from "./dom.js";
import { cautionIcon, dangerIcon } from "./icons.js";

/** Names the files that nobody should open. */
export function notToOpen(files: readonly string[], words: Words): HTMLElement | null {
  if (files.length === 0) return null;
  return h("p", {}, `${words.say("banner.files")} `, ...files.flatMap((name, i) => [i === 0 ? "" : ", ", foreign(name)]));
}

/** Null when the verdict asks for none. Only danger interrupts a screen reader. `files`: dangerous ones that nothing else marks. */
export function banner(verdict: Verdict, words: Words, why: () => void, files: readonly string[] = []): HTMLElement | null {
  if (verdict.banner === "none") return null;
  const danger = verdict.banner === "danger";
  return h(
    "section",
    {
      class: `ke-banner ${danger ? "ke-danger" : "ke-caution"}`,
      role: danger ? "alert" : "note",
      "aria-label": danger ? null : words.say("banner.caution"),
    },
    danger ? dangerIcon() : cautionIcon(),
    h(
      "div",
      { class: "ke-banner-words" },
      h(
        "strong",
        {},
        h("span", { class: "ke-hidden" }, `${words.say(danger ? "banner.danger" : "banner.caution")}: `),
        verdict.headline,
      ),
      verdict.action === undefined || verdict.action === "" ? null : h("p", {}, verdict.action),
      notToOpen(files, words),
    ),
    h("button", { class: "ke-button", type: "button", onclick: why }, words.say("banner.why")),
  );
}
