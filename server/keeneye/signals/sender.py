"""Which mailboxes a message names: From, Reply-To, Return-Path, To, and what kind they are."""

from __future__ import annotations

import re

from keeneye.model import Answer, Effect, Evidence, Facts, SenderFacts
from keeneye.signals import MISS, NOT_APPLICABLE, UNKNOWN, hit, once, signal
from keeneye.signals.links import label, ours, registrable, same_owner

_RANDOM = re.compile(
    r"(?=[a-z0-9]{9,})(?:[a-z]*\d+[a-z]+\d+[a-z0-9]*|[a-z]*?[bcdfghjklmnpqrstvwxz]{6}.*)", re.IGNORECASE
)
_LIST_HEADERS = ("List-Id", "List-Post", "Mailing-List", "X-Mailing-List", "List-Help")


_SERVER_ACCOUNTS = frozenset("www-data apache nginx httpd nobody wwwrun wordpress joomla daemon anonymous".split())


def from_(facts: Facts) -> Evidence:
    return Evidence("header:From", facts.mail.from_.address if facts.mail.from_ else "")


def kind(who: SenderFacts | None) -> str | None:
    return who.answer.mailbox if who and who.answer else None


@once
def on_a_list(facts: Facts) -> bool:
    """Whether a mailing list sent it on; lists set Sender and Reply-To themselves."""
    return any(facts.mail.header(h) for h in _LIST_HEADERS)


def member_talk(facts: Facts) -> bool:
    """Whether it answers in a mailing list's thread. List headers alone say nothing: any swindler can set them."""
    return on_a_list(facts) and bool(facts.mail.in_reply_to or facts.mail.references)


def _list_answers(facts: Facts) -> bool:
    """Whether a mailing list set Reply-To to itself, or a member answers in a thread there; an address of somebody else
    on a list is the writer's own doing."""
    if not on_a_list(facts) or facts.reply_to is None:
        return False
    own = " ".join(facts.mail.header(h) or "" for h in (*_LIST_HEADERS, "Sender", "To", "Cc")).lower()
    return member_talk(facts) or facts.reply_to.domain in own


def _from_our_form(facts: Facts) -> bool:
    """A web contact form of ours: it sends from our own address and puts the visitor into Reply-To."""
    sender = facts.mail.from_
    return sender is not None and ours(facts, sender.domain)


@signal(
    "sender.free-mailbox",
    title="Writes from a free mailbox",
    text="Many honest buyers use {domain} too; ask for the name of the company.",
    weight=-4,
    effect=Effect.QUALITY,
    source="S0 S1 S2; rule 9",
)
def free_mailbox(facts: Facts) -> Answer:
    """Hit when the address is at a free-mail provider, national ones included.

    Why: there is no site or firm behind the domain to look at.
    Example: ``ade.imports@gmail.com``.
    Not a hit: a company, school or government domain.
    """
    if facts.sender is None or facts.sender.answer is None:
        return NOT_APPLICABLE
    if kind(facts.sender) == "free":
        return hit(from_(facts), values={"domain": facts.sender.domain})
    return MISS


@signal(
    "sender.company-mailbox",
    title="Writes from a company mailbox",
    text="{domain} is a domain of its own; you can look at its site.",
    weight=8,
    effect=Effect.QUALITY,
    source="S0 S1 S2",
)
def company_mailbox(facts: Facts) -> Answer:
    """Hit when the address is at a domain that is no mail provider's, and the proof of origin does not fail.

    Why: a company domain is more reliable and gives a site to look at.
    Example: ``purchasing@acme.example``.
    Not a hit: free and disposable mailboxes; a domain that fails its DMARC check; a marketplace's notice.
    """
    notice = facts.mail.forwarded
    if facts.sender is None or facts.sender.answer is None or (notice is not None and notice.platform):
        return NOT_APPLICABLE
    if kind(facts.sender) in ("company", "government", "education") and facts.authentication.dmarc != "fail":
        return hit(from_(facts), values={"domain": facts.sender.domain})
    return MISS


