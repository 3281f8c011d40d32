"""That something is asked for, which goods, how exactly, and how many."""

from __future__ import annotations

from keeneye.model import Answer, Effect, Facts
from keeneye.signals import MISS, NOT_APPLICABLE, hit, signal
from keeneye.signals.request.reading import (
    absurd,
    asks,
    beside_goods,
    commercial,
    details,
    in_containers,
    large,
    of_a_request,
    own,
    product,
    several,
)


@signal(
    "request.asks",
    title="Asks to buy or for an offer",
    text="“{quote}”.",
    weight=0,
    effect=Effect.FACT,
    source="S2",
)
def asks_for_offer(facts: Facts) -> Answer:
    """Hit when the writer's own words ask for goods, a price, a catalogue, freight or an order.

    Why: without it the message is no inquiry at all.
    Example: "Please quote 500 sets CIF New York."
    Not a hit: news, private words, questions about something else.
    """
    found = asks(facts)
    return hit(found) if found else MISS


@signal(
    "request.product",
    title="Names the product",
    text="Asks for “{quote}”.",
    weight=12,
    effect=Effect.QUALITY,
    source="S0 S2 S4; rule 18",
)
@of_a_request
def names_product(facts: Facts) -> Answer:
    """Hit when goods are named, in the text or in the title of a marketplace form.

    Why: a concrete product is the core of a real inquiry.
    Example: "brass ball valve DN25".
    Not a hit: "your products", "some items", "goods".
    """
    found = product(facts)
    return hit(found) if found else MISS


@signal(
    "request.model",
    title="Gives a model or part number",
    text="“{quote}”.",
    weight=5,
    effect=Effect.QUALITY,
    source="S0 S2; rule 21",
)
@of_a_request
def model(facts: Facts) -> Answer:
    """Hit when a model, part, article or chassis number stands outside a prefilled block.

    Why: who knows the number knows the goods.
    Example: "OEM 41601-67H00".
    Not a hit: an order number; phone numbers.
    """
    found = own(facts, facts.request.models)
    return hit(found) if found else MISS


@signal(
    "request.specification",
    title="Specifies the goods",
    text="Details: {count}, such as “{quote}”.",
    weight=14,
    effect=Effect.QUALITY,
    source="S0 S2 S4; rules 21, 28",
)
@of_a_request
def specification(facts: Facts) -> Answer:
    """Hit when sizes, materials, ratings, colours or standards are given in own words; four make it full.

    Why: technical data show that the writer knows what is needed.
    Example: "DN50, PN16, SS304, NPT ends".
    Not a hit: fields that a marketplace filled in.
    """
    request = facts.request
    return several(own(facts, (*request.specifications, *request.materials)), 4)


@signal(
    "request.quantity",
    title="Gives a quantity",
    text="“{quote}”.",
    weight=10,
    effect=Effect.QUALITY,
    source="S0 S2",
)
@of_a_request
def quantity(facts: Facts) -> Answer:
    """Hit when a believable figure with a unit says how much is wanted.

    Why: a figure makes it a real need that can be quoted.
    Example: "2,000 pcs", "1x20' container"; half as much where only an attached list says it.
    Not a hit: millions of pieces typed at random.
    """
    found = [q for q in facts.request.quantities or facts.attached.quantities if not absurd(q)]
    if not found:
        return MISS
    own_words = bool(facts.request.quantities) and not all(q.value <= 1 and not in_containers(q) for q in found)
    strength = 1.0 if own_words else 0.5
    return hit(*(q.evidence for q in found), strength=strength)


@signal(
    "request.quantity-absurd",
    title="Names an impossible quantity",
    text="“{quote}” is more than anybody orders.",
    weight=-16,
    effect=Effect.QUALITY,
    type="casual",
    source="rule 97",
)
@of_a_request
def quantity_absurd(facts: Facts) -> Answer:
    """Hit when the figure is typed at random: millions of pieces or a hundred containers.

    Why: nobody who means it writes such a figure.
    Example: "400 twenty-foot containers of doll clothes".
    Not a hit: 50,000 pieces; 12 containers.
    """
    found = [q.evidence for q in facts.request.quantities if absurd(q)]
    if not found:
        return MISS if facts.request.quantities else NOT_APPLICABLE
    return hit(*found)


