"""Chromium with the built extension, and what a test sees inside closed shadow roots (through the debugger only)."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import time
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from machine import ROOT, USER, Keeneye
from playwright.sync_api import BrowserContext, CDPSession, Page, Worker, sync_playwright

CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
NODE = os.environ.get("NODE", "node")
SCREENSHOTS = ROOT / "var/screenshots"
AXE = (ROOT / "node_modules/axe-core/axe.min.js").read_text("utf-8")
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip


# The worker's own fetch, watched: what leaves the browser, and to whom.
WATCH = """() => {
  globalThis.sent = [];
  const real = globalThis.fetch;
  globalThis.fetch = async (url, init) => {
    const body = init?.body instanceof Uint8Array ? init.body : null;
    const hash = body && [...new Uint8Array(await crypto.subtle.digest("SHA-256", body))]
      .map(b => b.toString(16).padStart(2, "0")).join("");
    globalThis.sent.push({url: String(url), hash});
    return real(url, init);
  };
}"""


def verdict(server: Keeneye, token: str, raw: bytes) -> dict[str, Any]:
    """What the server says of a message that is sent to it directly."""
    request = urllib.request.Request(
        f"{server.url}/api/v1/grade?mailbox={USER}",
        raw,
        {"Content-Type": "message/rfc822", "Authorization": f"Bearer {token}"},
    )
    with urllib.request.urlopen(request) as answer:
        said: dict[str, Any] = json.loads(answer.read())
        return said


def build(out: Path, *hosts: str) -> Path:
    """The extension as an organisation with these sites would package it."""
    command = [NODE, str(ROOT / "extension/build-extension.mjs"), "--out", str(out), "--hosts", ",".join(hosts)]
    subprocess.run(command, check=True, stdout=subprocess.PIPE)
    return out


@dataclass
class Box:
    """A piece of a shadow root as it lies in the window."""

    text: str
    label: str
    html: str
    x: float
    y: float
    width: float
    height: float
    host: bool  # whether the place belongs to one of our hosts: nothing of the page covers it

    @property
    def middle(self) -> tuple[float, float]:
        return self.x + self.width / 2, self.y + self.height / 2


# Runs on a shadow root. Coordinates are those of the outermost window.
LOOK = """function (selector) {
  const found = this.querySelector(selector);
  if (found === null) return null;
  let {x, y, width, height} = found.getBoundingClientRect();
  const document = this.ownerDocument;
  const top = document.elementFromPoint(x + width / 2, y + height / 2);
  const seen = width > 0 && height > 0 && (top === this.host || this.host.contains(top));
  for (let view = document.defaultView; view.frameElement; view = view.parent) {
    const frame = view.frameElement.getBoundingClientRect();
    const style = view.parent.getComputedStyle(view.frameElement);
    x += frame.x + parseFloat(style.borderLeftWidth);
    y += frame.y + parseFloat(style.borderTopWidth);
  }
  return {text: found.innerText ?? "", label: found.getAttribute("aria-label") ?? "", html: found.outerHTML,
          x, y, width, height, host: seen};
}"""


class Reader:
    """Somebody who reads mail: sees the page as it is painted, presses what is there."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self._cdp: CDPSession = page.context.new_cdp_session(page)

    def roots(self) -> list[int]:
        """Backend ids of every shadow root of the extension, in the order of the document, frames included."""
        document = self._cdp.send("DOM.getDocument", {"depth": -1, "pierce": True})["root"]
        found: list[int] = []

        def walk(node: dict[str, Any]) -> None:
            attributes = node.get("attributes", [])
            ours = "data-keeneye" in attributes[::2]
            for root in node.get("shadowRoots", []):
                if ours:
                    assert root["shadowRootType"] == "closed"
                    found.append(root["backendNodeId"])
            for child in [*node.get("children", []), *([node["contentDocument"]] if "contentDocument" in node else [])]:
                walk(child)

        walk(document)
        return found

    def call(self, root: int, function: str, *arguments: Any) -> Any:
        """Run a function on a shadow root; ``this`` is the root."""
        node = self._cdp.send("DOM.resolveNode", {"backendNodeId": root})
        done = self._cdp.send(
            "Runtime.callFunctionOn",
            {
                "objectId": node["object"]["objectId"],
                "functionDeclaration": function,
                "arguments": [{"value": a} for a in arguments],
                "returnByValue": True,
                "awaitPromise": True,
            },
        )
        if "exceptionDetails" in done:
            raise AssertionError(done["exceptionDetails"])
        return done["result"].get("value")

    def all(self, selector: str) -> list[Box]:
        boxes = []
        for root in self.roots():
            with contextlib.suppress(Exception):  # the root left the page between the two questions
                found = self.call(root, LOOK, selector)
                if found is not None:
                    boxes.append(Box(**found))
        return boxes

    def see(self, selector: str, where: Callable[[Box], bool] = lambda _: True, seconds: float = 15) -> Box:
        """The one visible piece that fits. Raises AssertionError with what is there instead."""
        deadline = time.monotonic() + seconds
        while True:
            boxes = self.all(selector)
            fitting = [b for b in boxes if b.host and where(b)]
            if len(fitting) == 1:
                return fitting[0]
            if time.monotonic() > deadline:
                self.shot("failed")
                raise AssertionError(f"{selector}: {[(b.text, b.label, b.host) for b in boxes]}")
            time.sleep(0.05)

    def wait_until(self, holds: Callable[[], bool], seconds: float = 15) -> None:
        """Raises AssertionError when it does not hold in time."""
        deadline = time.monotonic() + seconds
        while not holds():
            if time.monotonic() > deadline:
                self.shot("failed")
                raise AssertionError("did not come to hold")
            self.page.wait_for_timeout(50)

    def reach(self, selector: str) -> Box:
        """A piece of the open breakdown, scrolled to where it is seen."""
        self.see(".ke-panel[open]")
        has = "function (selector) { return !!this.querySelector(selector) }"
        root = next(r for r in self.roots() if self.call(r, has, selector))
        self.call(root, "function (s) { this.querySelector(s).scrollIntoView({block: 'center'}) }", selector)
        return self.see(selector)

    def badge(self, grade: str | None = None, seconds: float = 15) -> Box:
        """The badge once it is graded, with this grade when one is named."""
        fits: Callable[[Box], bool] = lambda b: grade is None or f'data-grade="{grade}"' in b.html  # noqa: E731
        return self.see("button.ke-badge[data-grade]", fits, seconds)

    def never(self, selector: str) -> None:
        assert [b for b in self.all(selector) if b.host] == []

    def press(self, box: Box) -> None:
        self.page.mouse.click(*box.middle)

    def shot(self, name: str) -> None:
        SCREENSHOTS.mkdir(parents=True, exist_ok=True)
        self.page.screenshot(path=SCREENSHOTS / f"{name}.png")


