"""What `[dkim]` declares."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from publisher.model.declared import Settings
from publisher.model.declared import key as _key

DkimAlgorithm = Literal["rsa", "ed25519"]
"""Of a signature: RSA with SHA-256 (RFC 8301), Ed25519 (RFC 8463)."""


class DkimSettings(Settings, frozen=True, kw_only=True):
    """DKIM signatures; `publisher keys dkim new` makes the keys, which are in no configuration."""

    sign: Literal["auto", "always", "never"] = _key(
        "`auto`: mails are signed once there are keys that sign; `always`: without such keys "
        "nothing is sent; `never`: somebody else signs, such as your mail server.",
        "auto",
    )
    domain: str = _key(
        "The domain that signs (`d=`), whose DNS holds the keys' records; that of `sender` where "
        "it is not given.",
        "",
        example="news.example",
    )
    selector: str = _key(
        "What the selectors of new keys begin with; the day on which they are made follows.",
        "letter",
    )
    keys: Path = _key(
        "The folder of the private keys, which their owner alone may read.",
        Path(".publisher/dkim"),
        example="/etc/publisher/dkim",
    )
