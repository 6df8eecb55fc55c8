"""Mails that do not say who sends them."""

from __future__ import annotations

from collections.abc import Iterator

from publisher.checks.lines import letters
from publisher.checks.mail import Mail
from publisher.checks.rule import Found, Rule
from publisher.model import Postal


def _look(mail: Mail) -> Iterator[Found]:
    own = mail.publication.postal
    wanted = [letters(part) for part in (own.street, own.city) if part]
    for part, text, end in (
        ("HTML", mail.root.text_content() if mail.html else None, "mjml"),
        ("text", mail.text, "txt"),
    ):
        if text is not None and any(one not in letters(text) for one in wanted):
            path = f"templates/blocks/footer.{end}"
            yield Found(
                f"the {part} part has no postal address", path if path in mail.files else None
            )


RULE = Rule(
    name="postal-address",
    finds="An HTML or text part that does not show the postal address of `[postal]`.",
    why="The law of many countries wants it in every mail (CAN-SPAM, UWG, CASL).",
    todo="Write {{ publication.postal.line }} into the template's footer.",
    look=_look,
    bad=({"without": ("1 Quay, Town",)},),
    clean=({}, {"publication": {"postal": Postal()}}),
)
