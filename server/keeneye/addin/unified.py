"""The unified manifest (JSON) and its package. Source: Microsoft, the manifest's schema, version 1.21."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import orjson

from keeneye.addin.about import SCALES, Address, locales, sharp, source, version, words

ICONS = Path(__file__).parents[1] / "web/addin/icons"
JSON_SCHEMA = "https://developer.microsoft.com/json-schemas/teams/v1.21/MicrosoftTeams.schema.json"
JSON_VERSION = "1.21"
PERMISSIONS = {"ReadItem": "MailboxItem.Read.User", "ReadWriteItem": "MailboxItem.ReadWrite.User"}
FIXED_DATE = (1980, 1, 1, 0, 0, 0)  # the same address gives the same package


class _Text(str):
    """A text of the unified manifest that the language files translate."""

    words: Mapping[str, str]

    @classmethod
    def of(cls, group: str, key: str) -> _Text:
        every = words(group, key)
        text = cls(every[source()["languages"][0]])
        text.words = every
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
        {"size": size, "scale": scale, "url": address.icon(sharp(size * scale))}
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
    label = _Text.of("short", "group")

    def ribbon(context: str, name: str, controls: list[dict[str, Any]], **more: Any) -> dict[str, Any]:
        group = {"id": name, "label": label, "icons": icons(), "controls": controls}
        return {"contexts": [context], "tabs": [{"builtInTabId": "TabDefault", "groups": [group], **more}]}

    phones = [{"id": "keeneye.phone.group", "label": label, "controls": [phone]}]
    read = ribbon("mailRead", "keeneye.group", controls, customMobileRibbonGroups=phones)
    reply = control("reply", "button", "reply", "reply_tip", actionId="openReplyHelp")
    write = ribbon("mailCompose", "keeneye.reply.group", [reply])
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
                {"languageTag": locale.lower(), "file": _language_file(tag)} for locale, tag in locales().items()
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
