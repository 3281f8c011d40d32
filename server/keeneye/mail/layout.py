"""What a reader sees of start tags, texts and end tags: the text as rendered, links, hidden text, quoted regions."""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass, field
from typing import NamedTuple

from keeneye.mail import styles
from keeneye.mail.charset import UNSEEN, strip_unseen
from keeneye.mail.limits import Notes

BLOCKS = frozenset(
    "address article aside blockquote body center dd details dialog dir div dl dt fieldset figcaption figure footer "
    "form header hr legend li main menu nav ol option optgroup p pre section summary table tbody tfoot thead tr "
    "ul caption h1 h2 h3 h4 h5 h6".split()
)
_SPACED = frozenset(("p", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "dl", "blockquote", "pre"))
_STYLING = frozenset(("style", "bgcolor", "color", "background", "text", "hidden"))
_SAYS_STYLE = ("style", "class", "id", "bgcolor", "color", "background", "text")
CELLS = frozenset(("td", "th"))
_LAID_OUT = BLOCKS | {"a", "button"}
# Classes and ids by which mail programs mark what they quote: Gmail, Yahoo, Thunderbird, Proton, Tutanota, Zoho,
# NetEase, Tencent; then those behind which everything is quoted (Outlook); then signatures.
_MARKED = re.compile(
    r"(gmail_quote|yahoo_quoted|moz-cite|protonmail_quote|tutanota_quote|zmail_extra|mail_quote|ntes_replymail|isReplyContent|gmail_attr)|"
    r"(divRplyFwdMsg|OutlookMessageHeader|appendonsend|OLK_SRC_BODY_SECTION|mail-editor-reference-message|origbody)|"
    r"(gmail_signature(?!_prefix)|moz-signature|\b_?Signature\b|ms-outlook-mobile-signature|protonmail_signature_block(?!-empty)|(?<!g)mail_signature)"
)
HIDDEN_MOST = 50_000


@dataclass(slots=True)
class FoundLink:
    kind: str
    href: str
    start: int = -1
    end: int = -1
    alt: str = ""
    has_image: bool = False
    concealed: bool = False


class Region(NamedTuple):
    """``quote``: a quoted thread; ``rest``: from here on all is quoted; ``signature``."""

    kind: str
    start: int
    end: int


@dataclass(slots=True)
class Rendered:
    text: str = ""
    hidden: str = ""
    links: list[FoundLink] = field(default_factory=list)
    regions: list[Region] = field(default_factory=list)
    base: str = ""
    has_images: bool = False
    has_form: bool = False
    has_script: bool = False
    zero_width: int = 0
    bidi_controls: int = 0


class _Frame(NamedTuple):
    hidden: bool
    unseen: bool
    invisible: bool
    tiny: bool
    color: int
    background: int
    pre: bool


_ROOT = _Frame(False, False, False, False, 0, styles.WHITE, False)


def _frame(parent: _Frame, style: styles.Style) -> _Frame:
    """The state inside an element: its own style over its parent's."""
    hide, invisible, tiny, color, background, pre, _ = style
    hide = hide or parent.hidden
    invisible = parent.invisible if invisible is None else invisible
    tiny = parent.tiny if tiny is None else tiny
    color = parent.color if color is None else color
    background = parent.background if background is None else background
    unseen = hide or invisible or tiny or styles.alike(color, background)
    return _Frame(hide, unseen, invisible, tiny, color, background, parent.pre if pre is None else pre)


