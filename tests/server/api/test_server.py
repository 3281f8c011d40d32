"""The real server in its own processes: durability, slow and greedy clients, stuck workers, shared counters."""

from __future__ import annotations

import base64
import http.client
import json
import os
import re
import signal
import socket
import threading
import time
import uuid
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, text

pytestmark = pytest.mark.slow

MAIL = b"From: Ana <ana@acme.example>\nSubject: valves\n\nPlease quote 500 pcs of gate valve DN50.\n"
MakeServer = Callable[..., Any]


def ask(server: Any, method: str, path: str, body: Any = None, kind: str = "message/rfc822", **headers: str) -> Any:
    """Status, headers and body of one request on a connection of its own."""
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)
    try:
        sent = (
            {"Authorization": f"Bearer {server.token}"} | ({"Content-Type": kind} if body is not None else {}) | headers
        )
        connection.request(method, path, body, sent)
        answer = connection.getresponse()
        return answer.status, answer.headers, answer.read()
    finally:
        connection.close()


def grade(server: Any) -> int:
    return int(ask(server, "POST", "/api/v1/grade", MAIL)[0])


def unseen() -> bytes:
    """A message that was not graded before: it counts."""
    return MAIL + uuid.uuid4().hex.encode()


def test_acknowledged_is_durable(make_server: MakeServer) -> None:
    """kill -9 in the middle of many requests: each id that was answered is there afterwards."""
    server = make_server()
    acknowledged: list[str] = []
    going = threading.Event()

    def client(number: int) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)
        headers = {"Authorization": f"Bearer {server.token}", "Content-Type": "message/rfc822"}
        try:
            while True:
                connection.request("POST", "/api/v1/grade", unseen(), headers)
                answer = connection.getresponse()
                body = answer.read()
                assert answer.status == 200, body
                acknowledged.append(json.loads(body)["id"])
                if len(acknowledged) > 100:
                    going.set()
        except (OSError, http.client.HTTPException):
            return
        finally:
            connection.close()

    def batches() -> None:
        def line() -> bytes:
            return json.dumps({"id": "x", "raw": base64.b64encode(unseen()).decode()}).encode() + b"\n"

        connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)
        headers = {"Authorization": f"Bearer {server.token}", "Content-Type": "application/x-ndjson"}
        try:
            while True:
                connection.request("POST", "/api/v1/grade/batch", b"".join(line() for _ in range(200)), headers)
                answer = connection.getresponse()
                for got in answer:
                    acknowledged.append(json.loads(got)["verdict_id"])
        except (OSError, http.client.HTTPException, json.JSONDecodeError):
            return
        finally:
            connection.close()

    threads = [threading.Thread(target=client, args=(i,)) for i in range(8)] + [threading.Thread(target=batches)]
    for thread in threads:
        thread.start()
    assert going.wait(30)
    time.sleep(0.3)
    server.kill()
    for thread in threads:
        thread.join(15)
    assert len(acknowledged) > 100
    server.start()
    engine = create_engine(server.database)
    with engine.connect() as database:
        kept = set(database.scalars(text("SELECT id FROM verdicts")))
        if engine.name == "sqlite":
            assert database.scalar(text("PRAGMA integrity_check")) == "ok"
    engine.dispose()
    assert [i for i in acknowledged if i not in kept] == []
    assert ask(server, "GET", f"/api/v1/verdicts/{acknowledged[-1]}")[0] == 200
    status, _, body = ask(server, "GET", "/api/v1/senders/ana@acme.example")
    assert status == 200
    assert json.loads(body)["messages"] == len(kept), "counts and verdicts are one transaction"


def test_feedback_and_pairing_are_durable(make_server: MakeServer) -> None:
    server = make_server()
    verdict = json.loads(ask(server, "POST", "/api/v1/grade", MAIL)[2])["id"]
    body = json.dumps({"label": "genuine"})
    assert ask(server, "POST", f"/api/v1/verdicts/{verdict}/feedback", body, "application/json")[0] == 201
    code = server.run("pair", "laptop")
    status, _, paired = ask(server, "POST", "/api/v1/pair", json.dumps({"code": code}), "application/json")
    assert status == 201
    server.kill()
    server.start()
    kept = json.loads(ask(server, "GET", f"/api/v1/verdicts/{verdict}")[2])
    assert [f["label"] for f in kept["feedback"]] == ["genuine"]
    server.token = json.loads(paired)["token"]
    assert grade(server) == 200
    assert ask(server, "POST", "/api/v1/pair", json.dumps({"code": code}), "application/json")[0] == 403


