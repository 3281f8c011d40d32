"""Address lists (RFC 5322 §3.4), read as tolerantly as mail programs do and in linear time."""

from __future__ import annotations

import re

import idna

from keeneye.mail.headers import decode_words
from keeneye.mail.limits import Notes
from keeneye.model import Address

_SIMPLE = re.compile(
    r'\s*(?:"([^"\\]{0,200})"|([^"<>(),;:@\\]{0,200}))\s*<([^<>@\s",;:()]{1,120})@([A-Za-z0-9.-]{1,200})>\s*$'
)
_BARE = re.compile(r"\s*([^<>@\s\",;:()]{1,120})@([A-Za-z0-9.-]{1,200})\s*$")
_SPECIAL = re.compile(r'[",;:<(]')
_ESCAPE = re.compile(r"\\(.)")
_SPEC = re.compile(r"[^\s<>@\"(),;:]{1,120}@[^\s<>@\"(),;:]{1,255}")


def lower_domain(domain: str) -> str:
    """A host name as A-labels in lower case; as it stands (lower case) when IDNA refuses it. Bounded to 255."""
    domain = domain.strip().rstrip(".")[:255]
    if domain.isascii():
        return domain.lower()
    try:
        return idna.encode(domain, uts46=True).decode("ascii")
    except (idna.IDNAError, UnicodeError):
        return domain.lower()


def make(name: str, spec: str, notes: Notes) -> Address:
    """An Address of a display name (may hold encoded words) and an addr-spec."""
    local, at, domain = spec.strip().rpartition("@")
    domain = lower_domain(domain)
    local = local.strip().lower()
    name = decode_words(name, notes) if "=?" in name else name
    return Address(" ".join(name.split()).strip("\"' "), f"{local}@{domain}" if at else "", local, domain if at else "")


def parse(value: str | None, notes: Notes) -> tuple[Address, ...]:
    """Every mailbox of an address header.

    Names with unquoted commas stay in one piece, groups are opened, comments serve as names when there is no
    other. An entry without any address is kept with empty ``address`` when it is the only one.
    """
    if not value:
        return ()
    match = _SIMPLE.match(value)
    if match:
        quoted, plain, local, domain = match.groups()
        return (make(quoted or plain or "", f"{local}@{domain}", notes),)
    match = _BARE.match(value)
    if match:
        return (make("", f"{match.group(1)}@{match.group(2)}", notes),)
    found = _scan(value, notes)
    if not found and "=?" in value:
        decoded = decode_words(value, notes)
        if "@" in decoded:
            found = _scan(decoded, notes)
    if not found and value.strip():
        name = decode_words(value, notes)
        if "undisclosed" not in name.lower() and "@" not in name:
            found = [make(name.strip(" ;:,<>"), "", notes)]
    return tuple(a for a in found if a.address or a.name)


def _scan(value: str, notes: Notes) -> list[Address]:
    """One pass over the list; every search for a closing mark fails at most once."""
    found: list[Address] = []
    name: list[str] = []
    searched = 0  # pieces of the name that hold no address, so that each is looked at once
    holds_at = False
    comment = ""
    pos, end = 0, len(value)
    open_marks = {'"': True, "<": True, "(": True}

    def add(piece: str) -> None:
        nonlocal holds_at
        name.append(piece)
        holds_at = holds_at or "@" in piece

    def clear() -> None:
        nonlocal searched, holds_at
        name.clear()
        searched, holds_at = 0, False

    def finish(spec: str | None) -> None:
        nonlocal comment, searched
        if spec is None:
            last = "".join(name[searched:])
            bare = _SPEC.search(last) if holds_at else None
            if bare is None:
                searched = len(name)
                return  # a piece of a name with an unquoted comma: it waits for its address
            spec = bare.group()
            text = "".join(name[:searched]) + last[: bare.start()] + " " + last[bare.end() :]
        else:
            text = "".join(name)
        found.append(make(text.strip() or comment, spec, notes))
        clear()
        comment = ""

    while pos < end:
        if len(found) >= notes.limits.recipients:
            notes.add("recipients")
            break
        special = _SPECIAL.search(value, pos)
        if special is None:
            add(value[pos:])
            break
        at = special.start()
        mark = value[at]
        if at > pos:
            add(value[pos:at])
        pos = at + 1
        if mark in ",;":
            before = len(found)
            finish(None)
            if len(found) == before and name and mark == ",":
                add(",")
            elif mark == ";":
                clear()
        elif mark == ":":
            if not found or not holds_at:
                clear()  # the name of a group
            else:
                add(":")
        elif not open_marks[mark]:
            add(mark)
        elif mark == '"':
            close = _closing_quote(value, pos)
            if close < 0:
                open_marks[mark] = False
            else:
                add(_ESCAPE.sub(r"\1", value[pos:close]))
                pos = close + 1
                if value[pos : pos + 1] == "@":  # a quoted local part
                    name[-1] = name[-1].replace(" ", "_")
        elif mark == "<":
            close = value.find(">", pos)
            if close < 0:
                open_marks[mark] = False
            else:
                inner = value[pos:close]
                pos = close + 1
                spec = _SPEC.search(inner) or ("@" in inner and re.search(r"\S{1,120}@\S{1,255}", inner))
                if spec:
                    finish(spec.group())
                else:
                    add(" ")
        else:
            close = value.find(")", pos)
            if close < 0:
                open_marks[mark] = False
            else:
                comment = comment or value[pos:close].strip()
                pos = close + 1
    finish(None)
    return found


def _closing_quote(value: str, pos: int) -> int:
    while True:
        close = value.find('"', pos)
        if close < 0:
            return -1
        slashes = close
        while slashes > pos and value[slashes - 1] == "\\":
            slashes -= 1
        if (close - slashes) % 2 == 0:
            return close
        pos = close + 1
