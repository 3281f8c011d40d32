# ruff: noqa: E501 - one row, one line
"""Whatever mail or fields come in: a verdict of the contract comes out, the same one each time, or a named refusal.

The messages are put together from pieces that mail has – headers, charsets, encodings, HTML, quoted threads,
signatures, lexicon words – so that the stages behind the reader get something to do.
"""

from __future__ import annotations

import base64
import json
import quopri
from collections.abc import Iterator
from email.header import Header
from typing import Any

import hostile
import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from keeneye import settings as server_settings
from keeneye.api.app import create_app
from keeneye.api.services import KEY
from keeneye.model import KeeneyeError, Payload, SeenAttachment
from keeneye.pipeline import Grader
from keeneye.store.migrations import migrate

pytestmark = pytest.mark.slow

MANY = settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture]
)

# ---------------------------------------------------------------- words

WORDS = st.sampled_from(
    [
        "Dear Sirs,", "Dear friend", "您好，", "Estimados señores:", "Bonjour,", "Hello Keeneye team", "please quote", "500 pcs", "5,000,000 USD", "20 containers", "ball valve DN50 PN16",
        "FOB Shanghai", "CIF Callao", "30% T/T", "L/C at sight", "free samples", "please send your price list", "请报价", "最低起订量", "necesitamos cotización", "срочно", "عرض سعر", "見積もり",
        "verify your mailbox password", "your account will be suspended", "click here", "log in to view the document", "our bank account has changed", "invitation letter for visa",
        "registration fee", "notary fee", "next of kin", "commission 30%", "urgent!!!", "CE certificate", "drawing attached", "target price USD 2.5/pc", "annual volume 10,000", "as per attached PO",
        "Regards", "Best regards,", "Mit freundlichen Grüßen", "此致敬礼", "Atentamente", "С уважением", "Ann Buyer", "Purchasing Manager", "采购经理", "Nordhaus Import GmbH", "Buyer Co., Ltd.", "ООО Ромашка",
        "Tel: +49 421 555 0100", "Tel. 001", "Fax +1 (212) 555-0142", "WhatsApp +51 1 555 0142", "手机 13800138000", "12 Long Street, 28195 Bremen, Germany", "上海市浦东新区世纪大道100号",
        "www.buyer.example", "http://203.0.113.9/login", "https://bit.ly/x", "http://аpple.example/", "ann@buyer.example", "VAT DE123456789", "On Tue, 3 Nov 2026, Bob <bob@exporter.example> wrote:",
        "-----Original Message-----", "---------- Forwarded message ---------", "From: Carl <carl@third.example>", "Subject: RE: order", "发件人：", "Name: Z", "Email: z@z.example", "Message: hi", "> quoted", "-- ", "\n", "\n\n", "\t", "  ",
        "\u200b", "\u202e", "\u00ad", "\u3000", "e\u0301", "ｐａｓｓｗｏｒｄ", "pаsswоrd", "𝐩𝐚𝐬𝐬𝐰𝐨𝐫𝐝", "👍", "½", "٣٥٠", "五百", "ß", "İ", "ǅ", "ﬁ", "\x85", "\u2028", "\x0b", "\x0c", "\x1f", "\x7f", "\0", "%", "{quote}", "{", "}", "$", "€ 5", "<", ">", "&amp;", "=", "?=", "=?",
    ]
)  # fmt: skip
TEXT = st.lists(st.one_of(WORDS, WORDS, st.text(max_size=12)), max_size=40).map(lambda words: " ".join(words))
LINE = st.lists(st.one_of(WORDS, st.text(max_size=8)), max_size=6).map(lambda words: " ".join(" ".join(words).split()))

# ---------------------------------------------------------------- mail

