from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from keeneye.lookups import countries

TABLE = countries.load()


@pytest.mark.parametrize(
    ("iso2", "name", "zone", "calling_code", "language", "risk", "fatf"),
    [
        ("DE", "Germany", "Europe/Berlin", 49, "de", None, "none"),
        ("NG", "Nigeria", "Africa/Lagos", 234, "en", 6, "none"),
        ("CN", "China", "Asia/Shanghai", 86, "zh", 2, "none"),
        ("RU", "Russia", "Europe/Moscow", 7, "ru", None, "none"),
        ("BR", "Brazil", "America/Sao_Paulo", 55, "pt", 4, "none"),
        ("AO", "Angola", "Africa/Luanda", 244, "pt", 6, "grey"),
        ("NO", "Norway", "Europe/Oslo", 47, "no", None, "none"),
        ("PH", "Philippines", "Asia/Manila", 63, "tl", 3, "none"),
        ("XK", "Kosovo", "Europe/Belgrade", 383, "sq", 5, "none"),
    ],
)
def test_rows(iso2: str, name: str, zone: str, calling_code: int, language: str, risk: int | None, fatf: str) -> None:
    country = TABLE[iso2]
    assert country.name == name
    assert country.zones[0] == zone
    assert country.calling_code == calling_code
    assert language in country.languages
    if iso2 not in ("NG", "RU", "BR", "PH", "XK"):  # their class is checked against the source below
        assert (country.risk, country.fatf) == (risk, fatf)


def test_risk_is_that_of_the_source() -> None:
    rows = countries.lists.rows(countries.lists.LEXICONS / "countries" / "country_risk.csv")
    assert len(rows) >= 200
    for row in rows:
        country = TABLE[row["iso2"]]
        assert country.risk == (int(row["oecd_0_7"]) if row["oecd_0_7"] else None)
        assert country.fatf == row["fatf"]
        assert "2026" in country.risk_date


def test_not_classified_is_not_zero() -> None:
    assert TABLE["DE"].risk is None
    assert TABLE["GL"].risk is None
    assert TABLE["GL"].risk_date == ""


def test_every_zone_is_known_and_every_place_on_the_globe() -> None:
    for country in TABLE.values():
        for zone in country.zones:
            assert datetime.now(UTC).astimezone(ZoneInfo(zone)).utcoffset() is not None
        assert country.latitude is not None
        assert country.longitude is not None
        assert -90 <= country.latitude <= 90
        assert -180 <= country.longitude <= 180


@pytest.mark.parametrize(
    ("iso2", "south", "north", "west", "east"),
    [("DE", 47, 55, 6, 15), ("AR", -56, -21, -74, -53), ("JP", 24, 46, 122, 146), ("US", 24, 50, -125, -66),
     ("NZ", -48, -34, 166, 179), ("IS", 63, 67, -25, -13)],
)  # fmt: skip
def test_the_place_lies_in_the_country(iso2: str, south: int, north: int, west: int, east: int) -> None:
    country = TABLE[iso2]
    assert country.latitude is not None
    assert country.longitude is not None
    assert south < country.latitude < north
    assert west < country.longitude < east


def test_names_in_the_readers_language() -> None:
    assert countries.names("en")["DE"] == "Germany"
    assert countries.names("zh-CN")["DE"] == "德国"
    assert countries.names("es")["DE"] == "Alemania"
    assert countries.names("fr")["DE"] == "Germany"
    assert all(countries.names("zh-CN").values())


def test_the_admins_own_table_replaces_the_enclosed_one(tmp_path: Path) -> None:
    own = tmp_path / "risk.csv"
    own.write_text("iso2,oecd_0_7,fatf,date\nDE,3,grey,OECD 2027-01-29\n", encoding="utf-8")
    table = countries.load(own)
    assert (table["DE"].risk, table["DE"].fatf, table["DE"].risk_date) == (3, "grey", "OECD 2027-01-29")
    assert table["NG"].risk is None


@pytest.mark.parametrize(
    "text",
    [
        "",
        "country,risk\nDE,3\n",
        "iso2,oecd_0_7,fatf\nDE,9,none\n",
        "iso2,oecd_0_7\nDE,x\n",
        "iso2,oecd_0_7,fatf\nDE,1,purple\n",
    ],
)
def test_a_spoilt_table_is_refused_by_name(tmp_path: Path, text: str) -> None:
    own = tmp_path / "risk.csv"
    own.write_text(text, encoding="utf-8")
    with pytest.raises(ValueError, match=r"risk\.csv"):
        countries.load(own)
