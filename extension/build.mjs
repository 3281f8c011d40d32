/** Builds what the server serves: its page, and the parts of the Outlook add-in. Needs no network; the same input gives the same output. */

import { rm } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import * as esbuild from "esbuild";
import { sources } from "./plugins.mjs";

const here = fileURLToPath(new URL(".", import.meta.url));
const web = fileURLToPath(new URL("../server/keeneye/web/static/", import.meta.url));

/** The pages name these files without a digest; browsers check them by ETag on every visit. */
async function build(folder, options) {
  const result = await esbuild.build({
    absWorkingDir: here,
    entryNames: "[name]",
    outdir: web + folder,
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
    ...options,
  });
  for (const [file, { bytes }] of Object.entries(result.metafile.outputs)) {
    process.stdout.write(`${file.split("/").at(-1)} ${(bytes / 1000).toFixed(1)} kB\n`);
  }
}

for (const folder of ["app", "addin"]) await rm(web + folder, { recursive: true, force: true });
await build("app", { entryPoints: { page: "src/entry/page/page.ts", "page-style": "src/entry/page/page.css" } });
await build("addin", {
  entryPoints: { taskpane: "src/entry/outlook/taskpane.ts", "taskpane-style": "src/entry/outlook/taskpane.css" },
});
// Classic Outlook on Windows runs this one without a page, as ECMAScript 2016.
await build("addin", { entryPoints: { commands: "src/entry/outlook/commands.ts" }, format: "iife", target: "es2016" });
