"""What of CSS decides whether text can be seen: inline styles, style sheets in the mail, colours."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

UNKNOWN = -1
CLEAR = -2
"""The colour of transparent text."""
WHITE = 0xFFFFFF


class Style(NamedTuple):
    """None: not said here, the parent decides. Colours: 0xRRGGBB, ``CLEAR``, or ``UNKNOWN`` (a picture, a gradient)."""

    hide: bool = False
    invisible: bool | None = None
    tiny: bool | None = None
    color: int | None = None
    background: int | None = None
    pre: bool | None = None
    quote: bool = False


PLAIN = Style()
_NUMBER = re.compile(r"\s*(-?\d{0,6}(?:\.\d{0,6})?)\s*(px|pt|em|rem|%|vw|vh|in|mm|cm|ex|ch)?")
_RGB = re.compile(r"rgba?\(\s*(\d{1,3})%?[\s,]+(\d{1,3})%?[\s,]+(\d{1,3})%?\s*(?:[,/]\s*(\d?\.?\d{0,6})%?\s*)?\)")
_SIZES = re.compile(r"\d{1,4}(?:\.\d{1,4})?(?:px|pt|em|%)")
_LOOKED_AT = frozenset(
    "color display background-color background background-image font-size font visibility opacity "
    "max-height height width max-width overflow mso-hide left top text-indent margin-left right position clip "
    "clip-path white-space border-left transform".split()
)
TINY = 2  # px: nobody reads smaller letters
_HEX = re.compile(r"#?([0-9a-f]{8}|[0-9a-f]{6}|[0-9a-f]{3,4})(?![0-9a-z])")
_ESCAPE = re.compile(r"\\([0-9a-f]{1,4})\s?")
_SHRUNK = re.compile(r"scale[xy3d]{0,2}\(\s{0,5}0(?:\.0{1,6})?\s{0,5}[,)]")
_CLASS = re.compile(r"[a-z_][\w-]{0,60}")
_SIMPLE = re.compile(r"\s*([a-z][a-z0-9]{0,10})?([.#][a-z_][\w-]{0,60})?\s*$")
_NAMES = {
    "white": WHITE, "black": 0, "red": 0xFF0000, "green": 0x008000, "blue": 0x0000FF, "yellow": 0xFFFF00,
    "gray": 0x808080, "grey": 0x808080, "silver": 0xC0C0C0, "navy": 0x000080, "orange": 0xFFA500, "snow": 0xFFFAFA,
    "ivory": 0xFFFFF0, "whitesmoke": 0xF5F5F5, "ghostwhite": 0xF8F8FF, "floralwhite": 0xFFFAF0,
    "lightyellow": 0xFFFFE0, "azure": 0xF0FFFF, "mintcream": 0xF5FFFA, "lightgray": 0xD3D3D3, "lightgrey": 0xD3D3D3,
    "windowtext": 0, "window": WHITE, "aqua": 0x00FFFF, "cyan": 0x00FFFF, "lime": 0x00FF00, "maroon": 0x800000,
    "purple": 0x800080, "teal": 0x008080, "fuchsia": 0xFF00FF, "olive": 0x808000, "pink": 0xFFC0CB,
}  # fmt: skip


def _size(value: str) -> float | None:
    """A length in CSS pixels (em and % against 16 px), or None."""
    match = _NUMBER.match(value)
    if not match or match.group(1) in ("", "-", ".", "-."):
        return None
    number = float(match.group(1))
    return number * {"pt": 4 / 3, "em": 16, "rem": 16, "%": 0.16, "in": 96, "cm": 38, "mm": 3.8}.get(
        match.group(2) or "px", 1
    )


def colour(value: str) -> int | None:
    """0xRRGGBB, UNKNOWN for what cannot be told (variables, hsl), None for ``inherit`` and the like."""
    value = value.strip()
    match = _HEX.match(value)
    if match and (value[0] == "#" or len(match.group(1)) in (3, 6)):
        digits = match.group(1)
        if len(digits) in (3, 4):
            if len(digits) == 4 and digits[3] == "0":
                return None
            digits = "".join(d * 2 for d in digits[:3])
        elif len(digits) == 8 and digits[6:] == "00":
            return None
        return int(digits[:6], 16)
    match = _RGB.match(value)
    if match:
        if match.group(4) and match.group(4) != "." and float(match.group(4)) == 0:
            return None
        red, green, blue = (min(255, int(g)) for g in match.groups()[:3])
        return red << 16 | green << 8 | blue
    word = value.split(None, 1)[0].partition("!")[0] if value else ""
    if word in ("inherit", "initial", "unset", "transparent", "none", "", "auto", "currentcolor"):
        return None
    return _NAMES.get(word, UNKNOWN)


def _text_colour(value: str) -> int | None:
    found = colour(value)
    return CLEAR if found is None and value.startswith(("transparent", "#", "rgb")) else found


def alike(text: int | None, background: int | None) -> bool:
    """Whether text cannot be told from its background: no channel differs by more than 12 of 255."""
    if text is None or background is None or text < 0 or background < 0:
        return text == CLEAR
    return all(abs((text >> shift & 255) - (background >> shift & 255)) <= 12 for shift in (16, 8, 0))


@lru_cache(maxsize=2048)
def parse(style: str) -> Style:
    """The Style of a declaration list (at most 2,000 characters are looked at)."""
    gone = faint = overflow = quote = zero = far = absolute = False
    invisible: bool | None = None
    tiny: bool | None = None
    color: int | None = None
    background: int | None = None
    pre: bool | None = None
    style = style[:2000].lower()
    if "/*" in style:
        style = _without_comments(style)
    if "\\" in style:
        style = _ESCAPE.sub(lambda m: chr(int(m.group(1), 16)), style)
    filled = "background-clip" in style and "text" in style  # letters cut out of a picture
    for item in style.split(";"):
        name, _, value = item.partition(":")
        name = name.strip()
        if name not in _LOOKED_AT:
            continue
        value = value.strip()
        if name == "color":
            color = UNKNOWN if filled else _text_colour(value)
        elif name == "display":
            gone = value.startswith("none")
        elif name in ("background-color", "background"):
            if "url(" in value or "gradient" in value:
                background = UNKNOWN
            elif background != UNKNOWN:
                background = colour(value)
        elif name == "background-image":
            if not value.startswith("none"):
                background = UNKNOWN
        elif name == "font-size":
            size = _size(value)
            tiny = size is not None and size <= TINY
        elif name == "font":
            sizes = [s for s in map(_size, _SIZES.findall(value[:200])) if s is not None]
            tiny = value.startswith(("0/", "0 ")) or (bool(sizes) and sizes[0] <= TINY)
        elif name == "visibility":
            invisible = value.startswith(("hidden", "collapse"))
        elif name == "opacity":
            size = _size(value)
            faint = size is not None and size <= 0.05 and "%" not in value
        elif name in ("max-height", "height", "width", "max-width"):
            if value[:1] in ("0", "1"):
                size = _size(value)
                zero = zero or (size is not None and size <= 1 and not value.startswith("1%"))
        elif name == "overflow":
            overflow = value.startswith(("hidden", "clip"))
        elif name == "mso-hide":
            gone = gone or value.startswith("all")
        elif name in ("left", "top", "text-indent", "margin-left", "right"):
            if value[:1] == "-":
                size = _size(value)
                far = far or (size is not None and size <= -900)
                absolute = absolute or name in ("text-indent", "margin-left")
        elif name == "position":
            absolute = absolute or value.startswith(("absolute", "fixed"))
        elif name in ("clip", "clip-path"):
            faint = faint or value.replace(" ", "").replace("px", "").startswith(
                ("rect(0,0,0,0", "rect(0000", "inset(100%")
            )
        elif name == "transform":
            faint = faint or _SHRUNK.match(value) is not None
        elif name == "white-space":
            pre = value.startswith("pre") and not value.startswith("pre-line")
        elif name == "border-left":
            quote = "solid" in value and "none" not in value
    hide = gone or faint or (zero and overflow) or (far and absolute)
    if not hide and invisible is tiny is color is background is pre is None and not quote:
        return PLAIN
    return Style(hide, invisible, tiny, color, background, pre, quote)


def over(low: Style, high: Style) -> Style:
    """``high`` laid over ``low``, as the cascade does."""
    if low is PLAIN:
        return high
    return Style(
        high.hide or low.hide,
        low.invisible if high.invisible is None else high.invisible,
        low.tiny if high.tiny is None else high.tiny,
        low.color if high.color is None else high.color,
        low.background if high.background is None else high.background,
        low.pre if high.pre is None else high.pre,
        high.quote,
    )


def sheet(source: str) -> dict[str, Style]:
    """Rules of a style sheet with plain selectors: ``.class``, ``#id``, ``tag``, ``tag.class``.

    ``@media`` blocks are left out: what they hide on phones is shown on the desk. Bounded to 100,000
    characters and 500 rules.
    """
    rules: dict[str, Style] = {}
    if "{" not in source:
        return rules
    text = source[:100_000].lower().replace("<!--", " ").replace("-->", " ")
    if "/*" in text:
        text = _without_comments(text)
    if "@" in text:
        text = _without_at_rules(text)
    for count, rule in enumerate(text.split("}")):
        if count >= 500:
            break
        selectors, brace, body = rule.partition("{")
        if not brace or len(selectors) > 1000:
            continue
        style = parse(body)
        if style == PLAIN:
            continue
        for selector in selectors.split(",")[:20]:
            simple = _SIMPLE.match(selector)
            if simple:
                tag, key = simple.groups()
                name = (tag or "") + (key or "")
                if name and name != "*":
                    rules[name] = over(rules.get(name, PLAIN), style)
            elif style.background is not None and "." in selector:
                # A background set by a longer selector: it is not known which, so no colour is judged on it.
                last = _CLASS.match(selector.rpartition(".")[2])
                if last:
                    rules.setdefault("." + last.group(), Style(background=UNKNOWN))
    return rules


def _without_comments(text: str) -> str:
    pieces = text.split("/*")
    return pieces[0] + "".join(piece.partition("*/")[2] for piece in pieces[1:])


def _without_at_rules(text: str) -> str:
    out, depth, skip = [], 0, False
    for piece in re.split(r"([{}@;])", text):
        if piece == "@" and depth == 0:
            skip = True
        elif piece == "{":
            depth += 1
        elif piece == "}":
            depth = max(0, depth - 1)
            if skip and depth == 0:
                skip = False
                continue
        elif piece == ";" and skip and depth == 0:
            skip = False
            continue
        if not skip:
            out.append(piece)
    return "".join(out)
