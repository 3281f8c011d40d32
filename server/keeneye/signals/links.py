"""Where the links of a message lead, and whether they lead where they say."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import islice
from urllib.parse import unquote

from keeneye import linear
from keeneye.model import Answer, DomainAnswer, Effect, Evidence, Facts, LinkFacts
from keeneye.signals import MISS, NOT_APPLICABLE, hit, once, signal

LINKS_MOST = 100
OWNERS_MOST, ADDRESSES_MOST = 4, 15
"""Foreign owners, and addresses in all, that a short letter links to at most; a newsletter links to more."""
HREF_MOST = 600
HTML_MOST = 200_000
_PASSWORD_FIELD = re.compile(r"type\s{0,3}=\s{0,3}[\"']?password", re.IGNORECASE)
# Hosts that nearly every company links to in a footer; a link to them says nothing about the sender.
EVERYWHERE = frozenset(
    "facebook.com twitter.com x.com linkedin.com instagram.com youtube.com youtu.be wikipedia.org w3.org pinterest.com "
    "tiktok.com aka.ms whatsapp.com wa.me t.me apple.com github.com github.io sourceforge.net gravatar.com".split()
)
_UNSUBSCRIBE = linear.Pattern(
    r"(?i)unsub|opt-?out|optout|preferenc|list-?manage|abmeld|abbestell|desabonn|d[ée]sinscri|desuscri|cancelar|"
    r"descadastr|cancella|uitschrijv|afmeld|отпис|退订|退訂|配信停止|수신거부",
)
_BAD_ENDINGS = frozenset(
    "top xyz icu buzz click cyou sbs cfd bond quest rest monster mom lol bid loan win gq cf ga ml tk pw su wang work "
    "rocks beauty hair skin makeup autos boats homes yachts motorcycles pics fun zip mov website space site online "
    "shop store live life world today digital club vip cam surf support best fit one host link men stream date "
    "racing review trade download accountant science party webcam faith cricket".split()
)
_RESOLD = frozenset(
    "sa.com ru.com za.com eu.com us.com uk.com in.net br.com cn.com de.com gb.net jpn.com mex.com co.com se.net uk.net "
    "hu.net jp.net africa.com com.de com.se".split()
)
_MACHINE = linear.Pattern(
    r"(?i)(?:^|[.-])(?:vps|vmi|vm|ec2|ip|srv|server|static|host|cloud)-?\w{0,4}\d{3,}|\d{1,3}-\d{1,3}-\d{1,3}-\d{1,3}|"
    r"\.(?:contaboserver\.net|linodeusercontent\.com|cloudapp\.azure\.com|vps\.ovh\.net|your-server\.de|"
    r"compute\.amazonaws\.com|vultrusercontent\.com|stackhostglobal\.com)$",
)
_SCANNERS = (
    "safelinks.protection.outlook.com", "urldefense.com", "urldefense.proofpoint.com", "urldefense.us",
    "mimecastprotect.com", "mimecast.com/s/", "linkprotect.cudasvc.com", "secure-web.cisco.com", "hornetsecurity.com",
    "protection.sophos.com", "clicktime.symantec.com", "url.emailprotection.link", "linklock.titanhq.com",
    "trendmicro.com", "checkpoint.com",
)  # fmt: skip
_PAGE_KITS = linear.Pattern(
    r"(?i)/wp-(?:content|includes|admin)/|/\.well-known/|/cgi-bin/|/(?:owa|webmail|roundcube|zimbra|cpanel|office365?|o365|"
    r"outlook|onedrive|sharepoint|docusign|adobe|excel)(?:[/._-]|$)",
)
_INTERPLANETARY = re.compile(r"(?:^|[./-])ipfs(?:[./-]|$)|/bafy|/Qm[1-9A-HJ-NP-Za-km-z]{40}", re.IGNORECASE)
_JUMP = linear.Pattern(
    r"(?i)(?:^|\.)google\.[a-z.]{2,6}/(?:url|amp)|bing\.com/ck/a|/amp/s/|[?&](?:url|u|q|to|target|dest|destination|redirect|redirect_uri|redir|goto|"
    r"link|next|continue|return|murl|adurl)=(?:https?(?::|%3a)|//|%2f%2f)",
)


def registrable(answer: DomainAnswer | None) -> str | None:
    return None if answer is None else answer.registrable


def label(name: str | None) -> str:
    """The registrable name without its ending: ``acme`` of ``acme.co.uk``."""
    return (name or "").split(".", 1)[0]


def same_owner(one: DomainAnswer | None, other: DomainAnswer | None) -> bool:
    """Whether two domains plainly belong together: same name, same brand, or same name with another ending."""
    a, b = registrable(one), registrable(other)
    if a is None or b is None:
        return False
    brands = one.brand if one else None, other.brand if other else None
    return a == b or (brands[0] is not None and brands[0] == brands[1]) or (len(label(a)) > 3 and label(a) == label(b))


def ours(facts: Facts, domain: str) -> bool:
    """Whether a host is one of our own firm's domains or below one."""
    return any(domain == own or domain.endswith("." + own) for own in facts.firm.domains)


