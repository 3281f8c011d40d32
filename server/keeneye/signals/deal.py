"""Orders, payments and papers that are not what they seem: changed accounts, cards, credit, lures with attachments."""

from __future__ import annotations

import re
from typing import Final

from keeneye.model import Answer, Evidence, Facts, Outcome
from keeneye.signals import MISS, NOT_APPLICABLE, hit, signal
from keeneye.signals.contact import identity_seen
from keeneye.signals.display import false_reply
from keeneye.signals.domain import other_website, website_agrees
from keeneye.signals.links import foreign_links, shown, unseen, web_links
from keeneye.signals.money import ADVANCE_FEE, LONG, asks_goods, channel, firsts, in_thread, present
from keeneye.signals.sender import member_talk

DIVERSION: Final = "fraud/payment_diversion"
CREDIT: Final = "fraud/credit_fraud"
OVERPAYMENT: Final = "fraud/overpayment"
MALWARE: Final = "phishing/malware_attachment"
_PLAIN: Final = (
    ".pdf",
    ".jpg",
    ".jpeg",
    ".png",
    ".xls",
    ".xlsx",
    ".doc",
    ".docx",
    ".dwg",
    ".dxf",
    ".step",
    ".stp",
    ".csv",
)
TALK: Final = 600
"""Words up to which a message is a business letter; a digest is longer."""


def says_nothing_of_goods(facts: Facts) -> bool:
    """No product, model, quantity or specification stands in the writer's own words."""
    asked = facts.request
    return not (asked.products or asked.models or asked.quantities or asked.specifications or asked.materials)


def strange_return(facts: Facts) -> bool:
    """Whether the answer goes to another domain than the sender's, or the sender has a free mailbox."""
    sender = facts.sender
    if sender is None:
        return False
    if facts.reply_to is not None and facts.reply_to.domain != sender.domain:
        return True
    return sender.answer is not None and sender.answer.mailbox == "free"


_PAPER: Final = re.compile(
    r"order|quot|p\.?o\b|specification|contract|list|pedido|orden|cotiza|cota[cç]|commande|devis|bestellung|auftrag|angebot|"
    r"заказ|заявк|спецификац|ordine|preventivo|sipariş|teklif|订单|訂單|报价|報價|清单|清單|合同|規格|规格|注文|発注|見積|주문|견적",
    re.IGNORECASE,
)
_CAD: Final = (".dwg", ".dxf", ".step", ".stp", ".igs", ".iges", ".sldprt", ".x_t", ".prt")


def sends_drawings(facts: Facts) -> bool:
    """Whether drawings of a part are attached, which only one who has the part made can send."""
    return any(
        n.lower().endswith(_CAD) for a in facts.mail.attachments if not a.inline for n in (a.name, *a.members[:50])
    )


def stranger(facts: Facts) -> int:
    """How many signs say that the writer is not who he seems: the answer goes elsewhere, no contact data at all, an
    invented "Re:", a greeting of nobody, a site of another owner."""
    contact = facts.contact
    nobody = identity_seen(facts) and not (contact.phones or contact.address or contact.company or contact.websites)
    signs = (
        strange_return(facts),
        nobody,
        bool(facts.says("greeting.generic", "generic_greeting")),
        false_reply(facts).outcome is Outcome.HIT,
        other_website(facts).outcome is Outcome.HIT,
    )
    return sum(signs)


def stands_for_himself(facts: Facts) -> float:
    """How far a writer with complete data behind his own domain is to be believed: the share of a doubt that is left.

    0.4 when the mail host proves the domain, 0.7 when it says nothing, 0.0 (not at all) for everybody else.
    """
    contact, auth = facts.contact, facts.authentication
    complete = sum(map(bool, (contact.person, contact.company, contact.phones, contact.address))) >= 3
    if (
        not complete
        or website_agrees(facts).outcome is not Outcome.HIT
        or auth.aligned is False
        or strange_return(facts)
    ):
        return 0.0
    return 0.4 if auth.aligned else 0.7


