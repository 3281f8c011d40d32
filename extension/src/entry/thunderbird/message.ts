/** In every message that Thunderbird shows: a strip above it with badge and banner. Wiring only. */

import type { Adapter, OpenMail } from "../../adapters/adapter.js";
import { h } from "../../ui/dom.js";
import { Shown } from "../content/shown.js";
import { Side } from "../content/side.js";

const strip = h("div", {});
document.documentElement.insertBefore(strip, document.body);
const mail: OpenMail = { key: `document|${crypto.randomUUID()}`, element: document.body };

const adapter: Adapter = {
  id: "thunderbird",
  name: "Thunderbird",
  hosts: [],
  capability: "raw",
  detect: () => true,
  findOpenMails: () => [mail],
  // The background reads the source itself; a message's script cannot.
  readMail: () => Promise.resolve({ payload: { visible: { client: { id: "thunderbird", sees: "raw" } } } }),
  badgeSlot: () => ({ parent: strip, before: null }),
  bannerSlot: () => ({ parent: strip, before: null }),
  bodies: () => [document.body],
};

new Shown(mail, adapter, new Side());
