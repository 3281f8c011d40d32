"""Header values: encoded words (RFC 2047), parameters (RFC 2231), dates (RFC 5322 §3.3)."""

from __future__ import annotations

import binascii
import re
from datetime import UTC, datetime, timedelta, timezone
from email.utils import parsedate_tz
from functools import lru_cache
from urllib.parse import unquote_to_bytes

from keeneye.mail import charset
from keeneye.mail.limits import Notes

# [^?]* ends at the next question mark, so every start is left after one look: linear.
_WORD = re.compile(r"=\?([^?\s]{1,60})\?([bBqQ])\?([^?]*)\?=|=\?([^?\s]{1,60})\?([qQ])\?([^\r\n]{0,200}?)\?=")
_PARAM = re.compile(r';\s{0,20}([^\s=;"]{1,60})\s{0,20}=\s{0,20}(?:"((?:[^"\\]|\\.){0,2000})"|([^;]{0,2000}))')
_CONTINUED = re.compile(r"^([^*]{1,50})(?:\*(\d{1,3}))?(\*)?$")
_DATE = re.compile(
    r"\s*(?:[A-Za-z]{3},?\s+)?(\d{1,2})[\s-]+([A-Za-z]{3})[a-z]{0,6}[\s-]+(\d{4})\s+(\d{1,2}):(\d\d)(?::(\d\d))?\s*([+-]\d{4})"
)
_MONTHS = {m: i for i, m in enumerate("jan feb mar apr may jun jul aug sep oct nov dec".split(), 1)}


def text_of(raw: bytes, notes: Notes, hint: str | None = None) -> str:
    """A raw header value as text, encoded words still in place. 8-bit bytes are decoded (RFC 6532 or ``hint``)."""
    if raw.isascii():
        text = raw.decode("ascii")
        return text if text.isprintable() else charset.clean(text, notes).replace("\n", " ")
    notes.add("raw_8bit_header")
    return charset.clean(charset.decode(raw, hint, notes)[0], notes).replace("\n", " ")


def decode_words(value: str, notes: Notes) -> str:
    """Decode the encoded words of a header value.

    Adjacent words of one charset are joined as bytes first, since senders cut inside a character. Words
    beyond the cap stay as they are (``encoded_words``).
    """
    if "=?" not in value:
        return value
    out: list[str] = []
    pending, pending_charset, last = b"", "", 0
    for match in _WORD.finditer(value):
        notes.words += 1
        if notes.words > notes.limits.encoded_words:
            notes.add("encoded_words")
            break
        label, kind, data = match.group(1, 2, 3) if match.group(1) else match.group(4, 5, 6)
        label = label.split("*", 1)[0].lower()
        gap = value[last : match.start()]
        blob = _unbase64(data) if kind in "bB" else _unq(data)
        if pending_charset and not gap.strip() and label == pending_charset:
            pending += blob
        else:
            if pending_charset:
                out.append(charset.decode(pending, pending_charset, notes)[0])
            if gap and (gap.strip() or not pending_charset):
                out.append(gap)
            pending, pending_charset = blob, label
        last = match.end()
    if pending_charset:
        out.append(charset.decode(pending, pending_charset, notes)[0])
    out.append(value[last:])
    return charset.clean("".join(out), notes).replace("\n", " ")


def _unbase64(data: str) -> bytes:
    return base64_bytes(data.encode("ascii", "ignore"))


_NOT_BASE64 = bytes(set(range(256)) - set(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"))


def base64_bytes(data: bytes, notes: Notes | None = None) -> bytes:
    """Decode base64 leniently: foreign characters, missing or early padding, cut ends (RFC 2045 §6.8)."""
    stripped = data.strip()
    try:
        if b"=" not in stripped[:-2]:
            return binascii.a2b_base64(stripped)
    except binascii.Error:
        pass
    if notes is not None:
        notes.add("base64_broken")
    pieces = re.split(rb"=+", stripped, maxsplit=1000) if b"=" in stripped[:-2] else [stripped]
    out = []
    for piece in pieces:
        letters = piece.translate(None, _NOT_BASE64)
        if len(letters) % 4 == 1:
            letters = letters[:-1]
        out.append(binascii.a2b_base64(letters + b"=" * (-len(letters) % 4)))
    return b"".join(out)


def _unq(data: str) -> bytes:
    try:
        return binascii.a2b_qp(data.encode("latin-1"), header=True)
    except UnicodeEncodeError:
        return binascii.a2b_qp(data.encode("utf-8"), header=True)


def parameters(value: str, notes: Notes) -> tuple[str, dict[str, str]]:
    """Main value and parameters of a structured header, both lower-cased in their names.

    RFC 2231 continuations and charsets are put together; an absurd index is ignored. Encoded words in a
    value, which no standard allows and everybody sends, are decoded.
    """
    main, _, _ = value.partition(";")
    plain: dict[str, str] = {}
    pieces: dict[str, dict[int, tuple[str, bool]]] = {}
    for count, match in enumerate(_PARAM.finditer(value, 0, 16_384)):
        if count >= 100:
            notes.add("parameters")
            break
        name, quoted, bare = match.groups()
        data = (
            re.sub(r"\\(.)", r"\1", quoted) if quoted is not None and "\\" in quoted else quoted or (bare or "").strip()
        )
        name = name.lower()
        if "*" not in name:
            plain.setdefault(name, decode_words(data, notes))
            continue
        shape = _CONTINUED.match(name)
        if shape:
            pieces.setdefault(shape.group(1), {}).setdefault(int(shape.group(2) or 0), (data, bool(shape.group(3))))
    for name, parts in pieces.items():
        label, blob = None, b""
        for index in sorted(parts):
            data, extended = parts[index]
            if extended and label is None and data.count("'") >= 2:
                label, _, data = data.split("'", 2)
            blob += unquote_to_bytes(data) if extended else data.encode("utf-8", "replace")
        plain[name] = charset.clean(charset.decode(blob, label or "utf-8", notes)[0], notes).replace("\n", " ")
    return main.strip().strip('"').lower(), plain


def parse_date(value: str | None) -> datetime | None:
    """An aware datetime of an RFC 5322 date, or None. ``-0000`` and unknown zone names are read as UTC.

    The years 1 and 9999 are none: such a moment does not exist on every clock of the world.
    """
    moment = _any_date(value[:120]) if value else None
    return moment if moment is not None and 1 < moment.year < 9999 else None


@lru_cache(maxsize=256)
def _zone(minutes: int) -> timezone:
    return timezone(timedelta(minutes=minutes)) if minutes else UTC


def _any_date(value: str) -> datetime | None:
    match = _DATE.match(value)
    try:
        if match:
            day, month, year, hour, minute, second, zone = match.groups()
            number = _MONTHS.get(month.lower())
            if number is None:
                return None
            offset = int(zone[1:3]) * 60 + int(zone[3:5])
            return datetime(
                int(year), number, int(day), int(hour), int(minute), min(59, int(second or 0)),
                tzinfo=_zone(-offset if zone[0] == "-" else offset),
            )  # fmt: skip
        parsed = parsedate_tz(value)
        if parsed is None:
            return _iso_date(value)
        seconds = parsed[9] or 0
        return datetime(*parsed[:5], min(59, parsed[5]), tzinfo=timezone(timedelta(seconds=seconds)))
    except (ValueError, OverflowError, TypeError, IndexError):
        return None


def _iso_date(value: str) -> datetime | None:
    """What a client hands over as JSON is often ISO 8601."""
    try:
        found = datetime.fromisoformat(value.strip())
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)
