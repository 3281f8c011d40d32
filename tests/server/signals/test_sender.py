"""Mailboxes named in the headers, and the honest reasons for odd ones."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from keeneye.model import Outcome, Payload
from keeneye.signals import load

HIT, MISS, NA, UNKNOWN = Outcome.HIT, Outcome.MISS, Outcome.NOT_APPLICABLE, Outcome.UNKNOWN
COMPANY = "Ann <ann@buyer.example>"
FREE = "Ade Imports <ade.imports@gmail.com>"
LIST = [("List-Id", "<valves.lists.example>")]
UNPROVEN = {"return_path": "<www-data@hacked.example>"}


def mail(sender: str | None = COMPANY, **more: Any) -> dict[str, Any]:
    return {"from": sender, "text": "We need 500 ball valves.", **more}


ROWS: list[tuple[str, Any, Outcome]] = [
    ("free-mailbox", mail(FREE), HIT),
    ("free-mailbox", mail("Raj <raj@rediffmail.com>"), HIT),
    ("free-mailbox", mail(), MISS),
    ("company-mailbox", mail(), HIT),
    ("company-mailbox", mail(FREE), MISS),
    ("company-mailbox", mail(auth="spf=fail smtp.mailfrom=x.example; dmarc=fail"), MISS),
    ("throw-away", mail("x <x@mailinator.com>"), HIT),
    ("throw-away", mail(FREE), MISS),
    ("throw-away", mail(reply_to="x@mailinator.com"), HIT),
    ("throw-away", mail("x <x@mailinator.com>", headers=[("In-Reply-To", "<1@exporter.example>")]), MISS),
    ("answers-to-free-mailbox", mail(reply_to="acme.buyer@gmail.com"), HIT),
    ("answers-to-free-mailbox", mail(), NA),
    ("answers-to-free-mailbox", mail("Form <www@exporter.example>", reply_to="visitor@gmail.com"), MISS),  # our form
    ("answers-to-free-mailbox", mail(reply_to="visitor@gmail.com", headers=LIST), MISS),
    ("answers-to-free-mailbox", mail(FREE, reply_to="other@outlook.com"), MISS),
    ("answers-to-free-mailbox", mail("Alibaba <n@service.alibaba.com>", reply_to="b@gmail.com"), MISS),
    ("answers-elsewhere", mail(FREE, reply_to="other@outlook.com"), HIT),
    ("answers-elsewhere", mail(reply_to="ann@elsewhere.example"), HIT),
    ("answers-elsewhere", mail(FREE, reply_to="ade.imports@outlook.com"), MISS),  # the same person's other mailbox
    ("answers-elsewhere", mail(reply_to="sales@mail.buyer.example"), MISS),
    ("answers-elsewhere", mail(reply_to="valves@lists.example", headers=LIST), MISS),
    ("answers-elsewhere", mail("Form <www@exporter.example>", reply_to="v@company.example"), MISS),
    ("answers-to-look-alike", mail("Ann <ann@bigbuyer.example>", reply_to="ann@bigbuyer-trading.example"), HIT),
    ("answers-to-look-alike", mail("Ann <ann@asco.example>", reply_to="sales@asco-c.example"), HIT),
    (
        "answers-to-look-alike",  # written to a mailing list, whose own address is not the answer's
        mail("Ann <ann@bigbuyer.example>", reply_to="ann@bigbuyer-trading.example", headers=LIST),
        HIT,
    ),
    ("answers-to-look-alike", mail("Ann <ann@bigbuyer.example>", reply_to="ann@elsewhere.example"), MISS),
    ("answers-to-look-alike", mail("Ann <ann@bigbuyer.example>", reply_to="ann@bigbuyer.test"), MISS),
    ("answers-to-look-alike", mail("Ann <ann@sun.example>", reply_to="ann@sunrise.example"), MISS),
    ("answers-to-look-alike", mail(), NA),
    ("bounces-elsewhere", mail(**UNPROVEN), HIT),
    ("bounces-elsewhere", mail(return_path="<bounce@buyer.example>"), MISS),
    ("bounces-elsewhere", mail(**UNPROVEN, auth="dkim=pass header.d=buyer.example"), MISS),  # a mailing service
    ("to-himself", mail(to="ann@buyer.example"), HIT),
    ("to-himself", mail(), MISS),
    ("to-himself", mail(to="ann@buyer.example", cc="sales@exporter.example"), MISS),
    ("no-address", mail("notice@correios"), HIT),
    ("no-address", mail("a@one.example, b@two.example"), HIT),
    ("no-address", mail("Shop <service@shop.example.>"), HIT),
    ("no-address", mail("ann@buyer.example (Ann Lee)"), MISS),
    ("no-address", mail(), MISS),
    ("hidden-crowd", mail(FREE, to="undisclosed-recipients:;", text="I have a proposal for you."), HIT),
    ("hidden-crowd", mail(FREE, to="undisclosed-recipients:;"), MISS),  # names its goods
    ("hidden-crowd", mail(FREE, text="I have a proposal for you."), MISS),
    ("hidden-crowd", mail(to="undisclosed-recipients:;", text="Our offices are closed on Monday."), NA),
    ("drawn-name", mail("x <x7kq92bzt1@buyer.example>"), HIT),
    ("drawn-name", mail("x <ptehwgwnvdu@buyer.example>"), HIT),
    ("drawn-name", mail("Krzysztof <krzysztof@buyer.example>"), MISS),
    ("drawn-name", mail("Li <li.ming1988@buyer.example>"), MISS),
    ("drawn-name", mail("Wang <13812345678@163.com>"), MISS),
    ("office-in-free-mailbox", mail("Ministry of Health <moh.tenders@gmail.com>"), HIT),
    ("office-in-free-mailbox", mail(FREE), MISS),
    ("office-in-free-mailbox", mail("Ministry of Health <tenders@health.gov.gh>"), NA),
    ("web-server", mail("Shop <www-data@shop.example>"), HIT),
    ("web-server", mail("Shop <noreply@shop.example>"), MISS),
    ("web-server", mail("Form <wordpress@exporter.example>"), NA),
]


@pytest.mark.parametrize(("name", "message", "expected"), ROWS)
def test_sender(outcome: Callable[..., Outcome], name: str, message: dict[str, Any], expected: Outcome) -> None:
    assert outcome(f"sender.{name}", message) is expected


def test_a_client_that_sees_no_headers_is_no_bad_sign(outcome: Callable[..., Outcome]) -> None:
    seen = Payload(text="We need valves", sees="visible")
    assert outcome("sender.no-address", "", payload=seen) is UNKNOWN


def test_a_buyer_with_a_free_mailbox_is_not_called_a_fraud(facts_of: Callable[..., Any]) -> None:
    facts = facts_of(mail(FREE, text="We are importers in Lagos and need 500 ball valves DN50 PN16, CIF Apapa."))
    against = [s.id for s in load().values() if s.weight < 0 and s.family == "sender" and s.effect != "quality"
               and s.check(facts).outcome is HIT]  # fmt: skip
    assert against == []


def test_another_mailbox_for_the_answer_says_less_beside_goods(ask: Callable[..., Any]) -> None:
    goods = ask("sender.answers-elsewhere", mail(FREE, reply_to="other@outlook.com"))
    tale = ask("sender.answers-elsewhere", mail(FREE, reply_to="other@outlook.com", text="I have a proposal."))
    assert goods.strength < tale.strength == 1.0


def test_every_signal_of_the_file_is_tried() -> None:
    assert {f"sender.{name}" for name, _, _ in ROWS} == {i for i in load() if i.startswith("sender.")}
