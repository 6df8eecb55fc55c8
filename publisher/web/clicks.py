"""Counted links: a redirect to an address that the sealed edition holds, and to no other.

Mail scanners follow links as well. Set aside is what asks with HEAD, says that it is a program or
looks ahead, says nothing of languages as every browser does, or follows several links of one
edition within seconds. Nobody is told which.

Where subjects are tested, a link ends with the group of its mail: `PREFIX/7a`. People are counted
then, for readers are what a test compares: one network and program counts once for a group. Of
who came there is a keyed hash in memory, as long as the service runs, and nothing anywhere else.
"""

from __future__ import annotations

import hashlib
import re
import secrets
import time
from collections import OrderedDict

from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response

from publisher.pipeline.sends.clicks import FOLLOWED, links_in
from publisher.web.answers import PRIVATE, Answers
from publisher.web.counts import Counting

_PROGRAM = re.compile(
    r"bot|crawl|spider|scan|fetch|proxy|preview|monitor|curl|wget|python|java/|go-http|headless|"
    r"libwww|okhttp|safelinks|barracuda|mimecast|proofpoint",
    re.IGNORECASE,
)
_AT_ONCE = 2  # links of an edition that a person follows
_WITHIN = 10.0  # seconds
_EDITIONS = 100  # whose links are remembered
_NETWORKS = 10_000
_PEOPLE = 200_000  # who followed a link of a test, for as long as it takes
_NUMBER = re.compile(r"(\d{1,6})([ab]?)")


class Clicks:
    """The pages behind counted links."""

    def __init__(self, answers: Answers, counting: Counting | None) -> None:
        self._answers, self._counting = answers, counting
        self._links: OrderedDict[str, list[str]] = OrderedDict()
        self._recent: OrderedDict[tuple[str, str], dict[int, float]] = OrderedDict()
        self._people: OrderedDict[bytes, None] = OrderedDict()
        self._key = secrets.token_bytes(32)

    async def follow(self, request: Request) -> Response:
        """Lead on, and count."""
        edition = request.path_params["edition"]
        found = _NUMBER.fullmatch(request.path_params["number"])
        links = await self._known(edition) if found else []
        if found is None or int(found[1]) >= len(links):
            return PlainTextResponse("There is no such page.\n", 404, headers=PRIVATE)
        number = int(found[1])
        if self._counting:
            is_person = self._is_person(request, edition, number)
            self._counting.add("click" if is_person else "click set aside", f"{edition} {number}")
            if is_person and found[2] and self._is_new(request, f"{edition} {found[2]}"):
                self._counting.add(FOLLOWED, f"{edition} {found[2].upper()}")
        return RedirectResponse(links[number], 302, headers=PRIVATE)

    async def _known(self, edition: str) -> list[str]:
        if edition not in self._links:
            space = self._answers.space
            found = await self._answers.desk.evenly(lambda: links_in(space, edition))
            if not found:
                return []
            self._links[edition] = found
            if len(self._links) > _EDITIONS:
                self._links.popitem(last=False)
        return self._links[edition]

    def _is_person(self, request: Request, edition: str, number: int) -> bool:
        headers = request.headers
        agent = headers.get("user-agent", "")
        looks_ahead = "prefetch" in headers.get("sec-purpose", headers.get("purpose", ""))
        if request.method != "GET" or looks_ahead or "accept-language" not in headers:
            return False
        if not agent or _PROGRAM.search(agent[:300]):
            return False
        now, key = time.monotonic(), (edition, self._answers.network_of(request))
        asked = {one: at for one, at in self._recent.pop(key, {}).items() if now - at < _WITHIN}
        asked[number] = now
        self._recent[key] = asked
        if len(self._recent) > _NETWORKS:
            self._recent.popitem(last=False)
        return len(asked) <= _AT_ONCE

    def _is_new(self, request: Request, mails: str) -> bool:
        """Whether a person follows their first link of some mails, as far as can be told."""
        said = [request.headers.get(name, "")[:300] for name in ("user-agent", "accept-language")]
        text = repr((mails, self._answers.network_of(request), said))
        who = hashlib.blake2b(text.encode(), key=self._key, digest_size=16).digest()
        is_new = who not in self._people
        self._people[who] = None
        self._people.move_to_end(who)
        if len(self._people) > _PEOPLE:
            self._people.popitem(last=False)
        return is_new