@signal(
    "sender.throw-away",
    title="Writes from a throw-away mailbox",
    text="{domain} gives mailboxes that vanish after minutes.",
    weight=-34,
    type="fraud",
    source="domain.md §4",
)
def throw_away(facts: Facts) -> Answer:
    """Hit when From or Reply-To is at a disposable-mail provider.

    Why: a buyer wants to be reached tomorrow, too.
    Example: an address at a ten-minute mailbox service.
    Not a hit: free mailboxes that stay, such as national providers'; an answer in a thread.
    """
    if facts.mail.in_reply_to:
        return MISS
    for who, header in ((facts.sender, "header:From"), (facts.reply_to, "header:Reply-To")):
        if who and kind(who) == "disposable":
            return hit(Evidence(header, who.address), values={"domain": who.domain})
    return MISS if facts.sender else NOT_APPLICABLE


@signal(
    "sender.answers-to-free-mailbox",
    title="Writes as a company, but answers go to a free mailbox",
    text="From is {sender}, but your answer would go to {reply}.",
    headline="Answers go to a free mailbox, not to the company",
    weight=-26,
    type="fraud",
    source="domain.md §3; rule 1",
)
def answers_to_free_mailbox(facts: Facts) -> Answer:
    """Hit when From is at a company, school or government domain and Reply-To at a free-mail provider.

    Why: whoever borrows a company's name must get the answer somewhere else.
    Example: From ``buyer@acme.example``, Reply-To ``acme.buyer@gmail.com``.
    Not a hit: our own web contact form; a mailing list; both are free mailboxes (``sender.answers-elsewhere``).
    """
    if facts.sender is None or facts.reply_to is None:
        return NOT_APPLICABLE
    if _from_our_form(facts) or on_a_list(facts) or _form_service(facts):
        return MISS
    if kind(facts.reply_to) == "free" and kind(facts.sender) not in ("free", None):
        return _reply_hit(facts, facts.sender, facts.reply_to)
    return MISS


def _reply_hit(facts: Facts, sender: SenderFacts, reply: SenderFacts, strength: float = 1.0) -> Answer:
    where = Evidence("header:Reply-To", reply.address)
    values = {"sender": sender.address, "reply": reply.address}
    return hit(where, from_(facts), values=values, strength=strength)


def _form_service(facts: Facts) -> bool:
    """A form or marketplace service writes for the buyer: it has a name of its own among the known platforms."""
    return bool(facts.sender and facts.sender.answer and facts.sender.answer.platform)


@signal(
    "sender.answers-elsewhere",
    title="Answers go to another mailbox than it was sent from",
    text="From is {sender}, but your answer would go to {reply}.",
    weight=-24,
    type="fraud",
    source="domain.md §3; rules 1, 2",
)
def answers_elsewhere(facts: Facts) -> Answer:
    """Hit when Reply-To is at another owner's domain than From; more between free mailboxes when no goods are named.

    Why: hacked or invented senders need a second mailbox for the answer.
    Example: From ``a@gmail.com``, Reply-To ``b@outlook.com``.
    Not a hit: same owner; our own web form; mailing lists; a Reply-To that repeats From; company to free mailbox
    (``sender.answers-to-free-mailbox``) or to a copy of its name (``sender.answers-to-look-alike``).
    """
    if facts.sender is None or facts.reply_to is None:
        return NOT_APPLICABLE
    if _from_our_form(facts) or on_a_list(facts) or _form_service(facts) or ours(facts, facts.reply_to.domain):
        return MISS
    one, other = facts.sender, facts.reply_to
    if one.address == other.address:
        return MISS
    both_free = kind(one) == "free" and kind(other) == "free"
    if both_free and one.address.split("@")[0] != other.address.split("@")[0]:
        return _reply_hit(facts, one, other, 0.6 if _names_goods(facts) else 1.0)
    if kind(other) == "free" and kind(one) != "free":
        return MISS
    if same_owner(one.answer, other.answer) or registrable(other.answer) is None or both_free or _copied(one, other):
        return MISS
    return _reply_hit(facts, one, other, 0.6)


def _names_goods(facts: Facts) -> bool:
    asked = facts.request
    return bool(asked.products or asked.models or asked.quantities or asked.specifications)


def _copied(one: SenderFacts, other: SenderFacts) -> bool:
    """Whether the other domain is the first one's name with something added: ``acme-c`` for ``acme``."""
    name, longer = label(registrable(one.answer)), label(registrable(other.answer))
    if len(name) < 4 or len(longer) <= len(name) or "free" in (kind(one), kind(other)):
        return False
    return longer.startswith((name + "-", name)) if len(name) > 5 else longer.startswith(name + "-")


