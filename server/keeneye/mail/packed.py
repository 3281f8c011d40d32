"""Names of the members of RAR and 7z archives, read from the headers; nothing is extracted."""

from __future__ import annotations

import bz2
import lzma
import struct
import zlib

from keeneye.mail.limits import Notes

HEADER_MOST = 1024 * 1024
NAME_MOST = 300
BLOCKS_MOST = 2_000
Listed = tuple[list[str], bool | None]
"""(member names, whether contents or names are encrypted; None: could not be told)"""


def rar(data: bytes, notes: Notes) -> Listed:
    """Members of a RAR 4 or RAR 5 archive (technical notes of RAR 4.x and 5.0 by RARLAB). Never raises."""
    try:
        five = data.startswith(b"Rar!\x1a\x07\x01\x00")
        names, encrypted = _rar5(data, notes) if five else _rar4(data, notes)
        return names, encrypted if names or encrypted else None
    except (IndexError, struct.error):
        notes.add("archive_broken")
        return [], None


def _rar4(data: bytes, notes: Notes) -> Listed:
    names: list[str] = []
    encrypted = False
    at = 7
    for _ in range(BLOCKS_MOST):
        if at + 7 > len(data) or len(names) == notes.limits.members:
            break
        kind, flags, size = struct.unpack_from("<BHH", data, at + 2)
        if size < 7 or kind == 0x7B:  # end of archive
            break
        more = struct.unpack_from("<I", data, at + 7)[0] if flags & 0x8000 and at + 11 <= len(data) else 0
        if kind == 0x73 and flags & 0x80:  # the headers that follow are encrypted
            return names, True
        if kind == 0x74 and at + 32 <= len(data):
            encrypted = encrypted or bool(flags & 4)
            length = struct.unpack_from("<H", data, at + 26)[0]
            start = at + (40 if flags & 0x100 else 32)
            if flags & 0x100 and start <= len(data):
                more += struct.unpack_from("<I", data, at + 32)[0] << 32
            # Behind a zero stands a packed form of the same name with letters beyond ASCII.
            names.append(data[start : start + min(length, NAME_MOST)].split(b"\0", 1)[0].decode("utf-8", "replace"))
        at += size + more
    return names, encrypted


def _rar5(data: bytes, notes: Notes) -> Listed:
    names: list[str] = []
    encrypted = False
    at = 8
    for _ in range(BLOCKS_MOST):
        if at + 7 > len(data) or len(names) == notes.limits.members:
            break
        size, head = _vint(data, at + 4)
        end = head + size
        kind, place = _vint(data, head)
        flags, place = _vint(data, place)
        extra, place = _vint(data, place) if flags & 1 else (0, place)
        more, place = _vint(data, place) if flags & 2 else (0, place)
        if kind == 4:  # everything behind is encrypted
            return names, True
        if size == 0 or kind == 5:
            break
        if kind == 2:
            file_flags, place = _vint(data, place)
            for _ in range(2):  # unpacked size, attributes
                _, place = _vint(data, place)
            place += 4 * bool(file_flags & 2) + 4 * bool(file_flags & 4)
            for _ in range(2):  # method, system
                _, place = _vint(data, place)
            length, place = _vint(data, place)
            names.append(data[place : min(place + min(length, NAME_MOST), end)].decode("utf-8", "replace"))
            if 0 < extra <= size:
                encrypted = encrypted or _encryption_record(data, end - extra, end)
        at = end + more
    return names, encrypted


def _encryption_record(data: bytes, at: int, end: int) -> bool:
    for _ in range(20):
        if at >= end:
            break
        size, at = _vint(data, at)
        if _vint(data, at)[0] == 1:
            return True
        at += size
    return False


def _vint(data: bytes, at: int) -> tuple[int, int]:
    """A number of up to ten bytes, low seven bits first, and the place behind it. Raises IndexError at the end."""
    value = 0
    for shift in range(0, 70, 7):
        byte = data[at]
        at += 1
        value |= (byte & 0x7F) << shift
        if not byte & 0x80:
            break
    return value, at


