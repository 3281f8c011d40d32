"""All facts together: claimed country, origin, times, authentication, links – and that nothing hostile breaks them."""

from __future__ import annotations

import base64
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest
from handmade import address, answers, country, firm, mail, stands
from hypothesis import given, settings
from hypothesis import strategies as st

from keeneye.facts import draw
from keeneye.model import (
    Attachment,
    AuthHeader,
    AuthResult,
    DomainAnswer,
    Evidence,
    Facts,
    Forwarded,
    Hop,
    Link,
    Mail,
    Place,
    Span,
)

FOREIGN = "91.10.20.30"


def hop(index: int, from_host: str | None, from_ip: str | None, by: str | None, minute: int = 0) -> Hop:
    return Hop(index, from_host, from_ip, by, "ESMTP", datetime(2026, 11, 24, 10, 30 - minute, tzinfo=UTC), "")


def facts(message: Mail, **known: object) -> Facts:
    return draw(message, answers(**known), firm())  # type: ignore[arg-type]


# --------------------------------------------------------------------------- claimed country


@pytest.mark.parametrize(
    ("body", "signature", "expected"),
    [
        ("We are a German company.", "", "DE"),
        ("Somos un distribuidor de válvulas en Lima y hoy compramos en Turquía.", "", "PE"),
        ("我们是马来西亚槟城的五金批发商,目前向台湾供应商采购。", "", "MY"),
        ("نحن شركة البحر للمعدات في جدة، نستورد الصمامات.", "", "SA"),
        ("Wir sind ein Großhändler aus Bremen und suchen Ventile.", "", "DE"),
        ("Nous sommes une société basée à Casablanca.", "", "MA"),
        ("Мы компания из Минска", "", None),  # declined names are not in the tables: nothing is guessed
        ("Our company is located in Nairobi, Kenya.", "", "KE"),
        ("Hello", "Regards\nAnn Lee\n12 Foo Street, Lagos, Nigeria", "NG"),
        ("Hello", "Regards\nAnn Lee\nTel. +49 421 555 01-44", "DE"),
        ("We sell to Germany and import from China.", "", None),
        ("We are looking for suppliers from China.", "", None),
        ("I am interested in your valves made in China.", "", None),
        ("We visited the fair in Canton.", "", None),
        ("Hello", "Regards\nJordan Smith", None),
        ("Hello", "Regards\nJordan", None),
        ("Hello", "Regards\nAnn Lee\ncontact us, please call us", None),
        ("Hello", "Regards\nAnn Lee\nBank of China Building", None),
        ("Hello", "Regards\nAnn Lee\nChina Import Ltd", None),
        ("Wir möchten gerne ein Angebot für Ihre Ventile, vielen Dank für die Mühe.", "", None),  # a language only
    ],
)
def test_claimed_country(body: str, signature: str, expected: str | None) -> None:
    found = facts(mail(body, signature=signature)).claimed
    assert found.value == expected, found.claims


def test_claims_that_disagree_are_named() -> None:
    found = facts(mail("We are a German company.", signature="Regards\nAnn Lee\nTel. +86 21 6217 8888")).claimed
    assert found.value == "DE"
    assert [(c.kind, c.country) for c in found.disagree] == [("phone", "CN")]
    assert found.confidence < 0.6


def test_the_domain_claims_and_a_free_mailbox_claims_little() -> None:
    company = DomainAnswer("import.example", "import.example", "example", "company", tld_country="DE")
    free = replace(company, mailbox="free", free_country="DE")
    strong = facts(mail("Hello"), domains=(company,)).claimed
    weak = facts(mail("Hello"), domains=(free,)).claimed
    assert strong.value == weak.value == "DE"
    assert strong.confidence > weak.confidence


def test_quoted_signatures_claim_nothing() -> None:
    assert facts(mail("Hello", quoted="We are a German company.\nTel. +49 421 555 01-44")).claimed.value is None


# --------------------------------------------------------------------------- origin


def test_origin_is_the_oldest_believable_public_address() -> None:
    message = mail(
        hops=(
            hop(0, "mail.import.example", "200.48.225.130", "mx.exporter.example"),
            hop(1, "[192.168.1.34]", FOREIGN, "mail.import.example", 1),
        )
    )
    found = facts(message, places=(Place(FOREIGN, "DE", time_zone="Europe/Berlin"),)).origin
    assert (found.ip, found.hop_index, found.place and found.place.country) == (FOREIGN, 1, "DE")


def test_private_addresses_are_passed_over() -> None:
    message = mail(
        hops=(
            hop(0, "mail.import.example", FOREIGN, "mx.exporter.example"),
            hop(1, "exch.import.local", "10.0.0.5", "exch.import.local", 1),
        )
    )
    assert facts(message).origin.ip == FOREIGN