@signal(
    "sender.answers-to-look-alike",
    title="Answers go to a copy of the sender's domain",
    text="From is {sender}, but your answer would go to {reply}: the same name with something added.",
    weight=-44,
    type="fraud",
    source="rules 1, 4",
)
def answers_to_look_alike(facts: Facts) -> Answer:
    """Hit when Reply-To is at another domain that is the sender's name with a word or letters added.

    Why: the name of a great firm is written into From, and the answer goes to a domain registered to look like it.
    Example: From ``buyer@acme-retail.example``, Reply-To ``buyer@acme-retail-trading.example``.
    Not a hit: another ending of the same name; a free mailbox; our own form; a mailing list's own address.
    """
    if facts.sender is None or facts.reply_to is None:
        return NOT_APPLICABLE
    if _from_our_form(facts) or _list_answers(facts) or _form_service(facts) or facts.authentication.aligned:
        return MISS
    return _reply_hit(facts, facts.sender, facts.reply_to) if _copied(facts.sender, facts.reply_to) else MISS


@signal(
    "sender.bounces-elsewhere",
    title="Was sent through somebody else's address",
    text="The envelope says {path}, the letter says {sender}.",
    weight=-4,
    source="domain.md §3",
)
def bounces_elsewhere(facts: Facts) -> Answer:
    """Hit when Return-Path is at another owner's domain than From, and nothing proves From.

    Why: the envelope shows who really sent it.
    Example: Return-Path ``www-data@hacked.example``, From ``buyer@acme.example``.
    Not a hit: a mailing service that signs for From (DMARC passes); a mailing list.
    """
    if facts.sender is None or facts.return_path is None or not facts.return_path.domain:
        return NOT_APPLICABLE
    if facts.authentication.aligned or on_a_list(facts):
        return MISS
    if registrable(facts.return_path.answer) is None or same_owner(facts.sender.answer, facts.return_path.answer):
        return MISS
    where = Evidence("header:Return-Path", facts.return_path.address)
    return hit(where, values={"path": facts.return_path.address, "sender": facts.sender.address})


@signal(
    "sender.to-himself",
    title="Is addressed to its own sender; you stand in a hidden copy",
    text="To is {sender}, the sender's own address.",
    weight=-14,
    source="rule 3",
)
def to_himself(facts: Facts) -> Answer:
    """Hit when the only visible recipient is the sender or the answer address itself.

    Why: the real recipients are a hidden crowd.
    Example: From and To are both ``buyer@acme.example``.
    Not a hit: we stand in To or Cc; a mailing list.
    """
    mail = facts.mail
    if mail.from_ is None or not mail.to:
        return NOT_APPLICABLE
    own = {mail.from_.address} | {a.address for a in mail.reply_to}
    if ours(facts, mail.from_.domain) or on_a_list(facts):
        return MISS
    if all(a.address in own for a in mail.to) and not mail.cc:
        return hit(Evidence("header:To", mail.to[0].address), values={"sender": mail.from_.address})
    return MISS


@signal(
    "sender.hidden-crowd",
    title="Writes from a free mailbox to a hidden crowd, about no goods",
    text="No addressee can be seen, and {quote} is a mailbox that anybody gets.",
    headline="Writes to a hidden crowd from a free mailbox",
    weight=-18,
    source="rules 2, 3",
)
def hidden_crowd(facts: Facts) -> Answer:
    """Hit when a free mailbox writes to addressees that are all hidden, not in a thread, and no goods are named.

    Why: a buyer who asks many makers says what he wants; a tale is sent to anybody.
    Example: "To: undisclosed-recipients:;" from a free mailbox, "I have a proposal for you".
    Not a hit: a request for named goods, sent to several makers; a mailing list; a company's mailbox; headers unseen.
    """
    mail = facts.mail
    if mail.sees != "raw" or kind(facts.sender) != "free":
        return NOT_APPLICABLE
    seen = mail.cc or any("@" in a.address for a in mail.to)
    if seen or mail.in_reply_to or on_a_list(facts) or _names_goods(facts):
        return MISS
    return hit(from_(facts))


