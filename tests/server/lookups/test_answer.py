"""A message's own addresses and hosts are answered, whatever it holds."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from keeneye.lookups import Lookups
from keeneye.model import Address, Attachment, Firm, Forwarded, Hop, Link, Mail, Span

NOW = datetime(2026, 11, 25, 8, 0, tzinfo=UTC)
Make = Callable[..., Mail]


def mailbox(text: str) -> Address:
    return Address("", text, *text.split("@"))


def hop(ip: str | None, host: str | None = None) -> Hop:
    return Hop(0, host, ip, None, None, None, "")


def link(host: str, index: int = 0) -> Link:
    return Link(index, "a", "", f"https://{host}/", "https", host)


def test_everything_that_a_message_names_is_answered(lookups: Lookups, a_mail: Make) -> None:
    mail = a_mail(
        from_=mailbox("buyer@vsnl.com"),
        from_all=(mailbox("buyer@vsnl.com"),),
        sender=mailbox("office@acme.example"),
        reply_to=(mailbox("x@mailinator.com"),),
        return_path="<bounce@Sender.example>",
        hops=(hop("209.85.220.41", "Mail-Lf1-F49.google.com"), hop("10.0.0.1"), hop(None)),
        originating_ip="[41.58.1.2]",
        links=(link("dhl-parcel.example"), link("3639550821")),
        attachments=(
            Attachment(0, "a.html", "text/html", None, 1, None, links=("https://x.web.app/login", "http://[")),
        ),
        forwarded=Forwarded("forward", mailbox("inner@web.de"), None, None, None, None, Span(0, 1)),
    )
    answers = lookups.answer(mail, Firm(), NOW)
    assert answers.now == NOW
    assert set(answers.places) == {"209.85.220.41", "[41.58.1.2]", "3639550821"}
    assert answers.places["3639550821"].ip == "216.239.35.101"
    assert answers.places["[41.58.1.2]"].country == "NG"
    assert set(answers.domains) == {
        "vsnl.com", "acme.example", "mailinator.com", "sender.example", "dhl-parcel.example",
        "3639550821", "x.web.app", "web.de",
    }  # fmt: skip
    assert answers.domains["Mail-Lf1-F49.google.com"].mail_provider == "Gmail"
    assert answers.domains["vsnl.com"].free_country == "IN"
    assert answers.domains["mailinator.com"].mailbox == "disposable"
    assert answers.domains["dhl-parcel.example"].resembles == "dhl.com"
    assert answers.domains["x.web.app"].free_hosting
    assert answers.countries["IN"].name == "India"
    assert answers.geo_source == "DB-IP Lite 2026-09"
    assert answers.history is None
    assert answers.pending == ()


def test_nothing_is_invented_for_an_empty_message(lookups: Lookups, a_mail: Make) -> None:
    answers = lookups.answer(a_mail(), Firm(), NOW)
    assert answers.places == {}
    assert dict(answers.domains) == {}


def test_age_and_servers_of_a_domain_are_not_known_here(lookups: Lookups, a_mail: Make) -> None:
    answer = lookups.answer(a_mail(from_=mailbox("a@acme.example")), Firm(), NOW).domains["acme.example"]
    assert (answer.age_days, answer.has_mx, answer.has_site) == (None, None, None)


def test_our_own_and_our_partners_domains_are_guarded(geo_dir: Path, a_mail: Make) -> None:
    lookups = Lookups(geo_dir, partners=("nordwind-pumpen.example",))
    firm = Firm(domains=("acmetools.example",), partners=("ostsee-kran.example",))
    senders = ("a@nordwind-purnpen.example", "b@acmetoo1s.example", "c@ostsee-kram.example", "d@ostsee-kran.example")
    mail = a_mail(from_all=tuple(map(mailbox, senders)))
    found = {h: a.resembles for h, a in lookups.answer(mail, firm, NOW).domains.items()}
    assert found == {
        "nordwind-purnpen.example": "nordwind-pumpen.example",
        "acmetoo1s.example": "acmetools.example",
        "ostsee-kram.example": "ostsee-kran.example",
        "ostsee-kran.example": None,
    }
    without = lookups.answer(mail, Firm(), NOW).domains
    assert without["acmetoo1s.example"].resembles is None


def test_another_firms_answers_are_not_kept(lookups: Lookups, a_mail: Make) -> None:
    mail = a_mail(from_=mailbox("a@acme-t00ls.example"))
    ours = Firm(domains=("acme-tools.example",))
    assert lookups.answer(mail, ours, NOW).domains["acme-t00ls.example"].resembles == "acme-tools.example"
    assert lookups.answer(mail, replace(ours, domains=()), NOW).domains["acme-t00ls.example"].resembles is None


@pytest.mark.parametrize("text", ["", " ", "\x00", "a" * 100_000, "\ud800", "[", "xn--", "%", "1.2.3.4.5", "é" * 300])
def test_odd_values_are_no_error(lookups: Lookups, a_mail: Make, text: str) -> None:
    person = Address(text, text, text, text)
    mail = a_mail(
        from_=person, from_all=(person,), sender=person, reply_to=(person,), return_path=f"{text}@{text}",
        hops=(Hop(0, text, text, text, text, None, text),), originating_ip=text,
        links=(Link(0, "a", text, text, text, text),),
        attachments=(Attachment(0, text, text, None, None, None, links=(text, f"http://{text}:x/")),),
    )  # fmt: skip
    answers = lookups.answer(mail, Firm(domains=(text,), partners=(text,)), NOW)
    assert answers.places == {}
    assert all(a.resembles is None for a in answers.domains.values())


def test_a_flood_of_hosts_is_bounded(lookups: Lookups, a_mail: Make) -> None:
    mail = a_mail(
        links=tuple(link(f"host{i}.example", i) for i in range(100_000)),
        hops=tuple(hop(f"8.8.{i % 250}.{i // 250}") for i in range(10_000)),
    )
    answers = lookups.answer(mail, Firm(), NOW)
    assert len(answers.domains) == 1_000
    assert len(answers.places) <= 200
    assert answers.domains["host99999.example"].registrable == "host99999.example"


def test_answers_travel_between_processes(lookups: Lookups, a_mail: Make) -> None:
    answers = lookups.answer(a_mail(from_=mailbox("a@web.de"), originating_ip="8.8.8.8"), Firm(), NOW)
    copy = pickle.loads(pickle.dumps(answers))
    assert dict(copy.domains) == dict(answers.domains)
    assert copy.places == answers.places


def test_a_changed_risk_table_is_taken_up(geo_dir: Path, tmp_path: Path, a_mail: Make) -> None:
    own = tmp_path / "risk.csv"
    own.write_text("iso2,oecd_0_7,fatf,date\nDE,3,none,d\n", encoding="utf-8")
    lookups = Lookups(geo_dir, risk_csv=own)
    assert lookups.countries["DE"].risk == 3
    own.write_text("iso2,oecd_0_7,fatf,date\nDE,4,none,d\n", encoding="utf-8")
    lookups.reload()
    assert lookups.answer(a_mail(), Firm(), NOW).countries["DE"].risk == 4
