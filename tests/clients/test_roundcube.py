"""The built extension in real Roundcube: what a reader sees, presses and keeps."""

from __future__ import annotations

import hashlib
import json
import re
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from browser import AXE, WATCH, Reader, chromium, configure, verdict, worker
from drafts import wait_for_draft
from machine import PASSWORD, ROOT, USER, Keeneye, Mailbox, roundcube
from messages import IMITATION, LARGE, uid
from playwright.sync_api import BrowserContext, Page, Route, expect

PHISHING = "phishing-credential-link"
MALWARE = "malware-order"
GOOD = "order-ready-bremen"
CHINESE = "inquiry-chinese-penang"
ARABIC = "inquiry-arabic-jeddah"


@pytest.fixture(scope="module")
def webmail(base: Path, mailbox: Mailbox) -> Iterator[str]:
    with roundcube(base, mailbox) as address:
        yield address


@pytest.fixture(scope="module")
def token(server: Keeneye) -> str:
    return server.command("token", "create", "roundcube", "--quiet")


@pytest.fixture(scope="module")
def context(base: Path, webmail: str, server: Keeneye, extension: Path, token: str) -> Iterator[BrowserContext]:
    with chromium(extension, base / "profile-roundcube") as browser:
        configure(browser, server=server.url, token=token, language="en")
        worker(browser).evaluate(WATCH)
        page = browser.new_page()
        page.goto(webmail)
        page.fill("#rcmloginuser", USER)
        page.fill("#rcmloginpwd", PASSWORD)
        page.press("#rcmloginpwd", "Enter")
        page.wait_for_selector("#messagelist tr.message")
        page.close()
        yield browser


@pytest.fixture
def reader(context: BrowserContext, webmail: str, token: str, server: Keeneye) -> Iterator[Reader]:
    """A fresh inbox; nothing graded so far is remembered. Fails on any error in the page."""
    worker(context).evaluate(
        "() => Promise.all([chrome.storage.session.clear(), chrome.storage.local.remove('marks')])"
    )
    configure(context, server=server.url, token=token, language="en")
    page = context.new_page()
    wrong: list[str] = []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.goto(f"{webmail}?_task=mail&_mbox=INBOX")
    page.wait_for_selector("#messagelist tr.message")
    yield Reader(page)
    page.close()
    assert wrong == []


def choose(page: Page, name: str) -> None:
    page.click(f"#messagelist td.subject a[href*='_uid={uid(name)}&']")


def full(reader: Reader, webmail: str, name: str) -> None:
    reader.page.goto(f"{webmail}?_task=mail&_action=show&_uid={uid(name)}&_mbox=INBOX")


def shown_subject(page: Page) -> str:
    frame = page.frame(name="messagecontframe")
    return frame.inner_text("h2.subject").strip() if frame else ""


# --------------------------------------------------------------------------- opening


@pytest.mark.parametrize(
    "name", [PHISHING, GOOD, CHINESE, ARABIC, "newsletter", "price-list-only", "payment-diversion"]
)
def test_badge_beside_the_subject_says_what_the_server_says(
    reader: Reader, server: Keeneye, token: str, mailbox: Mailbox, name: str
) -> None:
    expected = verdict(server, token, mailbox.stored(name))
    choose(reader.page, name)
    badge = reader.badge(expected["grade"])
    subject = reader.page.frame_locator("#messagecontframe").locator("h2.subject").bounding_box()
    assert subject is not None
    assert subject["y"] - 2 <= badge.y
    assert badge.y + badge.height <= subject["y"] + subject["height"] + 2
    assert badge.label.endswith("Open the breakdown")
    assert badge.height == pytest.approx(28, abs=1)
    assert len([b for b in reader.all(".ke-banner") if b.host]) == (expected["banner"] != "none")
    if expected["banner"] != "none":
        assert expected["headline"] in reader.see(".ke-banner").text
    reader.shot(f"roundcube-preview-{name}")


def test_raw_source_is_sent_byte_for_byte_and_to_the_server_only(
    reader: Reader, context: BrowserContext, mailbox: Mailbox, server: Keeneye
) -> None:
    worker(context).evaluate("() => { globalThis.sent = [] }")
    choose(reader.page, ARABIC)
    reader.badge()
    sent = worker(context).evaluate("() => globalThis.sent")
    assert [s["hash"] for s in sent] == [hashlib.sha256(mailbox.stored(ARABIC)).hexdigest()]
    assert all(s["url"].startswith(server.url + "/api/v1/") for s in sent)


