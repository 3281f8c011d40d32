"""The table of countries: names, time zones, calling codes, languages, and the risk of being paid."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType

from keeneye.lookups import lists
from keeneye.model import Country

_TABLE = lists.LEXICONS / "countries" / "countries.csv"
_RISK = lists.LEXICONS / "countries" / "country_risk.csv"


def load(risk_csv: Path | None = None) -> dict[str, Country]:
    """Countries by ISO 3166 code, English names, the main time zone first.

    ``risk_csv``: the admin's newer table instead of the one that is enclosed, with the columns ``iso2``, ``oecd_0_7``
    (empty = not classified), ``fatf`` and ``date``. Raises ValueError when it is not such a table.
    """
    source = risk_csv or _RISK
    risks = {row["iso2"].upper(): row for row in lists.rows(source) if row.get("iso2")}
    table = {}
    for row in lists.rows(_TABLE):
        risk = risks.get(row["iso2"], {})
        try:
            level = int(risk["oecd_0_7"]) if risk.get("oecd_0_7") else None
            fatf = risk.get("fatf") or "none"
            if (level is not None and not 0 <= level <= 7) or fatf not in ("none", "grey", "black"):
                raise ValueError(f"oecd_0_7 {level}, fatf {fatf}")
        except ValueError as error:
            raise ValueError(f"{source}: {row['iso2']}: {error}") from error
        table[row["iso2"]] = Country(
            iso2=row["iso2"],
            name=row["name"],
            zones=tuple(row["zones"].split()),
            calling_code=int(row["calling_code"]) if row["calling_code"] else None,
            languages=tuple(row["languages"].split()),
            risk=level,
            fatf=fatf,
            risk_date=risk.get("date", ""),
            latitude=float(row["latitude"]),
            longitude=float(row["longitude"]),
        )
    if not risks.keys() & table.keys():
        raise ValueError(f"{source}: no country in it; wanted columns iso2, oecd_0_7, fatf, date")
    return table


@cache
def names(language: str) -> Mapping[str, str]:
    """Country names by ISO code in ``en``, ``zh-CN`` or ``es``; English for any other language."""
    column = {"zh": "name_zh", "es": "name_es"}.get(language.split("-")[0].lower(), "name")
    return MappingProxyType({row["iso2"]: row[column] or row["name"] for row in lists.rows(_TABLE)})
