"""Well-known baits outside the mailbox: parcels, prizes, payments, documents, voice mail, threats."""

from __future__ import annotations

import re

from keeneye.model import Answer, Evidence, Facts
from keeneye.signals import MISS, NOT_APPLICABLE, hit, signal
from keeneye.signals.account import from_us, near, plainness, way_out
from keeneye.signals.links import door, foreign_links, from_a_brand, shown, unsubscribes, web_links
from keeneye.signals.sender import member_talk

PHISHING = "phishing/credential_link"
_CALL = re.compile(
    r"\+?1?[\s(.-]{0,3}8\d\d[\s).-]{1,3}\d{3}[\s.-]{1,3}\d{4}|\+1[\s(.-]{1,3}\d{3}[\s).-]{1,3}\d{3}[\s.-]?\d{4}"
)
_LOADED = (".htm", ".html", ".shtml", ".svg", ".iso", ".img", ".zip", ".rar", ".7z", ".gz", ".z", ".ace", ".exe", ".js",
           ".vbs", ".lnk", ".xlsm", ".docm", ".cab", ".tar", ".r00", ".jar")  # fmt: skip


def _leads_away(facts: Facts, words: tuple[Evidence, ...]) -> Answer:
    out = way_out(facts) if words else None
    return hit(words[:1], out, strength=plainness(facts)) if out else MISS


def _different(words: tuple[Evidence, ...]) -> tuple[Evidence, ...]:
    """One evidence for each different wording."""
    return tuple({e.quote.lower(): e for e in words}.values())


def _behind_strange_page(facts: Facts, words: Evidence) -> Answer:
    """HIT with the words and the first link to a third party that is no file-sharing service, else MISS."""
    for item in foreign_links(facts):
        if not (item.answer and item.answer.file_share):
            return hit(words, shown(item))
    return MISS


@signal(
    "lures.shared-document",
    title="Offers a document behind a strange link",
    text="“{quote}” leads to a page of somebody else.",
    weight=-30,
    type=PHISHING,
    source="S2; rule 54",
)
def shared_document(facts: Facts) -> Answer:
    """Hit when a shared document is to be opened and the link leads neither to the sender nor a file service.

    Why: the "document viewer" behind it asks for the mailbox password.
    Example: "A file was shared with you. View document" with a link to a hacked bakery site.
    Not a hit: a buyer's share link to drawings at a file service, named in his own words.
    """
    words = facts.says("document_share")
    if not words:
        return MISS
    return _behind_strange_page(facts, words[0])


@signal(
    "lures.file-service-notice",
    title="Poses as a file service's notice",
    text="“{quote}” is how a file service writes, but {domain} is none.",
    weight=-36,
    type=PHISHING,
    source="rule 54; S2",
)
def file_service_notice(facts: Facts) -> Answer:
    """Hit when two wordings of a file service's notice come from a sender who is no such service, and name no goods.

    Why: copied notices of known services lead to false log-in pages.
    Example: "You received files via WeTransfer. 3 items, 96 MB. Expires on 20 July" from a list's address.
    Not a hit: the service's own notice; a buyer who says in own words what the files are; a list member's post.
    """
    sender = facts.sender
    if sender is None or sender.answer is None:
        return NOT_APPLICABLE
    if sender.answer.file_share or member_talk(facts) or from_us(facts):
        return MISS
    words = _different(facts.says("file_notice"))
    asked = facts.request
    if len(words) < 2 or asked.products or asked.quantities or asked.specifications:
        return MISS
    return hit(words[:2], values={"domain": sender.domain}, strength=1.0 if len(words) > 2 else 0.8)


@signal(
    "lures.voice-or-fax",
    title="Says that a voice message or fax waits for you",
    text="“{quote}”, but it must be fetched from a strange page.",
    weight=-38,
    type=PHISHING,
    source="public phishing reports (APWG)",
)
def voice_or_fax(facts: Facts) -> Answer:
    """Hit when a voice mail, missed call, fax or scan is to be opened through a third party's link or attached page.

    Why: the page behind it asks for the mailbox password.
    Example: "New voicemail (00:12). Play message".
    Not a hit: a telephone provider's notice that links to its own site.
    """
    return _leads_away(facts, facts.says("voicemail_lure", "fax_lure"))


