"""What the sender's domain name says: whose it looks like, how old it is, what stands behind it."""

from __future__ import annotations

import re

from keeneye.model import Answer, DomainAnswer, Effect, Evidence, Facts
from keeneye.signals import MISS, NOT_APPLICABLE, UNKNOWN, hit, signal
from keeneye.signals.links import label, machine, ours, registrable, same_owner, throw_away

NOT_YET = "The age of the domain is not known yet"
_NO_SENSE = re.compile(r"[bcdfghjklmnpqrstvwxz]{5,}|(?:[a-z]+\d+){2,}[a-z]*|^[a-z]?\d{4,}[a-z]*$|[a-z]\d[a-z]\d")


def company_domain(facts: Facts) -> DomainAnswer | None:
    """The sender's domain when it is a firm's own, else None."""
    answer = facts.sender.answer if facts.sender else None
    return answer if answer is not None and answer.mailbox not in ("free", "disposable") else None


def _from(facts: Facts) -> Evidence:
    return Evidence("header:From", facts.sender.address if facts.sender else "")


@signal(
    "domain.look-alike",
    title="Comes from a copy of a known address",
    text="{domain} looks like {real} ({how_word}), but belongs to somebody else.",
    weight=-50,
    type="fraud",
    source="domain.md §4; rule 4",
)
def look_alike(facts: Facts) -> Answer:
    """Hit when the domain of From or Reply-To imitates a known brand's or a partner's.

    Why: one letter off is not seen in a hurry.
    Example: ``aIibaba.example`` with a capital I; ``acme-vendor.example`` for the partner ``acme.example``.
    Not a hit: the real domains; a firm that only shares a common word.
    """
    if facts.sender is None:
        return NOT_APPLICABLE
    for who, header in ((facts.sender, "header:From"), (facts.reply_to, "header:Reply-To")):
        if who and who.answer and who.answer.resembles:
            values = {"domain": who.domain, "real": who.answer.resembles, "how_word": who.answer.resembles_how or ""}
            return hit(Evidence(header, who.address), values=values)
    return MISS


@signal(
    "domain.like-ours",
    title="Comes from an address that looks like your own firm's",
    text="{domain} holds your firm's name, but is not yours.",
    weight=-45,
    type="phishing",
    source="domain.md §4; rule 4",
)
def like_ours(facts: Facts) -> Answer:
    """Hit when our firm's domain name stands inside another domain of From or Reply-To.

    Why: "yourfirm-mail" is taken for a colleague.
    Example: ``exporter-billing.example`` for ``exporter.example``.
    Not a hit: our own domains; a name of fewer than six letters, which may be chance.
    """
    if facts.sender is None or not facts.firm.domains:
        return NOT_APPLICABLE
    for who, header in ((facts.sender, "header:From"), (facts.reply_to, "header:Reply-To")):
        if who is None or ours(facts, who.domain):
            continue
        for own in facts.firm.domains:
            name = label(own).replace("-", "")
            if len(name) >= 6 and name in who.domain.replace("-", ""):
                return hit(Evidence(header, who.address), values={"domain": who.domain})
    return MISS


@signal(
    "domain.new",
    title="Comes from a domain that is only weeks old",
    text="{domain} was registered {days} days ago.",
    weight=-28,
    source="S0 S2; rule 5",
    unknown=NOT_YET,
)
def new(facts: Facts) -> Answer:
    """Hit when the sender's own domain was registered less than 30 days ago; half as much below 90 days.

    Why: domains for traps are bought for weeks; a firm with "twenty years" has an old one.
    Example: registered 9 days ago.
    Not a hit: free-mail providers; unknown until the register has answered.
    """
    answer = company_domain(facts)
    if answer is None:
        return NOT_APPLICABLE
    if answer.age_days is None:
        return UNKNOWN
    if answer.age_days < 90:
        values: dict[str, str | int | float] = {"domain": answer.registrable or answer.host, "days": answer.age_days}
        return hit(_from(facts), values=values, strength=1.0 if answer.age_days < 30 else 0.5)
    return MISS


