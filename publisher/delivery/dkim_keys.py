"""Private keys for DKIM: made, written as PEM, read where nobody else can, and told to DNS."""

from __future__ import annotations

import os
import stat
from base64 import b64encode
from collections.abc import Callable
from pathlib import Path

from publisher import files
from publisher.delivery.dkim import SigningKey
from publisher.errors import ConfigError
from publisher.model import DkimAlgorithm

_BITS = 2048  # what RFC 8301 §3.2 asks for, and what fits into a UDP answer
_LEAST_BITS = 1024  # no verifier need take less (RFC 8301 §3.2)
_MOST = 50_000  # bytes of a key's file
_STRING = 255  # bytes of one string of a TXT record (RFC 1035 §3.3)


def new_pem(algorithm: DkimAlgorithm) -> bytes:
    """Return a new private key as PEM (PKCS #8)."""
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric import ed25519, rsa

    made: rsa.RSAPrivateKey | ed25519.Ed25519PrivateKey = (
        rsa.generate_private_key(public_exponent=65537, key_size=_BITS)
        if algorithm == "rsa"
        else ed25519.Ed25519PrivateKey.generate()
    )
    return made.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )


def read_key(path: Path, selector: str) -> SigningKey:
    """Return the key in a file; raise ConfigError for one that others can read, or that is none."""
    try:
        with files.opened(path) as file:
            _check_private(path, os.fstat(file.fileno()))
            data = file.read(_MOST)
    except PermissionError:
        raise ConfigError(
            f"the DKIM key {path} cannot be read by the user that publisher runs as",
            why="Mails would go out unsigned.",
            todo=f"Run publisher as its owner, or: chown {os.geteuid()} {path}",
        ) from None
    except OSError as error:
        raise ConfigError(
            f"the DKIM key {path} cannot be read: {error.strerror}",
            why="Mails would go out unsigned.",
            todo="Put it back from a backup; or make other keys: publisher keys dkim rotate",
        ) from None
    return key_of(data, selector, str(path))


def key_of(pem: bytes, selector: str, place: str) -> SigningKey:
    """Return the key that PEM text holds; `place` is where it stands. Raises ConfigError."""
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.asymmetric import ed25519, rsa
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    try:
        found = load_pem_private_key(pem, None)
    except TypeError:
        raise _no_key(place, "it is locked with a passphrase", "Write it without one.") from None
    except (ValueError, UnsupportedAlgorithm):
        raise _no_key(place, "it is no private key in PEM") from None
    if isinstance(found, ed25519.Ed25519PrivateKey):
        public = found.public_key().public_bytes_raw()  # RFC 8463 §4.2: the key alone
        return SigningKey(selector=selector, algorithm="ed25519", public=public, sign=found.sign)
    if not isinstance(found, rsa.RSAPrivateKey):
        raise _no_key(place, "it is neither RSA nor Ed25519")
    if found.key_size < _LEAST_BITS:
        raise _no_key(place, f"it has {found.key_size} bits, and mail servers take no such key")
    return SigningKey(
        selector=selector, algorithm="rsa", public=_public_of(found), sign=_signing_with(found)
    )


def record_of(key: SigningKey) -> str:
    """Return the TXT record of a key (RFC 6376 §3.6.1), as one text."""
    return f"v=DKIM1; k={key.algorithm}; p={b64encode(key.public).decode()}"


def strings_of(record: str) -> list[str]:
    """Return a record in the strings of at most 255 bytes that a zone file has."""
    return [record[at : at + _STRING] for at in range(0, len(record), _STRING)]


def _public_of(key: object) -> bytes:
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric import rsa

    assert isinstance(key, rsa.RSAPrivateKey)
    return key.public_key().public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )


def _signing_with(key: object) -> Callable[[bytes], bytes]:
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import padding, rsa

    assert isinstance(key, rsa.RSAPrivateKey)
    scheme, digest = padding.PKCS1v15(), hashes.SHA256()
    return lambda data: key.sign(data, scheme, digest)


def _check_private(path: Path, found: os.stat_result) -> None:
    if stat.S_IMODE(found.st_mode) & 0o077:
        raise ConfigError(
            f"the DKIM key {path} can be read by others than its owner",
            why="Whoever has it can sign mails in your name. It is not used.",
            todo=f"chmod 600 {path}; if others may have read it: publisher keys dkim rotate",
        )
    owners = {os.geteuid(), 0}
    if os.geteuid() == 0:  # root may do the work of whoever the folder belongs to
        owners.add(path.parent.stat().st_uid)
    if found.st_uid not in owners:
        raise ConfigError(
            f"the DKIM key {path} belongs to somebody else",
            why="Who owns it can read it, and put another in its place. It is not used.",
            todo=f"Run publisher as its owner, or: chown {os.geteuid()} {path}",
        )


def _no_key(place: str, what: str, todo: str = "") -> ConfigError:
    return ConfigError(
        f"the DKIM key {place} cannot be used: {what}",
        why="Mails would go out unsigned.",
        todo=todo or "Make keys: publisher keys dkim new",
    )
