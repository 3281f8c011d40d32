/** NetEase: 163, 126 and yeah.net (js6 pages). The text of a message is a frame of the same origin. */

import { addressIn, after, before, bodyOf, cleaned, decoded, editable, isSource, mailboxOf, textOf, visible } from "../adapter.js";
import type { Adapter, OpenMail, Reach, ReadMail } from "../adapter.js";

const ID = "netease";
/** One tab of the page for each message that is being read; the others are hidden. */
const READER = "[id^='_dvModuleContainer_read']";

export const netease: Adapter = {
  id: ID,
  name: "163 / 126",
  hosts: ["https://mail.163.com/*", "https://mail.126.com/*", "https://mail.yeah.net/*"],
  capability: "raw",

  detect: (page) => page.URL.includes("/js6/") && page.defaultView?.top === page.defaultView,

  findOpenMails(page) {
    const id = messageId(page);
    if (id === null) return [];
    return [...page.querySelectorAll(READER)]
      .filter((reader) => (reader as HTMLElement).style.display !== "none" && textOf(reader, "h1") !== "")
      .slice(0, 1)
      .map((element): OpenMail => ({ key: [ID, new URL(page.URL).host, account(page), id].join("|"), element }));
  },

  async readMail(mail, reach): Promise<ReadMail> {
    const page = mail.element.ownerDocument;
    const mailbox = mailboxOf(account(page));
    const raw = await source(page, reach);
    if (raw !== null) return { payload: { raw }, ...mailbox };
    const seen = {
      subject: textOf(mail.element, "h1"),
      from: cleaned(mail.element.querySelector("[id$='_from'], .nui-addr")?.textContent),
      date: textOf(mail.element, "[id$='_date'], .nui-date"),
      ...bodyOf(bodies(mail.element)),
    };
    return { payload: visible(ID, seen), ...mailbox };
  },

  badgeSlot: (mail) => after(mail.element.querySelector("h1")),
  bannerSlot: (mail) => before(mail.element.querySelector("iframe")),
  bodies: (mail) => bodies(mail.element),
  replyBoxes: (page) => editable(page, "iframe.APP-editor-iframe"),
  replyButton: (mail) =>
    [...mail.element.querySelectorAll<HTMLElement>("[role='button']")].find((button) => /^(回\s?[复覆]|reply)$/iu.test(cleaned(button.textContent))) ?? null,
  attachments: (mail) =>
    [...mail.element.querySelectorAll("a[href*='mode=download'][href*='filename'], a[download]")].map((element) => ({
      name: cleaned(element.getAttribute("download") ?? element.getAttribute("title") ?? element.textContent),
      element,
    })),
};

/** After `#module=read.ReadModule|` stands JSON with the message's id. */
function messageId(page: Document): string | null {
  const [, json] = /#module=read\.ReadModule\|(.+)$/.exec(decoded(new URL(page.URL).hash)) ?? [];
  try {
    const { id } = JSON.parse(json ?? "null") as { readonly id?: unknown };
    return typeof id === "string" ? id : null;
  } catch {
    return null;
  }
}

function account(page: Document): string {
  return addressIn(page.getElementById("spnUid")?.textContent) || addressIn(page.title);
}

function bodies(reader: Element): Element[] {
  return [...reader.querySelectorAll("iframe")].flatMap((frame) => (frame.contentDocument?.body ? [frame.contentDocument.body] : []));
}

async function source(page: Document, reach: Reach): Promise<Uint8Array<ArrayBuffer> | null> {
  const here = new URL(page.URL);
  const query = new URLSearchParams({ sid: here.searchParams.get("sid") ?? "", mid: messageId(page) ?? "", mode: "download", action: "download_eml" });
  try {
    const answer = await reach.page(`${here.origin}/js6/read/readdata.jsp?${query.toString()}`);
    return isSource(answer) ? answer.bytes : null;
  } catch {
    return null;
  }
}

export default netease;
