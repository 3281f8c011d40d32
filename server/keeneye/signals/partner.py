"""Partners and customers whom the firm knows: whether it is they who write, and where their bank is."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from keeneye.identity import ByIdentity
from keeneye.model import Answer, Effect, Evidence, Facts, Partner
from keeneye.signals import MISS, NOT_APPLICABLE, hit, once, signal
from keeneye.signals.links import label, ours, registrable

DIVERSION = "fraud/payment_diversion"
NAME_LEAST = 6
"""Letters of a firm's name that is looked for in a displayed name; of a Chinese one, four characters."""
NAME_MOST = 200
_FORM = re.compile(
    r"\b(?:co|company|ltd|limited|inc|llc|corp|corporation|gmbh|ag|kg|s\.?a\.?s?|s\.?l|s\.?r\.?l|b\.?v|plc|pte|pty|oy|ab|"
    r"as|sp|z o ?o|the|and|group)\b|有限责任公司|股份有限公司|有限公司|公司|集团",
    re.IGNORECASE,
)


def _plain(text: str) -> str:
    """Letters and figures in small letters, single blanks between."""
    folded = unicodedata.normalize("NFKD", text[:NAME_MOST].casefold())
    return " ".join("".join(c if c.isalnum() else " " for c in folded if not unicodedata.combining(c)).split())


def _firm_name(name: str) -> str:
    """A firm's name without its legal form, or "" when too little is left to know it by."""
    plain = _plain(_FORM.sub(" ", name[:NAME_MOST]))
    letters = sum(c.isalnum() for c in plain)
    return plain if letters >= (NAME_LEAST if plain.isascii() else 4) else ""


def _holds(text: str, name: str) -> bool:
    return bool(name) and (f" {name} " in f" {text} " if name.isascii() else name in text)


def _people(partner: Partner) -> Iterator[tuple[str, str]]:
    """(name as it is compared, private address or "") of each person; a name of one word says too little."""
    for written in partner.people:
        name, _, address = written.partition("<")
        plain = _plain(name)
        if " " in plain or (len(plain) > 1 and not plain.isascii()):
            yield plain, address.strip("<> ").lower()


class _Known:
    """The partners by what a message may show of them. Made once for a list."""

    def __init__(self, partners: tuple[Partner, ...]) -> None:
        self.by_domain: dict[str, Partner] = {}
        self.by_address: dict[str, Partner] = {}
        self.by_person: dict[str, Partner] = {}
        self.by_name: dict[str, Partner] = {}
        for partner in partners:
            for domain in partner.domains:
                self.by_domain.setdefault(domain, partner)
            for name, address in _people(partner):
                self.by_person.setdefault(name, partner)
                if name.isascii():
                    self.by_person.setdefault(" ".join(sorted(name.split())), partner)
                if address:
                    self.by_address.setdefault(address, partner)
            if partner.domains and (firm := _firm_name(partner.name)):
                self.by_name.setdefault(firm, partner)
        self.longest = max((len(n) for n in self.by_name), default=0)

    def person(self, shown: str) -> Partner | None:
        """By a displayed name: the person's, in either order of its words, alone or with the firm's behind it."""
        words = shown.split()
        found = self.by_person.get(shown) or self.by_person.get(" ".join(sorted(words)))
        for size in range(len(words) - 1, 1, -1):
            before = self.by_person.get(" ".join(words[:size]))
            if found is None and before is not None and _holds(shown, _firm_name(before.name)):
                found = before
        return found or next((p for part in _parts(shown, 20) if (p := self.by_person.get(part))), None)

    def firm(self, shown: str) -> Partner | None:
        """By a displayed name that holds a firm's."""
        words = shown.split()
        for size in range(len(words), 0, -1):
            for at in range(len(words) - size + 1):
                if found := self.by_name.get(" ".join(words[at : at + size])):
                    return found
        return next((p for part in _parts(shown, self.longest) if (p := self.by_name.get(part))), None)


def _parts(text: str, longest: int) -> Iterator[str]:
    """Runs of characters of a text that is written without spaces, long ones first; nothing of other texts."""
    if text.isascii():
        return
    text = text[:40]
    for size in range(min(len(text), longest), 1, -1):
        for at in range(len(text) - size + 1):
            part = text[at : at + size]
            if not part.isascii():
                yield part


_known: ByIdentity[tuple[Partner, ...], _Known] = ByIdentity(_Known)


@once
def sender_partner(facts: Facts) -> Partner | None:
    """The partner from whose domain, or from whose person's listed address, the message comes."""
    if facts.sender is None or not facts.firm.known:
        return None
    known = _known(facts.firm.known)
    domain = registrable(facts.sender.answer) or facts.sender.domain
    return known.by_domain.get(domain) or known.by_address.get(facts.sender.address)


def _posing(facts: Facts) -> str:
    """The displayed name, as names are compared, of one who is neither a partner nor one of us nor a customer; else
    nothing, also for a list or service that writes "Anna Berg via …"."""
    listed = facts.history is not None and facts.history.listed is not None
    if facts.sender is None or listed or sender_partner(facts) is not None or ours(facts, facts.sender.domain):
        return ""
    shown = _plain(_display(facts))
    return "" if "via" in shown.split() else shown


def _sister(facts: Facts, partner: Partner) -> bool:
    """A domain of the same name under a national ending: more often the partner's branch than a copy."""
    answer = facts.sender.answer if facts.sender else None
    mine = registrable(answer)
    return bool(mine and answer and answer.tld_country and label(mine) in {label(d) for d in partner.domains})


def _display(facts: Facts) -> str:
    return facts.mail.from_.name if facts.mail.from_ else ""


