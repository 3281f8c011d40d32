"""Fees and journeys that are asked for before there is any order."""

from __future__ import annotations

from typing import Final

from keeneye.model import Answer, Facts
from keeneye.signals import MISS, hit, signal
from keeneye.signals.money import ADVANCE_FEE, LONG, in_thread, present

_BEFORE: Final = ("fees.before-order", "advance-fee.fee")
_SETTING: Final = (
    "tender.eoi", "tender.selected", "tender.projects", "tender.giant", "tender.public-body", "money.large-sum",
    "fees.travel-to-sign", "money.compensation", "money.estate", "deal.bulk", "tone.pressure", "money.authority",
    "deal.price-no-concern", "deal.pay-advance-all", "money.loan-offer", "money.donation", "money.lottery",
    "fees.commission", "money.consignment", "deal.passport-copy",
)  # fmt: skip


@signal(
    "fees.before-order",
    title="Asks for a fee before any order",
    text="“{quote}”: a real buyer does not charge the seller.",
    weight=-50,
    type=ADVANCE_FEE,
    source="domain §5 (P); rule 45",
)
def before_order(facts: Facts) -> Answer:
    """Hit when a registration, tender, notary, lawyer, customs or release fee is to be paid to go on.

    Why: any fee before the order is the aim of the fraud.
    Example: "the registration fee and the notary's fee must be paid before the contract is signed".
    Not a hit: "registration is free of charge"; the course fee of a training; our own mould or sample fee; a
    tender's fee, which ``tender.fee`` judges.
    """
    words = facts.says(*_BEFORE)
    if not words or facts.says("fees.none") or facts.says("tender.eoi", "tender.selected"):
        return MISS
    setting = present(facts, _SETTING)
    if facts.own_words > LONG or (not setting and len({e.quote.lower() for e in words}) < 2):
        return MISS
    if facts.says("pitch.exhibition") and len(setting) < 2:
        return MISS
    return hit(words, strength=min(1.0, 0.5 + 0.17 * len(setting)))


@signal(
    "fees.travel-to-sign",
    title="Wants you to travel and sign at once",
    text="“{quote}”, before samples, terms or papers were exchanged.",
    weight=-35,
    type=ADVANCE_FEE,
    source="S4; rule 63",
)
def travel_to_sign(facts: Facts) -> Answer:
    """Hit when a first message calls us to a meeting for signature, with notary, banquet or gifts.

    Why: the Kunming and Hainan trick: notary, banquet and gifts are paid by the visitor, no order follows.
    Example: "our board approved your offer, send your director to sign the contract this week".
    Not a hit: an invitation to a fair, a factory audit, an old customer's annual contract.
    """
    words = facts.says("fees.travel-to-sign")
    if not words or in_thread(facts) or facts.own_words > LONG or facts.says("invitation.letter"):
        return MISS
    return hit(
        words, strength=1.0 if present(facts, (*_BEFORE, "deal.bulk", "tone.pressure", "tender.selected")) else 0.7
    )


@signal(
    "fees.agent-commission",
    title="Asks for a commission or gift to get you an order",
    text="“{quote}”: the order is only a promise.",
    weight=-25,
    type=ADVANCE_FEE,
    source="domain §2 (agent who asks for a fee); rule 45",
)
def agent_commission(facts: Facts) -> Answer:
    """Hit when an unknown agent wants commission, a gift or a kick-back for a contract that he promises.

    Why: the agent's fee or the lawyer's fee beside it is the aim.
    Example: "I secure this tender for you, my commission of 5 % is paid before the award".
    Not a hit: a sales agent who asks which commission we pay on sales made.
    """
    words = facts.says("fees.commission")
    if not words or in_thread(facts):
        return MISS
    others = present(
        facts, ("tender.eoi", "tender.projects", "tender.public-body", "tender.giant", "fees.before-order",
                "fees.travel-to-sign", "money.large-sum", "money.secrecy", "deal.bulk", "money.authority")
    )  # fmt: skip
    return hit(words, strength=min(1.0, 0.5 + 0.25 * len(others))) if others else MISS


@signal(
    "fees.domain-name",
    title="Says that somebody else registers your name",
    text="“{quote}”: sells web addresses by a false alarm.",
    headline="Sells web addresses by a false alarm",
    weight=-45,
    type=ADVANCE_FEE,
    source="public warnings of registries about domain-name registration letters",
)
def domain_name(facts: Facts) -> Answer:
    """Hit when a "registration service" tells of another firm's application for our keyword or domain names.

    Why: nobody applied; the registration fee is the aim.
    Example: "a company applied for your brand as internet keyword and .cn domain names".
    Not a hit: our own registrar's renewal notice, a trademark lawyer whom we pay.
    """
    words = facts.says("fees.domain-name")
    different = {e.quote.lower() for e in words}
    return hit(words) if len(different) >= 2 and facts.own_words <= LONG else MISS
