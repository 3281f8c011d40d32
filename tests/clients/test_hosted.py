"""The extension under the real origins of hosted webmail (dated pages, nothing leaves the machine); its own pages."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from browser import AXE, Box, Reader, build, chromium, configure, worker
from machine import ROOT, Keeneye
from playwright.sync_api import BrowserContext, Page, Route, expect

PAGES = ROOT / "tests/extension/adapters"
CASES = sorted(
    path.relative_to(PAGES).with_suffix("").as_posix()
    for path in PAGES.glob("*/*.json")
    if json.loads(path.read_text("utf-8"))["mails"]
)
LETTER = "Dear Ms. Chen,\n\nwe are Andes Fluidos in Lima. Please quote 2,000 pcs ball valve DN50, PN16, CIF Callao.\n"


@pytest.fixture(scope="module")
def context(base: Path, server: Keeneye) -> Iterator[BrowserContext]:
    expected = [json.loads(path.read_text("utf-8")) for path in PAGES.glob("*/*.json")]
    hosts = {f"https://{urlsplit(one['url']).hostname}/*" for one in expected}
    made = build(base / "extension-hosted", "http://127.0.0.1/*", *sorted(hosts))
    with chromium(made, base / "profile-hosted") as browser:
        token = server.command("token", "create", "hosted", "--quiet")
        configure(browser, server=server.url, token=token, language="en")
        yield browser


def violations(page: Page) -> list[str]:
    page.evaluate(AXE)
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']}).then(r => r.violations)")
    return [f"{v['id']}: {n['target']} {n['failureSummary']}" for v in found for n in v["nodes"]]


# --------------------------------------------------------------------------- hosted webmail


@contextlib.contextmanager
def shown(context: BrowserContext, case: str) -> Iterator[tuple[Reader, dict[str, Any]]]:
    """The dated page under its real origin, each message of it graded. Fails on any error in the page."""
    expected: dict[str, Any] = json.loads((PAGES / f"{case}.json").read_text("utf-8"))
    html = (PAGES / f"{case}.html").read_text("utf-8")
    wrong: list[str] = []

    def answer(route: Route) -> None:
        known = expected["answers"].get(route.request.url)
        if known is not None:
            route.fulfill(body=known["body"], content_type=known["type"])
        elif route.request.is_navigation_request() and route.request.frame.parent_frame is None:
            route.fulfill(body=html, content_type="text/html; charset=utf-8")
        else:
            route.fulfill(status=404)

    page = context.new_page()
    page.route("**/*", answer)
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.goto(expected["url"])
    reader = Reader(page)
    reader.wait_until(lambda: len(badges(reader)) == len(expected["mails"]))
    yield reader, expected
    page.close()
    assert wrong == []


def badges(reader: Reader) -> list[Box]:
    return [b for b in reader.all("button.ke-badge[data-grade]") if b.host]


@pytest.mark.parametrize("case", CASES)
def test_each_open_message_has_a_visible_badge_under_the_real_origin(context: BrowserContext, case: str) -> None:
    with shown(context, case) as (reader, _):
        reader.shot(f"hosted-{case.replace('/', '-')}")


@pytest.mark.parametrize("case", [case for case in CASES if case.endswith("conversation")])
def test_each_badge_of_a_conversation_stands_at_its_own_message(context: BrowserContext, case: str) -> None:
    with shown(context, case) as (reader, expected):
        tops = [reader.page.locator(mail["banner"]).first.bounding_box() for mail in expected["mails"]]
        # Every badge stands above its own text and below the text before it.
        marks = sorted([*[(top["y"], "text") for top in tops if top], *[(b.y, "badge") for b in badges(reader)]])
        assert [kind for _, kind in marks] == ["badge", "text"] * len(expected["mails"])


@pytest.mark.parametrize(
    "case", [case for case in CASES if "reply" in json.loads((PAGES / f"{case}.json").read_text())]
)
def test_questions_go_into_a_reply_of_hosted_mail(context: BrowserContext, case: str) -> None:
    """Into the one that is open, else into the one that the page's own button opens a little later."""
    with shown(context, case) as (reader, expected):
        reader.press(badges(reader)[0])
        reader.press(reader.reach("[data-press='next.insert']"))
        box = reader.page.locator(expected["reply"]["box"])
        expect(box).to_be_visible()
        said = "box => box.value ?? box.innerText"
        reader.wait_until(lambda: str(box.evaluate(said)).count("- ") >= 2)
        assert expected["reply"]["kept"] in box.evaluate(said)
        reader.shot(f"hosted-reply-{case.split('/')[0]}")


