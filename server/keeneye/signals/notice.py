"""Mail that is no request of a person: lists, newsletters, machines, platforms (real and false), colleagues."""

from __future__ import annotations

import re
from typing import Final

from keeneye.model import Answer, Effect, Evidence, Facts
from keeneye.signals import MISS, hit, signal
from keeneye.signals.money import in_thread
from keeneye.signals.pitch import buys
from keeneye.signals.sender import on_a_list

_NO_REPLY: Final = re.compile(
    r"(?:no-?_?\.?reply|do-?not-?reply|notif\w{0,10}|mailer|bounce|automat\w{0,5}|alerts?|news(?:letter)?)"
)
_LIST_SUBJECT: Final = re.compile(
    r"^(?:(?:re|fwd?|aw|sv|wg|答复|回复) ?: ?){0,3}\[[\w .:/+-]{2,40}\] ?\S", re.IGNORECASE
)
_NAMES: Final[dict[str, tuple[str, ...]]] = {
    "alibaba": ("alibaba",),
    "aliexpress": ("aliexpress", "alibaba"),
    "made in china": ("made-in-china", "micchina"),
    "global sources": ("globalsources",),
    "globalsources": ("globalsources",),
    "hktdc": ("hktdc",),
    "linkedin": ("linkedin",),
    "ec21": ("ec21",),
    "tradekey": ("tradekey",),
    "indiamart": ("indiamart",),
    "dhgate": ("dhgate",),
    "阿里巴巴": ("alibaba",),
    "环球资源": ("globalsources",),
    "中国制造网": ("made-in-china",),
    "敦煌网": ("dhgate",),
    "速卖通": ("aliexpress", "alibaba"),
}


def _header(facts: Facts, name: str, wanted: str = "") -> Evidence | None:
    value = facts.mail.header(name)
    if value is None or (wanted and not re.search(wanted, value[:200], re.IGNORECASE)):
        return None
    return Evidence(f"header:{name}", value[:120])


def _platform(facts: Facts) -> str | None:
    return facts.sender.answer.platform if facts.sender and facts.sender.answer else None


@signal(
    "notice.mailing-list",
    title="Comes from a mailing list",
    text="“{quote}”: written to all members, not to you.",
    weight=-25,
    effect=Effect.QUALITY,
    type="not_inquiry/mailing_list",
    source="RFC 2919, RFC 2369",
)
def mailing_list(facts: Facts) -> Answer:
    """Hit when list headers name a discussion list.

    Why: a post to a list is no inquiry to the firm.
    Example: ``List-Id: <users.pump-design.example>`` with ``List-Post``.
    Not a hit: a newsletter, which has List-Unsubscribe but nobody can post to it; a platform's notice.
    """
    post = _header(facts, "List-Post", r"mailto") or _header(facts, "Mailing-List") or _header(facts, "X-Mailing-List")
    post = post or _header(facts, "X-BeenThere") or _header(facts, "X-Mailman-Version")
    if post is None and _header(facts, "List-Id") and _header(facts, "Precedence", "list"):
        post = _header(facts, "List-Id")
    return hit(post) if post and _platform(facts) is None else MISS


@signal(
    "notice.talk-among-members",
    title="Looks like talk among members of a list",
    text="“{quote}”.",
    weight=-14,
    effect=Effect.QUALITY,
    type="not_inquiry/mailing_list",
    source="RFC 5256 (subject tags); domain §2",
)
def talk_among_members(facts: Facts) -> Answer:
    """Hit when the subject has a list's tag, or a thread talks of program code and patches, and nothing is bought.

    Why: list footers and headers are often lost on the way.
    Example: "[pump-dev] Re: patch for the driver".
    Not a hit: "[urgent] order 500 valves"; an inquiry for software.
    """
    talk = facts.says("notice.list-talk")
    tagged = _LIST_SUBJECT.match(facts.mail.subject[:120])
    reply = bool(facts.mail.references or facts.mail.in_reply_to or facts.mail.quoted)
    if buys(facts) > 1 or (facts.request.quantities and not talk):
        return MISS
    if tagged and (talk or reply):
        return hit(Evidence("subject", tagged[0].strip(), 0, len(tagged[0])), talk[:2])
    different = len({e.quote.lower() for e in talk})
    return hit(talk[:3]) if different >= 2 and (reply or different >= 3) else MISS


