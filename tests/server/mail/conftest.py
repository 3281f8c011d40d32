# ruff: noqa: E501 - one row, one line
"""Small invented messages, written as bytes."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from keeneye.mail import Limits, Mail, read
from keeneye.mail.limits import Notes
from keeneye.model import Payload

HEAD = b"From: Ann Buyer <ann@buyer.example>\r\nTo: sales@exporter.example\r\nSubject: Valves\r\nMIME-Version: 1.0\r\n"


@pytest.fixture
def notes() -> Notes:
    return Notes(Limits())


@pytest.fixture
def raw() -> Callable[[bytes], Mail]:
    """Read a whole message."""
    return lambda data: read(Payload(raw=data))


@pytest.fixture
def plain() -> Callable[..., Mail]:
    """Read a plain text of the given characters."""

    def build(text: str, subject: str = "Valves", sender: str = "Ann Buyer <ann@buyer.example>") -> Mail:
        head = f"From: {sender}\nTo: sales@exporter.example\nSubject: {subject}\nContent-Type: text/plain; charset=utf-8\n\n"
        return read(Payload(raw=head.encode() + text.encode("utf-8", "surrogatepass")))

    return build


@pytest.fixture
def page() -> Callable[[str], Mail]:
    """Read an HTML body."""
    return lambda source: read(Payload(raw=HEAD + b"Content-Type: text/html; charset=utf-8\r\n\r\n" + source.encode()))


@pytest.fixture
def mime() -> Callable[..., Mail]:
    """Read a multipart message of (header block, body) parts."""

    def build(*parts: tuple[bytes, bytes], kind: bytes = b"mixed") -> Mail:
        data = HEAD + b"Content-Type: multipart/" + kind + b'; boundary="=_b"\r\n\r\n'
        for head, body in parts:
            data += b"--=_b\r\n" + head + b"\r\n\r\n" + body + b"\r\n"
        return read(Payload(raw=data + b"--=_b--\r\n"))

    return build
