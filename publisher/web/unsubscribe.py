"""unsubscribe: a page with one button, and RFC 8058's one click.

GET, HEAD and OPTIONS change nothing (mail scanners follow every link). "Done" is said where it is
done: a link that was cut or changed on its way says that it could not be read, and offers another.
"""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from publisher.pipeline.readers.preferences import Leaving, leave_by_link, leaving
from publisher.web.answers import PRIVATE, Answers
from publisher.web.forms import first, form_of, too_much

_UNREADABLE = "This link could not be read, and nothing was changed.\n"


class Unsubscribe:
    """The page behind the link that every mail has."""

    def __init__(self, answers: Answers) -> None:
        self._answers, self._space = answers, answers.space

    async def leave(self, request: Request) -> Response:
        """Ask on GET, leave on POST; one click (RFC 8058) gets a plain line."""
        token = request.path_params["token"]
        if request.method != "POST":
            found = await self._answers.desk.evenly(lambda: leaving(self._space, token))
            return self._leaving(found, done=False)
        form = await form_of(request)
        if form is None:
            return too_much()
        one_click = first(form, "List-Unsubscribe") == "One-Click"
        found = await self._answers.desk.evenly(
            lambda: leave_by_link(self._space, token, self._answers.now(), one_click=one_click)
        )
        if one_click and found is None:  # a program asks: it is to show that this failed
            return PlainTextResponse(_UNREADABLE, 404, headers=PRIVATE)
        if one_click:
            return PlainTextResponse("Unsubscribed.\n", headers=PRIVATE)
        return self._leaving(found, done=True)

    def _leaving(self, found: Leaving | None, *, done: bool) -> Response:
        if found is None:
            return self._answers.dead()
        about = {"title": found.title}
        return self._answers.html(
            "unsubscribe", found.language, newsletter=about, reads=found.is_reader, done=done
        )
