"""Proofs, time, place, price and plans: what a buyer settles beside the goods."""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping
from functools import cache
from importlib import resources
from textwrap import shorten

from keeneye import linear
from keeneye.model import Answer, Effect, Evidence, Facts
from keeneye.signals import MISS, NOT_APPLICABLE, hit, signal
from keeneye.signals.request.reading import absurd, beside_goods, of_a_request, own, place, product

_MONTHS = (
    "jan feb mar apr jun jul aug sep oct nov dec ene abr ago dic mrz mär mai okt dez janv fév avr juin juil août déc "
    "gen mag giu lug set ott fev out янв фев март апр мая июн июл авг сент окт ноя дек oca şub nisan mayıs haz tem "
    "ağus eyl ekim kas ara يناير فبراير مارس ابريل أبريل مايو يونيو يوليو اغسطس سبتمبر اكتوبر أكتوبر نوفمبر ديسمبر"
).split()
_DATED = linear.Pattern(
    rf"(?i)(?:^|\PL)(?:{'|'.join(_MONTHS)})\pL{{0,8}}(?:\PL|$)|"
    r"(?:in|by|before|of|end|early|mid|late|until|\d|th) may(?:\W|$)|\d{1,2}[./-]\d{1,2}(?:\D|$)|"
    r"(?:week|kw|semana|woche|semaine|settimana|tuần) ?\d{1,2}|\d{1,2} ?[月월]|tháng \d{1,2}|christmas"
)
TITLE_MOST = 90
"""Characters of a heading's title that are shown."""
DRAWING_ENDINGS = (".dwg", ".dxf", ".step", ".stp", ".igs", ".iges", ".pdf", ".xls", ".xlsx", ".csv", ".jpg", ".jpeg",
                   ".png", ".docx", ".sldprt", ".x_t")  # fmt: skip


@signal(
    "request.certificates",
    title="Asks for certificates",
    text="“{quote}”: sells on, or must pass customs.",
    weight=7,
    effect=Effect.QUALITY,
    source="S2; rule 24",
)
@of_a_request
def certificates(facts: Facts) -> Answer:
    """Hit when a certificate, test report or approval is asked for.

    Why: sells to retail or must pass customs; a good order.
    Example: "CE, FDA, RoHS, UL, SONCAP, GOTS".
    Not a hit: ISO in the seller's own quoted text.
    """
    found = own(facts, facts.request.certificates)
    return hit(found) if found else MISS


@signal(
    "request.delivery",
    title="Asks about or names a delivery time",
    text="“{quote}”.",
    weight=5,
    effect=Effect.QUALITY,
    source="S0 S2; rule 26",
)
@of_a_request
def delivery(facts: Facts) -> Answer:
    """Hit when a date, lead time or delivery is named or asked for together with goods.

    Why: real orders have a date.
    Example: "ship before 20 January".
    Not a hit: a list of terms without goods.
    """
    return beside_goods(facts, facts.request.delivery or facts.request.urgency or facts.says("urgency.buyer"))


@signal(
    "request.dated",
    title="Names a day by which the goods must be there",
    text="“{quote}”.",
    weight=4,
    effect=Effect.QUALITY,
    source="S2; domain §2 (order ready)",
)
@of_a_request
def dated(facts: Facts) -> Answer:
    """Hit when a date, week or month of delivery is named together with goods.

    Why: product, quantity, terms and date make an order.
    Example: "must arrive by 26 August", "ETD week 12".
    Not a hit: "what is your lead time?"; "delivery within 30 days" as a term.
    """
    found = tuple(e for e in facts.request.delivery if _DATED.search(e.quote))
    return hit(found) if found and product(facts) else MISS


@signal(
    "request.destination",
    title="Says where the goods must go",
    text="“{quote}”.",
    weight=6,
    effect=Effect.QUALITY,
    source="S0 S2",
)
@of_a_request
def destination(facts: Facts) -> Answer:
    """Hit when a port or place of delivery is named, or freight to a place is asked for.

    Why: only a buyer who means it thinks of freight.
    Example: "CIF Callao", "shipping cost to Glasgow".
    Not a hit: "what is the shipping cost" without a place.
    """
    found = place(facts)
    return hit(found) if found else MISS


