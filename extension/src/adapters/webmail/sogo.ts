/** SOGo 5. One page; the address after `#` names account, folder and message, and Angular draws the message. */

import { addressIn, after, before, bodyOf, cleaned, decoded, editable, isSource, mailboxOf, textOf, visible } from "../adapter.js";
import type { Adapter, ListRow, OpenMail, Reach, ReadMail } from "../adapter.js";

const ID = "sogo";

/** The card of the opened message; while one leaves and the next enters, both are in the page for a moment. */
const CARD = "[ui-view='message'] .sg-face > md-card, md-content .sg-face > md-card";

const ROW = ".sg-section-list > md-list-item.sg-message-list-item";

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

  coming(page) {
    const place = placeOf(page);
    if (place === null) return null;
    return {
      key: place.key,
      read: async (reach) => {
        const raw = await source(page, place.source, reach);
        if (raw === null) throw new Error("no source");
        return { payload: { raw }, ...mailboxOf(addressIn(place.user)) };
      },
    };
  },

  async readMail(mail, reach): Promise<ReadMail> {
    const page = mail.element.ownerDocument;
    const place = placeOf(page);
    const mailbox = mailboxOf(addressIn(place?.user));
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

  stamps: {
    shown: (page) => [...page.querySelectorAll(ROW)].map((row) => row.textContent).join("\n"),
    // Only Angular knows which message a row shows; rows are used again for others while the list scrolls.
    write: () => {
      interface Row {
        readonly message?: { readonly accountId: unknown; readonly uid: unknown; readonly subject: unknown; readonly $mailbox?: { readonly path?: unknown } };
      }
      const { angular } = window as { angular?: { element(row: Element): { controller(name: string): Row | undefined } } };
      for (const row of document.querySelectorAll("md-list-item.sg-message-list-item")) {
        const message = angular?.element(row).controller("sgMessageListItem")?.message;
        if (typeof message?.uid !== "number") row.removeAttribute("data-keeneye-row");
        else row.setAttribute("data-keeneye-row", JSON.stringify([message.accountId, message.$mailbox?.path, message.uid, message.subject]));
      }
    },
  },

  listRows: (page) =>
    [...page.querySelectorAll(ROW)].flatMap((row): ListRow[] => {
      const key = stampedKey(page, row);
      const slot = before(row.querySelector(".sg-tile-subject"));
      return key === null || slot === null || row.closest(".sg-mail-part") !== null ? [] : [{ key, slot }];
    }),

  // Plain text; HTML with CKEditor 4 (up to SOGo 5.8) and 5.
  replyBoxes: (page) =>
    editable(page, ["textarea[name='content']", "iframe.cke_wysiwyg_frame", ".ck-editor__editable"].map((box) => `#mailEditor ${box}`).join()),
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

/** Null for a row that shows another message than when it was stamped. */
function stampedKey(page: Document, row: Element): string | null {
  const user = userFolder(page)?.user;
  const stamp = parsed(row.getAttribute("data-keeneye-row"));
  if (user === undefined || !Array.isArray(stamp)) return null;
  const [account, path, uid, subject] = stamp as readonly unknown[];
  if (typeof path !== "string" || typeof uid !== "number" || row.getAttribute("aria-label") !== subject) return null;
  return keyOf(page, user, String(account), foldersOf(path), String(uid));
}

function parsed(json: string | null): unknown {
  try {
    return JSON.parse(json ?? "null");
  } catch {
    return null;
  }
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
  const home = userFolder(page);
  if (home === null) return null;
  const opened = /^#!\/Mail\/(\d+)\/(.+)\/(\d+)$/.exec(url.hash);
  const popup = /\/Mail\/(\d+)\/(folder.+)\/(\d+)\/popupview$/.exec(url.pathname);
  const [, account, path, uid] = opened ?? popup ?? [];
  if (account === undefined || path === undefined || uid === undefined) return null;
  const folders = popup === null ? foldersOf(decoded(decoded(path))) : path;
  return {
    key: keyOf(page, home.user, account, folders, uid),
    user: decoded(home.user),
    source: `${url.origin}${home.root}/${account}/${folders}/${uid}/export`,
  };
}

function userFolder(page: Document): { root: string; user: string } | null {
  const [, root, user] = /^(.*\/SOGo\/so\/([^/]+)\/Mail)\//.exec(new URL(page.URL).pathname) ?? [];
  return root === undefined || user === undefined ? null : { root, user };
}

function foldersOf(path: string): string {
  return path.split("/").map((name) => `folder${encodeURIComponent(name)}`).join("/");
}

function keyOf(page: Document, user: string, account: string, folders: string, uid: string): string {
  return [ID, new URL(page.URL).origin, user, account, folders, uid].join("|");
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
