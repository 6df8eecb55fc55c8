"""Outboxes to test, each kind: folders, and object stores on loopback with servers of their own.

Azurite is a program of npm: see tests/npm.py.
"""

from __future__ import annotations

import base64
import contextlib
import hashlib
import hmac
import itertools
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import httpx

from publisher.errors import StoreUnavailable
from publisher.outbox import Folder, Outbox
from publisher.outbox.objects import Objects, Stamp
from publisher.outbox.stored import Stored
from tests.npm import MODULES

BUCKET = "letters"
ACCOUNT = "devstoreaccount1"
KEY = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw=="
"""Azurite's, which everybody knows."""

S3 = {
    "AWS_ACCESS_KEY_ID": "AKIATESTONLYTESTONLY",
    "AWS_SECRET_ACCESS_KEY": "secret/of+tests",
    "AWS_REGION": "us-east-1",
    "AWS_ALLOW_HTTP": "true",
}
AZURE = {
    "AZURE_STORAGE_ACCOUNT_NAME": ACCOUNT,
    "AZURE_STORAGE_ACCOUNT_KEY": KEY,
    "AZURE_ALLOW_HTTP": "true",
}
_numbers = itertools.count()


class InMemory(Objects):
    """A store of this process; `shared` are others' views of the same one."""

    def __init__(self, shared: InMemory | None = None, kind: str = "s3") -> None:
        from obstore.store import MemoryStore

        super().__init__(f"{kind}://in-memory/letter")
        self._opened = shared._opened if shared else MemoryStore()


@dataclass
class Failing(InMemory):
    """A store that does not answer from its n-th change on; `steps` are those that were made.

    With `is_lost` the change is made, and its answer lost.
    """

    shared: InMemory
    fails_at: int = 0
    is_lost: bool = False
    steps: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__(self.shared)

    def put(self, name, data, headers=None, *, instead_of: Stamp | None) -> Stamp:
        with self._step(f"put {name}"):
            return super().put(name, data, headers, instead_of=instead_of)

    def delete(self, name: str) -> None:
        with self._step(f"delete {name}"):
            super().delete(name)

    @contextlib.contextmanager
    def _step(self, what: str) -> Iterator[None]:
        self.steps.append(what)
        fails = self.fails_at and len(self.steps) >= self.fails_at
        if fails and not self.is_lost:
            raise StoreUnavailable(self.url, "it answers 503")
        yield
        if fails:
            raise StoreUnavailable(self.url, "it answers 503")


class Careless(InMemory):
    """A store that knows no conditions, or not the one that is named: what is put is put."""

    def __init__(self, ignored: str) -> None:
        super().__init__()
        self._ignored = ignored

    def _put(self, name, data, headers, mode):
        is_create = mode == "create"
        ignores = self._ignored == ("If-None-Match" if is_create else "If-Match")
        return super()._put(name, data, headers, "overwrite" if ignores else mode)


@dataclass(frozen=True)
class Place:
    """An outbox that was just made, of some kind; `objects` are its store's, if it has one."""

    kind: str
    root: Path
    url: str = ""
    objects: Objects | None = None

    def outbox(self, host: str = "one") -> Outbox:
        """The outbox as a host sees it, which has nothing of its own yet when it comes first."""
        if self.objects is None:
            return Folder(self.root / "outbox")
        home = self.root / host
        return Stored(self.objects, home / "outbox", home / "shown.json")

    def spoil(self, edition: str, name: str, data: bytes) -> None:
        """Write over a file of a bundle, as somebody might."""
        if self.objects is None:
            (self.root / "outbox/editions" / edition / name).write_bytes(data)
            return
        lying = self.objects.list(f"bundles/{edition}")
        (found,) = [one for one in lying if one.endswith(f"/{name}")]
        self.objects.put(found, data, instead_of=lying[found])

    def shown(self) -> dict[str, bytes]:
        """What readers see, by place."""
        if self.objects is None:
            files = (self.root / "outbox").rglob("*")
            outbox = self.root / "outbox"
            return {
                path.relative_to(outbox).as_posix(): path.read_bytes()
                for path in files
                if path.is_file() and path.relative_to(outbox).parts[0] in ("feeds", "web")
            }
        names = [*self.objects.list("feeds"), *self.objects.list("web")]
        return {name: found.data for name in names if (found := self.objects.get(name))}


def prefix() -> str:
    """A prefix that nobody else uses."""
    return f"test-{os.getpid()}-{next(_numbers)}"


