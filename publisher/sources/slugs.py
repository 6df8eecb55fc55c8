"""Names and titles → the parts of addresses that each generator makes of them.

Each function follows one generator's own: `urlize` of Hugo, `slugify` of Jekyll, Pelican, Nikola,
Zola's crate `slug`, Eleventy's package `@sindresorhus/slugify`
and Astro's `github-slugger`. Docusaurus, Eleventy and Pelican keep
names.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping

from publisher.model import slugify
from publisher.model.source_settings import Generator

_LONGEST = 240  # bytes: no file system has longer names, so no live address has
_HUGO_ALLOWED = frozenset("./\\_#+~-@")
_HEXADECIMAL = re.compile(r"%[0-9A-Fa-f]{2}")
_JEKYLL_PRETTY = frozenset("._~!$&'()+,;=@")
_WORD = re.compile(r"[-\s]+")
_GERMAN = {"ä": "ae", "ö": "oe", "ü": "ue", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue"}
_CONTROLS = re.compile(r"[\x00-\x1f\x7f]")


def of_slug(slug: str, generator: Generator, kept: str = "") -> str:
    """Return what a generator makes of a slug that front matter names; `kept` as for `zola`."""
    if generator == "hugo":
        return _safe(hugo(slug).strip("-"))
    if generator == "jekyll":
        return _safe(jekyll(slug))
    if generator == "zola":
        return _safe(zola(slug, kept))
    return _safe(slug) if generator else slugify(slug)  # the others take it as it is


def of_title(title: str, generator: Generator) -> str:
    """Return what a generator makes of a title."""
    return _safe(_MADE_OF.get(generator, slugify)(title))


def of_name(name: str, generator: Generator, kept: str = "") -> str:
    """Return what a generator makes of the name of a file or a folder, by which it stands.

    `kept` as for `zola`.
    """
    if generator == "hugo":
        return _safe(hugo_path(name))
    if generator in ("eleventy", "docusaurus", "pelican"):
        return _safe(name)
    if generator == "zola":
        return _safe(zola(name, kept))
    return _safe(_MADE_OF.get(generator, slugify)(name))


def hugo(text: str) -> str:
    """Return a title as Hugo has it in a permalink.

    >>> hugo("R&D & co"), hugo("Safe C++"), hugo("v1.0~x")
    ('rd-co', 'safe-c', 'v1.0~x')
    """
    return _hugo_sanitized(_lower(text.replace("+", " ")))


def hugo_path(name: str) -> str:
    """Return a file's name as Hugo has it in the address of a section without a permalink.

    >>> hugo_path("R&D & co"), hugo_path("safe-c++")
    ('rd--co', 'safe-c++')
    """
    return _hugo_sanitized(_lower(name.strip().replace(" ", "-")))


def _hugo_sanitized(text: str) -> str:
    kept: list[str] = []
    is_owed = was_hyphen = False
    for at, c in enumerate(text):
        if _is_word(c) or c in _HUGO_ALLOWED or _HEXADECIMAL.match(text, at):
            was_hyphen = c == "-"
            if is_owed and not was_hyphen:
                kept.append("-")
            is_owed = False
            kept.append(c)
        elif kept and not was_hyphen and c.isspace():
            is_owed = True
    return "".join(kept)


def jekyll(text: str) -> str:
    """Return a name or slug as Jekyll's `:title` has it: capitals stay.

    >>> jekyll("About GAAD"), jekyll("safe-c++"), jekyll("a / b")
    ('About-GAAD', 'safe-c++', 'a-b')
    """
    kept = (c if _is_word(c) or c in _JEKYLL_PRETTY else " " for c in text)
    return re.sub("^-|-$", "", re.sub(" +", "-", "".join(kept)))


def pelican(text: str) -> str:
    """Return a title as Pelican's SLUG_REGEX_SUBSTITUTIONS have it.

    >>> pelican("Größe & Äpfel: v1.0")
    'grosse-apfel-v10'
    """
    plain = _ascii(unicodedata.normalize("NFKC", text))
    return _WORD.sub("-", re.sub(r"[^\w\s-]", "", plain).strip()).lower()


def nikola(text: str) -> str:
    """Return a name as Nikola has it.

    >>> nikola("Größe: a+b")
    'grosse-a+b'
    """
    return _WORD.sub("-", re.sub(r"[^+\w\s-]", "", _ascii(text)).strip().lower())


def of_folder(name: str, generator: Generator) -> str:
    """Return what a generator makes of the name of a folder above: Zola keeps it as it is."""
    return _safe(name) if generator == "zola" else of_name(name, generator)


def zola(text: str, kept: str = "") -> str:
    """Return a name or slug as Zola has it; `kept` is its `slugify.paths` where it is not `on`.

    >>> zola("v1.0 – Größe_x"), zola("What? (Größe)", "safe"), zola("a: b", "off")
    ('v1-0-grosse-x', 'What (Größe)', 'a: b')
    """
    if kept:
        return text if kept == "off" else re.sub(r'[<>:"/\\|?*]', "", text.rstrip(" ."))
    return re.sub("[^a-z0-9]+", "-", _ascii(text).lower()).strip("-")


def eleventy(text: str) -> str:
    """Return a title as Eleventy's `slugify` has it.

    >>> eleventy("Größe & Maß: it's C++")
    'groesse-and-mass-its-c'
    """
    for letter, letters in _GERMAN.items():
        text = text.replace(letter, letters)
    plain = _ascii(text.replace("&", " and ")).lower()
    return zola(re.sub(r"(?<=[a-z0-9])'([ts])(?=\s|$)", r"\1", plain))


def github(text: str) -> str:
    """Return a part of a path as Astro has it.

    >>> github("R&D & Größe v1.0")
    'rd--größe-v10'
    """
    small = text.lower().replace(" ", "-")
    return "".join(c for c in small if _is_word(c) or c in "-_")


_MADE_OF: Mapping[str, Callable[[str], str]] = {
    "hugo": hugo, "jekyll": jekyll, "pelican": pelican, "nikola": nikola, "zola": zola,
    "astro": github, "eleventy": eleventy,
}  # fmt: skip


def _ascii(text: str) -> str:
    """A text in the letters of English, as most transliterate it."""
    if text.isascii():
        return text
    from text_unidecode import unidecode  # few names need it, and it is large

    return str(unidecode(text.replace("ー", "-").replace("№", "No. ")))


def _is_word(c: str) -> bool:
    """Whether a character is a letter, one of its marks, or a digit (`½` and `²` are none)."""
    return c.isalpha() or unicodedata.category(c) in ("Nd", "Mn", "Mc", "Me")


def _lower(text: str) -> str:
    """In small letters, each still one of them."""
    return text.lower() if text.isascii() else "".join(c.lower()[:1] for c in text)


def _safe(made: str) -> str:
    """One part of an address, or several: nothing that leads up, no controls, no endless name."""
    parts = _CONTROLS.sub("", made).replace("\\", "-").split("/")
    return "/".join(
        part if len(part.encode()) <= _LONGEST else slugify(part)
        for part in parts
        if part.strip() not in ("", ".", "..")
    )
