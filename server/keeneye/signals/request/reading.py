"""What is asked for, as the signals of this family read it."""

from __future__ import annotations

from functools import wraps

from keeneye import linear
from keeneye.model import Answer, Evidence, Facts, Quantity
from keeneye.signals import MISS, NOT_APPLICABLE, Check, hit, once
from keeneye.signals.contact import identity_seen
from keeneye.signals.opener import own_text, prefill
from keeneye.signals.sender import member_talk
from keeneye.signals.subject import remainder

ASKS = ("price.request", "trade.order", "trade.interest", "catalogue.request", "price-list.only", "range.all",
        "shipping.question", "moq.request", "canned.opener")  # fmt: skip
SAMPLES = ("sample.request", "sample.free", "sample.paid")
_TAGS = frozenset((*ASKS, *SAMPLES))
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
UNNAMED = frozenset(("it", "tr", "vi", "ja", "ko"))
"""Languages in which the facts do not find the names of goods yet."""
NO_PLACE = frozenset(
    "my our your you the me us country this these that them their it order orders know be customers clients sample "
    "samples price prices quote quotation via air sea time date terms cost costs mi mis su sus nuestro nuestra esta "
    "este minha meu nosso seu sua votre mon ma notre nos vos mein unser ihr unserem meine full part parts bulk each "
    "inspection approval reference review discuss further test sales follow confirm delivery shipping".split()
)


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


def in_containers(quantity: Quantity) -> bool:
    return any(c in f"{quantity.unit} {quantity.evidence.quote}".lower() for c in CONTAINERS)


def absurd(quantity: Quantity) -> bool:
    return quantity.value >= (ABSURD_CONTAINERS if in_containers(quantity) else ABSURD_PIECES)


def large(quantity: Quantity) -> bool:
    return quantity.value >= (LARGE_CONTAINERS if in_containers(quantity) else LARGE_PIECES)


def several(evidence: tuple[Evidence, ...], full: int) -> Answer:
    """A hit whose strength grows with the number of different quotes, up to ``full``."""
    count = len({e.quote.casefold() for e in evidence})
    return hit(evidence, values={"count": count}, strength=min(1.0, count / full)) if count else MISS


def beside_goods(facts: Facts, found: Evidence | tuple[Evidence, ...] | None) -> Answer:
    """A hit where goods are named too; terms alone, as form letters have them, say nothing."""
    if not found:
        return MISS
    return hit(found) if product(facts) else NOT_APPLICABLE
