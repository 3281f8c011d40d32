"""What a firm may bring: customers, products, partners. One model for CSV files and for the API.

A field that is not given stays as it is when there is an entry of the same name already.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, ClassVar, TypeVar, cast

from pydantic import AfterValidator, BaseModel, BeforeValidator, Field, StringConstraints

from keeneye.schema import ADDRESS_MOST, RequestModel

LISTED_MOST = 200
"""Addresses, synonyms, models or people of one entry."""
ENTRIES_MOST = 100_000
"""Entries of one file or request."""


def _plain(text: str) -> str:
    """Outer blanks off, inner ones single. Raises ValueError for nothing, and for control characters."""
    text = " ".join(text.split())
    if not text:
        raise ValueError("is empty")
    if not text.isprintable():
        raise ValueError("holds characters that cannot be shown")
    return text


def _address(text: str) -> str:
    local, _, host = text.strip().lower().rpartition("@")
    if (
        not local
        or "." not in host
        or len(text) > ADDRESS_MOST
        or not text.strip().isprintable()
        or " " in text.strip()
    ):
        raise ValueError("is not a mail address")
    return f"{local}@{host}"


def _hs(text: str) -> str:
    """An HS code (WCO Harmonized System, 6 figures; national ones up to 10) without its dots."""
    figures = text.replace(".", "").replace(" ", "")
    if not (figures.isascii() and figures.isdigit() and 4 <= len(figures) <= 12):
        raise ValueError("is not an HS code of 4 to 12 figures")
    return figures


def _date(value: object) -> object:
    """JSON has no dates: the text YYYY-MM-DD."""
    return date.fromisoformat(value) if isinstance(value, str) else value


Name = Annotated[str, StringConstraints(max_length=200), AfterValidator(_plain)]
Host = Annotated[str, StringConstraints(min_length=1, max_length=253)]
Address = Annotated[str, AfterValidator(_address)]
Iso2 = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")]
Unit = Annotated[str, StringConstraints(max_length=30), AfterValidator(_plain)]
Day = Annotated[date, BeforeValidator(_date)]


class Entry(RequestModel):
    """Base of all: known by its name, whatever its case and blanks."""

    kind: ClassVar[str]
    name: Name

    @property
    def key(self) -> str:
        """What two entries of one name share."""
        return self.name.casefold()


class CustomerEntry(Entry):
    """A customer. Mail from one of its addresses, or from its domain, is known as the customer's."""

    kind = "customers"
    emails: list[Address] = Field([], max_length=LISTED_MOST)
    domains: list[Host] = Field(
        [],
        max_length=LISTED_MOST,
        description="The customer's own domains or websites; a mail provider's is not taken.",
    )
    people: list[Name] = Field([], max_length=LISTED_MOST)
    country: Iso2 | None = None
    ordered: int = Field(0, ge=0, le=1_000_000, description="Orders so far.")
    ordered_at: Day | None = Field(None, description="Day of the last order.")
    sampled: bool = Field(False, description="Has ordered samples.")
    visited: bool = Field(False, description="Has come to visit us.")
    standing: Annotated[str, StringConstraints(max_length=2000, pattern=r"^[^\x00]*$")] = Field(
        "", description="What research showed of its standing in its market; empty: nothing."
    )
    bank_country: Iso2 | None = Field(None, description="Country of the bank account that is known.")


class ProductEntry(Entry):
    """A product of ours, as a buyer may call it."""

    kind = "products"
    names: list[Name] = Field([], max_length=LISTED_MOST, description="Synonyms, in any language.")
    models: list[Name] = Field([], max_length=LISTED_MOST, description="Model and article numbers.")
    hs: Annotated[str, AfterValidator(_hs)] | None = Field(None, description="HS code.")
    units: list[Unit] = Field([], max_length=20, description="Units that it is sold by, such as `pcs` or `kg`.")


class PartnerEntry(Entry):
    """A known partner: a supplier, forwarder or bank whom a stranger may pretend to be."""

    kind = "partners"
    domains: list[Host] = Field([], max_length=LISTED_MOST)
    people: list[Name] = Field(
        [],
        max_length=LISTED_MOST,
        description="Names; a private address of theirs beside: `Ann Lee <ann@mail.example>`.",
    )
    bank_country: Iso2 | None = None


KINDS: dict[str, type[Entry]] = {c.kind: c for c in (CustomerEntry, ProductEntry, PartnerEntry)}
E = TypeVar("E", bound=Entry)


def merged(one: E, other: E) -> E:
    """Two entries of one name in one file as one: lists joined, the greater figure, the later day."""
    values = {name: getattr(one, name) for name in one.model_fields_set}
    for name in other.model_fields_set - {"name"}:
        old, new = values.get(name), getattr(other, name)
        if isinstance(new, list):
            values[name] = list(dict.fromkeys([*(old or ()), *new]))[:LISTED_MOST]
        elif isinstance(new, str) or old is None or new is None:
            values[name] = old or new
        else:
            values[name] = max(old, new)
    return cast("E", type(one).model_construct(_fields_set=set(values), **values))


class Row(BaseModel):
    """A row or entry and what is to be said of it."""

    row: int = Field(description="Line of the file, or place in the list, from 1.")
    reason: str


class ImportAnswer(BaseModel):
    """What an import did."""

    added: int = 0
    changed: int = 0
    same: int = 0
    removed: int = 0
    refused: list[Row] = Field([], description="Entries that were not taken.")
    notes: list[Row] = Field([], description="Entries that were taken, with something left out.")
