"""Reads logs into visits: once, or following live ones until it is told to stop."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from glob import escape
from pathlib import Path
from threading import Event
from typing import Final, Protocol

from keeneye.weblog.files import SPOILT, Log, Mark
from keeneye.weblog.formats import Format
from keeneye.weblog.sessions import Sessions
from keeneye.weblog.visit import Visit

BATCH_LINES: Final = 50_000
BATCH_VISITS: Final = 5_000
COMMIT_SECONDS: Final = 5.0
LOOK_SECONDS: Final = 0.5
LAST_SECONDS: Final = 60.0
"""How long a log that was renamed is read on: servers write to it until they are told of the new one."""
BAD_NAMED: Final = 10
CLOCKS: Final = 300
"""Seconds by which the clock of the web server may be ahead of ours."""


class Ledger(Protocol):
    """Where visits go, and with them in one step how far each log was read: nothing counts twice, or is lost."""

    def key(self, content: bytes) -> bytes: ...

    def mark(self, log: bytes) -> Mark | None: ...

    def save(self, visits: Sequence[Visit], probers: Sequence[tuple[str, int]], marks: Sequence[Mark]) -> None:
        """Raises StoreUnavailable."""


@dataclass(slots=True)
class Report:
    """What an import has done. ``bad``: numbers of the first lines of each file that could not be read."""

    lines: int = 0
    bad_lines: int = 0
    bad: dict[Path, list[int]] = field(default_factory=dict)
    failed: dict[Path, str] = field(default_factory=dict)
    visits: int = 0


class Importer:
    """One import. ``now``: UTC seconds since 1970; ``progress`` is told the bytes read of the file on disk."""

    def __init__(
        self,
        sessions: Sessions,
        ledger: Ledger,
        kind: Format | None = None,
        now: Callable[[], float] = time.time,
        progress: Callable[[Path, int], object] = lambda *_: None,
    ) -> None:
        self.report = Report()
        self.sessions = sessions
        self._ledger = ledger
        self._kind = kind
        self._now = now
        self._progress = progress
        self._marks: dict[bytes, Mark] = {}
        self._unsaved = 0

    def read(self, paths: Sequence[Path]) -> None:
        """Read files to their end. One that cannot be read is named in the report. Raises what the ledger raises."""
        for path in paths:
            try:
                log = self._open(path)
            except OSError as error:
                self.report.failed[path] = _reason(error)
                continue
            try:
                while self._take(log):
                    self.commit()
            except SPOILT as error:
                self.report.failed[path] = _reason(error)
            self._keep(log)
            self._progress(path, log.progress)
            log.close()
        self.commit()

    def follow(self, paths: Sequence[Path], stop: Event, broken: tuple[type[Exception], ...] = ()) -> None:
        """Read what is written to the files, across their rotation, until ``stop``; then commit.

        While the ledger raises one of ``broken`` nothing more is read, and saving is tried again.
        """
        current: dict[Path, Log] = {}
        ending: list[tuple[float, Log]] = []
        due = time.monotonic() + COMMIT_SECONDS
        saved = True
        while not stop.is_set():
            full = saved and self._look(paths, current, ending)
            if full or time.monotonic() >= due:
                due = time.monotonic() + COMMIT_SECONDS
                try:
                    self.commit()
                    saved = True
                except broken:
                    saved = False
            if not (full and saved):
                stop.wait(LOOK_SECONDS)
        for log in [*current.values(), *(log for _, log in ending)]:
            log.close()
        self.commit()

    def _look(self, paths: Sequence[Path], current: dict[Path, Log], ending: list[tuple[float, Log]]) -> bool:
        """Read what is new; whether a batch is full and more may be there."""
        full = False
        now = time.monotonic()
        for path in paths:
            try:
                log = current.get(path) or self._open(path)
            except OSError:
                continue  # not there yet
            current[path] = log
            if log.emptied():
                ending += [(now + LAST_SECONDS, copy) for copy in self._copies(log)]
                current.pop(path).close()
                full = True  # the new lines are read at once
                continue
            full |= self._read_on(log)
            if log.replaced():
                ending.append((now + LAST_SECONDS, current.pop(path)))
        for until, log in list(ending):
            full |= self._read_on(log)
            if now >= until:
                log.close()
                ending.remove((until, log))
        return full

    def _copies(self, log: Log) -> Iterator[Log]:
        """Copies beside an emptied log: they hold what was not read of it."""
        for path in sorted(log.path.parent.glob(f"{escape(log.path.name)}?*")):
            try:
                copy = self._open(path)
            except OSError:
                continue
            try:
                same = copy.copies(log)
            except SPOILT:
                same = False
            if same:
                yield copy
            else:
                copy.close()

    def _read_on(self, log: Log) -> bool:
        try:
            full = self._take(log)
        except SPOILT as error:
            self.report.failed[log.path] = _reason(error)
            full = False
        self._keep(log)
        return full

    def commit(self) -> None:
        """Save what was read since the last time. Raises what the ledger raises; nothing is lost then."""
        visits = self.sessions.visits()
        if not visits and not self._marks:
            return
        self._ledger.save(visits, list(self.sessions.caught.items()), list(self._marks.values()))
        self.report.visits += len(visits)
        self.sessions.clear()
        self._marks.clear()
        self._unsaved = 0

    def _open(self, path: Path) -> Log:
        return Log(path, self._kind, self._ledger.key, self._find)

    def _find(self, log: bytes) -> Mark | None:
        return self._marks.get(log) or self._ledger.mark(log)

    def _take(self, log: Log) -> bool:
        """Count the log's new lines; True: a batch is full, save it and go on."""
        report, sessions = self.report, self.sessions
        latest = self._now() + CLOCKS
        for line in log.lines():
            report.lines += 1
            self._unsaved += 1
            try:
                request = log.parser().parse(line)
                if request is not None:
                    if request.at > latest:
                        raise ValueError("of tomorrow")
                    log.seen(request.at)
                    sessions.take(request)
            except ValueError:
                report.bad_lines += 1
                numbers = report.bad.setdefault(log.path, [])
                if len(numbers) < BAD_NAMED:
                    numbers.append(log.number)
            if self._unsaved >= BATCH_LINES or len(sessions.open) >= BATCH_VISITS:
                self._keep(log)
                self._progress(log.path, log.progress)
                return True
        return False

    def _keep(self, log: Log) -> None:
        mark = log.mark()
        if mark is not None:
            self._marks[mark.log] = mark


def _reason(error: Exception) -> str:
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    return "ends too early or is spoilt"
