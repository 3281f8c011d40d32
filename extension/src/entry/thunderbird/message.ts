/** In every message that Thunderbird shows: a strip above it with badge and banner. Wiring only. */

import { messageAdapter } from "../../adapters/host/thunderbird.js";
import { ask } from "../../core/wire.js";
import { Shown } from "../content/shown.js";
import { Side } from "../content/side.js";
import { strip } from "./strip.js";

declare global {
  /** Set once the script has run: it may be injected twice. */
  var keeneyeMessage: Shown | undefined;
}

if (globalThis.keeneyeMessage === undefined) {
  const { line, warnings } = strip(document);
  const { adapter, mail } = messageAdapter(line, warnings, document.body);
  const own = {
    ...adapter,
    // A message's document opens no windows; links belong to the browser.
    browse: (href: string) => void ask("browse", { href }).catch(() => undefined),
    reply: async (text: string) => {
      await ask("reply", { key: mail.key, text });
    },
  };
  // The sheet is modal at any width: only so it lies above whatever the message draws.
  const shown = new Shown(mail, own, new Side(matchMedia("not all")));
  globalThis.keeneyeMessage = shown;
  chrome.runtime.onMessage.addListener((message: unknown) => {
    if ((message as { readonly again?: unknown }).again === true && shown.told().kind === "failed") shown.retry();
  });
}
