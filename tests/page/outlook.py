"""Messages as Outlook hands them to an add-in, made from the invented samples, and the stub that hands them over."""

from __future__ import annotations

import base64
import email
import email.policy
import email.utils
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pages import SAMPLES

STUB = (Path(__file__).with_name("office_stub.js")).read_text("utf-8")
OFFICE_JS = "https://appsforoffice.microsoft.com/lib/1/hosted/office.js"
PANE = {"width": 340, "height": 900}
WHITE = {"bodyBackgroundColor": "#ffffff", "bodyForegroundColor": "#242424"}
THEMES = {
    "light": WHITE,
    "dark": {"bodyBackgroundColor": "#212121", "bodyForegroundColor": "#ffffff"},
    "grey": {"bodyBackgroundColor": "#666666", "bodyForegroundColor": "#f0f0f0"},
    "contrast": {"bodyBackgroundColor": "#000000", "bodyForegroundColor": "#ffff00"},
}


@dataclass
class Outlook:
    """How the stub is set up: one Outlook, its messages and its memory."""

    set: str = "1.14"
    samples: tuple[str, ...] = ("phishing-credential-link", "genuine-buyer-lagos")
    theme: dict[str, str] = field(default_factory=lambda: dict(WHITE))
    roaming: dict[str, str] = field(default_factory=dict)
    language: str = "en-US"
    refuse: tuple[str, ...] = ()
    more: tuple[dict[str, Any], ...] = ()
    current: int | None = 0
    delay: int = 1

    def setup(self) -> dict[str, Any]:
        kept = {k: v for k, v in vars(self).items() if k not in ("samples", "more")}
        return kept | {"items": [*map(item, self.samples), *self.more]}


def item(sample: str, **changes: Any) -> dict[str, Any]:
    """A sample as Outlook tells it, with every interface's answer."""
    raw = (SAMPLES / f"{sample}.eml").read_bytes()
    message = email.message_from_bytes(raw, policy=email.policy.default)
    text, html = message.get_body(("plain",)), message.get_body(("html",))
    plain = text.get_content() if text else ""
    name, address = email.utils.parseaddr(str(message["From"]))
    head, _, _ = raw.replace(b"\r\n", b"\n").partition(b"\n\n")
    made = {
        "id": f"id-{sample}",
        "subject": str(message["Subject"]),
        "from": {"displayName": name or address, "emailAddress": address},
        "to": [{"displayName": n or a, "emailAddress": a} for n, a in email.utils.getaddresses([str(message["To"])])],
        "date": email.utils.parsedate_to_datetime(str(message["Date"])).isoformat(),
        "messageId": str(message["Message-ID"]),
        "text": plain,
        "html": html.get_content() if html else f"<html><body><pre>{plain}</pre></body></html>",
        "headers": head.replace(b"\n", b"\r\n").decode("utf-8", "replace"),
        "eml": base64.b64encode(raw).decode(),
        "attachments": [
            {"id": str(i), "name": part.get_filename() or "", "contentType": part.get_content_type(),
             "size": len(part.get_payload(decode=True) or b""), "isInline": False, "attachmentType": "file"}
            for i, part in enumerate(message.iter_attachments())
        ],
    }  # fmt: skip
    return made | changes
