# ruff: noqa: E501 - one row, one line
from __future__ import annotations

from datetime import UTC, datetime

import pytest

from keeneye.mail import Limits, read
from keeneye.model import KeeneyeError, Payload, SeenAttachment

WHOLE = (
    b"Return-Path: <bounce@buyer.example>\r\nReceived: from buyer.example (buyer.example [203.0.113.9]) by mx.exporter.example; Tue, 4 Mar 2025 09:15:31 +0000\r\n"
    b"Authentication-Results: mx.exporter.example; spf=pass smtp.mailfrom=buyer.example\r\n"
    b"From: =?utf-8?B?5byg5Lyf?= <Zhang@Buyer.example>\r\nSender: office@buyer.example\r\nReply-To: other@free.example\r\n"
    b"To: sales@exporter.example, Second <b@exporter.example>\r\nCc: c@exporter.example\r\nSubject: =?gb2312?B?0a+82w==?=\r\n"
    b"Date: Tue, 4 Mar 2025 10:15:30 +0100\r\nMessage-ID: <1@buyer.example>\r\nIn-Reply-To: <0@exporter.example>\r\n"
    b"References: <a@exporter.example> <0@exporter.example>\r\nX-Originating-IP: [203.0.113.9]\r\n\r\nHello"
)


def test_whole_message():
    mail = read(Payload(raw=WHOLE, mailbox="sales@exporter.example", client_id="gmail"))
    assert (mail.subject, mail.body, mail.body_part) == ("询价", "Hello", "text")
    assert (mail.from_.name, mail.from_.address) == ("张伟", "zhang@buyer.example")
    assert mail.sender.address == "office@buyer.example"
    assert [a.address for a in mail.reply_to] == ["other@free.example"]
    assert [a.address for a in (*mail.to, *mail.cc)] == [
        "sales@exporter.example",
        "b@exporter.example",
        "c@exporter.example",
    ]
    assert mail.return_path == "bounce@buyer.example"
    assert mail.date == datetime(2025, 3, 4, 9, 15, 30, tzinfo=UTC)
    assert mail.message_id == "<1@buyer.example>"
    assert mail.in_reply_to == "<0@exporter.example>"
    assert mail.references == ("<a@exporter.example>", "<0@exporter.example>")
    assert mail.hops[0].from_ip == mail.originating_ip == "203.0.113.9"
    assert mail.auth_headers[0].above_received == 1
    assert mail.header("subject") == "询价"
    assert (mail.mailbox, mail.client_id, mail.size, mail.sees) == (
        "sales@exporter.example",
        "gmail",
        len(WHOLE),
        "raw",
    )
    assert mail.defects == ()


def test_visible_fields():
    mail = read(
        Payload(
            subject="Valves", from_="Ann <ann@buyer.example>", to="sales@exporter.example", date="2025-03-04T09:15:30Z",
            html="<p>Please quote.</p><p>Best regards,<br>Ann<br>Tel: +49 30 1234567</p>", text="plain", sees="visible",
            attachments=(SeenAttachment("PO.pdf", "Application/PDF", 10, "ab"),),
        )
    )  # fmt: skip
    assert (mail.sees, mail.subject, mail.from_.address, mail.body_part) == (
        "visible",
        "Valves",
        "ann@buyer.example",
        "html",
    )
    assert mail.own_text == "Please quote."
    assert mail.alternative_text == "plain"
    assert mail.date == datetime(2025, 3, 4, 9, 15, 30, tzinfo=UTC)
    assert (mail.attachments[0].name, mail.attachments[0].type, mail.attachments[0].sniffed) == (
        "PO.pdf",
        "application/pdf",
        None,
    )
    assert mail.return_path is None
    assert mail.hops == ()


def test_only_a_name_is_seen():
    mail = read(Payload(from_="Ann Buyer", text="hello", sees="visible"))
    assert (mail.from_.name, mail.from_.address) == ("Ann Buyer", "")


def test_header_list_wins_over_seen_fields():
    headers = (
        ("Subject", "=?utf-8?Q?Va?=\r\n =?utf-8?Q?lves?="),
        ("From", "a@buyer.example"),
        ("Received", "from x ([203.0.113.9]) by y"),
    )
    mail = read(Payload(headers=headers, subject="other", text="hello", sees="headers"))
    assert mail.subject == "Valves"
    assert mail.hops[0].from_ip == "203.0.113.9"


def test_lone_surrogates_in_json():
    mail = read(Payload(text="a\ud800b", subject="x\udfff", sees="visible"))
    assert (mail.body, mail.subject) == ("a\ufffdb", "x\ufffd")
    assert "lone_surrogate" in mail.defects


@pytest.mark.parametrize(
    "payload", [Payload(), Payload(raw=b""), Payload(raw=b" \r\n\0\n"), Payload(text=" ", html="", sees="visible")]
)
def test_nothing_to_read(payload):
    with pytest.raises(KeeneyeError) as caught:
        read(payload)
    assert caught.value.code == "empty_message"


@pytest.mark.parametrize(
    "payload", [Payload(raw=b"a" * 101), Payload(text="a" * 101), Payload(headers=(("A", "b" * 101),))]
)
def test_too_large(payload):
    with pytest.raises(KeeneyeError) as caught:
        read(payload, limits=Limits(bytes=100))
    assert caught.value.code == "message_too_large"


def test_null_sender():
    assert read(Payload(raw=b"Return-Path: <>\n\nx")).return_path == ""


def test_zero_width_in_the_subject():
    mail = read(Payload(raw="Subject: pass\u200bword\n\nx".encode()))
    assert (mail.subject, mail.zero_width) == ("password", 1)
