"""Links: what must hit and, above all, what must not."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from keeneye.model import Outcome
from keeneye.signals import load
from keeneye.signals.links import foreign_links

HIT, MISS, NA = Outcome.HIT, Outcome.MISS, Outcome.NOT_APPLICABLE


def page(*links: tuple[str, str], words: str = "Please look at this.") -> dict[str, str]:
    """An HTML letter with links (address, text)."""
    return {"html": f"<p>{words}</p>" + "".join(f'<p><a href="{h}">{t}</a></p>' for h, t in links)}


NEWSLETTER = page(*((f"https://click.mailer.example/{i}?e=sales@exporter.example", f"Story {i}") for i in range(20)))
OWN_NEWSLETTER = page(
    ("https://www.buyer.example/news", "Our news"),
    *((f"https://click.mailer.example/{i}?e=sales@exporter.example", f"Story {i}") for i in range(20)),
)
BOTH_DOORS = page(("https://www.buyer.example/plan", "Plan"), ("https://hotels.example/x4471", "Hotels"))
BRAND_LINKS = (("https://www.netflix.com/help", "Help"), ("https://www.netflix.com/terms", "Terms"))

ROWS = [
    ("shows-another-address", page(("https://evil.example/x", "www.bank.example")), HIT),
    ("shows-another-address", page(("https://www.buyer.example/x", "www.buyer.example")), MISS),
    ("shows-another-address", page(("https://click.mailer.example/7", "www.buyer.example")), MISS),  # counts clicks
    ("shows-another-address", page(("https://evil.example/x", "Open")), MISS),
    ("shows-another-address", {"text": "https://bank.example"}, MISS),
    ("shows-another-address", {"text": "no link"}, NA),
    ("look-alike", page(("https://rnicrosoft.com/in", "Sign in")), HIT),
    ("look-alike", page(("https://www.microsoft.com/in", "Sign in")), MISS),
    ("raw-number", page(("http://203.0.113.9/login", "Open")), HIT),
    ("raw-number", page(("http://192.168.1.1/", "router")), MISS),
    ("raw-number", page(("http://172.16.1.1/", "router")), MISS),
    ("raw-number", page(("http://172.217.0.9/login", "Open")), HIT),
    ("raw-number", {"text": "our device answers at http://203.0.113.9/"}, MISS),
    ("shortened", page(("https://bit.ly/3xYz", "Open")), HIT),
    ("shortened", page(("https://www.buyer.example/s", "Open")), MISS),
    ("shortened", page(("https://aka.ms/abc", "Get Outlook")), MISS),
    ("free-page", page(("https://mail-update.pages.dev/", "Open")), HIT),
    ("free-page", page(("https://cloudflare-ipfs.com/ipfs/bafkrei123", "Open")), HIT),
    ("free-page", page(("https://www.buyer.example/", "Our site")), MISS),
    ("carries-your-address", page(("https://x.example/p.html#sales@exporter.example", "Open")), HIT),
    ("carries-your-address", page(("https://x.example/?e=c2FsZXNAZXhwb3J0ZXIuZXhhbXBsZQ", "Open")), HIT),
    ("carries-your-address", page(("https://buyer.example/?e=sales@exporter.example", "Our portal")), MISS),
    ("carries-your-address", page(("https://x.example/unsubscribe?e=sales@exporter.example", "Unsubscribe")), MISS),
    ("kit-path", page(("https://bakery.example/wp-content/x/index.php", "Open")), HIT),
    ("kit-path", page(("https://bakery.example/owa/", "Open")), HIT),
    ("kit-path", page(("https://bakery.example/wp-content/uploads/drawing.pdf", "Drawing")), MISS),
    ("kit-path", page(("https://www.buyer.example/wp-content/uploads/", "Our site")), MISS),
    ("kit-path", {"text": "see https://docs.example/manual/page.html#section"}, MISS),
    ("passes-through", page(("https://www.google.com/url?q=https://x.example", "Open")), HIT),
    ("passes-through", page(("https://www.google.de/amp/s/x.example", "Open")), HIT),
    (
        "passes-through",
        page(("https://nam.safelinks.protection.outlook.com/?url=https%3A%2F%2Fx.example", "Open")),
        MISS,
    ),
    ("passes-through", page(("https://www.google.com/maps?q=Bremen", "Map")), MISS),
    ("name-before-at", page(("https://www.bank.example@203.0.113.9/", "Bank")), HIT),
    ("name-before-at", page(("https://x.example/@user.name", "Profile")), MISS),
    ("runs-code", page(("data:text/html;base64,PGI+", "Open")), HIT),
    ("runs-code", page(("javascript:void(0)", "Open")), MISS),
    ("runs-code", page(("mailto:ann@buyer.example", "Ann")), MISS),
    ("form", {"html": '<form action="https://x.example/p.php"><input type="password"></form>'}, HIT),
    ("form", {"html": '<form action="https://www.buyer.example/s"><input name="q"></form>'}, MISS),
    ("form", {"html": OWN_NEWSLETTER["html"] + '<form action="https://s.example/s"><input name="q"></form>'}, MISS),
    ("cheap-ending", page(("https://parcel-fee.top/", "Pay")), HIT),
    ("cheap-ending", page(("https://offer.sa.com/", "Pay")), HIT),
    ("cheap-ending", page(("https://www.zentrale.de/", "Site")), MISS),
    ("picture-only", {"html": '<a href="https://x.example/"><img src="cid:1"></a>'}, HIT),
    ("picture-only", {"html": '<p>Photo of the valve</p><img src="cid:1">'}, NA),
    ("picture-only", {"text": "https://x.example/"}, NA),
    ("machine-name", page(("https://vmi1234567.contaboserver.net/f", "Invoice")), HIT),
    ("machine-name", page(("https://www.server-shop.example/", "Shop")), MISS),
    ("machine-name", {"text": "ssh to vps-4471.hoster.example"}, NA),
    ("only-door", page(("https://x.example/a", "View")), HIT),
    ("only-door", page(("https://www.buyer.example/a", "View")), MISS),
    ("only-door", page(("https://x.example/a", "https://x.example/a")), MISS),
    ("only-door", page(("https://x.example/a", "View"), ("https://y.example/b", "More")), MISS),
    ("only-door", page(("https://we.tl/t-abc", "Drawings")), MISS),
    ("only-door", OWN_NEWSLETTER, MISS),
    ("only-door", BOTH_DOORS | {"auth": "dkim=pass header.d=buyer.example"}, MISS),
    ("only-door", BOTH_DOORS, HIT),  # whoever borrows the name may borrow its link
    (
        "only-door",
        page(("https://x.example/a", "View"), words="We need 500 pcs of ball valve DN50, CIF Hamburg."),
        MISS,
    ),
    ("shows-a-file", page(("https://x.example/a", "PO 4471.pdf"), words="See our order."), HIT),
    ("shows-a-file", page(("https://x.example/a", "CV Ana.docx 33 KB")), HIT),
    ("shows-a-file", page(("https://x.example/files/po-4471.pdf?d=1", "PO 4471.pdf")), MISS),
    ("shows-a-file", page(("https://we.tl/t-abc", "drawings.zip")), MISS),
    ("shows-a-file", page(("https://www.buyer.example/share/9", "drawing.pdf")), MISS),
    ("shows-a-file", page(("https://x.example/a", "How to open a PDF")), MISS),
    ("borrowed", page(*BRAND_LINKS, ("https://x.example/pay", "Update payment")), HIT),
    ("borrowed", page(*BRAND_LINKS), MISS),
    ("borrowed", page(BRAND_LINKS[0], ("https://x.example/pay", "Update payment")), MISS),
    ("borrowed", {**page(*BRAND_LINKS, ("https://x.example/pay", "Pay")), "from": "n@netflix.com"}, MISS),
    ("borrowed", page(*BRAND_LINKS, ("https://we.tl/t-abc", "Drawings")), MISS),
    ("own-site", page(("https://www.buyer.example/", "Our site")), HIT),
    ("own-site", {**page(("https://gmail.com/", "x")), "from": "a@gmail.com"}, NA),
]


@pytest.mark.parametrize(("name", "message", "expected"), ROWS)
def test_links(outcome: Callable[..., Outcome], name: str, message: dict[str, str], expected: Outcome) -> None:
    assert outcome(f"links.{name}", message) is expected


def test_among_the_many_links_of_a_newsletter_one_says_less(ask: Callable[..., object]) -> None:
    short = page(("https://x.example/p.html?e=sales@exporter.example", "Open"))
    assert ask("links.carries-your-address", NEWSLETTER).strength < 0.5  # type: ignore[attr-defined]
    assert ask("links.carries-your-address", short).strength == 1.0  # type: ignore[attr-defined]
    assert ask("links.carries-your-address", OWN_NEWSLETTER).strength < 0.2  # type: ignore[attr-defined]


def test_the_logo_in_a_signature_leads_to_a_front_page_and_says_less(ask: Callable[..., object]) -> None:
    front, deep = page(("https://x.example/en", "Acme")), page(("https://x.example/view/4471", "View"))
    assert ask("links.only-door", front).strength < ask("links.only-door", deep).strength  # type: ignore[attr-defined]


def test_a_proven_sender_with_telephone_and_address_says_less(ask: Callable[..., object]) -> None:
    sign = "<p>Chamber of Metal Ltd<br>Bahnhofstr. 3, 70173 Stuttgart, Germany<br>Tel. +49 711 555 0120</p>"
    signed = {"html": page(("https://survey.example/s/export2026", "Survey"))["html"] + "<p>Best regards</p>" + sign}
    proven = signed | {"auth": "dkim=pass header.d=buyer.example"}
    assert ask("links.only-door", proven).strength == 0.5  # type: ignore[attr-defined]
    assert ask("links.only-door", signed).strength == 1.0  # type: ignore[attr-defined]


def test_a_scanner_of_the_receiving_side_is_no_other_address(outcome: Callable[..., Outcome]) -> None:
    wrapped = page(("https://protect-eu.mimecast.com/s/abc?domain=www.maker.example", "www.maker.example"))
    assert outcome("links.shows-another-address", wrapped) is MISS


def test_foreign_links_are_those_of_the_message_asked_for(facts_of: Callable[..., object]) -> None:
    one, other = facts_of(page(("https://x.example/", "A"))), facts_of(page(("https://y.example/", "B")))
    hosts = [[f.link.host for f in foreign_links(facts)] for facts in (one, other, one)]  # type: ignore[arg-type]
    assert hosts == [["x.example"], ["y.example"], ["x.example"]]


def test_every_signal_of_the_file_is_tried() -> None:
    assert {f"links.{name}" for name, _, _ in ROWS} == {i for i in load() if i.startswith("links.")}
