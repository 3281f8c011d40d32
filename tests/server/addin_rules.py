"""The rules of the add-in-only manifest: element order, ids, icons, references, addresses, lengths and languages.

Element order and lengths are those of Microsoft's [MS-OWEMXML], sections 5.2 (base), 5.4 (VersionOverrides 1.0),
5.5 (1.1) and 5.6 (basic types); what the reference of an element adds is said beside the rule.
"""

from __future__ import annotations

import re
import struct
import uuid
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from keeneye.addin import APP, BASIC, ICONS, V1_0, V1_1, XSI

TYPE = f"{{{XSI}}}type"

# Children in their order: ? once at most, + once at least, * any number. A colon stands before xsi:type.
BASE = {
    "OfficeApp:MailApp": "Id AlternateId? Version ProviderName DefaultLocale DisplayName Description IconUrl? "
    "HighResolutionIconUrl? SupportUrl? AppDomains? Hosts Requirements FormSettings Permissions? Rule "
    "DisableEntityHighlighting? VersionOverrides?",
    "DisplayName": "Override*",
    "Description": "Override*",
    "IconUrl": "Override*",
    "HighResolutionIconUrl": "Override*",
    "SupportUrl": "Override*",
    "SourceLocation": "Override*",
    "AppDomains": "AppDomain*",
    "Hosts": "Host+",
    "Requirements": "Sets? Methods?",
    "Sets": "Set+",
    "FormSettings": "Form+",
    "Form:ItemRead": "DesktopSettings TabletSettings? PhoneSettings?",
    "DesktopSettings": "SourceLocation RequestedHeight?",
    "Rule:ItemIs": "",
    "Host": "",
    "Set": "",
    "Override": "",
    "Id": "",
    "Version": "",
    "ProviderName": "",
    "DefaultLocale": "",
    "AppDomain": "",
    "Permissions": "",
    "DisableEntityHighlighting": "",
    "RequestedHeight": "",
}
COMMANDS = {
    "VersionOverrides:VersionOverridesV1_0": "Description? Requirements? Hosts Resources? VersionOverrides?",
    "Requirements": "Sets",
    "Hosts": "Host+",
    "Host:MailHost": "DesktopFormFactor?",
    "DesktopFormFactor": "FunctionFile? ExtensionPoint+",
    "ExtensionPoint:MessageReadCommandSurface": "OfficeTab* CustomTab?",
    "ExtensionPoint:MessageComposeCommandSurface": "OfficeTab* CustomTab?",
    "OfficeTab": "Group+",
    "Group": "Label Control+",
    "Control:Button": "Label Supertip Icon Action",
    "Control:Menu": "Label Supertip Icon? Items",
    "Items": "Item+",
    "Item": "Label Supertip Icon? Action",
    "Supertip": "Title Description",
    "Icon": "Image+",
    "Action:ShowTaskpane": "SourceLocation",
    "Action:ExecuteFunction": "FunctionName",
    "Resources": "Images? Urls? ShortStrings? LongStrings?",
    "Label": "",
    "Title": "",
    "Description": "",
    "SourceLocation": "",
    "FunctionFile": "",
    "FunctionName": "",
}
NEWER = COMMANDS | {
    "VersionOverrides:VersionOverridesV1_1": "Description? Requirements? Hosts Resources?",
    "Host:MailHost": "Runtimes? DesktopFormFactor? MobileFormFactor?",
    "Runtimes": "Runtime+",
    "Runtime": "Override?",
    "Override": "",
    "DesktopFormFactor": "SupportsSharedFolders? FunctionFile? ExtensionPoint+",
    "MobileFormFactor": "FunctionFile? ExtensionPoint+",
    "SupportsSharedFolders": "",
    "Action:ShowTaskpane": "SourceLocation SupportsPinning? SupportsNoItemContext? SupportsMultiSelect?",
    "SupportsPinning": "",
    "ExtensionPoint:ReportPhishingCommandSurface": "ReportPhishingCustomization",
    "ReportPhishingCustomization": "Control PreProcessingDialog SourceLocation",
    "PreProcessingDialog": "Title Description NeverShowAgainOption? ReportingOptions? FreeTextLabel? MoreInfo?",
    "ReportingOptions": "Title Option+",
    "MoreInfo": "MoreInfoText MoreInfoUrl",
    "Option": "",
    "FreeTextLabel": "",
    "MoreInfoText": "",
    "MoreInfoUrl": "",
    "ExtensionPoint:MobileMessageReadCommandSurface": "Group",
    "Control:MobileButton": "Label Icon Action",
}
TYPES = {
    "Sets": "Set+", "Set": "", "Image": "Override*", "Url": "Override*", "String": "Override*", "Override": "",
    "Images": "Image+", "Urls": "Url+", "ShortStrings": "String+", "LongStrings": "String+",
}  # fmt: skip
SPACES = {APP: BASE, V1_0: COMMANDS, V1_1: NEWER, BASIC: TYPES}

