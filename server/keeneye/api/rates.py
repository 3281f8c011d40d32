"""Counting of uses against rates: in this process, or in a Redis that all processes share.

In one process a dictionary does: the ``limits`` library's memory storage starts a timer thread for each window's
clean-up, which cost more than the rest of the check. The library is loaded only for a Redis.
"""

from __future__ import annotations

import math
import threading
import time
from typing import Protocol

from keeneye.settings import Window

MEMORY = "memory://"
CLEAN_EVERY = 10_000


class Rates(Protocol):
    """Fixed windows, as https://limits.readthedocs.io/en/stable/strategies.html#fixed-window describes them."""

    def spend(self, rate: Window, what: str, key: str, cost: int) -> int:
        """Count ``cost`` uses. 0 when the rate allows them, else the seconds until the next window begins."""


class MemoryRates:
    """Counts of this process; those of past windows are removed now and then."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._counts: dict[tuple[str, str, int], tuple[int, float]] = {}

    def spend(self, rate: Window, what: str, key: str, cost: int) -> int:
        now, length = time.time(), rate.seconds
        window = int(now // length)
        place = (what, key, window)
        ends = (window + 1) * length
        with self._lock:
            if len(self._counts) >= CLEAN_EVERY:
                self._counts = {k: v for k, v in self._counts.items() if v[1] > now}
            used = self._counts.get(place, (0, ends))[0] + cost
            if used > rate.amount:
                return max(1, math.ceil(ends - now))
            self._counts[place] = (used, ends)
        return 0


class SharedRates:
    """Counts in the storage that a ``limits`` URL names."""

    def __init__(self, url: str) -> None:
        from limits import RateLimitItemPerSecond
        from limits.storage import storage_from_string
        from limits.strategies import FixedWindowRateLimiter

        self._item = RateLimitItemPerSecond
        self._limiter = FixedWindowRateLimiter(storage_from_string(url))

    def spend(self, rate: Window, what: str, key: str, cost: int) -> int:
        item = self._item(rate.amount, rate.seconds)
        if self._limiter.hit(item, what, key, cost=cost):
            return 0
        return max(1, math.ceil(self._limiter.get_window_stats(item, what, key).reset_time - time.time()))


def open_rates(url: str) -> Rates:
    """Raises limits.errors.ConfigurationError when the URL is not understood."""
    return MemoryRates() if url == MEMORY else SharedRates(url)
