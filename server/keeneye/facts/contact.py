"""What a writer says of himself: name, post, firm, address, numbers – from the signature first, then his own words."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any, Final, Literal

import phonenumbers
import re2

from keeneye.facts.phrases import LEXICONS, Hit
from keeneye.facts.places import Named, gazetteer
from keeneye.facts.text import Text
from keeneye.model import Contact, Evidence, Firm, Phone

FORM: Final = "contact/form-"
LINES_MOST: Final = 40
PHONES_MOST: Final = 6
"""Numbers handed to phonenumbers, the costliest step of all facts (0.1 ms each)."""
LIST_MOST: Final = 5
PhoneKind = Literal["phone", "fax", "mobile", "messenger"]


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the signature or of the closing of the own words, in offsets of ``Text.folded``."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Closing:
    """Where a writer signs. ``lines``: not empty ones; ``named``: places of the gazetteer found in them."""

    lines: tuple[Line, ...]
    named: tuple[Named, ...]


def closing(text: Text, hits: Mapping[str, Sequence[Hit]]) -> Closing:
    """The signature's lines, with those behind the last sign-off of the own words in front."""
    lines: list[Line] = []
    ranges: list[tuple[int, int]] = []
    if text.own:
        last = text.own[-1]
        offs = [h for h in hits.get("contact/sign-off", ()) if h.own and last.start <= h.start]
        # A closing stands near the end; "thank you" in the first sentence is none.
        late = [h for h in offs if last.end - h.end < 1200 and text.folded.count("\n", h.end, last.end) <= 18]
        if late:
            ranges.append((late[0].end, last.end))
        elif text.signature is None:
            ranges.append((_tail(text, last.start, last.end), last.end))
    if text.signature is not None:
        ranges.append((text.signature.start, text.signature.end))
    for start, end in ranges:
        lines += _lines(text.folded, start, end)
    lines = lines[:LINES_MOST]
    named: list[Named] = []
    for line in lines:
        for name in gazetteer().find(text.folded[line.start : line.end]):
            named.append(Named(name.country, name.kind, line.start + name.start, line.start + name.end, name.ambiguous))
    return Closing(tuple(lines), tuple(named))


def _tail(text: Text, start: int, end: int) -> int:
    """Where the short lines at the end of the own words begin, at most eight."""
    position = end
    for _ in range(8):
        before = text.folded.rfind("\n", start, max(start, position - 1))
        if before < start or position - before > 70:
            break
        position = before
    return position


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


# --------------------------------------------------------------------------- numbers


_DIGITS: Final = re2.compile(r"(?:\+|\(\+|00)?\(?\d[\d \t().\-/]{5,24}\d")
_LABEL: Final = re2.compile(
    r"(?i)(?:(whats ?app|wa(?:\.me)?|微信|we ?chat|viber|telegram|imo|line)|(fax|facsimile|telefax|факс|فاكس|传真|傳真|ファックス|ファクス|팩스|f)|"
    r"(mobile|mob|cell(?:ular|phone)?|celular|movil|handy|gsm|cep|моб(?:ильный)?|جوال|موبايل|محمول|手机|手機|携帯|휴대폰|di dong|hp|m|c)|"
    r"(tel(?:efon|ephone|efono|efone|ef)?|telf?|tlf|fono|phone|ph|office|direct|call|contact(?: no| number)?|hotline|тел(?:ефон)?|هاتف|تليفون|ت|电话|電話|联系电话|전화|dt|dien thoai|t|p|fon))"
    r"(?:\s?(?:no|nr|num|number|号码|號碼|номер))?[\s.:;#)/&,|-]{0,5}(?:\(?\d?\)?\s?)?$"
)
_LABEL_BEFORE_SLASH: Final = re2.compile(
    r"(?i)(whats ?app|we ?chat|微信|fax|факс|传真|傳真|mobile|mob|手机|手機|movil|cell|tel|phone|电话|電話)\s?[/&,+]\s?(?:and\s)?[a-z\pL ]{2,12}[\s.:;)]{0,4}$"
)
_NOT_PHONE: Final = re2.compile(
    r"(?i)(?:iban|swift|account|acct|a/c|konto|bank|order|invoice|po|p\.o|ref|vat|tax|ust-?id(?:nr)?|hrb|rc|reg|registration|company|id|no|nr|cnpj|ruc|rfc|rut|nit|gst|item|part|model|code|postal|zip|qty|quantity|isbn|art|税号|代码|инн|огрн|кпп|eori|siret|ein|cuit|abn|case|ticket|bug|version|v|rev|sku|#)[\s.:#№-]{0,3}(?:number|no|nr|code|id)?[\s.:#-]{0,3}$"
)
_DATE_OR_RANGE: Final = re2.compile(
    r"\d{4}[-/.]\d{1,2}[-/.]\d{1,2}(?:[ T]\d{1,2})?.{0,12}|\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4}(?: \d{1,2})?.{0,8}|(?:19|20)\d{2}\s?[-/]\s?(?:19|20)\d{2}|\d{1,3}(?:\.\d{1,3}){3}|\d{1,3}(?:[.,]\d{3})+(?:[.,]\d{1,2})?"
)


