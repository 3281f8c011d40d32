/** All adapters that stand in the folder, and which of them serves a page. */

import adapters from "virtual:adapters";
import type { Adapter } from "./adapter.js";

export const ADAPTERS: readonly Adapter[] = adapters as readonly Adapter[];

/** The adapter for a page, or null. Hosted webmail is known by its host, self-hosted by its looks. */
export function adapterFor(page: Document): Adapter | null {
  for (const adapter of ADAPTERS) {
    if (adapter.hosts.length > 0 && !patternsMatch(adapter.hosts, page.URL)) continue;
    try {
      if (adapter.detect(page)) return adapter;
    } catch {
      // A page that an adapter cannot even look at is not its page.
    }
  }
  return null;
}

/** Whether one of the match patterns `scheme://host/*` fits an address; a host may begin with `*.`. */
export function patternsMatch(patterns: readonly string[], address: string): boolean {
  let url: URL;
  try {
    url = new URL(address);
  } catch {
    return false;
  }
  return patterns.some((pattern) => {
    const parts = /^(https?|\*):\/\/([^/]+)\//.exec(pattern);
    if (parts === null) return false;
    const [, scheme, host = ""] = parts;
    if (scheme === "*" ? !/^https?:$/.test(url.protocol) : url.protocol !== `${scheme ?? ""}:`) return false;
    if (!host.startsWith("*.")) return host === "*" || url.hostname === host;
    return url.hostname === host.slice(2) || url.hostname.endsWith(host.slice(1));
  });
}
