/** Client of the server's JSON API. The only code that sends a message anywhere. */

import { withLater } from "./later.js";
import type { FeedbackLabel, Verdict, WordKey, Words } from "./types.js";

export interface VisibleMessage {
  readonly subject?: string;
  readonly from?: string;
  readonly to?: string;
  readonly date?: string;
  readonly headers?: string;
  readonly text?: string;
  readonly html?: string;
  readonly attachments?: readonly { name: string; type?: string; size?: number; sha256?: string }[];
  readonly mailbox?: string;
  readonly client?: { readonly id: string; readonly sees: "raw" | "headers" | "visible" };
  /** Figures of the buyer's marketplace profile. */
  readonly profile?: Readonly<Record<string, string | number | boolean | readonly string[]>>;
}

/** The raw message as stored, or what a client can see of it. */
export type Payload = { readonly raw: Uint8Array<ArrayBuffer> } | { readonly visible: VisibleMessage };

export type Trouble =
  | "offline"
  | "timeout"
  | "unauthorized"
  | "forbidden"
  | "malformed"
  | "too_large"
  | "unsupported"
  | "invalid"
  | "rate"
  | "unavailable"
  | "server"
  | "unreadable";

const BY_STATUS: Readonly<Record<number, Trouble>> = {
  400: "malformed",
  401: "unauthorized",
  403: "forbidden",
  413: "too_large",
  415: "unsupported",
  422: "invalid",
  429: "rate",
  503: "unavailable",
};

/** Why a request did not succeed. `code` and `detail` are those of RFC 9457 when the server sent them. */
export class ApiError extends Error {
  constructor(
    readonly trouble: Trouble,
    readonly status: number | null = null,
    readonly code: string | null = null,
    readonly detail: string | null = null,
    /** Seconds after which a retry makes sense. */
    readonly retryAfter: number | null = null,
  ) {
    super(`${trouble}${code === null ? "" : ` (${code})`}`);
    this.name = "ApiError";
  }
}

/** Where the server's trouble is not what the reader must hear. */
const BY_CODE: Readonly<Record<string, WordKey>> = {
  code_invalid: "options.code.wrong",
  extension: "error.extension",
  setup: "setup.needed",
  // Not the server was away, but the client's own mail server.
  source: "thunderbird.source",
};

/** The error in words for the reader; whatever is no answer of the server means that none came. */
export function explainError(error: unknown, words: Words): string {
  const known = error instanceof ApiError ? error : new ApiError("offline");
  return words.say(BY_CODE[known.code ?? ""] ?? `error.${known.trouble}`, {
    detail: known.detail ?? known.code ?? "",
    seconds: words.number(known.retryAfter ?? 60),
    status: known.status ?? 0,
  });
}

export interface GradeOptions {
  readonly language: string;
  readonly detail?: "normal" | "full";
  readonly includeMessage?: boolean;
  readonly client?: string;
  /** The address in whose mailbox a raw message lies. */
  readonly mailbox?: string;
  readonly signal?: AbortSignal;
}

export interface Settings {
  /** Server address without a trailing slash; "" is the page's own origin. */
  readonly server: string;
  readonly token: string | null;
  /** Milliseconds until a request is given up. */
  readonly timeout?: number;
}

export class Client {
  constructor(
    private readonly settings: Settings,
    private readonly fetcher: typeof fetch = (input, init) => fetch(input, init),
  ) {}

  /** Grade one message. Throws ApiError; throws the signal's reason when the caller aborts. */
  async grade(payload: Payload, options: GradeOptions): Promise<Verdict> {
    const query = new URLSearchParams();
    if (options.detail === "full") query.set("detail", "full");
    if (options.includeMessage === true) query.set("include", "message");
    if (options.client !== undefined && "raw" in payload) query.set("client", options.client);
    if (options.mailbox !== undefined && "raw" in payload) query.set("mailbox", options.mailbox);
    const raw = "raw" in payload;
    const answer = await this.send(`/api/v1/grade?${query.toString()}`, {
      method: "POST",
      headers: {
        "Content-Type": raw ? "message/rfc822" : "application/json",
        "Accept-Language": options.language,
      },
      body: raw ? payload.raw : JSON.stringify(payload.visible),
      ...(options.signal ? { signal: options.signal } : {}),
    });
    if (!isVerdict(answer)) throw new ApiError("unreadable");
    return answer;
  }

  /** A verdict with the facts that arrived since, or null when the server has none that is better. Throws ApiError. */
  async later(verdict: Verdict): Promise<Verdict | null> {
    return withLater(verdict, await this.send(`/api/v1/verdicts/${encodeURIComponent(verdict.id)}`, { method: "GET" }));
  }

