"""The claimed country and its payment risk: facts, never points against a person."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from keeneye import signals
from keeneye.model import Answer, Claim, ClaimedCountry, Country, Effect, Evidence, Outcome

Ask = Callable[..., Answer]
HIT, MISS, NONE, UNKNOWN = Outcome.HIT, Outcome.MISS, Outcome.NOT_APPLICABLE, Outcome.UNKNOWN


def claim(kind: str, country: str) -> Claim:
    return Claim(kind, country, 0.8, Evidence("text", kind))


def claims(value: str | None, *made: Claim, disagree: tuple[Claim, ...] = ()) -> dict[str, Any]:
    return {"claimed": ClaimedCountry(value, 0.9, made, disagree)}


def risk(value: int | None, fatf: str = "none") -> dict[str, Any]:
    return claims("NG", claim("phone", "NG")) | {
        "country_risk": Country("NG", "Nigeria", ("Africa/Lagos",), 234, ("en",), value, fatf, "2026-06")
    }


@pytest.mark.parametrize(
    ("signal_id", "given", "expected"),
    [
        ("country.claimed", claims("PE", claim("phone", "PE")), HIT),
        ("country.claimed", claims(None), UNKNOWN),
        ("country.agrees", claims("PE", claim("phone", "PE"), claim("address", "PE")), HIT),
        ("country.agrees", claims("PE", claim("phone", "PE"), claim("language", "PE")), MISS),
        (
            "country.agrees",
            claims("PE", claim("phone", "PE"), claim("address", "PE"), disagree=(claim("domain", "CL"),)),
            MISS,
        ),
        ("country.agrees", claims(None), NONE),
        ("country.ours", claims("CN", claim("phone", "CN")), HIT),
        ("country.ours", claims("PE", claim("phone", "PE")), MISS),
        ("country.ours", claims(None), NONE),
        ("country.payment-risk", risk(6), HIT),
        ("country.payment-risk", risk(3), MISS),
        ("country.payment-risk", risk(None), NONE),
        ("country.bank-list", risk(6, "grey"), HIT),
        ("country.bank-list", risk(6), MISS),
        ("country.bank-list", claims("PE") | {"country_risk": None}, NONE),
    ],
)
def test_table(ask: Ask, signal_id: str, given: dict[str, Any], expected: Outcome) -> None:
    assert ask(signal_id, {"text": "Please quote."}, **given).outcome is expected


def test_no_country_speaks_against_anybody() -> None:
    for signal_id, item in signals.load().items():
        if signal_id.startswith("country."):
            assert item.effect in (Effect.FACT, Effect.QUALITY)
            assert item.weight >= 0
