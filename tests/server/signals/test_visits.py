"""What the web log says of the place that a message was sent from."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from keeneye.model import Answer, History, Origin, Outcome, Place, Visits
from keeneye.view import facts_json

Ask = Callable[..., Answer]
HIT, MISS, NONE, UNKNOWN = Outcome.HIT, Outcome.MISS, Outcome.NOT_APPLICABLE, Outcome.UNKNOWN
MAIL = {"from": "Rosa <rosa@andes-fluidos.example>", "text": "Please quote ball valve DN25."}
IP = "203.0.113.5"
DAY = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
SEEN = Visits("address", 2, 5, ("/product/a", "/product/b"), "site", "alibaba.com", DAY, DAY)
PAGES = replace(SEEN, products=(), came_by="typed", came_from=None)
NEAR = replace(SEEN, by="network")
ALL = ("visits.products", "visits.site", "visits.network", "visits.came-from", "visits.typed", "visits.none")


def origin(kind: str | None = "access", hidden: str | None = None, ip: str | None = IP) -> Origin:
    return Origin(ip, None if hidden else Place(IP, "PE", kind=kind), hidden, "Received", 0)


def given(visits: Visits | None = None, where: Origin | None = None, **history: object) -> dict[str, object]:
    known = History(visits={IP: visits} if visits else {}, **history)  # type: ignore[arg-type]
    return {"history": known, "origin": where or origin()}


@pytest.mark.parametrize(
    ("facts", "hits"),
    [
        (given(SEEN), {"visits.products", "visits.came-from"}),
        (given(PAGES), {"visits.site", "visits.typed"}),
        (given(NEAR), {"visits.network"}),
        (given(), {"visits.none"}),
        (given(PAGES, messages_from_sender=2), {"visits.site"}),
        (given(PAGES, ours_to_sender=1), {"visits.site"}),
        (given(replace(PAGES, came_by="unknown")), {"visits.site"}),
        (given(replace(SEEN, came_by="mail", came_from=None)), {"visits.products", "visits.came-from"}),
        (given(NEAR, where=origin("hosting")), set()),
        (given(NEAR, where=origin("mail_provider")), set()),
        (given(SEEN, where=origin("hosting")), {"visits.products", "visits.came-from"}),
        (given(SEEN, where=origin(hidden="Gmail")), set()),
    ],
)
def test_hits(ask: Ask, facts: dict[str, object], hits: set[str]) -> None:
    assert {i for i in ALL if ask(i, MAIL, **facts).outcome is HIT} == hits


@pytest.mark.parametrize("where", [origin(hidden="Gmail"), origin("hosting"), origin(ip=None)])
def test_an_address_that_does_not_show_is_no_bad_sign(ask: Ask, where: Origin) -> None:
    assert ask("visits.none", MAIL, **given(where=where)).outcome is UNKNOWN
    assert [ask(i, MAIL, **given(where=where)).outcome for i in ALL[:5]] == [MISS] * 5


@pytest.mark.parametrize("history", [None, History()])
def test_without_a_web_log_nothing_is_said(ask: Ask, history: History | None) -> None:
    assert [ask(i, MAIL, history=history, origin=origin()).outcome for i in ALL] == [NONE] * 6


def test_more_pages_say_more(ask: Ask) -> None:
    one = ask("visits.products", MAIL, **given(replace(SEEN, pages=1)))
    three = ask("visits.products", MAIL, **given(replace(SEEN, pages=3)))
    assert one.strength < three.strength == 1.0
    bare = ask("visits.network", MAIL, **given(replace(NEAR, products=())))
    assert bare.strength < ask("visits.network", MAIL, **given(NEAR)).strength


def test_evidence_names_the_products_and_the_last_visit(ask: Ask) -> None:
    answer = ask("visits.products", MAIL, **given(SEEN))
    assert [e.quote for e in answer.evidence] == ["/product/a", "/product/b"]
    assert answer.values["date"] == "2026-11-23"


def test_the_verdict_tells_the_visits(facts_of: Callable[..., object]) -> None:
    told = facts_json(facts_of(MAIL, **given(SEEN)))["history"]["visits"]  # type: ignore[arg-type]
    assert told == {
        "by": "address", "visits": 2, "pages": 5, "products": ["/product/a", "/product/b"], "came_by": "site",
        "came_from": "alibaba.com", "first_seen": "2026-11-23T09:00:00Z", "last_seen": "2026-11-23T09:00:00Z",
    }  # fmt: skip
    assert facts_json(facts_of(MAIL, **given(NEAR, where=origin("hosting"))))["history"]["visits"] is None  # type: ignore[arg-type]
