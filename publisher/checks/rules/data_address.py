"""Addresses that mail programs strip."""

from __future__ import annotations

from collections.abc import Iterator

from publisher.checks.addresses import addresses, place
from publisher.checks.mail import Mail
from publisher.checks.rule import Found, Rule

_UNKNOWN = ("data", "javascript", "vbscript", "blob", "cid")


def _look(mail: Mail) -> Iterator[Found]:
    for one in addresses(mail):
        if one.scheme in _UNKNOWN:
            what = f"a {one.kind} is written as {one.scheme}: ({one.url[:40]}…)"
            yield Found(what, *place(mail, one))


RULE = Rule(
    name="data-address",
    finds="Pictures and links written as data:, javascript:, blob: or cid:.",
    why="Gmail and Outlook take them out; spam filters count them against the mail.",
    todo="Put the file on the web, or beside the article, and write its address.",
    look=_look,
    bad=(
        {"html": '<img src="data:image/png;base64,iVBORw0KGgo=" alt="A dot">'},
        {"html": '<a href="javascript:alert(1)">Open</a>'},
    ),
    clean=({"html": '<a href="tel:+81312345678">Call</a>'},),
)
