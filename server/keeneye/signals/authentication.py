"""Whether the message provably comes from the address it shows, as our own mail host saw it."""

from __future__ import annotations

from keeneye.model import Answer, Authentication, Effect, Evidence, Facts
from keeneye.signals import MISS, NOT_APPLICABLE, UNKNOWN, hit, signal
from keeneye.signals.sender import kind, on_a_list

SILENT = "Your mail host did not say whether the sender's address is genuine"


def _told(auth: Authentication) -> bool:
    return any((auth.spf, auth.dkim, auth.dmarc))


def _result(name: str, value: str) -> Evidence:
    return Evidence("header:Authentication-Results", f"{name}={value}")


@signal(
    "authentication.forged",
    title="Uses an address that it was not sent from",
    text="The owner of {domain} says that such a message is not theirs (DMARC fails).",
    weight=-26,
    source="domain.md §3; RFC 7489",
    unknown=SILENT,
)
def forged(facts: Facts) -> Answer:
    """Hit when our mail host reports that DMARC failed.

    Why: the owner of the domain published how to tell his mail, and this is not it.
    Example: dmarc=fail for ``acme.example``.
    Not a hit: mailing lists and forwards that are known to break it (ARC passes); unknown when nothing was reported.
    """
    auth = facts.authentication
    if not _told(auth):
        return UNKNOWN
    if auth.dmarc is None:
        return NOT_APPLICABLE
    if auth.dmarc == "fail" and auth.arc != "pass" and not on_a_list(facts):
        return hit(_result("dmarc", "fail"), values={"domain": facts.sender.domain if facts.sender else ""})
    return MISS


@signal(
    "authentication.wrong-server",
    title="Was sent from a server that its domain does not allow",
    text="{domain} does not list the sending server (SPF {result}).",
    weight=-16,
    source="domain.md §3; RFC 7208",
    unknown=SILENT,
)
def wrong_server(facts: Facts) -> Answer:
    """Hit when SPF fails and no valid signature of the domain makes up for it; softfail counts six tenths.

    Why: the domain's owner lists his servers.
    Example: spf=fail.
    Not a hit: an aligned DKIM pass (forwarded mail); mailing lists; none or neutral.
    """
    auth = facts.authentication
    if not _told(auth):
        return UNKNOWN
    if auth.spf is None:
        return NOT_APPLICABLE
    if auth.spf in ("fail", "softfail") and not auth.aligned and not on_a_list(facts):
        values = {"domain": auth.spf_domain or (facts.sender.domain if facts.sender else ""), "result": auth.spf}
        return hit(_result("spf", auth.spf), values=values, strength=1.0 if auth.spf == "fail" else 0.6)
    return MISS


@signal(
    "authentication.broken-seal",
    title="Was changed on the way, or its seal is false",
    text="The electronic seal does not fit the message (DKIM fails).",
    weight=-6,
    source="domain.md §3; RFC 6376",
    unknown=SILENT,
)
def broken_seal(facts: Facts) -> Answer:
    """Hit when DKIM fails and SPF does not prove the domain either.

    Why: a forged or altered letter has no valid seal; so have some honest relays, hence few points.
    Example: dkim=fail, spf=none.
    Not a hit: mailing lists, which change messages; an aligned SPF pass.
    """
    auth = facts.authentication
    if not _told(auth):
        return UNKNOWN
    if auth.dkim is None:
        return NOT_APPLICABLE
    if auth.dkim in ("fail", "permerror") and not auth.aligned and not on_a_list(facts) and auth.spf != "pass":
        return hit(_result("dkim", auth.dkim))
    return MISS


