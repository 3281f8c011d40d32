"""The writer's own words, the quoted thread, the signature: which lines of a body are which.

Works on lines with patterns that look at 300 characters of a line at most, so the time is linear.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from itertools import accumulate
from typing import NamedTuple

import re2

from keeneye.mail.layout import Region
from keeneye.mail.limits import Notes
from keeneye.mail.phrases import (
    ATTRIBUTION,
    ATTRIBUTION_START,
    BRIEF,
    CLIENT,
    CLOSING,
    CONTACT,
    ENDS,
    FOOTER_TALK,
    FOOTER_WORDS,
    FORWARDED_LINE,
    GREETING,
    LABEL_LINE,
    LABELS,
    LINE_OF,
    NAME_BEHIND,
    ORIGINAL_LINE,
    PHONE,
    RULES,
    STARTS,
    WHO_WHEN,
)
from keeneye.model import Span


class Lines(NamedTuple):
    """Lines of a body: ``texts`` are stripped and cut to 300 characters, ``starts``/``ends`` are places in the body.

    ``cues``: lines that may begin a quotation or hold a labelled field; only these are looked at closely.
    """

    starts: list[int]
    ends: list[int]
    texts: list[str]
    cues: list[int]


class Layout(NamedTuple):
    own: tuple[Span, ...]
    signature: Span | None
    quoted: tuple[Span, ...]


def lines_of(body: str, start: int, end: int, notes: Notes) -> Lines:
    """Lines of a range; behind the cap the rest of the text is one line."""
    pieces = body[start:end].split("\n", notes.limits.lines)
    if len(pieces) > notes.limits.lines:
        notes.add("lines")
    ends = [at + breaks for breaks, at in enumerate(accumulate(map(len, pieces), initial=start - 1))]
    texts = [piece[:300].strip() for piece in pieces]
    cues = [
        i
        for i, t in enumerate(texts)
        if t and (t[0] in RULES or ":" in t or "：" in t or t[:2] in STARTS or t.endswith(ENDS))
    ]
    return Lines([at + 1 for at in ends[:-1]], ends[1:], texts, cues)


def label_of(text: str) -> tuple[str, str] | None:
    """(from | sent | to | cc | subject, value) when a line is a header line in one of the languages."""
    if ":" not in text[:44] and "：" not in text[:44]:
        return None
    match = LABEL_LINE.match(text)
    if match is None:
        return None
    key = LABELS.get(match.group(1).strip().lower())
    return (key, match.group(2).strip()) if key else None


def header_block(lines: Lines, at: int) -> tuple[dict[str, str], int] | None:
    """The header lines that begin at ``at`` and the number of the first line behind them, or None.

    A block names the writer and at least two other things, or the writer's address and one other.
    """
    found: dict[str, str] = {}
    index, blanks, last = at, 0, ""
    while index < len(lines.texts) and index < at + 16:
        text = lines.texts[index]
        if not text:
            blanks += 1
            if (found and len(found) >= 3) or blanks > 3 or not found:
                break
            index += 1
            continue
        label = label_of(text)
        if label is None:
            if last in ("to", "cc", "from") and blanks == 0 and ("@" in text or not found.get(last)):
                found[last] = (found[last] + " " + text).strip()
                index += 1
                continue
            break
        key, value = label
        if found.get(key):
            break
        found[key] = value
        last, blanks = key, 0
        index += 1
    enough = "from" in found and (len(found) >= 3 or (len(found) >= 2 and "@" in found["from"]))
    return (found, index) if enough else None


def attribution(lines: Lines, at: int) -> int:
    """Number of lines that an ``On …, X wrote:`` takes at ``at``: 0 when there is none, at most 3."""
    text = lines.texts[at]
    if len(text) < 290 and text.endswith(ENDS) and ATTRIBUTION.match(text):
        return 1
    if ATTRIBUTION_START.match(text) and len(text) < 200:
        joined = text
        for more in (1, 2):
            if at + more >= len(lines.texts) or not lines.texts[at + more]:
                break
            joined = (joined + " " + lines.texts[at + more])[:290]
            if joined.endswith(ENDS) and ATTRIBUTION.match(joined):
                return more + 1
    return 0


OWN, QUOTED, SIGNATURE, FOOTER, BLANK = range(5)
DASHES = ("--", "—", "---")
QUIET = 200
"""Characters that may stand in a footer whatever they say: an address, the first line of a wrapped disclaimer."""


def split(body: str, lines: Lines, regions: Sequence[Region]) -> Layout:
    """Own words, signature and quoted thread of the part of a body that these lines cover.

    ``regions`` are what the HTML itself marks. When nothing would be left as the writer's own, all of it is:
    words must not escape judgement because each line begins with ``>``.
    """
    texts = lines.texts
    blank = bytes([OWN if text else BLANK for text in texts])
    marks = bytearray(blank)
    _mark_quoted(lines, marks, regions)
    if OWN not in marks:
        marks = bytearray(blank)
    first_quoted = marks.find(QUOTED)
    stop = len(texts) if first_quoted < 0 else first_quoted
    first_own = marks.find(OWN)
    # Top posting puts the signature above the quotation, bottom posting below it.
    if first_own < stop:
        _mark_end(body, lines, marks, first_own, stop, regions)
        rest = marks.find(OWN, stop)
        if rest >= 0:
            _mark_end(body, lines, marks, rest, marks.rfind(OWN) + 1, regions)
    else:
        _mark_end(body, lines, marks, first_own, len(texts), regions)
    if OWN not in marks:
        marks = bytearray(QUOTED if m == QUOTED else b for m, b in zip(marks, blank, strict=True))
    signatures = _spans(body, lines, marks, SIGNATURE)
    return Layout(
        _spans(body, lines, marks, OWN), signatures[-1] if signatures else None, _spans(body, lines, marks, QUOTED)
    )


def _mark_quoted(lines: Lines, marks: bytearray, regions: Sequence[Region]) -> None:
    starts, ends, texts, cues = lines
    count = len(texts)
    for start, stop in _merged(regions, ends[-1]):
        first, last = bisect_left(starts, start), bisect_right(ends, stop)
        for index in range(first, last):
            if texts[index]:
                marks[index] = QUOTED
    # ">" everywhere, ": " on Chinese bulletin boards.
    angle = [i for i in cues if texts[i][0] == ">" or texts[i][:2] == ": "]
    if len(angle) > 1 or (angle and angle[0] and attribution(lines, angle[0] - 1)):
        for index in angle:
            marks[index] = QUOTED
        above = next((i for i in range(angle[0] - 1, -1, -1) if texts[i]), None)
        if above is not None and texts[above][-1] in ":：" and WHO_WHEN.search(texts[above]):
            marks[above] = QUOTED
    done = 0
    for index in cues:
        text = texts[index]
        if index < done or text[0] == ">":
            continue
        if text[0] in RULES and len(text) > 6 and (ORIGINAL_LINE.match(text) or FORWARDED_LINE.match(text)):
            marks[index:] = bytes([QUOTED]) * (count - index)
            return
        if text.endswith(ENDS) or text[:2] in STARTS:
            taken = attribution(lines, index)
            if taken:
                behind = next((i for i in range(index + taken, count) if texts[i]), None)
                if behind is None or marks[behind] == QUOTED:
                    marks[index : index + taken] = bytes([QUOTED]) * taken
                    done = index + taken
                    continue
                if index or "@" in text or any(c.isdigit() for c in text):
                    marks[index:] = bytes([QUOTED]) * (count - index)
                    return
        label = label_of(text)
        if label and label[0] in ("from", "sent", "subject") and marks[index] == OWN:
            block = header_block(lines, index)
            if block and "from" in block[0]:
                above = index - 1
                while above >= 0 and (not texts[above] or LINE_OF.match(texts[above])):
                    marks[above] = QUOTED
                    above -= 1
                marks[index:] = bytes([QUOTED]) * (count - index)
                return


def _merged(regions: Sequence[Region], end: int) -> list[tuple[int, int]]:
    """The quoted regions as disjoint ranges, so that nesting costs nothing."""
    found: list[tuple[int, int]] = []
    for start, stop in sorted((r.start, end if r.kind == "rest" else r.end) for r in regions if r.kind != "signature"):
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(stop, found[-1][1]))
        elif stop > start:
            found.append((start, stop))
    return found


def _mark_end(body: str, lines: Lines, marks: bytearray, begin: int, stop: int, regions: Sequence[Region]) -> None:
    """Mark the signature and the footers at the end of ``lines[begin:stop]``."""
    stop = _mark_footer(body, lines, marks, begin, stop)
    while stop > begin and not lines.texts[stop - 1]:
        stop -= 1
    floor = max(begin, stop - 40)
    if floor >= stop:
        return
    closings = {
        i for i, words in _hits(CLOSING, body, lines, floor, stop).items() if _is_closing(lines.texts[i], words)
    }
    at = _marked_signature(lines, begin, stop, regions)
    if at is not None:
        _mark(marks, _with_closing(lines, closings, begin, at[0]), at[1])
        return
    closing = _closing(lines, closings, floor, stop)
    if closing is None and stop - begin > 2:
        closing = _contact_block(body, lines, max(begin, stop - 20), stop, begin)
        if closing is not None:  # short lines of the letter above "Regards" belong to the letter
            closing = min((i for i in closings if i > closing), default=closing)
    if closing is not None:
        _mark(marks, closing, stop)


_OF_ASCII = {p: re2.compile(p.pattern.encode()) for p in (CLOSING, CONTACT, FOOTER_WORDS)}
"""Where characters are bytes, re2 need not translate between the two, which takes longer than its search."""


def _hits(pattern: re2._Regexp[str], body: str, lines: Lines, floor: int, stop: int) -> dict[int, str]:
    """Lines of ``lines[floor:stop]`` that match, by number, with the words; at most 12,000 characters are looked at."""
    base = max(lines.starts[floor], lines.ends[stop - 1] - 12_000)
    text = body[base : lines.ends[stop - 1]]
    starts = lines.starts[floor:stop]
    found: dict[int, str] = {}
    matches = _OF_ASCII[pattern].finditer(text.encode()) if text.isascii() else pattern.finditer(text)
    for match in matches:
        at, end = match.span()
        index = floor + max(0, bisect_right(starts, base + end - 1) - 1)
        words = text[at:end].strip()
        found.setdefault(index, words)
    return found


def _marked_signature(lines: Lines, begin: int, stop: int, regions: Sequence[Region]) -> tuple[int, int] | None:
    """A signature that the HTML or a line of dashes (RFC 3676 §4.3) marks, as a range of lines."""
    for region in regions:
        if region.kind == "signature":
            inside = [i for i in range(begin, stop) if region.start <= lines.starts[i] and lines.ends[i] <= region.end]
            inside = [i for i in inside if lines.texts[i]]
            if inside and inside[0] > begin:
                return _with_dashes(lines, begin, inside[0]), inside[-1] + 1
    for index in range(stop - 1, max(begin, stop - 30) - 1, -1):
        if lines.texts[index] in DASHES and index + 1 < stop:
            return index, stop
    return None


def _with_dashes(lines: Lines, begin: int, at: int) -> int:
    """Take in a line of dashes right above."""
    above = next((i for i in range(at - 1, begin - 1, -1) if lines.texts[i]), at)
    return above if lines.texts[above] in DASHES else at


def _mark(marks: bytearray, start: int, stop: int) -> None:
    for index in range(start, stop):
        if marks[index] == OWN:
            marks[index] = SIGNATURE


def _is_closing(text: str, words: str) -> bool:
    """Whether a line is a closing and not a sentence that begins like one (``Thanks for your mail``)."""
    words = words.strip("\t >*_,.!，。！、،؛;:)-").lower()
    return len(text) <= 60 and (words not in BRIEF or len(text) - len(words) <= 3)


def _with_closing(lines: Lines, closings: set[int], begin: int, at: int) -> int:
    """Take in a closing and the name under it that stand above a signature mark."""
    above, seen = at - 1, 0
    while above > begin and seen < 3:
        if lines.texts[above]:
            seen += 1
            if above in closings:
                return above
            if len(lines.texts[above]) > 40:
                break
        above -= 1
    return at


def _closing(lines: Lines, closings: set[int], floor: int, stop: int) -> int | None:
    """The line of the closing phrase whose followers are all short, or None."""
    found = None
    lowest = max((i for i in range(floor, stop) if len(lines.texts[i]) > 160), default=floor - 1)
    for index in sorted(closings, reverse=True):
        if index <= lowest or (found is not None and found - index > 6):
            break
        # "Best regards, Jane" on one line is a signature, a bare "Best regards" tells nothing.
        if found is None and not any(lines.texts[index + 1 : stop]) and not NAME_BEHIND.search(lines.texts[index]):
            continue
        # "Thank you." above sentences goes on with the letter.
        if found is None and len(lines.texts[index]) < 20 and any(map(_is_sentence, lines.texts[index + 1 : stop])):
            continue
        found = index
    return found


def _is_sentence(text: str) -> bool:
    return text[-1:] in (".", "!", "?") and text.count(" ") > 8


def _contact_block(body: str, lines: Lines, floor: int, stop: int, begin: int) -> int | None:
    """The start of a trailing block of contact lines without any closing phrase.

    Careful, since what is taken for a signature is no longer read as the writer's words: the block has short
    lines only, no greeting, at least half of them contact data, and a telephone among them.
    """
    contact = _hits(CONTACT, body, lines, floor, stop)
    if len(contact) < 2:
        return None
    hits = total = phones = 0
    best = None
    for index in range(stop - 1, floor - 1, -1):
        text = lines.texts[index]
        if not text:
            continue
        if len(text) > (45 if _wide(text) else 100) or text.count(" ") > 14 or GREETING.match(text):
            break
        total += 1
        if index in contact:
            hits += 1
            phones += bool(PHONE.search(text))
        if index > begin and not lines.texts[index - 1]:
            if phones and hits >= 2 and hits * 2 >= total:
                best = index
            elif best is not None or total > 4:
                break
    return best


def _mark_footer(body: str, lines: Lines, marks: bytearray, begin: int, stop: int) -> int:
    """Mark disclaimers, list footers and client taglines at the end; the new end of what is left.

    The writer's words stand above a footer, and nothing but footers stands below one: a letter that only calls itself
    confidential is read whole.
    """
    first = next((i for i in range(begin, stop) if lines.texts[i] and not _is_greeting(lines.texts[i])), stop)
    floor = max(first + 1, stop - 40)
    if floor >= stop:
        return stop
    found = _hits(FOOTER_WORDS, body, lines, floor, stop)
    at, end = None, stop
    for index in sorted(found, reverse=True):
        if not _only_footers(body, lines, index, end):
            break
        end = index
        if at is None and CLIENT.search(found[index]) and any(lines.texts[index + 1 : stop]):
            continue  # "Sent from my phone" in the middle ends nothing
        at = index
    if at is None:
        return stop
    for above in range(at - 1, max(begin - 1, at - 4), -1):
        if LINE_OF.match(lines.texts[above]):
            at = above
            break
    at = _with_dashes(lines, begin, at)
    for index in range(at, stop):
        if marks[index] == OWN:
            marks[index] = FOOTER
    return at


def _is_greeting(text: str) -> bool:
    return len(text) <= 60 and (text[-1] in ",:!，：！،" or GREETING.match(text) is not None)


def _only_footers(body: str, lines: Lines, start: int, stop: int) -> bool:
    """Whether these lines speak as footers do, but for QUIET characters of other paragraphs."""
    first, quiet = start, 0
    for index in range(start, stop + 1):
        if index < stop and lines.texts[index]:
            continue
        if index > first:
            text = body[lines.starts[first] : min(lines.ends[index - 1], lines.starts[first] + 2_000)]
            if not FOOTER_TALK.search(text):
                quiet += len(text) * (3 if _wide(text) else 1)
        first = index + 1
    return quiet <= QUIET


def _wide(text: str) -> bool:
    """Whether Chinese, Japanese or Korean signs stand in it, of which a sentence takes a third."""
    return not text.isascii() and max(text) >= "\u2e80"


_RUNS = {kind: re.compile(b"[\\x%02x][\\x%02x\\x04]*" % (kind, kind)) for kind in (OWN, QUOTED, SIGNATURE)}


def _spans(body: str, lines: Lines, marks: bytearray, kind: int) -> tuple[Span, ...]:
    """Ranges of neighbouring lines of one kind, blank ends trimmed."""
    if kind not in marks:
        return ()
    spans: list[Span] = []
    for match in _RUNS[kind].finditer(marks):
        start, end = lines.starts[match.start()], lines.ends[match.end() - 1]
        while start < end and body[start].isspace():
            start += 1
        while end > start and body[end - 1].isspace():
            end -= 1
        if end > start:
            spans.append(Span(start, end))
    return tuple(spans)
