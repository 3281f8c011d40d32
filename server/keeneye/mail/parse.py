"""Bytes to a tree of MIME parts (RFC 2045/2046): one pass, bounded in depth, parts and headers.

The parts are ranges of the raw bytes; nothing is decoded or copied before it is wanted.
"""

from __future__ import annotations

import binascii
import re
from dataclasses import dataclass, field
from itertools import islice

from keeneye.mail.headers import base64_bytes, parameters, text_of
from keeneye.mail.limits import Notes

_HEADERS_END = re.compile(rb"\r{0,2}\n\r{0,2}\n|\r\r(?!\n)")
_NAME = re.compile(rb"[!-9;-~]{1,100}$")
_KNOWN = re.compile(
    rb"^(?:from|to|cc|subject|date|received|return-path|reply-to|message-id|mime-version|content-[a-z-]{2,30}|"
    rb"x-[a-z0-9-]{2,40})[ \t]*:",
    re.I | re.M,
)
_GUESS = re.compile(
    rb"(?<![^\r\n])--([^\s]{1,70})[ \t]*(?:\r\n?|\n)(?:[A-Za-z-]{1,40}:[^\r\n]{0,200}(?:\r\n?|\n)){0,6}?content-type",
    re.I,
)
_IMPORTANT = re.compile(
    rb"^(?:from|to|cc|subject|date|reply-to|content-type|content-transfer-encoding)[ \t]*:[^\n]{0,2000}", re.I | re.M
)
_CUT_WORD = re.compile(
    rb"[ \t]*([^\r\n:]{0,900}\?=)[ \t]*(?:\r\n?|\n)"
    rb"(?=(?:from|to|cc|subject|date|reply-to|message-id|mime-version|content-type|x-[a-z-]{2,40}):)",
    re.I,
)
_OPEN_WORD = re.compile(rb"=\?[^?]{1,60}\?[bq]\?[^?]{0,900}$", re.I)
_BLANK_LINES = re.compile(rb"[\r\n]*")
_TOKEN = re.compile(rb"[a-z0-9-]{0,30}")
_NOTHING = (b"",)
UU_MOST = 4 * 1024 * 1024
UU_TRIES = 2_000
Header = tuple[str, bytes]


@dataclass(slots=True)
class Part:
    """One MIME entity. ``start``/``end`` is the range of its body in the raw message."""

    headers: list[Header]
    type: str
    params: dict[str, str]
    disposition: str
    filename: str
    encoding: str
    start: int
    end: int
    depth: int
    raw: bytes = field(repr=False)
    children: list[Part] = field(default_factory=list)

    @property
    def main(self) -> str:
        return self.type.partition("/")[0]


def message(raw: bytes, start: int, end: int, notes: Notes, depth: int = 0) -> Part:
    """The tree of the message or part that stands in ``raw[start:end]``. Never raises."""
    notes.parts += 1
    headers, body = split_headers(raw, start, end, notes)
    first: dict[str, bytes] = {}
    for name, value in headers:
        first.setdefault(name.lower(), value)
    declared = first.get("content-type", b"")
    kind, params = parameters(text_of(declared, notes), notes) if declared else ("", {})
    if kind and "/" not in kind:
        notes.add("content_type_broken")
        kind = {"text": "text/plain", "html": "text/html"}.get(kind, "")
    place = first.get("content-disposition", b"")
    disposition, place_params = parameters(text_of(place, notes), notes) if place else ("", {})
    filename = place_params.get("filename") or params.get("name", "")
    encoding = first.get("content-transfer-encoding", b"")
    part = Part(
        headers=headers, type=kind, params=params, disposition=disposition, filename=filename,
        encoding=(_TOKEN.match(encoding.lower()) or _NOTHING)[0].decode("ascii"),
        start=body, end=end, depth=depth, raw=raw,
    )  # fmt: skip
    if kind.startswith("multipart/"):
        _split(raw, part, notes)
    elif kind in ("message/rfc822", "message/global"):
        if depth >= notes.limits.depth:
            notes.add("mime_depth")
        elif notes.parts >= notes.limits.parts:
            notes.add("mime_parts")
        elif part.encoding in ("base64", "quoted-printable"):  # against RFC 2046 §5.2.1, but seen
            inner = content(part, notes)
            part.children.append(message(inner, 0, len(inner), notes, depth + 1))
        else:
            part.children.append(message(raw, body, end, notes, depth + 1))
    elif not kind and depth == 0:
        guess = _GUESS.search(raw, body, min(end, body + 4096))
        if guess:
            notes.add("multipart_without_type")
            part.type, part.params = "multipart/mixed", {"boundary": guess.group(1).decode("latin-1")}
            _split(raw, part, notes)
    return part