@signal(
    "request.incoterm",
    title="Names a delivery term",
    text="“{quote}”.",
    weight=5,
    effect=Effect.QUALITY,
    source="S0 S2",
)
@of_a_request
def incoterm(facts: Facts) -> Answer:
    """Hit when an Incoterm is named together with goods.

    Why: it shows a trader who compares offers on one basis.
    Example: "FOB Ningbo", "EXW".
    Not a hit: a term without any goods, as in form letters.
    """
    return beside_goods(facts, facts.request.incoterm)


@signal(
    "request.payment",
    title="Speaks of payment terms",
    text="“{quote}”.",
    weight=4,
    effect=Effect.QUALITY,
    source="S0 S2",
)
@of_a_request
def payment(facts: Facts) -> Answer:
    """Hit when a payment term is offered or asked for together with goods.

    Why: real orders must be paid.
    Example: "30 % deposit by T/T, balance against copy of B/L".
    Not a hit: payment named without goods; card payments of swindlers are judged elsewhere.
    """
    return beside_goods(facts, facts.request.payment)


@signal(
    "request.packaging",
    title="Says how the goods must be packed",
    text="“{quote}”.",
    weight=4,
    effect=Effect.QUALITY,
    source="S0 S2; rule 28",
)
@of_a_request
def packaging(facts: Facts) -> Answer:
    """Hit when packing is described or asked for in own words.

    Why: a detail that only a real need brings up.
    Example: "20 pcs per carton, on ISPM 15 pallets".
    Not a hit: "Packing: opp bag" in a prefilled block.
    """
    found = own(facts, facts.request.packaging)
    return hit(found) if found else MISS


@signal(
    "request.target-price",
    title="Names a target price",
    text="“{quote}”: knows the market.",
    weight=6,
    effect=Effect.QUALITY,
    source="P; rule 27",
)
@of_a_request
def target_price(facts: Facts) -> Answer:
    """Hit when a price is named that the buyer wants to reach.

    Why: he knows the market and can decide.
    Example: "our target is USD 11.50 a piece".
    Not a hit: a total budget without goods.
    """
    found = facts.request.target_price
    return hit(found) if found else MISS


@signal(
    "request.price-figure",
    title="Speaks of a price in figures",
    text="“{quote}”.",
    weight=4,
    effect=Effect.QUALITY,
    source="rule 27",
)
@of_a_request
def price_figure(facts: Facts) -> Answer:
    """Hit when a price with a figure is named that is no target price: agreed, listed or paid till now.

    Why: the talk is already about figures.
    Example: "at the listed price of USD 0.36 a piece".
    Not a hit: "best price please"; a target price, which counts for itself.
    """
    found = tuple(e for e in facts.request.price if any(c.isdigit() for c in e.quote))
    return hit(found) if found and not facts.request.target_price else MISS


@signal(
    "request.annual-volume",
    title="Speaks of repeat orders with figures",
    text="“{quote}”.",
    weight=6,
    effect=Effect.QUALITY,
    source="P; rule 22",
)
@of_a_request
def annual_volume(facts: Facts) -> Answer:
    """Hit when monthly, yearly or repeat volume is named with a figure.

    Why: trial quantity with a forecast is how buyers plan.
    Example: "about 9,000 pcs a year".
    Not a hit: "large orders in future".
    """
    found = facts.request.annual_volume
    return hit(found) if found else MISS


@signal(
    "request.drawing",
    title="Sends a drawing, picture or list of the goods",
    text="“{quote}”.",
    weight=6,
    effect=Effect.QUALITY,
    source="P; rule 25",
)
@of_a_request
def drawing(facts: Facts) -> Answer:
    """Hit when a drawing is spoken of and a safe file comes with it, or drawings are offered in own words.

    Why: who sends a drawing has a part to buy.
    Example: "see drawing AR-2207", with a PDF.
    Not a hit: HTML, programs and archives (see attachments); asking the seller for his drawings.
    """
    safe = [
        Evidence(f"attachment:{a.index}", a.name)
        for a in facts.mail.attachments
        if a.name.lower().endswith(DRAWING_ENDINGS) and not a.inline and not a.has_script and not a.has_form
    ]
    spoken = facts.request.drawings
    if facts.says("competitor.probe"):
        spoken = ()
    if safe and product(facts):
        return hit(spoken, tuple(safe))
    return hit(spoken, strength=0.6) if spoken else MISS


