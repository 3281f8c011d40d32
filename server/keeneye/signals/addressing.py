"""To whom the message is written: to us, to a mailbox name, or to everybody."""

from __future__ import annotations

import re

from keeneye.model import Address, Answer, Effect, Evidence, Facts, History
from keeneye.signals import MISS, NOT_APPLICABLE, hit, signal

START = 160
MANY = 8
_SPLIT = re.compile(r"[^\w]+")
_GREETED = re.compile(r"\w+[ ,]+(\w+)\s*[,.!:]?\s*$")
_ROLES = frozenset(
    "sales sale info office export admin contact mail marketing service support order orders purchase purchasing "
    "trade enquiry inquiry hello team webmaster postmaster business overseas import".split()
)


def _opening(facts: Facts) -> tuple[str, int]:
    """The first line or two of the writer's own words, and where they begin in the body."""
    for span in facts.mail.own:
        text = facts.mail.body[span.start : min(span.end, span.start + START)]
        lead = len(text) - len(text.lstrip())
        text = text.lstrip()
        if text:
            cut = text.find("\n", 12)
            return (text if cut < 0 else text[:cut]), span.start + lead
    return "", 0


def _recipients(facts: Facts) -> tuple[Address, ...]:
    return facts.mail.to + facts.mail.cc


def _ours(facts: Facts) -> tuple[Address, ...]:
    return tuple(a for a in _recipients(facts) if a.domain in facts.firm.domains)


def _people(facts: Facts) -> set[str]:
    """Words of our people's names: those the firm told, and display names of our own addresses."""
    names = {*facts.firm.people, *(a.name for a in _ours(facts) if "@" not in a.name)}
    words = {w.lower() for n in names for w in _SPLIT.split(n) if len(w) > 1}
    return words - _ROLES - {w.lower() for n in facts.firm.names for w in _SPLIT.split(n)}


def _find(text: str, words: set[str]) -> re.Match[str] | None:
    for match in re.finditer(r"\w+", text):
        if match[0].lower() in words:
            return match
    return None


def _headers_seen(facts: Facts) -> bool:
    return facts.mail.sees != "visible"


@signal(
    "addressing.by-name",
    title="Greets your colleague by name",
    text="“{quote}”.",
    weight=5,
    effect=Effect.QUALITY,
    source="S2; rule 11",
)
def by_name(facts: Facts) -> Answer:
    """Hit when the opening names one of our people, as the firm told or as in the To line.

    Why: written to you, not to everybody.
    Example: "Dear Ms. Chen" to Chen Wei.
    Not a hit: "Dear Sales"; the mailbox name as a name.
    """
    people = _people(facts)
    if not people:
        return NOT_APPLICABLE
    text, start = _opening(facts)
    found = _find(text, people)
    if found is None:
        return MISS
    end = next(
        (i for i in range(found.end(), min(len(text), 60)) if text[i] in ",.!:;，。！：；、\n"), min(len(text), 60)
    )
    return hit(Evidence(facts.mail.body_part, text[:end], start, start + end))


@signal(
    "addressing.names-us",
    title="Names your company or your product",
    text="“{quote}”.",
    weight=4,
    effect=Effect.QUALITY,
    source="S2",
)
def names_us(facts: Facts) -> Answer:
    """Hit when the subject or the own words name our firm or one of our products as the policy lists them.

    Why: written for us.
    Example: "your Exporter Valves catalogue 2026, type EV-20".
    Not a hit: a quoted signature of ours; nothing was told about us.
    """
    names = [n for n in (*facts.firm.names, *facts.firm.products) if len(n) > 2]
    if not names:
        return NOT_APPLICABLE
    for span in facts.mail.own[:5]:
        text = facts.mail.body[span.start : min(span.end, span.start + 4000)].lower()
        for wanted in names:
            at = text.find(wanted.lower())
            if at >= 0:
                start = span.start + at
                end = start + len(wanted)
                return hit(Evidence(facts.mail.body_part, facts.mail.body[start:end], start, end))
    subject = facts.mail.subject.lower()
    for wanted in names:
        at = subject.find(wanted.lower())
        if at >= 0:
            return hit(Evidence("subject", facts.mail.subject[at : at + len(wanted)], at, at + len(wanted)))
    return MISS


@signal(
    "addressing.mailbox-name",
    title="Greets the name of your mailbox as if it were a person",
    text="“{quote}”.",
    weight=-5,
    effect=Effect.QUALITY,
    type="casual",
    source="rule 11",
)
def mailbox_name(facts: Facts) -> Answer:
    """Hit when the opening greets the part of the address before the @ as a name.

    Why: a program filled it in: mass mail.
    Example: "Dear info,".
    Not a hit: "Dear sales team"; a mailbox that is a person's name; the whole address (see account.greets-by-address).
    """
    text, start = _opening(facts)
    if not facts.says("greeting.any", "greeting.generic") or not text:
        return NOT_APPLICABLE
    greeted = _GREETED.match(text[:60].lower())
    for address in _ours(facts) or facts.mail.to[:1]:
        if address.local in _ROLES and greeted is not None and greeted[1] == address.local:
            return hit(Evidence(facts.mail.body_part, text[:60], start, start + len(text[:60])))
    return MISS


