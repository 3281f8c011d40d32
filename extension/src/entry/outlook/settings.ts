/** What the pane shows until the mailbox is connected, and its settings. The server is the one that serves the pane. */

import { keep } from "../../adapters/host/outlook-memory.js";
import { explainError } from "../../core/api.js";
import { LANGUAGES } from "../../core/i18n.js";
import type { WordKey, Words } from "../../core/types.js";
import { h } from "../../ui/dom.js";
import { pairWith, useToken, type Connection } from "./connection.js";

/** A form for the pairing code and one for a token; `done` runs once the server has taken either. */
export function connectForms(words: Words, done: () => void): HTMLElement {
  const status = h("p", { role: "status", id: "status" });
  const form = (name: "code" | "token", hint: WordKey, button: [id: string, key: WordKey], use: (typed: string) => Promise<void>): HTMLElement => {
    const field = h("input", {
      id: name,
      type: name === "token" ? "password" : "text",
      spellcheck: "false",
      autocomplete: "off",
      "aria-describedby": `${name}-hint`,
    });
    const send = h("button", { class: "ke-button", type: "submit", id: button[0] }, words.say(button[1]));
    const submit = (event: Event): void => {
      event.preventDefault();
      const typed = field.value.trim();
      if (typed === "") {
        field.focus();
        return;
      }
      // A code serves once.
      send.disabled = true;
      use(typed)
        .then(done, (error: unknown) => { status.textContent = explainError(error, words); })
        .finally(() => { send.disabled = false; });
    };
    return h(
      "form",
      { class: "connect", onsubmit: submit },
      h("label", { for: name }, words.say(`options.${name}`)),
      h("div", { class: "row" }, field, send),
      h("p", { class: "hint", id: `${name}-hint` }, words.say(hint)),
    );
  };
  return h(
    "section",
    { id: "connection" },
    form("code", "options.code.hint", ["pair", "options.pair"], pairWith),
    form("token", "outlook.kept", ["save", "options.save"], useToken),
    status,
  );
}

/** `renew` runs when token or language are others than before. */
export function settingsPage({ words, api }: Connection, renew: () => void): HTMLElement[] {
  const language = h(
    "select",
    { id: "language" },
    ...LANGUAGES.map((l) => h("option", { value: l.language, lang: l.language, selected: l.language === words.language }, l.name)),
  );
  language.addEventListener("change", () => {
    void keep({ language: language.value }).then(renew);
  });
  const button = (id: string, key: WordKey, press: () => void): HTMLElement =>
    h("button", { class: "ke-button", type: "button", id, onclick: press }, words.say(key));
  const connected = (client: NonNullable<Connection["api"]>): HTMLElement[] => {
    const status = h("p", { role: "status", id: "status" });
    const test = (): void => {
      client.check().then(
        () => { status.textContent = words.say("options.test.ok"); },
        (error: unknown) => { status.textContent = explainError(error, words); },
      );
    };
    const disconnect = (): void => {
      void keep({ token: "" }).then(renew);
    };
    return [
      h("p", { class: "hint" }, words.say("outlook.kept")),
      h("div", { class: "ke-actions" }, button("test", "options.test", test), button("disconnect", "outlook.disconnect", disconnect)),
      status,
    ];
  };
  return [
    h(
      "section",
      { "aria-labelledby": "connection-title" },
      h("h2", { id: "connection-title" }, words.say("options.connection")),
      h("p", {}, `${words.say("options.server")}: `, h("bdi", {}, location.host)),
      ...(api === null ? [connectForms(words, renew)] : connected(api)),
    ),
    h("section", {}, h("label", { for: "language" }, words.say("page.language")), language),
    h(
      "section",
      { "aria-labelledby": "sent-title" },
      h("h2", { id: "sent-title" }, words.say("options.sent")),
      h("p", {}, words.say("outlook.sent.what", { server: location.host })),
      h("p", {}, words.say("options.sent.not")),
      h("p", {}, words.say("outlook.sent.kept")),
    ),
  ];
}