def test_revoking_reaches_all_workers(make_server: MakeServer) -> None:
    server = make_server(SERVER__WORKERS="2")
    assert {grade(server) for _ in range(10)} == {200}
    server.run("token", "revoke", "test")
    time.sleep(1.1)
    assert {grade(server) for _ in range(10)} == {401}


def test_body_of_26_megabytes(make_server: MakeServer) -> None:
    server = make_server()
    status, headers, body = ask(server, "POST", "/api/v1/grade", MAIL + b"x" * (26 * 1024 * 1024))
    assert (status, json.loads(body)["code"]) == (413, "body_too_large")
    assert headers.get_content_type() == "application/problem+json"

    def chunks() -> Iterable[bytes]:
        for _ in range(26 * 16):
            yield b"x" * 65536

    status, _, body = ask(server, "POST", "/api/v1/grade", chunks())
    assert (status, json.loads(body)["code"]) == (413, "body_too_large")
    assert grade(server) == 200


def test_one_message_of_24_megabytes_is_graded(make_server: MakeServer) -> None:
    server = make_server(GRADING__CPU_SECONDS="5")
    head = b"From: a@b.example\nContent-Type: application/pdf; name=a.pdf\nContent-Transfer-Encoding: base64\n\n"
    status, _, body = ask(server, "POST", "/api/v1/grade", head + (b"QUJD" * 19 + b"\n") * (24 * 1024 * 1024 // 77))
    assert status == 200, body
    assert json.loads(body)["facts"]["attachments"][0]["name"] == "a.pdf"


def test_slow_clients_do_not_keep_others_waiting(make_server: MakeServer) -> None:
    """More dawdling clients than threads: they are let go, and the next message is served."""
    server = make_server(SERVER__WORKERS="1", SERVER__THREADS="2", GRADING__READ_SECONDS="1")
    head = f"POST /api/v1/grade HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {server.token}\r\n"
    starts = [b"POST /api", (head + "Content-Type: message/rfc822\r\nContent-Length: 1000\r\n\r\nFrom").encode()] * 2
    slow = [socket.create_connection(("127.0.0.1", server.port), 20) for _ in starts]
    for sock, start in zip(slow, starts, strict=True):
        sock.sendall(start)
    begun = time.monotonic()
    assert grade(server) == 200
    assert time.monotonic() - begun < 10
    answers = [b"".join(iter(lambda s=sock: s.recv(65536), b"")) for sock in slow]
    for sock in slow:
        sock.close()
    for answer in answers[1::2]:
        assert answer.startswith(b"HTTP/1.1 408 ")
        assert b'"code":"body_too_slow"' in answer


def test_a_trickle_is_too_slow_as_well(make_server: MakeServer) -> None:
    server = make_server(GRADING__READ_SECONDS="1")
    head = f"POST /api/v1/grade HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {server.token}\r\n"
    with socket.create_connection(("127.0.0.1", server.port), 20) as sock:
        sock.sendall((head + "Content-Type: message/rfc822\r\nContent-Length: 1000\r\n\r\n").encode())
        begun = time.monotonic()
        sock.settimeout(0.1)
        answer = b""
        while not answer and time.monotonic() - begun < 10:
            try:
                sock.sendall(b"x")
                answer = sock.recv(65536)
            except TimeoutError:
                continue
    assert answer.startswith(b"HTTP/1.1 408 ")
    assert time.monotonic() - begun < 5


def test_body_cut_short(make_server: MakeServer) -> None:
    server = make_server()
    head = f"POST /api/v1/grade HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {server.token}\r\n"
    head += "Content-Type: message/rfc822\r\n"
    for body in (
        "Content-Length: 1000\r\n\r\nFrom",
        "Transfer-Encoding: chunked\r\n\r\n5\r\nFrom",
        "Transfer-Encoding: chunked\r\n\r\nzz\r\n",
    ):
        with socket.create_connection(("127.0.0.1", server.port), 10) as sock:
            sock.sendall((head + body).encode())
            sock.shutdown(socket.SHUT_WR)
            assert sock.recv(65536).startswith(b"HTTP/1.1 400 "), body
    assert grade(server) == 200
    assert '"status":500' not in server.log


def test_requests_that_no_route_can_see_are_problems_too(make_server: MakeServer) -> None:
    server = make_server()
    for request, status, code in (
        (b"nonsense\r\n\r\n", 400, "bad_request"),
        (b"POST /api/v1/grade HTTP/1.1\r\nHost: x\r\nContent-Length: -5\r\n\r\n", 400, "bad_request"),
        (b"GET /healthz HTTP/1.1\r\nHost: x\r\nX-Long: " + b"a" * 20_000 + b"\r\n\r\n", 431, "headers_too_large"),
        (b"GET /" + b"a" * 9_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n", 414, "uri_too_long"),
    ):
        with socket.create_connection(("127.0.0.1", server.port), 10) as sock:
            sock.sendall(request)
            answer = http.client.HTTPResponse(sock)
            answer.begin()
            problem = json.loads(answer.read())
        assert (answer.status, problem["status"], problem["code"]) == (status, status, code)
        assert answer.headers["Content-Type"] == "application/problem+json"
    assert grade(server) == 200


def test_concurrent_batches(make_server: MakeServer, message: bytes) -> None:
    server = make_server()

    def batch(name: str) -> list[Any]:
        raw = base64.b64encode(message).decode()
        lines = "".join(json.dumps({"id": f"{name}-{i}", "raw": raw}) + "\n" for i in range(60))
        status, _, body = ask(server, "POST", "/api/v1/grade/batch", lines, "application/x-ndjson")
        assert status == 200
        return [json.loads(line) for line in body.splitlines()]

    with ThreadPoolExecutor(4) as pool:
        results = list(pool.map(batch, "abcd"))
    for name, lines in zip("abcd", results, strict=True):
        assert [line["id"] for line in lines] == [f"{name}-{i}" for i in range(60)]
        assert {line["status"] for line in lines} == {200}
    ids = {line["verdict_id"] for lines in results for line in lines}
    assert len(ids) == 240


def test_batch_is_streamed(make_server: MakeServer) -> None:
    server = make_server()
    line = json.dumps({"id": "x", "raw": base64.b64encode(MAIL).decode()}) + "\n"
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)
    headers = {"Authorization": f"Bearer {server.token}", "Content-Type": "application/x-ndjson"}
    connection.request("POST", "/api/v1/grade/batch", line * 1000, headers)
    begun = time.monotonic()
    answer = connection.getresponse()
    assert json.loads(answer.readline())["line"] == 1
    first = time.monotonic() - begun
    assert len(answer.read().splitlines()) == 999
    assert first < (time.monotonic() - begun) / 2
    connection.close()


def test_metrics_of_all_workers(make_server: MakeServer) -> None:
    server = make_server(SERVER__WORKERS="2")
    assert {grade(server) for _ in range(40)} == {200}
    text = ask(server, "GET", "/metrics")[2].decode()
    found = re.search(r'keeneye_http_requests_total\{method="POST",route="/api/v1/grade",status="200"\} (\S+)', text)
    assert found is not None
    assert float(found[1]) == 40


def test_worker_that_holds_the_interpreter_is_replaced(make_server: MakeServer) -> None:
    """Whatever C code might do: a stopped worker is noticed and another one serves."""
    server = make_server(SERVER__WORKERS="1", GRADING__CPU_SECONDS="0.5")
    assert grade(server) == 200
    pid = server.process.pid
    children = [int(p) for p in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    assert len(children) == 1
    os.kill(children[0], signal.SIGSTOP)
    begun = time.monotonic()
    assert grade(server) == 200
    assert 1 < time.monotonic() - begun < 25


def test_ready_soon_and_ends_cleanly(make_server: MakeServer) -> None:
    server = make_server()
    assert ask(server, "GET", "/readyz")[0] == 200
    server.process.send_signal(signal.SIGTERM)
    assert server.process.wait(15) == 0
    log = [json.loads(line) for line in server.log.splitlines()]
    assert all("event" in line for line in log), "every line is JSON"
    assert not [line for line in log if line["level"] in ("error", "critical")]
