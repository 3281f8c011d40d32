/** The background: the only part that calls the server or knows the token. Wiring of questions, sites and menu. */

import { ADAPTERS, patternsMatch } from "../adapters/all.js";
import { ApiError } from "../core/api.js";
import { Expected } from "../core/expected.js";
import { wordsFor } from "../core/i18n.js";
import { builtSites, readSetup, recall, recallMarks, remember } from "../core/settings.js";
import { fromBase64, toBase64, MOST_BYTES, type Answered, type Marked } from "../core/wire.js";
import { COMMON, connection, firstSteps, listen, PATIENCE, readPrefs, type Answers } from "./answers.js";

const CONTENT = "keeneye";
const MENU = "grade-selection";

/** Words that wait for the reply which the page opens; in memory only. */
const HELD = "held";
const HELD_MILLISECONDS = 30_000;
interface Held {
  readonly text: string;
  readonly tab: number | undefined;
  readonly at: number;
}

const expected = new Expected();

const answers: Answers = {
  ...COMMON,
  open: async ({ key, ahead = false }) => {
    const coming = expected.wait(key);
    if (ahead) expected.announce(key);
    const prefs = await readPrefs();
    return { prefs, verdict: (await recall(key, prefs.language)) ?? (await coming) };
  },
  missed: ({ key }) => {
    expected.fail(key);
    return Promise.resolve(null);
  },
  grade: async ({ key, client, payload, mailbox }, tab) => {
    const { api, language } = await connection();
    const verdict = await api.grade("base64" in payload ? { raw: fromBase64(payload.base64) } : payload, {
      language,
      client,
      ...(mailbox === undefined ? {} : { mailbox }),
    });
    if (key === null) return verdict;
    expected.arrive(key, verdict);
    // The reader does not wait for the disk; the list is told when its mark is there.
    void remember(key, verdict).then(() => {
      if (tab !== undefined) tellFrames(tab, key);
    });
    return verdict;
  },
  later: async ({ key, verdict }) => {
    const better = await (await connection()).api.later(verdict);
    if (better !== null) void remember(key, better);
    return better;
  },
  marks: ({ keys }) => recallMarks(keys),
  stamp: async ({ adapter }, tab) => {
    const func = ADAPTERS.find(({ id }) => id === adapter)?.stamps?.write;
    if (func !== undefined && tab !== undefined) await chrome.scripting.executeScript({ target: { tabId: tab }, world: "MAIN", func });
    return null;
  },
  fetch: ({ adapter, url }) => fetchSource(adapter, url),
  hold: async ({ text }, tab) => {
    await chrome.storage.session.set({ [HELD]: { text, tab, at: Date.now() } satisfies Held });
    return null;
  },
  held: async (_, tab) => {
    const held = (await chrome.storage.session.get(HELD))[HELD] as Held | undefined;
    if (held === undefined || tab === undefined || Date.now() - held.at > HELD_MILLISECONDS) return { text: null };
    // Some mail clients open a reply in a window of its own.
    const ours = held.tab === tab || (await chrome.tabs.get(tab)).openerTabId === held.tab;
    if (!ours) return { text: null };
    await chrome.storage.session.remove(HELD);
    return { text: held.text };
  },
};

listen(answers);

function tellFrames(tab: number, key: string): void {
  const told: Marked = { marked: key };
  // Rejects when the tab is gone by now.
  chrome.tabs.sendMessage(tab, told).catch(() => undefined);
}

/** Only what the named adapter's own mail provider serves. */
async function fetchSource(id: string, url: string): Promise<Answered<"fetch">> {
  const adapter = ADAPTERS.find((a) => a.id === id);
  const allowed = [...(adapter?.hosts ?? []), ...(adapter?.fetches ?? [])];
  if (adapter?.fetches === undefined || !patternsMatch(allowed, url)) throw new ApiError("forbidden");
  const response = await fetch(url, { credentials: "include", signal: AbortSignal.timeout(PATIENCE) });
  if (!response.ok || !patternsMatch(allowed, response.url)) throw new ApiError("unreadable", response.status);
  const bytes = new Uint8Array(await response.arrayBuffer());
  if (bytes.length > MOST_BYTES) throw new ApiError("too_large");
  return { base64: toBase64(bytes), type: (response.headers.get("Content-Type") ?? "").split(";")[0]?.trim().toLowerCase() ?? "" };
}

