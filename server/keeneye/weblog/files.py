"""A log on disk: read from where the last import ended, whatever it is called by now."""

from __future__ import annotations

import bz2
import gzip
import lzma
import os
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Final

from keeneye.weblog.formats import Format, Parser, detect, parser

LINE_MOST: Final = 64 * 1024
CHECKED: Final = 1024
TAIL: Final = 256
SAME_START_MOST: Final = 16
SPOILT = (EOFError, zlib.error, lzma.LZMAError, OSError)
"""What reading a packed file raises that ends too early or is none."""


@dataclass(frozen=True, slots=True)
class Mark:
    """How far a log has been read. ``log``: key of its first line, which no renaming or packing changes.

    ``offset``: bytes read, unpacked; ``head``, ``tail``: keys of the first bytes and of the line before it, which tell
    another log that begins with the same line; ``since``, ``until``: UTC seconds since 1970 of its earliest and
    latest line.
    """

    log: bytes
    offset: int
    head: bytes
    tail: bytes
    since: int
    until: int


Key = Callable[[bytes], bytes]
"""A keyed hash: first lines hold addresses."""


_PACKED: Final[tuple[tuple[bytes, Callable[[IO[bytes]], Any]], ...]] = (
    (b"\x1f\x8b", gzip.open),
    (b"BZh", bz2.open),
    (b"\xfd7zXZ\0", lzma.open),
)


class Log:
    """An open log. ``kind`` None: told by its content. Raises OSError when it cannot be opened."""

    def __init__(self, path: Path, kind: Format | None, key: Key, mark: Callable[[bytes], Mark | None]) -> None:
        self.path = path
        self.number = 0  # of the line read last
        self.since = self.until = 0
        self._kind = kind
        self._key = key
        self._find = mark
        self._log: bytes | None = None
        self._offset = self._marked = 0
        self._head = self._tail = b""
        self._parser: Parser | None = None
        self._raw: IO[bytes] = path.open("rb")
        start = self._raw.read(6)
        self._raw.seek(0)
        unpack = next((unpack for magic, unpack in _PACKED if start.startswith(magic)), None)
        self.packed = unpack is not None
        self._file: IO[bytes] = unpack(self._raw) if unpack else self._raw

    def close(self) -> None:
        self._file.close()
        self._raw.close()

    @property
    def progress(self) -> int:
        """Bytes of the file as it lies on disk that have been read."""
        return self._raw.tell()

    def lines(self) -> Iterator[str]:
        """New lines to the present end. In a file that is not packed, a last line without its end waits for it.

        May be called again when the file has grown. Raises OSError, EOFError, zlib.error, lzma.LZMAError.
        """
        if self._parser is None and not self._begin():
            return
        while (line := self._bytes()) is not None:
            yield _text(line)

    def seen(self, at: int) -> None:
        """Note the time of a line."""
        self.since = min(self.since or at, at)
        self.until = max(self.until, at)

    def parser(self) -> Parser:
        if self._parser is None:
            raise RuntimeError("no line has been read")
        return self._parser

    def mark(self) -> Mark | None:
        """How far it has been read; None: no further than before."""
        if self._log is None or self._offset <= self._marked:
            return None
        if not self.packed:
            self._head = os.pread(self._raw.fileno(), CHECKED, 0)
        head = self._key(self._head[: self._offset])
        return Mark(self._log, self._offset, head, self._key(self._tail), self.since, self.until)

    def emptied(self) -> bool:
        """Whether the log was copied and begun anew (logrotate's copytruncate), also when it has grown since."""
        file = self._raw.fileno()
        return not self.packed and (
            os.fstat(file).st_size < self._offset or os.pread(file, len(self._head), 0) != self._head
        )

    def copies(self, other: Log) -> bool:
        """Whether this is a copy of another one, made before that was emptied. Raises OSError and the like."""
        return self._at(0, len(other._head)) == other._head

    def replaced(self) -> bool:
        """Whether another file stands at the path by now."""
        try:
            there = self.path.stat()
        except OSError:
            return False  # moved away, and the new one is not there yet
        here = os.fstat(self._raw.fileno())
        return (there.st_ino, there.st_dev) != (here.st_ino, here.st_dev)

    def _begin(self) -> bool:
        """Find out the format and where to go on. False: there is no whole line yet."""
        self._file.seek(0)
        self._offset = self.number = 0
        first: bytes | None = None
        directives: list[bytes] = []
        while (line := self._bytes()) is not None:
            if line.startswith(b"#"):
                directives.append(line)
            elif line.strip():
                first = line
                break
        if first is None:
            return False
        kind = self._kind or self._detected(directives)
        mark = self._known(first)
        self._head = self._at(0, CHECKED)
        self._file.seek(0)
        self._offset = self.number = 0
        made = parser(kind)
        self._marked = mark.offset if mark else 0
        while self._offset < self._marked and (line := self._bytes()) is not None:
            if line.startswith(b"#") and kind != "combined":
                made.parse(_text(line))
        self._parser = made
        return True

    @staticmethod
    def _detected(directives: list[bytes]) -> Format:
        found = [detect(_text(line)) for line in directives]
        return "cloudfront" if "cloudfront" in found else "w3c" if found else "combined"

    def _known(self, first: bytes) -> Mark | None:
        """The mark of this very log, if it was read before; sets its key."""
        for again in range(SAME_START_MOST):
            self._log = self._key(first + bytes([again]) if again else first)
            mark = self._find(self._log)
            if mark is None or self._is(mark):
                if mark:
                    self.since, self.until = mark.since, mark.until
                return mark
        return None

    def _is(self, mark: Mark) -> bool:
        """Whether the log that the mark tells of is this one, or one of which this is an older copy."""
        least = min(CHECKED, mark.offset)
        head = self._at(0, least)
        if len(head) < least:
            return True
        wanted = min(TAIL, mark.offset)
        before = self._at(mark.offset - wanted, wanted)
        return self._key(head) == mark.head and (len(before) < wanted or self._key(_last(before)) == mark.tail)

    def _at(self, start: int, size: int) -> bytes:
        self._file.seek(start)
        return self._file.read(size)

    def _bytes(self) -> bytes | None:
        """The next line as it is, cut at LINE_MOST; None: there is no whole one."""
        line = end = self._file.readline(LINE_MOST)
        size = len(line)
        tail = line
        while end and not end.endswith(b"\n"):  # longer than a line may be, or the last one
            end = self._file.readline(LINE_MOST)
            size += len(end)
            tail = tail[-TAIL:] + end
        if not line or (not end and not self.packed):
            self._file.seek(self._offset)
            return None
        self._tail = tail[-TAIL:]
        self._offset += size
        self.number += 1
        return line


def _last(text: bytes) -> bytes:
    """The last line of it, as far as it is there."""
    return text[text.rfind(b"\n", 0, len(text) - 1) + 1 :]


def _text(line: bytes) -> str:
    return line.decode("utf-8", "replace")
