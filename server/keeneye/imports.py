"""Customers, products and partners from CSV files as firms have them, or from JSON, into the store.

Encodings: UTF-8 with or without BOM, UTF-16 with BOM, GB18030, and the 8-bit ones of ``keeneye.mail.charset``.
Separators: comma, semicolon, tab. Column names: English, Chinese, Spanish, whatever their case, blanks and accents.
"""

from __future__ import annotations

import csv
import io
import re
import tomllib
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any, Final

from babel import Locale
from pydantic import ValidationError

from keeneye.entries import ENTRIES_MOST, KINDS, LISTED_MOST, Entry, ImportAnswer, ProductEntry, Row, merged
from keeneye.facts.goods import unit_of
from keeneye.mail.charset import detect
from keeneye.store import Store, catalogue

COLUMNS: Final = Path(__file__).parent / "lexicons" / "imports" / "columns.toml"
SAMPLE: Final = 4096
SEPARATORS: Final = (",", ";", "\t")
TOLD_MOST: Final = 1000
"""Refused rows and notes that an answer holds, each."""


class Unreadable(Exception):
    """A file that cannot be read as a whole. The text says why."""


def _heading(text: str) -> str:
    """A column's name without case, accents, blanks and marks."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    return "".join(c for c in plain if c.isalnum())


_NOTHING: Final = frozenset(
    ("", "-", "--", "—", "/", "n/a", "na", "none", "null", "nil", "?", "无", "没有", "暂无", "ninguno")
)
_YES: Final = frozenset(
    (
        "1",
        "y",
        "yes",
        "true",
        "x",
        "✓",
        "✔",
        "√",
        "v",
        "是",
        "有",
        "已",
        "对",
        "s",
        "si",
        "sí",
        "verdadero",
        "ja",
        "oui",
    )
)
_NO: Final = frozenset(("0", "n", "no", "false", "否", "未", "falso", "nein", "non"))
_LIST: Final = re.compile(r"[;|；\n\r]")
_ADDRESSES: Final = re.compile(r"[;|；,，、\s<>]+")
_ANGLE: Final = re.compile(r"^\s*\"?([^<>\"]*?)\"?\s*<\s*([^<>\s]+)\s*>\s*$")


@dataclass(slots=True)
class Parsed:
    """Entries, each name once, with the line or place of each; what was not taken; columns nobody asked for."""

    entries: list[Entry] = field(default_factory=list)
    places: list[int] = field(default_factory=list)
    refused: list[Row] = field(default_factory=list)
    notes: list[Row] = field(default_factory=list)
    unused: list[str] = field(default_factory=list)


# --------------------------------------------------------------------------- files


def decode(data: bytes) -> str:
    """The text of a file of unknown encoding. Raises Unreadable."""
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        codec: str | None = "utf-16"
    else:
        try:
            return data.decode("utf-8-sig")
        except UnicodeDecodeError:
            telling = b"\n".join(line for line in data.splitlines() if not line.isascii())
            codec = detect(telling[: SAMPLE - 1])
    for trial in (codec, "gb18030", "cp1252"):
        if trial is not None:
            try:
                return data.decode(trial)
            except UnicodeDecodeError:
                continue
    raise Unreadable("the encoding of the file is not known; save it as UTF-8")


def parse_csv(kind: str, data: bytes) -> Parsed:
    """The entries of a CSV file. Raises Unreadable when it has no column of names, or is no CSV."""
    text = decode(data).replace("\x00", "")
    first, _, rest = text.partition("\n")
    separator = None
    if first.strip().lower().startswith("sep=") and len(first.strip()) == 5:  # as Excel writes it
        separator, text = first.strip()[4], rest
    skipped = 0 if separator is None else 1
    head = text.split("\n", 1)[0]
    # Strict: else a quotation mark that is never closed takes the rest of the file into one cell, unsaid.
    reader = csv.reader(io.StringIO(text), delimiter=separator or max(SEPARATORS, key=head.count), strict=True)
    rows, read = [], skipped
    try:
        for line, cells in _rows(reader):
            rows.append((line + skipped, cells))
            read = reader.line_num + skipped
    except csv.Error as error:
        quoted = "expected" in str(error)  # "unexpected end of data", "',' expected after '"'"
        why = "a quotation mark is not closed where it should be" if quoted else error
        raise Unreadable(f"line {read + 1}: {why}") from None
    if not rows:
        raise Unreadable("the file is empty")
    if len(rows) > ENTRIES_MOST + 1:
        raise Unreadable(f"the file has more than {ENTRIES_MOST} rows")
    (_, heading), *body = rows
    known = _columns()[kind]
    fields = [known.get(_heading(cell)) for cell in heading]
    if "name" not in fields:
        seen = ", ".join(c.strip() for c in heading if c.strip())[:200]
        raise Unreadable(f"no column holds the names; the first line has: {seen}")
    parsed = Parsed(unused=[c.strip() for c, f in zip(heading, fields, strict=True) if f is None and c.strip()])
    days = _Days(cells[i] for _, cells in body for i, f in enumerate(fields) if f == "ordered_at" and i < len(cells))
    made: list[tuple[int, Entry]] = []
    for line, cells in body:
        try:
            values, notes = _values(kind, fields, cells, days)
            made.append((line, _entry(kind, values)))
            parsed.notes += [Row(row=line, reason=note) for note in notes]
        except ValueError as error:
            parsed.refused.append(Row(row=line, reason=str(error)))
    return _joined(parsed, made)


def parse_list(kind: str, values: Sequence[Any]) -> Parsed:
    """The entries of a JSON list. Raises Unreadable when it is too long."""
    if len(values) > ENTRIES_MOST:
        raise Unreadable(f"more than {ENTRIES_MOST} entries")
    parsed, made = Parsed(), []
    for place, value in enumerate(values, start=1):
        try:
            made.append((place, _entry(kind, value)))
        except ValueError as error:
            parsed.refused.append(Row(row=place, reason=str(error)))
    return _joined(parsed, made)


@cache
def _columns() -> Mapping[str, Mapping[str, str]]:
    """Kind → heading → field."""
    table = tomllib.loads(COLUMNS.read_text("utf-8"))
    return {kind: {_heading(name): where for where, names in table[kind].items() for name in names} for kind in KINDS}


def _rows(reader: Any) -> Iterator[tuple[int, list[str]]]:
    """Rows that hold anything, with the line where each begins."""
    before = 0
    for cells in reader:
        line, before = before + 1, reader.line_num
        if any(c.strip() for c in cells):
            yield line, cells


def _joined(parsed: Parsed, made: Iterable[tuple[int, Entry]]) -> Parsed:
    """Rows of one name are one entry: exports have a row for each contact."""
    places: dict[str, int] = {}
    for place, entry in made:
        if isinstance(entry, ProductEntry):
            unknown = [unit for unit in entry.units if unit_of(unit) is None]
            parsed.notes += [
                Row(row=place, reason=f"unit {unit!r} is not known: no amount is judged") for unit in unknown
            ]
        at = places.setdefault(entry.key, len(parsed.entries))
        if at == len(parsed.entries):
            parsed.entries.append(entry)
            parsed.places.append(place)
        else:
            parsed.entries[at] = merged(parsed.entries[at], entry)
    return parsed


def _entry(kind: str, value: Any) -> Entry:
    """Raises ValueError with field and reason."""
    try:
        return KINDS[kind].model_validate(value)
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=False)[0]
        where = ".".join(p for p in first["loc"] if isinstance(p, str))
        reason = first["msg"].removeprefix("Value error, ")
        if first["type"] == "missing":
            reason = "is missing"
        shown = f" {str(first['input'])[:60]!r}" if isinstance(first["input"], str | int | float) else ""
        raise ValueError(f"{where}{shown}: {reason}" if where else reason) from None


def _values(
    kind: str, fields: Sequence[str | None], cells: Sequence[str], days: _Days
) -> tuple[dict[str, Any], list[str]]:
    """A row's cells as fields of its entry, and what was left out. Raises ValueError."""
    if len(cells) > len(fields) and any(c.strip() for c in cells[len(fields) :]):
        raise ValueError(f"has {len(cells)} cells, but the first line has {len(fields)}")
    values: dict[str, Any] = {}
    notes: list[str] = []
    for name, cell in zip(fields, cells, strict=False):
        if name is None:
            continue
        text = "" if cell.strip().casefold() in _NOTHING else cell.strip()
        if name == "contact":
            _contact(kind, values, text)
        elif name in ("emails", "domains"):
            values.setdefault(name, []).extend(p for p in _ADDRESSES.split(text) if p)
        elif name in ("names", "models", "units"):
            values.setdefault(name, []).extend(p.strip() for p in _LIST.split(text) if p.strip())
        elif name in ("country", "bank_country"):
            values[name] = country(text) if text else None
            if text and values[name] is None:
                if name == "bank_country":
                    raise ValueError(f"{name} {text[:60]!r}: is not a country")
                notes.append(f"country {text[:60]!r} is not known and was left out")
        elif name == "ordered":
            values[name] = _count(name, text)
        elif name in ("sampled", "visited"):
            values[name] = _truth(name, text, days)
        elif name == "ordered_at":
            day = days.read(text) if text else None
            if text and day is None:
                notes.append(f"date {text[:60]!r} can be read in more ways than one, or in none, and was left out")
            values[name] = day
        elif name == "hs":
            values[name] = text or None
        else:
            values[name] = text
    for name, value in values.items():
        if isinstance(value, list):
            values[name] = list(dict.fromkeys(value))[:LISTED_MOST]
    if not values.get("name"):
        raise ValueError("name: is empty")
    return values, notes


