/** What the reader or the administrator has set, and what this browser remembers. Nothing of it leaves the browser. */

import { pickLanguage } from "./i18n.js";
import type { Verdict } from "./types.js";

export interface Setup {
  /** Server address without a trailing slash; "" until it is set. */
  readonly server: string;
  readonly token: string;
  readonly language: string;
  /** Match patterns of the sites where Keeneye is switched on. */
  readonly sites: readonly string[];
  /** Adapters that the administrator has switched off. */
  readonly disabled: readonly string[];
  /** Keys that the administrator has set: the reader sees but cannot change them. */
  readonly locked: readonly (keyof Stored)[];
}

interface Stored {
  server: string;
  token: string;
  language: string;
  sites: string[];
  disabled: string[];
}

const KEYS = ["server", "token", "language", "sites", "disabled"] as const;

/** As it was read last: the disk is slow, and every message asks. */
let known: Promise<Setup> | null = null;

/** Everything set, the administrator's values first. */
export function readSetup(): Promise<Setup> {
  if (known === null) {
    known = readStored();
    known.catch(forgetSetup);
  }
  return known;
}

// Before any other listener, which may ask for what has just changed. Tests have no browser.
if ("chrome" in globalThis)
  chrome.storage.onChanged.addListener((changes) => {
    if (KEYS.some((key) => key in changes)) forgetSetup();
  });

function forgetSetup(): void {
  known = null;
}

async function readStored(): Promise<Setup> {
  const [own, managed] = await Promise.all([chrome.storage.local.get([...KEYS]), readManaged()]);
  const values = { ...sound(own), ...managed };
  return {
    server: values.server ?? "",
    token: values.token ?? "",
    language: values.language ?? pickLanguage([chrome.i18n.getUILanguage(), ...navigator.languages]),
    sites: [...new Set([...(sound(own).sites ?? []), ...(managed.sites ?? [])])],
    disabled: values.disabled ?? [],
    locked: KEYS.filter((key) => key in managed && key !== "sites"),
  };
}

export async function writeSetup(change: Partial<Stored>): Promise<void> {
  await chrome.storage.local.set(change);
  forgetSetup();
}

/** Match patterns that this package was built with: an organisation's own, granted from the start. */
export function builtSites(): readonly string[] {
  const { host_permissions: built } = chrome.runtime.getManifest() as { readonly host_permissions?: readonly string[] };
  return built ?? [];
}

/** Policy of the browser's administrator. Firefox rejects when there is none. */
async function readManaged(): Promise<Partial<Stored>> {
  try {
    return sound(await chrome.storage.managed.get([...KEYS]));
  } catch {
    return {};
  }
}

/** Only values of the right kind: a policy is written by hand. */
function sound(values: Readonly<Record<string, unknown>>): Partial<Stored> {
  const kept: Partial<Stored> = {};
  const text = (key: "token" | "language"): void => {
    if (typeof values[key] === "string" && values[key] !== "") kept[key] = values[key];
  };
  const list = (key: "sites" | "disabled"): void => {
    const value: unknown = values[key];
    if (Array.isArray(value)) kept[key] = value.filter((item): item is string => typeof item === "string");
  };
  if (typeof values["server"] === "string") {
    const server = serverAddress(values["server"]);
    if (server !== null) kept.server = server;
  }
  text("token");
  text("language");
  list("sites");
  list("disabled");
  return kept;
}