def web_links(facts: Facts) -> Iterator[LinkFacts]:
    """Links that open a page, the first LINKS_MOST."""
    return (f for f in islice(facts.links, LINKS_MOST) if f.link.scheme in ("http", "https") and f.link.host)


def unseen(facts: Facts) -> bool:
    """Whether the client could not hand over the links: a client without the raw message gives the words of a button,
    not its address."""
    return facts.mail.sees != "raw" and not facts.mail.html and next(web_links(facts), None) is None


@once
def foreign_links(facts: Facts) -> tuple[LinkFacts, ...]:
    """Links that lead neither to the sender, nor to us, nor to a place that everybody links to."""
    return tuple(_foreign(facts))


def _foreign(facts: Facts) -> Iterator[LinkFacts]:
    return (item for item in web_links(facts) if foreign(facts, item))


def foreign(facts: Facts, item: LinkFacts) -> bool:
    """Whether a link leads to somebody else than the sender and us, and not to a place that everybody links to."""
    sender = facts.sender.answer if facts.sender else None
    if registrable(item.answer) in EVERYWHERE or ours(facts, item.link.host) or same_owner(item.answer, sender):
        return False
    return not unsubscribes(item)


def scanned(item: LinkFacts) -> bool:
    """Whether our own side's link scanner wrapped the link."""
    return any(s in item.link.href[:120].lower() for s in _SCANNERS)


def unsubscribes(item: LinkFacts) -> bool:
    return bool(_UNSUBSCRIBE.search(item.link.text[:100]) or _UNSUBSCRIBE.search(item.link.href[:HREF_MOST]))


def shown(item: LinkFacts) -> Evidence:
    """The link as evidence."""
    return Evidence(f"link:{item.link.index}", item.link.href[:200])


def strength(facts: Facts) -> float:
    """How much one odd link says: all in a short letter, less among the many of a newsletter."""
    if len({f.link.href.split("#", 1)[0] for f in web_links(facts)}) > ADDRESSES_MOST:
        return 0.35
    owners = {registrable(f.answer) or f.link.host for f in foreign_links(facts)}
    return 1.0 if len(owners) <= OWNERS_MOST else 0.35


@lru_cache(maxsize=4096)
def machine(host: str) -> bool:
    """The technical name of a rented server, such as ``vps-4471.hoster.example``."""
    return bool(_MACHINE.search(host[:200]))


def newsletter(facts: Facts) -> bool:
    """Whether the sender's own site stands among the many links of a newsletter."""
    own = facts.sender.answer if facts.sender else None
    return strength(facts) < 1.0 and any(same_owner(f.answer, own) for f in web_links(facts))


def door(item: LinkFacts) -> bool:
    """Whether a link is a button or words to click, not an address written out for the reader to see."""
    written = item.text_host is not None or item.link.host in item.link.text
    return item.link.kind in ("a", "area", "img", "form") and not written


def first(items: Iterable[LinkFacts]) -> LinkFacts | None:
    return next(iter(items), None)


def path_of(item: LinkFacts) -> str:
    """Path, query and fragment of a link, bounded."""
    rest = item.link.href[:HREF_MOST].split("://", 1)[-1]
    return rest[rest.find("/") :] if "/" in rest else ""


