"""Logs: one JSON object a line on standard error, and nothing of any message in them.

Our own events carry counts, codes and ids only. Records of libraries are written as their template, without
the values filled in, and errors as their type and place: what a sender wrote could stand in either.
"""

from __future__ import annotations

import logging
import sys
import traceback
from collections.abc import MutableMapping
from typing import Any

import orjson
import structlog

# Start-up notes of gunicorn name addresses of ours and process ids only.
_TRUSTED_INFO = "gunicorn.error"


def where(error: BaseException, most: int = 6) -> list[str]:
    """The innermost frames as ``file:line function``, without values or source text."""
    frames = traceback.extract_tb(error.__traceback__)[-most:]
    return [f"{'/'.join(f.filename.rsplit('/', 3)[-3:])}:{f.lineno} {f.name}" for f in frames]


def configure(level: str = "info") -> None:
    """Send structlog and the standard library's logging to standard error. Call once in a process."""
    least = logging.getLevelNamesMapping()[level.upper()]
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            _error_by_type,
            structlog.processors.JSONRenderer(serializer=_dumps),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(least),
        logger_factory=_stderr_logger,
        cache_logger_on_first_use=False,
    )
    root = logging.getLogger()
    root.handlers = [_Templates()]
    root.setLevel(max(least, logging.INFO))
    for name in ("alembic", "sqlalchemy"):
        logging.getLogger(name).setLevel(max(least, logging.WARNING))


def _stderr_logger(*_: Any) -> structlog.WriteLogger:
    return structlog.WriteLogger(sys.stderr)


def _dumps(value: Any, **_: Any) -> str:
    return orjson.dumps(value, default=str).decode()


def _error_by_type(_: Any, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    error = event.pop("exc_info", None)
    if isinstance(error, BaseException):
        event["error"] = type(error).__name__
        event["where"] = where(error)
    return event


class _Templates(logging.Handler):
    """Standard library records as events; see the module's docstring for what is left out."""

    def emit(self, record: logging.LogRecord) -> None:
        template = str(record.msg)
        if record.name == _TRUSTED_INFO and record.levelno <= logging.INFO:
            template = record.getMessage()
        elif template.startswith("Invalid request"):  # gunicorn has filled in the offending header already
            template = "Invalid request"
        error = record.exc_info[1] if record.exc_info else None
        try:
            structlog.get_logger().log(record.levelno, template[:200], logger=record.name, exc_info=error)
        except Exception:  # the same promise as logging.Handler: never raise into the caller
            self.handleError(record)