def _split(raw: bytes, part: Part, notes: Notes) -> None:
    """Fill the children of a multipart."""
    if part.depth >= notes.limits.depth:
        notes.add("mime_depth")
        part.type = "text/plain"  # its text must not hide behind the cap: the rest is shown as it stands
        return
    boundary = part.params.get("boundary", "").encode("utf-8", "replace").rstrip()
    ranges = _ranges(raw, part.start, part.end, boundary, notes) if boundary else []
    if not ranges:
        guess = _GUESS.search(raw, part.start, min(part.end, part.start + 65_536))
        if guess:
            notes.add("multipart_boundary_wrong")
            ranges = _ranges(raw, part.start, part.end, guess.group(1), notes)
    if not ranges:
        notes.add("multipart_without_boundary")
        part.type = "text/plain"
        return
    for start, end in ranges:
        if notes.parts >= notes.limits.parts:
            notes.add("mime_parts")
            break
        if notes.late():
            break
        child = message(raw, start, end, notes, part.depth + 1)
        if not child.type:
            child.type = "message/rfc822" if part.type == "multipart/digest" else "text/plain"
            if child.type == "message/rfc822":
                child.children.append(message(raw, child.start, child.end, notes, part.depth + 2))
        part.children.append(child)


def _ranges(raw: bytes, start: int, end: int, boundary: bytes, notes: Notes) -> list[tuple[int, int]]:
    """The ranges between the delimiter lines of ``boundary``. A missing last delimiter is forgiven."""
    mark = b"--" + boundary
    found: list[tuple[int, int]] = []
    opened = -1
    tries = 0
    at = raw.find(mark, start, end)
    while at >= 0:
        tries += 1
        if tries > 20_000 or len(found) > notes.limits.parts:
            notes.add("mime_parts")
            break
        after = at + len(mark)
        closing = raw[after : after + 2] == b"--"
        rest = raw[after + 2 * closing : after + 2 * closing + 80].lstrip(b" \t")
        starts_line = at == start or raw[at - 1] in b"\r\n"
        if starts_line and (not rest or rest[0] in b"\r\n" or closing):
            if opened >= 0:
                stop = at
                if stop > opened and raw[stop - 1] == 10:
                    stop -= 1
                if stop > opened and raw[stop - 1] == 13:
                    stop -= 1
                found.append((opened, stop))
                opened = -1
            if closing:
                break
            opened = after
            while opened < end and raw[opened] in b" \t":
                opened += 1
            if raw[opened : opened + 2] == b"\r\n":
                opened += 2
            elif raw[opened : opened + 1] in (b"\n", b"\r"):
                opened += 1
        at = raw.find(mark, after, end)
    if opened >= 0 and opened < end:
        notes.add("multipart_not_closed")
        found.append((opened, end))
    return found


def split_headers(raw: bytes, start: int, end: int, notes: Notes) -> tuple[list[Header], int]:
    """Unfolded (name, raw value) pairs and the place where the body starts."""
    if notes.parts <= 1:  # empty lines above a pasted message
        blank = _BLANK_LINES.match(raw, start, end)
        start = blank.end() if blank else start
    if raw[start : start + 1] in (b"\n", b"\r"):  # a part without headers
        return [], start + (2 if raw[start : start + 2] == b"\r\n" else 1)
    block_end, body = _headers_end(raw, start, end)
    limits = notes.limits
    cut = min(block_end, start + limits.header_bytes)
    block = raw[start:cut]
    rests: list[bytes] = []
    while cut == block_end and len(block) < limits.header_bytes:
        # An encoded word that an empty line cuts in two (seen from Chinese bulk mailers): the block goes on.
        rest_of_word = _CUT_WORD.match(raw, body, min(end, body + 1200))
        if rest_of_word is None:
            break
        notes.add("header_broken")
        rests.append(rest_of_word.group(1))
        block_end, next_body = _headers_end(raw, rest_of_word.end(), end)
        cut = block_end
        block += b"\n" + raw[rest_of_word.end() : min(block_end, body + limits.header_bytes)]
        body = next_body
    if b"\r" in block:
        block = block.replace(b"\r\r\n", b"\n").replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    headers: list[Header] = []
    name = ""
    value: list[bytes] = []
    offset = 0
    last_known: int | None = None
    for line in block.split(b"\n"):
        if line[:1] in (b" ", b"\t") and name:
            value.append(line.strip())
        else:
            key, colon, rest = line.partition(b":")
            key = key.rstrip()
            if colon and _NAME.match(key):
                if name:
                    headers.append((name, b" ".join(value)))
                    if len(headers) >= limits.headers:
                        notes.add("headers")
                        name = ""
                        break
                name, value = key.decode("ascii"), [rest.strip()]
            elif line.strip() and not line.startswith((b"From ", b">From ")):  # the separator of an mbox
                if last_known is None:
                    last_known = max((m.start() for m in _KNOWN.finditer(block)), default=-1)
                if offset > last_known:
                    notes.add("header_body_unseparated")
                    if name:
                        headers.append((name, b" ".join(value)))
                    return _capped(headers, notes), _raw_place(raw, start, line, block, offset)
                notes.add("header_broken")
        offset += len(line) + 1
    if name:
        headers.append((name, b" ".join(value)))
    for rest_word in rests:
        for number, (key_name, data) in enumerate(headers):
            if _OPEN_WORD.search(data[-1000:]):
                headers[number] = (key_name, data + rest_word)
                break
    if cut < block_end:
        notes.add("header_bytes")
    if cut < block_end or "headers" in notes.names:
        # What decides how the message is shown must not hide behind a flood of junk headers.
        seen = {n.lower() for n, _ in headers}
        for found in _IMPORTANT.findall(raw[start:block_end])[:200]:
            key, _, rest = found.partition(b":")
            lower = key.strip().decode("ascii").lower()
            if lower not in seen:
                headers.append((key.strip().decode("ascii"), rest.strip()))
                seen.add(lower)
    return _capped(headers, notes), body


