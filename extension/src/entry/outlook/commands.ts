/**
 * The buttons without a pane: "this is fake", "this is genuine", and Outlook's own report of junk. Classic Outlook runs
 * the last one without page, DOM and storage, so nothing here may need them.
 */

import { openItem, readItem, showBar, type Item } from "../../adapters/host/outlook.js";
import { ApiError, explainError } from "../../core/api.js";
import type { FeedbackLabel, Words } from "../../core/types.js";
import { connection } from "./connection.js";

/** The server writes its own address before this script, for runtimes that have no location. */
declare const KEENEYE_SERVER: string;

const LONGEST_NOTE = 500;

class Unconnected extends Error {}

function here(): ReturnType<typeof connection> {
  return connection(typeof location === "undefined" ? KEENEYE_SERVER : "");
}

/** Grade the message, so that the server knows whom it is about, and say what the reader found out. Throws. */
async function report(item: Item, label: FeedbackLabel, note = ""): Promise<void> {
  const { api, words } = here();
  if (api === null) throw new Unconnected();
  const { payload, mailbox } = await readItem(item);
  const options = { language: words.language, client: "outlook", ...(mailbox === undefined ? {} : { mailbox }) };
  const verdict = await api.grade(payload, options);
  await api.feedback(verdict.id, label, note === "" ? undefined : note.slice(0, LONGEST_NOTE));
}

function thanks(label: "genuine" | "fake" | "not_inquiry", words: Words): string {
  return words.say("feedback.thanks", { label: words.say(`feedback.${label}`) });
}

function reason(error: unknown, words: Words): string {
  if (error instanceof Unconnected) return words.say("outlook.unconnected");
  if (!(error instanceof ApiError)) return words.say("outlook.unread");
  return words.say("feedback.failed", { reason: explainError(error, words) });
}

async function pressed(label: "genuine" | "fake", event: Office.AddinCommands.Event): Promise<void> {
  const item = openItem();
  const { words } = here();
  if (item !== null)
    try {
      await report(item, label);
      await showBar(item, thanks(label, words), "information");
    } catch (error) {
      await showBar(item, reason(error, words), "error");
    }
  event.completed();
}

interface SpamReport {
  readonly options?: readonly boolean[];
  readonly freeText?: string;
  completed(options: Office.SpamReportingEventCompletedOptions): void;
}

/** Nobody is called a fraud without that being said: a report without a reason counts as "not an inquiry". */
function labelOf(options: readonly boolean[] | undefined): "fake" | "not_inquiry" {
  return options?.[0] === true ? "fake" : "not_inquiry";
}

async function reported(event: SpamReport): Promise<void> {
  const { words } = here();
  const title = words.say("outlook.report.title");
  const label = labelOf(event.options);
  const { JunkFolder, NoMove } = Office.MailboxEnums.MoveSpamItemTo;
  try {
    await report(Office.context.mailbox.item as Item, label, event.freeText?.trim());
    event.completed({ moveItemTo: JunkFolder, onErrorDeleteItem: false, showPostProcessingDialog: { title, description: thanks(label, words) } });
  } catch (error) {
    const description = reason(error, words);
    event.completed({ moveItemTo: NoMove, onErrorDeleteItem: false, showPostProcessingDialog: { title: words.say("error.title"), description } });
  }
}

const actions = {
  reportFake: (event: Office.AddinCommands.Event): void => { void pressed("fake", event); },
  reportGenuine: (event: Office.AddinCommands.Event): void => { void pressed("genuine", event); },
  onSpamReport: (event: SpamReport): void => { void reported(event); },
};

// Outlooks of Mailbox 1.5 look for global functions, later ones for associated ones.
Object.assign(globalThis, actions);
for (const [name, action] of Object.entries(actions)) Office.actions.associate(name, action);
