"""How every template and page looks, as small grey pictures that lie in looks/.

After a change that is meant to be seen, draw them anew, and look at what git says has changed:

    python -m tests.browser.looks
"""

from __future__ import annotations

import json
import re
from base64 import b64decode
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from io import BytesIO
from itertools import product
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
from PIL import Image

from publisher.rendering import Theme
from tests import specimens
from tests.acceptance.test_service import join
from tests.acceptance.test_web import serving
from tests.site import Site
from tests.specimens import LANGUAGES, NOTICES, TEMPLATES, THEMES

FOLDER = Path(__file__).with_name("looks")

MAIL_WIDTHS = (600, 375)
PAGE_WIDTHS = (1200, 375)
LOOKS = ("light", "dark", "inverted", "no pictures")
_OF_NOTICES = LOOKS[:2]  # they have no pictures
PAGES = ("front", "article", "tag", "preferences")

SCALE = 8  # pixels of a window in one of a kept picture
HEIGHT = 2000  # of a window; what is below is not looked at
BLOCK = 5  # pixels of a kept picture, each way, in what is compared
FAR = 6  # rows of blocks by which what is below may move

MOST, MOST_IN_A_BLOCK = 0.6, 8.0
"""How far apart two pictures in the same fonts may be, of 255."""

MOST_IN_OTHER_FONTS = 20.0
"""The same where lines break elsewhere: only what is gross is found (13 were measured)."""

_INVERT = "html{background:#fff;filter:invert(1)}img{filter:invert(1)}"

_NO_PICTURES = "() => [...document.images].forEach(one => one.src = 'data:,')"
_LOADED = """() => Promise.all([...document.images].map(one => {
  one.loading = 'eager';
  return one.decode().catch(() => 0); }))"""
_WIDTHS = """samples => samples.map(([font, words]) => {
  const canvas = document.createElement('canvas').getContext('2d');
  canvas.font = `64px ${font}`;
  return canvas.measureText(words).width; })"""

Look = tuple[str, Image.Image]
"""A name such as `600 dark`, and its small picture."""


def language_of(theme: str, template: str, width: int) -> str:
    """The language of a mail: each is seen in each theme, and wide and narrow."""
    place = (
        (*TEMPLATES, *NOTICES).index(template) + 2 * THEMES.index(theme) + MAIL_WIDTHS.index(width)
    )
    return LANGUAGES[place % len(LANGUAGES)]


