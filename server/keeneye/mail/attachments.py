"""What is attached: the type its bytes show, the names inside archives, the text and links of documents and pages."""

from __future__ import annotations

import hashlib
import io
import re
import struct
import zipfile

from keeneye.mail import charset, html, links, office, packed, pdf
from keeneye.mail.limits import Notes
from keeneye.model import Attachment

_MAGIC = (
    (b"%PDF-", "application/pdf"),
    (b"PK\x03\x04", "application/zip"),
    (b"PK\x05\x06", "application/zip"),
    (b"Rar!\x1a\x07", "application/vnd.rar"),
    (b"7z\xbc\xaf\x27\x1c", "application/x-7z-compressed"),
    (b"\x1f\x8b", "application/gzip"),
    (b"BZh", "application/x-bzip2"),
    (b"\xfd7zXZ\x00", "application/x-xz"),
    (b"\x28\xb5\x2f\xfd", "application/zstd"),
    (b"MSCF", "application/vnd.ms-cab-compressed"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "application/x-ole-storage"),
    (b"MZ", "application/x-msdownload"),
    (b"\x7fELF", "application/x-elf"),
    (b"L\x00\x00\x00\x01\x14\x02\x00", "application/x-ms-shortcut"),
    (b"{\\rtf", "application/rtf"),
    (b"\x78\x9f\x3e\x22", "application/vnd.ms-tnef"),
    (b"ITSF", "application/vnd.ms-htmlhelp"),
    (b"\xca\xfe\xba\xbe", "application/java-vm"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF8", "image/gif"),
    (b"BM", "image/bmp"),
    (b"II*\x00", "image/tiff"),
    (b"MM\x00*", "image/tiff"),
    (b"BEGIN:VCALENDAR", "text/calendar"),
    (b"BEGIN:VCARD", "text/vcard"),
    (b"#!", "text/x-script"),
    (b"\x60\xea", "application/x-arj"),
    (b"OneNote", "application/onenote"),
    (b"\xe4\x52\x5c\x7b\x8c\xd8\xa7\x4d", "application/onenote"),
    (b"conectix", "application/x-vhd"),
    (b"vhdxfile", "application/x-vhdx"),
)  # fmt: skip
_OOXML = (
    ("word/", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    ("xl/", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    ("ppt/", "application/vnd.openxmlformats-officedocument.presentationml.presentation"),
)
_HTML_START = re.compile(
    rb"\s{0,200}(?:<\?xml[^>]{0,200}>\s{0,200})?(?:<!--[^>]{0,500}-->\s{0,100})?<(?:!doctype\s+html|html|head|body|script|meta|form|svg|table|div|iframe)\b",
    re.I,
)
_HTML_NAME = (".html", ".htm", ".shtml", ".xhtml", ".svg", ".mht", ".mhtml", ".hta")
SCANNED = 8 * 1024 * 1024


def sniff(data: bytes) -> str | None:
    """The media type that the first bytes show, or None when they show none."""
    head = data[:16]
    for magic, kind in _MAGIC:
        if head.startswith(magic):
            return kind
    if data[257:262] == b"ustar":
        return "application/x-tar"
    if head[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "image/webp"
    if data[7:14] == b"**ACE**":
        return "application/x-ace-compressed"
    if b"%PDF-" in data[:1024]:
        return "application/pdf"
    if len(data) >= 32774 and data[32769:32774] == b"CD001":
        return "application/x-iso9660-image"
    if head[2:5] == b"-lh":
        return "application/x-lzh"
    start = data[:1200]
    if start[:2] in (b"\xff\xfe", b"\xfe\xff"):
        start = start.replace(b"\0", b"")[2:]
    if _HTML_START.match(start.removeprefix(b"\xef\xbb\xbf")):
        return "image/svg+xml" if b"<svg" in start[:1000].lower() and b"<html" not in start.lower() else "text/html"
    return None


def describe(
    index: int, name: str, declared: str, data: bytes, notes: Notes, *, inline: bool = False, label: str | None = None
) -> Attachment:
    """The Attachment of decoded bytes. Bounded work; no archive is unpacked beyond a small cap."""
    kind = sniff(data)
    encrypted: bool | None = None
    members: tuple[str, ...] = ()
    text = ""
    found: tuple[str, ...] = ()
    loads: tuple[str, ...] = ()
    form = script = macro = False
    if kind == "application/zip":
        members, encrypted, zip_kind, found, loads, text = _zip(data, notes)
        kind = zip_kind or kind
        macro = any(m.lower().endswith(("vbaproject.bin", "vbaprojectsignature.bin")) for m in members)
    elif kind == "application/x-ole-storage":
        scanned = data[:SCANNED]
        macro = b"_\0V\0B\0A\0_\0P\0R\0O\0J\0E\0C\0T" in scanned or b"V\0B\0A\0\0" in scanned
        encrypted = b"E\0n\0c\0r\0y\0p\0t\0e\0d\0P\0a\0c\0k\0a\0g\0e" in scanned or None
        found = office.fields(scanned)
    elif kind == "application/pdf":
        document = pdf.read(data, notes)
        encrypted, script, form, text = document.encrypted, document.script, document.form, document.text
        found, members = tuple(document.links), tuple(charset.clean(n, notes) for n in document.files)
    elif kind == "application/vnd.rar":
        members, encrypted = _cleaned(packed.rar(data, notes), notes)
    elif kind == "application/x-7z-compressed":
        members, encrypted = _cleaned(packed.seven_zip(data, notes), notes)
    elif kind == "application/gzip":
        members = _gzip_name(data)
    elif kind in ("text/html", "image/svg+xml") or (
        kind is None
        and (declared in ("text/html", "application/xhtml+xml", "image/svg+xml") or name.lower().endswith(_HTML_NAME))
    ):
        source = charset.clean(
            charset.decode(data[: notes.limits.html_chars], label, notes, html_charset(data))[0], notes
        )
        rendered = html.render(source, notes)
        text = rendered.text[: notes.limits.attachment_text]
        form, script = rendered.has_form, rendered.has_script or "<script" in source.lower()
        found = tuple(dict.fromkeys(links.resolve(link.href, rendered.base)[0] for link in rendered.links))[:200]
    elif (
        declared.startswith("text/")
        or declared in ("message/delivery-status", "application/json", "application/xml")
        or kind in ("text/calendar", "text/vcard")
    ):
        most = notes.limits.attachment_text
        text = charset.clean(charset.decode(data[: most * 4], label, notes)[0][:most], notes)
        found = tuple(text[a:b] for a, b in links.find_urls(text)[:200])
    return Attachment(
        index=index, name=name, type=declared, sniffed=kind, size=len(data),
        sha256=hashlib.sha256(data).hexdigest(), inline=inline,
        encrypted=encrypted, members=members, text=text, links=found, has_form=form, has_script=script, has_macro=macro,
        loads=loads,
    )  # fmt: skip


_META = re.compile(rb"""charset\s{0,5}=\s{0,5}["']?\s{0,5}([A-Za-z0-9_:.-]{2,40})""", re.I)


def html_charset(data: bytes) -> str | None:
    """The charset that an HTML document names in its first 2 KiB."""
    match = _META.search(data, 0, 2048)
    return match.group(1).decode("ascii") if match else None


_Zip = tuple[tuple[str, ...], bool | None, str | None, tuple[str, ...], tuple[str, ...], str]


def _zip(data: bytes, notes: Notes) -> _Zip:
    """Names in the central directory (local headers when that is broken), encryption, and of an OOXML document its
    type, its links, what it loads by itself and its first words."""
    names: list[str] = []
    found: tuple[str, ...] = ()
    loads: tuple[str, ...] = ()
    text = ""
    encrypted = False
    # zipfile reads the whole directory: the count in the end record is looked at first.
    end = data.rfind(b"PK\x05\x06", max(0, len(data) - 70_000))
    entries = struct.unpack_from("<H", data, end + 10)[0] if 0 <= end <= len(data) - 22 else 0
    size = struct.unpack_from("<I", data, end + 12)[0] if 0 <= end <= len(data) - 22 else 0
    if 0 < entries <= 20_000 and size <= 4 * 1024 * 1024:
        try:
            with zipfile.ZipFile(io.BytesIO(data)) as archive:
                infos = archive.infolist()
                encrypted = any(i.flag_bits & 1 for i in infos[:2000])
                if len(infos) > notes.limits.members:
                    notes.add("archive_members")
                # Macro projects stand late in the list of a large workbook.
                late = [
                    i.filename for i in infos[notes.limits.members :] if i.filename.lower().endswith("vbaproject.bin")
                ]
                names = [i.filename[:300] for i in infos[: notes.limits.members]] + late[:1]
                if any(i.filename == "[Content_Types].xml" for i in infos[: notes.limits.members]):
                    found, loads = office.relationships(archive, infos, notes)
                    text = charset.clean(office.words(archive, infos, notes), notes)
        except (
            zipfile.BadZipFile,
            ValueError,
            OSError,
            UnicodeDecodeError,
            struct.error,
            NotImplementedError,
            OverflowError,
            EOFError,
            IndexError,
        ):
            notes.add("archive_broken")
    if not names:
        names, encrypted = _local_headers(data, notes)
    kind = None
    if any(n == "[Content_Types].xml" for n in names):
        kind = next((k for prefix, k in _OOXML if any(n.startswith(prefix) for n in names)), None)
        if kind and any(n.lower().endswith("vbaproject.bin") for n in names):
            kind = {
                "w": "application/vnd.ms-word.document.macroenabled.12",
                "x": "application/vnd.ms-excel.sheet.macroenabled.12",
                "p": "application/vnd.ms-powerpoint.presentation.macroenabled.12",
            }.get(next((prefix[0] for prefix, k in _OOXML if k == kind), ""), kind)
    elif "META-INF/MANIFEST.MF" in names:
        kind = "application/java-archive"
    elif "AndroidManifest.xml" in names:
        kind = "application/vnd.android.package-archive"
    return tuple(charset.clean(n, notes) for n in names), encrypted, kind, found, loads, text


def _local_headers(data: bytes, notes: Notes) -> tuple[list[str], bool]:
    names: list[str] = []
    encrypted = False
    at = data.find(b"PK\x03\x04")
    while at >= 0 and len(names) < notes.limits.members and at + 30 <= len(data):
        flags, length = struct.unpack_from("<H", data, at + 6)[0], struct.unpack_from("<H", data, at + 26)[0]
        encrypted = encrypted or bool(flags & 1)
        names.append(
            data[at + 30 : at + 30 + min(length, 300)].decode("utf-8" if flags & 0x800 else "cp437", "replace")
        )
        at = data.find(b"PK\x03\x04", at + 30)
    return names, encrypted


def _cleaned(listed: packed.Listed, notes: Notes) -> tuple[tuple[str, ...], bool | None]:
    names, encrypted = listed
    return tuple(charset.clean(n, notes).replace("\n", " ") for n in names if n), encrypted


def _gzip_name(data: bytes) -> tuple[str, ...]:
    if len(data) > 10 and data[3] & 8 and not data[3] & 4:
        name = data[10:300].split(b"\0", 1)[0]
        return (name.decode("latin-1"),) if name else ()
    return ()
