/** Modules that `extension/build.mjs` makes: every language file, and the world as small SVG paths. */

declare module "virtual:messages" {
  import type { Messages } from "./core/messages/en.js";
  const languages: readonly {
    readonly language: string;
    readonly name: string;
    readonly dir: "ltr" | "rtl";
    readonly words: Messages;
  }[];
  export default languages;
}

declare module "virtual:world" {
  /** ISO 3166 code → [SVG path, x and y of its middle, width, height], in the projection of `ui/projection.ts`. */
  const countries: Readonly<Record<string, readonly [path: string, x: number, y: number, width: number, height: number]>>;
  export default countries;
}

declare module "*.css" {
  const text: string;
  export default text;
}

declare module "virtual:adapters" {
  /** The default exports of every file in `adapters/webmail`; each an `Adapter`. */
  const adapters: readonly unknown[];
  export default adapters;
}
