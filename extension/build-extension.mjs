/**
 * Builds the extension into build/extension/{chromium,firefox,thunderbird}. Needs no network; the same input gives the
 * same output. `--hosts PATTERN,…` makes an organisation's own package in which these sites are granted from the
 * start; `--out DIR` builds elsewhere; `--zip` writes store-ready archives into dist/, or
 * where `--dist DIR` says.
 */

import { cp, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import * as esbuild from "esbuild";
import { evenWithoutLightDark, messages, sources } from "./plugins.mjs";
import { zip } from "./zip.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
const here = `${root}extension`;
const { values } = parseArgs({
  options: { hosts: { type: "string", default: "" }, out: { type: "string", default: `${root}build/extension` }, zip: { type: "boolean", default: false }, dist: { type: "string", default: `${root}dist` } },
});
const hosts = values.hosts.split(",").filter(Boolean);

const json = async (name) => JSON.parse(await readFile(`${root}manifest/${name}.json`, "utf8"));

const WEBMAIL = { target: ["chrome123", "firefox142"], content: "content/content.ts", background: "background.ts", popup: "popup.ts", options: "options-start.ts" };
const TARGETS = {
  chromium: WEBMAIL,
  firefox: WEBMAIL,
  thunderbird: { target: ["firefox115"], old: true, content: "thunderbird/message.ts", background: "thunderbird/background.ts", popup: "thunderbird/popup.ts", options: "thunderbird/options.ts" },
};

async function scripts(out, { target, old = false, content, background, popup, options }) {
  const common = {
    absWorkingDir: `${here}/src/entry`,
    bundle: true,
    target,
    // Store reviewers read it; names and lines stay.
    minifySyntax: true,
    minifyWhitespace: false,
    legalComments: "none",
    charset: "utf8",
    logLevel: "warning",
    plugins: [sources()],
  };
  const styles = (loader) => ({ loader: { ".css": loader }, plugins: [sources(), ...(old ? [evenWithoutLightDark(loader)] : [])] });
  await esbuild.build({ ...common, ...styles("text"), entryPoints: { content }, outdir: out, format: "iife" });
  await esbuild.build({ ...common, entryPoints: { background }, outdir: out, format: "iife" });
  await esbuild.build({ ...common, entryPoints: { popup, options }, outdir: out, format: "esm" });
  await esbuild.build({ ...common, ...styles("css"), entryPoints: { content: "content/content.css", popup: "popup.css", options: "options.css" }, outdir: out });
}

/** The overlay's keys over those of the base, null takes one away; the version comes from package.json. */
async function manifest(browser) {
  const [base, overlay, { version }] = [await json("base"), await json(browser), JSON.parse(await readFile(`${root}package.json`, "utf8"))];
  const whole = { ...base, version, ...(hosts.length > 0 ? { host_permissions: hosts } : {}), ...overlay };
  return Object.fromEntries(Object.entries(whole).filter(([, value]) => value !== null));
}

/** The store's texts come from the same language files as everything else. */
async function locales(out, browser) {
  for (const { language, words } of await messages()) {
    const folder = `${out}/_locales/${language.replace("-", "_")}`;
    await mkdir(folder, { recursive: true });
    await writeFile(`${folder}/messages.json`, `${JSON.stringify({ description: { message: words[browser === "thunderbird" ? "thunderbird.description" : "extension.description"] } }, null, 2)}\n`);
  }
}

for (const [browser, entries] of Object.entries(TARGETS)) {
  const out = `${values.out}/${browser}`;
  await rm(out, { recursive: true, force: true });
  await mkdir(out, { recursive: true });
  await scripts(out, entries);
  await locales(out, browser);
  await writeFile(`${out}/manifest.json`, `${JSON.stringify(await manifest(browser), null, 2)}\n`);
  for (const name of ["popup.html", "options.html"]) await cp(`${root}manifest/${name}`, `${out}/${name}`);
  if (browser === "chromium") await cp(`${root}manifest/managed.json`, `${out}/managed.json`);
  await cp(`${root}manifest/icons`, `${out}/icons`, { recursive: true, filter: (name) => !name.endsWith(".svg") });
  if (values.zip) {
    const { version } = JSON.parse(await readFile(`${out}/manifest.json`, "utf8"));
    await mkdir(values.dist, { recursive: true });
    const file = `${values.dist}/keeneye-${browser}-${version}.${browser === "thunderbird" ? "xpi" : "zip"}`;
    await writeFile(file, await zip(out));
    process.stdout.write(`${file}\n`);
  } else process.stdout.write(`${out}\n`);
}
