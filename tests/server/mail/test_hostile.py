# ruff: noqa: E501 - one row, one line
"""The failures of others ("Lessons" in the notes on peers), tried on us: a Mail comes out, with the cap named."""

from __future__ import annotations

import base64
import time
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from keeneye.mail import Limits, read
from keeneye.model import KeeneyeError, Mail, Payload

M = 1024 * 1024
HEAD = b"From: a@b.example\r\nSubject: x\r\n"
MIXED = HEAD + b"Content-Type: multipart/mixed; boundary=x\r\n\r\n"


def nested(depth: int) -> bytes:
    levels = b"".join(b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (i, i) for i in range(depth))
    return HEAD + levels + b"Content-Type: text/plain\r\n\r\nthe words\r\n"


def part(kind: bytes, body: bytes) -> bytes:
    return HEAD + b"Content-Type: " + kind + b"\r\n\r\n" + body


@pytest.mark.parametrize(
    ("data", "defect"),
    [
        (nested(100), "mime_depth"),
        (nested(20_000), "mime_depth"),
        (HEAD + b"Content-Type: message/rfc822\r\n\r\n" * 20_000 + b"x", "mime_depth"),
        (MIXED + b"--x\r\n\r\n" * 20_000 + b"--x--", "mime_parts"),
        (MIXED + b"--x\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n" * 3000 + b"--x--", "mime_parts"),
        (b"Subject: " + b"=?utf-8?q?a?= " * 20_000 + b"\r\n\r\nx", "header_value"),
        (b"Subject: " + b"=?utf-8?q?a?=\r\n " * 4_000 + b"\r\n\r\nx", "encoded_words"),
        (b"To: " + b"a@b.example, " * 4_000 + b"\r\n\r\nx", "recipients"),
        (b"From: " + b"(" * 20_000 + b"\r\n\r\nx", None),
        (b"Subject: " + b"a" * M + b"\r\n\r\nx", "header_value"),
        (b"Content-Type: text/plain; name*99999999999=a\r\n\r\nx", None),
        (b"Content-Type: text/plain" + b"; a=b" * 2_000 + b"\r\n\r\nx", "parameters"),
        (b"X-A: b\r\n" * 100_000 + b"\r\nx", "headers"),
        (b"Received: from a by b\r\n" * 400 + b"\r\nx", "hops"),
        (part(b"text/plain", b"http://a.example/x " * 100_000), "links"),
        (part(b"text/html", b"<a href='http://a.example/'>x</a>" * 100_000), "links"),
        (part(b"text/plain", b"http://" + b"!" * 60 + b"<"), None),
        (part(b"text/plain", b".a" * 100_000 + b"@"), None),
        (part(b"text/plain", b"http://a.example?u=" * 3_000), None),
        (part(b"text/plain", b"a" * 10 * M), "body_chars"),
        (part(b"text/html", b"a" * 10 * M), "body_chars"),
        (part(b"text/plain", b"a\n" * 100_000), "lines"),
        (part(b"text/plain", b"From:\n" * 30_000), "lines"),
        (part(b"text/plain", b"On 1 wrote 1 wrote 1 wrote:\n" * 7_000), None),
        (part(b"text/plain", b"\0" * M), "nul"),
        (part(b"text/html", b"<b><i>" * 100_000), "html_tags"),
        (part(b"text/html", b"<blockquote type=cite>x" * 5_000), "html_depth"),
        (part(b"text/html", b"<!--" * 200_000), None),
        (b"\r" * M + b"x", None),
        (part(b"text/plain\r\nContent-Transfer-Encoding: base64", b"YWJj=\r\n" * M), "base64_broken"),
        (MIXED + b"--x-" * M, None),
        (b"Authentication-Results: x; " + b"(" * 60_000 + b"\r\n\r\nx", None),
        (b"References: " + b"<" * 60_000 + b"\r\n\r\nx", None),
    ],
)  # fmt: skip
def test_a_mail_comes_out(data, defect):
    mail = read(Payload(raw=data))
    assert isinstance(mail, Mail)
    assert defect is None or defect in mail.defects


def test_words_below_the_depth_cap_are_seen():
    assert "the words" in read(Payload(raw=nested(1500))).body


def test_the_writer_does_not_hide_behind_headers():
    mail = read(Payload(raw=b"X-A: b\r\n" * 100_000 + b"From: a@b.example\r\nSubject: hi\r\n\r\nx"))
    assert (mail.from_.address, mail.subject) == ("a@b.example", "hi")


