/** The building blocks of every section: a titled section, a table of rows, a list of foreign values. */

import { foreign, h, type Child } from "../dom.js";

export function section(name: string, title: string, ...children: readonly Child[]): HTMLElement {
  return h("section", { class: "ke-section", "data-section": name }, h("h3", {}, title), ...children);
}

export type Row = readonly [title: string, value: Child | readonly Child[], muted?: boolean];

export function table(rows: readonly Row[]): HTMLElement {
  return h(
    "dl",
    { class: "ke-table" },
    ...rows.flatMap(([title, value, muted]) => [
      h("dt", {}, title),
      h("dd", muted === true ? { class: "ke-soft" } : {}, ...(Array.isArray(value) ? (value as Child[]) : [value as Child])),
    ]),
  );
}

/** Values of the message, one after the other, each isolated in its own writing direction. */
export function list(values: readonly string[]): Child[] {
  return values.flatMap((value, i) => [i === 0 ? null : " \u00b7 ", foreign(value)]);
}