def test_an_invented_line_below_is_not_believed() -> None:
    message = mail(
        hops=(
            hop(0, "vps.hosted.example", "198.51.100.7", "mx.exporter.example"),
            hop(1, "mail.bank.example", FOREIGN, "mx.other.example", 1),
        )
    )
    assert facts(message).origin.ip == "198.51.100.7"


def test_a_line_from_another_year_is_not_believed() -> None:
    old = Hop(1, "x", FOREIGN, "vps.hosted.example", None, datetime(2020, 1, 1, tzinfo=UTC), "")
    message = mail(hops=(hop(0, "vps.hosted.example", "198.51.100.7", "mx.exporter.example"), old))
    assert facts(message).origin.ip == "198.51.100.7"


def test_our_own_relays_are_passed_over() -> None:
    message = mail(
        hops=(
            hop(0, "relay", "203.0.113.5", "mx.exporter.example"),
            hop(1, "mail.import.example", FOREIGN, "relay.exporter.example", 1),
        )
    )
    found = draw(message, answers(), firm(relays=("203.0.113.0/24",))).origin
    assert found.ip == FOREIGN


def test_a_stated_originating_address_is_preferred() -> None:
    message = mail(hops=(hop(0, "mail.import.example", "198.51.100.7", "mx.exporter.example"),), originating_ip=FOREIGN)
    found = facts(message).origin
    assert (found.ip, found.from_header) == (FOREIGN, "X-Originating-IP")


def test_a_provider_that_hides_the_sender_is_no_evidence() -> None:
    message = mail(hops=(hop(0, "mail-wm1.google.example", "209.85.128.54", "mx.exporter.example"),))
    provider = DomainAnswer(
        "mail-wm1.google.example", "google.example", "example", None, hides_sender=True, mail_provider="Gmail"
    )
    found = facts(message, places=(Place("209.85.128.54", "US", kind="access"),), domains=(provider,)).origin
    assert (found.hidden_by_provider, found.place) == ("Gmail", None)
    by_network = facts(message, places=(Place("209.85.128.54", "US", network="Gmail", kind="mail_provider"),)).origin
    assert (by_network.hidden_by_provider, by_network.place) == ("Gmail", None)


def test_without_received_lines_there_is_no_origin() -> None:
    assert facts(mail("x")).origin.ip is None


# --------------------------------------------------------------------------- times


def test_times_in_all_zones() -> None:
    message = mail(
        "We are a German company.",
        date=datetime(2026, 11, 24, 8, 30, tzinfo=timezone(timedelta(hours=8))),
        hops=(hop(0, "x.import.example", FOREIGN, "mx.exporter.example"),),
    )
    found = facts(message, places=(Place(FOREIGN, "PE", time_zone="America/Lima"),)).sent
    assert found.utc == datetime(2026, 11, 24, 0, 30, tzinfo=UTC)
    assert found.date_offset == 480
    assert found.sender_local is not None
    assert found.sender_local.hour == 19
    assert found.claimed_local is not None
    assert [d.hour for d in found.claimed_local] == [1, 1]
    assert found.ours_local is not None
    assert found.ours_local.hour == 8
    assert found.clock_skew == -36_000


def test_a_country_of_several_zones_gives_a_range() -> None:
    message = mail("We are an American company.", date=datetime(2026, 11, 24, 12, tzinfo=UTC))
    found = facts(message).sent.claimed_local
    assert found is not None
    assert [d.hour for d in found] == [4, 7]


def test_an_unknown_zone_is_not_an_offset() -> None:
    message = mail(date=datetime(2026, 11, 24, 12, tzinfo=UTC), date_raw="Tue, 24 Nov 2026 12:00:00 -0000")
    assert facts(message).sent.date_offset is None


@pytest.mark.parametrize("date", [datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC), None])
def test_absurd_dates(date: datetime | None) -> None:
    message = mail("We are a German company.", date=date, hops=(hop(0, "x", FOREIGN, "mx"),))
    facts(message, places=(Place(FOREIGN, "PE", time_zone="Pacific/Kiritimati"),))


# --------------------------------------------------------------------------- authentication


def results(
    authserv: str | None, above: int = 0, name: str = "authentication-results", **methods: tuple[str, str]
) -> AuthHeader:
    return AuthHeader(name, authserv, above, tuple(AuthResult(m, r, d) for m, (r, d) in methods.items()))


