"""Counting against rates, in the process and in a Redis of the test's own."""

from __future__ import annotations

import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from keeneye.api import rates
from keeneye.api.rates import MemoryRates, Rates, SharedRates, open_rates
from keeneye.settings import window


@pytest.fixture
def redis(tmp_path: Path) -> Iterator[str]:
    pytest.importorskip("redis")
    if shutil.which("redis-server") is None:
        pytest.skip("no Redis server here")
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        port = sock.getsockname()[1]
    server = subprocess.Popen(
        ["redis-server", "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", str(tmp_path)],
        stdout=subprocess.DEVNULL,
    )
    try:
        for _ in range(200):
            try:
                socket.create_connection(("127.0.0.1", port), 1).close()
                break
            except OSError:
                time.sleep(0.05)
        yield f"redis://127.0.0.1:{port}/0"
    finally:
        server.terminate()
        server.wait(10)


@pytest.fixture(params=["memory", pytest.param("redis", marks=pytest.mark.slow)])
def counted(request: pytest.FixtureRequest) -> Rates:
    return open_rates("memory://" if request.param == "memory" else request.getfixturevalue("redis"))


def test_up_to_the_rate_and_no_further(counted: Rates) -> None:
    rate = window("3 per day")
    assert [counted.spend(rate, "grade", "a", 1) for _ in range(3)] == [0, 0, 0]
    assert 0 < counted.spend(rate, "grade", "a", 1) <= 86400
    assert counted.spend(rate, "grade", "b", 1) == 0
    assert counted.spend(rate, "read", "a", 1) == 0


def test_cost(counted: Rates) -> None:
    rate = window("10 per day")
    assert counted.spend(rate, "grade", "a", 11) > 0
    assert counted.spend(window("10 per day"), "grade", "c", 10) == 0
    assert counted.spend(rate, "grade", "c", 1) > 0


def test_next_window_begins_at_nought(counted: Rates) -> None:
    rate = window("1 per second")
    time.sleep(1 - time.time() % 1)
    assert counted.spend(rate, "grade", "a", 1) == 0
    assert counted.spend(rate, "grade", "a", 1) == 1
    time.sleep(1.05)
    assert counted.spend(rate, "grade", "a", 1) == 0


def test_threads_do_not_overspend() -> None:
    counted = MemoryRates()
    rate = window("100 per day")
    with ThreadPoolExecutor(8) as pool:
        waits = list(pool.map(lambda _: counted.spend(rate, "grade", "a", 1), range(400)))
    assert waits.count(0) == 100


def test_memory_of_past_windows_is_given_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rates, "CLEAN_EVERY", 50)
    counted = MemoryRates()
    for number in range(50):
        counted.spend(window("1 per second"), "pair", str(number), 1)
    time.sleep(1.05)
    counted.spend(window("1 per second"), "pair", "x", 1)
    assert len(counted._counts) == 1


def test_storage_that_is_away_is_an_error_that_the_server_passes_over() -> None:
    pytest.importorskip("redis")
    with pytest.raises(Exception, match=r"refused|Connection"):
        SharedRates("redis://127.0.0.1:9/0").spend(window("1 per day"), "grade", "a", 1)