@lru_cache(maxsize=4096)
def parse(number: str, hint: str | None) -> tuple[str, str | None, bool, bool] | None:
    """(E.164 number, country, is valid, is a mobile number), or None when it is no telephone number.

    A number in international form that has a possible length is kept although its area is not in the tables, for
    numbering plans grow faster than the tables; its country is that of the calling code when only one has it.
    A number without country code must be valid in the hinted country.
    """
    try:
        parsed = phonenumbers.parse(number, hint)
    except phonenumbers.NumberParseException:
        return None
    valid = phonenumbers.is_valid_number(parsed)
    international = number.startswith(("+", "00"))
    if not valid and not (international and phonenumbers.is_possible_number(parsed)):
        return None
    country = phonenumbers.region_code_for_number(parsed) if valid else None
    if country is None:
        regions = phonenumbers.region_codes_for_country_code(parsed.country_code)
        country = regions[0] if len(regions) == 1 else None
    mobile = valid and phonenumbers.number_type(parsed) == phonenumbers.PhoneNumberType.MOBILE
    return f"+{parsed.country_code}{phonenumbers.national_significant_number(parsed)}", country, valid, mobile


def _phones(text: Text, areas: Sequence[Line], own_from: int, hints: Sequence[str]) -> tuple[Phone, ...]:
    """Numbers of the closing lines, then labelled or international ones of the own words.

    Areas from index ``own_from`` on are own words: there a number needs a label or a plus sign.
    """
    found: list[Phone] = []
    tried = 0
    for index, area in enumerate(areas):
        shown = text.folded[area.start : area.end]
        if sum(c.isdigit() for c in shown[:2000]) < 7:
            continue
        for match in _DIGITS.finditer(shown):
            if tried >= PHONES_MOST:
                return tuple(found)
            start, end = match.span()
            written = match.group()
            digits = "".join(c for c in written if c.isdigit())
            if not 7 <= len(digits) <= 16 or _DATE_OR_RANGE.fullmatch(written.strip()) is not None:
                continue
            before = shown[max(0, start - 1) : start]
            after = shown[end : end + 1]
            if (
                before and ((before.isalpha() and not "\u2e80" <= before <= "\u9fff") or before in "$€£#@_=%")
            ) or after in ("%", "@", "_", "°"):
                continue
            lead = shown[max(0, start - 30) : start].rpartition("\n")[2]
            kinds = _kinds(lead)
            plus = written.lstrip("(").startswith(("+", "00"))
            if not kinds and (_NOT_PHONE.search(lead) is not None or (index >= own_from and not plus)):
                continue
            tried += 1
            number = ("+" if plus else "") + (digits[2:] if written.lstrip("(").startswith("00") else digits)
            if plus:
                number = number.replace("+0", "+", 1)
            # "+49 (0) 421": the zero in parentheses is not dialled from abroad; phonenumbers knows that.
            known = _known(written if "(0)" in written else number, plus, hints)
            if known is None and not kinds:
                continue
            if known is None and len(digits) < 7:
                continue
            e164, country, _valid, is_mobile = known or (digits, None, False, False)
            evidence = text.evidence(area.start + start, area.start + end)
            for kind in kinds or (("mobile" if is_mobile else "phone"),):
                exact: PhoneKind = "mobile" if kind == "phone" and is_mobile else kind
                if not any(p.number == e164 and p.kind == exact for p in found):
                    found.append(Phone(e164, country, exact, evidence))
    return tuple(found)


def _known(number: str, plus: bool, hints: Sequence[str]) -> tuple[str, str | None, bool, bool] | None:
    if plus:
        return parse(number if number.startswith("+") else "+" + number.lstrip("(+"), None)
    for hint in hints[:2]:
        result = parse(number, hint)
        if result is not None:
            return result
    return None


