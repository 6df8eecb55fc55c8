"""Pages for readers: to leave, to choose, and what says that a link is broken. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from publisher.model import Publication
from publisher.rendering.colours import colours
from publisher.rendering.locales import direction
from publisher.rendering.theme import Theme

IN_PAGES = {
    "language": "the page's language, as a BCP 47 tag",
    "root": "the path below which the pages lie, without the last slash",
    "done": "whether the page says that something was done, or asks for it",
    "newsletters": "the newsletters to choose from, each with every key of its own",
    "chosen": "the names of those that the reader gets",
    "reader": "of the reader who chooses: `language` and `zone`",
    "languages": "languages to choose from: `tag` and `name`",
    "zones": "the names of the time zones to choose from",
    "titles": "the titles of the newsletters that somebody asks for",
    "link": "in the mail that asks for confirmation: where to confirm",
    "wrong": "what is wrong in the form: `address`, `newsletter`, or nothing",
    "given": "the address that was given",
    "feeds": "the publication's own feeds: `name` and `url`",
}
"""What templates of pages can use besides `publication`, `newsletter`, `say` and `direction`.

`web/style.css` has `colours` alone.
"""


def style(publication: Publication, theme: Theme) -> str:
    """Render the style of all pages, in the publication's colours."""
    return theme.render("web/style.css", {"colours": colours(publication.accent)})


def text_page(
    name: str, publication: Publication, language: str, theme: Theme, **values: Any
) -> tuple[str, str]:
    """Render `web/NAME.txt`, a mail: its first line is the subject; return (subject, text)."""
    text = page(f"{name}.txt", publication, language, theme, **values)
    subject, _, rest = text.partition("\n")
    return " ".join(subject.split()), rest.strip() + "\n"


def page(
    name: str, publication: Publication, language: str, theme: Theme, *, root: str = "",
    **values: Any,
) -> str:  # fmt: skip
    """Render `web/NAME.html`, or NAME itself, in a language.

    Raises TemplateError with the template's own path.
    """
    words = theme.words(language)
    context: Mapping[str, Any] = {
        "publication": publication,
        "language": language,
        "direction": direction(language),
        "root": root,
        "say": lambda key, **given: words[key].format_map(given),
        **values,
    }
    return theme.render(f"web/{name}" if "." in name else f"web/{name}.html", context)
