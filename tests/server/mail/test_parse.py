# ruff: noqa: E501 - one row, one line
from __future__ import annotations

import base64

import pytest

TEXT = b"Content-Type: text/plain; charset=utf-8"
HTML = b"Content-Type: text/html; charset=utf-8"


@pytest.mark.parametrize("end", [b"\r\n", b"\n", b"\r", b"\r\r\n"])
def test_line_ends(end, raw):
    data = b"From: a@b.example\nSubject: one\n two\nContent-Type: text/plain\n\nfirst\nsecond"
    mail = raw(data.replace(b"\n", end))
    assert mail.subject == "one two"
    assert mail.body == "first\nsecond"


@pytest.mark.parametrize("end", [b"\r\n", b"\n", b"\r"])
def test_line_ends_of_multiparts(end, raw):
    data = b'From: a@b.example\nContent-Type: multipart/mixed; boundary="x"\n\n--x\n\none\n--x\n\ntwo\n--x--\n'
    assert raw(data.replace(b"\n", end)).body == "one\n\ntwo"


def test_html_is_shown_and_plain_is_the_alternative(mime):
    mail = mime((TEXT, b"plain words"), (HTML, b"<p>html words"), kind=b"alternative")
    assert (mail.body_part, mail.body, mail.alternative_text) == ("html", "html words", "plain words")
    assert mail.html == "<p>html words"


def test_plain_first_then_html_attachment(mime):
    mail = mime((TEXT, b"see file"), (HTML + b"; name=login.html\r\nContent-Disposition: attachment", b"<form>"))
    assert (mail.body_part, mail.body) == ("text", "see file")
    assert mail.attachments[0].name == "login.html"
    assert mail.attachments[0].has_form


def test_text_attachment_is_not_body(mime):
    mail = mime((TEXT, b"hello"), (TEXT + b'\r\nContent-Disposition: attachment; filename="specs.txt"', b"specs"))
    assert mail.body == "hello"
    assert mail.attachments[0].text == "specs"


def test_empty_html_falls_back_to_plain(mime):
    mail = mime((TEXT, b"plain words"), (HTML, b"<html><body></body></html>"), kind=b"alternative")
    assert (mail.body_part, mail.body) == ("text", "plain words")


def test_nested_multiparts(raw):
    mail = raw(
        b"From: a@b.example\nContent-Type: multipart/mixed; boundary=a\n\n--a\nContent-Type: multipart/related; boundary=b\n\n"
        b"--b\nContent-Type: multipart/alternative; boundary=c\n\n--c\n\nplain\n--c\nContent-Type: text/html\n\n<b>html</b>\n--c--\n"
        b"--b\nContent-Type: image/png\nContent-ID: <x>\nContent-Transfer-Encoding: base64\n\niVBORw0KGgo=\n--b--\n--a--\n"
    )
    assert mail.body == "html"
    assert [(a.sniffed, a.inline) for a in mail.attachments] == [("image/png", True)]


@pytest.mark.parametrize(
    ("data", "defect"),
    [
        (
            b"Content-Type: multipart/mixed\n\n--zz\nContent-Type: text/plain\n\nwords\n--zz--\n",
            "multipart_boundary_wrong",
        ),
        (
            b"Content-Type: multipart/mixed; boundary=other\n\n--zz\nContent-Type: text/plain\n\nwords\n--zz--\n",
            "multipart_boundary_wrong",
        ),
        (b"Subject: x\n\n--zz\nContent-Type: text/plain\n\nwords\n--zz--\n", "multipart_without_type"),
        (b"Content-Type: multipart/mixed; boundary=zz\n\n--zz\n\nwords", "multipart_not_closed"),
        (b"Content-Type: multipart/mixed; boundary=zz\n\nwords", "multipart_without_boundary"),
    ],
)
def test_broken_multiparts(data, defect, raw):
    mail = raw(data)
    assert mail.body == "words"
    assert defect in mail.defects


def test_headers_that_are_none(raw):
    assert raw(b"just words\nand more").body == "just words\nand more"
    assert raw(b"\n\nSubject: x\n\nwords").subject == "x"
    assert raw(b"From x Mon Jan 1\nSubject: x\n\nwords").subject == "x"
    mail = raw(b"Subject: x\nno colon here\nFrom: a@b.example\n\nwords")
    assert (mail.subject, mail.from_.address, mail.body) == ("x", "a@b.example", "words")
    assert "header_broken" in mail.defects
    assert raw(b"Subject: x\nwords without an empty line\nmore").body == "words without an empty line\nmore"


