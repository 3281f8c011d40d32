"""Tenders, vendor registrations and calls for interest that come looking for us."""

from __future__ import annotations

from typing import Final

from keeneye.model import Answer, Facts
from keeneye.signals import MISS, NOT_APPLICABLE, hit, signal
from keeneye.signals.money import LONG, channel, firsts, in_thread, present
from keeneye.signals.sender import member_talk

FAKE_TENDER: Final = "fraud/fake_tender"


def _office_domain(facts: Facts) -> bool:
    answer = facts.sender.answer if facts.sender else None
    return answer is not None and answer.mailbox in ("government", "education")


def _holds_name(domain: str, name: str) -> bool:
    """Whether a word of the name stands in the domain: "Saudi Aramco" in aramco.example."""
    plain = domain.replace("-", "")
    return (
        any(word in plain for word in name.lower().split() if len(word) > 3) or name.lower().replace(" ", "") in plain
    )


@signal(
    "tender.unasked",
    title="Invites you to register as vendor, though you never applied",
    text="“{quote}”: the forms lead to a fee.",
    headline="Invites you to a tender you never asked for",
    weight=-55,
    type=FAKE_TENDER,
    source="rule 46; domain §2 (fake tender)",
)
def unasked(facts: Facts) -> Answer:
    """Hit when vendor registration or an expression of interest meets "you were selected" or coming projects.

    Why: tenders are published; they do not look for unknown firms. A registration fee follows.
    Example: "your company was selected, request the vendor questionnaire and EOI form".
    Not a hit: a portal where we registered, a public notice on a mailing list, a buyer's tender for named goods.
    """
    calls = facts.says("tender.eoi", "advance-fee.tender")
    if not calls or in_thread(facts) or member_talk(facts) or facts.own_words > LONG:
        return MISS
    selected = facts.says("tender.selected")
    others = present(facts, ("tender.projects", "tender.giant", "tender.public-body", "fees.before-order"))
    way = channel(facts)
    elsewhere = facts.reply_to is not None and facts.sender is not None and facts.reply_to.domain != facts.sender.domain
    size = len({e.quote.lower() for e in calls}) + len(others) + (1 if selected else 0) + (1 if way or elsewhere else 0)
    if size < 3 or not (selected or others):
        return MISS
    return hit(calls[:2], selected[:2], firsts(facts, others), strength=min(1.0, 0.25 + 0.15 * size))


@signal(
    "tender.fee",
    title="Asks for a fee to take part in a tender",
    text="“{quote}”: the fee is the aim, there is no contract.",
    weight=-50,
    type=FAKE_TENDER,
    source="domain §5 (P); rule 45",
)
def fee(facts: Facts) -> Answer:
    """Hit when a fee, notary or deposit is to be paid for a tender, registration or award.

    Why: fake tenders live on their fees; trade offices warn of them by name.
    Example: "the tender documents are released against the registration fee".
    Not a hit: "registration is free of charge"; a bid bond in a public tender's conditions on a list; a buyer who
    asks for our tooling fee.
    """
    words = facts.says("fees.before-order", "advance-fee.fee")
    setting = facts.says("tender.eoi", "tender.selected")
    if not words or not setting or facts.says("fees.none") or member_talk(facts) or facts.own_words > LONG:
        return MISS
    return hit(words, setting[:2], strength=1.0 if len(words) > 1 or facts.says("tender.selected") else 0.7)


@signal(
    "tender.great-name",
    title="Speaks for a great company from another address",
    text="“{name}” is named, but the mail comes from {domain}.",
    weight=-25,
    type=FAKE_TENDER,
    source="rules 6, 46; domain §4",
)
def great_name(facts: Facts) -> Answer:
    """Hit when a well-known buyer is named as the one who buys and the sender's domain does not hold that name.

    Why: fake vendor registrations and orders borrow great names.
    Example: a refinery group's procurement office that writes from another domain.
    Not a hit: a contractor who mentions the name as end user and signs with his own firm and site.
    """
    names = facts.says("tender.giant")
    if not names or facts.sender is None or in_thread(facts) or member_talk(facts):
        return NOT_APPLICABLE if not names else MISS
    asks = present(
        facts,
        (
            "tender.eoi",
            "tender.selected",
            "tender.projects",
            "deal.your-products",
            "deal.catalogue-ask",
            "tender.outside-scope",
        ),
    )
    if not asks or facts.own_words > 500:
        return MISS
    domain = facts.sender.domain
    strange = [e for e in names if not _holds_name(domain, e.quote)]
    if len(strange) < len(names):
        return MISS
    return hit(
        strange[0], firsts(facts, asks), values={"name": strange[0].quote, "domain": domain},
        strength=min(1.0, 0.5 + 0.2 * len(asks)),
    )  # fmt: skip