@signal(
    "addressing.generic-greeting",
    title="Greets nobody in particular",
    text="“{quote}”.",
    weight=-3,
    effect=Effect.QUALITY,
    source="S2; rule 11",
)
def generic_greeting(facts: Facts) -> Answer:
    """Hit when the greeting would fit any firm.

    Why: mass mail begins so; many honest strangers do too, so it weighs little.
    Example: "Dear Sir/Madam".
    Not a hit: a greeting with our colleague's or firm's name.
    """
    found = facts.says("greeting.generic")
    if not found:
        return MISS
    text, _ = _opening(facts)
    return MISS if _find(text, _people(facts)) else hit(found[:1])


@signal(
    "addressing.undisclosed",
    title="Was sent to hidden addressees",
    text="The To line names nobody: “{quote}”.",
    weight=-8,
    effect=Effect.QUALITY,
    type="casual",
    source="S2; rule 3",
)
def undisclosed(facts: Facts) -> Answer:
    """Hit when the To line is missing or holds no address, in a message whose headers were seen.

    Why: sent to many in secret.
    Example: "To: undisclosed-recipients:;".
    Not a hit: a chat; a mailing list that names itself.
    """
    if not _headers_seen(facts) or facts.mail.from_ is None or facts.inner:
        return NOT_APPLICABLE
    if any(a.address for a in _recipients(facts)):
        return MISS
    return hit(Evidence("header:To", (facts.mail.header("To") or "").strip()[:60]))


@signal(
    "addressing.many",
    title="Was sent to many addressees at once",
    text="{count} addresses of {domains} firms, such as “{quote}”.",
    weight=-6,
    effect=Effect.QUALITY,
    type="casual",
    source="S2",
)
def many(facts: Facts) -> Answer:
    """Hit when To and Cc together hold many addresses of several firms.

    Why: mass mailing.
    Example: twenty suppliers in Cc.
    Not a hit: many colleagues of one firm.
    """
    people = _recipients(facts)
    if not people:
        return NOT_APPLICABLE
    domains = {a.domain for a in people}
    if len(people) < MANY or len(domains) < 4:
        return MISS
    values = {"count": len(people), "domains": len(domains)}
    return hit(Evidence("header:To", people[0].address), values=values)


@signal(
    "addressing.other-suppliers",
    title="Asks other suppliers at the same time",
    text="“{quote}” got it too: they compare offers.",
    weight=-3,
    effect=Effect.QUALITY,
    source="rule 12",
)
def other_suppliers(facts: Facts) -> Answer:
    """Hit when a few other firms stand beside us in To or Cc.

    Why: compares offers; not bad, but you are one of several.
    Example: Cc: export@other-maker.example.
    Not a hit: the sender's own firm, forwarders of one's own; a mass mailing.
    """
    ours = _ours(facts)
    if not ours:
        return NOT_APPLICABLE
    own = facts.mail.from_.domain if facts.mail.from_ else ""
    others = [a for a in _recipients(facts) if a.domain and a.domain not in (*facts.firm.domains, own)]
    if not others or len(_recipients(facts)) >= MANY:
        return MISS
    return hit(*(Evidence("header:Cc", a.address) for a in others[:3]))


@signal(
    "addressing.blind-copy",
    title="You are not among the addressees you can see",
    text="To is “{quote}”; you got a blind copy.",
    weight=-5,
    effect=Effect.QUALITY,
    type="casual",
    source="S2; rules 3, 12",
)
def blind_copy(facts: Facts) -> Answer:
    """Hit when the To line names only others, and our own domain is known from the policy or the mailbox.

    Why: Bcc to many.
    Example: To: the sender's friend; we in Bcc.
    Not a hit: forwarded by a rule inside our firm; mailing lists; our domain unknown.
    """
    if not _headers_seen(facts) or facts.inner or not facts.firm.domains or not facts.mail.to:
        return NOT_APPLICABLE
    if facts.mail.header("List-Id") or facts.mail.header("List-Post") or _ours(facts):
        return MISS
    return hit(Evidence("header:To", facts.mail.to[0].address))


@signal(
    "addressing.same-text",
    title="Your firm got the same text more than once",
    text="Colleagues who have it: {count}. Messages with this text: {messages}, from other senders: {senders}, since "
    "{since}.",
    weight=-10,
    effect=Effect.QUALITY,
    type="casual/mass_mailing",
    source="S2",
)
def same_text(facts: Facts) -> Answer:
    """Hit when near-duplicates of the own words reached colleagues, or came from others; stronger with their number.

    Why: mass mailing.
    Example: the same letter to sales, info and export, with other names, figures or goods in it.
    Not a hit: one message to two colleagues, a colleague's forward, a reply in the thread; the sender asks the same
    person again; a marketplace's standard text; a customer, or a sender whom colleagues called genuine.
    """
    history = facts.history
    if history is None:
        return NOT_APPLICABLE
    same, text = history.same_text, _opening(facts)
    if same is None or not text[0] or _is_known(history):
        return MISS
    reach = same.colleagues + same.senders
    values: dict[str, str | int | float] = {
        "count": same.colleagues,
        "messages": same.messages,
        "senders": same.senders,
        "since": f"{same.since:%Y-%m-%d}",
    }
    quote, start = text[0][:60], text[1]
    evidence = Evidence(facts.mail.body_part, quote, start, start + len(quote))
    return hit(evidence, values=values, strength=min(1.0, 0.4 + 0.2 * reach))


def _is_known(history: History) -> bool:
    ordered = history.listed is not None and history.listed.ordered > 0
    return bool(ordered or (history.confirmed_genuine and not history.confirmed_fake))
