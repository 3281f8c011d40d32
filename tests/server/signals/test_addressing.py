"""To whom the message is written."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from keeneye.model import Answer, Customer, Firm, History, Outcome, Payload, SameText

Ask = Callable[..., Answer]
HIT, MISS, NONE = Outcome.HIT, Outcome.MISS, Outcome.NOT_APPLICABLE
CHEN = {"to": "Chen Wei <sales@exporter.example>"}
TEXT = "Please quote ball valve DN25."
CROWD = ", ".join(f"sales@maker{n}.example" for n in range(9))
SAME = SameText(colleagues=2, messages=3, since=datetime(2026, 3, 2, tzinfo=UTC), likeness=0.9)
FIRM = Firm(domains=("exporter.example",), names=("Exporter Valves",), products=("EV-20",), people=("Li Na",))


@pytest.mark.parametrize(
    ("signal_id", "fields", "given", "expected"),
    [
        ("addressing.by-name", CHEN | {"text": f"Dear Ms. Chen,\n\n{TEXT}"}, {}, HIT),
        ("addressing.by-name", CHEN | {"text": f"Estimada Sra. Chen:\n\n{TEXT}"}, {}, HIT),
        ("addressing.by-name", {"text": f"Hi Na,\n\n{TEXT}"}, {"firm": FIRM}, HIT),
        ("addressing.by-name", CHEN | {"text": f"Dear Sir,\n\n{TEXT}"}, {}, MISS),
        ("addressing.by-name", {"to": "Sales <sales@exporter.example>", "text": f"Dear Sales,\n\n{TEXT}"}, {}, NONE),
        ("addressing.names-us", {"text": "We saw Exporter Valves at the fair."}, {"firm": FIRM}, HIT),
        ("addressing.names-us", {"subject": "Price of EV-20", "text": TEXT}, {"firm": FIRM}, HIT),
        ("addressing.names-us", {"text": TEXT}, {"firm": FIRM}, MISS),
        ("addressing.names-us", {"text": TEXT}, {"firm": Firm(domains=("exporter.example",))}, NONE),
        ("addressing.mailbox-name", {"text": f"Hello sales@exporter.example,\n\n{TEXT}"}, {}, MISS),
        ("addressing.mailbox-name", {"text": f"Dear sales,\n\n{TEXT}"}, {}, HIT),
        ("addressing.mailbox-name", {"text": f"Dear sales team,\n\n{TEXT}"}, {}, MISS),
        ("addressing.mailbox-name", {"text": TEXT}, {}, NONE),
        ("addressing.generic-greeting", {"text": f"Dear Sir/Madam,\n\n{TEXT}"}, {}, HIT),
        ("addressing.generic-greeting", {"text": f"Sehr geehrte Damen und Herren,\n\n{TEXT}"}, {}, HIT),
        ("addressing.generic-greeting", {"text": f"尊敬的先生:\n\n{TEXT}"}, {}, HIT),
        ("addressing.generic-greeting", CHEN | {"text": f"Dear Ms. Chen,\n\n{TEXT}"}, {}, MISS),
        ("addressing.undisclosed", {"to": "undisclosed-recipients:;", "text": TEXT}, {}, HIT),
        ("addressing.undisclosed", {"text": TEXT}, {}, MISS),
        ("addressing.many", {"to": CROWD, "text": TEXT}, {}, HIT),
        ("addressing.many", {"to": ", ".join(f"a{n}@exporter.example" for n in range(9)), "text": TEXT}, {}, MISS),
        ("addressing.many", {"to": None, "text": TEXT}, {}, NONE),
        ("addressing.other-suppliers", {"cc": "export@other.example", "text": TEXT}, {}, HIT),
        ("addressing.other-suppliers", {"cc": "boss@buyer.example", "text": TEXT}, {}, MISS),
        ("addressing.other-suppliers", {"to": "x@other.example", "text": TEXT}, {}, NONE),
        ("addressing.blind-copy", {"to": "friend@other.example", "text": TEXT}, {}, HIT),
        ("addressing.blind-copy", {"text": TEXT}, {}, MISS),
        (
            "addressing.blind-copy",
            {"to": "dev@lists.example", "headers": (("List-Id", "<dev.lists.example>"),), "text": TEXT},
            {},
            MISS,
        ),
        ("addressing.blind-copy", {"to": "friend@other.example", "text": TEXT}, {"firm": Firm()}, NONE),
        ("addressing.same-text", {"text": TEXT}, {"history": History(same_text=SAME)}, HIT),
        ("addressing.same-text", {"text": ""}, {"history": History(same_text=SAME)}, MISS),
        ("addressing.same-text", {"text": TEXT}, {"history": History(same_text=SAME, listed=Customer("B", 1))}, MISS),
        ("addressing.same-text", {"text": TEXT}, {"history": History(same_text=SAME, listed=Customer("B"))}, HIT),
        ("addressing.same-text", {"text": TEXT}, {"history": History(same_text=SAME, confirmed_genuine=1)}, MISS),
        ("addressing.same-text", {"text": TEXT}, {"history": History()}, MISS),
        ("addressing.same-text", {"text": TEXT}, {"history": None}, NONE),
    ],
)
def test_table(ask: Ask, signal_id: str, fields: dict[str, Any], given: dict[str, Any], expected: Outcome) -> None:
    assert ask(signal_id, fields, **given).outcome is expected


def test_visible_text_alone_says_nothing_of_recipients(ask: Ask) -> None:
    seen = Payload(text=TEXT, from_="a@b.example", sees="visible")
    assert ask("addressing.undisclosed", b"", payload=seen).outcome is NONE
    assert ask("addressing.blind-copy", b"", payload=seen).outcome is NONE


def test_same_text_weighs_more_the_more_people_it_reached(ask: Ask) -> None:
    reached = [(1, 0), (0, 1), (2, 0), (1, 1), (19, 0)]
    strengths = [
        ask("addressing.same-text", {"text": TEXT}, history=History(same_text=replace(SAME, colleagues=c, senders=s)))
        for c, s in reached
    ]
    assert [a.strength for a in strengths] == pytest.approx([0.6, 0.6, 0.8, 0.8, 1.0])
    assert dict(strengths[-1].values) == {"count": 19, "messages": 3, "senders": 0, "since": "2026-03-02"}


def test_the_greeting_alone_is_quoted(ask) -> None:
    message = CHEN | {"text": "Ms. Chen, the stand number is 12.1 and we share it with the casters."}
    assert [e.quote for e in ask("addressing.by-name", message).evidence] == ["Ms. Chen"]
