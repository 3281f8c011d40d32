"""The admin's commands: tenants."""

from __future__ import annotations

import click

from keeneye.console import opened_store, printable_name


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
