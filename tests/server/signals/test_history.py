"""What earlier mails and colleagues say: what must hit, and above all what must not."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from keeneye.model import Answer, Customer, History, Outcome
from tests.server.conftest import NOW

Ask = Callable[..., Answer]
HIT, MISS, NONE, UNKNOWN = Outcome.HIT, Outcome.MISS, Outcome.NOT_APPLICABLE, Outcome.UNKNOWN

MAIL = {"from": "Rosa <rosa@andes.example>", "text": "Fine, please go on."}
FORGED = {"auth": "mx.exporter.example; spf=fail smtp.mailfrom=andes.example; dmarc=fail header.from=andes.example"}
REPLY = {"headers": [("References", "<q1@exporter.example>"), ("In-Reply-To", "<q1@exporter.example>")]}
OTHERS_REPLY = {"headers": [("References", "<m1@andes.example>")]}
GOING_ON: dict[str, Any] = {"thread_known": True, "messages_in_thread": 4, "level_before": 3}
OLD, YOUNG = NOW - timedelta(days=200), NOW - timedelta(days=3)


@pytest.mark.parametrize(
    ("signal", "mail", "history", "outcome"),
    [
        ("ongoing", {}, History(**GOING_ON), HIT),
        ("ongoing", {}, History(**GOING_ON | {"level_before": None, "level": 2}), HIT),
        ("ongoing", {}, History(**GOING_ON | {"level_before": 4}), MISS),
        ("ongoing", {}, History(**GOING_ON | {"thread_others": True}), MISS),
        ("ongoing", {}, History(**GOING_ON | {"thread_known": False}), MISS),
        ("ongoing", {}, History(**GOING_ON | {"confirmed_fake": 1}), MISS),
        ("ongoing", FORGED, History(**GOING_ON), MISS),
        ("ongoing", {}, History(), NONE),
        ("ongoing", {}, None, NONE),
        ("wrote-before", {}, History(messages_from_sender=2, first_seen=OLD), HIT),
        ("wrote-before", {}, History(), MISS),
        ("wrote-before", {}, History(messages_from_sender=2, danger_from_sender=1), MISS),
        ("wrote-before", FORGED, History(messages_from_sender=2), MISS),
        ("wrote-before", {}, None, NONE),
        ("known-company", {}, History(messages_from_domain=5, messages_from_sender=2), HIT),
        ("known-company", {}, History(messages_from_domain=2, messages_from_sender=2), MISS),
        ("known-company", {}, History(messages_from_domain=None), NONE),
        ("confirmed-genuine", {}, History(confirmed_genuine=1), HIT),
        ("confirmed-genuine", {}, History(confirmed_genuine=3, confirmed_fake=1), MISS),
        ("confirmed-genuine", FORGED, History(confirmed_genuine=3), MISS),
        ("confirmed-genuine", {}, History(), MISS),
        ("confirmed-fake", {}, History(confirmed_fake=1), HIT),
        ("confirmed-fake", {}, History(confirmed_fake=1, confirmed_genuine=1), MISS),
        ("confirmed-fake", {}, None, NONE),
        ("danger-before", {}, History(messages_from_sender=1, danger_from_sender=1), HIT),
        ("danger-before", {}, History(messages_from_sender=0, danger_from_sender=1), MISS),  # this message, again
        ("danger-before", {}, History(messages_from_sender=3, danger_from_sender=1, confirmed_genuine=1), MISS),
        ("stranger-in-thread", {}, History(thread_known=True, thread_others=True), HIT),
        ("stranger-in-thread", {}, History(thread_known=True, thread_others=True, messages_from_domain=2), MISS),
        ("stranger-in-thread", {}, History(thread_known=True, thread_others=True, messages_from_sender=1), MISS),
        ("stranger-in-thread", {}, History(thread_known=True, thread_others=True, ours_to_sender=1), MISS),
        ("stranger-in-thread", {}, History(thread_known=True), MISS),
        ("stranger-in-thread", {}, History(thread_known=None), NONE),
        ("unseen-thread", REPLY, History(thread_known=False, ours_since=OLD), HIT),
        ("unseen-thread", REPLY, History(thread_known=False, ours_since=YOUNG), UNKNOWN),
        ("unseen-thread", REPLY, History(thread_known=False), UNKNOWN),
        ("unseen-thread", REPLY, History(thread_known=True, ours_since=OLD), MISS),
        ("unseen-thread", OTHERS_REPLY, History(thread_known=False, ours_since=OLD), MISS),
        ("unseen-thread", {}, History(ours_since=OLD), NONE),
        ("first-mail", {}, History(messages_from_domain=0), HIT),
        ("first-mail", {}, History(messages_from_domain=1), MISS),
        ("first-mail", {}, History(messages_from_sender=1), MISS),
        ("first-mail", {}, History(listed=Customer("Andes")), MISS),
        ("first-mail", {}, None, NONE),
    ],
)
def test_table(ask: Ask, signal: str, mail: dict[str, Any], history: History | None, outcome: Outcome) -> None:
    assert ask(f"history.{signal}", {**MAIL, **mail}, history=history).outcome is outcome


def test_two_confirmations_say_more_than_one(ask: Ask) -> None:
    one = ask("history.confirmed-genuine", MAIL, history=History(confirmed_genuine=1))
    two = ask("history.confirmed-genuine", MAIL, history=History(confirmed_genuine=2))
    assert (one.strength, two.strength) == (0.5, 1.0)


def test_says_how_far_the_exchange_has_come(ask: Ask) -> None:
    assert ask("history.ongoing", MAIL, history=History(**GOING_ON)).values == {"count": 4, "level": 3}
