"""SPF, DKIM, DMARC and ARC as our own receiving host saw them (RFC 8601); what others wrote is not believed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from keeneye.facts.domains import below, registrable
from keeneye.model import Answers, Authentication, AuthHeader, AuthResult, DomainAnswer, Firm, Mail

NOTHING = Authentication(None, None, None, None, None, None, (), None)


def seen(mail: Mail, answers: Answers, firm: Firm) -> Authentication:
    """The trusted results, or all None when our host wrote none.

    Trusted: headers whose authserv-id is one of the firm's; without a setting, headers above the first Received line
    whose id is the host of that line's ``by`` (or a name in the same domain). Microsoft 365 writes no id: its header
    binds to its position. Anything below the first Received line may have been written by the sender, so of a header
    there that names our receiving host only what speaks against the message is believed: nobody forges that.
    """
    trusted = [h for h in mail.auth_headers if _trusted(h, mail, firm, answers.domains)]
    results = [r for h in trusted for r in h.results]
    if not trusted:
        trusted = [h for h in mail.auth_headers if h.name == "authentication-results" and _names_us(h, mail, firm)][:1]
        results = [r for h in trusted for r in h.results if r.result != "pass"]
    if not results:
        return NOTHING
    spf = _best(r for r in results if r.method == "spf")
    dkims = [r for r in results if r.method == "dkim"]
    dkim = _best(dkims)
    dmarc = _best(r for r in results if r.method == "dmarc")
    arc = _best(r for r in results if r.method == "arc")
    by = next((h.authserv_id for h in trusted if h.authserv_id), mail.hops[0].by if mail.hops else None)
    passed = tuple(dict.fromkeys(r.domain for r in dkims if r.domain and r.result == "pass"))
    signed = passed or tuple(dict.fromkeys(r.domain for r in dkims if r.domain))
    return Authentication(
        spf=spf.result if spf else None,
        dkim=dkim.result if dkim else None,
        dmarc=dmarc.result if dmarc else None,
        arc=arc.result if arc else None,
        by=by,
        spf_domain=spf.domain if spf else None,
        dkim_domains=signed,
        aligned=_aligned(mail, spf, passed, bool(dkims), answers.domains),
    )


def _trusted(header: AuthHeader, mail: Mail, firm: Firm, domains: Mapping[str, DomainAnswer]) -> bool:
    if header.name == "arc-authentication-results":
        return False  # a seal must be verified before what it holds can be believed
    if header.authserv_id is None:
        return header.above_received == 0
    written_by = header.authserv_id.lower()
    if firm.authserv_ids:
        # Our own hosts may hand a message on among themselves, below which only our id counts.
        return any(written_by == i.lower() for i in firm.authserv_ids) and _ours_above(header, mail, firm)
    host = mail.hops[0].by if mail.hops else None
    if header.above_received or host is None:
        return False
    host = host.lower()
    return (
        below(host, written_by)
        or below(written_by, host)
        or registrable(host, domains) == registrable(written_by, domains)
    )


def _names_us(header: AuthHeader, mail: Mail, firm: Firm) -> bool:
    """Whether the header bears the very name of our receiving host."""
    names = firm.authserv_ids or ((mail.hops[0].by,) if mail.hops and mail.hops[0].by else ())
    return header.authserv_id is not None and header.authserv_id.lower() in {n.lower() for n in names}


def _ours_above(header: AuthHeader, mail: Mail, firm: Firm) -> bool:
    """Whether every Received line above the header was written by a host of ours."""
    names = tuple(n.lower() for n in (*firm.authserv_ids, *firm.relays, *firm.domains))
    return all(
        h.by is not None and any(below(h.by.lower(), n) for n in names) for h in mail.hops[: header.above_received]
    )


def _best(results: Iterable[AuthResult]) -> AuthResult | None:
    """A pass if there is one (one good signature is enough, RFC 6376 §6.1), else the first that was judged."""
    found = list(results)
    for wanted in ("pass", "fail"):
        for result in found:
            if result.result == wanted:
                return result
    return found[0] if found else None


def _aligned(
    mail: Mail, spf: AuthResult | None, dkim: tuple[str, ...], signed: bool, domains: Mapping[str, DomainAnswer]
) -> bool | None:
    """Relaxed alignment (RFC 7489 §3.1). None: neither SPF nor DKIM was judged, or there is no From."""
    if mail.from_ is None or not mail.from_.domain or (spf is None and not signed):
        return None
    author = registrable(mail.from_.domain, domains)
    passing = [*dkim, *([spf.domain] if spf and spf.result == "pass" and spf.domain else [])]
    return any(registrable(d, domains) == author for d in passing)