@signal(
    "notice.newsletter",
    title="Is a newsletter or bulk mailing",
    text="“{quote}”.",
    weight=-22,
    effect=Effect.QUALITY,
    type="not_inquiry/newsletter",
    source="RFC 2369, RFC 8058; domain §2",
)
def newsletter(facts: Facts) -> Answer:
    """Hit when headers or words for leaving a subscription are there, and nobody asks to buy.

    Why: bulk mail is no inquiry.
    Example: ``List-Unsubscribe`` and "you receive this because you subscribed".
    Not a hit: a marketplace's inquiry notice with an unsubscribe footer; a buyer's mail sent through a CRM.
    """
    head = (
        _header(facts, "List-Unsubscribe")
        or _header(facts, "Precedence", r"bulk|junk")
        or _header(facts, "Feedback-ID")
    )
    words = tuple(
        e for tag in ("notice.unsubscribe", "newsletter.unsubscribe") for e in facts.said_anywhere.get(tag, ())
    )
    if _platform(facts) is not None or facts.says("notice.platform-inquiry", "platform.notice") or buys(facts) > 1:
        return MISS
    different = len({e.quote.lower() for e in words})
    if head is None and different < 2 and not (words and len(facts.links) >= 3):
        return MISS
    if head is None and facts.request.quantities and facts.request.products:
        return MISS
    return hit(() if head is None else head, words[:2], strength=1.0 if head and words else 0.7)


@signal(
    "notice.automatic",
    title="Is an automatic reply",
    text="“{quote}”.",
    weight=-28,
    effect=Effect.QUALITY,
    type="not_inquiry/auto_reply",
    source="RFC 3834",
)
def automatic(facts: Facts) -> Answer:
    """Hit when headers or words tell of an automatic answer or absence.

    Why: no person asks anything.
    Example: ``Auto-Submitted: auto-replied``; "I am out of the office until Monday".
    Not a hit: a web form or platform that sets auto-generated on a buyer's inquiry.
    """
    head = (
        _header(facts, "Auto-Submitted", "auto-replied")
        or _header(facts, "X-Autoreply")
        or _header(facts, "X-Autorespond")
    )
    words = facts.says("notice.out-of-office", "auto-reply")
    if head is None and (not words or buys(facts) > 0.9 or facts.own_words > 200 or on_a_list(facts)):
        return MISS
    if head is None and not any(e.part == "subject" for e in words) and len(words) < 2 and facts.own_words > 60:
        return MISS
    return hit(() if head is None else head, words[:2])


@signal(
    "notice.undelivered",
    title="Says that mail was not delivered",
    text="“{quote}”.",
    weight=-28,
    effect=Effect.QUALITY,
    type="not_inquiry/auto_reply",
    source="RFC 3464",
)
def undelivered(facts: Facts) -> Answer:
    """Hit when a mail system returns a message: empty return path or a report part, with words of failure.

    Why: no person asks anything. A false one with a link is judged by the account signals.
    Example: ``Content-Type: multipart/report``, "Delivery Status Notification (Failure)".
    Not a hit: "the goods could not be delivered"; a phishing mail about "undelivered messages" from a stranger.
    """
    words = facts.says("notice.bounce")
    sender = facts.mail.from_
    system = sender is not None and sender.local.lower() in ("mailer-daemon", "postmaster")
    if not words and not system:
        return MISS
    report = _header(facts, "Content-Type", r"multipart/report|delivery-status")
    if report:
        return hit(report, words[:2])
    return hit(Evidence("header:From", sender.address), words[:2]) if sender and system and words else MISS


