/** Islands of our own in somebody else's page: closed shadow roots that the page's styles do not reach. */

import type { Words } from "../../core/types.js";
import { h } from "../../ui/dom.js";
import ui from "../../ui/ui.css";
import own from "./island.css";

export interface Island {
  readonly host: HTMLElement;
  readonly root: ShadowRoot;
}

/** `inline` stands in a line of text, `block` on lines of its own, `over` lies above the page and takes no room. */
export type Flow = "inline" | "block" | "over";

const FLOW: Readonly<Record<Flow, Readonly<Record<string, string>>>> = {
  inline: { display: "inline-block", "vertical-align": "middle", margin: "0 8px 0 2px", "max-width": "100%" },
  block: { display: "block", margin: "0 0 12px" },
  over: { display: "block", position: "fixed", inset: "auto", "z-index": "2147483000" },
};

/** Rules of the page reach the host although they do not reach into its shadow: these it must not set. */
const FIRM: Readonly<Record<string, string>> = {
  position: "static",
  float: "none",
  width: "auto",
  height: "auto",
  padding: "0",
  border: "0",
  background: "none",
  visibility: "visible",
  opacity: "1",
  transform: "none",
  filter: "none",
  "clip-path": "none",
  "text-indent": "0",
  "text-transform": "none",
  "letter-spacing": "normal",
  "white-space": "normal",
};

export function island(flow: Flow, words: Words): Island {
  const host = h("div", { "data-keeneye": flow, lang: words.language, dir: words.dir });
  // The page's own rules win over :host, so what must hold is said inline and important.
  for (const [name, value] of Object.entries({ ...FIRM, ...FLOW[flow] }))
    host.style.setProperty(name, value, "important");
  const root = host.attachShadow({ mode: "closed" });
  dress(root);
  // Shortcuts of the mail client must not fire while somebody types or presses something of ours.
  for (const type of ["keydown", "keypress", "keyup"])
    host.addEventListener(type, (event) => {
      event.stopPropagation();
    });
  return { host, root };
}

function dress(root: ShadowRoot): void {
  const css = ui + own;
  try {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(css);
    root.adoptedStyleSheets = [sheet];
    if (root.adoptedStyleSheets.length === 1) return;
  } catch {
    // Firefox keeps constructed sheets of a content script apart from the page's document.
  }
  const style = document.createElement("style");
  style.textContent = css;
  root.append(style);
}

/** Put children into an island, keeping its styles. */
export function fill(root: ShadowRoot, ...children: readonly Node[]): void {
  for (const old of [...root.childNodes]) if (old.nodeName !== "STYLE") old.remove();
  root.append(...children);
}

let above: Element | null = null;

/** Where islands that lie over the page are put from now on, instead of into the page itself. */
export function layOverIn(place: Element): void {
  above = place;
}

export function layOver({ host }: Island): void {
  (above ?? document.documentElement).append(host);
}

/** Light or dark as the page is at this place, whatever the system says: mail clients have their own switch. */
export function matchTheme(host: HTMLElement): void {
  const { parentElement: parent, ownerDocument: page } = host;
  // Dark clients colour the body; what lies over the page stands beside it.
  for (let at = parent === page.documentElement ? page.body : parent; at !== null; at = at.parentElement) {
    const parts = getComputedStyle(at).backgroundColor.match(/[\d.]+/g)?.map(Number) ?? [];
    const [red = 255, green = 255, blue = 255, alpha = 1] = parts;
    if (parts.length < 3 || alpha < 0.5) continue;
    setTheme(host, red * 0.299 + green * 0.587 + blue * 0.114 < 128 ? "dark" : "light");
    return;
  }
  setTheme(host, "light");
}

export function setTheme(host: HTMLElement, theme: "light" | "dark"): void {
  host.dataset["theme"] = theme;
  host.style.setProperty("color-scheme", theme, "important");
}
