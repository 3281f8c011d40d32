"""Mails, answers and firms built by hand, so that facts are tested without a parser and without tables."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from keeneye.model import Address, Answers, Country, DomainAnswer, Evidence, Firm, Mail, Place, Span

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)


def address(text: str, name: str = "") -> Address:
    local, _, domain = text.partition("@")
    return Address(name, text, local, domain)


def mail(
    body: str = "",
    *,
    subject: str = "",
    signature: str = "",
    quoted: str = "",
    own: Sequence[Span] | None = None,
    from_: str | None = "buyer@import.example",
    **changes: Any,
) -> Mail:
    """A mail whose body is own words, then signature, then quoted thread, each a paragraph of its own."""
    parts = [p for p in (body, signature, quoted) if p]
    whole = "\n\n".join(parts)
    sign_start = len(body) + 2 if body else 0
    quote_start = len(whole) - len(quoted)
    values: dict[str, Any] = {
        "sees": "raw",
        "headers": (),
        "message_id": None,
        "subject": subject,
        "from_": address(from_) if from_ else None,
        "from_all": (address(from_),) if from_ else (),
        "sender": None,
        "reply_to": (),
        "return_path": None,
        "to": (address("sales@exporter.example"),),
        "cc": (),
        "date": None,
        "date_raw": None,
        "hops": (),
        "auth_headers": (),
        "originating_ip": None,
        "body_part": "text",
        "body": whole,
        "own": tuple(own) if own is not None else ((Span(0, len(body)),) if body else ()),
        "signature": Span(sign_start, sign_start + len(signature)) if signature else None,
        "quoted": (Span(quote_start, len(whole)),) if quoted else (),
        "hidden_text": "",
        "alternative_text": "",
        "html": "",
        "has_images": False,
        "links": (),
        "attachments": (),
        "forwarded": None,
        "references": (),
        "in_reply_to": None,
        "charset": "utf-8",
        "zero_width": 0,
        "bidi_controls": 0,
        "defects": (),
        "size": len(whole),
    }
    return Mail(**{**values, **changes})


def country(iso2: str, name: str, zones: tuple[str, ...] = (), code: int | None = None) -> Country:
    return Country(iso2, name, zones, code, (), 3, "none", "2026-10-30")


COUNTRIES = {
    "DE": country("DE", "Germany", ("Europe/Berlin",), 49),
    "CN": country("CN", "China", ("Asia/Shanghai",), 86),
    "US": country("US", "United States", ("America/New_York", "America/Los_Angeles"), 1),
    "PE": country("PE", "Peru", ("America/Lima",), 51),
    "NG": country("NG", "Nigeria", ("Africa/Lagos",), 234),
}


def answers(
    *, places: Sequence[Place] = (), domains: Sequence[DomainAnswer] = (), now: datetime = NOW, **changes: Any
) -> Answers:
    return Answers(
        now,
        {p.ip: p for p in places},
        {d.host: d for d in domains},
        COUNTRIES,
        **changes,
    )


def firm(**changes: Any) -> Firm:
    return Firm(**{"domains": ("exporter.example",), "authserv_ids": ("mx.exporter.example",), **changes})


def stands(message: Mail, evidence: Evidence) -> bool:
    """Whether the quote is exactly what stands at its place."""
    part = message.subject if evidence.part == "subject" else message.body
    return part[evidence.start : evidence.end] == evidence.quote
