/** The frame of the breakdown: a side panel where there is room, a sheet below 900 px. Escape closes, focus returns. */

import type { Words } from "../core/types.js";
import { h } from "./dom.js";
import { closeIcon } from "./icons.js";

/** From this width on the breakdown stands beside the message. */
export const SIDE_PANEL = "(min-width: 900px)";

export interface Panel {
  readonly element: HTMLDialogElement;
  /** Puts new content in; the panel stays as it was, open or closed. */
  fill(content: HTMLElement): void;
  /** `focus` false opens the side panel quietly, without taking the reader's place. */
  open(options?: { readonly focus?: boolean; readonly modal?: boolean }): void;
  close(): void;
  isOpen(): boolean;
}

/** `returnTo` names the element that gets the focus back; `onToggle` hears of every change. */
export function panel(words: Words, returnTo: () => HTMLElement | null, onToggle: (open: boolean) => void): Panel {
  const body = h("div", { class: "ke-panel-body" });
  const shut = h(
    "button",
    { class: "ke-icon-button", type: "button", "aria-label": words.say("panel.close"), onclick: () => { close(); } },
    closeIcon(),
  );
  const title = h("h2", { class: "ke-panel-title", id: "ke-panel-title" }, words.say("panel.title"));
  const element = h(
    "dialog",
    { class: "ke-panel", "aria-labelledby": "ke-panel-title", lang: words.language, dir: words.dir },
    h("div", { class: "ke-panel-head" }, title, shut),
    body,
  );
  element.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    event.preventDefault();
    event.stopPropagation();
    close();
  });
  element.addEventListener("cancel", (event) => {
    event.preventDefault();
    close();
  });
  element.addEventListener("click", (event) => {
    // A click on the dialog itself is one on the backdrop of the sheet.
    if (event.target === element && element.matches(":modal")) close();
  });

  function close(): void {
    if (!element.open) return;
    const within = element.contains(element.ownerDocument.activeElement) || element.getRootNode() !== element.ownerDocument;
    element.close();
    if (within) returnTo()?.focus();
    onToggle(false);
  }

  return {
    element,
    fill: (content) => {
      body.replaceChildren(content);
    },
    open: ({ focus = true, modal = false } = {}) => {
      if (element.open) {
        if (focus) shut.focus();
        return;
      }
      if (modal) element.showModal();
      else element.setAttribute("open", "");
      if (focus) shut.focus();
      element.scrollTop = 0;
      onToggle(true);
    },
    close,
    isOpen: () => element.open,
  };
}
