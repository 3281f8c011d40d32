"""Reads the lists under ``keeneye/lexicons``. Every list says where it comes from and of what date it is."""

from __future__ import annotations

import csv
import tomllib
from collections.abc import Iterable
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

LEXICONS = files("keeneye") / "lexicons"


def toml(name: str) -> dict[str, Any]:
    """A list of ``lexicons/domains`` as TOML. Raises ValueError without ``source`` and ``date``."""
    table = tomllib.loads((LEXICONS / "domains" / name).read_text(encoding="utf-8"))
    for key in ("source", "date"):
        if not table.get(key):
            raise ValueError(f"{name}: the list does not say its {key}")
    return table


def lines(path: Traversable | Path) -> list[str]:
    """The lines of a text list that are neither empty nor comments."""
    text = path.read_text(encoding="utf-8-sig")
    return [line.strip() for line in text.splitlines() if line.strip() and not line.startswith("#")]


def rows(path: Traversable | Path) -> list[dict[str, str]]:
    """The rows of a CSV with a header; comment lines start with ``#``."""
    return list(csv.DictReader(lines(path)))


def by_host(named: Iterable[dict[str, Any]]) -> dict[str, str]:
    """``[{name, hosts}]`` as host → name."""
    return {host: entry["name"] for entry in named for host in entry["hosts"]}
