/** Thunderbird's background: grades the message that is shown, for its script, for the button and for the list. */

import { displayed, onlyOne, rawSource, registerMessageScript, type Messenger } from "../../adapters/host/thunderbird.js";
import { wordsFor } from "../../core/i18n.js";
import { forget, recall, remember } from "../../core/settings.js";
import type { Verdict } from "../../core/types.js";
import type { ProgramQuestions } from "../../core/wire.js";
import { badgeSentence } from "../../ui/badge.js";
import { gradeLetter } from "../../ui/names.js";
import { COMMON, connection, listen, readPrefs } from "../answers.js";

declare const messenger: Messenger;

const CLIENT = "thunderbird";

/** Which message each tab shows, as Thunderbird has told. */
const shown = new Map<number, number>();
/** Which message the script of a document belongs to: its tab may show the next one before the document has left. */
const documents = new Map<string, number>();
const underWay = new Map<number, Promise<Verdict>>();

async function nameOf(id: number): Promise<string> {
  // The number is Thunderbird's own: whoever copies another message's Message-ID does not get its verdict.
  return [CLIENT, id, (await messenger.messages.get(id)).headerMessageId].join("|");
}

async function verdictOf(id: number, anew: boolean): Promise<Verdict> {
  const { language } = await readPrefs();
  const known = anew ? null : await recall(await nameOf(id), language);
  if (known !== null) return known;
  let work = underWay.get(id);
  if (work === undefined) {
    work = grade(id).finally(() => underWay.delete(id));
    underWay.set(id, work);
  }
  return work;
}

async function grade(id: number): Promise<Verdict> {
  const [{ api, language }, raw] = await Promise.all([connection(), rawSource(messenger, id)]);
  const verdict = await api.grade({ raw }, { language, client: CLIENT });
  void remember(await nameOf(id), verdict);
  return verdict;
}

async function messageOf(key: string, tab: number | undefined): Promise<number> {
  const bound = documents.get(key);
  if (bound !== undefined) return bound;
  const message = tab === undefined ? null : await displayed(messenger, tab, (id) => void verdictOf(id, false).catch(() => undefined));
  if (message === null) throw new Error("no message");
  documents.set(key, message.id);
  return message.id;
}

type Own = { readonly [N in keyof ProgramQuestions]: (asked: ProgramQuestions[N][0]) => Promise<ProgramQuestions[N][1]> };

const own: Pick<Own, "browse"> = {
  browse: async ({ href }) => {
    await messenger.windows.openDefaultBrowser(href);
    return null;
  },
};

listen({
  ...COMMON,
  ...own,
  open: async ({ key }: { key: string }, tab?: number) => {
    const prefs = await readPrefs();
    return { prefs, verdict: await recall(await nameOf(await messageOf(key, tab)), prefs.language) };
  },
  grade: async ({ key }: { key: string }, tab?: number) => verdictOf(await messageOf(key, tab), true),
});

// ------------------------------------------------------------------ the button

async function paint(tabId: number, text: string, color: string, title: string): Promise<void> {
  await Promise.all([
    messenger.messageDisplayAction.setBadgeText({ tabId, text }),
    messenger.messageDisplayAction.setBadgeBackgroundColor({ tabId, color }),
    messenger.messageDisplayAction.setTitle({ tabId, title }),
  ]);
}

const COLOURS: Readonly<Record<string, string>> = { A: "#11703a", B: "#3c7a10", C: "#8a6100", D: "#a04d00", E: "#b03a1e", F: "#b3141f" };

async function show(tab: number, id: number): Promise<void> {
  shown.set(tab, id);
  await paint(tab, "", "#5b6670", "Keeneye");
  try {
    const verdict = await verdictOf(id, false);
    if (shown.get(tab) !== id) return;
    const words = wordsFor((await readPrefs()).language);
    await paint(tab, gradeLetter(verdict.grade), COLOURS[verdict.grade] ?? "#5b6670", `${badgeSentence(verdict, words)}: ${verdict.headline}`);
  } catch {
    if (shown.get(tab) === id) await paint(tab, "!", "#5b6670", "Keeneye");
  }
}

messenger.messageDisplay.onMessagesDisplayed.addListener((tab, messages) => {
  const message = onlyOne(messages);
  if (tab.id !== undefined && message !== null) void show(tab.id, message.id);
});

void registerMessageScript(messenger, "content.js", "content.css");

chrome.storage.onChanged.addListener((changes, area) => {
  if (area === "local" && "server" in changes && changes["server"].oldValue !== undefined) void forget();
});
