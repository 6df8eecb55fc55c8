"""What `[theme]`, and a theme.toml, may say."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from typing import Any

from publisher.config.lines import toml_lines
from publisher.config.reader import Reader
from publisher.config.values import check_colour
from publisher.errors import ConfigError
from publisher.hosts import with_ascii_host
from publisher.model import Publication, Social, ThemeSettings

_COLOURS = ("accent", "ground", "paper", "tint", "ink", "quiet", "line")
_FONTS = ("heading", "text", "label")
_MOST_SOCIAL = 12
_LONGEST_SOCIAL = 40  # characters of a name


def with_social(theme: Mapping[str, Any], reader: Reader) -> dict[str, Any]:
    """Return a theme's table with its places of `[theme.social]` as records: NAME = ADDRESS."""
    if "social" not in theme:
        return dict(theme)
    places = reader.table(theme["social"], "theme.social").items()
    return {**theme, "social": [{"name": name, "url": url} for name, url in places]}


def parse_theme(text: str, path: str) -> ThemeSettings:
    """Return the values that the text of a theme.toml declares; raise ConfigError naming `path`."""
    reader = Reader({f"theme.{key}": line for key, line in toml_lines(text).items()})
    try:
        table = with_social(tomllib.loads(text), reader)
        theme: ThemeSettings = reader.record(ThemeSettings, table, "theme")
        _check(theme, reader)
    except ConfigError as error:
        problem = error.problem
        what = problem.what.replace("theme.", "", 1)
        raise ConfigError(
            what, path=path, line=problem.line, why=problem.why, todo=problem.todo
        ) from None
    except (ValueError, RecursionError) as error:
        raise ConfigError(f"not TOML: {error}", path=path) from None
    return theme


def checked(publication: Publication, reader: Reader) -> ThemeSettings:
    """Return the theme's single values; raise ConfigError."""
    _check(publication.theme, reader)
    return publication.theme


def _check(theme: ThemeSettings, reader: Reader) -> None:
    if not re.fullmatch(r"[a-z0-9][a-z0-9-]*", theme.name):
        raise reader.wrong("theme.name", "must be lower-case letters, digits and hyphens")
    for key in (*_COLOURS, *(f"dark_{name}" for name in _COLOURS[1:])):
        check_colour(getattr(theme, key), f"theme.{key}", reader)
    for key in _FONTS:
        if not re.fullmatch(r"[\w ,'-]*", getattr(theme, key)):  # it stands in styles as it is
            raise reader.wrong(
                f"theme.{key}",
                "must be names of fonts with commas between them",
                "Write it as in \"Georgia, 'Times New Roman', serif\".",
            )
    for key, least, most in (("radius", 0, 40), ("page", 320, 2000), ("measure", 320, 2000)):
        value = getattr(theme, key)
        if value is not None and not least <= value <= most:
            raise reader.wrong(f"theme.{key}", f"must be {least} to {most} pixels")
    _check_social(theme.social, reader)


def _check_social(places: tuple[Social, ...], reader: Reader) -> None:
    for one in places:
        at = f"theme.social.{one.name}"
        if not one.name.strip() or len(one.name) > _LONGEST_SOCIAL:
            raise reader.wrong(at, f"must have a name of at most {_LONGEST_SOCIAL} characters")
        if not _is_https(one.url):
            raise reader.wrong(
                at, "must be an https address", 'Write it as in "https://social.example/@letter".'
            )
    if len(places) > _MOST_SOCIAL:
        raise reader.wrong("theme.social", f"must be at most {_MOST_SOCIAL} places")


def _is_https(url: str) -> bool:
    if not re.fullmatch(r"https://[^/\s\"'<>\\@]+(/[^\s\"'<>\\]*)?", url):
        return False
    try:
        return bool(with_ascii_host(url))
    except ValueError:
        return False