@signal(
    "tender.public-buyer",
    title="Buys for a ministry or union of states, from a private address",
    text="“{quote}” is named as buyer, but the mail does not come from an official domain.",
    headline="Buys for a public office from a private address",
    weight=-26,
    type=FAKE_TENDER,
    source="rules 8, 48",
)
def public_buyer(facts: Facts) -> Answer:
    """Hit when a ministry, union of states or tender board buys and the sender's domain is no official one.

    Why: forged public buyers; the United States list fake bodies by name.
    Example: "the ministry of works needs your pumps" from a free mailbox.
    Not a hit: a trader who says that his customer is the ministry and names the goods in detail.
    """
    names = facts.says("tender.public-body")
    if not names or _office_domain(facts) or in_thread(facts) or member_talk(facts):
        return NOT_APPLICABLE if not names else MISS
    asks = present(facts, ("tender.eoi", "tender.selected", "tender.projects", "deal.bulk", "deal.your-products",
                           "fees.before-order", "deal.catalogue-ask"))  # fmt: skip
    if not asks or facts.own_words > 600:
        return MISS
    return hit(names[0], firsts(facts, asks), strength=min(1.0, 0.4 + 0.2 * len(asks)))


@signal(
    "tender.odd-item",
    title="Wants you to buy something odd from a third firm",
    text="“{quote}”: the third firm is the swindler's own.",
    headline="Wants you to buy an odd item for them",
    weight=-38,
    type=FAKE_TENDER,
    source="rule 47",
)
def odd_item(facts: Facts) -> Answer:
    """Hit when goods outside our range are to be sourced, or a bid is wanted for one item with an undertaking.

    Why: the only "maker" of the item takes a deposit and vanishes.
    Example: "some items may fall outside your scope, please source them and submit your official bid".
    Not a hit: a buyer who asks whether we can add a fitting to his valve order.
    """
    words = facts.says("tender.outside-scope")
    if not words or in_thread(facts) or facts.own_words > LONG:
        return MISS
    others = present(
        facts, ("tender.giant", "tender.public-body", "tone.pressure", "deal.attached-order", "tender.selected")
    )
    way = channel(facts)
    if len({e.quote.lower() for e in words}) + len(others) + (1 if way else 0) < 2:
        return MISS
    return hit(words, firsts(facts, others), strength=min(1.0, 0.5 + 0.2 * (len(words) + len(others) - 1)))


@signal(
    "tender.supply-on-commission",
    title="Seeks foreign firms for a supply contract on commission",
    text="“{quote}”: no goods are named, and a fee follows.",
    headline="Seeks any firm for a supply contract",
    weight=-30,
    type=FAKE_TENDER,
    source="rules 45, 46, 48",
)
def supply_on_commission(facts: Facts) -> Answer:
    """Hit when contract supply, commission and "foreign companies" come together and no goods are specified.

    Why: the contract does not exist; its registration costs money.
    Example: "we search for foreign companies to bid for contract supply on commission basis".
    Not a hit: an agent who asks for our distributor terms for a named product.
    """
    contract = facts.says("tender.projects", "fees.commission")
    tags = present(facts, ("tender.projects", "fees.commission", "tender.public-body", "deal.bulk"))
    if "fees.commission" not in tags or len(tags) < 2 or in_thread(facts):
        return MISS
    if facts.request.models or facts.request.specifications or facts.own_words > 400:
        return MISS
    return hit(contract)
