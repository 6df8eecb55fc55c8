"""A program that takes a message on its standard input, as sendmail does."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Sequence

from publisher.errors import TransportRefused
from publisher.model import Envelope, Reply

# sysexits.h; anything unknown is tried again, for nothing was accepted.
_CODES = {
    64: (550, "5.0.0"), 65: (550, "5.6.0"), 67: (550, "5.1.1"), 68: (550, "5.1.2"),
    77: (550, "5.7.1"), 78: (451, "4.3.5"),
}  # fmt: skip


def _option(given: Sequence[str], filled: Sequence[str]) -> str | None:
    """The word, now an address, that the program would take for an option; None for none."""
    for before, word in zip(given, filled, strict=True):
        if before == "--":
            return None
        if word.startswith("-") and before.startswith(("{sender}", "{recipient}")):
            return word
    return None


class Command:
    """Runs a command for each message: `{sender}` and `{recipient}` in its words are filled in.

    No shell sees them. The message has local line ends, as sendmail wants it.
    """

    is_open = True

    def __init__(self, words: Sequence[str], timeout: float) -> None:
        """`timeout` in seconds; raises TransportRefused for a command without the recipient."""
        if not any("{recipient}" in word for word in words):
            raise TransportRefused(
                "delivery.command does not say where {recipient} goes",
                todo='Such as: command = ["sendmail", "-i", "-f", "{sender}", "--", "{recipient}"]',
            )
        self._words, self._timeout = tuple(words), timeout

    def connect(self) -> Command:
        """Find the program; raise TransportRefused where there is none."""
        if shutil.which(self._words[0]) is None:
            raise TransportRefused(f"delivery.command: there is no program {self._words[0]!r}")
        return self

    def send(self, envelope: Envelope, message: bytes, following: Envelope | None) -> Reply:
        """Run the command; its exit code is the reply (sysexits.h)."""
        words = [
            word.replace("{sender}", envelope.sender).replace("{recipient}", envelope.recipient)
            for word in self._words
        ]
        if (hyphened := _option(self._words, words)) is not None:
            # An address is never an option; of it nothing is said of the reader (RFC 3463 §3.2).
            text = f"{hyphened} begins with a hyphen: delivery.command has no -- before it"
            code, status = (550, "5.1.3") if hyphened == envelope.recipient else (451, "4.3.5")
            return Reply(code=code, status=status, text=text)
        try:
            done = subprocess.run(  # noqa: S603 the words are the editor's own, no shell
                words,
                input=message.replace(b"\r\n", b"\n"),
                capture_output=True,
                timeout=self._timeout,
                check=False,
                start_new_session=True,  # Ctrl-C is ours alone
            )
        except subprocess.TimeoutExpired:
            return Reply(code=0, text=f"{words[0]} did not end", stage="dot")
        except OSError as error:
            return Reply(code=451, status="4.3.0", text=f"{words[0]}: {error.strerror}")
        said = (done.stderr or done.stdout).decode("utf-8", "replace").strip()[:300]
        if done.returncode == 0:
            return Reply(code=250, text=said)
        if done.returncode < 0:  # it was killed: it may have taken the message before
            return Reply(code=0, text=f"{words[0]} was killed", stage="dot")
        code, status = _CODES.get(done.returncode, (451, "4.3.0"))
        return Reply(code=code, status=status, text=said or f"exit {done.returncode}")

    def skip(self) -> None:
        """Nothing was announced."""

    def close(self) -> None:
        """Nothing is open."""
