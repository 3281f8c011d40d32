from __future__ import annotations

import base64
from datetime import UTC, datetime

import pytest

from keeneye.mail import headers


def word(data: bytes, label: str = "utf-8") -> str:
    return f"=?{label}?B?{base64.b64encode(data).decode()}?="


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("plain", "plain"),
        ("=?utf-8?Q?caf=C3=A9?= bar", "café bar"),
        ("=?utf-8?Q?caf=C3?= =?utf-8?Q?=A9?=", "café"),  # cut inside a character
        (word("询价".encode()[:4]) + "\t" + word("询价".encode()[4:]), "询价"),
        (word("询价".encode("gbk")[:3], "gb2312") + " " + word("询价".encode("gbk")[3:], "gb2312"), "询价"),
        (word(b"a") + " " + word("б".encode("koi8-r"), "koi8-r"), "aб"),
        ("=?utf-8?q?a_b?= (note)", "a b (note)"),
        ("=?utf-8*en?q?a?=", "a"),  # RFC 2231 language
        ("=?utf-8?B?5L2g5aW9?", "=?utf-8?B?5L2g5aW9?"),  # not closed: as it stands
        ("=?utf-8?B?5L2g5aW9=?=", "你好"),  # bad padding
        ("=?utf-8?Q?a question? yes?=", "a question? yes"),
        ("=?x-nothing?Q?abc?=", "abc"),
        ("x=?utf-8?Q?y?=z", "xyz"),
        ("=?iso-2022-jp?B?" + base64.b64encode("見積".encode("iso2022_jp")).decode() + "?=", "見積"),
    ],
)
def test_encoded_words(value, text, notes):
    assert headers.decode_words(value, notes) == text


def test_encoded_words_are_capped(notes):
    decoded = headers.decode_words("=?utf-8?q?a?= " * 3000, notes)
    assert decoded.startswith("a" * notes.limits.encoded_words)
    assert "encoded_words" in notes.names


@pytest.mark.parametrize(
    ("raw", "hint", "text"),
    [
        ("询价单".encode(), None, "询价单"),
        ("请报价，谢谢".encode("gbk"), None, "请报价，谢谢"),
        ("Цена".encode("cp1251"), "windows-1251", "Цена"),
        (b"a\x00b", None, "ab"),
    ],
)
def test_raw_bytes_in_headers(raw, hint, text, notes):
    assert headers.text_of(raw, notes, hint) == text


@pytest.mark.parametrize(
    ("value", "name"),
    [
        ('attachment; filename="a b.pdf"', "a b.pdf"),
        ("attachment; filename=a b.pdf", "a b.pdf"),
        ("attachment; filename*=utf-8''%E8%AF%A2%E4%BB%B7.xlsx", "询价.xlsx"),
        ("attachment; filename*0*=utf-8''%E8%AF; filename*1*=%A2.xlsx", "询.xlsx"),  # cut inside a character
        ('attachment; filename*0="long-"; filename*1="name.pdf"', "long-name.pdf"),
        ("attachment; filename*1=b; filename*0=a", "ab"),
        ('attachment; filename="=?utf-8?B?6K+i5Lu3?="', "询价"),
        (r'attachment; filename="a\"b.txt"', 'a"b.txt'),
        ("attachment; filename*99999999999=a", ""),
        ("attachment; filename*=gb2312''%D1%AF%BC%DB", "询价"),
        ("attachment", ""),
    ],
)
def test_parameters(value, name, notes):
    kind, params = headers.parameters(value, notes)
    assert kind == "attachment"
    assert params.get("filename", "") == name


@pytest.mark.parametrize(
    ("value", "moment"),
    [
        ("Tue, 4 Mar 2025 09:15:30 +0800", datetime(2025, 3, 4, 1, 15, 30, tzinfo=UTC)),
        ("4 Mar 2025 09:15 -0500 (EST)", datetime(2025, 3, 4, 14, 15, tzinfo=UTC)),
        ("Tue, 04 Mar 2025 09:15:30 GMT", datetime(2025, 3, 4, 9, 15, 30, tzinfo=UTC)),
        ("Tue, 04 Mar 2025 09:15:30 EST", datetime(2025, 3, 4, 14, 15, 30, tzinfo=UTC)),
        ("Tue, 04 Mar 25 09:15:60 -0000", datetime(2025, 3, 4, 9, 15, 59, tzinfo=UTC)),
        ("2025-03-04T09:15:30+08:00", datetime(2025, 3, 4, 1, 15, 30, tzinfo=UTC)),
        ("Tue, 99 Mar 2025 09:15:30 +0800", None),
        ("4 Mar 2025 09:15 +9999", None),
        ("yesterday", None),
        ("", None),
        ("1 " * 50_000, None),
    ],
)
def test_dates(value, moment):
    assert headers.parse_date(value) == moment


@pytest.mark.parametrize(
    "value",
    [
        "Fri, 31 Dec 9999 23:59:59 -1200",
        "Mon, 1 Jan 0001 00:00:00 +1400",
        "9999-12-31T23:59:59Z",
        "0001-01-01",
        "1 Jan 1",
    ],
)
def test_moments_that_not_every_clock_can_show_are_no_dates(value):
    found = headers.parse_date(value)
    assert found is None or 1900 < found.year < 9999


def test_the_zone_of_a_date_is_kept():
    found = headers.parse_date("Tue, 4 Mar 2025 09:15:30 +0530")
    assert found is not None
    assert found.utcoffset().total_seconds() == 19_800


@pytest.mark.parametrize(
    ("data", "blob"),
    [
        (b"aGVsbG8=", b"hello"),
        (b"aGVs\r\nbG8", b"hello"),
        (b"aGVsbG8", b"hello"),  # no padding
        (b"aGVs!!bG8=", b"hello"),
        (b"aGVsbG8=\r\naGVsbG8=", b"hellohello"),  # two pieces put together
        (b"aGVsbG8aX", b"hello\x1a"),
        (b"", b""),
    ],
)
def test_base64_is_forgiving(data, blob, notes):
    assert headers.base64_bytes(data, notes) == blob
