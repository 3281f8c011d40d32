/** Alibaba's message centre: a chat, no mail headers. The figures of the buyer's profile stand beside it. */

import { after, before, bodyOf, cleaned, editable, inside, textOf, visible } from "../adapter.js";
import type { Adapter, ReadMail } from "../adapter.js";

const ID = "alibaba";

export const alibaba: Adapter = {
  id: ID,
  name: "Alibaba.com",
  hosts: ["https://message.alibaba.com/*", "https://onetalk.alibaba.com/*"],
  capability: "visible",

  detect: (page) => page.defaultView?.top === page.defaultView || chatOf(page) !== null,

  // One badge for the talk: a buyer's single lines say too little. It is graded anew when the buyer writes more.
  findOpenMails(page) {
    const chat = chatOf(page);
    if (chat === null) return [];
    const words = lines(chat);
    const buyer = textOf(page, NAME);
    return words.length === 0 ? [] : [{ key: [ID, buyer, talkId(page), words.length, words.at(-1)?.length].join("|"), element: chat }];
  },

  readMail(mail): Promise<ReadMail> {
    const page = mail.element.ownerDocument;
    const profile = profileOf(page);
    const payload = visible(ID, {
      subject: textOf(page, "[class*='inquiry'] [class*='title'], [class*='product-title']"),
      from: textOf(page, NAME),
      text: lines(mail.element).join("\n\n"),
      html: bodyOf([mail.element]).html,
      ...(Object.keys(profile).length > 0 ? { profile } : {}),
    });
    return Promise.resolve({ payload });
  },

  badgeSlot: (mail) => after(mail.element.ownerDocument.querySelector(NAME)),
  bannerSlot: (mail) => before(mail.element) ?? inside(mail.element),
  bodies: (mail) => [mail.element],
  replyBoxes: (page) => editable(page, "textarea[class*='send'], :is([class*='send'], [id*='send']) :is(textarea, [contenteditable='true'])"),
};

const NAME = "[class*='chat-header'] [class*='name'], [class*='contact-header'] [class*='name']";

function chatOf(page: Document): Element | null {
  return page.querySelector("[class*='message-list'], [class*='im-message-flow']");
}

function talkId(page: Document): string {
  const query = new URL(page.URL).searchParams;
  return query.get("activeAccountId") ?? query.get("feedbackId") ?? query.get("cid") ?? "";
}

/** What the buyer wrote: the seller's own lines are on the other side. */
function lines(chat: Element): string[] {
  return [...chat.querySelectorAll("[class*='item-left'] [class*='content'], [class*='message-item']:not([class*='self']):not([class*='item-right']) [class*='content']")]
    .filter((item, _, all) => !all.some((other) => other !== item && other.contains(item)))
    .map((item) => cleaned((item as HTMLElement).innerText))
    .filter((text) => text !== "");
}

/** Labels of the profile card in the languages in which sellers use it → the key that the server knows. */
const FIGURES: readonly (readonly [label: RegExp, key: string])[] = [
  [/^(product views|商品浏览|产品浏览)/iu, "product_views"],
  [/^(valid inquiries|有效询价|有效询盘)/iu, "valid_inquiries"],
  [/^(replied inquiries|inquiries replied|有效回复|回复询盘|回复询价)/iu, "replied"],
  [/^(valid rfqs?|有效\s?rfq)/iu, "valid_rfqs"],
  [/^(log-?\s?in days|登录天数)/iu, "login_days"],
  [/^(junk inquiries|spam inquiries|垃圾询盘|垃圾询价)/iu, "junk_inquiries"],
  [/^(blacklisted|times blacklisted|被加为黑名单|黑名单)/iu, "blacklisted"],
  [/^(completed orders|交易订单|成交订单)/iu, "completed_orders"],
  [/^(store pages viewed|店铺浏览)/iu, "store_pages"],
  [/^((?:sellers|suppliers) viewed|浏览(?:卖家|供应商))/iu, "sellers_seen"],
];
const SEARCHES = /^(?:common search (?:terms|words)|常用搜索词|常搜词)\s*[:：]?\s*(.+)$/iu;
const SINCE = /(?:member since|registered|注册(?:时间|年份)?)\D{0,12}((?:19|20)\d\d)/iu;

/** Figures of the buyer over the last 90 days, as far as the page shows them. */
function profileOf(page: Document): Record<string, string | number | boolean | readonly string[]> {
  const card = page.querySelector("[class*='customer-info'], [class*='buyer-profile'], [class*='contact-info']");
  const profile: Record<string, string | number | boolean | readonly string[]> = {};
  if (card === null) return profile;
  for (const row of card.querySelectorAll("li, tr, dl, [class*='row'], [class*='item']")) {
    const text = cleaned(row.textContent).slice(0, 200);
    for (const [label, key] of FIGURES) {
      const figure = label.test(text) ? /(\d[\d,]*)/.exec(text.replace(label, ""))?.[1] : undefined;
      if (figure !== undefined && !(key in profile)) profile[key] = Number(figure.replaceAll(",", ""));
    }
  }
  for (const row of card.querySelectorAll("li, tr, dl, [class*='row'], [class*='item']")) {
    const terms = SEARCHES.exec(cleaned(row.textContent).slice(0, 500))?.[1]?.split(/[,，;；、|]/u) ?? [];
    const said = terms.map((term) => term.trim()).filter((term) => term !== "");
    if (said.length > 0) profile["searches"] = said.slice(0, 20);
  }
  const whole = cleaned(card.textContent).slice(0, 5000);
  const since = SINCE.exec(whole)?.[1];
  if (since !== undefined) profile["member_since"] = since;
  const level = /\bL([0-4])\b/.exec(whole)?.[0];
  if (level !== undefined) profile["level"] = level;
  if (card.querySelector("[class*='verified'], [title*='Verified'], [title*='已认证']") !== null) profile["verified"] = true;
  return profile;
}

export default alibaba;
