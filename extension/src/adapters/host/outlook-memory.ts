/**
 * What the add-in remembers: token and language. They lie in the reader's mailbox (Office's roaming settings), so that
 * one pairing serves Outlook on all devices and the report button, whose runtime has no other store. Where the mailbox
 * takes none, they lie in this browser, apart for every site that frames the pane.
 */

import { promised } from "./outlook.js";

export interface Kept {
  readonly token: string;
  readonly language: string;
}

const KEYS = ["token", "language"] as const;

/** While this page is open, whatever could be stored. */
const held = new Map<string, string>();

export function readKept(): Kept {
  const [token, language] = KEYS.map((key) => roaming(key) ?? local(key) ?? "");
  return { token: token ?? "", language: language ?? "" };
}

/** Remember; "" forgets. Resolves also where nothing can be stored: then it holds until the pane is closed. */
export async function keep(change: Partial<Kept>): Promise<void> {
  const entries = KEYS.flatMap((key) => (change[key] === undefined ? [] : [[key, change[key]] as const]));
  for (const [key, value] of entries) held.set(key, value);
  let stored = false;
  try {
    const settings = Office.context.roamingSettings;
    for (const [key, value] of entries) {
      if (value === "") settings.remove(key);
      else settings.set(key, value);
    }
    await promised((done) => { settings.saveAsync(done); });
    stored = true;
  } catch {
    // Some mailboxes have no such settings.
  }
  for (const [key, value] of entries) putLocal(key, stored ? "" : value);
}

function roaming(key: string): string | null {
  const now = held.get(key);
  if (now !== undefined) return now;
  try {
    const value: unknown = Office.context.roamingSettings.get(key);
    return typeof value === "string" && value !== "" ? value : null;
  } catch {
    return null;
  }
}

/** Browsers that keep storage apart name the part; without it two sites would overwrite each other. */
function place(key: string): string {
  return `${(Office.context as { readonly partitionKey?: string }).partitionKey ?? ""}keeneye.${key}`;
}

function local(key: string): string | null {
  try {
    return localStorage.getItem(place(key));
  } catch {
    return null;
  }
}

function putLocal(key: string, value: string): void {
  try {
    if (value === "") localStorage.removeItem(place(key));
    else localStorage.setItem(place(key), value);
  } catch {
    // Storage is switched off, or this runtime has none.
  }
}
