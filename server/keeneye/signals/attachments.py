"""Attached files that are not what they seem, or that no honest order needs."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace

from keeneye import linear
from keeneye.model import Answer, Attachment, Effect, Evidence, Facts, LinkFacts
from keeneye.signals import MISS, NOT_APPLICABLE, hit, signal
from keeneye.signals.links import (
    OWNERS_MOST,
    bare_number,
    foreign,
    free_space,
    kit,
    machine,
    path_of,
    registrable,
    throw_away,
)

MALWARE = "phishing/malware_attachment"
_PROGRAM = (
    ".exe", ".scr", ".com", ".pif", ".bat", ".cmd", ".ps1", ".vbs", ".vbe", ".js", ".jse", ".wsf", ".wsh", ".hta",
    ".msi", ".msp", ".cpl", ".jar", ".lnk", ".url", ".reg", ".chm", ".scf", ".gadget", ".appx", ".msix", ".xll", ".dll",
    ".sct", ".library-ms", ".search-ms", ".settingcontent-ms", ".apk", ".dmg",
    ".mobileconfig", ".vhd", ".vhdx", ".application", ".one",
)  # fmt: skip
_SCRIPT_TYPES = ("javascript", "x-msdownload", "x-msdos-program", "x-dosexec", "x-executable", "x-ms-shortcut")
_DISC = (".iso", ".img", ".udf", ".vhd", ".vhdx", ".wim", ".daa")
_PAGE = (".htm", ".html", ".shtml", ".xhtml", ".mht", ".mhtml", ".xht")
_OLD_ARCHIVE = (
    ".z",
    ".ace",
    ".arj",
    ".lzh",
    ".r00",
    ".r01",
    ".cab",
    ".uue",
    ".gz",
    ".bz2",
    ".xz",
    ".tar",
    ".tgz",
    ".lz",
)
_DOCUMENT = r"\.(?:pdf|docx?|xlsx?|pptx?|jpe?g|png|txt|csv|rtf)"
_TWICE = re.compile(
    _DOCUMENT
    + r"[\s._-]*\.(?:exe|scr|com|pif|bat|cmd|js|vbs|hta|lnk|jar|html?|shtml|iso|img|z|gz|rar|ace|7z|zip|cab|tar|svg)$",
    re.IGNORECASE,
)
_TURNED = re.compile("[\u202a-\u202e\u2066-\u2069]")
_CODE_WORDS = re.compile(
    r"(?:^|\s|[-_.])(?:patch|diff|log|trace|config|src|source|test|report|coverage|javadoc)", re.IGNORECASE
)
_PASSWORD_BOX = re.compile(
    r"password|passwort|contraseña|senha|mot de passe|пароль|密码|パスワード|passwd", re.IGNORECASE
)


_DRAWING = (".dwg", ".step", ".stp", ".dxf", ".igs", ".jpg", ".png", ".pdf")


def _where(attachment: Attachment, name: str | None = None) -> Evidence:
    return Evidence(f"attachment:{attachment.index}", (name or attachment.name or attachment.type)[:120])


def _any(facts: Facts, test: Callable[[Attachment], bool]) -> Answer:
    if not facts.mail.attachments:
        return NOT_APPLICABLE
    for attachment in facts.mail.attachments:
        if test(attachment):
            return hit(_where(attachment), values={"file": attachment.name[:60]})
    return MISS


def _is_program(name: str) -> bool:
    return name.lower().rstrip(". ").endswith(_PROGRAM)


@signal(
    "attachments.program",
    title="Encloses a program instead of a document",
    text="“{file}” would run on your computer when opened.",
    weight=-90,
    effect=Effect.GATE,
    type=MALWARE,
    source="S2; domain.md §5",
)
def program(facts: Facts) -> Answer:
    """Hit when an attachment is a program, script or shortcut by its name or by its first bytes.

    Why: orders are documents; programs steal passwords.
    Example: ``PO-4471.exe``, a program named ``drawing.pdf``.
    Not a hit: a plain-text script that a developer shares as ``.txt`` or a patch.
    """

    def test(a: Attachment) -> bool:
        kind = f"{a.type} {a.sniffed or ''}".lower()
        return _is_program(a.name) or any(t in kind for t in _SCRIPT_TYPES)

    return _any(facts, test)


@signal(
    "attachments.program-in-archive",
    title="Encloses an archive with a program inside",
    text="Inside “{file}” there is the program “{inside}”.",
    weight=-90,
    effect=Effect.GATE,
    type=MALWARE,
    source="S2; domain.md §5",
)
def program_in_archive(facts: Facts) -> Answer:
    """Hit when an attached archive holds a program, script, shortcut or disc image.

    Why: packing hides it from simple filters.
    Example: ``order.zip`` holding ``order.pdf.exe``.
    Not a hit: an archive of drawings or pictures; source code archives with ``.js`` beside many other files.
    """
    if not facts.mail.attachments:
        return NOT_APPLICABLE
    for a in facts.mail.attachments:
        for inside in a.members[:200]:
            if (_is_program(inside) and not _source_code(a, inside)) or inside.lower().endswith(_DISC):
                return hit(_where(a), values={"file": a.name[:60], "inside": inside[-60:]})
    return MISS


def _source_code(a: Attachment, inside: str) -> bool:
    return len(a.members) > 5 and inside.lower().endswith(
        (".js", ".bat", ".cmd", ".jar", ".url", ".ps1", ".dll", ".com")
    )


@signal(
    "attachments.log-in-page",
    title="Encloses a web page that asks you to log in",
    text="“{file}” is a web page with a form for your password.",
    headline="Encloses a page that asks for your password",
    weight=-85,
    effect=Effect.GATE,
    type="phishing/credential_link",
    source="S2; domain.md §5",
)
def log_in_page(facts: Facts) -> Answer:
    """Hit when an attached web page holds a form or script and speaks of a password.

    Why: an attached log-in page sends the password to a stranger.
    Example: ``Invoice.html`` with "Enter your mailbox password".
    Not a hit: an attached page without form and script, such as a saved report; a PDF form.
    """

    def test(a: Attachment) -> bool:
        return (
            "pdf" not in (a.sniffed or "")
            and (a.has_form or a.has_script)
            and bool(_PASSWORD_BOX.search(a.text[:5000]))
        )

    return _any(facts, test)


@signal(
    "attachments.web-page",
    title="Encloses a web page instead of a document",
    text="“{file}” opens in your browser and can look like any log-in page.",
    weight=-45,
    type="phishing/credential_link",
    source="S2; rule 53",
)
def web_page(facts: Facts) -> Answer:
    """Hit when an attachment is an HTML file, or a picture file that runs script.

    Why: orders do not come as web pages; traps do.
    Example: ``PO 4471.shtml``, ``scan.svg`` with script.
    Not a hit: the letter's own HTML; a technical report or log that is named so; a page inside a text discussion.
    """

    def test(a: Attachment) -> bool:
        name = a.name.lower()
        if a.inline and not name.endswith(_PAGE):
            return False
        if name.endswith(_PAGE):
            return not (_CODE_WORDS.search(name) and not a.has_form)
        return (name.endswith(".svg") or "svg" in a.type) and a.has_script

    return _any(facts, test)


@signal(
    "attachments.disc-image",
    title="Encloses a disc image",
    text="“{file}” opens like a disc and hides what is in it from protection programs.",
    weight=-75,
    type=MALWARE,
    source="domain.md §5",
)
def disc_image(facts: Facts) -> Answer:
    """Hit when an attachment is a disc image.

    Why: nobody orders goods with a disc image; it carries programs past the checks.
    Example: ``quotation.iso``.
    Not a hit: "ISO 9001" in the name of a PDF.
    """

    def test(a: Attachment) -> bool:
        return a.name.lower().endswith(_DISC) or "iso9660" in f"{a.type} {a.sniffed or ''}".lower()

    return _any(facts, test)


@signal(
    "attachments.two-endings",
    title="Encloses a file that hides its real kind",
    text="“{file}” shows a document's ending in front of its real one.",
    weight=-70,
    type=MALWARE,
    source="rule 53",
)
def two_endings(facts: Facts) -> Answer:
    """Hit when a document's ending stands in front of the real one, or signs turn the name round.

    Why: many systems hide the last ending.
    Example: ``order.pdf.exe``, ``PO.xlsx.z``, a name turned by a right-to-left sign.
    Not a hit: ``drawing.v2.pdf``, ``report.tar.gz``.
    """

    def test(a: Attachment) -> bool:
        return bool(_TWICE.search(a.name)) or bool(_TURNED.search(a.name))

    return _any(facts, test)


@signal(
    "attachments.locked-archive",
    title="Encloses an archive that wants a password",
    text="“{file}” is locked, so that no protection program can look into it.",
    weight=-45,
    type=MALWARE,
    source="domain.md §5",
)
def locked_archive(facts: Facts) -> Answer:
    """Hit when an attached archive is encrypted.

    Why: the password in the mail opens it only for you, not for the virus scanner.
    Example: ``order.zip`` and "password 1234".
    Not a hit: an ordinary archive, or a signed or encrypted mail (S/MIME, PGP).
    """
    archives = ("zip", "rar", "7z", "7-zip")

    def test(a: Attachment) -> bool:
        kind = f"{a.type} {a.sniffed or ''} {a.name}".lower()
        return a.encrypted is True and any(k in kind for k in archives)

    return _any(facts, test)


@signal(
    "attachments.locked-document",
    title="Encloses a document that wants a password",
    text="“{file}” is locked, so that no protection program can look into it.",
    weight=-18,
    type=MALWARE,
    source="domain.md §5",
)
def locked_document(facts: Facts) -> Answer:
    """Hit when an attached document other than an archive is encrypted.

    Why: as for a locked archive; but honest firms sometimes lock price lists.
    Example: a locked ``invoice.pdf``.
    Not a hit: S/MIME and PGP parts.
    """

    def test(a: Attachment) -> bool:
        kind = f"{a.type} {a.sniffed or ''} {a.name}".lower()
        return a.encrypted is True and any(
            k in kind for k in ("pdf", "word", "excel", "office", "sheet", ".doc", ".xls")
        )

    return _any(facts, test)


@signal(
    "attachments.macro",
    title="Encloses a document with a built-in program",
    text="“{file}” holds macros that can run when you press “enable”.",
    weight=-40,
    type=MALWARE,
    source="domain.md §5",
)
def macro(facts: Facts) -> Answer:
    """Hit when an office file holds macros, or its ending says so.

    Why: macros fetch programs that steal passwords.
    Example: ``PO.xlsm``.
    Not a hit: an ordinary spreadsheet.
    """
    macro_endings = (".docm", ".xlsm", ".xlsb", ".pptm", ".dotm", ".xltm", ".xlam", ".ppam", ".slk", ".iqy")
    return _any(facts, lambda a: a.has_macro or a.name.lower().endswith(macro_endings))


@signal(
    "attachments.other-kind",
    title="Encloses a file that is not what its name says",
    text="“{file}” calls itself a document, but its first bytes say {kind}.",
    weight=-45,
    type=MALWARE,
    source="domain.md §5",
)
def other_kind(facts: Facts) -> Answer:
    """Hit when a file is named as PDF, picture or office file and its bytes are an archive, web page or other thing.

    Why: the name is chosen so that you open it.
    Example: ``drawing.pdf`` that is a RAR archive.
    Not a hit: office files, which are ZIP or OLE inside; text.
    """
    if not facts.mail.attachments:
        return NOT_APPLICABLE
    for a in facts.mail.attachments:
        kind = (a.sniffed or "").lower()
        name = a.name.lower()
        plain = name.endswith((".pdf", ".jpg", ".jpeg", ".png", ".gif", ".tif", ".tiff"))
        office = name.endswith((".doc", ".xls", ".docx", ".xlsx", ".ppt", ".pptx"))
        packed = any(k in kind for k in ("rar", "7z", "gzip", "iso", "html", "xar", "ace"))
        if (plain and (packed or kind.endswith("zip"))) or (office and packed and "html" not in kind):
            return hit(_where(a), values={"file": a.name[:60], "kind": kind.rsplit("/", 1)[-1]})
    return MISS


@signal(
    "attachments.odd-archive",
    title="Encloses an unusual kind of archive",
    text="“{file}”: offices rarely pack files that way, and weak filters let it pass.",
    weight=-28,
    type=MALWARE,
    source="rule 53",
)
def odd_archive(facts: Facts) -> Answer:
    """Hit when an archive of a kind that offices do not use is attached and its name speaks of an order or payment.

    Why: odd archives slip past weak filters.
    Example: ``Purchase Order.z``, ``payment.r00``.
    Not a hit: ``.zip``, ``.rar``, ``.7z`` with drawings; source code in ``.tar.gz``.
    """

    def test(a: Attachment) -> bool:
        return a.name.lower().endswith(_OLD_ARCHIVE) and bool(_ORDER_NAME.search(a.name))

    return _any(facts, test)


_ORDER_NAME = re.compile(
    r"(?:^|[^a-z])(?:p\.?o|order|invoice|inv|payment|swift|rfq|quot\w*|inquiry|enquiry|proforma|remittance|receipt|bl|"
    r"shipping|documents?|statement|purchase|contract|pedido|factura|fatura|nf-?e|bestellung|rechnung|commande|facture|"
    r"sample|product|specification|list)(?:[^a-z]|$)|订单|发票|報價|报价|合同|заказ|счет",
    re.IGNORECASE,
)


@signal(
    "attachments.packed-order",
    title="Packs an order or invoice into an archive",
    text="“{file}” is an archive; orders usually come as a plain document.",
    weight=-12,
    type=MALWARE,
    source="rule 53",
)
def packed_order(facts: Facts) -> Answer:
    """Hit when an order, invoice or payment slip by name comes in a common archive.

    Why: nobody packs one page.
    Example: ``PO 4471.rar``.
    Not a hit: an archive of drawings, photos or CAD files by name or content.
    """

    def test(a: Attachment) -> bool:
        drawings = any(m.lower().endswith(_DRAWING) for m in a.members)
        return a.name.lower().endswith((".zip", ".rar", ".7z")) and bool(_ORDER_NAME.search(a.name)) and not drawings

    return _any(facts, test)


@signal(
    "attachments.named-after-you",
    title="Encloses a file named after your mail address",
    text="“{file}” was named by a program that knows nothing but your address.",
    weight=-30,
    type="phishing/credential_link",
    source="public phishing reports (APWG)",
)
def named_after_you(facts: Facts) -> Answer:
    """Hit when an attachment's name holds our mail address or domain and the sender is not ours.

    Why: programs name the bait after each victim.
    Example: ``sales@exporter.example.pdf``.
    Not a hit: a file that our own people sent, or that comes back within a thread.
    """
    if not facts.mail.attachments or not facts.firm.domains:
        return NOT_APPLICABLE
    sender = facts.mail.from_
    if facts.mail.in_reply_to or (sender and sender.domain in facts.firm.domains):
        return MISS
    return _any(facts, lambda a: any(d in a.name.lower() for d in facts.firm.domains))


_LOG_IN = linear.Pattern(
    r"(?i)(?:^|[/._?=&#-])(?:log-?[io]n|sign-?[io]n|webmail|owa|verify|verification|re-?validate|auth|sso|password|passwd|"
    r"mailbox)(?:[/._?=&#-]|$)"
)
_DOCUMENT_TYPES = ("pdf", "officedocument", "ms-word", "ms-excel", "ms-powerpoint", "ole-storage", "rtf")


def _documents_links(facts: Facts) -> Iterator[LinkFacts]:
    """Links to somebody else that stand in attached documents; a known firm's own site is nobody's trap."""
    for item in facts.enclosed:
        kind = facts.mail.attachments[item.link.index].sniffed or ""
        web = item.link.kind == "enclosed" and item.link.scheme in ("http", "https")
        if web and any(k in kind for k in _DOCUMENT_TYPES) and not _brand(item) and foreign(facts, item):
            yield item


def _brand(item: LinkFacts) -> bool:
    return item.answer is not None and item.answer.brand is not None


def _leads(facts: Facts, item: LinkFacts, strength: float = 1.0) -> Answer:
    attachment = facts.mail.attachments[item.link.index]
    where = Evidence(f"attachment:{attachment.index}", item.link.href[:200])
    owners = {registrable(f.answer) or f.link.host for f in _documents_links(facts)}
    if len(owners) > OWNERS_MOST:  # a catalogue or a list of addresses
        strength *= 0.35
    return hit(where, values={"file": attachment.name[:60], "host": item.link.host}, strength=strength)


@signal(
    "attachments.leads-to-log-in",
    title="Encloses a document that leads to a log-in page",
    text="A link in “{file}” opens a log-in page at {host}, which is not the sender's.",
    headline="Encloses a document that leads to a log-in page",
    weight=-38,
    type="phishing/credential_link",
    source="public phishing reports (APWG); ISO 32000-1 §12.6.4.7",
)
def leads_to_log_in(facts: Facts) -> Answer:
    """Hit when a link inside a PDF or office file opens a page of somebody else that is named after logging in, or the
    document itself asks for the mailbox password beside such a link.

    Why: filters read the letter, so the trap is put into the document.
    Example: ``PO.pdf`` with a link to ``https://bakery.example/webmail/login``, or one that says "click here to view
    the document with your e-mail password" above a link to ``https://bakery.example/``.
    Not a hit: a data sheet with the maker's site, an invoice with the bank's site, the sender's own customer portal, a
    known firm's own log-in page.
    """
    if not facts.enclosed:
        return NOT_APPLICABLE
    for item in _documents_links(facts):
        if _LOG_IN.search(item.link.host) or _LOG_IN.search(path_of(item)):
            return _leads(facts, item)
        if words := _asks_for_password(facts, f"attachment:{item.link.index}"):
            led = _leads(facts, item, 0.8)
            return replace(led, evidence=(*words, *led.evidence))
    return MISS


def _asks_for_password(facts: Facts, part: str) -> tuple[Evidence, ...]:
    """Words by which a document asks to log in: the password, and whose it is or what to do with it."""
    password, whose = (
        next((e for tag in tags for e in facts.said_attached.get(tag, ()) if e.part == part), None)
        for tags in (("word_password",), ("word_mailbox", "word_verify", "click_here", "document_share"))
    )
    return (password, whose) if password and whose else ()


@signal(
    "attachments.leads-to-odd-place",
    title="Encloses a document that leads to a place traps use",
    text="A link in “{file}” opens {host}, a kind of address that honest documents do not lead to.",
    weight=-32,
    type="phishing/credential_link",
    source="public phishing reports (APWG); ISO 32000-1 §12.6.4.7",
)
def leads_to_odd_place(facts: Facts) -> Answer:
    """Hit when a link inside a PDF or office file opens a bare number, a copied name, free web space, a rented machine
    or a site's inner folders, or carries our address; mild for short addresses and cheap endings.

    Why: what makes a link suspect in a letter does so in a document.
    Example: ``Invoice.pdf`` with a link to ``http://203.0.113.9/``.
    Not a hit: a data sheet with the maker's own site.
    """
    if not facts.enclosed:
        return NOT_APPLICABLE
    mild: LinkFacts | None = None
    for item in _documents_links(facts):
        answer = item.answer
        copied = answer is not None and answer.resembles is not None
        if (
            copied
            or item.carries_recipient
            or bare_number(item)
            or free_space(item)
            or machine(item.link.host)
            or kit(item)
        ):
            return _leads(facts, item)
        if mild is None and answer is not None and (answer.shortener or throw_away(answer)):
            mild = item
    return _leads(facts, mild, 0.4) if mild else MISS


@signal(
    "attachments.fetches",
    title="Encloses a document that fetches a part of itself from elsewhere",
    text="When opened, “{file}” fetches a piece from {host} by itself; programs are brought in that way.",
    headline="Encloses a document that fetches parts from elsewhere",
    weight=-50,
    type=MALWARE,
    source="MITRE ATT&CK T1221 (template injection); ECMA-376 part 2 §9.3",
)
def fetches(facts: Facts) -> Answer:
    """Hit when an office file has its template, a frame or an object at an address outside, not the sender's own.

    Why: the file is clean when scanned; the program comes when it is opened.
    Example: ``PO.docx`` whose template stands at ``http://203.0.113.9/x.dotm``.
    Not a hit: a template on the writer's own disc or the firm's own site, a picture or a link that is pressed.
    """
    if not facts.enclosed:
        return NOT_APPLICABLE
    for item in facts.enclosed:
        outside = item.answer is not None and (item.answer.registrable is not None or item.answer.ip)
        if item.link.kind == "loaded" and outside and not _brand(item) and foreign(facts, item):
            return _leads(facts, item)
    return MISS
