"""Heads of requests that ask for a file and nothing else, known by their letters.

This is no parser of HTTP: what is not as plain as can be is left to one (h11), which knows why.
A head that is taken here is a whole one, and has no body (RFC 9112 §6.3: neither of the two headers
that announce one is there); so what follows it on the line is another request, whoever reads it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple
from urllib.parse import unquote

_LONGEST = 8192  # bytes: a browser's is below 2,000
_NAME = r"[!#$%&'*+.^_`|~0-9A-Za-z-]+"
_HEAD = re.compile(
    r"(GET|HEAD) (/[!-~]*) HTTP/1\.([01])\r\n"
    rf"((?:{_NAME}:[\t -~\x80-\xff]*\r\n)*)\r\n"
)  # fmt: skip
_OTHERS = {
    "content-length", "transfer-encoding", "expect", "upgrade", "range", "if-range",
}  # fmt: skip
"""Headers of requests that are more than plain."""


class Asked(NamedTuple):  # there is one for each request
    """A plain request. `headers` have names in small letters; `closes` is the line, afterwards."""

    method: str
    path: str
    headers: Mapping[str, str]
    closes: bool


def asked(data: bytes) -> Asked | None:
    """Return the one plain request that data is, from its first byte to its last; else None.

    >>> asked(b"GET /feeds/rss.xml?a=b HTTP/1.1\\r\\nHost: x\\r\\n\\r\\n").path
    '/feeds/rss.xml'
    """
    if len(data) > _LONGEST or not (found := _HEAD.fullmatch(data.decode("latin-1"))):
        return None
    method, target, minor, block = found.groups()
    lines = block.split("\r\n")[:-1]
    headers = {}
    for line in lines:
        name, _, value = line.partition(":")
        headers[name.lower()] = value.strip(" \t")
    is_said_twice = len(headers) < len(lines)
    if is_said_twice or not _OTHERS.isdisjoint(headers) or (minor == "1" and "host" not in headers):
        return None
    line = headers.get("connection", "").lower()
    if line not in ("", "close", "keep-alive"):
        return None
    path = target.partition("?")[0]
    path = unquote(path) if "%" in path else path
    return Asked(method, path, headers, line == "close" or minor == "0")
