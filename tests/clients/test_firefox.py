"""The package for the store in Firefox: settings, pairing and sites as a reader sets them, then real Roundcube."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from browser import build
from firefox import Firefox, firefox
from machine import PASSWORD, USER, Keeneye, Mailbox, roundcube
from messages import uid


@pytest.fixture(scope="module")
def browser(base: Path) -> Iterator[Firefox]:
    with firefox(base / "profile-firefox") as window:
        yield window


@pytest.fixture(scope="module")
def webmail(base: Path, mailbox: Mailbox) -> Iterator[str]:
    (base / "firefox").mkdir()
    with roundcube(base / "firefox", mailbox) as address:
        yield address


@pytest.fixture(scope="module")
def ready(browser: Firefox, base: Path, server: Keeneye, webmail: str) -> Firefox:
    """Paired with the server and switched on for the webmail, by hand in the settings page."""
    pages = browser.install(build(base / "store") / "firefox")
    browser.go(f"{pages}options.html")
    assert browser.text("h1") == "Keeneye settings"
    browser.type("#server", server.url)
    browser.type("#code", "0000-0000")
    browser.click("#pair")
    browser.wait_text("#status", "The code is wrong")
    browser.type("#code", server.command("pair", "firefox").split()[-1])
    browser.click("#pair")
    browser.wait_text("#status", "accepts the token")
    browser.type("#own", webmail)
    browser.click("#add")
    browser.find("li[data-on=true]")
    browser.shot("firefox-options")
    browser.go(webmail)
    browser.type("#rcmloginuser", USER)
    browser.type("#rcmloginpwd", PASSWORD)
    browser.click("#rcmloginsubmit")
    browser.find("#messagelist tr.message")
    return browser


def choose(browser: Firefox, name: str) -> None:
    browser.click(f"#messagelist td.subject a[href*='_uid={uid(name)}&']")


def test_badge_banner_and_guard_in_the_preview(ready: Firefox, webmail: str) -> None:
    choose(ready, "phishing-credential-link")
    badge = ready.see("button.ke-badge[data-grade]")
    assert badge["grade"] == "F"
    assert badge["height"] == pytest.approx(28, abs=1)
    ready.see(".ke-banner", "password")
    ready.shot("firefox-phishing")
    ready.ask("WebDriver:SwitchToFrame", {"element": ready.find("#messagecontframe")})
    ready.click("#messagebody [data-keeneye-guard]")
    ready.ask("WebDriver:SwitchToFrame", {"id": None})
    ready.see("dialog.ke-guard[open]", "mail-login.sample-view.example")
    ready.shot("firefox-guard")
    keep = ready.see("button.ke-keep")
    ready.press_at(keep["x"] + keep["width"] / 2, keep["y"] + keep["height"] / 2)
    assert ready.look("dialog.ke-guard[open]") is None


@pytest.mark.parametrize(
    ("name", "grade"), [("order-ready-bremen", "A"), ("inquiry-chinese-penang", None), ("inquiry-arabic-jeddah", None)]
)
def test_badge_of_good_mail(ready: Firefox, name: str, grade: str | None) -> None:
    ready.go(ready.run("return location.origin") + "/?_task=mail&_mbox=INBOX")
    choose(ready, name)
    badge = ready.see("button.ke-badge[data-grade]")
    assert grade in (None, badge["grade"])
    ready.shot(f"firefox-{name}")


def test_breakdown_in_the_full_view(ready: Firefox, webmail: str) -> None:
    ready.go(f"{webmail}?_task=mail&_action=show&_uid={uid('order-ready-bremen')}&_mbox=INBOX")
    badge = ready.see("button.ke-badge[data-grade]")
    ready.press_at(badge["x"] + 12, badge["y"] + 14)
    panel = ready.see(".ke-panel[open]", "Ready to order")
    assert "Only the visible text" not in panel["text"]
    ready.shot("firefox-breakdown")


def test_raw_source_is_sent_byte_for_byte(ready: Firefox, webmail: str, server: Keeneye, mailbox: Mailbox) -> None:
    name = "potential-customer-lima"
    ready.go(f"{webmail}?_task=mail&_action=show&_uid={uid(name)}&_mbox=INBOX")
    ready.see("button.ke-badge[data-grade]")
    graded = [line for line in server.log.read_text().splitlines() if '"/api/v1/grade"' in line]
    assert json.loads(graded[-1])["bytes_in"] == len(mailbox.stored(name))


def test_list_marks(ready: Firefox, webmail: str) -> None:
    ready.go(f"{webmail}?_task=mail&_mbox=INBOX")
    assert ready.see(".ke-mini")["label"] != ""
    ready.shot("firefox-list")


def test_server_stopped_and_started(ready: Firefox, webmail: str, server: Keeneye) -> None:
    server.stop()
    try:
        ready.go(f"{webmail}?_task=mail&_action=show&_uid={uid('newsletter')}&_mbox=INBOX")
        failed = ready.see("button.ke-badge:not([data-grade]):not([disabled])", "does not answer")
        ready.shot("firefox-server-down")
    finally:
        server.start()
    ready.press_at(failed["x"] + 12, failed["y"] + 14)
    ready.see("button.ke-badge[data-grade]")


def test_selected_text_is_graded_by_the_context_menu(ready: Firefox, webmail: str) -> None:
    ready.go(f"{webmail}?_task=mail&_action=show&_uid={uid('potential-customer-lima')}&_mbox=INBOX")
    ready.find("#messagebody")
    x, y = ready.run(
        """const body = document.querySelector("#messagebody");
        getSelection().selectAllChildren(body);
        const {x, y} = [...getSelection().getRangeAt(0).getClientRects()].find(r => r.width > 60 && r.height > 8);
        return [x + 40, y + 6];"""
    )
    ready.press_at(x, y, button=2)
    ready.choose_from_menu("Grade the selected text")
    # In a popup of the toolbar or, where the browser opens none, in a tab.
    graded = ready.in_extension(".ke-breakdown .ke-type")
    assert "otential customer" in graded["text"]
    assert "Only the visible text could be read here" in ready.in_extension(".ke-unseen")["text"]


def test_the_browser_asks_before_a_site_is_switched_on(ready: Firefox) -> None:
    pages = ready.run("return WebExtensionPolicy.getByID('keeneye@keeneye.example').getURL('')", chrome=True)
    ready.go(f"{pages}options.html")
    ready.set_pref("extensions.webextOptionalPermissionPrompts", True)
    try:
        ready.type("#own", "https://mail.firm.example")
        ready.click("#add")
        assert "mail.firm.example" in ready.answer_prompt(allow=False)
        ready.wait_text("#status", "did not give Keeneye this permission")
        ready.click("#add")
        ready.answer_prompt(allow=True)
        ready.find("#sites li[data-on=true] button[aria-label*='mail.firm.example']")
    finally:
        ready.set_pref("extensions.webextOptionalPermissionPrompts", False)
