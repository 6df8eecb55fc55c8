"""Stories that one of the two parts does not show."""

from __future__ import annotations

from collections.abc import Iterator

from publisher.checks.lines import letters
from publisher.checks.mail import Mail
from publisher.checks.rule import Found, Rule


def _look(mail: Mail) -> Iterator[Found]:
    parts = []
    if mail.rendition.html.pieces:
        parts.append(("HTML", letters("".join(text for text, _ in mail.words)), mail.html))
    parts.append(("text", letters(mail.text), mail.text))
    for part, words, whole in parts:
        gone = [
            story
            for story in mail.stories
            if letters(story.title) not in words and story.url not in whole
        ]
        if len(gone) == len(mail.stories) > 0:
            yield Found(
                f"the {part} part shows none of its {_stories(len(gone))}", _template(mail, part)
            )
        elif gone:
            names = ", ".join(f"“{story.title}”" for story in gone[:3])
            more = f" and {len(gone) - 3} more" if len(gone) > 3 else ""
            yield Found(f"the {part} part leaves out {names}{more}", _template(mail, part))


def _stories(count: int) -> str:
    return "one story" if count == 1 else f"{count} stories"


def _template(mail: Mail, part: str) -> str | None:
    name = f"templates/mail/{mail.newsletter.template}.{'mjml' if part == 'HTML' else 'txt'}"
    return name if name in mail.files else None


RULE = Rule(
    name="story-missing",
    finds="Stories of the edition that the HTML part, or the text part, does not show.",
    why="Its readers never learn of them, and it counts as sent to them: it does not come again.",
    todo="Let the template show every section and story: {% for section in sections %} … "
    "{% for story in section.stories %}.",
    look=_look,
    bad=({"article": {"title": "Unheard of", "url": "https://letter.example/unheard/"},
          "without": ("Unheard of", "https://letter.example/unheard/")},),
    clean=({},),
)  # fmt: skip
