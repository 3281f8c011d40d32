"""The country a writer says he is in, weighed from all that speaks for one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from keeneye.facts.contact import Closing, Line
from keeneye.facts.phrases import Hit, word_list
from keeneye.facts.places import Named, gazetteer
from keeneye.facts.text import Text
from keeneye.model import Answers, Claim, ClaimedCountry, Contact, Evidence

WEIGHTS: Final = {
    "introduction": 0.85,  # says so himself
    "signature": 0.8,  # a country's name below the text
    "phone": 0.7,
    "address": 0.6,  # a town below the text
    "domain": 0.5,  # a national ending
    "company_form": 0.3,
    "language": 0.15,
}
FREE_MAIL: Final = 0.3
"""Weight of a national free-mail provider: many use one of another country."""
SUBSTANCE: Final = 0.45
"""A claim from this weight on can disagree with the result."""
LEAST: Final = 0.25
"""Below this weight nothing is claimed; a language alone stays below."""

# National endings that are used all over the world.
_WORLD_ENDINGS: Final = frozenset(
    ("co io me ai tv cc fm ws la gg sh to vc ly nu pw tk ml ga cf gq im am st su eu").split()
)
# Languages that are at home in one country.
_AT_HOME: Final = dict(
    pair.split(":")
    for pair in (
        "ja:JP ko:KR pl:PL tr:TR vi:VN th:TH cs:CZ sk:SK hu:HU bg:BG fi:FI da:DK no:NO sv:SE uk:UA he:IL "
        "el:GR lt:LT lv:LV et:EE sl:SI hr:HR ro:RO id:ID it:IT hi:IN bn:BD ka:GE hy:AM az:AZ kk:KZ uz:UZ "
        "my:MM km:KH lo:LA mn:MN ne:NP si:LK is:IS sq:AL mk:MK"
    ).split()
)
WINDOW: Final = 90
"""How far behind "we are … in" a place may stand."""


def weigh(
    text: Text,
    hits: Mapping[str, Sequence[Hit]],
    contact: Contact,
    where: Closing,
    language: str | None,
    answers: Answers,
) -> ClaimedCountry:
    """All claims, and the country that they speak for together.

    Independent signs of one country add up as 1 − ∏(1 − weight); a strong sign of another country lowers the
    confidence. A language alone never decides.
    """
    claims = (
        *_introductions(text, hits),
        *_signature(text, where, contact),
        *_phones(contact),
        *_domain(text, answers),
        *_form(contact),
        *_language(text, language),
    )
    if not claims:
        return ClaimedCountry(None, 0.0, (), ())
    strength: dict[str, float] = {}
    for country in dict.fromkeys(c.country for c in claims):
        against = 1.0
        for kind in dict.fromkeys(c.kind for c in claims if c.country == country):
            against *= 1 - max(c.weight for c in claims if c.country == country and c.kind == kind)
        strength[country] = 1 - against
    ranked = sorted(strength.items(), key=lambda item: -item[1])
    best, points = ranked[0]
    if points < LEAST:
        return ClaimedCountry(None, 0.0, claims, ())
    other = ranked[1][1] if len(ranked) > 1 else 0.0
    disagree = tuple(c for c in claims if c.country != best and c.weight >= SUBSTANCE)
    return ClaimedCountry(best, round(points * (1 - other / 2), 3), claims, disagree)


def _introductions(text: Text, hits: Mapping[str, Sequence[Hit]]) -> list[Claim]:
    """ "We are … in Lima", "a German company": not "we sell to Germany" or "we buy from Turkey"."""
    found: list[Claim] = []
    for hit in [h for h in hits.get("contact/located", ()) if h.own][:6]:
        window = _sentence(text, hit.end)
        lead = text.folded[hit.start : hit.end]
        named = next((n for n in gazetteer().find(window) if n.kind != "nationality"), None)
        if named is None:
            continue
        gap = window[: named.start]
        near = len(gap) <= (30 if hit.language == "zh" else 22) and len(gap.split()) <= 3
        if near and not _elsewhere(lead + " " + gap, hit.language):
            found.append(_claim(text, "introduction", named, hit.end))
    for hit in [h for h in hits.get("contact/we-are", ()) if h.own][:6]:
        window = _sentence(text, hit.end)
        for named in gazetteer().find(window):
            gap = window[: named.start]
            behind = window[named.end : named.end + 40]
            adjective = named.kind == "nationality" or hit.language == "zh"
            if adjective and not _elsewhere(gap, hit.language) and _is_company(behind, gap, hit.language):
                found.append(_claim(text, "introduction", named, hit.end))
            break
    unique: dict[str, Claim] = {}
    for claim in found:
        unique.setdefault(claim.country, claim)
    return list(unique.values())[:3]


def _sentence(text: Text, start: int) -> str:
    """The folded text from a place to the end of its sentence; a single line end is a wrapped line."""
    window = text.folded[start : start + WINDOW]
    for mark in (". ", ".\n", ";", "!", "?", "\n\n", ": "):
        at = window.find(mark)
        if at >= 0:
            window = window[:at]
    return window


def _elsewhere(gap: str, language: str) -> bool:
    """Whether the words between speak of buying or selling there, not of being there."""
    listed = word_list("contact/elsewhere")
    if language == "zh":
        return listed.search(gap) is not None
    return any(listed.fullmatch(w.strip(".,'\"")) is not None for w in gap.lower().split())


def _is_company(behind: str, gap: str, language: str) -> bool:
    listed = word_list("contact/company-noun")
    if language == "zh":
        return listed.search(behind) is not None
    near = [*behind.lower().split()[:4], *gap.lower().split()[-4:]]
    return any(listed.fullmatch(w.strip(".,'\"")) is not None for w in near)


def _claim(text: Text, kind: str, named: Named, base: int) -> Claim:
    weight = WEIGHTS[kind] * (0.8 if named.kind == "city" else 1.0)
    return Claim(kind, named.country, round(weight, 3), text.evidence(base + named.start, base + named.end))


def _signature(text: Text, where: Closing, contact: Contact) -> list[Claim]:
    """Countries and towns below the text: the last of an address counts most ("27 Lebuh Contoh, Penang, Malaysia")."""
    found: dict[tuple[str, str], Claim] = {}
    company = contact.company
    places = list(where.named)
    street = contact.address
    if (
        street is not None
        and street.part != "subject"
        and not any(x.start <= street.start + text.base < x.end for x in where.lines)
    ):
        start = street.start + text.base
        lines = (*where.lines, Line(start, street.end + text.base))
        where = Closing(lines, tuple(places))
        for n in gazetteer().find(text.folded[start : street.end + text.base]):
            places.append(Named(n.country, n.kind, start + n.start, start + n.end, n.ambiguous))
        where = Closing(lines, tuple(places))
    for named in places:
        if named.kind == "nationality":
            continue
        begin = named.start - text.base
        if company is not None and company.part != "subject" and company.start <= begin < company.end:
            continue  # Bank of China, Lima Trading Ltd
        line = next((x for x in where.lines if x.start <= named.start < x.end), None)
        if line is None:
            continue
        shown = text.folded[line.start : line.end]
        before = text.folded[line.start : named.start].rstrip()
        after = text.folded[named.end : line.end].strip(" .,;)")
        whole = not before and not after
        in_address = any(c.isdigit() for c in shown) or "," in shown
        if "@" in shown or "www." in shown.lower():
            continue
        if named.ambiguous and named.kind == "country" and not (before.endswith((",", "-", "(")) and not after):
            continue
        if named.kind == "country" and (whole or in_address or not after):
            found.setdefault(("signature", named.country), _claim(text, "signature", named, 0))
        elif named.kind == "city" and (whole or _in_address(named, text, contact) or _with_country(named, where, line)):
            found.setdefault(("address", named.country), _claim(text, "address", named, 0))
    return list(found.values())[:6]


def _in_address(named: Named, text: Text, contact: Contact) -> bool:
    place = contact.address
    return place is not None and place.start <= named.start - text.base < place.end


def _with_country(named: Named, where: Closing, line: Line) -> bool:
    """Whether the same line names the town's country too."""
    return any(n.country == named.country and n is not named and line.start <= n.start < line.end for n in where.named)


