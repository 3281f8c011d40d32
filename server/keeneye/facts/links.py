"""Links with the domain that they open, and whether their text names another."""

from __future__ import annotations

import base64
import binascii
from typing import Final
from urllib.parse import unquote, urlsplit

from keeneye import linear
from keeneye.facts.domains import registrable
from keeneye.model import Answers, Link, LinkFacts, Mail

LINKS_MOST: Final = 500
ENCLOSED_MOST: Final = 50
_HOST = linear.Pattern(
    r"(?i)(?:^|[^a-z0-9@._-])(?:(?:https?|hxxps?|ftp)://(?:[^\s/@]{0,100}@)?)?((?:[a-z0-9_\x{80}-\x{10FFFF}](?:[a-z0-9_\x{80}-\x{10FFFF}-]{0,61})?\.){1,8}"
    r"[a-z\x{80}-\x{10FFFF}][a-z0-9\x{80}-\x{10FFFF}-]{1,23})(?::\d{1,5})?(?:[/?#\s)\]>,;.]|$)"
)
# Endings that are far more often a file's than a host's.
_FILES: Final = frozenset(
    ("pdf", "doc", "docx", "xls", "xlsx", "zip", "rar", "jpg", "jpeg", "png", "gif", "html", "htm", "txt", "csv", "dwg",
     "exe", "js", "py", "ppt", "pptx", "step", "stp", "igs", "mp4", "php", "aspx", "jsp", "7z", "iso", "img")
)  # fmt: skip


def facts(mail: Mail, answers: Answers) -> tuple[LinkFacts, ...]:
    """Facts of the first LINKS_MOST links."""
    if not mail.links:
        return ()
    recipients, encoded = _recipients(mail)
    return tuple(_fact(link, answers, recipients, encoded) for link in mail.links[:LINKS_MOST])


def enclosed(mail: Mail, answers: Answers) -> tuple[LinkFacts, ...]:
    """Facts of the first ENCLOSED_MOST links of every attachment that lead to a host."""
    found: list[Link] = []
    for attachment in mail.attachments:
        for kind, hrefs in (("loaded", attachment.loads), ("enclosed", attachment.links)):
            for href in hrefs[:ENCLOSED_MOST]:
                scheme, host = _target(href)
                if host and len(found) < LINKS_MOST:
                    found.append(Link(attachment.index, kind, "", href, scheme, host))
    if not found:
        return ()
    recipients, encoded = _recipients(mail)
    return tuple(_fact(link, answers, recipients, encoded) for link in found)


def _target(href: str) -> tuple[str, str]:
    """(scheme, host) of an address as a document holds it; ``file`` for the share ``\\\\host\\share`` of a network."""
    if href.startswith("\\\\"):
        return "file", href[2:302].partition("\\")[0].partition("@")[0].lower()
    try:
        parts = urlsplit("//" + href if href[:4].lower() == "www." else href)
        return parts.scheme.lower() or "http", (parts.hostname or "").lower()
    except ValueError:
        return "", ""


def _recipients(mail: Mail) -> tuple[frozenset[str], tuple[str, ...]]:
    """Our addresses that a link could carry, plain and encoded."""
    plain = frozenset(a for a in (*(t.address for t in mail.to[:10]), (mail.mailbox or "").lower()) if a and "@" in a)
    return plain, tuple(e for a in plain for e in _encoded(a))


def text_host(text: str) -> str | None:
    """The host name that a link's text shows, if it shows one: ``www.bank.example`` or ``https://bank.example/in``."""
    if "." not in text:
        return None
    match = _HOST.search(text[:300])
    if match is None:
        return None
    host = str(match.group(1)).lower()
    ending = host.rpartition(".")[2]
    named = "://" in text[:300] or host.startswith("www.")
    return None if ending in _FILES and not named else host


def _fact(link: Link, answers: Answers, recipients: frozenset[str], encoded: tuple[str, ...]) -> LinkFacts:
    shown = text_host(link.text) if link.kind in ("a", "area", "form") and link.scheme in ("http", "https") else None
    mismatch = False
    if shown is not None and link.host:
        mismatch = registrable(shown, answers.domains) != registrable(link.host, answers.domains)
    return LinkFacts(
        link=link,
        answer=answers.domains.get(link.host),
        text_host=shown,
        mismatch=mismatch,
        carries_recipient=_carries(link, recipients, encoded),
    )


def _carries(link: Link, recipients: frozenset[str], encoded: tuple[str, ...]) -> bool:
    """Whether the link tells its host who opens it: our address, plain, percent-encoded or in base64."""
    if link.scheme not in ("http", "https") or not recipients:
        return False
    href = link.href[:3000]
    plain = (unquote(href) if "%" in href else href).lower()
    return any(a in plain for a in recipients) or any(e in href for e in encoded)


def _encoded(address: str) -> tuple[str, ...]:
    """The address in base64 without what depends on its neighbours, in both alphabets, and in hexadecimal."""
    try:
        raw = address.encode("ascii")
    except UnicodeEncodeError:
        return ()
    plain = base64.b64encode(raw).decode()[: len(raw) * 4 // 3]
    return plain, plain.replace("+", "-").replace("/", "_"), binascii.hexlify(raw).decode()