@signal(
    "domain.long-standing",
    title="Has had its domain for years",
    text="{domain} was registered {years} years ago.",
    weight=6,
    source="S0 S2; rule 32",
    unknown=NOT_YET,
)
def long_standing(facts: Facts) -> Answer:
    """Hit when the sender's own domain is three years old or more and the proof of origin does not fail.

    Why: a standing firm keeps its domain.
    Example: registered in 2009.
    Not a hit: unknown until the register has answered; DMARC fails.
    """
    answer = company_domain(facts)
    if answer is None:
        return NOT_APPLICABLE
    if answer.age_days is None:
        return UNKNOWN
    if answer.age_days >= 1095 and facts.authentication.dmarc != "fail":
        return hit(_from(facts), values={"domain": answer.registrable or answer.host, "years": answer.age_days // 365})
    return MISS


@signal(
    "domain.no-mail-servers",
    title="Comes from a domain that cannot receive mail",
    text="{domain} has no mail server: an answer would not arrive.",
    weight=-22,
    source="S0 S2",
    unknown="Whether the domain can receive mail is not known yet",
)
def no_mail_servers(facts: Facts) -> Answer:
    """Hit when the look-up found no mail server for the sender's domain.

    Why: a company without one is not what it says.
    Example: a domain without MX.
    Not a hit: unknown until looked up.
    """
    answer = company_domain(facts)
    if answer is None:
        return NOT_APPLICABLE
    if answer.has_mx is None:
        return UNKNOWN
    return MISS if answer.has_mx else hit(_from(facts), values={"domain": answer.registrable or answer.host})


@signal(
    "domain.no-site",
    title="Has no website behind its mail address",
    text="{domain} shows no site.",
    weight=-5,
    source="S0 S2; rule 10",
    unknown="Whether the domain has a site is not known yet",
)
def no_site(facts: Facts) -> Answer:
    """Hit when the look-up found no website at the sender's own domain.

    Why: a firm mostly has one; a mild sign only.
    Example: neither acme.example nor www.acme.example answers.
    Not a hit: unknown until looked up.
    """
    answer = company_domain(facts)
    if answer is None:
        return NOT_APPLICABLE
    if answer.has_site is None:
        return UNKNOWN
    return MISS if answer.has_site else hit(_from(facts), values={"domain": answer.registrable or answer.host})


@signal(
    "domain.website-agrees",
    title="Names a website that agrees with its mail address",
    text="{site} and {domain} belong together.",
    weight=8,
    effect=Effect.QUALITY,
    source="S0 S1 S2",
)
def website_agrees(facts: Facts) -> Answer:
    """Hit when a website given by the writer is at the same domain as his mail address.

    Why: mail and site of one firm belong together.
    Example: ``www.acme.example`` from ``buyer@acme.example``.
    Not a hit: free mailboxes; another site (``domain.other-website``).
    """
    answer = company_domain(facts)
    if answer is None or not facts.contact.websites:
        return NOT_APPLICABLE
    for site in facts.contact.websites:
        host, name = _host(site), answer.registrable
        if same_owner(_site(facts, site), answer) or (name and (host == name or host.endswith("." + name))):
            return hit(site, values={"site": site.quote[:60], "domain": answer.registrable or answer.host})
    return MISS


def _host(site: Evidence) -> str:
    return site.quote.lower().split("://", 1)[-1].split("/", 1)[0].strip(". ")


def _site(facts: Facts, site: Evidence) -> DomainAnswer | None:
    return facts.answers.domains.get(_host(site))


@signal(
    "domain.other-website",
    title="Names a website that does not belong to its mail address",
    text="The site is {site}, but the mail comes from {domain}.",
    weight=-3,
    source="rule 7",
)
def other_website(facts: Facts) -> Answer:
    """Hit when all websites in the signature belong to another owner than the sender's own domain.

    Why: the name of a real firm is easily borrowed, its mail domain is not.
    Example: ``www.bigbuyer.example`` in a mail from ``buyer@bigbuyer-po.example``.
    Not a hit: free mailboxes; no website given, or a list of links; one of the sites agrees.
    """
    answer = company_domain(facts)
    sites = [s for s in facts.contact.websites if registrable(_site(facts, s))]
    if answer is None or not sites or len(facts.contact.websites) > 2:
        return NOT_APPLICABLE
    if any(same_owner(_site(facts, s), answer) or ours(facts, _host(s)) for s in sites):
        return MISS
    return hit(sites[0], values={"site": sites[0].quote[:60], "domain": answer.registrable or answer.host})


@signal(
    "domain.throw-away-ending",
    title="Comes from a throw-away kind of domain",
    text="{domain} has an ending that is sold for pennies and often used for traps.",
    weight=-12,
    source="public abuse statistics of domain endings (Spamhaus, Interisle)",
)
def throw_away_ending(facts: Facts) -> Answer:
    """Hit when the sender's domain has one of the endings that abuse reports name most.

    Why: traps need many cheap names; few trading firms use them.
    Example: ``info@order-desk.top``.
    Not a hit: national endings, .com, .net, .org, .biz, .info.
    """
    answer = company_domain(facts)
    if answer is None:
        return NOT_APPLICABLE
    if throw_away(answer):
        return hit(_from(facts), values={"domain": answer.registrable or answer.host})
    return MISS


@signal(
    "domain.free-space",
    title="Comes from free web space instead of a firm's domain",
    text="{domain} is free web space that anybody can get without giving a name.",
    weight=-20,
    source="domain.md §5",
)
def free_space(facts: Facts) -> Answer:
    """Hit when the sender's domain lies below a free hosting or trial service's name.

    Why: such names are used for a day.
    Example: ``noreply@order-12ab3.firebaseapp.com``, ``x@trial7.onmicrosoft.com``.
    Not a hit: free-mail providers, which are judged as such.
    """
    answer = company_domain(facts)
    if answer is None:
        return NOT_APPLICABLE
    if answer.free_hosting or answer.host.endswith((".onmicrosoft.com", ".firebaseapp.com", ".awsapps.com")):
        return hit(_from(facts), values={"domain": answer.host})
    return MISS


@signal(
    "domain.machine-name",
    title="Comes from a rented machine without a proper name",
    text="{domain} is the number of a rented server, not a firm's domain.",
    weight=-22,
    source="public phishing reports (APWG)",
)
def machine_name(facts: Facts) -> Answer:
    """Hit when the part behind the @ is the bare technical name of a rented server.

    Why: a firm writes from its own name.
    Example: ``info@vps-4471.hoster.example``.
    Not a hit: a firm's ``mail`` or ``server`` names without numbers.
    """
    if facts.sender is None:
        return NOT_APPLICABLE
    return hit(_from(facts), values={"domain": facts.sender.domain}) if machine(facts.sender.domain) else MISS


@signal(
    "domain.no-sense",
    title="Comes from a domain that reads like random letters",
    text="{domain} does not look like a name that a firm chose.",
    weight=-8,
    source="public spam reports",
)
def no_sense(facts: Facts) -> Answer:
    """Hit when the domain's name is consonants in a row or letters and digits mixed.

    Why: programs register such names by the thousand.
    Example: ``xkqvtz.example``, ``a8b3k1.example``.
    Not a hit: numbers only up to three digits, initials, Chinese number names such as ``163``.
    """
    answer = company_domain(facts)
    if answer is None or not answer.registrable:
        return NOT_APPLICABLE
    name = label(answer.registrable)
    if len(name) > 5 and _NO_SENSE.search(name) and answer.brand is None:
        return hit(_from(facts), values={"domain": answer.registrable})
    return MISS
