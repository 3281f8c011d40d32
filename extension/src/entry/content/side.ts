/** The one place of a page where the breakdown is shown: beside the message, or as a sheet where there is no room. */

import type { Words } from "../../core/types.js";
import { h } from "../../ui/dom.js";
import { renewSections } from "../../ui/breakdown.js";
import { backIcon } from "../../ui/icons.js";
import { panel, SIDE_PANEL, type Panel } from "../../ui/panel.js";
import { fill, island, layOver, matchTheme, setTheme, type Island } from "./shadow.js";
import type { Shown } from "./shown.js";

export class Side {
  private current: Shown | null = null;
  private words: Words | null = null;
  private panel: Panel | null = null;
  private island: Island | null = null;
  private over: Island | null = null;

  /** `wide` tells where the breakdown may stand beside the message; elsewhere it is a modal sheet. */
  constructor(private readonly wide = matchMedia(SIDE_PANEL)) {
    this.wide.addEventListener("change", () => {
      // A sheet becomes a side panel and the other way round.
      const { current } = this;
      if (current === null || this.panel?.isOpen() !== true) return;
      this.panel.close();
      this.toggle(current);
    });
  }

  isOpen(shown: Shown): boolean {
    return this.current === shown && this.panel?.isOpen() === true;
  }

  toggle(shown: Shown): void {
    if (this.isOpen(shown)) this.panel?.close();
    else this.open(shown);
  }

  close(): void {
    this.panel?.close();
  }

  /** The message has another verdict. */
  renew(shown: Shown): void {
    if (!this.isOpen(shown)) return;
    const content = shown.content();
    if (content !== null) this.panel?.fill(content.element);
  }

  /** The verdict has got further facts: only what they change is drawn anew. */
  improve(shown: Shown): void {
    if (!this.isOpen(shown)) return;
    const content = shown.content();
    const drawn = this.panel?.element.querySelector<HTMLElement>(".ke-breakdown");
    if (content !== null && drawn) renewSections(drawn, content.element);
  }

  leave(shown: Shown): void {
    if (this.current !== shown) return;
    this.panel?.close();
    this.island?.host.remove();
    this.over?.host.remove();
    this.current = null;
  }

  private open(shown: Shown): void {
    const content = shown.content();
    if (content === null) return;
    if (this.panel?.isOpen() === true) this.panel.close();
    const { words } = content;
    if (this.panel === null || this.island === null || this.words?.language !== words.language) {
      this.island?.host.remove();
      this.island = island("over", words);
      this.panel = panel(
        words,
        () => this.current?.button() ?? null,
        (open) => {
          makeRoom(open && this.wide.matches);
          this.current?.opened(open);
        },
      );
      fill(this.island.root, this.panel.element);
      this.words = words;
    }
    this.current = shown;
    layOver(this.island);
    setTheme(this.island.host, themeOf(shown));
    this.over?.host.remove();
    this.panel.fill(content.element);
    this.panel.open({ modal: !this.wide.matches });
  }

  /** Show a place of the message: scroll there, and frame it for a moment. */
  point(range: Range): void {
    if (!this.wide.matches) {
      this.panel?.close();
      this.offerReturn();
    }
    const start = range.startContainer;
    const element = start instanceof Element ? (start.childNodes[range.startOffset] ?? start) : start.parentElement;
    if (!(element instanceof Element)) return;
    const unfold = element.closest("details");
    if (unfold !== null) unfold.open = true;
    element.scrollIntoView({ block: "center", inline: "nearest" });
    requestAnimationFrame(() => {
      this.frame(range);
    });
  }

  private frame(range: Range): void {
    if (this.words === null) return;
    const frame = island("over", this.words);
    const { host, root } = frame;
    host.style.setProperty("pointer-events", "none", "important");
    const boxes = [...range.getClientRects()].filter((r) => r.width > 0 && r.height > 0).slice(0, 30);
    for (const { left, top, width, height } of boxes) {
      const box = h("div", { class: "ke-place" });
      Object.assign(box.style, { left: px(left - 2), top: px(top - 2), width: px(width + 4), height: px(height + 4) });
      root.append(box);
    }
    layOver(frame);
    setTimeout(() => {
      host.remove();
    }, 2000);
  }

  private offerReturn(): void {
    const { words, current } = this;
    if (words === null || current === null) return;
    this.over?.host.remove();
    this.over = island("over", words);
    fill(
      this.over.root,
      h(
        "button",
        { class: "ke-button ke-back", type: "button", onclick: () => { this.open(current); } },
        backIcon(),
        words.say("panel.back"),
      ),
    );
    layOver(this.over);
    matchTheme(this.over.host);
  }
}

/** Clients that lay out by the page's width move aside; in others the panel lies over the page's edge. */
function makeRoom(on: boolean): void {
  const { style } = document.documentElement;
  if (on) style.setProperty("width", "calc(100% - 400px)", "important");
  else style.removeProperty("width");
}

function themeOf(shown: Shown): "light" | "dark" {
  const root = shown.button()?.getRootNode();
  return root instanceof ShadowRoot && (root.host as HTMLElement).dataset["theme"] === "dark" ? "dark" : "light";
}

function px(value: number): string {
  return `${value.toFixed(1)}px`;
}
