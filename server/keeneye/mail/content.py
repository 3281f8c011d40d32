"""What a reader is shown of a MIME tree: the body, the other alternative, attachments, inner messages."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Literal

from keeneye.mail import attachments, charset, html, links, parse
from keeneye.mail.layout import HIDDEN_MOST, Region, Rendered
from keeneye.mail.limits import Notes
from keeneye.mail.parse import Part
from keeneye.mail.tnef import unpack
from keeneye.model import Attachment, Link, Span

_HTML_BODY = re.compile(rb"\s{0,200}<(?:!doctype\s+html|html|body|head)\b", re.I)
_TNEF = ("application/ms-tnef", "application/vnd.ms-tnef")
_QUOTE_DEPTH = re.compile(r">*")


@dataclass(slots=True)
class Content:
    """The readable content of one message. Offsets of links and regions are places in ``body``."""

    body_part: Literal["text", "html"] = "text"
    body: str = ""
    hidden: str = ""
    alternative: str = ""
    html: str = ""
    charset: str | None = None
    has_images: bool = False
    zero_width: int = 0
    bidi_controls: int = 0
    links: list[Link] = field(default_factory=list)
    regions: list[Region] = field(default_factory=list)
    attachments: list[Attachment] = field(default_factory=list)
    inner: list[Part] = field(default_factory=list)


@dataclass(slots=True)
class _Sorted:
    shown: list[Part] = field(default_factory=list)
    alternatives: list[Part] = field(default_factory=list)
    attached: list[Part] = field(default_factory=list)
    inner: list[Part] = field(default_factory=list)


def of(root: Part, notes: Notes) -> Content:
    """Read the content of a message tree."""
    sorted_ = _Sorted()
    _sort(root, sorted_, shown=True)
    content = Content(inner=sorted_.inner)
    sources: list[tuple[str, str]] = []
    budget = notes.limits.html_chars * 4
    for part in sorted_.shown:
        if budget <= 0 or notes.late():
            notes.add("body_chars")
            break
        kind, text, used, size = _text(part, notes, min(budget, notes.limits.html_chars * 4), content)
        budget -= size
        sources.append((kind, text))
        content.charset = content.charset or used
    others = [_text(p, notes, notes.limits.body_chars * 4)[:2] for p in sorted_.alternatives[:20] if not notes.late()]
    for part in sorted_.attached[: notes.limits.attachments]:
        if notes.late():
            break
        _attach(part, content, sources, notes)
    if len(sorted_.attached) > notes.limits.attachments:
        notes.add("attachments")
    fill(content, sources, others, notes)
    return content


def _sort(part: Part, out: _Sorted, *, shown: bool) -> None:
    """Decide for every leaf whether it is body, alternative or attachment. Depth is bounded by the parser."""
    if part.main == "multipart":
        if part.type == "multipart/alternative" and part.children:
            chosen = next((c for c in reversed(part.children) if _holds(c, "text/html")), None)
            chosen = chosen or next((c for c in reversed(part.children) if _holds(c, "text/plain")), part.children[-1])
            for child in part.children:
                _sort(child, out, shown=shown and child is chosen)
        else:
            for child in part.children:
                _sort(child, out, shown=shown)
        return
    if part.children:  # message/rfc822
        out.inner.append(part)
        out.attached.append(part)
        return
    if (
        part.type in ("text/plain", "text/html", "", "text/enriched", "text/richtext", "text/x-amp-html")
        and part.disposition != "attachment"
    ):
        named = bool(part.filename)
        if part.type == "text/x-amp-html":
            return
        if (
            not named
            or (part.type != "text/html" and not out.shown and part.disposition != "inline")
            or part.depth == 0
        ):
            (out.shown if shown else out.alternatives).append(part)
            return
    out.attached.append(part)


def _holds(part: Part, kind: str) -> bool:
    if part.type == kind:
        return part.disposition != "attachment"
    return any(_holds(child, kind) for child in part.children if part.main == "multipart")


def _text(part: Part, notes: Notes, most: int, content: Content | None = None) -> tuple[str, str, str | None, int]:
    """(text | html, decoded source, charset, bytes read) of a textual leaf; its uuencoded files go to ``content``."""
    data = parse.content(part, notes, most)
    size = len(data)
    if content is not None and part.type != "text/html":
        data, files = parse.uuencoded(data, notes)
        for name, blob in files[: max(0, notes.limits.attachments - len(content.attachments))]:
            _add_file(charset.clean(name, notes), blob, content, notes)
    kind = "html" if part.type == "text/html" else "text"
    if not part.type and _HTML_BODY.match(data):
        kind = "html"
        notes.add("html_without_type")
    label = part.params.get("charset")
    text, used = charset.decode(data, label, notes, attachments.html_charset(data) if kind == "html" else None)
    text = charset.clean(text, notes)
    if kind == "text":
        if part.params.get("format", "").lower() == "flowed":
            text = unflow(text, part.params.get("delsp", "").lower() == "yes")
        elif part.type in ("text/enriched", "text/richtext"):
            kind = "html"
    return kind, text, used, size


def unflow(text: str, delsp: bool) -> str:
    """Join the soft line ends of format=flowed (RFC 3676 §4.1); quote marks stay on the joined line."""
    out: list[str] = []
    pending = ""
    open_depth = -1
    for line in text.split("\n"):
        match = _QUOTE_DEPTH.match(line)
        depth = match.end() if match else 0
        rest = line[depth:]
        if rest.startswith(" "):
            rest = rest[1:]
        flowed = rest.endswith(" ") and rest != "-- "
        if open_depth == depth and rest != "-- ":
            pending += rest
        else:
            if open_depth >= 0:
                out.append(pending)
            pending = (">" * depth + " " if depth else "") + rest
        if flowed:
            open_depth = depth
            if delsp:
                pending = pending[:-1]
        else:
            out.append(pending)
            open_depth = -1
    if open_depth >= 0:
        out.append(pending)
    return "\n".join(out)


def _attach(part: Part, content: Content, sources: list[tuple[str, str]], notes: Notes) -> None:
    name = _name(part, notes, content)
    index = len(content.attachments)
    if part.children:
        inner = part.children[0]
        data = part.raw[part.start : part.end]
        subject = next((v for n, v in inner.headers if n.lower() == "subject"), b"")
        kind = attachments.describe(
            index, name or f"{subject[:60].decode('ascii', 'replace')}.eml", "message/rfc822", data, notes
        )
        content.attachments.append(kind)
        return
    data = parse.content(part, notes)
    if part.type in _TNEF or (name.lower() == "winmail.dat" and data[:4] == b"\x78\x9f\x3e\x22"):
        tnef = unpack(data, notes)
        if tnef is not None and (tnef.files or tnef.bodies):
            sources_before = any(text.strip() for _, text in sources)
            if not sources_before:
                sources.extend(tnef.bodies)
            for inner_name, blob in tnef.files[: notes.limits.attachments]:
                _add_file(inner_name, blob, content, notes)
            return
    inline = part.disposition == "inline" or (
        not part.disposition and any(n.lower() == "content-id" for n, _ in part.headers)
    )
    content.attachments.append(
        attachments.describe(
            index,
            name,
            part.type or "application/octet-stream",
            data,
            notes,
            inline=inline,
            label=part.params.get("charset"),
        )
    )


def _add_file(name: str, data: bytes, content: Content, notes: Notes) -> None:
    """Add a file that came without a part and so without a type of its own."""
    content.attachments.append(
        attachments.describe(len(content.attachments), _visible(name, content), "application/octet-stream", data, notes)
    )


def _name(part: Part, notes: Notes, content: Content) -> str:
    return _visible(charset.clean(part.filename[:500], notes).replace("\n", " ").strip(), content)


def _visible(name: str, content: Content) -> str:
    """The name as written; its directional overrides count as bidi controls."""
    content.bidi_controls += charset.strip_unseen(name)[2]
    return name


def fill(content: Content, sources: list[tuple[str, str]], others: list[tuple[str, str]], notes: Notes) -> None:
    """Build the body of its decoded sources (kind, text) and find what stands in it."""
    most = notes.limits.body_chars
    rendered = {i: html.render(text, notes) for i, (kind, text) in enumerate(sources) if kind == "html"}
    if rendered and not any(r.text or r.has_images or r.hidden for r in rendered.values()):
        plain = [o for o in (*sources, *others) if o[0] == "text" and o[1].strip()]
        if plain:  # an HTML part that shows nothing at all
            sources, others, rendered = plain, [], {}
    content.body_part = "html" if any(kind == "html" for kind, _ in sources) else "text"
    pieces: list[str] = []
    length = 0
    for index, (kind, text) in enumerate(sources):
        if kind == "text" and not text.strip() and len(sources) > 1:
            continue
        glue = "\n\n" if pieces else ""
        start = length + len(glue)
        if start >= most:
            notes.add("body_chars")
            break
        if kind == "html":
            result = rendered[index]
            shown = result.text
            content.html = (
                f"{content.html}\n{text}"[: notes.limits.html_chars]
                if content.html
                else text[: notes.limits.html_chars]
            )
            content.has_images = content.has_images or result.has_images
            content.hidden = f"{content.hidden}\n{result.hidden}".strip("\n")[:HIDDEN_MOST]
            content.zero_width += result.zero_width
            content.bidi_controls += result.bidi_controls
            shown = shown[: most - start]
            _add_links(content, result, shown, start)
            content.regions.extend(
                Region(r.kind, r.start + start, min(r.end, len(shown)) + start) for r in result.regions
            )
        else:
            shown, zero, bidi = charset.strip_unseen(text[:most])
            if len(text) > most:
                notes.add("body_chars")
            content.zero_width += zero
            content.bidi_controls += bidi
            shown = shown[: most - start]
        if not shown:
            continue
        pieces.append(glue + shown)
        length = start + len(shown)
    content.body = "".join(pieces)
    content.alternative = "\n\n".join(
        html.render(text, notes).text if kind == "html" else charset.strip_unseen(text[:most])[0]
        for kind, text in others
    ).strip()[:most]
    _add_urls(content, notes)


def _add_links(content: Content, result: Rendered, shown: str, start: int) -> None:
    for found in result.links:
        href, scheme, host = links.resolve(found.href, result.base)
        span = None
        text = found.alt
        if 0 <= found.start < found.end <= len(shown):
            text = shown[found.start : found.end]
            span = Span(start + found.start, start + found.end)
        hidden = found.concealed and span is None
        content.links.append(Link(len(content.links), found.kind, text, href, scheme, host, span, hidden))


def _add_urls(content: Content, notes: Notes) -> None:
    """Addresses written in the text that are not already the text of a link."""
    ranges = links.find_urls(content.body)
    if not ranges:
        return
    taken = sorted((link.span.start, link.span.end) for link in content.links if link.span)
    at = 0
    for start, end in ranges:
        while at < len(taken) and taken[at][1] <= start:
            at += 1
        if at < len(taken) and taken[at][0] < end:
            continue
        if len(content.links) >= notes.limits.links:
            notes.add("links")
            break
        text = content.body[start:end]
        href, scheme, host = links.resolve(text)
        content.links.append(Link(len(content.links), "text", text, href, scheme, host, Span(start, end)))
