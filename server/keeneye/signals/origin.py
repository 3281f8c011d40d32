"""From where the message entered the internet, against where its writer says he is."""

from __future__ import annotations

from keeneye.model import Answer, Effect, Evidence, Facts
from keeneye.signals import MISS, NOT_APPLICABLE, UNKNOWN, hit, signal

HIDDEN = "From where it was sent could not be seen"
SURE = 0.5
"""Least confidence in the claimed country for a comparison."""


def _where(facts: Facts) -> Evidence:
    return Evidence(f"header:{facts.origin.from_header or 'Received'}", facts.origin.ip or "")


def origin_country(facts: Facts) -> str | None:
    """The country where the writer's own network is; None for relays that say nothing about him."""
    place = facts.origin.place
    if place is None or place.kind in ("hosting", "mail_provider", "tor", "vpn"):
        return None
    return place.country


def claimed(facts: Facts) -> str | None:
    return facts.claimed.value if facts.claimed.confidence >= SURE else None


@signal(
    "origin.hidden",
    title="This mail provider hides the sender's address",
    text="{provider} does not show from where its users write; that is no bad sign.",
    weight=0,
    effect=Effect.FACT,
    source="S0 S1 S2",
)
def hidden(facts: Facts) -> Answer:
    """Hit when the sender used a provider that hides its users' addresses.

    Why: then there is no evidence of the place, and that must be said.
    Example: Gmail, Outlook.com.
    Not a hit: a company's own server.
    """
    provider = facts.origin.hidden_by_provider
    return hit(Evidence("header:Received", provider), values={"provider": provider}) if provider else MISS


@signal(
    "origin.agrees",
    title="Was sent from the country it names",
    text="Sent from {country}, as claimed.",
    weight=6,
    source="S0 S1 S2",
    unknown=HIDDEN,
)
def agrees(facts: Facts) -> Answer:
    """Hit when the country of the sending address is the claimed one.

    Why: two independent signs agree.
    Example: says Lagos, sent from Nigeria.
    Not a hit: the provider hides the address; no country is claimed.
    """
    want = claimed(facts)
    if want is None:
        return NOT_APPLICABLE
    real = origin_country(facts)
    if real is None:
        return UNKNOWN
    return hit(_where(facts), values={"country": real}) if real == want else MISS


@signal(
    "origin.other-country",
    title="Names one country, but was sent from another",
    text="Says {claimed_country}, but was sent from {real_country}.",
    headline="Says {claimed_country}, but was sent from {real_country}",
    weight=-12,
    source="S0 S1 S2",
    unknown=HIDDEN,
)
def other_country(facts: Facts) -> Answer:
    """Hit when the sending address lies in another country than the one claimed by signature, phone or domain.

    Why: says Germany, sent from another continent: probably false. Buyers travel, so it never decides alone.
    Example: German signature, sent from an access network in another country.
    Not a hit: a mail provider's or hosting server, a hidden address, a weak claim, several claims that disagree.
    """
    want = claimed(facts)
    if want is None:
        return NOT_APPLICABLE
    real = origin_country(facts)
    if real is None:
        return UNKNOWN
    if real == want or real == facts.firm.country or any(c.country == real for c in facts.claimed.claims):
        return MISS
    values = {"claimed_country": want, "real_country": real}
    return hit(_where(facts), facts.claimed.claims[0].evidence, values=values)


@signal(
    "origin.from-our-country",
    title="Names a foreign country, but was sent from your own",
    text="Says {claimed_country}, but was sent from {real_country}, your own country.",
    headline="Says {claimed_country}, but was sent from your own country",
    weight=-24,
    type="information_gathering/competitor",
    source="S1 S2",
    unknown=HIDDEN,
)
def from_our_country(facts: Facts) -> Answer:
    """Hit when the writer claims a foreign country and the message was sent from an access network in ours.

    Why: a domestic competitor asks for prices and drawings under a foreign name.
    Example: "a German buyer", sent from our own city.
    Not a hit: a buyer who says that he is visiting; a hidden address; a relay of a provider.
    """
    want = claimed(facts)
    if want is None:
        return NOT_APPLICABLE
    real = origin_country(facts)
    if real is None:
        return UNKNOWN
    if real != facts.firm.country or want == real or any(c.country == real for c in facts.claimed.claims):
        return MISS
    values = {"claimed_country": want, "real_country": real}
    return hit(_where(facts), facts.claimed.claims[0].evidence, values=values)


