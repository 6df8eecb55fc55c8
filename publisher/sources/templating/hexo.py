"""Hexo's own tags (its version 8, and those for films that it had before).

Its sites are read as Jekyll's, whose Liquid is near enough to its Nunjucks.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from html import escape
from pathlib import PurePosixPath
from typing import Any, TextIO
from urllib.parse import quote

from publisher.errors import SourceError
from publisher.sources import frontmatter
from publisher.sources.templating import liquid_tags
from publisher.sources.templating.code import (
    Code,
    Fault,
    Html,
    article,
    element,
    frame,
    lines_of_code,
    markdown,
    named,
)
from publisher.sources.templating.liquid_tags import Given, tag
from publisher.sources.templating.pieces import Pieces
from publisher.sources.templating.run import ADDRESS, Context
from publisher.sources.templating.site import MOST_CHARACTERS

KEYS = ("source_dir", "public_dir", "new_post_name", "default_layout", "skip_render")
"""Keys of a `_config.yml` that Hexo has, and Jekyll has not."""
_WORD = re.compile(r"""(?:"[^"]*"|'[^']*')(?!\S)|\S+""")
_QUOTES = re.compile(r"""\A(["'])(.*)\1\Z""", re.DOTALL)
_WEB = re.compile(r"https?://\S+|www\.\S+|mailto:\S+")
_FILE = re.compile(r"\.\w{2,5}\Z")
_TITLE = re.compile(r"""["']?([^"']+)?["']?\s*["']?([^"']+)?["']?""")
_OPTION = re.compile(
    r"(?:line_number|line_threshold|highlight|first_line|mark|wrap|language_attr):\S*"
)
_SOURCE = re.compile(r"(?P<before>.*?)\s*(?P<url>https?://\S+)(?:\s+(?P<title>.+))?", re.DOTALL)
_FENCE = re.compile(r"[ \t>]*(?:[-*+]|\d+\.)?[ \t]*(`{3,}+(?!.*`)|~{3,}+)")
_CODE = re.compile(r"\{(?=[{%#])")


def is_one(settings: Mapping[str, Any]) -> bool:
    """Whether a `_config.yml` is Hexo's: it has keys that Jekyll has not."""
    return any(settings.get(key) for key in KEYS)


def masked(text: str, pieces: Pieces) -> str:
    """Return a text in whose fences nothing looks like code: Hexo expands nothing in them."""
    brace, fence, lines = "", "", []
    for line in text.split("\n"):
        found = _FENCE.match(line)
        if fence and "{" in line:
            brace = brace or pieces.put("{")
            line = _CODE.sub(brace, line)
        if found and not fence:
            fence = found[1]
        elif found and found[1].startswith(fence) and found.end() == len(line.rstrip()):
            fence = ""
        lines.append(line)
    return "\n".join(lines)


def _words(given: Given) -> list[str]:
    """What a tag is given, parted by blanks; quotation marks keep words together."""
    return [_QUOTES.sub(r"\2", one) for one in _WORD.findall(given.typed)]


def _needed(words: list[str], given: Given) -> str:
    if not words:
        raise Fault(f"the tag {given.name} names nothing")
    return words.pop(0)


def _asset(name: str, context: Context) -> str:
    """The address of a file of the article's own folder, which is called as the article is.

    It stands below the article's address, from which `.html` is taken away (`PostAsset.path`).
    """
    run = context.run
    is_page = str(run.site.values().get("permalink") or "").endswith((".html", ".htm"))
    above = f"{PurePosixPath(run.page.path).stem}/" if is_page else ""
    return quote(f"{above}{name}", safe="/%#?=&")


def asset_path(given: Given, context: Context, _buffer: TextIO) -> str:
    """The address of one of the article's own files."""
    return _asset(_needed(_words(given), given), context)


def asset_link(given: Given, context: Context, _buffer: TextIO) -> Html:
    """A link to one of the article's own files."""
    words = _words(given)
    name = _needed(words, given)
    return _link(_asset(name, context), _said(words) or name)


