"""How the message is written."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from keeneye.model import Answer, Contact, Evidence, Outcome, Request

Ask = Callable[..., Answer]
HIT, MISS, NONE = Outcome.HIT, Outcome.MISS, Outcome.NOT_APPLICABLE
VALVE = {"request": Request(products=(Evidence("text", "valve"),))}
BARE = {"request": Request(), "contact": Contact()}
POLITE = "Dear Ms. Chen,\n\nplease quote the valve CIF Lima with bill of lading.\n\nBest regards\nRosa"
LOUD = "PLEASE SEND US YOUR PRICE LIST AND CATALOGUE AS SOON AS POSSIBLE BECAUSE WE WANT TO BUY A LOT"


@pytest.mark.parametrize(
    ("signal_id", "text", "given", "expected"),
    [
        ("writing.trade-terms", "Quote the valve CIF, with packing list, carton size and MOQ.", VALVE, HIT),
        ("writing.trade-terms", "Quote the valve CIF.", VALVE, MISS),
        ("writing.trade-terms", "CIF, packing list, carton, MOQ please.", BARE, NONE),
        ("writing.no-greeting", "Send me your best prices today please.", BARE, HIT),
        ("writing.no-greeting", POLITE, BARE, MISS),
        ("writing.no-greeting", "Здравствуйте! Пришлите цену на подшипники 6204.", BARE, MISS),
        ("writing.no-greeting", "ok", BARE, NONE),
        ("writing.no-signature", "Send me your best prices today.", BARE, HIT),
        ("writing.no-signature", POLITE, BARE, MISS),
        ("writing.no-signature", "请把价格发给我们,谢谢", BARE, MISS),
        ("writing.no-signature", "", BARE, NONE),
        ("writing.capitals", LOUD, BARE, HIT),
        ("writing.capitals", LOUD.lower(), BARE, MISS),
        ("writing.capitals", "请报价。" * 30, BARE, NONE),
        ("writing.broken", "hello i need price. also send catalog. thanks for all. bye", BARE, HIT),
        ("writing.broken", "Hello. I need a price. also send a catalogue. Thanks.", BARE, MISS),
        ("writing.broken", "请报价。谢谢。", BARE, NONE),
    ],
)
def test_table(ask: Ask, signal_id: str, text: str, given: dict[str, Any], expected: Outcome) -> None:
    assert ask(signal_id, {"text": text}, **given).outcome is expected


def test_a_reply_in_a_thread_needs_no_greeting(ask: Ask) -> None:
    fields = {"text": "500 pieces are fine for us.", "headers": (("In-Reply-To", "<a@exporter.example>"),)}
    assert ask("writing.no-greeting", fields, **BARE).outcome is NONE
    assert ask("writing.no-signature", fields, **BARE).outcome is NONE


def test_quotes_whole_words_of_the_first_line(ask: Ask) -> None:
    text = "Send me your prices now\n\nCompany: Hidráulica Ortega"
    assert ask("writing.no-greeting", {"text": text}).evidence[0].quote == "Send me your prices now"
    long = "Send me the prices of all your brass ball valves and gate valves at once"
    quote = ask("writing.no-greeting", {"text": long}).evidence[0].quote
    assert quote == "Send me the prices of all your brass ball valves and gate"
