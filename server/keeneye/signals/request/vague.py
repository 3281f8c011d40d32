"""The ways of asking for nothing in particular."""

from __future__ import annotations

from keeneye.model import Answer, Effect, Facts
from keeneye.signals import MISS, NOT_APPLICABLE, hit, signal
from keeneye.signals.opener import bare, own_text, words
from keeneye.signals.request.reading import asks, commercial, details, of_a_request, place, product

LISTS = ("price-list.only", "catalogue.request")
GOODS = ("food", "metal", "electric", "computer", "clothing", "machine", "medical", "furniture", "vehicle", "fuel")


@signal(
    "request.no-product",
    title="Names no product",
    text="Asks (“{quote}”), but does not say for what.",
    headline="Asks for an offer, but not for what",
    weight=-12,
    effect=Effect.QUALITY,
    type="casual",
    source="S1 S2 S4",
)
def no_product(facts: Facts) -> Answer:
    """Hit when something is asked for and no goods are named anywhere.

    Why: no product beyond an industry is level 4; the mail fits any firm.
    Example: "We are interested in your products, please send catalogue."
    Not a hit: a subject that names the goods.
    """
    found = asks(facts)
    if not found:
        return NOT_APPLICABLE
    return MISS if product(facts) or facts.request.materials else hit(found)


@signal(
    "request.list-only",
    title="Asks only for a general price list or catalogue",
    text="“{quote}”, nothing more exact.",
    headline="Asks only for a price list or catalogue",
    weight=-6,
    effect=Effect.QUALITY,
    type="information_gathering/price_list",
    source="S1 S2",
)
@of_a_request
def list_only(facts: Facts) -> Answer:
    """Hit when price list or catalogue is asked for and neither quantity nor any detail is given.

    Why: little sincerity; such a mail collects prices.
    Example: "Please send your price list."
    Not a hit: a catalogue asked for besides 500 pieces of a named valve.
    """
    found = facts.says(*LISTS)
    if not found:
        return NOT_APPLICABLE
    request = facts.request
    return MISS if request.quantities or details(facts) or request.target_price else hit(found)


@signal(
    "request.everything",
    title="Wants prices or pictures of everything",
    text="“{quote}”.",
    headline="Wants prices of everything you make",
    weight=-14,
    effect=Effect.QUALITY,
    type="information_gathering/price_list",
    source="S1 S2; rule 17",
)
@of_a_request
def everything(facts: Facts) -> Answer:
    """Hit when the whole range is asked for, not goods.

    Why: buyers have a need, collectors want it all.
    Example: "send me the prices of everything you make".
    Not a hit: all sizes of one named product with quantities.
    """
    found = facts.says("range.all")
    if not found:
        return MISS
    return MISS if facts.request.quantities and details(facts) else hit(found)


@signal(
    "request.price-only",
    title="Asks only for the price of one item",
    text="“{quote}”, without quantity, detail or use.",
    weight=-6,
    effect=Effect.QUALITY,
    type="information_gathering",
    source="rule 69",
)
@of_a_request
def price_only(facts: Facts) -> Answer:
    """Hit when a price is asked pointedly in one short line: no quantity, no detail, no place, no use.

    Why: one star more than a template, but no sign of a need.
    Example: "Tell me the price of power banks."
    Not a hit: the same question with pieces, sizes or a port.
    """
    found = facts.says("price.request")
    if not found or not product(facts):
        return NOT_APPLICABLE
    rest = facts.request.quantities or details(facts) or place(facts) or facts.says("use.end")
    return MISS if rest or words(own_text(facts, 3000)) > 20 else hit(found)


@signal(
    "request.every-term",
    title="Asks for every term, says nothing of a need",
    text="Asks for {kinds} terms, but gives no quantity, detail or use.",
    headline="Asks for all your terms, says nothing of a need",
    weight=-8,
    effect=Effect.QUALITY,
    type="information_gathering",
    source="rule 71",
)
@of_a_request
def every_term(facts: Facts) -> Answer:
    """Hit when four or more kinds of terms are asked for without quantity, detail, place or use.

    Why: a market survey rather than a purchase.
    Example: "MOQ, payment terms, lead time, certificates and packing please."
    Not a hit: the same questions about 2,000 valves of a given size.
    """
    terms = commercial(facts)
    if len(terms) < 4:
        return MISS
    if facts.request.quantities or details(facts) or place(facts) or facts.says("use.end"):
        return MISS
    return hit(*terms.values(), values={"kinds": len(terms)})