def asset_img(given: Given, context: Context, _buffer: TextIO) -> Html:
    """A picture of the article's own; classes may stand before its name."""
    words = _words(given)
    at = next((at for at, word in enumerate(words) if _FILE.search(word)), 0)
    words = words[at:]
    return _picture(_asset(_needed(words, given), context), words)


def img(given: Given, _context: Context, _buffer: TextIO) -> Html:
    """A picture by its address; classes may stand before it."""
    words = _words(given)
    is_one = (at for at, word in enumerate(words) if _WEB.match(word) or word.startswith("/"))
    words = words[next(is_one, 0) :]
    return _picture(_needed(words, given), words)


def _picture(source: str, words: list[str]) -> Html:
    sizes: list[str] = []
    while words and words[0].isdigit() and len(sizes) < 2:
        sizes.append(words.pop(0))
    said = _TITLE.match(" ".join(words))
    title, alt = ((one or "").strip() for one in said.groups()) if said else ("", "")
    size = dict(zip(("width", "height"), sizes, strict=False))
    given = {"src": source, "alt": alt or title, "title": title if alt else "", **size}
    return Html(element("img", given))


def _link(address: str, words: str) -> Html:
    return Html(element("a", {"href": address}, escape(words, quote=False)))


def _said(words: list[str]) -> str:
    """The words of a link; the last may tell whether they are escaped, which they always are."""
    return " ".join(words[:-1] if words and words[-1] in ("true", "false") else words)


def link(given: Given, _context: Context, _buffer: TextIO) -> Html:
    """A link: its words, its address, and whether it opens a window of its own."""
    words = _words(given)
    at = next((at for at, word in enumerate(words) if _WEB.match(word) or "/" in word), None)
    if at is None:
        raise Fault(f"the tag {given.name} names no address")
    return _link(words[at], " ".join(words[:at]) or words[at])


def post_path(given: Given, _context: Context, _buffer: TextIO) -> str:
    """The address of another article, by its file's name or its title."""
    return ADDRESS + article(_needed(_words(given), given))


def post_link(given: Given, context: Context, _buffer: TextIO) -> Html:
    """A link to another article, whose title it says where it is given no words."""
    words = _words(given)
    name = _needed(words, given)
    return _link(article(name), _said(words) or _title_of(name.partition("#")[0], context))


def _title_of(name: str, context: Context) -> str:
    """The title of an article by its file's name; the name itself where there is no such file."""
    site = context.run.site
    for end in (".md", ".markdown") if site.articles is not None else ():
        text = site.read("/".join(filter(None, (site.articles, f"{name}{end}"))))
        if text is None:
            continue
        try:
            return str(frontmatter.split(text).values.get("title") or name)
        except SourceError:
            return name
    return name


def blockquote(given: Given, context: Context, buffer: TextIO) -> Html:
    """A quotation with its author, its source and the source's title."""
    by = "".join(_by(" ".join(_words(given))))
    said = f"<p>— {by}</p>" if by else ""
    return Html(f"<blockquote>{_inside(given, context, buffer)}{said}</blockquote>\n")


def _by(words: str) -> Iterator[str]:
    found = _SOURCE.fullmatch(words)
    author, comma, rest = words.partition(",")
    if found:
        author, title = found["before"], found["title"] or re.sub(r"\Ahttps?://", "", found["url"])
        yield f"<strong>{escape(author, quote=False)}</strong>, " if author else ""
        yield f"<cite>{_link(found['url'], title)}</cite>"
    elif words:
        yield f"<strong>{escape(author.strip(), quote=False)}</strong>"
        yield f", <cite>{escape(rest.strip(), quote=False)}</cite>" if comma and rest else ""


def pullquote(given: Given, context: Context, buffer: TextIO) -> Html:
    """Words that stand out."""
    return Html(f"<blockquote>{_inside(given, context, buffer)}</blockquote>\n")


def _inside(given: Given, context: Context, buffer: TextIO) -> str:
    """What a tag encloses, which is Markdown, as HTML."""
    run, inner = context.run, given.inner(context, buffer)
    marked = run.marked(inner.strip("\n"))
    made = markdown(marked, run.page.language, typeset=run.site.typeset, is_block=True)
    return run.pieces.filled(made, MOST_CHARACTERS)


