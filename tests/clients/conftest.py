"""One mailbox, one Keeneye server and one build of the extension for all tests of real clients."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from browser import build
from machine import Keeneye, Mailbox, dovecot, keeneye, packages
from messages import messages


@pytest.fixture(scope="session")
def base() -> Iterator[Path]:
    # Not pytest's own folder: Dovecot and SOGo run as other users and must reach theirs.
    with tempfile.TemporaryDirectory(prefix="keeneye-clients-", ignore_cleanup_errors=True) as folder:
        path = Path(folder)
        path.chmod(0o755)
        yield path


@pytest.fixture(scope="session")
def mailbox(base: Path) -> Iterator[Mailbox]:
    packages("chromium", "fonts-wqy-microhei", "fonts-noto-core")
    with dovecot(base, messages()) as box:
        yield box


@pytest.fixture(scope="session")
def server(base: Path) -> Iterator[Keeneye]:
    with keeneye(base) as running:
        yield running


@pytest.fixture(scope="session")
def extension(base: Path) -> Path:
    return build(base / "extension", "http://127.0.0.1/*")
