"""What our own mail host says of the sender; silence is never bad."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from keeneye.model import Outcome
from keeneye.signals import load

HIT, MISS, NA, UNKNOWN = Outcome.HIT, Outcome.MISS, Outcome.NOT_APPLICABLE, Outcome.UNKNOWN
FREE = "Ade <ade@gmail.com>"
LIST = [("List-Id", "<valves.lists.example>")]
PASS = "spf=pass smtp.mailfrom=buyer.example; dkim=pass header.d=buyer.example; dmarc=pass header.from=buyer.example"


def mail(auth: str | None = None, **more: Any) -> dict[str, Any]:
    return {"text": "We need valves.", "auth": auth, **more}


ROWS: list[tuple[str, Any, Outcome]] = [
    ("forged", mail("dmarc=fail header.from=buyer.example"), HIT),
    ("forged", mail(PASS), MISS),
    ("forged", mail("dmarc=fail header.from=buyer.example", headers=LIST), MISS),
    ("forged", mail("spf=pass smtp.mailfrom=buyer.example"), NA),
    ("forged", mail(), UNKNOWN),
    ("wrong-server", mail("spf=fail smtp.mailfrom=buyer.example"), HIT),
    ("wrong-server", mail("spf=fail smtp.mailfrom=fwd.example; dkim=pass header.d=buyer.example"), MISS),  # forwarded
    ("wrong-server", mail("spf=neutral smtp.mailfrom=buyer.example"), MISS),
    ("wrong-server", mail("spf=fail smtp.mailfrom=buyer.example", headers=LIST), MISS),
    ("wrong-server", mail(), UNKNOWN),
    ("broken-seal", mail("spf=none; dkim=fail header.d=buyer.example"), HIT),
    ("broken-seal", mail("spf=pass smtp.mailfrom=buyer.example; dkim=fail header.d=buyer.example"), MISS),
    ("broken-seal", mail("spf=none; dkim=fail header.d=buyer.example", headers=LIST), MISS),
    ("broken-seal", mail(), UNKNOWN),
    ("forged-free-mail", mail("spf=none; dkim=none", **{"from": FREE}), HIT),
    ("forged-free-mail", mail("spf=pass smtp.mailfrom=gmail.com; dkim=none", **{"from": FREE}), MISS),
    ("forged-free-mail", mail("dkim=none", **{"from": FREE}), UNKNOWN),
    ("forged-free-mail", mail("spf=none; dkim=none"), NA),
    ("forged-free-mail", mail(**{"from": FREE}), UNKNOWN),
    ("forged-free-mail", mail("dkim=pass header.d=bakery.example", **{"from": FREE}), HIT),
    ("forged-brand", mail("spf=none; dkim=none", **{"from": "DHL <n@dhl.com>"}), HIT),
    ("forged-brand", mail("dkim=pass header.d=bakery.example", **{"from": "DHL <n@dhl.com>"}), HIT),
    (
        "forged-brand",
        mail("spf=fail smtp.mailfrom=x.example; dkim=pass header.d=dhl.com", **{"from": "n@dhl.com"}),
        MISS,
    ),
    ("forged-brand", mail("spf=none; dkim=none", **{"from": "n@dhl.com"}, headers=LIST), MISS),
    ("forged-brand", mail(**{"from": "n@dhl.com"}), UNKNOWN),
    ("forged-brand", mail("spf=none; dkim=none"), NA),
    ("proven", mail(PASS), HIT),
    ("proven", mail("spf=pass smtp.mailfrom=other.example"), MISS),
    ("proven", mail("spf=pass smtp.mailfrom=gmail.com", **{"from": FREE}), NA),
    ("proven", mail(), UNKNOWN),
    ("no-proof", mail("spf=none; dkim=none"), HIT),
    ("no-proof", mail("spf=none"), UNKNOWN),
    ("no-proof", mail(PASS), MISS),
    ("no-proof", mail(), UNKNOWN),
]


@pytest.mark.parametrize(("name", "message", "expected"), ROWS)
def test_authentication(outcome: Callable[..., Outcome], name: str, message: dict[str, Any], expected: Outcome) -> None:
    assert outcome(f"authentication.{name}", message) is expected


def test_results_that_the_sender_wrote_himself_are_not_believed(outcome: Callable[..., Outcome]) -> None:
    forged = {"text": "Hi", "headers": [("Authentication-Results", "mx.buyer.example; dmarc=fail")]}
    assert outcome("authentication.forged", forged) is UNKNOWN


def test_softfail_weighs_less(ask: Callable[..., Any]) -> None:
    assert ask("authentication.wrong-server", mail("spf=softfail smtp.mailfrom=buyer.example")).strength < 1


def test_every_signal_of_the_file_is_tried() -> None:
    assert {f"authentication.{n}" for n, _, _ in ROWS} == {i for i in load() if i.startswith("authentication.")}
