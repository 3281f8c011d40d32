"""The server's secret: keys for hashed addresses, fingerprints and page sessions are drawn from it."""

from __future__ import annotations

import hmac
import os
import secrets
from pathlib import Path

LEAST = 32


class Secret:
    """Keys by purpose. The secret itself is not kept in the database, so that a copy of it names nobody."""

    def __init__(self, value: bytes) -> None:
        """Raises ValueError when the value is shorter than 32 bytes."""
        if len(value) < LEAST:
            raise ValueError(f"the secret key must have {LEAST} bytes or more")
        self._value = value
        self._address = self.key("address")
        self._fingerprint = self.key("fingerprint")
        self._purposes: dict[str, bytes] = {}

    def key(self, purpose: str) -> bytes:
        """A 32-byte key for one purpose."""
        return hmac.digest(self._value, purpose.encode(), "sha256")

    def address(self, address: str) -> bytes:
        """The 32-byte key under which an address is stored: case and outer blanks do not matter."""
        return hmac.digest(self._address, address.strip().lower().encode("utf-8", "replace"), "sha256")

    def short(self, purpose: str, text: str) -> bytes:
        """The 16-byte key of a domain, a message id or the like. Keys of two purposes have nothing in common."""
        key = self._purposes.get(purpose)
        if key is None:
            key = self._purposes[purpose] = self.key(purpose)
        return hmac.digest(key, text.encode("utf-8", "replace"), "sha256")[:16]

    def fingerprint(self, content: bytes) -> bytes:
        """The 32-byte fingerprint of a message's bytes."""
        return hmac.digest(self._fingerprint, content, "sha256")


def read_secret(path: Path, create: bool = True) -> Secret:
    """The secret in the file, made (mode 0600) if it is not there. Raises OSError, ValueError."""
    if create and not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        # Written aside and linked into place: two processes that start together agree on one key.
        draft = path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_hex(LEAST) + "\n")
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(draft, path)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return Secret(path.read_bytes().strip())
