from __future__ import annotations

import pytest

from keeneye.mail import links


@pytest.mark.parametrize(
    ("href", "scheme", "host"),
    [
        ("http://A.Example/x", "http", "a.example"),
        ("https://a.example:8443/", "https", "a.example"),
        ("http://bank.example@evil.example/", "http", "evil.example"),
        ("http://bank.example%2Flogin@evil.example", "http", "evil.example"),
        ("http://bank.example:pw@evil.example:80/x@y", "http", "evil.example"),
        ("http://evil.example#@bank.example", "http", "evil.example"),
        ("http:\\\\evil.example\\x", "http", "evil.example"),
        ("http:evil.example/x", "http", "evil.example"),
        ("ht\ntp://evil.exa\tmple/", "http", "evil.example"),
        ("  https://a.example ", "https", "a.example"),
        ("//a.example/x", "https", "a.example"),
        ("www.a.example/x", "http", "www.a.example"),
        ("http://münchen.example/", "http", "xn--mnchen-3ya.example"),
        ("http://ｅｖｉｌ。example/", "http", "evil.example"),
        ("http://%65vil.example/", "http", "evil.example"),
        ("http://a.example./", "http", "a.example"),
        ("http://3221225985/", "http", "192.0.2.1"),
        ("http://0xC0.0.2.1/", "http", "192.0.2.1"),
        ("http://0300.0.2.1/", "http", "192.0.2.1"),
        ("http://192.0.2.1/", "http", "192.0.2.1"),
        ("http://192.0.2.999/", "http", "192.0.2.999"),
        ("http://[2001:db8::1]:80/", "http", "2001:db8::1"),
        ("javascript:alert(1)", "javascript", ""),
        ("data:text/html,<b>", "data", ""),
        ("mailto:Ann@Buyer.Example?subject=x", "mailto", "buyer.example"),
        ("tel:+4930123", "tel", ""),
        ("hxxp://a.example/", "http", "a.example"),
        ("/relative", "", ""),
        ("page.html", "http", "page.html"),
        ("", "", ""),
        ("https://eu01.safelinks.protection.outlook.com/?url=https%3A%2F%2Fa.example%2Fx&data=1", "https", "a.example"),
        ("https://urldefense.proofpoint.com/v2/url?u=https-3A__a.example_x&d=1", "https", "a.example"),
        ("https://www.google.com/url?q=https://a.example/x", "https", "a.example"),
        ("https://www.google.com/search?q=valves", "https", "www.google.com"),
        ("http://" + "é" * 3000 + ".example/", "http", "é" * 255),
    ],
)
def test_what_a_browser_would_open(href, scheme, host):
    assert links.resolve(href)[1:] == (scheme, host)


@pytest.mark.parametrize(
    ("text", "urls"),
    [
        ("go to http://a.example/x.", ["http://a.example/x"]),
        ("(see www.a.example/y)", ["www.a.example/y"]),
        ("<https://a.example/?q=1&r=2>", ["https://a.example/?q=1&r=2"]),
        ("请看http://a.example/x，谢谢", ["http://a.example/x"]),
        ("http://a.example/x_(y)", ["http://a.example/x_(y)"]),
        ("HTTP://A.EXAMPLE", ["HTTP://A.EXAMPLE"]),
        ("awww.no mail@www.x", []),
        ("no links here", []),
    ],
)
def test_addresses_in_text(text, urls):
    assert [text[a:b] for a, b in links.find_urls(text)] == urls


@pytest.mark.parametrize(
    "text",
    [
        "http://" + "!" * 60 + "<",
        ".a" * 50_000 + "@",
        "http://" * 20_000,
        "www." * 40_000,
        "http://a.example/" + ")" * 100_000,
    ],
)
def test_texts_made_for_backtracking(text):
    assert all(0 <= a < b <= len(text) for a, b in links.find_urls(text))
