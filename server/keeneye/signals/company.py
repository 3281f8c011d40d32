"""Which company the writer speaks for, and what it has done before."""

from __future__ import annotations

import re

from keeneye.model import Answer, Effect, Evidence, Facts
from keeneye.signals import MISS, NOT_APPLICABLE, hit, signal
from keeneye.signals.contact import identity_seen
from keeneye.signals.request.reading import of_a_request

_LETTERS = re.compile(r"[a-z0-9]{3,}")
_PLAIN = re.compile(
    r"^(?:the|and|inc|ltd|llc|gmbh|limited|company|trading|international|import|export|imports|exports|group|"
    r"corporation|corp|sdn|bhd|pvt|pty|plc|srl|spa|sas|sarl|ltda|industries|industrial|global|general|services|"
    r"enterprises?|store|shop|com)$"
)


@signal(
    "company.name",
    title="Names the company",
    text="“{quote}”.",
    weight=5,
    effect=Effect.QUALITY,
    source="S0 S1 S2",
)
def name(facts: Facts) -> Answer:
    """Hit when a company name is given in text or signature.

    Why: it can be looked up.
    Example: "Andes Fluidos S.A.C."
    Not a hit: our own name; a marketplace's.
    """
    found = facts.contact.company
    if found is None:
        return MISS if identity_seen(facts) else NOT_APPLICABLE
    return hit(found)


@signal(
    "company.legal-form",
    title="The company name has a legal form",
    text="“{form}” in “{quote}”.",
    weight=3,
    effect=Effect.QUALITY,
    source="S1 S2",
)
def legal_form(facts: Facts) -> Answer:
    """Hit when the company name carries a legal form of some country.

    Why: a registered firm that a register can show.
    Example: "GmbH", "S.A.C.", "ذ.م.م".
    Not a hit: a shop's name alone.
    """
    if facts.contact.company is None:
        return NOT_APPLICABLE
    form = facts.contact.company_form
    return hit(facts.contact.company, values={"form": form}) if form else MISS


@signal(
    "company.name-in-domain",
    title="Company name and mail domain agree",
    text="“{quote}” writes from {domain}.",
    weight=6,
    effect=Effect.QUALITY,
    source="S0 S1 S2",
)
def name_in_domain(facts: Facts) -> Answer:
    """Hit when a distinctive word of the company name stands in the sender's own mail domain.

    Why: name and domain were registered by one firm.
    Example: "Weser Armaturen GmbH" from weser-armaturen.example.
    Not a hit: free mailboxes; general words such as "trading"; look-alike domains.
    """
    company, sender = facts.contact.company, facts.sender
    if company is None or sender is None:
        return NOT_APPLICABLE
    answer = sender.answer
    if answer is not None and (answer.mailbox in ("free", "disposable") or answer.resembles):
        return NOT_APPLICABLE
    domain = ((answer.registrable if answer else None) or sender.domain).lower()
    label = domain.split(".")[0]
    for word in _LETTERS.findall(company.quote.lower()):
        if not _PLAIN.match(word) and word in label:
            return hit(company, values={"domain": domain})
    return MISS


@signal(
    "company.website",
    title="Names a website",
    text="“{quote}”.",
    weight=3,
    effect=Effect.QUALITY,
    source="S0 S1 S2",
)
def website(facts: Facts) -> Answer:
    """Hit when the writer gives the address of the firm's site.

    Why: it can be looked at. Whether it agrees with the mail domain is judged under ``domain``.
    Example: "www.andes-fluidos.example".
    Not a hit: our own site; links of a marketplace.
    """
    found = facts.contact.websites
    if not found:
        return MISS if identity_seen(facts) else NOT_APPLICABLE
    return hit(found)


@signal(
    "company.registration",
    title="Gives a register, tax or import number",
    text="“{quote}”.",
    weight=5,
    effect=Effect.QUALITY,
    source="rule 33",
)
def registration(facts: Facts) -> Answer:
    """Hit when a company register, tax or import licence number is given.

    Why: only a registered firm has one, and it can be checked.
    Example: "USt-IdNr. DE…", "RC 0000000".
    Not a hit: order numbers.
    """
    found = facts.contact.registrations
    return hit(found) if found else MISS


