"""The manifests of the Outlook add-in, both made of ``addin.toml``: add-in only (XML) and unified (JSON).

Sources: Microsoft, [MS-OWEMXML] (element order, lengths) and the unified manifest's schema, version 1.21.
"""

from __future__ import annotations

import io
import tomllib
import uuid
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

import orjson

from keeneye import __version__

SOURCE = Path(__file__).with_name("addin.toml")
ICONS = Path(__file__).with_name("web") / "addin/icons"
JSON_SCHEMA = "https://developer.microsoft.com/json-schemas/teams/v1.21/MicrosoftTeams.schema.json"
JSON_VERSION = "1.21"

APP = "http://schemas.microsoft.com/office/appforoffice/1.1"
V1_0 = "http://schemas.microsoft.com/office/mailappversionoverrides"
V1_1 = "http://schemas.microsoft.com/office/mailappversionoverrides/1.1"
BASIC = "http://schemas.microsoft.com/office/officeappbasictypes/1.0"
XSI = "http://www.w3.org/2001/XMLSchema-instance"
TYPE = "xsi:type"
PERMISSIONS = {"ReadItem": "MailboxItem.Read.User", "ReadWriteItem": "MailboxItem.ReadWrite.User"}
SCALES = (1, 2, 3)  # of a phone's screen
FIXED_DATE = (1980, 1, 1, 0, 0, 0)  # the same address gives the same package


class AddressError(ValueError):
    """An address that Office would refuse. The text says what is wrong with it."""


@dataclass(frozen=True, slots=True)
class Address:
    """Where the server is reached: ``https://host[:port][/path]`` without a trailing slash."""

    url: str

    @classmethod
    def parse(cls, text: str) -> Address:
        """Raises AddressError."""
        text = text.strip()
        try:
            parts = urlsplit(text)
            host, port = parts.hostname or "", parts.port
        except ValueError:
            raise AddressError(f"{text} is not an address") from None
        if parts.scheme != "https":
            raise AddressError("Office takes only addresses that begin with https://")
        if not host or not all(sign.isascii() and (sign.isalnum() or sign in ".-") for sign in host):
            raise AddressError(f"{text} names no host; write other alphabets as xn--…")
        if parts.username is not None or parts.query or parts.fragment:
            raise AddressError("only host, port and path may stand in the address")
        path = parts.path.rstrip("/")
        if path:
            # The pages call the API at the root of their own origin.
            raise AddressError("the server must be reached at the root of a host of its own, without a path")
        return cls(f"https://{host}" + (f":{port}" if port not in (None, 443) else ""))

    @property
    def host(self) -> str:
        """Host, with the port if there is one."""
        return self.url.removeprefix("https://")

    @property
    def addin_id(self) -> str:
        """The add-in's id: the same for the same address, so that a new manifest is an update."""
        return str(uuid.uuid5(uuid.NAMESPACE_URL, f"{self.url}/addin/"))

    def page(self, name: str) -> str:
        """The address of one of the add-in's parts."""
        return f"{self.url}/addin/{name}"

    def icon(self, pixels: int) -> str:
        """The address of an icon."""
        return self.page(f"icons/{pixels}.png")


@lru_cache(maxsize=1)
def source() -> Mapping[str, Any]:
    """``addin.toml``."""
    return tomllib.loads(SOURCE.read_text("utf-8"))


def version() -> str:
    """The add-in's version is the server's: three numbers."""
    return ".".join(__version__.split(".")[:3])


def _sharp(pixels: int) -> int:
    """The smallest icon that fills so many pixels of a phone's screen."""
    sizes: list[int] = sorted({size for group in source()["icons"].values() for size in group})
    return next((size for size in sizes if size >= pixels), sizes[-1])


def _locales() -> dict[str, str]:
    """Every locale but the default one, with the language whose words it reads."""
    _, *others = source()["languages"]
    return {locale: language for language in others for locale in (language, *source()["regions"][language])}


def _words(group: str, key: str) -> dict[str, str]:
    words: dict[str, str] = source()["strings"][group][key]
    return words


# --------------------------------------------------------------------------- XML


