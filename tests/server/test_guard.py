"""Calls that use up their CPU time are given up, and only those."""

from __future__ import annotations

import socket
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from keeneye.guard import Watchdog
from keeneye.model import KeeneyeError


def spin() -> None:
    while True:
        pass


def test_result_and_error_come_through() -> None:
    watchdog = Watchdog()
    assert watchdog.call(1, lambda a, b: a + b, 1, b=2) == 3
    with pytest.raises(ZeroDivisionError):
        watchdog.call(1, lambda: 1 / 0)


def test_endless_call_is_given_up() -> None:
    begun = time.thread_time()
    with pytest.raises(KeeneyeError) as caught:
        Watchdog().call(0.2, spin)
    assert caught.value.code == "message_too_complex"
    assert 0.2 <= time.thread_time() - begun < 1.5


def test_waiting_costs_nothing() -> None:
    assert Watchdog().call(0.1, lambda: time.sleep(0.4)) is None


def test_a_stage_cannot_swallow_it() -> None:
    def stubborn() -> None:
        while True:
            try:
                spin()
            except Exception:
                continue

    with pytest.raises(KeeneyeError):
        Watchdog().call(0.2, stubborn)


def test_even_a_bare_handler_gives_in_at_the_end() -> None:
    def deaf() -> str:
        try:
            spin()
        except BaseException:
            return "swallowed once"
        return ""

    assert Watchdog().call(0.1, deaf) == "swallowed once"
    for _ in range(1000):  # and nothing comes late, after the call
        time.thread_time()


def test_neighbours_are_left_alone() -> None:
    watchdog = Watchdog()

    def short(number: int) -> int:
        return watchdog.call(5, lambda: sum(range(20_000)) and number)

    with ThreadPoolExecutor(4) as pool:
        stuck = pool.submit(watchdog.call, 0.3, spin)
        assert list(pool.map(short, range(50))) == list(range(50))
        with pytest.raises(KeeneyeError):
            stuck.result()


def test_one_thread_for_all_and_none_before() -> None:
    def watchers() -> int:
        return sum(t.name == "watchdog" for t in threading.enumerate())

    before = watchers()
    watchdog = Watchdog()
    assert watchers() == before
    for _ in range(20):
        watchdog.call(1, int)
    assert watchers() == before + 1


def test_late_reader_sees_the_end() -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs, Watchdog().reading(ours, 0.2) as reading:
        assert ours.recv(1) == b""
        assert reading.late
        ours.sendall(b"can still answer")
        assert theirs.recv(100) == b"can still answer"


def test_reader_in_time_is_left_alone() -> None:
    watchdog = Watchdog()
    ours, theirs = socket.socketpair()
    with ours, theirs, watchdog.reading(ours, 0.2) as reading:
        watchdog.done(reading)
        time.sleep(0.4)
        theirs.sendall(b"later")
        assert ours.recv(100) == b"later"
        assert not reading.late