@signal(
    "lures.scan-code",
    title="Wants you to scan a code with your telephone",
    text="“{quote}”: the telephone opens a page that nobody checked.",
    headline="Wants you to scan a code to keep or get something",
    weight=-40,
    type=PHISHING,
    source="public phishing reports (national CERTs: codes in pictures)",
)
def scan_code(facts: Facts) -> Answer:
    """Hit when a code in a picture is to be scanned for an account, a payment, a document, a refund or an allowance.

    Why: filters see no link in a picture, and the page opens on the unprotected telephone.
    Example: "Scan the QR code to keep your password" with a picture.
    Not a hit: a code for a messenger or a visiting card; our own system's message with its proof; a member's talk.
    """
    words = facts.says("scan_code")
    mail = facts.mail
    if not words or member_talk(facts) or from_us(facts):
        return MISS
    why = facts.says(*_SCAN_FOR)
    pictured = mail.has_images or mail.attachments or mail.sees != "raw"
    return hit(words[:1], why[:1]) if why and pictured else MISS


_SCAN_FOR = ("word_password", "word_stop", "word_held", "word_full", "signin_lure", "payment_update", "tax_legal_lure",
             "document_share", "prize_lure")  # fmt: skip


@signal(
    "lures.parcel",
    title="Says that a parcel is waiting, through a strange link",
    text="“{quote}”, but the link belongs neither to the sender nor to a courier.",
    weight=-30,
    type=PHISHING,
    source="public phishing reports (APWG)",
)
def parcel(facts: Facts) -> Answer:
    """Hit when a parcel comes together with a deadline, fee or "click here", and links to a third party.

    Why: the small fee is a pretext for card data.
    Example: "Your parcel could not be delivered. Pay the delivery fee here".
    Not a hit: a real courier's notice with its own link; a buyer who speaks of his shipment.
    """
    words = facts.says("parcel_lure")
    if not words or not (
        len(_different(words)) > 1 or facts.says("click_here", "word_deadline", "word_verify", "word_stop")
    ):
        return MISS
    return _leads_away(facts, words)


@signal(
    "lures.payment-problem",
    title="Says that a payment failed, through a strange link",
    text="“{quote}”, but the link leads to somebody else.",
    weight=-34,
    type=PHISHING,
    source="public phishing reports (APWG)",
)
def payment_problem(facts: Facts) -> Answer:
    """Hit when card or payment data are to be renewed and the link goes to a third party.

    Why: card data are the aim.
    Example: "Your payment was declined, update your payment method".
    Not a hit: a buyer who asks for our payment details or method, without an account being stopped.
    """
    words = facts.says("payment_update")
    if not words or not facts.says("word_stop", "word_deadline", "click_here", "generic_greeting"):
        return MISS
    if not facts.says("word_account", "word_verify"):
        return MISS
    return _leads_away(facts, words)


@signal(
    "lures.invoice-or-order-file",
    title="Wants you to open an order or invoice in a risky form",
    text="“{quote}” comes as “{file}”.",
    weight=-34,
    type="phishing/malware_attachment",
    source="S2; rule 53",
)
def invoice_or_order_file(facts: Facts) -> Answer:
    """Hit when an order, invoice or payment slip is attached as a web page, archive, disc image or program file.

    Why: honest orders come as PDF, spreadsheet or text.
    Example: "Please find attached PO" with ``PO 4471.rar``.
    Not a hit: a PDF or spreadsheet order; drawings in an archive.
    """
    words = facts.says("order_lure", "invoice_lure")
    if not words:
        return MISS
    for attachment in facts.mail.attachments:
        if attachment.name.lower().endswith(_LOADED):
            where = Evidence(f"attachment:{attachment.index}", attachment.name[:120])
            return hit(words[0], where, values={"file": attachment.name[:60]})
    return MISS


