"""init · new: a publication's and an article's first lines."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from publisher import config
from publisher.errors import UsageError, suggestion
from publisher.model import Publication, ThemeSettings, legal, slugify
from publisher.rendering import theme_names

_CONFIG = """\
# All keys: publisher config keys

[publication]
title = "{title}"
base_url = "https://news.example"   # where your site lives
since = {day}                  # part of every article's id; never change it
language = "en"
zone = "UTC"                        # yours, such as "Europe/Berlin"
sender = "letter@news.example"
theme = "{theme}"{pad}# all: publisher themes list

[postal]                            # bulk mail must name it
name = "{title}"
street = ""
city = ""
country = ""

[sources]
undated = "first-seen"              # an article without a date is of the day on which it came

[newsletters.morning]
title = "The morning letter"
every = "day"                       # or "weekday", "mon,thu"
at = "07:00"

[[newsletters.morning.sections]]
name = "lead"
max = 1
show = "full"

[[newsletters.morning.sections]]
name = "more"
title = "More stories"
max = 8
"""


FIRST_NEWSLETTER = _CONFIG[_CONFIG.index("[newsletters.") :]
"""The lines of a newsletter to begin with."""

_WELCOME = """\
---
title: Our first story
date: {moment}
tags: [welcome]
---

Write articles as Markdown, HTML or plain text in this folder. The first paragraph becomes the
summary, unless the front matter names one.

## What happens next

`publisher preview` shows the next edition, `publisher build` puts it and all feeds into `outbox/`.
"""


_ARTICLE = """\
---
title: {title}
date: {moment}
{rest}draft: true
---

"""


IGNORE = "/.publisher/\n/outbox/\n"
"""What git leaves alone in a publication's folder."""


def init(folder: Path, title: str, now: datetime, theme: str = "") -> list[Path]:
    """Start a publication in `folder`; return the files written. Files that exist are left alone.

    Raises UsageError where there is a publication already, and for a theme that is none.
    """
    theme = check_theme(folder, theme or ThemeSettings().name)
    if (folder / config.FILE).exists():
        raise UsageError(
            f"there is a publication in {folder} already", todo="See it: publisher status"
        )
    plain = " ".join(legal(title).replace("\\", "").replace('"', "'").split())
    if not plain:
        raise UsageError("a publication needs a title")
    files = {
        config.FILE: _CONFIG.format(
            title=plain, day=f"{now:%Y-%m-%d}", theme=theme, pad=" " * max(1, 26 - len(theme))
        ),
        "articles/welcome.md": _WELCOME.format(moment=f"{now:%Y-%m-%d %H:%M}+00:00"),
        ".gitignore": IGNORE,
    }
    written = []
    for name, text in files.items():
        path = folder / name
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
            written.append(path)
    return written


def check_theme(folder: Path, theme: str) -> str:
    """Return a theme's name; raise UsageError where none is called so."""
    known = theme_names(folder / "templates")
    if theme not in known:
        raise UsageError(
            f"there is no theme {theme!r}",
            why=suggestion(theme, known),
            todo=f"Choose one of {', '.join(known)}.",
        )
    return theme


def new(
    root: Path,
    publication: Publication,
    title: str,
    now: datetime,
    *,
    section: str = "",
    tags: tuple[str, ...] = (),
    language: str = "",
) -> Path:
    """Write an article's first lines, as a draft; return its path, relative to `root`.

    Raises UsageError where the title has no letters, or a file of that name is there.
    """
    slug = slugify(title)
    if not slug or len(slug.encode()) > 200:
        raise UsageError("a title needs letters or digits, and at most 200 of them")
    folder = publication.articles / slugify(section) if section else publication.articles
    path = folder / f"{slug}.md"
    if (root / path).exists():
        raise UsageError(f"{path} is there already", todo="Choose another title, or edit it.")
    local = now.astimezone(ZoneInfo(publication.zone))
    rest = f"tags: [{', '.join(_quoted(tag) for tag in tags)}]\n" if tags else ""
    rest += f"language: {_quoted(language)}\n" if language else ""
    text = _ARTICLE.format(title=_quoted(title), moment=f"{local:%Y-%m-%d %H:%M}", rest=rest)
    (root / path).parent.mkdir(parents=True, exist_ok=True)
    (root / path).write_text(text, encoding="utf-8")
    return path


def _quoted(text: str) -> str:
    """A text as a YAML double-quoted scalar."""
    escaped = legal(text).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{" ".join(escaped.split())}"'
