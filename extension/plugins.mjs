/** Modules that are made at build time: all language files, and the world map as compact SVG paths. */

import { readdir, readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import * as esbuild from "esbuild";
import { feature } from "topojson-client";

const require = createRequire(import.meta.url);
const src = fileURLToPath(new URL("src/", import.meta.url));

/** esbuild plugin for `virtual:messages` and `virtual:world`. */
export function sources() {
  return {
    name: "keeneye-sources",
    setup(build) {
      build.onResolve({ filter: /^virtual:/ }, ({ path }) => ({ path, namespace: "keeneye" }));
      build.onLoad({ filter: /^virtual:messages$/, namespace: "keeneye" }, messages);
      build.onLoad({ filter: /^virtual:world$/, namespace: "keeneye" }, world);
    },
  };
}

/** A language is added by one file: whatever stands in the folder is bundled. */
async function messages() {
  const folder = `${src}core/messages`;
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
  const project = await projection();
  const codes = new Map(require("i18n-iso-countries/codes.json").map(([alpha2, , numeric]) => [numeric, alpha2]));
  const coarse = shapes("world-atlas/countries-110m.json");
  const fine = shapes("world-atlas/countries-50m.json");
  const countries = {};
  for (const [numeric, polygons] of fine) {
    const code = codes.get(numeric);
    if (code === undefined || code === "AQ") continue;
    const [x, y] = middle(largest(polygons).map(([lon, lat]) => project(lon, lat)));
    countries[code] = [pathOf(coarse.get(numeric) ?? [], project), x, y];
  }
  return { contents: `export default ${JSON.stringify(countries)};`, loader: "js" };
}

/** The page and the build must agree on the projection: both use the same source file. */
async function projection() {
  const { code } = await esbuild.transform(await readFile(`${src}ui/projection.ts`, "utf8"), { loader: "ts", format: "esm" });
  const module = await import(`data:text/javascript,${encodeURIComponent(code)}`);
  return module.project;
}

function shapes(file) {
  const topology = require(file);
  return new Map(
    feature(topology, topology.objects.countries).features.map(({ id, geometry }) => [
      id,
      geometry.type === "Polygon" ? [geometry.coordinates] : geometry.coordinates,
    ]),
  );
}

function largest(polygons) {
  return polygons.map(([ring]) => ring).reduce((a, b) => (extent(b) > extent(a) ? b : a));
}

function extent(ring) {
  const [lons, lats] = [ring.map(([lon]) => lon), ring.map(([, lat]) => lat)];
  return (Math.max(...lons) - Math.min(...lons)) * (Math.max(...lats) - Math.min(...lats));
}

function middle(points) {
  const sum = (index) => points.reduce((total, point) => total + point[index], 0) / points.length;
  return [Math.round(sum(0) * 10) / 10, Math.round(sum(1) * 10) / 10];
}

/** Relative coordinates with one decimal; rings that shrink to a speck are left out. */
function pathOf(polygons, project) {
  return polygons
    .flat()
    .map((ring) => {
      const points = ring.map(([lon, lat]) => project(lon, lat).map((v) => Math.round(v * 10)));
      const kept = points.filter(([x, y], i) => i === 0 || x !== points[i - 1][0] || y !== points[i - 1][1]);
      if (kept.length < 4) return "";
      const steps = kept.slice(1, -1).map(([x, y], i) => [x - kept[i][0], y - kept[i][1]]);
      const show = ([x, y]) => `${x / 10}${y < 0 ? "" : " "}${y / 10}`;
      return `M${show(kept[0])}l${steps.map(show).join(" ").replaceAll(" -", "-")}z`.replaceAll("0.", ".");
    })
    .join("");
}