def test_a_message_opened_by_its_address_is_graded_before_its_page_has_told_who_reads(
    reader: Reader, context: BrowserContext, webmail: str, mailbox: Mailbox
) -> None:
    worker(context).evaluate("() => { globalThis.sent = [] }")
    held: list[Route] = []
    # Everything that the page says of itself comes behind this script.
    reader.page.route("**/jquery.min.js*", lambda route: held.append(route))
    reader.page.goto(f"{webmail}?_task=mail&_action=show&_uid={uid(GOOD)}&_mbox=INBOX", wait_until="commit")
    reader.wait_until(lambda: len(worker(context).evaluate("() => globalThis.sent")) == 1)
    assert reader.page.locator("#messagebody").count() == 0
    for route in held:
        route.continue_()
    reader.badge("A")
    sent = worker(context).evaluate("() => globalThis.sent")
    assert [s["hash"] for s in sent] == [hashlib.sha256(mailbox.stored(GOOD)).hexdigest()]


def test_what_the_tab_knows_of_an_ended_session_does_no_harm(
    reader: Reader, context: BrowserContext, webmail: str, mailbox: Mailbox
) -> None:
    worker(context).evaluate("() => { globalThis.sent = [] }")
    ended = json.dumps({"token": "ended", "user": "somebody@else.example"})
    for number, kept in enumerate((ended, json.dumps({"token": "ended", "user": USER}), "{", "3")):
        worker(context).evaluate("() => chrome.storage.session.clear()")
        reader.page.evaluate("kept => sessionStorage.setItem('keeneye-roundcube', kept)", kept)
        full(reader, webmail, GOOD)
        reader.badge("A")
        sent = worker(context).evaluate("() => globalThis.sent")
        assert [s["hash"] for s in sent] == [hashlib.sha256(mailbox.stored(GOOD)).hexdigest()] * (number + 1)


def test_a_message_opened_again_is_not_sent_again(reader: Reader, context: BrowserContext) -> None:
    choose(reader.page, GOOD)
    first = reader.badge()
    worker(context).evaluate("() => { globalThis.sent = [] }")
    choose(reader.page, PHISHING)
    reader.badge("F")
    choose(reader.page, GOOD)
    assert reader.badge("A").label == first.label
    assert len(worker(context).evaluate("() => globalThis.sent")) == 1


def test_switching_quickly_never_shows_another_messages_badge(
    reader: Reader, server: Keeneye, token: str, mailbox: Mailbox
) -> None:
    names = [PHISHING, GOOD, "newsletter", CHINESE, PHISHING, GOOD, "newsletter", PHISHING, GOOD]
    grades = {name: verdict(server, token, mailbox.stored(name))["grade"] for name in set(names)}
    seen: list[tuple[str, str]] = []
    for name in names:
        choose(reader.page, name)
        for _ in range(4):
            labels = [box.label for box in reader.all("button.ke-badge[data-grade]")]
            subject = shown_subject(reader.page)
            # Both were there together only when nothing changed while they were read.
            if labels and labels == [box.label for box in reader.all("button.ke-badge[data-grade]")]:
                seen.append((subject, labels[0]))
            reader.page.wait_for_timeout(20)
    reader.badge(grades[GOOD])
    right = {"Sample order": "Grade F", "Bestellung": "Grade A", "Rates to Callao": "Not an inquiry"}
    assert seen
    for subject, label in seen:
        for start, words in right.items():
            if subject.startswith(start):
                assert label.startswith(words), (subject, label)


