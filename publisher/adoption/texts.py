"""A site of a generator that is not known (Next.js, SvelteKit, VitePress, …): its folder of posts.

Their configuration is programs; their posts are Markdown with front matter all the same, or texts
of Sphinx with ABlog's `.. post::`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from itertools import islice
from typing import Any

from publisher.adoption.documents import Document, front_matter
from publisher.adoption.folders import SiteFolder
from publisher.adoption.javascript import ending_text, read_data
from publisher.adoption.literals import read_script
from publisher.adoption.posts import TEXTS, is_called_posts, post_folders
from publisher.adoption.site import Content, Found, Site, habit
from publisher.errors import Problem, SourceError
from publisher.sources.keys import KEYS, plain

_RST = (".rst", ".rest")
_KINDS = (*TEXTS, *_RST)
_ABLOG = re.compile(r"(?m)^\.\. post::[ \t]+\S")
_MOST = 50  # files that are looked at
_SHARE = 0.8  # of them must be posts: with a title and a date of their own
_LEAST = 2
_DATED = re.compile(r"(?:^|/)\d{4}[-_/]\d{1,2}[-_/]\d{1,2}")
_ROOTS = ("pages", "routes", "content")
"""Folders below which such programs have a page by its path."""


def read(folder: SiteFolder) -> Site | None:
    """Return the posts of a folder as a site without a generator, None where it holds none."""
    found = [one for one in post_folders(folder, "", _KINDS) if is_called_posts(one[0])]
    contents = tuple(
        Content(found=habit(path, "posts, by its name and their front matter"), files=count)
        for path, count in found
        if _holds_posts(folder, path)
    )
    if not contents:
        return None
    about, sphinx, gatsby = _about(folder), _sphinx(folder), _gatsby(folder)
    return Site(
        generator="",
        title=sphinx.text("blog_title", "project")
        or ending_text(gatsby, "siteMetadata.title")
        or _text(about, "name", re.compile(r"[^/@]+")),
        base_url=sphinx.text("blog_baseurl", "html_baseurl")
        or ending_text(gatsby, "siteMetadata.siteUrl", "siteMetadata.url")
        or _text(about, "homepage", re.compile(r"https?://(?!github\.com|gitlab\.com).+")),
        language=sphinx.text("language"),
        contents=contents,
        address=_address(contents[0].path),
        notes=(
            Problem(
                what="which generator made it is not known: addresses of its articles are guessed",
                why="Links in mails and feeds would lead to pages that there may not be.",
                todo="Compare one with the live site: `article_url` in publisher.toml.",
                severity="warning",
            ),
        ),
    )


def _holds_posts(folder: SiteFolder, path: str) -> bool:
    """Whether most of the first files have a title and a date, as posts have and notes have not."""
    texts = (one for one in folder.articles(path, _KINDS) if _may_be_post(folder, one, path))
    looks = [_is_post(folder, one) for one in islice(texts, _MOST)]
    return len(looks) >= _LEAST and sum(looks) >= len(looks) * _SHARE


def _is_post(folder: SiteFolder, path: str) -> bool:
    head = front_matter(folder, path).values
    if _has(head, "title") and (_has(head, "published") or _DATED.search(path)):
        return True
    return path.lower().endswith(_RST) and _is_ablogs(folder, path)


def _is_ablogs(folder: SiteFolder, path: str) -> bool:
    try:
        return bool(_ABLOG.search(folder.text(path)))
    except SourceError:  # what is wrong with it, `check` says
        return False


def _may_be_post(folder: SiteFolder, path: str, posts: str) -> bool:
    """Whether a file counts: an `index` does where it is a post in a folder of its own (Gatsby)."""
    above, _, name = path.rpartition("/")
    stem = name.partition(".")[0].lower()
    if stem == "index":
        return above != posts and _is_post(folder, path)
    return stem != "readme"


def _has(head: Mapping[str, Any], field: str) -> bool:
    return any(value and plain(key) in KEYS[field] for key, value in head.items())


def _sphinx(folder: SiteFolder) -> Document:
    """What `conf.py` says in plain values."""
    if not folder.has_file("conf.py"):
        return Document()
    try:
        return read_script(folder, "conf.py").document
    except SourceError:  # it is no configuration of ours
        return Document()


def _gatsby(folder: SiteFolder) -> Document:
    """What Gatsby's configuration says in plain values."""
    name = folder.first("gatsby-config.js", "gatsby-config.mjs", "gatsby-config.ts")
    return read_data(folder, name) if name else Document()


def _about(folder: SiteFolder) -> Mapping[str, Any]:
    """What `package.json` says of the site."""
    if not folder.has_file("package.json"):
        return {}
    try:
        found = json.loads(folder.text("package.json"))
    except (SourceError, ValueError, RecursionError):  # it is no configuration of ours
        return {}
    return found if isinstance(found, dict) else {}


def _text(about: Mapping[str, Any], key: str, form: re.Pattern[str]) -> Found | None:
    value = about.get(key)
    is_one = isinstance(value, str) and form.fullmatch(value)
    return Found(value, "package.json", None, key) if is_one else None


def _address(path: str) -> Found:
    """The path below `pages/` and the like, or the folder of the posts."""
    parts = path.split("/")
    at = max((n + 1 for n, part in enumerate(parts) if part in _ROOTS), default=len(parts) - 1)
    below = "/".join(parts[at:])
    pattern = "/".join(filter(None, (below, "{folder}", "{filename}/")))
    return habit(pattern, "a guess: where the files lie; write what the live site has")
