"""The Outlook add-in's manifests: both from one source, as Office wants them, for the address that was given."""

from __future__ import annotations

import io
import json
import re
import zipfile
from pathlib import Path

import pytest
from addin_rules import RULES, problems
from click.testing import CliRunner, Result

from keeneye import addin
from keeneye.cli import main

ROOT = Path(__file__).parents[2]
ADDRESS = addin.Address.parse("https://keeneye.firm.example")
XML = addin.as_xml(ADDRESS).decode()


@pytest.mark.parametrize("premises", [False, True])
@pytest.mark.parametrize("url", ["https://keeneye.firm.example", "https://k.firm.example:8443/"])
def test_manifest_keeps_every_rule(url: str, premises: bool) -> None:
    assert problems(addin.as_xml(addin.Address.parse(url), premises=premises)) == []


LONG = "x" * 251
VERSION = f"<Version>{addin.version()}.0</Version>"
PROVIDER = "<ProviderName>Keeneye</ProviderName>"
SHARED = "<SupportsSharedFolders>true</SupportsSharedFolders>"
ICONS = f"{ADDRESS.url}/addin/icons"
# rule, what stands in the manifest, what stands in the broken copy
BROKEN = [
    ("order", f"{VERSION}\n  {PROVIDER}", f"{PROVIDER}\n{VERSION}"),
    ("order", SHARED, SHARED * 2),
    ("order", "<Permissions>ReadWriteItem</Permissions>", "<Permission>ReadWriteItem</Permission>"),
    ("order", '<Rule ItemType="Message" FormType="Read" xsi:type="ItemIs" />', ""),
    ("version_overrides", 'xsi:type="VersionOverridesV1_1"', 'xsi:type="VersionOverridesV1_0"'),
    ("version_overrides", addin.V1_1, addin.V1_0),
    ("identity", ADDRESS.addin_id, "keeneye"),
    ("identity", VERSION, "<Version>0.1-beta</Version>"),
    ("ids", 'id="keeneye.fake"', 'id="keeneye.genuine"'),
    ("ids", 'id="Label.genuine"', 'id="Label.fake"'),
    ("ids", 'bt:Url id="Url.pane"', f'bt:Url id="Url.{"p" * 29}"'),
    ("references", '<FunctionFile resid="Url.commands" />', '<FunctionFile resid="Url.nothing" />'),
    ("references", '<Title resid="Label.pane" />', '<Title resid="Tip.pane_tip" />'),
    ("references", "</bt:Urls>", '<bt:Url id="Url.spare" DefaultValue="https://keeneye.firm.example/x" /></bt:Urls>'),
    ("icons", '<bt:Image size="80" resid="Icon.80" />', ""),
    ("icons", '<bt:Image size="16" resid="Icon.16" />', '<bt:Image size="17" resid="Icon.16" />'),
    ("icons", 'size="48" scale="3"', 'size="48" scale="2"'),
    (
        "icons",
        f'<HighResolutionIconUrl DefaultValue="{ICONS}/128.png" />',
        f'<HighResolutionIconUrl DefaultValue="{ICONS}/80.png" />',
    ),
    ("pictures", f'id="Icon.16" DefaultValue="{ICONS}/16.png"', f'id="Icon.16" DefaultValue="{ICONS}/32.png"'),
    ("pictures", f'id="Icon.25" DefaultValue="{ICONS}/25.png"', f'id="Icon.25" DefaultValue="{ICONS}/26.png"'),
    ("https", "https://keeneye.firm.example/addin/taskpane.html", "http://keeneye.firm.example/addin/taskpane.html"),
    ("https", "https://keeneye.firm.example/addin/commands.js", "https://elsewhere.example/addin/commands.js"),
    ("requirement_sets", 'Name="Mailbox" MinVersion="1.5"', 'Name="Mailbox" MinVersion="1.99"'),
    ("requirement_sets", 'DefaultMinVersion="1.5"', 'DefaultMinVersion="1.4"'),
    ("lengths", 'id="Label.pane" DefaultValue="Breakdown"', f'id="Label.pane" DefaultValue="{LONG[:126]}"'),
    ("lengths", "Your colleagues see that this sender was confirmed.", LONG),
    ("lengths", 'Value="Es auténtico"', 'Value=""'),
    ("languages", '<bt:Override Locale="zh-CN" Value="分析" />', ""),
    ("languages", 'Locale="zh-CN"', 'Locale="chinese"'),
    ("languages", '<bt:Override Locale="zh-CN" Value="分析" />', '<bt:Override Locale="es-ES" Value="分析" />'),
    ("values", "<Permissions>ReadWriteItem</Permissions>", "<Permissions>Everything</Permissions>"),
    ("values", "<SupportsPinning>true</SupportsPinning>", "<SupportsPinning>yes</SupportsPinning>"),
    ("values", "<RequestedHeight>450</RequestedHeight>", "<RequestedHeight>900</RequestedHeight>"),
    ("runtimes", '<Runtime resid="Url.commands">', '<Runtime resid="Url.pane">'),
    ("runtimes", 'type="javascript"', 'type="python"'),
]


