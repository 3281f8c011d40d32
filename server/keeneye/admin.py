"""The admin's commands: tenants, backup and restore, one person's data."""

from __future__ import annotations

from pathlib import Path

import click

from keeneye.console import opened_store, printable_name, settings_of, tenant_id, tenant_option


@click.group()
def tenant() -> None:
    """Firms or departments that share this server and see nothing of each other."""


@tenant.command("create")
@click.argument("name")
@click.pass_context
def tenant_create(context: click.Context, name: str) -> None:
    """Make a tenant. Its clients get tokens by: keeneye token create --tenant NAME …"""
    from keeneye.store import tenants

    with opened_store(context) as store:
        try:
            tenants.create(store.engine, printable_name(name))
        except tenants.TenantTaken:
            raise click.ClickException(f"there is a tenant named {name} already") from None
    click.echo(f"made {printable_name(name)}")


@tenant.command("list")
@click.pass_context
def tenant_list(context: click.Context) -> None:
    """Names of all tenants, the first one first, with the number of their tokens."""
    from keeneye.store import tenants

    with opened_store(context) as store:
        for one in tenants.listed(store.engine):
            click.echo(f"{one.name}\ttokens {one.tokens}")


@tenant.command("rename")
@click.argument("name")
@click.argument("new")
@click.pass_context
def tenant_rename(context: click.Context, name: str, new: str) -> None:
    """Give a tenant another name; its tokens stay good."""
    from keeneye.store import tenants

    with opened_store(context) as store:
        try:
            tenants.rename(store.engine, name, printable_name(new))
        except tenants.NoTenant:
            raise click.ClickException(f"there is no tenant named {name}") from None
        except tenants.TenantTaken:
            raise click.ClickException(f"there is a tenant named {new} already") from None
    click.echo(f"{name} is now {printable_name(new)}")


@tenant.command("remove")
@click.argument("name")
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.pass_context
def tenant_remove(context: click.Context, name: str, yes: bool) -> None:
    """Remove a tenant with all that is kept of it: tokens, verdicts, senders, customers and the rest."""
    from keeneye.store import tenants

    with opened_store(context) as store:
        try:
            tenants.find(store.engine, name)
            if not yes:
                click.confirm(f"Remove {name} and all that is kept of it?", abort=True)
            rows = tenants.remove(store.engine, name)
        except tenants.NoTenant:
            raise click.ClickException(f"there is no tenant named {name}") from None
        except ValueError as error:
            raise click.ClickException(str(error)) from None
    click.echo(f"removed {name}: {rows} rows")


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.pass_context
def backup(context: click.Context, file: Path) -> None:
    """Write the whole store and its secret key to FILE. The server may go on; the file is one moment of it.

    Who has the file can read all of it: keep it as you keep the server.
    """
    from sqlalchemy.exc import SQLAlchemyError

    from keeneye.store import dump

    with opened_store(context) as store:
        try:
            counts = dump.backup(store.engine, settings_of(context).secret_path.read_bytes().strip(), file)
        except (OSError, SQLAlchemyError) as error:
            raise click.ClickException(f"no backup was made: {error}") from None
    click.echo(f"{file}: {sum(counts.values())} rows, {file.stat().st_size} bytes")


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--force", is_flag=True, help="Replace all that the store holds now.")
@click.pass_context
def restore(context: click.Context, file: Path, force: bool) -> None:
    """Put a backup into the store of the settings, whichever database that is, with its secret key.

    Stop the server first. A file that is spoilt, cut short or of a newer version changes nothing.
    """
    from sqlalchemy.exc import SQLAlchemyError

    from keeneye.store import dump

    with opened_store(context) as store:
        try:
            counts = dump.restore(store.engine, file, settings_of(context).secret_path, force)
        except (dump.NotRestored, OSError, SQLAlchemyError) as error:
            raise click.ClickException(f"{file}: nothing was restored: {error}") from None
    click.echo(f"{file}: {sum(counts.values())} rows restored")


@click.group()
def person() -> None:
    """All that is kept of one person, by mail address."""


@person.command("export")
@click.argument("address")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="Write to a file that only you may read.")
@tenant_option
@click.pass_context
def person_export(context: click.Context, address: str, out: Path | None, tenant: str | None) -> None:
    """Show what is kept of ADDRESS, as JSON."""
    import os

    import orjson

    from keeneye.store import person as persons

    with opened_store(context) as store, store.reading() as connection:
        kept = persons.export(connection, tenant_id(store, tenant), store.secret, _address(address))
    data = orjson.dumps(kept, option=orjson.OPT_INDENT_2)
    if out is None:
        click.echo(data.decode())
        return
    try:
        with os.fdopen(os.open(out, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(data + b"\n")
    except OSError as error:
        raise click.ClickException(str(error)) from None


@person.command("erase")
@click.argument("address")
@click.option("--customers", is_flag=True, help="Take the address out of the lists of customers and partners too.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@tenant_option
@click.pass_context
def person_erase(context: click.Context, address: str, customers: bool, yes: bool, tenant: str | None) -> None:
    """Erase what is kept of ADDRESS: verdicts, labels, levels, threads, fingerprints, kept messages."""
    from keeneye.store import person as persons

    with opened_store(context) as store:
        whose = tenant_id(store, tenant)
        if not yes:
            click.confirm(f"Erase all that is kept of {_address(address)}?", abort=True)
        with store.writing() as connection:
            gone = persons.erase(connection, whose, store.secret, _address(address), customers)
        with store.reading() as connection:
            left = persons.export(connection, whose, store.secret, _address(address))
    for name, rows in gone.items():
        click.echo(f"{name}\t{rows}")
    if not gone:
        click.echo("nothing was kept")
    for kind in ("customers", "partners"):
        for one in left[kind]:
            click.echo(f"still in the list of {kind}: {one['name']} (--customers takes it out)", err=True)


def _address(text: str) -> str:
    if "@" not in text or len(text) > 320:
        raise click.BadParameter("not a mail address", param_hint="ADDRESS")
    return text