@signal(
    "links.shows-another-address",
    title="Shows one address but opens another",
    text="The link reads “{shown}” but opens {host}.",
    headline="Shows one web address but opens another",
    weight=-28,
    type="phishing/credential_link",
    source="S2; domain.md §5",
)
def shows_another_address(facts: Facts) -> Answer:
    """Hit when the visible text of a link is a web address of one owner and the link opens another owner's.

    Why: the reader checks the address that he sees.
    Example: the text is ``www.bank.example``, the link opens ``203.0.113.9``.
    Not a hit: ``links.counted``, a newsletter that shows its own address and counts clicks through a mailing service.
    """
    if not facts.links:
        return NOT_APPLICABLE
    for item in web_links(facts):
        if item.mismatch and item.text_host and not _counted(facts, item):
            return hit(shown(item), values={"shown": item.text_host, "host": item.link.host})
    return MISS


def _counted(facts: Facts, item: LinkFacts) -> bool:
    """Shows the sender's own address or a footer's usual one, or leads back to the sender: click counting."""
    if not facts.sender or unsubscribes(item) or scanned(item):
        return True
    own, text_host = facts.sender.answer, item.text_host or ""
    if registrable(item.answer) in EVERYWHERE or same_owner(item.answer, own) or ours(facts, item.link.host):
        return True
    name = registrable(own)
    belongs = name is not None and (text_host == name or text_host.endswith("." + name))
    return belongs and facts.authentication.dmarc != "fail" and not from_a_brand(facts)


def from_a_brand(facts: Facts) -> bool:
    """Whether From is a known firm's own domain."""
    return bool(facts.sender and facts.sender.answer and facts.sender.answer.brand)


@signal(
    "links.look-alike",
    title="Links to a copy of a known address",
    text="{host} looks like {real} ({how_word}), but is another address.",
    weight=-45,
    type="phishing/credential_link",
    source="domain.md §5; rule 4",
)
def look_alike(facts: Facts) -> Answer:
    """Hit when a link opens a domain that imitates a known brand's or a partner's.

    Why: one letter off is not seen in a hurry, and the copy asks for the password.
    Example: ``rnicrosoft.com``.
    Not a hit: the brand's own domains, or a domain that only shares a common word.
    """
    if not facts.links:
        return NOT_APPLICABLE
    for item in web_links(facts):
        if item.answer and item.answer.resembles:
            values = {
                "host": item.link.host,
                "real": item.answer.resembles,
                "how_word": item.answer.resembles_how or "",
            }
            return hit(shown(item), values=values)
    return MISS


@signal(
    "links.raw-number",
    title="Links to a bare number instead of a name",
    text="The link opens {host}; no company shows its site that way.",
    weight=-32,
    type="phishing/credential_link",
    source="domain.md §5",
)
def raw_number(facts: Facts) -> Answer:
    """Hit when a link opens a public IP address.

    Why: a page without a name belongs to nobody and is gone tomorrow.
    Example: ``http://203.0.113.9/login``.
    Not a hit: an address of a private network, or a number without a page in a technical text.
    """
    if not facts.links:
        return NOT_APPLICABLE
    for item in web_links(facts):
        if item.link.kind != "text" and bare_number(item):
            full = 1.0 if door(item) else 0.4
            return hit(shown(item), values={"host": item.link.host}, strength=full)
    return MISS


# RFC 1918, RFC 3927, RFC 1122; addresses in brackets are IPv6.
_PRIVATE = ("10.", "127.", "192.168.", "169.254.", "0.", "[", *(f"172.{n}." for n in range(16, 32)))


@signal(
    "links.shortened",
    title="Hides where its link goes behind a short address",
    text="{host} only passes you on; the real address cannot be seen.",
    weight=-24,
    source="domain.md §5",
)
def shortened(facts: Facts) -> Answer:
    """Hit when a link goes through a public link shortener.

    Why: nobody can see the target before opening it.
    Example: ``https://bit.ly/3xYz``.
    Not a hit: a short address that belongs to the sender or to a social network.
    """
    if not facts.links:
        return NOT_APPLICABLE
    for item in foreign_links(facts):
        if item.answer and item.answer.shortener:
            full = strength(facts) * (1.0 if door(item) else 0.3)
            return hit(shown(item), values={"host": item.link.host}, strength=full)
    return MISS