def codeblock(given: Given, context: Context, buffer: TextIO) -> Html:
    """Lines of code with a caption, and where they are from."""
    words = [one for one in _words(given) if not _OPTION.fullmatch(one)]
    language = next((one[5:] for one in words if one.startswith("lang:")), "")
    caption = " ".join(one for one in words if not one.startswith("lang:"))
    return _captioned(caption, lines_of_code(given.inner(context, buffer), language))


def include_code(given: Given, context: Context, _buffer: TextIO) -> Html:
    """Lines of code from a file of the site's."""
    words = _words(given)
    said = dict(one.split(":", 1) for one in words if re.match(r"(?:lang|from|to):\w", one))
    rest = [one for one in words if one.partition(":")[0] not in said]
    if not rest:
        raise Fault(f"the tag {given.name} names no file")
    settings, path = context.run.site.values(), rest.pop()
    places = (settings.get("source_dir") or "source", settings.get("code_dir") or "downloads/code")
    whole = "/".join([*(str(one).strip("/") for one in places), path.lstrip("/")])
    found = context.run.site.read(whole)
    if found is None:
        raise Fault(f"there is no file {whole}")
    first, last = (
        int(one) if one.isdigit() else None for one in map(said.get, ("from", "to"), "  ")
    )
    lines = found.split("\n")[(first or 1) - 1 : last]
    language = said.get("lang") or path.rpartition(".")[2]
    return _captioned(" ".join(rest), lines_of_code("\n".join(lines).strip(), language))


def _captioned(caption: str, code: str) -> Html:
    if not caption:
        return Html(code)
    found = _SOURCE.fullmatch(caption)
    words = escape(found["before"] if found else caption, quote=False)
    source = f" {_link(found['url'], found['title'] or 'link')}" if found else ""
    whole = f"{words}{source}".strip()
    return Html(f"<figure><figcaption>{whole}</figcaption>{code.strip()}</figure>\n")


def film(address: str) -> Callable[[Given, Context, TextIO], Html]:
    """The tag of a site for films; of YouTube, `playlist` may stand behind the name."""

    def made(given: Given, _context: Context, _buffer: TextIO) -> Html:
        words = _words(given)
        name = named(Code(name=given.name, args=tuple(words[:1])), 0)
        place = f"videoseries?list={name}" if words[1:2] == ["playlist"] else name
        return frame(address + place)

    return made


def iframe(given: Given, _context: Context, _buffer: TextIO) -> Html:
    """A page within the page."""
    return frame(_needed(_words(given), given))


def url_for(given: Given, context: Context, _buffer: TextIO) -> str:
    """The address of a place of the site."""
    root = str(context.run.site.values().get("root") or "/").strip("/")
    path = _needed(_words(given), given)
    return path if _WEB.match(path) else "/" + "/".join(filter(None, (root, path.lstrip("/"))))


_PAIRED: Mapping[str, Any] = {
    "blockquote": blockquote, "quote": blockquote, "pullquote": pullquote,
    "codeblock": codeblock, "code": codeblock,
}  # fmt: skip
_WHOLE: Mapping[str, Any] = {
    "asset_path": asset_path, "asset_link": asset_link,
    "asset_img": asset_img, "asset_image": asset_img,
    "post_path": post_path, "post_link": post_link,
    "img": img, "image": img, "link": link, "a": link, "anchor": link,
    "include_code": include_code, "include-code": include_code,
    "iframe": iframe, "youtube": film("https://www.youtube.com/embed/"),
    "vimeo": film("https://player.vimeo.com/video/"), "jsfiddle": film("https://jsfiddle.net/"),
    "gist": liquid_tags.gist_tag, "url_for": url_for, "full_url_for": url_for,
}  # fmt: skip
TAGS: Mapping[str, type] = {
    **{name: tag(name, made, is_paired=True) for name, made in _PAIRED.items()},
    **{name: tag(name, made) for name, made in _WHOLE.items()},
}
