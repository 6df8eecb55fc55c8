"""preferences: what a reader gets, in which language, by which clock; and leaving altogether.

GET, HEAD and OPTIONS change nothing (mail scanners follow every link).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from zoneinfo import available_timezones

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from publisher.errors import AddressError
from publisher.pipeline.readers.preferences import Choice, choice, choose
from publisher.pipeline.readers.signups import ask_page
from publisher.rendering import language_name
from publisher.web.answers import PRIVATE, Answers
from publisher.web.forms import first, form_of, too_much, wanted

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


def _places(zones: Sequence[str]) -> list[Mapping[str, Any]]:
    """Time zones by part of the world, each with its city as people write it."""
    found: dict[str, list[Mapping[str, str]]] = {}
    for name in zones:
        part, _, city = name.partition("/")
        found.setdefault(part, []).append({"name": name, "city": city.replace("_", " ")})
    return [{"title": part, "zones": cities} for part, cities in found.items()]


class Preferences:
    """The page of a reader's choice."""

    def __init__(self, answers: Answers) -> None:
        self._answers, self._space = answers, answers.space
        places = (zone for zone in available_timezones() if zone.split("/")[0] in _CONTINENTS)
        self._zones = sorted(places)

    async def prefer(self, request: Request) -> Response:
        """Show a reader's choice on GET, change it on POST."""
        token = request.path_params["token"]
        if request.method != "POST":
            found = await self._answers.desk.evenly(lambda: choice(self._space, token))
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
        shown = form.get("shown") if action == "save" else None
        found = await self._answers.desk.evenly(
            lambda: choose(
                self._space, token, names, self._answers.now(), tag=tag, place=place, shown=shown
            )
        )
        return self._choice(found, done=True)

    async def by_mail(self, request: Request) -> Response:
        """Show the form on GET; on POST, mail the link of a reader's page to that reader."""
        if request.method != "POST":
            return self._by_mail()
        form = await form_of(request)
        if form is None:
            return too_much()
        text, network = first(form, "address"), self._answers.network_of(request)
        language, now = self._space.publication.language, self._answers.now()
        if not first(form, "website"):  # a field that people do not see
            try:
                await self._answers.desk.evenly(
                    lambda: ask_page(self._space, text, language, network, now)
                )
            except AddressError:
                return self._by_mail(wrong="address", given=text)
        return self._by_mail(done=True)

    def _by_mail(self, *, done: bool = False, wrong: str = "", given: str = "") -> Response:
        return self._answers.html(
            "by_mail",
            self._space.publication.language,
            status=400 if wrong else 200,
            done=done,
            mails=self._answers.can_mail,
            wrong=wrong,
            given=given[:254],
        )

    def _choice(self, found: Choice | None, *, done: bool) -> Response:
        publication = self._space.publication
        if found is None:
            return self._answers.dead()
        tags = {publication.language, found.reader.language}
        tags |= {newsletter.language for newsletter in publication.newsletters}
        language = found.reader.language or publication.language
        return self._answers.html(
            "preferences",
            language,
            done=done,
            reader=found.reader,
            chosen=found.chosen,
            newsletters=found.newsletters,
            zones=self._zones,
            places=_places(self._zones),
            languages=[{"tag": tag, "name": language_name(tag)} for tag in sorted(tags - {""})],
        )