@signal(
    "links.free-page",
    title="Links to a page on free web space",
    text="{host} is free web space that anybody can get without giving a name.",
    weight=-30,
    type="phishing/credential_link",
    source="domain.md §5",
)
def free_page(facts: Facts) -> Answer:
    """Hit when a link opens a page on free hosting, a site builder or an anonymous file network.

    Why: copies of log-in pages live there for a day.
    Example: ``https://mail-update.pages.dev/``.
    Not a hit: a small buyer whose own mail domain or stated website is there.
    """
    if not facts.links:
        return NOT_APPLICABLE
    for item in foreign_links(facts):
        if free_space(item):
            full = strength(facts) * (1.0 if door(item) else 0.3)
            return hit(shown(item), values={"host": item.link.host}, strength=full)
    return MISS


@signal(
    "links.carries-your-address",
    title="Puts your mail address into its link",
    text="The link to {host} already holds your mail address, as copies of log-in pages want it.",
    weight=-42,
    type="phishing/credential_link",
    source="rule 54; domain.md §5",
)
def carries_your_address(facts: Facts) -> Answer:
    """Hit when a link to somebody other than the sender holds the address of the mailbox that received the message.

    Why: the copied log-in page fills in the address, so that only the password is missing.
    Example: ``https://page.example/x.html#sales@exporter.example``.
    Not a hit: an unsubscribe or settings link of a newsletter, or a link to the sender's own site.
    """
    if not facts.links:
        return NOT_APPLICABLE
    item = first(f for f in foreign_links(facts) if f.carries_recipient)
    if item is None:
        return MISS
    full = strength(facts) * (0.4 if item.link.kind == "text" or newsletter(facts) else 1.0)
    return hit(shown(item), values={"host": item.link.host}, strength=full)


@signal(
    "links.kit-path",
    title="Links into the inner folders of a strange site",
    text="The link goes deep into the folders of {host}, where copied log-in pages are often hidden.",
    weight=-22,
    type="phishing/credential_link",
    source="public phishing reports (APWG)",
)
def kit_path(facts: Facts) -> Answer:
    """Hit when a link leads into a site's program folders, or to a page named after a mail or document service.

    Why: copies of log-in pages are hidden in hacked sites.
    Example: ``https://bakery.example/wp-content/x/owa/``.
    Not a hit: such a path on the sender's own site, a picture, or a file to download.
    """
    if not facts.links:
        return NOT_APPLICABLE
    for item in foreign_links(facts):
        if item.link.kind in ("a", "area", "img") and kit(item):
            return hit(shown(item), values={"host": item.link.host}, strength=strength(facts))
    return MISS


def kit(item: LinkFacts) -> bool:
    """Whether a link leads into a site's program folders, or to a page named after a mail or document service."""
    path = path_of(item)
    return bool(_PAGE_KITS.search(path)) and not _is_file(path)


def free_space(item: LinkFacts) -> bool:
    """Whether a link opens a page on free hosting, a site builder or an anonymous file network."""
    free = item.answer is not None and item.answer.free_hosting
    return free or bool(_INTERPLANETARY.search(item.link.href[:HREF_MOST]))


def bare_number(item: LinkFacts) -> bool:
    """Whether a link opens a public IP address."""
    return bool(item.answer and item.answer.ip) and not item.link.host.startswith(_PRIVATE)


def _is_file(path: str) -> bool:
    bare = path.split("?", 1)[0].split("#", 1)[0].lower()
    return bare.endswith((".pdf", ".jpg", ".jpeg", ".png", ".gif", ".doc", ".docx", ".xls", ".xlsx", ".dwg", ".step"))