def _contact(kind: str, values: dict[str, Any], text: str) -> None:
    """Names, addresses, or ``Ann Lee <ann@firm.example>``. A partner's person keeps a private address beside."""
    people = values.setdefault("people", [])
    for part in (p.strip() for p in _LIST.split(text) if p.strip()):
        both = _ANGLE.match(part)
        if kind == "partners" or (both is None and "@" not in part):
            people.append(part)
        else:
            address = both[2] if both else part
            values.setdefault("emails", []).append(address)
            if both and both[1]:
                people.append(both[1])


def _count(name: str, text: str) -> int:
    """A number of orders; yes is one. Raises ValueError."""
    folded = text.casefold()
    if folded in _YES - {"1"}:
        return 1
    if not folded or folded in _NO:
        return 0
    plain = re.sub(r"[,\s]", "", folded).removesuffix(".0")
    figures = re.fullmatch(r"(\d{1,6})(?:orders?|单|次|笔|个|pedidos?)?", plain)
    if figures is None:
        raise ValueError(f"{name} {text[:60]!r}: is not a number")
    return int(figures[1])


def _truth(name: str, text: str, days: _Days) -> bool:
    """Raises ValueError for what is neither yes nor no, nor a number or a day."""
    folded = text.casefold()
    if not folded or folded in _NO:
        return False
    if folded in _YES or folded.isdigit() or days.read(text) is not None:
        return True
    raise ValueError(f"{name} {text[:60]!r}: is neither yes nor no")


