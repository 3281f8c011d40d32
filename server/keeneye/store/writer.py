"""One thread in each process that commits waiting rows together: many requests share one fsync.

A caller is released only after the commit that holds its rows: an acknowledged verdict survives kill -9 and,
as SQLite runs with synchronous=FULL and PostgreSQL with synchronous_commit=on, a power cut.
"""

from __future__ import annotations

import os
import queue
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import structlog
from sqlalchemy import Connection, Engine, insert
from sqlalchemy.exc import DataError, IntegrityError, SQLAlchemyError

from keeneye.store import fingerprints, tables
from keeneye.store.relations import Relation, relabel, write

log = structlog.get_logger()

Row = Mapping[str, Any]
MOST_TOGETHER = 512
# When the last commit had company, the next one waits this long for more: about what an fsync takes.
GATHER_SECONDS = 0.002
WAIT_SECONDS = 20.0
SWEEP_SECONDS = 3600.0


class StoreUnavailable(Exception):
    """The rows could not be made durable. The request may be tried again."""


class _Ticket:
    __slots__ = ("contents", "done", "error", "feedback", "relations", "verdicts")

    def __init__(
        self,
        verdicts: Sequence[Row],
        relations: Sequence[Relation],
        feedback: Sequence[Row],
        contents: Sequence[Row],
    ) -> None:
        self.verdicts = verdicts
        self.relations = relations
        self.feedback = feedback
        self.contents = contents
        self.error: Exception | None = None
        self.done = threading.Event()


class Writer:
    """Queue and thread. The thread starts with the first rows, so that it lives in the worker, not in its parent."""

    def __init__(self, engine: Engine, sweep: Callable[[], object], wait: float = WAIT_SECONDS) -> None:
        self._engine = engine
        self._sweep = sweep
        self._wait = wait
        self._lock = threading.Lock()
        self._pid = 0
        self._queue: queue.SimpleQueue[_Ticket | None] = queue.SimpleQueue()
        self._thread: threading.Thread | None = None

    def save(
        self,
        verdicts: Sequence[Row] = (),
        relations: Sequence[Relation] = (),
        feedback: Sequence[Row] = (),
        contents: Sequence[Row] = (),
    ) -> None:
        """Return when the rows are durable. Raises StoreUnavailable."""
        ticket = _Ticket(verdicts, relations, feedback, contents)
        self._running().put(ticket)
        if not ticket.done.wait(self._wait):
            raise StoreUnavailable("the store did not answer in time")
        if ticket.error is not None:
            raise StoreUnavailable(type(ticket.error).__name__) from ticket.error

    def close(self) -> None:
        """Commit what waits and end the thread."""
        with self._lock:
            thread, self._thread = self._thread, None
            if thread is not None and self._pid == os.getpid():
                self._queue.put(None)
                thread.join(self._wait)

    def _running(self) -> queue.SimpleQueue[_Ticket | None]:
        with self._lock:
            if self._thread is None or self._pid != os.getpid():
                self._pid = os.getpid()
                self._queue = queue.SimpleQueue()
                self._thread = threading.Thread(target=self._run, args=(self._queue,), name="store-writer", daemon=True)
                self._thread.start()
            return self._queue

    def _run(self, waiting: queue.SimpleQueue[_Ticket | None]) -> None:
        next_sweep = time.monotonic()
        crowded = False
        while True:
            try:
                ticket = waiting.get(timeout=max(0.0, next_sweep - time.monotonic()))
            except queue.Empty:
                next_sweep = time.monotonic() + SWEEP_SECONDS
                self._sweep_quietly()
                continue
            if crowded:
                time.sleep(GATHER_SECONDS)
            group: list[_Ticket] = []
            while ticket is not None:
                group.append(ticket)
                if len(group) >= MOST_TOGETHER:
                    break
                try:
                    ticket = waiting.get_nowait()
                except queue.Empty:
                    break
            crowded = len(group) > 1
            if group:
                self._commit(group)
            if ticket is None:
                return

    def _sweep_quietly(self) -> None:
        try:
            self._sweep()
        except SQLAlchemyError as error:
            log.warning("store.sweep_failed", exc_info=error)

    def _commit(self, group: list[_Ticket]) -> None:
        try:
            with self._engine.begin() as connection:
                _write(connection, group)
        except (IntegrityError, DataError) as error:
            # One caller's row is wrong; the others must not pay for it.
            if len(group) > 1:
                for ticket in group:
                    self._commit([ticket])
                return
            group[0].error = error
        except Exception as error:
            log.error("store.write_failed", rows=len(group), exc_info=error)
            for ticket in group:
                ticket.error = error
        for ticket in group:
            ticket.done.set()


def _write(connection: Connection, group: Sequence[_Ticket]) -> None:
    verdicts = [row for ticket in group for row in ticket.verdicts]
    feedback = [row for ticket in group for row in ticket.feedback]
    if verdicts:
        connection.execute(insert(tables.verdicts), verdicts)
    relations = [one for ticket in group for one in ticket.relations]
    write(connection, relations)
    fingerprints.write(connection, [f for f in map(fingerprints.left, relations) if f is not None])
    contents = [row for ticket in group for row in ticket.contents]
    if contents:
        connection.execute(insert(tables.contents), contents)
    if feedback:
        connection.execute(insert(tables.feedback), feedback)
        for tenant_id, sender in sorted({(r["tenant_id"], r["sender"]) for r in feedback if r["sender"]}):
            relabel(connection, tenant_id, sender)
