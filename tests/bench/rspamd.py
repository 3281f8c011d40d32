"""rspamd as a peer: its rules only, offline, on loopback, in a folder of its own. Counts the server's CPU."""

from __future__ import annotations

import http.client
import os
import signal
import socket
import subprocess
import tempfile
import threading
import time
from collections.abc import Sequence
from pathlib import Path

_OFF = ("rbl", "surbl", "fuzzy_check", "neural", "asn", "dmarc", "spf", "dkim", "arc", "greylist", "ratelimit",
        "history_redis", "reputation", "replies", "url_redirector", "rspamd_update", "phishing", "mx_check",
        "dkim_signing", "antivirus", "clickhouse", "elastic", "bayes_expiry", "known_senders", "hfilter",
        "once_received", "milter_headers", "metadata_exporter", "p0f", "whitelist", "multimap")  # fmt: skip
_CONFIG = """
.include "$CONFDIR/common.conf"
options {{
    pidfile = "{folder}/rspamd.pid";
    explicit_modules = ["settings"];
    local_addrs = [192.168.0.0/16, 10.0.0.0/8, 172.16.0.0/12, 127.0.0.0/8];
    url_tld = "/usr/share/rspamd/effective_tld_names.dat";
    dns {{ nameserver = ["127.0.0.1:{dns}"]; }}
    filters = "chartable,regexp";
    check_all_filters = true;
}}
logging {{ type = "file"; filename = "{folder}/rspamd.log"; level = "error"; }}
worker "normal" {{ bind_socket = "127.0.0.1:{port}"; count = 1; }}
classifier "none" {{ enabled = false; }}
{modules}
"""


class _NoNames(threading.Thread):
    """A name server on loopback that knows no name (RFC 1035 RCODE 3), so that nobody waits for one."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind(("127.0.0.1", 0))
        self.port = int(self._socket.getsockname()[1])

    def run(self) -> None:
        while True:
            try:
                query, peer = self._socket.recvfrom(4096)
                self._socket.sendto(query[:2] + b"\x81\x83" + query[4:6] + b"\0\0\0\0\0\0" + query[12:], peer)
            except OSError:
                return

    def close(self) -> None:
        self._socket.close()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def cpu_seconds(pid: int) -> float:
    """User and system CPU of a process and its children that still run, in seconds (proc(5))."""
    total = 0.0
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        try:
            fields = (entry / "stat").read_text().rsplit(")", 1)[1].split()
        except OSError:
            continue
        if int(entry.name) == pid or int(fields[1]) == pid:
            total += (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    return total


def cpu_per_message(messages: Sequence[bytes], warm_up: int = 100) -> float:
    """CPU milliseconds that rspamd spends on one of the messages, on average, after a warm-up.

    Raises RuntimeError when it does not come up or does not answer.
    """
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)
        port = free_port()
        modules = "\n".join(f"{module} {{ enabled = false; }}" for module in _OFF)
        config = folder / "rspamd.conf"
        names = _NoNames()
        names.start()
        config.write_text(_CONFIG.format(folder=folder, port=port, dns=names.port, modules=modules))
        process = subprocess.Popen(
            ["rspamd", "-f", "-i", "-c", str(config), "--var", f"DBDIR={folder}", "--var", f"RUNDIR={folder}"],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            _wait(port, process, folder)
            _settle(process.pid)
            for message in messages[:warm_up]:
                _check(port, message)
            _settle(process.pid)
            before = cpu_seconds(process.pid)
            for message in messages:
                _check(port, message)
            return (cpu_seconds(process.pid) - before) * 1000 / len(messages)
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(10)
            names.close()


def _wait(port: int, process: subprocess.Popen[bytes], folder: Path) -> None:
    for _ in range(300):
        if process.poll() is not None:
            break
        try:
            with socket.create_connection(("127.0.0.1", port), 0.2):
                return
        except OSError:
            time.sleep(0.1)
    log = folder / "rspamd.log"
    raise RuntimeError(f"rspamd did not start: {log.read_text()[-2000:] if log.exists() else process.returncode}")


def _settle(pid: int) -> None:
    """Wait until its helper has compiled the patterns, which is not grading."""
    for _ in range(60):
        before = cpu_seconds(pid)
        time.sleep(1)
        if cpu_seconds(pid) - before < 0.03:
            return


def _check(port: int, message: bytes) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        connection.request("POST", "/checkv2", body=message)
        answer = connection.getresponse()
        answer.read()
        if answer.status != 200:
            raise RuntimeError(f"rspamd answered {answer.status}")
    finally:
        connection.close()
