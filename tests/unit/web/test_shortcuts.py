"""The short way to a file answers as the long one does, and nothing that the long one would not."""

import os
import re
import socket
import threading
from contextlib import contextmanager

import pytest
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from publisher.web import server
from publisher.web.clients import Proxies
from publisher.web.counts import Counting
from publisher.web.door import Door
from publisher.web.edges import Edges
from publisher.web.files import Files, Site
from publisher.web.shortcuts import Shortcuts
from tests.acceptance.test_web_crowd import connected, served

LONG = b"<p>Some words of a page.</p>" * 100


class Folder:
    """A folder with files, what is served of it, and how many answers went the short way."""

    def __init__(self, folder, per_client=0):
        self.root, self.short = folder, []
        for name, data in (
            ("story/index.html", LONG), ("404.html", b"<p>Nothing.</p>"), ("pic.png", b"\x89PNG"),
            ("feeds/atom.xml", b"<feed/>" * 100), ("large.txt", os.urandom(400_000)),
            ("form/index.html", b"<p>never seen</p>"),
        ):  # fmt: skip
            self.put(name, data)
        self.door = Door(100, per_client, Proxies())
        self.ways = Shortcuts(lambda *what: self.short.append(what), self.door)

    def put(self, name, data):
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        return path

    @property
    def app(self):
        async def form(_):
            return PlainTextResponse("a form\n")

        feeds = Files(
            self.root / "feeds", lambda path: f"<{path}>", styled=True, led=self.ways.learn
        )
        site = Site(self.root, lambda name: f"default-src 'none'; of {name}", led=self.ways.learn)
        app = Starlette(
            routes=[
                Route("/form", form, methods=["GET", "POST"]),
                Route("/feeds/{path:path}", feeds.answer),
                Route("/{path:path}", site.answer),
            ]
        )
        app.add_middleware(Edges)
        return app

    @contextmanager
    def line(self):
        with (
            served(self.door.around(self.app), self.door, self.ways) as self.port,
            connected(self.port) as line,
        ):
            yield line


@pytest.fixture
def folder(tmp_path):
    return Folder(tmp_path / "web")


def ask(line, path="/story/", method="GET", *headers):
    """All of an answer but its date, which is another one each second."""
    head = "".join(f"{one}\r\n" for one in (f"{method} {path} HTTP/1.1", "Host: x", *headers))
    line.sendall(head.encode() + b"\r\n")
    return answer(line, method)


def answer(line, method="GET"):
    data = b""
    while b"\r\n\r\n" not in data:
        data += line.recv(65536)
    head, _, body = data.partition(b"\r\n\r\n")
    length = re.search(rb"content-length: (\d+)", head)
    size = int(length[1]) if length and method != "HEAD" else 0
    while len(body) < size:
        body += line.recv(65536)
    return re.sub(rb"date: [^\r]+\r\n", b"", head), body


def status(found):
    return int(found[0][9:12])


@pytest.mark.parametrize(
    "path", ["/story", "/pic.png", "/feeds/atom.xml", "/large.txt", "/feeds/%61tom.xml"]
)
def test_the_second_answer_is_the_first_byte_for_byte(folder, path):
    with folder.line() as line:
        first = ask(line, path, "GET", "Accept-Encoding: identity")
        etag = re.search(rb'etag: ("[^\r]+)', first[0])[1].decode()
        cases = [
            (), ("Accept-Encoding: gzip",), ("Accept-Encoding: br, gzip",), ("Accept: text/html",),
            (f"If-None-Match: {etag}",), (f'If-None-Match: "x", W/{etag}', "Accept-Encoding: br"),
            ('If-None-Match: "x"',), ("If-Modified-Since: Mon, 23 Nov 2099 00:00:00 GMT",), ("If-Modified-Since: soon",),
        ]  # fmt: skip
        for headers in cases:
            for method in ("GET", "HEAD"):
                folder.ways._ways.clear()
                long, short = (
                    ask(line, path, method, *headers),
                    ask(line, path + "?a", method, *headers),
                )
                assert long == short
        assert len(folder.short) == 2 * len(cases)
        assert {(what[0], what[1]) for what in folder.short} == {
            (method, path.replace("%61", "a")) for method in ("GET", "HEAD")
        }


def test_what_is_gone_or_changed_or_leads_out_of_the_folder_is_so_at_once(folder, tmp_path):
    story = folder.root / "story/index.html"
    with folder.line() as line:
        assert ask(line) == ask(line) and len(folder.short) == 1
        folder.put("story/index.html", b"another")
        assert ask(line)[1] == b"another" == ask(line)[1]
        story.unlink()
        assert status(ask(line)) == 404 and status(ask(line)) == 404
        secret = tmp_path / "secret.html"
        secret.write_bytes(b"secret")
        story.symlink_to(secret)
        assert status(ask(line)) == 404 and status(ask(line)) == 404
        assert len(folder.short) == 2