def opens(facts: Facts) -> tuple[Evidence, ...]:
    """What there is to open: attachments first, then links."""
    files = tuple(Evidence(f"attachment:{a.index}", a.name or a.type) for a in facts.mail.attachments if not a.inline)
    web = (x.link for x in facts.links if x.link.scheme in ("http", "https"))
    return files + tuple(Evidence(f"link:{x.index}", x.href[:200]) for x in web)


@signal(
    "deal.new-bank-account",
    title="New bank account: confirm by a phone number you already had",
    text="“{quote}”: the most costly fraud in trade begins so.",
    headline="New bank account: confirm by a known phone number",
    weight=-62,
    type=DIVERSION,
    source="domain §5 (P); practitioners' page §I",
)
def new_bank_account(facts: Facts) -> Answer:
    """Hit when other bank details or another beneficiary are announced for payments.

    Why: swindlers enter a running deal and send their own account. A true change looks the same, so it is
    confirmed by a number that was known before.
    Example: "our bank details have changed, remit the balance to our new account".
    Not a hit: "please send us your bank details", a first proforma with an account, a bank's own advertising.
    """
    words = facts.says("deal.new-bank", "bank.changed")
    if not words or member_talk(facts) or facts.own_words > LONG:
        return MISS
    others = present(
        facts, ("deal.bank-reason", "deal.bank-data", "deal.do-not-call", "deal.payment-proof", "tone.pressure")
    )
    return hit(words, firsts(facts, others), strength=1.0 if others or len(words) > 1 else 0.8)


@signal(
    "deal.do-not-call",
    title="Does not want you to call about a payment",
    text="“{quote}”: who changes an account honestly is glad of a call.",
    headline="Does not want you to call about a payment",
    weight=-25,
    type=DIVERSION,
    source="domain §5 (P)",
)
def do_not_call(facts: Facts) -> Answer:
    """Hit when payment talk comes with "do not call", "the telephone is out of order" or "keep it between us".

    Why: one call would uncover the fraud.
    Example: "send the refund to this account; our line is being changed, reply by e-mail only".
    Not a hit: "do not call on Sunday" in a mail without payment talk; "I am in a meeting" about samples.
    """
    words = facts.says("deal.do-not-call")
    about = present(
        facts, ("deal.new-bank", "bank.changed", "deal.bank-data", "deal.payment-proof", "deal.third-party")
    )
    if not words or not about or member_talk(facts) or facts.own_words > TALK:
        return MISS
    return hit(words, firsts(facts, about))


@signal(
    "deal.third-party-payment",
    title="Wants payment to, or through, a third person",
    text="“{quote}”: pay only the firm you deal with.",
    weight=-28,
    type=DIVERSION,
    source="domain §5 (P); rule 65",
)
def third_party_payment(facts: Facts) -> Answer:
    """Hit when money is to go to a personal account, a third party or another supplier on the writer's behalf.

    Why: payment diversion and overpayment run through helpers.
    Example: "pay our other supplier for us from the amount".
    Not a hit: a buyer who pays through his agent in China and says so with the agent's name.
    """
    words = facts.says("deal.third-party")
    if not words or member_talk(facts) or facts.own_words > TALK:
        return MISS
    return hit(words)


@signal(
    "deal.card-and-own-shipper",
    title="Pays by card and sends an own shipper whom you must pay",
    text="“{quote}”: in such deals the card is stolen and the shipper is the swindler.",
    headline="Pays by card, wants you to pay their shipper",
    weight=-60,
    type=CREDIT,
    source="rule 43",
)
def card_and_own_shipper(facts: Facts) -> Answer:
    """Hit when a card payment meets the buyer's own shipper, pick-up agent or a charge for him.

    Why: the card is charged back after the shipper was paid.
    Example: "my own shipper collects the goods, I give you my card details, add his fee to my card".
    Not a hit: an FOB buyer with his own forwarder who pays by T/T; a shop customer who asks for card payment.
    """
    card = facts.says("deal.card", "payment.card")
    shipper = facts.says("deal.own-shipper", "deal.pay-shipper", "payment.shipper")
    if not card or not shipper or facts.own_words > TALK:
        return MISS
    return hit(card[:2], shipper[:2])


