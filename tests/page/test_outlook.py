"""The Outlook add-in's pane in real Chromium, served by a real server, in an Outlook of each requirement set."""

from __future__ import annotations

import html
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from outlook import OFFICE_JS, PANE, STUB, THEMES, Outlook, item
from pages import ROOT, screenshot, violations
from playwright.sync_api import Browser, BrowserContext, Frame, Page, Route, expect

DANGER, GOOD = "phishing-credential-link", "genuine-buyer-lagos"
WELL = "[data-grade=A], [data-grade=B]"
OpenPane = Callable[..., Page]


def keeneye(state: Path, *words: str) -> str:
    environment = {**os.environ, "KEENEYE_SERVER__STATE_DIR": str(state), "PYTHONPATH": str(ROOT / "server")}
    command = [sys.executable, "-c", "from keeneye.cli import main; main()", *words]
    return subprocess.run(
        command, cwd=state, env=environment, check=True, capture_output=True, text=True
    ).stdout.strip()


@pytest.fixture(scope="session")
def token(server: str, state: Path) -> str:
    return keeneye(state, "token", "create", "outlook-tests", "--quiet")


@pytest.fixture
def open_pane(server: str, token: str, browser: Browser) -> Iterator[OpenPane]:
    """``open_pane(Outlook(...), connected=True)`` → the pane; the test fails on any error or outside request."""
    contexts: list[BrowserContext] = []
    wrong: list[str] = []

    def open_(
        outlook: Outlook | None = None,
        connected: bool = True,
        expect_errors: bool = False,
        path: str = "taskpane.html",
        **options: Any,
    ) -> Page:
        outlook = outlook or Outlook()
        if connected:
            outlook.roaming = {"token": token, **outlook.roaming}
        context = browser.new_context(**{"viewport": PANE, "reduced_motion": "reduce", "locale": "en-US", **options})
        context.set_default_timeout(10_000)
        contexts.append(context)

        def guard(route: Route) -> None:
            url = route.request.url
            if url == OFFICE_JS:
                code = f"globalThis.outlookSetup = {json.dumps(outlook.setup())};\n{STUB}"
                route.fulfill(body=code, content_type="text/javascript")
            elif urlsplit(url).netloc == urlsplit(server).netloc:
                route.continue_()
            else:
                wrong.append(f"outside request: {url}")
                route.abort()

        context.route("**/*", guard)
        page = context.new_page()
        page.on("pageerror", lambda error: wrong.append(f"page error: {error}"))
        if not expect_errors:
            page.on("console", lambda m: wrong.append(f"console: {m.text}") if m.type in ("error", "warning") else None)
        page.goto(f"{server}/addin/{path}")
        return page

    yield open_
    for context in contexts:
        context.close()
    assert wrong == []


def graded(page: Page) -> str:
    page.wait_for_selector("[data-grade]")
    return page.get_attribute("[data-grade]", "data-grade") or ""


def bars(page: Page, sample: str) -> list[dict[str, Any]]:
    """The bars above a message: ours only, so one at most."""
    found: dict[str, Any] = page.evaluate("id => outlook.state.bars[id] ?? {}", f"id-{sample}")
    assert set(found) <= {"keeneye"}
    return list(found.values())


def until(page: Page, expression: str) -> None:
    """Playwright's own way of waiting would need eval(), which the pane's policy forbids."""
    for _ in range(200):
        if page.evaluate(expression):
            return
        page.wait_for_timeout(50)
    raise AssertionError(expression)


def show(page: Page, index: int | None) -> None:
    """Another message is chosen in Outlook while the pane is pinned."""
    page.evaluate("index => { outlook.open(index); }", index)


# --------------------------------------------------------------------------- reading


@pytest.mark.parametrize(
    ("version", "reads", "seen"),
    [
        ("1.5", ["body.text", "body.html"], "Only the visible text"),
        ("1.8", ["getAllInternetHeadersAsync", "body.text", "body.html"], "Headers and visible text"),
        ("1.14", ["getAsFileAsync"], ""),
    ],
)
def test_message_is_read_and_graded_at_each_requirement_set(
    open_pane: OpenPane, version: str, reads: list[str], seen: str
) -> None:
    page = open_pane(Outlook(set=version))
    assert graded(page) == "F"
    assert [r for r in page.evaluate("outlook.state.reads") if r.startswith(("get", "body"))] == reads
    unseen = page.locator(".ke-unseen")
    expect(unseen).to_have_count(1 if seen else 0)
    if seen:
        expect(unseen).to_contain_text(seen)
        expect(unseen).to_contain_text("This Outlook gives add-ins no more than this.")
    assert violations(page) == []
    screenshot(page, f"outlook-{version}", full=True)


