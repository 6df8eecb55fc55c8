"""Headers and parts of the finished message that no server, or no list, should get."""

from __future__ import annotations

from collections.abc import Iterator

from publisher.checks.headers import header_faults
from publisher.checks.mail import Mail
from publisher.checks.rule import Found, Rule

_GOOD = (
    b"From: The Letter <letter@letter.example>\r\nTo: <a@b.example>\r\nSubject: The ferry\r\n"
    b"Date: Wed, 25 Nov 2026 07:00:00 +0000\r\nMessage-ID: <1.a@letter.example>\r\n"
    b"List-Id: The Letter <letter.letter.example>\r\n"
    b"List-Unsubscribe: <https://letter.example/unsubscribe/1>\r\n"
    b"List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\nMIME-Version: 1.0\r\n"
    b"Content-Type: text/plain; charset=utf-8\r\n\r\nThe ferry runs again.\r\n"
)


def _look(mail: Mail) -> Iterator[Found]:
    if message := mail.message():
        yield from (Found(f"the message: {fault}") for fault in header_faults(message))


def _without(name: bytes) -> bytes:
    return b"\r\n".join(line for line in _GOOD.split(b"\r\n") if not line.startswith(name + b":"))


RULE = Rule(
    name="headers",
    finds="Headers and parts of the message that break RFC 5322, 2045, 2046, 2369, 2919 or 8058.",
    why="Servers refuse such mails, or take them for spam; programs show no button to leave.",
    todo="Look at what the title, the names in publisher.toml and your own templates put there.",
    look=_look,
    bad=(
        *({"message": _without(name)} for name in (b"From", b"Date", b"Message-ID", b"List-Id")),
        {"message": _without(b"MIME-Version")},
        {"message": _GOOD.replace(b"<https:", b"<http:")},
        {"message": _GOOD.replace(b"One-Click", b"Two-Clicks")},
        {"message": _GOOD.replace(b"\r\nTo:", b"\r\nFrom: <b@c.example>\r\nTo:")},
        {"message": _GOOD.replace(b"<letter@letter.example>", b"<a@b.example>, <c@d.example>")},
        {"message": _GOOD.replace(b"Subject: The", "Subject: Dié".encode())},
        {"message": _GOOD.replace(b"Subject: ", b"Subject: " + b"a" * 1000)},
        {"message": _GOOD.replace(b"; charset=utf-8", b"")},
        {"message": _GOOD.replace(b"runs", b"r\xfcns")},
        {"message": _GOOD.replace(b"again.\r\n", b"again.\n")},
        {"message": _GOOD.replace(b"25 Nov", b"45 Nov")},
        {"message": _GOOD.replace(b"text/plain", b"text/html")},
        {"message": _GOOD.replace(b"text/plain", b"multipart/alternative; boundary=x")},
        {"message": _GOOD.replace(b"<letter.letter.example>", b"<letter>")},
        {"message": _GOOD.replace(b"<1.a@letter.example>", b"1.a@letter.example")},
    ),
    clean=({}, {"message": _GOOD}),
)
