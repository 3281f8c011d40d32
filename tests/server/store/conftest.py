"""A store on SQLite, and on a PostgreSQL that is started here where the machine has one."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine

from keeneye.store import Store
from keeneye.store.migrations import migrate
from keeneye.store.secret import Secret

SECRET = Secret(b"0123456789abcdef0123456789abcdef")


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
