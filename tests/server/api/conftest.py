"""The real application in the test's process, and the real server in processes of its own."""

from __future__ import annotations

import contextlib
import dataclasses
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from tests.server.postgres import new_database

from keeneye import settings
from keeneye.api.app import create_app
from keeneye.api.services import KEY, Services
from keeneye.store.migrations import migrate

ROOT = Path(__file__).parents[3]
SAMPLES = ROOT / "server/keeneye/web/samples"

Build = Callable[..., "Site"]


class Client(FlaskClient):
    """Reads and closes every answer, files too."""

    def open(self, *arguments: Any, **more: Any) -> Any:
        return super().open(*arguments, **{"buffered": True} | more)


@dataclasses.dataclass
class Site:
    """An application with a token, and a client that shows it."""

    app: Flask
    token: str

    @property
    def services(self) -> Services:
        made: Services = self.app.extensions[KEY]
        return made

    def client(self, token: str | None = "") -> FlaskClient:
        """A client that shows the site's token, another, or (None) none."""
        client = self.app.test_client()
        shown = self.token if token == "" else token
        if shown is not None:
            client.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {shown}"
        return client


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--database", choices=["sqlite", "postgresql"], default="sqlite", help="what the server keeps in")


@pytest.fixture(scope="session")
def database(request: pytest.FixtureRequest) -> Callable[[], str]:
    """URLs of new, empty databases; "" is the default, SQLite in the state folder."""
    if request.config.getoption("--database") == "sqlite":
        return lambda: ""
    server = str(request.getfixturevalue("postgres"))
    return lambda: new_database(server)


def build(folder: Path, url: str, **sections: dict[str, Any]) -> Site:
    given = {"server": {"state_dir": folder}, "store": {"url": url}}
    overrides = {name: given.get(name, {}) | sections.get(name, {}) for name in given.keys() | sections.keys()}
    made = settings.load(environment={}, overrides=overrides)
    app = create_app(made)
    app.test_client_class = Client
    services: Services = app.extensions[KEY]
    migrate(services.store.engine)
    return Site(app, services.store.create_token("test"))


@pytest.fixture(scope="session")
def message() -> bytes:
    """An invented inquiry."""
    return (SAMPLES / "order-ready-bremen.eml").read_bytes()


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory, database: Callable[[], str]) -> Iterator[Site]:
    """The application with default settings; shared, so tests must not use up its limits."""
    made = build(
        tmp_path_factory.mktemp("site"), database(), limits={"failed": "100000 per minute", "pair": "1000 per minute"}
    )
    yield made
    made.services.store.close()


@pytest.fixture
def client(site: Site) -> FlaskClient:
    return site.client()


@pytest.fixture
def make_site(tmp_path: Path, database: Callable[[], str]) -> Iterator[Build]:
    """A site with settings of its own, by section."""
    made: list[Site] = []

    def make(**sections: dict[str, Any]) -> Site:
        made.append(build(tmp_path / str(len(made)), database(), **sections))
        return made[-1]

    yield make
    for one in made:
        one.services.store.close()


@dataclasses.dataclass
class Server:
    """``keeneye serve`` as an admin runs it."""

    folder: Path
    port: int
    environment: dict[str, str]
    token: str = ""
    process: subprocess.Popen[bytes] | None = None

    @property
    def database(self) -> str:
        """The URL of what it keeps in."""
        return self.environment["KEENEYE_STORE__URL"] or f"sqlite:///{self.folder}/keeneye.sqlite3"

    def run(self, *arguments: str) -> str:
        """A command of the CLI with the same settings."""
        done = subprocess.run(
            [sys.executable, "-m", "keeneye", *arguments],
            env=self.environment, cwd=self.folder, capture_output=True, text=True, check=True, timeout=60,
        )  # fmt: skip
        return done.stdout.strip()

    def start(self) -> float:
        """Seconds until it is ready."""
        begun = time.monotonic()
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "keeneye", "serve", "--port", str(self.port)],
                env=self.environment, cwd=self.folder, stdout=subprocess.DEVNULL, stderr=log, start_new_session=True,
            )  # fmt: skip
        while time.monotonic() - begun < 90:
            assert self.process.poll() is None, self.log
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.port), 1):
                return time.monotonic() - begun
            time.sleep(0.02)
        raise AssertionError("the server did not start")

    def kill(self) -> None:
        """kill -9 of the whole server, parent and workers."""
        assert self.process is not None
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(10)
        while True:  # the workers hold the port until they are gone too
            try:
                socket.create_connection(("127.0.0.1", self.port), 1).close()
            except OSError:
                return
            time.sleep(0.05)

    def stop(self) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(15)
            except subprocess.TimeoutExpired:
                self.kill()

    @property
    def log(self) -> str:
        return (self.folder / "log").read_text("utf-8")


@pytest.fixture
def make_server(tmp_path: Path, database: Callable[[], str]) -> Iterator[Callable[..., Server]]:
    """A started server; settings as keyword arguments ``SECTION__KEY``."""
    made: list[Server] = []

    def make(**values: str) -> Server:
        with socket.socket() as sock:
            sock.bind(("127.0.0.1", 0))
            port = sock.getsockname()[1]
        environment = {k: v for k, v in os.environ.items() if not k.startswith("KEENEYE_")}
        environment |= {"KEENEYE_STORE__URL": database()} | {f"KEENEYE_{k}": v for k, v in values.items()}
        environment |= {"KEENEYE_SERVER__STATE_DIR": str(tmp_path), "PYTHONPATH": str(ROOT / "server")}
        server = Server(tmp_path, port, environment)
        server.token = server.run("token", "create", "test", "--quiet")
        made.append(server)
        server.start()
        return server

    yield make
    for server in made:
        server.stop()
