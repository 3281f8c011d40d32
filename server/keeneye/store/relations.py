"""The memory's first part: threads, senders, their domains and levels.

A message counts once, however often it is graded. Nothing of it is kept but keyed hashes, counts and ids of findings.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import Any

import orjson
from sqlalchemy import ColumnElement, Connection, Table, bindparam, func, insert, select, update

from keeneye.facts.domains import ours
from keeneye.model import EMPTY, FAKE_LABELS, GENUINE_LABELS, About, Address, History
from keeneye.store import tables
from keeneye.store.secret import Secret

REFERENCES_MOST = 20
"""References looked up: the first, which began the thread, and the last ones (RFC 5322 §3.6.4)."""
MAILS_MOST = 500


@dataclass(frozen=True, slots=True)
class Keys:
    """A message under the keys of one server. ``party``: the address outside, ``mailbox``: ours that it reached."""

    message: bytes
    references: tuple[bytes, ...]
    party: bytes | None
    domain: bytes | None
    mailbox: bytes | None
    own: bool


def keys(about: About, secret: Secret) -> Keys:
    """Raises nothing: a message without Message-ID is known by its sender, date, subject and words."""
    mail = about.mail
    identity = mail.message_id or "\n".join(
        (about.writer.address if about.writer else "", mail.date_raw or "", mail.subject, mail.body[:2000])
    )
    named = dict.fromkeys((*mail.references, *((mail.in_reply_to,) if mail.in_reply_to else ())))
    references = [_message(secret, r) for r in named if r != mail.message_id]
    if len(references) > REFERENCES_MOST:
        references = [references[0], *references[-REFERENCES_MOST + 1 :]]
    party = _outside(about) if about.own else about.writer
    domain = about.domain if not about.own else None
    # A blind copy names no mailbox of ours; the client's own does.
    reached = mail.mailbox or next((a.address for a in mail.to if ours(a.domain, about.firm)), None)
    return Keys(
        _message(secret, identity),
        tuple(references),
        secret.address(party.address) if party and party.address else None,
        secret.short("domain", domain) if domain else None,
        secret.short("mailbox", reached.strip().lower()) if reached else None,
        about.own,
    )


def _message(secret: Secret, identity: str) -> bytes:
    return secret.short("message", identity.strip().strip("<>"))


def _outside(about: About) -> Address | None:
    people = (*about.mail.to, *about.mail.cc)
    return next((a for a in people if a.address and not ours(a.domain, about.firm)), None)


@dataclass(frozen=True, slots=True)
class Recalled:
    """What the relations say, and the thread that the message belongs to."""

    history: History
    thread: bytes


_T, _S, _D = tables.tenants.c, tables.senders.c, tables.domains.c
_PEOPLE = (
    select(
        _T.ours_since,
        _S.messages, _S.danger, _S.first_seen, _S.last_seen, _S.ours, _S.genuine, _S.fake, _S.told, _S.confirmed,
        _S.level, _S.level_by_hand, _S.profile, _D.messages.label("domain_messages"),
    )
    .select_from(
        tables.tenants.outerjoin(
            tables.senders, (_S.tenant_id == _T.id) & (_S.address == bindparam("party"))
        ).outerjoin(tables.domains, (_D.tenant_id == _T.id) & (_D.domain == bindparam("domain")))
    )
    .where(_T.id == bindparam("tenant"))
)  # fmt: skip
_M, _H = tables.messages.c, tables.threads.c
_THREAD = (
    select(_M.message, _M.thread, _M.seen_at, _H.theirs, _H.ours.label("thread_ours"))
    .select_from(tables.messages.join(tables.threads, (_H.tenant_id == _M.tenant_id) & (_H.thread == _M.thread)))
    .where(_M.tenant_id == bindparam("tenant"), _M.message.in_(bindparam("keys", expanding=True)))
)
# The inner limit bounds a thread without end, and keeps SQLite from reading every party there is to have them in order.
_MAILS = (
    select(_M.party, _M.domain)
    .where(_M.tenant_id == bindparam("tenant"), _M.thread == bindparam("thread"))
    .limit(MAILS_MOST)
    .subquery()
)
_OTHERS = select(func.min(_M.seen_at).label("first"), func.max(_M.seen_at).label("last")).where(
    _M.tenant_id == bindparam("tenant"), _M.party == bindparam("party"), _M.message != bindparam("message")
)
_V = tables.verdicts.c
_COUNTED = (  # only the first grading of a message is counted
    select(_V.banner)
    .where(_V.tenant_id == bindparam("tenant"), _V.message == bindparam("message"))
    .order_by(_V.graded_at)
    .limit(1)
)
_PARTIES = select(_MAILS.c.party, _MAILS.c.domain).where(_MAILS.c.party.is_not(None)).distinct()


def recall(connection: Connection, tenant_id: int, seen: Keys) -> Recalled:
    """What earlier messages say of this one's sender and thread; the message itself, graded before, is left out."""
    nobody = b""
    who = connection.execute(
        _PEOPLE, {"tenant": tenant_id, "party": seen.party or nobody, "domain": seen.domain or nobody}
    ).one()
    rows = connection.execute(_THREAD, {"tenant": tenant_id, "keys": [seen.message, *seen.references]}).all()
    before = next((r for r in rows if r.message == seen.message), None)
    linked = before or next((r for key in seen.references for r in rows if r.message == key), None)
    thread = linked.thread if linked else (seen.references[0] if seen.references else seen.message)
    theirs = linked.theirs if linked else 0
    ours = linked.thread_ours if linked else 0
    sent, received = (1, 0) if seen.own else (0, 1)
    again = before is not None
    answered = any(r.message in seen.references for r in rows)
    others = False
    if answered and not seen.own and seen.party is not None:
        parties = connection.execute(_PARTIES, {"tenant": tenant_id, "thread": thread}).all()
        others = bool(parties) and not any(
            p.party == seen.party or (seen.domain is not None and p.domain == seen.domain) for p in parties
        )
    messages = max(0, (who.messages or 0) - again * received)
    danger, first_seen, last_seen = who.danger or 0, who.first_seen, who.last_seen
    if before is not None and messages:
        danger, first_seen, last_seen = _without(connection, tenant_id, seen, before.seen_at, who)
    history = History(
        messages_from_sender=messages,
        danger_from_sender=min(danger, messages),
        first_seen=_time(first_seen) if messages else None,
        last_seen=_time(last_seen) if messages else None,
        messages_in_thread=max(0, theirs + ours - again),
        ours_in_thread=max(0, ours - again * sent),
        ours_to_sender=max(0, (who.ours or 0) - again * sent),
        confirmed_genuine=who.genuine or 0,
        confirmed_fake=who.fake or 0,
        messages_from_domain=None if seen.domain is None else max(0, (who.domain_messages or 0) - again * received),
        thread_known=answered if seen.references else None,
        thread_others=others,
        ours_since=_time(who.ours_since) if who.ours_since else None,
        level=who.level_by_hand,
        level_before=who.level,
        told=frozenset((who.told or "").split()),
        confirmed=frozenset((who.confirmed or "").split()),
        profile=orjson.loads(who.profile) if who.profile else EMPTY,
    )
    return Recalled(history, thread)


