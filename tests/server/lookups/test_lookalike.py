"""Imitated names. The second table matters more: honest names that look near."""

from __future__ import annotations

import pytest

from keeneye.lookups.domains import Domains
from keeneye.lookups.lookalike import skeleton

CONFUSABLE, ONE_OFF, ENDING, INSIDE = (
    "confusable letters", "one letter off", "other ending", "name inside a longer name",
)  # fmt: skip


@pytest.mark.parametrize(
    ("host", "domain", "how"),
    [
        ("rnicrosoft.com", "microsoft.com", CONFUSABLE),
        ("rnaersk.com", "maersk.com", CONFUSABLE),
        ("aiibaba.com", "alibaba.com", CONFUSABLE),  # aIibaba.com
        ("service.aiibaba.com", "alibaba.com", CONFUSABLE),
        ("paypa1.com", "paypal.com", CONFUSABLE),
        ("faceb00k.com", "facebook.com", CONFUSABLE),
        ("dh1.com", "dhl.com", CONFUSABLE),
        ("clropbox.com", "dropbox.com", CONFUSABLE),
        ("vvetransfer.com", "wetransfer.com", CONFUSABLE),
        ("pаypal.com", "paypal.com", CONFUSABLE),  # Cyrillic а
        ("xn--pypal-4ve.com", "paypal.com", CONFUSABLE),
        ("míсrosoft.com", "microsoft.com", CONFUSABLE),
        ("micros0ft-login.com", "microsoft.com", CONFUSABLE),
        ("hotmaill.com", "hotmail.com", ONE_OFF),
        ("docusgin.com", "docusign.com", ONE_OFF),
        ("wetransfr.com", "wetransfer.com", ONE_OFF),
        ("pay-pal.com", "paypal.com", ONE_OFF),
        ("moneygarm.com", "moneygram.com", ONE_OFF),
        ("maersk.top", "maersk.com", ENDING),
        ("docusign.online", "docusign.com", ENDING),
        ("fedex.tk", "fedex.com", ENDING),
        ("dhl-express-parcel.com", "dhl.com", INSIDE),
        ("tracking-dhl.acme.example", "dhl.com", INSIDE),
        ("microsoft.login.evil.example", "microsoft.com", INSIDE),
        ("www.paypal.com.evil.example", "paypal.com", INSIDE),
        ("dhl.weebly.com", "dhl.com", INSIDE),
        ("docusign.pages.dev", "docusign.com", INSIDE),
        ("microsoftlogin.top", "microsoft.com", INSIDE),
        ("securepaypal.com", "paypal.com", INSIDE),
        ("apple-id-login.com", "apple.com", INSIDE),
        ("ups-tracking.com", "ups.com", INSIDE),
        ("walmart-vendor.com", "walmart.com", INSIDE),
        ("petronas-procurement.com", "petronas.com", INSIDE),
    ],
)
def test_imitations(domains: Domains, host: str, domain: str, how: str) -> None:
    answer = domains.answer(host)
    assert answer is not None
    assert (answer.resembles, answer.resembles_how) == (domain, how)
    assert answer.brand is None


@pytest.mark.parametrize(
    "host",
    [
        # letters of a name inside a word
        "upstream.com", "groups.com", "startups.com", "appleton.com", "pineapple.com", "mscdirect.com", "visage.com",
        "amazonia.com", "amazone.de", "shellfish.com", "sapphire.com", "boxer.com", "dhlabs.com", "tntsupermarket.com",
        # an ordinary word or short name in a longer one
        "ups-battery.com", "apple-orchard.com", "shell-and-tube.com", "msc-bearings.com", "tnt-fireworks.com",
        "box-factory.com", "chase-tools.com", "visa-consulting.com", "ems-electronics.com", "db-pumpen.de",
        "mail-box.cz", "swift-mail.com", "stripe-fabrics.com", "zoom-optics.com", "adobe-bricks.com",
        # dealers of a maker
        "walmart-parts.com", "siemens-motor.com", "samsung-service.ru", "caterpillar-parts.example",
        # own national and old general endings
        "google.co.uk", "dhl.com.cn", "amazon.com.br", "microsoft.cn", "paypal.org", "google.co", "hsbc.com.ar",
        "maersk.de", "carrefour.net",
        # own other domains
        "microsoftonline.com", "outlook.com", "docusign.net", "alicdn.com", "amazonaws.com", "google-analytics.com",
        "paypal-communication.com", "dhl.de", "siemens-energy.com", "protonmail.ch",
        # other firms of a near name
        "paypay.ne.jp", "allpay.com.tw", "matrox.com", "correios.com.br", "tepco.co.jp", "dhi.com", "appie.nl",
        "oracles.com", "email.com", "ymail.com", "cloud.com", "wahoo.com", "goggle.com", "ubc.ca", "usps.gov",
        "outlookindia.com", "adobo.com", "slacks.com", "telegraph.co.uk", "fedora.com", "dsl.pipex.com", "clsv.com",
        # a firm's page about its tools, on its own domain
        "alibaba.acme.example", "linkedin.acme.example", "outlook.acme.example", "office.acme.example",
        "autodiscover.acme.example", "google.acme.example", "mail.acme.example", "track.acme.example",
        # free hosts themselves, public bodies, nonsense
        "weebly.com", "microsoft.gov.gh", "facebook.github.io", "github.io", "bücher.de", "xn--bcher-kva.de",
        "1.com", "x.y", "0", "--.com", "a-b-c-d-e-f.com",
    ],
)  # fmt: skip
def test_honest_names(domains: Domains, host: str) -> None:
    answer = domains.answer(host)
    assert answer is not None
    assert answer.resembles is None


