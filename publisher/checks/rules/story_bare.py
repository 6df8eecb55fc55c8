"""Stories that lack what the theme shows of them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from publisher.checks.lines import letters
from publisher.checks.mail import Mail
from publisher.checks.rule import Found, Rule


def _look(mail: Mail) -> Iterator[Found]:
    is_named = [bool(story.authors) for story in mail.stories]
    for section in mail.sections:
        for story in section.stories:
            show, article = story.show or section.query.show, story.article
            path = mail.path_of(article)
            if show == "full" and not _has_words(mail.body(article)):
                more = ": its summary stands there" if article.summary else ""
                why = "It is all that readers get of it." if article.summary else ""
                what = f"“{article.title}” is shown in full, and has no text{more}"
                yield Found(what, path, why=why)
            if show == "summary" and not article.summary:
                yield Found(f"“{article.title}” has no summary", path)
            if show == "title":
                continue
            if not article.authors and sum(is_named) > len(is_named) / 2:
                why = "The stories around it name theirs."
                yield Found(
                    f"“{article.title}” has no author",
                    path,
                    why=why,
                    todo="Write `author:`, or `author` in publisher.toml for all that name none.",
                )


def _has_words(body: str) -> bool:
    if "<" not in body:
        return bool(letters(body))
    return bool(re.search(r"<(?:img|video|audio|table|svg|math|picture)\b", body)) or bool(
        letters(re.sub(r"<[^>]*>", " ", body))
    )


RULE = Rule(
    name="story-bare",
    finds="Stories without text, summary or author where the mail shows one; `archive` tells of "
    "those without a date.",
    why="Readers see a headline with nothing under it.",
    todo='Write it, or let the section show less: show = "summary" or "title".',
    look=_look,
    bad=(
        {"body": "", "article": {"summary": ""}},
        {"body": "", "article": {"summary": "Its only words."}},
        {"body": "<p> </p>", "article": {"summary": ""}},
        {"show": "summary", "article": {"summary": ""}},
    ),
    clean=({}, {"show": "title", "article": {"summary": ""}}),
)
