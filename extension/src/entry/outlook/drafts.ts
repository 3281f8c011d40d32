/**
 * The pane beside a reply asks the pane beside the message for its verdict: Office does not show a draft's add-in the
 * message that is answered. Both are pages of this server in the same browser; nothing is stored or sent.
 */

import type { Verdict } from "../../core/types.js";

const CHANNEL = "keeneye";
/** A pane that is open answers at once. */
const PATIENCE = 400;

type Told = { readonly ask: string; readonly conversation: string } | { readonly answer: string; readonly verdict: Verdict };

/** Answers with what `find` knows of a conversation. */
export function answerDrafts(find: (conversation: string) => Verdict | null): void {
  if (typeof BroadcastChannel === "undefined") return;
  const channel = new BroadcastChannel(CHANNEL);
  channel.addEventListener("message", ({ data }: MessageEvent<Told>) => {
    if (!("ask" in data)) return;
    const verdict = find(data.conversation);
    if (verdict !== null) channel.postMessage({ answer: data.ask, verdict } satisfies Told);
  });
}

/** The verdict on the message of a conversation that another pane shows, or null. */
export function askPanes(conversation: string): Promise<Verdict | null> {
  if (typeof BroadcastChannel === "undefined") return Promise.resolve(null);
  const channel = new BroadcastChannel(CHANNEL);
  const ask = crypto.randomUUID();
  return new Promise((resolve) => {
    const end = (verdict: Verdict | null): void => {
      clearTimeout(timer);
      channel.close();
      resolve(verdict);
    };
    const timer = setTimeout(() => { end(null); }, PATIENCE);
    channel.addEventListener("message", ({ data }: MessageEvent<Told>) => {
      if ("answer" in data && data.answer === ask) end(data.verdict);
    });
    channel.postMessage({ ask, conversation } satisfies Told);
  });
}
