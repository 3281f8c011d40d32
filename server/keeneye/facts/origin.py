"""Where a message entered the internet, from its Received chain (RFC 5321 §4.4)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from functools import lru_cache
from ipaddress import ip_address, ip_network
from typing import Final

from keeneye.facts.domains import last_labels
from keeneye.model import Answers, DomainAnswer, Firm, Hop, Mail, Origin

CLOCKS: Final = timedelta(minutes=30)
"""By how much the clocks of two honest servers may differ."""
WAIT_MOST: Final = timedelta(days=5)
"""How long a server tries to pass a message on (RFC 5321 §4.5.4.1)."""


def find(mail: Mail, answers: Answers, firm: Firm) -> Origin:
    """The oldest public address that can be believed, past our own relays.

    Our own lines are true; below them every line may be invented by whoever handed the message over, so the chain is
    followed only while each older line was written by the host that the newer one names. An address that the
    provider itself wrote down (``X-Originating-IP``) is preferred. When all that shows is the mail provider's own
    machine, ``hidden_by_provider`` names it and ``place`` is None: no evidence, not a bad sign.
    """
    border = _border(mail.hops, firm)
    stated = public(mail.originating_ip)
    if border is None and stated is None:
        return Origin(None, None, None, None, None)
    ip, header, index = None, None, None
    if border is not None:
        hop = _oldest(mail.hops, border)
        ip, header, index = hop.from_ip, "Received", hop.index
    if stated is not None:
        ip, header, index = stated, "X-Originating-IP", None
    place = answers.places.get(ip or "")
    provider = _provider(mail, answers, index, ip)
    return Origin(ip, None if provider else place, provider, header, index)


@lru_cache(maxsize=4096)
def public(text: str | None) -> str | None:
    """The address when it is one of the public internet, else None.

    Documentation ranges count: invented samples use them, and no real mail comes from there.
    """
    if text is None:
        return None
    try:
        address = ip_address(text)
    except ValueError:
        return None
    return text if address.is_global or any(address in net for net in _DOCUMENTATION) else None


_DOCUMENTATION: Final = tuple(
    ip_network(n) for n in ("192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24", "2001:db8::/32")
)


def _border(hops: Sequence[Hop], firm: Firm) -> int | None:
    """The place of the line in which one of our own machines took the message from a stranger."""
    for place, hop in enumerate(hops):
        if public(hop.from_ip) is not None and not ours(hop.from_ip, hop.from_host, firm):
            return place
    return None


def ours(ip: str | None, host: str | None, firm: Firm) -> bool:
    """Whether an address or host name is one of our own relays.

    A host name in ``from`` is only what the stranger said of himself, so names count for lines without an address.
    """
    for relay in firm.relays:
        if ip is not None:
            try:
                if ip_address(ip) in ip_network(relay, strict=False):
                    return True
            except (ValueError, TypeError):
                continue
        elif host is not None and (host == relay.lower() or host.endswith("." + relay.lower().lstrip("."))):
            return True
    return ip is None and host is not None and any(host == d or host.endswith("." + d) for d in firm.domains)


def _oldest(hops: Sequence[Hop], border: int) -> Hop:
    best = last = hops[border]
    for hop in hops[border + 1 :]:
        if not _follows(last, hop):
            break
        if public(hop.from_ip) is not None:
            best = hop
        last = hop
    return best


def _follows(newer: Hop, older: Hop) -> bool:
    """Whether the older line may have been written by the host from which the newer one took the message."""
    if newer.date and older.date:
        waited = newer.date - older.date
        if not -CLOCKS <= waited <= WAIT_MOST:
            return False
    if older.by is None or newer.from_host is None:
        return True
    inner = "." not in older.by or older.by.endswith((".local", ".lan", ".internal", ".corp", ".localdomain"))
    return inner or last_labels(older.by) == last_labels(newer.from_host) or older.by == newer.from_ip


def _provider(mail: Mail, answers: Answers, index: int | None, ip: str | None) -> str | None:
    """The mail provider whose own machine is all that shows."""
    place = answers.places.get(ip or "")
    hop = None if index is None else next((h for h in mail.hops if h.index == index), None)
    sender = answers.domains.get(mail.from_.domain) if mail.from_ else None
    machine = _host_answer(answers.domains, hop.from_host if hop else None)
    if machine is not None and machine.hides_sender:
        return machine.mail_provider or machine.registrable
    if place is not None and place.kind == "mail_provider":
        return (sender.mail_provider if sender else None) or place.network or (hop.from_host if hop else None)
    return None


def _host_answer(domains: Mapping[str, DomainAnswer], host: str | None) -> DomainAnswer | None:
    if host is None:
        return None
    return domains.get(host) or domains.get(last_labels(host))