def _kinds(lead: str) -> tuple[PhoneKind, ...]:
    """What the label in front calls a number; ``Tel/Fax`` calls it both."""
    match = _LABEL.search(lead)
    if match is None:
        return ()
    start = match.start()
    if start and lead[start - 1].isalpha() and not "\u2e80" <= lead[start - 1] <= "\u9fff":
        return ()  # the end of another word
    named: list[PhoneKind] = [
        kind
        for kind, part in zip(_KINDS, (match.group(1), match.group(2), match.group(3), match.group(4)), strict=True)
        if part
    ]
    both = _LABEL_BEFORE_SLASH.search(lead)
    if both is not None:
        first = both.group(1).lower()
        named.append(_kind_of(first))
    return tuple(dict.fromkeys(named))


_KINDS: Final[tuple[PhoneKind, ...]] = ("messenger", "fax", "mobile", "phone")


def _kind_of(label: str) -> PhoneKind:
    if label.startswith(("whats", "we", "微")):
        return "messenger"
    if label in ("fax", "факс", "传真", "傳真"):
        return "fax"
    return "mobile" if label in ("mobile", "mob", "手机", "手機", "movil", "cell") else "phone"


# --------------------------------------------------------------------------- messengers, sites, addresses


_MESSENGER: Final = re2.compile(
    r"(?i)(?:\A|[^\pL])((?:whats ?app|we ?chat|weixin|微信|skype|telegram|viber|line id|qq|zalo|kakao(?:talk)?)"
    r"(?:\s?(?:/|&|,|\+|and)\s?(?:phone|tel|mobile|mob|telegram|viber|we ?chat|whats ?app|cell|手机|电话|line)){0,3}"
    r"(?:\s?(?:id|no|number|num|号|號|account))?\.?\s?(?:[:=]\s?[@+\w][\w.+@-]{2,30}(?: ?\d[\d -]{2,16})?|\+?\d[\d ().-]{6,20}\d|@[a-z][\w.]{3,30}|[a-z]+_[\w]{2,30}))"
)
_SITE: Final = re2.compile(
    r"(?i)(?:\A|[^\pL\d@.])((?:https?://(?:www\.)?|www\.)(?:[a-z0-9\x{80}-\x{10FFFF}](?:[a-z0-9\x{80}-\x{10FFFF}-]{0,61}[a-z0-9\x{80}-\x{10FFFF}])?\.){1,4}[a-z]{2,24}(?:/[^\s<>\"()]{0,100})?)"
)
_LABELLED_SITE: Final = re2.compile(
    r"(?i)(?:web(?:site|page| site)?|site|url|homepage|网址|網址|网站|сайт|الموقع|pagina|internet)\s?[:.]\s?((?:[a-z0-9-]{2,61}\.){1,3}[a-z]{2,24})"
)
_EMAIL: Final = re2.compile(r"(?i)(?:\A|[^\pL\d.+_-])([a-z0-9._%+-]{1,64}@(?:[a-z0-9-]{1,61}\.){1,4}[a-z]{2,24})")


def _all(text: Text, areas: Iterable[Line], *regexps: Any) -> tuple[Evidence, ...]:
    found: dict[str, Evidence] = {}
    for area in areas:
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
_FIRST_WORDS: Final = frozenset(("the", "at", "from", "of", "by", "for", "with", "is", "in", "to", "we", "i", "run", "represent", "are", "am", "own", "company", "and", "dear", "named", "called", "as", "our"))  # fmt: skip


def company(text: Text, hits: Mapping[str, Sequence[Hit]], where: Closing, firm: Firm, domain: str) -> Company | None:
    """The firm that signs, else one that the own words name with its legal form; never ourselves."""
    found = [
        (h, tag.removeprefix("contact/"))
        for tag, places in hits.items()
        if tag.removeprefix("contact/") in forms() and tag.startswith("contact/")
        for h in places
        if h.own or h.signed
    ]
    candidates: list[tuple[int, int, Company]] = []
    for hit, form in found:
        at = next((n for n, line in enumerate(where.lines) if line.start <= hit.start < line.end), None)
        made = _company(text, hit, form, where.lines[at] if at is not None else None)
        if made is not None and not _is_us(text.folded[made.start : made.end], firm):
            rank = 0 if at is not None else 1
            candidates.append((rank, 0 if form != "Enterprise" else 1, made))
    if candidates:
        # Of several hits in one name ("Co., Ltd." holds "Ltd"), the one that reaches farthest.
        candidates.sort(key=lambda c: (c[0], c[1], c[2].start, -c[2].end, -len(c[2].form or "")))
        return candidates[0][2]
    return _by_domain(text, where, domain)


def _company(text: Text, hit: Hit, form: str, line: Line | None) -> Company | None:
    folded = text.folded
    if form in _WHOLE_NAMES:
        return Company(hit.start, hit.end, form)
    left = line.start if line is not None else max(0, folded.rfind("\n", 0, hit.start) + 1)
    start = hit.start
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
        start = _capitals(text, start, hit.start)
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


