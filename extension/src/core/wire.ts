/** What content scripts, popup and options ask the background, and what it answers. JSON only, no bytes. */

import { ApiError, type Trouble, type VisibleMessage } from "./api.js";
import type { Counted, Mark } from "./settings.js";
import type { FeedbackLabel, Verdict } from "./types.js";

/** The token stays in the background: pages never learn it. */
export interface Prefs {
  readonly language: string;
  readonly connected: boolean;
  readonly disabled: readonly string[];
}

export type WirePayload = { readonly base64: string } | { readonly visible: VisibleMessage };

/** Question by name → [what is asked, what comes back]. */
export interface Questions {
  /** A message was opened: what is set, and its verdict when this browser session has one or is about to. With
   *  `ahead` the asker grades it for another frame. */
  open: [{ readonly key: string; readonly ahead?: boolean }, { readonly prefs: Prefs; readonly verdict: Verdict | null }];
  /** It could not be graded ahead. */
  missed: [{ readonly key: string }, null];
  prefs: [Record<string, never>, Prefs];
  /** `anew`: in place of the verdict that is known. */
  grade: [
    {
      readonly key: string | null;
      readonly client: string;
      readonly payload: WirePayload;
      readonly mailbox?: string;
      readonly anew?: boolean;
    },
    Verdict,
  ];
  /** The verdict with facts that arrived later, null when none did. */
  later: [{ readonly key: string; readonly verdict: Verdict }, Verdict | null];
  marks: [{ readonly keys: readonly string[] }, Readonly<Record<string, Mark>>];
  /** `key` is that of the message, for clients that mark it. */
  feedback: [{ readonly id: string; readonly label: FeedbackLabel; readonly key?: string }, null];
  undo: [{ readonly id: string; readonly key?: string }, null];
  /** Rows of the list get told which message they show, as the adapter does it. */
  stamp: [{ readonly adapter: string }, null];
  /** Raw source from a host that the adapter names. */
  fetch: [{ readonly adapter: string; readonly url: string }, { readonly base64: string; readonly type: string }];
  level: [{ readonly address: string; readonly level: 1 | 2 | 3 | 4 | null; readonly reason: string }, boolean];
  profile: [{ readonly address: string; readonly profile: Readonly<Record<string, unknown>> }, boolean];
  count: [{ readonly what: Counted }, null];
  /** Words that the reply shall begin with which the reader has just asked the page for, and those words for it. */
  hold: [{ readonly text: string }, null];
  held: [Record<string, never>, { readonly text: string | null }];
  options: [Record<string, never>, null];
  pair: [{ readonly server: string; readonly code: string }, null];
  check: [Record<string, never>, null];
}

/** What is asked in mail programs besides. */
export interface ProgramQuestions {
  /** A link that the reader has decided on. */
  browse: [{ readonly href: string }, null];
  /** Words into the reply to this message that is open, or into a new one. */
  reply: [{ readonly key: string; readonly text: string }, null];
}

type Asking = Questions & ProgramQuestions;

export type Name = keyof Questions;
export type Asked<N extends Name> = Questions[N][0];
export type Answered<N extends Name> = Questions[N][1];

interface Failure {
  readonly trouble: Trouble;
  readonly status: number | null;
  readonly code: string | null;
  readonly detail: string | null;
  readonly retryAfter: number | null;
}

/** Told to every frame of a tab: a message was graded, so that the list can show its mark. */
export interface Marked {
  readonly marked: string;
}

export type Envelope = { readonly answer: unknown } | { readonly failure: Failure };

/** Ask the background. Throws ApiError, also when the extension was updated meanwhile and cannot answer. */
export async function ask<N extends keyof Asking>(name: N, asked: Asking[N][0]): Promise<Asking[N][1]> {
  let envelope: Envelope | undefined;
  try {
    envelope = await chrome.runtime.sendMessage<unknown, Envelope | undefined>({ name, asked });
  } catch {
    throw new ApiError("offline", null, "extension");
  }
  if (envelope === undefined) throw new ApiError("offline", null, "extension");
  if ("failure" in envelope) {
    const { trouble, status, code, detail, retryAfter } = envelope.failure;
    throw new ApiError(trouble, status, code, detail, retryAfter);
  }
  return envelope.answer as Asking[N][1];
}

export function failure(error: unknown): Envelope {
  const known = error instanceof ApiError ? error : new ApiError("server");
  const { trouble, status, code, detail, retryAfter } = known;
  return { failure: { trouble, status, code, detail, retryAfter } };
}

/** A runtime message takes 64 MiB; base64 needs a third more than the bytes. */
export const MOST_BYTES = 40 * 1024 * 1024;

export function toBase64(bytes: Uint8Array): string {
  const step = 0x8000;
  let text = "";
  for (let i = 0; i < bytes.length; i += step) text += String.fromCharCode(...bytes.subarray(i, i + step));
  return btoa(text);
}

export function fromBase64(base64: string): Uint8Array<ArrayBuffer> {
  const text = atob(base64);
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i += 1) bytes[i] = text.charCodeAt(i);
  return bytes;
}
