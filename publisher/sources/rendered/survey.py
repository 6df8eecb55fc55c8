"""What the pages of one site have in common, and so says nothing of any: its name, its logo."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterable
from html import unescape
from pathlib import Path

import msgspec

from publisher import files
from publisher.model import fold, one_line

_SAMPLE = 80  # pages that are looked at
_HEAD = 40_000  # bytes of each
_SHARE = 0.35
_TITLE = re.compile(r"<title[^>]*>(.{1,600}?)</title>", re.DOTALL | re.IGNORECASE)
_META = re.compile(r"<meta\b[^>]{1,3000}>", re.IGNORECASE)
_ATTRIBUTE = re.compile(r"""([\w:-]+)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>]+))""")
_PARTING = re.compile(r"\s+(?:[|·•‧∙–—»«›‹:~/\\⋅★✦]+|-+|::)\s+|\s*[|»«]\s*|:\s+|\s+@\s+")
_SAID_OF_ALL = frozenset(
    ("og:image", "twitter:image", "og:description", "description", "author", "keywords")
)


class Site(msgspec.Struct, frozen=True):
    """What pages share: `names` that titles end or begin with (folded), and `metas`, values of
    metadata that many have, as "key=value".
    """

    names: frozenset[str] = frozenset()
    metas: frozenset[str] = frozenset()

    @property
    def digest(self) -> str:
        """What tells this from another; "" where nothing is shared."""
        told = "\n".join([*sorted(self.names), "", *sorted(self.metas)])
        return hashlib.sha256(told.encode()).hexdigest()[:16] if told.strip() else ""

    def is_shared(self, key: str, value: str) -> bool:
        """Whether a value of metadata is one of all pages."""
        return f"{key}={value.strip()}" in self.metas

    def without_name(self, title: str) -> str:
        """Return a page's title without the name of its site, on either side.

        >>> Site(frozenset({"the letter"})).without_name("Harbour opens – at last | The Letter")
        'Harbour opens – at last'
        """
        for _ in range(3):
            marks = list(_PARTING.finditer(title))
            last = next((m for m in reversed(marks) if fold(title[m.end() :]) in self.names), None)
            first = next((m for m in marks if fold(title[: m.start()]) in self.names), None)
            if last and title[: last.start()].strip():
                title = title[: last.start()].strip()
            elif first and title[first.end() :].strip():
                title = title[first.end() :].strip()
            else:
                break
        return title


NO_SITE = Site()


def survey(folder: Path, paths: Iterable[str]) -> Site:
    """Look at some pages of a folder, always the same ones; what cannot be read says nothing."""
    pages = [path for path in paths if path.lower().endswith((".html", ".htm"))]
    pages.sort(key=lambda path: hashlib.sha256(path.encode()).digest())
    heads = []
    for path in pages[:_SAMPLE]:
        try:
            heads.append(files.read_beginning(folder / path, _HEAD).decode("utf-8", "replace"))
        except OSError:
            continue
    return common(heads)


def common(heads: list[str]) -> Site:
    """Return what the heads of pages share, where there are enough of them to tell."""
    if len(heads) < 3:
        return NO_SITE
    least = max(3, round(_SHARE * len(heads)))
    names, metas = Counter[str](), Counter[str]()
    for head in heads:
        names.update(_ends(head))
        metas.update(_metas(head))
    return Site(
        frozenset(one for one, count in names.items() if count >= least),
        frozenset(one for one, count in metas.items() if count >= least),
    )


def _ends(head: str) -> set[str]:
    """What a title may end or begin with, from each of its marks on, and what it says it is."""
    found = _TITLE.search(head)
    title = one_line(unescape(found[1])) if found else ""
    marks = list(_PARTING.finditer(title))
    ends = {fold(title[mark.end() :]) for mark in marks} | {
        fold(title[: mark.start()]) for mark in marks
    }
    return {one for one in ends if one}


def _metas(head: str) -> set[str]:
    found = set()
    for tag in _META.finditer(head):
        said = {
            one[1].lower(): one[2] or one[3] or one[4] or "" for one in _ATTRIBUTE.finditer(tag[0])
        }
        key = (said.get("property") or said.get("name") or "").lower()
        value = unescape(said.get("content", "")).strip()
        if key in _SAID_OF_ALL and value:
            found.add(f"{key}={value}")
    return found
