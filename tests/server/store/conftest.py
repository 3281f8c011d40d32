"""A store on SQLite, and on a PostgreSQL that is started here where the machine has one."""

from __future__ import annotations

import shutil
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine

from keeneye.store import Store
from keeneye.store.migrations import migrate
from keeneye.store.secret import Secret

SECRET = Secret(b"0123456789abcdef0123456789abcdef")


def free_port() -> int:
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return int(sock.getsockname()[1])


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """URL of a server of our own; skips where PostgreSQL, its driver or its user is not installed."""
    pytest.importorskip("psycopg")
    tools = sorted(Path("/usr/lib/postgresql").glob("*/bin"))
    if not tools or shutil.which("runuser") is None:
        pytest.skip("no PostgreSQL server here")
    if subprocess.run(["id", "postgres"], capture_output=True, check=False).returncode:
        pytest.skip("no user postgres here")
    folder = Path("/tmp") / f"keeneye-pg-{free_port()}"
    folder.mkdir()
    shutil.chown(folder, "postgres")
    port = free_port()

    def run(tool: str, *arguments: str) -> None:
        subprocess.run(
            ["runuser", "-u", "postgres", "--", str(tools[-1] / tool), *arguments],
            check=True, timeout=60, cwd="/", stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip

    run("initdb", "-D", str(folder / "data"), "-A", "trust", "--no-sync")
    options = f"-p {port} -k {folder} -c listen_addresses=127.0.0.1"
    run("pg_ctl", "-D", str(folder / "data"), "-o", options, "-l", str(folder / "log"), "-w", "start")
    try:
        yield f"postgresql+psycopg://postgres@127.0.0.1:{port}/postgres"
    finally:
        run("pg_ctl", "-D", str(folder / "data"), "-m", "immediate", "stop")
        shutil.rmtree(folder)


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.slow)])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/keeneye.sqlite3"
    return str(request.getfixturevalue("postgres"))


@pytest.fixture
def store(url: str) -> Iterator[Store]:
    """A store with empty tables."""
    made = Store(url, SECRET)
    migrate(made.engine)
    yield made
    made.close()
    engine = create_engine(url)
    migrate(engine, "base")
    engine.dispose()