@signal(
    "company.introduction",
    title="Introduces the company",
    text="“{quote}”.",
    weight=4,
    effect=Effect.QUALITY,
    source="S2",
)
@of_a_request
def introduction(facts: Facts) -> Answer:
    """Hit when the writer says who they are, what they sell or where.

    Why: a buyer explains himself in order to get a good offer.
    Example: "We are a distributor of valves in Lima."
    Not a hit: a name alone.
    """
    found = facts.says("introduction.company")
    return hit(found) if found else MISS


@signal(
    "company.trade-role",
    title="Says which part of the trade they are",
    text="“{quote}”.",
    weight=4,
    effect=Effect.QUALITY,
    source="S2 S4",
)
@of_a_request
def trade_role(facts: Facts) -> Answer:
    """Hit when the writer is an importer, distributor, retailer, contractor or maker.

    Why: one who sells on or builds in orders again.
    Example: "we import and distribute", "五金批发商".
    Not a hit: "big company".
    """
    found = facts.says("trade.role")
    return hit(found) if found else MISS


@signal(
    "company.claims-size",
    title="Says to be a large company: look it up",
    text="“{quote}”: searches are offered under the checks.",
    weight=0,
    effect=Effect.FACT,
    source="S2 S3 S4",
)
@of_a_request
def claims_size(facts: Facts) -> Answer:
    """Hit when the writer calls the firm leading, largest or listed.

    Why: a large company can be found by anybody; the reader searches and records what comes of it.
    Example: "one of the leading retailers of Europe".
    Not a hit: a plain introduction.
    """
    found = facts.says("company.big")
    return hit(found) if found else MISS


@signal(
    "company.existing-supplier",
    title="Has a supplier now and wants another",
    text="“{quote}”.",
    weight=8,
    effect=Effect.QUALITY,
    type="potential_customer",
    source="S2; rule 27",
)
@of_a_request
def existing_supplier(facts: Facts) -> Answer:
    """Hit when the present source is named, or a second or new supplier is looked for.

    Why: the need exists already; the reason for a change can be answered.
    Example: "our present supplier is late, so we look for a second source".
    Not a hit: "reliable suppliers" in a form letter.
    """
    found = facts.says("supplier.existing")
    return hit(found) if found else MISS


@signal(
    "company.import-experience",
    title="Has imported before",
    text="“{quote}”.",
    weight=6,
    effect=Effect.QUALITY,
    type="potential_customer",
    source="S2; rules 24, 33",
)
@of_a_request
def import_experience(facts: Facts) -> Answer:
    """Hit when earlier imports, customs clearance, a licence or a forwarder are spoken of.

    Why: knows how it is done and can do it again.
    Example: "we last imported from Turkey in May".
    Not a hit: "we want to import".
    """
    found = facts.says("import.experience")
    return hit(found) if found else MISS


@signal(
    "company.known-customer",
    title="A customer of yours",
    text="Known as {customer}. Orders so far: {orders}.",
    weight=15,
    effect=Effect.QUALITY,
    source="S4",
)
def known_customer(facts: Facts) -> Answer:
    """Hit when your own customer list has the sender; a third as much for one who never ordered, came or was looked up.

    Why: who has ordered, sampled or visited is level 1.
    Example: the address of an order of last year.
    Not a hit: a stranger; no list was given; the sender's host denies the mail.
    """
    history = facts.history
    if history is None or facts.sender is None or not (history.customers_listed or history.listed):
        return NOT_APPLICABLE
    known = history.listed
    if known is None or facts.forged:
        return MISS
    proven = known.ordered or known.sampled or known.visited or known.standing
    return hit(
        Evidence("header:From", facts.sender.address),
        values={"customer": known.name, "orders": known.ordered},
        strength=1.0 if proven else 0.33,
    )
