"""What the modules of the command line share: settings, the store, the tenant that is meant."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import click

from keeneye import settings as settings_module
from keeneye.settings import Settings, SettingsError


def settings_of(context: click.Context, **server: Any) -> Settings:
    """The settings of ``--config``, file and environment; ``server``: given by the command, None is left alone."""
    given = {k: v for k, v in server.items() if v is not None}
    try:
        return settings_module.load(context.find_root().obj, overrides={"server": given} if given else None)
    except SettingsError as error:
        raise click.ClickException(str(error)) from None


class opened_store:
    """The store of the settings, brought up to date; as a context manager."""

    def __init__(self, context: click.Context) -> None:
        self._settings = settings_of(context)

    def __enter__(self) -> Any:
        from sqlalchemy.exc import SQLAlchemyError

        from keeneye.store import open_store
        from keeneye.store.migrations import migrate

        try:
            self._opened = open_store(self._settings)
            migrate(self._opened.engine)
        except (OSError, ValueError, SQLAlchemyError) as error:
            raise click.ClickException(f"the store cannot be opened: {error}") from None
        return self._opened

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: object) -> None:
        from keeneye.store import StoreUnavailable

        self._opened.close()
        if isinstance(error, StoreUnavailable):
            raise click.ClickException(f"the store does not answer: {error}") from None


def tenant_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """The option ``--tenant NAME``; the command gets ``tenant``, for ``tenant_id``."""
    return click.option("--tenant", metavar="NAME", help="Firm or department (default: the first one).")(command)


def tenant_id(store: Any, name: str | None) -> int:
    """The tenant that ``--tenant`` names. Ends the command when there is none of that name."""
    from keeneye.store import tenants

    try:
        return tenants.find(store.engine, name)
    except tenants.NoTenant:
        raise click.BadParameter(
            f"there is no {name}; keeneye tenant list shows them all", param_hint="--tenant"
        ) from None


def printable_name(name: str) -> str:
    """A name of a token or tenant without outer blanks. Ends the command when it cannot be one."""
    if not name.strip() or len(name) > 100 or not name.isprintable():
        raise click.BadParameter("1 to 100 printable characters", param_hint="NAME")
    return name.strip()
