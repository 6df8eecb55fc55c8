"""The corpus of what comes back: reads `tests/specimens/returned/` (its README says how)."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).resolve().parents[2] / "specimens" / "returned"
TOKEN = "1.2a0f1ece3be0e9ae.morning.abcdefghijklmnopqrstuv"
REPORT = 'MIME-Version: 1.0\nContent-Type: multipart/report; report-type={}; boundary="B"\n'
TEXT = "--B\nContent-Type: text/plain; charset=utf-8\n"


@dataclass(frozen=True)
class Expected:
    what: str
    recipient: str
    more: tuple[tuple[str, str], ...]
    delayed: bool


@dataclass(frozen=True)
class Specimen:
    family: str
    name: str
    message: bytes
    expected: tuple[Expected, ...]
    ours: str
    """To whom the mail of ours in it went, "" where it holds none."""

    def __str__(self) -> str:
        return f"{self.family}: {self.name}"


@cache
def specimens(folder: Path = FOLDER) -> tuple[Specimen, ...]:
    """All of them, in the order of their files."""
    return tuple(one for path in sorted(folder.glob("*.txt")) for one in _of(path))


def _of(path: Path) -> Iterator[Specimen]:
    for chunk in re.split(r"(?m)^=== ", path.read_text())[1:]:
        head, _, mail = chunk.partition("\n\n")
        name, *rows = head.split("\n")
        fields = [row.partition(": ")[::2] for row in rows]
        charset = dict(fields).get("charset", "utf-8")
        yield Specimen(
            family=path.stem,
            name=name,
            message=_written(mail, charset),
            expected=tuple(_expected(value) for key, value in fields if key == "expect"),
            ours=(re.findall(r"\[\[(?:ours|--ours|--mail) (\S+?)\]\]", mail) or [""])[0],
        )


def _expected(value: str) -> Expected:
    what, *rest = value.split()
    more = tuple(tuple(one.split("=", 1)) for one in rest if re.match(r"[a-z]+=", one))
    plain = [one for one in rest if "@" in one and "=" not in one.partition("@")[0]]
    return Expected(what, plain[0] if plain else "", more, "delayed" in rest)


def message_id(reader: str) -> str:
    return f"m1.{reader.partition('@')[0]}@news.example"


def headers_of_ours(reader: str) -> str:
    return (
        "Received: from mx.news.example (mx.news.example [198.51.100.7]) by relay.example\n"
        f"From: The News <letter@news.example>\nTo: <{reader}>\nSubject: Good morning\n"
        f"Date: Thu, 26 Nov 2026 07:00:00 +0000\nMessage-ID: <{message_id(reader)}>\n"
        "List-Id: Morning <morning.news.example>\n"
        f"List-Unsubscribe: <https://news.example/unsubscribe/{TOKEN}>,\n"
        f" <mailto:leave@news.example?subject={TOKEN}>\n"
        "List-Unsubscribe-Post: List-Unsubscribe=One-Click\n"
    )


def _written(mail: str, charset: str) -> bytes:
    mail = re.sub(r"\n\[\[report(?: (\S+?))?\]\]\n", _report, mail)
    mail = mail.replace("[[--text]]\n", TEXT + "\n")
    mail = mail.replace("[[--status]]\n", "--B\nContent-Type: message/delivery-status\n\n")
    mail = re.sub(
        r"\[\[--(ours|mail) (\S+?)\]\]\n",
        lambda m: (
            f"--B\nContent-Type: {'message/rfc822' if m[1] == 'mail' else 'text/rfc822-headers'}\n\n"
            + headers_of_ours(m[2])
            + ("\nGood morning\n" if m[1] == "mail" else "")
            + "--B--\n"
        ),
        mail,
    )
    mail = re.sub(r"\[\[ours (\S+?)\]\]\n?", lambda m: headers_of_ours(m[1]), mail)
    mail = mail.replace("[[token]]", TOKEN)
    head, packed, body = mail.partition("[[base64]]\n")
    data = head.encode(charset)
    if packed:
        data += b"Content-Transfer-Encoding: base64\n\n"
        data += base64.encodebytes(body.encode(charset))
    return data


def _report(found: re.Match[str]) -> str:
    return "\n" + REPORT.format(found[1] or "delivery-status") + "\n"
