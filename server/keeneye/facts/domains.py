"""Host names compared without tables, for the places where no look-up answer exists."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from keeneye.model import DomainAnswer, Firm

_SECOND: Final = frozenset(("ac co com edu gen go gob gov govt gouv ne net or org in mil nom").split())


def last_labels(host: str) -> str:
    """The registrable domain by rule of thumb: two labels, three below endings such as ``co.uk``."""
    labels = host.lower().strip(".").split(".")
    size = 3 if len(labels) > 2 and len(labels[-1]) == 2 and labels[-2] in _SECOND else 2
    return ".".join(labels[-size:])


def registrable(host: str, domains: Mapping[str, DomainAnswer]) -> str:
    """The registrable domain by the public suffix list when the tables know the host, else by rule of thumb."""
    answer = domains.get(host)
    if answer is not None:
        return answer.registrable or host
    return last_labels(host)


def ours(host: str, firm: Firm) -> bool:
    """Whether a host is one of our own firm's domains or stands below one."""
    return any(below(host, own.lower()) for own in firm.domains)


def below(host: str, domain: str) -> bool:
    """Whether a host is a domain or stands below it."""
    return host == domain or host.endswith("." + domain)
