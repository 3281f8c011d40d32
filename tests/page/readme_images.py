"""Writes the pictures of the README: ``python tests/page/readme_images.py http://127.0.0.1:8080 docs/images``."""

from __future__ import annotations

import sys
from pathlib import Path

from pages import PHONE, choose
from playwright.sync_api import sync_playwright

from conftest import CHROMIUM, FLAGS

DESK = {"width": 1360, "height": 850}
PICTURES = (
    ("danger", "phishing-credential-link", DESK, "light", False),
    ("potential", "potential-customer-lima", DESK, "light", False),
    ("dark", "domestic-competitor", DESK, "dark", False),
    ("phone", "phishing-credential-link", PHONE, "light", False),
    ("phone-breakdown", "genuine-buyer-lagos", PHONE, "light", True),
)


def main(address: str, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        for name, sample, viewport, theme, sheet in PICTURES:
            page = browser.new_page(viewport=viewport, color_scheme=theme, locale="en-US", reduced_motion="reduce")  # type: ignore[arg-type]
            page.goto(address)
            page.wait_for_selector("[data-sample]")
            choose(page, sample)
            if sheet:
                page.click(".badge-slot button")
                page.evaluate("document.querySelector('.ke-panel').scrollTop = 560")
            page.mouse.move(0, 0)
            page.evaluate("document.activeElement.blur()")
            page.screenshot(path=folder / f"{name}.png")
            page.close()
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
