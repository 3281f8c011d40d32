/** Modules that are made at build time: all language files, and the world map as compact SVG paths. */

import { readdir, readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { geoArea, geoCentroid, geoNaturalEarth1, geoPath } from "d3-geo";
import * as esbuild from "esbuild";
import { feature } from "topojson-client";

const require = createRequire(import.meta.url);
const src = fileURLToPath(new URL("src/", import.meta.url));

/** esbuild plugin for `virtual:messages`, `virtual:adapters` and `virtual:world`. */
export function sources() {
  return {
    name: "keeneye-sources",
    setup(build) {
      build.onResolve({ filter: /^virtual:/ }, ({ path }) => ({ path, namespace: "keeneye" }));
      build.onLoad({ filter: /^virtual:messages$/, namespace: "keeneye" }, languages);
      build.onLoad({ filter: /^virtual:adapters$/, namespace: "keeneye" }, adapters);
      build.onLoad({ filter: /^virtual:world$/, namespace: "keeneye" }, world);
    },
  };
}

/**
 * esbuild plugin for engines without `light-dark()` (Gecko before 120): every rule that uses it is also said with the light
 * colours, before it; they hold where the rule itself is not understood.
 */
export function evenWithoutLightDark(loader) {
  return {
    name: "keeneye-light-dark",
    setup(build) {
      build.onLoad({ filter: /\.css$/ }, async ({ path }) => ({ contents: lightFirst(await readFile(path, "utf8")), loader }));
    },
  };
}

export function lightFirst(css) {
  return css.replace(/([^{}]+)\{([^{}]*light-dark\([^{}]*)\}/g, (rule, selector, body) => {
    const light = body.replace(/light-dark\(([^,()]+),[^()]*\)/g, "$1");
    const [, comment, names] = /^((?:\s|\/\*[^]*?\*\/)*)([^]*)$/.exec(selector);
    return `${comment}${names}{${light}}\n@supports (color: light-dark(red, red)) { ${names}{${body}} }`;
  });
}

/** A language is added by one file: whatever stands in the folder is bundled. */
const languages = () => all("core/messages");

/** The same languages as values, for what the build itself writes. */
export async function messages() {
  const { outputFiles } = await esbuild.build({
    stdin: { contents: 'export { default } from "virtual:messages"', resolveDir: src },
    bundle: true,
    write: false,
    format: "esm",
    plugins: [sources()],
  });
  return (await import(`data:text/javascript,${encodeURIComponent(outputFiles[0].text)}`)).default;
}

/** So is a webmail. */
const adapters = () => all("adapters/webmail");

async function all(path) {
  const folder = src + path;
  const files = (await readdir(folder)).filter((name) => name.endsWith(".ts")).sort();
  const imports = files.map((file, i) => `import m${i} from "./${file}";`).join("\n");
  return {
    contents: `${imports}\nexport default [${files.map((_, i) => `m${i}`).join(", ")}];`,
    resolveDir: folder,
    watchDirs: [folder],
  };
}

/** Natural Earth (public domain) 1:110m shapes; 1:50m gives the place of countries too small for those. */
async function world() {
  const { MAP_SCALE, MAP_CENTRE, project } = await projection();
  const flat = geoNaturalEarth1().scale(MAP_SCALE).translate(MAP_CENTRE).precision(0);
  for (const place of [[0, 0], [-77, -12], [121.6, 29.9], [179, 71]]) {
    const [here, there] = [flat(place), project(...place)];
    if (here.some((v, i) => Math.abs(v - there[i]) > 0.06)) throw new Error("ui/projection.ts is not d3's projection");
  }
  const codes = new Map(require("i18n-iso-countries/codes.json").map(([alpha2, , numeric]) => [numeric, alpha2]));
  const coarse = shapes("world-atlas/countries-110m.json");
  const countries = {};
  for (const [numeric, country] of shapes("world-atlas/countries-50m.json")) {
    const code = codes.get(numeric);
    if (code === undefined || code === "AQ") continue;
    const [x, y] = flat(geoCentroid(mainland(country)));
    const shape = coarse.get(numeric);
    const [[left, top], [right, bottom]] = geoPath(flat).bounds(country);
    countries[code] = [shape ? pathOf(shape, flat) : "", ...[x, y, right - left, bottom - top].map(round)];
  }
  return { contents: `export default ${JSON.stringify(countries)};`, loader: "js" };
}

/** The page projects its dot by the same source file. */
async function projection() {
  const { code } = await esbuild.transform(await readFile(`${src}ui/projection.ts`, "utf8"), { loader: "ts", format: "esm" });
  return import(`data:text/javascript,${encodeURIComponent(code)}`);
}

function shapes(file) {
  const topology = require(file);
  return new Map(feature(topology, topology.objects.countries).features.map((country) => [country.id, country]));
}

/** The largest polygon: France is in Europe, whatever it owns overseas. */
function mainland({ geometry }) {
  if (geometry.type === "Polygon") return geometry;
  const parts = geometry.coordinates.map((coordinates) => ({ type: "Polygon", coordinates }));
  return parts.reduce((a, b) => (geoArea(b) > geoArea(a) ? b : a));
}

const round = (value) => Math.round(value * 10) / 10;

/** An SVG path in relative coordinates with one decimal; rings that shrink to a speck are left out. */
function pathOf(shape, flat) {
  const rings = [];
  const add = (x, y) => {
    const [point, last] = [[Math.round(x * 10), Math.round(y * 10)], rings.at(-1).at(-1)];
    if (!last || last[0] !== point[0] || last[1] !== point[1]) rings.at(-1).push(point);
  };
  const pen = {
    moveTo: (x, y) => {
      rings.push([]);
      add(x, y);
    },
    lineTo: add,
    closePath: () => {},
  };
  geoPath(flat, pen)(shape);
  const show = ([x, y]) => `${x / 10}${y < 0 ? "" : " "}${y / 10}`;
  return rings
    .filter((ring) => ring.length >= 4)
    .map((ring) => {
      const steps = ring.slice(1).map(([x, y], i) => show([x - ring[i][0], y - ring[i][1]]));
      return `M${show(ring[0])}l${steps.join(" ").replaceAll(" -", "-")}z`.replace(/(?<!\d)0\./g, ".");
    })
    .join("");
}
