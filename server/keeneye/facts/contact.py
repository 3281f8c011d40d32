"""What a writer says of himself: name, post, firm, address, numbers – from the signature first, then his own words."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from keeneye import linear
from keeneye.facts import phones
from keeneye.facts.phrases import LETTERS, LEXICONS, Hit
from keeneye.facts.places import Named, gazetteer
from keeneye.facts.text import Text, fold
from keeneye.model import Contact, Evidence, Firm, Span

LINES_MOST: Final = 40
LIST_MOST: Final = 5
SIGNED_MOST: Final = 160
"""Characters at the end of a long line in which its writer may sign."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the signature or of the closing of the own words, in offsets of ``Text.folded``."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Closing:
    """Where a writer signs. ``lines``: not empty ones; ``named``: places of the gazetteer found in them.

    ``sure``: there is a signature or a sign-off; else the lines are only the last ones of the text.
    """

    lines: tuple[Line, ...]
    named: tuple[Named, ...]
    sure: bool = True


def closing(text: Text, hits: Mapping[str, Sequence[Hit]]) -> Closing:
    """The signature's lines, with those behind the last sign-off of the own words in front."""
    lines: list[Line] = []
    ranges: list[tuple[int, int]] = []
    sure = True
    if text.own:
        last = text.own[-1]
        offs = [h for h in hits.get("contact/sign-off", ()) if h.own and last.start <= h.start]
        # A closing stands near the end; "thank you" in the first sentence is none.
        late = [h for h in offs if last.end - h.end < 1200 and _alone(text.folded, h)]
        if late:
            ranges.append((late[-1].end, last.end))
        elif text.signature is None:
            sure = False
            ranges.append((_tail(text, last.start, last.end), last.end))
    if text.signature is not None:
        ranges.append((text.signature.start, text.signature.end))
    signed = [h for h in hits.get("contact/sign-off", ()) if h.signed]
    for start, end in ranges:
        for line in _lines(text.folded, start, end):
            # "Regards, Luis Ortega": what stands behind the sign-off on its line.
            off = max(
                (h.end for h in signed if h.start <= line.start + 2 and line.start < h.end <= line.end), default=0
            )
            if off:
                lines += _lines(text.folded, off, line.end)
            else:
                lines.append(line)
    lines = lines[:LINES_MOST]
    named: list[Named] = []
    for line in lines:
        for name in gazetteer().find(text.folded[line.start : line.end]):
            named.append(Named(name.country, name.kind, line.start + name.start, line.start + name.end, name.ambiguous))
    return Closing(tuple(lines), tuple(named), sure)


def _alone(folded: str, hit: Hit) -> bool:
    """Whether a sign-off has its line nearly to itself: "Best regards", not "Thanks for the samples that …"."""
    begin = folded.rfind("\n", 0, hit.start) + 1
    stop = folded.find("\n", max(hit.end - 1, begin))
    stop = len(folded) if stop < 0 else stop
    return hit.start - begin <= 25 and stop - hit.end <= 40


def _tail(text: Text, start: int, end: int) -> int:
    """Where the short lines at the end of the own words begin, at most eight."""
    position = end
    for _ in range(8):
        before = text.folded.rfind("\n", start, max(start, position - 1))
        if before < start or position - before > 70:
            break
        position = before
    if position == end:  # "… Send proforma. Bram de Wit, Tuinbouw BV, +31 10 555 0123"
        tail = max(start, end - SIGNED_MOST)
        position = max((tail + m.end(1) for m in _SENTENCE.finditer(text.folded[tail:end])), default=end)
    return position


_SENTENCE: Final = linear.Pattern(r"([a-z0-9)][.!?]\s)\p{Lu}")


def _lines(folded: str, start: int, end: int) -> Iterator[Line]:
    position = start
    while position < end:
        stop = folded.find("\n", position, end)
        stop = end if stop < 0 else stop
        left, right = position, min(stop, position + 300)
        while left < right and not (folded[left].isalnum() or folded[left] in "+(@"):
            left += 1
        while right > left and folded[right - 1] in " \t\r*_|-,":
            right -= 1
        if right > left:
            yield Line(left, right)
        position = stop + 1


# --------------------------------------------------------------------------- messengers, sites, addresses


