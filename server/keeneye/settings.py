"""Every setting of the server, declared once with its default and its help.

Order, later wins: the defaults here, one TOML file (``--config``, else ``KEENEYE_CONFIG``, else
``keeneye.toml`` in the working folder if it is there), then environment variables ``KEENEYE_SECTION__KEY``.
A key that does not exist stops the start and is named. ``python -m keeneye.settings --docs`` prints the page.
"""

from __future__ import annotations

import difflib
import json
import os
import re
import sys
import tomllib
from collections.abc import Mapping
from functools import lru_cache
from ipaddress import ip_network
from pathlib import Path
from typing import Annotated, Any, Literal, NamedTuple

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

PREFIX = "KEENEYE_"
CONFIG_VARIABLE = "KEENEYE_CONFIG"
DEFAULT_FILE = Path("keeneye.toml")
MIB = 1024 * 1024


class SettingsError(Exception):
    """A settings file or variable that cannot be used. The text names the key and what is wrong."""


class Window(NamedTuple):
    """How many uses are allowed in how many seconds."""

    amount: int
    seconds: int


_RATE = re.compile(r"([1-9][0-9]{0,8}) ?(?:per|/) ?(second|minute|hour|day)")
_SECONDS = {"second": 1, "minute": 60, "hour": 3600, "day": 86400}


@lru_cache(maxsize=64)
def window(rate: str) -> Window:
    """The rate of a text such as ``10 per minute``. Raises ValueError when it is not one."""
    found = _RATE.fullmatch(rate.strip().lower())
    if found is None:
        raise ValueError("a rate is written like “10 per minute”, by second, minute, hour or day")
    return Window(int(found[1]), _SECONDS[found[2]])


def _rate(value: str) -> str:
    window(value)
    return value


Rate = Annotated[str, AfterValidator(_rate)]


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, validate_default=True)


class Server(_Section):
    """Where the server listens and how it works."""

    host: str = Field(
        "127.0.0.1", description="Address to listen on. Leave it on the loopback when a proxy stands in front."
    )
    port: int = Field(8025, ge=0, le=65535, description="Port to listen on.")
    workers: int = Field(2, ge=1, le=64, description="Worker processes: one for each core is right.")
    threads: int = Field(8, ge=1, le=64, description="Threads in each worker: requests that wait for slow clients.")
    state_dir: Path = Field(
        Path("var"),
        description="Folder that the server may write: the database, the secret key, the geo tables below `geo/`.",
    )
    secret_file: Path | None = Field(
        None,
        description="File with the server's secret key (32 bytes or more). Not set: `secret.key` in the state folder, "
        "made at the first start. Servers that share one database must share it.",
    )
    proxy_hops: int = Field(
        0,
        ge=0,
        le=5,
        description="How many proxies of yours stand in front and set X-Forwarded-For, -Proto and -Host. "
        "0: those headers are not believed.",
    )
    open_page: Literal["local", "all", "never"] = Field(
        "local",
        description="Who may use the page at `/` without a token: `local` = browsers on this machine, "
        "`all` = everybody who reaches the server, `never` = the page always asks for a token.",
    )
    open_metrics: bool = Field(
        False, description="Whether `/metrics` answers other machines than this one (a proxy can still close it)."
    )
    cors_origins: tuple[str, ...] = Field(
        ("chrome-extension://*", "moz-extension://*"),
        description="Origins whose scripts may call the API; `*` at the end stands for the extension's id. "
        "Cookies are never accepted.",
    )


class Grading(_Section):
    """What is graded and how much it may cost."""

    policy: Path | None = Field(None, description="Your policy file (TOML). Not set: the policy that is shipped.")
    max_body: int = Field(
        25 * MIB, ge=1024, le=512 * MIB, description="Largest message in bytes; larger ones are answered with 413."
    )
    max_batch_body: int = Field(64 * MIB, ge=1024, le=1024 * MIB, description="Largest batch in bytes.")
    max_batch_lines: int = Field(1000, ge=1, le=100_000, description="Most messages in one batch.")
    cpu_seconds: float = Field(
        2.0,
        gt=0,
        le=60,
        description="CPU time that one message may take. Then its grading is given up with 422 `message_too_complex`.",
    )
    read_seconds: float = Field(
        30.0, gt=0, le=600, description="Time in which a request's body must have arrived; then 408."
    )


_FRAME = re.compile(r"^https://(?:\*\.)?[a-z0-9-]+(?:\.[a-z0-9-]+)+(?::[0-9]{1,5})?$")


def _frames(value: tuple[str, ...]) -> tuple[str, ...]:
    """Raises ValueError when one is not ``https://host`` or ``https://*.host``."""
    for origin in value:
        if not _FRAME.match(origin):
            raise ValueError(f"{origin} is not of the form https://host or https://*.host")
    return value