CHARSETS = st.sampled_from(
    [
        "utf-8",
        "gb2312",
        "gb18030",
        "big5",
        "iso-2022-jp",
        "shift_jis",
        "euc-kr",
        "koi8-r",
        "windows-1252",
        "windows-1256",
        "iso-8859-1",
        "us-ascii",
        "utf-7",
        "utf-16",
        "x-unknown",
        "",
    ]
)
MAILBOX = st.one_of(
    st.sampled_from(
        [
            "ann@buyer.example", "Ann <ann@buyer.example>", '"Buyer, Ann" <ann@buyer.example>', "Buyer, Ann <ann@buyer.example>", "sales@exporter.example <x@gmail.com>", "<>", "a@b@c.example", "@", "undisclosed-recipients:;",
            "x@mail.ru", "user@qq.com", "no-reply@alibaba.com", "ceo@paypa1.example", "a@203.0.113.9", "a@[203.0.113.9]", "ann@müller.example", "ann@xn--mller-kva.example", "a@example.co.uk", "a@gov.cn", "(comment) a@b.example",
        ]
    ),
    LINE,
)  # fmt: skip
DATES = st.sampled_from(
    ["Tue, 24 Nov 2026 10:20:00 +0100", "24 Nov 26 10:20 EST", "Tue, 24 Nov 2026 10:20:00 -0000", "Wed, 31 Dec 9999 23:59:59 -1200", "Mon, 1 Jan 0001 00:00:00 +1400", "yesterday", "", "Tue, 24 Nov 2026 25:61:00 +9999", "2026-11-24T10:20:00Z"]
)  # fmt: skip
RECEIVED = st.sampled_from(
    [
        "from out.buyer.example ([203.0.113.5]) by mx.exporter.example; Tue, 24 Nov 2026 09:20:05 +0000", "from [8.8.8.8] by mail-pf1.google.com with HTTP; Tue, 24 Nov 2026 01:20:05 -0800 (PST)",
        "from localhost (unknown [127.0.0.1]) by x; bad date", "from h (h [IPv6:2001:db8::1]) by y with ESMTPS id 1 for <a@b.example>; Tue, 24 Nov 2026 09:20:05 +0800", "by smtp.qq.com", "", "from a by b; Wed, 31 Dec 9999 23:59:59 -1200",
    ]
)  # fmt: skip
HEADERS = st.one_of(
    st.tuples(st.sampled_from(["From", "To", "Cc", "Reply-To", "Sender", "Return-Path"]), MAILBOX),
    st.tuples(st.just("Subject"), LINE),
    st.tuples(st.just("Date"), DATES),
    st.tuples(st.just("Received"), RECEIVED),
    st.tuples(st.just("Authentication-Results"), st.sampled_from(["mx.exporter.example; spf=pass smtp.mailfrom=buyer.example; dkim=fail; dmarc=none", "x; spf", ";;;", "mx; dkim=pass header.d=x.example (a;b)", ""])),
    st.tuples(st.sampled_from(["X-Originating-IP", "Message-ID", "In-Reply-To", "References", "List-Unsubscribe", "Precedence", "Auto-Submitted", "X-Mailer", "X-PHP-Originating-Script"]), st.one_of(LINE, st.sampled_from(["[203.0.113.7]", "<a@b.example>", "bulk", "999.1.1.1"]))),
)  # fmt: skip
HTML = st.lists(
    st.one_of(
        TEXT,
        st.sampled_from(
            [
                "<p>", "</p>", "<div>", "</div>", "<b>", "</b>", "<br>", "<td>", "<tr>", "<table>", "</table>", "<li>", "<blockquote type=cite>", "</blockquote>", "<span style='display:none'>", "<span style='font-size:0'>",
                "<font color=white>", "<a href='http://203.0.113.9/login?u=sales@exporter.example'>", "<a href='https://bit.ly/x'>https://www.bank.example/</a>", "<a href=", "</a>", "<form action='http://x.example'>", "<input type=password>",
                "<img src='cid:a'>", "<!--", "-->", "<style>.h{display:none}</style>", "<div class=h>", "<script>", "</script>", "<meta charset=gb2312>", "&#8203;", "&#xD800;", "&nbsp;", "<pre>", "<h1>", "<div id=appendonsend>", "<div class=gmail_quote>",
            ]
        ),
    ),
    max_size=25,
).map("".join)  # fmt: skip
NAMES = st.sampled_from(
    [
        "order.pdf",
        "PO.pdf.exe",
        "sample\u202efdp.exe",
        "a.zip",
        "a.html",
        "图纸.dwg",
        "",
        "a" * 300,
        "winmail.dat",
        "x.iso",
        "../../a",
        "invoice.docm",
    ]
)
CONTENT = st.sampled_from(
    [
        b"",
        b"MZ\x90\x00",
        b"PK\x03\x04\x14\x00",
        b"%PDF-1.7 /JS",
        b"<html><form action=http://a.example><input type=password>",
        b"\x78\x9f\x3e\x22",
        b"Rar!\x1a\x07",
        hostile.archive(("order.exe", b"MZ")),
    ]
)


