"""The built extension in real SOGo: one page that Angular draws anew for every message."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from browser import WATCH, Box, Reader, chromium, configure, verdict, worker
from drafts import wait_for_draft
from machine import PASSWORD, USER, Keeneye, Mailbox, sogo
from messages import LARGE, messages, uid
from playwright.sync_api import BrowserContext, Locator, Page, expect

PHISHING = "phishing-credential-link"
MALWARE = "malware-order"
GOOD = "order-ready-bremen"


@pytest.fixture(scope="module")
def token(server: Keeneye) -> str:
    return server.command("token", "create", "sogo", "--quiet")


@pytest.fixture(scope="module")
def context(base: Path, mailbox: Mailbox, server: Keeneye, extension: Path, token: str) -> Iterator[BrowserContext]:
    with sogo(base, mailbox) as address, chromium(extension, base / "profile-sogo") as browser:
        configure(browser, server=server.url, token=token, language="en")
        worker(browser).evaluate(WATCH)
        page = browser.new_page()
        page.goto(address)
        page.fill("input[name=username], #input_1", USER)
        page.fill("input[type=password]", PASSWORD)
        page.press("input[type=password]", "Enter")
        page.wait_for_selector(".sg-message-list-item")
        yield browser


@pytest.fixture
def reader(context: BrowserContext) -> Reader:
    worker(context).evaluate("() => chrome.storage.session.clear()")
    page = next(page for page in context.pages if "/SOGo/" in page.url)
    page.evaluate("() => { location.hash = '#!/Mail/0/INBOX' }")
    page.wait_for_selector("#detailView md-card", state="detached")
    return Reader(page)


def choose(page: Page, name: str) -> None:
    page.evaluate("uid => { location.hash = '#!/Mail/0/INBOX/' + uid }", uid(name))


@pytest.mark.parametrize("name", [PHISHING, GOOD, "inquiry-chinese-penang", "inquiry-arabic-jeddah", "newsletter"])
def test_badge_is_visible_beside_the_subject(
    reader: Reader, context: BrowserContext, server: Keeneye, token: str, mailbox: Mailbox, name: str
) -> None:
    expected = verdict(server, token, mailbox.stored(name))
    worker(context).evaluate("() => { globalThis.sent = [] }")
    choose(reader.page, name)
    badge = reader.badge(expected["grade"])
    sent = worker(context).evaluate("() => globalThis.sent.map(s => s.hash)")
    assert sent == [hashlib.sha256(mailbox.stored(name)).hexdigest()]
    subject = reader.page.locator(".sg-md-headline").first.bounding_box()
    assert subject is not None
    assert 0 <= badge.y - subject["y"] < subject["height"] + 40
    reader.shot(f"sogo-{name}")


def test_switching_quickly_never_shows_another_messages_badge(
    reader: Reader, server: Keeneye, token: str, mailbox: Mailbox
) -> None:
    right = {"Sample order": "Grade F", "Bestellung": "Grade A", "Rates to Callao": "Not an inquiry"}
    seen: list[tuple[str, str]] = []
    for name in [PHISHING, GOOD, "newsletter", PHISHING, GOOD, "newsletter", GOOD, PHISHING, GOOD]:
        choose(reader.page, name)
        for _ in range(6):
            labels = [b.label for b in reader.all("button.ke-badge[data-grade]")]
            subjects = reader.page.locator("#detailView .sg-md-headline").all_inner_texts()
            after = [b.label for b in reader.all("button.ke-badge[data-grade]")]
            if labels and labels == after and len(subjects) == 1:
                seen.append((subjects[0], labels[0]))
            reader.page.wait_for_timeout(15)
    reader.badge("A")
    assert seen
    for subject, label in seen:
        for start, words in right.items():
            if subject.startswith(start):
                assert label.startswith(words), (subject, label)


def test_dangerous_link_needs_a_deliberate_step(reader: Reader) -> None:
    choose(reader.page, PHISHING)
    reader.badge("F")
    link = reader.page.locator(".sg-mail-part [data-keeneye-guard]").first
    assert link.get_attribute("href") is None
    link.click()
    assert "mail-login.sample-view.example" in reader.see("dialog.ke-guard[open]").text
    reader.shot("sogo-guard")
    reader.page.keyboard.press("Escape")
    reader.never("dialog.ke-guard[open]")


def test_breakdown_stands_beside_the_message(reader: Reader) -> None:
    choose(reader.page, GOOD)
    reader.press(reader.badge("A"))
    panel = reader.see(".ke-panel[open]")
    card = reader.page.locator("#detailView md-card").first.bounding_box()
    assert card is not None
    assert card["x"] + card["width"] <= panel.x + 1
    reader.shot("sogo-breakdown")
    reader.page.keyboard.press("Escape")
    reader.never(".ke-panel[open]")


def failed(reader: Reader, words: str) -> Box:
    return reader.see("button.ke-badge:not([data-grade]):not([disabled])", lambda b: words in b.label)


def test_message_too_large_is_a_quiet_state(reader: Reader) -> None:
    choose(reader.page, LARGE)
    failed(reader, "larger than this server takes")


def test_server_stopped_and_started(reader: Reader, server: Keeneye) -> None:
    server.stop()
    try:
        choose(reader.page, GOOD)
        badge = failed(reader, "does not answer")
        assert "Kugelhahn" in reader.page.locator(".sg-mail-part").first.inner_text()
        reader.shot("sogo-server-down")
    finally:
        server.start()
    reader.press(badge)
    reader.badge("A")


def test_slow_server_is_awaited(reader: Reader, server: Keeneye) -> None:
    with server.paused():
        choose(reader.page, GOOD)
        waiting = reader.see("button.ke-pending[disabled]")
        reader.page.wait_for_timeout(1000)
        assert reader.see("button.ke-pending[disabled]").x == waiting.x
    assert reader.badge("A").x == waiting.x


def test_revoked_token(reader: Reader, server: Keeneye, context: BrowserContext, token: str) -> None:
    configure(context, token=server.command("token", "create", "sogo-short-lived", "--quiet"))
    server.command("token", "revoke", "sogo-short-lived")
    choose(reader.page, GOOD)
    badge = failed(reader, "does not accept this token")
    configure(context, token=token)
    reader.press(badge)
    reader.badge("A")


def test_every_message_gets_a_badge(reader: Reader) -> None:
    for name in messages():
        if name != LARGE:
            choose(reader.page, name)
            reader.page.wait_for_function(f"() => location.hash.endsWith('/{uid(name)}')")
            reader.badge()


def test_list_shows_marks_of_graded_messages_only(reader: Reader, context: BrowserContext) -> None:
    worker(context).evaluate("() => chrome.storage.local.remove('marks')")
    reader.page.reload()
    reader.page.wait_for_selector(".sg-message-list-item")
    reader.never(".ke-mini")
    for name, grade in ((PHISHING, "F"), (GOOD, "A")):
        choose(reader.page, name)
        reader.badge(grade)
    marked = {PHISHING: "Grade F, phishing", GOOD: "Grade A, ready to order"}
    good = shown_mark(reader, marked[GOOD])
    assert shown_mark(reader, marked[PHISHING]).y != good.y
    row = reader.page.locator(".sg-message-list-item", has_text="Bestellung").first.bounding_box()
    assert row is not None
    assert row["y"] <= good.y
    assert good.y + good.height <= row["y"] + row["height"]
    assert row["height"] == pytest.approx(56, abs=1)
    reader.shot("sogo-list-marks")
    reader.page.reload()
    reader.page.wait_for_selector(".sg-message-list-item")
    shown_mark(reader, marked[GOOD])
    assert len(reader.all(".ke-mini")) == 2


def shown_mark(reader: Reader, label: str) -> Box:
    """A mark of the list. Nothing but the row's own transparent button lies over it."""
    reader.wait_until(lambda: any(b.label == label for b in reader.all(".ke-mini")))
    (mark,) = [b for b in reader.all(".ke-mini") if b.label == label]
    above = "([x, y]) => document.elementsFromPoint(x, y).slice(0, 2).some(e => e.hasAttribute('data-keeneye'))"
    assert reader.page.evaluate(above, list(mark.middle))
    return mark


