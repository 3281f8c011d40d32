"""Changes of the tables from version to version (Alembic). ``migrate`` brings a database up to date."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Engine

from keeneye.store.tables import REVISION


def migrate(engine: Engine, revision: str = REVISION) -> None:
    """Bring the tables to a revision; a newer database is brought down only when asked by name."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        move = command.downgrade if revision == "base" else command.upgrade
        move(config, revision)
