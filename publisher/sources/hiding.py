"""What hides a page in the generator that it comes from, and so hides it here."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

PUBLIC = frozenset({"published", "publish", "public", "featured", "live", "visible"})
HIDDEN = frozenset(
    "draft auto-draft hidden private scheduled pending future skip trash unlisted unpublished "
    "archived members paid tiers subscribers sent".split()
)
"""Words of `status` and `visibility`. Ghost's `sent` was sent by mail, and is on no page."""

NIKOLA_TAGS = frozenset({"draft", "private"})

_WORDS = {"true": True, "yes": True, "on": True, "false": False, "no": False, "off": False}


class Unclear(Exception):
    """A value that does not tell; the text names what is wanted."""


def flag(value: Any) -> bool:
    """Return a flag as YAML, TOML and people write it; raise Unclear."""
    if isinstance(value, str) and value.strip().lower() in _WORDS:
        return _WORDS[value.strip().lower()]
    if not isinstance(value, bool):
        raise Unclear("true or false")
    return value


def _not_flag(value: Any) -> bool:
    return not flag(value)


def _is_no_public_word(value: Any) -> bool:
    word = str(value).strip().lower()
    if word not in PUBLIC | HIDDEN:
        raise Unclear(f"one of {', '.join(sorted(PUBLIC | HIDDEN))}")
    return word in HIDDEN


STRICT: Mapping[str, Callable[[Any], bool]] = {
    "draft": flag,
    "hidden": flag,
    "published": _not_flag,
    "status": _is_no_public_word,
    "visibility": _is_no_public_word,
    "eleventyexcludefromcollections": flag,
}
"""Keys that are ours too: whoever writes something else there is told."""


def _is_left_out_by_hugo(value: Any) -> bool:
    """Hugo's `build`: a page that is rendered nowhere, or is in no list."""
    if not isinstance(value, Mapping):
        raise Unclear("a table")
    options = {str(key).lower(): str(item).lower() for key, item in value.items()}
    is_rendered = options.get("render", "always") in ("always", "true")
    is_listed = options.get("list", "always") in ("always", "true")
    return not (is_rendered and is_listed)


def _is_false(value: Any) -> bool:
    """Eleventy's `permalink: false`, and its table of them."""
    return value is False or (isinstance(value, Mapping) and value.get("build") is False)


def _is_given(value: Any) -> bool:
    return value is not False


_READERS = frozenset(
    "only_paid only_free founding members member paid tiers subscribers private".split()
)


def _is_for_some(value: Any) -> bool:
    return str(value).strip().lower() in _READERS


LENIENT: Mapping[str, Callable[[Any], bool]] = {
    "private": flag,  # Nikola, VuePress, MkDocs
    "unlisted": flag,  # Docusaurus
    "headless": flag,  # Hugo
    "build": _is_left_out_by_hugo,
    "_build": _is_left_out_by_hugo,
    "render": _not_flag,  # Zola
    "permalink": _is_false,  # Eleventy
    "url": _is_false,  # Lume
    "routable": _not_flag,  # Grav
    "visible": _not_flag,
    "isdraft": flag,  # many a schema of Astro, Gatsby, Nuxt
    "is_draft": flag,
    "ispublished": _not_flag,
    "is_published": _not_flag,
    "state": _is_no_public_word,
    "post-status": _is_no_public_word,  # micropub
    "post_status": _is_no_public_word,
    "publishstatus": _is_no_public_word,
    "publish_status": _is_no_public_word,
    "audience": _is_for_some,  # Substack
    "access": _is_for_some,
    "email_only": flag,  # Ghost
    "members_only": flag,
    "publish": _not_flag,  # Obsidian
    "public": _not_flag,
    "listed": _not_flag,
    "unpublished": flag,
    "password": _is_given,  # WordPress, Hexo
}
"""Keys of other generators: a value of another kind means something else, and is theirs."""

KEYS = frozenset({*STRICT, *LENIENT})


def hides(values: Mapping[str, Any]) -> str:
    """Return which of the generators' own keys hides a page, "" for none; all in lower case."""
    for key, reader in LENIENT.items():
        value = values.get(key)
        try:
            if value not in (None, "") and reader(value):
                return key
        except Unclear:
            continue
    return ""


def reason(key: str, value: Any) -> str:
    """Return in words what hides an article: `draft`, or the key that does, with a word it has.

    >>> reason("status", "private"), reason("unlisted", True), reason("isdraft", True)
    ('hidden by its status: private', 'hidden by its unlisted', 'draft')
    """
    word = str(value).strip().lower()
    if "draft" in (key.removeprefix("is").strip("_"), word):
        return "draft"
    return f"hidden by its {key}" + (f": {word}" if word in HIDDEN else "")
