"""The real server and real Chromium for the tests of the page. Every test fails on a console error and on any
request that would leave this machine."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from pages import ROOT, WIDE
from playwright.sync_api import Browser, BrowserContext, Page, Route, sync_playwright

CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
FLAGS = [
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="session")
def state(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The server's folder."""
    return tmp_path_factory.mktemp("state")


@pytest.fixture(scope="session")
def server(state: Path) -> Iterator[str]:
    """Address of a server with its own state and the project's geo tables."""
    if (ROOT / "var/geo").is_dir():
        (state / "geo").symlink_to(ROOT / "var/geo")
    log = state / "server.log"
    environment = {**os.environ, "KEENEYE_SERVER__STATE_DIR": str(state), "PYTHONPATH": str(ROOT / "server")}
    command = [sys.executable, "-c", "from keeneye.cli import main; main()", "serve", "--port", "0", "--workers", "1"]
    with (
        log.open("wb") as errors,
        subprocess.Popen(command, cwd=state, env=environment, stdout=subprocess.PIPE, stderr=errors, text=True) as run,
    ):
        assert run.stdout is not None
        line = run.stdout.readline()
        found = re.search(r"http://\S+", line)
        assert found, f"the server did not start: {line}{log.read_text()[-3000:]}"
        yield found.group().rstrip("/")
        run.terminate()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield chromium
        chromium.close()


@pytest.fixture
def open_page(server: str, browser: Browser) -> Iterator[Callable[..., Page]]:
    """``open_page(viewport=WIDE, theme="light", language="en-US", expect_errors=False)`` → the loaded page."""
    contexts: list[BrowserContext] = []
    wrong: list[str] = []
    local = urlsplit(server).netloc

    def guard(route: Route) -> None:
        if urlsplit(route.request.url).netloc == local:
            route.continue_()
        else:
            wrong.append(f"outside request: {route.request.url}")
            route.abort()

    def open_(
        viewport: dict[str, int] = WIDE, theme: str = "light", language: str = "en-US", expect_errors: bool = False
    ) -> Page:
        phone = viewport["width"] < 600
        context = browser.new_context(
            viewport=viewport,  # type: ignore[arg-type]
            color_scheme=theme,  # type: ignore[arg-type]
            locale=language,
            has_touch=phone,
            is_mobile=phone,
            reduced_motion="reduce",
        )
        context.set_default_timeout(10_000)
        contexts.append(context)
        context.route("**/*", guard)
        page = context.new_page()
        page.on("pageerror", lambda error: wrong.append(f"page error: {error}"))
        page.on("dialog", lambda dialog: wrong.append(f"dialog: {dialog.message}"))
        if not expect_errors:
            page.on("console", lambda m: wrong.append(f"console: {m.text}") if m.type in ("error", "warning") else None)
        page.goto(server + "/")
        page.wait_for_selector("[data-sample]")
        return page

    yield open_
    for context in contexts:
        context.close()
    assert wrong == []