def test_only_our_own_host_is_believed() -> None:
    ours = results("mx.exporter.example", spf=("fail", "import.example"), dkim=("none", ""))
    forged = results("mx.sender.example", 1, spf=("pass", "import.example"), dmarc=("pass", "import.example"))
    forged_ours = results("mx.exporter.example", 2, dkim=("pass", "import.example"))
    message = mail(
        auth_headers=(ours, forged, forged_ours),
        hops=(hop(0, "x", FOREIGN, "mx.exporter.example"), hop(1, "y", None, "y.sender.example")),
    )
    found = facts(message).authentication
    assert (found.spf, found.dkim, found.dmarc, found.aligned) == ("fail", "none", None, False)
    assert found.by == "mx.exporter.example"


def test_without_a_setting_the_topmost_host_is_ours() -> None:
    header = results("mx.exporter.example", spf=("pass", "mail.import.example"))
    message = mail(auth_headers=(header,), hops=(hop(0, "x", FOREIGN, "mx.exporter.example"),))
    found = draw(message, answers(), firm(authserv_ids=())).authentication
    assert (found.spf, found.aligned) == ("pass", True)  # relaxed: mail.import.example aligns with import.example
    other = replace(message, hops=(hop(0, "x", FOREIGN, "mx.elsewhere.example"),))
    assert draw(other, answers(), firm(authserv_ids=())).authentication.spf is None


def test_a_header_without_id_binds_to_its_position() -> None:
    header = results(None, dkim=("pass", "import.example"))
    assert facts(mail(auth_headers=(header,))).authentication.dkim == "pass"
    assert facts(mail(auth_headers=(replace(header, above_received=1),))).authentication.dkim is None


def test_a_pass_of_another_domain_does_not_align() -> None:
    header = results("mx.exporter.example", spf=("pass", "bulk.example"), dkim=("pass", "bulk.example"))
    found = facts(mail(auth_headers=(header,))).authentication
    assert (found.aligned, found.dkim_domains) == (False, ("bulk.example",))


def test_what_nobody_judged_is_unknown() -> None:
    found = facts(mail()).authentication
    assert (found.spf, found.aligned, found.by) == (None, None, None)


# --------------------------------------------------------------------------- links


def link(text: str, href: str, host: str, kind: str = "a") -> Link:
    return Link(0, kind, text, href, href.partition(":")[0], host)


@pytest.mark.parametrize(
    ("text", "host", "shown", "mismatch"),
    [
        ("https://exporter.example/a.pdf", "login.trap.example", "exporter.example", True),
        ("www.import.example", "mail.import.example", "www.import.example", False),
        ("Click here", "trap.example", None, False),
        ("sample-order.pdf", "trap.example", None, False),
        ("me@bank.example", "trap.example", None, False),
        ("bank.example", "bank.example", "bank.example", False),
        ("Node.js", "nodejs.example", None, False),
        ("v1.2.3", "x.example", None, False),
    ],
)
def test_link_text_against_target(text: str, host: str, shown: str | None, mismatch: bool) -> None:
    found = facts(mail(links=(link(text, f"https://{host}/", host),))).links[0]
    assert (found.text_host, found.mismatch) == (shown, mismatch)


@pytest.mark.parametrize(
    ("href", "carries"),
    [
        ("https://trap.example/?login=sales@exporter.example", True),
        ("https://trap.example/?login=sales%40exporter.example", True),
        ("https://trap.example/#" + base64.b64encode(b"sales@exporter.example").decode(), True),
        ("https://trap.example/?id=42", False),
        ("mailto:sales@exporter.example", False),
    ],
)
def test_links_that_tell_who_opens_them(href: str, carries: bool) -> None:
    assert facts(mail(links=(link("x", href, "trap.example"),))).links[0].carries_recipient is carries


@pytest.mark.parametrize(
    ("href", "scheme", "host"),
    [
        ("https://User@Trap.example:8443/x", "https", "trap.example"),
        ("www.trap.example/x", "http", "www.trap.example"),
        ("//trap.example/x", "http", "trap.example"),
        ("\\\\trap.example@SSL\\x\\y.dotm", "file", "trap.example"),
        ("file:///C:/Users/ann/Normal.dotm", "", ""),
        ("http://[::1/x", "", ""),
        ("mailto:a@trap.example", "", ""),
    ],
)
def test_links_of_attached_documents(href: str, scheme: str, host: str) -> None:
    document = Attachment(0, "PO.docx", "application/pdf", None, 1, None, links=(href,), loads=(href,))
    found = facts(mail(attachments=(document,))).enclosed
    assert [(f.link.kind, f.link.scheme, f.link.host) for f in found] == (
        [("loaded", scheme, host), ("enclosed", scheme, host)] if host else []
    )


# --------------------------------------------------------------------------- the rest


