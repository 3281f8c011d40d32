"""Traps for the mailbox and its password: what they say, and where they want the reader to go."""

from __future__ import annotations

import re
from itertools import islice

from keeneye.model import Answer, Evidence, Facts
from keeneye.signals import MISS, NOT_APPLICABLE, UNKNOWN, hit, signal
from keeneye.signals.display import NAME_MOST, brand_named
from keeneye.signals.links import foreign_links, newsletter, ours, shown, strength, throw_away, unsubscribes, web_links
from keeneye.signals.sender import member_talk

NEAR = 90
PHISHING = "phishing/credential_link"
BARE_WORDS = 100
"""Words at most beside a document that stands instead of a letter."""
_PAPERS = (".pdf", ".doc", ".docx", ".jpg", ".jpeg", ".png", ".zip", ".eml")
_PAGE_NAMES = (".htm", ".html", ".shtml", ".xhtml", ".svg", ".mht")


def near(facts: Facts, one: tuple[str, ...], other: tuple[str, ...], within: int = NEAR) -> tuple[Evidence, ...]:
    """The place where a word of each list stands within some characters of the other; empty when none does."""
    others = facts.says(*other)
    if not others:
        return ()
    for a in facts.says(*one):
        for b in others:
            if a.part != b.part or (a.start < b.end and b.start < a.end):
                continue
            start, end = min(a.start, b.start), max(a.end, b.end)
            if end - start <= within + 40:
                return (_between(facts, a.part, start, end),)
    return ()


def _between(facts: Facts, part: str, start: int, end: int) -> Evidence:
    text = facts.mail.subject if part == "subject" else facts.mail.body
    return Evidence(part, text[start:end], start, end)


def way_out(facts: Facts) -> Evidence | None:
    """Where the reader is to go: a third party's link, a borrowed name's link, an attached page, or a bare document."""
    for item in foreign_links(facts):
        if item.link.kind != "script":
            return shown(item)
    if borrowed_name(facts) or throw_away_domain(facts):
        for item in web_links(facts):
            if not unsubscribes(item):
                return shown(item)
    for attachment in facts.mail.attachments:
        name = attachment.name.lower()
        bare = name.endswith(_PAPERS) and not attachment.inline and facts.own_words <= BARE_WORDS
        if name.endswith(_PAGE_NAMES) or attachment.has_form or bare:
            return Evidence(f"attachment:{attachment.index}", attachment.name[:120])
    return None


def borrowed_name(facts: Facts) -> bool:
    """Whether the displayed name is a known firm's or our own and the address is not."""
    sender = facts.mail.from_
    if sender is None or not sender.name or ours(facts, sender.domain):
        return False
    return brand_named(facts, sender.name[:NAME_MOST]) is not None


def throw_away_domain(facts: Facts) -> bool:
    """Whether the sender's domain is free web space or has a throw-away name."""
    answer = facts.sender.answer if facts.sender else None
    return answer is not None and (answer.free_hosting or throw_away(answer))


def from_us(facts: Facts) -> bool:
    """Whether the message is proven to come from our own domain."""
    sender = facts.mail.from_
    return sender is not None and ours(facts, sender.domain) and facts.authentication.aligned is True


def _lead(facts: Facts, words: tuple[Evidence, ...]) -> Answer:
    """HIT with the words and the link that they lead to; MISS when one of them lacks."""
    if not words or from_us(facts):
        return MISS
    out = way_out(facts)
    return hit(words, out, strength=plainness(facts)) if out else MISS


def plainness(facts: Facts) -> float:
    """How much words and a link together say: less where plain text shows the address, and among many links."""
    among = 0.25 if newsletter(facts) else 0.5 if strength(facts) < 1.0 else 1.0
    return (1.0 if facts.mail.body_part == "html" else 0.6) * among


@signal(
    "account.asks-password",
    title="Asks for your password behind a link",
    text="“{quote}” leads to a page that does not belong to the sender.",
    headline="Asks for your mailbox password behind a link",
    weight=-75,
    type=PHISHING,
    source="S2; domain.md §2",
)
def asks_password(facts: Facts) -> Answer:
    """Hit when a password is to be confirmed, kept or renewed through a third party's link or an attached page.

    Why: whatever asks for the mail password is phishing.
    Example: "Your password expires today. Keep the same password" with a link to a strange site.
    Not a hit: a service's own reset link on its own site, or a list's monthly password reminder.
    """
    return _lead(facts, near(facts, ("word_password",), ("word_verify", "word_stop")))


