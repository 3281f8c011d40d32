"""What the writer asks for, and how exactly; and the ways of asking for nothing in particular."""

from __future__ import annotations

from functools import wraps

from keeneye import linear
from keeneye.model import Answer, Effect, Evidence, Facts, Quantity
from keeneye.signals import MISS, NOT_APPLICABLE, Check, hit, once, signal
from keeneye.signals.contact import identity_seen
from keeneye.signals.opener import bare, own_text, prefill, words
from keeneye.signals.sender import member_talk
from keeneye.signals.subject import remainder

ASKS = ("price.request", "trade.order", "trade.interest", "catalogue.request", "price-list.only", "range.all",
        "shipping.question", "moq.request", "canned.opener")  # fmt: skip
SAMPLES = ("sample.request", "sample.free", "sample.paid")
_TAGS = frozenset((*ASKS, *SAMPLES))
LISTS = ("price-list.only", "catalogue.request")
CONTAINERS = ("container", "containers", "fcl", "20ft", "40ft", "40hc", "柜", "集装箱")
ABSURD_PIECES = 5_000_000
ABSURD_CONTAINERS = 100
LARGE_PIECES = 10_000
LARGE_CONTAINERS = 3
LONE = frozenset("quote quotes quotation catalogue catalog 价格 價格 单价 询价 詢價 价目表".split())
GENERAL = frozenset(
    "of for per is are your our my the all every each any some this that these those them it product products "
    "item items goods everything anything range list lists order orders quantity sample samples information time "
    "please attached enclosed attachment inquiry enquiry request rfq shipping delivery freight "
    "de del da do das dos para por tus sus su seus seu vos votre nos tous todos "
    "todo todas productos producto produtos produto produits produit articles artikel produkte produkt ihre alle "
    "fur prodotti prodotto vostri tutti envio flete frete port livraison versand spedizione товары товар "
    "продукцию продукции доставку все ваши including with and или i we you he she they what when how much".split()
)
WISH_REACH = 20
"""Characters between a wish and the goods that it is for."""
WISH_WORDS = 40
TALK = 250
"""Words up to which a letter is about its one wish, and about goods that it gives details of."""
BARE_WISH = frozenset(("需要", "想", "要"))
BARE_TRADE = frozenset(
    "价格 價格 价钱 價錢 单价 單價 最低价 最低價 价目表 價目表 目录 目錄 订购 訂購 下单 下單 签合同 簽合同 购买 "
    "購買".split()
)
"""Chinese words that a buyer and a seller use alike."""
_WANTED = linear.Pattern(
    "[请請想求麻询詢吗嗎?？发發给給报報]|多少|如何|怎[么麼]|我们|我們|我司|[贵貴]司|[贵貴]公司|你们|你們|您的|了解|需要|能否|可否"
)
_OFFERED = linear.Pattern(
    "[欢歡]迎|[热熱][线線]|[优優]惠|[仅僅]售|低至|特[价價]|折扣|登[陆陸]|登[录錄]|本公司|代[开開]"
)
SHORT = 30
"""Words of a short question."""
UNNAMED = frozenset(("it", "tr", "vi", "ja", "ko"))
"""Languages in which the facts do not find the names of goods yet."""
NO_PLACE = frozenset(
    "my our your you the me us country this these that them their it order orders know be customers clients sample "
    "samples price prices quote quotation via air sea time date terms cost costs mi mis su sus nuestro nuestra esta "
    "este minha meu nosso seu sua votre mon ma notre nos vos mein unser ihr unserem meine full part parts bulk each "
    "inspection approval reference review discuss further test sales follow confirm delivery shipping".split()
)
GOODS = ("food", "metal", "electric", "computer", "clothing", "machine", "medical", "furniture", "vehicle", "fuel")
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
DRAWING_ENDINGS = (".dwg", ".dxf", ".step", ".stp", ".igs", ".iges", ".pdf", ".xls", ".xlsx", ".csv", ".jpg", ".jpeg",
                   ".png", ".docx", ".sldprt", ".x_t")  # fmt: skip