def _phones(contact: Contact) -> list[Claim]:
    countries: dict[str, Evidence] = {}
    for phone in contact.phones:
        if phone.country is not None:
            countries.setdefault(phone.country, phone.evidence)
    return [Claim("phone", c, WEIGHTS["phone"], e) for c, e in list(countries.items())[:3]]


def _domain(text: Text, answers: Answers) -> list[Claim]:
    sender = text.mail.from_
    answer = answers.domains.get(sender.domain) if sender else None
    if sender is None or answer is None:
        return []
    at = (text.mail.header("From") or "").lower().find(sender.domain)
    evidence = Evidence("header:From", sender.domain, max(at, 0), max(at, 0) + len(sender.domain))
    if answer.mailbox == "free":
        return [Claim("domain", answer.free_country, FREE_MAIL, evidence)] if answer.free_country else []
    ending = sender.domain.rpartition(".")[2]
    if answer.tld_country is None or ending in _WORLD_ENDINGS or answer.mailbox == "disposable":
        return []
    return [Claim("domain", answer.tld_country, WEIGHTS["domain"], evidence)]


def _form(contact: Contact) -> list[Claim]:
    if contact.company is None or len(contact.company_form_countries) != 1:
        return []
    return [Claim("company_form", contact.company_form_countries[0], WEIGHTS["company_form"], contact.company)]


def _language(text: Text, language: str | None) -> list[Claim]:
    country = _AT_HOME.get(language or "")
    if country is None or not text.own:
        return []
    first = text.own[0]
    start = first.start
    while start < first.end and text.folded[start].isspace():
        start += 1
    end = min(first.end, start + 40)
    return [Claim("language", country, WEIGHTS["language"], text.evidence(start, end))] if end > start else []
