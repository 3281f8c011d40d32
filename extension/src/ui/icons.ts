/** Icons as inline SVG: symbol glyphs and emoji are missing on many machines. All are decoration; words stand beside. */

import { s } from "./dom.js";

function icon(size: number, ...paths: readonly (readonly [d: string, fill?: string])[]): SVGSVGElement {
  return s(
    "svg",
    { class: "ke-icon", "aria-hidden": "true", focusable: "false", width: size, height: size, viewBox: "0 0 22 22" },
    ...paths.map(([d, fill]) => s("path", { d, fill: fill ?? "currentColor" })),
  );
}

/** An octagon with an exclamation mark. */
export const dangerIcon = (size = 22): SVGSVGElement =>
  icon(size, ["M7 1h8l6 6v8l-6 6H7l-6-6V7z"], ["M10 5h2v7h-2zm0 9h2v2h-2z", "var(--ke-paper)"]);

/** A triangle with an exclamation mark. */
export const cautionIcon = (size = 22): SVGSVGElement =>
  icon(
    size,
    ["M11 1.6c.5 0 .9.3 1.2.7l9 16.2c.5 1-.1 2-1.2 2H2c-1.100 0-1.700-1-1.200-2l9-16.200c.3-.4.7-.7 1.200-.7z"],
    ["M10 8h2v6h-2zm0 7.500h2v2h-2z", "var(--ke-paper)"],
  );

export const closeIcon = (): SVGSVGElement =>
  icon(18, ["M5.200 3.800 11 9.600l5.800-5.800 1.400 1.400L12.400 11l5.800 5.800-1.400 1.400L11 12.400l-5.800 5.800-1.400-1.400L9.600 11 3.800 5.200z"]);

export const clipIcon = (): SVGSVGElement =>
  icon(16, [
    "M15.500 6.200 8 13.700a2 2 0 0 0 2.800 2.800l7.400-7.400a4.200 4.200 0 0 0-6-6L4.500 10.800a6.300 6.300 0 0 0 9 9l6-6-1.400-1.400-6 6a4.300 4.300 0 0 1-6.100-6.200l7.700-7.700a2.200 2.200 0 0 1 3.100 3.200l-7.300 7.300-.1-.1 6.600-7.300z",
  ]);

export const backIcon = (): SVGSVGElement => icon(18, ["M12 4 5 11l7 7 1.500-1.500L9 12h9v-2H9l4.500-4.500z"]);

/** Five stars, `count` of them filled. Says nothing itself: the badge's label does. */
export function starRow(count: number): SVGSVGElement {
  const star = "M7 .9 8.800 5l4.400.4-3.300 2.900 1 4.300L7 10.300l-3.900 2.300 1-4.300L.8 5.400 5.200 5z";
  return s(
    "svg",
    { class: "ke-stars", "aria-hidden": "true", focusable: "false", width: 70, height: 13, viewBox: "0 0 70 13" },
    ...[0, 1, 2, 3, 4].map((i) =>
      s("path", {
        d: star,
        transform: `translate(${String(i * 14)} 0)`,
        fill: i < count ? "currentColor" : "none",
        stroke: "currentColor",
        "stroke-width": 1,
        "stroke-linejoin": "round",
      }),
    ),
  );
}
