"""The verbs of `rendering`, done by the child; what becomes of a mail whose child dies."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import msgspec

from publisher import errors
from publisher.errors import BodyError, PublisherError, TemplateError
from publisher.isolation.channel import Done, Failed, value_of
from publisher.isolation.child import Child, Lost
from publisher.model import Article, Bodies, Edition, Picture, Publication, Rendition
from publisher.workers.channel import Closed

_FRAME = re.compile(r'File "([^"]+)", line (\d+)')
_BODY = re.compile(r"/(?:rendering/(?:body|plain)|model/(?:prose|elements))\.py$")
_TEMPLATE = re.compile(r"/((?:mail|web|words)/[^/]+\.(?:mjml|txt|html|css))$")
_Asked = tuple[Edition, str, Picture | None, Picture | None]
_TODO = "It may loop without end, or recurse; limits are in publisher.toml: [rendering]."


class PageAsked(msgspec.Struct, frozen=True):
    """A page that is to be rendered: its template, its language, what the template is told."""

    name: str
    language: str
    values: Mapping[str, Any]


class Renderer:
    """Renders for one publication with the templates in a folder, in a child process."""

    def __init__(self, publication: Publication, templates: Path | None, child: Child) -> None:
        """`templates` is the publication's own folder, there or not."""
        self.publication, self._child = publication, child
        own = templates.absolute() if templates and templates.is_dir() else None
        self._opened = (publication, own)
        self._rehearsed: list[tuple[_Asked, Rendition | PublisherError]] = []
        self._is_rehearsal = False

    @contextmanager
    def rehearsing(self) -> Iterator[None]:
        """Keep what is rendered within for the next who asks for the same, errors included."""
        self._rehearsed.clear()
        self._is_rehearsal = True
        try:
            yield
        finally:
            self._is_rehearsal = False

    def mail(
        self,
        edition: Edition,
        bodies: Bodies,
        *,
        page_url: str = "",
        logo: Picture | None = None,
        logo_dark: Picture | None = None,
    ) -> Rendition:
        """Render an edition, as `rendering.render` does.

        Raises BodyError for an article that no mail can be made of, TemplateError, UnknownName.
        """
        asked = (edition, page_url, logo, logo_dark)
        kept = [made for one, made in self._rehearsed if one == asked]
        made = kept[0] if kept else self._mail(asked, bodies)
        if self._is_rehearsal:
            self._rehearsed.append((asked, made))
        if isinstance(made, PublisherError):
            raise made
        return made

    def _mail(self, asked: _Asked, bodies: Bodies) -> Rendition | PublisherError:
        edition = asked[0]
        articles = _articles(edition)
        try:
            found: Rendition = self._call(
                "mail",
                Rendition,
                asked,
                {},
                bodies=lambda article: bodies(articles[article]),
                articles=articles,
                about=f"templates/mail/{edition.newsletter.template}",
            )
        except PublisherError as error:
            return error
        return found

    def page(self, name: str, language: str, **values: Any) -> str:
        """Render a page, as `rendering.page` does."""
        return str(self._call("page", str, (name, language), values, about=_page(name)))

    def pages(self, asked: Sequence[PageAsked]) -> list[str | Exception]:
        """Render some pages at once, as `page` does; an error stands where its page would.

        Whatever goes wrong with one, all are rendered one by one, each with its own time.
        """
        if len(asked) > 1:
            several = [(one.name, one.language, one.values) for one in asked]
            try:
                answer = self._child.call("pages", self._opened, (several,), {}, str)
                if isinstance(answer, Done):
                    return list(value_of(answer, list[str]))
            except (Lost, Closed):
                pass
        return [self._page_or_error(one) for one in asked]

    def _page_or_error(self, asked: PageAsked) -> str | Exception:
        try:
            return self.page(asked.name, asked.language, **asked.values)
        except Exception as error:  # raised by whoever takes the pages, where this one would come
            return error

    def notice(self, name: str, language: str, **values: Any) -> Rendition:
        """Render a mail that is no edition, as `rendering.notice` does."""
        about = f"templates/mail/{name}"
        found: Rendition = self._call("notice", Rendition, (name, language), values, about=about)
        return found

    def style(self) -> str:
        """Render the style of all pages."""
        return str(self._call("style", str, (), {}, about="templates/web/style.css"))

    def preview_page(self, **values: Any) -> str:
        """Render the page of the preview, as `rendering.preview_page` does."""
        return str(self._call("preview_page", str, (), values, about="templates/web/preview.html"))

    def _call(
        self,
        verb: str,
        kind: Any,
        args: tuple[object, ...],
        values: dict[str, Any],
        *,
        about: str,
        bodies: Callable[[str], str] = str,
        articles: Mapping[str, Article] | None = None,
    ) -> Any:
        for is_last in (False, True):
            try:
                answer = self._child.call(verb, self._opened, args, values, bodies)
                if isinstance(answer, Done):
                    return value_of(answer, kind)
                break
            except (Lost, Closed) as lost:
                # One that somebody killed says nothing, and whatever it was, once more may help.
                if isinstance(lost, Lost) and (lost.trace or is_last):
                    raise self._error(lost, about, articles or {}) from None
        else:
            raise TemplateError("it cannot be rendered", path=about, todo=_TODO)
        raise _error_of(answer)

    def _error(self, lost: Lost, about: str, articles: Mapping[str, Article]) -> PublisherError:
        """What the child's last word names: the body of an article, or a template's line."""
        frames = _FRAME.findall(_last_thread(lost.trace))
        in_body = any(_BODY.search(path) for path, _ in frames) or not frames
        if lost.article in articles and in_body:
            article = articles[lost.article]
            return BodyError(
                "its body cannot be put into a mail: the process that tried it died",
                article=article.id,
                path=f"{self.publication.articles}/{article.path}",
            )
        for path, number in frames:
            if found := _TEMPLATE.search(path):
                line = self._line(found[1], int(number))
                what = "rendering it takes too long, or too much memory"
                return TemplateError(what, path=f"templates/{found[1]}", line=line, todo=_TODO)
        what = "the process that rendered it died"
        return TemplateError(what, path=about, todo=_TODO)

    def _line(self, name: str, number: int) -> int | None:
        """The line of a template that a line of its compiled code comes from."""
        try:
            answer = self._child.call("line", self._opened, (name, number), {}, str)
            found: int | None = value_of(answer, int | None) if isinstance(answer, Done) else None
        except (Lost, Closed):
            return None
        return found


def _last_thread(trace: str) -> str:
    """The part of a trace that is about the thread at work (the newest call comes first)."""
    return trace[trace.rfind("Timeout") if "Timeout" in trace else 0 :]


def _articles(edition: Edition) -> dict[str, Article]:
    found: dict[str, Article] = {}
    for story in edition.stories:
        found[story.article.id] = story.article
        found |= {related.article.id: related.article for related in story.related}
    return found


def _page(name: str) -> str:
    return f"templates/web/{name}" if "." in name else f"templates/web/{name}.html"


def _error_of(failed: Failed) -> Exception:
    """The error that the child told of, as it was raised there."""
    kind = getattr(errors, failed.kind, None) if failed.kind else None
    if not isinstance(kind, type) or not issubclass(kind, PublisherError):
        return RuntimeError(failed.problem.what)
    error = kind.__new__(kind)
    Exception.__init__(error, str(failed.problem))
    error.problem = failed.problem
    for name in ("article", "name"):
        if value := getattr(failed, name):
            setattr(error, name, value)
    return error
