"""Edition → Rendition."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from functools import cached_property, partial
from typing import Any
from zoneinfo import ZoneInfo

from markupsafe import Markup
from msgspec.structs import replace

from publisher.errors import BodyError, ConfigError, OutOfTime, Problem, suggestion
from publisher.model import (
    Article,
    Bodies,
    Edition,
    Picture,
    Publication,
    Rendition,
    Slotted,
    SlotText,
    one_line,
)
from publisher.model.rendition import Escaping
from publisher.rendering.body import TITLE, mail_body
from publisher.rendering.locales import direction, in_a_row, in_words
from publisher.rendering.marks import Marks
from publisher.rendering.mjml import compiled
from publisher.rendering.pictures import (
    articles_of,
    shown_in,
    sizes_of,
    thumbnail_of,
    width_of,
    with_heights,
)
from publisher.rendering.plain import plain, wrap
from publisher.rendering.portraits import portraits
from publisher.rendering.preheader import unseen
from publisher.rendering.relations import relation_in_words
from publisher.rendering.sayings import said
from publisher.rendering.theme import Theme
from publisher.rendering.values import colours

VARIABLES = {
    "publication": "the publication: every key of `[publication]` and `[postal]`",
    "newsletter": "the newsletter: every key of `[newsletters.NAME]`",
    "edition": "the edition: `id`, `slot` (`local`, `zone`, `instant`), `sections`, `stories`",
    "sections": "the sections that have stories: `query` (its keys) and `stories`; a story has "
    "`article`, `related` and `show` (how it is shown where it was shortened so that the mail "
    "fits, else empty: write `story.show or section.query.show`), a related one `article`, "
    "`terms` (shared words and phrases), `tags`, `picked`, `fallback`, "
    "`cited` (links from other related ones), `score`, `text` (what it shares, 0 to 1), `age`, "
    "`relation` (`update`, `correction`, `part`, `translation` where it tells the same story, else "
    "empty) and `part`, its number",
    "stories": "every article of the edition, in reading order",
    "lead": "the first of them",
    "page_url": "where the edition stands on the web; empty where mails do not say so",
    "date": "the slot's day in words, in the newsletter's language",
    "day": "`day(instant, form='long')`: any day in words; forms are full, long, medium, short",
    "body": "`body(article, level='h2')`: the whole text, as HTML or as plain text; `level` is the "
    "heading that its title stands in, its own headings go below that",
    "slot": "`slot(name, fallback=None, address=None)`: a place for a value of the reader; "
    "`address=True` for one that stands in `href` (names in `_url` always do)",
    "say": "`say(key, name=value…)`: the theme's own words (`words/*.toml`), values filled in",
    "relation_of": "`relation_of(related)`: how a related one tells the same story, in words such "
    "as “Updated by this story”; empty for another story",
    "wrap": "`wrap(text, indent='', hanging=None)`: wrapped at 72 columns, for text parts",
    "colours": "`accent`, `link`, `link_dark`, `on_accent`: the last three can always be read",
    "theme": "the theme's values: `name`, `character`; `light` and `dark`, each with `ground`, "
    "`paper`, `tint`, `ink`, `quiet`, `line`, `accent`, `link`, `on_accent`; the fonts `heading`, "
    "`text` and `label`; `radius`, `page` and `measure` in pixels; `social`, places elsewhere, "
    "each `name` and `url`",
    "direction": "`ltr` or `rtl`, by the newsletter's language",
    "direction_of": "`direction_of(language)`: the same for an article's",
    "marked": "`marked(article)`: the attributes `lang` and `dir` for words in another language "
    "than the newsletter's, with a space before them; else nothing",
    "width_of": "`width_of(article, most)`: how wide its picture is shown, at most its own width",
    "shown_in_text": "`shown_in_text(article)`: whether its text shows its picture",
    "thumbnail": "`thumbnail(article)`: a small picture of it (`url`, `alt`, `width` and `height` "
    "as shown), or nothing",
    "portrait": "`portrait(article, name, most=40)`: the picture of one of its authors (`url`, "
    "`alt`, `width` and `height` as shown), or nothing",
    "logo_width": "`logo_width(most)`: how wide the logo is shown, at most its own width",
    "names": "`names(article)`: its authors in a row, such as “A, B and C”",
    "isolated": "`isolated(text)`: a text that may run from the other side than those around it",
    "worded": "the attributes `lang` and `dir` of the theme's own words where they are English for "
    "want of a translation, with a space before them; else nothing",
    "start": "`left` or `right`: the side on which lines begin",
}
"""What every mail template and the patterns of subject and preheader can use."""

IN_MAILS = {
    "subject": "the subject line, rendered",
    "preheader": "the preheader, rendered",
}
"""What mail templates can use besides; the patterns cannot."""

READER = {
    "address": "the reader's e-mail address",
    "preferences_url": "where the reader chooses newsletters, language and time zone",
    "unsubscribe_url": "where the reader leaves this newsletter",
}
"""Slots that delivery fills for everyone; any attribute of a subscriber is a slot as well."""


_LEVELS = {f"h{number}": number for number in range(1, 7)}


def render(
    edition: Edition,
    publication: Publication,
    bodies: Bodies,
    theme: Theme,
    *,
    page_url: str = "",
    logo: Picture | None = None,
    logo_dark: Picture | None = None,
) -> Rendition:
    """Render an edition; the same edition and theme give the same bytes.

    `page_url` is where it stands on the web, if mails are to say so; `logo` and
    `logo_dark` what was made of the publication's, if they are files.

    Raises TemplateError with the template's path and line, UnknownName for a template that is
    not there.
    """
    if logo and logo.made:
        publication = replace(publication, logo=logo.made.url)
    if logo_dark and logo_dark.made:
        publication = replace(publication, logo_dark=logo_dark.made.url)
    return _Rendering(edition, publication, bodies, theme, page_url, logo).rendition()


def lost(article: Article, publication: Publication, why: str) -> BodyError:
    """Return the error that names an article of which no mail can be made."""
    what = f"its body cannot be put into a mail: {why or 'it needs too much memory'}"
    return BodyError(what, article=article.id, path=f"{publication.articles}/{article.path}")


class _Rendering:
    def __init__(
        self,
        edition: Edition,
        publication: Publication,
        bodies: Bodies,
        theme: Theme,
        page_url: str,
        logo: Picture | None = None,
    ) -> None:
        self.logo = logo
        self.edition, self.publication, self.page_url = edition, publication, page_url
        self.bodies, self.theme = bodies, theme
        self.newsletter = edition.newsletter
        self.direction = direction(self.newsletter.language)
        self.words = theme.words(self.newsletter.language)
        self.marks = Marks(repr((edition, publication)))  # articles' versions are digests
        self.values = theme.values(publication)
        self.css = theme.render("mail/body.css", {"theme": self.values})
        self.problems: tuple[Problem, ...] = ()

    def rendition(self) -> Rendition:
        name = self.newsletter.template
        if not self.theme.has(f"mail/{name}.txt"):
            known = self.theme.newsletter_templates()
            raise ConfigError(
                f"newsletters.{self.newsletter.name}.template: there is no template {name!r}",
                path="publisher.toml",
                why=suggestion(name, known),
                todo="List them: publisher templates list",
            )
        return Rendition(
            subject=self.marks.resolve(self.pattern("subject", "header")),
            preheader=self.marks.resolve(self.pattern("preheader", "header")),
            html=self.html(name),
            text=self.text(name),
            problems=self.problems,
        )

    def pattern(self, key: str, escaping: Escaping) -> str:
        """The subject or preheader; its slots are escaped for the part that it stands in."""
        place = f"newsletters.{self.newsletter.name}.{key}"
        pattern = getattr(self.newsletter, key)
        text = self.theme.render_pattern(pattern, place, self.context(escaping))
        return one_line(text)  # no header can be injected through a title (RFC 5322 §2.2)

    def text(self, name: str) -> Slotted:
        text = self.theme.render(f"mail/{name}.txt", self.mail_context("text"))
        return self.marks.resolve(re.sub(r"\n{3,}", "\n\n", text).strip() + "\n")

    def html(self, name: str) -> Slotted:
        if not self.theme.has(f"mail/{name}.mjml"):
            return Slotted(())  # a theme may offer a template as text alone
        file, context = f"mail/{name}.mjml", self.mail_context("html")
        source = self.theme.render(file, context)
        html, self.problems = compiled(source, self.theme, file, context)
        html = unseen(html, self.values)
        return self.marks.resolve(with_heights(html, self.sizes()))

    def sizes(self) -> Mapping[str, tuple[int, int]]:
        """The pixels of the pictures that templates name, by address, where both are known."""
        found: dict[str, tuple[int, int]] = {}
        for article in articles_of(self.edition):
            found |= sizes_of(article)
        if self.logo and self.logo.height:
            found[self.publication.logo] = (self.logo.width, self.logo.height)
        return found

    def mail_context(self, escaping: Escaping) -> dict[str, Any]:
        lines = {key: self.pattern(key, escaping) for key in ("subject", "preheader")}
        return {**self.context(escaping), **lines}

    def context(self, escaping: Escaping) -> dict[str, Any]:
        """What templates can use; `VARIABLES` tells of each."""
        stories = self.edition.stories
        return {
            "publication": replace(self.publication.shown, accent=self.values.light.accent),
            "newsletter": self.newsletter,
            "edition": self.edition,
            "sections": self.edition.sections,
            "stories": [story.article for story in stories],
            "lead": stories[0].article,
            "page_url": self.page_url,
            "date": self.date(self.edition.slot.local),
            "day": self.day,
            "body": self.body if escaping == "html" else self.text_body,
            "slot": self.slot_maker(escaping),
            "say": (say := self.sayer(escaping)),
            "relation_of": lambda one: relation_in_words(one, say, self.newsletter.language),
            "wrap": wrap,
            "colours": colours(self.values),
            "theme": self.values,
            "direction": self.direction,
            "direction_of": direction,
            "marked": self.marked,
            "width_of": width_of,
            "shown_in_text": self.shown_in_text,
            "thumbnail": partial(thumbnail_of, most=self.publication.pictures.thumbnail),
            "portrait": portraits(self.publication),
            "logo_width": lambda most: min(most, self.logo.width or most) if self.logo else most,
            "names": self.names if escaping == "html" else self.plain_names,
            "isolated": Markup("<bdi>{}</bdi>").format if escaping == "html" else str,
            "worded": self.worded,
            "start": "left" if self.direction == "ltr" else "right",
        }

    def marked(self, article: Article) -> Markup:
        """What says that words are in another language than those around them."""
        if article.language == self.newsletter.language:
            return Markup("")
        written = Markup(' lang="{}" dir="{}"')
        return written.format(article.language, direction(article.language))

    @cached_property
    def worded(self) -> Markup:
        """What says that the theme's own words are English ones, where they are not translated."""
        if self.theme.speaks(self.newsletter.language):
            return Markup("")
        return Markup(' lang="en" dir="ltr"')

    def plain_names(self, article: Article) -> str:
        return in_a_row(article.authors, self.newsletter.language)

    def names(self, article: Article) -> Markup:
        """An article's authors, each from its own side."""
        isolated = [str(Markup("<bdi>{}</bdi>").format(name)) for name in article.authors]
        return Markup(in_a_row(isolated, self.newsletter.language))  # each was escaped

    def body(self, article: Article, level: str = "") -> Markup:
        """The article's whole text, spliced in after MJML; `level` is its title's, such as h3."""
        return Markup(self.marks.add(self.mail_body(article, _LEVELS.get(level, TITLE))))

    def mail_body(self, article: Article, title: int) -> str:
        side = direction(article.language)
        with self.blaming(article):
            whole = article.in_full(self.bodies(article))
            return mail_body(whole, self.css, side, article.pictures, title)

    def shown_in_text(self, article: Article) -> bool:
        with self.blaming(article):
            return shown_in(self.bodies(article), article)

    def text_body(self, article: Article, _level: str = "") -> str:
        with self.blaming(article):
            return plain(article.in_full(self.bodies(article)), article.language)

    @contextmanager
    def blaming(self, article: Article) -> Iterator[None]:
        """Name the article where its body is more than there is time, memory or depth for."""
        try:
            yield
        except (OutOfTime, MemoryError, RecursionError) as error:
            raise lost(article, self.publication, str(error)) from None

    def slot_maker(self, escaping: Escaping) -> Callable[..., str]:
        fallbacks = {
            "unsubscribe_url": self.publication.base_url + "unsubscribe/",
            "preferences_url": self.publication.base_url + "preferences/",
            "address": self.words["address"],
        }

        def slot(name: str, fallback: str | None = None, address: bool | None = None) -> str:
            # In HTML an address may only be one of the web or of mail, whatever the reader's says.
            is_address = name.endswith("_url") if address is None else address
            value = SlotText(
                name,
                "url" if is_address and escaping == "html" else escaping,
                fallbacks.get(name) if fallback is None else fallback,
            )
            return Markup(self.marks.add(value))

        return slot

    def sayer(self, escaping: Escaping) -> Callable[..., str]:
        """Look up the theme's own words in the newsletter's language, with values filled in."""

        def say(key: str, **values: object) -> str:
            return said(self.words, key, values, is_html=escaping == "html")

        return say

    def date(self, local: datetime, form: str = "full") -> str:
        """A day in words, in the newsletter's language."""
        return in_words(local, form, self.newsletter.language)

    def day(self, instant: datetime, form: str = "long") -> str:
        """The local day of an instant, in words."""
        return self.date(instant.astimezone(ZoneInfo(self.newsletter.zone)), form)
