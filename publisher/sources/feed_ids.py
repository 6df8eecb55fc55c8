"""The id that another program's feed gave to an article: what its readers know it by already."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from publisher.model import filled, one_line

TAG = "tag:{host},{year}-{month}-{day}:/{path}"
"""What feedgenerator makes, and Pelican with it (RFC 4151 §2.1)."""


def suggested(
    pattern: str, address: str, published: datetime | None, zone: str, extra: Mapping[str, object]
) -> str:
    """Return the id that `[sources] ids` asks for; "" where the article lacks what it is made of.

    `pattern` is "permalink", "tag", or a text with `{url}`, `{url_bare}` (without `.html` or a
    slash at its end), `{host}`, `{path}`, `{year}`, `{month}`, `{day}` and keys of the front
    matter. `published` is any aware time, its day that of `zone`.
    """
    if pattern == "permalink":
        return address
    parts = urlsplit(address)
    values = {
        **{key: str(value) for key, value in extra.items() if isinstance(value, str | int)},
        "url": address,
        "url_bare": address.removesuffix(".html").rstrip("/"),
        "host": parts.hostname or "",
        "path": parts.path.lstrip("/"),
    }
    if published is not None:
        local = published.astimezone(ZoneInfo(zone))
        values |= {"year": f"{local:%Y}", "month": f"{local:%m}", "day": f"{local:%d}"}
    try:
        return one_line(filled(TAG if pattern == "tag" else pattern, values))
    except LookupError:
        return ""