@signal(
    "deal.card-order",
    title="Asks for card payment and shipping, not for price or goods",
    text="“{quote}”: orders so are often paid with stolen cards.",
    headline="Asks about card payment and shipping only",
    weight=-34,
    type=CREDIT,
    source="rule 43; public warnings to small exporters",
)
def card_order(facts: Facts) -> Answer:
    """Hit when a short first message asks whether cards are taken and abroad is served, without specification.

    Why: the stolen-card order opens with these two questions.
    Example: "do you ship to my country and do you accept credit cards? quick answer please".
    Not a hit: a retail buyer who names model and quantity and asks how to pay.
    """
    card = facts.says("deal.card", "payment.card")
    ship = facts.says("deal.asks-ship", "deal.own-shipper")
    if not card or not ship or facts.own_words > 150 or in_thread(facts) or member_talk(facts):
        return MISS
    if facts.request.models or facts.request.specifications or facts.request.quantities:
        return MISS
    return hit(card[:1], ship[:1])


@signal(
    "deal.several-cards",
    title="Wants to split one payment over several cards",
    text="“{quote}”: a sign of stolen card numbers.",
    weight=-45,
    type=CREDIT,
    source="rule 44",
)
def several_cards(facts: Facts) -> Answer:
    """Hit when one order is to be charged on several cards.

    Why: each stolen card has a limit.
    Example: "please split the amount over three credit cards".
    Not a hit: "we accept several credit cards" in a shop's terms.
    """
    words = facts.says("deal.split-card")
    return hit(words) if words and facts.own_words <= TALK and not member_talk(facts) else MISS


@signal(
    "deal.credit-at-once",
    title="Wants goods on credit in the first mail",
    text="“{quote}”, before any order, reference or trade history.",
    weight=-24,
    type=CREDIT,
    source="rule 49",
)
def credit_at_once(facts: Facts) -> Answer:
    """Hit when net terms, credit or an account are wanted in a first message; stronger for an institution's name
    without its domain and for goods that sell on anywhere.

    Why: orders in a university's or firm's name are shipped to a store and never paid.
    Example: "purchase order of the university, net 30, 40 hard drives" from another domain.
    Not a hit: an old customer's usual terms, a letter of credit at sight, a buyer who asks what terms we give.
    """
    words = facts.says("deal.net-terms")
    if not words or in_thread(facts) or member_talk(facts) or facts.own_words > TALK:
        return MISS
    if any("l/c" in e.quote.lower() or "credit" in e.quote.lower() for e in facts.request.payment) and not facts.says(
        "deal.institution", "deal.resaleable"
    ):
        return MISS
    answer = facts.sender.answer if facts.sender else None
    borrowed = present(facts, ("deal.institution", "tender.giant"))
    if answer is not None and answer.mailbox in ("government", "education"):
        borrowed = ()
    more = present(facts, ("deal.resaleable", "deal.bulk"))
    return hit(words, firsts(facts, borrowed + more), strength=min(1.0, 0.4 + 0.4 * bool(borrowed) + 0.2 * len(more)))


@signal(
    "deal.overpayment",
    title="Pays more than the price and wants the rest sent on",
    text="“{quote}”: the payment will bounce, your money will not come back.",
    headline="Pays too much and wants the rest sent on",
    weight=-60,
    type=OVERPAYMENT,
    source="domain §2 (overpayment); rule 65",
)
def overpayment(facts: Facts) -> Answer:
    """Hit when a surplus is to be refunded or handed to a shipper or third person.

    Why: the cheque or card payment is reversed after the surplus was sent.
    Example: "the cheque covers more than your price, wire the excess to my shipper".
    Not a hit: "the balance against documents", a credit note, a true refund by the firm that was overpaid.
    """
    words = facts.says("deal.overpay", "payment.overpay")
    others = present(facts, ("deal.cheque", "deal.pay-shipper", "deal.own-shipper", "deal.third-party", "deal.card"))
    if not words or not others or facts.own_words > TALK or member_talk(facts):
        return MISS
    return hit(words[:2], firsts(facts, others), strength=1.0 if len(others) > 1 else 0.6)