@signal(
    "request.customized",
    title="Wants their own logo, design or size",
    text="“{quote}”.",
    weight=4,
    effect=Effect.QUALITY,
    source="S2",
)
@of_a_request
def customized(facts: Facts) -> Answer:
    """Hit when own brand, print, size or drawing is asked for in own words.

    Why: key functions and an own brand mean a plan to sell.
    Example: "with our logo on the handle".
    Not a hit: the preset question "can I add my own logo"; "Customized" in a prefilled block.
    """
    preset = {(e.start, e.end) for e in facts.says("canned.tail")}
    found = tuple(
        e for e in own(facts, facts.says("product.custom")) if not any(start <= e.start < end for start, end in preset)
    )
    return hit(found) if found else MISS


@signal(
    "request.hs-code",
    title="Names the customs code of the goods",
    text="“{quote}”; heading {heading} is “{goods}”. Who knows it has imported such goods or asked customs.",
    weight=3,
    effect=Effect.QUALITY,
    source="S2; rule 33",
)
@of_a_request
def hs_code(facts: Facts) -> Answer:
    """Hit when a code of the Harmonized System or a national tariff is named with its figures.

    Why: only who imports needs it.
    Example: "HS code 8482.10", "海关编码 8481804090".
    Not a hit: the word without figures; an asking for our code; a heading that does not exist. The firm's own goods:
    see catalogue.hs-code.
    """
    for code in facts.says("hs.code"):
        figures = _FIGURES.search(code.quote)
        goods = _headings().get(figures[0]) if figures else None
        if goods is not None and figures is not None:
            return hit(code, values={"heading": figures[0], "goods": shorten(goods, TITLE_MOST, placeholder="…")})
    return MISS


_FIGURES = re.compile(r"\d{4}")


@cache
def _headings() -> Mapping[str, str]:
    """Titles of the Harmonized System by heading of four figures."""
    table = resources.files("keeneye").joinpath("lexicons/tariff/headings.csv").read_text("utf-8")
    rows = csv.DictReader(line for line in table.splitlines() if not line.startswith("#"))
    return {row["heading"]: row["title"] for row in rows}


@signal(
    "request.hides-use",
    title="Will not say what the goods are for",
    text="“{quote}”: also a sign that export control looks for.",
    weight=-8,
    source="rule 66",
)
@of_a_request
def hides_use(facts: Facts) -> Answer:
    """Hit when the end use or end user is kept back, or installation and training are declined unasked.

    Why: who really uses the goods can say so; licences depend on it.
    Example: "the end user is confidential".
    Not a hit: a trader who says nothing of it; prices that shall stay confidential.
    """
    found = facts.says("use.hidden")
    return hit(found) if found else MISS


@signal(
    "request.copied-brand",
    title="Wants copies of a brand",
    text="“{quote}”: making or shipping them breaks the owner's rights.",
    weight=-8,
    effect=Effect.QUALITY,
    source="rule 67",
)
@of_a_request
def copied_brand(facts: Facts) -> Answer:
    """Hit when replicas or "1:1" copies of branded goods are wanted.

    Why: customs seize them, and the maker is liable.
    Example: "AAA replica watches", "高仿".
    Not a hit: the buyer's own logo; a replica of the buyer's own part; a spare part that fits a brand's machine.
    """
    found = facts.says("goods.brand-copy")
    return hit(found) if found else MISS


@signal(
    "request.use",
    title="Says what the goods are for",
    text="“{quote}”.",
    weight=4,
    effect=Effect.QUALITY,
    source="rules 26, 28",
)
@of_a_request
def use(facts: Facts) -> Answer:
    """Hit when a project, shop, customer or use is named.

    Why: a real need has a use; swindlers are evasive about it.
    Example: "for water projects in Ogun state", "for resale in our shop".
    Not a hit: "for our reference".
    """
    found = facts.says("use.end")
    return hit(found) if found else MISS


@signal(
    "request.order",
    title="Wants to place an order",
    text="“{quote}”.",
    weight=6,
    effect=Effect.QUALITY,
    source="S2",
)
@of_a_request
def order(facts: Facts) -> Answer:
    """Hit when the writer states an order of named goods in a figure, not only a question.

    Why: from here on it is about closing.
    Example: "we order 4,000 pcs", "I'd like to start with a trial order of 100 pieces".
    Not a hit: "we would like to place an order" without goods and figure.
    """
    found = tuple(e for e in facts.says("trade.order") if not facts.says("sample.request"))
    if not found:
        return MISS
    figures = [q for q in facts.request.quantities if not absurd(q)]
    return hit(found) if figures and product(facts) else NOT_APPLICABLE
