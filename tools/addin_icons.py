"""Draws the Outlook add-in's icons from manifest/icons/icon.svg with Chromium: ``python tools/addin_icons.py``."""

from __future__ import annotations

import base64
import os
import re
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "server"))

from keeneye.addin import ICONS, source  # noqa: E402

COLOUR, OUTLINE = 192, 32  # pixels of the two pictures in the unified manifest's package


def main() -> None:
    svg = (ROOT / "manifest/icons/icon.svg").read_text("utf-8")
    eye = re.search(r'<path d="([^"]+)"', svg)
    if eye is None:
        sys.exit("manifest/icons/icon.svg has no eye")
    outline = (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 128 128" fill="none" stroke="#fff" stroke-width="9">'
        f'<path d="{eye[1]}" stroke-linejoin="round"/><circle cx="64" cy="64" r="17" fill="#fff" stroke="none"/></svg>'
    )
    sizes = {size for group in source()["icons"].values() for size in group}
    pictures = [(svg, size, f"{size}.png") for size in sorted(sizes)]
    pictures += [(svg, COLOUR, "color.png"), (outline, OUTLINE, "outline.png")]
    ICONS.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=os.environ.get("CHROMIUM", "/usr/bin/chromium"), args=["--no-sandbox", "--disable-gpu"]
        )
        page = browser.new_page()
        for drawing, size, name in pictures:
            page.set_viewport_size({"width": size, "height": size})
            data = base64.b64encode(drawing.encode()).decode()
            page.set_content(
                f'<body style="margin:0"><img width={size} height={size} src="data:image/svg+xml;base64,{data}">'
            )
            page.screenshot(path=ICONS / name, omit_background=True)
        browser.close()


if __name__ == "__main__":
    main()
