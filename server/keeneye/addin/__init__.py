"""The manifests of the Outlook add-in, both made of ``addin.toml``: add-in only (XML) and unified (JSON)."""

from keeneye.addin.about import Address, AddressError, version
from keeneye.addin.unified import ICONS, JSON_VERSION, as_json, as_package
from keeneye.addin.xml import APP, BASIC, V1_0, V1_1, XSI, as_xml

__all__ = [
    "APP", "BASIC", "ICONS", "JSON_VERSION", "V1_0", "V1_1", "XSI",
    "Address", "AddressError", "as_json", "as_package", "as_xml", "version",
]  # fmt: skip
