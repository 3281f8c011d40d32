"""Firefox through its Marionette protocol (length-prefixed JSON on a socket), as far as the tests need it."""

from __future__ import annotations

import base64
import contextlib
import itertools
import json
import os
import socket
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from browser import SCREENSHOTS
from machine import free_port, start, stop

FIREFOX = os.environ.get("FIREFOX", "/usr/bin/firefox-esr")
ELEMENT = "element-6066-11e4-a52e-4f735466cecf"
PREFS: dict[str, Any] = {
    "browser.shell.checkDefaultBrowser": False,
    "browser.startup.page": 0,
    "datareporting.policy.dataSubmissionEnabled": False,
    "app.update.enabled": False,
    "app.normandy.enabled": False,
    "extensions.getAddons.cache.enabled": False,
    "extensions.update.enabled": False,
    "network.captive-portal-service.enabled": False,
    "network.connectivity-service.enabled": False,
    "services.settings.server": "data:,#remote-settings-dummy/v1",
    "toolkit.telemetry.enabled": False,
    "ui.prefersReducedMotion": 1,
    "security.notification_enable_delay": 0,
    # The reader's answer to the browser's question, which no test can press in a headless window.
    "extensions.webextOptionalPermissionPrompts": False,
}


class Firefox:
    """One window. Scripts run in pages, or with ``chrome`` in the browser itself, which sees closed shadow roots."""

    def __init__(self, port: int) -> None:
        deadline = time.monotonic() + 120
        while True:
            try:
                self._socket = socket.create_connection(("127.0.0.1", port), 60)
                break
            except OSError:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.2)
        self._socket.settimeout(120)
        self._stream = self._socket.makefile("rb")
        self._ids = itertools.count(1)
        self._read()
        self.ask("WebDriver:NewSession", {})
        self.ask("WebDriver:SetTimeouts", {"script": 60000, "pageLoad": 90000, "implicit": 10000})

    def _read(self) -> Any:
        digits = b""
        while (sign := self._stream.read(1)) != b":":
            if not sign:
                raise ConnectionError("Firefox has ended")
            digits += sign
        return json.loads(self._stream.read(int(digits)))

    def ask(self, command: str, parameters: dict[str, Any]) -> Any:
        body = json.dumps([0, next(self._ids), command, parameters]).encode()
        self._socket.sendall(str(len(body)).encode() + b":" + body)
        _, _, error, result = self._read()
        if error:
            raise RuntimeError(f"{error.get('error')}: {error.get('message')}")
        return result

    def close(self) -> None:
        self._stream.close()
        self._socket.close()

    def run(self, script: str, *arguments: Any, chrome: bool = False) -> Any:
        """The value of a function body; it may await."""
        self.ask("Marionette:SetContext", {"value": "chrome" if chrome else "content"})
        wrapped = (
            f"const done = arguments[arguments.length - 1]; (async (...arguments_) => {{ {script} }})(...arguments)"
        )
        wrapped += ".then(value => done({value}), error => done({error: String(error)}))"
        try:
            result = self.ask("WebDriver:ExecuteAsyncScript", {"script": wrapped, "args": list(arguments)})["value"]
        finally:
            self.ask("Marionette:SetContext", {"value": "content"})
        if "error" in result:
            raise RuntimeError(result["error"])
        return result.get("value")

    def go(self, url: str) -> None:
        self.ask("WebDriver:Navigate", {"url": url})

    def find(self, selector: str) -> str:
        found = self.ask("WebDriver:FindElement", {"using": "css selector", "value": selector})
        element: str = found["value"][ELEMENT]
        return element

    def click(self, selector: str) -> None:
        self.ask("WebDriver:ElementClick", {"id": self.find(selector)})

    def type(self, selector: str, text: str) -> None:
        element = self.find(selector)
        self.ask("WebDriver:ElementClear", {"id": element})
        self.ask("WebDriver:ElementSendKeys", {"id": element, "text": text})

    def text(self, selector: str) -> str:
        value: str = self.ask("WebDriver:GetElementText", {"id": self.find(selector)})["value"]
        return value

    def press_at(self, x: float, y: float, button: int = 0) -> None:
        move = {"type": "pointerMove", "x": round(x), "y": round(y), "duration": 0, "origin": "viewport"}
        pointer = [move, {"type": "pointerDown", "button": button}, {"type": "pointerUp", "button": button}]
        action = {"type": "pointer", "id": "mouse", "parameters": {"pointerType": "mouse"}, "actions": pointer}
        self.ask("WebDriver:PerformActions", {"actions": [action]})
        self.ask("WebDriver:ReleaseActions", {})

    def set_pref(self, name: str, on: bool) -> None:
        self.run("Services.prefs.setBoolPref(arguments_[0], arguments_[1])", name, on, chrome=True)

    def choose_from_menu(self, label: str) -> None:
        """An item of the page's context menu, which must be open or opening."""
        script = """
          const menu = document.getElementById("contentAreaContextMenu");
          for (let i = 0; i < 200; i += 1) {
            const item = menu.state === "open" ? menu.querySelector(`menuitem[label="${arguments_[0]}"]`) : null;
            if (item) return void menu.activateItem(item);
            await new Promise(go => setTimeout(go, 50));
          }
          throw new Error(`${menu.state}: ${[...menu.querySelectorAll("menuitem:not([hidden])")].map(i => i.label)}`);
        """
        self.run(script, label, chrome=True)

    def answer_prompt(self, allow: bool) -> str:
        """Press a button of the browser's own question. What it asks."""
        script = """
          for (let i = 0; i < 200; i += 1) {
            const asked = document.querySelector("#notification-popup popupnotification:not([hidden])");
            if (PopupNotifications.isPanelOpen && asked) {
              const words = asked.textContent;
              const labels = [...asked.attributes].map(a => a.value).join(" ");
              (arguments_[0] ? asked.button : asked.secondaryButton).click();
              return words + labels;
            }
            await new Promise(go => setTimeout(go, 50));
          }
          throw new Error("the browser asks nothing");
        """
        words: str = self.run(script, allow, chrome=True)
        return words

    def in_extension(self, selector: str, seconds: float = 20) -> dict[str, Any]:
        """A piece of the extension's own page in the newest tab or the toolbar's popup."""
        deadline = time.monotonic() + seconds
        while True:
            found: dict[str, Any] | None = self.run(IN_EXTENSION, selector, chrome=True)
            if found is not None:
                return found
            if time.monotonic() > deadline:
                raise AssertionError(selector)
            time.sleep(0.1)

    def shot(self, name: str) -> None:
        SCREENSHOTS.mkdir(parents=True, exist_ok=True)
        picture = self.ask("WebDriver:TakeScreenshot", {"full": False, "hash": False})["value"]
        (SCREENSHOTS / f"{name}.png").write_bytes(base64.b64decode(picture))

    # ------------------------------------------------------------------ the extension

    def wait_text(self, selector: str, words: str) -> None:
        """Raises AssertionError when the element does not come to hold the words."""
        script = """
          for (let i = 0; i < 400; i += 1) {
            const text = document.querySelector(arguments_[0])?.textContent ?? "";
            if (text.includes(arguments_[1])) return text;
            await new Promise(resolve => setTimeout(resolve, 50));
          }
          return document.querySelector(arguments_[0])?.textContent ?? "";
        """
        assert words in self.run(script, selector, words)

    def install(self, folder: Path, configured: bool = False) -> str:
        """Load an extension; the address of its pages. ``configured``: by policy, so that no settings open."""
        name = self.ask("Addon:Install", {"path": str(folder), "temporary": True})["value"]
        address: str = self.run(
            "return WebExtensionPolicy.getByID(arguments_[0]).getURL('')", name, chrome=True
        )  # the id in the address is drawn anew for every profile
        if configured:
            return address
        # The settings open by themselves at the first installation: go on in the tab that was there.
        self.run(
            """for (let i = 0; i < 200 && gBrowser.tabs.length < 2; i += 1) await new Promise(go => setTimeout(go, 50));
            gBrowser.selectedTab = gBrowser.tabs[0];
            for (const tab of [...gBrowser.tabs].slice(1)) gBrowser.removeTab(tab);""",
            chrome=True,
        )
        return address

    def look(self, selector: str) -> dict[str, Any] | None:
        """The first piece of our closed shadow roots that fits and is painted, in the page or one of its frames."""
        found: dict[str, Any] | None = self.run(LOOK, selector, chrome=True)
        return found

    def see(self, selector: str, words: str = "", seconds: float = 30) -> dict[str, Any]:
        deadline = time.monotonic() + seconds
        while True:
            found = self.look(selector)
            if found is not None and found["seen"] and words in found["label"] + found["text"]:
                return found
            if time.monotonic() > deadline:
                self.shot("firefox-failed")
                raise AssertionError(f"{selector} {words!r}: {found}")
            time.sleep(0.1)


