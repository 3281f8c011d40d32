/** Builds the page of the server. Needs no network; the same input gives the same output. */

import { rm } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import * as esbuild from "esbuild";
import { sources } from "./plugins.mjs";

const here = fileURLToPath(new URL(".", import.meta.url));
const out = fileURLToPath(new URL("../server/keeneye/web/static/app", import.meta.url));

await rm(out, { recursive: true, force: true });
const result = await esbuild.build({
  absWorkingDir: here,
  entryPoints: { page: "src/entry/page/page.ts", "page-style": "src/entry/page/page.css" },
  // index.html names page.js and page-style.css; browsers check them by ETag on every visit.
  entryNames: "[name]",
  outdir: out,
  bundle: true,
  format: "esm",
  target: ["chrome123", "firefox128", "safari17.5"],
  minify: true,
  sourcemap: false,
  legalComments: "none",
  charset: "utf8",
  metafile: true,
  logLevel: "warning",
  plugins: [sources()],
});
for (const [file, { bytes }] of Object.entries(result.metafile.outputs)) {
  process.stdout.write(`${file.split("/").at(-1)} ${(bytes / 1000).toFixed(1)} kB\n`);
}
