"""preferences: what a reader gets, in which language, by which clock; and leaving altogether.

GET, HEAD and OPTIONS change nothing (mail scanners follow every link).
"""

from __future__ import annotations

from functools import cached_property
from zoneinfo import available_timezones

from msgspec.structs import replace
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from publisher.audience import language as tag_of
from publisher.audience import zone as zone_of
from publisher.errors import AddressError
from publisher.pipeline.readers.preferences import Choice, choice, choose
from publisher.pipeline.readers.signups import ask_page
from publisher.rendering import found_among, language_name, parts_of_the_world
from publisher.web.answers import PRIVATE, Answers
from publisher.web.forms import Form, first, form_of, too_much, wanted


class Preferences:
    """The page of a reader's choice."""

    def __init__(self, answers: Answers) -> None:
        self._answers, self._space = answers, answers.space

    @cached_property
    def _zones(self) -> list[str]:
        return sorted(available_timezones())  # it reads the folders of zones: 50 ms

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
        if action == "find":
            found = await self._answers.desk.evenly(lambda: choice(self._space, token))
            return self._choice(_as_filled_in(found, form), done=False, wanted=first(form, "find"))
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

    def _choice(self, found: Choice | None, *, done: bool, wanted: str = "") -> Response:
        """The page; where a zone is `wanted`, with those alone of which that can be said."""
        publication = self._space.publication
        if found is None:
            return self._answers.dead()
        reader = found.reader
        tags = {publication.language, reader.language}
        tags |= {newsletter.language for newsletter in publication.newsletters}
        language = reader.language or publication.language
        parts = parts_of_the_world(self._zones, language, self._answers.now(), zone_of(reader.zone))
        fit = found_among(parts, wanted) if wanted.strip() else parts
        names = [one.name for part in fit for one in part.zones]
        if len(names) == 1:
            reader = replace(reader, zone=names[0])
        languages = [{"tag": tag, "name": language_name(tag)} for tag in tags - {""}]
        return self._answers.html(
            "preferences",
            language,
            done=done,
            reader=reader,
            chosen=found.chosen,
            newsletters=found.newsletters,
            zones=names or self._zones,
            places=found_among(parts, wanted, reader.zone) if fit else parts,
            wanted=wanted[:100],
            is_found=bool(fit),
            languages=sorted(languages, key=lambda one: one["name"].casefold()),
        )


def _as_filled_in(found: Choice | None, form: Form) -> Choice | None:
    """What a reader has, with what the form says and nobody has saved yet."""
    if found is None:
        return None
    reader = replace(
        found.reader,
        language=tag_of(first(form, "language")),
        zone=zone_of(first(form, "zone")),
    )
    return replace(found, reader=reader, chosen=frozenset(wanted(form)))
