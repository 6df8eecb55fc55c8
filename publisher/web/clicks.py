"""Counted links: a redirect to an address that the sealed edition holds, and to no other.

Mail scanners follow links as well. Set aside is what asks with HEAD, says that it is a program or
looks ahead, says nothing of languages as every browser does, or follows several links of one
edition within seconds. Nobody is told which.
"""

from __future__ import annotations

import re
import time
from collections import OrderedDict

from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response

from publisher.pipeline.sends.clicks import links_in
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


class Clicks:
    """The pages behind counted links."""

    def __init__(self, answers: Answers, counting: Counting | None) -> None:
        self._answers, self._counting = answers, counting
        self._links: OrderedDict[str, list[str]] = OrderedDict()
        self._recent: OrderedDict[tuple[str, str], dict[int, float]] = OrderedDict()

    async def follow(self, request: Request) -> Response:
        """Lead on, and count."""
        edition, number = request.path_params["edition"], request.path_params["number"]
        links = await self._known(edition) if re.fullmatch(r"\d{1,6}", number) else []
        if not links or int(number) >= len(links):
            return PlainTextResponse("There is no such page.\n", 404, headers=PRIVATE)
        if self._counting:
            is_person = self._is_person(request, edition, int(number))
            self._counting.add(
                "click" if is_person else "click set aside", f"{edition} {int(number)}"
            )
        return RedirectResponse(links[int(number)], 302, headers=PRIVATE)

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