@signal(
    "origin.disguised",
    title="Was sent through a network that hides the sender",
    text="{network} is used to hide where one is.",
    weight=-14,
    source="S1; rule 59",
    unknown=HIDDEN,
)
def disguised(facts: Facts) -> Answer:
    """Hit when the sending address belongs to Tor or to a known VPN or proxy network.

    Why: real buyers send from access networks or mail providers.
    Example: a Tor exit.
    Not a hit: a hosting network, where many firms' own mail servers stand.
    """
    place = facts.origin.place
    if place is None or place.kind is None:
        return UNKNOWN
    if place.kind in ("tor", "vpn"):
        return hit(_where(facts), values={"network": place.network or place.ip})
    return MISS


@signal(
    "origin.rented-server",
    title="Was sent from a rented server",
    text="{network} rents servers; a firm's own mail server may stand there, but so do bulk senders.",
    weight=-3,
    source="S1",
    unknown=HIDDEN,
)
def rented_server(facts: Facts) -> Answer:
    """Hit when the first public address is in a hosting network and nothing proves the sender's domain.

    Why: bulk senders rent servers by the hour.
    Example: an unproven mail from a hosting network.
    Not a hit: a company domain with proof, whose mail server merely stands there.
    """
    place = facts.origin.place
    if place is None or place.kind is None:
        return UNKNOWN
    if place.kind == "hosting" and not facts.authentication.aligned:
        return hit(_where(facts), values={"network": place.network or place.ip})
    return MISS


@signal(
    "origin.claims-disagree",
    title="Names different countries for itself",
    text="{one_country} by its {first_word}, but {other_country} by its {second_word}.",
    weight=-8,
    source="S2; rules 58, 59",
)
def claims_disagree(facts: Facts) -> Answer:
    """Hit when phone, address, company form or domain of the writer name different countries.

    Why: whoever invents a firm mixes things up.
    Example: a UK address with a telephone number of another continent.
    Not a hit: language alone; a firm with a branch in our own country.
    """
    if facts.claimed.value is None:
        return NOT_APPLICABLE
    for claim in facts.claimed.disagree:
        if claim.kind in ("language", "introduction") or claim.country == facts.firm.country:
            continue
        main = next((c for c in facts.claimed.claims if c.country == facts.claimed.value), None)
        if main is None or main.kind == "language":
            continue
        values = {
            "one_country": main.country,
            "first_word": main.kind,
            "other_country": claim.country,
            "second_word": claim.kind,
        }
        return hit(claim.evidence, main.evidence, values=values)
    return MISS


@signal(
    "origin.our-phone-or-city",
    title="Names a foreign country, but gives a contact in yours",
    text="Says {claimed_country}, but the {kind_word} points to {country}.",
    weight=-8,
    type="information_gathering/competitor",
    source="rule 73",
)
def our_phone_or_city(facts: Facts) -> Answer:
    """Hit when an inquiry that claims a foreign country names a phone, address or company form of our own country.

    Why: a domestic competitor or trading firm behind a foreign name.
    Example: "a buyer from Canada" with a mobile number of our own country.
    Not a hit: no foreign claim; a quoted signature of our own people.
    """
    if facts.claimed.value is None or facts.claimed.value == facts.firm.country:
        return NOT_APPLICABLE
    for claim in facts.claimed.disagree:
        if claim.country == facts.firm.country and claim.kind in ("phone", "address", "company_form"):
            values = {
                "kind_word": claim.kind,
                "country": claim.country,
                "claimed_country": facts.claimed.value,
            }
            return hit(claim.evidence, values=values)
    return MISS
