/** The settings page in Thunderbird: instead of sites, what happens to the message and its row in the list. */

import { readSetup } from "../../core/settings.js";
import type { WordKey } from "../../core/types.js";
import { h } from "../../ui/dom.js";
import { Denied, Options } from "../options.js";
import { readChoices, writeChoices, type AfterFake, type Choices } from "./choices.js";

/** Asked for when it is chosen that a message shall be moved. */
const MOVE = "messagesMove";

class ThunderbirdOptions extends Options {
  protected override readonly told = { what: "thunderbird.sent.what", kept: "thunderbird.sent.kept" } as const;

  protected override async client(): Promise<HTMLElement> {
    const choices = await readChoices();
    const { words } = this;
    const after = h(
      "select",
      { id: "fake", "aria-describedby": "fake-hint" },
      ...(["nothing", "tag", "junk"] as const).map((value: AfterFake) =>
        h("option", { value, selected: value === choices.fake }, words.say(`thunderbird.fake.${value}`)),
      ),
    );
    after.addEventListener("change", () => {
      const fake = after.value as AfterFake;
      this.choose({ fake }, fake === "junk");
    });
    return this.section(
      "list",
      "thunderbird.list",
      this.tick("tags", "thunderbird.tags", choices),
      h("p", { class: "hint" }, words.say("thunderbird.tags.hint")),
      this.tick("arrival", "thunderbird.arrival", choices),
      h("p", { class: "hint" }, words.say("thunderbird.arrival.hint")),
      h("label", { for: "fake" }, words.say("thunderbird.fake")),
      after,
      h("p", { class: "hint", id: "fake-hint" }, words.say("thunderbird.fake.junk.hint")),
    );
  }

  private tick(key: "tags" | "arrival", label: WordKey, choices: Choices): HTMLElement {
    const box = h("input", { type: "checkbox", id: key, checked: choices[key] });
    box.addEventListener("change", () => {
      this.choose({ [key]: box.checked }, false);
    });
    return h("label", { class: "tick", for: key }, box, h("span", {}, this.words.say(label)));
  }

  /** Thunderbird wants its question to come straight from the press: nothing may be awaited before it. */
  private choose(change: Partial<Choices>, moves: boolean): void {
    const asked = moves ? chrome.permissions.request({ permissions: [MOVE as chrome.runtime.ManifestPermission] }) : Promise.resolve(true);
    asked
      .then(async (granted) => {
        if (!granted) throw new Denied();
        await writeChoices(change);
        this.say(this.words.say("options.saved"));
      })
      .catch(async (error: unknown) => {
        await this.reread();
        this.say(this.explain(error), true);
      });
  }
}

await new ThunderbirdOptions(await readSetup()).draw();
