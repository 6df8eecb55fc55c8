"""Providers of mailboxes for everybody, and whose servers may send from their addresses."""

from __future__ import annotations

_SERVERS = {
    "aol.com": ("aol.com",), "gmail.com": ("gmail.com",), "gmx.de": ("gmx.net",),
    "gmx.net": ("gmx.net",), "googlemail.com": ("gmail.com",),
    "hotmail.com": ("office365.com", "outlook.com"), "icloud.com": ("me.com",),
    "live.com": ("office365.com", "outlook.com"), "mac.com": ("me.com",), "mail.ru": ("mail.ru",),
    "me.com": ("me.com",), "msn.com": ("office365.com", "outlook.com"),
    "outlook.com": ("office365.com", "outlook.com"), "proton.me": ("proton.me",),
    "protonmail.com": ("proton.me",), "qq.com": ("qq.com",), "web.de": ("web.de",),
    "yahoo.com": ("yahoo.com",), "yandex.ru": ("yandex.ru",),
}  # fmt: skip
"""By domain of addresses, the domains of servers that may send from them (their pages, 2026)."""


def is_impersonating(domain: str, server: str) -> bool:
    """Whether a server sends from an address at a provider of mailboxes that is not its own.

    >>> is_impersonating("gmail.com", "smtp.host.example")
    True
    >>> is_impersonating("gmail.com", "smtp.gmail.com")
    False
    """
    theirs = _SERVERS.get(domain.lower(), ())
    host = f".{server.lower()}"
    return bool(theirs) and not any(host.endswith(f".{one}") for one in theirs)
