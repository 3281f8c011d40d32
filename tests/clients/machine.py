"""Real mail servers and webmail for the tests, in a temporary folder and on free ports of 127.0.0.1.

Needs root: Dovecot and SOGo switch users. Debian packages that are missing are installed by ``tools/debian.sh``.
"""

from __future__ import annotations

import contextlib
import os
import random
import re
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
SAMPLES = ROOT / "server/keeneye/web/samples"
USER = "sales@exporter.example"
PASSWORD = "not-a-secret"
MAIL_USER = "keeneye-mail"


def packages(*names: str) -> None:
    """Install the Debian packages that are missing. Raises CalledProcessError."""
    subprocess.run([ROOT / "tools/debian.sh", *names], check=True)


_ports = iter(random.sample(range(20_000, 32_000), 2_000))


def free_port() -> int:
    """A port that nothing listens on, below those that the system gives to outgoing connections, never given twice."""
    for port in _ports:
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port
    raise OSError("no free port")


def wait_for(url: str, process: subprocess.Popen[bytes] | None = None, seconds: float = 120) -> None:
    """Return when the address answers at all. Raises TimeoutError, at once when its process has ended."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline and (process is None or process.poll() is None):
        try:
            with urllib.request.urlopen(url, timeout=2):
                return
        except urllib.error.HTTPError:
            return
        except OSError:
            time.sleep(0.1)
    raise TimeoutError(url)


def stop(process: subprocess.Popen[bytes]) -> None:
    """End a process and its children; it was started in a group of its own."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGTERM)
    try:
        process.wait(4)
    except subprocess.TimeoutExpired:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait(10)


def start(
    command: list[str], log: Path, environment: dict[str, str] | None = None, cwd: Path | None = None
) -> subprocess.Popen[bytes]:
    with log.open("ab") as out:
        return subprocess.Popen(
            command, stdout=out, stderr=out, stdin=subprocess.DEVNULL, start_new_session=True, cwd=cwd,
            env={**os.environ, **(environment or {})},
        )  # fmt: skip


# --------------------------------------------------------------------------- Dovecot


@dataclass(frozen=True)
class Mailbox:
    """An IMAP account whose inbox holds given messages, in their order, UID 1 first."""

    port: int
    folder: Path

    def stored(self, name: str) -> bytes:
        """The bytes that the mailbox holds of a message, by the name it was given."""
        return next((self.folder / "cur").glob(f"*.{name}.keeneye*")).read_bytes()

    def drafts(self) -> list[bytes]:
        """What lies in the folder of drafts, oldest first."""
        files = [path for sub in ("new", "cur") for path in (self.folder / ".Drafts" / sub).glob("*")]
        return [path.read_bytes() for path in sorted(files, key=lambda path: path.stat().st_mtime_ns)]


@contextlib.contextmanager
def dovecot(base: Path, messages: dict[str, bytes]) -> Iterator[Mailbox]:
    packages("dovecot-imapd")
    if subprocess.run(["id", MAIL_USER], capture_output=True).returncode:
        subprocess.run(["useradd", "-r", "-M", "-s", "/usr/sbin/nologin", MAIL_USER], check=True)
    base.chmod(0o755)
    port, own = free_port(), base / "dovecot"
    inbox = base / "mail" / USER / "Maildir"
    for folder in (own, inbox / "cur", inbox / "new", inbox / "tmp"):
        folder.mkdir(parents=True)
    for n, (name, content) in enumerate(messages.items()):
        lines = re.sub(rb"\r*\n", b"\r\n", content)
        path = inbox / "cur" / f"{1800000000 + n}.{name}.keeneye:2,"
        path.write_bytes(lines)
        os.utime(path, (1800000000 + n, 1800000000 + n))
    for path in (base / "mail", *(base / "mail").rglob("*")):
        shutil.chown(path, MAIL_USER, MAIL_USER)
    (own / "users").write_text(f"{USER}:{{PLAIN}}{PASSWORD}\n")
    (own / "dovecot.conf").write_text(_dovecot_settings(own, base / "mail", port))
    process = start(["dovecot", "-F", "-c", str(own / "dovecot.conf")], own / "out")
    try:
        for _ in range(100):
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
                break
            time.sleep(0.1)
        else:
            raise TimeoutError((own / "log").read_text() if (own / "log").exists() else (own / "out").read_text())
        yield Mailbox(port, inbox)
    finally:
        stop(process)


