"""Patterns that match in linear time (RE2), without what its Python wrapper adds to every search of a short text.

The wrapper encodes a text, makes a generator, and counts the letters of every place back from bytes, which costs more
than the search itself. In ASCII text places are the same in bytes, so there its inner object is asked directly; any
other text goes through the wrapper, and so does everything should a later release have no such inner object.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import re2

_ANCHOR: Final[Any] = getattr(re2, "_Anchor", None)
_ANYWHERE, _START, _WHOLE = (getattr(_ANCHOR, name, None) for name in ("UNANCHORED", "ANCHOR_START", "ANCHOR_BOTH"))


class Match:
    """Where a pattern has been found in a text; the part of ``re.Match`` that is used."""

    __slots__ = ("_spans", "_text")

    def __init__(self, text: str, spans: list[tuple[int, int]]) -> None:
        self._text = text
        self._spans = spans

    def span(self, group: int = 0) -> tuple[int, int]:
        return self._spans[group]

    def start(self, group: int = 0) -> int:
        return self._spans[group][0]

    def end(self, group: int = 0) -> int:
        return self._spans[group][1]

    def group(self, group: int = 0) -> Any:
        """The text of a group, None when it has no part in the match (Any, as in ``re``)."""
        start, end = self._spans[group]
        return None if start < 0 else self._text[start:end]

    __getitem__ = group

    def groups(self) -> tuple[Any, ...]:
        return tuple(map(self.group, range(1, len(self._spans))))


class Pattern:
    """A compiled pattern. ``pos`` and ``end`` bound the search as in ``re``; offsets are code points."""

    __slots__ = ("_inner", "_wrapper")

    def __init__(self, source: str, options: Any = None) -> None:
        """Raises re2.error."""
        self._wrapper: Any = re2.compile(source, options)
        self._inner: Any = getattr(getattr(self._wrapper, "_regexp", None), "Match", None) if _ANCHOR else None

    def _first(self, anchor: Any, text: str, pos: int, end: int | None) -> Match | None:
        stop, pos = len(text) if end is None else min(end, len(text)), min(pos, len(text))
        if pos > stop:
            return None
        spans = self._inner(anchor, text.encode("ascii"), pos, stop)
        return None if spans[0][0] < 0 else Match(text, spans)

    def search(self, text: str, pos: int = 0, end: int | None = None) -> Match | None:
        if self._inner is not None and text.isascii():
            return self._first(_ANYWHERE, text, pos, end)
        found: Match | None = self._wrapper.search(text, pos, end)
        return found

    def match(self, text: str, pos: int = 0, end: int | None = None) -> Match | None:
        if self._inner is not None and text.isascii():
            return self._first(_START, text, pos, end)
        found: Match | None = self._wrapper.match(text, pos, end)
        return found

    def fullmatch(self, text: str) -> Match | None:
        if self._inner is not None and text.isascii():
            return self._first(_WHOLE, text, 0, None)
        found: Match | None = self._wrapper.fullmatch(text)
        return found

    def finditer(self, text: str) -> Iterator[Match]:
        if self._inner is None or not text.isascii():
            yield from self._wrapper.finditer(text)
            return
        data, pos = text.encode("ascii"), 0
        while pos <= len(data):
            spans = self._inner(_ANYWHERE, data, pos, len(data))
            end = spans[0][1]
            if end < 0:
                return
            yield Match(text, spans)
            pos = end if end > pos else pos + 1  # an empty match is passed over

    def find(self, data: bytes, pos: int, end: int) -> tuple[int, int] | None:
        """Where group 1 is first found in UTF-8 text between two bytes."""
        if self._inner is None:
            match = self._wrapper.search(data, pos, end)
            return None if match is None else match.span(1)
        span: tuple[int, int] = self._inner(_ANYWHERE, data, pos, end)[1]
        return None if span[0] < 0 else span
