"""Logs on disk: read once whatever they are called, and followed while they are written."""

from __future__ import annotations

import bz2
import gzip
import hashlib
import lzma
import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest

from keeneye.weblog import importing
from keeneye.weblog.files import LINE_MOST, Mark
from keeneye.weblog.importing import Importer, Report
from keeneye.weblog.sessions import Rules, Sessions
from keeneye.weblog.visit import Visit

NOON = int(datetime(2026, 11, 24, 12, 0, tzinfo=UTC).timestamp())
AGENT = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0 Safari/537.36"


def line(n: int, ip: str = "203.0.113.5", path: str = "/product/a") -> str:
    """A request ``n`` minutes after noon."""
    at = datetime.fromtimestamp(NOON + 60 * n, UTC).strftime("%d/%b/%Y:%H:%M:%S +0000")
    return f'{ip} - - [{at}] "GET {path} HTTP/1.1" 200 9 "-" "{AGENT}"\n'


class Book:
    """A ledger in memory."""

    def __init__(self) -> None:
        self.pages = 0
        self.visits: list[Visit] = []
        self.marks: dict[bytes, Mark] = {}
        self.broken = False

    def key(self, content: bytes) -> bytes:
        return hashlib.sha256(content).digest()[:16]

    def mark(self, log: bytes) -> Mark | None:
        return self.marks.get(log)

    def save(self, visits: Sequence[Visit], probers: Sequence[tuple[str, int]], marks: Sequence[Mark]) -> None:
        if self.broken:
            raise ConnectionError
        self.visits += visits
        self.pages += sum(v.pages for v in visits)
        self.marks |= {m.log: m for m in marks}


def importer(book: Book) -> Importer:
    return Importer(Sessions(Rules()), book, now=lambda: NOON + 86400)


def read(book: Book, *paths: Path) -> Report:
    one = importer(book)
    one.read(paths)
    return one.report


def test_a_file_is_counted_once_also_renamed_and_packed(tmp_path: Path) -> None:
    book, log = Book(), tmp_path / "access.log"
    text = "".join(line(n) for n in range(50))
    log.write_text(text)
    assert read(book, log).lines == 50
    for name, pack in (("a.gz", gzip.compress), ("a.bz2", bz2.compress), ("a.xz", lzma.compress), ("a.1", bytes)):
        (tmp_path / name).write_bytes(pack(text.encode()))
        assert read(book, tmp_path / name).lines == 0
    assert book.pages == 50


def test_what_was_added_is_read_when_the_file_is_imported_again(tmp_path: Path) -> None:
    book, log = Book(), tmp_path / "access.log"
    log.write_text(line(0) + line(1)[:40])
    assert read(book, log).lines == 1  # the last line is not whole yet
    log.write_text(line(0) + line(1) + line(2))
    assert read(book, log).lines == 2
    log.rename(tmp_path / "access.log.1")
    log.write_text(line(3))
    assert read(book, tmp_path / "access.log.1", log).lines == 1
    assert book.pages == 4


def test_an_older_and_shorter_copy_adds_nothing_and_forgets_nothing(tmp_path: Path) -> None:
    book, log, copy = Book(), tmp_path / "access.log", tmp_path / "copy.log"
    copy.write_text("".join(line(n) for n in range(20)))
    log.write_text("".join(line(n) for n in range(40)))
    read(book, log)
    assert read(book, copy).lines == 0
    assert read(book, log).lines == 0
    assert book.pages == 40


def test_logs_of_two_servers_that_begin_alike_are_two(tmp_path: Path) -> None:
    book, one, two = Book(), tmp_path / "one.log", tmp_path / "two.log"
    one.write_text(line(0) + "".join(line(n, "203.0.113.6") for n in range(60)))
    two.write_text(line(0) + "".join(line(n, "203.0.113.7") for n in range(30)))
    for _ in range(2):
        read(book, one, two)
    assert book.pages == 61 + 31