def _script(value: str) -> str:
    """Raises ValueError when it is not an https address without query."""
    if not re.match(r"^https://[a-z0-9-]+(?:\.[a-z0-9-]+)+/[A-Za-z0-9._/-]+\.js$", value):
        raise ValueError("not of the form https://host/path.js")
    return value


class Addin(_Section):
    """The Outlook add-in's pages at `/addin/`."""

    office_js: Annotated[str, AfterValidator(_script)] = Field(
        "https://appsforoffice.microsoft.com/lib/1/hosted/office.js",
        description="Office's script, which the pages load. Microsoft 365 operated by 21Vianet (China): "
        "`https://appsforoffice.cdn.partner.office365.cn/appsforoffice/lib/1/hosted/office.js`.",
    )
    frames: Annotated[tuple[str, ...], AfterValidator(_frames)] = Field(
        (
            "https://outlook.office.com",
            "https://outlook.office365.com",
            "https://outlook.live.com",
            "https://outlook.cloud.microsoft",
            "https://*.officeapps.live.com",
            "https://partner.outlook.cn",
        ),
        description="Sites that may frame the pages. Add the address of your own Outlook on the web "
        "(Exchange on your premises), such as `https://mail.firm.example`.",
    )

    @property
    def script_origin(self) -> str:
        """Scheme and host of ``office_js``."""
        return "/".join(self.office_js.split("/", 3)[:3])


class Geo(_Section):
    """Tables that say where an address is. Files that are replaced are read again without a restart."""

    city_db: Path | None = Field(
        None, description="A GeoIP2 or GeoLite2 City file. Not set: the free table that `keeneye geo update` brings."
    )
    asn_db: Path | None = Field(None, description="A GeoIP2 or GeoLite2 ASN file. Not set: the free table.")


class StoreSettings(_Section):
    """Where verdicts are kept, and what of them."""

    url: str = Field(
        "",
        description="SQLAlchemy URL, such as `postgresql+psycopg://keeneye@/keeneye`. "
        "Empty: SQLite, `keeneye.sqlite3` in the state folder.",
    )
    keep_evidence: bool = Field(
        False,
        description="Keep quotations, texts, addresses and contact data in stored verdicts. "
        "Off: they go to the reader in the answer and are not stored.",
    )
    keep_messages_days: int = Field(
        0,
        ge=0,
        le=3650,
        description="Keep whole messages for so many days, readable at `/api/v1/verdicts/{id}/message`. "
        "0: subjects and texts are never written.",
    )
    keep_days: int = Field(
        365, ge=1, le=36500, description="Verdicts, senders and feedback older than this are removed."
    )


def _networks(value: tuple[str, ...]) -> tuple[str, ...]:
    """Raises ValueError when one is no IP address or network."""
    for text in value:
        ip_network(text, strict=False)
    return value


Networks = Annotated[tuple[str, ...], AfterValidator(_networks)]
PRODUCT_PATHS = (
    "*/product*", "*/p/*", "*/item*", "*/catalog*", "*/shop/*", "*/goods*", "*/sku/*", "*/detail/*", "*-p-*",
    "*/produkt*", "*/produit*", "*/producto*", "*/produto*", "*/prodott*", "*/urun*", "*/chanpin*", "*/cpzs*", "*/cp/*",
    "*?product*", "*?*product_id=*", "*?*=product/*",
)  # fmt: skip


class Weblog(_Section):
    """What `keeneye import weblog` needs to know of your website."""

    product_paths: tuple[str, ...] = Field(
        PRODUCT_PATHS,
        description="Which pages show products. `*` stands for anything; a pattern with `?` is compared with path and "
        "query, others with the path alone.",
    )
    hosts: tuple[str, ...] = Field(
        (),
        description="Your site's names, such as `www.firm.example`. The policy's `[ours] domains` count too.",
    )
    own_networks: Networks = Field(
        (), description="Addresses and networks of your own offices, such as `203.0.113.0/24`: not visitors."
    )
    proxies: Networks = Field(
        (), description="Your own proxies in front of the web server, whose X-Forwarded-For in the log is believed."
    )
    keep_days: int = Field(90, ge=1, le=3650, description="Visits older than this are removed.")


class Limits(_Section):
    """How often a client may ask. Counted in each worker unless `storage` names a Redis that all share."""

    grade: Rate = Field("60000 per minute", description="Messages graded for one token; a batch counts by its lines.")
    read: Rate = Field("6000 per minute", description="Verdicts and senders read, feedback given, for one token.")
    pair: Rate = Field("10 per minute", description="Pairing codes tried from one address.")
    pair_all: Rate = Field("60 per minute", description="Pairing codes tried from all addresses together.")
    failed: Rate = Field("60 per minute", description="Requests with a wrong token from one address.")
    storage: str = Field("memory://", description="`memory://` or `redis://host:6379/0`.")