def seven_zip(data: bytes, notes: Notes) -> Listed:
    """Members of a 7z archive (7zFormat.txt of the LZMA SDK), the header packed by LZMA or not. Never raises."""
    try:
        offset, size = struct.unpack_from("<QQ", data, 12)
        header = data[32 + offset : 32 + offset + min(size, HEADER_MOST)] if offset < len(data) else b""
        if header[:1] == b"\x17":
            if _AES in header:
                return [], True
            header = _unpacked_header(data, header, notes)
        if header[:1] != b"\x01":
            notes.add("archive_broken")
            return [], None
        return (names := _names(header, notes)), True if _AES in header else False if names else None
    except (IndexError, struct.error, lzma.LZMAError, zlib.error, OSError, ValueError, MemoryError):
        notes.add("archive_broken")
        return [], None


_AES = b"\x06\xf1\x07\x01"
_ONE_CODER = b"\x07\x0b\x01\x00\x01"
"""Unpack info, folders: one, described here, with one coder."""


def _unpacked_header(data: bytes, info: bytes, notes: Notes) -> bytes:
    """The header behind an encoded one of a single coder, which is what writers of 7z produce; else empty."""
    if info[1] != 6:
        return b""
    start, at = _number(info, 2)
    count, at = _number(info, at)
    if count != 1 or info[at] != 9:
        return b""
    size, at = _number(info, at + 1)
    at = info.find(_ONE_CODER, at) + len(_ONE_CODER)
    if at < len(_ONE_CODER):
        return b""
    shape = info[at]
    coder, at = info[at + 1 : at + 1 + (shape & 0x0F)], at + 1 + (shape & 0x0F)
    length, at = _number(info, at) if shape & 0x20 else (0, at)
    properties, at = info[at : at + length], at + length
    if info[at] != 0x0C:
        return b""
    whole, at = _number(info, at + 1)
    most = notes.unpack(min(whole, HEADER_MOST))
    return _decoded(coder, properties, data[32 + start : 32 + start + min(size, HEADER_MOST)], most) if most else b""


def _decoded(coder: bytes, properties: bytes, packed: bytes, most: int) -> bytes:
    """At most ``most`` bytes of what one of the coders of 7z packed (Methods.txt of the LZMA SDK)."""
    if coder == b"\x00":  # copy
        return packed[:most]
    if coder == b"\x03\x01\x01" and len(properties) == 5 and properties[0] < 225:
        first, dictionary = struct.unpack("<BI", properties)
        # No distance is longer than what is unpacked, whatever the archive wants to have reserved.
        sizes = {"dict_size": max(4096, min(dictionary, HEADER_MOST))}
        sizes |= {"lc": first % 9, "lp": first // 9 % 5, "pb": first // 45}
        filters = [{"id": lzma.FILTER_LZMA1, **sizes}]
        return lzma.LZMADecompressor(lzma.FORMAT_RAW, filters=filters).decompress(packed, most)
    if coder == b"\x21":
        filters = [{"id": lzma.FILTER_LZMA2, "dict_size": HEADER_MOST}]
        return lzma.LZMADecompressor(lzma.FORMAT_RAW, filters=filters).decompress(packed, most)
    if coder == b"\x04\x02\x02":
        return bz2.BZ2Decompressor().decompress(packed, most)
    if coder == b"\x04\x01\x08":
        return zlib.decompressobj(-zlib.MAX_WBITS).decompress(packed, most)
    return b""


def _names(header: bytes, notes: Notes) -> list[str]:
    """The property of names: 0x11, its size, 0 and the names in UTF-16, each ended by a zero.

    It is found by its form, so that the description of the packed streams in front of it need not be read.
    """
    at = header.find(b"\x11")
    decoded = 0
    for _ in range(5_000):
        if at < 0 or decoded == 10:
            break
        size, place = _number(header, at + 1)
        end = place + size
        if size >= 5 and size % 2 and end <= len(header) and header[place] == 0 and header[end - 2 : end] == b"\0\0":
            decoded += 1
            found = header[place + 1 : end].decode("utf-16-le", "replace").split("\0")[:-1]
            if len(found) > notes.limits.members:
                notes.add("archive_members")
            if all(found[: notes.limits.members]):
                return [n[:NAME_MOST] for n in found[: notes.limits.members]]
        at = header.find(b"\x11", at + 1)
    return []


def _number(data: bytes, at: int) -> tuple[int, int]:
    """A number whose first byte tells by its leading ones how many bytes follow, and the place behind it."""
    first = data[at]
    value = 0
    mask = 0x80
    for index in range(8):
        if not first & mask:
            return value | (first & (mask - 1)) << (8 * index), at + 1 + index
        value |= data[at + 1 + index] << (8 * index)
        mask >>= 1
    return value, at + 9
