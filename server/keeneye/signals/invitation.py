"""Invitation letters for visas, and who asks for them."""

from __future__ import annotations

from typing import Final

from keeneye.model import Answer, Effect, Facts
from keeneye.signals import MISS, NOT_APPLICABLE, hit, signal
from keeneye.signals.money import asks_goods, in_thread
from keeneye.signals.sender import member_talk

SEEKER: Final = "invitation_seeker"


def known_visitor(facts: Facts) -> bool:
    """Whether the writer shows a past with us: the store knows him, or he names earlier orders or years."""
    history = facts.history
    if history is not None and (history.listed or history.confirmed_genuine or history.messages_from_sender > 3):
        return True
    return in_thread(facts) or bool(facts.says("invitation.known"))


@signal(
    "invitation.letter-first",
    title="Wants an invitation letter before there is any business",
    text="“{quote}”, but no goods, terms or earlier orders are named.",
    headline="Wants an invitation letter before any business",
    weight=-40,
    type=SEEKER,
    source="S2; rule 60",
)
def letter_first(facts: Facts) -> Answer:
    """Hit when an invitation letter for a visa is asked for and neither goods nor a past with us are shown.

    Why: business is pretended to get a visa.
    Example: "before any order we must visit your factory, send an invitation letter for five persons".
    Not a hit: a customer of years who names his orders; an exhibition's invitation to us.
    """
    words = facts.says("invitation.letter")
    if not words or member_talk(facts):
        return MISS
    about = facts.says("invitation.visa", "invitation.visit", "invitation.passports", "visit.factory")
    if not about or known_visitor(facts) or facts.says("pitch.exhibition"):
        return MISS
    return hit(words[:2], about[:2], strength=0.6 if asks_goods(facts) else 1.0)


@signal(
    "invitation.crowd",
    title="Names several persons with passports",
    text="“{quote}”: the visa seems to matter more than the goods.",
    weight=-15,
    type=SEEKER,
    source="S2; rules 60, 61",
)
def crowd(facts: Facts) -> Answer:
    """Hit when passports or several visitors are listed together with a visa or invitation letter.

    Why: groups of "buyers" without goods are job seekers.
    Example: "the following five persons, passport numbers below".
    Not a hit: the same from a customer with orders of years.
    """
    words = facts.says("invitation.passports")
    if not words or not facts.says("invitation.letter", "invitation.visa") or known_visitor(facts):
        return MISS
    return hit(words[:3])


@signal(
    "invitation.known-visitor",
    title="Asks for an invitation letter after earlier business",
    text="“{quote}”: check it in your orders, then write the letter.",
    weight=0,
    effect=Effect.FACT,
    source="S2; domain §7 (level 1)",
)
def known_visitor_asks(facts: Facts) -> Answer:
    """Hit when an invitation letter is asked for by somebody who names orders, years or earlier visits.

    Why: the fair twin of the visa seeker: old customers need letters too.
    Example: "as last year, we need an invitation letter to inspect order 2026-318".
    Not a hit: a stranger's request.
    """
    words = facts.says("invitation.letter")
    if not words:
        return NOT_APPLICABLE
    return hit(words[0], facts.says("invitation.known")[:2]) if known_visitor(facts) else MISS
