"""Signs a request as Amazon wants it: AWS Signature Version 4.

Documentation: "AWS Identity and Access Management User Guide", page "Create a signed AWS API
request". It is four HMACs; botocore would be 14 MB of services of which one request is used.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import quote

_ALGORITHM = "AWS4-HMAC-SHA256"


@dataclass(frozen=True, kw_only=True, slots=True)
class Credentials:
    """What Amazon knows an account by; `token` is of temporary ones alone."""

    access: str
    secret: str = field(repr=False)
    token: str = field(default="", repr=False)


def signed(
    *,
    method: str,
    host: str,
    path: str,
    headers: Mapping[str, str],
    body: bytes,
    region: str,
    service: str,
    credentials: Credentials,
    at: datetime,
) -> dict[str, str]:
    """Return the headers with those of the signature; `path` has no query, `at` is aware UTC."""
    stamp = f"{at:%Y%m%dT%H%M%SZ}"
    scope = f"{stamp[:8]}/{region}/{service}/aws4_request"
    told = {**headers, "X-Amz-Date": stamp}
    if credentials.token:
        told["X-Amz-Security-Token"] = credentials.token
    canonical = {"host": host, **{name.lower(): value.strip() for name, value in told.items()}}
    names = ";".join(sorted(canonical))
    request = "\n".join(
        [
            method,
            quote(path, safe="/-_.~%"),
            "",
            *(f"{name}:{canonical[name]}" for name in sorted(canonical)),
            "",
            names,
            hashlib.sha256(body).hexdigest(),
        ]
    )
    text = "\n".join([_ALGORITHM, stamp, scope, hashlib.sha256(request.encode()).hexdigest()])
    key = b"AWS4" + credentials.secret.encode()
    for part in scope.split("/"):
        key = hmac.digest(key, part.encode(), "sha256")
    signature = hmac.digest(key, text.encode(), "sha256").hex()
    told["Authorization"] = (
        f"{_ALGORITHM} Credential={credentials.access}/{scope}, SignedHeaders={names}, "
        f"Signature={signature}"
    )
    return told
