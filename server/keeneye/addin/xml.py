"""The add-in-only manifest (XML). Source: Microsoft, [MS-OWEMXML] (element order, lengths)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from keeneye.addin.about import SCALES, Address, locales, sharp, source, version, words

APP = "http://schemas.microsoft.com/office/appforoffice/1.1"
V1_0 = "http://schemas.microsoft.com/office/mailappversionoverrides"
V1_1 = "http://schemas.microsoft.com/office/mailappversionoverrides/1.1"
BASIC = "http://schemas.microsoft.com/office/officeappbasictypes/1.0"
XSI = "http://www.w3.org/2001/XMLSchema-instance"
TYPE = "xsi:type"


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

        def localised(name: str, text: Mapping[str, str]) -> None:
            element = add(name, DefaultValue=text[self.default])
            for locale, language in locales().items():
                add("Override", parent=element, Locale=locale, Value=text[language])

        add("Id", address.addin_id)
        add("Version", f"{version()}.0")
        add("ProviderName", about["provider"])
        add("DefaultLocale", self.default)
        localised("DisplayName", dict.fromkeys(about["languages"], about["name"]))
        localised("Description", words("about", "full"))
        add("IconUrl", DefaultValue=address.icon(64))
        add("HighResolutionIconUrl", DefaultValue=address.icon(128))
        add("SupportUrl", DefaultValue=address.page(about["pages"]["about"]))
        add("AppDomain", address.url, parent=add("AppDomains"))
        add("Host", parent=add("Hosts"), Name="Mailbox")
        add("Set", parent=add("Sets", parent=add("Requirements")), Name="Mailbox", MinVersion=about["mailbox"])
        desktop = add("DesktopSettings", parent=add("Form", parent=add("FormSettings"), kind="ItemRead"))
        add("SourceLocation", parent=desktop, DefaultValue=address.page(about["pages"]["pane"]))
        add("RequestedHeight", "450", parent=desktop)
        add("Permissions", about["permission"])
        add("Rule", kind="ItemIs", ItemType="Message", FormType="Read")
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

        def control(parent: Element, kind: str, name: str, label: str, tip: str) -> Element:
            """``kind`` is "" for an item of a menu."""
            element = _add(parent, "Control" if kind else "Item", kind=kind, id=name)
            refer(element, "Label", f"Label.{label}")
            supertip = _add(element, "Supertip")
            refer(supertip, "Title", f"Label.{label}")
            refer(supertip, "Description", f"Tip.{tip}")
            icons(element)
            return element

        def runs(parent: Element, function: str) -> None:
            _add(_add(parent, "Action", kind="ExecuteFunction"), "FunctionName", function)

        def opens(parent: Element, pins: bool) -> None:
            action = _add(parent, "Action", kind="ShowTaskpane")
            refer(action, "SourceLocation", "Url.pane")
            if pins:
                _add(action, "SupportsPinning", "true")

        def tab(parent: Element, surface: str, name: str) -> Element:
            point = _add(parent, "ExtensionPoint", kind=surface)
            group = _add(_add(point, "OfficeTab", id="TabDefault"), "Group", id=name)
            refer(group, "Label", "Label.group")
            return group

        def read(parent: Element) -> None:
            group = tab(parent, "MessageReadCommandSurface", "keeneye.group")
            opens(control(group, "Button", "keeneye.pane", "pane", "pane_tip"), newer)
            items = _add(control(group, "Menu", "keeneye.report", "report", "report_tip"), "Items")
            for label, function in (("fake", "reportFake"), ("genuine", "reportGenuine")):
                runs(control(items, "", f"keeneye.{label}", label, f"{label}_tip"), function)

        def compose(parent: Element) -> None:
            group = tab(parent, "MessageComposeCommandSurface", "keeneye.reply.group")
            opens(control(group, "Button", "keeneye.reply", "reply", "reply_tip"), pins=False)

        def report(parent: Element) -> None:
            point = _add(parent, "ExtensionPoint", kind="ReportPhishingCommandSurface")
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
            point = _add(form, "ExtensionPoint", kind="MobileMessageReadCommandSurface")
            group = _add(point, "Group", id="keeneye.phone.group")
            refer(group, "Label", "Label.group")
            button = _add(group, "Control", kind="MobileButton", id="keeneye.phone.pane")
            refer(button, "Label", "Label.pane")
            icon = _add(button, "Icon")
            for size in self.about["icons"]["phone"]:
                for scale in SCALES:
                    resource = f"Icon.{sharp(size * scale)}"
                    resources[resource] = None
                    _add(icon, "bt:Image", resid=resource, size=str(size), scale=str(scale))
            opens(button, pins=False)

        root = _add(parent, "VersionOverrides", kind=kind, xmlns=space)
        sets = _add(_add(root, "Requirements"), "bt:Sets", DefaultMinVersion=self.about["mailbox"] if newer else "1.3")
        _add(sets, "bt:Set", Name="Mailbox")
        host = _add(_add(root, "Hosts"), "Host", kind="MailHost")
        if reports:
            resources |= dict.fromkeys(("Url.commands", "Url.script"))
            runtime = _add(_add(host, "Runtimes"), "Runtime", resid="Url.commands")
            _add(runtime, "Override", type="javascript", resid="Url.script")
        desktop = _add(host, "DesktopFormFactor")
        if reports:
            _add(desktop, "SupportsSharedFolders", "true")
        refer(desktop, "FunctionFile", "Url.commands")
        read(desktop)
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
                text = words(group_name, key)
                string = _add(element, "bt:String", id=f"{kind}{key}", DefaultValue=text[self.default])
                for locale, language in locales().items():
                    _add(string, "bt:Override", Locale=locale, Value=text[language])

        images = group("Images")
        for size in sorted(map(int, of("Icon."))):
            _add(images, "bt:Image", id=f"Icon.{size}", DefaultValue=self.address.icon(size))
        urls = group("Urls")
        for page in of("Url."):
            _add(urls, "bt:Url", id=f"Url.{page}", DefaultValue=self.address.page(self.about["pages"][page]))
        strings("ShortStrings", "Label.", "short")
        strings("LongStrings", "Tip.", "long")


def _add(parent: Element, name: str, text: str | None = None, kind: str = "", **attributes: str) -> Element:
    """A new last child; ``kind`` is its ``xsi:type``."""
    element = ElementTree.SubElement(parent, name, attributes | ({TYPE: kind} if kind else {}))
    element.text = text
    return element


def as_xml(address: Address, *, premises: bool = False) -> bytes:
    """The add-in-only manifest. ``premises`` leaves out what Exchange Server 2016 and 2019 refuse."""
    return _Xml(address, premises).build()
