"""Links that hide where they lead."""

from __future__ import annotations

from collections.abc import Iterator

from publisher.checks.addresses import addresses, place
from publisher.checks.mail import Mail
from publisher.checks.rule import Found, Rule

_SHORTENERS = frozenset(
    """bit.ly buff.ly goo.gl ow.ly t.co tinyurl.com is.gd v.gd cutt.ly rebrand.ly t.ly rb.gy
    shorturl.at tiny.cc lnkd.in dlvr.it fb.me amzn.to bl.ink s.id soo.gd adf.ly""".split()
)


def _look(mail: Mail) -> Iterator[Found]:
    for one in addresses(mail):
        if one.kind == "link" and one.host.removeprefix("www.") in _SHORTENERS:
            yield Found(f"the link {one.url[:80]} is shortened", *place(mail, one))


RULE = Rule(
    name="shortened-link",
    finds="Links through bit.ly, t.co, tinyurl.com and the like.",
    why="Blocklists know them as a way of spammers, and readers cannot see where they lead.",
    todo="Write the address that it leads to.",
    look=_look,
    bad=({"html": '<a href="https://bit.ly/3xYz">The bay</a>'},),
    clean=({"html": '<a href="https://rabbit.ly/3xYz">The bay</a>'},),
)