class _Days:
    """Dates as they are written in one column: whether 3/4/2026 is in March or April is told by the other rows."""

    _YEAR_FIRST = re.compile(r"^(\d{4})\s?[-/.年]\s?(\d{1,2})(?:\s?[-/.月]\s?(\d{1,2})\s?日?)?(?:月)?(?:[T ].*)?$")
    _YEAR_LAST = re.compile(r"^(\d{1,2})\s?([-/.])\s?(\d{1,2})\s?[-/.]\s?(\d{4})(?:[T ].*)?$")
    _SERIAL = re.compile(r"^[2-6]\d{4}(?:\.\d+)?$")

    def __init__(self, cells: Iterable[str]) -> None:
        pairs = [(int(m[1]), int(m[3])) for c in cells if (m := self._YEAR_LAST.match(c.strip()))]
        day_first, month_first = any(a > 12 for a, _ in pairs), any(b > 12 for _, b in pairs)
        self.day_first = day_first if day_first != month_first else None

    def read(self, text: str) -> date | None:
        """The day, or None when it cannot be told."""
        text = text.strip()[:40]
        try:
            if found := self._YEAR_FIRST.match(text):
                return date(int(found[1]), int(found[2]), int(found[3] or 1))
            if found := self._YEAR_LAST.match(text):
                one, other, year = int(found[1]), int(found[3]), int(found[4])
                if found[2] == "." or one > 12 or one == other:
                    return date(year, other, one)
                if other > 12:
                    return date(year, one, other)
                if self.day_first is None:
                    return None
                return date(year, other, one) if self.day_first else date(year, one, other)
            if self._SERIAL.match(text):  # days since 1899-12-30, as spreadsheets count
                return date(1899, 12, 30) + timedelta(days=int(float(text)))
            return date(int(text), 1, 1) if re.fullmatch(r"(?:19|20)\d\d", text) else None
        except ValueError:
            return None


