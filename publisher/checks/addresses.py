"""Every address in a mail: links, pictures, and what styles load."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

import msgspec

from publisher.checks.mail import Mail

_STYLED = re.compile(r"url\(\s*['\"]?([^'\")]+)")


class Address(msgspec.Struct, frozen=True):
    """An address; `kind` is "link" or "picture", `words` stand for it."""

    url: str
    kind: str
    words: str = ""

    @property
    def scheme(self) -> str:
        """Its scheme in lower case, "" where it has none."""
        return (
            self.url.partition(":")[0].lower() if re.match(r"[a-zA-Z][\w+.-]*:", self.url) else ""
        )

    @property
    def host(self) -> str:
        """Its host in lower case, "" where it has none."""
        try:
            return (urlsplit(self.url).hostname or "").lower()
        except ValueError:
            return ""


def addresses(mail: Mail) -> list[Address]:
    """Return each address once, in order."""
    return list(dict.fromkeys(_addresses(mail)))


def place(mail: Mail, address: Address) -> tuple[str | None, int | None]:
    """Return where an address was written: a relative one may stand there by its end alone."""
    path = address.url.split("?")[0].rstrip("/")
    return mail.place(address.url, path.rpartition("/")[2] if "." in path else "", address.words)


def _addresses(mail: Mail) -> Iterator[Address]:
    for link in mail.links:
        yield Address(link.url, "link", link.words)
    for picture in mail.pictures:
        yield Address(
            str(picture.get("src") or "").strip(), "picture", str(picture.get("alt") or "")
        )
        for one in str(picture.get("srcset") or "").split(","):
            if one.strip():
                yield Address(one.split()[0], "picture")
    for element in mail.root.iter():
        if isinstance(element.tag, str):
            if element.get("background"):
                yield Address(str(element.get("background")).strip(), "picture")
            for url in _STYLED.findall(element.get("style") or ""):
                yield Address(url.strip(), "picture")
