/** Roundcube 1.4 and later (skins elastic and larry). The preview is a frame of its own, the full view a page. */

import { addressIn, before, bodyOf, cleaned, editable, inside, isSource, mailboxOf, textOf, visible } from "../adapter.js";
import type { Adapter, Coming, ListRow, OpenMail, ReadMail, Reach, Slot } from "../adapter.js";

const ID = "roundcube";

export const roundcube: Adapter = {
  id: ID,
  name: "Roundcube",
  hosts: [],
  capability: "raw",

  // The full view and the preview have #messagebody, the list #messagelist, the editor #composebody.
  detect: (page) =>
    (addressed(page) !== null && sessionOf(page) !== null) ||
    (page.querySelector("#messagebody, #messagelist, #messagecontframe, #composebody") !== null && scriptWith(page, "rcmail") !== null),

  findOpenMails(page) {
    const body = page.getElementById("messagebody");
    const place = addressed(page);
    return body === null || place === null ? [] : [{ key: keyOf(page, place), element: body }];
  },

  coming(page) {
    const place = addressed(page);
    const session = sessionOf(page);
    return place === null || session === null ? null : comingAt(page, place, session);
  },

  // A click in the list opens the preview, and a second one the full view; where there is no preview, one only selects.
  clicked(element, times) {
    const page = element.ownerDocument;
    const link = element.closest("#messagelist tr.message")?.querySelector<HTMLAnchorElement>(LINK);
    const previewed = (page.getElementById("messagecontframe")?.getClientRects().length ?? 0) > 0;
    if (!link || !(previewed || times > 1)) return null;
    const place = placeOf(link.href);
    const session = sessionOf(page);
    return place === null || session === null ? null : comingAt(page, place, session);
  },

  async readMail(mail, reach): Promise<ReadMail> {
    const page = mail.element.ownerDocument;
    const mailbox = mailboxOf(addressIn(userName(page)));
    const place = addressed(page);
    const token = tokenOf(page);
    const raw = place === null || token === null ? null : await source(page, place, token, reach);
    if (raw !== null) return { payload: { raw }, ...mailbox };
    return { payload: visible(ID, { ...headers(page), ...bodyOf([mail.element]) }), ...mailbox };
  },

  badgeSlot(mail): Slot | null {
    const subject = subjectOf(mail);
    // elastic puts an "open in new window" link behind the subject's text
    return before(subject?.querySelector("a.extwin")) ?? inside(subject);
  },

  // #message-objects is where Roundcube's own notices stand, above the text.
  bannerSlot: (mail) =>
    inside(mail.element.ownerDocument.getElementById("message-objects")) ?? before(mail.element),

  bodies: (mail) => [mail.element],

  attachments: (mail) =>
    [...mail.element.ownerDocument.querySelectorAll("#attachment-list li")].flatMap((row) => {
      const name = textOf(row, ".attachment-name") || cleaned(row.querySelector("a")?.getAttribute("title"));
      return [...row.querySelectorAll("a")].map((element) => ({ name, element }));
    }),

  // TinyMCE hides the text area. It gets the quoted message last, from an element that it then removes.
  replyBoxes(page) {
    const area = page.getElementById("composebody");
    const source = area?.getAttribute("data-html-editor-content-element") ?? "";
    if (source !== "" && page.getElementById(source) !== null) return [];
    return editable(page, "#composebody:not(.mce_editor), #composebody_ifr");
  },

  replyButton: (mail) =>
    outer(mail.element.ownerDocument).querySelector<HTMLElement>("a.reply:not(.disabled, .all, .list)"),

  listRows: (page) =>
    [...page.querySelectorAll("#messagelist tr.message")].flatMap((row): ListRow[] => {
      const link = row.querySelector<HTMLAnchorElement>(LINK);
      const place = link === null ? null : placeOf(link.href);
      const slot = before(link);
      return place === null || slot === null ? [] : [{ key: keyOf(page, place), slot }];
    }),
};

const LINK = "td.subject a[href*='_uid=']";

interface Place {
  readonly folder: string;
  readonly uid: string;
}

function placeOf(address: string): Place | null {
  const query = new URL(address).searchParams;
  const uid = query.get("_uid");
  return uid === null ? null : { folder: query.get("_mbox") ?? "INBOX", uid };
}