@contextlib.contextmanager
def s3_server() -> Iterator[str]:
    """Run moto's S3 server with a bucket; yield its address."""
    with _running([sys.executable, "-m", "moto.server", "-H", "127.0.0.1"], "-p") as url:
        emptied(url)
        yield url


def emptied(url: str) -> None:
    """Let such a server forget all, and make the bucket: it looks at all objects to list a few."""
    httpx.post(f"{url}/moto-api/reset").raise_for_status()
    httpx.put(f"{url}/{BUCKET}").raise_for_status()


@contextlib.contextmanager
def azurite() -> Iterator[str]:
    """Run Azurite with a container; yield the address of its account."""
    program = Path(MODULES) / ".bin" / "azurite-blob"
    words = [str(program), "--blobHost", "127.0.0.1", "--inMemoryPersistence", "--silent"]
    with _running([*words, "--skipApiVersionCheck"], "--blobPort") as url:
        _make_container(f"{url}/{ACCOUNT}/{BUCKET}")
        yield f"{url}/{ACCOUNT}"


def _make_container(url: str) -> None:
    date = format_datetime(datetime.now(UTC), usegmt=True)
    place = f"/{ACCOUNT}/{ACCOUNT}/{BUCKET}"
    text = f"PUT{chr(10) * 12}x-ms-date:{date}\nx-ms-version:2021-08-06\n{place}\nrestype:container"
    signed = hmac.new(base64.b64decode(KEY), text.encode(), hashlib.sha256).digest()
    signature = f"SharedKey {ACCOUNT}:{base64.b64encode(signed).decode()}"
    headers = {"x-ms-date": date, "x-ms-version": "2021-08-06", "Authorization": signature}
    httpx.put(f"{url}?restype=container", headers=headers).raise_for_status()


@contextlib.contextmanager
def _running(words: list[str], port_option: str) -> Iterator[str]:
    """Run a server on a free port of loopback, until it answers; end it afterwards."""
    import socket

    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        port = held.getsockname()[1]
    with tempfile.TemporaryDirectory() as folder, Path(os.devnull).open("wb") as nowhere:
        server = subprocess.Popen(
            [*words, port_option, str(port)], cwd=folder, stdout=nowhere, stderr=nowhere
        )
        try:
            url = f"http://127.0.0.1:{port}"
            _wait(url, server)
            yield url
        finally:
            server.terminate()
            server.wait()


def _wait(url: str, server: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + 120
    while time.monotonic() < until and server.poll() is None:
        try:
            httpx.get(url, timeout=5)
        except httpx.TransportError:
            time.sleep(0.1)
        else:
            return
    raise AssertionError(f"the server does not answer: {server.args}")


class _Quiet(ThreadingHTTPServer):
    """Says nothing of who was killed while it was answered."""

    def handle_error(self, request, client_address) -> None:
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


class Faulty:
    """A server in front of a store that answers 500 or 503: to the next so many, or for a while."""

    def __init__(self, store: str) -> None:
        self.statuses: list[int] = []  # what the next requests are told
        self.failing = 0  # what all of them are told, until it is 0 again
        self.body = b"<Error><Code>SlowDown</Code></Error>"
        self.told = 0
        owner = self
        self._client = client = httpx.Client(timeout=60)

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def _answer(self) -> None:
                body = self.rfile.read(int(self.headers.get("content-length") or 0))
                if status := owner.failing or (owner.statuses.pop(0) if owner.statuses else 0):
                    owner.told += 1
                    self._send(status, {}, owner.body)
                    return
                headers = {k: v for k, v in self.headers.items() if k.lower() != "host"}
                headers["host"] = self.headers["host"]  # it is signed
                url = store + self.path
                answer = client.request(self.command, url, content=body, headers=headers)
                kept = {
                    k: v
                    for k, v in answer.headers.items()
                    if k not in ("content-length", "connection", "transfer-encoding")
                }
                self._send(answer.status_code, kept, answer.content)

            def _send(self, status: int, headers: dict[str, str], body: bytes) -> None:
                self.send_response_only(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.send_header("content-length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            do_GET = do_PUT = do_DELETE = do_POST = _answer

            def do_HEAD(self) -> None:
                self._answer()

            def log_message(self, *_: object) -> None:
                pass

        self._server = _Quiet(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"

    def __enter__(self) -> Faulty:
        Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._client.close()
