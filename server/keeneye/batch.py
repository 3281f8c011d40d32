"""Grading of files, folders, mbox and Maildir in several processes, results in the order of the messages."""

from __future__ import annotations

import multiprocessing
import sys
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import click
import orjson

from keeneye.guard import WATCHDOG
from keeneye.model import KeeneyeError, Payload
from keeneye.pipeline import Grader, GraderSettings
from keeneye.warm import ready_grader

ALONE = 8  # so few messages are graded sooner than processes are started
CHUNK = 8
CHUNKS_AHEAD = 4  # for each process: enough to keep it busy, few enough to bound memory


@dataclass(frozen=True, slots=True)
class Source:
    """Where a message is: a file, or a range of bytes of an mbox; without a path standard input, or its ``content``."""

    label: str
    path: Path | None
    start: int = 0
    end: int | None = None
    content: bytes | None = None


@dataclass(frozen=True, slots=True)
class Job:
    """How all messages of a run are graded and told."""

    settings: GraderSettings
    max_bytes: int
    cpu_seconds: float
    as_json: bool
    detail: str
    language: str
    colour: bool


@dataclass(frozen=True, slots=True)
class Failed:
    """A message that could not be graded."""

    path: str
    code: str
    detail: str


def sources(paths: Iterable[Path]) -> Iterator[Source]:
    """The messages below the paths, in the order given, folders sorted by name."""
    for path in paths:
        if str(path) == "-":
            yield Source("-", None)
        elif path.is_dir():
            yield from _folder(path)
        else:
            yield from _file(path)


def _folder(folder: Path) -> Iterator[Source]:
    if (folder / "cur").is_dir() and (folder / "new").is_dir():  # Maildir: tmp holds what is being delivered
        for part in ("cur", "new"):
            for path in sorted((folder / part).iterdir()):
                if path.is_file() and not path.name.startswith("."):
                    yield Source(str(path), path)
        return
    for path in sorted(folder.iterdir()):
        if path.name.startswith("."):
            continue
        if path.is_dir() and not path.is_symlink():
            yield from _folder(path)
        elif path.is_file():
            yield from _file(path)


def _file(path: Path) -> Iterator[Source]:
    try:
        with path.open("rb") as file:
            is_mbox = file.read(5) == b"From "
    except OSError:
        is_mbox = False
    if not is_mbox:
        yield Source(str(path), path)
        return
    for number, (start, end) in enumerate(_mbox(path), 1):
        yield Source(f"{path}#{number}", path, start, end)


def _mbox(path: Path) -> Iterator[tuple[int, int]]:
    """Start and end of each message: behind a "From " line that opens the file or follows an empty line."""
    start: int | None = None
    place, after_empty = 0, True
    with path.open("rb") as file:
        for line in file:
            if after_empty and line.startswith(b"From "):
                if start is not None:
                    yield start, place
                start = place + len(line)
            after_empty = line in (b"\n", b"\r\n")
            place += len(line)
    if start is not None:
        yield start, place


def grade_all(job: Job, found: Sequence[Source], jobs: int) -> Iterator[bytes | Failed]:
    """What is to be written for each message, in order. Raises KeeneyeError when the policy is wrong."""
    # Standard input belongs to this process: those of the pool cannot read it.
    found = [s if s.path is not None else replace(s, content=_read(s, job.max_bytes)) for s in found]
    grader = ready_grader(job.settings)
    if jobs == 1 or len(found) <= ALONE:
        yield from (_one(job, grader, source) for source in found)
        return
    chunks: deque[Sequence[Source]] = deque(found[i : i + CHUNK] for i in range(0, len(found), CHUNK))
    while chunks:
        yield from _pooled(job, grader, chunks, jobs)


