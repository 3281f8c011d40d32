/** The page's head: name, new message, language and colours. */

import { LANGUAGES } from "../../core/i18n.js";
import type { Words } from "../../core/types.js";
import { h } from "../../ui/dom.js";
import { eye } from "./pictures.js";

export const THEMES = ["auto", "light", "dark"] as const;
export type Theme = (typeof THEMES)[number];

export interface Bar {
  readonly theme: Theme;
  /** No message is shown, so there is none to leave. */
  readonly home: boolean;
  readonly goHome: () => void;
  readonly speak: (language: string) => void;
  readonly paint: (theme: Theme) => void;
}

/** Draws it anew; the focus stays where it was. */
export function drawBar(bar: HTMLElement, words: Words, { theme, home, goHome, speak, paint }: Bar): void {
  const focused = bar.contains(document.activeElement) ? document.activeElement?.id : undefined;
  bar.replaceChildren(
    h("a", { class: "skip", href: "#main" }, words.say("page.skip")),
    h("div", { class: "brand" }, eye(), h("h1", {}, "Keeneye"), h("p", {}, words.say("page.tagline"))),
    h(
      "div",
      { class: "controls" },
      home ? null : h("button", { class: "ke-button", type: "button", id: "new", onclick: goHome }, words.say("page.new")),
      select("language", words.say("page.language"), LANGUAGES.map((l) => [l.language, l.name]), words.language, speak),
      select(
        "theme",
        words.say("page.theme"),
        THEMES.map((each) => [each, words.say(`page.theme.${each}`)]),
        theme,
        (value) => { paint(THEMES.find((each) => each === value) ?? "auto"); },
      ),
    ),
  );
  if (focused !== undefined && focused !== "") document.getElementById(focused)?.focus();
}

function select(
  id: string,
  label: string,
  options: readonly (readonly [value: string, text: string])[],
  chosen: string,
  choose: (value: string) => void,
): HTMLElement {
  const list = h(
    "select",
    { id, "aria-label": label },
    ...options.map(([value, text]) =>
      h("option", { value, selected: value === chosen, lang: id === "language" ? value : null }, text),
    ),
  );
  list.addEventListener("change", () => {
    choose(list.value);
  });
  return list;
}
