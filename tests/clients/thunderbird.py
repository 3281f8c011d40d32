"""Thunderbird itself, headless, with an IMAP account on the test mailbox; driven and looked at through Marionette."""

from __future__ import annotations

import base64
import contextlib
import json
import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from browser import SCREENSHOTS
from firefox import Firefox
from machine import PASSWORD, USER, Mailbox, free_port, start, stop

THUNDERBIRD = os.environ.get("THUNDERBIRD", "/usr/bin/thunderbird")
PREFS: dict[str, Any] = {
    "app.donation.eoy.version.viewed": 999,
    "app.update.enabled": False,
    "calendar.integration.notify": False,
    "datareporting.policy.dataSubmissionEnabled": False,
    "datareporting.policy.dataSubmissionPolicyBypassNotification": True,
    "extensions.update.enabled": False,
    # The reader's answer to Thunderbird's question, which no test can press in a headless window.
    "extensions.webextOptionalPermissionPrompts": False,
    "mail.inappnotifications.enabled": False,
    "mail.instrumentation.postUrl": "",
    "mail.provider.suppress_dialog_on_startup": True,
    "mail.rights.version": 1,
    "mail.shell.checkDefaultClient": False,
    "mail.spotlight.firstRunDone": True,
    "mailnews.start_page.enabled": False,
    "network.captive-portal-service.enabled": False,
    "network.connectivity-service.enabled": False,
    # Offline until the password is there: Thunderbird 115 would ask for it before anybody can answer.
    "offline.startup_state": 3,
    "services.settings.server": "data:,#remote-settings-dummy/v1",
    "toolkit.telemetry.enabled": False,
    "ui.prefersReducedMotion": 1,
    # accounts
    "mail.accountmanager.accounts": "account1,account2",
    "mail.accountmanager.defaultaccount": "account1",
    "mail.accountmanager.localfoldersserver": "server2",
    "mail.account.account1.server": "server1",
    "mail.account.account1.identities": "id1",
    "mail.account.account2.server": "server2",
    "mail.identity.id1.useremail": USER,
    "mail.identity.id1.fullName": "Mei Chen",
    "mail.identity.id1.valid": True,
    "mail.server.server1.type": "imap",
    "mail.server.server1.hostname": "127.0.0.1",
    "mail.server.server1.userName": USER,
    "mail.server.server1.name": USER,
    "mail.server.server1.socketType": 0,
    "mail.server.server1.authMethod": 3,
    "mail.server.server1.login_at_startup": False,
    "mail.server.server1.check_new_mail": False,
    "mail.server.server2.type": "none",
    "mail.server.server2.hostname": "Local Folders",
    "mail.server.server2.userName": "nobody",
    "mail.server.server2.name": "Local Folders",
}

HELP = """
const sleep = milliseconds => new Promise(go => setTimeout(go, milliseconds));
const main = Services.wm.getMostRecentWindow("mail:3pane");
const tabmail = main.document.getElementById("tabmail");
const until = async (what, test, seconds = 30) => {
  for (let end = Date.now() + seconds * 1000; Date.now() < end; await sleep(20)) {
    const value = await test();
    if (value) return value;
  }
  throw new Error("waited in vain for " + what);
};
const documentShown = () => tabmail.currentAboutMessage?.getMessagePaneBrowser?.()?.contentDocument;
/** Elements that fit, also within closed shadow roots. */
const all = (node, selector) => [...node.querySelectorAll("*")].flatMap(element => [
  ...(element.matches(selector) ? [element] : []),
  ...(element.openOrClosedShadowRoot ? all(element.openOrClosedShadowRoot, selector) : []),
]);
const popup = () => [main, tabmail.currentAboutMessage, Services.wm.getMostRecentWindow("msgcompose")]
  .flatMap(window => [...(window?.document.querySelectorAll("browser.webextension-popup-browser") ?? [])]).at(-1);
const buttonAbove = () =>
  tabmail.currentAboutMessage?.document.querySelector("[id$=messageDisplayAction-toolbarbutton]");
"""

SIGN_IN = """
const {MailServices} = main;
const [user, password, count] = arguments_;
const login = Cc["@mozilla.org/login-manager/loginInfo;1"].createInstance(Ci.nsILoginInfo);
login.init("imap://127.0.0.1", null, "imap://127.0.0.1", user, password, "", "");
await Services.logins.addLoginAsync(login);
Services.io.offline = false;
const server = MailServices.accounts.accounts.find(a => a.incomingServer.type === "imap").incomingServer;
server.performExpand(null);
const inbox = await until("inbox", () => server.rootFolder.getFolderWithFlags(Ci.nsMsgFolderFlags.Inbox));
await until("3pane", () => tabmail.currentAbout3Pane?.displayFolder);
tabmail.currentAbout3Pane.displayFolder(inbox.URI);
inbox.updateFolder(null);
const rows = () => tabmail.currentAbout3Pane.gDBView?.rowCount ?? 0;
await until("messages", () => inbox.getTotalMessages(false) >= count && rows() >= count, 60);
"""

