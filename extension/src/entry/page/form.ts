/** Where a message comes in: a file picked or dropped, or text pasted. */

import type { Payload } from "../../core/api.js";
import type { Words } from "../../core/types.js";
import { h } from "../../ui/dom.js";
import { fromFile, fromText } from "./intake.js";
import { envelope } from "./pictures.js";

/** `make` may throw an IntakeError. */
export type Take = (name: string, make: () => Payload | Promise<Payload>) => void;

export function intakeForm(words: Words, take: Take): HTMLElement {
  const picker = h("input", { type: "file", id: "file", accept: ".eml,.txt,message/rfc822", class: "ke-hidden", tabindex: -1, "aria-hidden": "true" });
  picker.addEventListener("change", () => {
    const file = picker.files?.[0];
    if (file) take(file.name, () => fromFile(file));
    picker.value = "";
  });
  const text = h("textarea", { id: "paste", rows: 7, spellcheck: "false", dir: "auto", "aria-describedby": "paste-hint" });
  const form = h(
    "form",
    { class: "paste" },
    h("label", { for: "paste" }, words.say("page.paste")),
    text,
    h("p", { id: "paste-hint", class: "ke-soft" }, words.say("page.paste.hint")),
    h("button", { class: "ke-button primary", type: "submit" }, words.say("page.grade")),
  );
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    take(words.say("page.pasted"), () => fromText(text.value));
  });
  return h(
    "section",
    { class: "intake", "aria-labelledby": "intake-title" },
    h(
      "div",
      { class: "drop" },
      envelope(),
      h("h2", { id: "intake-title" }, words.say("page.drop")),
      h("p", { class: "ke-soft" }, words.say("page.drop.hint")),
      h(
        "button",
        { class: "ke-button primary", type: "button", onclick: () => { picker.click(); } },
        words.say("page.pick"),
      ),
      picker,
    ),
    h("p", { class: "or" }, h("span", {}, words.say("page.or"))),
    form,
    h("p", { class: "private ke-soft" }, words.say("page.private")),
  );
}

/** Files and texts that are dropped anywhere; `hover` hears whether one is held over the page. */
export function listenForDrops(name: () => string, take: Take, hover: (on: boolean) => void): void {
  // dragenter and dragleave also fire for every element inside: dragover alone tells the truth.
  let leaving: ReturnType<typeof setTimeout> | undefined;
  const hovering = (on: boolean): void => {
    clearTimeout(leaving);
    hover(on);
    if (on) leaving = setTimeout(() => { hovering(false); }, 300);
  };
  window.addEventListener("dragover", (event) => {
    event.preventDefault();
    hovering(true);
  });
  window.addEventListener("drop", (event) => {
    event.preventDefault();
    hovering(false);
    const file = event.dataTransfer?.files[0];
    const text = event.dataTransfer?.getData("text/plain") ?? "";
    if (file) take(file.name, () => fromFile(file));
    else if (text !== "") take(name(), () => fromText(text));
  });
}
