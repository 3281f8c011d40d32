/** What a reader drops, pastes or picks, as a payload for the server. */

import type { Payload } from "../../core/api.js";
import type { WordKey } from "../../core/types.js";

/** Why something cannot even be sent; `key` says it in words. */
export class IntakeError extends Error {
  constructor(readonly key: WordKey) {
    super(key);
    this.name = "IntakeError";
  }
}

/** First bytes of an OLE compound file: Outlook's .msg. */
const OLE = [0xd0, 0xcf, 0x11, 0xe0];

/** Far above any server's limit, which the server itself enforces: only keeps the tab from choking. */
const MOST_BYTES = 200_000_000;

/** A file as it lies on disk, byte for byte. Throws IntakeError when empty, too large or an Outlook .msg. */
export async function fromFile(file: File): Promise<Payload> {
  if (file.size > MOST_BYTES) throw new IntakeError("error.too_large");
  const raw = new Uint8Array(await file.arrayBuffer());
  if (raw.length === 0) throw new IntakeError("error.empty");
  if (OLE.every((byte, i) => raw[i] === byte)) throw new IntakeError("error.msg");
  return { raw };
}

/** Pasted text: the raw source when it begins with mail headers, else what the reader sees of a message. */
export function fromText(text: string): Payload {
  if (text.trim() === "") throw new IntakeError("error.empty");
  if (isSource(text)) return { raw: new TextEncoder().encode(text.trimStart()) };
  return { visible: { text, client: { id: "page", sees: "visible" } } };
}

/** Headers that a copied source has and a letter does not begin with. */
const TELLING = /^(received|return-path|delivered-to|message-id|mime-version|from|authentication-results|x-[\w-]+|dkim-signature|arc-[\w-]+|content-type)$/i;
const HEADER = /^([!-9;-~]+):(?: |\t|$)/;

/** Whether a text begins with at least two header fields (RFC 5322 §2.2), one of them telling. */
export function isSource(text: string): boolean {
  const lines = text.trimStart().slice(0, 65_536).split(/\r\n|\n|\r/, 200);
  const names: string[] = [];
  for (const [i, line] of lines.entries()) {
    if (line === "") break;
    if (i > 0 && /^[ \t]/.test(line)) continue;
    if (i === 0 && line.startsWith("From ")) continue;
    const name = HEADER.exec(line)?.[1];
    if (name === undefined) return false;
    names.push(name);
  }
  return names.length >= 2 && names.some((name) => TELLING.test(name));
}