@contextlib.contextmanager
def chromium(
    extension: Path,
    profile: Path,
    configured: bool = False,
    display: str | None = None,
    **options: Any,
) -> Iterator[BrowserContext]:
    """A browser with a fresh profile, its extension installed and, unless ``configured`` by policy, not set up. On an
    X ``display`` it has a window, and what belongs to the browser itself can be pressed there."""
    loaded = str(extension / "chromium")
    shown = {"env": {**os.environ, "DISPLAY": display}} if display else {}
    with sync_playwright() as playwright:
        context = playwright.chromium.launch_persistent_context(
            str(profile),
            executable_path=CHROMIUM,
            headless=display is None,
            args=[*FLAGS, f"--disable-extensions-except={loaded}", f"--load-extension={loaded}"],
            ignore_default_args=["--disable-extensions"],
            **{"viewport": {"width": 1440, "height": 900}, "reduced_motion": "reduce", **shown, **options},
        )
        context.set_default_timeout(30_000)
        if not configured:
            wait_for_settings(context)
        yield context
        context.close()


def wait_for_settings(context: BrowserContext) -> None:
    """They open by themselves after the installation, in the tab that is there: it stays, or the window closes."""
    for _ in range(1000):
        if any(page.url.endswith("/options.html") for page in context.pages):
            return
        context.pages[0].wait_for_timeout(30)
    raise TimeoutError([page.url for page in context.pages])


def worker(context: BrowserContext) -> Worker:
    return context.service_workers[0] if context.service_workers else context.wait_for_event("serviceworker")


def configure(context: BrowserContext, **values: Any) -> None:
    """Set what the options page sets."""
    worker(context).evaluate("values => chrome.storage.local.set(values)", values)