class Studio:
    """One window in which everything is looked at."""

    def __init__(self, browser: Any) -> None:
        self.window = browser.new_page(bypass_csp=True)
        self.window.route(
            re.compile(r"\.png$"),
            lambda route: route.fulfill(
                body=specimens.of_address(route.request.url), content_type="image/png"
            ),
        )
        self._chromium = self.window.context.new_cdp_session(self.window)
        self._width = 0

    def mail(self, theme: str, template: str, width: int, own: Path | None = None) -> list[Look]:
        """A mail as each kind of mail program shows it; `own` is a folder of templates."""
        language, looks = language_of(theme, template, width), []
        self._open(width)
        self.window.set_content(specimens.mail(theme, template, language, own).html.filled())
        for look in _OF_NOTICES if template in NOTICES else LOOKS:
            if look != "no pictures":
                self.window.emulate_media(color_scheme="dark" if look == "dark" else "light")
            if look == "inverted":
                style = self.window.add_style_tag(content=_INVERT)
            elif look == "no pictures":
                style.evaluate("one => one.remove()")
                self.window.evaluate(_NO_PICTURES)
            looks.append((f"{width} {look}", self._seen()))
        return looks

    def page(self, name: str, address: str, width: int) -> Look:
        """A page; on a phone an article is looked at in the dark."""
        self._open(width)
        scheme = "dark" if name == "article" and width == PAGE_WIDTHS[-1] else "light"
        self.window.emulate_media(color_scheme=scheme)
        self.window.goto(address)
        self.window.evaluate(_LOADED)
        return f"{width} {name}", self._seen()

    def overflow(self, theme: str, template: str, language: str) -> int:
        """The pixels by which a mail is wider than a small phone, before its pictures are there."""
        self._open(320)
        self.window.set_content(specimens.mail(theme, template, language).html.filled())
        self.window.evaluate(_NO_PICTURES)
        return int(self.window.evaluate("document.documentElement.scrollWidth - innerWidth"))

    def fonts(self) -> dict[str, int]:
        """How wide words are in the fonts of each theme: other fonts, other pictures."""
        samples = {}
        for theme, language in product(THEMES, LANGUAGES):
            values = Theme(None, theme).values(specimens.publication(theme))
            words = specimens.told(language)["stories"][0]["title"]
            for font in sorted({values.heading, values.text, values.label}):
                samples[f"{theme} {language} {font}"] = (font, words)
        measured = self.window.evaluate(_WIDTHS, list(samples.values()))
        return dict(zip(samples, map(round, measured), strict=True))

    def _open(self, width: int) -> None:
        if width != self._width:
            self.window.set_viewport_size({"width": width, "height": HEIGHT})
        self._width = width

    def _seen(self) -> Image.Image:
        """What stands in the window, small: Chromium makes a small picture in half the time."""
        clip = {"x": 0, "y": 0, "width": self._width, "height": HEIGHT, "scale": 2 / SCALE}
        shot = self._chromium.send("Page.captureScreenshot", {"format": "png", "clip": clip})
        grey = Image.open(BytesIO(b64decode(shot["data"]))).convert("L")
        return grey.resize((self._width // SCALE, HEIGHT // SCALE), Image.Resampling.BOX)


def mails(studio: Studio) -> Iterator[tuple[str, list[Look]]]:
    """Every template of every theme: the name of its sheet, and how it looks."""
    every = list(product(MAIL_WIDTHS, THEMES, (*TEMPLATES, *NOTICES)))
    seen = {one: studio.mail(*one[1:], one[0]) for one in every}  # few changes of width
    for theme, template in product(THEMES, TEMPLATES):
        looks = [look for width in MAIL_WIDTHS for look in seen[width, theme, template]]
        yield f"{theme}-{template}", looks
    for theme in THEMES:
        some = product(MAIL_WIDTHS, NOTICES)
        yield (
            f"{theme}-notices",
            [(f"{one} {at}", it) for width, one in some for at, it in seen[width, theme, one]],
        )


def pages(studio: Studio, folder: Path) -> Iterator[tuple[str, list[Look]]]:
    """The pages of the site in every theme, as they are served."""
    places = {theme: list(_LANGUAGES_OF_PAGES[theme]) for theme in THEMES}
    with ExitStack() as served:
        at = {theme: served.enter_context(_served(folder / theme, theme)) for theme in THEMES}
        seen = {}
        for width, theme, name in product(PAGE_WIDTHS, THEMES, PAGES):
            language = places[theme][PAGE_WIDTHS.index(width)]
            seen[width, theme, name] = studio.page(name, at[theme](name, language), width)
    for theme in THEMES:
        yield f"{theme}-pages", [seen[width, theme, one] for width in PAGE_WIDTHS for one in PAGES]


_LANGUAGES_OF_PAGES = {"gazette": ("en", "ar"), "letter": ("ja", "de")}
"""Of articles, wide and narrow."""


@contextmanager
def _served(folder: Path, theme: str) -> Iterator[Callable[[str, str], str]]:
    """A publication with the stories of all languages: gives the address of a page."""
    site = Site(folder, _PUBLICATION.format(base=specimens.BASE, theme=theme))
    for language in LANGUAGES:
        for one in specimens.articles(language):
            site.article(one.path, specimens.file_of(one))
            if one.image:
                site.article(f"{language}/{one.slug}.png", specimens.of_address(one.image.url))
    join(site, "ana")
    site.build()
    with serving(site) as web:
        places = {
            "front": "/",
            "tag": f"/tags/{specimens.TAG}/",
            "preferences": web.link("ana"),
        }

        def address(name: str, language: str) -> str:
            place = places.get(name, f"/{language}/0/")
            return f"http://127.0.0.1:{web.port}{place}"

        yield address


_PUBLICATION = """\
[publication]
title = "The Harbour Gazette"
description = "News and notes from a town that lives by its harbour"
base_url = "{base}"
article_url = "{{language}}/{{slug}}/"
since = 2026-01-01
sender = "letter@harbour.example"
theme = "{theme}"

[postal]
name = "The Harbour Gazette"

[newsletters.morning]
title = "Morning edition"
description = "One story in full and the rest in brief."

[newsletters.weekend]
title = "Weekend story"
"""


def sheet(looks: list[Look]) -> Image.Image:
    """The pictures side by side."""
    whole = Image.new("L", (sum(one.width for _, one in looks), HEIGHT // SCALE))
    left = 0
    for _, one in looks:
        whole.paste(one, (left, 0))
        left += one.width
    return whole


def _blocks(picture: Image.Image) -> Any:
    """The means of blocks, row by row."""
    size = (picture.width // BLOCK, picture.height // BLOCK)
    return np.asarray(picture.resize(size, Image.Resampling.BOX), dtype=float)


def apart(one: Image.Image, other: Image.Image) -> tuple[float, float]:
    """How far apart two pictures are, 0 to 255: on the whole, and in the worst block.

    Each row is compared with the one that it became: in other fonts lines break elsewhere, and
    what is below them moves up or down.
    """
    mine, theirs = _blocks(one), _blocks(other)
    every = np.abs(mine[:, None] - theirs[None])
    means, worsts = every.mean(axis=2), every.max(axis=2)
    best: dict[tuple[int, int], tuple[float, float]] = {}  # (sum, worst) of the best way there
    for row, place in product(range(len(mine)), range(len(theirs))):
        if abs(row - place) <= FAR:
            ways = ((row - 1, place - 1), (row - 1, place), (row, place - 1))
            total, worst = min((best[way] for way in ways if way in best), default=(0.0, 0.0))
            best[row, place] = (total + means[row, place], max(worst, worsts[row, place]))
    total, worst = best[len(mine) - 1, len(theirs) - 1]
    return float(total) / len(mine), float(worst)


def kept(name: str, looks: list[Look]) -> list[Look]:
    """The pictures of a sheet as they lie in the folder, cut apart."""
    with Image.open(FOLDER / f"{name}.png") as whole:
        left, found = 0, []
        for about, one in looks:
            found.append((about, whole.crop((left, 0, left + one.width, one.height))))
            left += one.width
        return found


def draw() -> None:
    """Draw all pictures anew."""
    from playwright.sync_api import sync_playwright

    from tests.conftest import DRAWING, chromium

    with sync_playwright() as playwright, TemporaryDirectory() as folder:
        browser = playwright.chromium.launch(executable_path=chromium(), args=[*DRAWING])
        studio = Studio(browser)
        FOLDER.mkdir(exist_ok=True)
        for name, looks in (*mails(studio), *pages(studio, Path(folder))):
            sheet(looks).save(FOLDER / f"{name}.png", optimize=True)
        (FOLDER / "fonts.json").write_text(json.dumps(studio.fonts(), indent=1, ensure_ascii=False))
        browser.close()


if __name__ == "__main__":
    draw()
