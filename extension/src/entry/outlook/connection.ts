/** The add-in's connection: its own server, the token of this mailbox, and the language. */

import { keep, readKept } from "../../adapters/host/outlook-memory.js";
import { Client } from "../../core/api.js";
import { pickLanguage, wordsFor } from "../../core/i18n.js";
import type { Words } from "../../core/types.js";

/** Nobody waits longer for a verdict. */
const PATIENCE = 15_000;

export interface Connection {
  readonly words: Words;
  /** Null until a token is there. */
  readonly api: Client | null;
}

/** `server` is "" in the pane, whose origin is the server's; runtimes without a page name it. */
export function connection(server = ""): Connection {
  const { token, language } = readKept();
  // The runtime of reports in classic Outlook has no navigator.
  const { navigator: browser } = globalThis as { readonly navigator?: { readonly languages?: readonly string[] } };
  const office = Office.context.displayLanguage as string | undefined;
  const wanted = language === "" ? [office ?? "", ...(browser?.languages ?? [])] : [language];
  return {
    words: wordsFor(pickLanguage(wanted)),
    api: token === "" ? null : new Client({ server, token, timeout: PATIENCE }),
  };
}

/** Exchange a pairing code for a token and keep it. Throws ApiError. */
export async function pairWith(code: string): Promise<void> {
  await keep({ token: await new Client({ server: "", token: null, timeout: PATIENCE }).pair(code) });
}

/** Keep a token once the server has taken it. Throws ApiError. */
export async function useToken(token: string): Promise<void> {
  await new Client({ server: "", token, timeout: PATIENCE }).check();
  await keep({ token });
}
