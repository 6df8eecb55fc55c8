"""What a file's name and folders say: Jekyll's date and slug, Hugo's language, section, bundle."""

from __future__ import annotations

import re
from collections.abc import Collection
from datetime import date
from pathlib import PurePosixPath
from typing import Any

from publisher.model import slugify
from publisher.model.languages import is_written

# Zola: a day or an instant (RFC 3339), then `-` or `_`; spaces and other signs are common as well.
_DATED = re.compile(
    r"(\d{4})(?:-(?=\d+-)|_(?=\d+_)|\.(?=\d\d\.\d\d(?!\d))|年(?=\d+月))(\d{1,2})[-_.月](\d{1,2})日?"
    r"(?:T(\d{2})[:-]?(\d{2})(?:[:-]?(\d{2})(?:\.\d+)?)?(Z|[+-]\d{2}:?\d{2})?)?"
    r"(?:[-_ –—]+(.*))?",
    re.ASCII,
)
_COMPACT = re.compile(r"((?:19|20)\d{2})(\d{2})(\d{2})(?:[-_ ].*)?", re.ASCII)
_IN_FOLDERS = re.compile(r"(?:^|/)(\d{4})/(\d{1,2})/(\d{1,2})(?=/|$)", re.ASCII)
_TRANSLATED = re.compile(r"(.+)\.([a-z]{2,3}(?:[-_][A-Za-z]{4})?(?:[-_](?:[A-Za-z]{2}|\d{3}))?)")
_MEDIUM_DRAFT = re.compile(r"draft_.*-[0-9a-f]{10,12}\.html")  # in an export of Medium
_NO_SECTION = re.compile(r"_.*|\d{1,4}|posts|content|blog")  # folders that only sort files
_SORTS = re.compile(r"_.*|\d{1,4}")  # the same, to a generator: all others are sections
_NO_WORDS = re.compile(r"[\d_-]*[0-9a-f]{8,}|[\d_-]+")  # a hash or a number says nothing to readers
SAFE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._~-]{0,119}")
"""A slug that is as good in an address as where it was written (RFC 3986 §2.3)."""


def from_name(
    path: str,
    languages: Collection[str] = (),
    *,
    generator: str = "",
    sorted_by: tuple[str, ...] = (),
    is_blog: bool = False,
) -> dict[str, Any]:
    """Return front matter that a path stands for; `languages` are those that are used here.

    Which folders sort is the `generator`'s habit; `sorted_by` are those above all articles. Where
    none is named, `blog` is a section of a publication that has sections in its addresses.
    """
    pure = PurePosixPath(path)
    stem = pure.stem
    values: dict[str, Any] = {}
    found = _TRANSLATED.fullmatch(stem)
    if found and _is_language(found[2], languages):
        stem, values["language"] = found[1], found[2].replace("_", "-")
    if stem == "index" and pure.parent.name:  # Hugo's page bundle
        stem, pure = pure.parent.name, pure.parent
    day, stem = _dated(stem)
    if not day and generator == "docusaurus":
        day, stem = _across(pure.parent, stem)
    if day := day or _in_folders(pure.parent):
        values["date"] = day
    if section := _section((*sorted_by, *pure.parent.parts), generator, is_blog):
        values["section"] = section
    if "_drafts" in PurePosixPath(path).parts or _MEDIUM_DRAFT.fullmatch(PurePosixPath(path).name):
        values["draft"] = True
    if PurePosixPath(path).suffix != ".txt" and stem and not _NO_WORDS.fullmatch(stem):
        values["slug"] = stem.lower() if SAFE.fullmatch(stem) else slugify(stem)
    return values


def _across(folder: PurePosixPath, stem: str) -> tuple[str, str]:
    """The date that folders begin and a name ends, as Docusaurus has it, and the name's rest."""
    for count in (1, 2)[: len(folder.parts)]:
        day, rest = _dated("-".join((*folder.parts[-count:], stem)))
        if day and rest:
            return day, rest
    return "", stem


def _is_language(tag: str, used: Collection[str]) -> bool:
    """Whether a part of a name is a language: `node.js` is none."""
    return tag.partition("-")[0].partition("_")[0] in used or is_written(tag)


def _dated(stem: str) -> tuple[str, str]:
    """The date that a name begins with, "" where there is none, and what is left of the name."""
    found = _DATED.fullmatch(stem)
    if found and (day := _day(*found.groups()[:3])):
        hour, minute, second, zone, rest = found.groups()[3:]
        clock = f"T{hour}:{minute}:{second or '00'}{zone or ''}" if hour else ""
        return day + clock, rest or ""
    compact = _COMPACT.fullmatch(stem)
    return (_day(*compact.groups()) if compact else ""), stem


def dateless(name: str) -> str:
    """Return a name without the date that it begins with.

    >>> dateless("2026-11-24-bay"), dateless("bay")
    ('bay', 'bay')
    """
    return _dated(name)[1] or name


def dateless_across(path: str, name: str) -> str:
    """Return the name of a file without the date that it ends, or begins with.

    >>> dateless_across("2026/11-24-bay.md", "11-24-bay")
    'bay'
    """
    pure = PurePosixPath(path)
    above = pure.parent.parent if pure.stem == "index" else pure.parent
    bare = dateless(name)
    return bare if bare != name else _across(above, name)[1]


def misdated(path: str) -> str:
    """Return what a name or its folder begins with like a date, and is none; else "".

    >>> misdated("2026-02-30-late.md"), misdated("2026-02-28-late.md")
    ('2026-02-30', '')
    """
    pure = PurePosixPath(path)
    found = [_DATED.fullmatch(name) for name in (pure.stem, pure.parent.name)]
    wrong = [one for one in found if one and not _day(*one.groups()[:3])]
    return "-".join(wrong[0].groups()[:3]) if wrong else ""


def _in_folders(folder: PurePosixPath) -> str:
    """The date of the nearest folder that is named for a day, or of folders YYYY/MM/DD."""
    for part in reversed(folder.parts):
        if (found := _DATED.fullmatch(part)) and (day := _day(*found.groups()[:3])):
            return day
    days = [_day(*found.groups()) for found in _IN_FOLDERS.finditer(folder.as_posix())]
    return next(filter(None, reversed(days)), "")


def _section(folders: tuple[str, ...], generator: str, is_blog: bool) -> str:
    """The folder that sorts: the first one, for Pelican the one that holds the file."""
    if generator:
        found = [part for part in folders if not (_SORTS.fullmatch(part) or _DATED.fullmatch(part))]
        if generator not in ("hugo", "zola") and found and found[0] in ("content", "src"):
            del found[0]
        return found[-1 if generator == "pelican" else 0] if found else ""
    found = [part for part in folders if not _only_sorts(part) or (is_blog and part == "blog")]
    return found[0] if found else ""


def _only_sorts(folder: str) -> bool:
    return bool(_NO_SECTION.fullmatch(folder) or _DATED.fullmatch(folder))


def _day(year: str, month: str, day: str) -> str:
    """A day in ISO's form, "" where there is no such day."""
    try:
        return date(int(year), int(month), int(day)).isoformat()
    except ValueError:
        return ""
