"""Migrations lead to the very tables that the code uses, and back."""

from __future__ import annotations

from pathlib import Path

from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import column, create_engine, inspect, select, table, text

from keeneye.store import Store, migrations, tables
from keeneye.store.migrations import migrate
from keeneye.store.secret import Secret


def test_up_and_down(url: str) -> None:
    engine = create_engine(url)
    migrate(engine)
    migrate(engine)  # a second start changes nothing
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, tables.metadata) == []
        assert context.get_current_revision() == tables.REVISION
    migrate(engine, "base")
    assert inspect(engine).get_table_names() == ["alembic_version"]
    engine.dispose()


VERDICT = {
    "id": "a" * 32, "tenant_id": 1, "fingerprint": b"f" * 32, "sender": b"s" * 32, "graded_at": 1_790_000_000,
    "category": "fraud", "grade": "F", "risk": 91.5, "banner": "danger", "policy": "p", "body": b"body",
}  # fmt: skip
SENDER = {"tenant_id": 1, "address": b"s" * 32, "messages": 3, "danger": 1, "first_seen": 1, "last_seen": 2}
LABEL = {"tenant_id": 1, "verdict_id": "a" * 32, "sender": b"s" * 32, "label": "fake", "note": "", "created_at": 9}


def test_rows_survive_every_step_up_and_down(url: str) -> None:
    engine = create_engine(url)
    config = Config()
    config.set_main_option("script_location", str(Path(migrations.__file__).parent))
    steps = [step.revision for step in ScriptDirectory.from_config(config).walk_revisions()]
    migrate(engine, steps[-1])
    with engine.begin() as connection:
        for name, row in (("verdicts", VERDICT), ("senders", SENDER), ("feedback", LABEL)):
            connection.execute(table(name, *map(column, row)).insert(), row)
    for revision in [*steps[-2::-1], *steps[1:], *steps[-2::-1]]:
        migrate(engine, revision)
        with engine.connect() as connection:
            for name, row in (("verdicts", VERDICT), ("senders", SENDER), ("feedback", LABEL)):
                kept = connection.execute(select(table(name, *map(column, row)))).mappings().one()
                assert dict(kept) == row, (revision, name)
            connection.execute(text("SELECT 1 FROM tenants WHERE id = 1")).one()
        store = Store(url, Secret(b"k" * 32))
        assert store.ready() is (revision == tables.REVISION)
        store.close()
    migrate(engine, "base")
    engine.dispose()


def test_revision_of_the_code_is_the_newest_migration() -> None:
    config = Config()
    config.set_main_option("script_location", str(Path(migrations.__file__).parent))
    assert ScriptDirectory.from_config(config).get_current_head() == tables.REVISION
