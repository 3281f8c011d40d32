"""Backup and restore: the whole store as one compressed file that any of the databases can take.

Gzip of lines of JSON: a head (form, revision of the tables, when, the secret key), for each table its columns and its
rows, and an end with the number of rows and a SHA-256 over all lines before. Bytes are in base64. ``bands`` are left
out: they are worked out of the fingerprints again. A backup is one snapshot: SQLite's read transaction,
PostgreSQL's REPEATABLE READ.
"""

from __future__ import annotations

import base64
import gzip
import hashlib
import os
import secrets
import tempfile
import time
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import orjson
from sqlalchemy import Connection, Engine, LargeBinary, Table, column, create_engine, delete, func, insert, select, text
from sqlalchemy import table as plain_table

from keeneye.store import tables
from keeneye.store.migrations import migrate
from keeneye.store.sketch import bands

FORM: Final = 1
BATCH: Final = 1000
CACHE_KIB: Final = 256 * 1024
"""Memory in which SQLite sorts in the bands, which come in no order: ten times as fast as with its usual 2 MiB."""
LINE_MOST: Final = 256 * 1024 * 1024
"""Bytes of one line: the largest message that can be kept, in base64, with room."""


class NotRestored(Exception):
    """A file that cannot be restored. The store is as it was. The text says why."""


@dataclass(frozen=True, slots=True)
class Head:
    """What a backup says of itself. ``made_at``: UTC seconds since 1970."""

    revision: str
    made_at: int
    secret: str


# --------------------------------------------------------------------------- backup


def backup(engine: Engine, secret: bytes, path: Path) -> dict[str, int]:
    """Write the store and its secret key to a file that only its owner may read; the number of rows by table.

    The file appears when it is complete; an older one of that name is replaced. Raises OSError, SQLAlchemyError.
    """
    draft = path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    try:
        with (
            os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as raw,
            gzip.GzipFile(filename="", fileobj=raw, mode="wb", compresslevel=1) as file,
            _snapshot(engine) as connection,
        ):
            counts = _write(connection, file.write, secret)
        with draft.open("rb") as made:
            os.fsync(made.fileno())
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
    return counts


@contextmanager
def _snapshot(engine: Engine) -> Iterator[Connection]:
    """A connection that sees one moment of the database, however long it reads."""
    with engine.connect() as connection:
        if connection.dialect.name == "sqlite":
            connection.exec_driver_sql("BEGIN")  # Python's driver begins only before it writes
        else:
            connection = connection.execution_options(isolation_level="REPEATABLE READ")
        try:
            yield connection
        finally:
            connection.rollback()


def _write(connection: Connection, write: Callable[[bytes], object], secret: bytes) -> dict[str, int]:
    sum_ = hashlib.sha256()
    counts: dict[str, int] = {}

    def line(value: Any) -> None:
        data = orjson.dumps(value) + b"\n"
        sum_.update(data)
        write(data)

    line({"keeneye": FORM, "revision": tables.REVISION, "made_at": int(time.time()), "secret": secret.decode("ascii")})
    for table in _kept():
        name = str(table.name)
        line({"table": name, "columns": [c.name for c in table.c]})
        counts[name] = 0
        binary = [i for i, c in enumerate(table.c) if isinstance(c.type, LargeBinary)]
        rows = connection.execution_options(yield_per=BATCH).execute(select(table).order_by(*table.primary_key))
        for row in rows:
            values = list(row)
            for i in binary:
                if values[i] is not None:
                    values[i] = base64.b64encode(values[i]).decode("ascii")
            line(values)
            counts[name] += 1
    write(orjson.dumps({"end": counts, "sha256": sum_.hexdigest()}) + b"\n")
    return counts


def _kept() -> list[Table]:
    """The tables in an order in which rows can be put in."""
    return [t for t in tables.metadata.sorted_tables if t is not tables.bands]


# --------------------------------------------------------------------------- restore


def restore(engine: Engine, path: Path, secret_file: Path, force: bool = False) -> dict[str, int]:
    """Put a backup into a store whose tables are up to date, and its secret key into the file.

    The file is read to its end and checked before anything is changed; then all rows change in one transaction.
    ``force``: a store that holds something is emptied first. No server may be running on it: its workers would go on
    with the old key. Raises NotRestored, OSError, SQLAlchemyError.
    """
    head = check(path)
    if not force and not is_empty(engine):
        raise NotRestored("the store is not empty; --force replaces all that it holds")
    draft = secret_file.with_name(f".{secret_file.name}.{os.getpid()}.{secrets.token_hex(4)}")
    try:
        secret_file.parent.mkdir(parents=True, exist_ok=True)
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(head.secret + "\n")
            file.flush()
            os.fsync(file.fileno())
        if head.revision == tables.REVISION:
            counts = _load(engine, _Rows(path))
        else:
            with _brought_up(path, head.revision) as newer:
                counts = _load(engine, newer)
        draft.replace(secret_file)
    finally:
        with suppress(OSError):
            draft.unlink(missing_ok=True)
    return counts


