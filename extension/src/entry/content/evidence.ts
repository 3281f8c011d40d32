/** Finds quoted evidence in the message as the page shows it. The page's text differs from the server's in spaces only. */

import type { Evidence, Verdict } from "../../core/types.js";
import { numberFindings } from "../../ui/marks.js";

/** A text of the page, spaces collapsed, and where each of its characters stands. */
class Flat {
  readonly text: string;
  private readonly places: { readonly node: Text; readonly offset: number }[] = [];

  constructor(roots: readonly Element[]) {
    let text = "";
    let spaced = true;
    for (const root of roots) {
      const walker = root.ownerDocument.createTreeWalker(root, NodeFilter.SHOW_TEXT);
      for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
        if (text.length > LONGEST) break;
        const value = (node as Text).data;
        for (let offset = 0; offset < value.length; offset += 1) {
          const sign = value.charAt(offset);
          const space = /\s/.test(sign);
          if (space && spaced) continue;
          text += space ? " " : sign;
          this.places.push({ node: node as Text, offset });
          spaced = space;
        }
        // Blocks end words although no space stands between their texts.
        if (!spaced && breaks(node as Text)) {
          text += " ";
          this.places.push({ node: node as Text, offset: Math.max(0, value.length - 1) });
          spaced = true;
        }
      }
    }
    this.text = text;
  }

  /** The occurrence nearest to where it stood in the server's text, as a share of the whole; null when there is none. */
  find(quote: string, share: number): Range | null {
    const wanted = quote.replace(/\s+/gu, " ").trim();
    if (wanted === "") return null;
    const near = this.nearest(this.text, wanted, share) ?? this.nearest(this.text.toLowerCase(), wanted.toLowerCase(), share);
    if (near === null) return null;
    const first = this.places[near];
    const last = this.places[near + wanted.length - 1];
    if (first === undefined || last === undefined) return null;
    const range = first.node.ownerDocument.createRange();
    range.setStart(first.node, first.offset);
    range.setEnd(last.node, Math.min(last.offset + 1, last.node.data.length));
    return range;
  }

  private nearest(text: string, wanted: string, share: number): number | null {
    const ideal = share * text.length;
    let best: number | null = null;
    for (let at = text.indexOf(wanted), n = 0; at !== -1 && n < 500; at = text.indexOf(wanted, at + 1), n += 1)
      if (best === null || Math.abs(at - ideal) < Math.abs(best - ideal)) best = at;
    return best;
  }
}

const LONGEST = 200_000;
const INLINE = /^(A|ABBR|B|BDI|BDO|CITE|CODE|EM|FONT|I|MARK|Q|S|SMALL|SPAN|STRONG|SUB|SUP|TT|U|LABEL)$/;

function breaks(node: Text): boolean {
  if (node.nextSibling !== null) return !INLINE.test(node.nextSibling.nodeName) && node.nextSibling.nodeType === Node.ELEMENT_NODE;
  let at: Element | null = node.parentElement;
  while (at !== null && at.nextSibling === null && INLINE.test(at.nodeName)) at = at.parentElement;
  return at !== null && !INLINE.test(at.nodeName);
}

export interface Places {
  /** Where this evidence stands in the page, or null. */
  find(evidence: Evidence): Range | null;
  /** The weightiest evidence of the verdict, lightly marked without touching the message's nodes. */
  mark(): void;
  unmark(): void;
}

export function places(verdict: Verdict, bodies: () => readonly Element[], subject: () => Element | null): Places {
  let flats: { body: Flat; subject: Flat } | null = null;
  const length = Math.max(1, ...verdict.findings.flatMap((f) => f.evidence.map((e) => (/^(text|html)$/.test(e.part) ? e.end : 0))));

  const find = (evidence: Evidence): Range | null => {
    const heading = subject();
    flats ??= { body: new Flat(bodies()), subject: new Flat(heading === null ? [] : [heading]) };
    if (evidence.part === "subject") return flats.subject.find(evidence.quote, 0);
    if (evidence.part === "text" || evidence.part === "html") return flats.body.find(evidence.quote, evidence.start / length);
    return null;
  };

  return {
    find,
    mark: () => {
      if (!("highlights" in CSS)) return;
      const sides = { for: new Highlight(), against: new Highlight() };
      for (const { number, side, finding } of numberFindings(verdict).values())
        for (const evidence of number === null ? [] : finding.evidence) {
          const range = find(evidence);
          if (range !== null) sides[side].add(range);
        }
      CSS.highlights.set("keeneye-for", sides.for);
      CSS.highlights.set("keeneye-against", sides.against);
    },
    unmark: () => {
      flats = null;
      if (!("highlights" in CSS)) return;
      CSS.highlights.delete("keeneye-for");
      CSS.highlights.delete("keeneye-against");
    },
  };
}
