"""Thunderbird itself, headless, with an IMAP account on the test mailbox; driven and looked at through Marionette."""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

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
"""

SIGN_IN = """
const {MailServices} = ChromeUtils.importESModule("resource:///modules/MailServices.sys.mjs");
const [user, password] = arguments_;
const login = Cc["@mozilla.org/login-manager/loginInfo;1"].createInstance(Ci.nsILoginInfo);
login.init("imap://127.0.0.1", null, "imap://127.0.0.1", user, password, "", "");
await Services.logins.addLoginAsync(login);
const server = MailServices.accounts.accounts.find(a => a.incomingServer.type === "imap").incomingServer;
server.performExpand(null);
const inbox = await until("inbox", () => server.rootFolder.getFolderWithFlags(Ci.nsMsgFolderFlags.Inbox));
await until("3pane", () => tabmail.currentAbout3Pane?.displayFolder);
tabmail.currentAbout3Pane.displayFolder(inbox.URI);
inbox.updateFolder(null);
await until("messages", () => inbox.getTotalMessages(false) >= arguments_[2] && tabmail.currentAbout3Pane.gDBView?.rowCount >= arguments_[2], 60);
"""

CHOOSE = """
const pane = tabmail.currentAbout3Pane;
const rows = [...Array(pane.gDBView.rowCount).keys()];
const row = rows.find(n => pane.gDBView.getMsgHdrAt(n).messageId === arguments_[0]);
if (row === undefined) throw new Error("no such message");
pane.threadTree.selectedIndex = row;
"""


class Thunderbird(Firefox):
    """One main window."""

    def script(self, script: str, *arguments: Any) -> Any:
        return self.run(HELP + script, *arguments, chrome=True)

    def load(self, folder: Path) -> str:
        """Install an extension; its id. Its settings open by themselves at the first installation: they are closed."""
        name: str = self.ask("Addon:Install", {"path": str(folder), "temporary": True})["value"]
        self.script(
            """await until("settings", () => tabmail.tabInfo.length === 2);
            tabmail.closeTab(tabmail.tabInfo[1]);
            await until("3pane", () => tabmail.currentAbout3Pane);"""
        )
        return name


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
