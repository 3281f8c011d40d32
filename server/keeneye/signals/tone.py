"""The swindler's manner: pressure, a private channel at once, words that fit any seller."""

from __future__ import annotations

from keeneye.model import Answer, Effect, Facts
from keeneye.signals import MISS, hit, signal
from keeneye.signals.deal import says_nothing_of_goods
from keeneye.signals.money import firsts, in_thread, present
from keeneye.signals.sender import member_talk

_TRADE = ("price.request", "trade.order", "trade.interest", "catalogue.request", "shipping.question")


@signal(
    "tone.pressure",
    title="Presses you to act at once",
    text="“{quote}”: threats and last chances are no way to buy.",
    weight=-12,
    source="S2 S4",
)
def pressure(facts: Facts) -> Answer:
    """Hit when delay is punished: last notice, loss of the chance, award to another firm, hours to obey.

    Why: pressure keeps the reader from thinking and asking.
    Example: "a minute's delay and the contract goes to another company".
    Not a hit: a buyer's deadline, "we need delivery before 15 March", "please quote by Friday"; haste beside goods.
    """
    words = facts.says("tone.pressure", "pressure.swindler")
    request = facts.request
    if not words and not (request.products or request.models or request.quantities or facts.says(*_TRADE)):
        words = facts.says("tone.haste")  # haste about nothing that is wanted
    if not words or member_talk(facts) or in_thread(facts) or facts.own_words > 900:
        return MISS
    different = len({e.quote.lower() for e in words})
    return hit(words[:3], strength=min(1.0, 0.5 + 0.25 * (different - 1)))


@signal(
    "tone.fits-any-seller",
    title="Could have been sent to any seller",
    text="“{quote}”: no product, use or quantity of their own.",
    weight=-10,
    effect=Effect.QUALITY,
    type="casual",
    source="S1 S2; rules 17, 69",
)
def fits_any_seller(facts: Facts) -> Answer:
    """Hit when "your products" or a catalogue is wanted and nothing else of the writer's need is said.

    Why: written once, sent to hundreds of firms.
    Example: "we are interested in your products, please send your catalogue and prices".
    Not a hit: "your ball valves DN50", a quantity, a material, a drawing.
    """
    words = facts.says("deal.your-products", "deal.catalogue-ask", "price-list.only")
    if words and not facts.says("deal.catalogue-ask", "price-list.only", *_TRADE):
        return MISS
    if not words or not says_nothing_of_goods(facts) or member_talk(facts) or in_thread(facts) or facts.own_words > 250:
        return MISS
    if len(facts.says("pitch.we-make", "pitch.our-goods", "pitch.advantages")) > 2 or facts.request.drawings:
        return MISS
    return hit(words[:3])


@signal(
    "tone.other-channel",
    title="Moves you to a private messenger at once",
    text="“{quote}”, away from records and from the platform.",
    weight=-16,
    type="fraud/advance_fee",
    source="rule 64",
)
def other_channel(facts: Facts) -> Answer:
    """Hit when a first message without goods asks to go on by WhatsApp, Skype or the like, or not on the platform.

    Why: swindlers leave the channel that can be checked.
    Example: "do not answer here, add our manager on Skype".
    Not a hit: a signature with a WhatsApp number; a buyer with full details who also offers WhatsApp.
    """
    words = facts.says("tone.messenger", "channel.switch")
    if not words or in_thread(facts) or member_talk(facts) or facts.own_words > 250:
        return MISS
    if facts.request.quantities or facts.request.models or facts.request.specifications:
        return MISS
    more = present(facts, ("deal.your-products", "deal.catalogue-ask", "money.vague-lure", "money.proposal"))
    return hit(words[:2], firsts(facts, more))
