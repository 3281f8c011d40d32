/** Outlook on the web. The page shows no raw source: headers come from the Outlook add-in, here only what is visible. */

import { addressIn, after, before, bodyOf, cleaned, editable, inside, visible } from "../adapter.js";
import type { Adapter, OpenMail, ReadMail, Slot } from "../adapter.js";

const ID = "outlook-web";
/** The text of a message, in every view; a conversation has several. */
const BODY = "[role='document'][aria-label], [role='document'][id^='UniqueMessageBody']";

export const outlookWeb: Adapter = {
  id: ID,
  name: "Outlook (web)",
  hosts: [
    "https://outlook.live.com/*",
    "https://outlook.office.com/*",
    "https://outlook.office365.com/*",
    "https://outlook.cloud.microsoft/*",
  ],
  capability: "visible",

  detect: (page) => page.defaultView?.top === page.defaultView,

  findOpenMails(page) {
    const shown = [...page.querySelectorAll(BODY)].filter((body) => body.closest("[contenteditable='true']") === null);
    const conversation = opened(page);
    return shown.map((element): OpenMail => ({ key: [ID, conversation, fingerprint(element)].join("|"), element }));
  },

  readMail(mail): Promise<ReadMail> {
    const message = frameOf(mail);
    const told = (start: RegExp): string => label(message, start);
    const seen = {
      subject: cleaned(subjectOf(mail)?.textContent),
      from: told(/^(From|De|发件人)[:：]/u) || cleaned(message.querySelector("[data-lpc-hover-target-id], span[title*='@']")?.getAttribute("title")),
      to: told(/^(To|Para|收件人)[:：]/u),
      date: cleaned(message.querySelector("[data-testid='SentReceivedSavedTime']")?.textContent),
      attachments: [...message.querySelectorAll("[role='listbox'] [role='option'][title]")].map((file) => ({
        name: file.getAttribute("title")?.split("\n")[0] ?? "",
      })),
    };
    const owner = addressIn(mail.element.ownerDocument.querySelector("[id='mectrl_currentAccount_secondary'], [aria-label*='@'][role='button']")?.textContent);
    const { attachments, ...words } = seen;
    const payload = visible(ID, { ...words, ...bodyOf([mail.element]), ...(attachments.length > 0 ? { attachments } : {}), mailbox: owner });
    return Promise.resolve({ payload });
  },

  badgeSlot(mail): Slot | null {
    const alone = mail.element.ownerDocument.querySelectorAll(BODY).length === 1;
    // One message: beside the subject. A conversation: in each message's own head.
    return (alone ? inside(subjectOf(mail)?.parentElement) : null) ?? after(frameOf(mail).querySelector("[data-testid='SentReceivedSavedTime']"));
  },
  bannerSlot: (mail) => before(mail.element),
  bodies: (mail) => [mail.element],

  replyBoxes: (page) => editable(page, "[role='main'] [contenteditable='true'][role='textbox']"),
  replyButton: (mail) =>
    frameOf(mail).querySelector<HTMLElement>("button[aria-label='Reply'], button[aria-label='Responder'], button[aria-label='答复']"),

  attachments: (mail) =>
    [...frameOf(mail).querySelectorAll("[role='listbox'] [role='option'][title]")].map((element) => ({
      name: element.getAttribute("title")?.split("\n")[0] ?? "",
      element,
    })),
};

/** The id that the address names: /mail/inbox/id/AAQk… */
function opened(page: Document): string {
  return /\/id\/([^/?#]+)/.exec(page.URL)?.[1] ?? page.querySelector("[role='option'][aria-selected='true'][data-convid]")?.getAttribute("data-convid") ?? "";
}

/** Bodies carry no id that lasts: sender, time and the beginning of the text tell messages of a conversation apart. */
function fingerprint(body: Element): string {
  const message = frameWith(body);
  const time = cleaned(message.querySelector("[data-testid='SentReceivedSavedTime']")?.textContent);
  return `${label(message, /^(From|De|发件人)[:：]/u)}|${time}|${cleaned(body.textContent).slice(0, 200)}`;
}

function frameOf(mail: OpenMail): Element {
  return frameWith(mail.element);
}

/** The smallest surrounding that also holds the time of sending. */
function frameWith(body: Element): Element {
  for (let at = body.parentElement; at !== null; at = at.parentElement)
    if (at.querySelector("[data-testid='SentReceivedSavedTime']") !== null) return at;
  return body.parentElement ?? body;
}

function label(message: Element, start: RegExp): string {
  for (const element of message.querySelectorAll("[aria-label]")) {
    const text = cleaned(element.getAttribute("aria-label"));
    if (start.test(text)) return text.replace(start, "").trim();
  }
  return "";
}

function subjectOf(mail: OpenMail): Element | null {
  // The reading pane's heading; the folder's name is a heading of level 1
  return mail.element.closest("[role='main'], [data-app-section='ConversationContainer'], body")?.querySelector("[role='heading'][aria-level='2'], [role='heading'][aria-level='3']") ?? null;
}

export default outlookWeb;