@once
def asks(facts: Facts) -> tuple[Evidence, ...]:
    """Where the writer asks to buy, or for an offer.

    Without such words: another source is looked for by one who introduces himself; a beginner's questions; a wish
    beside a quantity. On a marketplace, where the form itself is the request: a wish, or a title that names something.
    """
    found = _asked(facts)
    if found:
        return found
    if facts.says("supplier.existing") and facts.says("introduction.company", "trade.role", "import.experience"):
        return facts.says("supplier.existing")
    if facts.says("market.survey") and facts.says("buyer.newcomer"):
        return facts.says("market.survey")
    wish = facts.says("want.weak")
    if (plain := _wished(facts, wish)) and not member_talk(facts):
        return plain
    if identity_seen(facts):
        return wish if any(q.value >= 10 for q in facts.request.quantities) and product(facts) else ()
    if not facts.mail.body.strip():
        return ()
    return wish or _title(facts)


def _wished(facts: Facts, wish: tuple[Evidence, ...]) -> tuple[Evidence, ...]:
    """Wishes that goods follow at once: "we need ball valves".

    Everybody needs something: the wish must be what a short letter is about, or a figure or a detail of the goods must
    stand in the text; in an answer, where much is needed and had, and for the Chinese bare "need", only the latter.
    """
    request = facts.request
    if not (request.quantities or request.models or request.materials):
        if facts.mail.in_reply_to or facts.own_words > WISH_WORDS:
            return ()
        wish = tuple(w for w in wish if w.quote not in BARE_WISH)
    elif facts.own_words > TALK:
        return ()
    goods = [*request.products, *(q.evidence for q in request.quantities)]
    return tuple(w for w in wish if any(w.part == g.part and 0 <= g.start - w.end <= WISH_REACH for g in goods))


def _asked(facts: Facts) -> tuple[Evidence, ...]:
    """Words that ask, without the seller's "we welcome your inquiry".

    A lone "price" or "quote", and samples, need goods or a figure beside: the words have other meanings.
    """
    if _TAGS.isdisjoint(facts.said):
        return ()
    request = facts.request
    goods = bool(request.products or request.models or request.quantities) or facts.mail.forwarded is not None
    found = facts.says(*ASKS, *(SAMPLES if goods else ()))
    inviting = facts.says("pitch.calls-for-inquiry")
    found = tuple(e for e in found if not any(i.part == e.part and i.start <= e.start < i.end for i in inviting))
    found = tuple(e for e in found if not _advertised(facts, e))
    if goods:
        return found
    return tuple(e for e in found if e.part == "subject" or e.quote.casefold() not in LONE)


def _advertised(facts: Facts, word: Evidence) -> bool:
    """Whether a bare Chinese word of trade stands in a seller's talk: no wish or question beside it, or an offer."""
    if word.part == "subject":
        return False
    if word.quote not in BARE_TRADE:
        return not word.quote.isascii() and _OFFERED.search(word.quote) is not None
    around = facts.mail.body[max(0, word.start - 12) : word.end + 8]
    return _OFFERED.search(around) is not None or _WANTED.search(around) is None


def of_a_request(check: Check) -> Check:
    """A row that means something only where something is asked for."""

    @wraps(check)
    def only_then(facts: Facts) -> Answer:
        return check(facts) if asks(facts) else NOT_APPLICABLE

    return only_then


def _title(facts: Facts) -> tuple[Evidence, ...]:
    """The subject of a marketplace request: the product that the form stands under."""
    if len(remainder(facts)) < 2:
        return ()
    return (Evidence("subject", facts.mail.subject[:80], 0, min(80, len(facts.mail.subject))),)


def _echo(facts: Facts) -> tuple[Evidence, ...]:
    """A word of the subject that the own words take up, and that is no name of a firm, person or place."""
    text = own_text(facts, 4000).casefold()
    contact, sender = facts.contact, facts.sender
    names = " ".join(e.quote for e in (contact.company, contact.person, contact.address) if e).casefold()
    names += " ".join((sender.domain if sender else "", *facts.firm.domains, *facts.firm.names)).casefold()
    rest = remainder(facts)
    for word, start in rest:
        folded = word.casefold()
        least = 2 if folded[0] >= "\u2e80" else 4
        if len(word) >= least and folded in text and folded not in names:
            end = start + len(word)
            for more, following in rest:  # the words that go on from it: "Amber bottle 330 ml"
                if following == end + 1 and facts.mail.subject[end] == " ":
                    end += 1 + len(more)
            return (Evidence("subject", facts.mail.subject[start:end], start, end),)
    return ()


def _priced(facts: Facts) -> tuple[Evidence, ...]:
    """What follows "the price of": a thing, not "all your products"."""
    return tuple(
        e
        for e in facts.says("price.of")
        if not GENERAL.intersection(e.quote.casefold().replace("\n", " ").split()[-2:])
    )


