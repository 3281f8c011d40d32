"""How the writer can be reached."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from keeneye.model import Answer, Contact, Evidence, Outcome, Payload, Phone

Ask = Callable[..., Answer]
HIT, MISS, NONE = Outcome.HIT, Outcome.MISS, Outcome.NOT_APPLICABLE
MAIL = {"text": "Please quote ball valve DN25."}


def ev(quote: str) -> Evidence:
    return Evidence("text", quote)


def phone(number: str, kind: Any = "phone") -> Phone:
    return Phone(number, "PE", kind, ev(number))


FULL = Contact(
    person=ev("Rosa Quispe"),
    title=ev("Jefa de Compras"),
    company=ev("Andes Fluidos S.A.C."),
    phones=(phone("+5115550142"),),
    address=ev("Av. Argentina 2415, Lima"),
    address_complete=True,
    websites=(ev("www.andes.example"),),
)


@pytest.mark.parametrize(
    ("signal_id", "contact", "expected"),
    [
        ("contact.person", FULL, HIT),
        ("contact.person", Contact(), MISS),
        ("contact.title", FULL, HIT),
        ("contact.title", Contact(), MISS),
        ("contact.phone", FULL, HIT),
        ("contact.phone", Contact(phones=(phone("+5115550199", "fax"),)), MISS),
        ("contact.fax", Contact(phones=(phone("+511"), phone("+512", "fax"))), HIT),
        ("contact.fax", Contact(phones=(phone("+511"), phone("+511", "fax"))), MISS),
        ("contact.fax-is-phone", Contact(phones=(phone("+511"), phone("+511", "fax"))), HIT),
        ("contact.fax-is-phone", Contact(phones=(phone("+511"), phone("+512", "fax"))), MISS),
        ("contact.fax-is-phone", FULL, NONE),
        ("contact.messenger", Contact(messengers=(ev("WhatsApp +51"),)), HIT),
        ("contact.messenger", Contact(phones=(phone("+51", "messenger"),)), HIT),
        ("contact.messenger", FULL, MISS),
        ("contact.address", FULL, HIT),
        ("contact.address", Contact(), MISS),
        ("contact.complete", FULL, HIT),
        ("contact.complete", Contact(person=ev("Rosa"), company=ev("Andes")), MISS),
        ("contact.none", Contact(), HIT),
        ("contact.none", Contact(title=ev("Manager")), HIT),
        ("contact.none", Contact(phones=(phone("+511"),)), MISS),
    ],
)
def test_table(ask: Ask, signal_id: str, contact: Contact, expected: Outcome) -> None:
    assert ask(signal_id, MAIL, contact=contact).outcome is expected


def test_half_an_address_counts_half(ask: Ask) -> None:
    assert ask("contact.address", MAIL, contact=Contact(address=ev("Lima"))).strength == 0.5


@pytest.mark.parametrize("signal_id", ["contact.none", "contact.phone", "contact.person", "contact.address"])
def test_a_chat_or_form_without_sender_is_not_blamed(ask: Ask, signal_id: str) -> None:
    seen = Payload(text="100 pcs to Brooklyn, price?", sees="visible")
    assert ask(signal_id, b"", payload=seen, contact=Contact()).outcome is NONE