// ------------------------------------------------------------------ sites

/** Patterns that are switched on and that the browser has granted; a package may carry an organisation's own. */
async function activeSites(): Promise<string[]> {
  const wanted = [...new Set([...(await readSetup()).sites, ...builtSites()])];
  const granted = await Promise.all(wanted.map((origin) => chrome.permissions.contains({ origins: [origin] })));
  return wanted.filter((_, i) => granted[i]);
}

let syncing: Promise<void> = Promise.resolve();
function syncSites(): void {
  syncing = syncing.then(register, register);
}

async function register(): Promise<void> {
  const matches = await activeSites();
  const [registered] = await chrome.scripting.getRegisteredContentScripts({ ids: [CONTENT] });
  if (matches.length === 0) {
    if (registered) await chrome.scripting.unregisterContentScripts({ ids: [CONTENT] });
    return;
  }
  const script = { id: CONTENT, js: ["content.js"], css: ["content.css"], matches, allFrames: true, runAt: "document_start" } as const;
  const wanted = { ...script, js: [...script.js], css: [...script.css], persistAcrossSessions: true };
  if (registered) await chrome.scripting.updateContentScripts([wanted]);
  else await chrome.scripting.registerContentScripts([wanted]);
  const before = new Set(registered?.matches ?? []);
  await startIn(matches.filter((origin) => !before.has(origin)));
}

/** Tabs that are open already, so that nobody has to reload a half-written reply. */
async function startIn(origins: readonly string[]): Promise<void> {
  if (origins.length === 0) return;
  for (const tab of await chrome.tabs.query({ url: [...origins] })) {
    if (tab.id === undefined) continue;
    const target = { tabId: tab.id, allFrames: true };
    try {
      await chrome.scripting.insertCSS({ target, files: ["content.css"] });
      await chrome.scripting.executeScript({ target, files: ["content.js"] });
    } catch {
      // The tab was closed or shows an error page of the browser.
    }
  }
}

// ------------------------------------------------------------------ menu

async function makeMenu(): Promise<void> {
  const { language } = await readSetup();
  await chrome.contextMenus.removeAll();
  chrome.contextMenus.create({ id: MENU, title: wordsFor(language).say("selection.menu"), contexts: ["selection"] });
}

chrome.contextMenus.onClicked.addListener((info, tab) => {
  if (info.menuItemId === MENU) void gradeSelection(info, tab);
});

/** The popup grades what it finds here and shows it. */
async function gradeSelection(info: chrome.contextMenus.OnClickData, tab: chrome.tabs.Tab | undefined): Promise<void> {
  let text = info.selectionText ?? "";
  if (tab?.id !== undefined)
    try {
      // The menu's own text has lost its line breaks.
      const [found] = await chrome.scripting.executeScript({
        target: { tabId: tab.id, frameIds: [info.frameId ?? 0] },
        func: () => getSelection()?.toString() ?? "",
      });
      if (found?.result) text = found.result;
    } catch {
      // Pages of the browser itself cannot be read.
    }
  await chrome.storage.session.set({ selection: text });
  try {
    await chrome.action.openPopup();
  } catch {
    await chrome.tabs.create({ url: chrome.runtime.getURL("popup.html#page") });
  }
}

// ------------------------------------------------------------------ life

// Scripts in pages must not read the token. Firefox has no such level; there only our own code runs in that world.
const { local } = chrome.storage as { local: { setAccessLevel?: (level: { accessLevel: string }) => Promise<void> } };
void local.setAccessLevel?.({ accessLevel: "TRUSTED_CONTEXTS" });

chrome.runtime.onInstalled.addListener(() => {
  void makeMenu();
  syncSites();
});
chrome.runtime.onStartup.addListener(() => {
  void makeMenu();
  syncSites();
});
chrome.permissions.onAdded.addListener(syncSites);
chrome.permissions.onRemoved.addListener(syncSites);
chrome.storage.onChanged.addListener((changes, area) => {
  if (area === "session") return;
  if ("sites" in changes) syncSites();
  if ("language" in changes) void makeMenu();
});
firstSteps();
