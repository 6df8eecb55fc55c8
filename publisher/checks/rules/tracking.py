"""Addresses that tell who sent the reader."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import parse_qsl, urlsplit

from publisher.checks.addresses import addresses, place
from publisher.checks.mail import Mail
from publisher.checks.rule import Found, Rule

_TRACKING = re.compile(
    r"utm_\w+|fbclid|gclid|gclsrc|dclid|wbraid|gbraid|msclkid|twclid|ttclid|li_fat_id|yclid|igshid"
    r"|igsh|mc_[ce]id|_hsenc|_hsmi|__hs\w+|hsctatracking|mkt_tok|vero_id|oly_(?:anon|enc)_id|_openstat"
    r"|wickedid|s_cid|rb_clickid|ml_subscriber(?:_hash)?|trk_\w+|_ke|epik|srsltid",
    re.IGNORECASE,
)


def _look(mail: Mail) -> Iterator[Found]:
    for one in addresses(mail):
        try:
            query = urlsplit(one.url).query
        except ValueError:
            continue
        keys = [key for key, _ in parse_qsl(query, True) if _TRACKING.fullmatch(key)]
        if keys:
            told = ", ".join(dict.fromkeys(keys))
            yield Found(f"{one.url[:80]} tells who follows it, by {told}", *place(mail, one))


RULE = Rule(
    name="tracking",
    finds="Addresses with parameters that follow readers: utm_source, fbclid, gclid, mc_eid.",
    why="They were made for whoever copied the address; they tell others about your readers.",
    todo="Take them out of the address.",
    look=_look,
    bad=({"html": '<a href="https://letter.example/?utm_source=x&amp;fbclid=1">The bay</a>'},),
    clean=({"html": '<a href="https://letter.example/?page=2&amp;utm=zone">The bay</a>'},),
)
