"""Numbers as people write them: 1,000 and 1.000 and 1 000, 2,5 and 2.5, 3k, 三千."""

from __future__ import annotations

from typing import Final

NUMBER: Final = r"\d{1,3}(?:[.,']\d{3})+(?:[.,]\d{1,2})?|\d{1,3}(?: \d{3}){1,3}|\d{1,9}(?:[.,]\d{1,2})?"
"""RE2 and re syntax of one number, without a word edge."""
CJK_NUMBER: Final = "[一二三四五六七八九十百千万萬两兩]{1,8}"

_DIGITS: Final = {c: n for n, c in enumerate("零一二三四五六七八九")} | {"两": 2, "兩": 2}
_TENS: Final = {"十": 10, "百": 100, "千": 1000}


def value(text: str) -> float | None:
    """The value of a written number; None when it is none."""
    text = text.strip()
    factor = 1.0
    if text[-1:] in "kK":
        text, factor = text[:-1].strip(), 1000.0
    elif text[-1:] in "万萬":
        shorter = text[:-1].strip()
        if shorter.replace(".", "", 1).isdigit():
            text, factor = shorter, 10_000.0
    if not text:
        return None
    if not text[0].isdigit() or not text.isascii():
        found = _chinese(text)
        return None if found is None else found * factor
    text = text.replace(" ", "").replace("'", "")
    point, comma = text.rfind("."), text.rfind(",")
    if point >= 0 and comma >= 0:
        decimal = "." if point > comma else ","
        text = text.replace("," if decimal == "." else ".", "").replace(decimal, ".")
    elif point >= 0 or comma >= 0:
        mark = "." if point >= 0 else ","
        groups = text.split(mark)
        # Three digits behind a mark are thousands (2.000 Stück), anything else is a fraction (2,5 t).
        thousands = len(groups) > 2 or (len(groups[-1]) == 3 and 0 < len(groups[0]) <= 3 and groups[0] != "0")
        text = "".join(groups) if thousands else ".".join(groups)
    try:
        return float(text) * factor
    except ValueError:
        return None


def _chinese(text: str) -> float | None:
    total = section = digit = 0
    for char in text:
        if char in _DIGITS:
            digit = _DIGITS[char]
        elif char in _TENS:
            section += (digit or 1) * _TENS[char]
            digit = 0
        elif char in "万萬":
            total += (section + digit or 1) * 10_000
            section = digit = 0
        else:
            return None
    return float(total + section + digit) or None
