"""Connections over a real socket that send too much, too slowly or not at all, or do not read; and honest ones beside them."""

import contextlib
import re
import shutil
import socket
import subprocess
import threading
import time
from urllib.parse import quote

import pytest
import uvicorn
from conftest import ROOT

from api import connections
from api.connections import Connections
from api.server import ending_server
from api.settings import load_settings

LINE = b"GET / HTTP/1.1\r\nHost: a\r\n"
# Far above what any answer here takes
LIMIT_S = 10


async def app(scope, receive, send):
    """Says what it was asked; ``/big`` is 20 MB, ``/early`` does not wait for the body, ``/hold`` answers after a second,
    ``/block`` stops all the others for a second, ``/path/`` says its query."""
    if scope["type"] != "http":
        return
    n_bytes = 0
    if scope["path"] != "/early":
        while True:
            message = await receive()
            n_bytes += len(message.get("body", b""))
            if not message.get("more_body"):
                break
    if scope["path"] == "/block":
        time.sleep(1)
    if scope["path"] == "/hold":
        import asyncio

        await asyncio.sleep(1)
    text = f"{scope['method']} {len(scope['headers'])} {n_bytes}\n".encode()
    if scope["path"] == "/path/":
        text = scope["query_string"].removeprefix(b"q=") + b"\n"
    if scope["path"] == "/big":
        text = b"x" * 20_000_000
    headers = [(b"content-length", str(len(text)).encode())]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": text})


@pytest.fixture
def quick(monkeypatch):
    """The limits, shortened so that a test need not wait for them."""
    monkeypatch.setattr(connections, "HEAD_S", 0.6)
    monkeypatch.setattr(connections, "RATE_WINDOW_S", 0.6)
    monkeypatch.setattr(connections, "MIN_BYTES_PER_S", 10_000)
    monkeypatch.setattr(connections, "_LEFTOVER_S", 0.3)
    monkeypatch.setattr(connections, "_LOOK_S", 0.1)


@contextlib.contextmanager
def serving(most=1000, per_address=1000):
    held = Connections(most, per_address)
    with socket.create_server(("127.0.0.1", 0), backlog=512) as listener:
        config = uvicorn.Config(
            app, http=held.protocol(), ws="none", log_config=None, lifespan="off"
        )
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
        thread.start()
        try:
            yield listener.getsockname()
        finally:
            server.force_exit = server.should_exit = True
            thread.join(LIMIT_S)


@pytest.fixture
def address(quick):
    with serving() as one:
        yield one


def connected(address):
    one = socket.create_connection(address, timeout=LIMIT_S)
    one.settimeout(LIMIT_S)
    return one


def rest(one):
    """All that comes until the other side closes; an abrupt end is one, too."""
    found = b""
    with contextlib.suppress(ConnectionError):
        while piece := one.recv(65_536):
            found += piece
    return found


def answer(address, request=LINE + b"Connection: close\r\n\r\n"):
    with connected(address) as one:
        one.sendall(request)
        return rest(one)


@pytest.mark.parametrize("begun", [b"", b"G", LINE, LINE + b"A: b\r\n"])
def test_a_head_that_does_not_end_has_a_deadline(address, begun):
    with connected(address) as one:
        one.sendall(begun)
        began = time.monotonic()
        assert rest(one) == b""
        assert 0.5 < time.monotonic() - began < 3
    assert b"200 OK" in answer(address)


def test_a_head_that_trickles_has_the_same_deadline(address):
    with connected(address) as one:
        began = time.monotonic()
        with contextlib.suppress(ConnectionError):
            while time.monotonic() - began < 5:
                one.sendall(b"G")
                time.sleep(0.05)
        assert time.monotonic() - began < 3


@pytest.mark.parametrize(
    "head",
    [
        LINE + b"A: " + b"x" * 200_000,
        LINE + b"".join(b"A%d: b\r\n" % n for n in range(200)) + b"\r\n",
        LINE + b"".join(b"A%d: %s\r\n" % (n, b"y" * 2000) for n in range(60)) + b"\r\n",
        b"GET /" + b"z" * 100_000 + b" HTTP/1.1\r\nHost: a\r\n\r\n",
        b"GET /?" + b"z" * 65_536,
    ],
    ids=["one endless row", "many rows", "many long rows", "a long address", "endless address"],
)
def test_a_head_is_bounded(address, head):
    with connected(address) as one:
        with contextlib.suppress(ConnectionError):
            one.sendall(head)
        told = rest(one)
    assert told.startswith(b"HTTP/1.1 431 ")
    assert int(told.split(b"content-length: ")[1].split(b"\r\n")[0]) == len(
        told.split(b"\r\n\r\n")[1]
    )
    assert b"200 OK" in answer(address)


def test_a_head_below_the_limit_is_taken(address):
    assert b"GET 61 0" in answer(
        address,
        LINE
        + b"".join(b"A%d: %s\r\n" % (n, b"y" * 900) for n in range(59))
        + b"Connection: close\r\n\r\n",
    )


