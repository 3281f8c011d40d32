"""What both manifests are made of: ``addin.toml``, and the address at which the server is reached."""

from __future__ import annotations

import tomllib
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from keeneye import __version__

SOURCE = Path(__file__).with_name("addin.toml")
SCALES = (1, 2, 3)  # of a phone's screen


class AddressError(ValueError):
    """An address that Office would refuse. The text says what is wrong with it."""


@dataclass(frozen=True, slots=True)
class Address:
    """Where the server is reached: ``https://host[:port]``."""

    url: str

    @classmethod
    def parse(cls, text: str) -> Address:
        """Raises AddressError."""
        text = text.strip()
        try:
            parts = urlsplit(text)
            host, port = parts.hostname or "", parts.port
        except ValueError:
            raise AddressError(f"{text} is not an address") from None
        if parts.scheme != "https":
            raise AddressError("Office takes only addresses that begin with https://")
        if not host or not all(sign.isascii() and (sign.isalnum() or sign in ".-") for sign in host):
            raise AddressError(f"{text} names no host; write other alphabets as xn--…")
        if parts.username is not None or parts.query or parts.fragment:
            raise AddressError("only host, port and path may stand in the address")
        path = parts.path.rstrip("/")
        if path:
            # The pages call the API at the root of their own origin.
            raise AddressError("the server must be reached at the root of a host of its own, without a path")
        return cls(f"https://{host}" + (f":{port}" if port not in (None, 443) else ""))

    @property
    def host(self) -> str:
        """Host, with the port if there is one."""
        return self.url.removeprefix("https://")

    @property
    def addin_id(self) -> str:
        """The add-in's id: the same for the same address, so that a new manifest is an update."""
        return str(uuid.uuid5(uuid.NAMESPACE_URL, f"{self.url}/addin/"))

    def page(self, name: str) -> str:
        """The address of one of the add-in's parts."""
        return f"{self.url}/addin/{name}"

    def icon(self, pixels: int) -> str:
        """The address of an icon."""
        return self.page(f"icons/{pixels}.png")


@lru_cache(maxsize=1)
def source() -> Mapping[str, Any]:
    """``addin.toml``."""
    return tomllib.loads(SOURCE.read_text("utf-8"))


def version() -> str:
    """The add-in's version is the server's: three numbers."""
    return ".".join(__version__.split(".")[:3])


def sharp(pixels: int) -> int:
    """The smallest icon that fills so many pixels of a phone's screen."""
    sizes: list[int] = sorted({size for group in source()["icons"].values() for size in group})
    return next((size for size in sizes if size >= pixels), sizes[-1])


def locales() -> dict[str, str]:
    """Every locale but the default one, with the language whose words it reads."""
    _, *others = source()["languages"]
    return {locale: language for language in others for locale in (language, *source()["regions"][language])}


def words(group: str, key: str) -> dict[str, str]:
    """One text in every language."""
    text: dict[str, str] = source()["strings"][group][key]
    return text
