"""What a firm brings: its customers, products and partners, put, listed and removed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from flask import Blueprint, Response, request
from pydantic import BaseModel, Field, RootModel

from keeneye import imports
from keeneye.api import body
from keeneye.api.auth import owner_key, spend
from keeneye.api.problems import Problem
from keeneye.api.services import owner, services
from keeneye.api.verdicts import json_answer
from keeneye.entries import CustomerEntry, PartnerEntry, ProductEntry
from keeneye.schema import RequestModel
from keeneye.store import catalogue

blueprint = Blueprint("catalogue", __name__, url_prefix="/api/v1")

CSV = "text/csv"
JSON = "application/json"
Flag = Literal["true", "false"]


class PutOptions(RequestModel):
    """Query parameters of an import."""

    replace: Flag = Field("false", description="`true`: entries that are not named are removed.")
    strict: Flag = Field(
        "false", description="`true`: nothing is taken when one entry is wrong; `replace` does so too."
    )
    dry_run: Flag = Field("false", description="`true`: say what would be done, and do nothing.")


class ListOptions(RequestModel):
    """Query parameters of a list."""

    q: str = Field(
        "",
        max_length=320,
        pattern=r"^[^\x00]*$",
        description="Part of the name; of customers also a whole address or domain.",
    )
    after: str = Field("0", pattern=r"^\d{1,9}$", description="`next` of the page before.")
    limit: str = Field("100", pattern=r"^[1-9]\d{0,2}$", description="Entries of a page, 500 at most.")


class CustomerList(RootModel[list[CustomerEntry]]):
    """Customers to put."""


class ProductList(RootModel[list[ProductEntry]]):
    """Products to put."""


class PartnerList(RootModel[list[PartnerEntry]]):
    """Partners to put."""


class CustomerOut(CustomerEntry):
    """A customer as it is kept."""

    id: int


class ProductOut(ProductEntry):
    """A product as it is kept."""

    id: int


class PartnerOut(PartnerEntry):
    """A partner as it is kept."""

    id: int


class CustomersAnswer(BaseModel):
    """A page of customers; `next`: what to give as `after` for the following one, null at the end."""

    items: list[CustomerOut]
    next: int | None


class ProductsAnswer(BaseModel):
    """A page of products; `next`: what to give as `after` for the following one, null at the end."""

    items: list[ProductOut]
    next: int | None


class PartnersAnswer(BaseModel):
    """A page of partners; `next`: what to give as `after` for the following one, null at the end."""

    items: list[PartnerOut]
    next: int | None


LISTS: dict[str, tuple[type[BaseModel], type[BaseModel]]] = {
    "customers": (CustomerList, CustomersAnswer),
    "products": (ProductList, ProductsAnswer),
    "partners": (PartnerList, PartnersAnswer),
}
"""Kind → model of what is put, of a page."""


def put(kind: str) -> Response:
    """Add entries, or bring those of the same name up to date; what an entry does not give stays as it is."""
    here, asking = services(), owner()
    spend(here.settings.limits.read, "read", owner_key(asking))
    options = body.validated(PutOptions, request.args.to_dict())
    if request.mimetype not in (JSON, CSV):
        raise Problem("unsupported_media_type", f"Send {JSON} or {CSV}.")
    content = body.read(request, here.settings.grading.max_batch_body)
    try:
        parsed = imports.parse_csv(kind, content) if request.mimetype == CSV else _parse_json(kind, content)
    except imports.Unreadable as error:
        raise Problem("invalid_field", f"body: {error}.") from None
    whole = "true" in (options.strict, options.replace)
    if whole and parsed.refused:
        first = parsed.refused[0]
        raise Problem(
            "invalid_field",
            f"{first.row}: {first.reason}; {len(parsed.refused)} are wrong, nothing was changed.",
            str(first.row),
        )
    if whole and not parsed.entries:
        raise Problem("invalid_field", "body: holds no entry; nothing was changed.")
    own = imports.own_domain(here.grader.lookups.firms_own, here.grader.firm.domains)
    try:
        done = imports.bring(
            here.store, asking.tenant_id, kind, parsed, own,
            replace_all=options.replace == "true", dry_run=options.dry_run == "true",
        )  # fmt: skip
    except catalogue.GoneTenant:
        raise Problem("token_invalid", "The tenant of this token was removed.") from None
    return json_answer(done.model_dump())


def _parse_json(kind: str, content: bytes) -> imports.Parsed:
    values = body.parse(content)
    if not isinstance(values, list):
        raise imports.Unreadable("is not a list")
    return imports.parse_list(kind, values)


def listed(kind: str) -> Response:
    """Entries in the order in which they came, page by page."""
    here, asking = services(), owner()
    spend(here.settings.limits.read, "read", owner_key(asking))
    options = body.validated(ListOptions, request.args.to_dict())
    most = min(int(options.limit), catalogue.PAGE_MOST)
    with here.store.reading() as connection:
        found = catalogue.listed(connection, asking.tenant_id, kind, options.q, int(options.after), most)
    return json_answer({"items": found, "next": found[-1]["id"] if len(found) == most else None})


def remove(kind: str, entry_id: str) -> Response:
    """Remove one entry."""
    here, asking = services(), owner()
    spend(here.settings.limits.read, "read", owner_key(asking))
    plausible = entry_id.isascii() and entry_id.isdigit() and len(entry_id) <= 9
    with here.store.writing() as connection:
        if not plausible or not catalogue.remove(connection, asking.tenant_id, kind, int(entry_id)):
            raise Problem("not_found", "There is no such entry.")
    return Response(status=204)


def _bound(view: Callable[..., Response], kind: str) -> Callable[..., Response]:
    def bound(**given: str) -> Response:
        return view(kind, **given)

    bound.__doc__ = view.__doc__
    return bound


for _kind in LISTS:
    for _verb, _path, _view in (("PUT", "", put), ("GET", "", listed), ("DELETE", "/<entry_id>", remove)):
        blueprint.add_url_rule(f"/{_kind}{_path}", f"{_verb.lower()}_{_kind}", _bound(_view, _kind), methods=[_verb])
