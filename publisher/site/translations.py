"""Which articles are translations of each other: by what they say, else by their files' names."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from operator import attrgetter
from pathlib import PurePosixPath
from typing import Any

from publisher.model import Article, no_controls

SHARED = ("translationKey", "translation_key", "lang-ref", "lang_ref", "ref", "page_id", "i18n_key")
"""Keys of front matter that translations of one article have in common, whatever their case."""

NAMED = ("translation_of", "translationOf")
"""Keys that name the article of which a file is a translation: by id, slug, file or title."""


class Translations:
    """Of articles newest first, which are one and the same in several languages.

    An article is known by the key that it shares with others, else by the one that it says it
    translates, else by its file's name and folders without its language (`a.de.md`, `de/a.md`).
    """

    def __init__(self, articles: Sequence[Article], main: str) -> None:
        self._main = main
        self._of: dict[str, str] = {}
        self._into: dict[str, str] = {}
        self.lost: list[tuple[Article, str]] = []
        self._groups: dict[str, list[Article]] = {}
        naming = [(one, name) for one in articles if one.extra and (name := _value(one, NAMED))]
        if not naming and len(set(map(attrgetter("language"), articles))) < 2:
            return  # as most are: nothing is another's translation
        self._of = {article.id: _key(article) for article in articles}
        self._join(articles, naming)
        for article in articles:
            self._groups.setdefault(self._whole(self._of[article.id]), []).append(article)

    def __bool__(self) -> bool:
        """Whether any may be one of another."""
        return bool(self._groups)

    def of(self, article: Article, seen: Mapping[str, Article]) -> list[Article]:
        """Return an article in each of its languages, itself among them; of what is `seen` alone.

        First the one in the publication's language, else the oldest. Of several in one language
        the newest is taken, and the others have no translations.
        """
        if not self._groups:
            return [article]
        alike = self._groups[self._whole(self._of[article.id])]
        if len(alike) == 1:
            return [article]
        found: dict[str, Article] = {}
        for one in alike:
            if one.id in seen:
                found.setdefault(one.language, one)
        if found.get(article.language) is not article:
            return [article]
        return sorted(found.values(), key=self._rank)

    def others(self) -> dict[str, tuple[str, ...]]:
        """Return, by id, the ids of what is the same in other languages, where there is any."""
        return {
            one.id: others
            for group in self._groups.values()
            if len(group) > 1
            for one in group
            if (others := tuple(two.id for two in group if two.language != one.language))
        }

    def _rank(self, article: Article) -> tuple[bool, datetime, str]:
        return article.language != self._main, article.published, article.language

    def _join(self, articles: Sequence[Article], naming: Sequence[tuple[Article, str]]) -> None:
        """Let each article that names another be one of its translations."""
        if not naming:
            return
        known: dict[str, list[Article]] = {}
        for one in articles:
            for name in _names(one):
                known.setdefault(name, []).append(one)
        for article, name in naming:
            others = [one for one in known.get(name.casefold(), ()) if one is not article]
            others.sort(key=lambda one: one.language == article.language)
            if others:
                self._merge(self._of[article.id], self._of[others[0].id])
            else:
                self.lost.append((article, no_controls(name)))

    def _merge(self, key: str, into: str) -> None:
        key, into = self._whole(key), self._whole(into)
        if key != into:
            self._into[key] = into

    def _whole(self, key: str) -> str:
        """The key under which one stands that was joined with others."""
        while key in self._into:
            key = self._into[key]
        return key


def _key(article: Article) -> str:
    """What an article has in common with its translations."""
    if shared := _value(article, SHARED):
        return f"key {shared}"
    if _value(article, NAMED):
        return f"id {article.id}"
    return f"file {_place(article)}"


def _place(article: Article) -> str:
    """An article's file without what tells its language: `city/a` of `de/city/a.de.md`."""
    tag, whole = article.language.casefold(), article.path
    if "/" not in whole and whole.count(".") == 1 and not whole.startswith("."):
        return whole.partition(".")[0]  # as most are
    path = PurePosixPath(whole).with_suffix("")
    name = path.with_suffix("") if _plain(path.suffix[1:]) == tag else path
    folders = list(name.parts[:-1])
    at = next((at for at, folder in enumerate(folders) if _plain(folder) == tag), None)
    if at is not None:
        del folders[at]
    return "/".join([*folders, name.name])


def _plain(tag: str) -> str:
    return tag.casefold().replace("_", "-")


def _names(article: Article) -> Iterator[str]:
    """By what an article can be named."""
    whole = PurePosixPath(article.path)
    names = (article.id, article.slug, article.title, article.url, whole, whole.with_suffix(""))
    yield from {str(name).casefold() for name in names}


def _value(article: Article, keys: Sequence[str]) -> str:
    """The value of the first of some keys; they may stand a level down (Zola, newer Hugo)."""
    extra = article.extra
    if not extra:
        return ""
    tables: list[Mapping[str, Any]] = [extra]
    tables += [one for name in ("extra", "params") if isinstance(one := extra.get(name), dict)]
    for table in tables:
        folded = {str(key).casefold(): value for key, value in table.items()}
        for key in keys:
            value = folded.get(key.casefold())
            if isinstance(value, str | int) and not isinstance(value, bool) and str(value).strip():
                return str(value).strip()
    return ""