_MESSENGER_NAMES: Final = "whats ?app|we ?chat|weixin|微信|skype|telegram|viber|line id|qq|zalo|kakao(?:talk)?"
_MESSENGER: Final = linear.Pattern(
    rf"(?i)(?:\A|[^{LETTERS}])((?:{_MESSENGER_NAMES})"
    r"(?:\s?(?:/|&|,|\+|and)\s?(?:phone|tel|mobile|mob|telegram|viber|we ?chat|whats ?app|cell|手机|电话|line)){0,3}"
    r"(?:\s?(?:id|no|number|num|号|號|account))?\.?\s?"
    r"(?:[:=]\s?[@+\w][\w.+@-]{2,30}(?: ?\d[\d -]{2,16})?|\+?\d[\d ().-]{6,20}\d|@[a-z][\w.]{3,30}|[a-z]+_[\w]{2,30}))"
)
# Without the lengths of the standards: RE2 makes a state of each place in a counted repeat, anew for every text.
_LABEL_PART: Final = r"[a-z0-9\x{80}-\x{10FFFF}](?:[a-z0-9\x{80}-\x{10FFFF}-]*[a-z0-9\x{80}-\x{10FFFF}])?"
_SITE: Final = linear.Pattern(
    rf"(?i)(?:\A|[^{LETTERS}\d@.])((?:https?://(?:www\.)?|www\.)"
    rf"(?:{_LABEL_PART}\.){{1,4}}[a-z]{{2,24}}(?:/[^\s<>\"()]{{0,100}})?)"
)
_LABELLED_SITE: Final = linear.Pattern(
    r"(?i)(?:web(?:site|page| site)?|site|url|homepage|网址|網址|网站|сайт|الموقع|pagina|internet)\s?[:.]\s?"
    r"((?:[a-z0-9-]{2,}\.){1,3}[a-z]{2,24})"
)
_EMAIL: Final = linear.Pattern(rf"(?i)(?:\A|[^{LETTERS}\d.+_-])([a-z0-9._%+-]+@(?:[a-z0-9-]+\.){{1,4}}[a-z]{{2,24}})")


def _all(text: Text, ranges: Iterable[Span], *regexps: Any) -> tuple[Evidence, ...]:
    """Group 1 of the patterns in the ranges, each wording once."""
    found: dict[str, Evidence] = {}
    for area in ranges:
        shown = text.folded[area.start : area.end]
        for regexp in regexps:
            for match in regexp.finditer(shown):
                start, end = match.span(1)
                while end > start and shown[end - 1] in ".,;:)- ":
                    end -= 1
                found.setdefault(shown[start:end].lower(), text.evidence(area.start + start, area.start + end))
                if len(found) >= LIST_MOST:
                    return tuple(found.values())
    return tuple(found.values())


# --------------------------------------------------------------------------- firm, address, person


@cache
def forms() -> Mapping[str, tuple[str, ...]]:
    """Legal form → ISO codes of the countries that have it."""
    content = tomllib.loads((LEXICONS / "contact" / "company_forms.toml").read_text("utf-8"))
    return {form: tuple(codes) for form, codes in content["countries"].items()}


@dataclass(frozen=True, slots=True)
class Company:
    """A firm's name with its legal form, in offsets of ``Text.folded``."""

    start: int
    end: int
    form: str | None


_CUT: Final = frozenset('|·•;\t()<>"\n:')
_FIRST_WORDS: Final = frozenset(
    ("the at from of by for with is in to we i run represent are am own company and dear named called as our").split()
)


def company(text: Text, hits: Mapping[str, Sequence[Hit]], where: Closing, firm: Firm, domain: str) -> Company | None:
    """The firm that signs, else one that the own words name with its legal form; never ourselves."""
    found = [
        (h, tag.removeprefix("contact/"))
        for tag, places in hits.items()
        if tag.startswith("contact/") and tag.removeprefix("contact/") in forms()
        for h in places
        if h.own or h.signed
    ]
    candidates: list[tuple[int, int, Company]] = []
    for hit, form in found:
        at = next((n for n, line in enumerate(where.lines) if line.start <= hit.start < line.end), None)
        if at is None and form == "有限公司" and "有限" not in text.folded[hit.start : hit.end]:
            continue  # "he went into the company"
        made = _company(text, hit, form, where.lines[at] if at is not None else None)
        if made is not None and not _is_us(text.folded[made.start : made.end], firm):
            rank = 0 if at is not None else 1
            candidates.append((rank, 0 if form != "Enterprise" else 1, made))
    labelled = [h for h in hits.get("contact/company-label", ()) if h.own or h.signed]
    for hit in labelled:
        line = next(_lines(text.folded, hit.end, _line_end(text.folded, hit.end)), None)
        if line is not None and line.end - line.start > 2 and not _is_us(text.folded[line.start : line.end], firm):
            named = next((f for h, f in found if line.start <= h.start < line.end), None)
            candidates.append((-1, 0, Company(line.start, line.end, named)))
    if candidates:
        # Of several hits in one name ("Co., Ltd." holds "Ltd"), the one that reaches farthest.
        candidates.sort(key=lambda c: (c[0], c[1], c[2].start, -c[2].end, -len(c[2].form or "")))
        return candidates[0][2]
    return _by_domain(text, where, domain)


