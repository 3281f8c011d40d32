"""The fuzz target: anything either is graded or is refused by name, within bounds. Run by ``run.py``.

Usage: python tests/fuzz/target.py (reader|pipeline|fields) [libFuzzer options] CORPUS_DIR…
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import atheris

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "server"), str(ROOT / "tests/server")]

with atheris.instrument_imports(include=["keeneye"]):
    import hostile

    from keeneye import mail
    from keeneye.model import KeeneyeError, Mail, Payload

CPU_SECONDS_MOST = 2.0


def sound(read: Mail) -> None:
    """Ranges lie inside the body and apart from each other; every text can be written as UTF-8."""
    spans = sorted((s.start, s.end) for s in (*read.own, *read.quoted, *([read.signature] if read.signature else [])))
    for start, end in spans:
        if not 0 <= start < end <= len(read.body):
            raise AssertionError(f"range {start}-{end} in a body of {len(read.body)}")
    if any(before[1] > after[0] for before, after in pairwise(spans)):
        raise AssertionError(f"ranges overlap: {spans}")
    for link in read.links:
        if link.span and read.body[link.span.start : link.span.end] != link.text:
            raise AssertionError(f"link {link.index} does not stand where it says")
    for text in (read.subject, read.body, read.hidden_text, read.alternative_text, *(v for _, v in read.headers)):
        text.encode()


def bounded(work: Callable[[Payload], object], payload: Payload) -> None:
    start = time.process_time()
    try:
        work(payload)
    except KeeneyeError as error:
        if error.code not in ("empty_message", "message_too_large"):
            raise
    if time.process_time() - start > CPU_SECONDS_MOST:
        raise AssertionError(f"over {CPU_SECONDS_MOST} seconds of CPU")


def one_reader(data: bytes) -> None:
    bounded(lambda payload: sound(mail.read(payload)), Payload(raw=data))


def judged(payload: Payload) -> object:
    """One language each time: telling a verdict takes longer than reaching it."""
    size = len(payload.raw or payload.text or "")
    return hostile.judged(GRADER, payload, hostile.LANGUAGES[size % 3 :][:1])


def one_pipeline(data: bytes) -> None:
    bounded(judged, Payload(raw=data))


def one_fields(data: bytes) -> None:
    """The same through the fields that a client sees; lone surrogates are among them."""
    given = atheris.FuzzedDataProvider(data)
    payload = Payload(
        sees="visible",
        subject=given.ConsumeUnicode(60),
        from_=given.ConsumeUnicode(60),
        date=given.ConsumeUnicode(40),
        html=given.ConsumeUnicode(2000) if given.ConsumeBool() else None,
        text=given.ConsumeUnicode(4000),
    )
    bounded(judged, payload)


if __name__ == "__main__":
    name = sys.argv.pop(1)
    if name != "reader":
        GRADER = hostile.ready_grader(hostile.GraderSettings(geo_dir=ROOT / "var/geo"))
    atheris.Setup(sys.argv, {"reader": one_reader, "pipeline": one_pipeline, "fields": one_fields}[name])
    atheris.Fuzz()
