"""Other people's servers are asked at public addresses alone, and never for long."""

import gzip
import socket
import threading
from contextlib import closing, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from publisher.fetching import Fetcher, Unanswered, is_public

NEAR = Fetcher("tests", patience=5, private=True)


@contextmanager
def serving(pages):
    """A web server: `pages` gives status and headers by path; yields its address, and what came."""
    came = []

    class Handler(BaseHTTPRequestHandler):
        def do_HEAD(self):
            came.append((self.command, self.path, self.headers["User-Agent"]))
            status, headers = pages.get(self.path, (404, {}))
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.end_headers()

        def do_GET(self):
            self.do_HEAD()
            self.wfile.write(b"0123456789" * 1000)

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", came
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@contextmanager
def saying(words):
    """A server that reads a question, and says bytes, or does what is told; yields its address."""
    with closing(socket.create_server(("127.0.0.1", 0))) as server:

        def answer():
            line, _ = server.accept()
            with line:
                line.recv(10_000)
                words(line) if callable(words) else line.sendall(words)

        thread = threading.Thread(target=answer)
        thread.start()
        yield f"http://127.0.0.1:{server.getsockname()[1]}/"
        thread.join()


def test_redirects_are_followed_and_those_for_good_are_told():
    pages = {
        "/old": (301, {"Location": "/new"}),
        "/new": (302, {"Location": "/today?a=1&b=ü"}),
        "/today?a=1&b=%C3%BC": (200, {}),
        "/now": (302, {"Location": "/old"}),
    }
    with serving(pages) as (root, came):
        answer = NEAR.ask(f"{root}/old#part")
        assert (answer.status, answer.moved) == (200, f"{root}/new")
        assert NEAR.ask(f"{root}/now").moved == ""
        assert [path for _, path, _ in came][:3] == ["/old", "/new", "/today?a=1&b=%C3%BC"]
        assert {(how, who) for how, _, who in came} == {("HEAD", "tests")}


def test_so_many_bytes_of_a_body_are_read_and_no_more():
    with serving({"/": (200, {"Content-Type": "text/plain"})}) as (root, _):
        answer = Fetcher("tests", most=25, private=True).ask(root, "GET")
        assert (answer.body, answer.headers["content-type"]) == (
            b"0123456789012345678901234",
            "text/plain",
        )


def test_what_leads_on_and_on_ends():
    with serving({"/": (302, {"Location": "/"})}) as (root, came):
        with pytest.raises(Unanswered, match="more than 5 times"):
            NEAR.ask(root)
        assert len(came) == 6


@pytest.mark.parametrize("location", ["//[x/", "http://[::1", "file:///etc/passwd", "http://a b/"])
def test_what_leads_to_no_web_address_ends_there(location):
    with (
        serving({"/": (302, {"Location": location})}) as (root, _),
        pytest.raises(Unanswered, match="no web address"),
    ):
        NEAR.ask(root)


@pytest.mark.parametrize(
    "url",
    ["file:///etc/passwd", "gopher://x.example/", "http://", "http://a b/", "http://x.example:99999/", "//x"],
)  # fmt: skip
def test_what_is_no_web_address_is_not_asked(url):
    with pytest.raises(Unanswered, match="no web address") as caught:
        NEAR.ask(url)
    assert caught.value.is_final


def test_no_redirect_leads_into_a_private_network(monkeypatch):
    """Not by the address itself, and not by a name that DNS has there."""
    with serving({"/": (302, {"Location": "http://inside.example/"})}) as (root, _):
        port = int(root.rpartition(":")[2])
        real = socket.getaddrinfo
        asked = []

        def getaddrinfo(host, *rest, **more):
            asked.append(host)
            return real("10.0.0.1" if host == "inside.example" else "127.0.0.1", *rest, **more)

        monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
        monkeypatch.setattr("publisher.fetching.is_public", lambda one: one == "127.0.0.1")
        with pytest.raises(Unanswered, match="a private network") as caught:
            Fetcher("tests").ask(f"http://outside.example:{port}/")
        assert caught.value.is_final
        names = [one for one in asked if one.endswith(".example")]
        assert names == ["outside.example", "inside.example"]


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "10.1.2.3", "192.168.0.1", "172.16.0.1", "169.254.169.254", "100.64.0.1",
        "0.0.0.0", "255.255.255.255", "224.0.0.1", "::1", "::", "fe80::1%eth0", "fc00::1",
        "::127.0.0.1", "::ffff:0:127.0.0.1", "64:ff9b:1::10.0.0.1", "fec0::1", "5f00::1",
        "::ffff:127.0.0.1", "::ffff:169.254.169.254", "2002:7f00:1::", "64:ff9b::7f00:1", "ff02::1",
        "no address",
    ],
)  # fmt: skip
def test_an_address_that_not_all_the_internet_has_is_not_public(address):
    assert not is_public(address)


