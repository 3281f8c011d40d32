"""One mailbox, one Keeneye server and one build of the extension for all tests of real clients."""

from __future__ import annotations

import os
import signal
import tempfile
from collections.abc import Iterator
from pathlib import Path
from types import FrameType

import pytest
from browser import build
from machine import Keeneye, Mailbox, dovecot, keeneye, packages
from messages import messages


def pytest_configure() -> None:
    # Whoever ends the run also wants the servers and browsers ended that it started.
    signal.signal(signal.SIGTERM, _interrupt)


def _interrupt(_signal: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


@pytest.fixture(scope="session")
def base() -> Iterator[Path]:
    if os.geteuid() != 0:
        pytest.fail("Dovecot and SOGo switch users: run as root, or by `make clients-test`, which uses sudo")
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