@pytest.mark.parametrize(
    ("host", "brand"),
    [("dhl.com", "DHL"), ("mail.dhl.de", "DHL"), ("login.microsoftonline.com", "Microsoft"), ("alibaba.com", "Alibaba"),
     ("google.co.uk", None), ("acme.example", None), ("dhl.com.evil.example", None)],
)  # fmt: skip
def test_true_domains_name_their_brand(domains: Domains, host: str, brand: str | None) -> None:
    answer = domains.answer(host)
    assert answer is not None
    assert answer.brand == brand


PARTNERS = (
    "nordwind-pumpen.de",
    "acmetools.com",
    "ox.example",
    "kiwi.example",
    "matrox.com",
    "online.com",
    "gmail.com",
)


@pytest.mark.parametrize(
    ("host", "domain", "how"),
    [
        ("nordwind-purnpen.de", "nordwind-pumpen.de", CONFUSABLE),
        ("nordwind-pumpem.de", "nordwind-pumpen.de", ONE_OFF),
        ("nordwindpumpen.de", "nordwind-pumpen.de", ONE_OFF),
        ("nordwind-pumpen.com", "nordwind-pumpen.de", ENDING),
        ("acmetools.co", "acmetools.com", ENDING),
        ("acmetoois.com", "acmetools.com", CONFUSABLE),
        ("acmetols.com", "acmetools.com", ONE_OFF),
        ("acmetools-billing.com", "acmetools.com", INSIDE),
        ("acmetools.com.evil.example", "acmetools.com", INSIDE),
    ],
)
def test_imitations_of_partners(domains: Domains, host: str, domain: str, how: str) -> None:
    answer = domains.answer(host, (domains.names_of(PARTNERS),))
    assert answer is not None
    assert (answer.resembles, answer.resembles_how) == (domain, how)


@pytest.mark.parametrize(
    "host",
    ["nordwind-pumpen.de", "mail.nordwind-pumpen.de", "nordwind.de", "pumpen.de", "acmetools.de", "acme-tool.com",
     "ax.example", "0x.example", "kiwi.com", "kiwl.example", "kiwis.com", "matrix.org", "t-online.de", "nts-online.net",
     "gmx.net", "gmail.com", "acmetools2.com", "acmetools.com.cn", "tools.com"],
)  # fmt: skip
def test_honest_names_near_partners(domains: Domains, host: str) -> None:
    answer = domains.answer(host, (domains.names_of(PARTNERS),))
    assert answer is not None
    assert answer.resembles is None


def test_a_partner_may_carry_a_brands_name(domains: Domains) -> None:
    assert domains.answer("dhl-agent.example").resembles == "dhl.com"  # type: ignore[union-attr]
    answer = domains.answer("dhl-agent.example", (domains.names_of(["dhl-agent.example"]),))
    assert answer is not None
    assert answer.resembles is None
    assert answer.resembles_how is None


@pytest.mark.parametrize(
    ("one", "other"),
    [("rnicrosoft", "microsoft"), ("paypa1", "paypal"), ("g00gle", "google"), ("clell", "dell"), ("аррӏе", "apple"),
     ("ⅿaersk", "maersk"), ("ｄｈｌ", "dhl"), ("hsbć", "hsbc")],
)  # fmt: skip
def test_skeletons_that_look_alike(one: str, other: str) -> None:
    assert skeleton(one) == skeleton(other)


@pytest.mark.parametrize("label", ["xn--", "xn--a", "xn--99999999999", "xn--zzzzzzz-", "", "-", "\u202e", "\ud800"])
def test_skeleton_of_nonsense(label: str) -> None:
    assert isinstance(skeleton(label), str)
