"""Reading what a client sends: bounded while it is read, never after; JSON as strictly as the contract is."""

from __future__ import annotations

import base64
import binascii
import json
import math
import re
import time
from collections.abc import Mapping
from typing import Any, TypeVar

from flask import Request
from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from keeneye.api.problems import Problem
from keeneye.guard import WATCHDOG, Reading

Model = TypeVar("Model", bound=BaseModel)

STEP = 64 * 1024
# A client that sends too much is heard out this long, so that it can read why it is refused.
DRAIN_BYTES = 64 * 1024 * 1024
DRAIN_SECONDS = 5.0
_SURROGATE = re.compile(rb"\\u[dD][89a-fA-F]")
READING = "keeneye.reading"  # key in the WSGI environment, see keeneye.api.serve


def read(request: Request, most: int) -> bytes:
    """The body. Raises Problem: 400 empty or cut short, 408 too slow, 413 too large, 415 compressed."""
    if request.headers.get("Content-Encoding", "identity").strip().lower() not in ("", "identity"):
        raise Problem("unsupported_encoding", "Send the body as it is, without Content-Encoding.")
    watched: Reading | None = request.environ.get(READING)
    pieces = bytearray()
    try:
        if (request.content_length or 0) > most:
            raise _too_large(request, most)
        while piece := request.stream.read(STEP):
            pieces += piece
            if len(pieces) > most:
                raise _too_large(request, most)
    except Problem:
        raise
    except Exception:  # whatever the server's own reader raises when a body ends in the middle
        raise _broken(watched) from None
    if (watched is not None and watched.late) or len(pieces) < (request.content_length or 0):
        raise _broken(watched)
    if watched is not None:
        WATCHDOG.done(watched)
    if not pieces:
        raise Problem("empty_body", "The request has no body.")
    return bytes(pieces)


def _broken(watched: Reading | None) -> Problem:
    if watched is not None and watched.late:
        return Problem("body_too_slow", "The body did not arrive in the time that the server allows.")
    return Problem("body_incomplete", "The body ended before its announced end.")


def _too_large(request: Request, most: int) -> Problem:
    until, left = time.monotonic() + DRAIN_SECONDS, DRAIN_BYTES
    try:
        while left > 0 and time.monotonic() < until and (piece := request.stream.read(STEP)):
            left -= len(piece)
    except Exception:  # the client has gone: nobody reads the answer
        left = 0
    return Problem("body_too_large", f"This server takes {most} bytes at most.")


def parse(text: bytes) -> Any:
    """JSON as RFC 8259 and I-JSON (RFC 7493) have it: UTF-8, no NaN, no key twice. Raises Problem 400."""
    try:
        value = json.loads(
            text.decode("utf-8"), object_pairs_hook=_object, parse_constant=_no_constant, parse_float=_finite
        )
        if _SURROGATE.search(text):
            json.dumps(value, ensure_ascii=False).encode("utf-8")
        return value
    except UnicodeEncodeError:
        raise Problem("malformed_json", "A string holds half of a surrogate pair.") from None
    except UnicodeDecodeError:
        raise Problem("malformed_json", "The body is not UTF-8.") from None
    except json.JSONDecodeError as error:
        raise Problem("malformed_json", f"{error.msg} at line {error.lineno}, column {error.colno}.") from None
    except RecursionError:
        raise Problem("malformed_json", "The JSON is nested too deeply.") from None
    except ValueError:  # Python's bound on the digits of an integer
        raise Problem("malformed_json", "A number is too large.") from None


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) != len(pairs):
        raise Problem("malformed_json", "A key stands twice in one object.")
    return made


def _no_constant(name: str) -> Any:
    raise Problem("malformed_json", f"{name} is not JSON.")


def _finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise ValueError(text)
    return number


def validated(model: type[Model], value: Any) -> Model:
    """The value as its model. Raises Problem 422 with the path of the first value that is wrong."""
    try:
        return model.model_validate(value)
    except ValidationError as error:
        path, message = _first(error, value)
        raise Problem("invalid_field", f"{path or 'body'}: {message}.", path or None) from None


def _first(error: ValidationError, value: Any) -> tuple[str, str]:
    """Path and message of the first error; where a union was tried, of the member that came furthest."""
    errors = error.errors(include_url=False, include_context=False, include_input=False)
    same = [e for e in errors if e["loc"][:1] == errors[0]["loc"][:1]]
    paths = [(_path(e["loc"], value, e["type"] == "missing"), _message(e)) for e in same]
    path, message = max(paths, key=lambda one: len(one[0]))  # the first of the longest
    return ".".join(path), message


def _message(error: ErrorDetails) -> str:
    """Pydantic's message, without the name of a class of ours or of an error of Python's."""
    return "Input should be an object" if error["type"] == "model_type" else error["msg"].removeprefix("Value error, ")


def _path(place: tuple[int | str, ...], value: Any, missing: bool) -> list[str]:
    """The parts of the place that stand in what was sent: pydantic also names the union's member that it tried."""
    path = []
    for index, part in enumerate(place):
        inside: Any = value
        if part in inside if isinstance(value, Mapping) else isinstance(value, list) and isinstance(part, int):
            value = inside[part]
        elif not (missing and index == len(place) - 1):
            continue
        # Keys are the client's own words; a long one would come back in the answer's text.
        path.append(printable(str(part))[:64])
    return path


def from_base64(text: str) -> bytes:
    """Raises Problem 422."""
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise Problem("invalid_field", "raw: not base64.", "raw") from None


def printable(text: str) -> str:
    """A client's own name for something, as it can be sent back: at most 200 code points, no lone surrogate."""
    return text[:200].encode("utf-8", "replace").decode("utf-8")
