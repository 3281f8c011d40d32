"""Changes of the tables from version to version (Alembic). ``migrate`` brings a database up to date."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Engine, inspect, text

from keeneye.store.tables import REVISION


def migrate(engine: Engine, revision: str = REVISION) -> None:
    """Bring the tables to a revision, up or down; ``base``: none is left. A newer database is left alone by default."""
    now = _revision(engine)
    if now == revision:
        return
    # Loaded only when there is something to change: it would take a fifth of every start.
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        down = revision == "base" or (revision != REVISION and now > revision)
        move = command.downgrade if down else command.upgrade
        move(config, revision)


def _revision(engine: Engine) -> str:
    """The revision of the tables; "": there are none."""
    with engine.connect() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return ""
        return str(connection.scalar(text("SELECT version_num FROM alembic_version")) or "")