@signal(
    "notice.transaction",
    title="Is a machine's notice of an order, parcel or account",
    text="“{quote}”.",
    weight=-16,
    effect=Effect.QUALITY,
    type="not_inquiry/platform_notice",
    source="domain §2 (not an inquiry)",
)
def transaction(facts: Facts) -> Answer:
    """Hit when a no-reply sender or generated message tells of your order, parcel, booking or account.

    Why: no person asks to buy. Whether it is genuine is judged by other signals.
    Example: "your order has been shipped, tracking number …, do not reply".
    Not a hit: a buyer's "about our order no. 17".
    """
    words = facts.says("notice.transaction")
    sender = facts.mail.from_
    machine = _header(facts, "Auto-Submitted", "auto-gen") or (
        Evidence("header:From", sender.address) if sender and _NO_REPLY.search(sender.local.lower()) else None
    )
    if not words or buys(facts) > 1 or on_a_list(facts):
        return MISS
    if machine is None and len({e.quote.lower() for e in words}) < 3:
        return MISS
    return hit(words[:3], () if machine is None else machine)


@signal(
    "notice.calendar",
    title="Is a calendar entry",
    text="“{quote}”.",
    weight=-14,
    effect=Effect.QUALITY,
    type="not_inquiry/private",
    source="RFC 6047",
)
def calendar(facts: Facts) -> Answer:
    """Hit when a calendar object is sent.

    Why: an appointment, no inquiry.
    Example: an attachment ``invite.ics`` of type ``text/calendar``.
    Not a hit: a buyer who proposes a date in words.
    """
    for a in facts.mail.attachments:
        if a.type == "text/calendar" or a.name.lower().endswith(".ics"):
            return hit(Evidence(f"attachment:{a.index}", a.name or a.type))
    return MISS


@signal(
    "notice.from-colleague",
    title="Comes from your own firm",
    text="“{quote}” is your own domain.",
    weight=-20,
    effect=Effect.QUALITY,
    type="not_inquiry/internal",
    source="domain §2 (not an inquiry)",
)
def from_colleague(facts: Facts) -> Answer:
    """Hit when the sender's domain is ours and our own server did not find it forged.

    Why: internal mail is no inquiry.
    Example: a colleague's note.
    Not a hit: a forwarded inquiry inside, a web form of ours, an own address that was not proven.
    """
    if facts.sender is None or facts.inner or facts.sender.domain not in facts.firm.domains:
        return MISS
    auth = facts.authentication
    if (
        auth.dmarc == "fail"
        or auth.spf in ("fail", "softfail")
        or (facts.reply_to is not None and (facts.reply_to.domain not in facts.firm.domains))
    ):
        return MISS
    proven = auth.dmarc == "pass" or auth.spf == "pass" or auth.dkim == "pass"
    return hit(Evidence("header:From", facts.sender.address)) if proven else MISS


@signal(
    "notice.platform",
    title="Is a notice of a trade platform",
    text="Sent by {platform}.",
    weight=0,
    effect=Effect.FACT,
    source="rules 89-94; domain §4",
)
def platform(facts: Facts) -> Answer:
    """Hit when the sender's domain belongs to a trade platform and nothing shows that it was forged.

    Why: the buyer stands inside; open the platform by hand, not by the link.
    Example: a notice from a marketplace's own domain with DMARC pass.
    Not a hit: a look-alike domain; a From address of the platform that failed authentication.
    """
    name = _platform(facts)
    if name is None or facts.sender is None:
        return MISS
    if facts.authentication.dmarc == "fail" or facts.authentication.aligned is False:
        return MISS
    return hit(Evidence("header:From", facts.sender.address), values={"platform": name})