@signal(
    "account.password-by-reply",
    title="Wants your password in a reply",
    text="“{quote}”: nobody who looks after mailboxes needs your password.",
    weight=-75,
    type=PHISHING,
    source="S2; domain.md §2",
)
def password_by_reply(facts: Facts) -> Answer:
    """Hit when the reader is told to send, write down or answer with a password.

    Why: whatever asks for the mail password is phishing, also without a link.
    Example: "Reply with your user name and password to keep the mailbox".
    Not a hit: "never send us your password"; the password of an archive or a file; a member's talk on a mailing list.
    """
    if from_us(facts) or member_talk(facts):
        return MISS
    for words in facts.says("password_by_reply"):
        text = facts.mail.subject if words.part == "subject" else facts.mail.body
        before, after = text[max(0, words.start - 40) : words.end], text[words.start : words.end + 30]
        if not _NEVER.search(before) and not _OF_A_FILE.search(after):
            return hit(words)
    return MISS


# Asked for in no case, or the key of a file that was sent.
_NEVER = re.compile(
    r"\b(?:never|not|no|nunca|jamais|jamás|ne|nie|niemals|nicht|non|mai|asla|không|никогда|не)\b|n't\b|n’t\b|"
    r"[勿别別]|不要|切勿|不会|不會|لا |لن |しないで|ください(?:ません)|마세요",
    re.IGNORECASE,
)
_OF_A_FILE = re.compile(
    r"\b(?:zip|rar|7z|archive|archiv|archivo|arquivo|archivio|pdf|file|files|fichier|datei|drawings?|document)\b|压缩|壓縮|文件|"
    r"图纸|圖紙|архив|файл|ملف|ファイル|図面|파일|dosya|tệp",
    re.IGNORECASE,
)


@signal(
    "account.mailbox-trouble",
    title="Says that something is wrong with your mailbox",
    text="“{quote}” leads to a page that does not belong to your mail provider.",
    weight=-52,
    type=PHISHING,
    source="S2; public phishing reports (APWG)",
)
def mailbox_trouble(facts: Facts) -> Answer:
    """Hit when a mailbox is said to be full, to expire or to need confirmation, with a link to a third party.

    Why: mailboxes are looked after by one's own firm, not by strangers.
    Example: "Your mailbox is almost full, upgrade here".
    Not a hit: our own system's message with its proof; a developer writing about mail servers without such a link.
    """
    words = near(facts, ("word_mailbox",), ("word_stop", "word_full"))
    return _lead(facts, words or near(facts, ("word_mailbox",), ("word_verify",), 50))


@signal(
    "account.held-messages",
    title="Says that mails for you are being held back",
    text="“{quote}” wants you to fetch them from a strange page.",
    weight=-50,
    type=PHISHING,
    source="public phishing reports (APWG)",
)
def held_messages(facts: Facts) -> Answer:
    """Hit when the subject or the text near a call to act tells of held mail, and links to a third party.

    Why: the page behind it asks for the mailbox password.
    Example: "3 undelivered mails. Click here to release messages".
    Not a hit: a real bounce, which has no such link.
    """
    held = facts.says("word_held")
    if held and held[0].part == "subject":
        return _lead(facts, held[:1])
    more = ("word_verify", "word_stop", "word_mailbox", "word_deadline", "click_here")
    return _lead(facts, near(facts, ("word_held",), more, 150))


@signal(
    "account.threatens-closing",
    title="Threatens to close an account",
    text="“{quote}”, and the link leads to somebody else.",
    weight=-36,
    type=PHISHING,
    source="public phishing reports (APWG)",
)
def threatens_closing(facts: Facts) -> Answer:
    """Hit when an account is said to be blocked or to end and a link to confirm it goes to a third party.

    Why: fear of losing an account makes people click.
    Example: "Your account has been limited. Confirm your details".
    Not a hit: the same words without a request to confirm, or a link to the sender's own site.
    """
    words = near(facts, ("word_account",), ("word_stop",))
    if not words or not facts.says("word_verify", "click_here"):
        return MISS
    return _lead(facts, words)