# --------------------------------------------------------------------------- reply


def reply_with_questions(reader: Reader, name: str) -> None:
    choose(reader.page, name)
    reader.press(reader.badge())
    reader.press(reader.reach("[data-press='next.insert']"))
    reader.never(".ke-panel[open]")


def html_editor(reader: Reader) -> Locator:
    """CKEditor 4 in a frame (Debian 12's SOGo 5.8), or 5 in the page (Debian 13's 5.12)."""
    reader.page.wait_for_selector("#mailEditor :is(iframe.cke_wysiwyg_frame, .ck-editor__editable)")
    five = reader.page.locator("#mailEditor .ck-editor__editable")
    return five if five.count() else reader.page.frame_locator("#mailEditor iframe.cke_wysiwyg_frame").locator("body")


def save(reader: Reader) -> None:
    reader.page.click("#mailEditor button[ng-click^='editor.save']")


def leave(reader: Reader) -> None:
    reader.page.click("#mailEditor button[ng-click^='editor.cancel']")
    reader.page.wait_for_selector("#mailEditor", state="detached")


def test_questions_go_into_an_html_reply_and_its_draft(reader: Reader, mailbox: Mailbox) -> None:
    reply_with_questions(reader, "genuine-buyer-lagos")
    editor = html_editor(reader)
    expect(editor).to_contain_text("- Do you have a target price?")
    assert editor.inner_text().index("target price") < editor.inner_text().index("Dear Ms. Chen")
    reader.shot("sogo-reply-html")
    save(reader)
    wait_for_draft(mailbox, "- Do you have a target price?", "Dear Ms. Chen")
    leave(reader)


