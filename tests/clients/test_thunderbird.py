"""The add-on in Thunderbird itself with a real IMAP account: open, switch, warn, tag, report, reply, no server."""

from __future__ import annotations

import email.policy
import json
import shutil
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from browser import AXE, build, verdict
from machine import MAIL_USER, USER, Keeneye, Mailbox, packages
from messages import LARGE, header, message_id, messages
from thunderbird import Thunderbird, thunderbird

SWITCHED = ("order-ready-bremen", "newsletter", "free-sample-seeker", "potential-customer-lima", "platform-template")


def letter(grade: str) -> str:
    """As the button shows it."""
    return "\N{EN DASH}" if grade == "-" else grade


def graded(server: Keeneye) -> list[dict[str, Any]]:
    """What the server's log says of each message that it was sent."""
    return [json.loads(line) for line in server.log.read_text().splitlines() if '"/api/v1/grade"' in line]


@pytest.fixture(scope="module")
def program(base: Path, mailbox: Mailbox) -> Iterator[Thunderbird]:
    packages("thunderbird")
    with thunderbird(base / "profile-thunderbird", mailbox, len(messages())) as window:
        window.load(build(base / "add-on") / "thunderbird")
        yield window


@pytest.fixture(scope="module")
def ready(program: Thunderbird, server: Keeneye) -> Thunderbird:
    """Paired with the server by hand, in the settings that open at the first installation."""
    code = server.command("pair", "thunderbird").split()[-1]
    title = program.page(
        f"""
        const enter = async code => {{
          (await find("#server")).value = {json.dumps(server.url)};
          (await find("#code")).value = code;
          await press("#pair");
        }};
        await enter("0000-0000");
        await wait("#status", "The code is wrong");
        await enter({json.dumps(code)});
        await wait("#status", "accepts the token");
        return document.querySelector("h1").textContent;
        """,
        "tab",
    )
    assert title == "Keeneye settings"
    program.snapshot("thunderbird-options", "tab")
    program.close_tabs()
    return program


@pytest.fixture(scope="module")
def grades(server: Keeneye) -> dict[str, str]:
    """What the server says of the messages when it is asked directly."""
    token = server.command("token", "create", "direct", "--quiet")
    return {name: verdict(server, token, messages()[name])["grade"] for name in (*SWITCHED, "inquiry-chinese-penang")}


def open_message(program: Thunderbird, name: str, grade: str | None = None) -> dict[str, Any]:
    """Choose a message; its badge, once it is painted."""
    program.choose(message_id(name))
    program.script(
        "await until('message', () => tabmail.currentAboutMessage?.gMessage?.messageId === arguments_[0]);",
        message_id(name),
    )
    return program.see("button.ke-badge[data-grade]" if grade is None else f"button.ke-badge[data-grade='{grade}']")


def test_thunderbird_knows_every_key_and_permission(ready: Thunderbird) -> None:
    warnings = ready.script(
        "return Services.console.getMessageArray().map(String).filter(text => text.includes('Reading manifest'))"
    )
    # Before Thunderbird 121 these are part of other permissions.
    newer = ("messagesTagsList", "messagesUpdate") if ready.version < 121 else ()
    assert [text for text in warnings if not any(name in text for name in newer)] == []


def test_banner_guard_and_tags_of_phishing(ready: Thunderbird, mailbox: Mailbox) -> None:
    badge = open_message(ready, "phishing-credential-link", "F")
    assert badge["height"] == pytest.approx(28, abs=1)
    ready.see(".ke-banner", "password")
    assert "password" in ready.wait_button("F")
    ready.wait_tags({"keeneye-danger", "keeneye-f"})
    ready.shot("thunderbird-phishing")
    ready.press("[data-keeneye-guard]")
    ready.see("dialog.ke-guard", "mail-login.sample-view.example")
    ready.shot("thunderbird-guard")
    ready.press("button.ke-keep")
    assert ready.pieces("dialog.ke-guard[open]") == []
    # Other clients of the same mailbox see the tags.
    assert "keeneye-danger" in (mailbox.folder / "dovecot-keywords").read_text()


@pytest.mark.parametrize("name", [*SWITCHED, "inquiry-chinese-penang"])
def test_badge_button_and_tag_of_each_kind(ready: Thunderbird, grades: dict[str, str], name: str) -> None:
    grade = grades[name]
    open_message(ready, name, grade)
    ready.wait_button(letter(grade))
    ready.wait_tags(set() if grade == "-" else {f"keeneye-{grade.lower()}"})
    ready.shot(f"thunderbird-{name}")