@pytest.mark.parametrize("fold", [b" ", b""])
def test_an_empty_line_inside_an_encoded_word(fold, raw):
    mail = raw(b"Subject: =?gb2312?B?0a+82\n\n" + fold + b"w==?=\nFrom: a@b.example\n\nwords")
    assert (mail.subject, mail.from_.address, mail.body) == ("询价", "a@b.example", "words")


def test_raw_subject_in_the_charset_of_the_body(raw):
    data = (
        b"Subject: "
        + "견적 문의".encode("cp949")
        + b"\nContent-Type: text/html\n\n<meta charset=euc-kr>"
        + "안녕하세요".encode("cp949")
    )
    assert raw(data).subject == "견적 문의"


def test_duplicated_headers_are_noted(raw):
    mail = raw(b"From: a@b.example\nFrom: c@d.example\nSubject: one\nSubject: two\n\nx")
    assert [a.address for a in mail.from_all] == ["a@b.example", "c@d.example"]
    assert mail.subject == "one"
    assert {"duplicate_from", "duplicate_subject"} <= set(mail.defects)


@pytest.mark.parametrize(
    ("encoding", "body", "text"),
    [
        (b"base64", base64.b64encode("询价".encode()), "询价"),
        (b"BASE64", base64.b64encode(b"hello")[:-1], "hello"),
        (b"quoted-printable", b"caf=C3=A9 =\nbar=", "café bar"),
        (b"quoted-printable", b"100=% sure =ZZ", "100=% sure =ZZ"),
        (b"x-uuencode", b"begin 644 a\n#86)C\nend\n", "abc"),
        (b"8bit", "café".encode(), "café"),
        (b"nonsense", b"hello", "hello"),
    ],
)
def test_transfer_encodings(encoding, body, text, raw):
    mail = raw(b"Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: " + encoding + b"\n\n" + body)
    assert mail.body.strip() == text


def test_format_flowed(raw):
    mail = raw(
        b"Content-Type: text/plain; format=flowed\n\nWe need \nfive valves.\n> quoted \n> line\n\n-- \nAnn\nTel: +49 30 1234567"
    )
    assert mail.body == "We need five valves.\n> quoted line\n\n-- \nAnn\nTel: +49 30 1234567"


def test_delsp(raw):
    mail = raw("Content-Type: text/plain; charset=utf-8; format=flowed; delsp=yes\n\n请报 \n价".encode())
    assert mail.body == "请报价"


def test_charset_of_html_meta(raw):
    source = '<html><head><meta charset="gb2312"></head><body>请报价，谢谢</body></html>'.encode("gbk")
    mail = raw(b"Content-Type: text/html\n\n" + source)
    assert mail.body == "请报价，谢谢"
    assert mail.charset == "gb18030"


def test_attached_message_alone_is_opened(mime):
    inner = b"From: Real Buyer <buyer@firm.example>\r\nSubject: Need pumps\r\nDate: Tue, 4 Mar 2025 09:15:30 +0100\r\n\r\nPlease quote 50 pumps."
    mail = mime((TEXT, b"FYI"), (b"Content-Type: message/rfc822", inner))
    assert mail.body == "Please quote 50 pumps."
    assert mail.from_.address == "ann@buyer.example"  # the headers stay those of who sent it
    assert mail.forwarded.kind == "forward"
    assert mail.forwarded.from_.address == "buyer@firm.example"
    assert mail.forwarded.subject == "Need pumps"


def test_attached_message_beside_words_stays_attached(mime):
    inner = b"From: x@firm.example\r\nSubject: old\r\n\r\nold words"
    mail = mime((TEXT, b"We need valves. " * 20), (b"Content-Type: message/rfc822", inner))
    assert mail.body.startswith("We need valves.")
    assert mail.forwarded is None
    assert mail.attachments[0].type == "message/rfc822"


def test_base64_of_an_attached_message(mime):
    inner = base64.encodebytes(b"From: buyer@firm.example\nSubject: Need pumps\n\nPlease quote.")
    mail = mime((b"Content-Type: message/rfc822\r\nContent-Transfer-Encoding: base64", inner))
    assert mail.body == "Please quote."


def test_utf16_file(raw):
    assert raw("From: a@b.example\n\nhello".encode("utf-16")).body == "hello"