class Renderer:
    """Takes start tags, texts and end tags in document order and keeps what a reader sees."""

    def __init__(self, notes: Notes) -> None:
        self.notes = notes
        self.most = notes.limits.body_chars
        self.out: list[str] = []
        self.length = 0
        self.breaks = 0
        self.space = False
        self.tab = False
        self.word = False
        self.lines = 0
        self.rows: list[list[int]] = []
        self.stack: list[_Frame] = [_ROOT]
        self.regions: list[tuple[int, str, int]] = []
        self.hidden: list[str] = []
        self.hidden_length = 0
        self.sheet: dict[str, styles.Style] = {}
        self.styled: dict[tuple[object, ...], tuple[_Frame, styles.Style]] = {}
        self.open_link: FoundLink | None = None
        self.result = Rendered()

    # -- events

    def start(self, tag: str, attributes: dict[str, str | None]) -> None:
        """Open an element (never a void one: those go to ``void``)."""
        frame = self.stack[-1]
        if attributes or self.sheet:
            style = styles.PLAIN
            if self.sheet or not _STYLING.isdisjoint(attributes):
                frame, style = self._styled(frame, tag, attributes)
            if "class" in attributes or "id" in attributes or tag == "blockquote":
                kind = self._region(tag, attributes, style)
                if kind:
                    self.regions.append((len(self.stack), kind, self.length))
        if tag == "pre":
            frame = frame._replace(pre=True)
        self.stack.append(frame)
        if tag in CELLS:
            self._cell()
        elif tag in BLOCKS:
            # Most blocks begin where another one ended: the line is broken already.
            if not frame.hidden and (not self.breaks or self.tab or tag in _SPACED):
                self._block(tag, attributes)
            if tag == "tr":
                self.rows.append([0, 0])
            elif tag == "form":
                self.result.has_form = True
                self.link("form", attributes.get("action"), frame)
        elif tag == "a":
            self.link("a", attributes.get("href") or attributes.get("xlink:href"), frame)
        elif tag == "button":
            self.space = True
            if attributes.get("formaction"):
                self.link("form", attributes["formaction"], frame)
        elif tag == "iframe":
            self.link("script", attributes.get("src"), frame)

    def void(self, tag: str, attributes: dict[str, str | None]) -> None:
        """An element without content."""
        frame = self.stack[-1]
        if tag == "br":
            if not frame.hidden:
                self.breaks = min(3, self.breaks + 1)
        elif tag == "img":
            self._image(attributes)
        elif tag == "hr":
            if not frame.hidden:
                self.breaks = max(self.breaks, 1)
        elif tag == "area":
            self.link("area", attributes.get("href"), frame)
        elif tag == "base":
            self.result.base = self.result.base or attributes.get("href") or ""
        elif tag == "meta":
            if (attributes.get("http-equiv") or "").lower() == "refresh":
                self.link("meta", (attributes.get("content") or "")[:4200].partition("=")[2].strip(" '\""), frame)
        elif tag == "input":
            self._input(attributes, frame)
        elif tag == "embed":
            self.link("script", attributes.get("src"), frame)

    def end(self, tag: str = "") -> None:
        """Close the innermost element, which is a ``tag``."""
        if tag in _LAID_OUT:
            self.leave(tag)
        self.stack.pop()
        if self.regions and self.regions[-1][0] == len(self.stack):
            _, kind, start = self.regions.pop()
            self.result.regions.append(Region(kind, start, self.length))

    def leave(self, tag: str) -> None:
        """What the end of a ``tag`` does to the layout."""
        if tag == "a":
            if self.open_link is not None:
                self._close_link()
        elif tag in BLOCKS:
            if not self.stack[-1].hidden and (not self.breaks or self.tab or tag in _SPACED):
                self._block(tag, None)
            if tag == "tr" and self.rows:
                self.rows.pop()
        elif tag == "button":
            self.space = True

    def text(self, data: str) -> None:
        frame = self.stack[-1]
        if frame.unseen:
            data = data.strip()
            if data:
                if self.open_link is not None:
                    self.open_link.concealed = True
                if self.hidden_length < HIDDEN_MOST:
                    self.hidden.append(data[:HIDDEN_MOST])
                    self.hidden_length += len(data) + 1
        elif frame.pre:
            self._pre(data)
        elif data.isspace():
            self.space = True
        elif data:
            if data[0].isspace():
                self.space = True
            self._emit(" ".join(data.split()))
            if data[-1].isspace():
                self.space = True

    # -- helpers

    def _emit(self, chunk: str) -> None:
        if self.length >= self.most:
            self.notes.add("body_chars")
            return
        if self.breaks:
            if self.length:
                glue = "\n\n\n"[: self.breaks]
                self.out.append(glue)
                self.length += self.breaks
                self.lines += 1
            self.breaks = 0
        elif self.tab:
            self.out.append("\t")
            self.length += 1
        elif self.space and self.length:
            self.out.append(" ")
            self.length += 1
        self.space = self.tab = False
        if self.length + len(chunk) > self.most:
            self.notes.add("body_chars")
            chunk = chunk[: self.most - self.length]
        link = self.open_link
        if link is not None and link.start < 0:
            link.start = self.length
        self.out.append(chunk)
        self.length += len(chunk)
        if self.rows:
            self.rows[-1][1] = 1

    def _pre(self, data: str) -> None:
        first = True
        for line in data.split("\n"):
            if not first:
                self.breaks = min(3, self.breaks + 1)
            first = False
            line = line.expandtabs().rstrip()
            if line:
                self._emit(line)

    def _block(self, tag: str, attributes: dict[str, str | None] | None) -> None:
        """A block begins (with its attributes) or ends (None). Word's paragraphs have no space between them."""
        if attributes and tag == "p" and (attributes.get("class") or "").startswith(("Mso", "x_Mso")):
            self.word = True
        if self.tab:  # a block at the start of a cell stays beside the cell before it
            if tag not in ("tr", "table"):
                return
            self.tab = False
        if tag in _SPACED and not (tag == "p" and self.word):
            self.breaks = max(self.breaks, 2)
        elif self.breaks < 1:
            self.breaks = 1

    def _cell(self) -> None:
        """Cells of one row stand side by side, unless the one before held several lines."""
        if not self.rows:
            return
        row = self.rows[-1]
        if row[1]:
            if self.lines == row[0]:
                self.breaks, self.tab = 0, True
            elif self.breaks < 1:
                self.breaks = 1
        row[0] = self.lines + (1 if self.breaks and self.length else 0)

    def _styled(self, parent: _Frame, tag: str, attributes: dict[str, str | None]) -> tuple[_Frame, styles.Style]:
        """The frame and the style of an element; most elements of a message look like another one of it."""
        key = (parent, tag, "hidden" in attributes, *map(attributes.get, _SAYS_STYLE))
        found = self.styled.get(key)
        if found is None:
            style = self._style(tag, attributes)
            found = self.styled[key] = (parent if style is styles.PLAIN else _frame(parent, style), style)
        return found

    def _style(self, tag: str, attributes: dict[str, str | None]) -> styles.Style:
        style = styles.PLAIN
        if self.sheet:
            rules = self.sheet
            if tag in rules:
                style = rules[tag]
            for name in (attributes.get("class") or "").lower().split()[:20]:
                for key in ("." + name, tag + "." + name):
                    if key in rules:
                        style = styles.over(style, rules[key])
            identity = attributes.get("id")
            if identity and "#" + identity.lower() in rules:
                style = styles.over(style, rules["#" + identity.lower()])
        if "bgcolor" in attributes or "color" in attributes or "background" in attributes or "size" in attributes:
            named = attributes.get("color") if tag == "font" else None
            color = styles.colour(named.lower()) if named else None
            background: int | None = None
            if attributes.get("background"):
                background = styles.UNKNOWN
            elif attributes.get("bgcolor"):
                background = styles.colour((attributes["bgcolor"] or "").lower())
            style = styles.over(style, styles.Style(color=color, background=background))
        if tag == "body" and attributes.get("text"):
            style = styles.over(style, styles.Style(color=styles.colour((attributes["text"] or "").lower())))
        inline = attributes.get("style")
        if inline:
            style = styles.over(style, styles.parse(inline[:2000]))
        if "hidden" in attributes:
            style = styles.over(style, styles.Style(hide=True))
        return style

    def _region(self, tag: str, attributes: dict[str, str | None], style: styles.Style) -> str | None:
        label = attributes.get("class") or ""
        if "id" in attributes:
            label += " " + (attributes["id"] or "")
        if label:
            match = _MARKED.search(label[:200])
            if match:
                return ("quote", "rest", "signature")[(match.lastindex or 1) - 1]
        if tag == "blockquote" and (
            (attributes.get("type") or "").lower() == "cite" or "cite" in attributes or style.quote
        ):
            return "quote"
        return None

    def link(self, kind: str, href: str | None, frame: _Frame) -> None:
        if kind == "a" and self.open_link is not None:
            self._close_link()
        if not href or not href.strip() or (kind == "a" and href.lstrip().startswith("#")):
            return
        if len(self.result.links) >= self.notes.limits.links:
            self.notes.add("links")
            return
        link = FoundLink(kind, href, concealed=frame.hidden)
        self.result.links.append(link)
        if kind == "a":
            self.open_link = link

    def _close_link(self) -> None:
        link = self.open_link
        if link is not None and link.start >= 0:
            link.end = self.length
        elif link is not None and link.has_image:
            link.kind = "img"
        self.open_link = None

    def script(self, attributes: dict[str, str | None]) -> None:
        self.result.has_script = True
        if attributes.get("src"):
            self.link("script", attributes["src"], _ROOT)

    def _image(self, attributes: dict[str, str | None]) -> None:
        frame = self.stack[-1]
        if frame.hidden:
            return
        pixel = any((attributes.get(k) or "").strip().rstrip("px") in ("0", "1", "2") for k in ("width", "height"))
        if attributes.get("src") and not pixel:
            self.result.has_images = True
        if self.open_link is not None and not pixel:
            self.open_link.has_image = True
            self.open_link.alt = self.open_link.alt or " ".join((attributes.get("alt") or "")[:500].split())
        self.space = True

    def _input(self, attributes: dict[str, str | None], frame: _Frame) -> None:
        kind = (attributes.get("type") or "text").lower()
        shown = attributes.get("value") if kind in ("submit", "button", "reset") else attributes.get("placeholder")
        if shown and kind != "hidden" and not frame.hidden:
            self.space = True
            self.text(shown[:500])
            self.space = True

    def finish(self) -> Rendered:
        if self.open_link is not None:
            self._close_link()
        while len(self.stack) > 1:
            self.end()
        result = self.result
        text = "".join(self.out)
        result.hidden = "\n".join(self.hidden)
        stripped, result.zero_width, result.bidi_controls = strip_unseen(text)
        if stripped != text:
            shift = _shifts(text, stripped)
            for link in result.links:
                link.start, link.end = shift(link.start), shift(link.end)
            result.regions = [Region(r.kind, shift(r.start), shift(r.end)) for r in result.regions]
        result.text = stripped.rstrip()
        return result


class _shifts:
    """Offsets of a text to offsets of the same text without some of its characters."""

    def __init__(self, before: str, after: str) -> None:
        self.removed: list[int] = []
        for match in UNSEEN.finditer(before):
            at = match.start()
            if not after.startswith(match.group(), at - len(self.removed)):
                self.removed.append(at)

    def __call__(self, offset: int) -> int:
        return offset - bisect_left(self.removed, offset) if offset > 0 else offset