def country(text: str) -> str | None:
    """The ISO 3166 code of a country's name in one of several languages, or of its code."""
    return _countries().get(_heading(text))


@cache
def _countries() -> Mapping[str, str]:
    found: dict[str, str] = {}
    for language in ("en", "zh", "es", "de", "fr", "pt", "it", "ru", "ar", "zh_Hant", "ja"):
        for code, name in Locale.parse(language).territories.items():
            if len(code) == 2 and code.isalpha() and code not in ("EU", "EZ", "UN", "ZZ", "XA", "XB", "QO"):
                found.setdefault(_heading(name), code)
                found[code.casefold()] = code
    more = {
        "usa": "US", "united states of america": "US", "america": "US", "u.k.": "GB", "uk": "GB", "england": "GB",
        "great britain": "GB", "uae": "AE", "u.a.e.": "AE", "emirates": "AE", "prc": "CN", "p.r. china": "CN",
        "mainland china": "CN", "中国大陆": "CN", "hong kong": "HK", "hongkong": "HK", "香港": "HK", "macau": "MO",
        "澳门": "MO", "台湾": "TW", "taiwan": "TW", "korea": "KR", "south korea": "KR", "holland": "NL", "russia": "RU",
        "viet nam": "VN", "turkey": "TR", "czech republic": "CZ", "ee.uu.": "US", "eeuu": "US", "阿联酋": "AE",
        "deu": "DE", "fra": "FR", "gbr": "GB", "chn": "CN", "ita": "IT", "esp": "ES", "mex": "MX", "bra": "BR",
        "ind": "IN", "jpn": "JP", "kor": "KR", "tur": "TR", "vnm": "VN", "nld": "NL", "pol": "PL", "can": "CA",
        "aus": "AU", "per": "PE", "chl": "CL", "col": "CO", "arg": "AR", "zaf": "ZA", "sau": "SA", "are": "AE",
    }  # fmt: skip
    return found | {_heading(name): code for name, code in more.items()}


# --------------------------------------------------------------------------- into the store


def own_domain(firms_own: catalogue.DomainOf, ours: Iterable[str] = ()) -> catalogue.DomainOf:
    """For the store: the registrable domain of an address or website that is a firm's own and not ours, else None.

    ``firms_own``: the same for a host name, as ``keeneye.lookups.domains.Domains.firms_own``."""
    mine = {d.lower() for d in ours}

    def of(written: str) -> str | None:
        host = written.strip().lower()
        host = re.split(r"[/?#:]", (host.partition("://")[2] or host).rpartition("@")[2])[0]
        found = firms_own(host) if host.isprintable() else None
        return None if found is None or found in mine else found

    return of


def bring(
    store: Store,
    tenant_id: int,
    kind: str,
    parsed: Parsed,
    domain_of: catalogue.DomainOf,
    *,
    replace_all: bool = False,
    strict: bool = False,
    dry_run: bool = False,
) -> ImportAnswer:
    """Write what was read, in one transaction. With ``strict`` or ``replace_all`` nothing is written when a row was
    refused: the entry of a row that could not be read would be lost. Raises GoneTenant, StoreUnavailable."""
    answer = ImportAnswer(refused=parsed.refused[:TOLD_MOST], notes=parsed.notes[:TOLD_MOST])
    if (strict or replace_all) and (parsed.refused or not parsed.entries):
        return answer
    with store.writing() as connection:
        saved = catalogue.put(connection, tenant_id, kind, parsed.entries, domain_of, replace_all)
        if dry_run:
            connection.rollback()
    notes = [Row(row=parsed.places[number], reason=reason) for number, reason in saved.notes]
    answer.notes = sorted((*parsed.notes, *notes), key=lambda n: n.row)[:TOLD_MOST]
    answer.added, answer.changed, answer.same = saved.added, saved.changed, saved.same
    answer.removed = saved.removed
    return answer