def test_questions_are_copied_where_no_reply_can_be_found(context: BrowserContext) -> None:
    with shown(context, "roundcube/2026-11-preview") as (reader, _):
        context.grant_permissions(["clipboard-read", "clipboard-write"])
        reader.press(badges(reader)[0])
        reader.press(reader.reach("[data-press='next.insert']"))
        reader.see("[data-section=next] [role=status]", lambda b: "Copied. Open a reply" in b.text)
        assert reader.page.evaluate("() => navigator.clipboard.readText()").startswith("- ")
        context.clear_permissions()


# --------------------------------------------------------------------------- settings and popup


def extension_page(context: BrowserContext, name: str) -> Page:
    page = context.new_page()
    page.goto(worker(context).url.rsplit("/", 1)[0] + f"/{name}")
    return page


def test_pairing_testing_and_language_in_the_settings(context: BrowserContext, server: Keeneye) -> None:
    page = extension_page(context, "options.html")
    status = page.locator("#status")
    page.fill("#server", "not an address")
    page.click("#save")
    expect(status).to_have_text("This is not the address of a server.")
    page.fill("#server", server.url)
    page.fill("#code", "0000-0000")
    page.click("#pair")
    expect(status).to_have_text("The code is wrong, was used already or is older than ten minutes.")
    page.fill("#code", server.command("pair", "settings").split()[-1])
    page.click("#pair")
    expect(status).to_have_text("The server answers and accepts the token.")
    page.click("#test")
    expect(status).to_have_text("The server answers and accepts the token.")
    page.fill("#token", "kee_wrong")
    page.click("#save")
    expect(status).to_have_text("Saved.")
    page.click("#test")
    expect(status).to_have_text("The server does not accept this token. It may have been revoked.")
    configure(context, token=server.command("token", "create", "settings-again", "--quiet"))
    page.reload()
    page.select_option("#language-choice", "zh-CN")
    expect(page.locator("h1")).to_have_text("Keeneye 设置")
    page.select_option("#language-choice", "en")
    expect(page.locator("#sites li")).not_to_have_count(0)
    page.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_settings_are_accessible(context: BrowserContext, scheme: str) -> None:
    page = extension_page(context, "options.html")
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    page.wait_for_selector("#sites li")
    page.screenshot(path=ROOT / f"var/screenshots/options-{scheme}.png", full_page=True)
    assert violations(page) == []
    page.close()


def test_selected_text_is_graded_in_the_popup(context: BrowserContext) -> None:
    worker(context).evaluate("text => chrome.storage.session.set({selection: text})", LETTER)
    page = extension_page(context, "popup.html#page")
    page.wait_for_selector(".ke-breakdown .ke-badge")
    assert "Only the visible text could be read here" in page.inner_text(".ke-breakdown")
    assert "ball valve DN50" in page.inner_text(".ke-breakdown")
    page.screenshot(path=ROOT / "var/screenshots/popup-selection.png", full_page=True)
    assert violations(page) == []
    page.close()
    again = extension_page(context, "popup.html#page")  # the text was used up
    again.wait_for_selector(".note")
    assert again.locator(".ke-breakdown").count() == 0
    again.close()


def test_popup_says_that_the_server_is_away(context: BrowserContext) -> None:
    before = worker(context).evaluate("async () => (await chrome.storage.local.get('server')).server")
    configure(context, server="http://127.0.0.1:9")
    worker(context).evaluate("text => chrome.storage.session.set({selection: text})", LETTER)
    page = extension_page(context, "popup.html#page")
    expect(page.locator(".note")).to_contain_text("does not answer")
    page.close()
    configure(context, server=before)
