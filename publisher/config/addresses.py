"""Addresses and names of hosts that publisher.toml gives, in their one form: in ASCII."""

from __future__ import annotations

import re
from urllib.parse import quote, urlsplit

from publisher.config.reader import Reader
from publisher.hosts import ascii_address, ascii_host, with_ascii_host


def web_address(url: str, place: str, reader: Reader) -> str:
    """A web address with its host in ASCII."""
    try:
        plain = with_ascii_host(url)
        scheme = urlsplit(plain).scheme
    except ValueError as error:
        raise reader.wrong(place, "must be a web address, https://…", reason(error)) from None
    if scheme not in ("http", "https") or re.search(r"[\s<>\"]", url):
        raise reader.wrong(place, "must be a web address, https://…")
    return plain


def mail_address(text: str, place: str, reader: Reader) -> str:
    """An address with its domain in ASCII, "" for none."""
    if not text:
        return ""
    wrong = "must be an address such as letter@news.example"
    if not re.fullmatch(r"[^@\s<>]+@[^@\s<>]+", text):
        raise reader.wrong(place, wrong)
    try:
        return ascii_address(text)
    except ValueError as error:
        raise reader.wrong(place, wrong, reason(error)) from None


def domain_name(name: str, place: str, reader: Reader) -> str:
    """A domain of readers' addresses in ASCII."""
    wrong = f"must be a domain such as mail.example, not {name!r}"
    try:
        plain = ascii_host(name)
    except ValueError as error:
        raise reader.wrong(place, wrong, reason(error)) from None
    if not re.fullmatch(r"[a-z0-9-]+(\.[a-z0-9-]+)+", plain):
        raise reader.wrong(place, wrong)
    return plain


def reason(error: ValueError) -> str:
    """Why a name is none (RFC 5892); what a registry took all the same has a form in ASCII."""
    if "not allowed" in str(error):
        return f"{str(error).rstrip('.')}. If it is registered, write it in ASCII: xn--…"
    return ""


def picture_address(base_url: str, named: str) -> str:
    """A picture's address: a file is put beside the pages, where readers can load it."""
    named = named.strip()
    if not named or "://" in named or named.startswith("//"):
        try:
            return with_ascii_host(named) if named else ""
        except ValueError:
            return named
    path = named.removeprefix("./").lstrip("/")
    return base_url.rstrip("/") + "/" + quote(path, safe="/%")
