"""What belongs to Chromium itself and not to a page: its question for a site and its context menu, in a real window."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from browser import build, chromium, configure, worker
from machine import ROOT, Keeneye, packages
from playwright.sync_api import BrowserContext, expect

LETTER = "Dear Ms. Chen,\nwe are Andes Fluidos in Lima. Please quote 2,000 pcs ball valve DN50, PN16, CIF Callao.\n"


@pytest.fixture(scope="module")
def display() -> Iterator[str]:
    packages("xvfb", "xdotool", "imagemagick")
    reading, writing = os.pipe()
    command = ["Xvfb", "-displayfd", str(writing), "-screen", "0", "1280x900x24", "-nolisten", "tcp"]
    with subprocess.Popen(command, pass_fds=[writing], stderr=subprocess.DEVNULL) as server:
        os.close(writing)
        with os.fdopen(reading) as told:
            yield f":{told.readline().strip()}"
        server.terminate()


@pytest.fixture(scope="module")
def context(base: Path, display: str, server: Keeneye) -> Iterator[BrowserContext]:
    """As it comes from the store: no site is granted."""
    made = build(base / "extension-headed")
    with chromium(made, base / "profile-headed", display=display, viewport=None, no_viewport=True) as browser:
        token = server.command("token", "create", "headed", "--quiet")
        configure(browser, server=server.url, token=token, language="en")
        yield browser


def press(display: str, *keys: str) -> None:
    """Keys go to whatever has the focus, the browser's own dialogs and menus included."""
    for key in keys:
        time.sleep(0.4)
        subprocess.run(["xdotool", "key", key], env={**os.environ, "DISPLAY": display}, check=True)


def shot(display: str, name: str) -> None:
    """The whole screen, which no browser pictures."""
    (ROOT / "var/screenshots").mkdir(parents=True, exist_ok=True)
    target = str(ROOT / f"var/screenshots/{name}.png")
    subprocess.run(["import", "-display", display, "-window", "root", target], check=True)


def granted(context: BrowserContext) -> list[str]:
    return list(worker(context).evaluate("async () => (await chrome.permissions.getAll()).origins"))


def test_the_browser_asks_before_a_site_is_switched_on(context: BrowserContext, display: str) -> None:
    page = next(page for page in context.pages if page.url.endswith("/options.html"))
    page.bring_to_front()
    page.fill("#own", "https://mail.firm.example")
    page.click("#add")
    page.wait_for_timeout(1500)
    shot(display, "chromium-asks")
    press(display, "space")  # the focus stands on "Deny"
    expect(page.locator("#status")).to_contain_text("did not give Keeneye this permission")
    assert granted(context) == []
    page.click("#add")
    page.wait_for_timeout(1500)
    press(display, "Tab", "space")
    expect(page.locator("#sites li[data-on=true] button[aria-label*='mail.firm.example']")).to_be_visible()
    expect(page.locator("#status")).to_be_empty()
    assert granted(context) == ["https://mail.firm.example/*"]


def test_selected_text_is_graded_by_the_context_menu(context: BrowserContext, display: str, server: Keeneye) -> None:
    page = context.new_page()
    page.route("**/*", lambda route: route.fulfill(body=f"<pre>{LETTER}</pre>", content_type="text/html"))
    page.goto("http://127.0.0.1/letter")
    page.bring_to_front()
    page.evaluate("() => getSelection().selectAllChildren(document.querySelector('pre'))")
    graded = server.log.read_text().count('"/api/v1/grade"')
    page.locator("pre").click(button="right", position={"x": 60, "y": 10})
    press(display, "g")  # the only item that begins so
    popup = "async () => (await chrome.runtime.getContexts({contextTypes: ['POPUP']})).length"
    for _ in range(100):
        if server.log.read_text().count('"/api/v1/grade"') > graded and worker(context).evaluate(popup) == 1:
            break
        page.wait_for_timeout(100)
    shot(display, "chromium-context-menu")
    assert server.log.read_text().count('"/api/v1/grade"') == graded + 1
    assert worker(context).evaluate(popup) == 1
    page.close()