@signal(
    "request.large-without-detail",
    title="Wants a lot, but asks nothing about the goods",
    text="“{quote}”, but no size, material, model or term.",
    headline="Wants a lot but asks nothing about the goods",
    weight=-10,
    effect=Effect.QUALITY,
    source="rules 36, 38",
)
@of_a_request
def large_without_detail(facts: Facts) -> Answer:
    """Hit when a large quantity is named without one detail of the goods or of the deal.

    Why: who spends that much asks what he gets.
    Example: "we need 20 containers of charcoal a month, send PI".
    Not a hit: a large quantity with size, packing, port or terms.
    """
    found = [q.evidence for q in facts.request.quantities if large(q) and not absurd(q)]
    if not found:
        return NOT_APPLICABLE
    terms = {k for k in commercial(facts) if k != "price"}
    return MISS if details(facts) or terms else hit(*found)


@signal(
    "request.huge-words",
    title="Promises large orders without a figure",
    text="“{quote}”, but no quantity.",
    weight=-5,
    effect=Effect.QUALITY,
    source="S4; rule 62",
)
@of_a_request
def huge_words(facts: Facts) -> Answer:
    """Hit when huge or bulk orders are spoken of and no quantity and no detail is given.

    Why: big words before knowing anything of us are bait.
    Example: "we will place huge orders of your products".
    Not a hit: the same words beside 4,000 pieces or a specification.
    """
    found = facts.says("order.huge")
    if not found:
        return MISS
    return MISS if facts.request.quantities or details(facts) else hit(found)


@signal(
    "request.large-first-order",
    title="Large first order: check the firm before you count on it",
    text="“{quote}” from a writer you have no earlier mail of.",
    weight=0,
    effect=Effect.FACT,
    source="rule 37",
)
@of_a_request
def large_first_order(facts: Facts) -> Answer:
    """Hit when a large quantity is asked for by a writer without history.

    Why: very detailed and very large from a newcomer wants a harder check, not a reward at once.
    Example: "30,000 pcs" in a first mail.
    Not a hit: a known customer; a trial quantity.
    """
    history = facts.history
    if history is not None and (history.messages_from_sender > 1 or history.listed):
        return MISS
    found = [q.evidence for q in facts.request.quantities if large(q) and not absurd(q)]
    return hit(*found) if found else MISS


@signal(
    "request.moq",
    title="Asks for your minimum quantity",
    text="“{quote}”: often a small but real first order.",
    weight=3,
    effect=Effect.QUALITY,
    source="S0 S2",
)
@of_a_request
def moq(facts: Facts) -> Answer:
    """Hit when the least quantity is asked for together with a named product.

    Why: MOQ and price mean a small but real first order.
    Example: "What is the MOQ for the DN25 valve with our logo?"
    Not a hit: MOQ in a list of questions without goods.
    """
    return beside_goods(facts, facts.request.moq)


@signal(
    "request.professional",
    title="Asks as a professional buyer does",
    text="Certificate, minimum quantity and material together, such as “{quote}”.",
    weight=4,
    effect=Effect.QUALITY,
    source="rule 23",
)
@of_a_request
def professional(facts: Facts) -> Answer:
    """Hit when minimum or exact quantity, certificates and material or specification come together.

    Why: the three together are what a purchaser must settle.
    Example: "500 pcs SS316, with CE and EN 10204 3.1".
    Not a hit: only one or two of them.
    """
    request = facts.request
    amount = request.moq or tuple(q.evidence for q in request.quantities)
    if amount and request.certificates and details(facts):
        return hit(request.certificates, amount)
    return MISS
