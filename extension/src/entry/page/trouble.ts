/** What the page says when a message could not be graded, and the form for a token. */

import type { Words } from "../../core/types.js";
import { h } from "../../ui/dom.js";
import { cautionIcon } from "../../ui/icons.js";

export interface Trouble {
  readonly text: string;
  readonly retry: (() => void) | null;
  /** The reader can help it with another token. */
  readonly token: boolean;
}

/** What went wrong; `form` when another token may help. */
export function troubleBox(words: Words, trouble: Trouble, form: HTMLElement | null): HTMLElement {
  const retry = trouble.retry;
  return h(
    "section",
    { class: "trouble", "aria-label": words.say("error.title") },
    h(
      "div",
      { class: "ke-banner ke-caution" },
      cautionIcon(),
      h("div", { class: "ke-banner-words" }, h("strong", {}, words.say("error.title")), h("p", {}, trouble.text)),
      retry === null || trouble.token
        ? null
        : h("button", { class: "ke-button", type: "button", id: "retry", onclick: retry }, words.say("error.retry")),
    ),
    form,
  );
}

/** Asks for a token of the server; `use` gets what was typed. */
export function tokenForm(words: Words, use: (token: string) => void): HTMLElement {
  const field = h("input", {
    id: "token",
    type: "password",
    autocomplete: "off",
    spellcheck: "false",
    required: true,
    "aria-describedby": "token-hint",
  });
  const form = h(
    "form",
    { class: "card token" },
    h("h2", {}, words.say("token.title")),
    h("p", { id: "token-hint", class: "ke-soft" }, words.say("token.hint")),
    h("label", { for: "token" }, words.say("token.label")),
    h("div", { class: "line" }, field, h("button", { class: "ke-button primary", type: "submit" }, words.say("token.save"))),
  );
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const token = field.value.trim();
    if (token !== "") use(token);
  });
  return form;
}
