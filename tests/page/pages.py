"""What the tests of the page share: where things are, and how a reader uses the page."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

ROOT = Path(__file__).parents[2]
SAMPLES = ROOT / "server/keeneye/web/samples"
SCREENSHOTS = ROOT / "build/screenshots"
WIDE = {"width": 1440, "height": 900}
PHONE = {"width": 390, "height": 844}
INDEX: list[dict[str, Any]] = json.loads((SAMPLES / "index.json").read_text("utf-8"))
Opener = Callable[..., Page]
AXE = (ROOT / "node_modules/axe-core/axe.min.js").read_text("utf-8")


def violations(page: Page) -> list[str]:
    """What axe-core finds wrong, one line an element."""
    page.evaluate(AXE)
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']}).then(r => r.violations)")
    return [f"{v['id']}: {n['target']} {n['failureSummary']}" for v in found for n in v["nodes"]]


def choose(page: Page, sample: str) -> dict[str, Any]:
    """Pick a sample; the verdict that the page got."""
    if page.locator("#new").count() and not page.locator(f'[data-sample="{sample}"]').is_visible():
        page.click("#new")
    with page.expect_response("**/api/v1/grade?*") as answer:
        page.click(f'[data-sample="{sample}"]')
    page.wait_for_selector(".badge-slot [data-grade]")
    verdict: dict[str, Any] = answer.value.json()
    return verdict


def screenshot(page: Page, name: str, *, full: bool = False) -> None:
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=SCREENSHOTS / f"{name}.png", full_page=full)
