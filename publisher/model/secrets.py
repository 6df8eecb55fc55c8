"""What is for nobody's eyes, wherever it would be shown: passwords, tokens, keys."""

from __future__ import annotations

import re
from typing import Any

HIDDEN = "***"

# In the languages of servers and programs: none of these words means anything else.
_PASSWORDS = (
    r"passwort|kennwort|mot\sde\spasse|contrase(?:ñ|n\u0303)a|\bsenha|palavra-passe|wachtwoord|"
    r"lösenord|adgangskode|passord|salasana|hasło|\bheslo|jelszó|пароль|密码|密碼|パスワード|비밀번호"
)
_SURE = (
    rf"pass(?:word|wd|file|phrase|code)|pwd|{_PASSWORDS}|"
    r"(?:api|access|account|master|private|service|shared|signing)[_-]?key"
)
_NAME = rf"{_SURE}|secret|token|credential|(?:^|[._-])auth(?:$|[._-])"
_REST = r"[\w.-]{0,40}"  # of a name; bounded, for others write the text
_IS_NAME = re.compile(_NAME, re.IGNORECASE)
# Up to the last @ of the word: a password may hold one, though it should be written as %40.
_IN_URL = re.compile(r"([A-Za-z0-9+.-]://[^\s/@:]*:)\S*@")
# In a query a value goes on to the next one; there, short names are telling, too.
_IN_QUERY = re.compile(
    rf"""([?&;](?:[\w.-]{{0,40}}(?:{_NAME}){_REST}|(?:[\w-]*-)?sig(?:nature)?|key|auth)=)[^\s&#"<>]+""",
    re.IGNORECASE,
)
_PARAMETERS = re.compile(r"[?;#]|%3[bf]", re.IGNORECASE)  # as they are, and as a name of a database
_NAMED = re.compile(
    rf"""((?:{_NAME}){_REST}["']?(?:\s?[=:]\s?|%3D))(?:(["'])(?:\\.|(?!\2)[^\\\n])+\2|(?:(?<==)|(?<=%3D))(?!>)[^\s&;,"'()]+)""",
    re.IGNORECASE,
)
# After a colon prose may follow ("unexpected token: end"), or the number of a file's line; so the
# name or the word must tell.
_GIVEN = r"""\\?["']?\s?(?:[:=：]>?|>)\s*(?:\\?["'])?(?!//|\d+:\s)"""
_SAID = re.compile(
    rf"""((?:{_NAME}){_REST}{_GIVEN}(?=[^\s"'\\,;<]{{0,99}}\d))[^\s"'\\,;(){{}}<>&]+""",
    re.IGNORECASE,
)
_SURELY_SAID = re.compile(rf"""((?:{_SURE}){_REST}{_GIVEN})[^\s"'\\;<>&]+""", re.IGNORECASE)
# The headers of RFC 9110 §11.6.2 and RFC 6265, whose values may have many words.
_HEADER = re.compile(
    r"""\b((?:authorization|cookie)\\?["']?[ \t]*[:=][ \t]*)"""
    r"""(?:(\\?["'])[^"'\\\n]+|digest\b[^\n]+|[^"'\\\s][^\n]*)""",
    re.IGNORECASE,
)
_SCHEME = re.compile(r"\b((?i:Basic|Bearer) +)(?=[\w.~+/-]*[\dA-Z=])[\w.~+/-]{16,}=*")
# An option of a program, whose value is the next word; prose may go on behind its name.
_OPTION = re.compile(
    rf"""((?<![\w-])--?[\w-]{{0,40}}(?:{_NAME})[\w-]{{0,40}}[ \t]+)"""
    r"""(?!(?:and|as|but|can|cannot|does|for|has|if|in|is|must|needs?|not|on|or|requires?|to|was|"""
    r"""were|with|without)\b)(?:(["'])[^"'\n]+\2|(?!-)[^\s"']+)""",
    re.IGNORECASE,
)
# What follows a mechanism (RFC 4954 §4) or a challenge is base64 of a secret, in one or more parts;
# digits, capitals within a word or signs tell it from prose and from further mechanisms.
_BASE64 = (
    r"(?!(?:PLAIN|LOGIN|NTLM|GSSAPI|X?OAUTH\w*|EXTERNAL|ANONYMOUS)\b|\d+\b)"
    r"(?=[A-Za-z0-9+/]{0,2000}?(?:\d|[a-z][A-Z]|[+/=]))(?:(?:[A-Za-z0-9+/]{4}){0,500}"
    r"(?:[A-Za-z0-9+/]{4}|[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)(?![\w=+/-])"
    r"|[A-Za-z0-9+/]{4,2000}(?=\Z|…))"  # which was cut off
)
_BETWEEN = r"""(?:[\s'"\\:<>-]|\\[rn]|\bb(?=['"])|\b(?:send|reply|client|server|[CS])(?=:)){1,24}"""
_MECHANISM = r"""\bAUTH(?:ENTICATE)?[ \t]+[A-Z][A-Z0-9-]{2,30}|(?:^|[:'"<>]\s?)334"""
_LOGIN = re.compile(rf"({_MECHANISM})((?:{_BETWEEN}{_BASE64})+)", re.MULTILINE)
_PART = re.compile(_BASE64)
_PEM = re.compile(
    r"(-----BEGIN [A-Z ]*PRIVATE KEY(?: BLOCK)?-----).*?(?:-----END [A-Z ]*-----|\Z)", re.DOTALL
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
    text = _IN_URL.sub(rf"\g<1>{HIDDEN}@", text)
    text = _IN_QUERY.sub(rf"\g<1>{HIDDEN}", text)
    text = _PEM.sub(rf"\g<1>{HIDDEN}", text)
    text = _HEADER.sub(rf"\g<1>\g<2>{HIDDEN}", text)
    text = _SCHEME.sub(rf"\g<1>{HIDDEN}", text)
    text = _LOGIN.sub(lambda found: found[1] + _PART.sub(HIDDEN, found[2]), text)
    if not _IS_NAME.search(text):
        return text
    text = _NAMED.sub(rf"\g<1>\g<2>{HIDDEN}\g<2>", text)
    text = _OPTION.sub(rf"\g<1>\g<2>{HIDDEN}\g<2>", text)
    text = _SURELY_SAID.sub(rf"\g<1>{HIDDEN}", text)
    return _SAID.sub(rf"\g<1>{HIDDEN}", text)


def ledger_place(url: str) -> str:
    """Return the address of a ledger as it may be shown: its user, host and database, no more.

    What its parameters are called is anybody's guess: a misspelt `passwrd` holds a password, too.

    >>> ledger_place("postgresql://u:p4ss@db.example/letter?password=p4ss&sslmode=require")
    'postgresql://u:***@db.example/letter?***'
    """
    scheme, is_address, rest = url.partition("://")
    if not is_address:
        return HIDDEN if url else ""
    login, at, place = rest.rpartition("@")  # a password may hold one, as above
    user, colon, _ = login.partition(":")
    if _PARAMETERS.search(login):  # is that a password, or a parameter's value that holds an @?
        return f"{scheme}://{HIDDEN}"
    plain, *more = _PARAMETERS.split(place, maxsplit=1)
    shown = f"{user}{f':{HIDDEN}' if colon else ''}{at}{plain}"
    return f"{scheme}://{shown}{f'?{HIDDEN}' if more else ''}"


def without_secrets(name: str, value: Any) -> Any:
    """Return a setting as it may be shown; `name` is its key's. Anything but text stays.

    >>> without_secrets("ledger", "postgresql://u:two words@db.example/letter")
    'postgresql://u:***@db.example/letter'
    """
    if isinstance(value, str):
        if name == "ledger":
            return ledger_place(value)
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