  /** Tell the server what the reader found out. Throws ApiError. */
  async feedback(id: string, label: FeedbackLabel, note?: string): Promise<void> {
    await this.send(`/api/v1/verdicts/${encodeURIComponent(id)}/feedback`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(note === undefined ? { label } : { label, note }),
    });
  }

  /** Take the last feedback on a verdict back. Throws ApiError. */
  async undoFeedback(id: string): Promise<void> {
    await this.send(`/api/v1/verdicts/${encodeURIComponent(id)}/feedback`, { method: "DELETE" });
  }

  /** Set a sender's customer level by hand; null gives it back to what the mails say. False when the server
   *  knows no levels. Throws ApiError. */
  setLevel(address: string, level: number | null, reason: string): Promise<boolean> {
    return this.putOfSender(address, "level", { level, reason });
  }

  /** Keep the figures of a sender's marketplace profile. False when the server keeps none. Throws ApiError. */
  setProfile(address: string, profile: Readonly<Record<string, unknown>>): Promise<boolean> {
    return this.putOfSender(address, "profile", { profile });
  }

  private async putOfSender(address: string, what: string, value: unknown): Promise<boolean> {
    try {
      await this.send(`/api/v1/senders/${encodeURIComponent(address)}/${what}`, {
        method: "PUT",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify(value),
      });
    } catch (error) {
      if (error instanceof ApiError && (error.status === 404 || error.status === 405)) return false;
      throw error;
    }
    return true;
  }

  /** Exchange a one-time pairing code for a token. Throws ApiError. */
  async pair(code: string): Promise<string> {
    const answer = await this.send("/api/v1/pair", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ code }),
    });
    const token = (answer as { readonly token?: unknown } | null)?.token;
    if (typeof token !== "string") throw new ApiError("unreadable");
    return token;
  }

  /** Whether the server answers and takes the token. Throws ApiError. */
  async check(): Promise<void> {
    try {
      // No verdict has this id: a server that takes the token answers 404, one that does not 401.
      await this.send("/api/v1/verdicts/connection-test", { method: "GET" });
    } catch (error) {
      if (!(error instanceof ApiError && error.status === 404 && error.code === "not_found")) throw error;
    }
  }

  private async send(path: string, init: RequestInit): Promise<unknown> {
    const headers = new Headers(init.headers);
    headers.set("Accept", "application/json, application/problem+json");
    if (this.settings.token !== null) headers.set("Authorization", `Bearer ${this.settings.token}`);
    const deadline = AbortSignal.timeout(this.settings.timeout ?? 20_000);
    const signal = init.signal ? AbortSignal.any([init.signal, deadline]) : deadline;
    let response: Response;
    let text: string;
    try {
      response = await this.fetcher(this.settings.server + path, {
        ...init,
        headers,
        signal,
        credentials: "omit",
        cache: "no-store",
        redirect: "error",
        referrerPolicy: "no-referrer",
      });
      text = await response.text();
    } catch (error) {
      if (init.signal?.aborted === true) throw error;
      throw new ApiError(deadline.aborted ? "timeout" : "offline");
    }
    if (!response.ok) throw problem(response, text);
    if (text === "") return null;
    try {
      return JSON.parse(text) as unknown;
    } catch {
      throw new ApiError("unreadable", response.status);
    }
  }
}

function problem(response: Response, text: string): ApiError {
  let code: string | null = null;
  let detail: string | null = null;
  try {
    const body = JSON.parse(text) as Readonly<Record<string, unknown>> | null;
    if (typeof body?.["code"] === "string") code = body["code"];
    if (typeof body?.["detail"] === "string") detail = body["detail"];
  } catch {
    // A proxy in between may answer with a page; the status says enough.
  }
  const after = Number(response.headers.get("Retry-After") ?? Number.NaN);
  return new ApiError(
    BY_STATUS[response.status] ?? (response.status >= 500 ? "server" : "malformed"),
    response.status,
    code,
    detail,
    Number.isFinite(after) ? after : null,
  );
}

/** The few fields without which nothing can be shown; the contract lets servers add others. */
function isVerdict(value: unknown): value is Verdict {
  if (typeof value !== "object" || value === null) return false;
  const v = value as Readonly<Record<string, unknown>>;
  return (
    typeof v["id"] === "string" &&
    typeof v["grade"] === "string" &&
    typeof v["category"] === "string" &&
    typeof v["facts"] === "object" &&
    v["facts"] !== null &&
    Array.isArray(v["findings"]) &&
    typeof v["advice"] === "object" &&
    v["advice"] !== null
  );
}
