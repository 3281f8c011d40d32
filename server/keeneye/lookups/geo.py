"""Where an IP address is: geoip2 databases, held open and taken up anew when their files change."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address, ip_address
from itertools import islice
from pathlib import Path
from typing import Any

import geoip2.database
import maxminddb
import tzfpy
from geoip2.errors import GeoIP2Error

from keeneye.lookups import build_geo
from keeneye.lookups.networks import NetworkKinds
from keeneye.model import Country, Place

log = logging.getLogger(__name__)

CHECK_EVERY = 5.0
"""Seconds between two looks at the files' dates."""
TOR_EXITS = "tor-exits.txt"
"""An admin's list beside the geo databases: none comes with the set-up, as none is published under a free licence."""
_EXITS_MOST = 100_000
_CACHED_PLACES = 20_000
_BROKEN = (OSError, ValueError, maxminddb.InvalidDatabaseError)

# First octets below which some IPv4 range is not of the public internet (IANA special-purpose registry, RFC 6890):
# only there the slow question needs asking.
_RESERVED_SOMEWHERE = frozenset({0, 10, 100, 127, 169, 172, 192, 198, 203, *range(224, 256)})

_TRIED = ("1.1.1.1", "8.8.8.8", "41.1.1.1", "91.1.1.1", "123.1.1.1", "200.1.1.1")

Stamp = tuple[int, int, int] | None


def public_ip(text: str) -> IPv4Address | IPv6Address | None:
    """The address that ``text`` names, if it is one of the public internet; brackets and ``IPv6:`` are let go.

    An IPv4 address mapped into IPv6 comes back as IPv4. None for anything else, private and documentation ranges too.
    """
    text = text.strip().strip("[]")
    if text[:5].lower() == "ipv6:":
        text = text[5:]
    if not 2 <= len(text) <= 45 or "%" in text:
        return None
    try:
        ip = ip_address(text)
    except ValueError:
        return None
    if isinstance(ip, IPv6Address) and ip.ipv4_mapped:
        ip = ip.ipv4_mapped
    if isinstance(ip, IPv4Address) and ip.packed[0] not in _RESERVED_SOMEWHERE:
        return ip
    return ip if ip.is_global and not ip.is_multicast else None


@dataclass(slots=True)
class _Table:
    """One database: the first of these files that is there. A file that cannot be read leaves the last good reader."""

    paths: tuple[Path, ...]
    open: Callable[[Path], Any]
    stamp: Stamp = None
    reader: Any = None
    problem: str | None = None

    def refresh(self) -> bool:
        """Take up the file if it is another one than before. Returns whether the reader changed."""
        path, stamp = self.paths[0], None
        for path in self.paths:
            if stamp := _stamp(path):
                break
        if stamp == self.stamp and (stamp or self.problem):
            return False
        self.stamp = stamp
        if stamp is None:
            self.problem = f"{path} is not there"
            changed = self.reader is not None
            self.reader = None
            return changed
        try:
            self.reader = self.open(path)  # the old one is closed when its last look-up lets go of it
        except _BROKEN as error:
            self.problem = f"{path}: {error}"
            # The template alone reaches the server's log (see keeneye.logs); here nothing of a message is in it.
            log.error(f"geo database not taken up: {self.problem}")
            return False
        self.problem = None
        return True


def _exits(path: Path) -> frozenset[IPv4Address | IPv6Address]:
    """Addresses, one a line, as the Tor project publishes them. Raises ValueError when a line is none."""
    with path.open(encoding="ascii") as file:
        lines = (line.strip() for line in islice(file, _EXITS_MOST))
        return frozenset(ip_address(line) for line in lines if line and line[0] != "#")


def _stamp(path: Path) -> Stamp:
    try:
        stat = path.stat()
    except OSError:
        return None
    return stat.st_mtime_ns, stat.st_ino, stat.st_size


def _geoip2(path: Path, *kinds: str) -> geoip2.database.Reader:
    """A database of one of these kinds. Raises ValueError for another one, InvalidDatabaseError for a spoilt one."""
    with _plain(path) as trial:
        edition = trial.metadata().database_type
        if not any(kind in edition for kind in kinds):
            raise ValueError(f"a database of kind {edition!r}; wanted {' or '.join(kinds)}")
    return geoip2.database.Reader(path, mode=maxminddb.MODE_AUTO)  # memory-mapped: one copy for all processes


def _places(path: Path) -> geoip2.database.Reader:
    return _geoip2(path, "City", "Country", "Enterprise")


def _networks(path: Path) -> geoip2.database.Reader:
    return _geoip2(path, "ASN")


def _plain(path: Path) -> maxminddb.Reader:
    reader = maxminddb.open_database(path)
    for ip in _TRIED:  # a file that was written half is found out now, not at a message
        reader.get(ip)
    return reader


@dataclass(slots=True)
class _Tables:
    city: _Table
    asn: _Table
    second: _Table
    tor: _Table
    place: Callable[[str], Place | None] = field(default=lambda _: None)
    source: str | None = None

    def each(self) -> tuple[_Table, ...]:
        return self.city, self.asn, self.second, self.tor