@st.composite
def leaves(draw: st.DrawFn) -> bytes:
    """One MIME part: header block, empty line, body."""
    kind = draw(st.sampled_from(["text/plain", "text/html", "file", "message/rfc822", "text/calendar", "odd"]))
    charset = draw(CHARSETS)
    if kind == "file":
        name, content = draw(NAMES), draw(CONTENT)
        disposition = Header(name, "utf-8").encode() if name.isprintable() else f"{name}"
        head = f'Content-Type: application/octet-stream\r\nContent-Disposition: attachment; filename="{disposition}"\r\n'.encode()
    elif kind == "message/rfc822":
        head, content = b"Content-Type: message/rfc822\r\n", draw(mails(depth=2))
    else:
        text = draw(HTML if kind == "text/html" else TEXT)
        codec = charset if charset not in ("", "x-unknown") else "utf-8"
        content = text.encode(draw(st.sampled_from([codec, codec, "utf-8"])), "replace")
        head = f"Content-Type: {kind if kind != 'odd' else draw(st.sampled_from(['', '/', 'text', 'text/x-y', 'multipart/mixed']))}; charset={charset}\r\n".encode()
    encoding = draw(
        st.sampled_from(["", "7bit", "base64", "quoted-printable", "BASE64 ", "x-odd", "base64-cut", "wrong"])
    )
    if encoding.lower().startswith("base64"):
        content = base64.encodebytes(content)
        content = content[: len(content) // 2] if encoding == "base64-cut" else content
    elif encoding == "quoted-printable":
        content = quopri.encodestring(content)
    named = {"base64-cut": "base64", "wrong": "base64"}.get(encoding, encoding)
    return head + (f"Content-Transfer-Encoding: {named}\r\n".encode() if named else b"") + b"\r\n" + content


@st.composite
def mails(draw: st.DrawFn, depth: int = 0) -> bytes:
    """A message, mostly well made."""
    lines = []
    for name, value in draw(st.lists(HEADERS, max_size=10)):
        form = draw(st.sampled_from(["encoded", "raw", "gbk"]))
        if form == "encoded" and not value.isascii() and value.isprintable():
            lines.append(f"{name}: {Header(value, 'utf-8').encode()}".encode("utf-8", "replace"))
        else:
            lines.append(f"{name}: ".encode() + value.encode("gb18030" if form == "gbk" else "utf-8", "replace"))
    if depth < 2 and draw(st.booleans()):
        kind = draw(st.sampled_from(["mixed", "alternative", "related", "report", "signed"]))
        boundary = draw(st.sampled_from(["b", "=_x", "a b"]))
        lines.append(f'Content-Type: multipart/{kind}; boundary="{boundary}"'.encode())
        opened = f"--{boundary}\r\n".encode()
        body = b"".join(opened + part + b"\r\n" for part in draw(st.lists(leaves(), max_size=4)))
        body += f"--{boundary}--\r\n".encode() if draw(st.booleans()) else b""
        data = b"\r\n".join(lines) + b"\r\n\r\n" + body
    else:
        data = b"\r\n".join(lines) + b"\r\n" + draw(leaves())
    ends = draw(st.sampled_from([b"\r\n", b"\r\n", b"\n", b"\r"]))
    return data if ends == b"\r\n" else data.replace(b"\r\n", ends)


# ---------------------------------------------------------------- fields

ANY_TEXT = st.one_of(TEXT, st.text(alphabet=st.characters(), max_size=80))  # lone surrogates too
PROFILE = st.dictionaries(
    st.sampled_from(["verified", "email_confirmed", "completed_orders", "member_since", "level", "product_views", "valid_inquiries", "replied", "valid_rfqs", "login_days", "junk_inquiries", "blacklisted", "searches", "odd"]),
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), ANY_TEXT, st.lists(ANY_TEXT, max_size=5)),
    max_size=8,
)  # fmt: skip
SEEN = st.builds(
    SeenAttachment, name=st.one_of(NAMES, ANY_TEXT), type=st.one_of(st.none(), ANY_TEXT), size=st.one_of(st.none(), st.integers()), sha256=st.one_of(st.none(), ANY_TEXT)
)  # fmt: skip
PAYLOADS = st.one_of(
    mails().map(lambda raw: Payload(raw=raw)),
    st.builds(
        Payload,
        headers=st.lists(st.one_of(HEADERS, st.tuples(ANY_TEXT, ANY_TEXT)), max_size=8).map(tuple),
        subject=st.one_of(st.none(), LINE, ANY_TEXT), from_=st.one_of(st.none(), MAILBOX, ANY_TEXT), to=st.one_of(st.none(), MAILBOX),
        date=st.one_of(st.none(), DATES, ANY_TEXT), text=st.one_of(st.none(), ANY_TEXT), html=st.one_of(st.none(), HTML, ANY_TEXT),
        attachments=st.lists(SEEN, max_size=3).map(tuple), mailbox=st.one_of(st.none(), MAILBOX, ANY_TEXT),
        sees=st.sampled_from(["visible", "headers"]), profile=st.one_of(st.none(), PROFILE),
    ),
)  # fmt: skip


