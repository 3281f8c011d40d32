"""When the message was sent, in the writer's claimed country, in its own time zone and in ours."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from keeneye.model import Answer, Evidence, Facts
from keeneye.signals import MISS, NOT_APPLICABLE, UNKNOWN, hit, signal
from keeneye.signals.origin import claimed

SKEW_MOST = 20 * 3600
"""Seconds that the Date header may be away from the first Received line: a day's queue and a wrong time zone."""
FIRST_OFFICE_HOUR, LAST_OFFICE_HOUR = 8, 18


def _date(facts: Facts) -> Evidence:
    return Evidence("header:Date", facts.mail.date_raw or "")


@lru_cache(maxsize=700)
def _zone_of(name: str) -> ZoneInfo:
    """A zone of tzdata; building one takes longer than all of this file's signals."""
    return ZoneInfo(name)


def _night(time: datetime) -> bool:
    return time.hour < 6 or time.hour >= 23


def _office(time: datetime) -> bool:
    return time.weekday() < 5 and FIRST_OFFICE_HOUR <= time.hour < LAST_OFFICE_HOUR


@signal(
    "sent.office-hours",
    title="Was sent in the claimed country's office hours",
    text="Local time in {country}: {time}.",
    weight=2,
    source="S1 S2",
)
def office_hours(facts: Facts) -> Answer:
    """Hit when it was a working day between 8 and 18 in every zone of the claimed country.

    Why: buyers write from the office.
    Example: sent at 10:20 in Bremen.
    Not a hit: no country is claimed; no Date.
    """
    want, times = claimed(facts), facts.sent.claimed_local
    if want is None or times is None:
        return NOT_APPLICABLE
    if all(_office(t) for t in times):
        return hit(_date(facts), values={"time": f"{times[0]:%H:%M}", "country": want})
    return MISS


@signal(
    "sent.at-night",
    title="Was sent in the middle of the claimed country's night",
    text="Local time in {country}: {time}.",
    headline="Was sent in the night of the country it names",
    weight=-4,
    source="S1 S2; rule 76",
)
def at_night(facts: Facts) -> Answer:
    """Hit when it was between 23 and 6 in every zone of the claimed country.

    Why: an aid only; some people work at night.
    Example: "Germany", sent at 2 in the morning German time.
    Not a hit: no country is claimed; it was day in one of its zones.
    """
    want, times = claimed(facts), facts.sent.claimed_local
    if want is None or times is None:
        return NOT_APPLICABLE
    if all(_night(t) for t in times):
        return hit(_date(facts), values={"time": f"{times[0]:%H:%M}", "country": want})
    return MISS


@signal(
    "sent.our-office-hours",
    title="Keeps your own office hours, but names another country",
    text="Local time in {country}: {time}; where you are: {ours}.",
    headline="Keeps your office hours, but names another country",
    weight=-9,
    type="information_gathering/competitor",
    source="S1 S2",
)
def our_office_hours(facts: Facts) -> Answer:
    """Hit when it was night in the claimed country and a working hour in ours.

    Why: a "German" who writes at 8 in the morning our time may be a domestic competitor.
    Example: 02:30 in Germany, 08:30 with us.
    Not a hit: it was day in the claimed country, or the claimed country is ours.
    """
    want, times, here = claimed(facts), facts.sent.claimed_local, facts.sent.ours_local
    if want is None or times is None or here is None or want == facts.firm.country:
        return NOT_APPLICABLE
    if all(_night(t) for t in times) and _office(here):
        values = {"time": f"{times[0]:%H:%M}", "country": want, "ours": f"{here:%H:%M}"}
        return hit(_date(facts), values=values)
    return MISS


