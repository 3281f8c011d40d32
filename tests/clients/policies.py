"""Policies as an administrator puts them on a machine; what was there before is put back."""

from __future__ import annotations

import contextlib
import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

CHROMIUM = Path("/etc/chromium/policies/managed/keeneye-test.json")
FIREFOX = Path("/etc/firefox/policies/policies.json")
THUNDERBIRD = Path("/etc/thunderbird/policies/policies.json")


def chromium_id(extension: Path) -> str:
    """The id that Chromium gives an unpacked extension: the first half of its path's SHA-256, in letters a to p."""
    digest = hashlib.sha256(str(extension.resolve()).encode()).hexdigest()[:32]
    return "".join(chr(ord("a") + int(figure, 16)) for figure in digest)


@contextlib.contextmanager
def policy(path: Path, value: dict[str, Any]) -> Iterator[None]:
    before = path.read_bytes() if path.exists() else None
    made = [folder for folder in path.parents if not folder.exists()]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(value))
    try:
        yield
    finally:
        if before is not None:
            path.write_bytes(before)
        else:
            path.unlink()
            for folder in made:
                folder.rmdir()
