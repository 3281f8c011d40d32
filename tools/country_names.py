"""Writes country_names.csv: how countries are called in the languages that buyers write (CLDR)."""

from __future__ import annotations

import csv
import sys
from pathlib import Path

import babel

LANGUAGES = "en zh zh_Hant es pt fr de ru ar it tr vi ja ko nl pl id fa uk he th el".split()
TARGET = Path(__file__).parent.parent / "server/keeneye/lexicons/contact/places/country_names.csv"
NOT_COUNTRIES = frozenset("AC CP DG EA EU EZ IC TA UN XA XB XK ZZ QO AQ BV HM TF GS UM".split())


def main() -> int:
    names: dict[tuple[str, str], None] = {}
    for language in LANGUAGES:
        locale = babel.Locale.parse(language)
        for code, name in locale.territories.items():
            if len(code) == 2 and code.isalpha() and code not in NOT_COUNTRIES:
                short = name.split(" (")[0].replace("’", "'").strip()
                names[code, short] = None
    for code in sorted({code for code, _ in names}):
        for locale_name in babel.core.get_global("territory_languages").get(code, {}):
            try:
                own = babel.Locale.parse(locale_name).territories.get(code)
            except (babel.UnknownLocaleError, ValueError):
                continue
            if own:
                names[code, own.split(" (")[0].strip()] = None
    with TARGET.open("w", encoding="utf-8", newline="") as file:
        file.write(
            f"# source: CLDR as in babel {babel.__version__} (Unicode licence); made by tools/country_names.py\n"
        )
        rows = csv.writer(file, lineterminator="\n")
        rows.writerow(("iso2", "name"))
        rows.writerows(sorted(names))
    sys.stdout.write(f"{len(names)} names\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
