"""HTML to the text that its reader sees, with links, hidden text and quoted regions.

lexbor builds the tree; a message over the caps (lexbor is quadratic in crafted nesting and attributes)
is read by a plain tokenizer instead, so that nothing can hide by size. Both feed one ``Renderer``.
"""

from __future__ import annotations

import html as entities
import re

from selectolax.lexbor import LexborHTMLParser, LexborNode

from keeneye.mail import styles
from keeneye.mail.layout import BLOCKS, CELLS, Rendered, Renderer
from keeneye.mail.limits import Notes

_DROPPED = frozenset("script style head title template noframes object svg math datalist xml".split())
_VOID = frozenset("area base br col embed hr img input link meta param source track wbr".split())
_PASSED_OVER = _DROPPED | _VOID | {"-comment", "!doctype", "-doctype", "-document"}
_NO_ATTRIBUTES: dict[str, str | None] = {}
_FORMATTING = frozenset("a b big code em font i nobr s small strike strong tt u".split())
_TOKEN = re.compile(r"<(?:!--|[!?]|(/?)([a-zA-Z][^\s/>]{0,60}))")
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]{0,12})")
_ATTRIBUTE = re.compile(r"""[\s/]*([^\s"'>/=][^\s>/=]{0,100})(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>]*)))?""")
_ANY_TAG = re.compile(r"<[^<>]*>")
_RAW = re.compile(r"</(?:script|style|title|template|xml)", re.I)
_DATA = re.compile(r"data:[a-z]{0,20}/[a-z0-9.+-]{0,40};base64,[A-Za-z0-9+/=\s]{200,}", re.I)


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
                renderer.script(node.attributes)
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
                renderer.script(node.attributes)
            node = node.next


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
            elif tag in BLOCKS:
                renderer.leave(tag)
            continue
        attributes, pos = _attributes(source, match.end())
        if tag in ("script", "style", "title", "template", "xml"):
            close_match = _RAW.search(source, pos)
            body_end = close_match.start() if close_match else end
            if tag == "style" and not renderer.sheet:
                renderer.sheet = styles.sheet(source[pos:body_end])
            elif tag == "script":
                renderer.script(attributes)
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
            elif tag in BLOCKS or tag in CELLS:
                renderer.breaks = max(renderer.breaks, 1)
            elif tag == "a":
                renderer.link("a", attributes.get("href"), renderer.stack[-1])
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
