"""Many at once, and requests that are meant to be two: over a real socket."""

import http.client
import os
import re
import socket
import subprocess
import sys
import threading
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

import pytest

from publisher.web import connection
from publisher.web.clients import Proxies
from publisher.web.door import Door
from publisher.web.server import Server, listening

HELLO = [b"HTTP/1.1 200 OK"]


async def hello(_scope, receive, send):
    while (await receive()).get("more_body"):
        pass
    await send(
        {"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"5")]}
    )
    await send({"type": "http.response.body", "body": b"hello"})


@contextmanager
def served(app=hello, door=None, shortcuts=None):
    with listening("127.0.0.1", 0) as where:
        one = Server(app, where, door, shortcuts)
    stop = threading.Event()
    thread = threading.Thread(target=one.run, args=(stop.is_set,))
    thread.start()
    try:
        yield one.port
    finally:
        stop.set()
        thread.join()


def connected(port):
    return socket.create_connection(("127.0.0.1", port), timeout=10)


def answers(port, request):
    """The status lines of all that comes back until the server hangs up, or falls silent."""
    with connected(port) as line:
        line.sendall(request)
        line.settimeout(2)
        data = b""
        with suppress(TimeoutError, ConnectionResetError):
            while more := line.recv(65536):
                data += more
            data += b"(closed)"
    return re.findall(rb"HTTP/1\.1 (\d+)", data), data.endswith(b"(closed)")


HIDDEN = b"GET /hidden HTTP/1.1\r\nHost: x\r\n\r\n"
CHUNK = b"0\r\n\r\n"


@pytest.mark.parametrize(
    "head",
    [
        b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\nTransfer-Encoding: chunked\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nContent-Length: %d\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\ncontent-length: %d\r\ntransfer-encoding: Chunked\r\n\r\n",
    ],
)
def test_a_request_whose_end_is_said_in_two_ways_is_refused_and_the_line_closed(head):
    with served() as port:
        request = head % (len(CHUNK) + len(HIDDEN)) + CHUNK + HIDDEN
        assert answers(port, request) == ([b"400"], True)


@pytest.mark.parametrize(
    "head",
    [
        b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked, chunked\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: gzip\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: xchunked\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5, 6\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: +5\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length : 5\r\n\r\n",
        b"POST / HTTP/1.0\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n",
    ],
)
def test_a_length_that_can_be_read_in_two_ways_ends_the_connection(head):
    with served() as port:
        found, closed = answers(port, head + CHUNK + HIDDEN)
        assert (len(found), found[0][:1], closed) == (1, b"4", True) or found == [b"501"]


def test_chunks_alone_and_a_length_alone_are_fine_and_the_line_stays_open():
    with served() as port:
        chunked = b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n" + CHUNK
        length = b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\nab"
        last = b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
        assert answers(port, chunked + length + last) == ([b"200"] * 3, True)


def test_more_connections_than_there_is_room_for_are_told_so_and_those_inside_go_on():
    refused = []
    door = Door(3, refused=refused.append)
    with served(door=door) as port, ExitStack() as lines:
        inside = [lines.enter_context(connected(port)) for _ in range(3)]
        for line in inside:
            line.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
            assert line.recv(15) == b"HTTP/1.1 200 OK"
        assert answers(port, b"GET / HTTP/1.1\r\nHost: x\r\n\r\n") == ([b"503"], True)
        assert refused == [503]
        while inside[0].recv(4096)[-5:] != b"hello":
            pass
        inside[0].sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        assert inside[0].recv(15) == b"HTTP/1.1 200 OK"
        inside[1].close()
        for _ in range(100):  # until the server has noticed
            if answers(port, b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")[0] == [
                b"200"
            ]:
                break
        else:
            pytest.fail("there is room, and nobody is let in")


def test_who_is_refused_and_says_nothing_is_let_go(monkeypatch):
    monkeypatch.setattr(connection, "_HEADS", 0.3)
    monkeypatch.setattr(connection, "_REFUSED", 2)
    with served(door=Door(0)) as port, ExitStack() as lines:
        for line in [lines.enter_context(connected(port)) for _ in range(6)]:
            with suppress(ConnectionResetError):
                assert line.recv(1) == b""


def test_through_a_web_server_in_front_one_client_has_so_many_requests_at_a_time():
    go_on = threading.Event()

    async def slow(scope, receive, send):
        import asyncio

        await asyncio.to_thread(go_on.wait, 20)
        await hello(scope, receive, send)

    door = Door(100, 2, Proxies())
    ask = b"GET / HTTP/1.1\r\nHost: x\r\nX-Forwarded-For: %b\r\nConnection: close\r\n\r\n"
    with served(door.around(slow), door) as port, ExitStack() as lines:
        waiting = [lines.enter_context(connected(port)) for _ in range(2)]
        for line in waiting:
            line.sendall(ask % b"192.0.2.1")
        for _ in range(200):
            if answers_now(port, ask % b"192.0.2.1") == b"429":
                break
        else:
            pytest.fail("a third request of one client was not refused")
        go_on.set()
        assert answers(port, ask % b"192.0.2.2")[0] == [b"200"]
        assert [line.recv(12)[9:] for line in waiting] == [b"200", b"200"]


def answers_now(port, request):
    """The status of an answer that comes within a moment, b"" for none."""
    with connected(port) as line:
        line.sendall(request)
        line.settimeout(0.2)
        with suppress(TimeoutError):
            return line.recv(12)[9:]
    return b""


def test_a_connection_that_is_used_outlives_the_time_for_its_first_head(monkeypatch):
    monkeypatch.setattr(connection, "_HEADS", 0.05)
    with served() as port:
        client = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        for _ in range(500):
            client.request("GET", "/")
            assert client.getresponse().read() == b"hello"
        client.close()


@pytest.mark.pages
@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="there is no /proc")
def test_a_hundred_slow_readers_of_a_large_file_cost_a_bounded_buffer_each(site):
    site.story("a")
    (site.root / "static").mkdir()
    (site.root / "static/big.bin").write_bytes(os.urandom(3_900_000))
    site.build()
    process = subprocess.Popen(
        [sys.executable, "-m", "publisher", "-C", str(site.root), "serve", "--port", "0"],
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        port = int(re.search(r":(\d+)/", process.stderr.readline())[1])
        ask = b"GET /big.bin HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
        assert answers(port, ask) == ([b"200"], True)
        before = megabytes(process.pid)
        with ExitStack() as lines:
            for _ in range(100):
                line = lines.enter_context(socket.socket())
                line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
                line.settimeout(30)
                line.connect(("127.0.0.1", port))
                line.sendall(ask)
                assert line.recv(12) == b"HTTP/1.1 200"
            assert megabytes(process.pid) - before < 40  # it was 390: the whole file for each
        assert answers(port, ask) == ([b"200"], True)
    finally:
        process.terminate()
        process.wait()
        process.stderr.close()


def megabytes(pid):
    return int(re.search(r"VmRSS:\s+(\d+)", Path(f"/proc/{pid}/status").read_text())[1]) / 1024