@signal(
    "lures.invoice-link",
    title="Wants an invoice or payment slip fetched from a strange page",
    text="“{quote}” must be fetched from a page of somebody else.",
    weight=-22,
    type=PHISHING,
    source="rule 53",
)
def invoice_link(facts: Facts) -> Answer:
    """Hit when an invoice or payment slip must be opened through a third party's link.

    Why: honest invoices are attached or stand at the sender's own site.
    Example: "Overdue invoice, click here" with a link to a free page.
    Not a hit: a share link at a file service, or the sender's own portal; an order, see deal.file-behind-link.
    """
    words = facts.says("invoice_lure")
    if not words or not facts.says("click_here", "document_share", "word_deadline"):
        return MISS
    return _behind_strange_page(facts, words[0])


@signal(
    "lures.renewal-call",
    title="Says you paid for a renewal and wants you to call",
    text="“{quote}”: the number given is answered by the swindler.",
    weight=-44,
    type="fraud",
    source="public phishing reports (FTC: tech-support and renewal scams)",
)
def renewal_call(facts: Facts) -> Answer:
    """Hit when three wordings of a renewed subscription or charge come with a telephone number to stop it.

    Why: whoever calls is talked into remote access or a "refund".
    Example: "Your antivirus was renewed for $399. Call +1 (888) …".
    Not a hit: a buyer's telephone number in a signature.
    """
    words = _different(facts.says("renewal_lure"))
    if len(words) < 3:
        return MISS
    found = _CALL.search(facts.mail.body[:6000])
    if found:
        return hit(words[0], Evidence(facts.mail.body_part, found.group(), *found.span()))
    if facts.contact.phones and not from_a_brand(facts):
        return hit(words[0], facts.contact.phones[0].evidence)
    return MISS


@signal(
    "lures.renewal-link",
    title="Says that a subscription ran out, through a strange link",
    text="“{quote}”, but the link leads to somebody else.",
    weight=-28,
    type=PHISHING,
    source="public phishing reports (APWG)",
)
def renewal_link(facts: Facts) -> Answer:
    """Hit when two wordings of a renewal or device alarm come with a link, and the sender is no known maker.

    Why: the page sells a fake renewal and takes the card.
    Example: "Your antivirus has expired, devices at risk".
    Not a hit: the maker's own notice; one such word in a discussion. A stranger's own site counts somewhat less.
    """
    words = _different(facts.says("renewal_lure"))
    if len(words) < 2 or from_a_brand(facts):
        return MISS
    away = _leads_away(facts, words)
    own = next((f for f in web_links(facts) if door(f) and not unsubscribes(f)), None)
    return hit(words[0], shown(own), strength=0.7) if away is MISS and own else away


@signal(
    "lures.prize",
    title="Promises a prize, gift or bonus",
    text="“{quote}”, with a link to somebody else.",
    weight=-30,
    type=PHISHING,
    source="public phishing reports (FTC: prize scams)",
)
def prize(facts: Facts) -> Answer:
    """Hit when two wordings of a prize, gift or bonus come with a third party's link; three with his own, by half.

    Why: nobody wins what he never entered.
    Example: "Congratulations, you have been selected. Claim your reward".
    Not a hit: "congratulations on your new factory"; one such word alone.
    """
    words = _different(facts.says("prize_lure"))
    if len(words) < 2:
        return MISS
    away = _leads_away(facts, words)
    own = next((f for f in web_links(facts) if door(f) and not unsubscribes(f)), None)
    return hit(words[:2], shown(own), strength=0.5) if away is MISS and own and len(words) > 2 else away


@signal(
    "lures.coins",
    title="Offers digital coins or asks for a coin wallet",
    text="“{quote}”, with a link to somebody else.",
    weight=-30,
    type=PHISHING,
    source="public phishing reports (FTC: crypto scams)",
)
def coins(facts: Facts) -> Answer:
    """Hit when two wordings of digital coins come with a third party's link or bare document, or three without.

    Why: a wallet's recovery phrase is as good as cash.
    Example: "Airdrop is live. Connect your wallet".
    Not a hit: a buyer who offers to pay in coins and says so once.
    """
    words = _different(facts.says("crypto_lure"))
    if len(words) > 2:
        return hit(words[:3])
    return _leads_away(facts, words) if len(words) > 1 else MISS


