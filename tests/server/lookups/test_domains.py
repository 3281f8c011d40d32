"""Kinds of mailboxes, services, endings: what must be so and what must not."""

from __future__ import annotations

import pickle

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from keeneye.lookups.domains import DomainAnswers, Domains, clean, literal_ip


@pytest.mark.parametrize(
    ("host", "kind", "country"),
    [
        ("gmail.com", "free", None),
        ("hotmail.com", "free", None),
        ("proton.me", "free", None),
        ("vsnl.com", "free", "IN"),
        ("rediffmail.com", "free", "IN"),
        ("giasbm01.vsnl.net.in", "free", "IN"),
        ("freenet.co.uk", "free", "GB"),
        ("ntlworld.com", "free", "GB"),
        ("eng.mail.ru", "free", "RU"),
        ("candel.co.jp", "free", "JP"),
        ("bigpond.net.au", "free", "AU"),
        ("freemail.nl", "free", "NL"),
        ("vip.163.com", "free", "CN"),
        ("foxmail.com", "free", "CN"),
        ("aliyun.com", "free", "CN"),
        ("naver.com", "free", "KR"),
        ("ms27.hinet.net", "free", "TW"),
        ("web.de", "free", "DE"),
        ("libero.it", "free", "IT"),
        ("seznam.cz", "free", "CZ"),
        ("wp.pl", "free", "PL"),
        ("uol.com.br", "free", "BR"),
        ("ukr.net", "free", "UA"),
        ("aol.com", "free", None),
        ("mailinator.com", "disposable", None),
        ("guerrillamail.com", "disposable", None),
        ("meti.go.jp", "government", None),
        ("moh.gov.gh", "government", None),
        ("sat.gob.mx", "government", None),
        ("douane.gouv.fr", "government", None),
        ("customs.govt.nz", "government", None),
        ("cbsa.gc.ca", "government", None),
        ("state.gov", "government", None),
        ("ec.europa.eu", "government", None),
        ("ox.ac.uk", "education", None),
        ("mit.edu", "education", None),
        ("pku.edu.cn", "education", None),
        ("unilag.edu.ng", "education", None),
        ("uni-bonn.de", "education", None),
        ("ethz.ch", "education", None),
        ("acme-tools.example", "company", None),
        ("acme-tools.co.uk", "company", None),
        # near an institution's or a free provider's name, and neither
        ("gov.example", "company", None),
        ("mygov.example.com", "company", None),
        ("gov-tenders.com", "company", None),
        ("edu-books.com", "company", None),
        ("firma.go.it", "company", None),  # the province of Gorizia
        ("uni-pumpen.com", "company", None),
        ("gmail.example.com", "company", None),
        ("service.alibaba.com", "company", None),
        ("notgmail.com", "company", None),
        ("acme163.com", "company", None),
        ("localhost", None, None),
        ("server.local", None, None),
        ("com", None, None),
        ("co.uk", None, None),
    ],
)
def test_kind_of_mailbox(domains: Domains, host: str, kind: str | None, country: str | None) -> None:
    answer = domains.answer(host)
    assert answer is not None
    assert (answer.mailbox, answer.free_country) == (kind, country)


@pytest.mark.parametrize(
    ("host", "registrable", "suffix", "country"),
    [
        ("www.acme.co.uk", "acme.co.uk", "co.uk", "GB"),
        ("mail.acme.com.cn", "acme.com.cn", "com.cn", "CN"),
        ("acme.de.", "acme.de", "de", "DE"),
        ("ACME.DE", "acme.de", "de", "DE"),
        ("shop.acme.github.io", "acme.github.io", "github.io", None),
        ("github.io", "github.io", "io", None),
        ("acme.co", "acme.co", "co", None),
        ("acme.com.co", "acme.com.co", "com.co", "CO"),
        ("acme.io", "acme.io", "io", None),
        ("acme.eu", "acme.eu", "eu", None),
        ("acme.xn--p1ai", "acme.xn--p1ai", "xn--p1ai", "RU"),
        ("пример.рф", "xn--e1afmkfd.xn--p1ai", "xn--p1ai", "RU"),
        ("navy.mil", "navy.mil", "mil", "US"),
        ("a.b.acme.example", "acme.example", "example", None),
    ],
)
def test_registrable_domain_and_country(
    domains: Domains, host: str, registrable: str, suffix: str, country: str | None
) -> None:
    answer = domains.answer(host)
    assert answer is not None
    assert (answer.registrable, answer.suffix, answer.tld_country) == (registrable, suffix, country)