def test_questions_go_into_the_open_draft_behind_what_was_written(reader: Reader, mailbox: Mailbox) -> None:
    reader.page.evaluate("() => { location.hash = '#!/Mail/0/INBOX' }")
    choose(reader.page, "genuine-buyer-lagos")
    reader.badge()
    reader.page.click("button[ng-click^='viewer.reply(']")
    editor = html_editor(reader)
    expect(editor).to_contain_text("Dear Ms. Chen")
    # SOGo puts the caret into the draft some time after it has filled it: nobody types before.
    reader.page.wait_for_function(
        "() => document.activeElement?.matches('iframe.cke_wysiwyg_frame, .ck-editor__editable')"
    )
    reader.page.keyboard.press("Control+Home")
    reader.page.keyboard.type("Good morning Mr. Obaka, we shall quote. ")
    root = next(r for r in reader.roots() if reader.call(r, "function () { return !!this.querySelector('.ke-badge') }"))
    reader.call(root, "function () { this.querySelector('.ke-badge').click() }")  # the dialog lies over it
    reader.press(reader.reach("[data-press='next.insert']"))
    expect(editor).to_contain_text("- Do you have a target price?")
    text = editor.inner_text()
    assert text.index("we shall quote") < text.index("- Do you have") < text.index("Dear Ms. Chen")
    save(reader)
    wait_for_draft(mailbox, "Good morning Mr. Obaka, we shall quote.", "- Do you have a target price?", "Dear Ms. Chen")
    leave(reader)


def test_questions_go_into_a_plain_reply_and_its_draft(reader: Reader, mailbox: Mailbox) -> None:
    set_preference(reader.page, "SOGoMailComposeMessageType", "text")
    try:
        reply_with_questions(reader, "genuine-buyer-lagos")
        box = reader.page.locator("#mailEditor textarea[name=content]")
        expect(box).to_have_value(re.compile("- Do you have a target price"))
        assert "> Dear Ms. Chen" in box.input_value()
        reader.shot("sogo-reply-plain")
        save(reader)
        wait_for_draft(mailbox, "- Do you have a target price?", "> Dear Ms. Chen")
        leave(reader)
    finally:
        set_preference(reader.page, "SOGoMailComposeMessageType", "html")


def set_preference(page: Page, name: str, value: str) -> None:
    """As the settings page stores it; the page is loaded again to read it."""
    page.evaluate(
        """async ([name, value]) => {
            const token = /XSRF-TOKEN=([^;]+)/.exec(document.cookie)?.[1] ?? "";
            const headers = {"Content-Type": "application/json", "X-XSRF-TOKEN": decodeURIComponent(token)};
            const base = location.pathname.replace(/\\/Mail\\/.*/, "/Preferences/");
            const defaults = await (await fetch(base + "jsonDefaults", {headers})).json();
            const body = JSON.stringify({defaults: {...defaults, [name]: value}});
            const answer = await fetch(base + "save", {method: "POST", headers, body});
            if (!answer.ok) throw new Error(String(answer.status));
        }""",
        [name, value],
    )
    page.reload()
    page.wait_for_selector(".sg-message-list-item")