FILTER = """
const {filters} = main.MailServices;
const folder = tabmail.currentAbout3Pane.gFolder;
const list = filters.getTempFilterList(folder);
const filter = list.createFilter("danger");
const term = filter.createTerm();
const {value} = term;
term.attrib = value.attrib = Ci.nsMsgSearchAttrib.Keywords;
term.op = Ci.nsMsgSearchOp.Contains;
value.str = "keeneye-danger";
term.value = value;
filter.appendTerm(term);
const action = filter.createAction();
action.type = Ci.nsMsgFilterAction.MarkFlagged;
filter.appendAction(action);
filter.enabled = true;
filter.filterType = Ci.nsMsgFilterType.Manual;
list.insertFilterAt(0, filter);
filters.applyFiltersToFolders(list, [folder], main.msgWindow);
const flagged = () => [...folder.messages].filter(header => header.isFlagged).map(header => header.messageId);
await until("flag", () => flagged().length > 0);
return flagged();
"""


def test_a_filter_can_use_the_tag(ready: Thunderbird) -> None:
    open_message(ready, "phishing-credential-link", "F")
    ready.wait_tags({"keeneye-danger", "keeneye-f"})
    assert ready.script(FILTER) == [message_id("phishing-credential-link")]


def test_raw_source_is_sent_byte_for_byte(ready: Thunderbird, server: Keeneye, mailbox: Mailbox) -> None:
    before = len(graded(server))
    open_message(ready, "genuine-buyer-lagos")
    sent = graded(server)[before:]
    assert [line["bytes_in"] for line in sent] == [len(mailbox.stored("genuine-buyer-lagos"))]


WATCH = """
const [ids, letters, turns] = arguments_;
const view = tabmail.currentAbout3Pane.gDBView;
const rows = ids.map(id => [...Array(view.rowCount).keys()].find(n => view.getMsgHdrAt(n).messageId === id));
const [strip, button] = [new Set(), new Set()];
let [watching, wrongSince, longest] = [true, null, 0];
const watch = (async () => {
  for (; watching; await sleep(5)) {
    // The text on screen by its own subject, and what stands above it.
    const page = documentShown();
    const grade = page && all(page, "button.ke-badge[data-grade]")[0]?.dataset.grade;
    if (grade) strip.add(JSON.stringify([page.title, grade]));
    // The button, which Thunderbird lets us change from another process only.
    const line = tabmail.currentAboutMessage?.document.getElementById("expandedsubjectBox");
    const subject = line?.textContent.replace(/^Subject:/, "");
    const badge = buttonAbove()?.getAttribute("badge");
    const wrong = badge && subject in letters && letters[subject] !== badge;
    if (badge && !wrong) button.add(subject);
    if (!wrong) wrongSince = null;
    else longest = Math.max(longest, Date.now() - (wrongSince ??= Date.now()));
  }
})();
for (let turn = 0; turn < turns; turn += 1) {
  tabmail.currentAbout3Pane.threadTree.selectedIndex = rows[turn % rows.length];
  // Shorter and longer than the time after which Thunderbird follows a choice; now and then somebody reads.
  await sleep([20, 45, 60, 90, 140, 1000][turn % 6] + turn * 7 % 31);
}
await sleep(2500);
watching = false;
await watch;
return {strip: [...strip].map(entry => JSON.parse(entry)), button: [...button], longest};
"""


def test_switching_quickly_never_shows_another_messages_grade(ready: Thunderbird, grades: dict[str, str]) -> None:
    # Five messages and six pauses: each meets every pause.
    right = {header(name, "Subject"): grades[name] for name in SWITCHED}
    letters = {subject: letter(grade) for subject, grade in right.items()}
    open_message(ready, SWITCHED[-1])
    seen = ready.script(WATCH, [message_id(name) for name in SWITCHED], letters, 60)
    assert {tuple(pair) for pair in seen["strip"]} == set(right.items())
    assert set(seen["button"]) >= set(right)
    assert seen["longest"] < 1000
    assert len(set(right.values())) >= 4


def test_message_in_a_tab_of_its_own(ready: Thunderbird, grades: dict[str, str]) -> None:
    name = "newsletter"
    open_message(ready, name)
    ready.script(
        """const header = tabmail.currentAboutMessage.gMessage;
        tabmail.openTab("mailMessageTab", {messageURI: header.folder.getUriForMsg(header), background: false});
        await until("tab", () => tabmail.tabInfo.length === 2);"""
    )
    try:
        ready.see(f"button.ke-badge[data-grade='{grades[name]}']")
        ready.wait_button(letter(grades[name]))
        ready.shot("thunderbird-own-tab")
    finally:
        ready.close_tabs()