@signal(
    "sent.our-time-zone",
    title="Has your own time zone, but names another country",
    text="Its clock shows {zone}, as yours does; {country} has another time.",
    weight=-10,
    type="information_gathering/competitor",
    source="domain.md §3",
)
def our_time_zone(facts: Facts) -> Answer:
    """Hit when the Date header carries our own offset and the claimed country never has it.

    Why: the computer's clock tells where its owner works.
    Example: "Germany", Date with +0800.
    Not a hit: the claimed country has that offset too; the Date was written by a mail provider's server (+0000).
    """
    want, offset, utc = claimed(facts), facts.sent.date_offset, facts.sent.utc
    if want is None or offset is None or utc is None or want == facts.firm.country:
        return NOT_APPLICABLE
    here = utc.astimezone(_zone_of(facts.firm.time_zone)).utcoffset()
    if here is None or offset == 0 or timedelta(minutes=offset) != here:
        return MISS
    theirs = _offsets(facts, want, utc)
    if not theirs or offset in theirs:
        return MISS
    return hit(_date(facts), values={"zone": _zone(offset), "country": want})


@signal(
    "sent.other-time-zone",
    title="Has a clock that does not fit the country it names",
    text="Its clock shows {zone}, a time that {country} does not have.",
    weight=-4,
    source="domain.md §3; rule 77",
)
def other_time_zone(facts: Facts) -> Answer:
    """Hit when the offset of the Date header is none of the claimed country's, nor a server's usual one, nor ours.

    Why: a small sign; travellers and webmail servers have it too.
    Example: "Germany", Date with +0530.
    Not a hit: +0000, -0700, -0800 and other usual offsets of mail servers; within two hours of the country's own.
    """
    want, offset, utc = claimed(facts), facts.sent.date_offset, facts.sent.utc
    if want is None or offset is None or utc is None:
        return NOT_APPLICABLE
    theirs = _offsets(facts, want, utc)
    if not theirs or offset in (0, -420, -480, -300, -240) or min(abs(offset - t) for t in theirs) <= 120:
        return MISS
    if timedelta(minutes=offset) == utc.astimezone(_zone_of(facts.firm.time_zone)).utcoffset():
        return MISS
    return hit(_date(facts), values={"zone": _zone(offset), "country": want})


def _offsets(facts: Facts, iso2: str, utc: datetime) -> set[int]:
    """The offsets in minutes that a country's zones have at that moment."""
    known = facts.answers.countries.get(iso2)
    found = set()
    for zone in known.zones if known else ():
        offset = utc.astimezone(_zone_of(zone)).utcoffset()
        if offset is not None:
            found.add(int(offset.total_seconds() // 60))
    return found


def _zone(offset: int) -> str:
    return f"{'-' if offset < 0 else '+'}{abs(offset) // 60:02d}{abs(offset) % 60:02d}"


@signal(
    "sent.false-date",
    title="Carries a date that cannot be true",
    text="Its date differs by {hours} hours from when the mail servers saw it.",
    weight=-12,
    source="domain.md §3",
    unknown="The mail servers' own times are not in the message",
)
def false_date(facts: Facts) -> Answer:
    """Hit when the Date header is more than twenty hours away from the first Received line.

    Why: bulk programs write false dates, to stand on top of the list.
    Example: dated two days ahead.
    Not a hit: a wrong time zone or a night in the queue; unknown without Received lines.
    """
    if facts.mail.date is None:
        return NOT_APPLICABLE
    skew = facts.sent.clock_skew
    if skew is None:
        return UNKNOWN
    if abs(skew) > SKEW_MOST:
        return hit(_date(facts), values={"hours": round(skew / 3600)})
    return MISS


@signal(
    "sent.no-date",
    title="Carries no date",
    text="The message does not say when it was written.",
    weight=-8,
    source="RFC 5322 §3.6.1",
)
def no_date(facts: Facts) -> Answer:
    """Hit when the raw message has no readable Date header.

    Why: every mail program writes one; careless bulk programs do not.
    Example: no Date line at all.
    Not a hit: unknown when the client handed over only visible fields.
    """
    if facts.mail.sees == "visible":
        return UNKNOWN
    if facts.mail.date is None:
        return hit(Evidence("header:Date", facts.mail.date_raw or ""))
    return MISS
