"""Themes without words in the mail's language."""

from __future__ import annotations

from collections.abc import Iterator

from publisher.checks.mail import Mail
from publisher.checks.rule import Found, Rule


def _look(mail: Mail) -> Iterator[Found]:
    if mail.lacking:
        language = mail.newsletter.language
        names = ", ".join(mail.lacking[:5]) + (" …" if len(mail.lacking) > 5 else "")
        yield Found(
            f"the theme's words are English where they are not in {language!r}: {names}",
            f"templates/words/{language}.toml",
        )


RULE = Rule(
    name="theme-words",
    finds="Words of the theme, such as “Unsubscribe”, that it lacks in a newsletter's language.",
    why="They stand there in English, and in a language written from the right are scrambled.",
    todo="Copy words/en.toml with `publisher templates eject words/en.toml`, name it by the "
    "language, and translate it.",
    look=_look,
    bad=({"lacking": ("unsubscribe",)},),
    clean=({},),
)
