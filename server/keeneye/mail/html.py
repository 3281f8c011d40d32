"""HTML to the text that its reader sees, with links, hidden text and quoted regions.

lexbor builds the tree; a message over the caps (lexbor is quadratic in crafted nesting and attributes)
is read by a plain tokenizer instead, so that nothing can hide by size. Both feed one ``Renderer``.
"""

from __future__ import annotations

import html as entities
import re
from bisect import bisect_left
from dataclasses import dataclass, field
from typing import NamedTuple

from selectolax.lexbor import LexborHTMLParser, LexborNode

from keeneye.mail import styles
from keeneye.mail.charset import UNSEEN, strip_unseen
from keeneye.mail.limits import Notes

_DROPPED = frozenset("script style head title template noframes object svg math datalist xml".split())
_VOID = frozenset("area base br col embed hr img input link meta param source track wbr".split())
_PASSED_OVER = _DROPPED | _VOID | {"-comment", "!doctype", "-doctype", "-document"}
_BLOCKS = frozenset(
    "address article aside blockquote body center dd details dialog dir div dl dt fieldset figcaption figure footer "
    "form header hr legend li main menu nav ol option optgroup p pre section summary table tbody tfoot thead tr "
    "ul caption h1 h2 h3 h4 h5 h6".split()
)
_SPACED = frozenset(("p", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "dl", "blockquote", "pre"))
_STYLING = frozenset(("style", "bgcolor", "color", "background", "text", "hidden"))
_SAYS_STYLE = ("style", "class", "id", "bgcolor", "color", "background", "text")
_CELLS = frozenset(("td", "th"))
_LAID_OUT = _BLOCKS | {"a", "button"}
_NO_ATTRIBUTES: dict[str, str | None] = {}
_FORMATTING = frozenset("a b big code em font i nobr s small strike strong tt u".split())
# Classes and ids by which mail programs mark what they quote: Gmail, Yahoo, Thunderbird, Proton, Tutanota, Zoho,
# NetEase, Tencent; then those behind which everything is quoted (Outlook); then signatures.
_MARKED = re.compile(
    r"(gmail_quote|yahoo_quoted|moz-cite|protonmail_quote|tutanota_quote|zmail_extra|mail_quote|ntes_replymail|isReplyContent|gmail_attr)|"
    r"(divRplyFwdMsg|OutlookMessageHeader|appendonsend|OLK_SRC_BODY_SECTION|mail-editor-reference-message|origbody)|"
    r"(gmail_signature(?!_prefix)|moz-signature|\b_?Signature\b|ms-outlook-mobile-signature|protonmail_signature_block(?!-empty)|(?<!g)mail_signature)"
)
_TOKEN = re.compile(r"<(?:!--|[!?]|(/?)([a-zA-Z][^\s/>]{0,60}))")
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]{0,12})")
_ATTRIBUTE = re.compile(r"""[\s/]*([^\s"'>/=][^\s>/=]{0,100})(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>]*)))?""")
_ANY_TAG = re.compile(r"<[^<>]*>")
_RAW = re.compile(r"</(?:script|style|title|template|xml)", re.I)
_DATA = re.compile(r"data:[a-z]{0,20}/[a-z0-9.+-]{0,40};base64,[A-Za-z0-9+/=\s]{200,}", re.I)
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
        if tag in _CELLS:
            self._cell()
        elif tag in _BLOCKS:
            # Most blocks begin where another one ended: the line is broken already.
            if not frame.hidden and (not self.breaks or self.tab or tag in _SPACED):
                self._block(tag, attributes)
            if tag == "tr":
                self.rows.append([0, 0])
            elif tag == "form":
                self.result.has_form = True
                self._link("form", attributes.get("action"), frame)
        elif tag == "a":
            self._link("a", attributes.get("href") or attributes.get("xlink:href"), frame)
        elif tag == "button":
            self.space = True
            if attributes.get("formaction"):
                self._link("form", attributes["formaction"], frame)
        elif tag == "iframe":
            self._link("script", attributes.get("src"), frame)

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
            self._link("area", attributes.get("href"), frame)
        elif tag == "base":
            self.result.base = self.result.base or attributes.get("href") or ""
        elif tag == "meta":
            if (attributes.get("http-equiv") or "").lower() == "refresh":
                self._link("meta", (attributes.get("content") or "")[:4200].partition("=")[2].strip(" '\""), frame)
        elif tag == "input":
            self._input(attributes, frame)
        elif tag == "embed":
            self._link("script", attributes.get("src"), frame)

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
        elif tag in _BLOCKS:
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
            color = styles.colour(attributes["color"].lower()) if tag == "font" and attributes.get("color") else None  # type: ignore[union-attr]
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

    def _link(self, kind: str, href: str | None, frame: _Frame) -> None:
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


