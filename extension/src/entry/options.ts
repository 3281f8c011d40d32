/** The settings page: connection, language, sites, and what is sent. Calls no server itself; the background does. */

import { ADAPTERS } from "../adapters/all.js";
import type { Adapter } from "../adapters/adapter.js";
import { explainError } from "../core/api.js";
import { LANGUAGES, wordsFor } from "../core/i18n.js";
import { builtSites, forget, patternOf, readCounts, readSetup, serverAddress, writeSetup, type Setup } from "../core/settings.js";
import type { WordKey, Words } from "../core/types.js";
import { ask } from "../core/wire.js";
import { h, type Child } from "../ui/dom.js";

export class Options {
  protected words: Words;
  /** What the page says of sending and keeping. */
  protected readonly told: Readonly<Record<"what" | "kept", WordKey>> = { what: "options.sent.what", kept: "options.sent.kept" };
  /** A code serves once: a second press would ask with one that is used up. */
  private reaching = false;
  private readonly status = h("p", { role: "status", id: "status" });

  constructor(protected setup: Setup) {
    this.words = wordsFor(setup.language);
  }

  async draw(): Promise<void> {
    const { words } = this;
    document.documentElement.lang = words.language;
    document.documentElement.dir = words.dir;
    document.title = words.say("options.title");
    document.body.replaceChildren(
      h(
        "main",
        {},
        h("h1", {}, words.say("options.title")),
        this.connection(),
        this.language(),
        await this.client(),
        await this.sent(),
      ),
    );
  }

  protected section(id: string, title: WordKey, ...children: readonly Child[]): HTMLElement {
    return h("section", { id, "aria-labelledby": `${id}-title` }, h("h2", { id: `${id}-title` }, this.words.say(title)), ...children);
  }

  // ---------------------------------------------------------------- connection