/** The message that the page's address names. */
function addressed(page: Document): Place | null {
  const action = new URL(page.URL).searchParams.get("_action") ?? "";
  return ["show", "preview"].includes(action) ? placeOf(page.URL) : null;
}

/** What Roundcube tells every page of whoever has logged in. */
interface Session {
  readonly token: string;
  readonly user: string;
}

const SESSION = "keeneye-roundcube";

/** As the page tells, or while it is still to come, as the page before told in this tab. Null when neither did. */
function sessionOf(page: Document): Session | null {
  try {
    const kept = page.defaultView?.sessionStorage;
    const token = tokenOf(page);
    const user = userName(page);
    if (token === null || user === "")
      return page.readyState === "loading" ? (JSON.parse(kept?.getItem(SESSION) ?? "null") as Session | null) : null;
    kept?.setItem(SESSION, JSON.stringify({ token, user } satisfies Session));
    return { token, user };
  } catch {
    // Storage is switched off, or a page has put something else there.
    return null;
  }
}

function comingAt(page: Document, place: Place, { token, user }: Session): Coming {
  return {
    key: keyOf(page, place, user),
    read: async (reach) => {
      const raw = await source(page, place, token, reach);
      if (raw === null) throw new Error("no source");
      return { payload: { raw }, ...mailboxOf(addressIn(user)) };
    },
  };
}

function keyOf(page: Document, { folder, uid }: Place, user = userName(page)): string {
  // A UID of another folder reads "7-Archive" in searches across folders.
  const [own, other] = /^(\d+)-(.+)$/.exec(uid)?.slice(1) ?? [uid, folder];
  return [ID, new URL(page.URL).origin, user, other, own].join("|");
}

/** The account: named in the script of a page that shows a message, else in the frame around (elastic) or top bar (larry). */
function userName(page: Document): string {
  const named = /"username":"([^"\\]{1,200})"/.exec(scriptWith(page, '"request_token"') ?? "")?.[1];
  return named ?? textOf(outer(page), "#taskmenu ~ * .username, .header-title.username, .topright .username, .username");
}

/** The document that holds the preview frame, or the page itself. Frames of another origin are not ours. */
function outer(page: Document): Document {
  try {
    return page.defaultView?.top?.document ?? page;
  } catch {
    return page;
  }
}

function subjectOf(mail: OpenMail): Element | null {
  // elastic: #message-header h2.subject; larry: #messageheader h2.subject
  return mail.element.ownerDocument.querySelector("#message-header .subject, #messageheader .subject, h2.subject");
}

function scriptWith(page: Document, word: string): string | null {
  for (const script of page.querySelectorAll("script:not([src])"))
    if (script.textContent.includes(word)) return script.textContent;
  return null;
}

function tokenOf(page: Document): string | null {
  return /"request_token":"([^"\\]{1,200})"/.exec(scriptWith(page, '"request_token"') ?? "")?.[1] ?? null;
}

/** The message byte for byte, or null. Without `_save` and `_token` Roundcube changes line ends or sends HTML. */
async function source(page: Document, { folder, uid }: Place, token: string, reach: Reach): Promise<Uint8Array<ArrayBuffer> | null> {
  const here = new URL(page.URL);
  const query = new URLSearchParams({ _task: "mail", _action: "viewsource", _uid: uid, _mbox: folder, _save: "1", _token: token });
  try {
    const answer = await reach.page(`${here.origin}${here.pathname}?${query.toString()}`);
    return isSource(answer) ? answer.bytes : null;
  } catch {
    return null;
  }
}

function headers(page: Document): { subject: string; from: string; to: string; date: string } {
  const subject = page.querySelector("#message-header .subject, #messageheader .subject, h2.subject")?.cloneNode(true);
  for (const extra of (subject as Element | undefined)?.querySelectorAll(".voice, a, [data-keeneye]") ?? []) extra.remove();
  const cell = (name: string): string => textOf(page, `.headers-table td.header.${name}, .header-headers .header.${name}`);
  return {
    subject: cleaned(subject?.textContent),
    from: cell("from") || textOf(page, ".header-summary .from, .rcmContactAddress"),
    to: cell("to"),
    date: cell("date"),
  };
}

export default roundcube;