@signal(
    "sender.no-address",
    title="Has no proper sender address",
    text="From reads “{quote}”.",
    weight=-18,
    source="RFC 5322 §3.6.2",
)
def no_address(facts: Facts) -> Answer:
    """Hit when From is missing, its domain has no ending or odd signs, or senders of several domains stand there.

    Why: whoever wants an answer has an address.
    Example: From ``notice@correos``, ``"service@shop.example"@x.example``, an address in mathematical letters.
    Not a hit: unknown when the client did not hand over any headers.
    """
    mail = facts.mail
    if mail.from_ is None:
        return UNKNOWN if mail.sees != "raw" else hit(Evidence("header:From", mail.header("From") or ""))
    domain = mail.from_.domain
    if "." not in domain.strip(".") and domain not in ("localhost", ""):
        return hit(Evidence("header:From", mail.from_.address or mail.from_.name))
    if not domain:
        return hit(Evidence("header:From", mail.from_.name or "(empty)"))
    if len({a.domain for a in mail.from_all}) > 1:
        return hit(Evidence("header:From", ", ".join(a.address for a in mail.from_all[:3])))
    written = (mail.header("From") or "")[:400]
    domain = written.rpartition("@")[2].split(" (")[0].rstrip("> ")
    if _ODD_DOMAIN.search(domain):
        return hit(Evidence("header:From", written[:120]))
    return MISS


# What no domain name holds: quotes, brackets, a dot at the end, mathematical letters.
_ODD_DOMAIN = re.compile("[\"'<>\U0001d400-\U0001d7ff]|\\.$")


@signal(
    "sender.drawn-name",
    title="Writes from an address that reads like random letters",
    text="“{quote}” does not look like a name that a person or office chose.",
    weight=-8,
    source="public spam reports",
)
def drawn_name(facts: Facts) -> Answer:
    """Hit when the part before the @ mixes letters and figures, or consonants, without any sense.

    Why: programs open mailboxes by the thousand.
    Example: ``x7kq92bzt1@…``.
    Not a hit: names with a year or number at the end, ``user123``; numbers only, as Chinese mailboxes have.
    """
    if facts.mail.from_ is None or not facts.mail.from_.local:
        return NOT_APPLICABLE
    local = facts.mail.from_.local[:64].split("+", 1)[0]
    return hit(from_(facts)) if _RANDOM.fullmatch(local) else MISS


@signal(
    "sender.web-server",
    title="Was written by a web server's program, not by a person",
    text="{quote} is the name under which web servers run.",
    weight=-14,
    source="public spam reports",
)
def web_server(facts: Facts) -> Answer:
    """Hit when the part before the @ is a web server's own account and the domain is not ours.

    Why: hacked sites send traps under that name.
    Example: ``www-data@shop.example``.
    Not a hit: our own contact form; ``noreply``.
    """
    sender = facts.mail.from_
    if sender is None or ours(facts, sender.domain):
        return NOT_APPLICABLE
    return hit(from_(facts)) if sender.local in _SERVER_ACCOUNTS else MISS


@signal(
    "sender.office-in-free-mailbox",
    title="Speaks for an office or large firm from a free mailbox",
    text="“{name}” writes from {domain}, where anybody gets a mailbox.",
    weight=-22,
    type="fraud",
    source="rules 6, 8; domain.md §4",
)
def office_in_free_mailbox(facts: Facts) -> Answer:
    """Hit when the displayed name is an office's (ministry, bank, embassy, court, big organisation) at a free mailbox.

    Why: offices have domains of their own.
    Example: ``"Ministry of Health" <moh.tenders@gmail.com>``.
    Not a hit: a person's or a small firm's name; a person who merely works there and says so in the signature.
    """
    if facts.mail.from_ is None or kind(facts.sender) != "free":
        return NOT_APPLICABLE
    name = facts.mail.from_.name[:120]
    found = _OFFICES.search(name)
    if not found:
        return MISS
    return hit(Evidence("header:From", name), values={"name": name[:60], "domain": facts.mail.from_.domain})


_OFFICES = re.compile(
    r"\b(?:ministry|ministerio|ministère|ministério|embassy|consulate|government|gov\.?|federal|united nations|"
    r"world bank|imf|unicef|central bank|\w* ?bank(?:ing)?(?: plc| ltd| of \w+)?|interpol|fbi|court|police|customs|"
    r"tax office|revenue|university|council|commission|lottery|foundation|western union|moneygram|oil company|"
    r"petroleum|exxon\w*|shell|aramco|adnoc|pemex|petrobras|walmart|costco|carrefour|tesco|ikea|siemens|procurement "
    r"(?:dept|department|division|office))\b",
    re.IGNORECASE,
)
