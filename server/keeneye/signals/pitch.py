"""Mail that sells to us: suppliers, services, freight, fairs, lists, and advertising for private buyers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from keeneye.model import Answer, Effect, Evidence, Facts
from keeneye.signals import MISS, hit, once, signal
from keeneye.signals.money import firsts, in_thread, present
from keeneye.signals.sender import on_a_list

SALES: Final = "not_inquiry/sales_pitch"
SPAM: Final = "not_inquiry/spam"

_SELLING: Final[Mapping[str, float]] = {
    "pitch.we-make": 1.2, "pitch.our-goods": 1.0, "pitch.advantages": 0.9, "pitch.calls-for-inquiry": 0.6,
    "pitch.promo": 0.6,
    "sales.pitch": 1.2, "notice.unsubscribe": 0.5,
}  # fmt: skip


@once
def buys(facts: Facts) -> float:
    """How plainly the writer asks to buy: 0 not at all, 3 with goods and quantity."""
    asked = facts.request
    return (
        bool(facts.says("deal.your-products", "moq.request", "price-list.only", "trade.order")) * 1.0
        + bool(facts.says("deal.catalogue-ask", "catalogue.request", "deal.net-terms", "deal.asks-ship")) * 0.7
        + bool(facts.says("price.request")) * 0.4
        + bool(asked.quantities and (asked.products or asked.models)) * 0.8
        + bool(asked.target_price or asked.annual_volume or asked.drawings) * 0.5
    )


def selling(facts: Facts) -> tuple[float, tuple[str, ...]]:
    """How plainly the writer sells, and by which tags; what he asks to buy is taken off."""
    tags = present(facts, _SELLING)
    size = sum(_SELLING[t] * (1.3 if len(facts.said[t]) > 1 else 1.0) for t in tags)
    # Fields that a marketplace filled in are the seller's own advertising, not the writer's words.
    return size - 0.8 * buys(facts) - (1.2 if facts.says("canned.attribute") else 0.0), tags


def _told(words: tuple[Evidence, ...]) -> int:
    """How many different wordings."""
    return len({e.quote.lower() for e in words})


def _offer(facts: Facts, tag: str, least: int = 2) -> Answer:
    """HIT for an offer of one kind: several of its words, or one with selling words, and nothing bought."""
    words = facts.says(tag)
    if not words or on_a_list(facts) or in_thread(facts):
        return MISS
    count = _told(words)
    size, tags = selling(facts)
    if (
        count + (1 if size >= 0.6 else 0) < least
        or buys(facts) > 1.5
        or (buys(facts) >= 1 and size < 1.2 and count < 3)
    ):
        return MISS
    return hit(words[:3], firsts(facts, tags)[:2], strength=min(1.0, 0.5 + 0.15 * count + 0.1 * len(tags)))


@signal(
    "pitch.supplier",
    title="Wants to sell to you: a supplier's own pitch",
    text="“{quote}”: offers goods, asks for none.",
    weight=-30,
    effect=Effect.QUALITY,
    type=SALES,
    source="domain §2 (not an inquiry); rule 20",
)
def supplier(facts: Facts) -> Answer:
    """Hit when "we make", "our products", advantages and calls for an inquiry outweigh every wish to buy.

    Why: sellers write in buyers' garb; there is nothing to quote.
    Example: "we are a manufacturer of bearings since 2012, good quality and price, welcome your inquiry".
    Not a hit: "we are a distributor of valves and look for 500 pieces"; a buyer who introduces his firm.
    """
    if on_a_list(facts) and not facts.says("pitch.we-make"):
        return MISS
    size, tags = selling(facts)
    if size < 1.7 or in_thread(facts) or not (facts.says("pitch.we-make", "pitch.our-goods", "sales.pitch")):
        return MISS
    if len(tags) < 2 and _told(facts.says(*tags)) < 3:
        return MISS
    return hit(firsts(facts, tags), strength=min(1.0, 0.4 + 0.2 * size))


@signal(
    "pitch.web-services",
    title="Offers web design, ranking or advertising",
    text="“{quote}”.",
    weight=-30,
    effect=Effect.QUALITY,
    type=SALES,
    source="domain §2 (not an inquiry)",
)
def web_services(facts: Facts) -> Answer:
    """Hit when search ranking, web design, advertising or mass mailing is offered.

    Why: a service provider's pitch.
    Example: "your website can rank on the first page, we offer SEO".
    Not a hit: a buyer who found us by a search engine; an advertising agency that buys give-aways.
    """
    return _offer(facts, "pitch.web-services")


@signal(
    "pitch.mass-mailing",
    title="Sells customer search, websites or mass mailing",
    text="“{quote}”.",
    weight=-30,
    effect=Effect.QUALITY,
    type=SALES,
    source="domain §2 (not an inquiry); Chinese bulk mail",
)
def mass_mailing(facts: Facts) -> Answer:
    """Hit when Chinese software or services for finding customers, sites or bulk mail are offered.

    Why: sold to exporters every day; no inquiry.
    Example: 外贸获客软件,邮件群发,海关数据.
    Not a hit: a buyer who mentions his website.
    """
    return _offer(facts, "pitch.mass-mail")


@signal(
    "pitch.address-lists",
    title="Sells address lists or leads",
    text="“{quote}”.",
    weight=-30,
    effect=Effect.QUALITY,
    type=SALES,
    source="domain §2 (not an inquiry)",
)
def address_lists(facts: Facts) -> Answer:
    """Hit when contact lists, attendee lists, customs data or leads are offered.

    Why: a list seller's pitch.
    Example: "we offer a verified email list of importers, send your target criteria".
    Not a hit: "please send your price list and product list".
    """
    return _offer(facts, "pitch.lists")


@signal(
    "pitch.freight",
    title="Offers freight: a forwarder's own pitch",
    text="“{quote}”.",
    weight=-30,
    effect=Effect.QUALITY,
    type="not_inquiry/forwarder",
    source="domain §2 (not an inquiry)",
)
def freight(facts: Facts) -> Answer:
    """Hit when freight rates, DDP, clearance or warehouses are offered and no goods are asked for.

    Why: forwarders write to every exporter.
    Example: "DDP door to door to Europe by sea and air, welcome to ask our rates".
    Not a hit: a buyer who asks for a DDP price or names his forwarder.
    """
    words = facts.says("pitch.freight")
    count = _told(words)
    if not words or on_a_list(facts) or in_thread(facts) or buys(facts) > 1.3:
        return MISS
    size, tags = selling(facts)
    short = facts.own_words <= 40 and count >= 1 and not (facts.request.quantities or facts.request.products)
    if count < 3 and not (count >= 2 and size > 0.5) and not (short and count >= 1 and "ddp" in words[0].quote.lower()):
        return MISS
    if facts.request.quantities and size < 1:
        return MISS
    return hit(words[:3], firsts(facts, tags)[:2])


@signal(
    "pitch.event",
    title="Invites to a fair, course or conference",
    text="“{quote}”.",
    weight=-26,
    effect=Effect.QUALITY,
    type=SALES,
    source="domain §2 (not an inquiry)",
)
def event(facts: Facts) -> Answer:
    """Hit when a booth, seat, course or conference place is offered.

    Why: organisers sell places.
    Example: "book your booth at the expo, early bird until Friday".
    Not a hit: a buyer who met us at a fair; a factory visit.
    """
    words = facts.says("pitch.exhibition")
    if not words or on_a_list(facts) or in_thread(facts) or buys(facts) > 0.9:
        return MISS
    size, tags = selling(facts)
    if _told(words) < 3 and not (_told(words) >= 2 and size > 0.5):
        return MISS
    return hit(words[:3], firsts(facts, tags)[:2])


@signal(
    "pitch.training",
    title="Sells courses or training",
    text="“{quote}”.",
    weight=-28,
    effect=Effect.QUALITY,
    type=SALES,
    source="domain §2 (not an inquiry); Chinese bulk mail",
)
def training(facts: Facts) -> Answer:
    """Hit when a Chinese message sells courses, seminars or lecturers.

    Why: the most common Chinese bulk mail beside invoices.
    Example: 培训课程,主办单位,参会费用.
    Not a hit: a buyer who needs training on our machine.
    """
    words = facts.says("pitch.training")
    if _told(words) < 2 or on_a_list(facts) or in_thread(facts):
        return MISS
    return hit(words[:3], strength=min(1.0, 0.4 + 0.2 * _told(words)))


@signal(
    "pitch.invoices",
    title="Sells tax invoices, which is unlawful",
    text="“{quote}”.",
    weight=-22,
    type=SPAM,
    source="Chinese bulk mail (代开发票)",
)
def invoices(facts: Facts) -> Answer:
    """Hit when tax invoices are offered for a percentage.

    Why: buying them is a crime in China; it is never an inquiry.
    Example: 优惠代开增值税发票,先验票后付款.
    Not a hit: a buyer who asks whether we give a VAT invoice (能开发票吗).
    """
    words = facts.says("pitch.invoice-selling")
    if not words or buys(facts) > 1:
        return MISS
    strong = any(c in e.quote for e in words for c in ("代开", "外开", "可开", "优惠", "代理", "对外", "验"))
    if _told(words) < 2 and not (strong and facts.own_words <= 120):
        return MISS
    return hit(words[:3], strength=min(1.0, 0.7 + 0.2 * (_told(words) - 1)))


@signal(
    "pitch.private-buyers",
    title="Advertises to private people",
    text="“{quote}”: bulk advertising.",
    weight=-26,
    effect=Effect.QUALITY,
    type=SPAM,
    source="domain §2 (not an inquiry)",
)
def private_buyers(facts: Facts) -> Answer:
    """Hit when pills, diets, casinos, dating, watches, stocks, mortgages, diplomas and the like are advertised.

    Why: consumer advertising; annoying, but rarely a trap for an exporter.
    Example: "cheap pills online, order now, click here to be removed".
    Not a hit: a buyer of pill bottles or sunglasses who names quantity; a developers' list.
    """
    words = facts.says("pitch.consumer")
    if not words or on_a_list(facts) or in_thread(facts) or buys(facts) >= 1.5:
        return MISS
    others = present(
        facts, ("pitch.promo", "notice.unsubscribe", "tone.pressure", "pitch.advantages", "pitch.our-goods")
    )
    if _told(words) < 2 and not others:
        return MISS
    if facts.request.quantities and not others:
        return MISS
    return hit(words[:3], firsts(facts, others)[:2], strength=min(1.0, 0.55 + 0.15 * (_told(words) + len(others))))


@signal(
    "pitch.promotion",
    title="Advertises with discounts and buttons",
    text="“{quote}”.",
    weight=-18,
    effect=Effect.QUALITY,
    type=SPAM,
    source="domain §2 (not an inquiry)",
)
def promotion(facts: Facts) -> Answer:
    """Hit when several advertising calls stand together: order now, % off, limited offer, click here.

    Why: shops and services advertise so; buyers do not.
    Example: "50 % off, order today, free shipping".
    Not a hit: a buyer who asks for a discount of 5 %.
    """
    words = facts.says("pitch.promo")
    if on_a_list(facts) or in_thread(facts) or buys(facts) > 1:
        return MISS
    if _told(words) < 2 or (
        _told(words) < 3 and not facts.says("notice.unsubscribe", "pitch.our-goods", "pitch.consumer")
    ):
        return MISS
    return hit(words[:3], facts.says("notice.unsubscribe")[:1])


@signal(
    "pitch.market-report",
    title="Sells a market report",
    text="“{quote}”.",
    weight=-28,
    effect=Effect.QUALITY,
    type=SALES,
    source="domain §2 (not an inquiry)",
)
def market_report(facts: Facts) -> Answer:
    """Hit when a market study with forecast or key players is offered.

    Why: publishers' pitch.
    Example: "the report titled Global Valve Market Outlook covers key players, ask for a sample copy".
    Not a hit: a buyer who speaks of his market share.
    """
    return _offer(facts, "pitch.report")


@signal(
    "pitch.business-services",
    title="Offers services to firms",
    text="“{quote}”.",
    weight=-22,
    effect=Effect.QUALITY,
    type=SALES,
    source="domain §2 (not an inquiry)",
)
def business_services(facts: Facts) -> Answer:
    """Hit when recruiting, translation, inspection, consulting and similar services are offered.

    Why: a service provider's pitch.
    Example: "we help exporters with certification, book a call".
    Not a hit: an inspection company that announces its visit for a buyer's order.
    """
    return _offer(facts, "pitch.partner-services")


@signal(
    "pitch.job-seeker",
    title="Applies for a job",
    text="“{quote}”.",
    weight=-26,
    effect=Effect.QUALITY,
    type="not_inquiry/job_application",
    source="domain §2 (not an inquiry)",
)
def job_seeker(facts: Facts) -> Answer:
    """Hit when a curriculum vitae or an application is sent.

    Why: belongs to personnel.
    Example: "I apply for the position of export clerk, my CV is attached".
    Not a hit: a buyer who names his position; an application of a material.
    """
    words = facts.says("pitch.job")
    if not words or on_a_list(facts) or in_thread(facts) or buys(facts) > 0.9:
        return MISS
    file = any(
        "cv" in a.name.lower().replace("-", " ").replace("_", " ").split(".")[0].split() for a in facts.mail.attachments
    )
    if _told(words) < 2 and not file and not any(e.part == "subject" for e in words):
        return MISS
    return hit(words[:2])
