"""What the message shows of itself: the sender's displayed name, the subject, odd letters and hidden text."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from importlib import resources
from itertools import islice, pairwise
from typing import Any

from keeneye import linear
from keeneye.model import Answer, Evidence, Facts
from keeneye.signals import MISS, NOT_APPLICABLE, hit, signal
from keeneye.signals.links import label, ours, registrable

NAME_MOST = 120
TEXT_MOST = 6000
_ADDRESS = re.compile(r"[\w.+-]{1,40}@(?P<domain>[\w-]{1,40}(?:\.[\w-]{1,30}){1,4})")
_REPLY = re.compile(r"^\s*(?:re|r|aw|sv|antw|回复|回覆|答复|res|rv|ref|odp|ynt)\s*(?:\[\d+\])?\s*[:：]", re.IGNORECASE)
_FORWARD = re.compile(r"^\s*(?:fw|fwd|wg|tr|rv|enc|i|转发|轉發|vs|doorst)\s*[:：]", re.IGNORECASE)
_HIDDEN_INSIDE = re.compile(
    r"[A-Za-z](?:[\u200b-\u200d\u2060\ufeff]|&#(?:820[345]|8288|65279|x200[bcd]|x2060|xfeff);|&zwn?j;){1,6}[A-Za-z]"
)
HTML_MOST = 60_000
_NEEDS_UNSEEN = re.compile("[\u0590-\u109f\u1780-\u17ff\ufb50-\ufdff]")
_TURNED = re.compile("[\u202a\u202b\u202d\u202e]")
_OFFICE = re.compile(
    r"\b(?:(?:web|e-?)?mail ?(?:box|server|admin\w*|support|service|team|center|desk|quota|delivery|security|system)|"
    r"mailer[- ]daemon|postmaster|help ?desk|it[- ](?:support|desk|dept|department|service|admin)|(?:system|server|"
    r"account|domain|email|webmail|cpanel|web|portal) ?(?:admin\w*|support|security|team|notification|alert)s?|"
    r"administrator|voice ?mail|voice message|e?fax|no-?reply|customer (?:service|support|care)|service client|"
    r"security (?:team|alert|center|department|notice)|billing (?:team|department|support)|(?:file|document|doc) ?"
    r"(?:share|sharing|delivery)|notifications?|kundenservice|kundendienst|soporte|suporte|atendimento|"
    r"support|admin|webmail|account team|scanner|sharepoint)\b|管理员|管理員|邮件中心|邮箱|系统通知|客服|サポート|"
    r"カスタマー",
    re.IGNORECASE,
)


def _table(name: str) -> dict[str, Any]:
    return tomllib.loads(resources.files("keeneye").joinpath(f"lexicons/domains/{name}").read_text("utf-8"))


def _read_brands() -> tuple[Any, Any, dict[str, tuple[str, ...]]]:
    """Patterns of names that stand for themselves, of common words that need a lure beside them, and the owners."""
    brands = _table("brands.toml")
    owners: dict[str, tuple[str, ...]] = {}
    common: list[str] = []
    for brand in brands["brand"]:
        name = brand["name"].lower()
        owners[name] = tuple(brand["domains"])
        if brand.get("common"):
            common.append(name)
    for name, owner in _table("borrowed_names.toml")["names"].items():
        owners.setdefault(name, (owner,))
    plain = "|".join(re.escape(n) for n in sorted(owners, key=len, reverse=True) if n not in common)
    ordinary = "|".join(re.escape(n) for n in common)
    lures = "|".join(brands["lures"])
    edge, end = r"(?:^|[^\pL\pN])", r"(?:$|[^\pL\pN])"
    return (
        linear.Pattern(rf"(?i){edge}({plain}){end}"),
        linear.Pattern(rf"(?i){edge}({ordinary})[\s:|-]{{1,3}}(?:{lures}){end}"),
        owners,
    )


_BRAND, _COMMON_BRAND, _BRAND_DOMAINS = _read_brands()
# Japanese and Chinese write without spaces, so that such names have no edges.
_EASTERN = tuple(n for n in _BRAND_DOMAINS if not n.isascii() and any(c >= "\u3000" for c in n))


def folded(text: str) -> str:
    """Styled letters (bold, full-width, circled) as plain ones."""
    return text if text.isascii() else unicodedata.normalize("NFKC", text)


def brand_named(facts: Facts, text: str) -> str | None:
    """A known name in the text while the sender's domain is not its owner's; None when there is none."""
    text = folded(text)
    found = _BRAND.search(text) or _COMMON_BRAND.search(text)
    name = found.group(1) if found else None
    if name is None and not text.isascii():
        name = next((n for n in _EASTERN if n in text), None)
    if name is None:
        return None
    answer = facts.sender.answer if facts.sender else None
    key, own = name.lower(), label(registrable(answer)).replace("-", "")
    if answer is not None and answer.brand and answer.brand.lower() == key:
        return None
    owners = _BRAND_DOMAINS[key]
    host = facts.sender.domain if facts.sender else ""
    if registrable(answer) in owners or (own and own in (label(o).replace("-", "") for o in owners)):
        return None
    if any("." not in o and o in host.split(".") for o in owners):
        return None
    plain = re.sub(r"\W", "", key)
    return None if plain.isascii() and plain in own else str(name)


def from_header(quote: str) -> Evidence:
    return Evidence("header:From", quote)


@signal(
    "display.other-address",
    title="Shows another mail address than the one it comes from",
    text="The name shows {shown}, but the message comes from {real}.",
    headline="Shows another mail address than its own",
    weight=-38,
    type="phishing/credential_link",
    source="domain.md §3",
)
def other_address(facts: Facts) -> Answer:
    """Hit when the sender's displayed name holds a mail address of another domain than the real one.

    Why: many mail programs show only the name.
    Example: ``"director@acme.example" <x91@mailer.example>``.
    Not a hit: the name repeats the real address, or a mailing list writes "ann@acme.example via list".
    """
    sender = facts.mail.from_
    if sender is None or not sender.name:
        return NOT_APPLICABLE
    found = _ADDRESS.search(folded(sender.name[:NAME_MOST]))
    if found is None or " via " in sender.name.lower():
        return MISS
    domain = found["domain"].lower()
    if label(registrable(facts.sender.answer) if facts.sender else None) in domain.split("."):
        return MISS
    if domain == sender.domain or sender.domain.endswith("." + domain) or domain.endswith("." + sender.domain):
        return MISS
    return hit(from_header(sender.name), values={"shown": found.group(), "real": sender.address})


@signal(
    "display.our-own-name",
    title="Uses your own firm's name, but comes from outside",
    text="The sender calls itself “{name}”, but the message comes from {real}.",
    weight=-55,
    type="phishing/credential_link",
    source="domain.md §3; public phishing reports (APWG)",
)
def our_own_name(facts: Facts) -> Answer:
    """Hit when the displayed name holds our domain or our firm's name and the address is not ours.

    Why: "your mail system" at another firm's address is the commonest mailbox trap.
    Example: ``"exporter.example Mail Admin" <info@bakery.example>``.
    Not a hit: our own address, or a mailing list that we run.
    """
    sender = facts.mail.from_
    if sender is None or not sender.name or not (facts.firm.domains or facts.firm.names):
        return NOT_APPLICABLE
    if ours(facts, sender.domain):
        return MISS
    name = folded(sender.name[:NAME_MOST]).lower()
    wanted = [d.lower() for d in facts.firm.domains] + [n.lower() for n in facts.firm.names if len(n) > 3]
    if any(_stands_in(w, name) for w in wanted):
        return hit(from_header(sender.name), values={"name": sender.name[:60], "real": sender.address})
    return MISS


def _stands_in(wanted: str, text: str) -> bool:
    at = text.find(wanted)
    if at < 0:
        return False
    before, after = text[at - 1 : at], text[at + len(wanted) : at + len(wanted) + 1]
    return not (wanted.isascii() and (before.isalnum() or after.isalnum()))


@signal(
    "display.brand",
    title="Calls itself a known firm, but comes from elsewhere",
    text="The sender calls itself “{brand}”, but {domain} is not that firm's address.",
    weight=-42,
    type="phishing/credential_link",
    source="domain.md §3; rule 6",
)
def brand(facts: Facts) -> Answer:
    """Hit when the displayed name is a known brand's and the address is not that brand's.

    Why: anybody can write any name in front of his address.
    Example: ``"DHL Express" <post@bakery.example>``.
    Not a hit: the brand's own or national domains, a firm whose domain holds the name, "Jane (via LinkedIn)".
    """
    sender = facts.mail.from_
    if sender is None or not sender.name:
        return NOT_APPLICABLE
    if " via " in sender.name.lower() or "(via" in sender.name.lower() or ours(facts, sender.domain):
        return MISS
    named = brand_named(facts, sender.name[:NAME_MOST])
    if named is None:
        return MISS
    return hit(from_header(sender.name), values={"brand": named, "domain": sender.domain})


@signal(
    "display.brand-in-text",
    title="Speaks for a known firm, but comes from elsewhere",
    text="The message speaks of “{brand}”, but {domain} is not that firm's address.",
    weight=-20,
    type="phishing/credential_link",
    source="domain.md §5",
)
def brand_in_text(facts: Facts) -> Answer:
    """Hit when subject or first lines name a known brand, the address is not the brand's, and a lure stands there too.

    Why: a notice of a courier or bank comes from that courier or bank.
    Example: subject "DHL: your parcel is waiting" from ``info@bakery.example``.
    Not a hit: a buyer who writes "please ship by DHL" without any lure.
    """
    sender = facts.mail.from_
    if sender is None or ours(facts, sender.domain):
        return NOT_APPLICABLE
    lures = facts.says("word_stop", "signin_lure", "parcel_lure", "payment_update", "generic_greeting", "prize_lure")
    if len(lures) < 2 or not facts.links:
        return MISS
    named = brand_named(facts, facts.mail.subject[:200] + "\n" + facts.mail.own_text[:400])
    if named is None:
        return MISS
    return hit(lures[0], from_header(sender.address), values={"brand": named, "domain": sender.domain})


@signal(
    "display.office-name",
    title="Calls itself a help desk or mail service from a strange address",
    text="The sender calls itself “{name}”, but writes from {domain}.",
    headline="Calls itself a help desk from a strange address",
    weight=-20,
    type="phishing/credential_link",
    source="public phishing reports (APWG)",
)
def office_name(facts: Facts) -> Answer:
    """Hit when the displayed name is that of a mail service, help desk or notice system and the address is not ours.

    Why: your own help desk writes from your own address; others have a name of their own.
    Example: ``"Mail Administrator" <info@bakery.example>``.
    Not a hit: "Acme Support" from ``acme.example``; our own help desk.
    """
    sender = facts.mail.from_
    if sender is None or not sender.name:
        return NOT_APPLICABLE
    if ours(facts, sender.domain):
        return MISS
    name = folded(sender.name[:NAME_MOST])
    found = _OFFICE.search(name)
    if not found:
        return MISS
    own = label(registrable(facts.sender.answer) if facts.sender else None)
    if len(own) > 2 and own.replace("-", "") in re.sub(r"\W", "", name.lower()):
        return MISS
    return hit(from_header(sender.name), values={"name": name[:60], "domain": sender.domain})


@signal(
    "display.styled-letters",
    title="Writes with odd look-alike letters to slip past filters",
    text="“{quote}” is not written with ordinary letters.",
    headline="Writes with odd letters to slip past filters",
    weight=-40,
    source="peers.md (zero-width and look-alike letters)",
)
def styled_letters(facts: Facts) -> Answer:
    """Hit when name, subject or text hold words in mathematical letters, or words that mix two alphabets.

    Why: the eye reads a word that a filter does not see.
    Example: "𝐘𝐨𝐮𝐫 𝐩𝐚𝐫𝐜𝐞𝐥", "pаssword" with a Cyrillic а.
    Not a hit: emoji, full-width Latin in Japanese or Chinese mail, Greek symbols such as µ, Ω or Δ in technical text.
    """
    name = facts.mail.from_.name[:NAME_MOST] if facts.mail.from_ else ""
    parts = (("header:From", name), ("subject", facts.mail.subject[:300]), (facts.mail.body_part, facts.mail.body))
    for part, text in parts:
        text = text[:2500]
        if text.isascii() and part not in ("header:From", "subject"):
            continue
        found = _odd_word(text)
        if found:
            return hit(Evidence(part, text[found[0] : found[1]], *(found if part != "header:From" else (0, 0))))
    return MISS


def _odd_word(text: str) -> tuple[int, int] | None:
    styled = (_SMALL_L.search(text[:300]) if _L_AND_CAPITALS.search(text, 0, 300) else None) or (
        None if text.isascii() else _STYLED.search(text)
    )
    if styled:
        return styled.span()
    if text.isascii() or not _ALIKE_LETTER.search(text):
        return None
    mixed = list(islice(_MIXED.finditer(text), 2))
    return mixed[1].span() if len(mixed) == 2 else None


_ALIKE = "аеорсухіјѕһԁԛԝАВЕЗКМНОРСТУХІЈЅ" + "αοιυνρτΑΒΕΖΗΙΚΜΝΟΡΤΥΧ"
_ALIKE_LETTER = re.compile(f"[{_ALIKE}]")
_STYLED = re.compile(
    "[\U0001d400-\U0001d7ff](?:[\U0001d400-\U0001d7ff\\s]{2,40})|"  # mathematical letters
    # marks of other scripts between Latin letters
    "[A-Za-z][\u0483-\u0489\u0700-\u074f\u1ab0-\u1aff\u20d0-\u20ff\U000e0100-\U000e01ef][A-Za-z]|"
    "[\u13a0-\u13ff][a-z]{2}"  # Cherokee capitals
)
_SMALL_L = re.compile("(?<![A-Za-z])l[A-Z]{3,}(?![a-z])|(?<![a-z])[A-Z]{2,}l[A-Z]{2,}(?![a-z])")  # for capital I
_L_AND_CAPITALS = re.compile("l[A-Z]{2}")
_MIXED = re.compile(f"[a-z]{{2}}[{_ALIKE}гп]|[{_ALIKE}гп][a-z]{{2}}", re.IGNORECASE)


@signal(
    "display.split-words",
    title="Hides invisible signs inside its words",
    text="Invisible signs stand inside words: {count}.",
    weight=-22,
    source="peers.md (zero-width and bidirectional signs)",
)
def split_words(facts: Facts) -> Answer:
    """Hit when invisible signs stand between letters of a word, or the subject's direction is turned round.

    A plain text is shown without them, so that only their number is known.

    Why: filters do not see the word, the reader does.
    Example: "pass" + zero-width space + "word".
    Not a hit: joiners in Persian, Hindi or emoji; fillers between words in a newsletter's preview line.
    """
    mail = facts.mail
    if not mail.zero_width and not mail.bidi_controls:
        return MISS
    for part, text in (("subject", mail.header("Subject") or ""), ("html", mail.html[:HTML_MOST])):
        found = _HIDDEN_INSIDE.search(text)
        if found:
            return hit(
                Evidence(part, text[max(0, found.start() - 8) : found.end() + 8]), values={"count": mail.zero_width}
            )
    if _TURNED.search(mail.header("Subject") or ""):
        whole = Evidence("subject", mail.subject[:60], 0, min(60, len(mail.subject)))
        return hit(whole, values={"count": mail.bidi_controls})
    # Arabic, Indic, Thai, Khmer and Burmese texts need such signs; Latin, Cyrillic and Chinese ones do not.
    if mail.body_part == "text" and mail.zero_width > 1 and not _NEEDS_UNSEEN.search(mail.body[:TEXT_MOST]):
        return hit(Evidence("text", mail.body[:60], 0, min(60, len(mail.body))), values={"count": mail.zero_width})
    return MISS


@signal(
    "display.drawn-mark",
    title="Carries a random code in its subject, name or last line",
    text="“{quote}” was put in by a program, so that no two such mails are alike.",
    weight=-14,
    source="public spam reports",
)
def drawn_mark(facts: Facts) -> Answer:
    """Hit when subject or displayed name holds a word of small letters, capitals and figures without sense, or the last
    line is nothing but a long number.

    Why: bulk programs make each copy different to slip past filters.
    Example: "Receipt 7kQ2vR9xBt4W".
    Not a hit: order and part numbers (capitals, figures, hyphens), units, names such as iPhone15, list tags, a thread.
    """
    if facts.mail.in_reply_to or facts.mail.references:
        return MISS
    name = facts.mail.from_.name[:NAME_MOST] if facts.mail.from_ else ""
    for part, text in (("subject", facts.mail.subject[:300]), ("header:From", name)):
        for word in _MARK.finditer(text):
            if _no_sense(word.group()):
                return hit(Evidence(part, word.group(), *(word.span() if part == "subject" else (0, 0))))
    body = facts.mail.body.rstrip()
    start = body.rfind("\n") + 1
    if len(body) - start <= 120 and _LONG_NUMBER.fullmatch(body, start):
        return hit(Evidence(facts.mail.body_part, body[start:], start, len(body)))
    return MISS


_LONG_NUMBER = re.compile(r"[a-z]{0,3}[_-]?\d{20,}")
_MARK = re.compile(r"(?<![\w@.=?-])[A-Za-z0-9]{8,24}(?![\w@=?-])")


def _no_sense(word: str) -> bool:
    """At least six changes among small letters, capitals and figures."""
    if word.isalpha() or word.islower() or word.isupper():
        return False
    kinds = ["0" if c.isdigit() else "a" if c.islower() else "A" for c in word]
    changes = sum(a != b for a, b in pairwise(kinds))
    return len(set(kinds)) == 3 and changes >= 6


@signal(
    "display.pictures",
    title="Decorates its subject or name with little pictures",
    text="“{quote}” catches the eye, as advertising does.",
    weight=-10,
    source="public spam reports",
)
def pictures(facts: Facts) -> Answer:
    """Hit when the subject or the displayed name holds emoji or other little pictures, outside a thread.

    Why: advertising and traps use them; buyers hardly do.
    Example: "🎁 Your gift is waiting".
    Not a hit: Chinese brackets, arrows, trade-mark signs; an answer in a thread.
    """
    if facts.mail.in_reply_to or facts.mail.references:
        return MISS
    name = facts.mail.from_.name[:NAME_MOST] if facts.mail.from_ else ""
    for part, text in (("subject", facts.mail.subject[:300]), ("header:From", name)):
        found = _PICTURE.search(text)
        if found:
            return hit(Evidence(part, text[:60], 0, min(60, len(text)) if part == "subject" else 0))
    return MISS


_PICTURE = re.compile("[\u2600-\u27bf\u2b50\u2b55\U0001f000-\U0001faff]")


@signal(
    "display.hidden-text",
    title="Hides a lot of text that you cannot see",
    text="The message holds {words} words that are not shown.",
    weight=-22,
    source="domain.md §5",
)
def hidden_text(facts: Facts) -> Answer:
    """Hit when the HTML holds at least 60 words that it does not show, more than twice as many as it shows.

    Why: the unseen text is there to mislead filters.
    Example: pages of a novel in white on white under a one-line notice.
    Not a hit: the short preview line of a newsletter.
    """
    if facts.mail.body_part != "html":
        return NOT_APPLICABLE
    hidden = len(facts.mail.hidden_text[:TEXT_MOST].split())
    if hidden >= 60 and hidden > 2 * len(facts.mail.body[:TEXT_MOST].split()):
        quote = " ".join(facts.mail.hidden_text[:300].split())[:120]
        return hit(Evidence("html", quote), values={"words": hidden})
    return MISS


@signal(
    "display.two-versions",
    title="Says one thing to filters and another to you",
    text="The plain version of the message has nothing to do with what you see.",
    weight=-28,
    source="peers.md (alternatives that differ)",
)
def two_versions(facts: Facts) -> Answer:
    """Hit when plain and HTML version have at least 25 words each and share hardly any.

    Why: the plain version is there for filters only.
    Example: a recipe in the plain part, a bank notice in the HTML part.
    Not a hit: a plain part that says only "view this mail in your browser".
    """
    plain, seen = facts.mail.alternative_text[:TEXT_MOST], facts.mail.body[:TEXT_MOST]
    if not plain or facts.mail.body_part != "html":
        return NOT_APPLICABLE
    one, other = set(plain.lower().split()), set(seen.lower().split())
    if min(len(one), len(other)) < 25:
        return NOT_APPLICABLE
    if len(one & other) * 10 < min(len(one), len(other)):
        return hit(Evidence("html", " ".join(plain[:160].split())[:100]))
    return MISS


@signal(
    "display.false-reply",
    title="Begins like an answer, but holds no earlier mail",
    text="The subject begins “{quote}”, but no earlier mail stands below.",
    weight=-4,
    source="rule 19",
)
def false_reply(facts: Facts) -> Answer:
    """Hit when the subject begins with Re: and the message has no thread, no quoted text and no known sender.

    Why: people open what looks like an answer.
    Example: "Re: PO 4471" as the first mail of a stranger.
    Not a hit: In-Reply-To or References present, quoted text, or earlier mail of this sender.
    """
    if facts.mail.sees == "visible":
        return NOT_APPLICABLE
    found = _REPLY.match(facts.mail.subject[:40]) or _FORWARD.match(facts.mail.subject[:40])
    if not found:
        return NOT_APPLICABLE
    mail, history = facts.mail, facts.history
    known = history is not None and (history.messages_from_sender > 0 or history.messages_in_thread > 0)
    if mail.references or mail.in_reply_to or mail.quoted or mail.forwarded or known:
        return MISS
    if mail.header("Thread-Index") or mail.header("Thread-Topic"):
        return MISS
    return hit(Evidence("subject", mail.subject[:60], 0, min(60, len(mail.subject))))