def _pooled(job: Job, grader: Grader, chunks: deque[Sequence[Source]], jobs: int) -> Iterator[bytes | Failed]:
    """Work the chunks off; returns early, with the rest still in ``chunks``, when a process died."""
    global _worker
    _worker = (job, grader)  # inherited by the forked processes: tables are loaded once
    with ProcessPoolExecutor(jobs, mp_context=multiprocessing.get_context("fork")) as pool:
        running: deque[tuple[Sequence[Source], Future[list[bytes | Failed]]]] = deque()
        try:
            while chunks or running:
                while chunks and len(running) < jobs * CHUNKS_AHEAD:
                    running.append((chunks[0], pool.submit(_chunk, chunks[0])))
                    chunks.popleft()
                yield from running[0][1].result()
                running.popleft()
        except BrokenProcessPool:
            # One of the first chunk's messages, or of those beside it, ended its process: name it, go on.
            first = running.popleft()[0]
            chunks.extendleft(chunk for chunk, _ in reversed(running))
            if len(first) > 1:
                chunks.extendleft([source] for source in reversed(first))
            else:
                yield from _apart(first[0])


def _apart(source: Source) -> Iterator[bytes | Failed]:
    """One message in a process of its own, so that nobody else is blamed for it."""
    try:
        with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("fork")) as pool:
            yield from pool.submit(_chunk, [source]).result()
    except BrokenProcessPool:
        yield Failed(source.label, "process_ended", "the process that graded it ended")


_worker: tuple[Job, Grader] | None = None


def _chunk(found: Sequence[Source]) -> list[bytes | Failed]:
    assert _worker is not None  # set before the fork
    return [_one(*_worker, source) for source in found]


def _one(job: Job, grader: Grader, source: Source) -> bytes | Failed:
    try:
        raw = _read(source, job.max_bytes)
    except OSError as error:
        return Failed(source.label, "unreadable", error.strerror or type(error).__name__)
    if len(raw) > job.max_bytes:
        return Failed(source.label, "body_too_large", f"more than {job.max_bytes} bytes")
    if not raw.strip():
        return Failed(source.label, "empty_body", "empty")
    try:
        return WATCHDOG.call(job.cpu_seconds, _told, job, grader, source.label, raw)
    except KeeneyeError as error:
        return Failed(source.label, error.code, error.detail)
    except Exception as error:
        return Failed(source.label, "message_unreadable", type(error).__name__)


def _read(source: Source, most: int) -> bytes:
    if source.content is not None:
        return source.content
    if source.path is None:
        return sys.stdin.buffer.read(most + 1)
    with source.path.open("rb") as file:
        file.seek(source.start)
        return file.read(most + 1 if source.end is None else min(most + 1, source.end - source.start))


def _told(job: Job, grader: Grader, label: str, raw: bytes) -> bytes:
    verdict = grader.verdict(grader.grade(Payload(raw=raw)), job.language, job.detail)
    if job.as_json:
        return orjson.dumps({"path": _utf8(label), **verdict}) + b"\n"
    return block(label, verdict, job.colour).encode("utf-8", "replace")


def _utf8(label: str) -> str:
    """A path as JSON can hold it: bytes that are not UTF-8 are shown as replacement characters."""
    return label.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


COLOURS = {"danger": "red", "caution": "yellow"}
REASONS = 5


def block(label: str, verdict: dict[str, Any], colour: bool) -> str:
    """The verdict as a person reads it on a terminal."""

    def styled(text: str, **style: Any) -> str:
        return click.style(text, **style) if colour else text

    stars = verdict["stars"]
    shown = "" if stars is None else " " + "★" * stars + "☆" * (5 - stars)
    kind = verdict["labels"].get("category", verdict["category"])
    lines = [
        styled(_clean(label), bold=True),
        f"  {verdict['grade']}{shown}  {kind}   risk {verdict['risk']:.0f}, quality {verdict['quality']:.0f}, "
        f"seen {verdict['coverage']:.0%}",
        "  " + styled(_clean(verdict["headline"]), fg=COLOURS.get(verdict["banner"]), bold=True),
        f"  {_clean(verdict['action'])}",
    ]
    by_id = {finding["id"]: finding for finding in verdict["findings"]}
    told = [by_id[i] for i in verdict["reasons"] if i in by_id][:REASONS]
    lines += [f"  {f['points']:+6.1f}  {_clean(f['text'] or f['title'])}" for f in told]
    return "\n".join(lines) + "\n\n"


def _clean(text: str) -> str:
    """Without control characters: what a sender wrote must not steer the terminal."""
    return "".join(c if c.isprintable() else " " for c in text)
