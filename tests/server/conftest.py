"""Facts for signal tests: the real reading of an invented mail, with answers made by hand.

Fixtures: ``facts_of(message, **given)``, ``ask(signal_id, message, **given)`` → Answer, ``outcome(…)`` → Outcome.
What can be given: see ``make_facts`` and ``raw``.
"""

from __future__ import annotations

import sys
from collections import ChainMap
from collections.abc import Callable, Mapping, MutableMapping
from dataclasses import replace
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path
from typing import Any, cast

import pytest
from tests.server.postgres import postgres as postgres  # a fixture of all folders below

from keeneye import facts as facts_stage
from keeneye import mail as mail_stage
from keeneye import signals
from keeneye.lookups import Lookups
from keeneye.model import Answer, DomainAnswer, Evidence, Facts, Firm, History, Outcome, Payload, Place

sys.path.insert(0, str(Path(__file__).parent))  # for ``hostile``, the messages that several tests share

OURS = Firm(domains=("exporter.example",), names=("Exporter Valves",), authserv_ids=("mx.exporter.example",))
RECEIVED = "Received: from out.example ([203.0.113.5]) by mx.exporter.example; Tue, 24 Nov 2026 09:20:05 +0000"
NOW = datetime(2026, 11, 25, 8, 0, tzinfo=UTC)
_HEADERS = {
    "from": "From",
    "to": "To",
    "cc": "Cc",
    "subject": "Subject",
    "reply_to": "Reply-To",
    "return_path": "Return-Path",
    "date": "Date",
    "auth": "Authentication-Results",
}
_DEFAULTS = {
    "from": "Ann Buyer <ann@buyer.example>",
    "to": "sales@exporter.example",
    "subject": "Ball valves",
    "date": "Tue, 24 Nov 2026 10:20:00 +0100",
}
_lookups: list[Lookups] = []


def lookups() -> Lookups:
    """The real tables without geo databases; places are given by hand."""
    if not _lookups:
        _lookups.append(Lookups(Path("/nonexistent")))
    return _lookups[0]


def raw(fields: Mapping[str, Any]) -> bytes:
    """A message from fields: those of ``_HEADERS``, ``text``, ``html``, ``headers`` (pairs, put on top in this order)
    and ``attachments`` ((name, type, bytes), …). A field set to None is left out."""
    message = EmailMessage()
    given = {**_DEFAULTS, **fields}
    if given.get("text") is not None or given.get("html") is None:
        message.set_content(given.get("text") or "")
        if given.get("html") is not None:
            message.add_alternative(given["html"], subtype="html")
    else:
        message.set_content(given["html"], subtype="html")
    for name, kind, content in given.get("attachments", ()):
        main, sub = kind.split("/")
        message.add_attachment(content, maintype=main, subtype=sub, filename=name)
    lines = [f"{k}: {v}" for k, v in given.get("headers", ())]
    auth = given.get("auth")
    if auth:
        given["auth"] = f"mx.exporter.example; {auth}"
        lines.insert(0, f"Authentication-Results: {given['auth']}")
        lines.insert(
            1, "Received: from out.example ([203.0.113.5]) by mx.exporter.example; Tue, 24 Nov 2026 09:20:05 +0000"
        )
    lines += [f"{h}: {given[k]}" for k, h in _HEADERS.items() if k != "auth" and given.get(k) is not None]
    head = "\r\n".join(lines).encode()
    return head + b"\r\n" + message.as_bytes().replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")


def make_facts(
    message: str | bytes | Mapping[str, Any],
    *,
    firm: Firm = OURS,
    places: Mapping[str, Place] | None = None,
    domains: Mapping[str, Mapping[str, Any]] | None = None,
    said: Mapping[str, str] | None = None,
    history: History | None = None,
    payload: Payload | None = None,
    **overrides: Any,
) -> Facts:
    """Facts of a message. ``message``: raw text, or fields for ``raw``.

    ``places``: what the geo tables say, by IP. ``domains``: fields of DomainAnswer that differ from what the real
    tables say, by host. ``said``: tag → quote, besides what the lexicons find. ``overrides``: fields of Facts.
    """
    if payload is None:
        content = (
            message if isinstance(message, bytes) else message.encode() if isinstance(message, str) else raw(message)
        )
        payload = Payload(raw=content)
    read = mail_stage.read(payload)
    answers = lookups().answer(read, firm, NOW)
    changed: dict[str, DomainAnswer] = {}
    for host, fields in (domains or {}).items():
        known = answers.domains.get(host) or DomainAnswer(host, host, host.split(".")[-1], "company")
        changed[host] = replace(known, **fields)
    # The tables answer for any host that a stage meets in the text; a copy would lose that.
    hosts = ChainMap(changed, cast("MutableMapping[str, DomainAnswer]", answers.domains))
    answers = replace(answers, places={**answers.places, **(places or {})}, domains=hosts, history=history)
    drawn = facts_stage.draw(read, answers, firm)
    if said:
        more = {tag: (Evidence(read.body_part, quote),) for tag, quote in said.items()}
        drawn = replace(drawn, said={**drawn.said, **more}, said_anywhere={**drawn.said_anywhere, **more})
    return replace(drawn, **overrides) if overrides else drawn


def ask_signal(signal_id: str, message: str | bytes | Mapping[str, Any], **given: Any) -> Answer:
    """The answer of one signal to one message; ``given`` as for ``make_facts``."""
    return signals.load()[signal_id].check(make_facts(message, **given))


@pytest.fixture(scope="session")
def facts_of() -> Callable[..., Facts]:
    return make_facts


@pytest.fixture(scope="session")
def ask() -> Callable[..., Answer]:
    return ask_signal


@pytest.fixture(scope="session")
def outcome() -> Callable[..., Outcome]:
    """``outcome(signal_id, message, **given)``."""
    return lambda signal_id, message, **given: ask_signal(signal_id, message, **given).outcome