def _from(facts: Facts) -> Evidence:
    return Evidence("header:From", _display(facts)[:NAME_MOST])


@signal(
    "partner.known",
    title="A known partner of yours",
    text="Known as {partner}.",
    weight=0,
    effect=Effect.FACT,
    source="P",
)
def known(facts: Facts) -> Answer:
    """Hit when the message comes from the domain of a partner on your list, or from an address that stands there.

    Why: suppliers, forwarders and banks are no buyers, and no strangers.
    Example: your forwarder's arrival notice.
    Not a hit: a look-alike domain; the sender's host denies the mail.
    """
    if not facts.firm.known or facts.sender is None:
        return NOT_APPLICABLE
    partner = sender_partner(facts)
    if partner is None or facts.forged:
        return MISS
    return hit(Evidence("header:From", facts.sender.address), values={"partner": partner.name[:80]})


@signal(
    "partner.person-elsewhere",
    title="Bears the name of a partner's person, but writes from elsewhere",
    text="{person} of {partner} is known, but not at {domain}.",
    headline="A partner's person, but from a strange address",
    weight=-40,
    type=DIVERSION,
    source="P",
)
def person_elsewhere(facts: Facts) -> Answer:
    """Hit when the displayed name is that of a listed person of a partner and the domain is not the partner's.

    Why: payment diversion begins with a name that you trust. Full strength when the partner's firm is named too;
    people may share a name.
    Example: "Anna Berg" of Baltic Forwarding, from anna.berg.baltic@mail.example.
    Not a hit: her private address that stands beside her name on your list; a branch's national domain; a list or
    service that writes "Anna Berg via …"; a namesake who was a customer before.
    """
    if not facts.firm.known or facts.sender is None:
        return NOT_APPLICABLE
    shown = _posing(facts)
    partner = _known(facts.firm.known).person(shown) if shown else None
    if partner is None or _sister(facts, partner):
        return MISS
    firm = _firm_name(partner.name)
    sure = _holds(shown, firm) or _holds(_plain_text(facts), firm)
    values = {"person": _display(facts)[:60], "partner": partner.name[:80], "domain": facts.sender.domain}
    return hit(_from(facts), values=values, strength=1.0 if sure else 0.4)


def _plain_text(facts: Facts) -> str:
    """Subject, own words and signature as names are compared, bounded."""
    mail = facts.mail
    text = "\n".join((mail.subject[:300], mail.own_text[:4000], mail.signature_text[:1000]))
    folded = unicodedata.normalize("NFKD", text.casefold())
    return " ".join("".join(c if c.isalnum() else " " for c in folded if not unicodedata.combining(c)).split())


@signal(
    "partner.name-elsewhere",
    title="Calls itself a partner of yours, but writes from elsewhere",
    text="“{quote}”: {partner} is known at {known}, not at {domain}.",
    headline="A partner's name, but from a strange address",
    weight=-35,
    type=DIVERSION,
    source="P",
)
def name_elsewhere(facts: Facts) -> Answer:
    """Hit when the displayed name holds a partner's firm name and the domain is none of the partner's.

    Why: anybody can write any name in front of his address.
    Example: "Baltic Forwarding Accounts" from accounts@mail-baltic.example.
    Not a hit: the partner's own domains, or its name under a national ending; a listed private address; a customer of
    yours of a like name; a partner without a domain on your list.
    """
    if not facts.firm.known or facts.sender is None:
        return NOT_APPLICABLE
    shown = _posing(facts)
    partner = _known(facts.firm.known).firm(shown) if shown else None
    if partner is None or _sister(facts, partner):
        return MISS
    values = {"partner": partner.name[:80], "known": partner.domains[0], "domain": facts.sender.domain}
    return hit(_from(facts), values=values)


@signal(
    "partner.bank-country",
    title="Names a bank in another country than the one you know",
    text="“{quote}”: an account in {bank_country}; you know one in {known_country}. Call a number you already had.",
    headline="Bank in another country: call a known number",
    weight=-60,
    type=DIVERSION,
    source="domain §5 (P)",
)
def bank_country(facts: Facts) -> Answer:
    """Hit when a partner or customer, or one who looks like a partner, names an account in another country than listed.

    Why: diverted payments go to an account that was opened elsewhere. A true change looks the same, so it is confirmed
    by a number that was known before.
    Example: a German supplier whose new IBAN is Polish.
    Not a hit: an account in the listed country; the bank through which dollars go; an account in our own country, which
    may be ours; no country is listed.
    """
    expected = _bank_known(facts)
    if expected is None or not facts.banks:
        return NOT_APPLICABLE
    found = [b for b in facts.banks if b.country not in (expected, facts.firm.country)]
    # Figures of an account say more than a place in words, which may be a branch's.
    exact = [b for b in facts.banks if b.by != "words"]
    if exact:
        found = [b for b in found if b.by != "words"]
    if not found:
        return MISS
    return hit(
        *(b.evidence for b in found),
        values={"bank_country": found[0].country, "known_country": expected},
        strength=1.0 if exact else 0.7,
    )


def _bank_known(facts: Facts) -> str | None:
    """Where the account of the one who writes, or pretends to write, is known to be."""
    partner = sender_partner(facts)
    if partner is None:
        resembled = {who.answer.resembles for who in (facts.sender, facts.reply_to) if who and who.answer}
        known = _known(facts.firm.known).by_domain
        partner = next((known[domain] for domain in resembled if domain in known), None)
    if partner is not None:
        return partner.bank_country
    listed = facts.history.listed if facts.history else None
    return listed.bank_country if listed else None