def test_chinese_in_the_dark(ready: Thunderbird) -> None:
    dark = 'Services.prefs.setIntPref("ui.systemUsesDarkTheme", arguments_[0]);'
    ready.script(dark, 1)
    try:
        speak(ready, "zh-CN", "设置")
        open_message(ready, "malware-order", "F")
        assert "危险" in ready.see("button.ke-badge")["label"]
        # Thunderbird's own list of attachments cannot be marked: the banner names the dangerous one.
        ready.see(".ke-banner", "请勿打开： PO-44718")
        ready.shot("thunderbird-chinese-dark")
    finally:
        ready.script(dark, 0)
        speak(ready, "en", "Keeneye settings")


def speak(program: Thunderbird, language: str, title: str) -> None:
    program.open_settings()
    program.page(
        f"""const list = await find("#language-choice");
        list.value = {json.dumps(language)};
        list.dispatchEvent(new content.Event("change"));
        await wait("h1", {json.dumps(title)});""",
        "tab",
    )
    program.close_tabs()


# --------------------------------------------------------------------------- replies

DRAFT = """
const window = await until("reply", () => Services.wm.getMostRecentWindow("msgcompose"));
const editor = () => window.document.getElementById("messageEditor");
await until("editor", () => window.composeEditorReady && editor()?.contentDocument);
const body = editor().contentDocument.body;
"""


def draft(program: Thunderbird, words: str) -> str:
    """The text of the reply that is being written, once these words stand in it."""
    text: str = program.script(
        DRAFT + "return await until('words', () => body.innerText.includes(arguments_[0]) && body.innerText);", words
    )
    return text


@pytest.fixture
def no_reply_left(ready: Thunderbird) -> Iterator[None]:
    yield
    ready.script(
        """for (const window of Services.wm.getEnumerator("msgcompose")) {
          window.gMsgCompose.bodyModified = window.gContentChanged = false;
          window.close();
        }
        await until("closed", () => !Services.wm.getMostRecentWindow("msgcompose"));"""
    )


@pytest.mark.parametrize("html", [True, False], ids=["html", "plain"])
@pytest.mark.usefixtures("no_reply_left")
def test_questions_go_into_a_new_reply_and_into_one_that_is_written(ready: Thunderbird, html: bool) -> None:
    ready.script('Services.prefs.setBoolPref("mail.identity.id1.compose_html", arguments_[0])', html)
    open_message(ready, "genuine-buyer-lagos")
    ready.press("button.ke-badge")
    ready.see(".ke-panel", "Do next")
    ready.shot("thunderbird-breakdown")
    ready.press(".ke-panel button", "Insert into a reply")
    text = draft(ready, "target price?")
    assert text.count("- What is your company's website?\n- Do you have a target price?\n") == 1
    assert "Please quote:" in text  # the quotation is whole
    assert ready.script(DRAFT + "return window.gMsgCompose.composeHTML") is html
    # The writer goes on, selects a word, and asks once more.
    ready.script(
        DRAFT
        + """const page = body.ownerDocument;
        page.execCommand("insertText", false, "Dear Mr. Obaka,");
        page.getSelection().modify("extend", "backward", "word");"""
    )
    ready.press("button.ke-badge")
    ready.press(".ke-panel button", "Insert into a reply")
    ready.script(DRAFT + "await until('twice', () => body.innerText.split('target price?').length === 3);")
    assert "Dear Mr. Obaka,\n- What is" in draft(ready, "Obaka,")
    assert ready.script('return [...Services.wm.getEnumerator("msgcompose")].length') == 1
    assert ready.script(DRAFT + "return window.gMsgCompose.bodyModified") is True
    ready.script(DRAFT + "window.GetCurrentEditor().undo(1)")
    assert draft(ready, "Dear Mr. Obaka,").count("target price?") == 1


@pytest.mark.usefixtures("no_reply_left")
def test_help_in_the_reply_itself(ready: Thunderbird) -> None:
    open_message(ready, "potential-customer-lima")
    ready.script('tabmail.currentAbout3Pane.document.defaultView.top.goDoCommand("cmd_reply")')
    ready.script(
        DRAFT
        + """const button = await until("button", () =>
          window.document.querySelector("[id$=composeAction-toolbarbutton]"));
        button.click();"""
    )
    shown = ready.page("await find('#questions li'); return document.body.innerText")
    assert "Insert the questions" in shown
    ready.snapshot("thunderbird-reply-help")
    question = ready.page("return document.querySelector('#questions li').innerText")
    ready.page("await press('#insert-advice')")
    assert f"- {question}" in draft(ready, question)


# --------------------------------------------------------------------------- popup


