"""Names of authors as people write them: one text of several, titles, links, addresses of mail."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from html import unescape
from typing import Any

from publisher.model import one_line

Lookup = Callable[[str], str]
"""Who an id stands for; "" for nobody it knows."""

_NAME_KEYS = ("name", "display_name", "displayname", "full_name", "fullname", "pretty_name")
_LAST_KEYS = (
    "title",
    "label",
    "nickname",
)  # of a page of theirs; in a table it may be their office
_ID_KEYS = ("id", "key", "slug", "username", "handle", "login")

_LINK = re.compile(r"!?\[([^\[\]]*)\]\([^()\s]*(?:\s+\"[^\"]*\")?\)")
_ASIDE = re.compile(r"\s*\((?:\s*(?:@[\w.@-]+|https?://[^\s()]*|mailto:[^\s()]*)\s*[,;]?)+\)")
_MAILBOX = re.compile(r"\s*<[^<>\s]*@[^<>\s]*>")
_MAIL_FIRST = re.compile(r"[^\s@<>()]+@[^\s@<>()]+\s+\(([^()]+)\)")  # RSS 2.0's form
_AND = re.compile(r"\s+(?:and|und|et|&|/|\||\+)\s+|\s*[＆／｜]\s*")
_LAST_AND = re.compile(r"^(?:and|und|et|&)\s+")
_TAG = re.compile(r"</?[A-Za-z][^<>@]*>")
_PARTICLES = frozenset(
    "al bin ibn da dal de del della den der di do dos du el la le te ten ter van von zu af av y "
    "and und et".split()
)
_BY = re.compile(r"^[Bb]y:?\s+(?=[^\W\d_a-z])")

_SUFFIX = re.compile(
    r"(?:jr|sr|[ivx]{2,4}|ph\.?\s?d|m\.?d|m\.?a|m\.?sc?|b\.?a|b\.?sc?|mba|ll\.?m|j\.?d|esq|cpa|dds|rn"
    r"|r\.?n|dr|prof|d\.?phil|dvm|pe|fca|frs|obe|cbe|mbe|s\.?j|o\.?p|inc|ltd|llc|gmbh|s\.?a|ag|plc)\.?",
    re.IGNORECASE,
)
_ROLES = frozenset(
    "director officer editor editors engineer manager president chair chairman chairwoman "
    "chairperson fellow professor lecturer lead leader head founder cofounder co-founder ceo "
    "cto cfo coo ciso cio writer journalist reporter correspondent columnist critic producer "
    "photographer designer architect developer analyst consultant adviser advisor strategist "
    "specialist coordinator administrator secretary treasurer minister senator governor mayor "
    "ambassador attorney counsel lawyer judge physician surgeon nurse doctor scientist "
    "researcher economist historian librarian curator teacher student intern trainee "
    "volunteer member maintainer evangelist advocate partner principal owner commissioner "
    "superintendent captain colonel general executive assistant associate deputy senior "
    "junior vice chief emeritus author translator illustrator".split()
)
_NO_PERSON = frozenset(
    "department office team group groups services service agency authority ministry council "
    "committee board commission university institute institution school college society "
    "association foundation union party press desk staff editors newsroom company co corp inc "
    "ltd llc gmbh sons brothers partners bank trust centre center network project community "
    "club division bureau federation administration research development health safety "
    "science sciences technology engineering arts culture news opinion opinions letters "
    "sports business trade industry commerce education human public policy butter".split()
)
_OF_FIRMS = frozenset("noble young spencer wesson".split())
"""Names that firms end in as people do: `Ernst & Young`, but `Ann Lee and Neil Young`."""


def names_of(value: Any, lookup: Lookup = lambda _: "") -> tuple[str, ...] | None:
    """Return the authors that front matter names, each once; None for what names nobody.

    A list has one in each member, a text may hold several: parted by `;`, else by commas and "and".
    What follows a comma and is a role, a degree or a generation belongs to the name before it.
    """
    if isinstance(value, dict):
        value = [value]
    if isinstance(value, str):
        found = [name for part in parted(value) for name in _known(part, lookup)]
    elif isinstance(value, list):
        found = [name for one in value if one is not None for name in _member(one, lookup)]
    else:
        return None
    return tuple(dict.fromkeys(name for name in found if name))


def _member(value: Any, lookup: Lookup) -> Iterator[str]:
    if isinstance(value, dict):
        yield lookup(_first(value, _ID_KEYS)) or name_in(value) or _first(value, _ID_KEYS)
    elif not isinstance(value, list | bool):
        yield from _known(plain(str(value)), lookup)


def _known(name: str, lookup: Lookup) -> Iterator[str]:
    yield lookup(name) or lookup(name.removeprefix("@")) or name


def name_in(table: dict[Any, Any]) -> str:
    """Return the name that a table of a person holds, "" where there is none."""
    folded = {str(key).casefold().replace("-", "_"): value for key, value in table.items()}
    if name := _first(folded, _NAME_KEYS):
        return plain(name)
    parts = (
        _first(folded, ("first_name", "firstname", "given_name")),
        _first(folded, ("last_name", "lastname", "family_name")),
    )
    whole = " ".join(filter(None, parts)) or _first(folded, _LAST_KEYS)
    return plain(whole) if whole else ""


def ids_in(table: dict[Any, Any]) -> list[str]:
    """Return all that a table of a person may be called by."""
    return [str(one) for key in _ID_KEYS if _is_word(one := table.get(key)) and str(one).strip()]


def _first(table: dict[Any, Any], keys: tuple[str, ...]) -> str:
    found = (table.get(key) for key in keys)
    return next((str(one).strip() for one in found if _is_word(one) and str(one).strip()), "")


def _is_word(value: Any) -> bool:
    return isinstance(value, str | int) and not isinstance(value, bool)


def plain(text: str) -> str:
    """Return a name without Markdown, handles and addresses beside it.

    >>> plain("[Ann Lee](https://ann.example)"), plain("Ann Lee ([@ann](https://x.example/ann))")
    ('Ann Lee', 'Ann Lee')
    """
    mail_first = _MAIL_FIRST.fullmatch(text.strip())
    text = mail_first[1] if mail_first else text
    bare = _TAG.sub("", _LINK.sub(r"\1", unescape(text)))
    bare = _MAILBOX.sub("", _ASIDE.sub("", bare))
    if "**" in bare or bare.startswith(("*", "_")):
        bare = re.sub(r"(\*\*|__|[*_])(\S.*?)\1", r"\2", bare)
    return _BY.sub("", one_line(bare).strip(" ,;")) or one_line(text).strip()


def parted(text: str) -> list[str]:
    """Return the names in one text.

    >>> parted("Ann Lee, Bo Chan and Cy Dee"), parted("Ann Lee, Executive Director")
    (['Ann Lee', 'Bo Chan', 'Cy Dee'], ['Ann Lee, Executive Director'])
    """
    text = _MAILBOX.sub("", _ASIDE.sub("", _TAG.sub("", _LINK.sub(r"\1", unescape(text)))))
    if ";" in text:
        return [plain(one) for one in text.split(";") if one.strip()]
    found = []
    for name, titles in _by_commas(text):
        *others, last = _by_and(name)
        found += [*others, ", ".join([last, *titles])]
    return [plain(name) for name in found if name.strip()]


def _by_commas(text: str) -> list[tuple[str, list[str]]]:
    """Parts between commas, none within brackets, each with the titles that follow it."""
    parts = [part.strip() for part in re.split(r"[,，、،](?![^()]*\))", text)]
    found: list[tuple[str, list[str]]] = []
    follows_role = False
    for part in filter(None, parts):
        title, *others = _titled(part, found[-1][0]) if found else ["", part]
        if found and not title and follows_role and " " not in part:
            title, others = part, []  # Vice President, Engineering
        if title:
            found[-1][1].append(title)
        found += [(_LAST_AND.sub("", one), []) for one in others]
        follows_role = bool(title) and not others
    return found


def _titled(part: str, name: str) -> list[str]:
    """What a part says of the name before it, "" for nothing, and who is named behind that."""
    title, *others = _AND.split(part)
    if not _is_title(title, name):
        return [part] if _is_title(part, name) else ["", part]
    are_people = all(len(one.split()) > 1 and _is_somebody(one) for one in others)
    return [title, *others] if others and are_people else [part]


def _is_title(part: str, name: str = "") -> bool:
    """Whether what stands behind a comma says what somebody is, rather than who."""
    words = re.findall(r"[\w.'-]+", part.casefold())
    if not words or _SUFFIX.fullmatch(part.strip()):
        return bool(words)
    if words[0] in ("and", "und", "et"):
        return False
    if len(words) > 1 and _describes(part) and not name[:1].islower():
        return True  # shape shifter, the frame shredder
    return not _ROLES.isdisjoint(word.strip(".") for word in words)


def _describes(part: str) -> bool:
    first = part.split()[0]
    return first == "The" or (first[0].islower() and first.rstrip("'’") not in _PARTICLES)


def _by_and(text: str) -> list[str]:
    """Names on both sides of an "and"; the name of an office or a firm that holds one stays one."""
    sides = _AND.split(text)
    if len(sides) == 1 or not all(map(_may_be_person, sides)):
        return [text]
    is_firm = sides[-1].strip(".,").casefold() in _OF_FIRMS
    return [text] if is_firm else sides


def _is_somebody(name: str) -> bool:
    """Whether several words in capitals are a name rather than a field of work."""
    return _may_be_person(name) and not _is_title(name) and not re.search(r"(?:^|\s)[a-z]", name)


def _may_be_person(name: str) -> bool:
    words = [word.strip(".,'’").casefold() for word in name.split()]
    if not 1 <= len(words) <= 5 or words[0] == "the" or words == ["al"]:
        return False
    return _NO_PERSON.isdisjoint(words)
