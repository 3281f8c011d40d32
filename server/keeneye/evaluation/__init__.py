"""How good the judgement is, measured on labelled mail: ``keeneye eval``.

Grades every message of a corpus folder (see ``corpus``), then reports figures (see ``metrics``) per set
and with each set left out. No text of a message is kept; a row holds the verdict's figures only.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path

from keeneye.evaluation.corpus import Labelled, read_corpus
from keeneye.evaluation.metrics import report
from keeneye.logs import where
from keeneye.model import KeeneyeError, Outcome
from keeneye.pipeline import Grader, GraderSettings

__all__ = ["Row", "evaluate", "main", "report"]


@dataclass(frozen=True, slots=True)
class Row:
    """One graded message: its labels and what the grader made of it."""

    id: str
    set: str
    label: str
    subtype: str
    language: str
    wanted_category: str | None
    wanted_stars: int | None
    wanted_level: int | None
    category: str
    subcategory: str | None
    stars: int | None
    level: int | None
    risk: float
    quality: float
    coverage: float
    banner: str
    ms: float
    hits: tuple[str, ...]
    points: tuple[float, ...] = ()  # of the hits


_grader: Grader | None = None


def _start(settings: GraderSettings) -> None:
    global _grader  # one per worker process: building it costs a second, a message a millisecond
    _grader = Grader(settings)


def _grade(item: Labelled) -> Row | str:
    assert _grader is not None
    try:
        graded = _grader.grade(item.payload)
    except KeeneyeError as error:
        return f"{item.id}: {error.code}"
    except Exception as error:
        return f"{item.id}: {type(error).__name__} at {where(error, 1)}"
    if graded.broken:
        return f"{item.id}: signals failed: {', '.join(graded.broken)}"
    score = graded.score
    hits = [f for f in graded.findings if f.outcome is Outcome.HIT]
    return Row(
        item.id,
        item.set,
        item.label,
        item.subtype,
        item.language,
        item.category,
        item.stars,
        item.level,
        score.category,
        score.subcategory,
        score.stars,
        score.level,
        score.risk,
        score.quality,
        score.coverage,
        score.banner,
        graded.ms,
        tuple(f.id for f in hits),
        tuple(f.points for f in hits),
    )


def evaluate(
    corpus: Path, settings: GraderSettings, jobs: int = 2, most: int | None = None
) -> tuple[list[Row], list[str]]:
    """Grade a corpus folder. Returns (rows, ids that could not be graded with the reason)."""
    rows: list[Row] = []
    failed: list[str] = []
    with ProcessPoolExecutor(jobs, initializer=_start, initargs=(settings,)) as pool:
        for result in pool.map(_grade, _first(read_corpus(corpus), most), chunksize=32):
            if isinstance(result, Row):
                rows.append(result)
            else:
                failed.append(result)
    return rows, failed


def _first(items: Iterator[Labelled], most: int | None) -> Iterator[Labelled]:
    for index, item in enumerate(items):
        if most is not None and index >= most:
            return
        yield item


def main(
    corpus: Path, settings: GraderSettings, jobs: int, out: Path | None, page: Path | None, against: Path | None
) -> int:
    """Evaluate, print the report, write JSON and page, compare with an earlier JSON. Returns the exit code."""
    from keeneye.evaluation.page import write_page

    rows, failed = evaluate(corpus, settings, jobs)
    if not rows:
        raise KeeneyeError("corpus_empty", f"no labelled mail in {corpus}")
    result = report(rows, failed)
    print(result.text())
    if out is not None:
        data = {"figures": result.figures, "rows": [asdict(r) for r in rows]}
        out.write_text(json.dumps(data, ensure_ascii=False), encoding="utf-8")
    if page is not None:
        write_page(page, rows, result)
    if against is not None:
        print(difference(json.loads(against.read_text(encoding="utf-8")), result.figures, rows))
    return 1 if failed else 0


def difference(before: dict[str, object], figures: dict[str, float], rows: list[Row]) -> str:
    """What moved between an earlier evaluation's JSON and this one: figures, and messages by type."""
    old_figures = before["figures"]
    old_rows = before["rows"]
    assert isinstance(old_figures, dict)
    assert isinstance(old_rows, list)
    lines = ["", "Moved since the earlier evaluation"]
    for key, value in figures.items():
        old = old_figures.get(key)
        if isinstance(old, int | float) and abs(value - old) >= 0.0005:
            lines.append(f"  {key:<44} {old:9.3f} → {value:9.3f}  ({value - old:+.3f})")
    was = {r["id"]: r for r in old_rows}
    moved: dict[tuple[str, str, str], int] = {}
    for row in rows:
        old_row = was.get(row.id)
        if old_row is not None and old_row["category"] != row.category:
            key3 = (row.wanted_category or row.label, old_row["category"], row.category)
            moved[key3] = moved.get(key3, 0) + 1
    lines += [f"  {n:5d} {label}: {a} → {b}" for (label, a, b), n in sorted(moved.items(), key=lambda kv: -kv[1])]
    return "\n".join(lines) if len(lines) > 2 else "\nNothing moved since the earlier evaluation"