@pytest.mark.parametrize(
    ("refuse", "seen"),
    [(("getAsFileAsync",), "Headers"), (("getAsFileAsync", "getAllInternetHeadersAsync"), "Only the visible text")],
)
def test_what_outlook_refuses_is_said(open_pane: OpenPane, refuse: tuple[str, ...], seen: str) -> None:
    page = open_pane(Outlook(refuse=refuse))
    assert graded(page) == "F"
    expect(page.locator(".ke-unseen")).to_contain_text(seen)
    expect(page.locator(".ke-unseen")).to_contain_text("did not hand over the whole message")


def test_raw_message_gets_the_grade_of_the_page(open_pane: OpenPane) -> None:
    page = open_pane(Outlook(samples=(GOOD,)))
    with page.expect_response("**/api/v1/grade?*") as answer:
        page.reload()
    assert answer.value.request.headers["content-type"] == "message/rfc822"
    assert "client=outlook" in answer.value.url
    assert "mailbox=sales%40exporter.example" in answer.value.url
    assert answer.value.json()["facts"]["seen"] == "raw"
    assert graded(page) == answer.value.json()["grade"]


def test_visible_message_says_which_client_saw_it(open_pane: OpenPane) -> None:
    page = open_pane(Outlook(set="1.8", samples=("malware-order",)))
    with page.expect_request("**/api/v1/grade?*") as asked:
        page.reload()
    sent = asked.value.post_data_json
    assert sent["client"] == {"id": "outlook", "sees": "headers"}
    assert [file["name"] for file in sent["attachments"]]
    assert "Received:" in sent["headers"]


def test_message_that_outlook_keeps_is_not_judged(open_pane: OpenPane) -> None:
    page = open_pane(Outlook(set="1.5", refuse=("body.text",)))
    expect(page.locator("main")).to_contain_text("Outlook did not hand over this message")
    page.evaluate("outlook.allow('body.text')")
    page.click("#retry")
    assert graded(page) == "F"


def test_shared_mailbox_is_its_owners(open_pane: OpenPane) -> None:
    owned = item(GOOD, owner="info@exporter.example")
    page = open_pane(Outlook(samples=(), more=(owned,)))
    with page.expect_request("**/api/v1/grade?*") as asked:
        page.reload()
    assert "mailbox=info%40exporter.example" in asked.value.url


@pytest.mark.parametrize("more", [(), (item(GOOD, itemType="appointment"),)])
def test_where_no_message_is_open_that_is_said(open_pane: OpenPane, more: tuple[dict[str, Any], ...]) -> None:
    page = open_pane(Outlook(samples=(), more=more, current=0 if more else None))
    expect(page.locator("main")).to_have_text("No message is open here.")


# --------------------------------------------------------------------------- pinned


def test_pinned_pane_follows_the_message_and_asks_once(open_pane: OpenPane) -> None:
    page = open_pane(Outlook(current=None))
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if "/grade?" in request.url else None)
    show(page, 0)
    page.wait_for_selector("[data-grade=F]")
    show(page, 1)
    page.wait_for_selector(WELL)
    show(page, 0)
    page.wait_for_selector("[data-grade=F]")
    show(page, 1)
    page.wait_for_selector(WELL)
    assert len(asked) == 2
    show(page, None)
    expect(page.locator("main")).to_have_text("No message is open here.")


def test_slow_answer_does_not_replace_the_message_opened_since(open_pane: OpenPane) -> None:
    page = open_pane(Outlook(current=None))
    expect(page.locator("main")).to_contain_text("No message")
    held: list[Route] = []

    def handle(route: Route) -> None:
        if held:
            route.fallback()
        else:
            held.append(route)

    page.route("**/api/v1/grade?*", handle)
    show(page, 0)
    expect(page.locator("main")).to_contain_text("Grading this message")
    show(page, 1)
    page.wait_for_selector(WELL)
    held[0].abort()
    page.wait_for_timeout(300)
    assert graded(page) in "AB"
    assert bars(page, DANGER) == []


def test_slow_outlook_does_not_mix_messages(open_pane: OpenPane) -> None:
    page = open_pane(Outlook(delay=150, current=None))
    for index in (0, 1, 0, 1):
        show(page, index)
        page.wait_for_timeout(30)
    page.wait_for_selector(WELL)
    page.wait_for_timeout(500)
    assert graded(page) in "AB"
    assert bars(page, GOOD) == []


# --------------------------------------------------------------------------- bar


@pytest.mark.parametrize(
    ("sample", "kind", "begins"),
    [
        (DANGER, "errorMessage", "Danger: Asks for your mailbox password behind a link."),
        ("domestic-competitor", "informationalMessage", "Caution: Says Germany, but was sent from your own country."),
    ],
)
def test_bar_says_what_the_banner_says(open_pane: OpenPane, sample: str, kind: str, begins: str) -> None:
    page = open_pane(Outlook(samples=(sample, GOOD)))
    graded(page)
    until(page, "Object.keys(outlook.state.bars).length > 0")
    (bar,) = bars(page, sample)
    assert bar["type"] == kind
    assert bar["message"].startswith(begins)
    assert len(bar["message"]) <= 150
    # It is replaced, never piled up.
    for index in (1, 0, 1, 0):
        show(page, index)
        page.wait_for_selector(WELL if index else "[data-grade=F], [data-grade=D]")
    page.wait_for_timeout(100)
    assert bars(page, sample) == [bar]
    assert bars(page, GOOD) == []


