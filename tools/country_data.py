"""Writes lexicons/countries/countries.csv from tzdata, CLDR (through babel) and phonenumbers.

Run by a maintainer when tzdata or CLDR change: ``python tools/country_data.py``. Needs babel, which the server does
not. The coordinates are those that tzdata's zone.tab (public domain) gives for the country's main zone, in most
countries its capital or largest city: good enough to put a country on a small map, not its geometric middle.
"""

from __future__ import annotations

import csv
import importlib.metadata
import importlib.resources
import re
from collections import defaultdict
from pathlib import Path

import babel
import phonenumbers
from babel.languages import get_official_languages

OUT = Path(__file__).parents[1] / "server/keeneye/lexicons/countries/countries.csv"

# zone.tab is sorted by place, not by weight: the zone of the capital or of most people, where it is not the first.
MAIN_ZONE = {
    "AU": "Australia/Sydney", "BR": "America/Sao_Paulo", "CA": "America/Toronto", "CD": "Africa/Kinshasa",
    "CL": "America/Santiago", "EC": "America/Guayaquil", "ID": "Asia/Jakarta", "KZ": "Asia/Almaty",
    "MX": "America/Mexico_City", "PT": "Europe/Lisbon", "RU": "Europe/Moscow", "UA": "Europe/Kyiv",
    "UZ": "Asia/Tashkent", "PS": "Asia/Hebron", "PG": "Pacific/Port_Moresby", "PF": "Pacific/Tahiti",
    "GL": "America/Nuuk", "FM": "Pacific/Pohnpei", "MH": "Pacific/Majuro", "KI": "Pacific/Tarawa",
}  # fmt: skip
# Codes that language detectors use where CLDR says otherwise.
DETECTOR_CODE = {"fil": "tl", "nb": "no", "nn": "no"}
# Used in trade beside the official languages.
TRADE_LANGUAGES = {
    code: tuple(languages.split())
    for code, languages in {
        "AE": "ar en", "BD": "bn en", "DZ": "ar fr", "ET": "am en", "HK": "zh en", "IL": "he ar en", "IN": "hi en",
        "KZ": "kk ru", "LB": "ar fr en", "LK": "si ta en", "MA": "ar fr", "MO": "zh pt", "MY": "ms en zh",
        "NP": "ne en", "PK": "ur en", "TN": "ar fr", "UA": "uk ru", "US": "en es",
    }.items()
}  # fmt: skip


def degrees(text: str) -> float:
    """±DDMM or ±DDMMSS (three D for longitude) as degrees."""
    sign, digits = (-1 if text[0] == "-" else 1), text[1:]
    seconds = int(digits[-2:]) if len(digits) > 5 else 0
    head = digits[:-2] if len(digits) > 5 else digits
    return sign * round(int(head[:-2]) + int(head[-2:]) / 60 + seconds / 3600, 4)


def main() -> None:
    text = (importlib.resources.files("tzdata") / "zoneinfo" / "zone.tab").read_text(encoding="utf-8")
    zones: dict[str, list[tuple[str, float, float]]] = defaultdict(list)
    for line in text.splitlines():
        if line.startswith("#") or not line:
            continue
        code, place, zone = line.split("\t")[:3]
        latitude, longitude = re.fullmatch(r"([+-]\d+)([+-]\d+)", place).groups()
        zones[code].append((zone, degrees(latitude), degrees(longitude)))

    zones["XK"] = [("Europe/Belgrade", 42.6667, 21.1667)]  # Kosovo: no ISO code, none in zone.tab; Pristina

    names = {lang: babel.Locale.parse(lang).territories for lang in ("en", "zh_Hans", "es")}
    rows = []
    for code in sorted(zones):
        own = zones[code]
        if main_zone := MAIN_ZONE.get(code):
            own.sort(key=lambda z: z[0] != main_zone)
            assert own[0][0] == main_zone, code
        official = get_official_languages(code, de_facto=True)
        languages = TRADE_LANGUAGES.get(code) or tuple(
            dict.fromkeys(DETECTOR_CODE.get(base, base) for base in (x.split("_")[0] for x in official))
        )
        rows.append([
            code, names["en"].get(code, code), names["zh_Hans"].get(code, ""), names["es"].get(code, ""),
            phonenumbers.country_code_for_region(code) or "", " ".join(languages), own[0][1], own[0][2],
            " ".join(z for z, _, _ in own),
        ])  # fmt: skip
    with OUT.open("w", encoding="utf-8", newline="") as file:
        versions = ", ".join(f"{p} {importlib.metadata.version(p)}" for p in ("tzdata", "babel", "phonenumbers"))
        file.write(
            f"# source: {versions} (zone.tab public domain, CLDR Unicode licence); made by tools/country_data.py\n"
        )
        file.write("# date: 2026-11-25\n")
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow("iso2 name name_zh name_es calling_code languages latitude longitude zones".split())
        writer.writerows(rows)


if __name__ == "__main__":
    main()