@signal(
    "deal.price-no-matter",
    title="Says that price does not matter",
    text="“{quote}”: real buyers always care about the price.",
    weight=-22,
    type=ADVANCE_FEE,
    source="rule 41; S4",
)
def price_no_matter(facts: Facts) -> Answer:
    """Hit when price is called no concern, or any product and price is accepted at once.

    Why: who never means to pay does not haggle.
    Example: "we are not concerned with price", "your price is accepted without negotiation".
    Not a hit: "price is not the only point, quality counts", "lead time matters more than price".
    """
    words = facts.says("deal.price-no-concern", "price.no-concern")
    return hit(words) if words and not member_talk(facts) and facts.own_words <= TALK else MISS


@signal(
    "deal.proforma-at-once",
    title="Wants a proforma invoice before goods and terms are clear",
    text="“{quote}”: such papers serve visas, bank credit or identity theft.",
    headline="Wants a proforma before anything is agreed",
    weight=-14,
    source="rule 42",
)
def proforma_at_once(facts: Facts) -> Answer:
    """Hit when a first message asks for a proforma invoice and specifies neither goods nor quantity.

    Why: used for visas, bank loans or to copy our letterhead.
    Example: "we buy your products, send proforma invoice immediately".
    Not a hit: a buyer who lists models and quantities and asks for the PI.
    """
    words = facts.says("deal.pi-now")
    if not words or in_thread(facts) or member_talk(facts) or asks_goods(facts):
        return MISS
    return hit(words, strength=1.0 if says_nothing_of_goods(facts) else 0.6)


@signal(
    "deal.all-in-advance",
    title="Offers full payment in advance without being asked",
    text="“{quote}”: in trade hardly anybody gives up that security.",
    weight=-18,
    type=ADVANCE_FEE,
    source="S4; rule 41",
)
def all_in_advance(facts: Facts) -> Answer:
    """Hit when a first message without specification offers 100 % in advance.

    Why: the payment is a fake slip, or fees follow.
    Example: "we make upfront payment of 100 % before your supply".
    Not a hit: a small sample order paid by card or T/T in advance, with product and quantity.
    """
    words = facts.says("deal.pay-advance-all")
    if not words or in_thread(facts) or member_talk(facts) or asks_goods(facts):
        return MISS
    return hit(words)


@signal(
    "deal.paper-with-nothing",
    title="Sends an order or paper to open, and says nothing itself",
    text="“{quote}”, but no product, quantity or size stands in the mail.",
    headline="Wants you to open an order, names no goods",
    weight=-42,
    type=MALWARE,
    source="S2; rules 53, 55; domain §2",
)
def paper_with_nothing(facts: Facts) -> Answer:
    """Hit when a first message points to an enclosed order, quotation or document and names nothing of it.

    Why: malware is sent as "attached purchase order"; a buyer says what he buys. It weighs more with a file that is no
    plain document, a link, haste, or a writer who hides who he is.
    Example: "find attached our new order, kindly confirm and revert with your proforma".
    Not a hit: "attached drawing of flange DN80, 500 pieces, 304 steel"; CAD files; a reply in a running thread.
    """
    words = facts.says("deal.attached-order")
    if not words or in_thread(facts) or member_talk(facts) or len(facts.mail.references) > 1 or facts.own_words > 220:
        return MISS
    if not says_nothing_of_goods(facts) or facts.says("pitch.we-make", "pitch.our-goods", "pitch.job"):
        return MISS
    if sends_drawings(facts):
        return MISS
    things = opens(facts)
    pressing = present(facts, ("deal.confirm-receipt", "tone.pressure", "deal.past-dealing"))
    # A plain PDF, picture or sheet is how honest buyers send lists too; anything else to open weighs more.
    odd = [a for a in facts.mail.attachments if not a.inline and not a.name.lower().endswith(_PLAIN)]
    linked = bool(foreign_links(facts))  # the site in a signature is nothing to open
    size = 0.5 + 0.25 * (bool(odd) or linked) + 0.12 * len(pressing) + 0.07 * stranger(facts)
    if not odd and not linked and (known := stands_for_himself(facts)):
        size = min(size, 1.0) * known
    return hit(words[:2], firsts(facts, pressing), things[:1], strength=min(1.0, size))


