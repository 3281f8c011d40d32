"""Lines of access logs: combined (nginx, Apache), W3C extended (IIS and others) and CloudFront.

All that a line holds was chosen by whoever called the site: patterns are linear (possessive quantifiers), values are
cut, and a line that cannot be read raises ValueError without its words.
"""

from __future__ import annotations

import re
from calendar import timegm
from functools import lru_cache
from typing import Final, Literal, NamedTuple, Protocol
from urllib.parse import unquote, unquote_plus

Format = Literal["combined", "cloudfront", "w3c"]
AGENT_MOST: Final = 500
TARGET_MOST: Final = 2000


class Request(NamedTuple):
    """One line. ``at``: UTC seconds since 1970. ``target``: path and query as asked for, still percent-encoded.

    ``referrer`` "" where the client sent none; ``referrer`` and ``agent`` None where the log does not keep them.
    ``host``: the site's own name where the log has it. ``forwarded``: X-Forwarded-For.
    """

    ip: str
    at: int
    method: str
    target: str
    status: int
    referrer: str | None
    agent: str | None
    host: str | None = None
    forwarded: str | None = None


class Parser(Protocol):
    """Reads the lines of one file, in their order. Raises ValueError for a line that is none of its format."""

    def parse(self, line: str) -> Request | None:
        """The request; None for a comment or an empty line."""


def detect(line: str) -> Format:
    """The format of a file by its first line that is not empty."""
    if not line.startswith("#"):
        return "combined"
    return "cloudfront" if line.startswith("#Fields:") and "x-edge-location" in line else "w3c"


def parser(kind: Format) -> Parser:
    return Combined() if kind == "combined" else Extended()


_MONTHS: Final = {m: i for i, m in enumerate("Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(), 1)}
_QUOTED: Final = r'"((?:[^"\\]|\\.)*+)"'
# [virtual host] address identity user [time] "request" status size ["referrer" "agent" ["X-Forwarded-For"]] …
_COMBINED: Final = re.compile(
    r"(?:([^\s\"\[\]]{1,300}+) )?([0-9A-Fa-f:.]{2,60}+) [^\s\"\[\]]++ [^\"\[\]]{0,300}+"
    r"\[(\d\d/[A-Z][a-z]{2}/\d{4}:\d\d:\d\d):(\d\d) ([+-]\d{4})\] "
    + _QUOTED
    + r" (\d{3}) [\d-]++(?: "
    + _QUOTED
    + " "
    + _QUOTED
    + "(?: "
    + _QUOTED
    + r")?+)?"
)


class Combined:
    """Apache's common and combined log formats, also with the virtual host in front or X-Forwarded-For behind."""

    def parse(self, line: str) -> Request | None:
        found = _COMBINED.match(line)
        if found is None:
            if not line.strip():
                return None
            raise ValueError("not a line of a combined log")
        host, ip, minute, second, zone, request, status, referrer, agent, forwarded = found.groups()
        method, _, rest = request.partition(" ")
        target = rest.partition(" ")[0]
        return Request(
            ip,
            _minute(minute, zone) + int(second),
            method,
            target[:TARGET_MOST],
            int(status),
            None if referrer is None else _given(referrer),
            None if agent is None else _given(agent)[:AGENT_MOST],
            host.partition(":")[0].lower() if host else None,
            forwarded,
        )


@lru_cache(maxsize=4096)
def _minute(text: str, zone: str) -> int:
    """UTC seconds of ``25/Nov/2026:10:59`` in the zone ``+0800``."""
    day, month, rest = text.split("/")
    year, hour, minute = rest.split(":")
    if month not in _MONTHS or not (0 < int(day) <= 31 and int(hour) < 24 and int(minute) < 60):
        raise ValueError("not a time")
    offset = (int(zone[1:3]) * 60 + int(zone[3:5])) * (-1 if zone[0] == "-" else 1)
    return timegm((int(year), _MONTHS[month], int(day), int(hour), int(minute), 0)) - offset * 60


def _given(value: str) -> str:
    return "" if value == "-" else value


_FIELD: Final = re.compile(r'"((?:[^"]|"")*+)"|(\S++)')
_MOMENT: Final = re.compile(r"(\d{4})-(\d\d)-(\d\d)[ T](\d\d):(\d\d):(\d\d)")


class Extended:
    """W3C extended log format (working draft WD-logfile-960323), CloudFront's with tabs. Times are UTC."""

    def __init__(self) -> None:
        self._fields: dict[str, int] = {}
        self._tabs = False
        self._date = ""

    def parse(self, line: str) -> Request | None:
        if line.startswith("#"):
            self._directive(line)
            return None
        if not line.strip():
            return None
        if not self._fields:
            raise ValueError("no #Fields line before")
        values = self._split(line)
        if len(values) != len(self._fields):
            raise ValueError("not as many values as fields")

        def get(*names: str) -> str | None:
            for name in names:
                place = self._fields.get(name)
                if place is not None:
                    return _given(values[place])
            return None

        ip, path, status = get("c-ip"), get("cs-uri-stem", "cs-uri"), get("sc-status")
        if not ip or not path or not status or not status.isascii() or not status.isdigit():
            raise ValueError("no address, path or status")
        query = get("cs-uri-query")
        agent, referrer = get("cs(user-agent)"), get("cs(referer)", "cs(referrer)")
        host = get("x-host-header", "cs-host", "cs(host)")
        return Request(
            ip.strip("[]"),
            _moment(f"{get('date') or self._date} {get('time') or ''}"),
            get("cs-method") or "GET",
            (f"{path}?{query}" if query else path)[:TARGET_MOST],
            int(status),
            None if referrer is None else unquote(referrer),
            # Blanks are written "+" by IIS and "%20", sometimes "%2520", by CloudFront.
            None if agent is None else unquote(unquote_plus(agent[: 3 * AGENT_MOST]))[:AGENT_MOST],
            host.partition(":")[0].lower() if host else None,
            get("x-forwarded-for", "cs(x-forwarded-for)"),
        )

    def _directive(self, line: str) -> None:
        name, _, value = line[1:].partition(":")
        if name == "Fields":
            self._tabs = "\t" in value.strip() or "x-edge-location" in value
            self._fields = {field: place for place, field in enumerate(value.lower().split())}
        elif name == "Date":
            self._date = value.split()[0] if value.split() else ""

    def _split(self, line: str) -> list[str]:
        if self._tabs:
            return line.rstrip("\r\n").split("\t")
        if '"' in line:
            return [plain or quoted.replace('""', '"') for quoted, plain in _FIELD.findall(line)]
        return line.split()


@lru_cache(maxsize=4096)
def _moment(text: str) -> int:
    found = _MOMENT.fullmatch(text)
    if found is None:
        raise ValueError("not a time")
    year, month, day, hour, minute, second = map(int, found.groups())
    if not (0 < month <= 12 and 0 < day <= 31 and hour < 24 and minute < 60 and second <= 60):
        raise ValueError("not a time")
    return timegm((year, month, day, hour, minute, second))
