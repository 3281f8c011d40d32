"""All that is kept of one person: shown, and erased."""

from __future__ import annotations

from typing import Any, Literal

from flask import Blueprint, Response, request
from pydantic import BaseModel, Field

from keeneye.api import body
from keeneye.api.auth import owner_key, spend
from keeneye.api.problems import Problem
from keeneye.api.services import owner, services
from keeneye.api.verdicts import checked, json_answer
from keeneye.schema import RequestModel
from keeneye.store import person

blueprint = Blueprint("persons", __name__, url_prefix="/api/v1")


class EraseOptions(RequestModel):
    """Query parameters of an erasure."""

    customers: Literal["true", "false"] = Field(
        "false", description="`true`: the address is taken out of the lists of customers and partners too."
    )


class PersonAnswer(BaseModel):
    """All that is kept of a person; empty lists and null: nothing."""

    address: str
    sender: dict[str, Any] | None = Field(description="Counts, labels, level and profile of the address.")
    verdicts: list[dict[str, Any]]
    contents: list[dict[str, Any]] = Field(description="Kept messages, in base64.")
    feedback: list[dict[str, Any]]
    messages: list[dict[str, Any]] = Field(description="When mails were seen, and whose.")
    level_changes: list[dict[str, Any]]
    fingerprints: list[dict[str, Any]] = Field(description="When texts were seen; no word can be read from them.")
    customers: list[dict[str, Any]]
    partners: list[dict[str, Any]]


class ErasedAnswer(BaseModel):
    """What was erased, and what the firm's own lists still have."""

    erased: dict[str, int] = Field(description="Rows by table.")
    customers: list[str] = Field(description="Customers on whose entry the address stands still.")
    partners: list[str]


@blueprint.get("/senders/<path:address>/data")
def export(address: str) -> Response:
    """All that is kept of the person who has this address."""
    here, asking = services(), owner()
    spend(here.settings.limits.read, "read", owner_key(asking))
    who = _address(address)
    with here.store.reading() as connection:
        return json_answer(person.export(connection, asking.tenant_id, here.store.secret, who))


@blueprint.delete("/senders/<path:address>/data")
def erase(address: str) -> Response:
    """Erase what is kept of the person who has this address, in one transaction."""
    here, asking = services(), owner()
    spend(here.settings.limits.read, "read", owner_key(asking))
    options = body.validated(EraseOptions, request.args.to_dict())
    who, secret, tenant = _address(address), here.store.secret, asking.tenant_id
    with here.store.writing() as connection:
        erased = person.erase(connection, tenant, secret, who, options.customers == "true")
    with here.store.reading() as connection:
        left = person.export(connection, tenant, secret, who)
    names = {kind: [one["name"] for one in left[kind]] for kind in ("customers", "partners")}
    return json_answer({"erased": erased, **names})


def _address(written: str) -> str:
    """Raises Problem 422: the lists of customers are searched for it, and not every database takes every character."""
    if not checked(written).isprintable():
        raise Problem("invalid_field", "address: not a mail address.", "address")
    return written
