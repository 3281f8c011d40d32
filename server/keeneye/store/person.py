"""All that is kept of one person, by address: shown (GDPR art. 15 and 20, PIPL art. 45) and erased (art. 17, art. 47).

Rows of a person are found by the key of the address. What the firm brought itself (customers, partners) is named, and
changed only when it is asked for: it is the firm's own record of a business relation, which it may have to keep.
"""

from __future__ import annotations

import base64
import secrets
import zlib
from collections import Counter
from datetime import UTC, datetime
from typing import Any, Final

import orjson
from sqlalchemy import Connection, RowMapping, Table, case, delete, false, func, select, union, update

from keeneye.store import catalogue, fingerprints, relations, tables
from keeneye.store.secret import Secret

SOME: Final = 500
"""Ids that one statement names."""


def _verdicts(connection: Connection, tenant_id: int, key: bytes) -> list[str]:
    """Ids of verdicts on the person's mails, and on ours to the person: these hold the address too."""
    v, m = tables.verdicts.c, tables.messages.c
    exchanged = select(m.message).where(m.tenant_id == tenant_id, m.party == key)
    mine = (v.sender == key, v.message.in_(exchanged))  # two questions: asked as one, neither index is used
    return list(connection.scalars(union(*(select(v.id).where(v.tenant_id == tenant_id, each) for each in mine))))


def _rows(connection: Connection, query: Any, mine: Any, column: Any, ids: list[str]) -> list[Any]:
    """Rows of a query that are the person's by ``mine``, or whose ``column`` is one of the verdicts; each once."""
    found = {row[0]: row for row in connection.execute(query.where(mine))}
    for at in range(0, len(ids), SOME):
        found |= {row[0]: row for row in connection.execute(query.where(column.in_(ids[at : at + SOME])))}
    return list(found.values())


def export(connection: Connection, tenant_id: int, secret: Secret, address: str) -> dict[str, Any]:
    """What is kept of a person, as JSON values; times in RFC 3339, raw messages in base64. Empty lists: nothing."""
    key = secret.address(address)
    v, c, f, m, s = (
        tables.verdicts.c, tables.contents.c, tables.feedback.c, tables.messages.c, tables.senders.c,
    )  # fmt: skip
    p = tables.fingerprints.c
    theirs = _verdicts(connection, tenant_id, key)
    verdicts = _rows(connection, select(v.id, v.body, v.graded_at), false(), v.id, theirs)
    contents = _rows(
        connection,
        select(c.verdict_id, c.content, c.until),
        (c.tenant_id == tenant_id) & (c.sender == key),
        c.verdict_id,
        theirs,
    )
    feedback = _rows(
        connection,
        select(f.id, f.verdict_id, f.label, f.note, f.created_at),
        (f.tenant_id == tenant_id) & (f.sender == key),
        f.verdict_id,
        theirs,
    )
    messages = connection.execute(
        select(m.ours, m.seen_at).where(m.tenant_id == tenant_id, m.party == key).order_by(m.seen_at)
    )
    prints = connection.execute(select(p.seen_at).where(p.tenant_id == tenant_id, p.sender == key).order_by(p.id))
    sender = connection.execute(select(tables.senders).where(s.tenant_id == tenant_id, s.address == key)).one_or_none()
    changes = relations.level_changes(connection, tenant_id, key, most=10_000)
    return {
        "address": address.strip().lower(),
        "sender": None if sender is None else _sender(sender._mapping),
        "verdicts": [
            orjson.loads(zlib.decompress(row.body)) for row in sorted(verdicts, key=lambda row: row.graded_at)
        ],
        "contents": [
            {
                "verdict": row.verdict_id,
                "until": _time(row.until),
                "raw": base64.b64encode(zlib.decompress(row.content)).decode("ascii"),
            }
            for row in contents
        ],
        "feedback": [
            {"verdict": row.verdict_id, "label": row.label, "note": row.note, "at": _time(row.created_at)}
            for row in sorted(feedback, key=lambda row: row.id)
        ],
        "messages": [{"ours": bool(row.ours), "at": _time(row.seen_at)} for row in messages],
        "level_changes": [{**change, "at": _time(change["at"])} for change in changes],
        "fingerprints": [{"at": _time(at)} for at in prints.scalars()],
        "customers": _customers(connection, tenant_id, address),
        "partners": _partners(connection, tenant_id, address),
    }


def erase(
    connection: Connection, tenant_id: int, secret: Secret, address: str, customers: bool = False
) -> dict[str, int]:
    """Erase what is kept of a person; how many rows of each table went. Part of the caller's transaction.

    Counts of threads and domains that other people share are lowered. ``customers``: the address is taken out of the
    lists of customers and partners too, and with it a customer who has no other address or domain.
    """
    key = secret.address(address)
    theirs = _verdicts(connection, tenant_id, key)
    gone: dict[str, int] = {"threads": _lower_threads(connection, tenant_id, key)}
    _lower_domains(connection, tenant_id, key)
    gone["fingerprints"] = 0
    while some := fingerprints.erase(connection, tenant_id, key):
        gone["fingerprints"] += some
    for table, column in (
        (tables.contents, tables.contents.c.verdict_id),
        (tables.feedback, tables.feedback.c.verdict_id),
        (tables.verdicts, tables.verdicts.c.id),
    ):
        mine = (table.c.tenant_id == tenant_id) & (table.c.sender == key)
        count = 0 if table is tables.verdicts else connection.execute(delete(table).where(mine)).rowcount
        for at in range(0, len(theirs), SOME):
            count += connection.execute(delete(table).where(column.in_(theirs[at : at + SOME]))).rowcount
        gone[str(table.name)] = count
    for owner in (tables.level_changes.c.sender, tables.senders.c.address, tables.messages.c.party):
        rest: Table = owner.table
        gone[str(rest.name)] = connection.execute(
            delete(rest).where(rest.c.tenant_id == tenant_id, owner == key)
        ).rowcount
    # The person may be one of us, whose mailbox a text reached: henceforth the mailbox of nobody knows whom.
    mailbox = secret.short("mailbox", address.strip().lower())
    p = tables.fingerprints.c
    nobody = secrets.token_bytes(len(mailbox))
    connection.execute(
        update(tables.fingerprints).where(p.tenant_id == tenant_id, p.colleague == mailbox).values(colleague=nobody)
    )
    if customers:
        gone |= _take_out(connection, tenant_id, address)
    return {name: rows for name, rows in gone.items() if rows}