_WHOLE_NAMES: Final = frozenset(("有限公司", "株式会社", "주식회사", "شركة", "مؤسسة", "PT", "CV", "CÔNG TY"))


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


_POSTCODE: Final = re2.compile(
    r"(?:\A|[\s,(-])(?:[A-Z]{1,2}-)?(?:\d{5}(?:-\d{3,4})?|\d{4}|\d{6}|\d{3} \d{2}|\d{3}-\d{4}|[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}|[A-Z]\d[A-Z] ?\d[A-Z]\d|\d{4} [A-Z]{2})(?:[\s,.)]|$)"
)
_BUILDING: Final = re2.compile(
    r"(?:\A|[\s,#(./:-]|\pL)(?:no\.? ?)?\d{1,5}(?:[-/]\d{1,5})?[a-zA-Z]?(?:[\s,.;)/-]|号|號|栋|楼|\z)"
)


def address(
    text: Text, hits: Mapping[str, Sequence[Hit]], where: Closing, skip: Sequence[Line]
) -> tuple[Evidence | None, bool]:
    """The street address and whether it is complete: building number, and a town, post code or country."""
    streets = [h for h in hits.get("contact/street", ()) if h.own or h.signed]
    labels = [h for h in hits.get("contact/address-label", ()) if h.own or h.signed]
    best: tuple[int, Line] | None = None
    lines = list(where.lines)
    for hit in labels:
        if not any(line.start <= hit.start < line.end for line in lines):
            start = text.folded.rfind("\n", 0, hit.start) + 1
            stop = text.folded.find("\n", hit.end)
            lines.append(Line(start, min(stop if stop >= 0 else len(text.folded), start + 250)))
    for number, line in enumerate(lines):
        shown = text.folded[line.start : line.end]
        if not any(c.isdigit() for c in shown) or len(shown) > 200 or "@" in shown or "http" in shown:
            continue
        street = any(line.start <= h.start < line.end for h in streets)
        label = any(line.start <= h.start < line.end for h in labels)
        place = any(line.start <= n.start < line.end and n.kind != "nationality" for n in where.named)
        post = _POSTCODE.search(shown) is not None and not any(line.start <= s.start < line.end for s in skip)
        points = 2 * street + 2 * label + place + post
        if points >= 2 and _BUILDING.search(shown) is not None and (best is None or points > best[0]):
            best = (points, line)
            if points >= 4:
                break
    if best is None:
        return None, False
    line = best[1]
    index = lines.index(line)
    end = line.end
    following = lines[index + 1] if index + 1 < len(where.lines) else None
    if following is not None and following.start - line.end < 4:
        shown = text.folded[following.start : following.end]
        place = any(following.start <= n.start < following.end and n.kind != "nationality" for n in where.named)
        if (
            len(shown) < 60
            and "@" not in shown
            and (place or _POSTCODE.search(shown) is not None)
            and not any(following.start <= s.start < following.end for s in skip)
        ):
            end = following.end
    shown = text.folded[line.start : end]
    for cut in ("tel", "phone", "fax", "mob", "电话", "тел", "هاتف"):
        at = shown.lower().find(cut)
        if at > 15:
            end = line.start + at
            shown = text.folded[line.start : end]
    settled = any(line.start <= n.start < end and n.kind != "nationality" for n in where.named)
    start = line.start
    label_hit = next((h for h in labels if line.start <= h.start < line.end), None)
    if label_hit is not None and label_hit.end < end:
        start = label_hit.end
    while start < end and not text.folded[start].isalnum() and text.folded[start] != "#":
        start += 1
    while end > start and text.folded[end - 1] in " ,.;|·-\n":
        end -= 1
    building = _BUILDING.search(text.folded[start:end]) is not None
    return text.evidence(start, end), building and (settled or _POSTCODE.search(shown) is not None)