@pytest.mark.parametrize("language", ["zh-CN", "es-ES"])
def test_bar_fits_in_every_language(open_pane: OpenPane, language: str) -> None:
    samples = (DANGER, "domestic-competitor", "payment-diversion", "malware-order", "invitation-letter")
    page = open_pane(Outlook(samples=samples, language=language, current=None))
    for index, sample in enumerate(samples):
        show(page, index)
        until(page, f"outlook.state.bars['id-{sample}'] !== undefined")
        (bar,) = bars(page, sample)
        assert 20 < len(bar["message"]) <= 150


# --------------------------------------------------------------------------- connection


def test_pairing_connects_the_mailbox(open_pane: OpenPane, state: Path) -> None:
    page = open_pane(connected=False, expect_errors=True)
    expect(page.locator("main")).to_contain_text("not connected to Keeneye yet")
    assert violations(page) == []
    screenshot(page, "outlook-connect", full=True)
    page.fill("#code", "WRONG-CODE")
    page.click("#pair")
    expect(page.locator("#status")).to_contain_text("The code is wrong")
    page.fill("#code", keeneye(state, "pair", "Outlook of a test"))
    page.keyboard.press("Enter")
    assert graded(page) == "F"
    saved = page.evaluate("outlook.state.saved")
    assert set(saved) == {"token"}
    assert page.evaluate("localStorage.length") == 0


def test_token_is_taken_only_when_the_server_takes_it(open_pane: OpenPane, token: str) -> None:
    page = open_pane(connected=False, expect_errors=True)
    page.fill("#token", "wrong")
    page.click("#save")
    expect(page.locator("#status")).to_contain_text("does not accept this token")
    assert page.evaluate("outlook.state.saved") == {}
    page.fill("#token", token)
    page.click("#save")
    assert graded(page) == "F"


def test_mailbox_without_settings_keeps_the_token_in_this_browser(open_pane: OpenPane, token: str) -> None:
    page = open_pane(Outlook(refuse=("saveAsync",)), connected=False, expect_errors=True)
    page.fill("#token", token)
    page.click("#save")
    graded(page)
    page.reload()
    assert graded(page) == "F"


def test_revoked_token_is_said_and_can_be_replaced(open_pane: OpenPane, token: str) -> None:
    page = open_pane(Outlook(roaming={"token": "revoked"}), expect_errors=True)
    expect(page.locator("main")).to_contain_text("does not accept this token")
    page.fill("#token", token)
    page.click("#save")
    assert graded(page) == "F"


def test_settings_test_the_connection_change_the_language_and_disconnect(open_pane: OpenPane, server: str) -> None:
    page = open_pane(expect_errors=True)  # the test of the connection asks for a verdict that is not there
    graded(page)
    page.click("#settings")
    assert page.evaluate("document.activeElement.id") == "settings"
    expect(page.locator("main")).to_contain_text(urlsplit(server).netloc)
    expect(page.locator("main")).to_contain_text("kept in your mailbox")
    assert violations(page) == []
    screenshot(page, "outlook-settings", full=True)
    page.click("#test")
    expect(page.locator("#status")).to_contain_text("The server answers and accepts the token.")
    with page.expect_request("**/api/v1/grade?*") as asked:
        page.select_option("#language", "es")
        expect(page.locator("h2").first).to_have_text("Conexión")
        page.click("#settings")
    assert asked.value.headers["accept-language"] == "es"
    assert graded(page) == "F"
    assert page.evaluate("document.documentElement.lang") == "es"
    page.click("#settings")
    page.click("#disconnect")
    page.click("#settings")
    expect(page.locator("#code")).to_be_visible()
    assert set(page.evaluate("outlook.state.saved")) == {"language"}


@pytest.mark.parametrize(
    ("language", "lang", "words"), [("zh-CN", "zh-CN", "设置"), ("es-MX", "es", "Ajustes"), ("fr-FR", "en", "Settings")]
)
def test_offices_language_is_taken_at_first(open_pane: OpenPane, language: str, lang: str, words: str) -> None:
    page = open_pane(Outlook(language=language))
    graded(page)
    assert page.evaluate("document.documentElement.lang") == lang
    expect(page.locator("#settings")).to_have_text(words)
    assert violations(page) == []
    screenshot(page, f"outlook-{lang}")


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (0, "does not answer"),
        (413, "larger than this server takes"),
        (429, "Try again in 7 s"),
        (503, "busy"),
        (502, "(502)"),
    ],
)
def test_failure_is_said_and_retried(open_pane: OpenPane, status: int, words: str) -> None:
    page = open_pane(Outlook(current=None), expect_errors=True)
    state = {"used": False}

    def handle(route: Route) -> None:
        if state["used"]:
            route.fallback()
        elif status == 0:
            route.abort("connectionrefused")
        else:
            route.fulfill(status=status, headers={"Retry-After": "7"}, body='{"code": "x"}')
        state["used"] = True

    page.route("**/api/v1/grade?*", handle)
    show(page, 0)
    expect(page.locator("main")).to_contain_text(words)
    assert bars(page, DANGER) == []
    page.click("#retry")
    assert graded(page) == "F"


