/** The invented messages that the server offers to try. */

import { ApiError, type Payload } from "../../core/api.js";
import type { Words } from "../../core/types.js";

export interface Sample {
  readonly name: string;
  readonly file: string;
  readonly title: Readonly<Record<string, string>>;
}

/** Which samples the server has. Throws when it does not answer. */
export async function loadSamples(): Promise<readonly Sample[]> {
  return readSamples(await fetchJson("/samples"));
}

export async function sampleMessage(sample: Sample): Promise<Payload> {
  const response = await fetch(`/samples/${encodeURIComponent(sample.file)}`);
  if (!response.ok) throw new ApiError("server", response.status);
  return { raw: new Uint8Array(await response.arrayBuffer()) };
}

export function sampleTitle(sample: Sample, words: Words): string {
  return sample.title[words.language] ?? sample.title["en"] ?? sample.name;
}

async function fetchJson(path: string): Promise<unknown> {
  const response = await fetch(path, { credentials: "omit", cache: "no-cache" });
  if (!response.ok) throw new ApiError("server", response.status);
  return (await response.json()) as unknown;
}

function readSamples(value: unknown): Sample[] {
  if (!Array.isArray(value)) return [];
  return (value as unknown[]).filter(
    (row): row is Sample & Record<string, unknown> =>
      isRecord(row) && typeof row["name"] === "string" && typeof row["file"] === "string" && isRecord(row["title"]),
  );
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