class Geo:
    """Places by IP address.

    ``city_db`` and ``asn_db`` are the admin's own MaxMind files (City, Country or Enterprise; ASN); without them the
    DB-IP files of ``python -m keeneye.lookups.build_geo`` in ``directory``. Replace a file by renaming another over it,
    as ``geoipupdate`` does: it is memory-mapped, and cutting it short in place would take the process down.
    ``tor-exits.txt`` in ``directory``, where an admin keeps one, tells the exits of Tor.
    """

    def __init__(
        self, directory: Path, countries: Mapping[str, Country], city_db: Path | None = None, asn_db: Path | None = None
    ) -> None:
        self._countries = countries
        self._kinds = NetworkKinds()
        free = directory / build_geo.CITY, directory / build_geo.COUNTRY
        self._tables = _Tables(
            _Table((city_db,) if city_db else free, _places),
            _Table((asn_db or directory / build_geo.ASN,), _networks),
            # A second opinion is worth having beside the free table only: the admin's own is the better one.
            _Table((directory / build_geo.SECOND_COUNTRY if city_db is None else directory / "none",), _plain),
            _Table((directory / TOR_EXITS,), _exits),
        )
        self._lock = threading.Lock()
        self._next_check = 0.0
        self.refresh(force=True)
        if self._tables.city.problem:
            log.warning(f"no places of senders: {self._tables.city.problem}; run python -m keeneye.lookups.build_geo")
        tzfpy.get_tz(0.0, 51.5)  # loads its polygons now (60 ms), not during the first message

    @property
    def source(self) -> str | None:
        """The city database and its month, as shown beside results: ``DB-IP Lite 2026-09``. None: there is none."""
        return self._tables.source

    @property
    def problems(self) -> tuple[str, ...]:
        return tuple(t.problem for t in (self._tables.city, self._tables.asn) if t.problem)

    def refresh(self, force: bool = False) -> None:
        """Look at the files, at most once in CHECK_EVERY seconds, and take up those that changed."""
        now = time.monotonic()
        if now < self._next_check and not force:
            return
        if not self._lock.acquire(blocking=force):
            return  # another thread is at it
        try:
            self._next_check = now + CHECK_EVERY
            tables = self._tables
            changed = [t.refresh() for t in tables.each()]
            if any(changed) or tables.source is None:
                tables.source = _describe(tables.city.reader)
                city = tables.city.reader
                edition = city.metadata().database_type if city else ""
                tables.place = lru_cache(maxsize=_CACHED_PLACES)(
                    _Lookup(
                        city,
                        tables.asn.reader,
                        tables.second.reader,
                        tables.tor.reader or frozenset(),
                        self._kinds,
                        self._countries,
                        edition,
                    )
                )
        finally:
            self._lock.release()

    def place(self, ip: str) -> Place | None:
        """What the tables say of an address, or None: not a public address, or no table knows it."""
        return self._tables.place(ip) if len(ip) <= 64 else None


@dataclass(frozen=True, slots=True)
class _Lookup:
    """One look-up over one set of readers, so that a cache never mixes an old table with a new one."""

    city: geoip2.database.Reader | None
    asn: geoip2.database.Reader | None
    second: maxminddb.Reader | None
    tor: frozenset[IPv4Address | IPv6Address]
    kinds: NetworkKinds
    countries: Mapping[str, Country]
    edition: str  # the city table's database type, e.g. "GeoLite2-City"

    def __call__(self, text: str) -> Place | None:
        ip = public_ip(text)
        if ip is None or (self.city is None and self.asn is None and not self.tor):
            return None
        number, network = self._network(ip)
        kind = "tor" if ip in self.tor else self.kinds.kind(ip, number, network)
        found = self._find(ip)
        if found is None:
            return Place(text, None, asn=number, network=network, kind=kind) if number or kind else None
        country = found.country.iso_code
        city = getattr(found, "city", None)  # a Country database has neither city nor location
        location = getattr(found, "location", None)
        latitude, longitude = (location.latitude, location.longitude) if location else (None, None)
        zone = (location and location.time_zone) or None
        if zone is None and latitude is not None and longitude is not None:
            zone = tzfpy.get_tz(longitude, latitude) or None
        if zone is None and country in self.countries and len(self.countries[country].zones) == 1:
            zone = self.countries[country].zones[0]
        subdivisions = getattr(found, "subdivisions", None)
        return Place(
            ip=text,
            country=country,
            city=city.name if city else None,
            region=subdivisions.most_specific.name if subdivisions else None,
            latitude=latitude,
            longitude=longitude,
            time_zone=zone,
            asn=number,
            network=network,
            kind=kind,
            other_country=self._other(ip, country),
        )

    def _find(self, ip: IPv4Address | IPv6Address) -> Any:
        if self.city is None:
            return None
        try:
            if "Enterprise" in self.edition:
                return self.city.enterprise(ip)
            return self.city.city(ip) if "City" in self.edition else self.city.country(ip)
        except (GeoIP2Error, TypeError, *_BROKEN):
            return None

    def _network(self, ip: IPv4Address | IPv6Address) -> tuple[int | None, str | None]:
        if self.asn is None:
            return None, None
        try:
            found = self.asn.asn(ip)
        except (GeoIP2Error, TypeError, *_BROKEN):
            return None, None
        return found.autonomous_system_number, found.autonomous_system_organization

    def _other(self, ip: IPv4Address | IPv6Address, country: str | None) -> str | None:
        """What the second table says, where it says another country."""
        if self.second is None:
            return None
        try:
            row = self.second.get(ip)
        except _BROKEN:
            return None
        other = row.get("country_code") if isinstance(row, dict) else None
        return other if isinstance(other, str) and other and other != country else None


def _describe(reader: geoip2.database.Reader | None) -> str | None:
    if reader is None:
        return None
    about = reader.metadata()
    month = datetime.fromtimestamp(about.build_epoch, UTC).strftime("%Y-%m")
    kind = about.database_type
    if kind.upper().startswith("DBIP-"):
        return f"DB-IP {'Lite ' if kind.endswith('Lite') else ''}{month}"
    return f"{kind.replace('-', ' ')} {month}"
