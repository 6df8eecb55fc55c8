"""Words that cannot be told from their ground."""

from __future__ import annotations

from collections.abc import Iterator

from publisher.checks.colours import Scheme, Seen, inverted, seen
from publisher.checks.mail import Mail
from publisher.checks.rule import Found, Rule

_LEAST, _LEAST_LARGE = 4.5, 3.0  # WCAG 2.2 §1.4.3
_LEAST_INVERTED = 2.5  # no program inverts alike: only what is hard to see in any of them
_SCHEMES: tuple[tuple[Scheme, str], ...] = (
    ("light", ""),
    ("dark", " in the dark"),
    ("inverted", " where a program inverts colours in the dark"),
)


def _look(mail: Mail) -> Iterator[Found]:
    told: set[tuple[str, str]] = set()
    for scheme, where in _SCHEMES:
        for one in seen(mail, scheme):
            pair = (one.colour, one.ground)
            written = (inverted(one.colour), inverted(one.ground)) if scheme == "inverted" else pair
            if pair in told or written in told or one.contrast >= _least(one, scheme):
                continue
            told |= {pair, written}
            what = f"“{one.words[:40]}” in {one.colour} on {one.ground}{where}"
            yield Found(
                f"{what} has a contrast of {one.contrast:.1f} to 1", *_place(mail, one, scheme)
            )


def _least(one: Seen, scheme: Scheme) -> float:
    if scheme == "inverted":
        return _LEAST_INVERTED
    return _LEAST_LARGE if one.is_large else _LEAST


def _place(mail: Mail, one: Seen, scheme: Scheme) -> tuple[str | None, int | None]:
    if scheme == "inverted":
        return mail.place(inverted(one.colour), inverted(one.ground), one.words)
    return mail.place(one.colour, one.words, one.ground)


RULE = Rule(
    name="contrast",
    finds=f"Words with a contrast to their ground of less than {_LEAST} to 1, or "
    f"{_LEAST_LARGE:.0f} if they are large: in light, in the dark, and in inverted colours.",
    why="Many readers cannot read them, and nobody can in the sun (WCAG 2.2, 1.4.3).",
    todo="Take a darker colour for the words, or a lighter one for the ground; in the dark the "
    "other way round.",
    look=_look,
    bad=(
        {"html": '<p style="color:#eeeeee">Words</p>'},
        {"html": '<p style="background-color:#ffd400"><a href="https://letter.example/" '
                 'style="color:#ffffff">Words</a></p>'},
        {"css": "@media (prefers-color-scheme: dark) { body { background-color: #111111 "
                "!important; } }"},
    ),
    clean=(
        {"html": '<p style="color:#595959">Words</p>'},
        {"html": '<h2 style="color:#767676;font-size:24px">Words</h2>'},
        {"html": '<p style="color:#ffffff;display:none">Words</p>'},
    ),
)  # fmt: skip