def test_popup_and_breakdown_in_a_tab(ready: Thunderbird) -> None:
    open_message(ready, "order-ready-bremen", "A")
    ready.wait_button("A")
    ready.script("buttonAbove().click();")
    assert "Ready to order" in ready.page("await find('.ke-breakdown'); return document.body.innerText")
    ready.snapshot("thunderbird-popup")
    ready.page("await press('#tab')")
    try:
        ready.script("await until('tab', () => tabmail.tabInfo.length === 2);")
        assert "Ready to order" in ready.page("await find('.ke-breakdown'); return document.body.innerText", "tab")
        ready.snapshot("thunderbird-tab", "tab")
        assert violations(ready) == []
    finally:
        ready.close_tabs()


def test_settings_are_accessible(ready: Thunderbird) -> None:
    ready.open_settings()
    try:
        ready.page("await find('#tags')", "tab")
        assert violations(ready) == []
    finally:
        ready.close_tabs()


def violations(program: Thunderbird) -> Any:
    """What axe-core finds in the tab in front."""
    return program.page(
        f"""const box = new Cu.Sandbox(content, {{sandboxPrototype: content, wantXrays: false}});
        Cu.evalInSandbox({json.dumps(AXE)}, box);
        const run = "axe.run(document, {{resultTypes: ['violations']}}).then(r => JSON.stringify(r.violations))";
        return JSON.parse(await Cu.evalInSandbox(run, box)).map(found => found.id + " " + found.nodes[0].html);""",
        "tab",
    )


# --------------------------------------------------------------------------- reports, junk, new mail


def test_report_of_a_fake_is_stored_and_tags_the_message(ready: Thunderbird, server: Keeneye) -> None:
    before = server.feedback()
    open_message(ready, "domestic-competitor")
    ready.wait_button(letter(ready.see("button.ke-badge")["grade"]))
    own = ready.tags()
    ready.press("button.ke-badge")
    ready.press("[data-label=fake]")
    ready.see("[data-section=feedback] [role=status]", "Recorded: Fake")
    assert server.feedback() == [*before, "fake"]
    assert ready.tags() == own | {"keeneye-fake"}
    ready.shot("thunderbird-fake")
    ready.press("[data-section=feedback] button", "Undo")
    ready.see("[data-section=feedback] [role=status]", "Taken back")
    assert ready.tags() == own


def deliver(mailbox: Mailbox, subject: str, body: str, subtype: str = "plain") -> str:
    """New mail in the mailbox; its Message-ID."""
    message = EmailMessage()
    message["From"] = "Omar Said <omar@freemail.example>"
    message["To"] = USER
    message["Date"] = "Wed, 25 Nov 2026 09:15:00 +0400"
    message["Subject"] = subject
    name = subject.lower().replace(" ", "-")
    message["Message-ID"] = f"<{name}@clients.example>"
    message.set_content(body, subtype=subtype)
    path = mailbox.folder / "new" / f"1800009999.{name}.keeneye"
    path.write_bytes(message.as_bytes(policy=email.policy.SMTP))
    shutil.chown(path, MAIL_USER, MAIL_USER)
    return f"{name}@clients.example"


def receive(program: Thunderbird, identifier: str) -> None:
    program.script(
        """const folder = tabmail.currentAbout3Pane.gFolder;
        // As if the reader had seen the earlier ones: Thunderbird 115 tells add-ons of new mail after none.
        folder.clearNewMessages();
        folder.biffState = Ci.nsIMsgFolder.nsMsgBiffState_NoMail;
        folder.server.performBiff(main.msgWindow);
        const view = tabmail.currentAbout3Pane.gDBView;
        await until("mail", () =>
          [...Array(view.rowCount).keys()].some(n => view.getMsgHdrAt(n).messageId === arguments_[0]));""",
        identifier,
    )