def person(
    text: Text, hits: Mapping[str, Sequence[Hit]], where: Closing, name: str, firm_at: Company | None
) -> Evidence | None:
    """The name of the one who signs: that of From if it stands there, else a line that looks like a name."""
    wanted = " ".join(name.lower().split())
    folded_lower = text.folded.lower()
    if 3 <= len(wanted) <= 60 and "@" not in wanted and len(folded_lower) == len(text.folded):
        for line in where.lines:
            at = folded_lower.find(wanted, line.start, line.end)
            if at >= 0:
                return text.evidence(at, at + len(wanted))
    titles = [h for h in hits.get("contact/title", ()) if h.own or h.signed]
    for line in where.lines[:4]:
        end = next((h.start for h in titles if line.start < h.start < line.end), line.end)
        for mark in (",", "|", "(", " - ", "·", "/"):
            cut = text.folded.find(mark, line.start, end)
            end = cut if cut > line.start else end
        found = _name_in(text, line.start, end)
        if (
            found is not None
            and not (firm_at and firm_at.start <= found.start < firm_at.end)
            and not any(h.start <= found.start < h.end for h in titles)
        ):
            return text.evidence(found.start, found.end)
    for hit in hits.get("contact/person-label", ()):
        if hit.own or hit.signed:
            stop = min((p for p in (text.folded.find(m, hit.end) for m in "\n,.;(") if p >= 0), default=hit.end + 40)
            found = _name_in(text, hit.end, min(stop, hit.end + 40), loose=True)
            if found is not None:
                return text.evidence(found.start, found.end)
    return None


_NAME_PREFIX: Final = frozenset(
    (
        "mr",
        "mrs",
        "ms",
        "miss",
        "dr",
        "engr",
        "eng",
        "ing",
        "lic",
        "i",
        "a",
        "v",
        "herr",
        "frau",
        "sr",
        "sra",
        "m",
        "mme",
        "prof",
        "dipl",
    )
)
_NO_NAME: Final = frozenset(
    "regards thanks thank you team sales department best kind sincerely company limited ltd group import export trading "
    "international tel phone email manager sent from my iphone office the and for with your our street road"
    " price please order support admin service customer hello dear good help contact website".split()
)


def _name_in(text: Text, start: int, end: int, loose: bool = False) -> Line | None:
    folded = text.folded
    while start < end and not folded[start].isalpha():
        start += 1
    while end > start and not folded[end - 1].isalpha():
        end -= 1
    shown = folded[start:end]
    if not 2 <= len(shown) <= 45 or any(c.isdigit() or c in "@:/\\_=<>" for c in shown):
        return None
    if "\u2e80" <= shown[0] <= "\u9fff" or "\uac00" <= shown[0] <= "\ud7af":
        first = shown.split()[0]
        return Line(start, start + len(first)) if 2 <= len(first) <= 4 else None
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
    small = {
        "de",
        "la",
        "da",
        "dos",
        "del",
        "van",
        "von",
        "der",
        "den",
        "bin",
        "al",
        "el",
        "y",
        "ibn",
        "di",
        "do",
        "le",
    }
    if latin and not all(w[0].isupper() or bare in small for w, bare in tokens):
        return None
    if len(tokens) == 1 and len(tokens[0][1]) < 3:
        return None
    return Line(start, end)


def draw(text: Text, hits: Mapping[str, Sequence[Hit]], firm: Firm, hints: Sequence[str]) -> tuple[Contact, Closing]:
    """Everything of a contact. ``hints``: countries (ISO) by whose rules a national telephone number is read."""
    where = closing(text, hits)
    mail = text.mail
    own_lines = [Line(s.start, s.end) for s in text.own]
    areas = [*where.lines, *own_lines]
    place_hints = [n.country for n in where.named if n.kind != "nationality"]
    sender = mail.from_
    firm_at = company(text, hits, where, firm, sender.domain if sender else "")
    form_countries = forms().get(firm_at.form or "", ()) if firm_at else ()
    order = [*place_hints, *hints, *form_countries[:1]]
    phones = _phones(text, areas, len(where.lines), list(dict.fromkeys(order)))
    phone_lines = [Line(p.evidence.start + text.base, p.evidence.end + text.base) for p in phones]
    street, complete = address(text, hits, where, phone_lines)
    titles = [h for h in hits.get("contact/title", ()) if h.signed or h.own]
    title = next(
        (
            h
            for line in where.lines
            for h in sorted(titles, key=lambda h: (h.start, -h.end))
            if line.start <= h.start < line.end
        ),
        None,
    )
    if title is None:
        title = next((h for h in titles if h.own and h.end - h.start > 6), None)
    return Contact(
        person=person(text, hits, where, sender.name if sender else "", firm_at),
        title=text.evidence(title.start, title.end) if title else None,
        company=text.evidence(firm_at.start, firm_at.end) if firm_at else None,
        company_form=firm_at.form if firm_at else None,
        company_form_countries=form_countries,
        phones=phones,
        address=street,
        address_complete=complete,
        websites=_all(text, areas, _SITE, _LABELLED_SITE),
        emails=_all(text, areas, _EMAIL),
        messengers=_all(text, areas, _MESSENGER),
        registrations=_registrations(text, hits),
    ), where


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
