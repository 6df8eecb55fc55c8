"""Mails to one person that are no edition: to confirm, to find the preferences, to be welcomed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from markupsafe import Markup

from publisher.model import Publication, Rendition, Slotted
from publisher.rendering.locales import direction
from publisher.rendering.mjml import compiled
from publisher.rendering.pages import text_page
from publisher.rendering.preheader import unseen
from publisher.rendering.sayings import said
from publisher.rendering.theme import Theme
from publisher.rendering.theme_files import NOTICES
from publisher.rendering.values import colours

IN_NOTICES = {
    "subject": "its subject line",
    "language": "its language, as a BCP 47 tag",
    "titles": "the titles of the newsletters that it is about",
    "link": "where to confirm, or the page of preferences",
}
"""What `mail/confirmation`, `mail/preferences` and `mail/welcome` can use besides `publication`,
`theme`, `colours`, `direction`, `start`, `say` and `worded`."""


def notice(
    name: str, publication: Publication, language: str, theme: Theme, **values: Any
) -> Rendition:
    """Render one of `NOTICES`; the first line of its text is the subject.

    It has no HTML where its text is an editor's own and the HTML is not: they would say different
    things. Raises TemplateError with the template's path and line.
    """
    subject, text = text_page(f"mail/{name}.txt", publication, language, theme, **values)
    html = _html(name, publication, language, theme, {**values, "subject": subject})
    return Rendition(
        subject=Slotted((subject,)),
        preheader=Slotted(()),
        html=Slotted((html,) if html else ()),
        text=Slotted((text,)),
    )


def _html(
    name: str, publication: Publication, language: str, theme: Theme, values: Mapping[str, Any]
) -> str:
    main = f"mail/{name}.mjml"
    has_own_words = theme.is_own(f"mail/{name}.txt") or theme.is_own(NOTICES[name])
    if not theme.has(main) or (has_own_words and not theme.is_own(main)):
        return ""
    look, words, side = theme.values(publication), theme.words(language), direction(language)

    def say(key: str, **given: object) -> str:
        return said(words, key, given, is_html=True)

    context = {
        "publication": publication.shown,
        "theme": look,
        "colours": colours(look),
        "language": language,
        "direction": side,
        "start": "left" if side == "ltr" else "right",
        "say": say,
        "worded": Markup("" if theme.speaks(language) else ' lang="en" dir="ltr"'),
        **values,
    }
    html, _ = compiled(theme.render(main, context), theme, main, context, is_told=False)
    return unseen(html, look)
