"""Reads a corpus folder: ``manifest.csv`` with ``dev-*.tar.xz`` or unpacked mail, and ``inquiries.jsonl``."""

from __future__ import annotations

import csv
import json
import tarfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from keeneye.model import Payload

# The corpus' words for the types of the contract.
CATEGORY = {
    "phishing": "phishing",
    "advance_fee": "fraud",
    "payment_diversion": "fraud",
    "casual_template": "casual",
    "info_collector": "information_gathering",
    "potential": "potential_customer",
    "order_ready": "order_ready",
    "not_an_inquiry": "not_inquiry",
    "sample_seeker": "sample_seeker",
    "invitation_seeker": "invitation_seeker",
}


@dataclass(frozen=True, slots=True)
class Labelled:
    """A message with its labels. ``label``: phish, scam419, spam, ham or inquiry."""

    id: str
    set: str
    label: str
    subtype: str
    language: str
    payload: Payload
    category: str | None = None
    stars: int | None = None
    level: int | None = None


def read_corpus(folder: Path) -> Iterator[Labelled]:
    """All labelled messages of a folder, mails first. Raises FileNotFoundError without a manifest."""
    with (folder / "manifest.csv").open(encoding="utf-8", newline="") as file:
        manifest = {row["path"]: row for row in csv.DictReader(file)}
    for path, raw in _mails(folder):
        row = manifest.pop(path, None)  # once, also when it lies there both packed and unpacked
        if row is not None:
            yield Labelled(path, row["set"], row["label"], row["subtype"], row["lang"], Payload(raw=raw))
    inquiries = folder / "inquiries.jsonl"
    if inquiries.exists():
        with inquiries.open(encoding="utf-8") as file:
            for line in file:
                yield _inquiry(json.loads(line), folder)


def _mails(folder: Path) -> Iterator[tuple[str, bytes]]:
    for archive in sorted(folder.glob("*.tar.xz")):
        with tarfile.open(archive) as tar:
            for member in tar:
                handle = tar.extractfile(member) if member.isfile() else None
                if handle is not None:
                    yield member.name.removeprefix("./"), handle.read()
    for file in sorted(folder.rglob("*.eml")):
        yield file.relative_to(folder).as_posix(), file.read_bytes()


def _inquiry(row: dict[str, Any], folder: Path) -> Labelled:
    block = folder / "inquiry-headers" / f"{row['id']}.txt"
    headers: tuple[tuple[str, str], ...] = ()
    if block.exists():
        headers = tuple(_unfold(block.read_text(encoding="utf-8", errors="replace")))
    category = CATEGORY[row["label_category"]]
    with_headers = row.get("label_stars_with_headers")
    stars = with_headers if headers and with_headers is not None else row["label_stars"]
    return Labelled(
        id=row["id"],
        set="inquiries",
        label="inquiry",
        subtype=str(row["label_source"]),
        language=row["lang"],
        payload=Payload(
            headers=headers,
            subject=row["subject_eval"],
            text=row["body_eval"],
            sees="headers" if headers else "visible",
        ),
        category=category,
        stars=None if category == "not_inquiry" else stars,
        level=row["label_level"],
    )


def _unfold(block: str) -> Iterator[tuple[str, str]]:
    """Header pairs of a raw block (RFC 5322 §2.2.3); the subject is left to the masked one."""
    name, value = "", ""
    for line in [*block.splitlines(), "end:"]:
        if line[:1] in (" ", "\t") and name:
            value += "\n" + line
            continue
        if name and name.lower() != "subject":
            yield name, value
        name, _, value = line.partition(":")
        value = value.strip()