@pytest.mark.parametrize(("rule", "good", "bad"), BROKEN)
def test_broken_copy_breaks_the_rule(rule: str, good: str, bad: str) -> None:
    assert good in XML
    assert rule in {title for title, _ in problems(XML.replace(good, bad).encode())}


def test_every_rule_was_seen_to_fail() -> None:
    assert {rule for rule, _, _ in BROKEN} == set(RULES)


# --------------------------------------------------------------------------- what is in them


def test_exchange_server_gets_nothing_that_it_refuses() -> None:
    made = addin.as_xml(ADDRESS, premises=True).decode()
    for name in ("ReportPhishing", "Runtime", "SupportsSharedFolders", "commands.js"):
        assert name in XML
        assert name not in made
    assert "SupportsPinning" in made


def test_both_manifests_are_of_the_same_addin_commands_and_words() -> None:
    made = json.loads(addin.as_json(ADDRESS))
    assert f"<Id>{made['id']}</Id>" in XML
    assert f"<Version>{made['version']}.0</Version>" in XML
    functions = set(re.findall(r"<FunctionName>(\w+)</FunctionName>", XML))
    actions = {action["id"] for runtime in made["extensions"][0]["runtimes"] for action in runtime["actions"]}
    assert actions == functions | {"openPane", "openReplyHelp"}
    assert {a["pinnable"] for r in made["extensions"][0]["runtimes"] for a in r["actions"] if "pinnable" in a} == {True}
    text = addin.as_json(ADDRESS).decode()
    for words in re.findall(r'<bt:String id="[^"]+" DefaultValue="([^"]+)"', XML):
        assert json.dumps(words.replace("&apos;", "'"), ensure_ascii=False) in text
    assert set(re.findall(r"https?://[^/\"<]+", text + XML)) == {
        "https://keeneye.firm.example", "https://developer.microsoft.com", "http://schemas.microsoft.com",
        "http://www.w3.org",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("locale", "words"), [("zh-TW", "分析"), ("zh-HK", "分析"), ("es-MX", "Desglose"), ("es-US", "Desglose")]
)
def test_a_region_reads_its_language(locale: str, words: str) -> None:
    assert f'<bt:Override Locale="{locale}" Value="{words}" />' in XML


def test_phones_get_icons_that_are_sharp_on_their_screens() -> None:
    ribbons = json.loads(addin.as_json(ADDRESS))["extensions"][0]["ribbons"]
    icons = ribbons[0]["tabs"][0]["customMobileRibbonGroups"][0]["controls"][0]["icons"]
    found = {(i["size"], i["scale"]): int(re.findall(r"(\d+)\.png", i["url"])[0]) for i in icons}
    assert len(found) == 9
    assert all(pixels >= min(size * scale, 128) for (size, scale), pixels in found.items())
    xml = re.findall(r'resid="Icon\.(\d+)" size="(\d+)" scale="(\d)"', XML)
    assert {(int(size), int(scale)): int(pixels) for pixels, size, scale in xml} == found


def test_id_is_the_addresss_own() -> None:
    assert addin.Address.parse("HTTPS://Keeneye.firm.example:443/").addin_id == ADDRESS.addin_id
    assert addin.Address.parse("https://keeneye.firm.example:8443").addin_id != ADDRESS.addin_id
    assert addin.Address.parse("https://other.firm.example").addin_id != ADDRESS.addin_id