@signal(
    "links.passes-through",
    title="Sends its link through a well-known site",
    text="The link names {host} first, but goes on to another site.",
    weight=-14,
    source="public phishing reports (APWG)",
)
def passes_through(facts: Facts) -> Answer:
    """Hit when a link to a third party carries a second web address that it goes on to.

    Why: the known name is only borrowed.
    Example: ``https://www.google.com/url?q=https://page.example``.
    Not a hit: a link of the sender's own site, or a scanner of our own mail provider.
    """
    if not facts.links:
        return NOT_APPLICABLE
    for item in foreign_links(facts):
        host = item.link.host
        if scanned(item):
            continue
        if item.link.kind != "text" and _JUMP.search(host + path_of(item)):
            return hit(shown(item), values={"host": host})
    return MISS


@signal(
    "links.name-before-at",
    title="Hides the real address behind an @ sign",
    text="The link begins with a known-looking name, but what counts is behind the @: {host}.",
    weight=-35,
    type="phishing/credential_link",
    source="RFC 3986 §7.6",
)
def name_before_at(facts: Facts) -> Answer:
    """Hit when a web link has a user name that looks like a host in front of its real host.

    Why: readers take the first name for the site.
    Example: ``https://www.bank.example@203.0.113.9/``.
    Not a hit: an @ in the path or query.
    """
    if not facts.links:
        return NOT_APPLICABLE
    for item in web_links(facts):
        name, at, _ = item.link.href[:HREF_MOST].split("://", 1)[-1].split("/", 1)[0].partition("@")
        if at and "." in unquote(name) and "?" not in name and "#" not in name:
            return hit(shown(item), values={"host": item.link.host})
    return MISS


@signal(
    "links.runs-code",
    title="Has a link that runs a program instead of opening a page",
    text="The link starts with “{scheme}:”; it would run inside your mail program or browser.",
    weight=-40,
    type="phishing/credential_link",
    source="domain.md §5",
)
def runs_code(facts: Facts) -> Answer:
    """Hit when a clickable link is a ``javascript:``, ``data:``, ``vbscript:``, ``file:`` or search-protocol link.

    Why: there is no honest use for it in a letter.
    Example: ``data:text/html;base64,…``.
    Not a hit: ``mailto:``, ``tel:``, ``cid:``; an empty ``javascript:void(0)``.
    """
    if not facts.links:
        return NOT_APPLICABLE
    for item in islice(facts.links, LINKS_MOST):
        scheme = item.link.scheme
        if item.link.kind not in ("a", "area", "form", "meta"):
            continue
        href = item.link.href[:HREF_MOST].replace(" ", "").lower()
        if scheme in ("javascript", "vbscript", "ms-msdt", "search-ms") and not href.startswith("javascript:void"):
            return hit(shown(item), values={"scheme": scheme})
        if scheme == "data" and ("html" in href or "svg" in href or "script" in href):
            return hit(shown(item), values={"scheme": scheme})
    return MISS


@signal(
    "links.form",
    title="Contains a form that sends off what you type",
    text="A form inside the message sends your entries to {host}.",
    weight=-60,
    type="phishing/credential_link",
    source="domain.md §5",
)
def form(facts: Facts) -> Answer:
    """Hit when the message itself holds a form whose entries go to a third party; mild without a password field.

    Why: a letter needs no form; a copied log-in page does.
    Example: a password box inside the mail.
    Not a hit: a newsletter's search box or survey, or a form that goes to the sender's own site.
    """
    if not facts.links:
        return NOT_APPLICABLE
    item = first(f for f in foreign_links(facts) if f.link.kind == "form")
    password = _PASSWORD_FIELD.search(facts.mail.html[:HTML_MOST])
    if item is None or (password is None and newsletter(facts)):
        return MISS
    return hit(shown(item), values={"host": item.link.host}, strength=1.0 if password else 0.15)


@signal(
    "links.cheap-ending",
    title="Links to a throw-away kind of address",
    text="{host} has an ending that is sold for pennies and often used for traps.",
    weight=-16,
    source="public abuse statistics of domain endings (Spamhaus, Interisle)",
)
def cheap_ending(facts: Facts) -> Answer:
    """Hit when a link to a third party has one of the endings that abuse reports name most.

    Why: traps need many cheap names.
    Example: ``https://parcel-fee.top``.
    Not a hit: a national ending, or the sender's own site with such an ending.
    """
    if not facts.links:
        return NOT_APPLICABLE
    item = first(f for f in foreign_links(facts) if f.answer and throw_away(f.answer))
    if item is None:
        return MISS
    full = strength(facts) * (1.0 if door(item) else 0.5)
    return hit(shown(item), values={"host": item.link.host}, strength=full)


