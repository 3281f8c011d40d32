"""Invitation letters: visa seekers and fair visitors apart."""

from __future__ import annotations

import pytest

from keeneye.model import Customer, History, Outcome

HIT, MISS, NOT = Outcome.HIT, Outcome.MISS, Outcome.NOT_APPLICABLE

SEEKER = (
    "We are a big trading company. Before any order we must visit your "
    "factory. Send an official invitation letter for the visa "
    "of the following five persons, passport numbers below."
)
VISITOR = "As last year, we need an invitation letter for my visa to inspect our order no. 2026-318 in your factory."


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (SEEKER, HIT),
        ("请尽快发邀请函办理签证,我们要参观贵司工厂。", HIT),
        ("Necesitamos una carta de invitación para el visado; queremos visitar su fábrica.", HIT),
        ("Bitte senden Sie ein Einladungsschreiben für das Visum.", HIT),
        ("Нам нужно письмо-приглашение для визы, посольство ждет.", HIT),
        (VISITOR, MISS),
        (
            "We invite you to the exhibition, booth space and visa support "
            "letter for exhibitors, register now for the fair.",
            MISS,
        ),
        ("We will visit your factory in May. Please quote 500 pcs of hinge H-12.", MISS),
    ],
)
def test_letter_first(outcome, text: str, expected: Outcome) -> None:
    assert outcome("invitation.letter-first", {"text": text, "subject": "Visit"}) is expected


def test_a_buyer_with_goods_weighs_less(ask) -> None:
    bare = ask("invitation.letter-first", {"text": SEEKER})
    goods = ask(
        "invitation.letter-first", {"text": "We buy 500 pcs of ball valve DN50. Send an invitation letter for my visa."}
    )
    assert goods.outcome is HIT
    assert goods.strength < bare.strength


@pytest.mark.parametrize(("text", "expected"), [(SEEKER, HIT), (VISITOR, MISS), ("Five people work here.", MISS)])
def test_crowd(outcome, text: str, expected: Outcome) -> None:
    assert outcome("invitation.crowd", {"text": text}) is expected


def test_the_fair_visitor_after_years_of_orders(outcome) -> None:
    known = History(messages_from_sender=50, listed=Customer("Andes"))
    for signal, expected in (("letter-first", MISS), ("crowd", MISS), ("known-visitor", HIT)):
        assert outcome(f"invitation.{signal}", {"text": SEEKER}, history=known) is expected


@pytest.mark.parametrize(("text", "expected"), [(VISITOR, HIT), (SEEKER, MISS), ("Please quote.", NOT)])
def test_known_visitor(outcome, text: str, expected: Outcome) -> None:
    assert outcome("invitation.known-visitor", {"text": text}) is expected
