"""What clients send, as pydantic models: a string is a string, and a key that does not exist is refused by its path."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import orjson
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, field_validator, model_validator

from keeneye.model import CATEGORIES, Payload, SeenAttachment, Sees

HEADERS_MOST = 200_000
ATTACHMENTS_MOST = 1000
PROFILE_MOST = 16_384
ADDRESS_MOST = 320  # RFC 5321 §4.5.3.1: 64 + "@" + 255


class RequestModel(BaseModel):
    """Base of what clients send."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, allow_inf_nan=False)


Short = Annotated[str, StringConstraints(max_length=200)]
ClientId = Annotated[str, StringConstraints(max_length=64, pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*$")]
Mailbox = Annotated[str, StringConstraints(max_length=ADDRESS_MOST)]
Text = Annotated[str, StringConstraints(max_length=2000)]
Pair = Annotated[list[str], Field(min_length=2, max_length=2)]
Figure = bool | int | float | Text | None
Profile = Annotated[
    dict[Annotated[str, StringConstraints(max_length=64)], Figure | list[Figure]], Field(max_length=100)
]


class Client(RequestModel):
    """Which client asks, and how much of the message it can see."""

    id: ClientId | None = None
    sees: Sees | None = Field(
        None, description="`raw`, `headers` (all headers, not the raw body) or `visible` (what the page shows)."
    )


class AttachmentIn(RequestModel):
    """An attachment as the client sees it."""

    name: Annotated[str, StringConstraints(max_length=1000)]
    type: Short | None = None
    size: int | None = Field(None, ge=0, le=2**53)
    sha256: Annotated[str, StringConstraints(pattern=r"^[0-9a-fA-F]{64}$")] | None = None


class GradeRequest(RequestModel):
    """A message as a client sees it. At least one of `headers`, `text` and `html` must be there."""

    headers: str | Annotated[list[Pair], Field(max_length=HEADERS_MOST)] | None = Field(
        None, description="The raw header block, or its [name, value] pairs in order."
    )
    subject: str | None = None
    from_: str | None = Field(None, alias="from")
    to: str | None = None
    date: str | None = None
    text: str | None = None
    html: str | None = None
    attachments: Annotated[list[AttachmentIn], Field(max_length=ATTACHMENTS_MOST)] = []
    mailbox: Mailbox | None = Field(None, description="The address in whose mailbox the message lies.")
    client: Client = Client()
    profile: Profile | None = Field(None, description="Figures of the buyer's marketplace profile.")

    @model_validator(mode="after")
    def _something_to_read(self) -> GradeRequest:
        if self.headers is None and self.text is None and self.html is None:
            raise ValueError("one of headers, text and html must be there")
        return self

    def payload(self) -> Payload:
        """The value that the pipeline takes."""
        if isinstance(self.headers, str):
            pairs = split_headers(self.headers)
        else:
            pairs = [(name, value) for name, value in self.headers or ()]
        sees = self.client.sees or ("headers" if pairs else "visible")
        return Payload(
            headers=tuple(pairs),
            subject=self.subject,
            from_=self.from_,
            to=self.to,
            date=self.date,
            text=self.text,
            html=self.html,
            attachments=tuple(SeenAttachment(a.name, a.type, a.size, a.sha256) for a in self.attachments),
            mailbox=self.mailbox,
            client_id=self.client.id,
            sees=sees,
            profile=self.profile,
        )


class RawLine(RequestModel):
    """A line of a batch that holds a raw message."""

    id: Short | None = None
    raw: str = Field(description="The raw message in base64 (RFC 4648 §4).")
    mailbox: Mailbox | None = None
    client: Client = Client()


class SeenLine(GradeRequest):
    """A line of a batch that holds what a client sees."""

    id: Short | None = None


Label = Literal[
    "genuine", "fake",
    "phishing", "fraud", "sample_seeker", "invitation_seeker", "casual", "information_gathering",
    "potential_customer", "order_ready", "not_inquiry", "unknown",
]  # fmt: skip
if set(Label.__args__) != {"genuine", "fake", *CATEGORIES}:  # type: ignore[attr-defined]
    raise AssertionError("feedback labels and categories differ")


class LevelRequest(RequestModel):
    """A customer level set by hand."""

    level: int | None = Field(ge=1, le=4, description="null: as the mails and the customer list say.")
    reason: Annotated[str, StringConstraints(min_length=1, max_length=500)]


class ProfileRequest(RequestModel):
    """What the marketplace shows of a buyer, by the keys of `profile` in a request to grade."""

    profile: Profile

    @field_validator("profile")
    @classmethod
    def _short(cls, profile: dict[str, Any]) -> dict[str, Any]:
        if len(orjson.dumps(profile)) > PROFILE_MOST:
            raise ValueError(f"more than {PROFILE_MOST} bytes")
        return profile


class FeedbackRequest(RequestModel):
    """What a reader says of a verdict."""

    label: Label
    note: Annotated[str, StringConstraints(max_length=2000, pattern=r"^[^\x00]*$")] = ""


class PairRequest(RequestModel):
    """The code that `keeneye pair` printed."""

    code: Annotated[str, StringConstraints(min_length=1, max_length=40)]


def split_headers(block: str) -> list[tuple[str, str]]:
    """A raw header block as pairs. Folded lines stay folded in their value; a line without a colon is dropped."""
    pairs: list[tuple[str, list[str]]] = []
    for line in block.replace("\r\n", "\n").replace("\r", "\n").split("\n"):
        if line[:1] in (" ", "\t"):
            if pairs:
                pairs[-1][1].append(line)
            continue
        name, colon, value = line.partition(":")
        if not line:
            if pairs:
                break  # RFC 5322 §2.1: an empty line ends the header
        elif colon and name.strip():
            pairs.append((name.strip(), [value.strip()]))
        else:
            continue
    return [(name, "\n".join(lines)) for name, lines in pairs]