def test_what_comes_behind_a_body_is_no_header(address):
    trailers = b"".join(b"A%d: b\r\n" % n for n in range(50))
    told = answer(
        address,
        b"POST / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n"
        b"3\r\nabc\r\n0\r\n" + trailers + b"\r\n",
    )
    assert b"POST 3 3" in told


def test_a_body_that_trickles_is_not_waited_for(address):
    with connected(address) as one:
        one.sendall(b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000\r\n\r\n")
        began = time.monotonic()
        with contextlib.suppress(ConnectionError):
            while time.monotonic() - began < 5:
                one.sendall(b"x" * 100)
                time.sleep(0.05)
        assert time.monotonic() - began < 4


def test_a_body_that_comes_steadily_is_taken_however_long_it_takes(address):
    with connected(address) as one:
        one.sendall(
            b"POST / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 100000\r\n\r\n"
        )
        for _ in range(25):
            one.sendall(b"x" * 4000)
            time.sleep(0.08)
        assert b"POST 3 100000" in rest(one)


def test_a_response_that_nobody_reads_is_ended(address):
    with connected(address) as one:
        one.sendall(LINE.replace(b"/ ", b"/big ") + b"\r\n")
        time.sleep(2.5)
        assert len(rest(one)) < 20_000_000


def test_a_response_that_is_read_slowly_but_steadily_is_whole(address):
    with connected(address) as one:
        one.sendall(LINE.replace(b"/ ", b"/big ") + b"Connection: close\r\n\r\n")
        n_bytes = 0
        while piece := one.recv(1_000_000):
            n_bytes += len(piece)
            time.sleep(0.01)
    assert n_bytes > 20_000_000


def test_the_rest_of_a_body_that_was_answered_before_its_end_is_not_read_for_long(address):
    with connected(address) as one:
        one.sendall(b"POST /early HTTP/1.1\r\nHost: a\r\nContent-Length: 100000000\r\n\r\nabc")
        assert b"200 OK" in one.recv(1000)
        began = time.monotonic()
        with contextlib.suppress(ConnectionError):
            while time.monotonic() - began < 5:
                one.sendall(b"x" * 1000)
                time.sleep(0.02)
        assert time.monotonic() - began < 3


def test_requests_one_after_another_and_at_once_keep_their_headers(address):
    both = LINE.replace(b"/ ", b"/hold ") + b"\r\n" + LINE + b"A: b\r\nConnection: close\r\n\r\n"
    told = answer(address, both)
    assert (b"GET 1 0" in told, b"GET 3 0" in told) == (True, True)
    with connected(address) as one:
        for _ in range(3):
            one.sendall(LINE + b"\r\n")
            assert b"GET 1 0" in one.recv(1000)
            time.sleep(0.8)  # longer than a head may take: between two requests more time is given


@pytest.mark.parametrize("sent", ["señal", "a%C3%B1o", "naïve café"])
def test_an_address_may_be_typed_as_it_is(address, sent):
    """curl sends a query in the bytes of the terminal."""
    line = f"GET /path/?q={sent.replace(' ', '+')} HTTP/1.1\r\nHost: a\r\n".encode()
    with connected(address) as one:
        for _ in range(2):
            one.sendall(line + b"\r\n")
            told = one.recv(1000)
            assert b"200 OK" in told
            assert told.endswith(quote(sent.replace(" ", "+"), safe="%+").encode() + b"\n")


def test_a_request_that_is_worked_on_is_not_taken_for_a_slow_head(address):
    assert b"GET 2 0" in answer(
        address, LINE.replace(b"/ ", b"/hold ") + b"Connection: close\r\n\r\n"
    )


def test_whoever_has_asked_before_the_end_is_answered_and_nobody_else_is_waited_for():
    with socket.create_server(("127.0.0.1", 0), backlog=512) as listener:
        held = Connections(1000, 1000).protocol()
        how = {"ws": "none", "log_config": None, "lifespan": "off"}
        server = ending_server(uvicorn.Config(app, http=held, timeout_graceful_shutdown=5, **how))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
        thread.start()
        address = listener.getsockname()
        with contextlib.ExitStack() as open_ones:
            silent = open_ones.enter_context(connected(address))
            kept = open_ones.enter_context(connected(address))
            kept.sendall(LINE + b"\r\n")
            assert b"GET 1 0" in kept.recv(1000)
            busy, *asked = [open_ones.enter_context(connected(address)) for _ in range(31)]
            time.sleep(0.3)
            busy.sendall(LINE.replace(b"/ ", b"/block ") + b"\r\n")
            time.sleep(0.3)
            # Sent while nothing is read, some on connections that are not even taken up
            asked += [open_ones.enter_context(connected(address)) for _ in range(30)]
            for one in (*asked, kept):
                one.sendall(LINE + b"\r\n")
            server.should_exit = True
            for one in (busy, kept, *asked):
                assert b"GET 1 0" in rest(one)
            assert rest(silent) == b""
        thread.join(LIMIT_S)
        assert not thread.is_alive()


def test_idle_connections_make_room_for_a_new_one(quick, monkeypatch):
    monkeypatch.setattr(connections, "HEAD_S", 60)
    with serving(most=50) as address, contextlib.ExitStack() as stack:
        busy = stack.enter_context(connected(address))
        busy.sendall(LINE.replace(b"/ ", b"/hold ") + b"Connection: close\r\n\r\n")
        for _ in range(200):
            stack.enter_context(connected(address))
        began = time.monotonic()
        assert b"200 OK" in answer(address)
        assert time.monotonic() - began < 5
        assert b"200 OK" in rest(busy)


@pytest.mark.parametrize(
    "sent",
    [
        b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100000\r\n\r\n{",
        LINE.replace(b"/ ", b"/big ") + b"\r\n",
    ],
    ids=["bodies that do not come", "responses that are not read"],
)
def test_those_that_keep_others_waiting_make_room_too(monkeypatch, sent):
    monkeypatch.setattr(connections, "_BEHIND_S", 0.2)
    with serving(most=30) as address, contextlib.ExitStack() as stack:
        for _ in range(60):
            one = stack.enter_context(connected(address))
            with contextlib.suppress(ConnectionError):
                one.sendall(sent)
        time.sleep(0.5)
        began = time.monotonic()
        told = b""
        while b"200 OK" not in told and time.monotonic() - began < 5:
            with contextlib.suppress(ConnectionError):
                told = answer(address)
        assert b"200 OK" in told


def test_whoever_asks_without_end_and_reads_nothing_is_ended(address):
    with connected(address) as one:
        with contextlib.suppress(ConnectionError):
            one.sendall((LINE + b"\r\n") * 100)
        assert rest(one).count(b"200 OK") < 100


def test_one_address_has_its_own_limit_unless_it_is_shared(quick, monkeypatch):
    request = LINE.replace(b"/ ", b"/hold ") + b"Connection: close\r\n\r\n"
    told = {}
    for shared in (True, False):
        monkeypatch.setattr(Connections, "_is_shared", lambda self, address, shared=shared: shared)
        with serving(per_address=3) as address, contextlib.ExitStack() as stack:
            ones = [stack.enter_context(connected(address)) for _ in range(6)]
            for one in ones:
                with contextlib.suppress(ConnectionError):
                    one.sendall(request)
                time.sleep(0.02)
            told[shared] = sum(b"200 OK" in rest(one) for one in ones)
    assert told == {True: 6, False: 3}


def test_what_is_counted_is_let_go(quick):
    held = Connections(10, 10)

    class One:
        loop = None
        phase = "idle"
        address = "192.0.2.1"

    held._looking = object()
    ones = [One() for _ in range(10)]
    assert all(held.admit(one, one.address) for one in ones)
    for one in ones:
        held.leave(one, one.address)
        held.leave(one, one.address)
    assert not held._addresses
    assert not held._open


@pytest.mark.parametrize("name", ["nginx.conf", "Caddyfile"])
def test_the_files_for_proxies_have_the_limits_of_the_service(name):
    text = (ROOT / "api" / "proxies" / name).read_text("utf-8")
    settings = load_settings({})
    assert re.search(rf"(client_max_body_size|max_size) {settings.max_upload_mb}(m|MiB)", text)
    assert re.search(rf"(client_header_timeout|read_header) {connections.HEAD_S:.0f}s", text)
    assert "FUENTE_TRUSTED_PROXIES=127.0.0.1" in text
    assert f"127.0.0.1:{settings.port}" in text
    if name == "nginx.conf":
        assert f"limit_conn fuente_connections {settings.max_connections_per_address};" in text
        assert f"proxy_read_timeout {connections.REQUEST_S / 3600:.0f}h;" in text
    else:
        assert f"max_header_size {connections.MAX_HEAD_BYTES // 1024}KiB" in text


@pytest.mark.skipif(not shutil.which("nginx"), reason="nginx is not installed")
def test_nginx_takes_its_file_and_passes_requests_on(quick, tmp_path):
    with serving() as (host, port), socket.create_server(("127.0.0.1", 0)) as free:
        door = free.getsockname()[1]
        free.close()
        text = (ROOT / "api" / "proxies" / "nginx.conf").read_text("utf-8")
        text = text.replace("127.0.0.1:8000", f"{host}:{port}").replace(
            "listen 443 ssl", f"listen 127.0.0.1:{door}"
        )
        text = re.sub(r"ssl_certificate.*", "", text)
        config = tmp_path / "nginx.conf"
        config.write_text(
            f"daemon off; pid {tmp_path}/pid; error_log {tmp_path}/error.log; worker_processes 1;\n"
            f"events {{}}\nhttp {{ access_log off; client_body_temp_path {tmp_path}/b;\n{text}\n}}\n"
        )
        nginx = subprocess.Popen(["nginx", "-p", str(tmp_path), "-c", str(config)])
        try:
            deadline = time.monotonic() + LIMIT_S
            told = b""
            while b"200" not in told and time.monotonic() < deadline:
                with contextlib.suppress(ConnectionError):
                    told = answer(("127.0.0.1", door))
            assert b"200 OK" in told
            over = answer(
                ("127.0.0.1", door),
                b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 60000000\r\n\r\n",
            )
            assert b" 413 " in over
        finally:
            nginx.terminate()
            nginx.wait(LIMIT_S)
