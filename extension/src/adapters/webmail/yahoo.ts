/** Yahoo Mail. Every part that matters has a `data-test-id`. */

import { addressIn, after, before, bodyOf, cleaned, editable, textOf, visible } from "../adapter.js";
import type { Adapter, OpenMail, ReadMail } from "../adapter.js";

const ID = "yahoo";
const part = (name: string): string => `[data-test-id='${name}']`;

export const yahoo: Adapter = {
  id: ID,
  name: "Yahoo Mail",
  hosts: ["https://mail.yahoo.com/*"],
  capability: "visible",

  detect: (page) => page.defaultView?.top === page.defaultView,

  findOpenMails: (page) =>
    [...page.querySelectorAll(part("message-view"))].flatMap((element): OpenMail[] => {
      const id = element.getAttribute("data-mid") ?? /\/messages\/([^/?;]+)/.exec(page.URL)?.[1];
      return id === undefined || bodies(element).length === 0 ? [] : [{ key: [ID, account(page), id].join("|"), element }];
    }),

  readMail(mail): Promise<ReadMail> {
    const page = mail.element.ownerDocument;
    const seen = {
      subject: textOf(page, part("message-group-subject-text")),
      from: cleaned(mail.element.querySelector(part("message-from"))?.textContent),
      to: textOf(mail.element, part("message-to")),
      date: textOf(mail.element, part("message-date")),
      ...bodyOf(bodies(mail.element)),
      mailbox: account(page),
    };
    return Promise.resolve({ payload: visible(ID, seen) });
  },

  badgeSlot(mail) {
    const page = mail.element.ownerDocument;
    const alone = page.querySelectorAll(part("message-view")).length === 1;
    return (alone ? after(page.querySelector(part("message-group-subject-text"))) : null) ?? after(mail.element.querySelector(part("message-from")));
  },
  bannerSlot: (mail) => before(bodies(mail.element)[0]),
  bodies: (mail) => bodies(mail.element),
  replyBoxes: (page) => editable(page, `${part("rte")}[contenteditable='true']`),
  replyButton: (mail) => mail.element.querySelector<HTMLElement>(`button${part("reply")}`),
  attachments: (mail) =>
    [...mail.element.querySelectorAll(`${part("attachment-card")}, ${part("attachment-item")}`)].map((element) => ({
      name: element.getAttribute("title") ?? textOf(element, part("attachment-name")),
      element,
    })),
};

function bodies(message: Element): Element[] {
  return [...message.querySelectorAll(part("message-view-body-content"))];
}

function account(page: Document): string {
  return addressIn(page.querySelector(part("account-email"))?.textContent) || addressIn(page.title);
}

export default yahoo;
