"""Errors as RFC 9457 ``application/problem+json``, each with a stable ``code``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import orjson
from flask import Response
from werkzeug.exceptions import HTTPException

# code → (status, title). The OpenAPI document and its page are made from this table.
CODES: Mapping[str, tuple[int, str]] = {
    "malformed_json": (400, "The body is not JSON"),
    "empty_body": (400, "The body is empty"),
    "body_incomplete": (400, "The body ended too early"),
    "bad_request": (400, "The request is malformed"),
    "token_missing": (401, "A token is needed"),
    "token_invalid": (401, "The token is wrong, expired or revoked"),
    "code_invalid": (403, "The pairing code is wrong, used or expired"),
    "forbidden": (403, "Not from here"),
    "not_found": (404, "Not found"),
    "method_not_allowed": (405, "This method is not allowed here"),
    "body_too_slow": (408, "The body did not arrive in time"),
    "name_taken": (409, "There is a token of this name already"),
    "body_too_large": (413, "The body is too large"),
    "message_too_large": (413, "The message is too large"),
    "uri_too_long": (414, "The address is too long"),
    "unsupported_media_type": (415, "The content type is not supported"),
    "unsupported_encoding": (415, "Compressed bodies are not accepted"),
    "invalid_field": (422, "A value is wrong"),
    "empty_message": (422, "The message is empty"),
    "message_too_complex": (422, "The message takes too long to grade"),
    "message_unreadable": (422, "The message could not be graded"),
    "too_many_requests": (429, "Too many requests"),
    "headers_too_large": (431, "The headers are too large"),
    "internal_error": (500, "The server made a mistake"),
    "store_unavailable": (503, "The store does not answer"),
}
_BY_STATUS = {400: "bad_request", 404: "not_found", 405: "method_not_allowed", 413: "body_too_large"} | {
    403: "forbidden", 414: "uri_too_long", 415: "unsupported_media_type", 429: "too_many_requests"
}  # fmt: skip
RETRY_SECONDS = 2


class Problem(Exception):
    """An answer other than success. Raise it anywhere in a request."""

    def __init__(
        self, code: str, detail: str, field: str | None = None, headers: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(detail)
        self.code = code
        self.status, self.title = CODES.get(code, CODES["message_unreadable"])
        self.detail = detail
        self.field = field
        self.headers = dict(headers or {})
        if self.status == 401:
            self.headers.setdefault("WWW-Authenticate", 'Bearer realm="keeneye"')
        if self.status == 503:
            self.headers.setdefault("Retry-After", str(RETRY_SECONDS))

    def body(self) -> dict[str, Any]:
        """The members of RFC 9457 §3.1 with ``code`` and, where there is one, ``field``."""
        members: dict[str, Any] = {
            "type": f"urn:keeneye:problem:{self.code}",
            "title": self.title,
            "status": self.status,
            "code": self.code,
            "detail": self.detail,
        }
        if self.field is not None:
            members["field"] = self.field
        return members

    def response(self) -> Response:
        return Response(orjson.dumps(self.body()), self.status, self.headers, content_type="application/problem+json")


def from_http(error: HTTPException) -> Problem:
    """A problem for an error that Flask or Werkzeug raised."""
    status = error.code or 500
    code = _BY_STATUS.get(status, "bad_request" if status < 500 else "internal_error")
    headers = {}
    allowed = getattr(error, "valid_methods", None)
    if allowed:
        headers["Allow"] = ", ".join(sorted(allowed))
    return Problem(code, CODES[code][1] + ".", headers=headers)
