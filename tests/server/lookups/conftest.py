"""The tables as the set-up brings them. No test here may open a socket."""

from __future__ import annotations

import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from keeneye.lookups import Lookups, build_geo
from keeneye.lookups.domains import Domains
from keeneye.model import Mail

GEO = Path(__file__).parents[3] / "var" / "geo"


@pytest.fixture(autouse=True)
def _no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: Any, **__: Any) -> None:
        raise AssertionError("a look-up opened a socket")

    monkeypatch.setattr(socket, "socket", refuse)
    monkeypatch.setattr(socket, "create_connection", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)


@pytest.fixture(scope="session")
def geo_dir() -> Path:
    if not build_geo.is_current(GEO):
        pytest.fail(f"the geo databases are not in {GEO}: run make setup (python -m keeneye.lookups.build_geo)")
    return GEO


@pytest.fixture(scope="session")
def lookups(geo_dir: Path) -> Lookups:
    return Lookups(geo_dir)


@pytest.fixture(scope="session")
def domains() -> Domains:
    return Domains()


@pytest.fixture(scope="session")
def a_mail() -> Callable[..., Mail]:
    """Makes an empty message with the given parts."""
    empty: dict[str, Any] = {
        "sees": "raw", "headers": (), "message_id": None, "subject": "", "from_": None, "from_all": (), "sender": None,
        "reply_to": (), "return_path": None, "to": (), "cc": (), "date": None, "date_raw": None, "hops": (),
        "auth_headers": (), "originating_ip": None, "body_part": "text", "body": "", "own": (), "signature": None,
        "quoted": (), "hidden_text": "", "alternative_text": "", "html": "", "has_images": False, "links": (),
        "attachments": (), "forwarded": None, "references": (), "in_reply_to": None, "charset": None, "zero_width": 0,
        "bidi_controls": 0, "defects": (), "size": 0,
    }  # fmt: skip
    return lambda **parts: Mail(**(empty | parts))
