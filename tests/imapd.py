"""An IMAP server in memory, on loopback: one user, folders of messages, and a script of faults.

It knows what a mailbox that is read by a program needs (RFC 3501; IDLE, MOVE, UIDPLUS, NAMESPACE
where they are named in `features`), and expunges as servers do. It is bounded: lines, literals and
connections, and it ends with its test.
"""

from __future__ import annotations

import base64
import contextlib
import re
import socket
import ssl
import threading
from collections.abc import Callable
from dataclasses import dataclass, field

Script = Callable[[str], str | bytes | None]
"""Command (such as "UID MOVE", or "GREETING") → "drop" (close before it is done), "lose" (do it,
close without an answer), "flood" or "drip" (words without an end, as fast as they go or slowly), an
answer such as "NO [LIMIT] later", bytes that are all that is said, or None for what is usual."""

FEATURES = ("IDLE", "MOVE", "UIDPLUS", "NAMESPACE", "AUTH=PLAIN")


@dataclass
class Message:
    data: bytes
    flags: set[str] = field(default_factory=set)


@dataclass
class Folder:
    validity: int = 1
    next: int = 1
    messages: dict[int, Message] = field(default_factory=dict)

    def add(self, data: bytes, flags: set[str] = frozenset()) -> int:
        uid, self.next = self.next, self.next + 1
        self.messages[uid] = Message(data, set(flags))
        return uid


class Server:
    """Listens on a port of 127.0.0.1; `folders` by their names as they go over the wire."""

    def __init__(
        self,
        script: Script = lambda _: None,
        *,
        features: tuple[str, ...] = FEATURES,
        delimiter: str = "/",
        prefix: str = "",
        tls: ssl.SSLContext | None = None,
        start_tls: ssl.SSLContext | None = None,
        user: str = "reader",
        password: str = "secret",
    ) -> None:
        self.folders = {"INBOX": Folder()}
        self.commands: list[str] = []
        self.asking = ""  # the arguments of the newest command
        self.fetched: list[str] = []
        self.expunged: list[int] = []
        self.changed = threading.Condition()
        self.script, self.features = script, features
        self.delimiter, self.prefix = delimiter, prefix
        self.tls, self.start_tls = tls, start_tls
        self.user, self.password = user, password
        self.read_only = False
        self._socket = socket.create_server(("127.0.0.1", 0), backlog=16)
        self.port = self._socket.getsockname()[1]
        self._open: list[socket.socket] = []
        self.has_ended = False
        threading.Thread(target=self._accept, daemon=True).start()

    def __enter__(self) -> Server:
        return self

    def __exit__(self, *_: object) -> None:
        self.has_ended = True
        with contextlib.suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        for connection in self._open:
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
        with self.changed:
            self.changed.notify_all()

    @property
    def inbox(self) -> Folder:
        return self.folders["INBOX"]

    def deliver(self, data: bytes) -> int:
        """A message comes into the INBOX, and who waits is told."""
        with self.changed:
            uid = self.inbox.add(data)
            self.changed.notify_all()
        return uid

    def texts(self, folder: str) -> list[bytes]:
        return (
            [m.data for m in self.folders[folder].messages.values()]
            if folder in self.folders
            else []
        )

    def _accept(self) -> None:
        while not self.has_ended and len(self._open) < 1000:
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._open.append(connection)
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        with contextlib.suppress(OSError, _Gone), connection:
            if self.tls is not None:
                connection = self.tls.wrap_socket(connection, server_side=True)
            session = _Session(self, connection)
            try:
                session.run()
            finally:
                session.file.close()
                session.connection.close()


class _Gone(Exception):
    pass


