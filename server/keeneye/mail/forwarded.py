"""Inquiries that somebody passed on inside the text: a colleague's forward, a marketplace's or web form's notice."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from keeneye.mail import addresses
from keeneye.mail.limits import Notes
from keeneye.mail.quotes import FORWARDED_LINE, LABEL_LINE, ORIGINAL_LINE, Line, header_block, label_of, lines_of
from keeneye.model import Address, Forwarded, Span

SUBJECT_FORWARD = re.compile(
    r"\s*(?:fwd?|转发|轉寄|wg|tr|rv|enc|i|vb|doorst|переслать|пересл|إعادة توجيه)\s?[:：]", re.I
)
_PLATFORMS = (
    "alibaba.com", "made-in-china.com", "globalsources.com", "indiamart.com", "tradeindia.com", "ec21.com", "ecplaza.net", "tradekey.com",
    "dhgate.com", "europages.com", "kompass.com", "exporthub.com", "go4worldbusiness.com", "thomasnet.com", "diytrade.com", "hktdc.com", "1688.com",
    "wlw.de", "tradewheel.com", "exportersindia.com", "aliexpress.com", "bossgoo.com", "ecer.com", "toocle.com", "directindustry.com", "made-in-china.cn",
)  # fmt: skip
_FIELDS = {
    "name": "name|your name|full name|contact|contact person|contact name|buyer name|buyer|sender|sender name|customer name|first name|姓名|联系人|您的姓名|nombre|nom|nome|имя|氏名|お名前|الاسم",
    "email": "email|e-mail|email address|e-mail address|your email|your e-mail|mail|buyer email|contact email|邮箱|电子邮件|邮件|电子邮箱|correo|correo electrónico|courriel|почта|メールアドレス|メール|البريد الإلكتروني",
    "company": "company|company name|your company|organization|organisation|公司|公司名称|empresa|société|firma|компания|会社名|الشركة",
    "country": "country|country/region|location|国家|国家/地区|país|pays|land|страна|国|الدولة",
    "phone": "phone|tel|telephone|mobile|your phone|phone number|contact number|whatsapp|电话|手机|teléfono|téléphone|telefon|телефон|電話番号|الهاتف",
    "product": "product|products|product name|item|产品|产品名称|producto|produit|produkt|товар|製品",
    "message": "message|your message|message body|comments|comment|inquiry|enquiry|inquiry details|inquiry content|message content|content|description|details|buyer message|your inquiry|requirement|"
    "requirements|留言|内容|询盘内容|留言内容|咨询内容|mensaje|consulta|mensagem|nachricht|anfrage|сообщение|お問い合わせ内容|الرسالة",
}  # fmt: skip
_FIELD_OF = {word: key for key, words in _FIELDS.items() for word in words.split("|")}
_SENT_YOU = re.compile(
    r"(?:^|[.!:]\s)(?:dear [^,\n]{1,40},\s*)?([^\n.,:]{2,60}?)\s(?:has\s|have\s)?(?:just\s)?sent\syou\s(?:an?|a\snew|1\snew|the\sfollowing)\s(?:\w{1,12}\s)?(?:inquiry|enquiry|message|request|rfq)"
    r"|(?:inquiry|enquiry|message|rfq)\sfrom\s([^\n.,:<]{2,60})",
    re.I,
)
_NOTICE_END = re.compile(
    r"\s*(?:[-_=*─]{2,}\s*$|this (?:e-?mail|message) (?:was|is) sent|sent from:|reply (?:now|to (?:this|the) (?:inquiry|buyer))|click (?:here|the)|view (?:inquiry|details|more|message)|"
    r"go to |to reply|do not reply|unsubscribe|copyright|©|respond now|立即回复|查看详情|ip address|page url|user agent|date\s?[:：]|time\s?[:：]|remote ip)",
    re.I,
)
COVER_MOST = 1000


class Found(NamedTuple):
    """What was passed on, and the range of the body that holds the inner writer's text."""

    forwarded: Forwarded
    start: int
    end: int


def find(body: str, subject: str, sender: Address | None, notes: Notes) -> Found | None:
    """The inquiry inside a body, or None.

    A forward is: a forward line or a forwarding subject with a short cover note above the inner header
    lines; or the inner header lines (``Original Message``, ``From:``) with nothing above them. A notice is a
    list of labelled fields with a message field; from a marketplace's domain, a writer and a message do.
    """
    if ":" not in body and "：" not in body:
        return None
    lines = lines_of(body, 0, min(len(body), 20_000), notes)
    return _forward(body, lines, subject, notes) or _notice(body, lines, sender, notes)