def _without(connection: Connection, tenant_id: int, seen: Keys, seen_at: int, who: Any) -> tuple[int, int, int]:
    """What is counted of the sender, less this message, which is graded again: dangerous mails, first and last time."""
    asked = {"tenant": tenant_id, "party": seen.party, "message": seen.message}
    danger, first, last = who.danger, who.first_seen, who.last_seen
    if danger and not seen.own:
        danger -= connection.scalar(_COUNTED, asked) == "danger"
    if seen_at in (first, last):
        others = connection.execute(_OTHERS, asked).one()
        if others.first is not None:  # else the others were removed for their age
            first = others.first if seen_at == first else first
            last = others.last if seen_at == last else last
    return danger, first, last


# --------------------------------------------------------------------------- what a message leaves


@dataclass(frozen=True, slots=True)
class Relation:
    """What a graded message leaves of its sender, thread and text.

    ``told``: ids that the level may rest on; ``sketch``: of the own words (``store.sketch``).
    """

    tenant_id: int
    token_id: int | None
    keys: Keys
    thread: bytes
    at: int
    danger: bool
    told: frozenset[str]
    level: int | None
    cause: str
    sketch: bytes | None = None


def write(connection: Connection, relations: Sequence[Relation]) -> None:
    """Count new messages and move levels. Part of the writer's transaction."""
    if not relations:
        return
    fresh = _insert_messages(connection, relations)
    _count(connection, fresh)
    _levels(connection, [r for r in relations if r.keys.party and not r.keys.own])