def test_facts_that_arrive_later_fill_in_what_is_drawn(open_pane: OpenPane) -> None:
    page = open_pane(Outlook(samples=(GOOD,), current=None))

    def grade(route: Route) -> None:
        whole = route.fetch().json()
        route.fulfill(json={**whole, "pending": ["domain_age"]})

    page.route("**/api/v1/grade?*", grade)
    later = {"pending": [], "facts": {"sender": {"domain_age_days": 3}}}
    page.route("**/api/v1/verdicts/*", lambda r: r.fulfill(json={"id": urlsplit(r.request.url).path[17:], **later}))
    show(page, 0)
    sender = page.locator("[data-section=origin]")
    expect(sender).to_contain_text("looking up")
    page.locator("details").last.evaluate("fold => { fold.open = true; }")
    expect(sender).to_contain_text("3 days")
    assert page.locator("details").last.evaluate("fold => fold.open")


# --------------------------------------------------------------------------- feedback and buttons


def test_feedback_in_the_pane_is_stored_and_taken_back(open_pane: OpenPane) -> None:
    page = open_pane()
    graded(page)
    with page.expect_response("**/feedback") as answer:
        page.get_by_role("button", name="Fake", exact=True).click()
    assert answer.value.status == 201
    with page.expect_response("**/feedback") as answer:
        page.get_by_role("button", name="Undo").click()
    assert (answer.value.request.method, answer.value.status) == ("DELETE", 204)


@pytest.mark.parametrize(("button", "label"), [("reportFake", "Fake"), ("reportGenuine", "Genuine")])
@pytest.mark.parametrize("version", ["1.5", "1.8", "1.14"])
def test_button_without_pane_reports(open_pane: OpenPane, server: str, version: str, button: str, label: str) -> None:
    page = open_pane(Outlook(set=version), path="commands.html")
    with page.expect_response("**/feedback") as answer:
        page.evaluate("name => outlook.run(name, {})", button)
    assert answer.value.status == 201
    assert answer.value.request.post_data_json == {"label": label.lower()}
    (bar,) = bars(page, DANGER)
    assert bar["message"] == f"Thank you. Recorded: {label}."


def test_outlooks_own_report_moves_the_message_and_says_thanks(open_pane: OpenPane) -> None:
    page = open_pane(path="commands.html")
    with page.expect_response("**/feedback") as answer:
        done = page.evaluate("outlook.run('onSpamReport', {options: [true, false], freeText: 'called us'})")
    assert answer.value.status == 201
    assert answer.value.request.post_data_json == {"label": "fake", "note": "called us"}
    assert done["moveItemTo"] == "junkFolder"
    assert done["showPostProcessingDialog"]["title"] == "Reported to Keeneye"


# --------------------------------------------------------------------------- reply


@pytest.mark.parametrize(("version", "name"), [("1.5", "displayReplyForm"), ("1.9", "displayReplyFormAsync")])
def test_reply_begins_with_the_questions_in_the_buyers_language(open_pane: OpenPane, version: str, name: str) -> None:
    page = open_pane(Outlook(set=version, samples=("potential-customer-lima",)))
    graded(page)
    page.click("[data-press='next.insert']")
    expect(page.locator(".ke-questions [role=status]")).to_contain_text("A reply opens")
    ((form),) = page.evaluate("outlook.state.replies")
    assert form["name"] == name
    assert form["html"].startswith("<div>- ")
    assert "¿" in form["html"]


def test_where_no_reply_opens_the_questions_are_copied(open_pane: OpenPane) -> None:
    page = open_pane(
        Outlook(samples=("domestic-competitor",), refuse=("displayReplyFormAsync",)),
        permissions=["clipboard-read", "clipboard-write"],
    )
    graded(page)
    page.click("[data-press='next.insert']")
    expect(page.locator(".ke-questions [role=status]")).to_contain_text("Copied.")
    assert page.evaluate("navigator.clipboard.readText()").startswith("- ")


def test_nobody_is_helped_to_answer_a_trap(open_pane: OpenPane) -> None:
    page = open_pane()
    graded(page)
    expect(page.locator("[data-press='next.insert']")).to_have_count(0)