@signal(
    "account.sign-in-alarm",
    title="Warns of a strange log-in or asks to prove who you are",
    text="“{quote}”, and the link leads to somebody else.",
    headline="Warns of a strange log-in, links to somebody else",
    weight=-36,
    type=PHISHING,
    source="public phishing reports (APWG)",
)
def sign_in_alarm(facts: Facts) -> Answer:
    """Hit when an alarm about a log-in, or a call to confirm one's identity or data, links to a third party.

    Why: a real alarm comes from the service and links to it.
    Example: "Unusual activity: verify your identity" from a bakery's address.
    Not a hit: the service's own alarm that links to its own site.
    """
    words = facts.says("signin_lure")
    if not words or not facts.says("word_verify", "click_here", "word_deadline", "generic_greeting"):
        return MISS
    return _lead(facts, words[:1])


@signal(
    "account.poses-as-mail-service",
    title="Poses as the mail service of your own firm",
    text="It speaks as “{quote}” for {ours}, but comes from {domain}.",
    weight=-42,
    type=PHISHING,
    source="public phishing reports (APWG)",
)
def poses_as_mail_service(facts: Facts) -> Answer:
    """Hit when a stranger signs as mail administrator or help desk and names our domain or mailbox.

    Why: only your own administrator looks after your mailbox.
    Example: "exporter.example Support: your mailbox …" from another domain.
    Not a hit: our own administrator; a supplier's help desk that answers a question. Less below an answer to a mail.
    """
    sender = facts.mail.from_
    if sender is None or not facts.firm.domains:
        return NOT_APPLICABLE
    if ours(facts, sender.domain):
        return MISS
    words = facts.says("mail_admin")
    name = sender.name.lower()
    if not words and not any(w in name for w in ("admin", "support", "webmail", "helpdesk", "管理员")):
        return MISS
    text = (facts.mail.subject[:300] + "\n" + facts.mail.body[:2000]).lower()
    named = next((d for d in facts.firm.domains if d in text), None)
    if named is None or not facts.says("word_mailbox", "word_password", "word_held", "word_full", "word_stop"):
        return MISS
    evidence = words[:1] or (Evidence("header:From", sender.name),)
    full = 0.4 if facts.mail.quoted else 1.0
    return hit(evidence, values={"ours": named, "domain": sender.domain}, strength=full)


@signal(
    "account.subject-names-mailbox",
    title="Puts your mail address into its subject",
    text="The subject holds “{quote}”: it was filled in by a program.",
    weight=-30,
    type=PHISHING,
    source="public phishing reports (APWG)",
)
def subject_names_mailbox(facts: Facts) -> Answer:
    """Hit when the subject of a stranger's message holds our mail address or our domain.

    Why: programs fill it in for thousands of victims; buyers write what they want to buy.
    Example: "Please act sales@exporter.example".
    Not a hit: an answer or forward within a thread, or our own systems.
    """
    if not facts.firm.domains:
        return NOT_APPLICABLE
    if from_us(facts) or facts.mail.in_reply_to:
        return MISS
    subject = facts.mail.subject[:300].lower()
    for domain in facts.firm.domains:
        at = subject.find(domain)
        if at >= 0:
            start = subject.rfind(" ", 0, at) + 1
            end = at + len(domain)
            return hit(Evidence("subject", facts.mail.subject[start:end], start, end), strength=_baited(facts))
    return MISS


@signal(
    "account.greets-by-address",
    title="Greets your mail address instead of you",
    text="It begins “{quote}”.",
    weight=-30,
    type=PHISHING,
    source="rule 11",
)
def greets_by_address(facts: Facts) -> Answer:
    """Hit when the greeting is followed by a whole mail address, or the address stands in the place of a name.

    Why: the writer knows nothing of you but the address; a program filled it in.
    Example: "Dear sales@exporter.example,"; a letter that begins "sales@exporter.example," and nothing else.
    Not a hit: "Dear sales team"; "this mail was sent to sales@exporter.example" in a footer; the sender's own address.
    """
    mail = facts.mail
    start = mail.body[:GREETED_MOST]
    if "@" not in start:
        return MISS
    low = start.lower()
    own = {a.address for a in (mail.from_, mail.sender, *mail.reply_to) if a is not None}
    for found in islice(_WHOLE_ADDRESS.finditer(low), ADDRESSES_MOST):
        begin, end = found.span()
        if found.group() in own or (mail.from_ and found["domain"] == mail.from_.domain):
            continue
        known = ours(facts, found["domain"])
        greeting = (_GREETING if known else _SALUTATION).search(low[max(0, begin - 30) : begin])
        alone = not low[:begin].strip() and _ENDS_GREETING.match(low[end : end + 8])
        if not known and mail.in_reply_to:
            continue
        if greeting or alone or (known and _HONORIFIC.match(low[end : end + 8])):
            first = begin - len(greeting.group()) if greeting else begin
            return hit(Evidence(mail.body_part, start[first:end], first, end), strength=_baited(facts))
    return MISS


