/** The page's drawings. */

import { s } from "../../ui/dom.js";

/** The mark of the product: an eye. */
export function eye(): SVGSVGElement {
  return s(
    "svg",
    { class: "eye", viewBox: "0 0 40 28", width: 40, height: 28, "aria-hidden": "true", focusable: "false" },
    s("path", { d: "M2 14C8 5 14 2 20 2s12 3 18 12c-6 9-12 12-18 12S8 23 2 14z", fill: "none", stroke: "currentColor", "stroke-width": 3, "stroke-linejoin": "round" }),
    s("path", { d: "M20 6.500a7.500 7.500 0 1 0 0 15 7.500 7.500 0 0 0 0-15zm2.600 3.200a2.500 2.500 0 1 1 0 5 2.500 2.500 0 0 1 0-5z", fill: "currentColor", "fill-rule": "evenodd" }),
  );
}

export function envelope(): SVGSVGElement {
  return s(
    "svg",
    { class: "envelope", viewBox: "0 0 48 36", width: 48, height: 36, "aria-hidden": "true", focusable: "false" },
    s("path", { d: "M3 5.500A2.500 2.500 0 0 1 5.500 3h37A2.500 2.500 0 0 1 45 5.500v25a2.500 2.500 0 0 1-2.500 2.500h-37A2.500 2.500 0 0 1 3 30.500zM4 5l20 15L44 5", fill: "none", stroke: "currentColor", "stroke-width": 2, "stroke-linejoin": "round" }),
  );
}
