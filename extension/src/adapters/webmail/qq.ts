/** QQ Mail and Tencent's mail for companies, classic pages: a message is a page in the frame `mainFrame`. */

import { addressIn, after, before, bodyOf, cleaned, editable, inside, isSource, mailboxOf, textOf, visible } from "../adapter.js";
import type { Adapter, Reach, ReadMail } from "../adapter.js";

const ID = "qq";
const EDITOR = "iframe.qmEditorIfrmEditArea";

export const qq: Adapter = {
  id: ID,
  name: "QQ Mail",
  hosts: ["https://mail.qq.com/*", "https://*.mail.qq.com/*", "https://exmail.qq.com/*"],
  capability: "raw",

  detect: (page) => new URL(page.URL).pathname === "/cgi-bin/readmail" || page.querySelector(EDITOR) !== null,

  findOpenMails(page) {
    const id = new URL(page.URL).searchParams.get("mailid");
    const element = page.getElementById("mailContentContainer");
    return id === null || element === null ? [] : [{ key: [ID, new URL(page.URL).host, account(page), id].join("|"), element }];
  },

  async readMail(mail, reach): Promise<ReadMail> {
    const page = mail.element.ownerDocument;
    const mailbox = mailboxOf(account(page));
    const raw = await source(page, reach);
    if (raw !== null) return { payload: { raw }, ...mailbox };
    const seen = {
      subject: textOf(page, "#subject"),
      from: cleaned(page.querySelector("#fromAddr, [e]")?.getAttribute("e") ?? textOf(page, "#fromName")),
      date: textOf(page, "#local_date, #date"),
      ...bodyOf([mail.element]),
    };
    return { payload: visible(ID, seen), ...mailbox };
  },

  badgeSlot: (mail) => after(mail.element.ownerDocument.getElementById("subject")),
  bannerSlot: (mail) => before(mail.element) ?? inside(mail.element.parentElement),
  bodies: (mail) => [mail.element],
  replyBoxes: (page) => editable(page, EDITOR),
  replyButton: (mail) => mail.element.ownerDocument.querySelector<HTMLElement>("a[id^='tb_reply']:not([id*='_all'])"),
  attachments: (mail) =>
    [...mail.element.ownerDocument.querySelectorAll("#attachment [filename], #attachment a[download]")].flatMap((part) => {
      const name = part.getAttribute("filename") ?? part.getAttribute("download") ?? "";
      const opens = part.matches("a") ? [part] : [...part.querySelectorAll("a")];
      return opens.map((element) => ({ name, element }));
    }),
};

function account(page: Document): string {
  try {
    return addressIn(page.defaultView?.top?.document.getElementById("useraddr")?.textContent);
  } catch {
    return "";
  }
}

async function source(page: Document, reach: Reach): Promise<Uint8Array<ArrayBuffer> | null> {
  const here = new URL(page.URL);
  const query = new URLSearchParams({ t: "readmail", mailid: here.searchParams.get("mailid") ?? "", mode: "eml" });
  const sid = here.searchParams.get("sid");
  if (sid !== null) query.set("sid", sid);
  try {
    const answer = await reach.page(`${here.origin}/cgi-bin/readmail?${query.toString()}`);
    return isSource(answer) ? answer.bytes : null;
  } catch {
    return null;
  }
}

export default qq;
