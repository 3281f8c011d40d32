/** A message's verdict: from the background's memory, from an earlier start, or by reading and grading it now. */

import type { Adapter, Coming, Reach, ReadMail } from "../../adapters/adapter.js";
import { ApiError } from "../../core/api.js";
import type { Verdict } from "../../core/types.js";
import { ask, MOST_BYTES, toBase64, type Prefs, type WirePayload } from "../../core/wire.js";

export interface Obtained {
  readonly prefs: Promise<Prefs>;
  /** Null where the administrator has switched the adapter off. Rejects with ApiError. */
  readonly verdict: Promise<Verdict | null>;
}

interface Wish {
  readonly key: string;
  readonly adapter: Adapter;
  readonly read: (reach: Reach) => Promise<ReadMail>;
  /** Graded again although it is known. */
  readonly anew?: boolean;
  /** Another frame will want it: it is told to wait for this one. */
  readonly ahead?: boolean;
  /** Read only when the background knows of nothing. */
  readonly lazy?: boolean;
  readonly signal?: AbortSignal;
}

export function obtain({ key, adapter, read, anew = false, ahead = false, lazy = false, signal }: Wish): Obtained {
  const reading = new AbortController();
  const stop = (): void => { reading.abort(); };
  signal?.addEventListener("abort", stop);
  const asked = ask("open", { key, ahead });
  const fetchSource = (): Promise<ReadMail> => read(reach(adapter, reading.signal));
  // The source is fetched while the background wakes up.
  const source = lazy ? null : fetchSource();
  source?.catch(() => undefined);
  let handed = false;
  const missed = (): void => {
    if (!handed) void ask("missed", { key }).catch(() => undefined);
  };
  // A double click leaves the page that began: the next one must not wait for it.
  if (ahead) addEventListener("pagehide", missed, { once: true });
  const verdict = async (): Promise<Verdict | null> => {
    const { prefs, verdict: known } = await asked;
    const off = prefs.disabled.includes(adapter.id);
    if (off || !prefs.connected || (known !== null && !anew)) stop();
    if (off) return null;
    if (!prefs.connected) throw new ApiError("unauthorized", null, "setup");
    if (known !== null && !anew) return known;
    try {
      const { payload, mailbox } = await (source ?? fetchSource());
      handed = true;
      const place = mailbox === undefined ? {} : { mailbox };
      return await ask("grade", { key, client: adapter.id, payload: wired(payload), anew: known !== null, ...place });
    } catch (error) {
      handed = false;
      if (ahead) missed();
      throw error;
    }
  };
  const obtained = { prefs: asked.then(({ prefs }) => prefs), verdict: verdict() };
  for (const promise of Object.values(obtained)) promise.catch(() => undefined);
  return obtained;
}

/** The message that is graded while the page still loads it. */
export class Ahead {
  private started: { readonly key: string; readonly obtained: Obtained } | null = null;

  constructor(private readonly adapter: Adapter) {}

  /** `coming` is null when the page names no message. */
  start(coming: Coming | null): void {
    if (this.started?.key === coming?.key) return;
    // A frame may be told the verdict by the list, which began when it was clicked.
    const lazy = window.top !== window;
    this.started = coming === null ? null : { key: coming.key, obtained: this.obtain(coming, { lazy }) };
  }

  /** It will be shown in another frame, which then asks the background. */
  startElsewhere(coming: Coming): void {
    this.obtain(coming, { ahead: true });
  }

  private obtain(coming: Coming, how: Pick<Wish, "lazy" | "ahead">): Obtained {
    return obtain({ key: coming.key, adapter: this.adapter, read: (reach) => coming.read(reach), ...how });
  }

  get waiting(): boolean {
    return this.started !== null;
  }

  /** What was started for this message; only once, so that a retry starts afresh. */
  take(key: string): Obtained | null {
    const { started } = this;
    if (started?.key !== key) return null;
    this.started = null;
    return started.obtained;
  }
}

function wired(payload: ReadMail["payload"]): WirePayload {
  if (!("raw" in payload)) return payload;
  if (payload.raw.length > MOST_BYTES) throw new ApiError("too_large");
  return { base64: toBase64(payload.raw) };
}

function reach(adapter: Adapter, signal: AbortSignal): Reach {
  return {
    page: async (url, headers = {}) => {
      if (new URL(url).origin !== location.origin) throw new ApiError("forbidden");
      // The origin is checked above; to Firefox a content script is never of the page's origin.
      const response = await fetch(url, { headers, credentials: "include", signal });
      if (!response.ok) throw new ApiError("unreadable", response.status);
      const type = (response.headers.get("Content-Type") ?? "").split(";")[0]?.trim().toLowerCase() ?? "";
      const buffer = await response.arrayBuffer();
      // A copy of our own: in Firefox the buffer belongs to the page's world and cannot be cut into pieces.
      const bytes = new Uint8Array(buffer.byteLength);
      bytes.set(new Uint8Array(buffer));
      return { bytes, type };
    },
    beyond: async (url) => {
      const { base64, type } = await ask("fetch", { adapter: adapter.id, url });
      const text = atob(base64);
      return { bytes: Uint8Array.from(text, (sign) => sign.charCodeAt(0)), type };
    },
  };
}
