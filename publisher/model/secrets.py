"""What is for nobody's eyes, wherever it would be shown: passwords, tokens, keys."""

from __future__ import annotations

import re
from typing import Any

HIDDEN = "***"

_NAME = (
    r"pass(?:word|wd|file|phrase|code)|pwd|secret|token|credential|api[_-]?key|access[_-]?key|"
    r"private[_-]?key|(?:^|[._-])auth(?:$|[._-])"
)
_IS_NAME = re.compile(_NAME, re.IGNORECASE)
# Up to the last @ of the word: a password may hold one, though it should be written as %40.
_IN_URL = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*://[^\s/@:]*:)\S*@")
_WHOLE = re.compile(r"^([^/]*://[^/@:]*:).*@", re.DOTALL)  # one address, blanks and all
# What an address is signed with, or lets in whoever has it: Azure's `sig`, AWS's and Google's.
_IN_QUERY = re.compile(
    r"""([?&](?:sig|key|x-amz-signature|x-goog-signature|signature)=)[^\s&#"'<>]+""", re.IGNORECASE
)
_NAMED = re.compile(
    rf"""((?:[\w.-]*(?:{_NAME})[\w.-]*)["']?(?:\s?[=:]\s?|%3D))(?:(["'])[^"'\n]+\2|(?:(?<==)|(?<=%3D))[^\s&;,"'()]+)""",
    re.IGNORECASE,
)


def is_secret(name: str) -> bool:
    """Whether a key looks as if its value were a secret.

    >>> is_secret("smtp.password"), is_secret("author")
    (True, False)
    """
    return bool(_IS_NAME.search(name))


def concealed(text: str, *known: str) -> str:
    """Return `text` without secrets: in addresses, under a telling name, and those that are known.

    >>> concealed("postgresql://u:p4ss@db.example/letter?password=p4ss&sslmode=require")
    'postgresql://u:***@db.example/letter?password=***&sslmode=require'
    """
    for secret in known:
        if len(secret) >= 4:
            text = text.replace(secret, HIDDEN)
    text = _IN_QUERY.sub(rf"\g<1>{HIDDEN}", _IN_URL.sub(rf"\g<1>{HIDDEN}@", text))
    return _NAMED.sub(rf"\g<1>\g<2>{HIDDEN}\g<2>", text) if _IS_NAME.search(text) else text


def without_secrets(name: str, value: Any) -> Any:
    """Return a setting as it may be shown; `name` is its key's. Anything but text stays.

    >>> without_secrets("ledger", "postgresql://u:two words@db.example/letter")
    'postgresql://u:***@db.example/letter'
    """
    if isinstance(value, str):
        if name == "ledger" and value and "://" not in value:
            return HIDDEN  # no address: whatever it is
        if name == "ledger":
            value = _WHOLE.sub(rf"\g<1>{HIDDEN}@", value)
        return HIDDEN if value and is_secret(name) else concealed(value)
    if isinstance(value, dict):
        return {key: without_secrets(str(key), inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        shown = [without_secrets(name, inner) for inner in value]
        for at, word in enumerate(value[:-1]):  # the words of a command: --password WORD
            if isinstance(word, str) and word.startswith("-") and "=" not in word:
                shown[at + 1] = HIDDEN if is_secret(word) else shown[at + 1]
        return type(value)(shown)
    return value
