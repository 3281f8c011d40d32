/** What every background answers alike, in browsers and in Thunderbird: connection, feedback, counts, settings. */

import { ApiError, Client } from "../core/api.js";
import { count, forget, readSetup, writeSetup } from "../core/settings.js";
import { failure, type Answered, type Asked, type Envelope, type Name, type Prefs } from "../core/wire.js";

/** Nobody waits longer for a badge. */
export const PATIENCE = 15_000;

/** `tab` is the one in which the question was asked, when it was asked in a page; `own` when that is a page of ours. */
export type Answers = { readonly [N in Name]: (asked: Asked<N>, tab: number | undefined, own: boolean) => Promise<Answered<N>> };

export const COMMON = {
  prefs: () => readPrefs(),
  feedback: async ({ id, label }: Asked<"feedback">) => {
    await (await connection()).api.feedback(id, label);
    return null;
  },
  undo: async ({ id }: Asked<"undo">) => {
    await (await connection()).api.undoFeedback(id);
    return null;
  },
  level: async ({ address, level, reason }: Asked<"level">) => (await connection()).api.setLevel(address, level, reason),
  profile: async ({ address, profile }: Asked<"profile">) => (await connection()).api.setProfile(address, profile),
  count: async ({ what }) => {
    await count(what);
    return null;
  },
  options: async () => {
    await chrome.runtime.openOptionsPage();
    return null;
  },
  pair: async ({ server, code }) => {
    const token = await new Client({ server, token: null, timeout: PATIENCE }).pair(code);
    await writeSetup({ server, token });
    return null;
  },
  check: async () => {
    await (await connection()).api.check();
    return null;
  },
} satisfies Partial<Answers>;

/** Answer what our own scripts and pages ask. */
export function listen(answers: Readonly<Record<string, (asked: never, tab: number | undefined, own: boolean) => Promise<unknown>>>): void {
  chrome.runtime.onMessage.addListener((message: unknown, sender, reply: (envelope: Envelope) => void) => {
    const { name, asked } = message as { readonly name: string; readonly asked: never };
    const answer = Object.hasOwn(answers, name) ? answers[name] : undefined;
    if (sender.id !== chrome.runtime.id || answer === undefined) return false;
    // Only our own pages may change the connection: a page's process could be taken over.
    const own = sender.url?.startsWith(chrome.runtime.getURL("")) === true;
    if ((name === "pair" || name === "check") && !own) return false;
    answer(asked, sender.tab?.id, own).then(
      (value) => {
        reply({ answer: value });
      },
      (error: unknown) => {
        reply(failure(error));
      },
    );
    return true;
  });
}

export async function readPrefs(): Promise<Prefs> {
  const { server, token, language, disabled } = await readSetup();
  return { language, connected: server !== "" && token !== "", disabled };
}

export async function connection(): Promise<{ api: Client; language: string }> {
  const { server, token, language } = await readSetup();
  if (server === "" || token === "") throw new ApiError("unauthorized", null, "setup");
  return { api: new Client({ server, token, timeout: PATIENCE }), language };
}

/** What a background does once: it asks a new reader for the connection, and forgets when that becomes another. */
export function firstSteps(): void {
  chrome.runtime.onInstalled.addListener(({ reason }) => {
    if ((reason as string) === "install")
      void readPrefs().then(async ({ connected }) => {
        if (!connected) await chrome.runtime.openOptionsPage();
      });
  });
  chrome.storage.onChanged.addListener((changes, area) => {
    // Verdicts of one server mean nothing on another.
    if (area === "local" && "server" in changes && changes["server"].oldValue !== undefined) void forget();
  });
}
