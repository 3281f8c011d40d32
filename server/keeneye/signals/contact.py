"""How the writer can be reached: person, title, phone, fax, address."""

from __future__ import annotations

import re

from keeneye.model import Answer, Effect, Evidence, Facts
from keeneye.signals import MISS, NOT_APPLICABLE, hit, signal

_DIGITS = re.compile(r"\D+")


def identity_seen(facts: Facts) -> bool:
    """Whether the writer's data could be in what was handed over.

    On a marketplace or in a chat they stand in the profile, not in the text.
    """
    return facts.mail.from_ is not None or facts.mail.sees != "visible"


def data(facts: Facts) -> dict[str, Evidence]:
    """What the writer tells of himself, by kind."""
    contact = facts.contact
    found: dict[str, Evidence | None] = {
        "company": contact.company,
        "person": contact.person,
        "title": contact.title,
        "phone": contact.phones[0].evidence if contact.phones else None,
        "address": contact.address,
        "website": contact.websites[0] if contact.websites else None,
        "messenger": contact.messengers[0] if contact.messengers else None,
        "registration": contact.registrations[0] if contact.registrations else None,
    }
    return {k: v for k, v in found.items() if v is not None}


@signal(
    "contact.person",
    title="Gives a contact person",
    text="“{quote}”.",
    weight=3,
    effect=Effect.QUALITY,
    source="S2 S4; rule 30",
)
def person(facts: Facts) -> Answer:
    """Hit when the writer gives a full name in text or signature.

    Why: a person who stands by the request.
    Example: "Rosa Quispe".
    Not a hit: "Sales Team"; the name of ours that is greeted.
    """
    found = facts.contact.person
    if found is None:
        return MISS if identity_seen(facts) else NOT_APPLICABLE
    return hit(found)


@signal(
    "contact.title",
    title="Gives a job title",
    text="“{quote}”.",
    weight=3,
    effect=Effect.QUALITY,
    source="S2 S4",
)
def title(facts: Facts) -> Answer:
    """Hit when a position is given: owner, purchasing manager, importer.

    Why: says whether the writer decides.
    Example: "Jefa de Compras".
    Not a hit: a title of the addressee.
    """
    found = facts.contact.title
    if found is None:
        return MISS if identity_seen(facts) else NOT_APPLICABLE
    return hit(found)


@signal(
    "contact.phone",
    title="Gives a telephone number that can be called",
    text="“{quote}”.",
    weight=5,
    effect=Effect.QUALITY,
    source="S0 S1 S2",
)
def phone(facts: Facts) -> Answer:
    """Hit when a phone or mobile number that is valid in its country is given.

    Why: who gives a number wants to be reached.
    Example: "+51 1 555 0142".
    Not a hit: numbers that fit no country's numbering plan.
    """
    found = [p.evidence for p in facts.contact.phones if p.kind != "fax"]
    if not found:
        return MISS if identity_seen(facts) else NOT_APPLICABLE
    return hit(*found)


@signal(
    "contact.fax",
    title="Gives a fax number",
    text="“{quote}”.",
    weight=1,
    effect=Effect.QUALITY,
    source="S0 S1 S2",
)
def fax(facts: Facts) -> Answer:
    """Hit when a fax number of its own is given.

    Why: an office rather than a person.
    Example: "Fax +49 421 555 01-99".
    Not a hit: the phone number again.
    """
    found = [p for p in facts.contact.phones if p.kind == "fax"]
    numbers = {_DIGITS.sub("", p.number) for p in facts.contact.phones if p.kind != "fax"}
    found = [p for p in found if _DIGITS.sub("", p.number) not in numbers]
    return hit(*(p.evidence for p in found)) if found else MISS


@signal(
    "contact.fax-is-phone",
    title="Phone and fax are one number: a small firm",
    text="“{quote}” serves as both.",
    weight=0,
    effect=Effect.FACT,
    source="S1",
)
def fax_is_phone(facts: Facts) -> Answer:
    """Hit when the fax number equals the phone number.

    Why: tells the size of the firm; no bad sign.
    Example: "Tel/Fax 0086-471-6263-1576".
    Not a hit: two numbers.
    """
    faxes = {_DIGITS.sub("", p.number): p.evidence for p in facts.contact.phones if p.kind == "fax"}
    if not faxes:
        return NOT_APPLICABLE
    same = [p.evidence for p in facts.contact.phones if p.kind != "fax" and _DIGITS.sub("", p.number) in faxes]
    return hit(*same) if same else MISS


@signal(
    "contact.messenger",
    title="Can be reached by messenger",
    text="“{quote}”.",
    weight=1,
    effect=Effect.QUALITY,
    source="S4",
)
def messenger(facts: Facts) -> Answer:
    """Hit when a messenger account stands among the contact data.

    Why: one more way to reach a real person.
    Example: "Phone/WhatsApp: +234 803 555 0199".
    Not a hit: pushing the talk to a messenger at once is judged elsewhere.
    """
    found = facts.contact.messengers or tuple(p.evidence for p in facts.contact.phones if p.kind == "messenger")
    return hit(found) if found else MISS


@signal(
    "contact.address",
    title="Gives a complete address",
    text="“{quote}”.",
    weight=6,
    effect=Effect.QUALITY,
    source="S1 S2",
)
def address(facts: Facts) -> Answer:
    """Hit when a street address is given; with building number and place it counts in full.

    Why: a complete address that a map knows: a regular company.
    Example: "Av. Argentina 2415, Lima 15079, Perú".
    Not a hit: a country or city alone.
    """
    found = facts.contact.address
    if found is None:
        return MISS if identity_seen(facts) else NOT_APPLICABLE
    return hit(found, strength=1.0 if facts.contact.address_complete else 0.5)


@signal(
    "contact.complete",
    title="Signs with complete data",
    text="Name, firm and {count} ways to find them, from “{quote}” on.",
    weight=5,
    effect=Effect.QUALITY,
    source="S2; rule 30",
)
def complete(facts: Facts) -> Answer:
    """Hit when person, company and at least three of phone, address, website, title, registration are given.

    Why: a signature with everything is what firms have.
    Example: name, title, firm, street, phone, website.
    Not a hit: name and firm only.
    """
    found = data(facts)
    ways = [k for k in ("phone", "address", "website", "title", "registration") if k in found]
    if "person" in found and "company" in found and len(ways) >= 3:
        return hit(found["person"], found["company"], values={"count": len(ways)})
    return MISS


@signal(
    "contact.none",
    title="Tells nothing about the writer",
    text="No name, firm, phone, address or website.",
    weight=-8,
    effect=Effect.QUALITY,
    source="S1 S4",
)
def none(facts: Facts) -> Answer:
    """Hit when neither company, phone, address, website nor messenger is given, nor a full name.

    Why: who gives nothing does not want to be found; level 4.
    Example: "Please send price list. Igor".
    Not a hit: marketplace messages, where the profile holds the data.
    """
    if not identity_seen(facts) or not facts.mail.body.strip():
        return NOT_APPLICABLE
    if set(data(facts)) - {"title"}:
        return MISS
    end = facts.mail.body.rstrip()
    start = max(0, len(end) - 60)
    return hit(Evidence(facts.mail.body_part, end[start:], start, len(end)))