def _line_end(folded: str, start: int) -> int:
    at = folded.find("\n", start)
    return min(at if at >= 0 else len(folded), start + 100)


def _company(text: Text, hit: Hit, form: str, line: Line | None) -> Company | None:
    folded = text.folded
    if form in _WHOLE_NAMES:
        stop = folded.find("\n", hit.start + 3, hit.end)
        return Company(hit.start, stop if stop >= 0 else hit.end, form)
    left = line.start if line is not None else max(0, folded.rfind("\n", 0, hit.start) + 1)
    start = hit.start
    while start > left and folded[start - 1] in " ,":
        start -= 1
    floor = max(left, hit.start - 70)
    while start > floor and folded[start - 1] not in _CUT:
        if folded[start - 1] == "," and not _joins(folded, start):
            break
        if folded[start - 1] == "." and _ends_sentence(folded, floor, start):
            break
        start -= 1
    while start < hit.start and not folded[start].isalnum():
        start += 1
    if line is None:
        start = _capitals(text, start, len(folded[: hit.start].rstrip(" ,")))
    name = folded[start : hit.start].strip(" ,.-&")
    whole = folded[hit.start : hit.end]
    if len(name) < 2 and " " not in whole:
        return None
    end = hit.end
    return Company(start, end, form)


def _ends_sentence(folded: str, floor: int, start: int) -> bool:
    """Whether the full stop before ``start`` closes a sentence and not an abbreviation such as ``Co.``."""
    if folded[start : start + 1] != " ":
        return False
    before = folded[max(floor, start - 12) : start - 1].split()
    return bool(before) and len(before[-1]) > 4


_WHOLE_NAMES: Final = frozenset("有限公司 株式会社 주식회사 شركة مؤسسة PT CV ООО ЗАО ИП ТОО ТОВ".split()) | {"CÔNG TY"}


def _joins(folded: str, start: int) -> bool:
    """Whether the comma before ``start`` belongs to a form: ``Co., Ltd``, ``Trading, Inc``."""
    return folded[start : start + 8].lower().lstrip().startswith(("ltd", "inc", "llc", "limited", "s.a", "s.r", "corp"))


def _capitals(text: Text, start: int, stop: int) -> int:
    """In running text a firm's name is the run of words with capitals before its form."""
    words_ = []
    position = start
    for word in text.folded[start:stop].split(" "):
        words_.append((position, word))
        position += len(word) + 1
    begin = stop
    for at, word in reversed(words_):
        bare = word.strip(",.&-'\"")
        if bare and (bare[0].isupper() or bare[0].isdigit()) and bare.lower() not in _FIRST_WORDS:
            begin = at
        elif bare.lower() in ("and", "&", "de", "of", "y", "e", "et", "und", "") and begin < stop:
            continue
        else:
            break
    return begin


def _is_us(name: str, firm: Firm) -> bool:
    lowered = name.lower()
    return any(len(n) > 2 and n.lower() in lowered for n in firm.names)


def _by_domain(text: Text, where: Closing, domain: str) -> Company | None:
    """A line that is the sender's domain in words: ``Andes Fluidos`` at andes-fluidos.example."""
    label = domain.split(".")[0].replace("-", "") if domain else ""
    if len(label) < 4:
        return None
    for line in where.lines:
        shown = text.folded[line.start : line.end]
        squeezed = "".join(c for c in shown.lower() if c.isalnum())
        if len(shown) < 60 and "@" not in shown and "www" not in squeezed and squeezed.startswith(label):
            return Company(line.start, line.end, None)
    return None


