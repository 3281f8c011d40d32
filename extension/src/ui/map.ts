/** Origin against claim on a small world map: a dot where the mail came from, an outline of what the writer says. */

import world from "virtual:world";
import type { Facts, Words } from "../core/types.js";
import { h, s } from "./dom.js";
import { MAP_HEIGHT, MAP_WIDTH, project } from "./projection.js";

/** SVG paths shorter than this are a few dots wide. */
const SMALL = 60;

/** Null when neither origin nor claim can be placed. The text equivalent stands in the label and in the rows beside. */
export function originMap(facts: Facts, words: Words): HTMLElement | null {
  const { origin, claimed_country: claim } = facts;
  const dot = place(origin.latitude, origin.longitude, origin.country);
  const claimed = claim.value?.toUpperCase() ?? null;
  const outline = claimed === null ? undefined : world[claimed];
  const shape = outline?.[0] ?? "";
  const centre = claimed === null ? null : place(claim.latitude, claim.longitude, claimed);
  // A country that would be a few dots wide, or too small for the map's scale, gets a ring.
  const ring = shape.length < SMALL ? (outline ? ([outline[1], outline[2]] as const) : centre) : null;
  if (dot === null && shape === "" && ring === null) return null;

  const originName = origin.country === null ? words.say("origin.unseen") : words.country(origin.country);
  const claimName = claimed === null ? words.say("origin.claims.none") : words.country(claimed);
  const agree = claimed !== null && origin.country?.toUpperCase() === claimed;
  return h(
    "figure",
    { class: "ke-map" },
    s(
      "svg",
      {
        viewBox: `0 0 ${String(MAP_WIDTH)} ${String(MAP_HEIGHT)}`,
        role: "img",
        "aria-label": words.say("origin.map", { origin: originName, claim: claimName }),
      },
      s("path", { class: "ke-land", d: landPath() }),
      shape === "" ? null : s("path", { class: "ke-claim", d: shape }),
      ring ? s("circle", { class: "ke-claim ke-ring", cx: ring[0], cy: ring[1], r: 6 }) : null,
      dot ? s("circle", { class: `ke-dot-halo`, cx: dot[0], cy: dot[1], r: 6.5 }) : null,
      dot ? s("circle", { class: agree ? "ke-dot ke-agree" : "ke-dot", cx: dot[0], cy: dot[1], r: 3.6 }) : null,
    ),
    h(
      "figcaption",
      { class: "ke-legend" },
      dot
        ? h("span", {}, h("i", { class: agree ? "ke-key-dot ke-agree" : "ke-key-dot" }), words.say("origin.map.origin"))
        : null,
      shape !== "" || ring !== null
        ? h("span", {}, h("i", { class: "ke-key-claim" }), words.say("origin.map.claim"))
        : null,
    ),
  );
}

function place(
  latitude: number | null | undefined,
  longitude: number | null | undefined,
  country: string | null,
): readonly [number, number] | null {
  if (typeof latitude === "number" && typeof longitude === "number") return project(longitude, latitude);
  const known = country === null ? undefined : world[country.toUpperCase()];
  return known ? [known[1], known[2]] : null;
}

let land: string | null = null;

function landPath(): string {
  land ??= Object.values(world)
    .map(([path]) => path)
    .join("");
  return land;
}