@signal(
    "request.survey",
    title="Studies the market rather than buys",
    text="“{quote}”.",
    headline="Studies the market rather than buys",
    weight=-8,
    effect=Effect.QUALITY,
    type="information_gathering",
    source="S1 S2",
)
@of_a_request
def survey(facts: Facts) -> Answer:
    """Hit when best sellers, recommendations, comparisons or general information are asked for, without figures.

    Why: new to the trade, or a competitor who studies the market.
    Example: "Please recommend your best-selling products."
    Not a hit: a quantity or own details are given besides.
    """
    found = facts.says("market.survey")
    if not found:
        return MISS
    return MISS if facts.request.quantities and details(facts) else hit(found)


@signal(
    "request.newcomer",
    title="Is new to the trade",
    text="“{quote}”.",
    weight=-5,
    effect=Effect.QUALITY,
    type="information_gathering",
    source="S2",
)
@of_a_request
def newcomer(facts: Facts) -> Answer:
    """Hit when the writer says that the business is only being set up.

    Why: asks widely first; an order may come late or never. No fault of his.
    Example: "I am planning to open a shop."
    Not a hit: a new shop of an established firm with figures.
    """
    found = facts.says("buyer.newcomer")
    return hit(found) if found else MISS


@signal(
    "request.competitor-questions",
    title="Asks what a competitor would ask",
    text="“{quote}”: a buyer rarely needs to know that.",
    headline="Asks what a competitor would want to know",
    weight=-14,
    effect=Effect.QUALITY,
    type="information_gathering/competitor",
    source="S1 S2; rules 69-72",
)
@of_a_request
def competitor_questions(facts: Facts) -> Answer:
    """Hit when production, sources, customers, cost structure or production drawings are asked for.

    Why: a competitor studies the market through inquiries.
    Example: "Which foundry makes your castings, and what is your monthly output?"
    Not a hit: asking for a data sheet or a dimensional drawing.
    """
    found = facts.says("competitor.probe")
    if not found:
        return MISS
    count = len({e.quote.casefold() for e in found})
    return hit(found, strength=min(1.0, 0.2 + 0.3 * count + (0.0 if facts.request.quantities else 0.2)))


@signal(
    "request.unrelated-goods",
    title="Wants goods that have nothing to do with each other",
    text="“{quote}” and others of {kinds} different trades.",
    headline="Wants several goods that do not go together",
    weight=-10,
    effect=Effect.QUALITY,
    type="casual",
    source="rule 39",
)
def unrelated_goods(facts: Facts) -> Answer:
    """Hit when goods of three or more trades are asked for in one mail without any detail.

    Why: no firm makes them all; the text goes to everybody.
    Example: "your machines, stainless steel, batteries and wire".
    Not a hit: parts of one trade; a detailed list of a trading house.
    """
    found = [facts.says(f"goods.{kind}") for kind in GOODS]
    found = [f for f in found if f]
    if len(found) < 3 or facts.request.models or len(facts.request.quantities) > 1 or not asks(facts):
        return MISS
    return hit(*(f[:1] for f in found), values={"kinds": len(found)})


@signal(
    "request.personal",
    title="Wants it for personal use",
    text="“{quote}”.",
    weight=-8,
    effect=Effect.QUALITY,
    type="casual",
    source="rule 24",
)
@of_a_request
def personal(facts: Facts) -> Answer:
    """Hit when the goods are wanted for oneself, the home or as a gift.

    Why: a retail customer, not a trade one.
    Example: "one piece for my daughter".
    Not a hit: gifts as merchandise.
    """
    found = facts.says("use.personal")
    return hit(found) if found else MISS


@signal(
    "request.too-short",
    title="Says too little to know what is wanted",
    text="Only {words} words.",
    weight=-4,
    effect=Effect.QUALITY,
    type="information_gathering",
    source="S4",
)
def too_short(facts: Facts) -> Answer:
    """Hit when something is asked for in under nine own words and no figure, detail or place is given.

    Why: a probe that costs nothing.
    Example: "Hello, do you supply?"
    Not a hit: "500 pcs DN25 to Hamburg, price please".
    """
    found = asks(facts)
    if not found or facts.says("canned.opener"):
        return NOT_APPLICABLE
    request = facts.request
    if request.quantities or details(facts) or place(facts) or not bare(facts) or facts.mail.attachments:
        return MISS
    return hit(found, values={"words": words(own_text(facts, 3000))})
