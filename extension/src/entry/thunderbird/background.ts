/** Thunderbird's background: grades the message that is shown, for its script, for the button and for the list. */

import {
  displayed,
  ensureMessageScript,
  insertInReply,
  mailboxOf,
  messagesOf,
  moveToJunk,
  onlyOne,
  rawSource,
  registerMessageScript,
  tagMessage,
  THUNDERBIRD,
} from "../../adapters/host/thunderbird.js";
import type { Messenger } from "../../adapters/host/thunderbird-api.js";
import { ApiError, explainError } from "../../core/api.js";
import { wordsFor } from "../../core/i18n.js";
import { recall, remember } from "../../core/settings.js";
import type { Verdict, Words } from "../../core/types.js";
import { MOST_BYTES, type Asked, type ProgramQuestions } from "../../core/wire.js";
import { fullTypeName, gradeLetter } from "../../ui/names.js";
import { COMMON, connection, firstSteps, listen, readPrefs } from "../answers.js";
import { readChoices } from "./choices.js";
import { COLOURS, FAKE_TAGS, fakeTag, QUIET, tagsOf, VERDICT_TAGS } from "./tags.js";

declare const messenger: Messenger;

/** What runs in every message. */
const SCRIPT = ["content.js", "content.css"] as const;

// ------------------------------------------------------------------ verdicts

const underWay = new Map<number, Promise<Verdict>>();

/** Known from this session, or asked for. Rejects with ApiError. */
async function verdictOf(id: number): Promise<Verdict> {
  return (await recalled(id)) ?? freshOf(id);
}

/** Being asked for already, or asked for now. Rejects with ApiError. */
async function freshOf(id: number): Promise<Verdict> {
  const work = underWay.get(id) ?? grade(id).finally(() => underWay.delete(id));
  underWay.set(id, work);
  return work;
}

async function recalled(id: number): Promise<Verdict | null> {
  return recall(await nameOf(id), (await readPrefs()).language);
}

/** The number is Thunderbird's own: whoever copies another message's Message-ID does not get its verdict. */
async function nameOf(id: number): Promise<string> {
  return [THUNDERBIRD, id, (await messenger.messages.get(id)).headerMessageId].join("|");
}

async function grade(id: number): Promise<Verdict> {
  const { api, language } = await connection();
  const [raw, mailbox] = await Promise.all([source(id), mailboxOf(messenger, id)]);
  const verdict = await api.grade({ raw }, { language, client: THUNDERBIRD, ...(mailbox === null ? {} : { mailbox }) });
  await learn(id, verdict, language);
  return verdict;
}

/** For this session, the button and the list. */
async function learn(id: number, verdict: Verdict, language: string): Promise<void> {
  await remember(await nameOf(id), verdict, { mark: false });
  await tell(id, verdict);
  // The reader does not wait for the mail server.
  void tag(id, verdict, wordsFor(language));
}

async function source(id: number): Promise<Uint8Array<ArrayBuffer>> {
  let raw;
  try {
    raw = await rawSource(messenger, id);
  } catch {
    throw new ApiError("offline", null, "source");
  }
  if (raw.length > MOST_BYTES) throw new ApiError("too_large");
  return raw;
}

async function tag(id: number, verdict: Verdict, words: Words): Promise<void> {
  if (!(await readChoices()).tags) return;
  // Messages opened from a file and folders that cannot be written take no tags.
  await tagMessage(messenger, id, VERDICT_TAGS, tagsOf(verdict, words)).catch(() => undefined);
}

// ------------------------------------------------------------------ the button above the message

/** Which message each tab shows. */
const shown = new Map<number, number>();

/** What each tab's button says; what it says already is not said again. */
const painted = new Map<number, string>();

async function paint(tabId: number, text: string, color: string, title: string): Promise<void> {
  const face = [text, title].join();
  if (painted.get(tabId) === face) return;
  painted.set(tabId, face);
  const button = messenger.messageDisplayAction;
  // Rejects when the tab is gone by now.
  await Promise.all([button.setTitle({ tabId, title }), button.setBadgeBackgroundColor({ tabId, color }), button.setBadgeText({ tabId, text })]).catch(() => undefined);
}

async function tell(id: number, outcome: unknown): Promise<void> {
  const words = wordsFor((await readPrefs()).language);
  for (const [tab, message] of shown) if (message === id) await paint(tab, ...faceOf(outcome, words));
}

function faceOf(outcome: unknown, words: Words): [text: string, color: string, title: string] {
  if (outcome instanceof Error) return ["!", QUIET, words.say("badge.failed", { reason: explainError(outcome, words) })];
  const verdict = outcome as Verdict;
  return [gradeLetter(verdict.grade), COLOURS[verdict.grade] ?? QUIET, `${fullTypeName(verdict, words)}: ${verdict.headline}`];
}