def _lower_threads(connection: Connection, tenant_id: int, key: bytes) -> int:
    """Take the person's mails out of the counts of their threads; how many threads had no others and went."""
    m, t = tables.messages.c, tables.threads.c
    rows = connection.execute(
        select(m.thread, func.count().label("all"), func.sum(m.ours).label("ours"))
        .where(m.tenant_id == tenant_id, m.party == key)
        .group_by(m.thread)
    ).all()
    removed = 0
    for row in rows:
        mine = (t.tenant_id == tenant_id) & (t.thread == row.thread)
        theirs, ours = row.all - row.ours, row.ours
        connection.execute(
            update(tables.threads).where(mine).values(theirs=_lowered(t.theirs, theirs), ours=_lowered(t.ours, ours))
        )
        removed += connection.execute(delete(tables.threads).where(mine, t.theirs == 0, t.ours == 0)).rowcount
    return removed


def _lower_domains(connection: Connection, tenant_id: int, key: bytes) -> None:
    """Take the person's mails out of the counts of the company's domain; one with no others goes."""
    m, d, s = tables.messages.c, tables.domains.c, tables.senders.c
    danger = connection.scalar(select(s.danger).where(s.tenant_id == tenant_id, s.address == key)) or 0
    rows = connection.execute(
        select(m.domain, func.count().label("all"))
        .where(m.tenant_id == tenant_id, m.party == key, m.ours == 0, m.domain.is_not(None))
        .group_by(m.domain)
    ).all()
    for row in rows:
        mine = (d.tenant_id == tenant_id) & (d.domain == row.domain)
        values = {"messages": _lowered(d.messages, row.all), "danger": _lowered(d.danger, danger)}
        connection.execute(update(tables.domains).where(mine).values(**values))
        connection.execute(delete(tables.domains).where(mine, d.messages == 0))


def _lowered(column: Any, by: int) -> Any:
    return case((column > by, column - by), else_=0)


# --------------------------------------------------------------------------- lists of the firm


def _customers(connection: Connection, tenant_id: int, address: str) -> list[dict[str, Any]]:
    return catalogue.listed(
        connection, tenant_id, "customers", address=address.strip().lower(), most=catalogue.PAGE_MOST
    )


def _partners(connection: Connection, tenant_id: int, address: str) -> list[dict[str, Any]]:
    """Partners one of whose people has this address beside the name."""
    listed = catalogue.catalogue(connection, tenant_id, catalogue.revision(connection, tenant_id)).partners
    return [
        {"name": partner.name, "people": [who for who in partner.people if _is(who, address)]}
        for partner in listed
        if any(_is(who, address) for who in partner.people)
    ]


def _is(person: str, address: str) -> bool:
    return person.rpartition("<")[2].strip("<> ").lower() == address.strip().lower()


def _take_out(connection: Connection, tenant_id: int, address: str) -> Counter[str]:
    """Take the address out of the lists of customers and partners."""
    gone: Counter[str] = Counter()
    a, c, q = tables.customer_addresses.c, tables.customers.c, tables.partners.c
    value = address.strip().lower()
    for customer in _customers(connection, tenant_id, address):
        here = (a.tenant_id == tenant_id) & (a.value == value)
        gone["customer_addresses"] += connection.execute(delete(tables.customer_addresses).where(here)).rowcount
        if customer["emails"] == [value] and not customer["domains"]:
            gone["customers"] += connection.execute(delete(tables.customers).where(c.id == customer["id"])).rowcount
    for row in connection.execute(select(q.id, q.people).where(q.tenant_id == tenant_id)).all():
        people = orjson.loads(row.people)
        kept = [who for who in people if not _is(who, address)]
        if kept != people:
            connection.execute(update(tables.partners).where(q.id == row.id).values(people=orjson.dumps(kept).decode()))
            gone["partners.people"] += len(people) - len(kept)
    if gone:
        catalogue.count_up(connection, tenant_id)
    return gone


def _sender(row: RowMapping) -> dict[str, Any]:
    shown = {k: v for k, v in row.items() if k not in ("tenant_id", "address")}
    shown |= {k: str(shown[k]).split() for k in ("told", "confirmed")}
    shown["profile"] = orjson.loads(shown["profile"]) if shown.get("profile") else None
    return {str(k): _time(v) if k in ("first_seen", "last_seen") else v for k, v in shown.items()}


def _time(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat().replace("+00:00", "Z")