def render(source: str, notes: Notes) -> Rendered:
    """The visible text of an HTML document or fragment and what stands in it. Never raises."""
    limits = notes.limits
    tail = ""
    if len(source) > 20_000 and "base64," in source:
        source = _DATA.sub("data:,", source)
    if len(source) > limits.html_chars:
        source = _squeeze(source)
        if len(source) > limits.html_chars:
            notes.add("html_chars")
            source, tail = source[: limits.html_chars], source[limits.html_chars :]
    renderer = Renderer(notes)
    problem = _too_much(source, notes)
    if problem:
        notes.add(problem)
        _tokens(source, renderer, notes)
    else:
        _tree(source, renderer, notes)
    if tail:
        while len(renderer.stack) > 1:
            renderer.end()
        renderer.breaks = 1
        renderer.text(unescape(_ANY_TAG.sub(" ", tail)[: limits.body_chars]))
    return renderer.finish()


def _too_much(source: str, notes: Notes) -> str | None:
    """The cap that this source is over, before any tree is built."""
    limits = notes.limits
    tags = source.count("<")
    if tags > limits.html_tags:
        return "html_tags"
    if source.count("=") > limits.html_attributes:
        return "html_attributes"
    longest = limits.html_tag_chars
    if len(source) > longest:
        pieces = [piece for piece in source.split(">") if len(piece) > longest]
        if any(len(piece) - piece.rfind("<") > longest and _TAG.search(piece) for piece in pieces):
            return "html_attributes"
    if tags > 400:
        depth = formatting = 0
        for closing, name in _TAG.findall(source):
            tag = name.lower()
            if tag in _VOID:
                continue
            if closing:
                depth = max(0, depth - 1)
                if tag in _FORMATTING:
                    formatting -= 1
            else:
                if tag not in ("p", "li", "tr", "td", "th", "option", "dt", "dd"):
                    depth += 1
                if tag in _FORMATTING:
                    formatting += 1
                    if formatting > 100:
                        return "html_depth"
                if depth > limits.html_depth:
                    return "html_depth"
    return None


def _tree(source: str, renderer: Renderer, notes: Notes) -> None:
    root: LexborNode | None = LexborHTMLParser(source).root
    if root is None:
        return
    _head(root, renderer)
    start, end, text, void = renderer.start, renderer.end, renderer.text, renderer.void
    node: LexborNode | None = root
    open_tags: list[str] = []
    parents: list[LexborNode] = []
    count = 0
    while node is not None:
        tag = node.tag
        child = None
        count += 1
        if not count & 2047 and notes.late():
            break
        if tag == "-text":
            data = node.text_content
            if data:
                text(data)
        elif tag is None or tag in _PASSED_OVER:
            if tag == "script":
                _script(node.attributes, renderer)
            elif tag in _VOID:
                void(tag, _NO_ATTRIBUTES if tag == "br" else node.attributes)
        else:
            start(tag, node.attributes)
            child = node.first_child
            if child is None:
                end(tag)
            else:
                open_tags.append(tag)
                parents.append(node)
        if child is not None:
            node = child
            continue
        following = node.next
        while following is None and parents:
            end(open_tags.pop())
            following = parents.pop().next
        node = following


def _head(root: LexborNode, renderer: Renderer) -> None:
    """Style sheets, base and refresh, wherever they stand."""
    sheets = [n.text_content or n.text() or "" for n in root.css("style")[:20]]
    if sheets:
        renderer.sheet = styles.sheet("\n".join(sheets))
    head = root.first_child
    if head is not None and head.tag == "head":
        node = head.first_child
        while node is not None:
            if node.tag in ("base", "meta"):
                renderer.void(node.tag, node.attributes)
            elif node.tag == "script":
                _script(node.attributes, renderer)
            node = node.next


