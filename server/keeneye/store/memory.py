"""What the firm already knows of a message's sender, thread, text and origin: asked before the facts are drawn.

Each part of the memory is a module of its own (relations, catalogue, …); this one puts them together for one request.
"""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import Connection

from keeneye.facts.origin import public
from keeneye.model import About, Customer, Firm, Graded, History, Outcome
from keeneye.store import catalogue, fingerprints, relations, visits
from keeneye.store.relations import Keys, Recalled, Relation
from keeneye.store.sketch import bands, is_standard

if TYPE_CHECKING:
    from keeneye.store import Left, Owner, Store


KNOWN = (1, 2, 3)
"""Levels of which something is known; what a mail of level 4 lets fall is not built upon."""


class Pending:
    """Messages that are stored together. One that an earlier one concerns is judged when that one is stored."""

    def __init__(self, store: Store, owner: Owner) -> None:
        self._store = store
        self._owner = owner
        self._waiting: list[Left] = []
        self._marks: set[bytes | int] = set()
        self.lost: list[Left] = []
        """What may not have been stored."""

    def add(self, left: Left) -> None:
        self._waiting.append(left)
        if left.relation is not None:
            self._marks |= _marks(left.relation.keys, left.relation.sketch)

    def save(self) -> None:
        """Make durable what waits. Raises StoreUnavailable."""
        now, self._waiting = self._waiting, []
        self._marks.clear()
        if now:
            self.lost += now  # until it is certain, whatever interrupts
            self._store.save_verdicts(self._owner, now)
            del self.lost[-len(now) :]

    def before(self, keys: Keys, sketch: bytes | None) -> None:
        """Save first if anything that waits has to do with this message. Raises StoreUnavailable."""
        if not self._marks.isdisjoint(_marks(keys, sketch)):
            self.save()


def _marks(keys: Keys, sketch: bytes | None) -> set[bytes | int]:
    """What two messages share that have to do with each other: a person, a firm, a thread, words."""
    own = {key for key in (keys.message, keys.party, keys.domain) if key is not None}
    return {*own, *keys.references, *(bands(sketch) if sketch is not None else ())}


class Memory:
    """The memory of one tenant for one message: ``firm``, then ``recall``, then ``left``."""

    def __init__(self, store: Store, owner: Owner, pending: Pending | None = None) -> None:
        self._store = store
        self._owner = owner
        self._pending = pending
        self._keys: Keys | None = None
        self._recalled: Recalled | None = None
        self._revision: int | None = None
        self._sketch: bytes | None = None

    def firm(self, firm: Firm) -> Firm:
        """Us, with what this tenant imported. Raises StoreUnavailable."""
        tenant = self._owner.tenant_id
        with self._store.reading() as connection:
            self._revision = catalogue.revision(connection, tenant)
            return catalogue.firm(connection, tenant, self._revision, firm)

    def recall(self, about: About) -> History:
        """What is known of the message's sender, thread and text. Raises StoreUnavailable."""
        tenant_id = self._owner.tenant_id
        self._keys = relations.keys(about, self._store.secret)
        self._sketch = None if about.own else self._store.sketcher.of(about.mail, about.firm)
        if self._pending is not None:
            self._pending.before(self._keys, self._sketch)
        with self._store.reading() as connection:
            self._recalled = relations.recall(connection, tenant_id, self._keys)
            same = fingerprints.recall(connection, tenant_id, self._sketch, self._keys, self._recalled.thread)
            listed, customer = self._customer(connection, about)
            seen = None if about.own else visits.recall(connection, tenant_id, self._store.secret, *_origins(about))
        if same is not None and is_standard(about.mail):
            same = None
        return replace(self._recalled.history, same_text=same, customers_listed=listed, listed=customer, visits=seen)

    def _customer(self, connection: Connection, about: About) -> tuple[bool, Customer | None]:
        """Whether there is a list of customers, and which of them wrote the message."""
        tenant = self._owner.tenant_id
        if self._revision is None or not catalogue.customers_listed(connection, tenant, self._revision):
            return False, None
        if about.own or about.writer is None:
            return True, None
        return True, catalogue.customer(connection, tenant, about.writer.address, about.domain)

    def left(self, graded: Graded, level_rests_on: frozenset[str]) -> Relation | None:
        """What the graded message leaves behind; None before ``recall``."""
        seen, recalled = self._keys, self._recalled
        if seen is None or recalled is None:
            return None
        score = graded.score
        # Words of a trap, or of one who writes under another's address, say nothing of the relation.
        believed = bool(score.stars) and not graded.facts.forged
        hits = frozenset(f.id for f in graded.findings if f.outcome is Outcome.HIT)
        return Relation(
            tenant_id=self._owner.tenant_id,
            token_id=self._owner.token_id,
            keys=seen,
            thread=recalled.thread,
            at=int(time.time()),
            danger=score.banner == "danger",
            told=hits & level_rests_on if believed and score.level in KNOWN else frozenset(),
            level=score.level if believed and score.level_because != ("hand",) else None,
            cause=" ".join(score.level_because),
            sketch=self._sketch,
        )


def _origins(about: About) -> tuple[list[str], datetime]:
    """Where the message may have come from, and when: visits after it was written did not lead to it."""
    mail = about.mail
    stamped = (mail.hops[0].date if mail.hops else None) or mail.date  # our own server's clock before the writer's
    written = stamped if stamped is not None and stamped.tzinfo is not None else about.now
    addresses = dict.fromkeys((mail.originating_ip, *(hop.from_ip for hop in mail.hops)))
    return [ip for ip in addresses if public(ip) is not None and ip], min(written, about.now)
