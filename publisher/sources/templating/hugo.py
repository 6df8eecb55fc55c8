"""Hugo's built-in shortcodes (its documentation, and version 0.168 as the oracle)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from html import escape
from typing import Any

from publisher.model import prose
from publisher.sources.templating.code import (
    Builtin,
    Code,
    Fault,
    Html,
    article,
    element,
    frame,
    lines_of_code,
    markdown,
    named,
    nothing,
    post,
    text,
)


def figure(code: Code) -> str:
    """A picture with a caption, a title, a source; perhaps a link."""
    caption = _inline(code, code.get("caption"))
    alt = code.get("alt") or prose.words(caption)
    given = {"src": code.get("src"), "alt": alt, "width": code.get("width")}
    if not given["src"]:
        raise Fault("the shortcode figure names no picture", 'Write src="…" into it.')
    picture = element("img", {**given, "height": code.get("height")})
    if link := code.get("link"):
        picture = element("a", {"href": link}, picture)
    words = ""
    if title := code.get("title"):
        words += f"<h4>{escape(title, quote=False)}</h4>"
    source = _inline(code, code.get("attr"))
    if source and (leads := code.get("attrlink")):
        source = element("a", {"href": leads}, source)
    if caption or source:
        words += f"<p>{' '.join(filter(None, (caption, source)))}</p>"
    return Html(f"<figure>{picture}{words and f'<figcaption>{words}</figcaption>'}</figure>\n")


def youtube(code: Code) -> str:
    """A film."""
    return frame(f"https://www.youtube.com/embed/{named(code, 'id', 0)}", code.get("title"))


def vimeo(code: Code) -> str:
    """A film."""
    return frame(f"https://player.vimeo.com/video/{named(code, 'id', 0)}", code.get("title"))


def gist(code: Code) -> str:
    """Code that is shown elsewhere: `gist USER ID FILE`."""
    whole = code.get("id", 1) or code.get(0)
    user = code.get("user", 0) if code.get("id", 1) else ""
    address = "/".join(filter(None, (user, whole))).removeprefix("https://gist.github.com/")
    if not re.fullmatch(r"(?:[\w-]{1,60}/)?[0-9a-f]{1,64}", address):
        raise Fault(f"the shortcode gist names what cannot be a gist: {address[:60]!r}")
    return frame(f"https://gist.github.com/{address}")


def tweet(code: Code) -> str:
    """A post on X: its user and number, or (once) its number alone."""
    number = named(code, "id", 1) if code.get("id", 1) else named(code, 0)
    user = named(code, "user", 0) if code.get("user") or code.get("id", 1) else "i/web"
    user = "i/web" if user == number else user
    return post(f"https://x.com/{user}/status/{number}")


def instagram(code: Code) -> str:
    """A post on Instagram."""
    return post(f"https://www.instagram.com/p/{named(code, 'id', 0)}/")


def highlight(code: Code) -> str:
    """Lines of code."""
    return lines_of_code(code.inner, code.get("lang", 0))


def ref(code: Code) -> str:
    """The address of another article."""
    return article(code.needed("path", 0))


def param(code: Code) -> str:
    """A value of the front matter, or of the site's configuration."""
    name = code.needed("name", 0)
    places: list[Any] = [code.page.values, code.page.values.get("params")]
    places.append(code.site.values().get("params"))
    for place in places:
        found = _at(place, name)
        if found is not None and not isinstance(found, dict | list):
            return text(str(found).lower() if isinstance(found, bool) else str(found))
    raise Fault(f"no parameter is called {name[:60]!r}", "Write it into the front matter.")


def _at(place: Any, name: str) -> Any:
    for part in name.lower().split("."):
        if not isinstance(place, Mapping):
            return None
        place = {str(key).lower(): value for key, value in place.items()}.get(part)
    return place


def details(code: Code) -> str:
    """What is folded on a page."""
    words = _inline(code, code.get("summary", default="Details"))
    return Html(f"<details><summary>{words}</summary>\n{code.html(code.inner)}\n</details>\n")


def qr(code: Code) -> str:
    """A square that holds a text: the text, which is a link where it is an address."""
    words = (code.get("text") or code.inner).strip()
    if re.fullmatch(r"https?://\S+", words):
        return Html(element("a", {"href": words}, escape(words, quote=False)))
    return text(words)


def _inline(code: Code, typed: str) -> str:
    return markdown(typed, code.page.language, typeset=code.site.typeset) if typed else ""


BUILTINS: dict[str, Builtin] = {
    "figure": figure, "youtube": youtube, "vimeo": vimeo, "vimeo_simple": vimeo, "gist": gist,
    "tweet": tweet, "twitter": tweet, "twitter_simple": tweet, "x": tweet, "x_simple": tweet,
    "instagram": instagram, "instagram_simple": instagram, "highlight": highlight, "ref": ref,
    "relref": ref, "param": param, "details": details, "qr": qr, "comment": nothing,
}  # fmt: skip
PAIRED = frozenset(("highlight", "details", "comment"))
CERTAIN = frozenset(BUILTINS)
"""Those of `{{< >}}` that mean the same wherever they stand: no other generator has such marks."""

CERTAIN_MARKDOWN = frozenset(("figure", "highlight", "ref", "relref", "details"))
"""Those of `{{% %}}`, which Nikola has as well."""
