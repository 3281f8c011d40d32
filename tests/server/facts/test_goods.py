"""Goods of our catalogue in a message: where they stand, by which unit, and when none of them does."""

from __future__ import annotations

import time

import pytest
from handmade import answers, firm, mail, stands

from keeneye.facts import draw, goods
from keeneye.facts.text import Text
from keeneye.model import Product, Request

VALVE = Product("Ball valve", ("球阀", "válvula de bola", "Kugelhahn"), ("BV-20", "2207118"), "848180", ("pcs", "sets"))
WIRE = Product("Steel wire", ("钢丝",), (), "721720", ("kg", "ton"))
HOSE = Product("Garden hose", (), ("GH 1/2",), None, ("m", "rolls"))
GOODS = (VALVE, WIRE, HOSE)


def request(body: str, subject: str = "", catalogue: tuple[Product, ...] = GOODS, quoted: str = "") -> Request:
    message = mail(body, subject=subject, quoted=quoted)
    found = draw(message, answers(), firm(goods=catalogue)).request
    for evidence in (*(o.evidence for o in found.ours), *found.strange_units, *found.not_ours):
        assert stands(message, evidence), evidence
    return found


def named(body: str, subject: str = "", catalogue: tuple[Product, ...] = GOODS) -> list[tuple[str, str, str]]:
    return [(o.product.name, o.by, o.evidence.quote) for o in request(body, subject, catalogue).ours]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("We need 500 pcs of ball valve.", [("Ball valve", "name", "ball valve")]),
        ("Price of BALL-VALVES please", [("Ball valve", "name", "BALL-VALVES")]),
        ("Price of ball\nvalves please", [("Ball valve", "name", "ball\nvalves")]),
        ("Buscamos válvulas de bola de latón", [("Ball valve", "name", "válvulas de bola")]),
        ("我们需要黄铜球阀 DN15，1000 个", [("Ball valve", "name", "球阀")]),
        ("Bitte bieten Sie Kugelhahn DN 25 an", [("Ball valve", "name", "Kugelhahn")]),
        ("Quote your BV20 and bv 20", [("Ball valve", "model", "BV20"), ("Ball valve", "model", "bv 20")]),
        ("Item 2207118, 30 pcs", [("Ball valve", "model", "2207118")]),
        ("HS code 8481.80.81, 300 pcs", [("Ball valve", "hs", "8481.80.81")]),
        ("海关编码：84818040", [("Ball valve", "hs", "84818040")]),
        ("the goods fall under 8481.80.19.", [("Ball valve", "hs", "8481.80.19")]),
        ("tariff heading 8481.80", [("Ball valve", "hs", "8481.80")]),
        (
            "steel wire and garden hoses",
            [("Steel wire", "name", "steel wire"), ("Garden hose", "name", "garden hoses")],
        ),
        # what is not there
        ("We need gate valves and balls.", []),
        ("BV-200 or ABV-20", []),
        ("my football valve", []),
        ("ball, and a valve", []),
        ("the ball was red. Valve works.", []),
        ("our invoice 8481.80 USD is 848180", []),
        ("call 8481 8040", []),
        ("HS code 7318.15", []),
    ],
)
def test_what_is_named(body: str, expected: list[tuple[str, str, str]]) -> None:
    assert named(body) == expected


def test_subject_counts_and_a_quoted_thread_does_not() -> None:
    assert named("Please quote.", "Ball valves DN25") == [("Ball valve", "name", "Ball valves")]
    assert request("Please quote.", quoted="> we make ball valves").ours == ()


def test_the_longest_name_wins() -> None:
    catalogue = (Product("Ball valve"), Product("Ball valve handle"))
    assert [n for n, _, _ in named("a ball valve handle, a ball valve hand", "", catalogue)] == [
        "Ball valve handle", "Ball valve",
    ]  # fmt: skip