@signal(
    "authentication.forged-free-mail",
    title="Shows a free mailbox that it was not sent from",
    text="{domain} seals all its mail, but this one bears no valid seal.",
    weight=-20,
    source="domain.md §3",
    unknown=SILENT,
)
def forged_free_mail(facts: Facts) -> Answer:
    """Hit when From is at a free-mail provider and no seal is its own: another domain's only, or neither SPF nor DKIM.

    Why: the large providers seal and list all their mail.
    Example: From ``x@gmail.com``, spf=none, dkim=none; or sealed by ``bakery.example`` alone.
    Not a hit: nothing reported about one of the two; mailing lists.
    """
    auth = facts.authentication
    if kind(facts.sender) != "free":
        return NOT_APPLICABLE
    if not _told(auth) or auth.aligned is None:
        return UNKNOWN
    if auth.aligned or auth.dmarc == "pass" or on_a_list(facts) or auth.arc == "pass":
        return MISS
    if auth.dkim is None or (auth.spf is None and auth.dkim != "pass"):
        return UNKNOWN
    return hit(_result("dkim", auth.dkim), values={"domain": facts.sender.domain if facts.sender else ""})


@signal(
    "authentication.forged-brand",
    title="Shows a known firm's address, but is not sealed by it",
    text="{brand} seals its mail; this one shows {domain} and bears no valid seal of it.",
    headline="Shows a known firm's address without its seal",
    weight=-26,
    type="phishing/credential_link",
    source="domain.md §3; rule 14",
    unknown=SILENT,
)
def forged_brand(facts: Facts) -> Answer:
    """Hit when From is a known firm's own domain and our mail host reports results, none of which proves it.

    Why: banks, couriers and services seal all their mail; what bears their address without it was written by others.
    Example: From ``notice@dhl.com``, spf=none, dkim=none.
    Not a hit: any aligned pass, DMARC pass, a sound ARC chain, a mailing list; unknown when nothing was reported.
    """
    auth = facts.authentication
    answer = facts.sender.answer if facts.sender else None
    if answer is None or not answer.brand or answer.mailbox == "free":
        return NOT_APPLICABLE
    if not _told(auth) or auth.aligned is None:
        return UNKNOWN
    if auth.aligned or "pass" in (auth.dmarc, auth.arc) or on_a_list(facts):
        return MISS
    where = _result("dkim", auth.dkim) if auth.dkim else _result("spf", auth.spf or "none")
    return hit(where, values={"brand": answer.brand, "domain": facts.sender.domain if facts.sender else ""})


@signal(
    "authentication.proven",
    title="Provably comes from the company it names",
    text="{domain} is proven as the sender by your mail host.",
    weight=4,
    effect=Effect.QUALITY,
    source="domain.md §3; rule 14",
    unknown=SILENT,
)
def proven(facts: Facts) -> Answer:
    """Hit when an aligned SPF or DKIM pass proves the sender's own company domain.

    Why: the address can be trusted, though not yet the person.
    Example: dkim=pass for ``acme.example``, From ``buyer@acme.example``.
    Not a hit: free and disposable mailboxes, where the proof says little.
    """
    auth = facts.authentication
    if kind(facts.sender) not in ("company", "government", "education"):
        return NOT_APPLICABLE
    if not _told(auth):
        return UNKNOWN
    if auth.aligned:
        name = "dkim" if auth.dkim == "pass" else "spf"
        return hit(_result(name, "pass"), values={"domain": facts.sender.domain if facts.sender else ""})
    return MISS


@signal(
    "authentication.no-proof",
    title="Gives no proof of where it comes from",
    text="{domain} neither lists its servers nor seals its mail.",
    weight=-6,
    source="domain.md §3",
    unknown=SILENT,
)
def no_proof(facts: Facts) -> Answer:
    """Hit when our mail host reports "none" for SPF and for DKIM on a company domain.

    Why: the address could be forged by anybody.
    Example: spf=none, dkim=none.
    Not a hit: only one of the two is reported; any pass.
    """
    auth = facts.authentication
    if kind(facts.sender) != "company":
        return NOT_APPLICABLE
    if auth.spf is None or auth.dkim is None:
        return UNKNOWN
    if auth.spf == "none" and auth.dkim == "none" and not on_a_list(facts):
        return hit(_result("spf", "none"), values={"domain": facts.sender.domain if facts.sender else ""})
    return MISS
