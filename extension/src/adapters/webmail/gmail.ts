/** Gmail, standard view. Conversations hold several messages, each with its own badge. */

import { addressIn, after, before, bodyOf, decoded, editable, inside, isSource, mailboxOf, visible } from "../adapter.js";
import type { Adapter, ListRow, OpenMail, Reach, ReadMail, Slot } from "../adapter.js";

const ID = "gmail";

export const gmail: Adapter = {
  id: ID,
  name: "Gmail",
  hosts: ["https://mail.google.com/*"],
  // The raw source is served from here after a redirect.
  fetches: ["https://mail-attachment.googleusercontent.com/*"],
  capability: "raw",

  detect: (page) => page.defaultView?.top === page.defaultView,

  // [data-legacy-message-id] is absent until Gmail has synchronised the message: it is waited for.
  findOpenMails: (page) =>
    [...page.querySelectorAll("[role='main'] [data-message-id][data-legacy-message-id]")].flatMap((element): OpenMail[] => {
      const id = element.getAttribute("data-legacy-message-id");
      // Collapsed messages of a conversation have no text yet.
      return id === null || id === "" || bodies(element).length === 0 ? [] : [{ key: keyOf(page, id), element }];
    }),

  async readMail(mail, reach): Promise<ReadMail> {
    const page = mail.element.ownerDocument;
    const mailbox = mailboxOf(account(page));
    const raw = await source(mail, reach);
    if (raw !== null) return { payload: { raw }, ...mailbox };
    const sender = mail.element.querySelector("[email]");
    const seen = {
      subject: subjectOf(page)?.textContent.trim() ?? "",
      from: `${sender?.getAttribute("name") ?? ""} <${sender?.getAttribute("email") ?? ""}>`,
      date: mail.element.querySelector("[data-tooltip][alt], span.g3[title]")?.getAttribute("title") ?? "",
    };
    return { payload: visible(ID, { ...seen, ...bodyOf(bodies(mail.element)) }), ...mailbox };
  },

  badgeSlot(mail): Slot | null {
    const page = mail.element.ownerDocument;
    const alone = page.querySelectorAll("[role='main'] [data-message-id]").length === 1;
    // A conversation: in each message's own head, beside the sender's name
    return (alone ? after(subjectOf(page)) : null) ?? inside(mail.element.querySelector("h3") ?? mail.element.querySelector("[role='gridcell'] [email]")?.parentElement);
  },
  bannerSlot: (mail) => before(bodies(mail.element)[0]),
  bodies: (mail) => bodies(mail.element),

  attachments: (mail) =>
    [...mail.element.querySelectorAll("[download_url]")].flatMap((part) => {
      // "application/pdf:name.pdf:https://…"
      const name = part.getAttribute("download_url")?.split(":")[1] ?? "";
      return [...part.querySelectorAll("a, button, [role='button']")].map((element) => ({ name: decoded(name), element }));
    }),

  replyBoxes: (page) => editable(page, "[role='main'] [contenteditable='true'][role='textbox']"),
  // The arrow in the message's head, or the "Reply" below the last one, which stands outside of its element.
  replyButton: (mail) =>
    mail.element.querySelector<HTMLElement>(REPLY) ?? mail.element.closest("[role='main']")?.querySelector<HTMLElement>(REPLY) ?? null,

  // A row stands for the newest message of its conversation.
  listRows: (page) =>
    [...page.querySelectorAll("tr [data-legacy-last-message-id]")].flatMap((thread): ListRow[] => {
      const id = thread.getAttribute("data-legacy-last-message-id");
      const slot = before(thread);
      return id === null || slot === null ? [] : [{ key: keyOf(page, id), slot }];
    }),
};

const REPLY = ".T-I-Js-IF.aaq, .ams.bkH";

function bodies(message: Element): Element[] {
  // .a3s is the message's text in every view since 2012; quoted parts stand inside it
  return [...message.querySelectorAll(".a3s")].filter((body) => body.parentElement?.closest(".a3s") === null);
}

function subjectOf(page: Document): Element | null {
  return page.querySelector("[role='main'] h2[data-legacy-thread-id], [role='main'] h2.hP");
}

/** "Subject - name@firm.example - Gmail" */
function account(page: Document): string {
  return addressIn(page.title.split(" - ").slice(-2).join(" ")) || addressIn(page.querySelector("[aria-label*='@']")?.getAttribute("aria-label"));
}

function keyOf(page: Document, id: string): string {
  return [ID, /\/mail\/u\/(\d+)\//.exec(page.URL)?.[1] ?? "0", account(page), id].join("|");
}

async function source(mail: OpenMail, reach: Reach): Promise<Uint8Array<ArrayBuffer> | null> {
  const page = mail.element.ownerDocument;
  const id = mail.element.getAttribute("data-legacy-message-id") ?? "";
  const number = /\/mail\/u\/(\d+)\//.exec(page.URL)?.[1] ?? "0";
  const query = new URLSearchParams({ view: "att", th: id, attid: "0", disp: "comp", safe: "1", zw: "" });
  try {
    const answer = await reach.beyond(`https://mail.google.com/mail/u/${number}/?${query.toString()}`);
    return isSource(answer) ? answer.bytes : null;
  } catch {
    return null;
  }
}

export default gmail;
