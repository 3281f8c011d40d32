"""Changes of the tables from version to version (Alembic). ``migrate`` brings a database up to date."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Engine, inspect, text

from keeneye.store.tables import REVISION


def migrate(engine: Engine, revision: str = REVISION) -> None:
    """Bring the tables to a revision; a newer database is brought down only when asked by name."""
    if _is_at(engine, revision):
        return
    # Loaded only when there is something to change: it would take a fifth of every start.
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        move = command.downgrade if revision == "base" else command.upgrade
        move(config, revision)


def _is_at(engine: Engine, revision: str) -> bool:
    with engine.connect() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return False
        return list(connection.scalars(text("SELECT version_num FROM alembic_version"))) == [revision]