@pytest.mark.parametrize(
    ("host", "wanted"),
    [
        ("bit.ly", {"shortener"}),
        ("cutt.ly", {"shortener"}),
        ("wa.me", set()),
        ("youtu.be", set()),
        ("acme.weebly.com", {"free_hosting"}),
        ("acme.web.app", {"free_hosting"}),
        ("x.pages.dev", {"free_hosting"}),
        ("pub-1.r2.dev", {"free_hosting"}),
        ("bucket.s3.eu-central-1.amazonaws.com", {"free_hosting"}),
        ("account.blob.core.windows.net", {"free_hosting"}),
        ("ipfs.io", {"free_hosting"}),
        ("sites.google.com", {"free_hosting"}),
        ("forms.gle", {"free_hosting"}),
        ("www.weebly.com", set()),
        ("wordpress.com", set()),
        ("drive.google.com", {"file_share"}),
        ("acme.sharepoint.com", {"file_share"}),
        ("wetransfer.com", {"file_share"}),
        ("www.google.com", set()),
        ("notdropbox.com", set()),
        ("acme.example", set()),
    ],
)
def test_services_behind_a_link(domains: Domains, host: str, wanted: set[str]) -> None:
    answer = domains.answer(host)
    assert answer is not None
    assert {flag for flag in ("shortener", "free_hosting", "file_share") if getattr(answer, flag)} == wanted


@pytest.mark.parametrize(
    ("host", "platform"),
    [
        ("service.alibaba.com", "Alibaba"),
        ("made-in-china.com", "Made-in-China"),
        ("mail.globalsources.com", "Global Sources"),
        ("ansmtp.ariba.com", "SAP Ariba"),
        ("ungm.org", "UNGM"),
        ("alibaba.com.evil.example", None),
        ("notalibaba.com", None),
    ],
)
def test_marketplaces_and_tender_portals(domains: Domains, host: str, platform: str | None) -> None:
    answer = domains.answer(host)
    assert answer is not None
    assert answer.platform == platform


@pytest.mark.parametrize(
    ("host", "provider"),
    [
        ("mail-lf1-f49.google.com", "Gmail"),
        ("eur05-db8-obe.outbound.protection.outlook.com", "Outlook.com / Microsoft 365"),
        ("mail-4316.protonmail.ch", "Proton"),
        ("sender4-of-o51.zoho.com", "Zoho"),
        ("mail.acme.example", None),
        ("google.com.evil.example", None),
    ],
)
def test_services_that_hide_the_sender(domains: Domains, host: str, provider: str | None) -> None:
    answer = domains.answer(host)
    assert answer is not None
    assert (answer.mail_provider, answer.hides_sender) == (provider, provider is not None)


@pytest.mark.parametrize(
    ("host", "ip"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("3221225991", "192.0.2.7"),
        ("0xc0000207", "192.0.2.7"),
        ("0300.0.2.7", "192.0.2.7"),
        ("192.0.519", "192.0.2.7"),
        ("192.0.2.7.", "192.0.2.7"),
        ("[2001:db8::1]", "2001:db8::1"),
        ("192.0.2.256", None),
        ("1.2.3.4.5", None),
        ("4294967296", None),
        ("08.1.1.1", None),
        ("163.com", None),
        ("1688.com", None),
        ("192.0.2.7.example", None),
    ],
)
def test_hosts_that_are_addresses(domains: Domains, host: str, ip: str | None) -> None:
    assert literal_ip(host) == ip
    answer = domains.answer(host)
    if ip is not None:
        assert answer is not None
        assert answer.ip
        assert answer.registrable is None
    else:
        assert answer is None or not answer.ip


@pytest.mark.parametrize(
    "host", ["", ".", "..", "a..b", "a b.com", "a@b.com", "x" * 254 + ".com", "a/b", "<a>", ".com"]
)
def test_nonsense_has_no_answer(domains: Domains, host: str) -> None:
    assert domains.answer(host) is None


@settings(max_examples=400, deadline=None)
@given(st.one_of(st.text(max_size=80), st.from_regex(r"[a-z0-9xn.\-]{0,70}", fullmatch=True)))
def test_any_text_is_taken(domains: Domains, host: str) -> None:
    answer = domains.answer(host, (domains.names_of(["nordwind-pumpen.example", host]),))
    assert answer is None or answer.host == host
    assert clean(clean(host)) == clean(host)


def test_answers_for_hosts_met_later(domains: Domains) -> None:
    answers = DomainAnswers(domains, ["acme.example"], ())
    assert list(answers) == ["acme.example"]
    later = answers.get("WWW.web.de")
    assert later is not None
    assert later.free_country == "DE"
    assert answers.get("not a host") is None
    assert "a..b" not in answers
    assert dict(pickle.loads(pickle.dumps(answers))) == {"acme.example": answers["acme.example"]}