@pytest.fixture(scope="module")
def grader(tmp_path_factory: pytest.TempPathFactory) -> Grader:
    return hostile.ready_grader(hostile.GraderSettings(geo_dir=tmp_path_factory.mktemp("geo")))


@MANY
@given(payload=PAYLOADS)
@example(payload=Payload(raw=b"Subject: x\r\n\r\nPlease quote.\r\nRegards"))  # a sign-off that ends the text
@example(payload=Payload(raw=b"Subject: x\r\n\r\nRegards, "))
@example(payload=Payload(text="x", attachments=(SeenAttachment("a", "\ud800", 2**70, "\ud800"),), sees="visible"))
def test_a_sound_verdict_or_a_named_refusal_the_same_each_time(grader: Grader, payload: Payload) -> None:
    try:
        written = hostile.judged(grader, payload)[1]
    except KeeneyeError as error:
        code = error.code
    else:
        assert hostile.judged(grader, payload)[1] == written
        return
    assert code == "empty_message"


@MANY
@given(payload=PAYLOADS, language=st.text(max_size=10), detail=st.sampled_from(["normal", "full"]))
def test_any_language_is_answered(grader: Grader, payload: Payload, language: str, detail: str) -> None:
    try:
        graded = grader.grade(payload, hostile.NOW)
    except KeeneyeError:
        return
    verdict = grader.verdict(graded, language, detail)
    assert verdict["language"] in hostile.LANGUAGES
    assert not hostile.unsound(verdict)
    hits = {f["id"] for f in verdict["findings"] if f["outcome"] == "hit"}
    assert set(verdict["reasons"]) <= hits


# ---------------------------------------------------------------- JSON over HTTP


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FlaskClient]:
    limits = {"grade": "1000000 per minute", "failed": "1000000 per minute"}
    folder = tmp_path_factory.mktemp("site")
    app = create_app(
        server_settings.load(environment={}, overrides={"server": {"state_dir": folder}, "limits": limits})
    )
    store = app.extensions[KEY].store
    migrate(store.engine)
    client = app.test_client()
    client.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {store.create_token('test')}"
    yield client
    store.close()


JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), ANY_TEXT), lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(ANY_TEXT, inner, max_size=4)), max_leaves=8
)  # fmt: skip
FIELD_NAMES = st.sampled_from(
    [
        "headers",
        "subject",
        "from",
        "to",
        "date",
        "text",
        "html",
        "attachments",
        "mailbox",
        "client",
        "profile",
        "raw",
        "id",
    ]
)
BODIES = st.one_of(
    st.dictionaries(FIELD_NAMES, st.one_of(ANY_TEXT, JSON), max_size=6).map(json.dumps).map(str.encode),
    st.dictionaries(st.sampled_from(["text", "html", "subject", "from", "to", "date"]), TEXT, min_size=1).map(json.dumps).map(str.encode),
    JSON.map(json.dumps).map(str.encode),
    st.binary(max_size=60),
)  # fmt: skip


def is_answer(answer: Any) -> None:
    """A verdict of the contract or a problem; never a mistake of ours."""
    if answer.status_code == 200:
        assert not hostile.unsound(answer.get_json())
        return
    assert answer.status_code in (400, 413, 415, 422), answer.text
    assert answer.mimetype == "application/problem+json"
    assert answer.get_json()["code"] != "message_unreadable"


@MANY
@given(body=BODIES)
def test_any_json_is_answered(client: FlaskClient, body: bytes) -> None:
    is_answer(client.post("/api/v1/grade", data=body, content_type="application/json"))


@MANY
@given(raw=st.one_of(mails(), st.binary(max_size=200)))
def test_any_mail_is_answered(client: FlaskClient, raw: bytes) -> None:
    is_answer(client.post("/api/v1/grade?include=message", data=raw, content_type="message/rfc822"))
