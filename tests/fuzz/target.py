"""The fuzz target: any bytes either grade or are refused by name, within bounds. Run by ``run.py``.

Usage: python tests/fuzz/target.py (reader|pipeline) [libFuzzer options] CORPUS_DIR…
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["keeneye"]):
    from keeneye import mail
    from keeneye.model import KeeneyeError, Mail, Payload
    from keeneye.pipeline import Grader, GraderSettings

GEO = Path(__file__).resolve().parent.parent.parent / "var/geo"
CPU_SECONDS_MOST = 2.0


def sound(read: Mail) -> None:
    """Spans lie inside the body and do not overlap; every text can be written as UTF-8."""
    last = 0
    for span in read.own:
        if not last <= span.start <= span.end <= len(read.body):
            raise AssertionError(f"own span {span} in a body of {len(read.body)}")
        last = span.end
    for text in (read.subject, read.body, *(v for _, v in read.headers)):
        text.encode()


def one_reader(data: bytes) -> None:
    try:
        sound(mail.read(Payload(raw=data)))
    except KeeneyeError as error:
        assert error.code


_grader: Grader | None = None


def one_pipeline(data: bytes) -> None:
    global _grader
    if _grader is None:
        _grader = Grader(GraderSettings(geo_dir=GEO))
    start = time.process_time()
    try:
        graded = _grader.grade(Payload(raw=data))
    except KeeneyeError as error:
        assert error.code
        return
    verdict = _grader.verdict(graded, detail="full", include_message=True)
    json.dumps(verdict, ensure_ascii=False).encode()
    parts = {"subject": graded.mail.subject, graded.mail.body_part: graded.mail.body}
    for finding in graded.findings:
        for e in finding.evidence:
            if e.part in parts and parts[e.part][e.start : e.end] != e.quote:
                raise AssertionError(f"{finding.id}: {e.quote!r} does not stand at {e.part} {e.start}–{e.end}")
    if time.process_time() - start > CPU_SECONDS_MOST:
        raise AssertionError("over two seconds of CPU")


if __name__ == "__main__":
    target = {"reader": one_reader, "pipeline": one_pipeline}[sys.argv.pop(1)]
    atheris.Setup(sys.argv, target)
    atheris.Fuzz()