class _Xml:
    """The add-in-only manifest. ``premises``: for an Exchange server, whose check knows no newer extension point."""

    def __init__(self, address: Address, premises: bool) -> None:
        self.address = address
        self.premises = premises
        self.about = source()
        self.default = self.about["languages"][0]

    def build(self) -> bytes:
        # Prefixes are written as they stand: ElementTree would invent one for each of the inner default namespaces.
        root = Element("OfficeApp", {"xmlns": APP, "xmlns:xsi": XSI, "xmlns:bt": BASIC, TYPE: "MailApp"})
        self._base(root)
        outer = self._overrides(root, V1_0, "VersionOverridesV1_0")
        self._overrides(outer, V1_1, "VersionOverridesV1_1")
        ElementTree.indent(root)
        text: bytes = ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)
        return text + b"\n"

    def _base(self, root: Element) -> None:
        about, address = self.about, self.address

        def add(name: str, text: str | None = None, parent: Element = root, **attributes: str) -> Element:
            return _add(parent, name, text, **attributes)

        def localised(name: str, words: Mapping[str, str]) -> None:
            element = add(name, DefaultValue=words[self.default])
            for locale, language in _locales().items():
                add("Override", parent=element, Locale=locale, Value=words[language])

        add("Id", address.addin_id)
        add("Version", f"{version()}.0")
        add("ProviderName", about["provider"])
        add("DefaultLocale", self.default)
        localised("DisplayName", dict.fromkeys(about["languages"], about["name"]))
        localised("Description", _words("about", "full"))
        add("IconUrl", DefaultValue=address.icon(64))
        add("HighResolutionIconUrl", DefaultValue=address.icon(128))
        add("SupportUrl", DefaultValue=address.page(about["pages"]["about"]))
        add("AppDomain", address.url, parent=add("AppDomains"))
        add("Host", parent=add("Hosts"), Name="Mailbox")
        add("Set", parent=add("Sets", parent=add("Requirements")), Name="Mailbox", MinVersion=about["mailbox"])
        form = add("Form", parent=add("FormSettings"))
        form.set(TYPE, "ItemRead")
        desktop = add("DesktopSettings", parent=form)
        add("SourceLocation", parent=desktop, DefaultValue=address.page(about["pages"]["pane"]))
        add("RequestedHeight", "450", parent=desktop)
        add("Permissions", about["permission"])
        rule = add("Rule", ItemType="Message", FormType="Read")
        rule.set(TYPE, "ItemIs")
        add("DisableEntityHighlighting", "true")

    def _overrides(self, parent: Element, space: str, kind: str) -> Element:
        """One version of the commands; the newer one stands inside the older one."""
        newer = space == V1_1
        reports = newer and not self.premises
        resources: dict[str, None] = {}

        def refer(parent: Element, name: str, resource: str) -> None:
            resources[resource] = None
            _add(parent, name, resid=resource)

        def icons(parent: Element) -> None:
            icon = _add(parent, "Icon")
            for size in self.about["icons"]["button"]:
                resources[f"Icon.{size}"] = None
                _add(icon, "bt:Image", size=str(size), resid=f"Icon.{size}")

        def control(parent: Element, kind: str, name: str, label: str, tip: str, tag: str = "Control") -> Any:
            element = _add(parent, tag, id=name)
            if tag == "Control":
                element.set(TYPE, kind)
            refer(element, "Label", f"Label.{label}")
            supertip = _add(element, "Supertip")
            refer(supertip, "Title", f"Label.{label}")
            refer(supertip, "Description", f"Tip.{tip}")
            icons(element)
            return element

        def runs(parent: Element, function: str) -> None:
            action = _add(parent, "Action")
            action.set(TYPE, "ExecuteFunction")
            _add(action, "FunctionName", function)

        def opens(parent: Element, pins: bool) -> None:
            action = _add(parent, "Action")
            action.set(TYPE, "ShowTaskpane")
            refer(action, "SourceLocation", "Url.pane")
            if pins:
                _add(action, "SupportsPinning", "true")

        def ribbon(parent: Element) -> None:
            point = _add(parent, "ExtensionPoint")
            point.set(TYPE, "MessageReadCommandSurface")
            group = _add(_add(point, "OfficeTab", id="TabDefault"), "Group", id="keeneye.group")
            refer(group, "Label", "Label.group")
            opens(control(group, "Button", "keeneye.pane", "pane", "pane_tip"), newer)
            items = _add(control(group, "Menu", "keeneye.report", "report", "report_tip"), "Items")
            for label, function in (("fake", "reportFake"), ("genuine", "reportGenuine")):
                runs(control(items, "", f"keeneye.{label}", label, f"{label}_tip", "Item"), function)

        def compose(parent: Element) -> None:
            point = _add(parent, "ExtensionPoint")
            point.set(TYPE, "MessageComposeCommandSurface")
            group = _add(_add(point, "OfficeTab", id="TabDefault"), "Group", id="keeneye.reply.group")
            refer(group, "Label", "Label.group")
            opens(control(group, "Button", "keeneye.reply", "reply", "reply_tip"), pins=False)

        def report(parent: Element) -> None:
            point = _add(parent, "ExtensionPoint")
            point.set(TYPE, "ReportPhishingCommandSurface")
            custom = _add(point, "ReportPhishingCustomization")
            button = control(custom, "Button", "keeneye.spam", "report_message", "report_text")
            runs(button, self.about["report"]["function"])
            dialog = _add(custom, "PreProcessingDialog")
            refer(dialog, "Title", "Label.report_message")
            refer(dialog, "Description", "Tip.report_text")
            options = _add(dialog, "ReportingOptions")
            refer(options, "Title", "Label.options")
            for option in self.about["report"]["options"]:
                refer(options, "Option", f"Label.{option}")
            refer(dialog, "FreeTextLabel", "Label.note")
            more = _add(dialog, "MoreInfo")
            refer(more, "MoreInfoText", "Label.more")
            refer(more, "MoreInfoUrl", "Url.about")
            refer(custom, "SourceLocation", "Url.commands")

        def phone(parent: Element) -> None:
            form = _add(parent, "MobileFormFactor")
            refer(form, "FunctionFile", "Url.commands")
            point = _add(form, "ExtensionPoint")
            point.set(TYPE, "MobileMessageReadCommandSurface")
            group = _add(point, "Group", id="keeneye.phone.group")
            refer(group, "Label", "Label.group")
            button = _add(group, "Control", id="keeneye.phone.pane")
            button.set(TYPE, "MobileButton")
            refer(button, "Label", "Label.pane")
            icon = _add(button, "Icon")
            for size in self.about["icons"]["phone"]:
                for scale in SCALES:
                    resource = f"Icon.{_sharp(size * scale)}"
                    resources[resource] = None
                    _add(icon, "bt:Image", resid=resource, size=str(size), scale=str(scale))
            opens(button, pins=False)

        root = _add(parent, "VersionOverrides", xmlns=space)
        root.set(TYPE, kind)
        sets = _add(_add(root, "Requirements"), "bt:Sets", DefaultMinVersion=self.about["mailbox"] if newer else "1.3")
        _add(sets, "bt:Set", Name="Mailbox")
        host = _add(_add(root, "Hosts"), "Host")
        host.set(TYPE, "MailHost")
        if reports:
            resources |= dict.fromkeys(("Url.commands", "Url.script"))
            runtime = _add(_add(host, "Runtimes"), "Runtime", resid="Url.commands")
            _add(runtime, "Override", type="javascript", resid="Url.script")
        desktop = _add(host, "DesktopFormFactor")
        if reports:
            _add(desktop, "SupportsSharedFolders", "true")
        refer(desktop, "FunctionFile", "Url.commands")
        ribbon(desktop)
        compose(desktop)
        if reports:
            report(desktop)
        if newer:
            phone(host)
        self._resources(_add(root, "Resources"), resources)
        return root

    def _resources(self, parent: Element, wanted: Mapping[str, None]) -> None:
        def group(name: str) -> Element:
            return _add(parent, f"bt:{name}")

        def of(kind: str) -> Iterator[str]:
            return (name.removeprefix(kind) for name in wanted if name.startswith(kind))

        def strings(name: str, kind: str, group_name: str) -> None:
            element = group(name)
            for key in of(kind):
                words = _words(group_name, key)
                string = _add(element, "bt:String", id=f"{kind}{key}", DefaultValue=words[self.default])
                for locale, language in _locales().items():
                    _add(string, "bt:Override", Locale=locale, Value=words[language])

        images = group("Images")
        for size in sorted(map(int, of("Icon."))):
            _add(images, "bt:Image", id=f"Icon.{size}", DefaultValue=self.address.icon(size))
        urls = group("Urls")
        for page in of("Url."):
            _add(urls, "bt:Url", id=f"Url.{page}", DefaultValue=self.address.page(self.about["pages"][page]))
        strings("ShortStrings", "Label.", "short")
        strings("LongStrings", "Tip.", "long")


