"""A visit, and the addresses of visitors."""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import Final

GAP: Final = 30 * 60
"""Seconds without a request after which the next one is another visit (the usual measure of web statistics)."""


@dataclass(slots=True)
class Visit:
    """What one address looked at without a longer pause. Times: UTC seconds since 1970.

    ``came_by``: search, site, mail, typed (no referrer), inside (went on after a pause) or unknown (the log does not
    keep referrers); ``came_from``: that host.
    """

    ip: str
    first: int
    last: int
    pages: int
    products: dict[str, None]
    came_by: str
    came_from: str | None


def plain(text: str) -> IPv4Address | IPv6Address:
    """The address; an IPv4 one inside IPv6 as IPv4. Raises ValueError."""
    ip = ip_address(text)
    return (ip.ipv4_mapped or ip) if isinstance(ip, IPv6Address) else ip