@pytest.mark.parametrize("address", ["93.184.215.14", "2606:2800:21f::1", "64:ff9b::5db8:d70e"])
def test_others_are(address):
    assert is_public(address)


@pytest.mark.parametrize(
    ("says", "why"),
    [
        (b"", "the line broke"),
        (b"\x00\x01 nonsense\r\n\r\n", "the line broke"),
        (b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 200 + b"\r\n", "the line broke"),
        (b"HTTP/1.1 200 OK\r\nX: " + b"y" * 70_000 + b"\r\n\r\n", "the line broke"),
    ],
)
def test_a_server_that_speaks_something_else_is_named(says, why):
    with saying(says) as url, pytest.raises(Unanswered, match=why):
        NEAR.ask(url)


PACKED = gzip.compress(b"<rss>a feed</rss>", mtime=0)
ZIPPED = b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n"


@pytest.mark.parametrize(
    "says",
    [
        b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n<rss><channel>",
        ZIPPED + b"Content-Length: 500\r\n\r\n" + PACKED,
        ZIPPED + b"\r\n" + PACKED[:-9],
    ],
    ids=["a body", "a packed body", "what was packed"],
)
def test_half_an_answer_is_none(says):
    with saying(says) as url, pytest.raises(Unanswered, match="its answer broke off"):
        Fetcher("tests", most=1000, private=True).ask(url, "GET")


def test_a_whole_one_is_unpacked_also_where_nothing_was_packed():
    fetcher = Fetcher("tests", most=1000, private=True)
    with saying(ZIPPED + b"\r\n" + PACKED) as url:
        assert fetcher.ask(url, "GET").body == b"<rss>a feed</rss>"
    with saying(b"HTTP/1.1 304 Not Modified\r\nContent-Encoding: gzip\r\n\r\n") as url:
        assert fetcher.ask(url, "GET").body == b""


def test_what_had_come_when_patience_was_over_is_no_answer():
    over = threading.Event()

    def drip(line):
        line.sendall(b"HTTP/1.1 200 OK\r\n\r\n<rss>")
        while not over.wait(0.02):
            try:
                line.sendall(b" ")
            except OSError:
                break

    with (
        saying(drip) as url,
        pytest.raises(Unanswered, match=r"no answer within|the line broke"),
    ):
        Fetcher("tests", patience=0.2, most=1_000_000, private=True).ask(url, "GET")
    over.set()


def test_one_that_is_silent_and_one_that_drips_cost_their_time_and_no_more():
    over = threading.Event()
    with closing(socket.create_server(("127.0.0.1", 0))) as server:
        root = f"http://127.0.0.1:{server.getsockname()[1]}/"

        def drip():
            for said in (b"", b"X"):
                line, _ = server.accept()
                with line:
                    while not over.wait(0.02):
                        try:
                            line.sendall(said)
                        except OSError:
                            break
                        if not said and line.recv(10_000) == b"":
                            break

        thread = threading.Thread(target=drip)
        thread.start()
        quick = Fetcher("tests", patience=0.2, private=True)
        with pytest.raises(Unanswered, match="no answer"):
            quick.ask(root)
        with pytest.raises(Unanswered):
            quick.ask(root)
        over.set()
        thread.join()


def test_nobody_there_is_said_so():
    with closing(socket.create_server(("127.0.0.1", 0))) as server:
        port = server.getsockname()[1]
    with pytest.raises(Unanswered, match="nobody listens"):
        NEAR.ask(f"http://127.0.0.1:{port}/")


def test_plain_words_on_the_port_for_tls_are_no_answer():
    with serving({}) as (root, _), pytest.raises(Unanswered, match=r"TLS|broke"):
        NEAR.ask(root.replace("http:", "https:"))
