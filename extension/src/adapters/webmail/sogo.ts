/** SOGo 5. One page; the address after `#` names account, folder and message, and Angular draws the message. */

import { addressIn, after, before, bodyOf, cleaned, editable, isSource, textOf, visible } from "../adapter.js";
import type { Adapter, OpenMail, Reach, ReadMail } from "../adapter.js";

const ID = "sogo";

/** The card of the opened message; while one leaves and the next enters, both are in the page for a moment. */
const CARD = "[ui-view='message'] .sg-face > md-card, md-content .sg-face > md-card";

/** Which message each card was drawn for: the address changes a little before the card does. */
const drawnFor = new WeakMap<Element, { readonly key: string; readonly subject: string }>();

export const sogo: Adapter = {
  id: ID,
  name: "SOGo",
  hosts: [],
  capability: "raw",

  detect: (page) => page.URL.includes("/SOGo/") && page.querySelector("[ng-app^='SOGo'], script[src*='/SOGo.woa/']") !== null,

  findOpenMails(page) {
    const place = placeOf(page);
    if (place === null) return [];
    const cards = [...page.querySelectorAll(CARD)].filter((card) => card.closest(".ng-leave") === null && bodies(card).length > 0);
    return cards.flatMap((card): OpenMail[] => {
      const subject = textOf(card, ".sg-md-headline");
      const known = drawnFor.get(card);
      if (known !== undefined && known.key !== place.key && known.subject === subject) return [];
      drawnFor.set(card, { key: place.key, subject });
      return [{ key: place.key, element: card }];
    });
  },

  async readMail(mail, reach): Promise<ReadMail> {
    const page = mail.element.ownerDocument;
    const place = placeOf(page);
    const owner = addressIn(place?.user);
    const mailbox = owner === "" ? {} : { mailbox: owner };
    const raw = place?.key === mail.key ? await source(page, place.source, reach) : null;
    if (raw !== null) return { payload: { raw }, ...mailbox };
    const seen = {
      subject: textOf(mail.element, ".sg-md-headline"),
      from: `${textOf(mail.element, "span[ng-bind*='from[0].name']")} <${textOf(mail.element, "a[ng-bind*='from[0].email']")}>`,
      to: textOf(mail.element, ".msg-recipients .pseudo-input-field"),
      date: textOf(mail.element, ".msg-date"),
    };
    return { payload: visible(ID, { ...seen, ...bodyOf(bodies(mail.element)) }), ...mailbox };
  },

  // The headline's own text is bound: whatever is put into it is wiped out, so the badge stands behind it.
  badgeSlot: (mail) => after(mail.element.querySelector(".sg-md-headline")),
  bannerSlot: (mail) => before(mail.element.querySelector(".msg-body")),
  bodies: (mail) => bodies(mail.element),

  replyBoxes: (page) => editable(page, "#mailEditor textarea[name='content'], #mailEditor iframe.cke_wysiwyg_frame"),
  replyButton: (mail) =>
    mail.element.closest("[ui-view='message'], body")?.querySelector<HTMLElement>("button[ng-click^='viewer.reply(']") ?? null,

  // Attached files are cards of their own below the text.
  attachments: (mail) =>
    [...mail.element.querySelectorAll(".sg-attachment-name")].flatMap((title) => {
      const name = title.getAttribute("title") ?? cleaned(title.textContent);
      return [...(title.closest("md-card")?.querySelectorAll("a, button") ?? [])].map((element) => ({ name, element }));
    }),
};

function bodies(card: Element): Element[] {
  return [...card.querySelectorAll(".sg-mail-part")];
}

interface Place {
  readonly key: string;
  readonly user: string;
  /** Address of the raw source. */
  readonly source: string;
}

/** `/SOGo/so/USER/Mail/view#!/Mail/ACCOUNT/FOLDER/UID`, and `/SOGo/so/USER/Mail/ACCOUNT/folderFOLDER/UID/popupview`. */
function placeOf(page: Document): Place | null {
  const url = new URL(page.URL);
  const base = /^(.*\/SOGo\/so\/([^/]+)\/Mail)\//.exec(url.pathname);
  if (base === null) return null;
  const [, root = "", user = ""] = base;
  const opened = /^#!\/Mail\/(\d+)\/(.+)\/(\d+)$/.exec(url.hash);
  const popup = /\/Mail\/(\d+)\/(folder.+)\/(\d+)\/popupview$/.exec(url.pathname);
  const [, account, path, uid] = opened ?? popup ?? [];
  if (account === undefined || path === undefined || uid === undefined) return null;
  const folders = popup === null ? decoded(decoded(path)).split("/").map((name) => `folder${encodeURIComponent(name)}`).join("/") : path;
  return {
    key: [ID, url.origin, user, account, folders, uid].join("|"),
    user: decoded(user),
    source: `${url.origin}${root}/${account}/${folders}/${uid}/export`,
  };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

async function source(page: Document, address: string, reach: Reach): Promise<Uint8Array<ArrayBuffer> | null> {
  const token = /(?:^|;\s*)XSRF-TOKEN=([^;]+)/.exec(page.cookie)?.[1];
  try {
    const answer = await reach.page(address, token === undefined ? {} : { "X-XSRF-TOKEN": decoded(token) });
    return isSource(answer) ? crlf(answer.bytes) : null;
  } catch {
    return null;
  }
}

/** SOGo's export leaves out the CR of every line end (RFC 5322 §2.3 has CRLF only); signatures need it back. */
function crlf(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const bare = bytes.reduce((count, byte, i) => count + Number(byte === 10 && bytes[i - 1] !== 13), 0);
  const whole = new Uint8Array(bytes.length + bare);
  let at = 0;
  for (const [i, byte] of bytes.entries()) {
    if (byte === 10 && bytes[i - 1] !== 13) {
      whole[at] = 13;
      at += 1;
    }
    whole[at] = byte;
    at += 1;
  }
  return whole;
}

export default sogo;
