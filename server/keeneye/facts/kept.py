"""What has been worked out from the lexicons, kept between starts: half of the time in which a program gets ready.

The file holds texts and numbers only. It is used for the very same patterns, program and Python, else made anew; where
no file can be written, nothing is kept.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import sys
from collections.abc import Iterable
from pathlib import Path

import orjson

from keeneye.facts.literals import Needs
from keeneye.facts.text import HAN


def key(patterns: Iterable[tuple[str, bool]]) -> str:
    """Of patterns with whether they match whole words, of the program that reads them, and of its Python."""
    digest = hashlib.sha256(sys.version.encode())
    for name in ("literals.py", "phrases.py", "text.py"):
        digest.update(Path(__file__).with_name(name).read_bytes())
    digest.update(HAN.read_bytes())
    digest.update(orjson.dumps(list(patterns)))
    return digest.hexdigest()


def load(wanted: str) -> list[tuple[str, Needs]] | None:
    """The translated patterns and their needs kept under this key, in order; None when there are none."""
    try:
        content = orjson.loads(_file().read_bytes())
        if content["key"] != wanted:
            return None
        return [
            (source, Needs(tuple(map(frozenset, clauses)), width)) for source, clauses, width in content["patterns"]
        ]
    except (OSError, RuntimeError, ValueError, TypeError, KeyError):
        return None


def save(wanted: str, found: Iterable[tuple[str, Needs]]) -> None:
    """Keep them for the next start, in place of what was kept."""
    patterns = [(source, [sorted(clause) for clause in need.clauses], need.width) for source, need in found]
    content = {"key": wanted, "patterns": patterns}
    with contextlib.suppress(OSError, RuntimeError):
        path = _file()
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        part = path.with_name(f"{path.name}.{os.getpid()}")
        part.write_bytes(orjson.dumps(content))
        part.replace(path)  # another process never reads half a file


def _file() -> Path:
    """Raises RuntimeError when the user has no home."""
    base = os.environ.get("CACHE_DIRECTORY") or os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(base) / "keeneye" / "lexicons.json"