def test_full_view_shows_breakdown_beside_the_message_and_marks_evidence(
    reader: Reader, webmail: str, context: BrowserContext
) -> None:
    full(reader, webmail, GOOD)
    reader.press(reader.badge("A"))
    panel = reader.see(".ke-panel[open]")
    assert panel.x + panel.width == pytest.approx(1440, abs=2)
    body = reader.page.locator("#messagebody").bounding_box()
    assert body is not None
    assert body["x"] + body["width"] <= panel.x
    order = [
        panel.text.find(title)
        for title in ("Ready to order", "Do next", "Speaks for it", "Speaks against it", "Origin")
    ]
    assert order == sorted(order)
    assert -1 not in order
    marked = reader.page.evaluate(
        "() => [...(CSS.highlights.get('keeneye-for') ?? [])].map(r => r.toString().replace(/\\s+/g, ' '))"
    )
    assert any("DN20" in text for text in marked), marked
    reader.shot("roundcube-full-breakdown")
    quote = reader.see(".ke-quote-button")
    reader.press(quote)
    # a frame around the place, for two seconds
    reader.wait_until(lambda: any(b.width > 0 for b in reader.all(".ke-place")))
    reader.page.keyboard.press("Escape")
    reader.never(".ke-panel[open]")
    assert reader.page.evaluate("() => document.documentElement.getBoundingClientRect().width") == 1440
    assert not reader.page.evaluate("() => CSS.highlights.has('keeneye-for')")


def test_breakdown_is_a_sheet_in_the_narrow_preview_and_leads_to_the_place(reader: Reader) -> None:
    choose(reader.page, GOOD)
    reader.press(reader.badge("A"))
    reader.see(".ke-panel[open]")
    reader.shot("roundcube-preview-sheet")
    reader.press(reader.see(".ke-quote-button"))
    reader.never(".ke-panel[open]")
    reader.see("button.ke-back")
    reader.shot("roundcube-preview-place")
    reader.press(reader.see("button.ke-back"))
    reader.see(".ke-panel[open]")


def test_breakdown_works_by_keyboard_and_gives_the_focus_back(reader: Reader, webmail: str) -> None:
    full(reader, webmail, GOOD)
    badge = reader.badge("A")
    root = next(r for r in reader.roots() if reader.call(r, "function () { return !!this.querySelector('.ke-badge') }"))
    reader.call(root, "function () { this.querySelector('.ke-badge').focus() }")
    reader.page.keyboard.press("Enter")
    reader.see(".ke-panel[open]")
    reader.page.keyboard.press("Escape")
    reader.never(".ke-panel[open]")
    assert reader.call(root, "function () { return this.activeElement?.className ?? '' }").startswith("ke-badge")
    assert badge.label


# --------------------------------------------------------------------------- link guard


def dangerous(page: Page) -> Any:
    return page.frame_locator("#messagecontframe").locator("#messagebody [data-keeneye-guard]").first


def test_dangerous_link_opens_only_after_a_deliberate_step(reader: Reader, context: BrowserContext) -> None:
    opened: list[Page] = []
    noted = lambda page: opened.append(page)  # noqa: E731
    context.on("page", noted)
    before = worker(context).evaluate("async () => (await chrome.storage.local.get('counts')).counts ?? {}")
    try:
        choose(reader.page, PHISHING)
        reader.badge("F")
        link = dangerous(reader.page)
        assert link.get_attribute("href") is None
        true_address = reader.see(".ke-opens").text
        assert "sample" in true_address
        reader.shot("roundcube-guard-mark")
        for button in ("left", "middle"):
            link.click(button=button)
            dialog = reader.see("dialog.ke-guard[open]")
            assert "https://" in dialog.text
            assert opened == []
            if button == "left":
                reader.shot("roundcube-guard-dialog")
                reader.press(reader.see("button.ke-keep"))
            else:
                reader.page.keyboard.press("Escape")
            reader.never("dialog.ke-guard[open]")
        # By keyboard: Enter on the link, tick, open.
        link.focus()
        reader.page.keyboard.press("Enter")
        reader.see("dialog.ke-guard[open]")
        reader.page.keyboard.press("Enter")  # the focus stands on "Do not open"
        reader.never("dialog.ke-guard[open]")
        assert opened == []
        link.focus()
        reader.page.keyboard.press("Enter")
        reader.see("dialog.ke-guard[open]")
        reader.press(reader.see(".ke-guard input"))
        with context.expect_page() as tab:
            reader.press(reader.see(".ke-guard .ke-actions .ke-button:not(.ke-keep)"))
        assert opened == [tab.value]
        tab.value.close()
        assert link.get_attribute("href") is None  # guarded still
    finally:
        context.remove_listener("page", noted)
    counts = worker(context).evaluate("async () => (await chrome.storage.local.get('counts')).counts")
    assert counts["guarded"] - before.get("guarded", 0) == 4
    assert counts["kept"] - before.get("kept", 0) == 3
    assert counts["opened"] - before.get("opened", 0) == 1