  private connection(): HTMLElement {
    const { words, setup } = this;
    const fixed = (key: "server" | "token"): boolean => setup.locked.includes(key);
    const server = h("input", { id: "server", type: "url", value: setup.server, spellcheck: "false", autocomplete: "off", readonly: fixed("server"), "aria-describedby": "server-hint" });
    const code = h("input", { id: "code", spellcheck: "false", autocomplete: "off", "aria-describedby": "code-hint" });
    const token = h("input", { id: "token", type: "password", autocomplete: "off", "aria-describedby": "token-hint" });
    const hint = (id: string, key: WordKey | null): HTMLElement => h("p", { class: "hint", id }, key === null ? "" : words.say(key));

    /** The browser asks at most once; then `work` runs with the sound address. */
    const reaching = (work: (address: string) => Promise<void>): void => {
      const address = serverAddress(server.value);
      const pattern = patternOf(server.value);
      if (address === null || pattern === null) {
        this.say(words.say("options.server.bad"), true);
        return;
      }
      if (this.reaching) return;
      this.reaching = true;
      chrome.permissions
        .request({ origins: [pattern] })
        .then(async (granted) => {
          if (!granted) throw new Denied();
          await work(address);
        })
        .catch((error: unknown) => {
          this.say(this.explain(error), true);
        })
        .finally(() => {
          this.reaching = false;
        });
    };

    const pair = h("button", { class: "ke-button", type: "submit", id: "pair" }, words.say("options.pair"));
    const form = h(
      "form",
      {},
      h("label", { for: "server" }, words.say("options.server")),
      server,
      hint("server-hint", fixed("server") ? "options.locked" : "options.server.hint"),
      ...(fixed("token")
        ? fixed("server")
          ? []
          : [hint("token-hint", "options.locked")]
        : [
            h("label", { for: "code" }, words.say("options.code")),
            h("div", { class: "row" }, code, pair),
            hint("code-hint", "options.code.hint"),
            h("label", { for: "token" }, words.say("options.token")),
            h("div", { class: "row" }, token, h("button", { class: "ke-button", type: "button", id: "save", onclick: () => { save(); } }, words.say("options.save"))),
            hint("token-hint", setup.token === "" ? null : "options.token.kept"),
          ]),
    );
    const save = (): void => {
      reaching(async (address) => {
        await writeSetup(token.value.trim() === "" ? { server: address } : { server: address, token: token.value.trim() });
        await this.reread();
        this.say(this.words.say("options.saved"));
      });
    };
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      if (code.value.trim() === "") {
        code.focus();
        return;
      }
      reaching(async (address) => {
        await ask("pair", { server: address, code: code.value.trim() });
        await ask("check", {});
        await this.reread();
        this.say(this.words.say("options.test.ok"));
      });
    });
    const test = h(
      "button",
      {
        class: "ke-button",
        type: "button",
        id: "test",
        onclick: () => {
          if (setup.server === "" || setup.token === "") {
            this.say(words.say("options.test.setup"), true);
            return;
          }
          reaching(async () => {
            await ask("check", {});
            this.say(words.say("options.test.ok"));
          });
        },
      },
      words.say("options.test"),
    );
    return this.section("connection", "options.connection", form, h("div", { class: "ke-actions" }, test), this.status);
  }

  protected say(text: string, bad = false): void {
    this.status.textContent = text;
    this.status.classList.toggle("bad", bad);
  }

  protected explain(error: unknown): string {
    return error instanceof Denied ? this.words.say("options.denied") : explainError(error, this.words);
  }

  protected async reread(): Promise<void> {
    this.say("");
    this.setup = await readSetup();
    this.words = wordsFor(this.setup.language);
    await this.draw();
  }

  // ---------------------------------------------------------------- language

  private language(): HTMLElement {
    const locked = this.setup.locked.includes("language");
    const list = h(
      "select",
      { id: "language-choice", "aria-labelledby": "language-title", disabled: locked },
      ...LANGUAGES.map((l) => h("option", { value: l.language, lang: l.language, selected: l.language === this.words.language }, l.name)),
    );
    list.addEventListener("change", () => {
      void writeSetup({ language: list.value }).then(() => this.reread());
    });
    return this.section("language", "page.language", list, locked ? h("p", { class: "hint" }, this.words.say("options.locked")) : null);
  }

  // ---------------------------------------------------------------- sites

  /** What can be chosen in this client alone: in browsers, the sites. */
  protected async client(): Promise<HTMLElement> {
    const { words, setup } = this;
    const built = builtSites();
    const hosted = ADAPTERS.filter((adapter) => adapter.hosts.length > 0 && !setup.disabled.includes(adapter.id));
    const known = new Set(hosted.flatMap(patternsOf));
    const own = [...new Set([...setup.sites, ...built])].filter((site) => !known.has(site));
    const granted = new Map(
      await Promise.all([...known, ...own].map(async (site) => [site, await chrome.permissions.contains({ origins: [site] })] as const)),
    );
    const on = (sites: readonly string[]): boolean =>
      sites.every((site) => granted.get(site) === true && (setup.sites.includes(site) || built.includes(site)));
    const address = h("input", { id: "own", type: "url", spellcheck: "false", autocomplete: "off", "aria-describedby": "own-hint" });
    const form = h(
      "form",
      {},
      h("label", { for: "own" }, words.say("options.sites.own")),
      h("div", { class: "row" }, address, h("button", { class: "ke-button", type: "submit", id: "add" }, words.say("options.sites.add"))),
      h("p", { class: "hint", id: "own-hint" }, words.say("options.sites.own.hint")),
    );
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const pattern = patternOf(address.value);
      if (pattern === null) {
        address.focus();
        return;
      }
      this.turn(true, [pattern]);
    });
    return this.section(
      "sites",
      "options.sites",
      h("p", { class: "hint" }, words.say("options.sites.hint")),
      h(
        "ul",
        {},
        ...hosted.map((adapter) => this.site(adapter.name, words.say(`options.sees.${adapter.capability}`), patternsOf(adapter), on(patternsOf(adapter)), false)),
        ...own.map((site) => this.site(site.replace(/\/\*$/, ""), "", [site], on([site]), built.includes(site))),
      ),
      form,
    );
  }

  private site(name: string, note: string, patterns: readonly string[], on: boolean, fixed: boolean): HTMLElement {
    const { words } = this;
    return h(
      "li",
      { "data-on": String(on) },
      h("span", {}, h("b", {}, name), note === "" ? null : h("span", { class: "ke-soft" }, ` \u00b7 ${note}`)),
      fixed
        ? h("span", { class: "ke-soft" }, words.say("options.sites.fixed"))
        : h(
            "button",
            {
              class: "ke-button",
              type: "button",
              "aria-label": `${words.say(on ? "options.sites.remove" : "options.sites.add")}: ${name}`,
              onclick: () => {
                this.turn(!on, patterns);
              },
            },
            words.say(on ? "options.sites.remove" : "options.sites.add"),
          ),
    );
  }

  private turn(on: boolean, patterns: readonly string[]): void {
    const change = async (): Promise<void> => {
      const rest = this.setup.sites.filter((site) => !patterns.includes(site));
      await writeSetup({ sites: on ? [...rest, ...patterns] : rest });
      await this.reread();
    };
    const origins = [...patterns];
    const server = patternOf(this.setup.server);
    const asked = on
      ? chrome.permissions.request({ origins })
      : chrome.permissions.remove({ origins: origins.filter((origin) => origin !== server) }).then(() => true, () => true);
    asked
      .then(async (granted) => {
        if (!granted) throw new Denied();
        await change();
      })
      .catch((error: unknown) => {
        this.say(this.explain(error), true);
      });
  }

  // ---------------------------------------------------------------- what is sent

  private async sent(): Promise<HTMLElement> {
    const { words, setup } = this;
    const counts = await readCounts();
    const told = h("span", { class: "ke-soft", role: "status" });
    return this.section(
      "sent",
      "options.sent",
      h("p", {}, words.say(this.told.what, { server: setup.server === "" ? "…" : setup.server })),
      h("p", {}, words.say("options.sent.not")),
      h("p", {}, words.say(this.told.kept)),
      h("p", {}, words.say("options.sent.counts", { guarded: counts.guarded ?? 0, kept: counts.kept ?? 0, opened: counts.opened ?? 0 })),
      h(
        "div",
        { class: "ke-actions" },
        h(
          "button",
          {
            class: "ke-button",
            type: "button",
            id: "forget",
            onclick: () => {
              void forget().then(() => {
                told.textContent = words.say("options.forgotten");
              });
            },
          },
          words.say("options.forget"),
        ),
        told,
      ),
    );
  }
}

export class Denied extends Error {}

function patternsOf(adapter: Adapter): readonly string[] {
  return [...adapter.hosts, ...(adapter.fetches ?? [])];
}
