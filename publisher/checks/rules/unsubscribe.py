"""Mails without a way out."""

from __future__ import annotations

from collections.abc import Iterator

from publisher.checks.mail import Mail
from publisher.checks.rule import Found, Rule


def _look(mail: Mail) -> Iterator[Found]:
    for part, slotted, end in (
        ("HTML", mail.rendition.html, "mjml"),
        ("text", mail.rendition.text, "txt"),
    ):
        if slotted.pieces and "unsubscribe_url" not in {slot.name for slot in slotted.slots}:
            path = f"templates/mail/{mail.newsletter.template}.{end}"
            yield Found(
                f"the {part} part has no slot unsubscribe_url",
                path if path in mail.files else None,
            )


RULE = Rule(
    name="unsubscribe",
    finds="An HTML or text part without the reader's link to leave.",
    why="Bulk mail without a way out is refused (RFC 8058, Gmail, Yahoo).",
    todo="Write slot('unsubscribe_url') into the footer, as blocks/footer.mjml and .txt do.",
    look=_look,
    bad=({"without": ("unsubscribe_url",)},),
    clean=({},),
)