def test_new_mail_is_tagged_on_arrival_and_a_fake_goes_to_the_junk_folder_when_chosen(
    ready: Thunderbird, mailbox: Mailbox
) -> None:
    ready.script(
        """const inbox = tabmail.currentAbout3Pane.gFolder;
        inbox.rootFolder.createSubfolder("Junk", main.msgWindow);
        const junk = () => inbox.rootFolder.subFolders.find(folder => folder.name === "Junk");
        (await until("folder", junk)).setFlag(Ci.nsMsgFolderFlags.Junk);"""
    )
    ready.open_settings()
    ready.page("await press('#arrival'); await wait('#status', 'Saved')", "tab")
    ready.page(
        """const choice = await find("#fake");
        document.querySelector("#status").textContent = "";
        choice.value = "junk";
        reading(() => choice.dispatchEvent(new content.Event("change")));
        await wait("#status", "Saved");""",
        "tab",
    )
    ready.snapshot("thunderbird-choices", "tab")
    ready.close_tabs()
    identifier = deliver(mailbox, "Free samples please", "Dear sir, send me 20 free samples to my address.\n")
    receive(ready, identifier)
    ready.script(
        """const view = tabmail.currentAbout3Pane.gDBView;
        const row = [...Array(view.rowCount).keys()].find(n => view.getMsgHdrAt(n).messageId === arguments_[0]);
        await until("tag", () => /keeneye-[a-f]/.test(view.getMsgHdrAt(row).getStringProperty("keywords")));""",
        identifier,
    )
    ready.choose(identifier)
    ready.see("button.ke-badge[data-grade]")
    ready.press("button.ke-badge")
    ready.press("[data-label=fake]")
    ready.script(
        """const junk = tabmail.currentAbout3Pane.gFolder.rootFolder.getChildNamed("Junk");
        const moved = await until("moved", () => {
          junk.updateFolder(null);
          return [...junk.messages].find(header => header.messageId === arguments_[0]);
        });
        await until("tag", () => moved.getStringProperty("keywords").includes("keeneye-fake"));""",
        identifier,
    )


HOSTILE = """<html><head><style>
[data-keeneye] { transition: opacity 99s, display 99s allow-discrete; }
@starting-style { [data-keeneye] { opacity: 0 !important; } }
html { --ke-paper: red !important; }
[data-keeneye] { display: none !important; opacity: 0 !important; visibility: hidden !important;
  --ke-f: #fff !important; --ke-a: #fff !important; clip-path: inset(50%) !important; margin-top: -900px !important; }
p { position: fixed; inset: 0 0 auto 0; height: 300px; z-index: 2147483647; background: #fff; margin: 0 }
</style></head><body>
<p>A ***** Ready to order, checked by Keeneye. Please quote 200 pcs gate valves DN80.</p></body></html>"""


def test_a_message_can_neither_hide_nor_cover_the_strip(ready: Thunderbird, mailbox: Mailbox) -> None:
    identifier = deliver(mailbox, "Inquiry with styles", HOSTILE, "html")
    receive(ready, identifier)
    ready.choose(identifier)
    badge = ready.see("button.ke-badge[data-grade]")
    assert badge["height"] == pytest.approx(28, abs=1)
    assert ready.see("p", "checked by Keeneye")["height"] == pytest.approx(300)
    ready.shot("thunderbird-hostile")
    ready.press("button.ke-badge")
    ready.see(".ke-panel h2", "Breakdown")


# --------------------------------------------------------------------------- trouble


def test_what_the_server_does_not_take_is_said(ready: Thunderbird) -> None:
    ready.choose(message_id(LARGE))
    ready.see("button.ke-badge:not([data-grade], [disabled])", "larger than this server takes")
    assert "larger" in ready.wait_button("!")


def test_server_stopped_and_started(ready: Thunderbird, server: Keeneye) -> None:
    server.stop()
    try:
        ready.choose(message_id("invitation-letter"))
        ready.see("button.ke-badge:not([data-grade], [disabled])", "does not answer")
        assert "does not answer" in ready.wait_button("!")
        assert ready.pieces(".ke-banner") == []
        ready.shot("thunderbird-server-down")
    finally:
        server.start()
    ready.press("button.ke-badge")
    ready.wait_button(letter(ready.see("button.ke-badge[data-grade]")["grade"]))


def test_popup_tries_again_and_the_strip_follows(ready: Thunderbird, server: Keeneye) -> None:
    server.stop()
    try:
        ready.choose(message_id("advance-fee-tender"))
        ready.wait_button("!")
        ready.script("buttonAbove().click();")
        assert "does not answer" in ready.page("await find('#retry'); return document.body.innerText")
    finally:
        server.start()
    ready.page("await press('#retry'); await find('.ke-breakdown')")
    ready.see("button.ke-badge[data-grade]")


def test_background_that_was_ended_comes_back(ready: Thunderbird) -> None:
    ready.script("await WebExtensionPolicy.getByID(arguments_[0]).extension.terminateBackground()", ready.extension)
    open_message(ready, "forwarded-marketplace-inquiry")
    ready.wait_button(letter(ready.see("button.ke-badge")["grade"]))


def test_token_revoked(ready: Thunderbird, server: Keeneye) -> None:
    server.command("token", "revoke", "thunderbird")
    ready.choose(message_id("inquiry-arabic-jeddah"))
    ready.see("button.ke-badge:not([data-grade], [disabled])", "does not accept this token")
    assert "does not accept" in ready.wait_button("!")
