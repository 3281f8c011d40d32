"""What the firm's own catalogue says of the goods in a message."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from keeneye.model import Answer, Firm, Outcome, Product

Ask = Callable[..., Answer]
HIT, MISS, NOT = Outcome.HIT, Outcome.MISS, Outcome.NOT_APPLICABLE

GOODS = (
    Product("Ball valve", ("球阀", "válvula de bola"), ("BV-20",), "848180", ("pcs", "sets")),
    Product("Steel wire", (), (), None, ("kg", "t")),
    Product("Tap"),
)
FIRM = Firm(domains=("exporter.example",), goods=GOODS)
NO_UNITS = Firm(domains=("exporter.example",), goods=(Product("Ball valve"),))
NOTHING = Firm(domains=("exporter.example",))


@pytest.mark.parametrize(
    ("signal_id", "text", "firm", "expected"),
    [
        ("catalogue.our-product", "Please quote 500 pcs of ball valves.", FIRM, HIT),
        ("catalogue.our-product", "Por favor coticen válvulas de bola, 500 piezas.", FIRM, HIT),
        ("catalogue.our-product", "请报球阀的价格", FIRM, HIT),
        ("catalogue.our-product", "Please quote 500 pcs of BV20.", FIRM, HIT),
        ("catalogue.our-product", "Please quote 500 pcs of gate valves.", FIRM, MISS),
        ("catalogue.our-product", "Please quote 500 pcs of ball valves.", NOTHING, NOT),
        ("catalogue.our-product", "The ball valve of our heating is broken, ha ha.", FIRM, NOT),
        ("catalogue.hs-code", "Please quote 500 pcs, HS code 8481.80.81", FIRM, HIT),
        ("catalogue.hs-code", "Please quote 500 pcs, HS code 7307.19", FIRM, MISS),
        ("catalogue.hs-code", "Please quote 500 pcs, HS code 8481.80", NO_UNITS, NOT),
        ("catalogue.strange-unit", "Please quote your ball valves, best price per kg", FIRM, HIT),
        ("catalogue.strange-unit", "Please quote 3000 kg of ball valves", FIRM, HIT),
        ("catalogue.strange-unit", "请报球阀价格，每公斤多少钱", FIRM, HIT),
        ("catalogue.strange-unit", "Please quote 3000 pcs of ball valves", FIRM, MISS),
        ("catalogue.strange-unit", "Please quote 40 cartons of ball valves", FIRM, MISS),
        ("catalogue.strange-unit", "Please quote 3000 kg of steel wire", FIRM, MISS),
        ("catalogue.strange-unit", "Please quote 3000 kg of taps", FIRM, NOT),
        ("catalogue.strange-unit", "Please quote 3000 kg of ball valves", NO_UNITS, NOT),
        ("catalogue.not-ours", "Please quote 20 sets of cutting machines.", FIRM, HIT),
        ("catalogue.not-ours", "Please quote 20 sets of gate valves.", FIRM, MISS),
        ("catalogue.not-ours", "Please quote 20 sets of ball valves and 3 sets of cutting machines.", FIRM, MISS),
        ("catalogue.not-ours", "Please quote 20 sets of cutting machines.", NOTHING, NOT),
        ("catalogue.not-ours", "Please send your catalogue.", FIRM, NOT),
    ],
)
def test_table(ask: Ask, signal_id: str, text: str, firm: Firm, expected: Outcome) -> None:
    assert ask(signal_id, {"text": text, "subject": "Inquiry"}, firm=firm).outcome is expected


def test_the_title_of_a_marketplaces_form_is_not_the_buyers_word(facts_of: Any, ask: Ask) -> None:
    text = "Please quote.\n\nOn Monday Chen wrote:\n> our ball valve BV-20"
    assert ask("catalogue.our-product", {"text": text, "subject": "Inquiry"}, firm=FIRM).outcome is MISS


def test_the_reader_is_told_which_product(ask: Ask) -> None:
    answer = ask("catalogue.strange-unit", {"text": "Please tell me your price of BV-20 per kilo."}, firm=FIRM)
    assert answer.values == {"product": "Ball valve", "units": "pcs, sets"}
    assert answer.evidence[0].quote == "price of BV-20 per kilo"