def test_many_html_parts_end_at_the_deadline():
    body = (
        b"--x\r\nContent-Type: text/html; name=a.html\r\nContent-Disposition: attachment; filename=a.html\r\n\r\n"
        + b"<div>x" * 10_000
    )
    mail = read(Payload(raw=MIXED + (body + b"\r\n") * 50), limits=Limits(seconds=0.02))
    assert "deadline" in mail.defects


def test_time_is_bounded_well_below_the_promise():
    """25 MiB of base64: the promise is 2 s; ten times of what it takes is allowed here."""
    data = part(b"image/png\r\nContent-Transfer-Encoding: base64", (base64.b64encode(b"x" * 57) + b"\r\n") * 300_000)
    start = time.thread_time()
    mail = read(Payload(raw=data))
    assert time.thread_time() - start < 4
    assert mail.attachments[0].size == 57 * 300_000


def check(mail: Mail) -> None:
    """What every stage behind relies on."""
    spans = [*mail.own, *mail.quoted, *([mail.signature] if mail.signature else [])]
    for span in spans:
        assert 0 <= span.start < span.end <= len(mail.body)
    ordered = sorted(spans, key=lambda s: s.start)
    for before, after in pairwise(ordered):
        assert before.end <= after.start
    assert list(mail.own) == sorted(mail.own, key=lambda s: s.start)
    for number, link in enumerate(mail.links):
        assert link.index == number
        if link.span:
            assert mail.body[link.span.start : link.span.end] == link.text
    assert [a.index for a in mail.attachments] == list(range(len(mail.attachments)))
    for text in (mail.subject, mail.body, mail.hidden_text, mail.alternative_text):
        text.encode()  # no lone surrogate
        assert "\0" not in text
    if mail.forwarded:
        assert 0 <= mail.forwarded.span.start <= mail.forwarded.span.end <= len(mail.body)


def tried(payload: Payload) -> None:
    try:
        mail = read(payload)
    except KeeneyeError as error:
        code = error.code
    else:
        return check(mail)
    assert code == "empty_message"


PIECES = st.sampled_from(
    [
        b"\r\n", b"\n", b"\r", b"\r\n\r\n", b"From: ", b"To: ", b"Subject: ", b"a@b.example", b"Content-Type: ", b"multipart/mixed; boundary=", b"multipart/alternative; boundary=x",
        b"text/html", b"text/plain; charset=", b"gb2312", b"utf-7", b"utf-16", b"iso-2022-jp", b"message/rfc822", b"--x", b"--x--", b"x", b"Content-Transfer-Encoding: ", b"base64",
        b"quoted-printable", b"=?utf-8?B?", b"=?gb2312?Q?", b"?=", b"=E4=BD", b"5L2g", b"<a href='http://x.example/'>", b"<div style='display:none'>", b"<b>", b"</div>", b"<", b">", b"<!--", b"<style>",
        b"\xe2\x80\x8b", b"\xe2\x80\xae", b"\xff", b"\0", b"\xed\xa0\x80", b"\xc4\xe3\xba\xc3", b"> ", b"On 1 Jan 2025, A <a@b.example> wrote:", b"-- ", b"Best regards,", b"Tel: +49 30 1234567",
        b"Received: from x ([192.0.2.1]) by y; ", b"Date: Tue, 4 Mar 2025 09:15:30 +0100", b"-----Original Message-----", b"Content-Disposition: attachment; filename=", b"filename*0*=utf-8''%E8",
        b"PK\x03\x04", b"%PDF-", b"\x78\x9f\x3e\x22", b"format=flowed", b" ", b"\t", b"&#8203;", b"&#xD800;", b"\xe5\x8f\x91\xe4\xbb\xb6\xe4\xba\xba\xef\xbc\x9a", b"Message:", b"Email: c@d.example", b"Name: Z",
    ]
)  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(st.lists(st.one_of(PIECES, st.binary(max_size=8)), max_size=60))
def test_any_bytes(pieces):
    tried(Payload(raw=b"".join(pieces)))


@settings(max_examples=150, deadline=None)
@given(
    st.text(alphabet=st.characters(), max_size=200),
    st.lists(st.tuples(st.text(max_size=10), st.text(alphabet=st.characters(), max_size=50)), max_size=5),
    st.one_of(st.none(), st.text(alphabet=st.characters(), max_size=200)),
)
def test_any_fields(text, headers, html):
    tried(Payload(text=text, html=html, headers=tuple(headers), subject=text[:50], from_=text[:30], sees="visible"))
