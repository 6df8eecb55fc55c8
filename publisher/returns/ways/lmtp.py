"""LMTP (RFC 2033) on loopback or a Unix socket as a way in: a mail server hands over what comes.

asyncio and a conversation of eight commands; docs/explanation/dependencies.md says why no library.
"""

from __future__ import annotations

import asyncio
import contextlib
import errno
from pathlib import Path

from publisher.errors import WayDown, WayRefused
from publisher.returns import MOST
from publisher.returns.ways.lmtp_conversation import LARGEST, Conversation
from publisher.returns.ways.recipient import Ours
from publisher.returns.ways.way import Arrived, Collected, Take

_CONNECTIONS = 20
_LINE = 64 * 1024  # bytes read at once, and the longest command
_SILENCE = 300.0  # seconds; RFC 5321 §4.5.3.2.7
_MESSAGE = 600.0  # seconds for the bytes of a message
_GOODBYE = 5.0  # seconds


class Lmtp:
    """Answers a mail server once for each recipient: 250 when it is recorded, 451 if it cannot be.

    `place` is an address of loopback with its port, or the path of a socket. Recipients that are
    not ours are refused (550 5.1.1). See `way.Way`: `collect` begins to listen, `stay` answers.
    """

    name = "lmtp"

    def __init__(self, place: tuple[str, int] | Path, ours: Ours, name: str) -> None:
        self._place, self._ours, self._name = place, ours, name
        self._loop: asyncio.AbstractEventLoop | None = None
        self._server: asyncio.Server | None = None
        self._wake = asyncio.Event()
        self._open: set[asyncio.Task[None]] = set()
        self._take: Take | None = None
        self._failure: BaseException | None = None
        self._has_ended = False

    @property
    def port(self) -> int:
        """The port that it listens at, once it does."""
        assert self._server is not None
        return int(self._server.sockets[0].getsockname()[1])

    def collect(self, take: Take) -> Collected:
        """Listen, if nobody does yet; tell what kept a message from being recorded since."""
        if self._server is None and not self._has_ended:
            self._loop = self._loop or asyncio.new_event_loop()
            self._server = self._loop.run_until_complete(self._listening())
        failure, self._failure = self._failure, None
        return Collected(problem="" if failure is None else str(failure) or repr(failure))

    async def _listening(self) -> asyncio.Server:
        try:
            if isinstance(self._place, Path):
                server = await asyncio.start_unix_server(self._accept, self._place, limit=_LINE)
                self._place.chmod(0o660)  # its group are the mail servers that may come
                return server
            host, port = self._place
            return await asyncio.start_server(self._accept, host, port, limit=_LINE)
        except OSError as error:
            where = self._place if isinstance(self._place, Path) else "{}:{}".format(*self._place)
            if error.errno == errno.EADDRINUSE:
                raise WayDown(f"another program listens at {where}") from None
            raise WayRefused(
                f"nobody can listen at {where}: {error.strerror or error}",
                todo="Mend returns.lmtp.",
            ) from None

    def waiting(self) -> int:
        """Nothing waits here: mail servers keep what they have not handed over."""
        return 0

    def stay(self, take: Take, seconds: float) -> bool:
        """Answer for so long, or until a message cannot be recorded."""
        self._take = take
        if self._loop is not None and not self._has_ended:
            self._loop.run_until_complete(self._answering(seconds))
        return True

    async def _answering(self, seconds: float) -> None:
        self._wake.clear()
        if self._has_ended:
            return
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._wake.wait(), seconds)

    def end(self) -> None:
        """Answer no more: who is in the middle of a message sends it again."""
        self._has_ended = True
        if (loop := self._loop) is not None:
            with contextlib.suppress(RuntimeError):  # it is closed
                loop.call_soon_threadsafe(self._wake.set)

    def close(self) -> None:
        """Listen no more, and hang up."""
        self._has_ended = True
        if self._loop is not None:
            self._loop.run_until_complete(self._closing())
            self._loop.close()
        self._loop = None

    async def _closing(self) -> None:
        if self._server is not None:
            self._server.close()
            if isinstance(self._place, Path):
                self._place.unlink(missing_ok=True)
        for task in self._open:
            task.cancel()
        await asyncio.gather(*self._open, return_exceptions=True)

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._open.add(task)
        try:
            if len(self._open) > _CONNECTIONS:
                writer.write(b"421 4.3.2 too many connections\r\n")
            else:
                await self._converse(reader, writer)
        except (OSError, EOFError, TimeoutError, asyncio.CancelledError):
            pass  # whoever was there comes again
        finally:
            self._open.discard(task)
            writer.close()
            with contextlib.suppress(OSError, TimeoutError, asyncio.CancelledError):
                await asyncio.wait_for(writer.wait_closed(), _GOODBYE)

    async def _converse(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        conversation = Conversation(self._ours, self._name)
        await _say(writer, conversation.greeting())
        while not conversation.is_over:
            try:
                line = await asyncio.wait_for(reader.readuntil(b"\n"), _SILENCE)
            except asyncio.LimitOverrunError:
                await _say(writer, "500 5.5.2 a line that is too long")
                return
            await _say(writer, conversation.reply(line))
            if conversation.wants_message:
                data = await asyncio.wait_for(_message(reader), _MESSAGE)
                for recipient in conversation.recipients:  # RFC 2033 §4.2: a reply for each
                    await _say(writer, self._taken(data, recipient))
                conversation.reset()

    def _taken(self, data: bytes | None, recipient: str) -> str:
        """Record a message for a recipient; the answer to that."""
        if data is None:
            return "552 5.3.4 too large"
        assert self._take is not None
        if self._has_ended:
            return "451 4.3.2 it ends just now"
        try:
            self._take(Arrived(data=data, to=recipient))
        except Exception as error:  # of a disk, a database, or ours: the server keeps the message
            self._failure = error
            self._wake.set()
            return "451 4.3.0 it cannot be recorded now"
        return "250 2.0.0 taken"


async def _say(writer: asyncio.StreamWriter, text: str) -> None:
    writer.write(text.encode("ascii", "replace") + b"\r\n")
    await asyncio.wait_for(writer.drain(), _SILENCE)


async def _message(reader: asyncio.StreamReader) -> bytes | None:
    """Read a message up to its end, which is CRLF.CRLF and nothing else; None for one too large.

    Its first `MOST` bytes are returned, and the dots that were added taken away (RFC 5321 §4.5.2).
    """
    kept, total, is_start = bytearray(), 0, True
    while True:
        try:
            piece, is_whole = await reader.readuntil(b"\r\n"), True
        except asyncio.LimitOverrunError as error:  # a longer line than mail has
            piece, is_whole = await reader.readexactly(error.consumed), False
        if is_start and piece == b".\r\n":
            return bytes(kept) if total <= LARGEST else None
        if is_start and piece.startswith(b"."):
            piece = piece[1:]
        total += len(piece)
        kept += piece[: max(0, MOST - len(kept))]
        is_start = is_whole
