"""The database of a store: SQLite or PostgreSQL, read and written."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import SQLAlchemyError

from keeneye.store.writer import StoreUnavailable


class Database:
    """Opens no connection until it is asked something, so it can be built before a fork."""

    def __init__(self, url: str) -> None:
        self.engine = _engine(url)
        # Each of our questions is one statement: a transaction about it would add two more, and at its end the driver
        # for PostgreSQL forgets the statements that it has prepared, which costs three times as much as asking.
        self._reader = self.engine
        if self.engine.dialect.name == "postgresql":
            self._reader = self.engine.execution_options(isolation_level="AUTOCOMMIT")

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A transaction of its own, durable when the block ends; database errors become StoreUnavailable."""
        try:
            with self.engine.begin() as connection:
                yield connection
        except SQLAlchemyError as error:
            raise StoreUnavailable(type(error).__name__) from error

    def reading(self) -> Any:
        """A connection for reading, as a context; database errors become StoreUnavailable."""
        return _Reading(self._reader)


class _Reading:
    """A connection for reading; database errors become StoreUnavailable."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._connection: Connection | None = None

    def __enter__(self) -> Connection:
        try:
            self._connection = self._engine.connect()
        except SQLAlchemyError as error:
            raise StoreUnavailable(type(error).__name__) from error
        return self._connection

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: object) -> None:
        if self._connection is not None:
            self._connection.close()
        if isinstance(error, SQLAlchemyError):
            raise StoreUnavailable(type(error).__name__) from error


def _engine(url: str) -> Engine:
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite":
        return create_engine(parsed, pool_size=20, max_overflow=20, pool_pre_ping=True, pool_timeout=10)
    if parsed.database and parsed.database != ":memory:":
        Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(parsed, pool_size=20, max_overflow=20, pool_timeout=10)

    @event.listens_for(engine, "connect")
    def set_up(connection: Any, _: Any) -> None:
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "busy_timeout=10000", "foreign_keys=ON"):
            connection.execute(f"PRAGMA {pragma}")

    return engine
