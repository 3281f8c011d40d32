"""The secret key: made once, for nobody else to read."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from keeneye.store.secret import Secret, read_secret


def test_made_once_and_private(tmp_path: Path) -> None:
    path = tmp_path / "state" / "secret.key"
    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(lambda _: read_secret(path).key("page"), range(8)))
    assert len(set(made)) == 1
    assert path.stat().st_mode & 0o777 == 0o600
    assert [p.name for p in path.parent.iterdir()] == ["secret.key"]


def test_short_key_is_refused(tmp_path: Path) -> None:
    (tmp_path / "k").write_text("short")
    with pytest.raises(ValueError, match="32 bytes"):
        read_secret(tmp_path / "k")


def test_purposes_have_keys_of_their_own() -> None:
    secret = Secret(b"x" * 32)
    assert secret.key("page") != secret.key("address")
    assert secret.address("A@b.example ") == secret.address("a@B.example")
    assert secret.address("\ud800@b.example") != secret.address("a@b.example")
    assert secret.fingerprint(b"a") != secret.fingerprint(b"b")
