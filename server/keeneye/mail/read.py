"""Payload to Mail: puts together what the other modules of the reading layer find."""

from __future__ import annotations

import re
from collections.abc import Sequence

from keeneye.mail import addresses, authres, content, forwarded, headers, parse, quotes, received
from keeneye.mail.charset import clean, strip_unseen
from keeneye.mail.content import Content
from keeneye.mail.limits import Limits, Notes
from keeneye.model import Address, Attachment, Forwarded, KeeneyeError, Mail, Payload, Span

_ID = re.compile(r"<[^<>\s]{1,300}>")
_ONCE = frozenset(("from", "sender", "reply-to", "to", "cc", "subject", "date", "message-id", "content-type"))
_DEFAULT = Limits()
_SHA256 = re.compile(r"[0-9A-Fa-f]{64}")
COVER_NOTE = 200
SIZE_MOST = 2**53
"""Bytes of an attachment as a client may state them: whole numbers that every reader of JSON keeps exact."""


def read(payload: Payload, *, limits: Limits = _DEFAULT) -> Mail:
    """Read a message of any kind. Odd input never raises: it leaves a name in ``Mail.defects``.

    Raises KeeneyeError with code ``empty_message`` when there is nothing to read, or
    ``message_too_large`` above ``limits.bytes``.
    """
    notes = Notes(limits)
    if payload.raw is not None:
        return _from_raw(payload, payload.raw, notes)
    return _from_fields(payload, notes)


def _from_raw(payload: Payload, raw: bytes, notes: Notes) -> Mail:
    if len(raw) > notes.limits.bytes:
        raise KeeneyeError(
            "message_too_large", f"The message has {len(raw)} bytes; at most {notes.limits.bytes} are read."
        )
    if not raw[:4096].strip(b" \t\r\n\0") and not raw.strip(b" \t\r\n\0"):
        raise KeeneyeError("empty_message", "The message is empty.")
    size = len(raw)
    if raw[:2] in (b"\xff\xfe", b"\xfe\xff"):
        raw = raw[: 4 * 1024 * 1024].decode("utf-16", "replace").encode("utf-8", "replace")
    elif raw[:3] == b"\xef\xbb\xbf":
        raw = raw[3:]
    root = parse.message(raw, 0, len(raw), notes)
    body = content.of(root, notes)
    hint = body.charset if body.charset not in (None, "ascii") else _charset(root)
    pairs = [(name, headers.text_of(value, notes, hint)) for name, value in root.headers]
    if not pairs:
        notes.add("no_headers")
    inner = _sole_inner(root, body)
    opened: Forwarded | None = None
    if inner is not None:
        outer = body
        body = content.of(inner, notes)
        body.attachments = [a for a in outer.attachments if a.type != "message/rfc822"] + body.attachments
        body.attachments = [_numbered(i, a) for i, a in enumerate(body.attachments)]
        opened = _inner_forward(inner, notes)
    return _mail(payload, pairs, body, opened, notes, size)


def _from_fields(payload: Payload, notes: Notes) -> Mail:
    given = (
        payload.text or "",
        payload.html or "",
        payload.subject or "",
        payload.from_ or "",
        *(v for _, v in payload.headers),
    )
    size = sum(map(len, given))
    if size > notes.limits.bytes:
        raise KeeneyeError(
            "message_too_large", f"The message has {size} characters; at most {notes.limits.bytes} are read."
        )
    if not any(part.strip() for part in given):
        raise KeeneyeError("empty_message", "The message is empty.")
    pairs: list[tuple[str, str]] = []
    left = notes.limits.header_bytes
    for name, value in payload.headers:
        if len(pairs) == notes.limits.headers or left <= 0:
            notes.add("headers")
            break
        value = value[: min(left, notes.limits.header_value)]
        left -= len(value) + len(name)
        pairs.append((clean(name[:100], notes).strip(), clean(value, notes).replace("\n", " ").strip()))
    present = {name.lower() for name, _ in pairs}
    for name, field in (
        ("From", payload.from_),
        ("To", payload.to),
        ("Subject", payload.subject),
        ("Date", payload.date),
    ):
        if field is not None and name.lower() not in present:
            pairs.append((name, clean(field[: notes.limits.header_value], notes).replace("\n", " ").strip()))
    body = Content()
    most = notes.limits.html_chars * 2
    text = clean((payload.text or "")[:most], notes)
    if payload.html and payload.html.strip():
        sources = [("html", clean(payload.html[:most], notes))]
        others = [("text", text)] if text.strip() else []
    else:
        sources, others = [("text", text)], []
    content.fill(body, sources, others, notes)
    for index, seen in enumerate(payload.attachments[: notes.limits.attachments]):
        name = clean(seen.name[:500], notes).replace("\n", " ")
        body.bidi_controls += strip_unseen(name)[2]
        kind = clean((seen.type or "")[:200], notes).lower()
        stated = seen.size if seen.size is not None and 0 <= seen.size < SIZE_MOST else None
        digest = seen.sha256.lower() if seen.sha256 and _SHA256.fullmatch(seen.sha256) else None
        body.attachments.append(Attachment(index, name, kind, None, stated, digest))
    return _mail(payload, pairs, body, None, notes, size)


