"""Lines of access logs of every format that is read."""

from __future__ import annotations

import time
from datetime import UTC, datetime

import pytest

from keeneye.weblog.formats import Combined, Extended, Request, detect

AT = int(datetime(2026, 11, 24, 8, 15, 30, tzinfo=UTC).timestamp())
CHROME = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/126.0.0.0 Safari/537.36"
TAIL = f'"GET /product/valve?x=1 HTTP/1.1" 200 5123 "https://www.google.de/" "{CHROME}"'


def test_combined() -> None:
    line = f"203.0.113.5 - - [24/Nov/2026:16:15:30 +0800] {TAIL}\n"
    assert Combined().parse(line) == Request(
        "203.0.113.5", AT, "GET", "/product/valve?x=1", 200, "https://www.google.de/", CHROME
    )


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (f"www.valves.example:443 203.0.113.5 - - [24/Nov/2026:08:15:30 +0000] {TAIL}", {"host": "www.valves.example"}),
        (f'203.0.113.5 - - [24/Nov/2026:08:15:30 +0000] {TAIL} "198.51.100.7"', {"forwarded": "198.51.100.7"}),
        (f"2001:db8::7 - a b [24/Nov/2026:03:15:30 -0500] {TAIL}", {"ip": "2001:db8::7", "at": AT}),
        (f"203.0.113.5 - - [24/Nov/2026:08:15:30 +0000] {TAIL} 0.004 0.003 .", {"status": 200}),
        ('203.0.113.5 - - [24/Nov/2026:08:15:30 +0000] "GET / HTTP/1.0" 304 -', {"agent": None, "referrer": None}),
        ('203.0.113.5 - - [24/Nov/2026:08:15:30 +0000] "GET / HTTP/1.0" 200 9 "-" "-"', {"agent": "", "referrer": ""}),
        ('203.0.113.5 - - [24/Nov/2026:08:15:30 +0000] "\\x16\\x03\\x01" 400 0 "-" "-"', {"status": 400}),
        (
            '203.0.113.5 - - [24/Nov/2026:08:15:30 +0000] "GET /a\\"b HTTP/1.0" 200 9 "-" "x \\" y"',
            {"target": '/a\\"b', "agent": 'x \\" y'},
        ),
    ],
)
def test_relatives_of_combined(line: str, expected: dict[str, object]) -> None:
    found = Combined().parse(line)
    assert found is not None
    assert {k: getattr(found, k) for k in expected} == expected


@pytest.mark.parametrize(
    "line",
    [
        "nonsense",
        f"203.0.113.5 - - [24/Nov/2026:08:15:30] {TAIL}",
        f"203.0.113.5 - - [99/Nov/2026:08:15:30 +0000] {TAIL}",
        f"203.0.113.5 - - [24/Xyz/2026:08:15:30 +0000] {TAIL}",
        '203.0.113.5 - - [24/Nov/2026:08:15:30 +0000] "GET / HTTP/1.1" 200 12 "-" "cut in the midd'[:60],
        "\x00" * 100,
    ],
)
def test_other_lines_are_bad(line: str) -> None:
    with pytest.raises(ValueError, match=r"^not a (line of a combined log|time)$"):
        Combined().parse(line)


@pytest.mark.parametrize("piece", ["a ", '"', "\\", "[", '" "', '\\"', "1.", " - "])
def test_hostile_lines_take_linear_time(piece: str) -> None:
    start = '203.0.113.5 - - [24/Nov/2026:08:15:30 +0000] "GET / HTTP/1.1" 200 1 "'
    began = time.process_time()
    for line in (piece * 30_000, start + piece * 30_000):
        try:
            Combined().parse(line)
        except ValueError:
            continue
    assert time.process_time() - began < 0.5


def test_iis() -> None:
    reader = Extended()
    for line in (
        "#Software: Microsoft Internet Information Services 10.0",
        "#Version: 1.0",
        "#Date: 2026-11-24 00:00:01",
    ):
        assert reader.parse(line) is None
    reader.parse(
        "#Fields: date time s-ip cs-method cs-uri-stem cs-uri-query s-port cs-username c-ip cs(User-Agent) cs(Referer) "
        "sc-status sc-substatus sc-win32-status time-taken"
    )
    line = (
        "2026-11-24 08:15:30 192.0.2.1 GET /product/valve id=7 443 - 203.0.113.5 "
        "Mozilla/5.0+(Windows+NT+10.0)+Chrome/126.0 https://www.bing.com/ 200 0 0 15"
    )
    assert reader.parse(line) == Request(
        "203.0.113.5", AT, "GET", "/product/valve?id=7", 200, "https://www.bing.com/",
        "Mozilla/5.0 (Windows NT 10.0) Chrome/126.0",
    )  # fmt: skip
    with pytest.raises(ValueError, match="not as many values"):
        reader.parse("2026-11-24 08:15:30 192.0.2.1 GET /")


def test_times_without_a_date_are_of_the_day_in_the_head() -> None:
    reader = Extended()
    for line in ("#Date: 2026-11-24 00:00:01", "#Fields: time c-ip cs-method cs-uri-stem sc-status"):
        reader.parse(line)
    found = reader.parse("08:15:30 203.0.113.5 GET / 200")
    assert found is not None
    assert (found.at, found.agent, found.referrer) == (AT, None, None)


def test_quoted_values() -> None:
    reader = Extended()
    reader.parse("#Fields: date time c-ip cs-method cs-uri-stem sc-status cs(User-Agent)")
    found = reader.parse('2026-11-24 08:15:30 203.0.113.5 GET / 200 "a ""b"" c"')
    assert found is not None
    assert found.agent == 'a "b" c'


def test_cloudfront() -> None:
    reader = Extended()
    reader.parse("#Version: 1.0")
    reader.parse(
        "#Fields: date time x-edge-location sc-bytes c-ip cs-method cs(Host) cs-uri-stem sc-status cs(Referer) "
        "cs(User-Agent) cs-uri-query cs(Cookie) x-edge-result-type x-edge-request-id x-host-header cs-protocol"
    )
    values = (
        "2026-11-24", "08:15:30", "FRA56-P1", "5123", "203.0.113.5", "GET", "d111.cloudfront.net", "/product/valve",
        "200", "https://www.alibaba.com/", "Mozilla/5.0%2520(X11;%20Linux)%20Firefox/127.0", "-", "-", "Hit", "abc==",
        "www.valves.example", "https",
    )  # fmt: skip
    assert reader.parse("\t".join(values) + "\n") == Request(
        "203.0.113.5", AT, "GET", "/product/valve", 200, "https://www.alibaba.com/",
        "Mozilla/5.0 (X11; Linux) Firefox/127.0", "www.valves.example",
    )  # fmt: skip


def test_extended_lines_need_a_head() -> None:
    with pytest.raises(ValueError, match="no #Fields"):
        Extended().parse("2026-11-24 08:15:30 203.0.113.5 GET / 200")


def test_formats_are_told_by_the_first_lines() -> None:
    assert detect(f"203.0.113.5 - - [24/Nov/2026:08:15:30 +0000] {TAIL}") == "combined"
    assert detect("#Software: Microsoft Internet Information Services 10.0") == "w3c"
    assert detect("#Fields: date time x-edge-location sc-bytes c-ip") == "cloudfront"
