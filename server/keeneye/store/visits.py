"""Visits to the firm's own site, under keyed hashes of address and network: no address can be read from them.

Domain rule S1: a visitor who looked at products is more credible; one who typed an address nobody gave is a question.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, datetime
from ipaddress import IPv4Address, IPv6Address, ip_network
from typing import Any, Final, Literal

import orjson
from sqlalchemy import Connection, Row, bindparam, delete, func, insert, select, update

from keeneye.model import Visits
from keeneye.store import tables
from keeneye.store.secret import Secret
from keeneye.weblog.files import Mark
from keeneye.weblog.visit import GAP, Visit, plain

DAY: Final = 86400
TOGETHER: Final = 400
"""Addresses looked up in one statement."""
ASKED_MOST: Final = 20
ROWS_MOST: Final = 500
PRODUCTS_MOST: Final = 50
_V, _L = tables.visits.c, tables.weblogs.c
Writing = Callable[[], AbstractContextManager[Connection]]


def address_key(secret: Secret, ip: IPv4Address | IPv6Address) -> bytes:
    return secret.short("visitor", str(ip))


def network_key(secret: Secret, ip: IPv4Address | IPv6Address) -> bytes:
    """Of the /24; of IPv6 the /48, which is what one customer gets (RFC 6177)."""
    return secret.short("visitor network", str(ip_network((ip, 24 if ip.version == 4 else 48), strict=False)))


# ------------------------------------------------------------------ asking


_TENANT = _L.tenant_id == bindparam("tenant")
# The first log's beginning and the last one's end; there may be very many logs.
_COVERED = select(
    select(_L.since).where(_TENANT).order_by(_L.until).limit(1).scalar_subquery(),
    select(func.max(_L.until)).where(_TENANT).scalar_subquery(),
)
_SEEN = {
    by: select(tables.visits)
    .where(
        _V.tenant_id == bindparam("tenant"),
        _V[by].in_(bindparam("keys", expanding=True)),
        _V.first_seen <= bindparam("moment"),
    )
    .order_by(_V.last_seen.desc())
    .limit(ROWS_MOST)
    for by in ("address", "network")
}


def recall(
    connection: Connection, tenant_id: int, secret: Secret, ips: Iterable[str], now: datetime
) -> Mapping[str, Visits] | None:
    """Visits before ``now`` (when the message was written) by the address itself, else by its network, by IP.

    An IP without an entry: looked, none. None: no log of that time was imported, or all that was in it is removed.
    """
    moment = int(now.timestamp())
    since, until = connection.execute(_COVERED, {"tenant": tenant_id}).one()
    if until is None:
        return None
    asked: dict[str, tuple[bytes, bytes]] = {}
    for text in list(ips)[:ASKED_MOST]:
        try:
            ip = plain(text)
        except ValueError:
            continue
        asked[text] = address_key(secret, ip), network_key(secret, ip)
    found: dict[str, Visits] = {}
    bys: tuple[tuple[Literal["address", "network"], int], ...] = (("address", 0), ("network", 1))
    for by, place in bys:
        wanted = list({keys[place] for text, keys in asked.items() if text not in found})
        if not wanted:
            break
        rows = connection.execute(_SEEN[by], {"tenant": tenant_id, "keys": wanted, "moment": moment}).all()
        for text, keys in asked.items():
            own = [row for row in rows if getattr(row, by) == keys[place]]
            if own and text not in found:
                found[text] = _summary(by, own, moment)
    if not found and not since <= moment - DAY <= until:
        return None
    return found


def _summary(by: Literal["address", "network"], rows: Sequence[Row[Any]], moment: int) -> Visits:
    """``rows``: the latest first. How somebody came is told of the first visit for which it is known."""
    products: Counter[str] = Counter()
    for row in rows:
        products.update(orjson.loads(row.products))
    first = next((r for r in reversed(rows) if r.came_by not in ("inside", "unknown")), rows[-1])
    return Visits(
        by=by,
        visits=len(rows),
        pages=sum(row.pages for row in rows),
        products=tuple(path for path, _ in products.most_common(PRODUCTS_MOST)),
        came_by=first.came_by,
        came_from=first.came_from,
        first_seen=datetime.fromtimestamp(min(row.first_seen for row in rows), UTC),
        last_seen=datetime.fromtimestamp(min(moment, max(row.last_seen for row in rows)), UTC),
    )


# ------------------------------------------------------------------ the import


@dataclass(frozen=True, slots=True)
class Book:
    """What an import of one tenant's log is written to (``keeneye.weblog.Ledger``).

    ``writing`` begins a transaction; ``oldest``: UTC seconds since 1970 before which visits are not kept.
    """

    writing: Writing
    secret: Secret
    tenant_id: int
    oldest: int

    def key(self, content: bytes) -> bytes:
        return self.secret.short("web log", content.decode("latin-1"))

    def mark(self, log: bytes) -> Mark | None:
        with self.writing() as connection:
            row = connection.execute(
                select(_L.log, _L.offset, _L.head, _L.tail, _L.since, _L.until).where(
                    _L.tenant_id == self.tenant_id, _L.log == log
                )
            ).one_or_none()
        return Mark(*row) if row else None

    def save(self, visits: Sequence[Visit], probers: Sequence[tuple[str, int]], marks: Sequence[Mark]) -> None:
        """Raises StoreUnavailable."""
        with self.writing() as connection:
            write(connection, self.tenant_id, self.secret, visits, probers, marks, self.oldest)


def write(
    connection: Connection,
    tenant_id: int,
    secret: Secret,
    visits: Sequence[Visit],
    probers: Sequence[tuple[str, int]] = (),
    marks: Sequence[Mark] = (),
    oldest: int = 0,
) -> None:
    """Add visits, joining parts of one visit that were saved before; take away those of ``probers``."""
    # Two imports at once must not both begin a visit: the second waits here. SQLite has one writer anyway.
    connection.execute(
        select(tables.tenants.c.id).where(tables.tenants.c.id == tenant_id).with_for_update(key_share=True)
    )
    for mark in marks:
        values = {"offset": mark.offset, "head": mark.head, "tail": mark.tail, "since": mark.since, "until": mark.until}
        same = (_L.tenant_id == tenant_id) & (_L.log == mark.log)
        if connection.execute(update(tables.weblogs).where(same).values(values)).rowcount == 0:
            connection.execute(insert(tables.weblogs), {"tenant_id": tenant_id, "log": mark.log, **values})
    parts: dict[bytes, list[_Part]] = {}
    for visit in visits:
        if visit.last >= oldest:
            ip = plain(visit.ip)
            part = _Part(
                None, network_key(secret, ip), visit.first, visit.last, visit.pages, list(visit.products),
                visit.came_by, visit.came_from,
            )  # fmt: skip
            parts.setdefault(address_key(secret, ip), []).append(part)
    scanned = {address_key(secret, plain(ip)): at for ip, at in probers}
    keys = sorted(parts.keys() | scanned.keys())
    for start in range(0, len(keys), TOGETHER):
        some = keys[start : start + TOGETHER]
        new = [part for key in some for part in parts.get(key, ())]
        times = [p.first for p in new] + [p.last for p in new] + [scanned[k] for k in some if k in scanned]
        kept: dict[bytes, list[_Part]] = {}
        for row in connection.execute(
            select(
                _V.address, _V.id, _V.network, _V.first_seen, _V.last_seen, _V.pages, _V.products, _V.came_by,
                _V.came_from,
            ).where(
                _V.tenant_id == tenant_id, _V.address.in_(some), _V.last_seen >= min(times) - GAP,
                _V.first_seen <= max(times) + GAP,
            )
        ):  # fmt: skip
            address, *rest = row
            rest[5] = orjson.loads(rest[5])
            kept.setdefault(address, []).append(_Part(*rest))
        gone: list[int] = []
        added: list[dict[str, Any]] = []
        for key in some:
            before = kept.get(key, [])
            if key in scanned:
                at = scanned[key]
                gone += [p.id for p in before if p.id and p.first - GAP <= at <= p.last + GAP]
                continue
            joined = _joined(before + parts.get(key, []))
            gone += {p.id for p in before if p.id} - {p.id for p in joined if p.id}
            for part in joined:
                if part.id is None:
                    added.append({"tenant_id": tenant_id, "address": key, **part.row()})
                elif part.changed:
                    connection.execute(update(tables.visits).where(_V.id == part.id).values(part.row()))
        if gone:
            connection.execute(delete(tables.visits).where(_V.tenant_id == tenant_id, _V.id.in_(gone)))
        if added:
            connection.execute(insert(tables.visits), added)


@dataclass(slots=True)
class _Part:
    """A visit, or what came of it so far."""

    id: int | None
    network: bytes
    first: int
    last: int
    pages: int
    products: list[str]
    came_by: str
    came_from: str | None
    changed: bool = False

    def row(self) -> dict[str, Any]:
        return {
            "network": self.network,
            "first_seen": self.first,
            "last_seen": self.last,
            "pages": self.pages,
            "products": orjson.dumps(self.products[:PRODUCTS_MOST]).decode(),
            "came_by": self.came_by,
            "came_from": self.came_from,
        }

    def join(self, later: _Part) -> None:
        self.id = self.id or later.id
        self.last = max(self.last, later.last)
        self.pages += later.pages
        self.products = list(dict.fromkeys(self.products + later.products))
        if self.came_by in ("inside", "unknown") and later.came_by != "inside":
            self.came_by, self.came_from = later.came_by, later.came_from
        self.changed = True


def _joined(parts: Sequence[_Part]) -> list[_Part]:
    """The parts of one address as visits."""
    visits: list[_Part] = []
    for part in sorted(parts, key=lambda p: (p.first, p.last)):
        if visits and part.first <= visits[-1].last + GAP:
            visits[-1].join(part)
        else:
            visits.append(part)
    return visits


# ------------------------------------------------------------------ removing


def erase(connection: Connection, tenant_id: int, secret: Secret, ip: str) -> int:
    """Remove the visits of one address; how many. Raises ValueError when it is none."""
    key = address_key(secret, plain(ip))
    return connection.execute(delete(tables.visits).where(_V.tenant_id == tenant_id, _V.address == key)).rowcount
