/** Words into a reply that the reader writes: added at the caret or at the very start, nothing is ever taken away. */

import type { Adapter, OpenMail } from "../../adapters/adapter.js";
import { ask } from "../../core/wire.js";

/** Editors fill themselves with signature and quotation: they are left alone until they have rested this long. */
const REST = 250;
const LONGEST_WAIT = 10_000;

/** CKEditor 5 keeps the text in a model of its own, and learns of the caret a moment late. */
const OWN_MODEL = ".ck-editor__editable";
const CARET_SEEN = 50;

/** A reply that is open takes them at once; else the page opens one. Null when it offers neither. */
export function wayInto(mail: OpenMail, adapter: Adapter): ((text: string) => Promise<"inserted" | "opening">) | null {
  if (adapter.reply !== undefined)
    return async (text) => {
      await adapter.reply?.(text);
      return "inserted";
    };
  const [box] = adapter.replyBoxes?.(mail.element.ownerDocument) ?? [];
  if (box !== undefined)
    return async (text) => {
      await insert(box, text);
      return "inserted";
    };
  const button = adapter.replyButton?.(mail) ?? null;
  if (button === null) return null;
  return async (text) => {
    await ask("hold", { text });
    button.click();
    return "opening";
  };
}

/** Watches for replies that open, here or after the page has changed to another. */
export class Replies {
  private readonly known = new WeakSet<HTMLElement>();

  constructor(private readonly adapter: Adapter) {}

  scan(): void {
    for (const box of this.adapter.replyBoxes?.(document) ?? []) {
      if (this.known.has(box)) continue;
      this.known.add(box);
      void this.fill(box).catch(() => undefined);
    }
  }

  private async fill(box: HTMLElement): Promise<void> {
    await rested(box);
    // An editor that was drawn anew meanwhile is another box, and asks for itself.
    if (!box.isConnected) return;
    const { text } = await ask("held", {});
    if (text !== null) await insert(box, text);
  }
}

/** When what stands in the box has not changed for a while. */
async function rested(box: HTMLElement): Promise<void> {
  const end = performance.now() + LONGEST_WAIT;
  let last: string | null = null;
  for (let now = content(box); now !== last && performance.now() < end; now = content(box)) {
    last = now;
    await new Promise((resolve) => setTimeout(resolve, REST));
  }
}

function content(box: HTMLElement): string {
  return isField(box) ? box.value : box.textContent;
}

async function insert(box: HTMLElement, text: string): Promise<void> {
  const selection = box.ownerDocument.getSelection();
  if (box.matches(OWN_MODEL)) await paste(box, text, selection);
  else if (isField(box)) {
    box.focus();
    // Behind a selection, which would be replaced.
    const at = box.selectionEnd;
    box.setSelectionRange(at, at);
    const gap = at === 0 ? "" : box.value.slice(0, at).endsWith("\n") ? "\n" : "\n\n";
    type(box, `${gap}${text}\n`);
  } else if (selection !== null && selection.rangeCount > 0 && box.contains(selection.focusNode) && started(box, selection)) {
    box.focus();
    selection.collapseToEnd();
    type(box, `${text}\n`);
  } else prepend(box, text);
}

/** As if the reader pasted it: what is put into the page of such an editor is wiped out when it next draws its model. */
async function paste(box: HTMLElement, text: string, selection: Selection | null): Promise<void> {
  box.focus();
  if (selection !== null && box.contains(selection.focusNode) && started(box, selection)) selection.collapseToEnd();
  else selection?.collapse(box.firstElementChild ?? box, 0);
  await new Promise((resolve) => setTimeout(resolve, CARET_SEEN));
  const clipboardData = new DataTransfer();
  clipboardData.setData("text/plain", `${text}\n\n`);
  box.dispatchEvent(new ClipboardEvent("paste", { bubbles: true, cancelable: true, clipboardData }));
}

/** Whether the reader's caret is somewhere in a text, and not only where the editor has put it. */
function started(box: HTMLElement, selection: Selection): boolean {
  const before = box.ownerDocument.createRange();
  before.selectNodeContents(box);
  if (selection.focusNode !== null) before.setEnd(selection.focusNode, selection.focusOffset);
  return before.toString().trim() !== "";
}

/** Lines of their own: typed at the very start they would become part of the line that announces the quotation. */
function prepend(box: HTMLElement, text: string): void {
  const page = box.ownerDocument;
  const lines = [...text.split("\n"), ""].map((line) => {
    const block = page.createElement("div");
    block.append(line === "" ? page.createElement("br") : line);
    return block;
  });
  box.prepend(...lines);
  box.focus();
  page.getSelection()?.collapse(lines.at(-1) ?? box, 0);
  box.dispatchEvent(new InputEvent("input", { bubbles: true, inputType: "insertText" }));
  keyed(box);
}

/** By the editing command, so that the page hears of it and the reader can undo it. */
function type(box: HTMLElement, text: string): void {
  // eslint-disable-next-line @typescript-eslint/no-deprecated -- no other way keeps the editor's own undo
  box.ownerDocument.execCommand("insertText", false, text);
  keyed(box);
}

/** CKEditor 4 (SOGo) takes what was put in only when a key comes up; else a draft saved at once would lack it. */
function keyed(box: HTMLElement): void {
  box.dispatchEvent(new KeyboardEvent("keyup", { bubbles: true, key: "Unidentified" }));
}

/** By name: a text area of a frame is no instance of this window's class. */
function isField(box: HTMLElement): box is HTMLTextAreaElement {
  return box.tagName === "TEXTAREA";
}
