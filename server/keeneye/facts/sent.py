"""When a message was sent, on the clocks of the sender, of the country he names, and on ours."""

from __future__ import annotations

from datetime import UTC, datetime, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo

from keeneye.model import Answers, Firm, Mail, Origin, SentTimes


@lru_cache(maxsize=700)
def zone(name: str) -> tzinfo | None:
    """A time zone of tzdata, or None for a name that it does not have."""
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return None


NEVER = SentTimes(None, None, None, None, None, None)


def times(mail: Mail, origin: Origin, claimed: str | None, answers: Answers, firm: Firm) -> SentTimes:
    """The Date header (RFC 5322 §3.6.1) in the zones that matter.

    ``claimed_local``: least and most of the claimed country's zones. ``clock_skew``: Date minus the oldest Received
    line, in seconds: positive when the message claims to be written after a server took it.
    """
    date = mail.date
    offset = None
    if date is not None and date.tzinfo is not None:
        delta = date.utcoffset()
        # "-0000" says that the writer's zone is unknown (RFC 5322 §3.3).
        unknown = (mail.date_raw or "").rstrip().endswith("-0000")
        offset = None if delta is None or unknown else round(delta.total_seconds() / 60)
    received = [hop.date for hop in mail.hops if hop.date is not None]
    oldest = received[-1] if received else None
    moment = _utc(date) or _utc(oldest)
    if moment is None:
        return SentTimes(None, offset, None, None, None, None)
    skew = None
    if (stated := _utc(date)) is not None and (first := _utc(oldest)) is not None:
        skew = (stated - first).total_seconds()
    here = origin.place.time_zone if origin.place else None
    country = answers.countries.get(claimed or "")
    locals_ = sorted(
        filter(None, (_at(moment, name) for name in (country.zones if country else ()))),
        key=lambda d: d.utcoffset() or UTC.utcoffset(None),
    )
    return SentTimes(
        utc=moment,
        date_offset=offset,
        sender_local=_at(moment, here),
        claimed_local=(locals_[0], locals_[-1]) if locals_ else None,
        ours_local=_at(moment, firm.time_zone),
        clock_skew=skew,
    )


def _utc(moment: datetime | None) -> datetime | None:
    if moment is None:
        return None
    try:
        return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    except (OverflowError, ValueError):  # the year 1 or 9999
        return None


def _at(moment: datetime, name: str | None) -> datetime | None:
    place = zone(name) if name else None
    try:
        return moment.astimezone(place) if place else None
    except (OverflowError, ValueError):
        return None