def test_language_and_words() -> None:
    found = facts(mail("Somos un distribuidor de válvulas en Lima y buscamos una segunda fuente."))
    assert (found.language, found.own_words) == ("es", 12)
    assert facts(mail("我们想买阀门")).language == "zh"
    assert facts(mail("我们想买阀门")).own_words == 3
    assert facts(mail("12345")).language is None


def test_country_risk_follows_the_claim_else_the_domain() -> None:
    assert facts(mail("We are a German company.")).country_risk == country("DE", "Germany", ("Europe/Berlin",), 49)
    free = DomainAnswer("import.example", "import.example", "example", "free", tld_country="DE")
    assert facts(mail("Hello"), domains=(free,)).country_risk is None


def test_a_forward_by_a_colleague_is_judged_by_the_inner_message() -> None:
    body = "Please take care.\n\nWe need 1,000 pcs of valves."
    message = mail(
        body,
        own=(Span(19, len(body)),),
        from_="zhou@exporter.example",
        hops=(hop(0, "x", FOREIGN, "mx.exporter.example"),),
        forwarded=Forwarded("forward", address("buyer@import.example", "Buyer"), None, None, None, None, Span(0, 18)),
    )
    found = facts(message)
    assert found.inner
    assert found.sender is not None
    assert found.sender.address == "buyer@import.example"
    assert (found.origin.ip, found.sent.utc, found.authentication.spf) == (None, None, None)
    assert [q.value for q in found.request.quantities] == [1000]


def all_evidence(found: Facts) -> list[Evidence]:
    out = [e for places in (*found.said.values(), *found.said_anywhere.values()) for e in places]
    out += [c.evidence for c in found.claimed.claims if not c.evidence.part.startswith("header")]
    for group in (found.contact, found.request):
        for field in group.__slots__:
            value = getattr(group, field)
            for item in value if isinstance(value, tuple) else (value,):
                evidence = getattr(item, "evidence", item)
                if isinstance(evidence, Evidence):
                    out.append(evidence)
    return out


PIECES = (
    "We need 1,000 pcs of brass ball valve DN25, PN16, FOB Ningbo, 30% deposit. ",
    "Best regards\nJosé Ñandú\nGerente de Compras\nFoo Bar S.A.C.\nAv. Perú 12, Lima\nTel/Fax: +51 1 555 0142\n",
    "我们是马来西亚的批发商,需要3000个黄铜球阀。",
    "نحن شركة في جدة نحتاج 800 قطعة ",
    "www.foo.example a@b.example WhatsApp: +234 803 555 0199 ",
    "Мы компания, нужно 300 шт. ",
    "\u0301\u200d\ufeff𝟙𝟘 ｐｃｓ ",
    "\ud800",
)


@settings(deadline=None, max_examples=150)
@given(
    st.lists(st.one_of(st.sampled_from(PIECES), st.text(max_size=40)), max_size=8).map("".join),
    st.text(max_size=80),
    st.lists(st.one_of(st.sampled_from(PIECES), st.text(max_size=40)), max_size=4).map("".join),
)
def test_any_text_gives_facts_whose_evidence_stands_where_it_says(body: str, subject: str, signature: str) -> None:
    message = mail(body, subject=subject, signature=signature)
    found = facts(message)
    assert all(stands(message, e) for e in all_evidence(found))


@settings(deadline=None, max_examples=50)
@given(st.lists(st.tuples(st.integers(-5, 400), st.integers(-5, 400)), max_size=5))
def test_any_ranges_are_borne(ranges: list[tuple[int, int]]) -> None:
    message = mail("We need 1,000 pcs. " * 10, own=[Span(a, b) for a, b in ranges], signature="Regards\nAnn Lee")
    assert all(stands(message, e) for e in all_evidence(facts(message)))


@pytest.mark.parametrize(
    "hostile",
    [
        "1" * 60_000,
        "1,000 " * 10_000,
        "+49 421 555 0144 " * 4_000,
        "a" * 60_000,
        "a." * 30_000,
        "a@" * 30_000,
        "( " * 30_000,
        "Ltd " * 15_000,
        "we are in " * 6_000,
        "enter your " * 6_000 + "password",
        "\n" * 60_000,
        "公司" * 30_000,
        "www." * 15_000,
        "Address: " * 6_000,
        "DN50 x " * 8_000,
        "pcs of " * 8_000,
        "\u0430a" * 30_000,
        "interested in your " * 3_000,
    ],
)
def test_texts_made_to_be_slow_are_bounded(hostile: str) -> None:
    # Generous: an honest letter takes a thousandth of this. A quadratic pattern would take minutes.
    facts(mail("warm up"))
    message = mail(hostile, subject=hostile[:2_000], signature=hostile[:5_000])
    start = time.process_time()
    facts(message)
    assert time.process_time() - start < 2
