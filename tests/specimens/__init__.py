"""Editions of real length in four languages, in every theme and template: what tests look at."""

from __future__ import annotations

import json
import re
import tomllib
from datetime import UTC, datetime, timedelta
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

from msgspec.structs import replace
from PIL import Image as Canvas
from PIL import ImageDraw

from publisher.model import (
    Article,
    Edition,
    Image,
    Newsletter,
    Postal,
    Publication,
    Related,
    Rendition,
    Section,
    SectionQuery,
    Slot,
    Story,
    ThemeSettings,
)
from publisher.rendering import Theme, notice, render

THEMES = ("gazette", "letter")
TEMPLATES = ("digest", "single", "breaking", "plain")
NOTICES = ("welcome", "confirmation", "preferences")
"""Mails to one person, which are no editions."""

LANGUAGES = ("en", "de", "ar", "ja")

AT = datetime(2026, 11, 24, 7, tzinfo=UTC)
BASE = "https://harbour.example/"
TAG = "harbour"
_SHOWS = (("full", 1), ("card", 3), ("summary", 3), ("number", 2), ("title", 2))
_PICTURED = {0, 1, 3}  # of the stories of an edition


@cache
def told(language: str) -> dict[str, Any]:
    """What a newspaper of this language has: its title, headings, stories and a long body."""
    path = Path(__file__).with_name(f"{language}.toml")
    return tomllib.loads(path.read_text(encoding="utf-8"))


def publication(theme: str, language: str = "en") -> Publication:
    """The newspaper, in a theme."""
    postal = Postal(name=told(language)["title"], street="12 Quay Street", city="Harbour Town")
    return Publication(
        title=told(language)["title"],
        base_url=BASE,
        language=language,
        postal=postal,
        theme=ThemeSettings(name=theme),
    )


def articles(language: str) -> list[Article]:
    """Its stories, newest first; some have a picture."""
    return [_article(language, place) for place in range(len(told(language)["stories"]))]


def _article(language: str, place: int) -> Article:
    given, then = told(language)["stories"][place], AT - timedelta(hours=3 + 5 * place)
    picture = Image(url=f"{BASE}{place}.png", alt=given["title"], width=1072, height=603)
    return Article(
        id=f"{language}-{place}",
        path=f"{language}/{place}.md",
        slug=str(place),
        url=f"{BASE}{language}/{place}/",
        language=language,
        title=given["title"],
        summary=given.get("summary", ""),
        authors=tuple(given.get("authors", ())),
        section="harbour" if place % 2 else "world",
        published=then,
        updated=then,
        version="1",
        image=picture if place in _PICTURED else None,
    )


def file_of(article: Article) -> str:
    """The file that an editor would have written."""
    has = {
        "title": article.title,
        "slug": article.slug,
        "summary": article.summary,
        "authors": list(article.authors),
        "section": article.section,
        "tags": [TAG],
        "lang": article.language,
        "date": f"{article.published:%Y-%m-%d %H:%M} UTC",
    }
    if article.image:
        has["image"] = f"{article.slug}.png"
    head = "".join(f"{key}: {json.dumps(value)}\n" for key, value in has.items() if value)
    is_long = article.slug == "0"
    body = told(article.language)["body"]["html"] if is_long else f"<p>{article.summary}</p>"
    return f"---\n{head}---\n{body}"


def edition(template: str, language: str) -> Edition:
    """An edition of real length: a story in full and ten in all the ways that stories are shown."""
    have, rest = articles(language), iter(articles(language))
    titles = ["", *told(language)["headings"]]
    sections = []
    for (show, count), title in zip(_SHOWS, titles, strict=True):
        query = SectionQuery(name=show, title=title, show=show)
        stories = [Story(article=next(rest)) for _ in range(count)]
        if show in ("full", "card"):
            others = have[7:10] if show == "full" else have[5:7]
            related = tuple(Related(article=one, score=1.0) for one in others)
            stories[0] = replace(stories[0], related=related)
        sections.append(Section(query=query, stories=tuple(stories)))
    newsletter = Newsletter(
        name="morning",
        title=told(language)["newsletter"],
        language=language,
        zone="UTC",
        template=template,
    )
    slot = Slot(local=AT.replace(tzinfo=None), zone="UTC", instant=AT)
    shown = (
        sections[:1]
        if template == "breaking"
        else sections[:2]
        if template == "single"
        else sections
    )
    return Edition(newsletter=newsletter, slot=slot, sections=tuple(shown))


def mail(theme: str, template: str, language: str, own: Path | None = None) -> Rendition:
    """A mail as it is sent; `own` is a folder of templates that go before ours."""
    if template in NOTICES:
        return notice(
            template,
            publication(theme, language),
            language,
            Theme(own, theme),
            titles=[told(language)["newsletter"]],
            link=f"{BASE}confirm/1.Zm9vYmFyYmF6cXV4Zm9vYmFyYmF6cXV4Zm9vYmFyYmF6cXV4",
        )
    return render(
        edition(template, language),
        publication(theme, language),
        lambda _: told(language)["body"]["html"],
        Theme(own, theme),
        page_url=f"{BASE}newsletters/morning/",
    )


_SCENES = (
    ("#9cc3d5", "#1f5f78", "#f7e3a1"),  # by day: sky, sea, sun
    ("#e8b28a", "#6b4a63", "#fff1c9"),  # in the evening
    ("#26384d", "#132032", "#e9edf2"),  # at night
)


@cache
def picture(number: int = 0) -> bytes:
    """A picture of light and dark parts, whose place and size can be told from any distance."""
    sky, sea, sun = _SCENES[number % len(_SCENES)]
    canvas = Canvas.new("RGB", (536, 302), sky)
    draw = ImageDraw.Draw(canvas)
    draw.ellipse((380, 40, 450, 110), fill=sun)
    draw.rectangle((0, 190, 536, 302), fill=sea)
    draw.polygon([(60, 190), (200, 190), (180, 225), (90, 225)], fill="#7a2f1d")
    draw.rectangle((120, 130, 128, 190), fill="#40291c")
    draw.polygon([(128, 130), (128, 180), (178, 180)], fill="#f4efe4")
    out = BytesIO()
    canvas.save(out, "PNG", optimize=True)
    return out.getvalue()


def of_address(address: str) -> bytes:
    """The picture that stands at an address of a story's."""
    found = re.search(r"(\d)\.png$", address)
    return picture(int(found[1]) if found else 0)
