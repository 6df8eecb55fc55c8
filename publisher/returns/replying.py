"""Of a reply, what its writer wrote: not what he answers, and not what stands below each mail."""

from __future__ import annotations

import re

_LONGEST = 8_000  # characters that are looked at
_QUOTES = re.compile(
    r"^\s{0,9}(?:"
    r">"
    r"|-{2,}\s{0,3}(?:original|ursprüngliche|forwarded|weitergeleitete|message|mensaje|messaggio)"
    r"|_{10,}|-- ?$"
    r"|(?:on|am|le|el|il|em|op|den|dnia|в|on) .{4,150}(?:wrote|schrieb|écrit|escribió|scritto"
    r"|escreveu|schreef|skrev|napisał\w*|пишет|писал\w*)\s{0,3}:?\s{0,3}$"
    r"|(?:from|von|de|da|van|från|od|от|差出人|发件人|寄件者|보낸 ?사람)\s{0,3}[:：].{0,200}@"
    r"|.{4,120}(?:のメール|に書きました|写道|寫道|작성)[:：]?\s{0,3}$"
    r")",
    re.IGNORECASE,
)
_GREETS = re.compile(
    r"(?:hi|hello|dear|hallo|liebe[rs]?|guten tag|sehr geehrte\w*|bonjour|hola|ciao|olá|hej"
    r"|dzień dobry|здравствуйте|добрый день|moin|servus|buongiorno|salut)\b[^.!?\n]{0,60}[,!.]?$",
    re.IGNORECASE,
)


def written(text: str) -> str:
    """Return the lines above the quotation and the signature."""
    lines = []
    for line in text[:_LONGEST].split("\n"):
        if _QUOTES.match(line[:400]):
            break
        lines.append(line.strip())
    return "\n".join(lines)


def first_words(text: str) -> str:
    """Return the first line that says something, a greeting aside."""
    for line in written(text).split("\n"):
        if line and not _GREETS.match(line[:120]):
            return line
    return ""
