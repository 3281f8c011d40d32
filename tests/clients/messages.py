"""The messages of the test mailbox: the invented samples and a few that only a client can tell apart."""

from __future__ import annotations

import email
import email.policy
from email.message import EmailMessage

from machine import SAMPLES

LARGE = "too-large"
IMITATION = "imitated-banner"


def _letter(subject: str, sender: str, sent: str) -> EmailMessage:
    message = EmailMessage()
    message["Subject"] = subject
    message["From"] = sender
    message["To"] = "Mei Chen <sales@exporter.example>"
    message["Date"] = sent
    message["Message-ID"] = f"<{subject.replace(' ', '-').lower()}@clients.example>"
    return message


def _large() -> bytes:
    message = _letter("Large drawing set", "Ana Prado <ana@prado.example>", "Mon, 23 Nov 2026 11:02:00 -0300")
    message.set_content("Please find our drawings attached.\n")
    message.add_attachment(
        bytes(range(256)) * 2000, maintype="application", subtype="octet-stream", filename="drawings.bin"
    )
    return message.as_bytes()


def _imitation() -> bytes:
    """Draws what looks like our badge and banner, hides ours by style, and carries attributes of the extension."""
    message = _letter("Inquiry for gate valves", "Omar Said <omar@freemail.example>", "Tue, 24 Nov 2026 09:15:00 +0400")
    message.set_content("Please quote gate valves.\n")
    message.add_alternative(
        """<style>[data-keeneye], .ke-badge, h2 div { display: none !important; color: #fff !important }</style>
        <div data-keeneye="inline" style="position:fixed;top:0;left:0;z-index:2147483647">
        <button class="ke-badge ke-A" data-grade="A">A ***** Ready to order, checked by Keeneye</button></div>
        <p>Please quote 200 pcs gate valves DN80.</p>""",
        subtype="html",
    )
    return message.as_bytes()


def messages() -> dict[str, bytes]:
    """Name → message, in the order of their UIDs."""
    samples = {path.stem: path.read_bytes() for path in sorted(SAMPLES.glob("*.eml"))}
    return {**samples, LARGE: _large(), IMITATION: _imitation()}


def uid(name: str) -> int:
    return [*messages()].index(name) + 1


def header(name: str, field: str) -> str:
    return str(email.message_from_bytes(messages()[name], policy=email.policy.default)[field])


def message_id(name: str) -> str:
    """Without its brackets, as Thunderbird names it."""
    return header(name, "Message-ID").strip("<> ")
