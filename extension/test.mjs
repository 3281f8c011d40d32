/** Bundles every test under tests/extension and runs it with Node's own runner. */

import { spawnSync } from "node:child_process";
import { readdir, rm } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import * as esbuild from "esbuild";
import { sources } from "./plugins.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
const folder = `${root}tests/extension`;
const out = `${root}build/tests-extension`;
const files = (await readdir(folder, { recursive: true })).filter((name) => name.endsWith(".test.ts"));
if (files.length === 0) throw new Error(`no tests in ${folder}`);

await rm(out, { recursive: true, force: true });
await esbuild.build({
  absWorkingDir: root,
  entryPoints: files.map((name) => `${folder}/${name}`),
  outdir: out,
  outbase: folder,
  outExtension: { ".js": ".mjs" },
  bundle: true,
  platform: "node",
  format: "esm",
  target: "node20",
  packages: "external",
  sourcemap: "inline",
  loader: { ".css": "text" },
  logLevel: "warning",
  plugins: [sources()],
});
const built = files.map((name) => `${out}/${name.replace(/\.ts$/, ".mjs")}`);
const { status } = spawnSync(process.execPath, ["--enable-source-maps", "--test", ...built], { stdio: "inherit" });
process.exitCode = status ?? 1;
