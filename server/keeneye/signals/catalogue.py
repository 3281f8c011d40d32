"""What the firm's own catalogue says of the goods in a message."""

from __future__ import annotations

from keeneye.model import Answer, Effect, Evidence, Facts, OwnGoods
from keeneye.signals import MISS, NOT_APPLICABLE, hit, signal
from keeneye.signals.request.reading import of_a_request, own


def _named(facts: Facts, *by: str) -> tuple[OwnGoods, ...]:
    """Goods of ours that the writer himself names: what a marketplace's form filled in is not his."""
    found = tuple(o for o in facts.request.ours if o.by in by)
    kept = set(own(facts, tuple(o.evidence for o in found)))
    return tuple(o for o in found if o.evidence in kept)


def _quotes(goods: tuple[OwnGoods, ...]) -> tuple[Evidence, ...]:
    return tuple(o.evidence for o in goods)


@signal(
    "catalogue.our-product",
    title="Names a product of yours",
    text="“{quote}”: {product} in your catalogue.",
    weight=6,
    effect=Effect.QUALITY,
    source="S2 S4",
)
@of_a_request
def our_product(facts: Facts) -> Answer:
    """Hit when the writer's own words name a product of the catalogue, by any of its names or by a model.

    Why: written for us, by one who knows what we sell.
    Example: "BV 20" or "válvula de bola" for the ball valve BV-20.
    Not a hit: the title that a marketplace filled in; a word of the name alone; no catalogue was given.
    """
    if not facts.firm.goods:
        return NOT_APPLICABLE
    found = _named(facts, "name", "model")
    return hit(_quotes(found), values={"product": found[0].product.name[:80]}) if found else MISS


@signal(
    "catalogue.hs-code",
    title="Names the customs code of a product of yours",
    text="“{quote}”: {product} in your catalogue.",
    weight=3,
    effect=Effect.QUALITY,
    source="S2",
)
@of_a_request
def hs_code(facts: Facts) -> Answer:
    """Hit when an HS code is named whose first six figures are those of a product of the catalogue.

    Why: who asks for duty and code has imported such goods before.
    Example: "HS code 8481.80".
    Not a hit: a sum such as 8481.80 USD; another code; a catalogue without codes.
    """
    if not any(p.hs for p in facts.firm.goods):
        return NOT_APPLICABLE
    found = _named(facts, "hs")
    return hit(_quotes(found), values={"product": found[0].product.name[:80]}) if found else MISS


@signal(
    "catalogue.strange-unit",
    title="Asks for a unit that this trade never uses",
    text="“{quote}”, but you sell {product} by {units}.",
    headline="Asks for a unit that this trade never uses",
    weight=-10,
    source="S4",
)
@of_a_request
def strange_unit(facts: Facts) -> Answer:
    """Hit when an amount or price of a product of ours is in a measure by which it is never sold.

    Why: a swindler's letter is written for any goods; a buyer knows how they are traded.
    Example: the price per kilo of ball valves, which are sold by the piece.
    Not a hit: dozens, cartons or containers of what is sold by the piece; other goods stand beside the amount; the
    product has no units in the catalogue.
    """
    if not any(o.product.units for o in facts.request.ours):
        return NOT_APPLICABLE
    found = facts.request.strange_units
    if not found:
        return MISS
    product = next(o.product for o in facts.request.ours if o.product.units)
    return hit(found, values={"product": product.name[:80], "units": ", ".join(product.units[:4])})


@signal(
    "catalogue.not-ours",
    title="Asks for goods that you do not sell",
    text="“{quote}” has no word in common with your catalogue.",
    headline="Asks for goods that you do not sell",
    weight=-5,
    effect=Effect.QUALITY,
    source="S2 S4",
)
@of_a_request
def not_ours(facts: Facts) -> Answer:
    """Hit when goods are named clearly and none of them shares a word with any product of the catalogue.

    Why: the text goes to everybody; or it is for somebody else in the house. Mild, for a catalogue is never complete.
    Example: cutting machines, asked from a valve maker.
    Not a hit: brass valves, asked from a maker of ball valves; goods in a language that the catalogue does not have.
    """
    if not facts.firm.goods or not facts.request.products:
        return NOT_APPLICABLE
    found = facts.request.not_ours
    return hit(found) if found else MISS
