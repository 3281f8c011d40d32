/** Verdicts that one frame has announced and another waits for. */

import type { Verdict } from "./types.js";

/** Nobody waits longer for somebody else's question to the server. */
const LONGEST = 1_500;

interface Coming {
  readonly verdict: Promise<Verdict | null>;
  readonly settle: (verdict: Verdict | null) => void;
}

export class Expected {
  private readonly coming = new Map<string, Coming>();

  announce(key: string): void {
    if (this.coming.has(key)) return;
    let settle: Coming["settle"] = () => undefined;
    const verdict = new Promise<Verdict | null>((resolve) => {
      settle = resolve;
    });
    this.coming.set(key, { verdict, settle });
    setTimeout(() => { this.fail(key); }, LONGEST);
  }

  /** Null when it is not announced, does not come, or comes too late. */
  wait(key: string): Promise<Verdict | null> {
    return this.coming.get(key)?.verdict ?? Promise.resolve(null);
  }

  arrive(key: string, verdict: Verdict): void {
    this.end(key, verdict);
  }

  fail(key: string): void {
    this.end(key, null);
  }

  private end(key: string, verdict: Verdict | null): void {
    this.coming.get(key)?.settle(verdict);
    this.coming.delete(key);
  }
}
