"""Where the message came from, against where the writer says he is. A country is never guilt."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from keeneye.model import Outcome, Place
from keeneye.signals import load

HIT, MISS, NA, UNKNOWN = Outcome.HIT, Outcome.MISS, Outcome.NOT_APPLICABLE, Outcome.UNKNOWN
WEBER = "We need valves.\n\nBest regards\nKlaus Weber\nWeber Armaturen GmbH\nHafenstr. 12, 28195 Bremen, Germany\nTel. "
GERMAN = WEBER + "+49 421 1234567"
NIGERIAN = (
    "Valves!\n\nRegards\nAde Balogun\nBalogun Imports Ltd\n12 Marina Road, Lagos, Nigeria\nTel. +234 803 123 4567"
)
MIXED = (
    "We need valves.\n\nRegards\nJohn Smith\nSmith Ltd\n12 High Street, London, United Kingdom\nTel. +234 803 123 4567"
)
POSING = WEBER + "+86 138 1234 5678"
PLAIN = "We need valves."
IP = "203.0.113.7"


def mail(text: str, sender: str = "Klaus Weber <k@weber-armaturen.example>", ip: str | None = IP) -> dict[str, Any]:
    received = [("Received", f"from pc ([{ip}]) by mx.exporter.example; Tue, 24 Nov 2026 09:20:05 +0000")] if ip else []
    return {"text": text, "from": sender, "headers": received}


def place(country: str, kind: str = "access") -> dict[str, Place]:
    return {IP: Place(IP, country, kind=kind, network="Net")}


ROWS: list[tuple[str, Any, dict[str, Place], Outcome]] = [
    ("agrees", mail(GERMAN), place("DE"), HIT),
    ("agrees", mail(NIGERIAN, "Ade <ade@gmail.com>"), place("NG"), HIT),
    ("agrees", mail(GERMAN), place("BR"), MISS),
    ("agrees", mail(GERMAN), place("DE", "mail_provider"), UNKNOWN),
    ("agrees", mail(PLAIN, "A <a@buyer.com>"), place("DE"), NA),
    ("other-country", mail(GERMAN), place("BR"), HIT),
    ("other-country", mail(GERMAN), place("DE"), MISS),
    ("other-country", mail(NIGERIAN, "Ade <ade@gmail.com>"), place("NG"), MISS),
    ("other-country", mail(GERMAN), place("US", "hosting"), UNKNOWN),
    ("other-country", mail(GERMAN, ip=None), {}, UNKNOWN),
    ("from-our-country", mail(GERMAN), place("CN"), HIT),
    ("from-our-country", mail(GERMAN), place("DE"), MISS),
    ("from-our-country", mail(GERMAN), place("CN", "mail_provider"), UNKNOWN),
    ("from-our-country", mail(PLAIN, "A <a@buyer.com>"), place("CN"), NA),
    ("disguised", mail(GERMAN), place("NL", "tor"), HIT),
    ("disguised", mail(GERMAN), place("DE", "hosting"), MISS),
    ("disguised", mail(GERMAN, ip=None), {}, UNKNOWN),
    ("rented-server", mail(GERMAN), place("DE", "hosting"), HIT),
    ("rented-server", mail(GERMAN), place("DE"), MISS),
    ("rented-server", mail(GERMAN, ip=None), {}, UNKNOWN),
    ("claims-disagree", mail(MIXED, "J <j@gmail.com>"), {}, HIT),
    ("claims-disagree", mail(GERMAN), {}, MISS),
    ("our-phone-or-city", mail(POSING), {}, HIT),
    ("our-phone-or-city", mail(GERMAN), {}, MISS),
    ("hidden", mail(GERMAN), place("DE"), MISS),
]


@pytest.mark.parametrize(("name", "message", "places", "expected"), ROWS)
def test_origin(
    outcome: Callable[..., Outcome], name: str, message: dict[str, Any], places: dict[str, Place], expected: Outcome
) -> None:
    assert outcome(f"origin.{name}", message, places=places) is expected


def test_a_provider_that_hides_its_users_is_told_and_is_no_bad_sign(facts_of: Callable[..., Any]) -> None:
    hop = "from mail-ed1-f41.google.com ([209.85.208.41]) by mx.exporter.example; Tue, 24 Nov 2026 09:20:05 +0000"
    facts = facts_of({"text": GERMAN, "from": "K <k@gmail.com>", "headers": [("Received", hop)]})
    signals = load()
    assert signals["origin.hidden"].check(facts).outcome is HIT
    assert signals["origin.hidden"].weight == 0
    assert signals["origin.other-country"].check(facts).outcome is UNKNOWN
    assert signals["origin.other-country"].unknown


def test_every_signal_of_the_file_is_tried() -> None:
    assert {f"origin.{name}" for name, _, _, _ in ROWS} == {i for i in load() if i.startswith("origin.")}
