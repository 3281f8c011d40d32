"""What counts as a visit, which pages show products, and how a visitor came."""

from __future__ import annotations

import pytest

from keeneye.settings import PRODUCT_PATHS
from keeneye.weblog.formats import Request
from keeneye.weblog.sessions import Rules, Sessions, crawler
from keeneye.weblog.visit import Visit

CHROME = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36"
)
RULES = Rules(
    PRODUCT_PATHS,
    own_networks=("192.0.2.0/24",),
    proxies=("198.51.100.1",),
    hosts=("www.valves.example",),
)


def request(target: str = "/", at: int = 1000, **given: object) -> Request:
    values = {"ip": "203.0.113.5", "method": "GET", "status": 200, "referrer": "", "agent": CHROME} | given
    return Request(at=at, target=target, **values)  # type: ignore[arg-type]


def visits(*requests: Request) -> list[Visit]:
    sessions = Sessions(RULES)
    for one in requests:
        sessions.take(one)
    return sessions.visits()


def test_requests_within_half_an_hour_are_one_visit() -> None:
    found = visits(request(at=0), request("/product/a", at=1800), request("/about", at=3600), request(at=5401))
    assert [(v.first, v.last, v.pages, list(v.products)) for v in found] == [
        (0, 3600, 3, ["/product/a"]),
        (5401, 5401, 1, []),
    ]


def test_addresses_are_apart_and_an_embedded_ipv4_address_is_one() -> None:
    found = visits(request(), request(ip="::ffff:203.0.113.5"), request(ip="2001:db8::1"))
    assert [(v.ip, v.pages) for v in found] == [("203.0.113.5", 2), ("2001:db8::1", 1)]


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        (request(agent="Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"), "bot"),
        (request(agent="python-requests/2.32"), "bot"),
        (request(agent=""), "bot"),
        (request("/css/site.css?v=2"), "asset"),
        (request("/img/valve.JPG"), "asset"),
        (request("/favicon.ico"), "asset"),
        (request(ip="192.0.2.77"), "own"),
        (request(ip="10.0.0.4"), "own"),
        (request(status=404), "status"),
        (request(status=301), "status"),
        (request(method="HEAD"), "method"),
        (request("/robots.txt"), "probe"),
        (request("/.env", status=404), "probe"),
        (request("/wp-login.php", status=404), "probe"),
    ],
)
def test_what_does_not_count(given: Request, reason: str) -> None:
    sessions = Sessions(RULES)
    sessions.take(given)
    assert sessions.visits() == []
    assert dict(sessions.dropped) == {reason: 1}


@pytest.mark.parametrize(
    "given",
    [
        request(),
        request("/catalogue.pdf"),
        request(status=304),
        request("/contact", method="POST"),
        request(agent=None),
        request("/.well-known/security"),
    ],
)
def test_what_counts(given: Request) -> None:
    assert [v.pages for v in visits(given)] == [1]


def test_who_scans_the_site_is_no_visitor_whatever_else_he_opened() -> None:
    sessions = Sessions(RULES)
    for one in (request(at=0), request("/.git/config", at=1, status=404), request("/product/a", at=2)):
        sessions.take(one)
    assert sessions.visits() == []
    assert sessions.caught == {"203.0.113.5": 1}
    sessions.clear()
    sessions.take(request("/product/b", at=3))
    assert sessions.visits() == []


def test_addresses_that_are_none_are_refused() -> None:
    with pytest.raises(ValueError, match="not an address"):
        Sessions(RULES).take(request(ip="999.1.1.1"))


@pytest.mark.parametrize(
    ("forwarded", "expected"),
    [
        ("203.0.113.9", ["203.0.113.9"]),
        ("10.9.9.9, 203.0.113.9, 198.51.100.1", ["203.0.113.9"]),
        ("203.0.113.8, 192.0.2.4", []),
        ("198.51.100.1", []),
        ("nonsense", []),
        (None, []),
    ],
)
def test_only_own_proxies_are_believed(forwarded: str | None, expected: list[str]) -> None:
    assert [v.ip for v in visits(request(ip="198.51.100.1", forwarded=forwarded))] == expected
    [stranger] = visits(request(forwarded="203.0.113.200"))
    assert stranger.ip == "203.0.113.5"