@signal(
    "notice.false-platform",
    title="Poses as a trade platform's notice",
    text="Looks like {platform}, but comes from {domain}.",
    weight=-52,
    type="phishing/credential_link",
    source="rules 14, 90, 91, 92",
)
def false_platform(facts: Facts) -> Answer:
    """Hit when the words of a platform's inquiry notice come from a domain that is not the platform's.

    Why: copied notices lead to a false log-in.
    Example: "… has sent you an inquiry, reply now" in a marketplace's dress from a strange domain.
    Not a hit: a buyer who writes "I saw you on Alibaba"; the platform's own notice; a colleague's forward.
    """
    told = facts.says("notice.platform-inquiry", "platform.notice")
    names = facts.says("notice.platform-name")
    if not told or not names or facts.sender is None or facts.inner or in_thread(facts):
        return MISS
    if facts.sender.domain in facts.firm.domains and facts.mail.forwarded is not None:
        return MISS
    forged = facts.authentication.dmarc == "fail" or facts.authentication.aligned is False
    for e in names:
        key = re.sub(r"[\s-]+", " ", re.sub(r"\.com$", "", e.quote.lower()))
        for word in _NAMES.get(key, ()):
            if word in facts.sender.domain and not forged:
                return MISS
            web = [
                x
                for x in facts.links
                if x.answer and word not in (x.answer.registrable or "") and x.link.kind != "text"
            ]
            if web or facts.mail.attachments or len(told) > 1:
                return hit(
                    told[:2], e, Evidence("header:From", facts.sender.address),
                    values={"platform": e.quote, "domain": facts.sender.domain},
                )  # fmt: skip
    return MISS


@signal(
    "notice.inquiry-in-attachment",
    title="Says that the inquiry itself is in an attachment or link",
    text="“{quote}”: platforms show the inquiry in the notice.",
    weight=-25,
    type="phishing/malware_attachment",
    source="rule 92",
)
def inquiry_in_attachment(facts: Facts) -> Answer:
    """Hit when a notice in a platform's manner puts the product or the message into an attachment or a download.

    Why: real notices lead to the platform, and name the product.
    Example: "Product name: confirm in attachment. This inquiry has been assigned to you".
    Not a hit: a buyer's own mail with an attached list.
    """
    told = facts.says("notice.platform-inquiry", "platform.notice")
    inside = facts.says("deal.attached-order", "deal.view-file")
    if not told or not inside or (_platform(facts) is not None and facts.authentication.aligned is not False):
        return MISS
    return MISS if in_thread(facts) or facts.inner else hit(told[:1], inside[:2])


@signal(
    "notice.procurement-portal",
    title="Names a buyer's procurement portal",
    text="“{quote}”: open the portal by hand and read the lines there.",
    weight=0,
    effect=Effect.FACT,
    source="rule 99; domain §2 (genuine tender portal)",
)
def procurement_portal(facts: Facts) -> Answer:
    """Hit when a known procurement portal or tender gazette is named.

    Why: such notices hold only a link; the request stands in the portal.
    Example: "sourcing event in Ariba, please log in to the supplier portal".
    Not a hit: an ordinary web shop.
    """
    words = facts.says("notice.portal")
    return hit(words[:2]) if words and not facts.says("fees.before-order") else MISS


@signal(
    "notice.private",
    title="Is private mail",
    text="“{quote}”.",
    weight=-14,
    effect=Effect.QUALITY,
    type="not_inquiry/private",
    source="domain §2 (not an inquiry)",
)
def private(facts: Facts) -> Answer:
    """Hit when family, meals, parties or greetings of feasts are the matter and nothing is bought.

    Why: no inquiry.
    Example: "happy birthday, see you at dinner on Saturday".
    Not a hit: a customer's season's greetings with an order; love letters of strangers (judged as fraud).
    """
    words = facts.says("notice.private")
    if not words or buys(facts) or facts.request.quantities or facts.says("pitch.promo", "pitch.our-goods"):
        return MISS
    return hit(words[:2]) if len({e.quote.lower() for e in words}) > 1 and facts.own_words <= 250 else MISS
