"""A word to a WebSub hub that feeds have changed, so that it tells who follows them.

W3C WebSub leaves open how a publisher tells its hub; every hub takes what PubSubHubbub had
(`hub.mode=publish`, one `hub.url` a feed).
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from urllib.parse import urlencode, urlsplit

from publisher.errors import DeliveryError

_PATIENCE = 10.0  # seconds
_AT_ONCE = 50  # feeds in one request


def tell_hub(hub: str, feeds: Sequence[str]) -> None:
    """Tell a hub which feeds have changed; raise DeliveryError where it does not take it.

    No redirect is followed: a form goes where the configuration says, and nowhere else.
    """
    for at in range(0, len(feeds), _AT_ONCE):
        form = [("hub.mode", "publish"), *(("hub.url", feed) for feed in feeds[at : at + _AT_ONCE])]
        try:
            status = _posted(hub, urlencode(form))
        except (HTTPException, OSError, ValueError) as error:
            raise _refused(hub, str(error)) from None
        if not 200 <= status < 300:
            raise _refused(hub, f"it answered {status}")


def _posted(url: str, form: str) -> int:
    parts = urlsplit(url)
    kind = HTTPSConnection if parts.scheme == "https" else HTTPConnection
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    with closing(kind(parts.hostname or "", parts.port, timeout=_PATIENCE)) as connection:
        connection.request("POST", path, form, headers)
        return connection.getresponse().status


def _refused(hub: str, why: str) -> DeliveryError:
    return DeliveryError(
        f"the hub was not told that feeds have changed: {why}",
        why=f"Who follows by {hub} learns of it later.",
        todo="It is told at the next change. Mend or remove [feeds] hub if it goes on.",
    )