def throw_away(answer: DomainAnswer) -> bool:
    """A cheap ending, or a name sold below somebody else's name (``sa.com``, ``ru.com``)."""
    suffix = answer.suffix or ""
    return suffix.rsplit(".", 1)[-1] in _BAD_ENDINGS or suffix in _RESOLD


@signal(
    "links.picture-only",
    title="Shows only a picture that opens a link",
    text="There is hardly any text; the picture opens {host}.",
    weight=-26,
    type="phishing/credential_link",
    source="domain.md §5",
)
def picture_only(facts: Facts) -> Answer:
    """Hit when an HTML message shows at most twelve words and a linked picture leads to a third party.

    Why: text in a picture cannot be checked, and a code in it is opened on the unprotected phone.
    Example: one picture of a parcel notice, linked to a strange site.
    Not a hit: a photo of the product attached to a letter.
    """
    if not facts.links or facts.mail.body_part != "html":
        return NOT_APPLICABLE
    if not facts.mail.has_images or len(facts.mail.body[:400].split()) > 12:
        return MISS
    item = first(f for f in foreign_links(facts) if f.link.kind in ("img", "area") or not f.link.text.strip())
    return hit(shown(item), values={"host": item.link.host}) if item else MISS


@signal(
    "links.machine-name",
    title="Links to a rented machine without a proper name",
    text="{host} is the number of a rented server, not the site of a firm.",
    weight=-34,
    type="phishing/credential_link",
    source="public phishing reports (APWG)",
)
def machine_name(facts: Facts) -> Answer:
    """Hit when a link opens the bare technical name of a rented server.

    Why: whoever has a firm has a name for it.
    Example: ``vps-4471.hoster.example``.
    Not a hit: the address is written out in a technical text; a picture's address.
    """
    if not facts.links:
        return NOT_APPLICABLE
    item = first(f for f in foreign_links(facts) if door(f) and machine(f.link.host))
    return hit(shown(item), values={"host": item.link.host}) if item else MISS


@signal(
    "links.only-door",
    title="Offers one button to a strange site and little else",
    text="All there is to click leads to {host}, which is not the sender's.",
    headline="Offers one button to a strange site and little else",
    weight=-28,
    type="phishing/credential_link",
    source="public phishing reports (APWG); measured on the development mail",
)
def only_door(facts: Facts) -> Answer:
    """Hit when at most 150 words surround links that all lead to one third party and do not show its address.

    Less for a site's front page, where the logo in a signature leads, too, and half for a proven sender who signs with
    telephone and address: surveys and fairs link to their service.

    Why: a trap has one door; a letter gives addresses that one can read.
    Example: "Your document is ready" and a button.
    Not a hit: goods or quantities are named; the address is written out; a file service; an answer in a thread; a
    newsletter with many links; a proven sender's letter that leads to his own site, too.
    """
    if not facts.links:
        return NOT_APPLICABLE
    mail = facts.mail
    if facts.own_words > 150 or facts.request.products or facts.request.quantities or mail.in_reply_to:
        return MISS
    if newsletter(facts):
        return MISS
    if facts.authentication.aligned and any(door(f) and _leads_home(facts, f) for f in web_links(facts)):
        return MISS
    doors = foreign_links(facts)
    owners = {registrable(f.answer) or f.link.host for f in doors}
    if len(owners) != 1 or not all(door(f) for f in doors) or (doors[0].answer and doors[0].answer.file_share):
        return MISS
    full = 0.7 if all(len(path_of(f)) <= FRONT_MOST for f in doors) else 1.0
    if facts.authentication.aligned and facts.contact.phones and facts.contact.address:
        full *= 0.5
    return hit(shown(doors[0]), values={"host": doors[0].link.host}, strength=full)


