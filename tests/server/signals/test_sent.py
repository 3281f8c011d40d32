"""The clock: office hours, nights and time zones of the claimed country and of ours."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from keeneye.model import Outcome, Payload
from keeneye.signals import load

HIT, MISS, NA, UNKNOWN = Outcome.HIT, Outcome.MISS, Outcome.NOT_APPLICABLE, Outcome.UNKNOWN
WEBER = "We need valves.\n\nBest regards\nKlaus Weber\nWeber Armaturen GmbH\nHafenstr. 12, 28195 Bremen, Germany\nTel. "
GERMAN = WEBER + "+49 421 1234567"
TAKEN = "from pc ([203.0.113.7]) by mx.exporter.example; Tue, 24 Nov 2026 09:20:05 +0000"


def mail(date: str | None, text: str = GERMAN, received: bool = True) -> dict[str, Any]:
    headers = [("Received", TAKEN)] if received else []
    return {"text": text, "from": "K <k@weber-armaturen.example>", "date": date, "headers": headers}


NOON = "Tue, 24 Nov 2026 10:20:00 +0100"
NIGHT = "Tue, 24 Nov 2026 02:30:00 +0100"  # 09:30 in Shanghai
OURS = "Tue, 24 Nov 2026 09:30:00 +0800"

ROWS: list[tuple[str, Any, Outcome]] = [
    ("office-hours", mail(NOON), HIT),
    ("office-hours", mail(NIGHT), MISS),
    ("office-hours", mail("Sun, 22 Nov 2026 10:20:00 +0100"), MISS),
    ("office-hours", mail(NOON, "We need valves."), NA),
    ("at-night", mail(NIGHT), HIT),
    ("at-night", mail(NOON), MISS),
    ("our-office-hours", mail(NIGHT), HIT),
    ("our-office-hours", mail(NOON), MISS),
    ("our-office-hours", mail(NIGHT, "We need valves."), NA),
    ("our-time-zone", mail(OURS), HIT),
    ("our-time-zone", mail(NOON), MISS),
    ("our-time-zone", mail("Tue, 24 Nov 2026 01:30:00 +0000"), MISS),
    ("other-time-zone", mail("Tue, 24 Nov 2026 14:50:00 +0530"), HIT),
    ("other-time-zone", mail(NOON), MISS),
    ("other-time-zone", mail("Tue, 24 Nov 2026 01:20:00 -0800"), MISS),  # a webmail server's usual zone
    ("other-time-zone", mail(OURS), MISS),  # sent.our-time-zone judges it
    ("false-date", mail("Thu, 26 Nov 2026 10:20:00 +0100"), HIT),
    ("false-date", mail(NOON), MISS),
    ("false-date", mail("Mon, 23 Nov 2026 22:20:00 +0100"), MISS),  # a night in the queue
    ("false-date", mail(NOON, received=False), UNKNOWN),
    ("no-date", mail(None), HIT),
    ("no-date", mail(NOON), MISS),
]


@pytest.mark.parametrize(("name", "message", "expected"), ROWS)
def test_sent(outcome: Callable[..., Outcome], name: str, message: dict[str, Any], expected: Outcome) -> None:
    assert outcome(f"sent.{name}", message) is expected


def test_no_date_is_unknown_to_a_client_that_sees_only_the_page(outcome: Callable[..., Outcome]) -> None:
    assert outcome("sent.no-date", "", payload=Payload(text="Hi", sees="visible")) is UNKNOWN


def test_every_signal_of_the_file_is_tried() -> None:
    assert {f"sent.{name}" for name, _, _ in ROWS} == {i for i in load() if i.startswith("sent.")}
