"""How the message is written: with greeting and signature, in the trade's words, or carelessly."""

from __future__ import annotations

import re

from keeneye.model import Answer, Effect, Evidence, Facts
from keeneye.signals import MISS, NOT_APPLICABLE, hit, signal
from keeneye.signals.contact import identity_seen
from keeneye.signals.opener import cases, own_text, words

_SENTENCE = re.compile(r"[.!?]\s+([^\W\d_])")


def _own(facts: Facts) -> str:
    return own_text(facts, 6000).strip()


def _first(facts: Facts, most: int = 60) -> Evidence:
    """How the writer's own words begin: whole words of the first line."""
    for span in facts.mail.own:
        text = facts.mail.body[span.start : span.end]
        lead = len(text) - len(text.lstrip())
        if text.strip():
            start = span.start + lead
            end = min(span.end, start + most)
            if (line := facts.mail.body.find("\n", start + 12, end)) > 0:
                end = line
            elif end < span.end and (space := facts.mail.body.rfind(" ", start + 12, end)) > 0:
                end = space
            return Evidence(facts.mail.body_part, facts.mail.body[start:end], start, end)
    return Evidence(facts.mail.body_part, "")


@signal(
    "writing.trade-terms",
    title="Uses the trade's own words",
    text="{count} terms such as “{quote}”.",
    weight=5,
    effect=Effect.QUALITY,
    source="rule 29",
)
def trade_terms(facts: Facts) -> Answer:
    """Hit when three or more different terms of foreign trade stand in the own words, with goods.

    Why: written by somebody who imports.
    Example: "CIF, bill of lading, carton".
    Not a hit: the terms in a form letter without goods.
    """
    found = facts.says("trade.terms")
    different = {e.quote.casefold(): e for e in found}
    request = facts.request
    if not (request.products or request.models or request.quantities or request.specifications):
        return NOT_APPLICABLE
    return hit(*different.values(), values={"count": len(different)}) if len(different) >= 3 else MISS


@signal(
    "writing.no-greeting",
    title="Begins without a greeting",
    text="Begins “{quote}”.",
    weight=-2,
    effect=Effect.QUALITY,
    source="S4",
)
def no_greeting(facts: Facts) -> Answer:
    """Hit when a mail of some length begins without any greeting.

    Why: a trait of careless inquiries (level 4).
    Example: "Send me your prices."
    Not a hit: chats and marketplace forms; replies in a thread.
    """
    if not identity_seen(facts) or facts.mail.in_reply_to or facts.mail.references:
        return NOT_APPLICABLE
    if words(own_text(facts, 400)) < 4:
        return NOT_APPLICABLE
    return MISS if facts.says("greeting.any", "greeting.generic") else hit(_first(facts))


@signal(
    "writing.no-signature",
    title="Ends without a signature",
    text="Ends “{quote}”.",
    weight=-3,
    effect=Effect.QUALITY,
    source="S4",
)
def no_signature(facts: Facts) -> Answer:
    """Hit when there is neither a signature, a closing formula nor a name of the writer.

    Why: a trait of careless inquiries (level 4).
    Example: a mail that stops after the question.
    Not a hit: chats and marketplace forms; replies in a thread.
    """
    if not identity_seen(facts) or facts.mail.in_reply_to or facts.mail.references or not _own(facts):
        return NOT_APPLICABLE
    if facts.mail.signature is not None or facts.contact.person or facts.contact.company or facts.says("closing.any"):
        return MISS
    body = facts.mail.body
    span = facts.mail.own[-1]
    end = span.start + len(body[span.start : span.end].rstrip())
    start = max(span.start, end - 60)
    if start > span.start and (space := body.find(" ", start, end)) > 0:
        start = space + 1  # whole words
    return hit(Evidence(facts.mail.body_part, body[start:end], start, end))


@signal(
    "writing.capitals",
    title="Written in capitals",
    text="“{quote}”.",
    weight=-3,
    effect=Effect.QUALITY,
    source="S0 S4",
)
def capitals(facts: Facts) -> Answer:
    """Hit when most of a longer text is in capitals.

    Why: irregular writing; common in swindlers' letters too.
    Example: "PLEASE SEND US YOUR PRICE LIST …"
    Not a hit: headings; scripts without capitals.
    """
    text = own_text(facts, 2000)
    large, small = cases(text)
    if large + small < 60:
        return NOT_APPLICABLE
    return hit(_first(facts)) if large > 0.7 * (large + small) else MISS


@signal(
    "writing.broken",
    title="Was written in haste",
    text="Begins “{quote}”.",
    weight=-2,
    effect=Effect.QUALITY,
    source="S4",
)
def broken(facts: Facts) -> Answer:
    """Hit when sentences begin with small letters throughout, in a script that has capitals.

    Why: irregular writing (level 4); many honest buyers write so on a phone, so it weighs little.
    Example: "hello i need price. also send catalog. thanks"
    Not a hit: one slip; Chinese, Arabic, Japanese.
    """
    text = _own(facts)
    starts = [text[:1], *_SENTENCE.findall(text)]
    starts = [c for c in starts if c.isalpha() and c.lower() != c.upper()]
    if len(starts) < 3:
        return NOT_APPLICABLE
    return hit(_first(facts)) if sum(c.islower() for c in starts) >= 0.8 * len(starts) else MISS
