# ruff: noqa: E501 - one row, one line
from __future__ import annotations

import pytest

from keeneye.mail import authres


def results(value: str, name: str = "Authentication-Results"):
    (found,) = authres.auth_headers([(name, value)])
    return found.authserv_id, [(r.method, r.result, r.domain) for r in found.results]


@pytest.mark.parametrize(
    ("value", "authserv", "found"),
    [
        (
            "mx.y.example; spf=pass (ok; really) smtp.mailfrom=a@x.example; dkim=pass header.d=x.example header.s=s1; dmarc=pass (p=NONE) header.from=x.example",
            "mx.y.example",
            [("spf", "pass", "x.example"), ("dkim", "pass", "x.example"), ("dmarc", "pass", "x.example")],
        ),
        (  # Microsoft 365: no authserv-id
            "spf=fail (sender IP is 192.0.2.1) smtp.mailfrom=x.example; dkim=none (message not signed) header.d=none;dmarc=fail action=oreject header.from=x.example;compauth=fail reason=000",
            None,
            [("spf", "fail", "x.example"), ("dkim", "none", "none"), ("dmarc", "fail", "x.example"), ("compauth", "fail", None)],
        ),
        ("mx.y.example 1; dkim=pass header.i=@x.example; spf=pass smtp.mailfrom=<a@x.example>", "mx.y.example", [("dkim", "pass", "x.example"), ("spf", "pass", "x.example")]),
        ("mx.y.example; none", "mx.y.example", []),
        ("mx.y.example; dkim/1=neutral (bad (nested) comment) header.d=x.example", "mx.y.example", [("dkim", "neutral", "x.example")]),
        ("mx.y.example spf=pass smtp.mailfrom=x.example", "mx.y.example", [("spf", "pass", "x.example")]),
        ("mx.y.example; spf=pass (never closed smtp.mailfrom=x.example", "mx.y.example", [("spf", "pass", None)]),
        ("", None, []),
        (";;;", None, []),
        ("(" * 5000, None, []),
    ],
)  # fmt: skip
def test_authentication_results(value, authserv, found):
    assert results(value) == (authserv, found)


def test_arc_and_spf():
    assert results("i=1; mx.y.example; arc=pass", "ARC-Authentication-Results") == (
        "mx.y.example",
        [("arc", "pass", None)],
    )
    value = "softfail (mx.y.example: domain of a@x.example does not designate 192.0.2.1) client-ip=192.0.2.1; envelope-from=a@x.example; helo=h.example;"
    assert results(value, "Received-SPF") == ("mx.y.example", [("spf", "softfail", "x.example")])


def test_place_in_the_chain():
    name = "Authentication-Results"
    found = authres.auth_headers([(name, "a; spf=pass"), ("Received", "x"), ("Received", "y"), (name, "b; spf=pass")])
    assert [(h.authserv_id, h.above_received) for h in found] == [("a", 0), ("b", 2)]