def _script(attributes: dict[str, str | None], renderer: Renderer) -> None:
    renderer.result.has_script = True
    if attributes.get("src"):
        renderer._link("script", attributes["src"], _ROOT)


def _tokens(source: str, renderer: Renderer, notes: Notes) -> None:
    """Linear reading without a tree. End tags close up to their start tag; unknown ones are ignored."""
    counts: dict[str, int] = {}
    open_tags: list[str] = []
    pos = 0
    end = len(source)
    steps = 0
    while pos < end:
        match = _TOKEN.search(source, pos)
        if match is None:
            break
        steps += 1
        if not steps & 1023 and (notes.late() or renderer.length >= renderer.most):
            break
        if match.start() > pos:
            renderer.text(unescape(source[pos : match.start()]))
        name = match.group(2)
        if name is None:
            mark = "-->" if match.group().startswith("<!--") else ">"
            close = source.find(mark, match.end())
            pos = end if close < 0 else close + len(mark)
            continue
        tag = name.lower()
        if match.group(1):
            close = source.find(">", match.end())
            pos = end if close < 0 else close + 1
            if counts.get(tag):
                while True:
                    last = open_tags.pop()
                    counts[last] -= 1
                    renderer.end(last)
                    if last == tag:
                        break
            elif tag in _BLOCKS:
                renderer.leave(tag)
            continue
        attributes, pos = _attributes(source, match.end())
        if tag in ("script", "style", "title", "template", "xml"):
            close_match = _RAW.search(source, pos)
            body_end = close_match.start() if close_match else end
            if tag == "style" and not renderer.sheet:
                renderer.sheet = styles.sheet(source[pos:body_end])
            elif tag == "script":
                _script(attributes, renderer)
            pos = body_end
        elif tag in _VOID:
            renderer.void(tag, attributes)
        else:
            if open_tags and tag in ("p", "li", "td", "th", "tr", "option") and open_tags[-1] == tag:
                counts[tag] -= 1
                renderer.end(open_tags.pop())
            if len(open_tags) < notes.limits.html_depth:
                open_tags.append(tag)
                counts[tag] = counts.get(tag, 0) + 1
                renderer.start(tag, attributes)
            elif tag in _BLOCKS or tag in _CELLS:
                renderer.breaks = max(renderer.breaks, 1)
            elif tag == "a":
                renderer._link("a", attributes.get("href"), renderer.stack[-1])
    else:
        return
    if pos < end and not notes.late():
        renderer.text(unescape(source[pos : pos + renderer.most]))


def _attributes(source: str, pos: int) -> tuple[dict[str, str | None], int]:
    """Attributes of a start tag from ``pos``; the place behind its ``>``. At most 60 are kept."""
    found: dict[str, str | None] = {}
    end = len(source)
    while pos < end:
        match = _ATTRIBUTE.match(source, pos)
        if match is None:
            close = pos
            while close < end and source[close] in " \t\r\n\f/\"'=":
                close += 1
            if close < end and source[close] == ">":
                return found, close + 1
            if close == pos:
                return found, pos
            pos = close
            continue
        if len(found) < 60:
            name, double, single, bare = match.groups()
            value = double if double is not None else single if single is not None else bare
            found.setdefault(name.lower(), unescape(value) if value is not None else None)
        pos = match.end()
    return found, pos


def unescape(text: str) -> str:
    if "&" not in text:
        return text
    try:
        return entities.unescape(text)
    except ValueError:  # a number of more than 4,300 digits
        return text


def _squeeze(source: str) -> str:
    """An oversized source without comments, style sheets and scripts, which nobody sees."""
    for opening, closing in (("<!--", "-->"), ("<style", "</style"), ("<script", "</script")):
        pieces = []
        pos = 0
        lowered = source.lower()
        if len(lowered) != len(source):
            lowered = source
        while True:
            at = lowered.find(opening, pos)
            if at < 0:
                pieces.append(source[pos:])
                break
            pieces.append(source[pos:at])
            close = lowered.find(closing, at)
            if close < 0:
                break
            pos = close + (len(closing) if closing == "-->" else 0)
        source = "".join(pieces)
    return source