def _dovecot_settings(own: Path, mail: Path, port: int) -> str:
    """One account in a Maildir; Dovecot 2.4 (Debian 13) renamed what 2.3 (Debian 12, Ubuntu 24.04) has."""
    version = subprocess.run(["dovecot", "--version"], capture_output=True, text=True, check=True).stdout.split()[0]
    if tuple(map(int, re.findall(r"\d+", version)[:2])) >= (2, 4):
        named = f"""dovecot_config_version = 2.4.0
dovecot_storage_version = 2.4.0
auth_allow_cleartext = yes
mail_driver = maildir
mail_path = {mail}/%{{user}}/Maildir
passdb passwd-file {{
  passwd_file_path = {own}/users
  auth_username_format = %{{user}}
}}
userdb static {{
  fields {{
    uid = {MAIL_USER}
    gid = {MAIL_USER}
    home = {mail}/%{{user}}
  }}
}}
"""
    else:
        named = f"""disable_plaintext_auth = no
mail_location = maildir:{mail}/%u/Maildir
passdb {{
  driver = passwd-file
  args = scheme=PLAIN username_format=%u {own}/users
}}
userdb {{
  driver = static
  args = uid={MAIL_USER} gid={MAIL_USER} home={mail}/%u
}}
"""
    return f"""{named}protocols = imap
listen = 127.0.0.1
ssl = no
base_dir = {own}/run
state_dir = {own}/state
log_path = {own}/log
default_login_user = dovenull
default_internal_user = dovecot
mail_uid = {MAIL_USER}
mail_gid = {MAIL_USER}
first_valid_uid = 1
maildir_stat_dirs = yes
namespace inbox {{
  inbox = yes
  mailbox Sent {{
    auto = create
  }}
  mailbox Drafts {{
    auto = create
  }}
  mailbox Trash {{
    auto = create
  }}
}}
service imap-login {{
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
"""


# --------------------------------------------------------------------------- Roundcube


@contextlib.contextmanager
def roundcube(base: Path, mailbox: Mailbox) -> Iterator[str]:
    """Address of a Roundcube for the mailbox."""
    # Without this its installation sets up a database in whatever server the machine has.
    answer = "roundcube-core roundcube/dbconfig-install boolean false\n"
    subprocess.run(["debconf-set-selections"], input=answer, text=True, check=True)
    packages("roundcube-core", "roundcube-sqlite3", "php-cli", "php-sqlite3")
    own, port = base / "roundcube", free_port()
    for name in ("conf", "log", "tmp", "db"):
        (own / name).mkdir(parents=True)
    for name in ("defaults.inc.php", "mimetypes.php"):
        shutil.copy(f"/etc/roundcube/{name}", own / "conf")
    settings = {
        "db_dsnw": f"sqlite:///{own}/db/rc.db?mode=0660",
        "imap_host": f"localhost:{mailbox.port}",
        "smtp_host": "localhost:9",
        "des_key": "abcdefghijklmnopqrstuvwx",
        "skin": "elastic",
        "log_dir": f"{own}/log/",
        "temp_dir": f"{own}/tmp/",
        "language": "en_US",
        "layout": "widescreen",
        "reply_mode": 1,  # above the quoted text
    }
    lines = [f"$config['{key}'] = {value!r};" for key, value in settings.items()]
    lines += ["$config['plugins'] = [];", "$config['ip_check'] = false;", "$config['create_default_folders'] = false;"]
    lines += ["$config['prefer_html'] = true;", "$config['enable_spellcheck'] = false;"]
    lines += ["$config['htmleditor'] = 2;"]  # a reply to HTML is written as HTML, to text as text
    (own / "conf/config.inc.php").write_text("<?php $config = [];\n" + "\n".join(lines) + "\n")
    schema = "/usr/share/roundcube/SQL/sqlite.initial.sql"
    create = f"$d=new PDO('sqlite:{own}/db/rc.db');$d->exec(file_get_contents('{schema}'));"
    subprocess.run(["php", "-r", create], check=True)
    process = start(
        [
            "php",
            "-d",
            f"session.save_path={own}/tmp",
            "-S",
            f"127.0.0.1:{port}",
            "-t",
            "/var/lib/roundcube/public_html",
        ],
        own / "log/php.log",
        {"ROUNDCUBE_CONFIG_DIR": str(own / "conf"), "PHP_CLI_SERVER_WORKERS": "4"},
    )
    try:
        wait_for(f"http://127.0.0.1:{port}/", process)
        yield f"http://127.0.0.1:{port}/"
    finally:
        stop(process)


