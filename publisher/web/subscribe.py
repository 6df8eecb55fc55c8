"""subscribe · confirm: sign-up with double opt-in.

Who asks for an address gets the same answer whether it reads already, is suppressed, or was never
heard of.
"""

from __future__ import annotations

from collections.abc import Collection

from starlette.requests import Request
from starlette.responses import Response

from publisher.audience import language as tag_of
from publisher.errors import AddressError, UsageError
from publisher.feeds import FORMATS, feed_url
from publisher.ledger import Signup
from publisher.pipeline.readers.signups import ask, asked, confirm, is_ours, offered
from publisher.web.answers import Answers
from publisher.web.forms import Form, first, form_of, too_much, wanted


class Subscribe:
    """The pages of signing up."""

    def __init__(self, answers: Answers) -> None:
        self._answers, self._space = answers, answers.space

    async def subscribe(self, request: Request) -> Response:
        """Show the form on GET; take it up on POST."""
        if request.method != "POST":
            return self._form(self._space.publication.language)
        form = await form_of(request)
        if form is None:
            return too_much()
        language = self._language(form)
        if first(form, "website"):  # a field that people do not see
            return self._asked(language)
        names, text, network = (
            wanted(form),
            first(form, "address"),
            self._answers.network_of(request),
        )
        try:
            await self._answers.desk.evenly(
                lambda: ask(self._space, text, names, language, network, self._answers.now())
            )
        except AddressError:
            return self._form(language, wrong="address", chosen=names, given=text)
        except UsageError:
            return self._form(language, wrong="newsletter", chosen=[], given=text)
        return self._asked(language)

    async def confirm(self, request: Request) -> Response:
        """Ask on GET, make a reader on POST."""
        token = request.path_params["token"]
        if request.method != "POST":
            found = await self._answers.desk.evenly(lambda: asked(self._space, token))
            return self._confirming(token, found, done=False)
        if await form_of(request) is None:
            return too_much()
        found = await self._answers.desk.evenly(
            lambda: confirm(self._space, token, self._answers.now())
        )
        return self._confirming(token, found, done=True)

    def _language(self, form: Form) -> str:
        """That of the page whose form it is, if the pages speak it; else the publication's."""
        tag = tag_of(first(form, "language"))
        return tag if tag and self._space.theme.speaks(tag) else self._space.publication.language

    def _form(
        self,
        language: str,
        *,
        wrong: str = "",
        chosen: Collection[str] | None = None,
        given: str = "",
    ) -> Response:
        publication = self._space.publication
        newsletters = offered(self._space)
        files = [
            {"name": form.name, "url": feed_url(publication, "", form.file)} for form in FORMATS
        ]
        follow = [{"title": publication.title, "files": files}]
        return self._answers.html(
            "subscribe",
            language,
            status=400 if wrong else 200,
            done=False,
            wrong=wrong,
            newsletters=newsletters,
            follow=follow,
            given=given[:254],
            chosen=[one.name for one in newsletters[:1]] if chosen is None else chosen,
        )

    def _asked(self, language: str) -> Response:
        mails = self._answers.can_mail
        return self._answers.html("subscribe", language, done=True, mails=mails)

    def _confirming(self, token: str, found: Signup | None, *, done: bool) -> Response:
        if found is None and is_ours(self._space, token):  # pressed before, or an older mail's
            return self._answers.spent()
        if found is None:
            return self._answers.dead()
        known = self._space.publication.newsletters
        titles = [one.title for one in known if one.name in found.newsletters]
        return self._answers.html("confirm", found.language, titles=titles, done=done)