def _add(parent: Element, name: str, text: str | None = None, **attributes: str) -> Element:
    element = ElementTree.SubElement(parent, name, attributes)
    element.text = text
    return element


def as_xml(address: Address, *, premises: bool = False) -> bytes:
    """The add-in-only manifest. ``premises`` leaves out what Exchange Server 2016 and 2019 refuse."""
    return _Xml(address, premises).build()


# --------------------------------------------------------------------------- JSON


class _Text(str):
    """A text of the unified manifest that the language files translate."""

    words: Mapping[str, str]

    @classmethod
    def of(cls, group: str, key: str) -> _Text:
        words = _words(group, key)
        text = cls(words[source()["languages"][0]])
        text.words = words
        return text


def _unified(address: Address) -> dict[str, Any]:
    about = source()
    pages, report = about["pages"], about["report"]

    def icons() -> list[dict[str, Any]]:
        return [{"size": size, "url": address.icon(size)} for size in about["icons"]["button"]]

    def control(name: str, kind: str, label: str, tip: str, **more: Any) -> dict[str, Any]:
        text = _Text.of("short", label)
        tips = {"title": text, "description": _Text.of("long", tip)}
        return {"id": f"keeneye.{name}", "type": kind, "label": text, "icons": icons(), "supertip": tips, **more}

    menu = [
        control("fake", "menuItem", "fake", "fake_tip", actionId="reportFake"),
        control("genuine", "menuItem", "genuine", "genuine_tip", actionId="reportGenuine"),
    ]
    controls = [
        control("pane", "button", "pane", "pane_tip", actionId="openPane"),
        control("report", "menu", "report", "report_tip", items=menu),
    ]
    phone_icons = [
        {"size": size, "scale": scale, "url": address.icon(_sharp(size * scale))}
        for size in about["icons"]["phone"]
        for scale in SCALES
    ]
    phone = {
        "id": "keeneye.phone.pane",
        "type": "mobileButton",
        "label": _Text.of("short", "pane"),
        "icons": phone_icons,
        "actionId": "openPane",
    }
    group = _Text.of("short", "group")
    read = {
        "contexts": ["mailRead"],
        "tabs": [
            {
                "builtInTabId": "TabDefault",
                "groups": [{"id": "keeneye.group", "label": group, "icons": icons(), "controls": controls}],
                "customMobileRibbonGroups": [{"id": "keeneye.phone.group", "label": group, "controls": [phone]}],
            }
        ],
    }
    reply = control("reply", "button", "reply", "reply_tip", actionId="openReplyHelp")
    write = {
        "contexts": ["mailCompose"],
        "tabs": [
            {
                "builtInTabId": "TabDefault",
                "groups": [{"id": "keeneye.reply.group", "label": group, "icons": icons(), "controls": [reply]}],
            }
        ],
    }
    spam = {
        "requirements": _capability(report["mailbox"]),
        "contexts": ["spamReportingOverride"],
        "tabs": [],  # demanded by the schema
        "fixedControls": [
            control("spam", "button", "report_message", "report_text", actionId=report["function"], enabled=False)
        ],
        "spamPreProcessingDialog": {
            "title": _Text.of("short", "report_message"),
            "description": _Text.of("long", "report_text"),
            "spamReportingOptions": {
                "title": _Text.of("short", "options"),
                "options": [_Text.of("short", option) for option in report["options"]],
            },
            "spamFreeTextSectionTitle": _Text.of("short", "note"),
            "spamMoreInfo": {"text": _Text.of("short", "more"), "url": address.page(pages["about"])},
        },
    }
    runtimes = [
        {
            "id": "keeneye.pane",
            "type": "general",
            "code": {"page": address.page(pages["pane"])},
            "lifetime": "short",
            "actions": [
                {"id": "openPane", "type": "openPage", "view": "pane", "pinnable": True},
                {"id": "openReplyHelp", "type": "openPage", "view": "reply"},
            ],
        },
        {
            "id": "keeneye.commands",
            "type": "general",
            "code": {"page": address.page(pages["commands"])},
            "lifetime": "short",
            "actions": [{"id": name, "type": "executeFunction"} for name in ("reportFake", "reportGenuine")],
        },
        {
            "requirements": _capability(report["mailbox"]),
            "id": "keeneye.spam",
            "type": "general",
            "code": {"page": address.page(pages["commands"]), "script": address.page(pages["script"])},
            "lifetime": "short",
            "actions": [{"id": report["function"], "type": "executeFunction"}],
        },
    ]
    permissions = [
        {"name": name, "type": "Delegated"} for name in (PERMISSIONS[about["permission"]], "Mailbox.SharedFolder")
    ]
    page = address.page(pages["about"])
    return {
        "$schema": JSON_SCHEMA,
        "manifestVersion": JSON_VERSION,
        "id": address.addin_id,
        "version": version(),
        "developer": {
            "name": about["provider"], "websiteUrl": page,
            "privacyUrl": f"{page}#privacy", "termsOfUseUrl": f"{page}#terms",
        },
        "localizationInfo": {
            "defaultLanguageTag": about["languages"][0].lower(),
            "additionalLanguages": [
                {"languageTag": locale.lower(), "file": _language_file(tag)} for locale, tag in _locales().items()
            ],
        },
        "name": {"short": about["name"], "full": about["name"]},
        "description": {"short": _Text.of("about", "brief"), "full": _Text.of("about", "full")},
        "icons": {"color": "color.png", "outline": "outline.png"},
        "accentColor": about["accent"],
        "validDomains": [address.host],
        "authorization": {"permissions": {"resourceSpecific": permissions}},
        "extensions": [
            {
                "requirements": {"scopes": ["mail"], **_capability(about["mailbox"])},
                "runtimes": runtimes,
                "ribbons": [read, write, spam],
            }
        ],
    }  # fmt: skip


