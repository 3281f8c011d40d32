/**
 * No part of Thunderbird's API that is newer than 115 is used without a fallback: `Messenger` says which parts may be
 * missing, and the compiler demands that this is looked at. thunderbird-115.json: what the schemas inside Thunderbird 115.12 name.
 */

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import ts from "typescript";

const SOURCE = "extension/src/";
const API: Readonly<Record<string, readonly string[]>> = JSON.parse(readFileSync("tests/extension/thunderbird-115.json", "utf8")) as Record<string, string[]>;

/** Paths of two names that `Messenger` says are always there, and that 115 does not have. */
function missing(source: string): string[] {
  const file = ts.createSourceFile("x.ts", source, ts.ScriptTarget.Latest);
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isInterfaceDeclaration(node) && node.name.text === "Messenger")
      for (const space of node.members) {
        const name = named(space, file);
        const members = ts.isPropertySignature(space) && space.type !== undefined && ts.isTypeLiteralNode(space.type) ? space.type.members : [];
        assert.ok(members.length > 0, name);
        if (space.questionToken !== undefined) continue;
        for (const member of members)
          if (member.questionToken === undefined && API[name]?.includes(named(member, file)) !== true) found.push(`${name}.${named(member, file)}`);
      }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return found;
}

function named(member: ts.TypeElement, file: ts.SourceFile): string {
  return member.name?.getText(file) ?? "";
}

const HOST = readFileSync(`${SOURCE}adapters/host/thunderbird-api.ts`, "utf8");

test("what is always there is there in Thunderbird 115", () => {
  assert.deepEqual(missing(HOST), []);
});

// Each came after 115; without its question mark it would be used unasked.
for (const [part, path] of [
  ["readonly tags?: {", "messages.tags"],
  ["readonly messageDisplay?: {", "scripting.messageDisplay"],
] as const)
  test(`${path} without a fallback is found`, () => {
    assert.ok(HOST.includes(part));
    assert.deepEqual(missing(HOST.replace(part, part.replace("?", ""))), [path]);
  });

test("what the other parts take from `chrome` is there in Thunderbird 115", () => {
  const folders = ["core/", "ui/", "ui/breakdown/", "entry/content/", "entry/thunderbird/"];
  const files = folders.flatMap((folder) => readdirSync(SOURCE + folder).filter((name) => name.endsWith(".ts")).map((name) => folder + name));
  const text = [...files, "entry/answers.ts", "entry/options.ts", "entry/reply-help.ts"].map((name) => readFileSync(SOURCE + name, "utf8")).join("\n");
  const used = new Set([...text.matchAll(/\bchrome\.([a-z]\w*)\.([a-z]\w*)/g)].map(([, space, name]) => `${space ?? ""}.${name ?? ""}`));
  assert.ok(used.size > 10);
  assert.deepEqual([...used].filter((path) => API[path.split(".")[0] ?? ""]?.includes(path.split(".")[1] ?? "") !== true), []);
});