class _Session:
    def __init__(self, server: Server, connection: socket.socket) -> None:
        self.server, self.connection = server, connection
        self.file = connection.makefile("rb")
        self.folder: Folder | None = None
        self.uids: list[int] = []

    def say(self, text: str | bytes) -> None:
        self.connection.sendall((text if isinstance(text, bytes) else text.encode()) + b"\r\n")

    def line(self) -> str:
        line = self.file.readline(70_000)
        if not line.endswith(b"\r\n"):
            raise _Gone
        return line[:-2].decode()

    def run(self) -> None:
        if self.server.script("GREETING") == "drop":
            raise _Gone
        self.say("* OK ready")
        while True:
            tag, _, rest = self.line().partition(" ")
            name = rest.split(" ")[0].upper()
            if name == "UID":
                name = " ".join(rest.split(" ")[:2]).upper()
            arguments = rest[len(name) :].strip()
            with self.server.changed:
                self.server.asking = arguments
                self.server.commands.append(name)
                asked = self.server.script(name)
            if asked == "drop":
                raise _Gone
            if asked in ("flood", "drip"):
                self._go_on(slowly=asked == "drip")
            if isinstance(asked, bytes):
                self.connection.sendall(asked)
                raise _Gone
            if asked is not None and asked != "lose":
                self.say(f"{tag} {asked}")
                continue
            answer = self._do(name, arguments, tag)
            if asked == "lose":
                raise _Gone
            self.say(f"{tag} {answer}")
            if name == "LOGOUT":
                raise _Gone
            if name == "STARTTLS":
                assert self.server.start_tls is not None
                self.connection = self.server.start_tls.wrap_socket(
                    self.connection, server_side=True
                )
                self.file = self.connection.makefile("rb")

    def _go_on(self, *, slowly: bool) -> None:
        ended = threading.Event()
        while not self.server.has_ended:  # or until the other side hangs up
            self.connection.sendall(b"*" if slowly else b"* 1 EXISTS\r\n" * 1000)
            if slowly:
                ended.wait(0.02)
        raise _Gone

    def _do(self, name: str, arguments: str, tag: str) -> str:
        method = getattr(self, "do_" + name.lower().replace(" ", "_"), None)
        if method is None:
            return "BAD what is that"
        if name in ("IDLE", "AUTHENTICATE"):
            return method(arguments)
        with self.server.changed:
            return method(arguments) or "OK done"

    def do_capability(self, _: str) -> str | None:
        own = ["STARTTLS"] if self.server.start_tls else []
        self.say(" ".join(["* CAPABILITY IMAP4rev1", *own, *self.server.features]))
        return None

    def do_starttls(self, _: str) -> str | None:
        return None

    def do_logout(self, _: str) -> str | None:
        self.say("* BYE then")
        return None

    def do_noop(self, _: str) -> str | None:
        return None

    def do_login(self, arguments: str) -> str:
        given = re.fullmatch(r'"(.*)" "(.*)"', arguments)
        return self._checked(
            *(one.replace('\\"', '"').replace("\\\\", "\\") for one in given.groups())
        )

    def do_authenticate(self, _: str) -> str:
        self.say("+ ")
        _, user, password = base64.b64decode(self.line()).decode().split("\0")
        return self._checked(user, password)

    def _checked(self, user: str, password: str) -> str:
        if (user, password) == (self.server.user, self.server.password):
            return "OK welcome"
        return "NO [AUTHENTICATIONFAILED] who are you"

    def do_namespace(self, _: str) -> str | None:
        self.say(f'* NAMESPACE (("{self.server.prefix}" "{self.server.delimiter}")) NIL NIL')
        return None

    def do_list(self, arguments: str) -> str | None:
        _, pattern = _words(arguments)
        delimiter = f'"{self.server.delimiter}"' if self.server.delimiter else "NIL"
        if not pattern:
            self.say(f'* LIST (\\Noselect) {delimiter} ""')
            return None
        for name in self.server.folders:
            if pattern in ("*", name):
                self.say(f'* LIST () {delimiter} "{name}"')
        return None

    def do_create(self, arguments: str) -> str | None:
        (name,) = _words(arguments)
        if name in self.server.folders:
            return "NO [ALREADYEXISTS] there is one"
        if not name.startswith(self.server.prefix):
            return "NO not there"
        self.server.folders[name] = Folder()
        return None

    def do_subscribe(self, _: str) -> str | None:
        return None

    def do_select(self, arguments: str) -> str | None:
        (name,) = _words(arguments)
        self.folder = self.server.folders.get(name)
        if self.folder is None:
            return "NO [NONEXISTENT] no such folder"
        self.uids = list(self.folder.messages)
        self.say("* FLAGS (\\Deleted \\Seen)")
        self.say(f"* {len(self.uids)} EXISTS")
        self.say("* 0 RECENT")
        self.say(f"* OK [UIDVALIDITY {self.folder.validity}] yes")
        return "OK [READ-ONLY] selected" if self.server.read_only else "OK [READ-WRITE] selected"

    def do_uid_search(self, arguments: str) -> str | None:
        numbers, _, rest = arguments.partition(" ")
        assert rest == "UNDELETED", arguments
        assert self.folder is not None
        start, end = map(int, numbers.split(":"))
        found = [
            uid
            for uid in self.uids[start - 1 : end]
            if uid in self.folder.messages and "\\Deleted" not in self.folder.messages[uid].flags
        ]
        self.say("* SEARCH " + " ".join(map(str, found)))
        return None

    def do_uid_fetch(self, arguments: str) -> str | None:
        numbers, _, what = arguments.partition(" ")
        self.server.fetched.append(arguments)
        for uid in self._asked(numbers):
            data = self.folder.messages[uid].data
            if what == "(RFC822.SIZE)":
                self.say(f"* {self.uids.index(uid) + 1} FETCH (UID {uid} RFC822.SIZE {len(data)})")
                continue
            found = re.fullmatch(r"\(BODY\.PEEK\[\]<0\.(\d+)>\)", what)
            data = data[: int(found[1])]
            head = f"* {self.uids.index(uid) + 1} FETCH (UID {uid} BODY[]<0> {{{len(data)}}}"
            self.say(head.encode() + b"\r\n" + data + b")")
        return None

    def do_uid_copy(self, arguments: str) -> str | None:
        numbers, _, name = arguments.partition(" ")
        target = self.server.folders.get(*_words(name))
        if target is None:
            return "NO [TRYCREATE] no such folder"
        for uid in self._asked(numbers):
            target.add(self.folder.messages[uid].data)
        return None

    def do_uid_move(self, arguments: str) -> str | None:
        refused = self.do_uid_copy(arguments)
        return refused or self._gone(self._asked(arguments.partition(" ")[0]))

    def do_uid_store(self, arguments: str) -> str | None:
        numbers, _, what = arguments.partition(" ")
        assert what == "+FLAGS.SILENT (\\Deleted)", what
        for uid in self._asked(numbers):
            self.folder.messages[uid].flags.add("\\Deleted")
        return None

    def do_uid_expunge(self, arguments: str) -> str | None:
        marked = [u for u in self._asked(arguments) if "\\Deleted" in self.folder.messages[u].flags]
        return self._gone(marked)

    def do_expunge(self, _: str) -> str | None:
        return self._gone([u for u, m in self.folder.messages.items() if "\\Deleted" in m.flags])

    def _gone(self, uids: list[int]) -> None:
        for uid in uids:
            self.say(f"* {self.uids.index(uid) + 1} EXPUNGE")
            self.uids.remove(uid)
            del self.folder.messages[uid]
            self.server.expunged.append(uid)

    def _asked(self, numbers: str) -> list[int]:
        asked = {
            uid
            for part in numbers.split(",")
            for uid in range(int(part.split(":")[0]), int(part.split(":")[-1]) + 1)
        }
        return [uid for uid in self.uids if uid in asked and uid in self.folder.messages]

    def do_idle(self, _: str) -> str:
        self.say("+ idling")
        done = threading.Event()
        threading.Thread(target=self._tell, args=(done,), daemon=True).start()
        assert self.line() == "DONE"
        done.set()
        with self.server.changed:
            self.server.changed.notify_all()
        return "OK done"

    def _tell(self, done: threading.Event) -> None:
        with self.server.changed:
            known = len(self.uids)
            self.server.changed.wait_for(
                lambda: done.is_set() or len(self.folder.messages) > known, 30
            )
            if not done.is_set():
                with contextlib.suppress(OSError):
                    self.say(f"* {len(self.folder.messages)} EXISTS")


def _words(text: str) -> list[str]:
    return [
        quoted.replace('\\"', '"').replace("\\\\", "\\") if plain == "" else plain
        for quoted, plain in re.findall(r'"((?:[^"\\]|\\.)*)"|(\S+)', text)
    ]