@pytest.mark.parametrize(
    ("target", "shown"),
    [
        ("/product/valve-dn50.html", "/product/valve-dn50.html"),
        ("/en/Products/ball-valves?page=2", "/en/Products/ball-valves"),
        ("/produkte/kugelhahn", "/produkte/kugelhahn"),
        ("/p/123", "/p/123"),
        ("/index.php?route=product/product&product_id=4", "/index.php?route=product/product&product_id=4"),
        ("/%E4%BA%A7%E5%93%81/product-1", "/产品/product-1"),
        ("/product/%0d%0a%e2%80%aeevil", "/product/evil"),
        ("https://www.valves.example/product/x", "/product/x"),
        ("/about", ""),
        ("/contact?utm_source=a", ""),
    ],
)
def test_product_pages(target: str, shown: str) -> None:
    [visit] = visits(request(target))
    assert list(visit.products) == ([shown] if shown else [])


@pytest.mark.parametrize(
    ("referrer", "came"),
    [
        ("", ("typed", None)),
        (None, ("unknown", None)),
        ("https://www.google.de/", ("search", "google.de")),
        ("https://www.google.co.uk/url?q=x", ("search", "google.co.uk")),
        ("https://docs.google.com/x", ("site", "docs.google.com")),
        ("https://cn.bing.com/search?q=valve", ("search", "cn.bing.com")),
        ("https://www.baidu.com/link?url=x", ("search", "baidu.com")),
        ("https://yandex.com.tr/", ("search", "yandex.com.tr")),
        ("https://chatgpt.com/", ("search", "chatgpt.com")),
        ("android-app://com.google.android.googlequicksearchbox/", ("search", "google.com")),
        ("https://mail.google.com/mail/u/0/", ("mail", "mail.google.com")),
        ("https://webmail.buyer.example/", ("mail", "webmail.buyer.example")),
        ("https://german.alibaba.com/product-detail/x.html", ("site", "alibaba.com")),
        ("https://www.trade-fair.example:8443/list", ("site", "trade-fair.example")),
        ("https://www.valves.example/about", ("inside", None)),
        ("https://user:pw@spoof.example@valves.example/", ("typed", None)),
        ("javascript:alert(1)", ("typed", None)),
    ],
)
def test_how_a_visitor_came(referrer: str | None, came: tuple[str, str | None]) -> None:
    [visit] = visits(request(referrer=referrer))
    assert (visit.came_by, visit.came_from) == came


@pytest.mark.parametrize(
    ("target", "came"),
    [
        ("/?gclid=abc", ("search", "google.com")),
        ("/?utm_medium=Email&utm_source=list", ("mail", None)),
        ("/?utm_medium=banner", ("typed", None)),
    ],
)
def test_advertisements_tell_where_a_click_came_from(target: str, came: tuple[str, str | None]) -> None:
    [visit] = visits(request(target))
    assert (visit.came_by, visit.came_from) == came


def test_the_first_page_tells_how_a_visitor_came_also_when_its_line_comes_later() -> None:
    own, search = "https://www.valves.example/", "https://www.google.com/"
    for order in ([0, 1], [1, 0]):
        lines = [request(at=10, referrer=search), request("/product/a", at=20, referrer=own)]
        [visit] = visits(*(lines[i] for i in order))
        assert (visit.came_by, visit.came_from, visit.first, visit.pages) == ("search", "google.com", 10, 2)


def test_a_host_of_the_log_line_is_our_own() -> None:
    [visit] = visits(request(referrer="https://shop.valves2.example/", host="shop.valves2.example"))
    assert visit.came_by == "inside"


def test_people_are_no_bots() -> None:
    for agent in (
        CHROME,
        "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 Version/17.5 Mobile Safari/604.1",
        "Mozilla/5.0 (Linux; Android 13; CUBOT X30) AppleWebKit/537.36 Chrome/120 Mobile Safari/537.36",
        "Mozilla/5.0 (iPhone) AppleWebKit/605 Mobile MicroMessenger/8.0.49",
        "Opera/9.80 (J2ME/MIDP; Opera Mini/7.1) Presto/2.12",
    ):
        assert not crawler(agent)