_POSTCODE_SHAPES: Final = (
    r"\d{5}(?:-\d{3,4})?", r"\d{4}", r"\d{6}", r"\d{3} \d{2}", r"\d{3}-\d{4}",
    r"[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}", r"[A-Z]\d[A-Z] ?\d[A-Z]\d", r"\d{4} [A-Z]{2}",
)  # fmt: skip
_POSTCODE: Final = linear.Pattern(rf"(?:\A|[\s,(-])(?:[A-Z]{{1,2}}-)?(?:{'|'.join(_POSTCODE_SHAPES)})(?:[\s,.)]|$)")
_BUILDING: Final = linear.Pattern(
    rf"(?:\A|[\s,#(./:{LETTERS}-])(?:no\.? ?)?\d{{1,5}}(?:[-/]\d{{1,5}})?[a-zA-Z]?(?:[\s,.;)/-]|号|號|栋|楼|\z)"
)
_NOT_ADDRESS: Final = ("tel", "phone", "fax", "mob", "电话", "тел", "هاتف")
ADDRESS_MOST: Final = 200


def address(
    text: Text, hits: Mapping[str, Sequence[Hit]], where: Closing, skip: Sequence[Span]
) -> tuple[Evidence | None, bool]:
    """The street address and whether it is complete: building number, and a town, post code or country.

    A line counts when a street, a label ("Address:"), a town and a post code make two points, and it holds a building
    number. ``skip``: telephone numbers, whose digits are no post code.
    """
    streets = [h for h in hits.get("contact/street", ()) if h.own or h.signed]
    labels = [h for h in hits.get("contact/address-label", ()) if h.own or h.signed]
    lines = [*where.lines, *_labelled_lines(text, where, labels)]
    best, most = None, 1
    for number, line in enumerate(lines):
        shown = text.folded[line.start : line.end]
        if len(shown) > ADDRESS_MOST or "@" in shown or "http" in shown or not any(c.isdigit() for c in shown):
            continue
        points = 2 * _any_in(streets, line) + 2 * _any_in(labels, line) + _has_place(where, line)
        points += _POSTCODE.search(shown) is not None and not _any_in(skip, line)
        if points > most and _BUILDING.search(shown) is not None:
            best, most = number, points
    if best is None:
        return None, False
    line = lines[best]
    end = _with_next_line(text, where, best, line, skip)
    shown = text.folded[line.start : end].lower()
    for word in _NOT_ADDRESS:
        at = shown.find(word)
        if at > 15:
            end = min(end, line.start + at)
    start = next((h.end for h in labels if line.start <= h.start < line.end and h.end < end), line.start)
    while start < end and not text.folded[start].isalnum() and text.folded[start] != "#":
        start += 1
    while end > start and text.folded[end - 1] in " ,.;|·-\n":
        end -= 1
    shown = text.folded[start:end]
    if not any(c.isdigit() for c in shown):
        return None, False
    settled = _has_place(where, Line(start, end)) or _POSTCODE.search(shown) is not None
    if not settled:
        settled = any(n.kind != "nationality" for n in gazetteer().find(shown))
    return text.evidence(start, end), settled and _BUILDING.search(shown) is not None


def _labelled_lines(text: Text, where: Closing, labels: Sequence[Hit]) -> Iterator[Line]:
    """Lines that begin with "Address:" outside the closing, as in the notices of marketplaces."""
    for hit in labels:
        if not any(line.start <= hit.start < line.end for line in where.lines):
            stop = text.folded.find("\n", hit.end)
            start = text.folded.rfind("\n", 0, hit.start) + 1
            yield Line(start, min(stop if stop >= 0 else len(text.folded), start + ADDRESS_MOST))


def _any_in(items: Iterable[Hit | Span], line: Line) -> bool:
    return any(line.start <= item.start < line.end for item in items)


def _has_place(where: Closing, line: Line) -> bool:
    return any(line.start <= n.start < line.end and n.kind != "nationality" for n in where.named)


def _with_next_line(text: Text, where: Closing, number: int, line: Line, skip: Sequence[Span]) -> int:
    """The end of an address that goes on in the next line with its town or post code."""
    following = where.lines[number + 1] if number + 1 < len(where.lines) else None
    if following is None or following.start - line.end >= 4:
        return line.end
    shown = text.folded[following.start : following.end]
    town = _has_place(where, following) or _POSTCODE.search(shown) is not None
    return following.end if town and len(shown) < 60 and "@" not in shown and not _any_in(skip, following) else line.end


