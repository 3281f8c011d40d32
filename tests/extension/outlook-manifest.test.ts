/** The unified manifest by Microsoft's own validator, without network, and that the validator does find mistakes. */

import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { test } from "node:test";
import { OfficeAddinManifest, validateManifest } from "office-addin-manifest";

const FILE = "manifest/outlook.json";

test("manifest/outlook.json is valid", async () => {
  const { isValid, report } = await validateManifest(FILE);
  assert.deepEqual(report?.errors ?? [], []);
  assert.equal(isValid, true);
});

test("both manifests are read as the same mail add-in", async () => {
  const json = await OfficeAddinManifest.readManifestFile(FILE);
  const xml = await OfficeAddinManifest.readManifestFile("manifest/outlook.xml");
  assert.equal(json.id, xml.id);
  assert.equal(xml.displayName, "Keeneye");
  assert.equal(xml.version, `${json.version ?? ""}.0`);
  assert.deepEqual(xml.hosts, ["Mailbox"]);
});

const BROKEN: readonly (readonly [why: string, good: string, bad: string])[] = [
  ["a short description of 81 characters", "Grades sales inquiries and says why.", "x".repeat(81)],
  ["an id that is none", '"id": "4', '"id": "q'],
  ["an unknown place", "mailRead", "mailSomewhere"],
  ["an icon size that Office does not have", '"size": 80', '"size": 81'],
  ["a label of 65 characters", '"label": "Breakdown"', `"label": "${"x".repeat(65)}"`],
];
for (const [why, good, bad] of BROKEN)
  test(`${why} is found`, async () => {
    const folder = mkdtempSync(`${tmpdir()}/keeneye-`);
    const text = readFileSync(FILE, "utf8");
    assert.ok(text.includes(good));
    writeFileSync(`${folder}/manifest.json`, text.replaceAll(good, bad));
    try {
      // What its types forbid cannot even be read.
      const valid = await validateManifest(`${folder}/manifest.json`).then(({ isValid }) => isValid, () => false);
      assert.equal(valid, false);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
