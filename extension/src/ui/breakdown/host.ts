/** What the surroundings of a breakdown can do. */

import type { Evidence, FeedbackLabel, Finding } from "../../core/types.js";

export type Profile = Readonly<Record<string, unknown>>;

/** Everything is optional, and a missing ability leaves its button out. */
export interface BreakdownHost {
  /** A way to show the place of this evidence in the message, or null when it is not on screen. */
  locate?(finding: Finding, evidence: Evidence): (() => void) | null;
  copy?(text: string): Promise<void>;
  /** Put words into a reply: one that is open, one that opens now, or, where there is none, onto the clipboard. */
  insert?(text: string): Promise<"inserted" | "opening" | "pasteable">;
  /** Set a sender's customer level by hand; null: as the mails say. False when the server knows no levels. */
  setLevel?(address: string, level: 1 | 2 | 3 | 4 | null, reason: string): Promise<boolean>;
  /** Keep the figures of a sender's marketplace profile. False when the server keeps none. */
  setProfile?(address: string, profile: Profile): Promise<boolean>;
  /** Grade the message anew, with what was just saved. */
  regrade?(): void;
  feedback?(label: FeedbackLabel): Promise<void>;
  undoFeedback?(): Promise<void>;
  /** An error of `feedback` in the reader's words. */
  explain?(error: unknown): string;
}