def test_package_holds_manifest_icons_and_every_language() -> None:
    body = addin.as_package(ADDRESS)
    assert body == addin.as_package(ADDRESS)
    with zipfile.ZipFile(io.BytesIO(body)) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    made = json.loads(files["manifest.json"])
    assert files["manifest.json"] == addin.as_json(ADDRESS)
    assert files[made["icons"]["color"]][16:24] == bytes([0, 0, 0, 192] * 2)
    assert files[made["icons"]["outline"]][16:24] == bytes([0, 0, 0, 32] * 2)
    others = {one["languageTag"]: one["file"] for one in made["localizationInfo"]["additionalLanguages"]}
    assert {others[tag] for tag in ("zh-cn", "zh-tw", "zh-hk")} == {"zh-cn.json"}
    assert {others[tag] for tag in ("es-es", "es-mx", "es-ar")} == {"es-es.json"}
    assert set(others.values()) < set(files)
    spanish = json.loads(files[others["es-es"]])
    assert spanish["extensions[0].ribbons[0].tabs[0].groups[0].controls[0].label"] == "Desglose"
    assert spanish["description.short"] == "Califica consultas comerciales y dice por qué."


def test_language_files_are_what_the_schema_wants() -> None:
    import jsonschema

    folder = ROOT / "node_modules/@microsoft/app-manifest/build/json-schemas/teams" / f"v{addin.JSON_VERSION}"
    schema = json.loads((folder / "MicrosoftTeams.Localization.schema.json").read_text("utf-8"))
    with zipfile.ZipFile(io.BytesIO(addin.as_package(ADDRESS))) as archive:
        made = {name: json.loads(archive.read(name)) for name in ("zh-cn.json", "es-es.json")}
    for words in made.values():
        jsonschema.Draft7Validator(schema).validate(words)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.Draft7Validator(schema).validate(made["zh-cn.json"] | {"extensions[0].ribbon": "x"})


@pytest.mark.parametrize("name", ["outlook.xml", "outlook.json"])
def test_reviewed_copy_is_current(name: str) -> None:
    made = addin.as_xml(ADDRESS) if name.endswith("xml") else addin.as_json(ADDRESS)
    assert (ROOT / "manifest" / name).read_bytes() == made


# --------------------------------------------------------------------------- command


def run(*words: str) -> Result:
    return CliRunner().invoke(main, ["addin", "manifest", *words])


def test_command_writes_what_was_asked_for(tmp_path: Path) -> None:
    assert run("--url", ADDRESS.url).stdout_bytes == addin.as_xml(ADDRESS)
    assert run("--url", ADDRESS.url, "--format", "json").stdout_bytes == addin.as_json(ADDRESS)
    assert run("--url", ADDRESS.url, "--on-premises").stdout_bytes == addin.as_xml(ADDRESS, premises=True)
    for name, words, body in (
        ("keeneye.xml", (), addin.as_xml(ADDRESS)),
        ("keeneye.json", ("--format", "json"), addin.as_json(ADDRESS)),
        ("keeneye.zip", ("--format", "json"), addin.as_package(ADDRESS)),
    ):
        result = run("--url", ADDRESS.url, *words, "--out", str(tmp_path / name))
        assert result.exit_code == 0
        assert (tmp_path / name).read_bytes() == body
        assert ADDRESS.addin_id in result.stderr


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((), "Missing option '--url'"),
        (("--url", "http://keeneye.firm.example"), "begin with https://"),
        (("--url", "keeneye.firm.example"), "begin with https://"),
        (("--url", "https://"), "names no host"),
        (("--url", "https://firm.example:port"), "is not an address"),
        (("--url", "https://[::1"), "is not an address"),
        (("--url", "https://кeeneye.example"), "xn--"),
        (("--url", "https://a:b@firm.example"), "only host, port"),
        (("--url", "https://firm.example/?a=b"), "only host, port"),
        (("--url", "https://firm.example/keeneye"), "without a path"),
        (("--url", 'https://firm.example"><x'), "names no host"),
        (("--url", "https://firm.example", "--format", "json", "--on-premises"), "--format xml only"),
        (("--url", "https://firm.example", "--out", "x.zip"), "--format json only"),
        (("--url", "https://firm.example", "--format", "pdf"), "is not one of"),
    ],
)
def test_command_says_what_is_wrong(words: tuple[str, ...], said: str) -> None:
    result = run(*words)
    assert result.exit_code == 2
    assert said in result.output


def test_file_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    result = run("--url", ADDRESS.url, "--out", str(tmp_path / "no/where.xml"))
    assert result.exit_code == 1
    assert "where.xml" in result.output