BUTTON_SIZES = {16, 20, 24, 32, 40, 48, 64, 80}
BUTTON_NEEDED = {16, 32, 80}  # reference of the Icon element
PHONE_IMAGES = {(size, scale) for size in (25, 32, 48) for scale in (1, 2, 3)}
LONGEST = {"ShortStrings": 125, "LongStrings": 250, "Urls": 2048, "Images": 2048}
KINDS = {
    "Label": "ShortStrings", "Title": "ShortStrings", "Option": "ShortStrings", "FreeTextLabel": "ShortStrings",
    "MoreInfoText": "ShortStrings", "Description": "LongStrings", "SourceLocation": "Urls", "FunctionFile": "Urls",
    "Runtime": "Urls", "Override": "Urls", "MoreInfoUrl": "Urls", "Image": "Images",
}  # fmt: skip
SETS = [f"1.{minor}" for minor in range(1, 16)]
Rule = Callable[[Element], Iterator[str]]


def name(element: Element) -> str:
    return element.tag.rpartition("}")[2]


def space(element: Element) -> str:
    return element.tag[1:].partition("}")[0]


def order(root: Element) -> Iterator[str]:
    """Every element is known where it stands, and its children come in the schema's order."""
    for element in root.iter():
        known = SPACES.get(space(element), {})
        key = name(element) + (f":{element.get(TYPE)}" if element.get(TYPE) else "")
        if key not in known:
            yield f"{key} is not an element of {space(element)}"
            continue
        pattern = "".join(rf"(?:{p.rstrip('?+*')} ){p[-1] if p[-1] in '?+*' else ''}" for p in known[key].split())
        children = "".join(f"{name(child)} " for child in element)
        if not re.fullmatch(pattern, children):
            yield f"{key} holds {children.split()}, wanted {known[key]}"


def version_overrides(root: Element) -> Iterator[str]:
    """Version 1.1 stands inside 1.0, each in its own namespace."""
    found = [(space(e), e.get(TYPE)) for e in root.iter() if name(e) == "VersionOverrides"]
    if found != [(V1_0, "VersionOverridesV1_0"), (V1_1, "VersionOverridesV1_1")]:
        yield str(found)


def identity(root: Element) -> Iterator[str]:
    """Id is a UUID; the version has two to four numbers."""
    text = root.findtext(f"{{{APP}}}Id") or ""
    try:
        if str(uuid.UUID(text)) != text.lower():
            yield f"Id {text}"
    except ValueError:
        yield f"Id {text}"
    if not re.fullmatch(r"\d{1,5}(\.\d{1,5}){1,3}", root.findtext(f"{{{APP}}}Version") or ""):
        yield "Version"


def ids(root: Element) -> Iterator[str]:
    """Ids of controls, groups and resources are unique in their version; a resource's has 32 characters."""
    for overrides in versions(root):
        elements = [e for e in own(overrides) if name(e) in ("Control", "Item", "Group")]
        for value, count in Counter(e.get("id") for e in elements).items():
            if count > 1 or not value:
                yield f"{value} is used {count} times"
        made = resources(overrides)
        for value, count in Counter(e.get("id", "") for group in made.values() for e in group).items():
            if count > 1:
                yield f"resource {value} is made {count} times"
            if not 0 < len(value) <= 32:
                yield f"resource {value} has {len(value)} characters"


