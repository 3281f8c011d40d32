/** In every frame of a webmail: watches which messages are open and keeps a badge beside each. Wiring only. */

import type { Adapter } from "../../adapters/adapter.js";
import { adapterFor } from "../../adapters/all.js";
import { List } from "./list.js";
import { Ahead } from "./obtain.js";
import { Replies } from "./reply.js";
import { Shown, type Told } from "./shown.js";
import { Side } from "./side.js";

/** What the popup reads and does; it runs in the same world of the page, which the page's own scripts cannot see. */
export interface Frame {
  state(): { readonly adapter: string; readonly broken: boolean; readonly mails: readonly Told[] };
  retry(): void;
}

declare global {
  /** Null while the page is not known to be webmail. */
  var keeneye: Frame | null | undefined;
}

/** Pages change in bursts: the first change is looked at once, the following ones this much later together. */
const PAUSE = 40;
/** While a message is graded ahead, its place is awaited. */
const SHORT_PAUSE = 10;

function watch(adapter: Adapter): Frame {
  const side = new Side();
  const list = adapter.listRows === undefined ? null : new List(adapter);
  const replies = new Replies(adapter);
  const ahead = new Ahead(adapter);
  const shown = new Map<string, Shown>();
  let broken = false;
  let waiting: ReturnType<typeof setTimeout> | undefined;
  let looked = -Infinity;

  /** What the address names is fetched while the page still draws it. */
  const lookAhead = (): void => {
    const coming = adapter.coming?.(document) ?? null;
    ahead.start(coming !== null && shown.has(coming.key) ? null : coming);
  };

  const scan = (): void => {
    looked = performance.now();
    try {
      lookAhead();
      const mails = new Map(adapter.findOpenMails(document).map((mail) => [mail.key, mail]));
      for (const [key, old] of shown) {
        const now = mails.get(key);
        if (now?.element === old.mail.element) continue;
        old.remove();
        shown.delete(key);
      }
      for (const [key, mail] of mails) if (!shown.has(key)) shown.set(key, new Shown(mail, adapter, side, ahead));
      for (const one of shown.values()) one.place();
      list?.scan();
      replies.scan();
      broken = false;
    } catch {
      // The page has changed in a way that the adapter does not know: silence here, and the popup says so.
      broken = true;
      for (const one of shown.values()) one.remove();
      shown.clear();
    }
  };

  const changed = (): void => {
    if (waiting !== undefined) return;
    const pause = looked + (ahead.waiting ? SHORT_PAUSE : PAUSE) - performance.now();
    if (pause <= 0) {
      scan();
      return;
    }
    waiting = setTimeout(() => {
      waiting = undefined;
      scan();
    }, pause);
  };

  new MutationObserver(changed).observe(document, {
    childList: true,
    subtree: true,
    attributes: true,
    attributeFilter: ["data-message-id", "data-legacy-message-id", "aria-hidden", "hidden"],
  });
  // What a frame holds, a message's text or an editor, is not this document's to observe.
  document.addEventListener("load", (event) => { if (event.target instanceof HTMLIFrameElement) changed(); }, true);
  addEventListener("hashchange", changed);
  addEventListener("popstate", changed);
  document.addEventListener(
    "click",
    (event) => {
      const coming = event.target instanceof Element && plain(event) ? adapter.clicked?.(event.target, event.detail) : null;
      if (coming) ahead.startElsewhere(coming);
      // Pages change their address in the course of a click, and draw later.
      setTimeout(changed);
    },
    true,
  );
  scan();

  return {
    state: () => ({ adapter: adapter.name, broken, mails: [...shown.values()].map((one) => one.told()) }),
    retry: () => {
      for (const one of shown.values()) one.retry();
    },
  };
}

/** A press that opens, and does not choose several. */
function plain(event: MouseEvent): boolean {
  return event.button === 0 && !event.ctrlKey && !event.metaKey && !event.shiftKey && !event.altKey;
}

function begin(): boolean {
  const adapter = adapterFor(document);
  if (adapter !== null) globalThis.keeneye = watch(adapter);
  return adapter !== null;
}

// The script comes twice when a site is switched on in a tab that is open and then registered.
if (globalThis.keeneye === undefined) {
  globalThis.keeneye = null;
  if (!begin()) {
    const parsing = new MutationObserver(() => {
      if (begin()) parsing.disconnect();
    });
    parsing.observe(document, { childList: true, subtree: true });
    addEventListener("load", () => { parsing.disconnect(); }, { once: true });
  }
}