def test_bad_lines_are_counted_and_named_by_number_only(tmp_path: Path) -> None:
    log = tmp_path / "access.log"
    tomorrow = line(60 * 48)
    log.write_bytes(b"secret words\n" + line(0).encode() + b"\xff\xfe\x00\n" + tomorrow.encode() + line(1).encode())
    report = read(Book(), log)
    assert (report.lines, report.bad_lines, report.bad) == (5, 3, {log: [1, 3, 4]})


def test_numbers_of_bad_lines_count_from_the_beginning_of_the_file(tmp_path: Path) -> None:
    book, log = Book(), tmp_path / "access.log"
    log.write_text(line(0) + line(1))
    read(book, log)
    with log.open("a") as file:
        file.write("bad\n")
    assert read(book, log).bad == {log: [3]}


def test_a_line_without_end_does_not_fill_the_memory(tmp_path: Path) -> None:
    book, log = Book(), tmp_path / "access.log"
    log.write_bytes(b"x" * (3 * LINE_MOST + 7) + b"\n" + line(0).encode())
    report = read(book, log)
    assert (report.lines, report.bad_lines, book.pages) == (2, 1, 1)
    assert read(book, log).lines == 0


def test_files_that_are_no_logs_are_not_fatal(tmp_path: Path) -> None:
    packed = gzip.compress("".join(line(n % 60, path=f"/product/{n}") for n in range(5000)).encode())
    files = {
        "empty.log": b"", "cut.gz": packed[: len(packed) // 2], "no.gz": b"\x1f\x8bnothing", "blank.log": b"\n\n\n",
    }  # fmt: skip
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
    good = tmp_path / "good.log"
    good.write_text(line(0, "203.0.113.99"))
    book = Book()
    report = read(book, *(tmp_path / n for n in files), tmp_path / "missing.log", good)
    assert {p.name for p in report.failed} == {"cut.gz", "no.gz", "missing.log"}
    assert "203.0.113.99" in {v.ip for v in book.visits}
    whole = tmp_path / "whole.gz"
    whole.write_bytes(packed)
    assert read(book, whole).lines > 0
    assert book.pages == 5001


def test_extended_logs_go_on_with_the_fields_of_their_head(tmp_path: Path) -> None:
    book, log = Book(), tmp_path / "u_ex261124.log"
    head = "#Software: IIS\n#Date: 2026-11-24 00:00:00\n#Fields: date time c-ip cs-method cs-uri-stem sc-status\n"
    log.write_text(head + "2026-11-24 12:00:00 203.0.113.5 GET /product/a 200\n")
    read(book, log)
    with log.open("a") as file:
        file.write("2026-11-24 12:01:00 203.0.113.5 GET /product/b 200\n")
        file.write("#Fields: date time cs-method c-ip cs-uri-stem sc-status\n")
        file.write("2026-11-24 12:02:00 GET 203.0.113.5 /product/c 200\n")
    report = read(book, log)
    assert (report.bad_lines, book.pages) == (0, 3)
    with log.open("a") as file:
        file.write("2026-11-24 12:03:00 GET 203.0.113.5 /product/d 200\n")
    read(book, log)
    assert list(book.visits[-1].products) == ["/product/d"]


def test_what_could_not_be_saved_is_read_again(tmp_path: Path) -> None:
    book, log = Book(), tmp_path / "access.log"
    log.write_text(line(0))
    book.broken = True
    with pytest.raises(ConnectionError):
        read(book, log)
    book.broken = False
    read(book, log)
    assert book.pages == 1


def test_memory_is_bounded_by_batches(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importing, "BATCH_VISITS", 10)
    log = tmp_path / "access.log"
    log.write_text("".join(line(n % 60, f"203.0.113.{n % 250}") for n in range(1000)))
    most = 0

    class Watching(Book):
        def save(self, visits: Sequence[Visit], probers: Sequence[tuple[str, int]], marks: Sequence[Mark]) -> None:
            nonlocal most
            most = max(most, len(visits))
            super().save(visits, probers, marks)

    book = Watching()
    read(book, log)
    assert (book.pages, most) == (1000, 10)


# ------------------------------------------------------------------ following


class Following:
    """An import in a thread of its own."""

    def __init__(self, book: Book, path: Path) -> None:
        self._stop = threading.Event()
        self._one = importer(book)
        self._thread = threading.Thread(target=self._one.follow, args=([path], self._stop, (ConnectionError,)))
        self._thread.start()

    def stop(self) -> None:
        self._stop.set()
        self._thread.join(20)
        assert not self._thread.is_alive()


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importing, "LOOK_SECONDS", 0.02)
    monkeypatch.setattr(importing, "COMMIT_SECONDS", 0.05)