def test_a_path_that_two_files_could_be_meant_by_is_not_learnt(folder):
    folder.put("about", b"a file")
    with folder.line() as line:
        assert ask(line, "/about")[1] == ask(line, "/about")[1] == b"a file"
        folder.put("about2/index.html", b"a folder")
        (folder.root / "about").unlink()
        (folder.root / "about2").rename(folder.root / "about")
        assert ask(line, "/about")[1] == ask(line, "/about")[1] == b"a folder"
        assert ask(line, "/form/index.html")[1] == b"<p>never seen</p>"
        assert ask(line, "/form")[1] == ask(line, "/form")[1] == b"a form\n"


def test_short_and_long_ways_take_turns_on_a_line(folder):
    with folder.line() as line:
        page = ask(line)
        for _ in range(3):
            assert ask(line) == page
            assert ask(line, "/pic.png", "GET", "Range: bytes=0-0")[1] == b"\x89"
        one = b"GET /story HTTP/1.1\r\nHost: x\r\n\r\n"
        line.sendall(one + one)  # two at once
        assert answer_pair(line) == [b"200", b"200"]
        line.sendall(one[:20])
        line.sendall(one[20:])  # one in two pieces, or as they come
        assert answer(line)[1] == LONG
        line.sendall(
            b"POST /form HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n" % len(one) + one
        )
        assert answer(line)[1] == b"a form\n"  # what looks like a request was a body
        line.sendall(b"POST /form HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n" % len(one))
        assert answer(line)[1] == b"a form\n"  # before its body has come
        line.sendall(one)
        assert ask(line, "/pic.png")[1] == b"\x89PNG"
        assert ask(line) == page
    assert len(folder.short) >= 4


def answer_pair(line):
    data = b""
    while data.count(LONG) < 2:
        data += line.recv(65536)
    return re.findall(rb"HTTP/1\.1 (\d+)", data)


def test_a_line_is_closed_where_that_is_asked_for(folder):
    for head in (
        b"GET /story HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
        b"GET /large.txt HTTP/1.0\r\n\r\n",
    ):
        with folder.line() as line:
            ask(line), ask(line, "/large.txt")
            folder.short.clear()
            line.sendall(head)
            data = b""
            while more := line.recv(65536):
                data += more
        assert b"\r\nconnection: close\r\n\r\n" in data
        assert len(folder.short) == 1
        assert data.endswith((LONG, (folder.root / "large.txt").read_bytes()[-1000:]))


def test_a_line_on_which_nobody_asks_any_more_is_closed(folder, monkeypatch):
    monkeypatch.setattr(server, "_PAUSE", 0.2)
    with folder.line() as line:
        ask(line), ask(line), ask(line)
        assert len(folder.short) == 2
        assert line.recv(1) == b""


def test_a_slow_reader_gets_all_of_it_also_when_the_service_ends(folder):
    data = folder.put("slow.txt", os.urandom(3_000_000)).read_bytes()
    with folder.line() as first:
        ask(first, "/slow.txt")
        line = socket.socket()
        line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        line.settimeout(10)
        line.connect(("127.0.0.1", folder.port))
        line.sendall(b"GET /slow.txt HTTP/1.1\r\nHost: x\r\n\r\n")
        got = [line.recv(1000)]
        assert len(folder.short) == 1
        assert ask(first) == ask(first)  # nobody waits for it
        reading = threading.Thread(target=lambda: got.extend(parts(line)))
        reading.start()
    reading.join()  # the service has ended
    assert b"".join(got).endswith(data)


def parts(line):
    with line:
        while more := line.recv(65536):
            yield more


def test_who_has_enough_at_hand_through_a_web_server_in_front_is_not_answered(tmp_path):
    folder = Folder(tmp_path / "web", per_client=1)
    with folder.line() as line:
        ask(line), ask(line, "/large.txt", "GET", "Accept-Encoding: identity")

        def answered(path, client, peer="127.0.0.1"):
            head = f"GET {path} HTTP/1.1\r\nHost: x\r\nX-Forwarded-For: {client}\r\n\r\n"
            return folder.ways.answer(head.encode(), peer) is not None

        assert answered("/story", "192.0.2.1")
        assert not answered("/large.txt", "192.0.2.1")  # it takes its time: it is to be counted
        folder.door.enter("192.0.2.1")
        assert not answered("/story", "192.0.2.1") and not answered("/story", "::ffff:192.0.2.1")
        assert answered("/story", "192.0.2.2")
        assert answered("/story", "192.0.2.1", peer="198.51.100.1")  # who says so is nobody to us


def test_paths_are_learnt_up_to_a_number_and_a_length(folder):
    for number in range(25_000):
        folder.ways.learn(f"/{number}", None, "story/index.html")
        assert len(folder.ways._ways) <= 10_000
    folder.ways.learn("/" * 600, None, "story/index.html")
    assert "/" * 600 not in folder.ways._ways


def test_counted_is_what_the_long_way_counts(tmp_path):
    counting = Counting()
    note = counting.noting("", "", ("subscribe",))
    note("GET", "/feeds/atom.xml", 304, "Feedly/1.0 (9 subscribers)")
    note("GET", "/story/", 200, "")
    taken = counting.take()
    assert taken.answers == {("atom", "304"): 1, ("page", "200"): 1}
    assert taken.readers == {("Feedly", "atom.xml"): 9}