async function blank(tab: number): Promise<void> {
  shown.delete(tab);
  await paint(tab, "", QUIET, "Keeneye");
}

messenger.messageDisplay.onMessagesDisplayed.addListener((tab) => {
  if (tab.id === undefined) return;
  // Rejects when no message, or several, are shown there.
  void ensureMessageScript(messenger, tab.id, ...SCRIPT).catch(() => undefined);
  void show(tab.id);
});

async function show(tab: number): Promise<void> {
  const message = await displayed(messenger, tab, (id) => void verdictOf(id).catch(() => undefined));
  if (message === null) {
    await blank(tab);
    return;
  }
  if (shown.get(tab) !== message.id) await blank(tab);
  shown.set(tab, message.id);
  const outcome = await verdictOf(message.id).catch((error: unknown) => error);
  await tell(message.id, outcome);
}

// The choice in the list runs ahead of what is shown: the old letter must not stand above the next message.
messenger.mailTabs.onSelectedMessagesChanged.addListener((tab, selected) => {
  if (tab.id !== undefined && shown.get(tab.id) !== onlyOne(selected)?.id) void blank(tab.id);
});

// ------------------------------------------------------------------ questions

/** Which message a document shows, by the key that its script drew. */
const documents = new Map<string, number>();

/** `message|N` names a message, and only our own pages may; any other key is that of a document. */
async function messageOf(key: string, tab: number | undefined, own: boolean): Promise<number> {
  const named = /^message\|(\d+)$/.exec(key)?.[1];
  if (named !== undefined && own) return Number(named);
  const bound = documents.get(key);
  if (bound !== undefined) return bound;
  const message = tab === undefined ? null : await displayed(messenger, tab, (id) => void verdictOf(id).catch(() => undefined));
  if (message === null) throw new ApiError("malformed");
  documents.set(key, message.id);
  return message.id;
}

listen({
  ...COMMON,
  open: async ({ key }: Asked<"open">, tab, own) => ({ prefs: await readPrefs(), verdict: await recalled(await messageOf(key, tab, own)) }),
  grade: async ({ key, anew }: Asked<"grade">, tab, own) => {
    const id = await messageOf(key ?? "", tab, own);
    return (anew === true ? freshOf(id) : verdictOf(id)).catch(async (error: unknown) => {
      await tell(id, error);
      throw error;
    });
  },
  later: async ({ key, verdict }: Asked<"later">, tab, own) => {
    const { api, language } = await connection();
    const better = await api.later(verdict);
    if (better !== null) await learn(await messageOf(key, tab, own), better, language);
    return better;
  },
  feedback: async (asked: Asked<"feedback">, tab, own) => {
    await COMMON.feedback(asked);
    const { fake } = await readChoices();
    if (asked.label !== "fake" || fake === "nothing" || asked.key === undefined) return null;
    const id = await messageOf(asked.key, tab, own);
    await tagMessage(messenger, id, FAKE_TAGS, [fakeTag(wordsFor((await readPrefs()).language))]);
    if (fake === "junk") await moveToJunk(messenger, id);
    return null;
  },
  undo: async (asked: Asked<"undo">, tab, own) => {
    await COMMON.undo(asked);
    if (asked.key === undefined) return null;
    const id = await messageOf(asked.key, tab, own);
    await tagMessage(messenger, id, FAKE_TAGS, []);
    if ((await readChoices()).fake === "junk") await messenger.messages.update(id, { junk: false });
    return null;
  },
  browse: async ({ href }: ProgramQuestions["browse"][0]) => {
    await messenger.windows.openDefaultBrowser(href);
    return null;
  },
  reply: async ({ key, text }: ProgramQuestions["reply"][0], tab, own) => {
    await insertInReply(messenger, await messageOf(key, tab, own), text);
    return null;
  },
});

// ------------------------------------------------------------------ new mail

/** One after the other, so that a folder full of new mail does not hold up what the reader opens. */
async function arrived(ids: readonly number[]): Promise<void> {
  if (!(await readChoices()).arrival) return;
  for (const id of ids) {
    try {
      await verdictOf(id);
    } catch {
      // It is graded when it is opened.
    }
  }
}

messenger.messages.onNewMailReceived.addListener((_folder, messages) => void arrived(messagesOf(messages).map(({ id }) => id)));

// ------------------------------------------------------------------ life

firstSteps();
void registerMessageScript(messenger, ...SCRIPT);