def until(condition: Callable[[], bool]) -> None:
    end = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.01)


def test_follows_a_log_across_its_rotation(tmp_path: Path, quick: None) -> None:
    book, log = Book(), tmp_path / "access.log"
    log.write_text(line(0))
    following = Following(book, log)
    try:
        until(lambda: book.pages == 1)
        with log.open("a") as old:
            old.write(line(1)[:30])
            old.flush()
            time.sleep(0.1)
            old.write(line(1)[30:])
            old.flush()
            until(lambda: book.pages == 2)
            log.rename(tmp_path / "access.log.1")
            old.write(line(2))  # a server that has not been told yet
            old.flush()
            until(lambda: book.pages == 3)
            log.write_text(line(3))
            until(lambda: book.pages == 4)
            old.write(line(4))
            old.flush()
            until(lambda: book.pages == 5)
        log.write_text(line(5, "203.0.113.8"))  # copytruncate: emptied and shorter
        log.write_text("")
        time.sleep(0.1)
        log.write_text(line(6, "203.0.113.9"))
        until(lambda: "203.0.113.9" in {v.ip for v in book.visits})
    finally:
        following.stop()


def test_stopping_saves_what_was_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importing, "LOOK_SECONDS", 0.02)
    book, log = Book(), tmp_path / "access.log"
    following = Following(book, log)  # not there yet
    time.sleep(0.1)
    log.write_text(line(0))
    time.sleep(0.3)
    following.stop()
    assert book.pages == 1
    assert read(book, log).lines == 0


def test_a_store_that_is_away_for_a_while_loses_nothing(tmp_path: Path, quick: None) -> None:
    book, log = Book(), tmp_path / "access.log"
    book.broken = True
    log.write_text(line(0))
    following = Following(book, log)
    try:
        time.sleep(0.3)
        with log.open("a") as file:
            file.write(line(1))
        book.broken = False
        until(lambda: book.pages == 2)
    finally:
        following.stop()


@pytest.mark.parametrize("packed", [False, True])
@pytest.mark.parametrize("grown", [1, 40])
def test_a_log_that_was_copied_and_emptied_is_read_to_its_end_in_the_copy(
    tmp_path: Path, packed: bool, grown: int
) -> None:
    """logrotate's copytruncate between two looks: lines that were not read yet are in the copy only, and the log may
    have grown beyond where it had been read."""
    book, log = Book(), tmp_path / "access.log"
    one, current, ending = importer(book), {}, []
    log.write_text("".join(line(n) for n in range(20)))
    (tmp_path / "access.log.2").write_text(line(500))  # an older one, which nobody asked for
    one._look([log], current, ending)
    copy = log.read_bytes() + line(20).encode() + line(21).encode()
    (tmp_path / "access.log.1").write_bytes(gzip.compress(copy) if packed else copy)
    with log.open("r+") as file:
        file.truncate()
        file.write("".join(line(100 + n, "203.0.113.9") for n in range(grown)))
    for _ in range(3):
        one._look([log], current, ending)
    one.commit()
    pages = Counter({v.ip: 0 for v in book.visits})
    for visit in book.visits:
        pages[visit.ip] += visit.pages
    assert pages == {"203.0.113.5": 22, "203.0.113.9": grown}
    for each in [*current.values(), *(log for _, log in ending)]:
        each.close()
    assert read(book, log, tmp_path / "access.log.1").lines == 0