@signal(
    "deal.payment-slip",
    title="Sends a payment slip or overdue invoice out of nowhere",
    text="“{quote}”, but there is no deal with this sender.",
    headline="Sends a payment slip for no known deal",
    weight=-42,
    type=MALWARE,
    source="rule 56; domain §2",
)
def payment_slip(facts: Facts) -> Answer:
    """Hit when a payment slip, remittance, statement or overdue invoice is enclosed or linked in a first message.

    Why: curiosity about money opens the file; inside is malware or a log-in page.
    Example: "see attached swift copy of the payment, confirm receipt in your account".
    Not a hit: a known customer's remittance in the thread of his order; payment terms in an inquiry.
    """
    words = facts.says("deal.payment-proof")
    if not words or in_thread(facts) or member_talk(facts) or facts.own_words > 250:
        return MISS
    shown = present(facts, ("deal.attached-order", "deal.view-file"))
    things = opens(facts)
    if not (shown or things) or asks_goods(facts):
        return MISS
    subject = any(e.part == "subject" for e in words)
    return hit(words[:2], firsts(facts, shown), things[:1], strength=min(1.0, 0.5 + 0.2 * len(shown) + 0.2 * subject))


@signal(
    "deal.file-behind-link",
    title="Keeps the order behind a link to open",
    text="“{quote}”, and the mail itself names no goods.",
    headline="Keeps the order behind a link, names no goods",
    weight=-34,
    type=MALWARE,
    source="rules 54, 56; S2",
)
def file_behind_link(facts: Facts) -> Answer:
    """Hit when order, quotation or specification is to be viewed or downloaded by link and nothing is said of it.

    An invoice or payment slip behind a link is lures.invoice-link.

    Why: the link leads to malware or a false log-in.
    Example: "for our order list, View_file".
    Not a hit: a share link to drawings with product, material and quantity in the mail; a newsletter's "view online".
    """
    words = facts.says("deal.view-file")
    if not words:
        return MISS
    web = [e for e in opens(facts) if e.part.startswith("link")]
    trade = present(
        facts, ("deal.attached-order", "deal.catalogue-ask", "deal.your-products", "deal.past-dealing", "trade.order",
                "price.request", "trade.interest", "order_lure")
    )  # fmt: skip
    named = any(_PAPER.search(e.quote) for e in words)
    if not (web or unseen(facts)) or not (trade or named):
        return MISS
    if in_thread(facts) or member_talk(facts) or facts.own_words > 250:
        return MISS
    if facts.request.quantities or facts.request.models or facts.request.specifications:
        return MISS
    size = 0.4 + 0.2 * bool(web) + 0.2 * (len(trade) + named)
    return hit(words[:2], firsts(facts, trade), tuple(web[:1]), strength=min(1.0, size))


@signal(
    "deal.log-in-for-order",
    title="Wants you to log in to see an order or document",
    text="“{quote}”: an order is sent to you, not kept behind your password.",
    headline="Wants you to log in to see an order",
    weight=-52,
    type="phishing/credential_link",
    source="S2; rule 54; domain §2",
)
def log_in_for_order(facts: Facts) -> Answer:
    """Hit when an order, invoice or document can be seen only after a log-in or with the mailbox's password.

    Why: the page copies a log-in and keeps what is typed.
    Example: "Log in at the online sheet to view our new order", "opens with your business e-mail and password".
    Not a hit: a procurement portal that names itself, the sender's own site, members' talk on a mailing list.
    """
    words = facts.says("login_to_see")
    if not words or member_talk(facts) or in_thread(facts) or facts.says("notice.portal") or facts.own_words > TALK:
        return MISS
    away = foreign_links(facts)
    if not away and next(web_links(facts), None) is not None:
        return MISS
    return hit(words[:2], () if not away else shown(away[0]))