def _capability(minimum: str) -> dict[str, Any]:
    return {"capabilities": [{"name": "Mailbox", "minVersion": minimum}]}


def _language_file(tag: str) -> str:
    return f"{tag.lower()}.json"


def _texts(value: Any, path: str = "") -> Iterator[tuple[str, _Text]]:
    """Every text with its place, written as the language files do (``extensions[0].ribbons[1]…``)."""
    if isinstance(value, _Text):
        yield path, value
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield from _texts(inner, f"{path}.{key}" if path else key)
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from _texts(inner, f"{path}[{index}]")


def as_json(address: Address) -> bytes:
    """The unified manifest in the default language."""
    return _dump(_plain(_unified(address)))


def as_package(address: Address) -> bytes:
    """What is uploaded for the unified manifest: a zip of manifest, languages and icons."""
    made = _unified(address)
    files = {"manifest.json": _dump(_plain(made))}
    schema = JSON_SCHEMA.replace(".schema", ".Localization.schema")
    for tag in source()["languages"][1:]:
        names = {"name.short": source()["name"], "name.full": source()["name"]}
        words = {path: text.words[tag] for path, text in _texts(made)}
        files[_language_file(tag)] = _dump({"$schema": schema, **names, **words})
    for name in ("color.png", "outline.png"):
        files[name] = (ICONS / name).read_bytes()
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, body in files.items():
            archive.writestr(zipfile.ZipInfo(name, FIXED_DATE), body, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_plain(inner) for inner in value]
    return str(value) if isinstance(value, _Text) else value


def _dump(value: Any) -> bytes:
    return orjson.dumps(value, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)