@signal(
    "lures.authority",
    title="Threatens with a fine or promises a refund",
    text="“{quote}”, with a link to somebody else.",
    weight=-20,
    type=PHISHING,
    source="public phishing reports (national CERTs)",
)
def authority(facts: Facts) -> Answer:
    """Hit when a fine, court paper or tax refund comes with a deadline or "click here", and a third party's link.

    Why: offices do not send such links.
    Example: "Unpaid fine. Pay within 24 hours".
    Not a hit: a lawyer's letter without a link; the office's own site.
    """
    words = facts.says("tax_legal_lure")
    if not words:
        return MISS
    if not facts.says("click_here", "word_deadline", "generic_greeting", "document_share", "word_verify"):
        return MISS
    return _leads_away(facts, words)


@signal(
    "lures.cure",
    title="Praises a cure or slimming product",
    text="“{quote}”, with a link to somebody else.",
    weight=-22,
    source="public spam reports",
)
def cure(facts: Facts) -> Answer:
    """Hit when a miracle cure, potency or slimming product is praised and the link goes to a third party.

    Why: bulk mail; the shop behind it takes cards.
    Example: "one simple trick against blood sugar".
    Not a hit: a buyer of medical goods, who names a product and links to his own site.
    """
    words = _different(facts.says("health_lure"))
    if not words or facts.request.quantities or facts.request.incoterm:
        return MISS
    return _leads_away(facts, words)


@signal(
    "lures.dating",
    title="Is a dating or sex offer",
    text="“{quote}”, with a link to somebody else.",
    weight=-26,
    source="public spam reports",
)
def dating(facts: Facts) -> Answer:
    """Hit when a dating or sex offer comes with a third party's link.

    Why: bulk mail; the page behind it takes cards or data.
    Example: "lonely women near you".
    Not a hit: the word "date" in a delivery date.
    """
    return _leads_away(facts, facts.says("dating_lure"))


@signal(
    "lures.bare-paper",
    title="Says next to nothing and wants you to open a document",
    text="“{quote}” and the file “{file}” are nearly all there is.",
    headline="Says next to nothing, wants a document opened",
    weight=-28,
    type="phishing/malware_attachment",
    source="public phishing reports (APWG)",
)
def bare_paper(facts: Facts) -> Answer:
    """Hit when at most sixty words tell of coins, prizes, refunds, renewals or alarms, and a document is attached.

    Why: what filters could read is put into the document.
    Example: "Your withdrawal is ready" with a PDF.
    Not a hit: an order, inquiry or drawing; an answer in a thread; a longer letter.
    """
    if facts.own_words > 60 or facts.mail.in_reply_to or facts.request.products or facts.request.quantities:
        return MISS
    words = facts.says(*_BARE)
    for attachment in facts.mail.attachments if words else ():
        if attachment.name.lower().endswith(_PAPERS) and not attachment.inline:
            where = Evidence(f"attachment:{attachment.index}", attachment.name[:120])
            return hit(words[0], where, values={"file": attachment.name[:60]})
    return MISS


_BARE = ("crypto_lure", "prize_lure", "tax_legal_lure", "renewal_lure", "signin_lure", "payment_update",
         "word_password", "money.large-sum")  # fmt: skip
_PAPERS = (".pdf", ".doc", ".docx", ".htm", ".html")


@signal(
    "lures.press-and-link",
    title="Has little to say but “click here now”",
    text="A short text, “{quote}”, and a link to somebody else.",
    weight=-18,
    type=PHISHING,
    source="public phishing reports (APWG)",
)
def press_and_link(facts: Facts) -> Answer:
    """Hit when at most eighty words hold a request to click close to a deadline, and link to a third party.

    Why: a trap says only what makes people click.
    Example: "Action required. Confirm now."
    Not a hit: a letter with an inquiry in it.
    """
    if not 0 < facts.own_words <= 80 or facts.request.products or facts.request.quantities:
        return MISS
    return _leads_away(facts, near(facts, ("word_verify", "click_here"), ("word_deadline", "word_stop"), 120))
