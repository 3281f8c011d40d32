"""docs/coverage.md stays true: every row names something, and everything that it names exists."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from keeneye import model, signals
from keeneye.explain.catalog import load
from keeneye.scorecard import load_policy

PAGE = (Path(__file__).parents[2] / "docs" / "coverage.md").read_text(encoding="utf-8")
ROWS = [
    [cell.strip() for cell in line.strip("|").split("|")]
    for line in PAGE.splitlines()
    if line.startswith("|") and not re.match(r"\|[-|]+\|$", line) and not line.endswith("| Where |")
]
REGISTRY = signals.load()


def exists(name: str) -> bool:
    """Whether a signal, ``fact:Class.field``, ``action:table.key`` or ``policy:path`` of that name is there."""
    kind, colon, rest = name.partition(":")
    if not colon:
        return name in REGISTRY
    if kind == "fact":
        owner, _, field = rest.partition(".")
        return field in getattr(model, owner).__dataclass_fields__
    if kind == "action":
        table, _, key = rest.partition(".")
        return key in load("en").tables[table]
    value = load_policy().model_dump()
    for part in rest.split("."):
        if part not in value:
            return False
        value = value[part]
    return kind == "policy"


@pytest.mark.parametrize("row", ROWS, ids=lambda r: r[0][:60])
def test_every_row_names_what_exists(row: list[str]) -> None:
    assert len(row) == 2
    names = re.findall(r"`([^`]+)`", row[1])
    assert names or row[1].startswith("waits for:")
    assert [n for n in names if not exists(n)] == []


def test_every_numbered_rule_has_its_row() -> None:
    numbered = PAGE.split("## Practitioners' rules by number")[1]
    found: set[int] = set()
    for line in numbered.splitlines():
        head = re.match(r"\| ([0-9][0-9, –]*) ", line)
        for part in head[1].split(",") if head else ():
            first, _, last = part.strip().partition("–")
            found.update(range(int(first), int(last or first) + 1))
    assert found == set(range(1, 101))


@pytest.mark.parametrize("name", ["request.no-such", "fact:Contact.none", "action:checks.none", "policy:levels.none"])
def test_a_wrong_name_is_seen(name: str) -> None:
    assert not exists(name)
