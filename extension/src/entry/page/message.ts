/** The message as text: never as HTML, never with a working link. Evidence is marked, links show their true host. */

import type { Evidence, Finding, Message, MessageLink, Verdict, WordKey, Words } from "../../core/types.js";
import { foreign, h } from "../../ui/dom.js";
import { clipIcon } from "../../ui/icons.js";
import { accused, rangesIn, segments, type Numbered, type Range, type Segment } from "../../ui/marks.js";

export interface MessageView {
  readonly element: HTMLElement;
  /** Where badge and banner go. */
  readonly badgeSlot: HTMLElement;
  readonly bannerSlot: HTMLElement;
  /** The element that shows this evidence, or null when it is not on screen. */
  place(evidence: Evidence): HTMLElement | null;
}

/** A piece of the message as it is drawn. */
type Drawn = Node | string;

type Cover = { readonly mark: Numbered; readonly key: string; readonly end: number } | { readonly link: ShownLink };

interface ShownLink {
  readonly link: MessageLink;
  readonly index: number;
  readonly dangerous: boolean;
}

/** `open` is called with the finding whose mark was clicked. */
export function messageView(
  verdict: Verdict,
  message: Message,
  words: Words,
  open: (finding: Finding) => void,
): MessageView {
  const places = new Map<string, HTMLElement>();
  const remember = (key: string, element: HTMLElement): void => {
    if (!places.has(key)) places.set(key, element);
  };
  const draw = new Drawer(words, remember, open);

  const subject = h("h2", { class: "subject", dir: "auto", tabindex: -1 });
  const subjectText = message.subject ?? "";
  if (subjectText === "") subject.append(h("span", { class: "ke-soft" }, words.say("message.nosubject")));
  else subject.append(...draw.text(subjectText, marks(rangesIn(verdict, ["subject"]), "subject")));
  remember("header:subject", subject);

  const links = message.links.map(
    (link, i): ShownLink => ({ link, index: link.index ?? i, dangerous: isDangerous(verdict, link.index ?? i) }),
  );
  const visible = links.filter(({ link }) => link.start !== null && link.end !== null);
  const body = h("div", { class: "body", dir: "auto" });
  if (message.body.trim() === "") body.append(h("p", { class: "ke-soft" }, words.say("message.empty")));
  else
    body.append(
      ...draw.text(message.body, [
        ...marks(rangesIn(verdict, [message.part]), message.part),
        ...visible.map((shown): Range<Cover> => ({
          start: shown.link.start ?? 0,
          end: shown.link.end ?? 0,
          value: { link: shown },
        })),
      ]),
    );

  const badgeSlot = h("span", { class: "badge-slot" });
  const bannerSlot = h("div", { class: "banner-slot" });
  const element = h(
    "article",
    { class: "mail", "data-banner": verdict.banner, "aria-label": words.say("message.label") },
    h("div", { class: "subject-line" }, subject, badgeSlot),
    headerTable(message, words, remember),
    bannerSlot,
    body,
    hiddenLinks(
      links.filter((shown) => !visible.includes(shown)),
      draw,
      words,
    ),
    attachments(verdict, message, words, remember),
  );
  return {
    element,
    badgeSlot,
    bannerSlot,
    place: (evidence) => {
      const header = /^header:(.+)$/.exec(evidence.part)?.[1]?.toLowerCase();
      return (
        places.get(placeKey(evidence.part, evidence.start, evidence.end)) ??
        places.get(header === undefined ? evidence.part : `header:${header}`) ??
        null
      );
    },
  };
}

function placeKey(part: string, start: number, end: number): string {
  return `${part}@${String(start)}-${String(end)}`;
}

function marks(ranges: readonly Range<Numbered>[], part: string): Range<Cover>[] {
  return ranges.map(({ start, end, value }) => ({
    start,
    end,
    value: { mark: value, key: placeKey(part, start, end), end },
  }));
}

/** Its text names another address than it opens, or it is a reason of the warning above the message. */
function isDangerous(verdict: Verdict, index: number): boolean {
  return verdict.facts.links[index]?.mismatch === true || accused(verdict, "link").has(index);
}

/** Invisible signs that reorder text: shown as what they are, so that they cannot disguise an address. */
const DIRECTION_SIGNS = /[\u202a-\u202e\u2066-\u2069]/u;

class Drawer {
  constructor(
    private readonly words: Words,
    private readonly remember: (key: string, element: HTMLElement) => void,
    private readonly open: (finding: Finding) => void,
  ) {}

  text(text: string, ranges: readonly Range<Cover>[]): Drawn[] {
    const pieces = segments(text, ranges);
    const drawn: Drawn[] = [];
    for (let i = 0; i < pieces.length; ) {
      const link = linkOf(pieces[i]);
      if (link === null) {
        drawn.push(...this.piece(pieces[i], pieces[i + 1]));
        i += 1;
        continue;
      }
      const inner: Drawn[] = [];
      while (i < pieces.length && linkOf(pieces[i]) === link) {
        inner.push(...this.piece(pieces[i], pieces[i + 1]));
        i += 1;
      }
      drawn.push(this.guard(link, inner));
    }
    return drawn;
  }

