"""What Substack's scripts show and its export leaves empty: galleries, notes, posts, formulas.

Each is an element whose `data-attrs` hold JSON with the words and addresses.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from html import escape
from typing import Any

from lxml import html as lxml_html

from publisher.exports import pages

_FURNITURE = (
    "image-link-expand",  # a button that enlarges a picture
    "hide-text",  # words for those who write
    "file-embed-thumbnail",
    "file-embed-thumbnail-default",
)
_MEDIA = ("img", "iframe", "video", "audio", "svg", "picture")

Attributes = Mapping[str, Any]


def opened(root: Any) -> Counter[str]:
    """Put words, pictures and links where Substack's scripts would; return what stays empty."""
    lost: Counter[str] = Counter()
    pages.without(root, lambda one: any(pages.has_class(one, name) for name in _FURNITURE))
    pages.without(root, _is_second_button)
    for element in [one for one in root.iter("div") if pages.has_class(one, "pullquote")]:
        element.tag = "blockquote"
    for element in [one for one in root.iter("*") if one.get("data-attrs")]:
        if pages.words(element) or any(True for _ in element.iter(*_MEDIA)):
            continue
        name = element.get("class", "").split(" ")[0] or str(element.tag)
        made = _made(name, _attributes(element))
        if made:
            _fill(element, made)
        else:
            lost[f"{name}, which a script of Substack's shows"] += 1
    return lost


def _is_second_button(element: Any) -> bool:
    """Of a file's two links the one for narrow screens."""
    return pages.has_class(element, "file-embed-button") and pages.has_class(element, "narrow")


def _attributes(element: Any) -> Attributes:
    try:
        found = json.loads(element.get("data-attrs"))
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _fill(element: Any, made: str) -> None:
    parts = lxml_html.fragment_fromstring(made, create_parent="div")
    element.text = parts.text
    element.extend(list(parts))
    element.attrib.pop("data-attrs")


def _made(name: str, given: Attributes) -> str:
    return _MADE.get(name, _link)(given)


def _said(given: Any, *keys: str) -> str:
    """The first text of some keys."""
    values = (given.get(key) for key in keys) if isinstance(given, dict) else ()
    return next((one.strip() for one in values if isinstance(one, str) and one.strip()), "")


def _address(given: Any, *keys: str) -> str:
    found = _said(given, *keys)
    return found if found.startswith(("https://", "http://")) else ""


def _gallery(given: Attributes) -> str:
    gallery = given.get("gallery")
    found = gallery.get("images") if isinstance(gallery, dict) else None
    images = (
        [url for one in found if (url := _address(one, "src"))] if isinstance(found, list) else []
    )
    alt, caption = escape(_said(gallery, "alt")), escape(_said(gallery, "caption"), quote=False)
    shown = "".join(f'<div><img src="{escape(url)}" alt="{alt}"></div>' for url in images)
    return f"<figure>{shown}<figcaption>{caption}</figcaption></figure>" if shown else ""


def _post(given: Attributes) -> str:
    """A post of another network, in its own words."""
    name, user = _said(given, "name"), _said(given, "username")
    by = f"{name} (@{user})" if name and user else name or user
    return "".join(_quoted(_said(given, "full_text"), by, _address(given, "url")))


def _note(given: Attributes) -> str:
    comment = given.get("comment")
    return "".join(_quoted(_said(comment, "body"), _said(comment, "name"), _address(given, "url")))


def _quoted(words: str, by: str, url: str) -> Iterator[str]:
    if not (words or url):
        return
    lines = "<br>".join(escape(one, quote=False) for one in words.split("\n"))
    yield "<blockquote>"
    yield f"<p>{lines}</p>" if words else ""
    if by or url:
        source = escape(by or url, quote=False)
        yield f'<p>— <a href="{escape(url)}">{source}</a></p>' if url else f"<p>— {source}</p>"
    yield "</blockquote>"


def _formula(given: Attributes) -> str:
    typed = _said(given, "persistentExpression")
    return f"<code>{escape(typed, quote=False)}</code>" if typed else ""


def _mention(given: Attributes) -> str:
    return escape(_said(given, "name"), quote=False)


def _instagram(given: Attributes) -> str:
    number = _said(given, "instagram_id")
    title = _said(given, "title", "author_name") or "Instagram"
    return _link(
        {"url": f"https://www.instagram.com/p/{number}/", "title": title} if number else {}
    )


def _youtube(given: Attributes) -> str:
    number = _said(given, "videoId")
    source = escape(f"https://www.youtube.com/embed/{number}")
    return f'<iframe src="{source}"></iframe>' if number else ""


def _link(given: Attributes) -> str:
    """What an element leads to, by its title, with what is said of it."""
    url = _address(given, "canonical_url", "url", "targetUrl", "href")
    if not url:
        return ""
    words = escape(_said(given, "title", "name", "publication_name") or url, quote=False)
    more = escape(_said(given, "caption", "description"), quote=False)
    return f'<p><a href="{escape(url)}">{words}</a>{more and f"<br>{more}"}</p>'


_MADE: Mapping[str, Callable[[Attributes], str]] = {
    "image-gallery-embed": _gallery, "tweet": _post, "twitter-embed": _post, "comment": _note,
    "latex-rendered": _formula, "mention-wrap": _mention, "instagram-embed-wrap": _instagram,
    "instagram": _instagram, "youtube-wrap": _youtube,
}  # fmt: skip
