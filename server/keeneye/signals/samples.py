"""Samples: who wants them free, who pays for them, and who wants papers by courier."""

from __future__ import annotations

from typing import Final

from keeneye.model import Answer, Effect, Evidence, Facts
from keeneye.signals import MISS, NOT_APPLICABLE, hit, signal
from keeneye.signals.money import in_thread
from keeneye.signals.pitch import selling
from keeneye.signals.sender import member_talk

SEEKER: Final = "sample_seeker"
_FREE: Final = ("samples.free",)
_ASK: Final = ("samples.ask", "sample.request")
_PAYS: Final = ("samples.pays", "sample.paid")
_NOT: Final = ("not ", " unable", "n't ", " no ", " nicht ", " pas ", " não ", " nao ", "不", " не ", " لا ", " non ")


def _offers(facts: Facts) -> tuple[Evidence, ...]:
    """Words by which the writer pays; "we do not pay the courier" is none."""
    return tuple(e for e in facts.says(*_PAYS) if not any(no in f" {e.quote.lower()}" for no in _NOT))


def _sells(facts: Facts) -> bool:
    """A supplier who offers his own free samples."""
    if any(
        "do you need" in e.quote.lower() or "do you want" in e.quote.lower()
        for e in facts.says("pitch.calls-for-inquiry")
    ):
        return True
    return selling(facts)[0] >= 1.4


@signal(
    "samples.free",
    title="Wants free samples",
    text="“{quote}”, and does not offer to pay for sample or courier.",
    weight=-24,
    effect=Effect.QUALITY,
    type=SEEKER,
    source="S2; rule 62",
)
def free(facts: Facts) -> Answer:
    """Hit when free samples are asked for and nobody offers to pay anything.

    Why: collectors of samples care about nothing else.
    Example: "please send us free samples of your products for our market".
    Not a hit: "we pay sample and courier", a supplier's "free samples available", a taste sample of a named bulk good.
    """
    words = facts.says(*_FREE)
    if not words or _sells(facts) or _offers(facts) or member_talk(facts):
        return MISS
    return hit(words)


@signal(
    "samples.all-kinds",
    title="Wants samples of everything from the start",
    text="“{quote}”: a buyer usually knows which one is needed.",
    weight=-20,
    effect=Effect.QUALITY,
    type=SEEKER,
    source="S4",
)
def all_kinds(facts: Facts) -> Answer:
    """Hit when samples of all, every or various kinds are wanted in a first message without payment.

    Why: S4 names it as a trait of swindlers.
    Example: "several samples of each model".
    Not a hit: "samples of both grades against payment", an old customer's new season.
    """
    words = facts.says("samples.all-kinds")
    if not words or in_thread(facts) or _sells(facts) or _offers(facts) or member_talk(facts):
        return MISS
    return hit(words)


@signal(
    "samples.freight-on-you",
    title="Wants you to pay the courier too",
    text="“{quote}”: a buyer in earnest pays the freight of samples.",
    weight=-14,
    effect=Effect.QUALITY,
    type=SEEKER,
    source="S4; rule 62",
)
def freight_on_you(facts: Facts) -> Answer:
    """Hit when the courier of samples is refused or laid on us.

    Why: it costs the seeker nothing then.
    Example: "I have no courier account, please pay the freight".
    Not a hit: freight prepaid in the terms of an order; a buyer who gives his courier account.
    """
    words = facts.says("samples.freight-on-you")
    if not words or not facts.says(*_ASK, *_FREE, "samples.all-kinds") or _sells(facts) or _offers(facts):
        return MISS
    return hit(words)


@signal(
    "samples.only",
    title="Asks for samples, but not for price, quantity or quality",
    text="“{quote}” is all that is asked.",
    headline="Asks for samples and nothing else",
    weight=-16,
    effect=Effect.QUALITY,
    type=SEEKER,
    source="S2",
)
def only(facts: Facts) -> Answer:
    """Hit when samples are asked for without payment and no quantity, price, specification or delivery is mentioned.

    Why: the sample itself is the aim.
    Example: "send samples to this address".
    Not a hit: "one sample of DN50 for testing, then 500 pieces; please quote".
    """
    words = facts.says(*_ASK, *_FREE)
    asked = facts.request
    if not words or _sells(facts) or _offers(facts) or in_thread(facts) or member_talk(facts) or facts.own_words > 250:
        return MISS
    if (
        asked.quantities
        or asked.price
        or asked.specifications
        or asked.models
        or asked.certificates
        or asked.target_price
    ):
        return MISS
    return hit(words[:2])


@signal(
    "samples.pays",
    title="Pays for samples or courier",
    text="“{quote}”: a buyer in earnest.",
    weight=8,
    effect=Effect.QUALITY,
    source="S2 S4; rule 62",
)
def pays(facts: Facts) -> Answer:
    """Hit when the writer pays for samples, asks what they cost or gives a courier account.

    Why: it separates buyers from collectors.
    Example: "we pay sample and courier, our DHL account is …".
    Not a hit: a supplier's "sample fee refundable"; "freight collect" in another matter without samples.
    """
    words = _offers(facts)
    if not words:
        return NOT_APPLICABLE if not facts.says(*_ASK) else MISS
    if not facts.says(*_ASK, *_FREE) and not any("ample" in e.quote.lower() or "样" in e.quote for e in words):
        return MISS
    return MISS if _sells(facts) else hit(words)


@signal(
    "samples.paper-by-courier",
    title="Wants by courier what could be e-mailed",
    text="“{quote}”: a catalogue goes by e-mail.",
    weight=-12,
    source="S4",
)
def paper_by_courier(facts: Facts) -> Answer:
    """Hit when catalogue, price list or papers are wanted by post or courier in a first message.

    Why: S4 names it as a trait of swindlers; it makes cost and gives them our papers.
    Example: "send your catalogue and price list by DHL".
    Not a hit: original bill of lading by courier; sealed samples by courier.
    """
    words = facts.says("samples.by-courier")
    return hit(words) if words and not in_thread(facts) and not member_talk(facts) else MISS