  /** A link is text with its true host beside it; pressing it shows the whole address, nothing opens. */
  guard(shown: ShownLink, inner: readonly Drawn[]): HTMLElement {
    const { link, dangerous, index } = shown;
    const full = h("span", { class: "address", hidden: true, id: `address-${String(index)}` });
    full.append(foreign(link.href));
    const text = link.text.trim() === "" ? link.href : link.text;
    const button = h(
      "button",
      {
        class: dangerous ? "guard danger" : "guard",
        type: "button",
        "aria-expanded": "false",
        "aria-controls": full.id,
        "aria-label": this.words.say(dangerous ? "message.danger.link" : "message.link", { text }),
        onclick: () => {
          full.hidden = !full.hidden;
          button.setAttribute("aria-expanded", String(!full.hidden));
        },
      },
      ...inner,
    );
    this.remember(`link:${String(index)}`, button);
    const sameHost = link.host !== "" && text.toLowerCase().includes(link.host.toLowerCase()) && !dangerous;
    return h(
      "span",
      { class: "link" },
      button,
      sameHost ? null : h("span", { class: "opens" }, " ", this.opens(link)),
      full,
    );
  }

  private opens(link: MessageLink): Drawn {
    if (link.host === "") return this.words.say("message.nohost");
    const marker = "\u0000";
    const [before, after] = this.words.say("message.opens", { host: marker }).split(marker);
    return h("span", {}, before, h("b", { dir: "ltr", class: "host" }, link.host), after);
  }

  private piece(piece: Segment<Cover> | undefined, next: Segment<Cover> | undefined): Drawn[] {
    if (piece === undefined || piece.text === "") return [];
    const covering = piece.values.flatMap((cover) => ("mark" in cover ? [cover] : []));
    const text = this.plain(piece.text);
    const first = covering.find((cover) => cover.mark.number !== null) ?? covering[0];
    if (first === undefined) return text;
    // The number stands where the evidence ends, not at every cut that another mark makes in it.
    const ending = covering.filter((cover) => !(next?.values.includes(cover) ?? false));
    const numbers = [...new Set(ending.flatMap((cover) => cover.mark.number ?? []))].join(" ");
    const loud = covering.filter((cover) => cover.mark.number !== null);
    const against = loud.some((cover) => cover.mark.side === "against");
    const element = h(
      "mark",
      {
        class: loud.length === 0 ? "quiet" : against ? "against" : "for",
        tabindex: -1,
        "data-findings": [...new Set(covering.map((cover) => cover.mark.finding.id))].join(" "),
        "data-label": numbers === "" ? null : numbers,
        "data-alt": numbers === "" ? null : this.words.say("message.mark", { numbers }),
        onclick: () => {
          this.open(first.mark.finding);
        },
      },
      ...text,
    );
    for (const cover of covering) this.remember(cover.key, element);
    return [element];
  }

  private plain(text: string): Drawn[] {
    if (!DIRECTION_SIGNS.test(text)) return [text];
    return [...text.split(/([\u202a-\u202e\u2066-\u2069])/u)].map((part) => {
      if (!DIRECTION_SIGNS.test(part)) return part;
      const code = `U+${(part.codePointAt(0) ?? 0).toString(16).toUpperCase()}`;
      return h("span", { class: "control", title: this.words.say("message.control", { code }) }, code);
    });
  }
}

function linkOf(piece: Segment<Cover> | undefined): ShownLink | null {
  for (const cover of piece?.values ?? []) if ("link" in cover) return cover.link;
  return null;
}

function headerTable(
  message: Message,
  words: Words,
  remember: (key: string, element: HTMLElement) => void,
): HTMLElement {
  const rows: readonly (readonly [WordKey, string, string | null])[] = [
    ["message.from", "from", message.from],
    ["message.reply_to", "reply-to", message.reply_to],
    ["message.to", "to", message.to],
    ["message.date", "date", message.date],
  ];
  return h(
    "dl",
    { class: "headers" },
    ...rows.flatMap(([key, name, value]) => {
      if (value === null || value === "") return [];
      const shown = h("dd", { tabindex: -1 }, foreign(value));
      remember(`header:${name}`, shown);
      return [h("dt", {}, words.say(key)), shown];
    }),
  );
}

/** Links behind pictures, forms and the like, which the text cannot show in place. */
function hiddenLinks(links: readonly ShownLink[], draw: Drawer, words: Words): HTMLElement | null {
  if (links.length === 0) return null;
  return h(
    "section",
    { class: "extra" },
    h("h3", {}, words.say("message.hidden.links")),
    h("ul", {}, ...links.slice(0, 50).map((shown) => h("li", {}, draw.guard(shown, [foreign(nameOf(shown.link))])))),
  );
}

function nameOf(link: MessageLink): string {
  return link.text.trim() === "" ? shortAddress(link.href) : link.text.trim();
}

function shortAddress(href: string): string {
  return href.length <= 80 ? href : `${href.slice(0, 78)} \u2026`;
}

function attachments(
  verdict: Verdict,
  message: Message,
  words: Words,
  remember: (key: string, element: HTMLElement) => void,
): HTMLElement | null {
  if (message.attachments.length === 0) return null;
  const dangerous = accused(verdict, "attachment");
  return h(
    "section",
    { class: "extra" },
    h("h3", {}, words.say("message.attachments")),
    h(
      "ul",
      { class: "files" },
      ...message.attachments.map((file, index) => {
        const danger = dangerous.has(index);
        const item = h(
          "li",
          { class: danger ? "danger" : null, tabindex: -1 },
          clipIcon(),
          foreign(file.name === "" ? file.type : file.name, "name"),
          h("span", { class: "ke-soft" }, file.size === null ? file.type : `${file.type}, ${words.size(file.size)}`),
          danger ? h("b", {}, words.say("message.danger.file")) : null,
        );
        remember(`attachment:${String(index)}`, item);
        return item;
      }),
    ),
  );
}
