"""Settings: where they come from, what is refused, and that each is documented."""

from __future__ import annotations

from pathlib import Path

import pytest

from keeneye import settings
from keeneye.settings import Settings, SettingsError, load

ROOT = Path(__file__).parents[2]
KEYS = [(s, k) for s, f in Settings.model_fields.items() for k in type(f.default).model_fields]


def write(folder: Path, text: str) -> Path:
    path = folder / "keeneye.toml"
    path.write_text(text, "utf-8")
    return path


def test_defaults_need_no_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    made = load(environment={})
    assert made.server.host == "127.0.0.1"
    assert made.grading.max_body == 25 * 1024 * 1024
    assert made.database_url == f"sqlite:///{tmp_path}/var/keeneye.sqlite3"


def test_later_sources_win(tmp_path: Path) -> None:
    path = write(tmp_path, "[server]\nport = 1001\nworkers = 3\nthreads = 5\n")
    made = load(path, {"KEENEYE_SERVER__WORKERS": "4", "KEENEYE_SERVER__THREADS": "6"}, {"server": {"threads": 7}})
    assert (made.server.port, made.server.workers, made.server.threads) == (1001, 4, 7)


def test_file_named_by_variable_or_lying_in_the_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write(tmp_path, "[server]\nport = 1001\n")
    assert load(environment={"KEENEYE_CONFIG": str(path)}).server.port == 1001
    monkeypatch.chdir(tmp_path)
    assert load(environment={}).server.port == 1001


@pytest.mark.parametrize(
    ("key", "text", "value"),
    [
        ("KEENEYE_STORE__KEEP_EVIDENCE", "true", True),
        ("KEENEYE_GRADING__CPU_SECONDS", "0.5", 0.5),
        ("KEENEYE_SERVER__CORS_ORIGINS", '["https://a.example"]', ("https://a.example",)),
        ("KEENEYE_SERVER__CORS_ORIGINS", "https://a.example, https://b.example", ("https://a.example", "https://b.example")),
        ("KEENEYE_STORE__URL", "123", "123"),
    ],
)  # fmt: skip
def test_variables_become_their_type(key: str, text: str, value: object) -> None:
    section, name = key.removeprefix("KEENEYE_").lower().split("__")
    assert getattr(getattr(load(environment={key: text}), section), name) == value


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[server]\nprot = 1\n", "server.prot: no such setting; did you mean server.port?"),
        ("[servers]\nport = 1\n", "servers: no such setting; did you mean server?"),
        ("[server]\nport = 70000\n", "server.port: "),
        ("[server]\nopen_page = 'maybe'\n", "server.open_page: "),
        ("[limits]\ngrade = 'often'\n", "limits.grade: "),
        ("server = 1\n", "server: "),
        ("[server\n", "keeneye.toml: "),
        ("[grading]\nmax_body = 0\n", "grading.max_body: "),
    ],
)
def test_what_is_wrong_is_named(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(SettingsError) as caught:
        load(write(tmp_path, text), {})
    assert said in str(caught.value)


def test_unknown_variable_is_refused() -> None:
    with pytest.raises(SettingsError, match=r"server\.prot: no such setting; did you mean server\.port\?"):
        load(environment={"KEENEYE_SERVER__PROT": "1"})


def test_variable_into_a_section_that_is_none(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"must be a section"):
        load(write(tmp_path, "server = 1\n"), {"KEENEYE_SERVER__PORT": "1"})


def test_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"none\.toml: no such file"):
        load(tmp_path / "none.toml", {})


@pytest.mark.parametrize(("section", "key"), KEYS)
def test_each_setting_has_help_and_stands_in_the_page(section: str, key: str) -> None:
    field = type(Settings.model_fields[section].default).model_fields[key]
    assert field.description
    assert field.description[0].isupper() or field.description[0] in "`0A"
    page = (ROOT / "docs/settings.md").read_text("utf-8")
    part = page.split(f"## [{section}]")[1].split("\n## ")[0]
    assert f"| `{key}` | " in part


def test_page_is_as_the_code_says() -> None:
    assert (ROOT / "docs/settings.md").read_text("utf-8") == settings.documentation()