def test_dangerous_attachment_needs_the_same_step(reader: Reader, webmail: str) -> None:
    full(reader, webmail, MALWARE)
    reader.badge("F")
    file = reader.page.locator("#attachment-list [data-keeneye-guard]").first
    file.click()
    dialog = reader.see("dialog.ke-guard[open]")
    assert "This attachment is dangerous" in dialog.text
    assert reader.page.url.endswith("_mbox=INBOX")
    reader.shot("roundcube-guard-attachment")
    reader.press(reader.see("button.ke-keep"))
    reader.never("dialog.ke-guard[open]")


def test_ordinary_links_are_left_alone(reader: Reader) -> None:
    choose(reader.page, "newsletter")
    reader.badge()
    body = reader.page.frame_locator("#messagecontframe").locator("#messagebody")
    assert body.locator("a[href]").count() > 0
    assert body.locator("[data-keeneye-guard]").count() == 0


def test_a_message_can_neither_hide_nor_imitate_the_badge(reader: Reader) -> None:
    choose(reader.page, IMITATION)
    badge = reader.badge()
    assert "checked by Keeneye" not in badge.label
    reader.shot("roundcube-imitation")


# --------------------------------------------------------------------------- feedback


def test_feedback_is_stored_and_can_be_taken_back(reader: Reader, webmail: str, server: Keeneye) -> None:
    before = server.feedback()
    full(reader, webmail, "genuine-buyer-lagos")
    reader.press(reader.badge())
    reader.press(reader.reach("[data-label=genuine]"))
    reader.see("[data-section=feedback] [role=status]", lambda b: "Thank you" in b.text)
    assert server.feedback() == [*before, "genuine"]
    reader.shot("roundcube-feedback")
    reader.press(reader.see("[data-section=feedback] button"))
    reader.see("[data-section=feedback] [role=status]", lambda b: "Taken back" in b.text)
    assert server.feedback() == before


# --------------------------------------------------------------------------- level, later facts


def test_level_set_by_hand_is_stored_with_its_reason(reader: Reader, webmail: str, server: Keeneye, token: str) -> None:
    full(reader, webmail, "genuine-buyer-lagos")
    reader.press(reader.badge())
    reader.press(reader.reach("[data-section=level] summary"))
    reader.press(reader.reach("[data-section=level] input"))
    reader.page.keyboard.type("met at the fair")
    reader.press(reader.reach("[data-section=level] select"))
    reader.page.keyboard.press("1")
    reader.page.keyboard.press("Enter")
    reader.press(reader.reach("[data-section=level] button[type=submit]"))
    reader.see("[data-section=level] [role=status]", lambda b: "Saved: level 1" in b.text)
    reader.shot("roundcube-level")
    request = urllib.request.Request(
        f"{server.url}/api/v1/senders/tobak@gmail.com", headers={"Authorization": f"Bearer {token}"}
    )
    with urllib.request.urlopen(request) as answer:
        known = json.load(answer)
    assert known["level_by_hand"] == 1
    assert known["level_changes"][-1]["reason"] == "met at the fair"


# The server as it is while it still looks a domain up, and when it has.
LOOKING_UP = """() => {
  const real = globalThis.fetch;
  globalThis.restore = () => { globalThis.fetch = real; delete globalThis.found; };
  globalThis.fetch = async (url, init) => {
    const answer = await real(url, init);
    if (!/\\/api\\/v1\\/(grade|verdicts)/.test(String(url)) || !answer.ok) return answer;
    const verdict = await answer.json();
    verdict.pending = globalThis.found ? [] : ["domain_age"];
    verdict.facts.sender.domain_age_days = globalThis.found ? 40 : null;
    return new Response(JSON.stringify(verdict), {status: 200});
  };
}"""


