"""Pages for readers: those of the site, and those to join, to choose and to leave. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from functools import partial
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from markupsafe import Markup

from publisher.model import Article, Publication, one_line
from publisher.rendering.anchors import with_targets
from publisher.rendering.footnotes import with_footnotes
from publisher.rendering.headings import below
from publisher.rendering.locales import direction, in_a_row, in_words, language_name, month_in_words
from publisher.rendering.pictures import page_pictures, picture_of, thumbnail_of
from publisher.rendering.portraits import portraits
from publisher.rendering.relations import relation_in_words
from publisher.rendering.sayings import said
from publisher.rendering.theme import Theme
from publisher.rendering.values import colours

IN_PAGES = {
    "theme": "the theme's values, as in mails",
    "language": "the page's language, as a BCP 47 tag",
    "root": "the path below which the pages lie, without the last slash",
    "link": "`link(url)`: on pages of the site, an address of ours without its host, so that they "
    "work wherever they are served; in the mail that asks for confirmation, where to confirm",
    "day": "`day(instant, form='long')`: a day in words, in the publication's zone",
    "body": "an article's whole text, as HTML",
    "date": "`date(local, form='long')`: a local day in words",
    "month": "`month('2026-11')`: a month in words",
    "page": "a page of the site: `path`, `url`, `title`, `description`, `updated`, and "
    "`translations`: itself and the same in other languages (`language`, `url`), first the one for "
    "readers of none of them; empty where there is no other",
    "front": "of pages of the site: the address of the first page in the page's language",
    "archive": "the address of the archive, likewise",
    "subscribe": "the address of the page to subscribe, likewise",
    "indexed": "whether search engines may list it",
    "policy": "its Content-Security-Policy",
    "article": "the article that the page shows, or nothing",
    "section": "of an article: its section's page (`title`, `url`), or nothing",
    "mail": "whether the page is an edition as it was sent: what is for its reader is hidden",
    "relation_of": "`relation_of(related)`: how a related one tells the same story, in words; "
    "empty for another story",
    "language_of": "`language_of(tag)`: what a language is called by those who speak it",
    "articles": "the articles that it lists",
    "picture_of": "`picture_of(article)`: the element of the picture that stands for it, with its "
    "size and what browsers may have instead; empty where it has none. With `listed=true` without "
    "words, for its headline stands beside it",
    "thumbnail": "`thumbnail(article)`: a small picture of it (`url`, `alt`, `width` and `height` "
    "as shown), or nothing",
    "portrait": "`portrait(article, name, most=40)`: the picture of one of its authors (`url`, "
    "`alt`, `width` and `height` as shown), or nothing",
    "logo": "on pages of the site: how large the logo is shown (`width`, `height`), or nothing "
    "where its file is not known",
    "related": "of an article: related ones, each as under a story of a mail (`article`, …)",
    "rest": "how many more articles there are than the page lists",
    "lead": "of the first page: the article on top, or nothing",
    "top": "the articles beside it",
    "groups": "then stories by section, and in other languages: `title`, `url`, `articles`, and "
    "`language` of those",
    "group": "in parts of the first page: the one of `groups` that they stand in",
    "newer": "of a list in parts: the address of the part before, or empty",
    "older": "of a list in parts: the address of the next part, or empty",
    "tags": "of an article: its tags, each `title`, and `url` where it has a page",
    "authors": "of an article: its authors, likewise",
    "offer": "the newsletter that a page offers to subscribe to, or nothing",
    "written": "of the page to search: the languages of the articles that it finds, where there "
    "are others; else nothing",
    "search": "the address of the page to search, or empty",
    "names": "`names(article)`: its authors in a row, such as “A, B and C”",
    "places": "the time zones by part of the world, in the page's language: `title`, and `zones` "
    "(`name`, `city`, `country`, and `offset`, what they are off UTC now)",
    "wanted": "what somebody looks for among the time zones, or empty",
    "is_found": "whether there is such a time zone; where none is, all are listed",
    "sections": "links to sections: `title`, `url`, `count`",
    "months": "links to months: `title` such as `2026-11`, `url`, `count`",
    "editions": "of a newsletter: `subject`, `local`, `url`",
    "earlier": "of an edition: the address of the one before it, or empty",
    "later": "of an edition: the address of the one after it, or empty",
    "local": "an edition's slot, as wall-clock time",
    "text": "an edition that is text alone",
    "feeds": "feeds that follow the page: `title`, `url`, `type`",
    "follow": "feeds for people to choose from: `title`, and `files` (`name`, `url`)",
    "action": "where the form to sign up leads",
    "done": "whether the page says that something was done, or asks for it",
    "mails": "whether a mail that the page speaks of can leave now",
    "reads": "whether the reader of an unsubscribe link still gets what it is about",
    "newsletters": "newsletters to choose from, each with every key of its own; on pages that "
    "list them, links: `title`, `url`, `description`, `count`",
    "chosen": "the names of those that the reader gets",
    "reader": "of the reader who chooses: `language` and `zone`",
    "languages": "languages to choose from: `tag` and `name`",
    "zones": "the names of the time zones to choose from",
    "titles": "the titles of the newsletters that somebody asks for",
    "wrong": "what is wrong in the form: `address`, `newsletter`, or nothing",
    "given": "the address that was given",
}
"""What templates of pages can use besides `publication`, `newsletter`, `say`, `direction` and
`direction_of`.