def _mail(
    payload: Payload, pairs: list[tuple[str, str]], body: Content, opened: Forwarded | None, notes: Notes, size: int
) -> Mail:
    first: dict[str, str] = {}
    several: dict[str, list[str]] = {"received": [], "from": [], "to": [], "cc": [], "references": []}
    decoded = pairs.copy()
    for index, (name, value) in enumerate(pairs):
        lower = name.lower()
        if lower not in first:
            first[lower] = value
        elif lower in _ONCE:
            notes.add("duplicate_" + lower.replace("-", "_"))
        if lower in several:
            several[lower].append(value)
        if "=?" in value:
            decoded[index] = (name, headers.decode_words(value, notes))
    subject, zero, bidi = strip_unseen(" ".join(headers.decode_words(first.get("subject", ""), notes).split()))
    from_all = tuple(a for value in several["from"][:20] for a in addresses.parse(value, notes))
    writer = from_all[0] if from_all else None
    if writer is not None and not writer.name.isascii():
        name, more_zero, more_bidi = strip_unseen(writer.name)
        zero, bidi = zero + more_zero, bidi + more_bidi
        if name != writer.name:
            writer = Address(name, writer.address, writer.local, writer.domain)
            from_all = (writer, *from_all[1:])
    sender = addresses.parse(first.get("sender"), notes)
    path = first.get("return-path")
    path_parsed = addresses.parse(path, notes) if path and "@" in path else ()
    lines = quotes.lines_of(body.body, 0, len(body.body), notes)
    found = forwarded.find(body.body, lines, subject, writer, notes)
    regions = body.regions
    if found:
        lines = quotes.lines_of(body.body, found.start, found.end, notes)
        regions = [r for r in regions if r.start > found.start]
    layout = quotes.split(body.body, lines, regions)
    # What a form's fields say of the writer stands where others sign.
    filled = found.forwarded.span if found and found.forwarded.kind == "notice" else None
    hops = received.hops(several["received"], notes)
    return Mail(
        sees=payload.sees,
        headers=tuple(decoded),
        message_id=_first_id(first.get("message-id")),
        subject=subject,
        from_=writer,
        from_all=from_all,
        sender=sender[0] if sender else None,
        reply_to=addresses.parse(first.get("reply-to"), notes),
        return_path=path_parsed[0].address if path_parsed else (None if path is None else ""),
        to=_with_address(several["to"], notes),
        cc=_with_address(several["cc"], notes),
        date=headers.parse_date(first.get("date")),
        date_raw=first.get("date"),
        hops=hops,
        auth_headers=authres.auth_headers(pairs),
        originating_ip=received.originating_ip(pairs),
        body_part=body.body_part,
        body=body.body,
        own=layout.own,
        signature=layout.signature or filled,
        quoted=layout.quoted,
        hidden_text=body.hidden,
        alternative_text=body.alternative,
        html=body.html,
        has_images=body.has_images,
        links=tuple(body.links),
        attachments=tuple(body.attachments),
        forwarded=found.forwarded if found else opened,
        references=tuple(_ID.findall(" ".join(several["references"])[:20_000])[:100]),
        in_reply_to=_first_id(first.get("in-reply-to")),
        charset=body.charset,
        zero_width=body.zero_width + zero,
        bidi_controls=body.bidi_controls + bidi,
        defects=tuple(notes.names),
        size=size,
        mailbox=payload.mailbox,
        client_id=payload.client_id,
        profile=payload.profile,
    )


def _first_id(value: str | None) -> str | None:
    if not value:
        return None
    match = _ID.search(value[:2000])
    return match.group() if match else value.strip()[:300] or None


def _with_address(values: Sequence[str], notes: Notes) -> tuple[Address, ...]:
    if not values:
        return ()
    found = [a for value in values[:50] for a in addresses.parse(value, notes) if a.address]
    return tuple(found[: notes.limits.recipients])


def _charset(part: parse.Part) -> str | None:
    """The charset of the first text part, a hint for raw 8-bit header values."""
    label = part.params.get("charset")
    if label:
        return label
    for child in part.children[:5]:
        found = _charset(child)
        if found:
            return found
    return None


def _sole_inner(root: parse.Part, body: Content) -> parse.Part | None:
    """The one attached message that is all the substance there is, under a short cover note at most.

    Not in delivery reports (RFC 6522), and not when the cover note holds a link of its own.
    """
    if len(body.inner) != 1 or root.type == "multipart/report":
        return None
    if len(body.body.strip()) > COVER_NOTE or body.links:
        return None
    if any(a.type != "message/rfc822" and not a.inline for a in body.attachments):
        return None
    return body.inner[0].children[0]


def _inner_forward(inner: parse.Part, notes: Notes) -> Forwarded:
    """The header lines of an attached message as a forward. ``Mail.headers`` stay those of the outer one:
    the inner ones were written by whoever attached it and prove nothing."""
    hint = _charset(inner)
    first: dict[str, str] = {}
    for name, value in inner.headers:
        first.setdefault(name.lower(), headers.text_of(value, notes, hint))
    writer = addresses.parse(first.get("from"), notes)
    subject = first.get("subject")
    return Forwarded(
        kind="forward", from_=writer[0] if writer else None, to=first.get("to"), date=first.get("date"),
        subject=headers.decode_words(subject, notes) if subject else None, platform=None, span=Span(0, 0),
    )  # fmt: skip


def _numbered(index: int, attachment: Attachment) -> Attachment:
    from dataclasses import replace

    return attachment if attachment.index == index else replace(attachment, index=index)
