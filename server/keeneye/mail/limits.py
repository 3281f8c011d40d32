"""How much of a message is read, and the note that is taken when a cap is reached."""

from __future__ import annotations

import time
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Limits:
    """Caps of the reading layer. Reaching one adds a name to ``Mail.defects`` and never raises,
    except ``bytes``, above which the message is refused (``message_too_large``).

    ``seconds`` is CPU time of the reading thread; the other figures are counts, bytes or characters.
    The defaults keep any message of 25 MiB under 2 s of CPU and 300 MB.
    """

    bytes: int = 25 * 1024 * 1024
    seconds: float = 1.2
    depth: int = 12
    parts: int = 300
    headers: int = 500
    header_bytes: int = 256 * 1024
    header_value: int = 64 * 1024
    recipients: int = 500
    encoded_words: int = 1000
    hops: int = 60
    links: int = 1000
    html_chars: int = 1_000_000
    html_tags: int = 12_000
    html_attributes: int = 12_000
    html_tag_chars: int = 16_000
    html_depth: int = 256
    body_chars: int = 200_000
    lines: int = 20_000
    attachments: int = 100
    members: int = 200
    attachment_text: int = 20_000
    unpacked: int = 3 * 1024 * 1024


@dataclass(slots=True)
class Notes:
    """What went wrong while one message was read: names in the order of their first occurrence."""

    limits: Limits
    names: dict[str, None] = field(default_factory=dict)
    parts: int = 0
    words: int = 0
    unpacked: int = 0
    until: float = 0.0
    earliest: float = 0.0

    def __post_init__(self) -> None:
        self.until = time.thread_time() + self.limits.seconds
        self.earliest = time.monotonic() + self.limits.seconds

    def add(self, name: str) -> None:
        """Note a defect. Names are stable, lower case, with underscores."""
        self.names[name] = None

    def unpack(self, wanted: int) -> int:
        """Bytes that may still be unpacked of what is attached, at most ``wanted``; they count as spent."""
        granted = max(0, min(wanted, self.limits.unpacked - self.unpacked))
        if granted == 0:
            self.names["unpacked"] = None
        self.unpacked += granted
        return granted

    def give_back(self, rest: int) -> None:
        """Return what ``unpack`` granted and was not needed."""
        self.unpacked -= max(0, rest)

    def late(self) -> bool:
        """Whether the time is used up; notes ``deadline`` when it is."""
        # No thread has had more CPU time than time has passed, and that clock is many times as cheap to read.
        if time.monotonic() < self.earliest or time.thread_time() < self.until:
            return False
        self.names["deadline"] = None
        return True