LOOK = """
const {selector} = {selector: arguments_[0]};
const task = `(${function (selector) {
  const look = (document, left, top) => {
    for (const host of document.querySelectorAll("[data-keeneye]")) {
      const root = host.openOrClosedShadowRoot;
      const found = root?.querySelector(selector);
      if (!found) continue;
      const {x, y, width, height} = found.getBoundingClientRect();
      const at = document.elementFromPoint(x + width / 2, y + height / 2);
      return {text: found.innerText ?? "", label: found.getAttribute("aria-label") ?? "",
              grade: found.getAttribute("data-grade"), x: left + x, y: top + y, width, height,
              seen: width > 0 && height > 0 && at === host};
    }
    for (const frame of document.querySelectorAll("iframe")) {
      const box = frame.getBoundingClientRect();
      const inner = frame.contentDocument && look(frame.contentDocument, left + box.x, top + box.y);
      if (inner) return inner;
    }
    return null;
  };
  return look(content.document, 0, 0);
}})`;
const manager = gBrowser.selectedBrowser.messageManager;
return await new Promise(resolve => {
  const name = "keeneye-test:" + Math.random();
  manager.addMessageListener(name, function listen({data}) {
    manager.removeMessageListener(name, listen);
    resolve(data);
  });
  const script = `sendAsyncMessage(${JSON.stringify(name)}, ${task}(${JSON.stringify(selector)}))`;
  manager.loadFrameScript("data:application/javascript;charset=utf-8," + encodeURIComponent(script), false);
});
"""