CHOOSE = """
const view = tabmail.currentAbout3Pane.gDBView;
const row = [...Array(view.rowCount).keys()].find(n => view.getMsgHdrAt(n).messageId === arguments_[0]);
if (row === undefined) throw new Error("no such message");
tabmail.currentAbout3Pane.threadTree.selectedIndex = row;
"""

PIECES = """
const page = documentShown();
if (!page) return [];
let [left, top] = [0, 0];
let frame = tabmail.currentAboutMessage.getMessagePaneBrowser();
for (; frame; frame = frame.ownerDocument.defaultView.browsingContext.embedderElement) {
  const box = frame.getBoundingClientRect();
  [left, top] = [left + box.x, top + box.y];
}
const ours = page.querySelector("[data-keeneye=strip]");
return all(page, arguments_[0]).map(element => {
  const {x, y, width, height} = element.getBoundingClientRect();
  const at = page.elementFromPoint(x + width / 2, y + height / 2);
  return {text: element.innerText ?? "", label: element.getAttribute("aria-label") ?? "", x: left + x, y: top + y,
          grade: element.getAttribute("data-grade"), width, height,
          seen: width > 0 && height > 0 && at !== null && (at === ours || at === element)};
});
"""

IN_PAGE = """
const [code, kind] = arguments_;
const browser = await until(kind, () => {
  const found = kind === "tab" ? tabmail.currentTabInfo.browser : popup();
  return found?.currentURI?.schemeIs("moz-extension") && found;
});
const manager = browser.messageManager;
return await new Promise((resolve, reject) => {
  const name = "keeneye-test:" + Math.random();
  manager.addMessageListener(name, function listen({data}) {
    manager.removeMessageListener(name, listen);
    if ("error" in data) reject(new Error(data.error));
    else resolve(data.value);
  });
  const work = `(async () => {
    const document = content.document;
    const sleep = milliseconds => new Promise(go => content.setTimeout(go, milliseconds));
    const find = async selector => {
      for (let i = 0; i < 600; i += 1, await sleep(50)) {
        const found = document.querySelector(selector);
        if (found) return found;
      }
      throw new Error("no " + selector + " in " + document.body?.innerText);
    };
    const wait = async (selector, words) => {
      for (let i = 0; i < 600; i += 1, await sleep(50))
        if (document.querySelector(selector)?.textContent.includes(words)) return;
      throw new Error("no " + words + " in " + document.body?.innerText);
    };
    /** As if the reader did it. */
    const reading = work => {
      const reader = content.windowUtils.setHandlingUserInput(true);
      work();
      reader.destruct();
    };
    const press = async selector => {
      const element = await find(selector);
      reading(() => element.click());
    };
    ${code}
  })().then(value => sendAsyncMessage(${JSON.stringify(name)}, {value}),
            error => sendAsyncMessage(${JSON.stringify(name)}, {error: String(error)}))`;
  manager.loadFrameScript("data:application/javascript;charset=utf-8," + encodeURIComponent(work), false);
});
"""


