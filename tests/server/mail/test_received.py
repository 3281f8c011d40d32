# ruff: noqa: E501 - one row, one line
from __future__ import annotations

from datetime import UTC, datetime

import pytest

from keeneye.mail import received

DATE = "; Tue, 4 Mar 2025 09:15:30 +0000"


@pytest.mark.parametrize(
    ("value", "host", "ip", "by"),
    [
        ("from mail.x.example (mail.x.example [192.0.2.1]) by mx.y.example (Postfix) with ESMTPS id 1 for <a@y.example>", "mail.x.example", "192.0.2.1", "mx.y.example"),
        ("from [10.0.0.5] (host.isp.example [203.0.113.9]) by smtp.x.example with ESMTPA", "10.0.0.5", "203.0.113.9", "smtp.x.example"),
        ("from host.isp.example ([203.0.113.9] helo=PC) by smtp.x.example with esmtpsa (TLS1.3) (Exim 4.98.1)", "host.isp.example", "203.0.113.9", "smtp.x.example"),
        ("from [203.0.113.9] (helo=[10.0.0.1]) by smtp.x.example with esmtp (Exim 4.98)", "203.0.113.9", "203.0.113.9", "smtp.x.example"),
        ("from unknown (HELO pc) (203.0.113.9) by x.example with SMTP", "unknown", "203.0.113.9", "x.example"),
        ("from unknown (HELO 10.1.1.1) (203.0.113.9) by x.example with SMTP", "unknown", "203.0.113.9", "x.example"),
        ("from pc (unknown [203.0.113.9]) by app1 (Coremail) with SMTP id abc", "pc", "203.0.113.9", "app1"),
        ("from A.outlook.example (2603:10b6:a03:1::15) by B.outlook.example (2603:10b6::1) with Microsoft SMTP Server", "a.outlook.example", "2603:10b6:a03:1::15", "b.outlook.example"),
        ("from x.example (x.example. [IPv6:2001:db8::25]) by y.example with ESMTP", "x.example", "2001:db8::25", "y.example"),
        ("from x.example (HELO x) ([::ffff:192.0.2.7]) by y.example", "x.example", "192.0.2.7", "y.example"),
        ("from x.example (x.example [192.0.2.1] (may be forged)) by y.example (8.17.1/8.17.1) with ESMTP", "x.example", "192.0.2.1", "y.example"),
        ("by 2002:a05:6402:1 with SMTP id a1", None, None, "2002:a05:6402:1"),
        ("(qmail 12345 invoked by uid 48)", None, None, "uid"),
        ("nonsense", None, None, None),
        ("", None, None, None),
    ],
)  # fmt: skip
def test_forms(value, host, ip, by, notes):
    (hop,) = received.hops([value + DATE], notes)
    assert (hop.from_host, hop.from_ip, hop.by) == (host, ip, by)
    assert hop.date == datetime(2025, 3, 4, 9, 15, 30, tzinfo=UTC)


def test_with(notes):
    (hop,) = received.hops(["from a by b with ESMTPSA id 1" + DATE], notes)
    assert hop.with_ == "ESMTPSA"


def test_order_and_cap(notes):
    found = received.hops([f"from h{i} by b{i}" for i in range(500)], notes)
    assert (found[0].by, found[-1].by, found[-1].index) == ("b0", "b499", 499)
    assert len(found) == notes.limits.hops
    assert "hops" in notes.names


@pytest.mark.parametrize(
    ("headers", "ip"),
    [
        ([("X-Originating-IP", "[203.0.113.9]")], "203.0.113.9"),
        ([("x-originating-ip", "2001:DB8::1")], "2001:db8::1"),
        ([("X-Sender-IP", "203.0.113.9"), ("X-Originating-IP", "x")], "203.0.113.9"),
        ([("x-aol-ip", "203.0.113.9")], "203.0.113.9"),
        ([("X-Other", "203.0.113.9")], None),
        ([("X-Originating-IP", "999.1.1.1")], None),
        ([("X-Originating-IP", "1." * 30_000)], None),
        ([], None),
    ],
)
def test_originating_ip(headers, ip):
    assert received.originating_ip(headers) == ip