def _headers_end(raw: bytes, start: int, end: int) -> tuple[int, int]:
    """Where the header block ends and where the body starts; any mixture of line ends."""
    window = min(end, start + 1024 * 1024)
    # Plain searches are many times as fast as the pattern; it is only needed for odd line ends.
    at = raw.find(b"\n\r\n", start, window)
    bare = raw.find(b"\n\n", start, window if at < 0 else at)
    if bare >= 0:
        at, width = bare, 2
    else:
        width = 3
    if at >= 0 and raw.find(b"\r\r", start, at) < 0:
        return at, at + width
    match = _HEADERS_END.search(raw, start, window)
    if match:
        return match.start(), match.end()
    for blank in (b"\r\n\r\n", b"\n\n"):
        at = raw.find(blank, window - 4 if window - 4 > start else start, end)
        if at >= 0:
            return at, at + len(blank)
    return end, end


def _raw_place(raw: bytes, start: int, line: bytes, block: bytes, offset: int) -> int:
    """The place in the raw bytes of a line of the normalised block."""
    if len(block) == len(raw[start : start + len(block)]) and raw[start + offset : start + offset + len(line)] == line:
        return start + offset
    place = raw.find(line, start + offset)
    return place if place >= 0 else start


def _capped(headers: list[Header], notes: Notes) -> list[Header]:
    limit = notes.limits.header_value
    if any(len(v) > limit for _, v in headers):
        notes.add("header_value")
        return [(n, v[:limit]) for n, v in headers]
    return headers


def content(part: Part, notes: Notes, most: int | None = None) -> bytes:
    """The decoded body of a leaf, at most about ``most`` bytes."""
    end = part.end
    if most is not None and end - part.start > most * 3:
        end = part.start + most * 3
    data = part.raw[part.start : end]
    if part.encoding == "base64":
        data = base64_bytes(data, notes)
    elif part.encoding == "quoted-printable":
        data = binascii.a2b_qp(data)
    elif part.encoding in ("x-uuencode", "uuencode", "x-uue", "uue"):
        data = _uudecode(data, notes)
    return data if most is None else data[:most]


_UU_BEGIN = re.compile(rb"^begin(-base64)? [0-7]{3,4} ([^\r\n]{1,300})\r?\n", re.M)


def uuencoded(data: bytes, notes: Notes) -> tuple[bytes, list[tuple[str, bytes]]]:
    """Plain text without its uuencoded files (POSIX ``uuencode``, both of its forms), and these as (name, bytes).

    A block ends with ``end`` or with the first line that is none of its own; what stands around it stays.
    """
    files: list[tuple[str, bytes]] = []
    rest: list[bytes] = []
    kept = 0
    if not data.startswith(b"begin") and b"\nbegin" not in data:
        return data, files
    for begin in islice(_UU_BEGIN.finditer(data), UU_TRIES):
        if begin.start() < kept:
            continue
        blob, end = _uu_block(data, begin.end(), begin[1] is not None)
        if not blob:
            continue
        if len(files) == notes.limits.attachments:
            notes.add("attachments")
            break
        files.append((begin[2].strip().decode("utf-8", "replace"), blob))
        rest.append(data[kept : begin.start()])
        kept = end
    return b"".join((*rest, data[kept:])), files


def _uu_block(data: bytes, at: int, base64: bool) -> tuple[bytes, int]:
    """The bytes of the lines from ``at`` on, and the place behind the block."""
    pieces: list[bytes] = []
    while at < len(data):
        stop = data.find(b"\n", at, at + 200)
        line = data[at : stop if stop >= 0 else at + 200].rstrip(b"\r")
        after = stop + 1 if stop >= 0 else len(data)
        if line in (b"end", b"===="):
            return b"".join(pieces), after
        try:
            piece = binascii.a2b_base64(line, strict_mode=True) if base64 else binascii.a2b_uu(line)
        except binascii.Error:
            break
        if not line or (not base64 and not 0 <= len(line) - 1 - (len(piece) + 2) // 3 * 4 <= 2):
            break  # a2b_uu takes a short line for one whose last blanks were cut off: words would pass
        pieces.append(piece)
        at = after
    return b"".join(pieces), at


def _uudecode(data: bytes, notes: Notes) -> bytes:
    out: list[bytes] = []
    if len(data) > UU_MOST:
        notes.add("uuencode_long")
    for line in data[:UU_MOST].splitlines():
        if line.startswith((b"begin ", b"end")) or not line:
            continue
        try:
            out.append(binascii.a2b_uu(line))
        except binascii.Error:
            notes.add("uuencode_broken")
    return b"".join(out)