# --------------------------------------------------------------------------- Keeneye


class Keeneye:
    """A real server on a port of its own, which can be stopped and started again."""

    def __init__(self, base: Path) -> None:
        self.state = base / "keeneye"
        self.state.mkdir()
        if (ROOT / "var/geo").is_dir():
            (self.state / "geo").symlink_to(ROOT / "var/geo")
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.log = self.state / "server.log"
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def _environment(self) -> dict[str, str]:
        return {
            **os.environ,
            "KEENEYE_SERVER__STATE_DIR": str(self.state),
            "KEENEYE_GRADING__MAX_BODY": "300000",
            "PYTHONPATH": str(ROOT / "server"),
        }

    def command(self, *arguments: str) -> str:
        """What a ``keeneye`` command prints. Raises CalledProcessError."""
        done = subprocess.run(
            [sys.executable, "-c", "from keeneye.cli import main; main()", *arguments],
            cwd=self.state, env=self._environment, check=True, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        return done.stdout.strip()

    def start(self) -> None:
        self._process = start(
            [sys.executable, "-c", "from keeneye.cli import main; main()",
             "serve", "--port", str(self.port), "--workers", "1"],
            self.log, self._environment, self.state,
        )  # fmt: skip
        try:
            wait_for(f"{self.url}/healthz", self._process)
        except TimeoutError:
            raise TimeoutError(self.log.read_text()[-3000:]) from None

    @contextlib.contextmanager
    def paused(self) -> Iterator[None]:
        """Meanwhile it takes connections and answers none, as a server far beyond its load."""
        assert self._process is not None
        os.killpg(self._process.pid, signal.SIGSTOP)
        try:
            yield
        finally:
            os.killpg(self._process.pid, signal.SIGCONT)

    def stop(self) -> None:
        if self._process is not None:
            stop(self._process)
            self._process = None

    def feedback(self) -> list[str]:
        """Labels of the feedback that is stored, oldest first."""
        with contextlib.closing(sqlite3.connect(f"file:{self.state}/keeneye.sqlite3?mode=ro", uri=True)) as store:
            return [row[0] for row in store.execute("select label from feedback order by id")]


@contextlib.contextmanager
def keeneye(base: Path) -> Iterator[Keeneye]:
    server = Keeneye(base)
    try:
        server.start()
        yield server
    finally:
        server.stop()


# --------------------------------------------------------------------------- SOGo


@contextlib.contextmanager
def sogo(base: Path, mailbox: Mailbox) -> Iterator[str]:
    """Address of a SOGo for the mailbox, with its own PostgreSQL, memcached and nginx."""
    packages("sogo", "nginx-light", "memcached", "postgresql")
    own = base / "sogo"
    for name in ("log", "run", "home", "spool", "nginx", "socket"):
        (own / name).mkdir(parents=True)
    for name in ("log", "run", "home", "spool"):
        shutil.chown(own / name, "sogo", "sogo")
    shutil.chown(own / "socket", "postgres", "postgres")
    web, work, database, cache = (free_port() for _ in range(4))
    with contextlib.ExitStack() as running:

        def run(name: str, command: list[str], user: str | None = None, env: dict[str, str] | None = None) -> None:
            as_user = ["setpriv", f"--reuid={user}", f"--regid={user}", "--init-groups"] if user else []
            running.callback(stop, start([*as_user, *command], own / f"{name}.out", env, own))

        _postgres(own, database, run)
        run("memcached", ["memcached", "-u", "sogo", "-l", "127.0.0.1", "-p", str(cache)])
        url = f"postgresql://sogo:x@127.0.0.1:{database}/sogo"
        users = f'type=sql;id=directory;viewURL="{url}/sogo_users";canAuthenticate=YES;isAddressBook=NO'
        source = f"({{{users};userPasswordAlgorithm=plain;}})"
        options = {
            "WOPort": f"127.0.0.1:{work}", "WOWorkersCount": "2", "WONoDetach": "YES",
            "WOLogFile": f"{own}/log/sogo.log", "WOPidFile": f"{own}/run/sogo.pid",
            "SOGoProfileURL": f"{url}/sogo_user_profile", "OCSFolderInfoURL": f"{url}/sogo_folder_info",
            "OCSSessionsFolderURL": f"{url}/sogo_sessions_folder", "OCSEMailAlarmsFolderURL": f"{url}/sogo_alarms",
            "SOGoIMAPServer": f"imap://127.0.0.1:{mailbox.port}", "SOGoSieveServer": "",
            "SOGoMailSpoolPath": f"{own}/spool", "SOGoMemcachedHost": f"127.0.0.1:{cache}", "SOGoPageTitle": "SOGo",
            "SOGoLoginModule": "Mail", "SOGoMailAuxiliaryUserAccountsEnabled": "NO", "SxVMemLimit": "600",
            "SOGoUserSources": source,
        }  # fmt: skip
        flags = [part for key, value in options.items() for part in (f"-{key}", value)]
        run("sogod", ["/usr/sbin/sogod", *flags], "sogo", {"HOME": f"{own}/home", "GNUSTEP_USER_ROOT": f"{own}/home"})
        _nginx(own, web, work)
        run("nginx", ["nginx", "-c", f"{own}/nginx/nginx.conf", "-g", "daemon off;"])
        wait_for(f"http://127.0.0.1:{web}/SOGo/")
        yield f"http://127.0.0.1:{web}/SOGo/"


def _postgres(own: Path, port: int, run: Callable[..., None]) -> None:
    binaries = sorted(Path("/usr/lib/postgresql").glob("*/bin"))[-1]
    data = own / "database"
    data.mkdir(mode=0o700)
    shutil.chown(data, "postgres", "postgres")
    as_postgres = ["setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups"]
    subprocess.run(
        [*as_postgres, binaries / "initdb", "-D", data, "-A", "trust", "-U", "postgres", "-E", "UTF8", "--locale=C"],
        check=True, stdout=subprocess.PIPE, cwd=own,
    )  # fmt: skip
    options = ["-c", "listen_addresses=127.0.0.1", "-p", str(port), "-k", f"{own}/socket", "-c", "fsync=off"]
    run("postgres", [str(binaries / "postgres"), "-D", str(data), *options], "postgres")
    psql = ["psql", "-q", "-h", "127.0.0.1", "-p", str(port), "-U", "postgres"]
    for _ in range(300):
        if subprocess.run([*psql, "-c", "select 1"], capture_output=True).returncode == 0:
            break
        time.sleep(0.1)
    subprocess.run([*psql, "-c", "create role sogo login", "-c", "create database sogo owner sogo"], check=True)
    columns = (
        "c_uid varchar(80) primary key,c_name varchar(80),c_password varchar(80),c_cn varchar(80),mail varchar(80)"
    )
    row = f"'{USER}','{USER}','{PASSWORD}','Mei Chen','{USER}'"
    create = f"create table sogo_users({columns}); insert into sogo_users values({row})"
    subprocess.run([*psql[:-1], "sogo", "sogo", "-c", create], check=True)


def _nginx(own: Path, web: int, work: int) -> None:
    temporary = " ".join(
        f"{kind}_temp_path {own}/nginx/{kind};" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    headers = {
        "Host": f"$host:{web}", "x-webobjects-server-protocol": "HTTP/1.0", "x-webobjects-remote-host": "127.0.0.1",
        "x-webobjects-server-name": "127.0.0.1", "x-webobjects-server-url": f"http://127.0.0.1:{web}",
        "x-webobjects-server-port": str(web),
    }  # fmt: skip
    lines = " ".join(f"proxy_set_header {name} {value};" for name, value in headers.items())
    resources = next(Path("/usr").glob("*/GNUstep/SOGo/WebServerResources"))  # below lib; Debian 13: share
    (own / "nginx/nginx.conf").write_text(
        f"""pid {own}/nginx/pid; error_log {own}/nginx/error.log; worker_processes 1; user root;
events {{ worker_connections 128; }}
http {{ include /etc/nginx/mime.types; access_log off; {temporary}
  server {{ listen 127.0.0.1:{web}; root /nonexistent;
    location = / {{ return 302 /SOGo; }}
    location ^~ /SOGo.woa/WebServerResources/ {{ alias {resources}/; }}
    location ^~ /SOGo {{ proxy_pass http://127.0.0.1:{work}; {lines} proxy_buffer_size 128k; proxy_buffers 4 256k;
      proxy_busy_buffers_size 256k; }}
  }} }}
"""
    )
