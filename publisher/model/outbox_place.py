"""Where what goes out lies, by what `[publication] outbox` says: a folder, or an object store."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import unquote, urlsplit

STORES = ("s3", "gs", "az")
"""Schemes of object stores: S3, Google Cloud Storage, Azure Blob Storage."""

_COPY = Path(".publisher/outbox")


def store_of(outbox: str) -> str:
    """Return the address of the object store; "" for a folder."""
    return outbox.rstrip("/") if outbox.partition("://")[0] in STORES else ""


def folder_of(outbox: str) -> Path:
    """Return the folder, from publisher.toml on; of an object store this host's copy of it."""
    if store_of(outbox):
        return _COPY
    if outbox.startswith("file:"):
        return Path(unquote(urlsplit(outbox).path))
    return Path(outbox)


def fault_of(outbox: str) -> str:
    """Return what is wrong with it; "" for nothing.

    >>> fault_of("s3://key:secret@bucket/letter")
    'must not hold a key: it belongs into the environment'
    """
    scheme, mark, _ = outbox.partition(":")
    if scheme == "file":
        path = urlsplit(outbox)
        is_plain = not (path.netloc or path.query or path.fragment)
        return "" if is_plain and path.path.startswith("/") else "must be file:///FOLDER"
    if not mark or "://" not in outbox:
        return ""
    if scheme not in STORES:
        known = ", ".join(f"{one}://" for one in (*STORES, "file"))
        return f"must be a folder, or begin with {known}"
    if "@" in outbox or "?" in outbox:
        return "must not hold a key: it belongs into the environment"
    if not re.fullmatch(r"\w+://[a-z0-9][a-z0-9._-]+(/[\w.-]+)*/?", outbox, re.ASCII):
        return f"must be {scheme}://BUCKET/PREFIX, the prefix of letters, digits, - and _"
    return "must have no prefix with . or .." if re.search(r"/\.\.?(/|$)", outbox) else ""