class Logs(_Section):
    """Logs are JSON lines on standard error. They never hold addresses, subjects or texts."""

    level: Literal["debug", "info", "warning", "error"] = Field("info", description="The least level that is written.")


class Settings(_Section):
    """All sections. Build with ``load``."""

    server: Server = Server()
    grading: Grading = Grading()
    addin: Addin = Addin()
    geo: Geo = Geo()
    store: StoreSettings = StoreSettings()
    weblog: Weblog = Weblog()
    limits: Limits = Limits()
    logs: Logs = Logs()

    @property
    def database_url(self) -> str:
        """The store's URL, with the default filled in."""
        return self.store.url or f"sqlite:///{self.server.state_dir.absolute() / 'keeneye.sqlite3'}"

    @property
    def secret_path(self) -> Path:
        """Where the server's secret key is."""
        return self.server.secret_file or self.server.state_dir / "secret.key"

    @property
    def geo_dir(self) -> Path:
        """Where the free geo tables are."""
        return self.server.state_dir / "geo"


def load(
    path: Path | None = None,
    environment: Mapping[str, str] | None = None,
    overrides: Mapping[str, Mapping[str, Any]] | None = None,
) -> Settings:
    """Settings from file, environment and (last) ``overrides`` by section. Raises SettingsError."""
    environment = os.environ if environment is None else environment
    values = _from_file(path, environment)
    for name, text in environment.items():
        if name.startswith(PREFIX) and "__" in name:
            section, _, key = name.removeprefix(PREFIX).lower().partition("__")
            _section(values, section)[key] = _literal(text, section, key)
    for section, pairs in (overrides or {}).items():
        _section(values, section).update(pairs)
    try:
        return Settings.model_validate(values)
    except ValidationError as error:
        raise SettingsError("\n".join(_problem(e["loc"], e["type"], e["msg"]) for e in error.errors())) from None


def _section(values: dict[str, Any], name: str) -> dict[str, Any]:
    section = values.setdefault(name, {})
    if not isinstance(section, dict):
        raise SettingsError(f"{name}: must be a section, written [{name}]")
    return section


def _from_file(path: Path | None, environment: Mapping[str, str]) -> dict[str, Any]:
    named = path or (Path(environment[CONFIG_VARIABLE]) if environment.get(CONFIG_VARIABLE) else None)
    chosen = named or DEFAULT_FILE
    try:
        return tomllib.loads(chosen.read_text("utf-8"))
    except FileNotFoundError:
        if named is None:
            return {}
        raise SettingsError(f"{chosen}: no such file") from None
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise SettingsError(f"{chosen}: {error}") from None


def _literal(text: str, section: str, key: str) -> Any:
    """A variable's value: TOML where the setting is a list; else the text, which pydantic converts."""
    owner = Settings.model_fields.get(section)
    field = None if owner is None else owner.default.__class__.model_fields.get(key)
    if field is not None and "tuple" in str(field.annotation):
        try:
            return tomllib.loads(f"v = {text}")["v"]
        except tomllib.TOMLDecodeError:
            return [part.strip() for part in text.split(",") if part.strip()]
    return text


def _problem(place: tuple[int | str, ...], kind: str, message: str) -> str:
    name = ".".join(str(p) for p in place)
    if kind != "extra_forbidden":
        return f"{name}: {message}"
    known = [f"{s}.{k}" for s, f in Settings.model_fields.items() for k in f.default.__class__.model_fields]
    known += list(Settings.model_fields)
    near = difflib.get_close_matches(name, known, n=1, cutoff=0.5)
    return f"{name}: no such setting" + (f"; did you mean {near[0]}?" if near else "")


def documentation() -> str:
    """The page docs/settings.md (Markdown)."""
    lines = [
        "# Settings",
        "",
        "Made by `make docs` from the code.",
        "",
        "One TOML file: `--config FILE`, else the one that `KEENEYE_CONFIG` names, else `keeneye.toml` in the working",
        "folder. Each setting can also be given by an environment variable, `KEENEYE_SECTION__KEY`, which wins over",
        "the file (`KEENEYE_SERVER__PORT=9000`). A key that does not exist stops the start and is named.",
    ]
    for section, owner in Settings.model_fields.items():
        model = owner.default.__class__
        lines += ["", f"## [{section}]", "", str(model.__doc__), ""]
        lines += ["| key | default | what it does |", "|---|---|---|"]
        for key, field in model.model_fields.items():
            lines.append(f"| `{key}` | {_shown(field.default)} | {field.description} |")
    return "\n".join(lines) + "\n"


def _shown(value: Any) -> str:
    if value is None:
        return "not set"
    if isinstance(value, Path):
        value = str(value)
    return f"`{json.dumps(value)}`"


if __name__ == "__main__":
    if sys.argv[1:] != ["--docs"]:
        sys.exit("usage: python -m keeneye.settings --docs")
    sys.stdout.write(documentation())