def _insert_messages(connection: Connection, relations: Sequence[Relation]) -> list[Relation]:
    """The relations whose message was not there yet."""
    first: dict[tuple[int, bytes], Relation] = {}
    for r in relations:
        first.setdefault((r.tenant_id, r.keys.message), r)
    ordered = [first[k] for k in sorted(first)]  # in one order everywhere: two writers must not wait for each other
    rows = [
        {
            "tenant_id": r.tenant_id, "message": r.keys.message, "thread": r.thread, "party": r.keys.party,
            "domain": r.keys.domain, "ours": int(r.keys.own), "seen_at": r.at,
        }
        for r in ordered
    ]  # fmt: skip
    new = {(row.tenant_id, bytes(row.message)) for row in connection.execute(_inserting(connection.dialect.name), rows)}
    return [r for r in ordered if (r.tenant_id, r.keys.message) in new]


@cache
def _inserting(dialect: str) -> Any:
    return tables.upsert(dialect, tables.messages).on_conflict_do_nothing().returning(_M.tenant_id, _M.message)


def _count(connection: Connection, fresh: Iterable[Relation]) -> None:
    threads: dict[tuple[int, bytes], Counter[str]] = {}
    senders: dict[tuple[int, bytes], Counter[str]] = {}
    domains: dict[tuple[int, bytes], Counter[str]] = {}
    at: dict[tuple[int, bytes], int] = {}
    own: dict[int, int] = {}
    for r in fresh:
        side = "ours" if r.keys.own else "theirs"
        threads.setdefault((r.tenant_id, r.thread), Counter())[side] += 1
        at[r.tenant_id, r.thread] = r.at
        if r.keys.own:
            own.setdefault(r.tenant_id, r.at)
        for key, counts in ((r.keys.party, senders), (r.keys.domain, domains)):
            if key is not None:
                count = counts.setdefault((r.tenant_id, key), Counter())
                count["ours" if r.keys.own else "messages"] += 1
                count["danger"] += r.danger and not r.keys.own
                at[r.tenant_id, key] = r.at
    _add(connection, tables.threads, "thread", threads, ("theirs", "ours"), at)
    _add(connection, tables.senders, "address", senders, ("messages", "danger", "ours"), at)
    _add(connection, tables.domains, "domain", domains, ("messages", "danger"), at)
    for tenant_id, since in own.items():
        connection.execute(
            update(tables.tenants).where(_T.id == tenant_id, _T.ours_since.is_(None)).values(ours_since=since)
        )


def _add(
    connection: Connection,
    table: Table,
    key: str,
    counts: Mapping[tuple[int, bytes], Counter[str]],
    columns: tuple[str, ...],
    at: Mapping[tuple[int, bytes], int],
) -> None:
    """Add counters to rows that are made when they are not there."""
    if not counts:
        return
    rows = [
        {"tenant_id": place[0], key: place[1], "first_seen": at[place], "last_seen": at[place]}
        | {name: counts[place][name] for name in columns}
        for place in sorted(counts)
    ]
    connection.execute(_adding(connection.dialect.name, table, key, columns), rows)


@cache
def _adding(dialect: str, table: Table, key: str, columns: tuple[str, ...]) -> Any:
    """Kept, as making it takes three times as long as running it."""
    statement = tables.upsert(dialect, table)
    new, old = statement.excluded, table.c
    change = {name: old[name] + new[name] for name in columns} | {"last_seen": new.last_seen}
    return statement.on_conflict_do_update(index_elements=[old.tenant_id, old[key]], set_=change)


_LEVELS = (
    select(_S.address, _S.told, _S.level, _S.level_by_hand)
    .where(_S.tenant_id == bindparam("tenant"), _S.address.in_(bindparam("parties", expanding=True)))
    .order_by(_S.address)
    .with_for_update()
)
_MOVE = update(tables.senders).where(_S.tenant_id == bindparam("tenant"), _S.address == bindparam("party"))


def _levels(connection: Connection, relations: Sequence[Relation]) -> None:
    """What mails told adds up, and a level that differs from the last one is kept with its cause.

    The rows were locked by the counting before, or are written by one process alone (SQLite), so nothing is lost.
    """
    moving = [r for r in relations if r.told or r.level is not None]
    if not moving:
        return
    for tenant_id in {r.tenant_id for r in moving}:
        parties = sorted({r.keys.party for r in moving if r.tenant_id == tenant_id and r.keys.party})
        known = {
            bytes(row.address): row for row in connection.execute(_LEVELS, {"tenant": tenant_id, "parties": parties})
        }
        for party in parties:
            row = known.get(party)
            if row is None:
                continue
            told, level = set(row.told.split()), row.level
            for r in moving:
                if r.tenant_id != tenant_id or r.keys.party != party:
                    continue
                told |= r.told
                if r.level is not None and r.level != level:
                    if row.level_by_hand is None:
                        _note(connection, r, level)
                    level = r.level
            if told != set(row.told.split()) or level != row.level:
                moved = {"tenant": tenant_id, "party": party, "told": " ".join(sorted(told)), "level": level}
                connection.execute(_MOVE, moved)


