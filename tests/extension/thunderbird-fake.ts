/** A strict stand-in for Thunderbird: whatever was not faked throws, and so does a call that nobody expects. */

import type { Messenger } from "../../extension/src/adapters/host/thunderbird-api.js";

type Parts = { readonly [K in keyof Messenger]?: Partial<Messenger[K]> };

/** An object in which every missing name throws when it is read; names in `absent` are missing in that version. */
export function strict(name: string, parts: object, absent: readonly string[] = []): object {
  return new Proxy(parts, {
    get: (target, key): unknown => {
      if (typeof key === "symbol" || key === "then") return undefined;
      const path = `${name}.${key}`;
      if (!(key in target)) {
        if (absent.includes(path)) return undefined;
        throw new Error(`${path} is not faked`);
      }
      const value = (target as Readonly<Record<string, unknown>>)[key];
      return typeof value === "object" && value !== null && !Array.isArray(value) ? strict(path, value, absent) : value;
    },
  });
}

export function messenger(parts: Parts, absent: readonly string[] = []): Messenger {
  return strict("messenger", parts, absent) as Messenger;
}
