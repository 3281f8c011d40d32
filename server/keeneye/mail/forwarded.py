"""Inquiries that somebody passed on inside the text: a colleague's forward, a marketplace's or web form's notice."""

from __future__ import annotations

import re
from typing import NamedTuple

from keeneye.mail import addresses
from keeneye.mail.limits import Notes
from keeneye.mail.phrases import (
    BARE,
    FIELD_OF,
    FORWARDED_LINE,
    HEADER_FIELDS,
    LABEL_LINE,
    NOTICE_END,
    ORIGINAL_LINE,
    PLATFORMS,
    SUBJECT_FORWARD,
)
from keeneye.mail.quotes import Lines, header_block, label_of
from keeneye.model import Address, Forwarded, Span

_MAILTO = re.compile(r"\[mailto:([^\[\]\s]{1,300})\]", re.I)
_MESSAGE = frozenset(label for label, key in FIELD_OF.items() if key == "message")
COVER_MOST = 1000


class Found(NamedTuple):
    """What was passed on, and the range of the body that holds the inner writer's text."""

    forwarded: Forwarded
    start: int
    end: int


def find(body: str, lines: Lines, subject: str, sender: Address | None, notes: Notes) -> Found | None:
    """The inquiry inside a body, or None.

    A forward is: a forward line or a forwarding subject with a short cover note above the inner header
    lines; or the inner header lines (``Original Message``, ``From:``) with nothing above them. A notice is a
    list of labelled fields with a message field; from a marketplace's domain, a writer and a message do.
    """
    labelled = ":" in body or "：" in body
    return (_forward(body, lines, subject, notes) if labelled else None) or _notice(body, lines, sender, notes)


def _forward(body: str, lines: Lines, subject: str, notes: Notes) -> Found | None:
    by_subject = bool(SUBJECT_FORWARD.match(subject[:40]))
    texts = lines.texts
    first = next((i for i, text in enumerate(texts) if text), 0)
    begin = lines.starts[first]
    marked = False  # a forward line was seen
    for index in lines.cues:
        text = texts[index]
        above = lines.starts[index] - begin
        if above > COVER_MOST or text[0] == ">":
            return None
        forward = text[0] in "-_=*─—–BDIAНí" and bool(FORWARDED_LINE.match(text))
        if forward or (text[0] in "-_=*─—–" and ORIGINAL_LINE.match(text)):
            if not (forward or by_subject or above == 0):
                return None
            after = next((i for i in range(index + 1, len(texts)) if texts[i]), None)
            block = header_block(lines, after) if after is not None else None
            if block:
                return _found(body, lines, index, block, notes)
            if not forward:
                return None
            marked = True
            continue
        if not (by_subject or above == 0 or marked or _only_rules(texts[first:index])):
            continue
        label = label_of(text)
        if label and label[0] in ("from", "sent", "subject"):
            block = header_block(lines, index)
            if block and len(block[0]) >= 3 and "@" in block[0].get("from", "") + block[0].get("to", ""):
                return _found(body, lines, index, block, notes)
    return None


def _only_rules(texts: list[str]) -> bool:
    """Whether nothing but drawn lines stands in these lines."""
    return len(texts) < 6 and all(not text.strip("-_=*─—– ") for text in texts)


def _found(body: str, lines: Lines, at: int, block: tuple[dict[str, str], int], notes: Notes) -> Found | None:
    fields, behind = block
    texts = lines.texts
    after = next((i for i in range(behind, len(texts)) if texts[i]), behind)
    if after < len(texts) and FORWARDED_LINE.match(texts[after]):  # Zoho draws the line below the header lines as well
        behind = after + 1
    start = lines.starts[behind] if behind < len(texts) else len(body)
    if not body[start:].strip():
        return None
    writer = addresses.parse(_MAILTO.sub(r"<\1>", fields["from"]), notes)
    end = lines.ends[behind - 1]
    forwarded = Forwarded(
        kind="forward",
        from_=writer[0] if writer else None,
        to=fields.get("to"),
        date=fields.get("sent"),
        subject=fields.get("subject"),
        platform=None,
        span=Span(lines.starts[at], end),
    )
    return Found(forwarded, start, len(body))


def platform_of(domain: str) -> str | None:
    """The marketplace whose domain this is, or None."""
    for platform in PLATFORMS:
        if domain == platform or domain.endswith("." + platform):
            return platform
    return None