def _leads_home(facts: Facts, item: LinkFacts) -> bool:
    """Whether a link opens the sender's own site, and not only to leave a list."""
    return same_owner(item.answer, facts.sender.answer if facts.sender else None) and not unsubscribes(item)


FRONT_MOST = 8
"""Characters of path and query up to which a link opens a site's front page."""


@signal(
    "links.shows-a-file",
    title="Shows a file, but opens a web page",
    text="It reads “{file}”, but opens a page at {host}.",
    weight=-22,
    type="phishing/credential_link",
    source="rule 53; public phishing reports (APWG)",
)
def shows_a_file(facts: Facts) -> Answer:
    """Hit when a link's text is a file's name and the link opens something else at a third party.

    Why: it is drawn to look like an attachment, which the reader would open without looking at the address.
    Example: "PO 4471.pdf, 33 KB" that opens ``https://bakery.example/x``.
    Not a hit: the file itself, also with a longer name; a file service or the sender's own site; a newsletter.
    """
    if not facts.links:
        return NOT_APPLICABLE
    for item in foreign_links(facts):
        found = _FILE_NAME.search(item.link.text.strip()[:FILE_TEXT_MOST])
        if found is None or not door(item) or (item.answer and item.answer.file_share):
            continue
        if f".{found[1].lower()}" not in path_of(item).lower():
            values = {"file": item.link.text.strip()[:60], "host": item.link.host}
            return hit(shown(item), values=values, strength=strength(facts))
    return MISS


FILE_TEXT_MOST = 120
_FILE_NAME = re.compile(
    r"\.(pdf|docx?|xlsx?|pptx?|zip|rar|7z|html?|msg|eml|xml)\b[\s()\[\]]{0,3}(?:[\d.,]{1,8}\s?[kmg]?(?:b|o|bytes))?\W{0,3}$",
    re.IGNORECASE,
)


@signal(
    "links.borrowed",
    title="Borrows a known firm's links around its own",
    text="Links of {brand} stand around one to {host}, and neither belongs to the sender.",
    weight=-30,
    type="phishing/credential_link",
    source="public phishing reports (APWG)",
)
def borrowed(facts: Facts) -> Answer:
    """Hit when links of one known firm, two at least, surround the buttons to one other site; the sender is neither.

    Why: a copied notice keeps the true links of the firm it copies, and one leads elsewhere.
    Example: a streaming service's letter from a bakery, in which only "Update payment" leads to ``x.example``.
    Not a hit: the firm's own mail; addresses written out in a text; file services and places everybody links to.
    """
    if not facts.links:
        return NOT_APPLICABLE
    own = facts.sender.answer if facts.sender else None
    if own is None or own.brand or facts.mail.in_reply_to:
        return MISS
    known: dict[str, int] = {}
    strange: dict[str, LinkFacts] = {}
    for item in foreign_links(facts):
        answer = item.answer
        if not door(item) or answer is None or answer.file_share:
            continue
        if answer.brand:
            known[answer.brand] = known.get(answer.brand, 0) + 1
        else:
            strange.setdefault(answer.registrable or item.link.host, item)
    brand = next((b for b, times in known.items() if times > 1), None)
    if brand is None or len(strange) != 1:
        return MISS
    door_out = next(iter(strange.values()))
    return hit(shown(door_out), values={"brand": brand, "host": door_out.link.host})


@signal(
    "links.own-site",
    title="Links to the sender's own site",
    text="{host} belongs to the address that the message comes from.",
    weight=0,
    effect=Effect.FACT,
    source="S0 S1 S2",
)
def own_site(facts: Facts) -> Answer:
    """Hit when a link opens the site of the sender's own company domain.

    Why: a site to look at is the first thing to check.
    Example: From ``buyer@acme.example``, link to ``www.acme.example``.
    Not a hit: the site of a free-mail provider.
    """
    if not facts.links or not facts.sender or not facts.sender.answer or facts.sender.answer.mailbox != "company":
        return NOT_APPLICABLE
    item = first(f for f in web_links(facts) if same_owner(f.answer, facts.sender.answer))
    return hit(shown(item), values={"host": item.link.host}) if item else MISS
