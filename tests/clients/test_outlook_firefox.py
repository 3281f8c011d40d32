"""The Outlook add-in's pane in real Firefox. A stand-in for Office's script comes through a small proxy, as Firefox's
protocol answers no request itself; everything else is the real server's, its policy included."""

from __future__ import annotations

import json
import threading
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from firefox import Firefox, firefox
from machine import Keeneye
from outlook import OFFICE_JS, STUB, THEMES, Outlook
from pages import AXE

DANGER = "phishing-credential-link"
PASSED = ("Content-Type", "Content-Security-Policy", "Cache-Control", "X-Content-Type-Options")


class Proxy(ThreadingHTTPServer):
    """Hands everything to the server; the page's script of Office is the stub, at the page's own address."""

    daemon_threads = True

    def __init__(self, server: str) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.server_url = server
        self.outlook = Outlook()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


class Handler(BaseHTTPRequestHandler):
    server: Proxy

    def do_GET(self) -> None:
        if self.path == "/stub.js":
            code = f"globalThis.outlookSetup = {json.dumps(self.server.outlook.setup())};\n{STUB}"
            self.answer(200, {"Content-Type": "text/javascript"}, code.encode())
            return
        length = int(self.headers.get("Content-Length") or 0)
        request = urllib.request.Request(
            self.server.server_url + self.path,
            data=self.rfile.read(length) if length else None,
            headers={k: v for k, v in self.headers.items() if k not in ("Host", "Content-Length", "Accept-Encoding")},
            method=self.command,
        )
        try:
            with urllib.request.urlopen(request, timeout=20) as reply:
                status, headers, body = reply.status, reply.headers, reply.read()
        except urllib.error.HTTPError as error:
            status, headers, body = error.code, error.headers, error.read()
        kept = {name: headers[name] for name in PASSED if headers[name]}
        self.answer(status, kept, body.replace(OFFICE_JS.encode(), b"/stub.js"))

    do_POST = do_DELETE = do_GET

    def answer(self, status: int, headers: dict[str, str], body: bytes) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *words: object) -> None:
        pass


@pytest.fixture(scope="module")
def browser(base: Path) -> Iterator[Firefox]:
    with firefox(base / "profile-firefox-outlook") as window:
        yield window


@pytest.fixture(scope="module")
def open_pane(server: Keeneye, browser: Firefox) -> Iterator[Callable[[Outlook], Firefox]]:
    token = server.command("token", "create", "outlook-firefox", "--quiet").split()[-1]
    proxy = Proxy(server.url)
    threading.Thread(target=proxy.serve_forever, daemon=True).start()

    def open_(outlook: Outlook) -> Firefox:
        outlook.roaming = {"token": token}
        proxy.outlook = outlook
        browser.go(f"{proxy.url}/addin/taskpane.html")
        browser.find("[data-grade], main .note")
        return browser

    yield open_
    proxy.shutdown()
    proxy.server_close()


def shown(browser: Firefox, grades: str) -> str:
    script = """for (let i = 0; i < 300; i += 1) {
      const grade = document.querySelector("[data-grade]")?.dataset.grade;
      if (grade && arguments_[0].includes(grade)) return grade;
      await new Promise(go => setTimeout(go, 50));
    }
    throw new Error(document.body.innerText);"""
    grade: str = browser.run(script, grades)
    return grade


@pytest.mark.parametrize(
    ("version", "seen"), [("1.5", "Only the visible text"), ("1.8", "Headers and visible text"), ("1.14", None)]
)
def test_message_is_graded_at_each_requirement_set(
    open_pane: Callable[[Outlook], Firefox], version: str, seen: str | None
) -> None:
    browser = open_pane(Outlook(set=version))
    assert shown(browser, "ABCDEF") == "F"
    text = browser.run("return document.querySelector('.ke-unseen')?.textContent ?? null")
    assert text is None if seen is None else seen in text
    bar = browser.run("return window.outlook.state.bars['id-' + arguments_[0]].keeneye", DANGER)
    assert bar["type"] == "errorMessage"
    assert len(bar["message"]) <= 150
    browser.shot(f"firefox-outlook-{version}")


def test_pinned_pane_follows_the_message(open_pane: Callable[[Outlook], Firefox]) -> None:
    browser = open_pane(Outlook())
    shown(browser, "F")
    browser.run("window.outlook.open(1)")
    shown(browser, "AB")
    browser.run("window.outlook.open(0)")
    shown(browser, "F")


@pytest.mark.parametrize("theme", sorted(THEMES))
def test_offices_theme_is_followed_and_readable(open_pane: Callable[[Outlook], Firefox], theme: str) -> None:
    browser = open_pane(Outlook(samples=("domestic-competitor",), theme=THEMES[theme]))
    shown(browser, "D")
    found = browser.run(
        f"{AXE}\nreturn (await window.axe.run(document, {{resultTypes: ['violations']}})).violations"
        ".flatMap(v => v.nodes.map(n => v.id + ': ' + n.target + ' ' + n.failureSummary));"
    )
    assert found == []
    assert browser.run("return document.documentElement.dataset.theme") == ("light" if theme == "light" else "dark")
    browser.shot(f"firefox-outlook-{theme}")
