/**
 * The strip above a message. The message's own styles reach everything in its document, so the strip is a closed shadow
 * root in the browser's top layer, which no `z-index` of the message can cover, and whatever its rules could say of the
 * host is said inline and important before them.
 */

import { h } from "../../ui/dom.js";
import ui from "../../ui/ui.css";
import { layOverIn, setTheme } from "../content/shadow.js";
import own from "./strip.css";

const FIRM: Readonly<Record<string, string>> = {
  all: "initial",
  display: "block",
  position: "absolute",
  inset: "0 0 auto 0",
  width: "auto",
  height: "auto",
  "max-width": "none",
  "max-height": "none",
  margin: "0",
  "z-index": "2147483647",
  // Transitions and animations come before important rules: with them a message could fade the strip out.
  transition: "none",
  animation: "none",
};

export interface Strip {
  /** Where the badge stands. */
  readonly line: HTMLElement;
  /** Where the banner stands. */
  readonly warnings: HTMLElement;
}

export function strip(page: Document): Strip {
  const host = h("div", { "data-keeneye": "strip", popover: "manual" });
  for (const [name, value] of Object.entries(FIRM)) host.style.setProperty(name, value, "important");
  const line = h("div", { class: "line" });
  const warnings = h("div", { class: "warnings" });
  const over = h("div", {});
  const whole = h("div", { class: "strip" }, line, warnings, over);
  const root = host.attachShadow({ mode: "closed" });
  const style = page.createElement("style");
  style.textContent = ui + own;
  root.append(style, whole);
  setTheme(host, matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light");
  const layered = typeof host.showPopover === "function";
  // Before Thunderbird 128 there is no such layer: of all that has the highest z-index, the last in the document lies on top.
  page.documentElement.insertBefore(host, layered ? page.body : null);
  if (layered) host.showPopover();
  const reserve = (): void => {
    page.documentElement.style.setProperty("margin-top", `${String(whole.offsetHeight)}px`, "important");
  };
  reserve();
  layOverIn(over);
  new ResizeObserver(reserve).observe(whole);
  return { line, warnings };
}