def _note(connection: Connection, r: Relation, before: int | None) -> None:
    row = {
        "tenant_id": r.tenant_id, "sender": r.keys.party, "before": before, "after": r.level, "by_hand": 0,
        "cause": r.cause, "reason": "", "token_id": r.token_id, "changed_at": r.at,
    }  # fmt: skip
    connection.execute(insert(tables.level_changes), row)


# --------------------------------------------------------------------------- labels


def last_labels(connection: Connection, tenant_id: int, *of: ColumnElement[bool]) -> list[Any]:
    """(message, sender, verdict_id, label, against) of each labelled message: the last label is the one that counts."""
    f = tables.feedback.c
    last: dict[bytes, Any] = {}
    asked = select(f.message, f.sender, f.verdict_id, f.label, f.against).where(f.tenant_id == tenant_id, *of)
    for row in connection.execute(asked.order_by(f.id)):
        last[row.message or row.verdict_id.encode()] = row
    return list(last.values())


def relabel(connection: Connection, tenant_id: int, sender: bytes | None) -> None:
    """Count a sender's confirmed messages anew from the labels."""
    if sender is None:
        return
    last = last_labels(connection, tenant_id, tables.feedback.c.sender == sender)
    genuine = [row for row in last if row.label in GENUINE_LABELS]
    fake = sum(row.label in FAKE_LABELS for row in last)
    confirmed = sorted({finding for row in genuine for finding in row.against.split()})
    connection.execute(
        update(tables.senders)
        .where(_S.tenant_id == tenant_id, _S.address == sender)
        .values(genuine=len(genuine), fake=fake, confirmed=" ".join(confirmed))
    )


def level_changes(connection: Connection, tenant_id: int, sender: bytes, most: int = 50) -> list[dict[str, Any]]:
    """The newest changes of a sender's level, oldest first, with the name of the token that made them."""
    c, t = tables.level_changes.c, tables.tokens.c
    rows = connection.execute(
        select(c.before, c.after, c.by_hand, c.cause, c.reason, c.changed_at, t.name)
        .select_from(tables.level_changes.outerjoin(tables.tokens, t.id == c.token_id))
        .where(c.tenant_id == tenant_id, c.sender == sender)
        .order_by(c.id.desc())
        .limit(most)
    ).all()
    return [
        {
            "before": r.before, "after": r.after, "by_hand": bool(r.by_hand), "cause": r.cause.split(),
            "reason": r.reason, "by": r.name, "at": r.changed_at,
        }
        for r in reversed(rows)
    ]  # fmt: skip


def set_level(
    connection: Connection,
    tenant_id: int,
    token_id: int | None,
    sender: bytes,
    level: int | None,
    reason: str,
    now: int,
) -> None:
    """Set a level by hand, or None to let the mails speak again; a sender who never wrote gets a row."""
    made = tables.upsert(connection.dialect.name, tables.senders).on_conflict_do_nothing()
    empty = {"messages": 0, "danger": 0, "first_seen": now, "last_seen": now}
    connection.execute(made, {"tenant_id": tenant_id, "address": sender, **empty})
    before = connection.execute(
        select(func.coalesce(_S.level_by_hand, _S.level))
        .where(_S.tenant_id == tenant_id, _S.address == sender)
        .with_for_update()
    ).scalar_one()
    after = level
    if level is None:
        after = connection.execute(select(_S.level).where(_S.tenant_id == tenant_id, _S.address == sender)).scalar_one()
    connection.execute(
        update(tables.senders).where(_S.tenant_id == tenant_id, _S.address == sender).values(level_by_hand=level)
    )
    row = {
        "tenant_id": tenant_id, "sender": sender, "before": before, "after": after, "by_hand": 1, "cause": "hand",
        "reason": reason, "token_id": token_id, "changed_at": now,
    }  # fmt: skip
    connection.execute(insert(tables.level_changes), row)


def _time(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
