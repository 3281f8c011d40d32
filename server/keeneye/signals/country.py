"""The country that is claimed, and what it means for payment. Facts about the deal, never about the person."""

from __future__ import annotations

from keeneye.model import Answer, Country, Effect, Evidence, Facts
from keeneye.signals import MISS, NOT_APPLICABLE, UNKNOWN, hit, signal

RISKY = 6
SUBSTANCE = ("signature", "phone", "address", "domain", "company_form")


def _claim(facts: Facts) -> Evidence:
    """The weightiest sign of the claimed country."""
    claims = [c for c in facts.claimed.claims if c.country == facts.claimed.value]
    if not claims:
        return Evidence(facts.mail.body_part, "")
    return max(claims, key=lambda c: c.weight).evidence


def _values(facts: Facts) -> dict[str, str | int | float]:
    return {"country": facts.claimed.value or ""}


def _dated(country: Country, source: str) -> str:
    """The date of one of the two sources in "OECD 2026-01-30; FATF 2026-06-19"."""
    parts = (part.split() for part in country.risk_date.split(";"))
    return next((part[1] for part in parts if len(part) == 2 and part[0] == source), country.risk_date)


@signal(
    "country.claimed",
    title="Says where they are",
    text="{country}, by “{quote}”.",
    weight=0,
    effect=Effect.FACT,
    source="S0 S1 S2",
    unknown="Nothing in the message says from which country it comes",
)
def claimed(facts: Facts) -> Answer:
    """Hit when signature, phone, address, domain, company form or words name a country.

    Why: the measure for origin, time and terms.
    Example: "Lima, Perú", +51.
    Not a hit: nothing says it.
    """
    return hit(_claim(facts), values=_values(facts)) if facts.claimed.value else UNKNOWN


@signal(
    "country.agrees",
    title="Phone, address and domain name one country",
    text="{count} signs say {country}.",
    weight=4,
    effect=Effect.QUALITY,
    source="S0 S1 S2",
)
def agrees(facts: Facts) -> Answer:
    """Hit when two or more independent signs of substance name the claimed country and none another.

    Why: invented identities seldom fit together.
    Example: +51, "Lima 15079", S.A.C.
    Not a hit: language alone; signs that disagree.
    """
    value = facts.claimed.value
    if value is None:
        return NOT_APPLICABLE
    kinds = {c.kind: c.evidence for c in facts.claimed.claims if c.country == value and c.kind in SUBSTANCE}
    if len(kinds) < 2 or any(c.kind in SUBSTANCE for c in facts.claimed.disagree):
        return MISS
    return hit(*kinds.values(), values={**_values(facts), "count": len(kinds)})


@signal(
    "country.ours",
    title="Writes from your own country",
    text="By “{quote}”: often a trading firm; ask who will use the goods.",
    weight=0,
    effect=Effect.FACT,
    source="S1; rule 73",
)
def ours(facts: Facts) -> Answer:
    """Hit when the writer openly says to be in our own country.

    Why: may buy for export, or may compare prices; ask for the end customer.
    Example: a Chinese trading firm that asks a Chinese factory in English.
    Not a hit: a foreign claim with one of our phone numbers (see origin).
    """
    if facts.claimed.value is None:
        return NOT_APPLICABLE
    return hit(_claim(facts), values=_values(facts)) if facts.claimed.value == facts.firm.country else MISS


@signal(
    "country.payment-risk",
    title="Take care with payment terms for this country",
    text="{country} has country risk {risk} of 7 (OECD, {date}). This is about banks, not about the person.",
    weight=0,
    effect=Effect.FACT,
    source="S2; rules 79-85",
)
def payment_risk(facts: Facts) -> Answer:
    """Hit when the OECD puts the country into risk class 6 or 7.

    Why: banks and foreign exchange there are unsafe: a matter of terms, not of the person.
    Example: full payment before shipment instead of open account.
    Not a hit: classes 0 to 5, or not classified.
    """
    country = facts.country_risk
    if country is None or country.risk is None:
        return NOT_APPLICABLE
    if country.risk < RISKY:
        return MISS
    values: dict[str, str | int | float] = {
        "country": country.iso2,
        "risk": country.risk,
        "date": _dated(country, "OECD"),
    }
    return hit(_claim(facts), values=values)


@signal(
    "country.bank-list",
    title="Banks look closely at transfers from this country",
    text="{country} is on the FATF {list_word} list ({date}). This is about banks, not about the person.",
    weight=0,
    effect=Effect.FACT,
    source="S2; rule 80",
)
def bank_list(facts: Facts) -> Answer:
    """Hit when the FATF lists the country as grey or black.

    Why: transfers take longer or are refused; ask the bank or compliance first.
    Example: a country under increased monitoring.
    Not a hit: all others.
    """
    country = facts.country_risk
    if country is None:
        return NOT_APPLICABLE
    if country.fatf not in ("grey", "black"):
        return MISS
    values: dict[str, str | int | float] = {
        "country": country.iso2,
        "list_word": country.fatf,
        "date": _dated(country, "FATF"),
    }
    return hit(_claim(facts), values=values)