`web/style.css` has `theme` and `colours` alone.
"""

_STRICT = (
    "default-src 'none'; style-src 'self'; img-src 'self' https: data:; media-src 'self' https:; "
    "form-action {forms}; base-uri 'none'"
)
_SEARCH = "; script-src 'self'; connect-src 'self'"
MAIL_POLICY = (
    "default-src 'none'; style-src 'self' 'unsafe-inline'; img-src 'self' https: data:; "
    "base-uri 'none'"
)
"""The policy of an edition's page: the mail's own styles, and no scripts."""

_TAG = re.compile(r"<(?:a|img|source|video|audio)\b[^>]*>", re.ASCII)
_ADDRESS = re.compile(r'(\b(?:href|src|srcset|poster)=")([^"]*)', re.ASCII)


def style(publication: Publication, theme: Theme) -> str:
    """Render the style of all pages, in the publication's colours."""
    values = theme.values(publication)
    return theme.render("web/style.css", {"theme": values, "colours": colours(values)})


def text_page(
    name: str, publication: Publication, language: str, theme: Theme, **values: Any
) -> tuple[str, str]:
    """Render a template of a mail that is no edition: return its first line, the subject, and
    the text.
    """
    text = page(name, publication, language, theme, **values)
    subject, _, rest = text.partition("\n")
    return one_line(subject), rest.strip() + "\n"


def page(
    name: str,
    publication: Publication,
    language: str,
    theme: Theme,
    *,
    root: str = "",
    of_site: bool = False,
    whole: str = "",
    **values: Any,
) -> str:
    """Render `web/NAME.html`, or `web/NAME` where it has a suffix, or NAME where it has a folder.

    `of_site` is for pages of the site, whose links to each other name no host; `whole` is the HTML
    of the `article` that has the page for itself, as it is sanitised: what is its `body`.

    Raises TemplateError with the template's own path.
    """
    words = theme.words(language)
    zone = ZoneInfo(publication.zone)

    def date(local: datetime, form: str = "long") -> str:
        return in_words(local, form, language)

    def say(key: str, **given: object) -> str:
        return said(words, key, given)

    context: dict[str, Any] = {
        "publication": publication.shown,
        "theme": theme.values(publication),
        "language": language,
        "direction": direction(language),
        "direction_of": direction,
        "language_of": language_name,
        "root": root,
        "say": say,
        "relation_of": lambda one: relation_in_words(one, say, language),
        "link": partial(local_address, publication=publication) if of_site else str,
        "picture_of": lambda article, listed=False: (
            _local(picture_of(article, listed=listed), publication)
            if of_site
            else picture_of(article, listed=listed)
        ),
        "portrait": portraits(publication),
        "thumbnail": partial(thumbnail_of, most=publication.pictures.thumbnail),
        "date": date,
        "day": lambda instant, form="long": date(instant.astimezone(zone), form),
        "names": lambda article: in_a_row(article.authors, language),
        "month": lambda text: month_in_words(text, language),
        **values,
    }
    if whole:
        context["body"] = page_body(whole, publication, words, values["article"])
    file = name if "." in name else f"{name}.html"
    return theme.render(file if "/" in file else f"web/{file}", context)


def local_address(url: str, publication: Publication) -> str:
    """Return an address below the publication's without its host; any other as it is."""
    base = publication.base_url
    return urlsplit(base).path + url.removeprefix(base) if url.startswith(base) else url


def page_body(
    html: str,
    publication: Publication,
    words: Mapping[str, str],
    article: Article | None = None,
) -> Markup:
    """Return an article's HTML with the addresses of our own pages and pictures without host.

    Its headings begin below the page's. Pictures of the article have their size and what browsers
    may have instead. Footnotes are links, with `words` of the page's language. A table that is
    wider than the page can be moved by keyboard as well.
    """
    if article:
        html = page_pictures(html, article)
    whole = with_targets(with_footnotes(below(_local(html, publication), 1), words))
    return Markup(whole.replace("<table>", '<table tabindex="0">'))  # of a sanitised body


def _local(html: str, publication: Publication) -> Markup:
    """HTML of ours with the addresses below the publication's without host."""

    def local(found: re.Match[str]) -> str:
        return found[1] + local_address(found[2], publication)

    return Markup(_TAG.sub(lambda tag: _ADDRESS.sub(local, tag[0]), html))


def page_policy(forms: str, *, searches: bool = False) -> str:
    """Return the policy of a page: no scripts; a form leads to `forms` (an origin) alone.

    The one that `searches` may run the site's own script, and read its index.
    """
    strict = _STRICT.format(forms=f"'self' {forms}" if forms else "'self'")
    return strict + _SEARCH if searches else strict


def mail_page(html: str, head: str, bar: str) -> str:
    """Return an edition's HTML as a page: `head` stands first in its head, `bar` above its body."""
    first = '<meta charset="utf-8">'
    with_head = re.sub(r"<head>", lambda found: found[0] + first + head, html, count=1)
    return re.sub(r"<body\b[^>]*>", lambda found: found[0] + bar, with_head, count=1)