def person(
    text: Text, hits: Mapping[str, Sequence[Hit]], where: Closing, name: str, firm_at: Company | None
) -> Evidence | None:
    """The name of the one who signs: that of From if it stands there, else a line that looks like a name."""
    wanted = " ".join(fold(name).lower().split())
    folded_lower = text.folded.lower()
    named = not all(word in _NO_NAME for word in wanted.split())
    if named and 3 <= len(wanted) <= 60 and "@" not in wanted and len(folded_lower) == len(text.folded):
        for line in where.lines:
            at = folded_lower.find(wanted, line.start, line.end)
            if at >= 0:
                end = _segment_end(text.folded, at, line.end)
                whole = _name_in(text, at, end)  # "Ann", who signs "Ann Miller"
                return text.evidence(whole.start, whole.end) if whole else text.evidence(at, at + len(wanted))
    titles = [h for h in hits.get("contact/title", ()) if h.own or h.signed]
    no_names = [*titles, *hits.get("contact/sign-off", ())]
    for line in where.lines[:4]:
        if not where.sure and not _any_in(titles, line) and not (firm_at and line.start < firm_at.start < line.end):
            continue
        end = next((h.start for h in titles if line.start < h.start < line.end), line.end)
        found = _name_in(text, line.start, _segment_end(text.folded, line.start, end))
        if found is not None and any(found.start <= n.start < found.end for n in where.named):
            continue
        if (
            found is not None
            and not (firm_at and firm_at.start <= found.start < firm_at.end)
            and not any(h.start <= found.start < h.end for h in no_names)
        ):
            return text.evidence(found.start, found.end)
    for hit in hits.get("contact/person-label", ()):
        if hit.own or hit.signed:
            stop = min((p for p in (text.folded.find(m, hit.end) for m in "\n,.;(") if p >= 0), default=hit.end + 40)
            found = _name_in(text, hit.end, min(stop, hit.end + 40), loose=True)
            if found is not None:
                return text.evidence(found.start, found.end)
    return None


def _segment_end(folded: str, start: int, end: int) -> int:
    """Where a name at ``start`` must end: at the next mark on its line."""
    for mark in (",", "|", "(", " - ", "·", "/"):
        cut = folded.find(mark, start, end)
        end = cut if cut > start else end
    return end


_NAME_PREFIX: Final = frozenset("mr mrs ms miss dr engr eng ing lic i a v herr frau sr sra m mme prof dipl".split())
_NO_NAME: Final = frozenset(
    "cheers hi greetings yours all regards thanks thank you team sales department best kind sincerely company "
    "limited ltd group import export "
    "trading "
    "international tel phone email manager sent from my iphone office the and for with your our street road"
    " price please order support admin service customer hello dear good help contact website".split()
)


_PARTICLES: Final = frozenset("de la da dos del van von der den bin al el y ibn di do le".split())


def _name_in(text: Text, start: int, end: int, loose: bool = False) -> Line | None:
    folded = text.folded
    end = min(end, len(folded))
    while start < end and not folded[start].isalpha():
        start += 1
    while end > start and not folded[end - 1].isalpha():
        end -= 1
    shown = folded[start:end]
    if not 2 <= len(shown) <= 45 or any(c.isdigit() or c in "@:/\\_=<>" for c in shown):
        return None
    if "\u2e80" <= shown[0] <= "\u9fff" or "\uac00" <= shown[0] <= "\ud7af":
        first = shown.split()[0]
        # 様, 님: who is written to, not who writes.
        return Line(start, start + len(first)) if 2 <= len(first) <= 4 and first[-1] not in "様殿님" else None
    tokens = [(w, w.strip(".,'-").lower()) for w in shown.split()]
    while len(tokens) > 1 and (tokens[0][1] in _NAME_PREFIX or len(tokens[0][1]) <= 1):
        start += folded[start:end].index(tokens[1][0], len(tokens[0][0]))
        tokens = tokens[1:]
    if loose:
        tokens = tokens[:3]
        kept = []
        for token in tokens:
            if not token[0][:1].isupper():
                break
            kept.append(token)
        tokens = kept
        end = start + len(" ".join(t[0] for t in tokens))
    if not 1 <= len(tokens) <= 4 or any(bare in _NO_NAME or not bare for _, bare in tokens):
        return None
    latin = folded[start].isascii() or "\u0400" <= folded[start] <= "\u04ff"
    if latin and not all(w[0].isupper() or bare in _PARTICLES for w, bare in tokens):
        return None
    if len(tokens) == 1 and len(tokens[0][1]) < 3:
        return None
    return Line(start, end)


