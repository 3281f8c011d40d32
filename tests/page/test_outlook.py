"""The Outlook add-in's pane in real Chromium, served by a real server, in an Outlook of each requirement set."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from outlook import OFFICE_JS, PANE, STUB, Outlook
from pages import ROOT, screenshot
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect

DANGER, GOOD = "phishing-credential-link", "genuine-buyer-lagos"
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
        outlook: Outlook | None = None, connected: bool = True, expect_errors: bool = False, **options: Any
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
        page.goto(f"{server}/addin/taskpane.html")
        return page

    yield open_
    for context in contexts:
        context.close()
    assert wrong == []


def graded(page: Page) -> str:
    page.wait_for_selector("[data-grade]")
    return page.get_attribute("[data-grade]", "data-grade") or ""


def bars(page: Page, sample: str) -> list[dict[str, Any]]:
    found: dict[str, Any] = page.evaluate("id => outlook.state.bars[id] ?? {}", f"id-{sample}")
    assert set(found) <= {"keeneye"}
    return list(found.values())


@pytest.mark.parametrize(
    ("version", "seen"), [("1.5", "Only the visible text"), ("1.8", "Headers and visible text"), ("1.14", "")]
)
def test_message_is_graded_at_each_requirement_set(open_pane: OpenPane, version: str, seen: str) -> None:
    page = open_pane(Outlook(set=version))
    assert graded(page) in "DEF"
    unseen = page.locator(".ke-unseen")
    expect(unseen).to_have_count(1 if seen else 0)
    if seen:
        expect(unseen).to_contain_text(seen)
        expect(unseen).to_contain_text("This Outlook gives add-ins no more than this.")
    screenshot(page, f"outlook-{version}", full=True)