@pytest.mark.parametrize("kind", ["html", "text"])
def test_reply_that_is_being_written_gets_questions_from_the_messages_pane(open_pane: OpenPane, kind: str) -> None:
    read = item("domestic-competitor", conversation="c1")
    draft = {"id": "d", "writing": True, "conversation": "c1", "subject": "Re: x", "type": kind}
    other = draft | {"conversation": "c2"}
    outlook = Outlook(samples=(), more=(read, draft, other))
    reader = open_pane(outlook)
    graded(reader)
    writer = reader.context.new_page()
    outlook.current = 1
    writer.goto(reader.url)
    graded(writer)
    questions = writer.locator("#questions li").all_inner_texts()
    assert len(questions) > 1
    assert violations(writer) == []
    screenshot(writer, "outlook-reply", full=True)
    writer.click("#insert")
    expect(writer.locator("[role=status]").last).to_have_text("Inserted.")
    writer.click("#insert-advice")
    until(writer, "outlook.state.inserted.length === 2")
    first, second = writer.evaluate("outlook.state.inserted")
    assert first["options"] == {"coercionType": kind}
    assert all(question in html.unescape(first["text"]) for question in questions)
    assert "delete before sending" in second["text"]
    assert ("<div>" in first["text"]) == (kind == "html")
    # In another conversation there is nothing to offer.
    show(writer, 2)
    expect(writer.locator("main")).to_contain_text("Open the message that you answer")


def test_pane_that_turns_into_the_replys_still_knows_the_message(open_pane: OpenPane) -> None:
    read = item("domestic-competitor", conversation="c1")
    draft = {"id": "d", "writing": True, "conversation": "c1", "subject": "Re: x"}
    page = open_pane(Outlook(samples=(), more=(read, draft)))
    graded(page)
    show(page, 1)
    expect(page.locator("#insert")).to_be_visible()


# --------------------------------------------------------------------------- hostile


def test_hostile_message_stays_text(open_pane: OpenPane) -> None:
    evil = "<script>document.title='pwned'</script><img src=x onerror=\"document.title='pwned'\">"
    bad = item(
        GOOD,
        subject=f"{evil} order",
        text=f"{evil} 500 pcs ball valve {evil}",
        html=f"<p>{evil}</p>",
        **{"from": {"displayName": evil, "emailAddress": "x@phish.example"}},
        attachments=[{"name": f"{evil}.exe", "contentType": evil, "size": -1, "isInline": False}],
    )
    page = open_pane(Outlook(set="1.5", samples=(), more=(bad,)))
    graded(page)
    assert page.title() == "Keeneye"
    assert page.locator("main script, main img, main iframe, main style").count() == 0


# --------------------------------------------------------------------------- themes


@pytest.mark.parametrize("sample", [DANGER, "potential-customer-lima", "domestic-competitor"])
@pytest.mark.parametrize("theme", sorted(THEMES))
def test_offices_theme_is_followed_and_readable(open_pane: OpenPane, theme: str, sample: str) -> None:
    page = open_pane(Outlook(samples=(sample,), theme=THEMES[theme]))
    graded(page)
    for fold in page.locator("details").all():
        fold.evaluate("element => { element.open = true; }")
    assert violations(page) == []
    dark = page.evaluate("document.documentElement.dataset.theme")
    assert dark == ("light" if theme == "light" else "dark")
    if theme != "grey":
        red, green, blue = page.evaluate("getComputedStyle(document.body).backgroundColor.match(/\\d+/g).map(Number)")
        assert f"#{red:02x}{green:02x}{blue:02x}" == THEMES[theme]["bodyBackgroundColor"]
    screenshot(page, f"outlook-{theme}-{sample}")


def test_another_theme_is_taken_while_the_pane_is_open(open_pane: OpenPane) -> None:
    page = open_pane()
    graded(page)
    page.evaluate("theme => { outlook.theme(theme); }", THEMES["dark"])
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"
    page.evaluate("theme => { outlook.theme(theme); }", THEMES["light"])
    assert page.evaluate("document.documentElement.dataset.theme") == "light"
    assert not page.evaluate("document.documentElement.hasAttribute('data-strong')")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_where_office_tells_no_theme_the_systems_holds(open_pane: OpenPane, scheme: str) -> None:
    page = open_pane(Outlook(set="1.8"), color_scheme=scheme)
    graded(page)
    assert violations(page) == []
    ground = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert (ground == "rgb(255, 255, 255)") == (scheme == "light")


def test_windows_contrast_theme_is_kept(open_pane: OpenPane) -> None:
    page = open_pane(Outlook(set="1.8"), forced_colors="active")
    graded(page)
    assert page.evaluate("matchMedia('(forced-colors: active)').matches")
    screenshot(page, "outlook-forced-colors")
    letter = page.locator(".ke-letter").first
    assert letter.evaluate("e => getComputedStyle(e).backgroundColor !== getComputedStyle(e, '::before').color")