def test_facts_that_arrive_later_fill_in_quietly(reader: Reader, webmail: str, context: BrowserContext) -> None:
    worker(context).evaluate(LOOKING_UP)
    try:
        full(reader, webmail, GOOD)
        reader.press(reader.badge("A"))
        reader.see(".ke-panel[open]", lambda b: "looking up" in b.text)
        worker(context).evaluate("() => { globalThis.found = true }")
        reader.see(".ke-panel[open]", lambda b: "40 days" in b.text and "looking up" not in b.text, seconds=25)
    finally:
        worker(context).evaluate("() => globalThis.restore()")


# --------------------------------------------------------------------------- reply


def reply_with_questions(reader: Reader) -> None:
    reader.press(reader.badge())
    reader.press(reader.reach("[data-press='next.insert']"))
    reader.page.wait_for_url("**_action=compose**")


def test_questions_go_into_a_plain_reply_and_its_draft(reader: Reader, mailbox: Mailbox) -> None:
    choose(reader.page, "genuine-buyer-lagos")
    reply_with_questions(reader)
    box = reader.page.locator("#composebody")
    expect(box).to_have_value(re.compile("- What is your company's website\\?\\n- Do you have a target price"))
    assert "> Dear Ms. Chen" in box.input_value()
    reader.shot("roundcube-reply-plain")
    reader.page.keyboard.type("Thank you, ")  # the caret stands behind the questions
    reader.page.click("a.save.draft")
    wait_for_draft(mailbox, "> Dear Ms. Chen", "- Do you have a target price", "Thank you,")


def test_questions_go_into_an_html_reply_and_its_draft(reader: Reader, webmail: str, mailbox: Mailbox) -> None:
    full(reader, webmail, "potential-customer-lima")
    reply_with_questions(reader)
    editor = reader.page.frame_locator("#composebody_ifr").locator("body")
    expect(editor).to_contain_text("¿Con qué condiciones de pago")
    assert editor.inner_text().index("¿Con qué") < editor.inner_text().index("Estimada Sra. Chen")
    assert editor.locator("#reply-intro").count() == 1
    reader.page.keyboard.type("Gracias")
    reader.shot("roundcube-reply-html")
    reader.page.click("a.save.draft")
    wait_for_draft(mailbox, "¿Con qué condiciones de pago", "Gracias", "Estimada Sra. Chen")


def test_another_reply_gets_no_questions(reader: Reader, webmail: str) -> None:
    full(reader, webmail, "genuine-buyer-lagos")
    reader.badge()
    reader.page.click("a.reply:not(.all):not(.list)")
    reader.page.wait_for_url("**_action=compose**")
    box = reader.page.locator("#composebody")
    expect(box).to_have_value(re.compile("> Dear Ms. Chen"))
    reader.page.wait_for_timeout(1500)  # longer than an editor has to rest before it is filled
    assert "website?" not in box.input_value()


# --------------------------------------------------------------------------- failures


def failed(reader: Reader, words: str) -> Any:
    return reader.see("button.ke-badge:not([data-grade]):not([disabled])", lambda b: words in b.label)


def test_server_stopped_and_started(reader: Reader, server: Keeneye) -> None:
    server.stop()
    try:
        choose(reader.page, GOOD)
        badge = failed(reader, "does not answer")
        reader.shot("roundcube-server-down")
        assert reader.page.frame_locator("#messagecontframe").locator("#messagebody").inner_text()
    finally:
        server.start()
    reader.press(badge)
    reader.badge("A")


def test_slow_server_is_awaited_and_given_up(reader: Reader, server: Keeneye) -> None:
    text = reader.page.frame_locator("#messagecontframe").locator("#messagebody")
    with server.paused():
        choose(reader.page, GOOD)
        waiting = reader.see("button.ke-pending[disabled]", lambda b: b.label != "")
        expect(text).to_contain_text("Kugelhahn")
        place = text.bounding_box()
        reader.page.wait_for_timeout(2000)
        assert reader.see("button.ke-pending[disabled]").x == waiting.x
    badge = reader.badge("A")  # it answers after all
    assert (badge.x, badge.y) == (waiting.x, waiting.y)
    assert text.bounding_box() == place  # nothing has moved below the reader's eyes
    with server.paused():
        choose(reader.page, PHISHING)
        badge = reader.see("button.ke-badge:not([data-grade]):not([disabled])", seconds=25)
        assert "took too long" in badge.label
    reader.press(badge)
    reader.badge("F")


