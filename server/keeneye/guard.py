"""Bounds that hold when the code they bound does not give up by itself: CPU time of a call, time to read a body.

One thread in each process looks after all of them, a few times a second and only while there are any.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import socket
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import ParamSpec, TypeVar

from keeneye.model import KeeneyeError

P = ParamSpec("P")
T = TypeVar("T")

TICK_SECONDS = 0.05


class _CpuSpent(BaseException):
    """Raised inside a call that has used up its CPU time. Not an Exception: no stage may take it for its own."""


@dataclass(eq=False, slots=True)
class _Call:
    thread: int
    clock: int
    until: float
    active: bool = True
    fired: bool = False

    def due(self) -> bool:
        return time.clock_gettime(self.clock) >= self.until

    def fire(self) -> None:
        # Again at each tick until the call has ended: a finaliser may have swallowed the one before.
        self.fired = True
        _raise_in(self.thread, _CpuSpent)


@dataclass(eq=False, slots=True)
class Reading:
    """A request that is being read. ``late``: the time was up, and the rest is not waited for."""

    sock: socket.socket
    until: float
    active: bool = True
    late: bool = False

    def due(self) -> bool:
        return not self.late and time.monotonic() >= self.until

    def fire(self) -> None:
        # The thread that waits for the client sees an end of file and can still answer.
        self.late = True
        with contextlib.suppress(OSError):
            self.sock.shutdown(socket.SHUT_RD)


@dataclass(slots=True)
class Watchdog:
    """The thread and what it looks after."""

    _lock: threading.Condition = field(default_factory=threading.Condition)
    _entries: set[_Call | Reading] = field(default_factory=set)
    _pid: int = 0

    def call(self, cpu_seconds: float, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """The function's result. Raises KeeneyeError ``message_too_complex`` when it takes more CPU time."""
        thread = threading.get_ident()
        clock = time.pthread_getcpuclockid(thread)
        entry = _Call(thread, clock, time.clock_gettime(clock) + cpu_seconds)
        try:
            self._add(entry)
            try:
                return function(*args, **kwargs)
            finally:
                self._remove(entry)
        except _CpuSpent:
            self._remove(entry)
            raise KeeneyeError(
                "message_too_complex", f"Grading this message took more than {cpu_seconds:g} s and was given up."
            ) from None

    @contextlib.contextmanager
    def reading(self, sock: socket.socket, seconds: float) -> Iterator[Reading]:
        """Give the client this long to send a request."""
        entry = Reading(sock, time.monotonic() + seconds)
        self._add(entry)
        try:
            yield entry
        finally:
            self.done(entry)

    def done(self, entry: Reading) -> None:
        """The request has been read."""
        self._remove(entry)

    def _add(self, entry: _Call | Reading) -> None:
        with self._lock:
            if self._pid != os.getpid():
                self._pid = os.getpid()
                self._entries.clear()
                threading.Thread(target=self._watch, name="watchdog", daemon=True).start()
            if not self._entries:
                self._lock.notify()
            self._entries.add(entry)

    def _remove(self, entry: _Call | Reading) -> None:
        with self._lock:
            entry.active = False
            self._entries.discard(entry)
        if isinstance(entry, _Call) and entry.fired:
            _raise_in(entry.thread, None)

    def _watch(self) -> None:
        while True:
            with self._lock:
                while not self._entries:
                    self._lock.wait()
                for entry in [e for e in self._entries if e.active and e.due()]:
                    entry.fire()
            time.sleep(TICK_SECONDS)


def _raise_in(thread: int, error: type[BaseException] | None) -> None:
    """Raise in another thread at its next bytecode; None takes back what has not been raised yet."""
    what = ctypes.py_object(error) if error is not None else None
    ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread), what)


WATCHDOG = Watchdog()