def check(path: Path) -> Head:
    """Read a backup to its end. Raises NotRestored when it is cut short, spoilt, none at all, or of a newer version."""
    sum_ = hashlib.sha256()
    head: Head | None = None
    counts: dict[str, int] = {}
    inside = ""
    ended = False
    for number, data in enumerate(_lines(path)):
        if ended:
            raise NotRestored("something follows after the end")
        try:
            value = orjson.loads(data)
        except orjson.JSONDecodeError:
            raise NotRestored(f"line {number + 1} is not JSON") from None
        if number == 0:
            head = _head(value)
        elif isinstance(value, list):
            if inside == "":
                raise NotRestored(f"line {number + 1}: a row outside of any table")
            counts[inside] += 1
        elif "table" in value:
            inside = str(value["table"])
            counts[inside] = 0
        else:
            ended = value.get("end") == counts and value.get("sha256") == sum_.hexdigest()
            if not ended:
                raise NotRestored("the check sum does not agree: the file was changed or spoilt")
        sum_.update(data)
    if head is None or not ended:
        raise NotRestored("the file is cut short")
    return head


def _head(value: Any) -> Head:
    if not isinstance(value, dict) or value.get("keeneye") != FORM:
        raise NotRestored("not a backup of Keeneye that this version can read")
    revision = str(value.get("revision"))
    if revision > tables.REVISION:
        raise NotRestored(f"made by a newer version (tables {revision}, here {tables.REVISION}); update Keeneye first")
    return Head(revision, int(value.get("made_at", 0)), str(value.get("secret")))


def _lines(path: Path) -> Iterator[bytes]:
    """Raises NotRestored for a file that is no gzip or ends too early."""
    try:
        with gzip.open(path, "rb") as file:
            while data := file.readline(LINE_MOST):
                yield data
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise NotRestored(f"the file is cut short or spoilt ({error})") from None


class _Rows:
    """Tables of a backup in order: name, columns, batches of rows."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def tables(self) -> Iterator[tuple[str, list[str], list[list[Any]]]]:
        name = ""
        columns: list[str] = []
        rows: list[list[Any]] = []
        for data in _lines(self._path):
            value = orjson.loads(data)
            if isinstance(value, list):
                rows.append(value)
            if rows and (len(rows) >= BATCH or not isinstance(value, list)):
                yield name, columns, rows
                rows = []
            if isinstance(value, dict) and "table" in value:
                name, columns = value["table"], value["columns"]


@contextmanager
def _brought_up(path: Path, revision: str) -> Iterator[_Rows]:
    """An older version's backup as one of this version: through a database of its own, with the migrations."""
    with tempfile.TemporaryDirectory(prefix="keeneye-restore-") as folder:
        engine = create_engine(f"sqlite:///{folder}/old.sqlite3")
        try:
            migrate(engine, revision)
            _load(engine, _Rows(path), only_known=False)
            migrate(engine)
            backup(engine, b"-", Path(folder) / "new")
            yield _Rows(Path(folder) / "new")
        finally:
            engine.dispose()


def is_empty(engine: Engine) -> bool:
    """Whether a store holds nothing but the tenant that is always there."""
    with engine.connect() as connection:
        for table in tables.metadata.sorted_tables:
            most = 1 if table is tables.tenants else 0
            if len(connection.execute(select(*table.primary_key).limit(most + 1)).all()) > most:
                return False
    return True


def _load(engine: Engine, source: _Rows, only_known: bool = True) -> dict[str, int]:
    """Empty all tables and put the rows in, in one transaction. ``only_known``: they are the tables of this version."""
    counts: dict[str, int] = {}
    with engine.begin() as connection:
        if connection.dialect.name == "sqlite":
            connection.exec_driver_sql(f"PRAGMA cache_size = -{CACHE_KIB}")
        there = _kept() if only_known else []
        for table in (tables.bands, *reversed(there)) if only_known else ():
            connection.execute(delete(table))
        if not only_known:
            connection.execute(text("DELETE FROM tenants"))
        binary = {t.name: [c.name for c in t.c if isinstance(c.type, LargeBinary)] for t in _kept()}
        for name, columns, rows in source.tables():
            if only_known and name not in binary:
                raise NotRestored(f"there is no table {name}")
            target = plain_table(name, *(column(c) for c in columns))
            places = [columns.index(c) for c in binary.get(name, ()) if c in columns]
            for row in rows:
                for place in places:
                    if row[place] is not None:
                        row[place] = base64.b64decode(row[place])
            connection.execute(insert(target), [dict(zip(columns, row, strict=True)) for row in rows])
            counts[name] = counts.get(name, 0) + len(rows)
            if name == tables.fingerprints.name and only_known:
                _rebuild_bands(connection, columns, rows)
        if only_known and connection.dialect.name == "postgresql":
            _set_counters(connection)
    return counts


def _rebuild_bands(connection: Connection, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    tenant, number, sketch = (columns.index(c) for c in ("tenant_id", "id", "sketch"))
    made = sorted((row[tenant], band, row[number]) for row in rows for band in bands(row[sketch]))
    # Twenty rows for each fingerprint: straight to the driver, past what SQLAlchemy does with each row.
    sign = "?" if connection.dialect.name == "sqlite" else "%s"
    statement = f"INSERT INTO bands (tenant_id, band, fingerprint_id) VALUES ({sign}, {sign}, {sign})"  # noqa: S608
    connection.exec_driver_sql(statement, made)


def _set_counters(connection: Connection) -> None:
    """PostgreSQL counts ids by itself only for rows that come without one."""
    for table in _kept():
        if "id" in table.c and not isinstance(table.c.id.type, LargeBinary):
            most = connection.execute(select(func.max(table.c.id))).scalar_one()
            counter = connection.execute(
                text("SELECT pg_get_serial_sequence(:name, 'id')"), {"name": table.name}
            ).scalar_one()
            if counter is not None and most is not None:
                connection.execute(
                    text("SELECT setval(CAST(:counter AS regclass), :most)"), {"counter": counter, "most": most}
                )
