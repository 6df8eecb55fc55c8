"""Folders that are named for the language of what lies in them: `content/de/`, `i18n/de/…`.

A folder is one only where the site says so, where the publication is in that language, or where
several such folders stand beside each other and hold the same file: `it/` may be a department.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping

from publisher.model.languages import is_written

_TAG = re.compile(r"[a-z]{2,3}(?:[-_](?:[A-Za-z]{4}|[A-Za-z]{2}|\d{3}))*")
_MAY_BE = re.compile(r"(?:^|/)[a-z]{2,3}(?:[-_][A-Za-z0-9-]*)?/")
_INDEXES = frozenset({"index", "_index", "readme"})
_TOPS = frozenset({"", "content", "src/content", "posts", "blog", "_posts", "src/content/blog"})
_DOCUSAURUS = re.compile(
    r"(?:^|/)i18n/([A-Za-z]{2,3}(?:-[A-Za-z]{2,4})?)/docusaurus-plugin-content-(?:blog|docs|pages)[^/]*/"
)


class Spoken:
    """The folders of languages among some paths, which are those of all articles.

    `used` are the publication's languages, `main` its first one; `configured` are folders that the
    site names, with their languages. A language of the publication's makes a folder one only at the
    top, or below `content` and the like.
    """

    def __init__(
        self,
        paths: Iterable[str],
        main: str,
        used: Collection[str],
        configured: Mapping[str, str] = {},
    ) -> None:
        self._folders = {folder.strip("/"): tag for folder, tag in configured.items()}
        used = {one.lower() for one in used}
        listed = list(paths)
        below = _below(listed, used)
        for parent, folders in below.items():
            twins = _with_twins(folders, _plain_below(listed, parent, folders), main)
            ours = {one for one in folders if _is_used(one, used)} if parent in _TOPS else set()
            for name in twins | ours:
                self._folders.setdefault(f"{parent}/{name}".strip("/"), language_of(name))

    def is_any_among(self, paths: Iterable[str]) -> bool:
        """Whether any of some paths may have a language."""
        return bool(self._folders) or any("i18n/" in path for path in paths)

    def of(self, path: str) -> tuple[str, str]:
        """Return a path's language and the path without what names it; "" for none."""
        if "i18n/" in path and (found := _DOCUSAURUS.search(path)):
            return language_of(found[1]), path[: found.start()] + path[found.end() :]
        at = path.find("/") if self._folders else -1
        while at >= 0:
            folder = path[:at]
            if tag := self._folders.get(folder):
                outer = folder.rpartition("/")[0]
                return tag, f"{outer}/{path[at + 1 :]}".lstrip("/")
            at = path.find("/", at + 1)
        return "", path


def language_of(name: str) -> str:
    """Return the tag that a folder's name stands for.

    >>> language_of("pt_BR"), language_of("zh-cn"), language_of("de")
    ('pt-BR', 'zh-CN', 'de')
    """
    first, *rest = re.split("[-_]", name)
    return "-".join(
        [first.lower(), *(one.title() if len(one) == 4 else one.upper() for one in rest)]
    )


def _first(name: str) -> str:
    return re.split("[-_]", name.lower())[0]


def _is_used(name: str, used: Collection[str]) -> bool:
    return name.lower() in used or (_first(name) in used and name.lower() != _first(name))


def _below(paths: Iterable[str], used: Collection[str]) -> dict[str, dict[str, set[str]]]:
    """Parent folder → name of a folder that may be a language → paths below that."""
    found: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    known: dict[str, bool] = {}
    for path in paths:
        if not _MAY_BE.search(path):
            continue
        parts = path.split("/")
        for at, part in enumerate(parts[:-1]):
            if part not in known:
                is_tag = _TAG.fullmatch(part) is not None
                known[part] = is_tag and (is_written(part) or _is_used(part, used))
            if known[part]:
                found["/".join(parts[:at])][part].add(_bare("/".join(parts[at + 1 :])))
    return found


def _plain_below(paths: Iterable[str], parent: str, but: Collection[str]) -> set[str]:
    """What lies below a folder, but in some of its own."""
    start = f"{parent}/" if parent else ""
    inner = (path[len(start) :] for path in paths if path.startswith(start))
    return {_bare(path) for path in inner if path.partition("/")[0] not in but}


def _bare(path: str) -> str:
    return path.rpartition(".")[0]


def _with_twins(folders: Mapping[str, set[str]], plain: set[str], main: str) -> set[str]:
    """Those of which half the files stand in the main language as well: beside them, or above."""
    mains = {
        path for name, paths in folders.items() if _first(name) == _first(main) for path in paths
    }
    found = set()
    for name, paths in folders.items():
        own = {path for path in paths if path.rpartition("/")[2].lower() not in _INDEXES}
        theirs = plain if _first(name) == _first(main) else mains | plain
        if own and 2 * len(own & theirs) >= len(own):
            found.add(name)
    if mains and not plain and len(folders) > 1:  # there is nothing but languages
        return set(folders)
    if mains and found:  # what the others are translations of
        found |= {name for name in folders if _first(name) == _first(main)}
    return found