/** A server address as it is stored, or null when it is none: http or https, no trailing slash, no query. */
export function serverAddress(text: string): string | null {
  const typed = text.trim();
  if (typed === "") return null;
  try {
    const local = /^(localhost|127\.|\[::1\])/.test(typed);
    const url = new URL(/^[a-z]+:\/\//i.test(typed) ? typed : `${local ? "http" : "https"}://${typed}`);
    if (url.protocol !== "https:" && url.protocol !== "http:") return null;
    if (url.username !== "" || url.password !== "" || !/^[a-z0-9.-]+$|^\[[0-9a-f:.]+\]$/.test(url.hostname)) return null;
    return (url.origin + url.pathname).replace(/\/+$/, "");
  } catch {
    return null;
  }
}

/** The match pattern of an address's host. Match patterns have no port: the browser grants all of a host's. */
export function patternOf(address: string): string | null {
  const server = serverAddress(address);
  if (server === null) return null;
  const { protocol, hostname } = new URL(server);
  return `${protocol}//${hostname}/*`;
}

// ------------------------------------------------------------------ verdicts that this browser knows

/** What the message list shows. Neither subject, sender nor text. */
export type Mark = Pick<Verdict, "grade" | "stars" | "category" | "subcategory" | "banner"> & { readonly at: number };

const MARKS = "marks";
const MOST_MARKS = 3000;
const RECENT = "recent";
const MOST_RECENT = 30;
const FRESH_MILLISECONDS = 30 * 60 * 1000;

interface Recent {
  readonly key: string;
  readonly at: number;
  readonly verdict: Verdict;
}

/** Keys hold folder and account names: only their digest is stored. */
export async function digest(key: string): Promise<string> {
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(key)));
  return [...hash.subarray(0, 12)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** A verdict of this browser session in this language; memory only, gone when the browser closes. */
export async function recall(key: string, language: string): Promise<Verdict | null> {
  const id = await digest(key);
  const found = (await recent()).find((r) => r.key === id);
  if (found === undefined || Date.now() - found.at > FRESH_MILLISECONDS) return null;
  return found.verdict.language === undefined || found.verdict.language === language ? found.verdict : null;
}

/** `mark` false leaves the list mark out: some clients keep it with the message. */
export async function remember(key: string, verdict: Verdict, { mark: marked = true } = {}): Promise<void> {
  const id = await digest(key);
  await inTurn(async () => {
    const rest = (await recent()).filter((r) => r.key !== id).slice(0, MOST_RECENT - 1);
    await chrome.storage.session.set({ [RECENT]: [{ key: id, at: Date.now(), verdict }, ...rest] });
    if (!marked) return;
    const { grade, stars, category, subcategory, banner } = verdict;
    const mark: Mark = { grade, stars, category, subcategory, banner, at: Date.now() };
    const others = Object.entries(await marks()).filter(([old]) => old !== id);
    const kept: readonly [string, Mark][] = [[id, mark], ...others.slice(0, MOST_MARKS - 1)];
    await chrome.storage.local.set({ [MARKS]: Object.fromEntries<Mark>(kept) });
  });
}

/** What is known of these messages, by key. */
export async function recallMarks(keys: readonly string[]): Promise<Record<string, Mark>> {
  const known = await marks();
  const found = await Promise.all(keys.map(async (key) => [key, known[await digest(key)]] as const));
  return Object.fromEntries(found.filter((entry): entry is [string, Mark] => entry[1] !== undefined));
}

export async function forget(): Promise<void> {
  await inTurn(async () => {
    await Promise.all([chrome.storage.local.remove(MARKS), chrome.storage.session.remove(RECENT)]);
  });
}

async function recent(): Promise<readonly Recent[]> {
  const stored: unknown = (await chrome.storage.session.get(RECENT))[RECENT];
  return Array.isArray(stored) ? (stored as Recent[]) : [];
}

async function marks(): Promise<Readonly<Record<string, Mark>>> {
  const stored: unknown = (await chrome.storage.local.get(MARKS))[MARKS];
  return typeof stored === "object" && stored !== null ? (stored as Record<string, Mark>) : {};
}

// ------------------------------------------------------------------ counts that stay here

const COUNTS = "counts";
export type Counted = "guarded" | "kept" | "opened";
export type Counts = Readonly<Partial<Record<Counted, number>>>;

export async function count(what: Counted): Promise<void> {
  await inTurn(async () => {
    const counts = await readCounts();
    await chrome.storage.local.set({ [COUNTS]: { ...counts, [what]: (counts[what] ?? 0) + 1 } });
  });
}

export async function readCounts(): Promise<Counts> {
  const stored: unknown = (await chrome.storage.local.get(COUNTS))[COUNTS];
  return stored ?? {};
}

/** Reading, changing and writing back must not interleave. */
let last: Promise<void> = Promise.resolve();
function inTurn(work: () => Promise<void>): Promise<void> {
  last = last.then(work, work);
  return last;
}