@pytest.mark.parametrize("width", [300, 320, 390, 600])
def test_nothing_is_wider_than_the_pane(open_pane: OpenPane, width: int) -> None:
    page = open_pane(viewport={"width": width, "height": 800})
    graded(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_keyboard_alone_is_enough(open_pane: OpenPane) -> None:
    page = open_pane(Outlook(samples=("domestic-competitor",)))
    graded(page)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.id") == "settings"
    walked = []
    for _ in range(60):
        page.keyboard.press("Tab")
        walked.append(page.evaluate("document.activeElement.dataset.press ?? document.activeElement.tagName"))
    assert "next.insert" in walked
    assert "SUMMARY" in walked


# --------------------------------------------------------------------------- Office's own script, Office's frames

OFFICE = ROOT / "tools/office-js/node_modules/@microsoft/office-js/dist"  # `make page-test` brings it
MICROSOFT_AJAX = "https://ajax.aspnetcdn.com/ajax/3.5/MicrosoftAjax.js"
CDN = "https://appsforoffice.microsoft.com/lib/1/hosted/"


HOME = "https://keeneye.firm.example"


def at_home(context: BrowserContext, server: str) -> None:
    """The server under a name of its own and TLS, as it is used; a page of the network may not frame this machine's."""

    def answer(route: Route) -> None:
        route.fulfill(response=route.fetch(url=route.request.url.replace(HOME, server, 1)))

    context.route(f"{HOME}/**", answer)


@pytest.fixture
def framed(server: str, browser: Browser, token: str) -> Iterator[Callable[..., Page]]:
    """``framed(site, path)`` → a page of another site that frames one of the add-in's pages."""
    contexts: list[BrowserContext] = []

    def open_(site: str, path: str = "taskpane.html") -> Page:
        context = browser.new_context()
        contexts.append(context)
        outlook = Outlook(roaming={"token": token})
        stub = f"globalThis.outlookSetup = {json.dumps(outlook.setup())};\n{STUB}"
        context.route(OFFICE_JS, lambda route: route.fulfill(body=stub, content_type="text/javascript"))
        at_home(context, server)
        outer = f"<!doctype html><title>Mail</title><iframe src='{HOME}/addin/{path}' width=340 height=700></iframe>"
        context.route(f"{site}/**", lambda route: route.fulfill(body=outer, content_type="text/html"))
        page = context.new_page()
        page.goto(f"{site}/mail/")
        return page

    yield open_
    for context in contexts:
        context.close()


@pytest.mark.parametrize(
    "site", ["https://outlook.office.com", "https://outlook.live.com", "https://euc-word.officeapps.live.com"]
)
def test_office_may_frame_the_pane(framed: Callable[..., Page], site: str) -> None:
    page = framed(site)
    expect(page.frame_locator("iframe").locator("[data-grade=F]")).to_be_visible()


@pytest.mark.parametrize("site", ["https://outlook.office.com.evil.example", "https://evil.example"])
def test_nobody_else_may_frame_the_pane(framed: Callable[..., Page], site: str) -> None:
    refused: list[str] = []
    page = framed(site)
    page.on("console", lambda message: refused.append(message.text))
    page.reload()
    page.wait_for_timeout(500)
    assert any("frame-ancestors" in text for text in refused)
    assert page.frame_locator("iframe").locator("main").count() == 0


STRINGS = "en-us/office_strings.js"


@pytest.mark.parametrize(
    ("host", "loaded"),
    [
        ("", ["o15apptofilemappingtable.js", "office.js"]),
        ("Outlook$Web$16.01", [STRINGS, "office.js", "outlook-web-16.01.js"]),
        ("Outlook$Win32$16.02", [STRINGS, "office.js", "outlook-win32-16.02.js"]),
        ("Outlook$Mac$16.00", [STRINGS, "office.js", "outlook-mac-16.00.js"]),
        ("Outlook$iOS$16.00", [STRINGS, "office.js", "outlook-ios-16.00.js"]),
    ],
)
def test_offices_true_scripts_load_under_the_panes_policy(
    server: str, browser: Browser, host: str, loaded: list[str]
) -> None:
    """The scripts that Microsoft publishes, as each Outlook names itself in the address; none has a mailbox here."""
    context = browser.new_context(locale="en-US")
    asked: list[str] = []
    refused: list[str] = []

    def answer(route: Route) -> None:
        url = route.request.url.split("?")[0]
        asked.append(url)
        file = OFFICE / url.removeprefix(CDN)
        if url.startswith(CDN) and file.is_file():
            route.fulfill(body=file.read_bytes(), content_type="text/javascript")
        else:
            route.abort()

    context.route("**/*", answer)
    at_home(context, server)
    page = context.new_page()
    page.on("console", lambda message: refused.append(message.text) if "Content Security" in message.text else None)
    page.goto(f"{HOME}/addin/taskpane.html" + (f"?_host_Info={host}$en-US$1$isDialog$$0" if host else ""))
    page.wait_for_timeout(800)
    assert sorted(url.removeprefix(CDN) for url in asked if url != MICROSOFT_AJAX) == loaded
    assert (MICROSOFT_AJAX in asked) == bool(host)
    assert refused == []
    if host:
        events = page.evaluate("[Office.EventType.ItemChanged, Office.EventType.OfficeThemeChanged]")
        assert events == ["olkItemSelectedChanged", "officeThemeChanged"]
    else:
        expect(page.locator("main")).to_contain_text("This page works inside Outlook only.")
        assert violations(page) == []
        page.goto(f"{HOME}/addin/commands.html")
        assert page.evaluate("[reportFake, reportGenuine, onSpamReport].every(f => typeof f === 'function')")
    context.close()


# Office's script wants this one, which is to be had from Microsoft only; so much of it is used.
AJAX = """
const namespace = (name) => name.split(".").reduce((at, part) => (at[part] ??= {}), globalThis);
globalThis.Sys = { StringBuilder: class {}, Debug: { trace() {} }, Browser: {},
  Serialization: { JavaScriptSerializer: { serialize: JSON.stringify, deserialize: JSON.parse } } };
globalThis.Type = { registerNamespace: namespace, registerClass() {} };
Function._validateParams = () => null;
Error.argument = Error.parameterCount = Error.create = (text) => new Error(text);
"""
HOST = (Path(__file__).with_name("outlook_host.js")).read_text("utf-8")
WEB = "https://outlook.office.com"
TELEMETRY = "https://browser.pipe.aria.microsoft.com"


@dataclass
class Framed:
    """Outlook on the web around the pane."""

    outer: Page
    pane: Frame
    # What was asked of other sites than the pane's own, and what the pane's policy refused.
    asked: list[str]
    refused: list[str]


@pytest.fixture
def in_outlook(server: str, browser: Browser, token: str) -> Iterator[Callable[..., Framed]]:
    """``in_outlook(Outlook(...), site)`` → the pane with Office's true script, which talks with that site around it."""
    contexts: list[BrowserContext] = []
    errors: list[str] = []

    def open_(outlook: Outlook, site: str = WEB, connected: bool = True) -> Framed:
        if connected:
            outlook.roaming = {"token": token}
        context = browser.new_context(locale="en-US", reduced_motion="reduce")
        contexts.append(context)
        asked: list[str] = []
        refused: list[str] = []
        whom = f"_host_Info=Outlook$Web$16.01$en-US$$$$0#&_serializer_version=1&_xdm_Info=conversation|pane|{site}"
        pane = f"{HOME}/addin/taskpane.html?{whom}"
        outer = f"""<!doctype html><title>Mail</title>
            <script>globalThis.outlookSetup = {json.dumps(outlook.setup())};\n{HOST}</script>
            <iframe src="{html.escape(pane)}" width=340 height=700></iframe>"""

        def answer(route: Route) -> None:
            url = route.request.url.split("?")[0]
            file = OFFICE / url.removeprefix(CDN)
            if url.startswith(f"{site}/"):
                route.fulfill(body=outer, content_type="text/html")
                return
            asked.append(url)
            if url == MICROSOFT_AJAX:
                route.fulfill(body=AJAX, content_type="text/javascript")
            elif url.startswith(CDN) and file.is_file():
                route.fulfill(
                    body=file.read_bytes(), content_type="text/html" if url.endswith(".html") else "text/javascript"
                )
            else:
                route.abort()

        context.route("**/*", answer)
        at_home(context, server)
        page = context.new_page()
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on("console", lambda message: refused.append(message.text) if "Security Policy" in message.text else None)
        page.goto(f"{site}/mail/")
        return Framed(page, page.frames[1], asked, refused)

    yield open_
    for context in contexts:
        context.close()
    assert errors == []


def seen(framed: Framed) -> list[str]:
    reads: list[str] = framed.outer.evaluate("outlook.state.reads")
    return [name for name in reads if name.startswith(("get", "body"))]


@pytest.mark.parametrize(
    ("version", "reads", "said"),
    [
        ("1.5", ["body", "body"], "gives add-ins no more"),
        ("1.8", ["getAllInternetHeadersAsync", "body", "body"], "gives add-ins no more"),
        # The script that is published as a package has no getAsFileAsync yet: what Outlook promises, it does not keep.
        ("1.14", ["getAllInternetHeadersAsync", "body", "body"], "did not hand over the whole message"),
    ],
)
def test_offices_true_script_reads_the_message_and_follows_it(
    in_outlook: Callable[..., Framed], version: str, reads: list[str], said: str
) -> None:
    framed = in_outlook(Outlook(set=version))
    pane = framed.pane
    expect(pane.locator("[data-grade=F]")).to_be_visible()
    assert seen(framed) == reads
    expect(pane.locator(".ke-unseen")).to_contain_text(said)
    until(framed.outer, f"outlook.state.bars['id-{DANGER}'] !== undefined")
    (bar,) = framed.outer.evaluate(f"Object.values(outlook.state.bars['id-{DANGER}'])")
    assert bar["message"].startswith("Danger: Asks for your mailbox password")
    show(framed.outer, 1)
    expect(pane.locator(WELL)).to_be_visible()
    show(framed.outer, None)
    expect(pane.locator("main")).to_have_text("No message is open here.")
    show(framed.outer, 0)
    expect(pane.locator("[data-grade=F]")).to_be_visible()
    # Nothing was drawn or sent elsewhere; Office's own reports on its use go nowhere.
    assert {urlsplit(url).netloc for url in framed.asked} == {urlsplit(CDN).netloc, urlsplit(MICROSOFT_AJAX).netloc}
    assert [text for text in framed.refused if TELEMETRY not in text and "inline style" not in text] == []


def test_offices_true_script_refuses_shares_and_keeps(in_outlook: Callable[..., Framed], state: Path) -> None:
    owned = item(GOOD, owner="info@exporter.example")
    outlook = Outlook(set="1.8", samples=(), more=(owned,), refuse=("getAllInternetHeadersAsync",))
    framed = in_outlook(outlook, connected=False)
    pane = framed.pane
    pane.fill("#code", keeneye(state, "pair", "Outlook's own script"))
    with framed.outer.expect_request("**/api/v1/grade?*") as asked:
        pane.click("#pair")
    sent = asked.value.post_data_json
    assert (sent["mailbox"], sent["client"]["sees"]) == ("info@exporter.example", "visible")
    expect(pane.locator(".ke-unseen")).to_contain_text("did not hand over the whole message")
    assert set(framed.outer.evaluate("outlook.state.saved")) == {"token"}


@pytest.mark.parametrize(("version", "name"), [("1.5", "displayReplyForm"), ("1.9", "displayReplyFormAsync")])
def test_offices_true_script_opens_a_reply(in_outlook: Callable[..., Framed], version: str, name: str) -> None:
    framed = in_outlook(Outlook(set=version, samples=("potential-customer-lima",)))
    framed.pane.click("[data-press='next.insert']")
    until(framed.outer, "outlook.state.replies.length > 0")
    ((form),) = framed.outer.evaluate("outlook.state.replies")
    assert (form["name"], form["html"][:7]) == (name, "<div>- ")


@pytest.mark.parametrize(("kind", "begins"), [("html", "<div>- "), ("text", "- ")])
def test_offices_true_script_writes_into_a_draft(in_outlook: Callable[..., Framed], kind: str, begins: str) -> None:
    read = item("domestic-competitor", conversation="c1")
    draft = {"id": "d", "writing": True, "conversation": "c1", "subject": "Re: x", "type": kind}
    framed = in_outlook(Outlook(set="1.8", samples=(), more=(read, draft)))
    expect(framed.pane.locator("[data-grade]").first).to_be_visible()
    show(framed.outer, 1)
    framed.pane.click("#insert")
    expect(framed.pane.locator("[role=status]").last).to_have_text("Inserted.")
    ((given),) = framed.outer.evaluate("outlook.state.inserted")
    assert given["data"].startswith(begins)


def test_office_may_ask_whether_an_outlook_that_it_does_not_know_is_trusted(
    in_outlook: Callable[..., Framed],
) -> None:
    """As of a firm's own Exchange server: Office's script asks a page of Microsoft's, in a frame of the pane."""
    framed = in_outlook(Outlook(), "https://outlook.cloud.microsoft")
    framed.outer.wait_for_timeout(500)
    assert f"{CDN}AgaveErrorUX/index.html" in framed.asked
    assert [text for text in framed.refused if "Framing" in text] == []


def test_pane_without_offices_script_says_so(server: str, browser: Browser) -> None:
    context = browser.new_context(locale="en-US")
    context.route(OFFICE_JS, lambda route: route.abort())
    page = context.new_page()
    page.goto(f"{server}/addin/taskpane.html")
    expect(page.locator("[role=alert]")).to_contain_text("script could not be loaded")
    context.close()


def test_outlook_with_an_old_engine_is_told_so(server: str, browser: Browser) -> None:
    page = browser.new_page()
    page.goto(f"{server}/addin/about.html")
    assert "needs a newer Outlook" not in page.inner_text("body")
    page.add_script_tag(url="old.js")
    assert "needs a newer Outlook" in page.inner_text("body")
    source = page.request.get(f"{server}/addin/taskpane.html").text()
    assert '<script nomodule src="old.js"></script>' in source
    page.close()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_help_and_privacy_page_is_readable(open_pane: OpenPane, theme: str) -> None:
    page = open_pane(path="about.html", color_scheme=theme, viewport={"width": 390, "height": 800})
    assert violations(page) == []
    for language in ("en", "zh", "es"):
        expect(page.locator(f"#{language} h3")).to_have_count(3)
    screenshot(page, f"outlook-about-{theme}", full=True)
