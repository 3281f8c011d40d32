"""What earlier mails and colleagues say: what must hit, and above all what must not."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from tests.server.conftest import NOW

from keeneye.model import Answer, Customer, Firm, History, Outcome, Partner

Ask = Callable[..., Answer]
HIT, MISS, NONE, UNKNOWN = Outcome.HIT, Outcome.MISS, Outcome.NOT_APPLICABLE, Outcome.UNKNOWN

MAIL = {"from": "Rosa <rosa@andes.example>", "text": "Fine, please go on."}
FORGED = {"auth": "mx.exporter.example; spf=fail smtp.mailfrom=andes.example; dmarc=fail header.from=andes.example"}
REPLY = {"headers": [("References", "<q1@exporter.example>"), ("In-Reply-To", "<q1@exporter.example>")]}
BRANCH_REPLY = {"headers": [("References", "<q1@mail.exporter.example>")]}
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
        ("unseen-thread", BRANCH_REPLY, History(thread_known=False, ours_since=OLD), HIT),
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


# ------------------------------------------------------------------ orders that nobody knows of

LISTED = History(customers_listed=True)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The balance of our last order was paid, slip enclosed.", HIT),
        ("We have bought 3 containers from your company in March, please repeat.", HIT),
        ("We paid your invoice on Monday, when will you ship our goods?", HIT),
        ("Same as last order please.", HIT),
        ("上次我司向贵司采购的货还没到", HIT),
        ("尾款我们已支付，请安排发货", HIT),
        ("Hemos pagado el saldo, ¿cuándo envían?", HIT),
        ("Wir haben bereits bei Ihnen bestellt.", HIT),
        ("Nous avons réglé votre facture hier.", HIT),
        ("Nosso último pedido com vocês chegou bem.", HIT),
        ("Мы уже заказывали клапаны у вас в прошлом году.", HIT),
        ("Abbiamo già ordinato da voi.", HIT),
        ("We bought such valves from Turkey last year and look for a new supplier.", MISS),
        ("Please quote 500 pcs; payment 30 % deposit, balance before shipment.", MISS),
        ("Please send your invoice for the samples.", MISS),
        ("我们需要1000个球阀，请报价，付款方式：定金30%，尾款发货前付清", MISS),
    ],
)
def test_claims_order_unknown(ask: Ask, text: str, expected: Outcome) -> None:
    mail = {"from": "Rosa <rosa@andes.example>", "text": text, "subject": "Order"}
    assert ask("history.claims-order-unknown", mail, history=LISTED).outcome is expected


@pytest.mark.parametrize(
    ("history", "expected"),
    [
        (LISTED, HIT),
        (None, NONE),
        (History(), NONE),
        (History(customers_listed=True, listed=Customer("Andes")), MISS),
        (History(customers_listed=True, ours_to_sender=1), MISS),
        (History(customers_listed=True, thread_known=True), MISS),
        (History(customers_listed=True, confirmed_genuine=1), MISS),
        (History(customers_listed=True, messages_from_sender=1), HIT),
    ],
)
def test_claims_order_unknown_knows_the_known(ask: Ask, history: History | None, expected: Outcome) -> None:
    mail = MAIL | {"text": "We have paid the balance of our last order with you."}
    assert ask("history.claims-order-unknown", mail, history=history).outcome is expected


def test_a_partner_may_speak_of_our_order(ask: Ask) -> None:
    firm = Firm(domains=("exporter.example",), known=(Partner("Andes", ("andes.example",)),))
    mail = MAIL | {"text": "We have paid the balance of our last order with you."}
    assert ask("history.claims-order-unknown", mail, history=LISTED, firm=firm).outcome is MISS