def test_a_reply_is_written_and_kept_while_the_server_is_away(
    reader: Reader, webmail: str, server: Keeneye, mailbox: Mailbox
) -> None:
    full(reader, webmail, "genuine-buyer-lagos")
    reader.badge()
    server.stop()
    try:
        full(reader, webmail, CHINESE)
        failed(reader, "does not answer")
        reader.page.click("a.reply:not(.all):not(.list)")
        reader.page.wait_for_url("**_action=compose**")
        reader.page.locator("#composebody").press("Control+Home")
        reader.page.keyboard.type("Written while nothing graded. ")
        reader.page.click("a.save.draft")
        wait_for_draft(mailbox, "Written while nothing graded.")
    finally:
        server.start()


def test_revoked_token_and_missing_token(reader: Reader, server: Keeneye, context: BrowserContext) -> None:
    configure(context, token=server.command("token", "create", "short-lived", "--quiet"))
    server.command("token", "revoke", "short-lived")
    choose(reader.page, GOOD)
    failed(reader, "does not accept this token")
    configure(context, token="")
    choose(reader.page, PHISHING)
    failed(reader, "not connected to a server yet")


def test_message_too_large(reader: Reader) -> None:
    choose(reader.page, LARGE)
    failed(reader, "larger than this server takes")


# --------------------------------------------------------------------------- list, languages, accessibility


def test_list_shows_marks_of_graded_messages_only(reader: Reader) -> None:
    reader.never(".ke-mini")
    choose(reader.page, PHISHING)
    reader.badge("F")
    assert reader.see(".ke-mini").label == "Grade F, phishing"
    choose(reader.page, GOOD)
    reader.badge("A")
    reader.wait_until(lambda: len([b for b in reader.all(".ke-mini") if b.host]) == 2)
    reader.shot("roundcube-list-marks")
    reader.page.reload()
    reader.page.wait_for_selector("#messagelist tr.message")
    reader.wait_until(lambda: len([b for b in reader.all(".ke-mini") if b.host]) == 2)


@pytest.mark.parametrize(("language", "words"), [("zh-CN", "打开"), ("es", "análisis")])
def test_badge_and_banner_speak_the_readers_language(
    reader: Reader, context: BrowserContext, language: str, words: str
) -> None:
    configure(context, language=language)
    choose(reader.page, PHISHING)
    badge = reader.badge("F")
    assert "Open the breakdown" not in badge.label
    reader.see(".ke-banner")
    reader.shot(f"roundcube-{language}")


COPY = """function () {
  const copy = document.createElement("div");
  for (const node of this.childNodes) copy.append(node.cloneNode(true));
  for (const style of copy.querySelectorAll("style")) style.remove();
  return copy.innerHTML;
}"""


def violations(context: BrowserContext, pieces: list[str], theme: str) -> list[str]:
    """What axe finds in copies of our parts; it cannot look into closed shadow roots."""
    css = "".join((ROOT / f"extension/src/{p}").read_text() for p in ("ui/ui.css", "entry/content/island.css"))
    page = context.new_page()
    page.set_content(
        f"<!doctype html><html lang=en data-theme={theme}><title>t</title><style>{css}"
        "body{background:var(--ke-paper)} dialog{position:static!important;block-size:auto!important}</style>"
        f"<main><h1>t</h1>{''.join(pieces)}</main>"
    )
    page.evaluate(AXE)
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']}).then(r => r.violations)")
    page.close()
    return [f"{v['id']}: {n['target']} {n['failureSummary']}" for v in found for n in v["nodes"]]


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_badge_banner_guard_and_breakdown_are_accessible(
    reader: Reader, context: BrowserContext, webmail: str, theme: str
) -> None:
    full(reader, webmail, PHISHING)
    reader.press(reader.badge("F"))
    reader.see(".ke-panel[open]")
    reader.page.locator("#messagebody [data-keeneye-guard]").first.focus()
    reader.page.keyboard.press("Enter")
    reader.see("dialog.ke-guard[open]")
    pieces = [reader.call(root, COPY) for root in reader.roots()]
    assert len(pieces) >= 4
    assert violations(context, pieces, theme) == []
