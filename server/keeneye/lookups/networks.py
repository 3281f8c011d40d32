"""What kind of network an address belongs to: access, hosting, mail provider, VPN. None: no list knows it."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address, ip_network

from keeneye.lookups import lists

_KINDS = ("mail_provider", "vpn", "hosting", "access")
_NOT_WORD = re.compile(r"[^\w]+")


class NetworkKinds:
    """Reads ``networks.toml`` once. The order of the kinds decides where several match."""

    def __init__(self) -> None:
        table = lists.toml("networks.toml")
        self._by_asn: dict[int, str] = {}
        self._spellings: list[tuple[str, tuple[str, ...]]] = []
        ranges: dict[int, list[tuple[int, int, str]]] = {4: [], 6: []}
        for kind in _KINDS:
            entry = table[kind]
            for asn in entry["asns"]:
                self._by_asn.setdefault(asn, kind)
            self._spellings.append((kind, (*(_words(w) for w in entry["words"]), *entry.get("parts", ()))))
            for text in entry.get("ranges", ()):
                network = ip_network(text)
                ranges[network.version].append((int(network[0]), int(network[-1]), kind))
        self._ranges = {version: sorted(found) for version, found in ranges.items()}
        self._starts = {version: [r[0] for r in found] for version, found in self._ranges.items()}
        self._by_name = lru_cache(maxsize=4096)(self._kind_of_name)

    def kind(self, ip: IPv4Address | IPv6Address, asn: int | None, name: str | None) -> str | None:
        """The kind of the network of ``ip``, which is registered as ``asn`` under ``name``."""
        number = int(ip)
        place = bisect_right(self._starts[ip.version], number) - 1
        if place >= 0:
            _, last, kind = self._ranges[ip.version][place]
            if number <= last:
                return kind
        if asn is not None and asn in self._by_asn:
            return self._by_asn[asn]
        return self._by_name(name) if name else None

    def _kind_of_name(self, name: str) -> str | None:
        spelled = _words(name)
        for kind, spellings in self._spellings:
            if any(spelling in spelled for spelling in spellings):
                return kind
        return None


def _words(text: str) -> str:
    """Lower case without accents, single blanks between words and at both ends, so that whole words are found."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", text.lower()) if not unicodedata.combining(c))
    return f" {_NOT_WORD.sub(' ', plain).strip()} "
