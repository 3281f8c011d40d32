"""The subject line."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from keeneye.model import Answer, Outcome, Payload

Ask = Callable[..., Answer]
HIT, MISS, NONE = Outcome.HIT, Outcome.MISS, Outcome.NOT_APPLICABLE
TEXT = "Please quote."


@pytest.mark.parametrize(
    ("signal_id", "subject", "text", "expected"),
    [
        ("subject.clear", "RFQ: brass ball valve DN25", TEXT, HIT),
        ("subject.clear", "询价:黄铜球阀 DN15", "请报价", HIT),
        ("subject.clear", "Anfrage: Edelstahlscharniere 100 x 75 mm", TEXT, HIT),
        ("subject.clear", "Product inquiry", TEXT, MISS),
        ("subject.clear", "Noodles on Saturday", "See you there", NONE),
        ("subject.empty", "", TEXT, HIT),
        ("subject.empty", "Valves", TEXT, MISS),
        ("subject.generic", "Product inquiry", TEXT, HIT),
        ("subject.generic", "Re: URGENT PURCHASE ORDER", TEXT, HIT),
        ("subject.generic", "Consulta de precio", TEXT, HIT),
        ("subject.generic", "Demande de prix", TEXT, HIT),
        ("subject.generic", "Geschäftliche Anfrage!", TEXT, HIT),
        ("subject.generic", "Запрос цены", TEXT, HIT),
        ("subject.generic", "询价", TEXT, HIT),
        ("subject.generic", "طلب عرض سعر", TEXT, HIT),
        ("subject.generic", "Inquiry: DN25 valves", TEXT, MISS),
        ("subject.generic", "", TEXT, NONE),
        ("subject.capitals", "URGENT PURCHASE ORDER", TEXT, HIT),
        ("subject.capitals", "Urgent purchase order", TEXT, MISS),
        ("subject.capitals", "MAX3471EUA", TEXT, NONE),
        ("subject.everything", "Price needed for your whole range", TEXT, HIT),
        ("subject.everything", "Price of DN25", "whole range please", MISS),
    ],
)
def test_table(ask: Ask, signal_id: str, subject: str, text: str, expected: Outcome) -> None:
    assert ask(signal_id, {"subject": subject, "text": text}).outcome is expected


def test_a_chat_has_no_subject(ask: Ask) -> None:
    assert ask("subject.empty", b"", payload=Payload(text="price?", sees="visible")).outcome is NONE
