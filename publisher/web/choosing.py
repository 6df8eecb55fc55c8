"""unsubscribe · preferences: pages with one button, and RFC 8058's one click.

GET, HEAD and OPTIONS change nothing (mail scanners follow every link). A POST is answered the same
way, after the same time, whatever the token is worth.
"""

from __future__ import annotations

from zoneinfo import available_timezones

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from publisher.pipeline.readers.preferences import (
    Choice,
    choice,
    choose,
    leave_by_link,
    newsletter_of,
)
from publisher.rendering import language_name
from publisher.web.forms import first, form_of, too_much, wanted
from publisher.web.pages import PRIVATE, Pages

_CONTINENTS = {
    "Africa",
    "America",
    "Antarctica",
    "Asia",
    "Atlantic",
    "Australia",
    "Europe",
    "Indian",
    "Pacific",
}


class Choosing:
    """The pages behind the links in mails."""

    def __init__(self, pages: Pages) -> None:
        self._pages, self._space = pages, pages.space
        places = (zone for zone in available_timezones() if zone.split("/")[0] in _CONTINENTS)
        self._zones = sorted(places)

    async def leave(self, request: Request) -> Response:
        """Ask on GET, leave on POST; one click (RFC 8058) gets a plain line."""
        token = request.path_params["token"]
        if request.method != "POST":
            return self._leaving(token, done=False)
        form = await form_of(request)
        if form is None:
            return too_much()
        one_click = first(form, "List-Unsubscribe") == "One-Click"
        await self._pages.desk.evenly(
            lambda: leave_by_link(self._space, token, self._pages.now(), one_click=one_click)
        )
        if one_click:
            return PlainTextResponse("Unsubscribed.\n", headers=PRIVATE)
        return self._leaving(token, done=True)

    async def prefer(self, request: Request) -> Response:
        """Show a reader's choice on GET, change it on POST."""
        token = request.path_params["token"]
        if request.method != "POST":
            found = await self._pages.desk.evenly(lambda: choice(self._space, token))
            return self._choice(found, done=False)
        form = await form_of(request)
        if form is None:
            return too_much()
        action = first(form, "action")
        if action not in ("save", "leave"):
            return PlainTextResponse("Nothing was asked for.\n", 400, headers=PRIVATE)
        names = wanted(form) if action == "save" else []
        tag = first(form, "language") if "language" in form and action == "save" else None
        place = first(form, "zone") if "zone" in form and action == "save" else None
        found = await self._pages.desk.evenly(
            lambda: choose(self._space, token, names, self._pages.now(), tag=tag, place=place)
        )
        return self._choice(found, done=True)

    def _leaving(self, token: str, *, done: bool) -> Response:
        newsletter = newsletter_of(self._space, token)
        language = (newsletter or self._space.publication).language
        return self._pages.html("unsubscribe", language, newsletter=newsletter, done=done)

    def _choice(self, found: Choice | None, *, done: bool) -> Response:
        publication = self._space.publication
        if found is None:
            return self._pages.dead()
        tags = {publication.language, found.reader.language}
        tags |= {newsletter.language for newsletter in publication.newsletters}
        language = found.reader.language or publication.language
        return self._pages.html(
            "preferences",
            language,
            done=done,
            reader=found.reader,
            chosen=found.chosen,
            newsletters=found.newsletters,
            zones=self._zones,
            languages=[{"tag": tag, "name": language_name(tag)} for tag in sorted(tags - {""})],
        )
