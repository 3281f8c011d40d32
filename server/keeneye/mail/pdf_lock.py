"""Opening a PDF that is encrypted but asks nobody for a password (ISO 32000-1 §7.6, ISO 32000-2 §7.6.4).

A firm that only forbids printing or copying sets an owner's password and leaves the reader's empty: every program opens
such a file, so it is no locked one, and what stands in it is read.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

_PAD = bytes.fromhex("28bf4e5e4e758a4164004e56fffa01082e2e00b6d0683e802f0ca9fe6453697a")
_NUMBER = re.compile(rb"/(V|R|P|Length)\s{0,3}(-?\d{1,10})(?![\d.])")
_CIPHER = re.compile(rb"/CFM\s{0,3}/(\w{1,10})")
_METADATA_OPEN = re.compile(rb"/EncryptMetadata\s{1,3}false")


@dataclass(frozen=True, slots=True)
class Key:
    """What deciphers the strings and streams of one file. ``cipher``: V2 (RC4), AESV2 or AESV3."""

    file: bytes
    cipher: str

    def open(self, data: bytes, number: int, generation: int) -> bytes:
        """The plain bytes of a string or of the beginning of a stream of this object."""
        if self.cipher == "AESV3":
            return _aes(self.file, data)
        seed = self.file + number.to_bytes(3, "little") + (generation & 0xFFFF).to_bytes(2, "little")
        if self.cipher == "AESV2":
            seed += b"sAlT"
        own = hashlib.md5(seed, usedforsecurity=False).digest()[: min(16, len(self.file) + 5)]
        return _aes(own, data) if self.cipher == "AESV2" else _rc4(own, data)


def key_of(encrypt: bytes, string: Callable[[bytes], bytes], first_id: bytes) -> Key | None:
    """The key when the reader's password is empty, or None when a password is wanted.

    ``encrypt``: the encryption dictionary; ``string``: the value of one of its strings by name; ``first_id``: the
    first of the file's two identifiers.
    """
    numbers = {name: int(value) for name, value in reversed(_NUMBER.findall(encrypt))}
    version, revision = numbers.get(b"V", 0), numbers.get(b"R", 0)
    owner, user = string(b"O"), string(b"U")
    if version in (4, 5):
        named = _CIPHER.search(encrypt)
        cipher = named.group(1).decode("ascii", "replace") if named else ""
    else:
        cipher = "V2"
    if cipher not in ("V2", "AESV2", "AESV3") or len(user) < 32 or len(owner) < 32:
        return None
    if version == 5:
        return _key_of_256_bits(revision, user, string(b"UE"), cipher)
    length = 5 if version == 1 else 16 if version == 4 else max(5, min(16, numbers.get(b"Length", 40) // 8))
    digest = hashlib.md5(_PAD + owner[:32] + (numbers.get(b"P", 0) & 0xFFFFFFFF).to_bytes(4, "little") + first_id,
                         usedforsecurity=False)  # fmt: skip
    if revision >= 4 and _METADATA_OPEN.search(encrypt):
        digest.update(b"\xff\xff\xff\xff")
    key = digest.digest()[:length]
    if revision == 2:
        return Key(key, cipher) if _rc4(key, _PAD) == user[:32] else None
    for _ in range(50):
        key = hashlib.md5(key, usedforsecurity=False).digest()[:length]
    check = hashlib.md5(_PAD + first_id, usedforsecurity=False).digest()
    for turn in range(20):
        check = _rc4(bytes(b ^ turn for b in key), check)
    return Key(key, cipher) if check == user[:16] else None


def _key_of_256_bits(revision: int, user: bytes, wrapped: bytes, cipher: str) -> Key | None:
    """ISO 32000-2 §7.6.4.3.3, algorithm 2.A, for an empty password."""
    digest = _hardened if revision >= 6 else lambda salt: hashlib.sha256(salt).digest()
    if len(user) < 48 or len(wrapped) < 32 or digest(user[32:40]) != user[:32]:
        return None
    return Key(_cbc(digest(user[40:48]), bytes(16), decrypt=True).update(wrapped[:32]), cipher)


def _hardened(salt: bytes) -> bytes:
    """Algorithm 2.B of ISO 32000-2 for an empty password; some 70 turns over 2 to 4 KB."""
    key = hashlib.sha256(salt).digest()
    turn, last = 0, 0
    while turn < 64 or last > turn - 32:
        turned = _cbc(key[:16], key[16:32], decrypt=False).update(key * 64)
        kind = (hashlib.sha256, hashlib.sha384, hashlib.sha512)[sum(turned[:16]) % 3]
        key, last = kind(turned).digest(), turned[-1]
        turn += 1
    return key[:32]


def _aes(key: bytes, data: bytes) -> bytes:
    """AES in CBC mode behind its 16 bytes of start; a block that is not whole is left out."""
    whole = data[16 : len(data) - len(data) % 16]
    return _cbc(key, data[:16], decrypt=True).update(whole) if whole else b""


def _cbc(key: bytes, start: bytes, *, decrypt: bool) -> Any:
    # Takes 50 ms to load, and few messages need it.
    from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

    cipher = Cipher(algorithms.AES(key), modes.CBC(start))
    return cipher.decryptor() if decrypt else cipher.encryptor()


def _rc4(key: bytes, data: bytes) -> bytes:
    from cryptography.hazmat.decrepit.ciphers.algorithms import ARC4
    from cryptography.hazmat.primitives.ciphers import Cipher

    return Cipher(ARC4(key), mode=None).encryptor().update(data)
