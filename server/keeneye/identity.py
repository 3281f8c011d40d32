"""Values worked out once for each object, known again by its identity: long tuples are slow to hash and compare."""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, TypeVar

K = TypeVar("K")
V = TypeVar("V")


class ByIdentity(Generic[K, V]):
    """``build``'s value for an object, made when it is first asked for. Thread-safe; holds the last ``most`` objects,
    so that none of their ids can be given to another one meanwhile."""

    def __init__(self, build: Callable[[K], V], most: int = 64) -> None:
        self._build, self._most = build, most
        self._held: dict[int, tuple[K, V]] = {}

    def __call__(self, key: K) -> V:
        found = self._held.get(id(key))
        if found is None or found[0] is not key:
            if len(self._held) >= self._most:
                self._held = {}
            found = self._held[id(key)] = key, self._build(key)
        return found[1]
