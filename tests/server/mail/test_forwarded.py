# ruff: noqa: E501 - one row, one line
from __future__ import annotations

import pytest

INNER = "Dear Sir,\nplease quote 500 valves DN50.\n\nBest regards,\nJohn Smith\nTel: +1 212 555 0100"
OWN = "Dear Sir,\nplease quote 500 valves DN50."


@pytest.mark.parametrize(
    ("subject", "above"),
    [
        ("Fwd: Valves", "---------- Forwarded message ---------\nFrom: John Smith <john@firm.example>\nDate: Tue, 4 Mar 2025\nSubject: Valves\nTo: <info@exporter.example>\n"),
        ("FW: Valves", "Please handle.\n\n-----Original Message-----\nFrom: John Smith [mailto:john@firm.example]\nSent: Tue, 4 Mar 2025\nTo: info@exporter.example\nSubject: Valves\n"),
        ("FW: Valves", "FYI\n\n________________________________\nFrom: John Smith <john@firm.example>\nSent: Tue, 4 Mar 2025\nTo: info@exporter.example\nSubject: Valves\n"),
        ("转发：Valves", "请跟进\n\n发件人： John Smith <john@firm.example>\n发送时间： 2025-03-04\n收件人： info@exporter.example\n主题： Valves\n"),
        ("Fw:Valves", "-------- 转发邮件信息 --------\n发件人：John Smith <john@firm.example>\n发送日期：2025-03-04\n收件人：info@exporter.example\n主题：Valves\n"),
        ("WG: Valves", "Von: John Smith <john@firm.example>\nGesendet: Dienstag\nAn: info@exporter.example\nBetreff: Valves\n"),
        ("Valves", "From: John Smith <john@firm.example>\nSent: Tue, 4 Mar 2025\nTo: info@exporter.example\nSubject: Valves\n"),
        ("Fwd: Valves", "Begin forwarded message:\n\nFrom: John Smith <john@firm.example>\nSubject: Valves\nDate: 4 March 2025\nTo: info@exporter.example\n"),
    ],
)  # fmt: skip
def test_a_colleagues_forward(subject, above, plain):
    mail = plain(f"{above}\n{INNER}", subject=subject, sender="Li Wei <li@exporter.example>")
    found = mail.forwarded
    assert (found.kind, found.from_.name, found.from_.address, found.subject) == (
        "forward",
        "John Smith",
        "john@firm.example",
        "Valves",
    )
    assert mail.own_text == OWN
    assert mail.signature_text.startswith("Best regards,")
    assert "John Smith" in mail.body[found.span.start : found.span.end]


@pytest.mark.parametrize(
    ("subject", "text"),
    [
        ("Re: Valves", "We need them soon.\n\n-----Original Message-----\nFrom: Li <li@exporter.example>\nSent: Tue\nTo: Ann\nSubject: Valves\n\nour words"),
        ("Valves", "Please quote 500 valves."),
        ("Fwd: Valves", "Please quote 500 valves."),
        ("Valves", "From: a@x.example\nTo: b@y.example\nHi Mary,\nwe sell.\nIt is cheap.\nOr not.\nWho knows.\nMessage: call us"),
        ("Valves", "NAME:______\nCOMPANY:_____\nE-MAIL:______\nCOMMENTS: (write here)"),
        ("Valves", "Name: valve\nSize: DN50\nMaterial: steel"),
    ],
)  # fmt: skip
def test_not_a_forward(subject, text, plain):
    assert plain(text, subject=subject).forwarded is None


NOTICE = (
    "Dear supplier,\nYou have received an inquiry.\n\nFrom: John Smith\nCompany: Firm Ltd\nCountry: Canada\n{email}\n"
    "Message:\nPlease quote 500 valves DN50.\nWe need them in May.\n\nReply now\nDo not reply to this e-mail."
)


@pytest.mark.parametrize(
    ("sender", "email", "platform", "address"),
    [
        ("Alibaba <feedback@service.alibaba.com>", "", "alibaba.com", ""),
        ("MIC <notice@made-in-china.com>", "Email: john@firm.example", "made-in-china.com", "john@firm.example"),
        ("Shop <noreply@exporter.example>", "E-mail: john@firm.example", None, "john@firm.example"),
    ],
)
def test_notices(sender, email, platform, address, plain):
    mail = plain(NOTICE.format(email=email), sender=sender, subject="Inquiry notification")
    found = mail.forwarded
    assert (found.kind, found.platform, found.from_.name, found.from_.address) == (
        "notice",
        platform,
        "John Smith",
        address,
    )
    assert mail.own_text == "Please quote 500 valves DN50.\nWe need them in May."


def test_a_web_form(plain):
    mail = plain(
        "From: John Smith <john@firm.example>\nSubject: Valves\n\nMessage Body:\nPlease quote 500 valves.\n\n-- \nThis e-mail was sent from a contact form",
        sender="WordPress <wordpress@exporter.example>",
    )
    assert mail.forwarded.from_.address == "john@firm.example"
    assert mail.own_text == "Please quote 500 valves."


def test_a_notice_in_a_table(page):
    mail = page(
        "<table><tr><td>Name:</td><td>John Smith</td></tr><tr><td>Email:</td><td>john@firm.example</td></tr>"
        "<tr><td>Company:</td><td>Firm Ltd</td></tr><tr><td>Message:</td><td>Please quote 500 valves.</td></tr></table>"
    )
    assert (mail.forwarded.from_.name, mail.forwarded.from_.address) == ("John Smith", "john@firm.example")
    assert mail.own_text == "Please quote 500 valves."


def test_a_form_without_an_address_is_not_a_notice(plain):
    assert plain("Name: valve\nCompany: any\nMessage: please quote").forwarded is None
