/** Builds elements from data. Strings become text nodes, never markup, so a hostile message stays text. */

export type Child = Node | string | null | undefined | false;

type Handler = (event: Event) => void;

/** Attributes by name; `on…` takes a listener; null, undefined and false leave the attribute out. */
export type Props = Readonly<Record<string, string | number | boolean | Handler | null | undefined>>;

const SVG = "http://www.w3.org/2000/svg";

export function h<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  props: Props = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[K] {
  return dress(document.createElement(tag), props, children);
}

export function s<K extends keyof SVGElementTagNameMap>(
  tag: K,
  props: Props = {},
  ...children: readonly Child[]
): SVGElementTagNameMap[K] {
  return dress(document.createElementNS(SVG, tag), props, children);
}

function dress<E extends Element>(element: E, props: Props, children: readonly Child[]): E {
  for (const [name, value] of Object.entries(props)) {
    if (value === null || value === undefined || value === false) continue;
    if (typeof value === "function") element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? "" : String(value));
  }
  element.append(...children.filter(isPresent));
  return element;
}

function isPresent(child: Child): child is Node | string {
  return child !== null && child !== undefined && child !== false;
}

/** Text of unknown writing direction that must not disturb its surroundings. */
export function foreign(text: string, extra = ""): HTMLElement {
  return h("bdi", extra === "" ? {} : { class: extra }, text);
}
