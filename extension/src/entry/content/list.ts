/** Small marks in the message list, for mail that this browser has graded already. Asks no server. */

import type { Adapter, ListRow } from "../../adapters/adapter.js";
import { wordsFor } from "../../core/i18n.js";
import type { Mark } from "../../core/settings.js";
import { ask, type Marked } from "../../core/wire.js";
import { listMark } from "../../ui/listmark.js";
import { fill, island, matchTheme } from "./shadow.js";

/** Lists are drawn anew while they scroll; rows that were never asked for are collected this long. */
const COLLECT = 120;

export class List {
  private readonly known = new Map<string, Mark | null>();
  private readonly hosts = new Map<Element, { readonly key: string; readonly host: HTMLElement }>();
  private asking: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly adapter: Adapter) {
    chrome.runtime.onMessage.addListener((message: unknown) => {
      const key = (message as Partial<Marked>).marked;
      if (key === undefined) return;
      this.known.delete(key);
      for (const [parent, row] of this.hosts)
        if (row.key === key) {
          row.host.remove();
          this.hosts.delete(parent);
        }
      this.scan();
    });
  }

  scan(): void {
    this.stamp();
    this.drawAll();
  }

  private stamp(): void {
    const shown = this.adapter.stamps?.shown(document);
    if (shown === undefined || shown === this.stamped || this.stamping) return;
    this.stamped = shown;
    this.stamping = true;
    ask("stamp", { adapter: this.adapter.id })
      .catch(() => null)
      .finally(() => {
        this.stamping = false;
        this.drawAll();
      });
  }

  private stamped = "";
  private stamping = false;

  private drawAll(): void {
    const rows = this.adapter.listRows?.(document) ?? [];
    const parents = new Set(rows.map((row) => row.slot.parent));
    for (const [parent, { host }] of this.hosts)
      if (!parents.has(parent) || !host.isConnected) {
        host.remove();
        this.hosts.delete(parent);
      }
    for (const row of rows) this.draw(row);
    if (rows.some((row) => !this.known.has(row.key))) this.asking ??= setTimeout(() => void this.ask(), COLLECT);
  }

  private async ask(): Promise<void> {
    const rows = this.adapter.listRows?.(document) ?? [];
    const keys = [...new Set(rows.map((row) => row.key))].filter((key) => !this.known.has(key));
    try {
      const [found, { language }] = await Promise.all([ask("marks", { keys }), ask("prefs", {})]);
      this.language = language;
      for (const key of keys) this.known.set(key, found[key] ?? null);
    } catch {
      for (const key of keys) this.known.set(key, null);
    }
    this.asking = undefined;
    this.scan();
  }

  private language = "en";

  private draw({ key, slot }: ListRow): void {
    const mark = this.known.get(key) ?? null;
    const old = this.hosts.get(slot.parent);
    if (old !== undefined) {
      if (old.key === key && mark !== null) return;
      old.host.remove();
      this.hosts.delete(slot.parent);
    }
    if (mark === null) return;
    const words = wordsFor(this.language);
    const { host, root } = island("inline", words);
    host.style.setProperty("margin", "0 6px 0 0", "important");
    fill(root, listMark(mark, words));
    slot.parent.insertBefore(host, slot.before);
    matchTheme(host);
    this.hosts.set(slot.parent, { key, host });
  }
}