IN_EXTENSION = """
const pages = [...document.querySelectorAll("browser")].filter(b => b.currentURI?.spec.includes("/popup.html"));
for (const browser of pages.reverse()) {
  const text = await new Promise(resolve => {
    const name = "keeneye-test:" + Math.random();
    browser.messageManager.addMessageListener(name, function listen({data}) {
      browser.messageManager.removeMessageListener(name, listen);
      resolve(data);
    });
    const look = `content.document.querySelector(${JSON.stringify(arguments_[0])})?.innerText ?? null`;
    const script = encodeURIComponent(`sendAsyncMessage(${JSON.stringify(name)}, ${look})`);
    browser.messageManager.loadFrameScript(`data:application/javascript;charset=utf-8,${script}`, false);
  });
  if (text !== null) return {text};
}
return null;
"""


@contextlib.contextmanager
def firefox(profile: Path) -> Iterator[Firefox]:
    profile.mkdir()
    port = free_port()
    prefs = {**PREFS, "marionette.port": port}
    lines = [f"user_pref({json.dumps(name)}, {json.dumps(value)});" for name, value in prefs.items()]
    (profile / "user.js").write_text("\n".join(lines) + "\n")
    command = [FIREFOX, "--marionette", "--headless", "--remote-allow-system-access", "--no-remote"]
    command += ["--width", "1440", "--height", "900", "--profile", str(profile), "about:blank"]
    size = {"MOZ_HEADLESS_WIDTH": "1440", "MOZ_HEADLESS_HEIGHT": "900"}
    process = start(command, profile / "firefox.log", {"HOME": str(profile), **size})
    try:
        browser = Firefox(port)
        yield browser
        browser.close()
    finally:
        stop(process)