@signal(
    "deal.attachment-missing",
    title="Speaks of an attached file that is not there",
    text="“{quote}”, but nothing is attached: ask for it in the text of a mail.",
    headline="Speaks of an attached file that is not there",
    weight=-8,
    source="domain §2; S2",
)
def attachment_missing(facts: Facts) -> Answer:
    """Hit when the whole message was handed over, an order or list is said to be attached, and no file or link is.

    Why: a protection program took it away, or the bait was forgotten; an honest buyer names the goods as well.
    Example: "see attached purchase order", with nothing attached and no goods named.
    Not a hit: the goods are named in the text; the client could not see attachments; an answer in a thread.
    """
    mail = facts.mail
    words = tuple(e for e in facts.says("deal.attached-order") if e.part != "subject")
    if not words or mail.sees != "raw" or mail.attachments or facts.links or mail.has_images:
        return MISS
    if (
        in_thread(facts)
        or mail.in_reply_to
        or facts.inner
        or not says_nothing_of_goods(facts)
        or facts.own_words > TALK
    ):
        return MISS
    return hit(words[:1])


@signal(
    "deal.unknown-past",
    title="Speaks of an earlier order or talk that nobody knows",
    text="“{quote}”, but there is no thread and no earlier mail.",
    headline="Speaks of a deal we have no record of",
    weight=-18,
    type=MALWARE,
    source="rules 19, 56",
)
def unknown_past(facts: Facts) -> Answer:
    """Hit when a first message refers to an order, call or mail that neither headers nor store know.

    Why: a made-up past makes the reader open the file or pay.
    Example: "following up on the purchase order we sent last week, did you receive it?"
    Not a hit: a mail in a thread, a known customer, a buyer who refers to our quotation with its number and goods.
    """
    words = facts.says("deal.past-dealing")
    if not words or in_thread(facts) or facts.mail.references or member_talk(facts) or facts.own_words > 300:
        return MISS
    if asks_goods(facts) or facts.says("pitch.we-make", "pitch.our-goods"):
        return MISS
    return hit(words[:2], strength=1.0 if facts.says("deal.attached-order", "deal.confirm-receipt") else 0.6)


@signal(
    "deal.curiosity",
    title="Makes you curious about one place in the file",
    text="“{quote}”: a hook to make you open it.",
    weight=-12,
    type=MALWARE,
    source="rule 55",
)
def curiosity(facts: Facts) -> Answer:
    """Hit when attention is drawn to an item or page of a file while the mail itself says nothing of it.

    Why: a hook used in malware mail.
    Example: "items 5 and 9 matter most, pay attention to the drawing".
    Not a hit: a buyer who explains in the mail what is special about item 5.
    """
    words = facts.says("deal.curiosity")
    if not words or in_thread(facts) or member_talk(facts) or not facts.says("deal.attached-order", "deal.view-file"):
        return MISS
    return hit(words) if not (facts.request.models or facts.request.specifications) else MISS


@signal(
    "deal.wants-papers",
    title="Asks for a copy of your passport or licence",
    text="“{quote}”: such copies serve false identities and loans.",
    weight=-24,
    source="rule 42; domain §5",
)
def wants_papers(facts: Facts) -> Answer:
    """Hit when a first message asks for copies of identity papers or the business licence.

    Why: no inquiry needs them.
    Example: "send a copy of your passport and your bank details to proceed".
    Not a hit: a visitor who sends his own passport data for an invitation; an audit form of a known customer.
    """
    words = facts.says("deal.passport-copy")
    if not words or in_thread(facts) or member_talk(facts) or facts.own_words > TALK or facts.says("invitation.letter"):
        return MISS
    return hit(words)


@signal(
    "deal.second-mailbox",
    title="Wants the answer at another, free mailbox",
    text="Your answer would go to “{quote}”, not to the sender.",
    weight=-12,
    source="rules 2, 13",
)
def second_mailbox(facts: Facts) -> Answer:
    """Hit when a buyer's short first mail gives a free mailbox in the text as the one to answer to.

    Why: the sending mailbox is borrowed or hijacked.
    Example: "reply to our office mail …@freemail.example".
    Not a hit: a colleague in Cc at the same firm; a signature that repeats the sender's own address.
    """
    way = channel(facts)
    if way is None or way.part.startswith("header") or in_thread(facts) or member_talk(facts):
        return NOT_APPLICABLE if way is None else MISS
    return hit(way)