def references(root: Element) -> Iterator[str]:
    """Each resid names a resource of the right kind in the same version, and no resource is left over."""
    for overrides in versions(root):
        made = {kind: {e.get("id") for e in group} for kind, group in resources(overrides).items()}
        used: set[str] = set()
        for element in own(overrides):
            resource = element.get("resid")
            if resource is None:
                continue
            used.add(resource)
            if len(resource) > 32 or resource not in made.get(KINDS[name(element)], set()):
                yield f"{name(element)} {resource} is none of {KINDS[name(element)]}"
        yield from (f"{resource} is not used" for group in made.values() for resource in group - used)


def icons(root: Element) -> Iterator[str]:
    """Buttons have 16, 32 and 80 pixels; phones 25, 32 and 48, each for three scales; the lists 64 and 128."""
    for overrides in versions(root):
        for control in own(overrides):
            icon = next((child for child in control if name(child) == "Icon"), None)
            if icon is None:
                continue
            images = [(int(i.get("size", 0)), int(i.get("scale", 0))) for i in icon]
            if control.get(TYPE) == "MobileButton":
                if sorted(images) != sorted(PHONE_IMAGES):
                    yield f"{control.get('id')}: {images}"
            elif not BUTTON_NEEDED <= {size for size, _ in images} <= BUTTON_SIZES or any(scale for _, scale in images):
                yield f"{control.get('id')}: {images}"
    for tag, pixels in (("IconUrl", 64), ("HighResolutionIconUrl", 128)):
        if measured(value_of(root, tag)) != pixels:
            yield f"{tag} has not {pixels} pixels"


def pictures(root: Element) -> Iterator[str]:
    """A button's icon is the picture of that size; a phone's has at least the pixels of its size."""
    for overrides in versions(root):
        where = {e.get("id"): e.get("DefaultValue", "") for e in resources(overrides).get("Images", [])}
        for image in own(overrides):
            if name(image) != "Image" or image.get("resid") is None:
                continue
            pixels, size = measured(where.get(image.get("resid"), "")), int(image.get("size", 0))
            if pixels is None or pixels < size or (image.get("scale") is None and pixels != size):
                yield f"{image.get('resid')} for {size} pixels is {pixels}"


def https(root: Element) -> Iterator[str]:
    """All addresses are https and of one host: what is not would be blocked as mixed content or foreign."""
    hosts = set()
    for element in root.iter():
        values = [element.get("DefaultValue", ""), element.get("Value", ""), element.text or ""]
        for value in values:
            if "://" in value:
                hosts.add(urlsplit(value).netloc)
                if not value.startswith("https://"):
                    yield value
    if len(hosts) != 1:
        yield f"hosts {sorted(hosts)}"


def requirement_sets(root: Element) -> Iterator[str]:
    """Mailbox sets that exist; 1.0 commands need 1.3, 1.1 commands 1.5 (reference of VersionOverrides)."""
    asked = root.find(f"{{{APP}}}Requirements/{{{APP}}}Sets/{{{APP}}}Set")
    if asked is None or asked.get("Name") != "Mailbox" or asked.get("MinVersion") not in SETS:
        yield "the base asks for no Mailbox set"
    for overrides, least in zip(versions(root), ("1.3", "1.5"), strict=False):
        sets = overrides.find(f"{{{space(overrides)}}}Requirements/{{{BASIC}}}Sets")
        minimum = sets.get("DefaultMinVersion", "") if sets is not None else ""
        if (
            minimum not in SETS
            or SETS.index(minimum) < SETS.index(least)
            or sets is None
            or sets[0].get("Name") != "Mailbox"
        ):
            yield f"{overrides.get(TYPE)} asks for {minimum}"


def lengths(root: Element) -> Iterator[str]:
    """Short texts 125, long ones 250 characters, addresses 2048, with their translations."""
    texts = [(125, root.findtext(f"{{{APP}}}ProviderName") or "")]
    for tag, most in (("DisplayName", 125), ("Description", 250)):
        element = root.find(f"{{{APP}}}{tag}")
        texts += [(most, text) for text in said(element)] if element is not None else []
    for overrides in versions(root):
        for kind, group in resources(overrides).items():
            texts += [(LONGEST[kind], text) for element in group for text in said(element)]
    for most, text in texts:
        if not 0 < len(text) <= most:
            yield f"{len(text)} of {most} characters: {text[:40]}"