def draw(text: Text, hits: Mapping[str, Sequence[Hit]], firm: Firm, hints: Sequence[str]) -> tuple[Contact, Closing]:
    """Everything of a contact. ``hints``: countries (ISO) by whose rules a national telephone number is read."""
    where = closing(text, hits)
    sender = passed_on.from_ if (passed_on := text.mail.forwarded) is not None else text.mail.from_
    ranges = [*([text.signature] if text.signature else []), *text.own]
    firm_at = company(text, hits, where, firm, sender.domain if sender else "")
    form_countries = forms().get(firm_at.form or "", ()) if firm_at else ()
    order = [*(n.country for n in where.named if n.kind != "nationality"), *hints, *form_countries[:1]]
    lines = [Span(line.start, line.end) for line in where.lines]
    numbers = phones.find(text, lines, ranges, list(dict.fromkeys(order)))
    skip = [Span(p.evidence.start + text.base, p.evidence.end + text.base) for p in numbers]
    street, complete = address(text, hits, where, skip)
    title = _title(text, hits, where)
    lowered = text.folded.lower()
    sites = any(word in lowered for word in _SITE_WORDS)
    messengers = any(word in lowered for word in _MESSENGER_WORDS)
    contact = Contact(
        person=person(text, hits, where, sender.name if sender else "", firm_at),
        title=text.evidence(title.start, title.end) if title else None,
        company=text.evidence(firm_at.start, firm_at.end) if firm_at else None,
        company_form=firm_at.form if firm_at else None,
        company_form_countries=form_countries,
        phones=numbers,
        address=street,
        address_complete=complete,
        websites=_all(text, ranges, _SITE, _LABELLED_SITE) if sites else (),
        emails=_all(text, ranges, _EMAIL) if "@" in text.folded else (),
        messengers=_all(text, ranges, _MESSENGER) if messengers else (),
        registrations=_registrations(text, hits),
    )
    return contact, where


_SITE_WORDS: Final = "www. :// web site url homepage 网址 網址 网站 сайт الموقع pagina internet".split()
_MESSENGER_WORDS: Final = ("line id", *"whats chat weixin 微信 skype telegram viber qq zalo kakao".split())


def _title(text: Text, hits: Mapping[str, Sequence[Hit]], where: Closing) -> Hit | None:
    """The post of the one who signs, else one that he names in his own words."""
    titles = [h for h in hits.get("contact/title", ()) if (h.signed or h.own) and _is_post(text.folded, h)]
    titles.sort(key=lambda h: (h.start, -h.end))
    for line in where.lines:
        for hit in titles:
            if line.start <= hit.start < line.end:
                return hit
    return next((h for h in titles if h.own and h.end - h.start > 6), None)


def _is_post(folded: str, hit: Hit) -> bool:
    """Whether a title stands by itself: between marks or line ends with at most six words, not inside a sentence."""
    begin, stop = hit.start, hit.end
    while begin > 0 and folded[begin - 1] not in "\n,|/(:;-·" and hit.start - begin < 60:
        begin -= 1
    while stop < len(folded) and folded[stop] not in "\n,|/(.;-·" and stop - hit.end < 60:
        stop += 1
    return len(folded[begin:stop].split()) <= 6


def _registrations(text: Text, hits: Mapping[str, Sequence[Hit]]) -> tuple[Evidence, ...]:
    kept: list[Hit] = []
    for hit in sorted(hits.get("contact/registration", ()), key=lambda h: (h.start, -h.end)):
        enough = sum(c.isdigit() for c in text.folded[hit.start : hit.end]) >= 5
        if (hit.own or hit.signed) and enough and not (kept and hit.start < kept[-1].end):
            kept.append(hit)
    out = []
    for hit in kept[:LIST_MOST]:
        stop = text.folded.find("\n", hit.start, hit.end)
        end = stop if stop > hit.start else hit.end
        while end > hit.start and text.folded[end - 1] in " .,-/":
            end -= 1
        out.append(text.evidence(hit.start, end))
    return tuple(out)
