"""What a saved draft says, as the mail server holds it."""

from __future__ import annotations

import html
import time
from email import message_from_bytes, policy

from machine import Mailbox


def wait_for_draft(mailbox: Mailbox, *words: str, seconds: float = 15) -> str:
    """The text of the first draft that holds all these words. Raises AssertionError with the last draft."""
    deadline = time.monotonic() + seconds
    while True:
        texts = [text_of(raw) for raw in mailbox.drafts()]
        for text in texts:
            if all(word in text for word in words):
                return text
        assert time.monotonic() < deadline, texts[-1:]
        time.sleep(0.1)


def text_of(raw: bytes) -> str:
    message = message_from_bytes(raw, policy=policy.default)
    body = message.get_body(("html", "plain"))
    return "" if body is None else html.unescape(str(body.get_content()))