class Thunderbird(Firefox):
    """One main window. Everything is looked at from Thunderbird itself, which sees into closed shadow roots."""

    extension = ""

    @property
    def version(self) -> int:
        return int(self.script("return Services.appinfo.version").partition(".")[0])

    def script(self, script: str, *arguments: Any) -> Any:
        return self.run(HELP + script, *arguments, chrome=True)

    def load(self, folder: Path, configured: bool = False) -> None:
        """Install the extension. Its settings open by themselves and are in front afterwards, unless it is
        ``configured`` by policy."""
        self.extension = self.ask("Addon:Install", {"path": str(folder), "temporary": True})["value"]
        if not configured:
            self.script(
                'await until("settings", () => tabmail.tabInfo.length === 2 && tabmail.currentTabInfo.browser);'
            )

    def choose(self, message_id: str) -> None:
        """Press a row of the message list."""
        self.script(CHOOSE, message_id)

    def pieces(self, selector: str) -> list[dict[str, Any]]:
        """What fits in the document of the message that is shown."""
        found: list[dict[str, Any]] = self.script(PIECES, selector)
        return found

    def see(self, selector: str, words: str = "", seconds: float = 30) -> dict[str, Any]:
        """The first such piece that is painted and not covered. Raises AssertionError."""
        deadline = time.monotonic() + seconds
        while True:
            found = self.pieces(selector)
            for piece in found:
                if piece["seen"] and words in piece["label"] + piece["text"]:
                    return piece
            if time.monotonic() > deadline:
                self.shot("thunderbird-failed")
                raise AssertionError(f"{selector} {words!r}: {found}")
            time.sleep(0.05)

    def press(self, selector: str, words: str = "") -> None:
        self.script(
            """const found = all(documentShown(), arguments_[0]).find(e => e.innerText.includes(arguments_[1]));
            found?.scrollIntoView({block: "center"});""",
            selector,
            words,
        )
        piece = self.see(selector, words)
        self.ask("Marionette:SetContext", {"value": "chrome"})
        self.press_at(piece["x"] + piece["width"] / 2, piece["y"] + piece["height"] / 2)

    def button(self) -> dict[str, str]:
        """What the button above the message shows."""
        shown: dict[str, str] = self.script(
            """const button = buttonAbove();
            return {badge: button.getAttribute("badge") ?? "", title: button.getAttribute("tooltiptext") ?? ""};"""
        )
        return shown

    def wait_button(self, badge: str, seconds: float = 30) -> str:
        """The button's title once it shows this letter. Raises AssertionError."""
        deadline = time.monotonic() + seconds
        while (shown := self.button())["badge"] != badge:
            if time.monotonic() > deadline:
                raise AssertionError(f"not {badge!r}: {shown}")
            time.sleep(0.05)
        return shown["title"]

    def tags(self) -> set[str]:
        """Of the message that is shown, by key."""
        return set(self.script('return tabmail.currentAboutMessage.gMessage.getStringProperty("keywords")').split())

    def wait_tags(self, wanted: set[str], seconds: float = 20) -> None:
        deadline = time.monotonic() + seconds
        while (found := {tag for tag in self.tags() if tag.startswith("keeneye")}) != wanted:
            if time.monotonic() > deadline:
                raise AssertionError(f"not {wanted}: {found}")
            time.sleep(0.05)

    # ------------------------------------------------------------------ pages of the extension, in their own process

    def page(self, code: str, kind: str = "popup") -> Any:
        """The value of a function body in the open popup, or in the ``tab`` in front."""
        return self.script(IN_PAGE, code, kind)

    def snapshot(self, name: str, kind: str = "popup") -> None:
        picture: str = self.script(
            """const [kind] = arguments_;
            const browser = kind === "tab" ? tabmail.currentTabInfo.browser : popup();
            const drawn = await browser.browsingContext.currentWindowGlobal.drawSnapshot(null, 1, "white");
            const canvas = main.document.createElementNS("http://www.w3.org/1999/xhtml", "canvas");
            Object.assign(canvas, {width: drawn.width, height: drawn.height});
            canvas.getContext("2d").drawImage(drawn, 0, 0);
            return canvas.toDataURL().split(",")[1];""",
            kind,
        )
        _store(name, picture)

    def shot(self, name: str) -> None:
        self.ask("Marionette:SetContext", {"value": "chrome"})
        _store(name, self.ask("WebDriver:TakeScreenshot", {"full": False, "hash": False})["value"])

    def open_settings(self) -> None:
        self.script(
            """const {extension} = WebExtensionPolicy.getByID(arguments_[0]);
            tabmail.openTab("contentTab", {url: extension.baseURL + "options.html", linkHandler: "single-page",
              userContextId: 0, triggeringPrincipal: extension.principal});
            await until("settings", () => tabmail.tabInfo.length === 2);""",
            self.extension,
        )

    def close_tabs(self) -> None:
        """All but the first: the message list is in front again."""
        self.script(
            """while (tabmail.tabInfo.length > 1) tabmail.closeTab(tabmail.tabInfo.at(-1));
            await until("3pane", () => tabmail.currentAbout3Pane);"""
        )


def _store(name: str, picture: str) -> None:
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    (SCREENSHOTS / f"{name}.png").write_bytes(base64.b64decode(picture))


@contextlib.contextmanager
def thunderbird(profile: Path, mailbox: Mailbox, messages: int) -> Iterator[Thunderbird]:
    """Started and signed in, with the inbox open. Raises RuntimeError when the account does not come up."""
    profile.mkdir()
    port = free_port()
    prefs = {**PREFS, "marionette.port": port, "mail.server.server1.port": mailbox.port}
    lines = [f"user_pref({json.dumps(name)}, {json.dumps(value)});" for name, value in prefs.items()]
    (profile / "user.js").write_text("\n".join(lines) + "\n")
    command = [THUNDERBIRD, "--marionette", "--headless", "--remote-allow-system-access", "--no-remote"]
    size = {"MOZ_HEADLESS_WIDTH": "1440", "MOZ_HEADLESS_HEIGHT": "900"}
    process = start([*command, "--profile", str(profile)], profile / "thunderbird.log", {"HOME": str(profile), **size})
    try:
        program = Thunderbird(port)
        program.script(SIGN_IN, USER, PASSWORD, messages)
        yield program
        program.close()
    finally:
        stop(process)
