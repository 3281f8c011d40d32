"""The swindler's manner: what must hit, and what must not."""

from __future__ import annotations

import pytest

from keeneye.model import Outcome

HIT, MISS = Outcome.HIT, Outcome.MISS
FULL = "Please quote 500 pcs of ball valve DN50, brass, 16 bar, CIF Callao."


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("A minute's delay and the contract is given to another company.", HIT),
        ("This is the final notice, do not ignore it.", HIT),
        ("逾期将取消资格,请立即回复。", HIT),
        ("Letzte Mahnung: andernfalls folgen rechtliche Schritte.", HIT),
        ("Passé ce délai, l'offre sera donnée à une autre entreprise.", HIT),
        ("Bitte umgehend Ihre Daten prüfen.", HIT),
        ("Verifique inmediatamente su cuenta.", HIT),
        # Haste beside goods is a buyer's.
        ("Wir benötigen umgehend 500 Stück Kugelhahn DN50.", MISS),
        ("Urgent restock: 1,000 pcs brass ball valve 3/4 inch.", MISS),
        ("至急、真鍮バルブ500個の見積をお願いします。", MISS),
        # A buyer's deadline is good.
        ("We need delivery before 15 March; please quote by Friday.", MISS),
        ("The tender closes on 30 June.", MISS),
        (FULL, MISS),
    ],
)
def test_pressure(outcome, text: str, expected: Outcome) -> None:
    assert outcome("tone.pressure", {"text": text, "subject": "Valves"}) is expected


def test_pressure_grows(ask) -> None:
    one = ask("tone.pressure", {"text": "This is the final notice.", "subject": "x"})
    two = ask(
        "tone.pressure",
        {"text": "Final notice. Legal action follows without delay. Do not ignore this.", "subject": "x"},
    )
    assert two.strength > one.strength


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("We are interested in your products. Please send your catalogue and price list.", HIT),
        ("请发贵公司的产品目录。", HIT),
        ("We are interested in your ball valve DN50, 500 pcs.", MISS),
        ("The stand number is 12, we share it with your company. See you at the fair.", MISS),
        (
            "We are a manufacturer of bearings. Our products are of high "
            "quality. Our factory offers good prices to your company.",
            MISS,
        ),
    ],
)
def test_fits_any_seller(outcome, text: str, expected: Outcome) -> None:
    assert outcome("tone.fits-any-seller", {"text": text, "subject": "Hello"}) is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Do not reply on this platform, add our manager on Skype for more.", HIT),
        ("请加我的微信联系,不要在平台回复。", HIT),
        (FULL + " You may also contact me on WhatsApp.", MISS),
        ("Regards, Rosa", MISS),
    ],
)
def test_other_channel(outcome, text: str, expected: Outcome) -> None:
    assert outcome("tone.other-channel", {"text": text}) is expected