def _forward(body: str, lines: Sequence[Line], subject: str, notes: Notes) -> Found | None:
    by_subject = bool(SUBJECT_FORWARD.match(subject[:40]))
    cover = 0
    first = -1
    for index, line in enumerate(lines):
        text = line.text
        if not text:
            continue
        marked = text[-1:] in "-_=*─—–:：" and bool(FORWARDED_LINE.match(text))
        original = not marked and text[:1] in "-_=*─—–原uU" and bool(ORIGINAL_LINE.match(text))
        if marked or original:
            if not (marked or by_subject or cover == 0):
                return None
            first = index
            after = index + 1
            while after < len(lines) and not lines[after].text:
                after += 1
            block = header_block(lines, after) if after < len(lines) else None
            if block:
                return _found(body, lines, index, block, notes)
            if marked:
                cover += len(text)
                continue
            return None
        label = label_of(text)
        if label and label[0] in ("from", "sent", "subject") and (by_subject or cover == 0 or first >= 0):
            block = header_block(lines, index)
            if block and "@" in block[0].get("from", "") + block[0].get("to", "") and len(block[0]) >= 3:
                return _found(body, lines, index, block, notes)
        if not (text.startswith(("_____", "-----", "====="))):
            cover += len(text)
        if cover > COVER_MOST or text[:1] == ">":
            return None
    return None


def _found(body: str, lines: Sequence[Line], at: int, block: tuple[dict[str, str], int], notes: Notes) -> Found | None:
    fields, behind = block
    start = lines[behind].start if behind < len(lines) else len(body)
    if not body[start:].strip():
        return None
    writer = addresses.parse(fields["from"].replace("[mailto:", "<").replace("]", ">").replace("：", ":"), notes)
    end = lines[behind - 1].end
    forwarded = Forwarded(
        "forward", writer[0] if writer else None, fields.get("to"), fields.get("sent"), fields.get("subject"), None, Span(lines[at].start, end)
    )  # fmt: skip
    return Found(forwarded, start, len(body))


def platform_of(domain: str) -> str | None:
    """The marketplace whose domain this is, or None."""
    for platform in _PLATFORMS:
        if domain == platform or domain.endswith("." + platform):
            return platform
    return None


def _notice(body: str, lines: Sequence[Line], sender: Address | None, notes: Notes) -> Found | None:
    fields: dict[str, str] = {}
    message_at = first = -1
    message_start = 0
    for index, line in enumerate(lines[:120]):
        text = line.text
        if not text:
            continue
        match = LABEL_LINE.match(text) if ":" in text or "：" in text else None
        label = match.group(1).strip().lower() if match else text.lower() if len(text) < 24 else ""
        key = _FIELD_OF.get(label)
        if (
            key is None
            and match
            and label in ("from", "subject", "date", "发件人", "主题", "de", "asunto", "von", "betreff")
        ):
            key = {
                "发件人": "from",
                "de": "from",
                "von": "from",
                "主题": "subject",
                "asunto": "subject",
                "betreff": "subject",
            }.get(label, label)
        if key is None or (
            match is None and (key != "message" or not text.endswith(("s", "e", "y")) or "email" not in fields)
        ):
            continue
        if first < 0:
            first = index
        value = match.group(2).strip() if match else ""
        if key == "message":
            if value:
                at = body.find(value[:40], line.start)
                message_at, message_start = index, at if at >= 0 else line.start
            else:
                after = next((i for i in range(index + 1, len(lines)) if lines[i].text), None)
                if after is None:
                    break
                message_at, message_start = after, lines[after].start
            break
        if not value and index + 1 < len(lines) and len(lines[index + 1].text) < 80:
            value = lines[index + 1].text
        fields.setdefault(key, value)
    platform = platform_of(sender.domain) if sender else None
    has_writer = bool(fields.get("name") or fields.get("from"))
    told = len([k for k in ("name", "from", "email", "company", "country", "phone") if fields.get(k)])
    if (
        message_at < 0
        or not (has_writer and (told >= 2 or platform))
        or not ("email" in fields or "@" in fields.get("from", "") or platform)
    ):
        return None
    end_index = message_at
    end = lines[message_at].end
    for index in range(message_at, len(lines)):
        text = lines[index].text
        match = LABEL_LINE.match(text) if index > message_at and (":" in text or "：" in text) else None
        is_field = match is not None and _FIELD_OF.get(match.group(1).strip().lower()) is not None
        if index > message_at and text and (_NOTICE_END.match(text) or (is_field and platform)):
            break
        if text:
            end_index, end = index, lines[index].end
    if end_index < message_at or end <= message_start:
        return None
    written = fields.get("from", "")
    parsed = addresses.parse(written, notes) if "@" in written else ()
    mailbox = addresses.parse(fields.get("email", ""), notes)
    name = fields.get("name") or (parsed[0].name if parsed else written)
    address = (mailbox or parsed or (None,))[0]
    writer = (
        Address(name[:200], address.address, address.local, address.domain)
        if address
        else Address(name[:200], "", "", "")
    )
    forwarded = Forwarded(
        "notice",
        writer,
        None,
        fields.get("date"),
        fields.get("subject") or fields.get("product"),
        platform,
        Span(lines[first].start, message_start),
    )
    return Found(forwarded, message_start, end)


def sent_by(text: str) -> str | None:
    """The name in ``X has sent you an inquiry`` (first 500 characters), or None."""
    match = _SENT_YOU.search(text[:500])
    return (match.group(1) or match.group(2)).strip() if match else None
