"""Kill a writing process over and over, and see that every row that it acknowledged is there.

``python killing.py URL TIMES``: a child is forked that writes verdicts and labels as the server does; after some
random milliseconds it gets SIGKILL. Prints what was acknowledged, lost and counted wrong; ends with 1 if anything was.
"""

from __future__ import annotations

import os
import random
import signal
import sys
import time
import uuid
from typing import Any

from sqlalchemy import func, select

from keeneye.store import Left, Owner, Store, tables
from keeneye.store.migrations import migrate
from keeneye.store.relations import Keys, Relation
from keeneye.store.secret import Secret

SECRET = Secret(b"0123456789abcdef0123456789abcdef")
ADDRESS = "buyer@acme.example"
OWNER = Owner(1, None, "test")
LONGEST = 0.03
"""Seconds that a child may live once it has written its first row."""


def left(store: Store) -> Left:
    """A message that nobody has seen yet."""
    message = uuid.uuid4().bytes
    verdict: dict[str, Any] = {
        "id": uuid.uuid4().hex, "category": "fraud", "grade": "F", "stars": 0, "risk": 90.0, "banner": "danger",
        "policy": "0" * 64, "findings": [{"id": "money.blackmail", "outcome": "hit", "points": -30.0}],
    }  # fmt: skip
    keys = Keys(message, (), store.secret.address(ADDRESS), None, None, False)
    relation = Relation(1, None, keys, message, int(time.time()), True, frozenset(), None, "")
    return Left(verdict, ADDRESS, message, relation)


def write(store: Store, acknowledged: int) -> None:
    """Write until killed; each id goes to the pipe once it is acknowledged."""
    store.after_fork()
    while True:
        batch = [left(store) for _ in range(random.randint(1, 4))]
        store.save_verdicts(OWNER, batch)
        os.write(acknowledged, b"".join(b"V" + one.verdict["id"].encode() for one in batch))
        given = batch[0].verdict["id"]
        if store.add_feedback(OWNER, given, "fake", ""):
            os.write(acknowledged, b"F" + given.encode())


def kill_once(store: Store) -> bytes:
    """What one child acknowledged before it died."""
    out, into = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(out)
        try:
            write(store, into)
        finally:
            os._exit(1)  # not reached but by a mistake, which the parent sees
    os.close(into)
    got = os.read(out, 65536)
    time.sleep(random.uniform(0, LONGEST))
    os.kill(child, signal.SIGKILL)
    while more := os.read(out, 65536):
        got += more
    os.close(out)
    status = os.waitpid(child, 0)[1]
    if not os.WIFSIGNALED(status):
        sys.exit("the writing process ended by itself")
    return got


def main(url: str, times: int) -> int:
    store = Store(url, SECRET)
    migrate(store.engine)
    verdicts: list[str] = []
    labels: list[str] = []
    first = left(store)  # written before the forks, so that children need not compile the statements again
    store.save_verdicts(OWNER, [first])
    store.add_feedback(OWNER, first.verdict["id"], "fake", "")
    store.close()
    for _ in range(times):
        got = kill_once(store)
        for at in range(0, len(got) - 32, 33):
            (verdicts if got[at : at + 1] == b"V" else labels).append(got[at + 1 : at + 33].decode())
    with store.engine.connect() as connection:
        kept = set(connection.scalars(select(tables.verdicts.c.id)))
        labelled = set(connection.scalars(select(tables.feedback.c.verdict_id)))
        messages = connection.scalar(select(func.count()).select_from(tables.messages))
        counted = connection.scalar(select(tables.senders.c.messages))
        fake = connection.scalar(select(tables.senders.c.fake))
        threads = connection.scalar(select(func.sum(tables.threads.c.theirs)))
    store.engine.dispose()
    lost = len(set(verdicts) - kept) + len(set(labels) - labelled)
    wrong = (messages != len(kept)) + (counted != messages) + (threads != messages) + (fake != len(labelled))
    print(f"killed {times}, acknowledged {len(verdicts)} verdicts and {len(labels)} labels, lost {lost}, wrong {wrong}")
    return 1 if lost or wrong or not verdicts or not labels else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], int(sys.argv[2])))