def test_what_is_named_is_a_product_of_the_request() -> None:
    assert [e.quote for e in request("Do you have Kugelhahn in stock?").products] == ["Kugelhahn"]


@pytest.mark.parametrize("name", ["goods", "a", "阀", "12", "2026", ""])
def test_names_that_say_nothing_are_not_looked_for(name: str) -> None:
    assert named("12 goods, a 阀 of 2026", "", (Product(name or "?", (), (name,)),)) == []


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("Please quote 500 kg of ball valves.", ["500 kg"]),
        ("Ball valves: your best price per kg?", ["price per kg"]),
        ("What is the price of the ball valve per kilo", ["price of the ball valve per kilo"]),
        ("球阀每公斤多少钱？", ["每公斤多少钱"]),
        ("球阀，请报价，按公斤报价", ["按公斤报价"]),
        ("Steel wire, 300 pcs", ["300 pcs"]),
        # honest twins
        ("Please quote 500 pcs of ball valves.", []),
        ("Please quote 20 dozen ball valves, 40 cartons, 2 pallets, 1x20ft container, 12 cbm.", []),
        ("Steel wire 2 tons, ball valves 500 pcs", []),
        ("500 kg steel wire and 500 pcs ball valves", []),
        ("We buy 300 kg of copper granulate, and ball valves.", []),
        ("Garden hose 300 kg", []),  # sold by the roll: a roll has a weight
        ("Ball valves, price per piece", []),
        ("25 kg of steel wire", []),
        ("price per kg please", []),
    ],
)
def test_units(body: str, expected: list[str]) -> None:
    assert [e.quote for e in request(body).strange_units] == expected


def test_a_unit_that_is_not_known_judges_nothing() -> None:
    odd = (Product("Ball valve", units=("pcs", "hanks")), Product("Tap"))
    assert request("500 kg of ball valves and 500 kg of taps", "", odd).strange_units == ()


@pytest.mark.parametrize(
    ("body", "subject", "expected"),
    [
        ("We need 300 pcs of cutting machines, please quote.", "", ["cutting machines"]),
        ("我们需要1000个水泵，请报价", "", ["水泵"]),
        # honest twins
        ("We need 300 pcs of gate valves, please quote.", "", []),  # a word of ours
        ("We need 300 pcs of brass fittings for the ball valve, please quote.", "", []),
        ("Necesitamos 300 piezas de bombas de agua", "", []),  # nobody can compare it with an English name
        ("Please send your catalogue.", "", []),
    ],
)
def test_what_we_do_not_sell(body: str, subject: str, expected: list[str]) -> None:
    catalogue = (Product("Ball valve", ("球阀",)), Product("Steel wire", ("钢丝",)))
    assert [e.quote for e in request(body, subject, catalogue).not_ours] == expected


def test_no_catalogue_says_nothing() -> None:
    found = request("300 kg of cutting machines", "", ())
    assert (found.ours, found.strange_units, found.not_ours) == ((), (), ())


@pytest.mark.parametrize(
    "text", ["ball " * 8000, "bv" * 20_000, "球" * 20_000, "hs " * 10_000, "price per " * 4000, "8481." * 6000]
)
def test_hostile_texts_take_linear_time(text: str) -> None:
    many = tuple(Product(" ".join(["ball"] * (i % 11 + 1)) + f" x{i}", (), (f"BV {i}",)) for i in range(5000))
    message = mail(text)
    ready = Text(message)
    shelf = goods.Shelf(many)
    begun = time.process_time()
    shelf.find(ready)
    assert time.process_time() - begun < 0.5
    begun = time.process_time()
    draw(message, answers(), firm(goods=GOODS))
    assert time.process_time() - begun < 2.0


def test_the_catalogue_is_made_ready_once() -> None:
    assert goods.shelf(GOODS) is goods.shelf(GOODS)
    assert goods.shelf((VALVE,)) is not goods.shelf(GOODS)
