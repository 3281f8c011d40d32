"""winmail.dat: the body and the files inside Microsoft's TNEF wrapper, through tnefparse, bounded."""

from __future__ import annotations

import logging
from typing import Any, NamedTuple

from keeneye.mail import charset
from keeneye.mail.limits import Notes

MOST = 8 * 1024 * 1024
SIGNATURE = b"\x78\x9f\x3e\x22"


class Unpacked(NamedTuple):
    """``bodies``: (text | html, decoded source); ``files``: (name, bytes)."""

    bodies: list[tuple[str, str]]
    files: list[tuple[str, bytes]]


def unpack(data: bytes, notes: Notes) -> Unpacked | None:
    """The content of a TNEF stream, or None when it cannot be read (``tnef_broken``)."""
    if data[:4] != SIGNATURE or len(data) > MOST or _objects(data) > 2000:
        notes.add("tnef_broken")
        return None
    import tnefparse  # type: ignore[import-untyped]  # takes 30 ms to load and is rarely needed

    logging.getLogger("tnef-decode").setLevel(logging.CRITICAL)
    try:
        tnef: Any = tnefparse.TNEF(data, do_checksum=False)
        bodies: list[tuple[str, str]] = []
        for kind, body in (("html", getattr(tnef, "htmlbody", None)), ("text", getattr(tnef, "body", None))):
            if body and not bodies:
                text = body if isinstance(body, str) else charset.decode(bytes(body), None, notes)[0]
                bodies.append((kind, charset.clean(text[: notes.limits.html_chars], notes)))
        files = []
        for item in tnef.attachments:
            name = item.long_filename() or item.name or ""
            if isinstance(name, bytes):
                name = charset.decode(name, None, notes)[0]
            files.append((charset.clean(str(name), notes).strip("\0 ")[:300], bytes(item.data or b"")))
    except Exception:  # the parser raises whatever its slices run into
        notes.add("tnef_broken")
        return None
    return Unpacked(bodies, files)


def _objects(data: bytes) -> int:
    """How many objects the stream declares: level, id, length, data, checksum (MS-OXTNEF §2.1.3)."""
    at, count = 6, 0
    while at + 9 <= len(data) and count <= 2000:
        length = int.from_bytes(data[at + 5 : at + 9], "little")
        at += 11 + length
        count += 1
    return count