def product(facts: Facts) -> tuple[Evidence, ...]:
    """The goods that are asked for: as found in the text.

    Else the title of a marketplace's form, or a word of the subject that a text with figures takes up.
    """
    general = [e for e in facts.says("subject.generic") if e.part == "subject"]
    named = tuple(
        e
        for e in (*facts.request.products, *facts.request.models)
        if not (e.part == "subject" and any(g.start <= e.start + 2 and e.end <= g.end for g in general))
    )
    if named:
        return named
    if not identity_seen(facts):
        return _title(facts) or _priced(facts)
    if facts.request.quantities and facts.request.specifications:
        return facts.request.specifications
    if priced := _priced(facts):
        return priced
    exact = facts.request.quantities or len(facts.request.specifications) > 1
    return _echo(facts) if exact or facts.language in UNNAMED else ()


def own(facts: Facts, evidence: tuple[Evidence, ...]) -> tuple[Evidence, ...]:
    """Evidence that the writer wrote himself: outside a marketplace's attribute block."""
    block = prefill(facts)
    if block is None:
        return evidence
    return tuple(e for e in evidence if e.part == "subject" or not block[0] <= e.start < block[1])


def details(facts: Facts) -> tuple[Evidence, ...]:
    request = facts.request
    return own(facts, (*request.specifications, *request.materials, *request.models))


def commercial(facts: Facts) -> dict[str, tuple[Evidence, ...]]:
    """Terms of a deal that are named, by kind."""
    request = facts.request
    found = {
        "incoterm": (request.incoterm,) if request.incoterm else (),
        "port": (request.port,) if request.port else (),
        "payment": request.payment,
        "delivery": request.delivery,
        "packaging": request.packaging,
        "moq": request.moq,
        "certificates": request.certificates,
        "price": request.price,
    }
    return {k: v for k, v in found.items() if v}


def place(facts: Facts) -> tuple[Evidence, ...]:
    """The port or place where the goods shall go."""
    if facts.request.port:
        return (facts.request.port,)
    return tuple(e for e in facts.says("ship.place") if e.quote.split()[-1].lower() not in NO_PLACE)


def _containers(quantity: Quantity) -> bool:
    return any(c in f"{quantity.unit} {quantity.evidence.quote}".lower() for c in CONTAINERS)


def absurd(quantity: Quantity) -> bool:
    return quantity.value >= (ABSURD_CONTAINERS if _containers(quantity) else ABSURD_PIECES)


def large(quantity: Quantity) -> bool:
    return quantity.value >= (LARGE_CONTAINERS if _containers(quantity) else LARGE_PIECES)


def _several(evidence: tuple[Evidence, ...], full: int) -> Answer:
    """A hit whose strength grows with the number of different quotes, up to ``full``."""
    count = len({e.quote.casefold() for e in evidence})
    return hit(evidence, values={"count": count}, strength=min(1.0, count / full)) if count else MISS


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
    return _several(own(facts, (*request.specifications, *request.materials)), 4)


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
    own_words = bool(facts.request.quantities) and not all(q.value <= 1 and not _containers(q) for q in found)
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
    found = facts.request.moq
    return (hit(found) if product(facts) else NOT_APPLICABLE) if found else MISS


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
    found = facts.request.delivery or facts.request.urgency or facts.says("urgency.buyer")
    if not found:
        return MISS
    return hit(found) if product(facts) else NOT_APPLICABLE


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
    found = facts.request.incoterm
    if found is None:
        return MISS
    return hit(found) if product(facts) else NOT_APPLICABLE


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
    found = facts.request.payment
    if not found:
        return MISS
    return hit(found) if product(facts) else NOT_APPLICABLE


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
    text="“{quote}”: who knows it has imported such goods or asked customs.",
    weight=3,
    effect=Effect.QUALITY,
    source="S2; rule 33",
)
@of_a_request
def hs_code(facts: Facts) -> Answer:
    """Hit when a code of the Harmonized System or a national tariff is named with its figures.

    Why: only who imports needs it.
    Example: "HS code 8482.10", "海关编码 8481804090".
    Not a hit: the word without figures; an asking for our code. The firm's own goods: see catalogue.hs-code.
    """
    found = facts.says("hs.code")
    return hit(found) if found else MISS


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