def _baited(facts: Facts) -> float:
    """Half where nothing is there to open: then it is a mass mail, not yet a trap."""
    return 1.0 if way_out(facts) or next(web_links(facts), None) else 0.5


GREETED_MOST = 1500
"""Characters at the beginning that may hold a greeting."""
ADDRESSES_MOST = 20
_WHOLE_ADDRESS = re.compile(r"(?<![\w.+-])[a-z0-9_.+-]{1,64}@(?P<domain>[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){1,4})")
_SALUTATION = re.compile(
    r"(?:dear|hello|hi|hey|hola|estimad[oa]|ol[áa]|prezad[oa]|bonjour|cher|hallo|beste|geachte|lieber?|ciao|gentile|"
    r"salve|здравствуйте|уважаемый|尊敬的|您好|亲爱的|你好)[\s:：,，!、【\[(（<-]{0,4}$"
)
_ENDS_GREETING = re.compile(r"[\s,，:：!。;]{0,3}\n|[,，:：!] ?")
_GREETING = re.compile(
    r"(?:dear|hello|hi|hey|attn|attention|user|username|account|customer|client|congratulations|winner|hola|"
    r"estimad[oa]|cliente|usuario|sra?\.?|ol[áa]|prezad[oa]|bonjour|cher|hallo|beste|geachte|lieber?|guten tag|kunde|"
    r"klant|ciao|gentile|salve|здравствуйте|уважаемый|尊敬的|您好|您的|亲爱的|你好|こんにちは|親愛なる|ユーザーid)"
    r"(?:[/(]\w\)?)?[\s:：,，!、【\[(（<-]{0,4}$"
)
_HONORIFIC = re.compile(r"\s?(?:様|さま|さん|您好|[，,]\s?您好)")


@signal(
    "account.crowd-greeting",
    title="Greets you as “customer” or “user”",
    text="It begins “{quote}” and does not know your name.",
    weight=-12,
    source="S2; domain.md §5",
)
def crowd_greeting(facts: Facts) -> Answer:
    """Hit when a message with a link to a third party greets "customer", "user" or "member".

    Why: your bank or provider knows your name; a buyer is your customer, not you his.
    Example: "Dear valued customer".
    Not a hit: "Dear Sir or Madam", "Dear sales team".
    """
    return _lead(facts, facts.says("generic_greeting")[:1])


@signal(
    "account.presses",
    title="Presses you to click at once",
    text="“{quote}”, with a link to somebody else.",
    weight=-12,
    source="S2 S4",
)
def presses(facts: Facts) -> Answer:
    """Hit when a deadline or warning and a "click here" come together and the link leads to a third party.

    Why: haste keeps people from checking.
    Example: "Click here within 24 hours to avoid suspension".
    Not a hit: a buyer's delivery deadline.
    """
    if not facts.says("click_here"):
        return MISS
    return _lead(facts, facts.says("word_deadline")[:1])


@signal(
    "account.own-domain-from-outside",
    title="Uses your own domain, but was not sent by your firm",
    text="From says {domain}, but the proof of origin fails.",
    weight=-35,
    type=PHISHING,
    source="domain.md §3",
    unknown="Nothing says whether this message really comes from your own firm",
)
def own_domain_from_outside(facts: Facts) -> Answer:
    """Hit when From is our own domain and our mail host says that SPF, DKIM or DMARC fails.

    Why: strangers borrow your own address to be believed.
    Example: From ``it@exporter.example``, DMARC fail.
    Not a hit: a colleague with proof; unknown when the mail host said nothing.
    """
    sender, auth = facts.mail.from_, facts.authentication
    if sender is None or not ours(facts, sender.domain):
        return NOT_APPLICABLE
    if auth.aligned:
        return MISS
    if auth.dmarc == "fail" or (auth.spf in ("fail", "softfail") and auth.dkim != "pass"):
        return hit(Evidence("header:From", sender.address), values={"domain": sender.domain})
    return UNKNOWN
