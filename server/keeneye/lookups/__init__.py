"""Answers what a message cannot know itself, from tables alone: no network, and no disk once it is made.

``Lookups`` is made once for a process. Its answers are pure values; what needs a network (age of a domain, its mail
servers) is not looked up here and stays None.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from itertools import islice
from pathlib import Path
from urllib.parse import urlsplit

from keeneye.identity import ByIdentity
from keeneye.lookups import countries
from keeneye.lookups.domains import DomainAnswers, Domains, literal_ip
from keeneye.lookups.geo import Geo
from keeneye.lookups.lookalike import Names
from keeneye.model import Answers, Country, Firm, Mail, Place

_MAX_IPS = 200
_MAX_HOSTS = 1_000


class Lookups:
    """The tables. Thread-safe.

    ``data_dir``: where ``python -m keeneye.lookups.build_geo`` put the geo databases; ``city_db``, ``asn_db``: the
    admin's MaxMind files instead. Files that change are taken up within some seconds, without a restart; missing ones
    mean that no places are told. ``risk_csv``: a newer table of country risk (see ``countries.load``).
    ``partners``: known partners' domains beside those of each ``Firm``.
    Raises ValueError when an enclosed list or ``risk_csv`` is not what it should be.
    """

    def __init__(
        self,
        data_dir: Path,
        *,
        city_db: Path | None = None,
        asn_db: Path | None = None,
        partners: Sequence[str] = (),
        risk_csv: Path | None = None,
    ) -> None:
        self._risk_csv = risk_csv
        self._countries = countries.load(risk_csv)
        self._geo = Geo(data_dir, self._countries, city_db, asn_db)
        self._domains = Domains()
        self._partners = self._domains.names_of(partners)
        self._names_of = lru_cache(maxsize=256)(self._domains.names_of)
        # The same tuple for every message, and a long one where customers were imported.
        self._names_of_partners: ByIdentity[tuple[str, ...], Names] = ByIdentity(self._domains.names_of)

    @property
    def countries(self) -> Mapping[str, Country]:
        return self._countries

    @property
    def attribution(self) -> str | None:
        """The line, with its link, that the licence of the geo data wants on pages that show results; None: none."""
        source = self._geo.source
        return "IP Geolocation by DB-IP (https://db-ip.com)" if source and source.startswith("DB-IP") else None

    def ready(self) -> tuple[str, ...]:
        """What is missing, in words for an admin; empty when all tables are there. Nothing in it stops the grading."""
        return self._geo.problems

    def reload(self) -> None:
        """Take up changed files at once. Raises ValueError when the table of country risk is spoilt."""
        self._countries = countries.load(self._risk_csv)
        self._geo.refresh(force=True)

    def firms_own(self, host: str) -> str | None:
        """The registrable domain of ``host`` when it can be one firm's own (``Domains.firms_own``)."""
        return self._domains.firms_own(host)

    def answer(self, mail: Mail, firm: Firm, now: datetime) -> Answers:
        """What the tables say of the message's addresses and hosts. Never raises for what a message holds."""
        self._geo.refresh()
        all_known = self._partners, self._names_of(firm.domains), self._names_of_partners(firm.partners)
        known = tuple(n for n in all_known if n.owner)
        places: dict[str, Place] = {}
        for written, ip in islice(_ips(mail), _MAX_IPS):
            if written not in places and (place := self._geo.place(ip)) is not None:
                places[written] = place
        hosts = dict.fromkeys(islice(_hosts(mail), _MAX_HOSTS))
        return Answers(
            now=now,
            places=places,
            domains=DomainAnswers(self._domains, hosts, known),
            countries=self._countries,
            geo_source=self._geo.source,
        )


def _ips(mail: Mail) -> Iterator[tuple[str, str]]:
    """Addresses as the message writes them, and in a form that ``Geo.place`` reads."""
    if mail.originating_ip:
        yield mail.originating_ip, mail.originating_ip
    for hop in mail.hops:
        if hop.from_ip:
            yield hop.from_ip, hop.from_ip
    for link in mail.links:
        if link.host and (link.host[0] in "[0123456789" or ":" in link.host) and (ip := literal_ip(link.host)):
            yield link.host, ip


def _hosts(mail: Mail) -> Iterator[str]:
    """Hosts that every message is asked for. Relays are many and one of them matters: answered when asked."""
    people = [mail.from_, *mail.from_all, mail.sender, *mail.reply_to]
    if mail.forwarded:
        people.append(mail.forwarded.from_)
    for person in people:
        if person and person.domain:
            yield person.domain
    if mail.return_path and "@" in mail.return_path:
        yield mail.return_path.rpartition("@")[2].strip("> ").lower()
    for link in mail.links:
        if link.host:
            yield link.host
    for attachment in mail.attachments:
        for href in attachment.links:
            try:
                host = urlsplit(href).hostname
            except ValueError:
                continue
            if host:
                yield host


__all__ = ["Lookups"]
