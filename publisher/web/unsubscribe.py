"""unsubscribe: a page with one button, and RFC 8058's one click.

GET, HEAD and OPTIONS change nothing (mail scanners follow every link). A POST is answered the same
way, after the same time, whatever the token is worth.
"""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from publisher.pipeline.readers.preferences import leave_by_link, newsletter_of
from publisher.web.answers import PRIVATE, Answers
from publisher.web.forms import first, form_of, too_much


class Unsubscribe:
    """The page behind the link that every mail has."""

    def __init__(self, answers: Answers) -> None:
        self._answers, self._space = answers, answers.space

    async def leave(self, request: Request) -> Response:
        """Ask on GET, leave on POST; one click (RFC 8058) gets a plain line."""
        token = request.path_params["token"]
        if request.method != "POST":
            return self._leaving(token, done=False)
        form = await form_of(request)
        if form is None:
            return too_much()
        one_click = first(form, "List-Unsubscribe") == "One-Click"
        await self._answers.desk.evenly(
            lambda: leave_by_link(self._space, token, self._answers.now(), one_click=one_click)
        )
        if one_click:
            return PlainTextResponse("Unsubscribed.\n", headers=PRIVATE)
        return self._leaving(token, done=True)

    def _leaving(self, token: str, *, done: bool) -> Response:
        newsletter = newsletter_of(self._space, token)
        language = (newsletter or self._space.publication).language
        return self._answers.html("unsubscribe", language, newsletter=newsletter, done=done)
