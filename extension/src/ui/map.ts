/** Origin against claim on a small world map: a dot where the mail came from, an outline of what the writer says. */

import world from "virtual:world";
import type { Facts, Words } from "../core/types.js";
import { h, s } from "./dom.js";
import { MAP_HEIGHT, MAP_WIDTH, project } from "./projection.js";

/** SVG paths shorter than this are a few dots wide. */
const SMALL = 60;

type Point = readonly [x: number, y: number];
type Box = readonly [x: number, y: number, width: number, height: number];

/** Null when neither origin nor claim can be placed. The text equivalent stands in the label and in the rows beside. */
export function originMap(facts: Facts, words: Words): HTMLElement | null {
  const { origin, claimed_country: claim } = facts;
  const dot = place(origin.latitude, origin.longitude, origin.country);
  const claimed = claim.value?.toUpperCase() ?? null;
  const country = claimed === null ? undefined : world[claimed];
  const shape = country?.[0] ?? "";
  const middle: Point | null = country ? [country[1], country[2]] : place(claim.latitude, claim.longitude, null);
  // A country too small for the scale gets a ring.
  const ring = claimed !== null && shape.length < SMALL ? middle : null;
  const outlined = shape !== "" || ring !== null;
  if (dot === null && !outlined) return null;

  const around: Box[] = [];
  if (dot) around.push([dot[0] - 8, dot[1] - 8, 16, 16]);
  if (country) around.push([country[1] - country[3] / 2, country[2] - country[4] / 2, country[3], country[4]]);
  const view = frame(around);
  const unit = view[2] / MAP_WIDTH;

  const originName = origin.country === null ? words.say("origin.unseen") : words.country(origin.country);
  const claimName = claimed === null ? words.say("origin.claims.none") : words.country(claimed);
  const tone = claimed !== null && origin.country?.toUpperCase() === claimed ? "ke-agree" : "";
  return h(
    "figure",
    { class: "ke-map" },
    s(
      "svg",
      {
        viewBox: view.join(" "),
        role: "img",
        "aria-label": words.say("origin.map", { origin: originName, claim: claimName }),
      },
      s("path", { class: "ke-land", d: landPath() }),
      shape === "" ? null : s("path", { class: "ke-claim", d: shape }),
      ring ? s("circle", { class: "ke-claim ke-ring", cx: ring[0], cy: ring[1], r: 7 * unit }) : null,
      dot ? s("circle", { class: `ke-dot ${tone}`, cx: dot[0], cy: dot[1], r: 4.5 * unit }) : null,
    ),
    h(
      "figcaption",
      { class: "ke-legend" },
      dot ? h("span", {}, h("i", { class: `ke-key-dot ${tone}` }), words.say("origin.map.origin")) : null,
      outlined ? h("span", {}, h("i", { class: "ke-key-claim" }), words.say("origin.map.claim")) : null,
    ),
  );
}

function place(
  latitude: number | null | undefined,
  longitude: number | null | undefined,
  country: string | null,
): Point | null {
  if (typeof latitude === "number" && typeof longitude === "number") return project(longitude, latitude);
  const known = country === null ? undefined : world[country.toUpperCase()];
  return known ? [known[1], known[2]] : null;
}

/** The part of the map that holds all boxes with room around, never less than a continent, in the map's own shape. */
function frame(boxes: readonly Box[]): Box {
  const [left, top] = [0, 1].map((axis) => Math.min(...boxes.map((b) => b[axis] ?? 0))) as [number, number];
  const right = Math.max(...boxes.map((b) => b[0] + b[2]));
  const bottom = Math.max(...boxes.map((b) => b[1] + b[3]));
  const shape = MAP_WIDTH / MAP_HEIGHT;
  const width = Math.min(MAP_WIDTH, Math.max(MAP_WIDTH / 2.4, (right - left) * 1.4, (bottom - top) * 1.4 * shape));
  const height = width / shape;
  const x = clamp((left + right - width) / 2, MAP_WIDTH - width);
  const y = clamp((top + bottom - height) / 2, MAP_HEIGHT - height);
  return [x, y, width, height].map((v) => Math.round(v * 10) / 10) as unknown as Box;
}

function clamp(value: number, most: number): number {
  return Math.max(0, Math.min(value, most));
}

let land: string | null = null;

function landPath(): string {
  land ??= Object.values(world)
    .map(([path]) => path)
    .join("");
  return land;
}