def languages(root: Element) -> Iterator[str]:
    """Every text is there in the same further languages, each once, and never again in the default one."""
    default = root.findtext(f"{{{APP}}}DefaultLocale") or ""
    texts = [e for e in root.iter() if name(e) in ("DisplayName", "String") or e.tag == f"{{{APP}}}Description"]
    wanted = {default} | {o.get("Locale", "") for e in texts for o in e}
    if len(wanted) < 3 or not all(re.fullmatch(r"[a-z]{2}-[A-Z]{2}", tag) for tag in wanted):
        yield f"languages {sorted(wanted)}"
    for element in texts:
        found = [o.get("Locale", "") for o in element]
        if sorted([default, *found]) != sorted(wanted):
            yield f"{element.get('id') or name(element)} is there in {[default, *found]}"


def values(root: Element) -> Iterator[str]:
    """Words that the schema lists."""
    if root.findtext(f"{{{APP}}}Permissions") not in ("Restricted", "ReadItem", "ReadWriteItem", "ReadWriteMailbox"):
        yield "Permissions"
    for element in root.iter():
        switch = name(element) in ("DisableEntityHighlighting", "SupportsPinning", "SupportsSharedFolders")
        if switch and element.text not in ("true", "false"):
            yield f"{name(element)} {element.text}"
        if name(element) == "RequestedHeight" and not 32 <= int(element.text or 0) <= 450:
            yield f"RequestedHeight {element.text}"
        if name(element) == "ReportingOptions" and len(element) > 6:
            yield "more than five reporting options"


def runtimes(root: Element) -> Iterator[str]:
    """The report's source is a runtime's page with a script beside it (reference of ReportPhishingCustomization)."""
    for overrides in versions(root):
        pages = {
            e.get("resid")
            for e in own(overrides)
            if name(e) == "Runtime" and any(o.get("type") == "javascript" for o in e)
        }
        for custom in own(overrides):
            if name(custom) == "ReportPhishingCustomization":
                source = custom.find(f"{{{V1_1}}}SourceLocation")
                if source is None or source.get("resid") not in pages:
                    yield "the report's source is no runtime's page"


RULES: dict[str, Rule] = {
    rule.__name__: rule
    for rule in (
        order, version_overrides, identity, ids, references, icons, pictures, https, requirement_sets, lengths,
        languages, values, runtimes,
    )
}  # fmt: skip


def problems(manifest: bytes) -> list[tuple[str, str]]:
    """(rule, what is wrong) of everything that breaks a rule."""
    root = ElementTree.fromstring(manifest)
    return [(title, text) for title, rule in RULES.items() for text in rule(root)]


# --------------------------------------------------------------------------- ways through the manifest


def versions(root: Element) -> list[Element]:
    return [e for e in root.iter() if name(e) == "VersionOverrides"]


def own(overrides: Element) -> Iterator[Element]:
    """Elements of this version, without those of the version inside it."""
    for child in overrides:
        if name(child) != "VersionOverrides":
            yield from child.iter()


def resources(overrides: Element) -> dict[str, list[Element]]:
    found = overrides.find(f"{{{space(overrides)}}}Resources")
    return {} if found is None else {name(group): list(group) for group in found}


def said(element: Element) -> list[str]:
    return [element.get("DefaultValue", ""), *(o.get("Value", "") for o in element)]


def value_of(root: Element, tag: str) -> str:
    element = root.find(f"{{{APP}}}{tag}")
    return "" if element is None else element.get("DefaultValue", "")


def measured(address: str) -> int | None:
    """Width in pixels of the icon that the server has at an address; None when there is none or it is not square."""
    file = ICONS / Path(urlsplit(address).path).name
    if not urlsplit(address).path.startswith("/addin/icons/") or not file.is_file():
        return None
    width, height = struct.unpack(">II", file.read_bytes()[16:24])
    return int(width) if width == height else None