def _notice(body: str, lines: Lines, sender: Address | None, notes: Notes) -> Found | None:
    fields, first, message = _fields(body, lines)
    if message is None:
        fields, first, message = _stacked(lines)
    if message is None:
        return None
    platform = platform_of(sender.domain) if sender else None
    told = sum(1 for key in ("name", "from", "email", "company", "country", "phone") if fields.get(key))
    told += "@" in fields.get("from", "")
    if not (fields.get("name") or fields.get("from")) or (told < 2 and not platform):
        return None
    if not (fields.get("email") or "@" in fields.get("from", "") or platform):
        return None
    at, start = message
    end = _message_end(lines, at, platform is not None)
    if end <= start:
        return None
    forwarded = Forwarded(
        kind="notice", from_=_writer(fields, notes), to=None, date=fields.get("date"),
        subject=fields.get("subject") or fields.get("product"), platform=platform,
        span=Span(lines.starts[first], start),
    )  # fmt: skip
    return Found(forwarded, start, end)


def _fields(body: str, lines: Lines) -> tuple[dict[str, str], int, tuple[int, int] | None]:
    """The labelled fields above a message field; the first one's line; the line and place of the message's text.

    The fields of a notice stand together, among the first 150 lines: more than three other lines end the list.
    A bare ``Message`` without a colon counts when it stands below fields.
    """
    fields: dict[str, str] = {}
    first, strangers = -1, 0
    texts = lines.texts
    cues = [i for i in lines.cues if i < 150]
    if len(cues) < 3:
        return fields, first, None
    begin = next((i for i in cues if _field(texts[i])[0]), len(texts))
    for index in range(begin, min(150, len(texts))):
        text = texts[index]
        if not text:
            continue
        key, label, match = _field(text)
        if key is None or (match is None and (label not in BARE or not fields)):
            strangers += first >= 0
            if strangers > 3:
                fields.clear()
                first, strangers = -1, 0
            continue
        if first < 0:
            first = index
        value = match.group(2).strip(" \t_") if match else ""
        after = next((i for i in range(index + 1, len(texts)) if texts[i]), None)
        if key == "message":
            if value:
                at = body.find(value[:40], lines.starts[index])
                return fields, first, (index, max(at, lines.starts[index]))
            return fields, first, None if after is None else (after, lines.starts[after])
        if not value and after is not None and len(texts[after]) < 80 and LABEL_LINE.match(texts[after]) is None:
            value = texts[after]
            strangers -= 1  # the value on the line below is no stranger
        fields.setdefault(key, value)
    return fields, first, None


def _stacked(lines: Lines) -> tuple[dict[str, str], int, tuple[int, int] | None]:
    """The same of a form whose labels have no colon and stand above their values: name, e-mail address, message."""
    fields: dict[str, str] = {}
    first, label = -1, ""
    if _MESSAGE.isdisjoint(map(str.lower, lines.texts[:80])):
        return fields, first, None
    for index, text in enumerate(lines.texts[:80]):
        if not text:
            continue
        if label == "message":
            complete = fields.get("name") and "@" in fields.get("email", "")
            return fields, first, (index, lines.starts[index]) if complete else None
        key = FIELD_OF.get(text.lower()) if len(text) <= 40 else None
        if key:
            first = index if first < 0 else first
        elif label:
            fields.setdefault(label, text)
        label = key or ""
    return fields, first, None


def _field(text: str) -> tuple[str | None, str, re.Match[str] | None]:
    """The field that a line names, if any, in the words of the line, and how it is labelled with a colon."""
    match = LABEL_LINE.match(text) if ":" in text[:44] or "：" in text[:44] else None
    label = match.group(1).strip().lower() if match else text.lower()
    return FIELD_OF.get(label) or (HEADER_FIELDS.get(label) if match else None), label, match


def _message_end(lines: Lines, at: int, platform: bool) -> int:
    """Where the inner writer's words end: at the platform's own phrases, a rule, or (platforms) the next field."""
    end = lines.ends[at]
    for index in range(at + 1, min(len(lines.texts), at + 400)):
        text = lines.texts[index]
        if not text:
            continue
        if NOTICE_END.match(text):
            break
        if platform and (":" in text[:44] or "：" in text[:44]):
            match = LABEL_LINE.match(text)
            if match and match.group(1).strip().lower() in FIELD_OF:
                break
        end = lines.ends[index]
    return end


def _writer(fields: dict[str, str], notes: Notes) -> Address:
    """The inner writer; ``address`` is empty when a platform keeps it back."""
    written = fields.get("from", "")
    named = addresses.parse(written, notes) if "@" in written else ()
    mailbox = addresses.parse(fields["email"], notes) if "@" in fields.get("email", "") else ()
    name = (fields.get("name") or (named[0].name if named else written))[:200]
    found = next((a for a in (*mailbox, *named) if a.address), None)
    return Address(name, found.address, found.local, found.domain) if found else Address(name, "", "", "")
