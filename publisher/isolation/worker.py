"""The child: renders what it is asked for, until its parent ends."""

from __future__ import annotations

import contextlib
import faulthandler
import os
import pickle
import signal
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from types import FrameType
from typing import Any

import msgspec

from publisher import rendering
from publisher.errors import OutOfTime, Problem, PublisherError
from publisher.isolation import limits
from publisher.isolation.channel import (
    BUSY,
    GRACE,
    Ask,
    Done,
    Failed,
    Message,
    encoded,
)
from publisher.model import Article, Publication
from publisher.rendering import Theme
from publisher.workers.channel import Channel, Closed


def main() -> None:
    """Take requests from standard input and answer on standard output."""
    channel = Channel(os.dup(0), os.dup(1))
    os.dup2(2, 1)  # whatever a library prints must not get between the answers
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)  # they are the parent's, and it ends us
    faulthandler.enable()
    seconds, megabytes = pickle.loads(channel.receive())  # noqa: S301 of our own parent
    limits.apply(megabytes)
    worker = _Worker(channel, seconds)
    with contextlib.suppress(Closed):
        channel.send(b"")  # we are here
        while True:
            request = pickle.loads(channel.receive())  # noqa: S301
            channel.send(encoded(worker.answer(*request)))
            if worker.is_spent:  # what is left of memory is in pieces: the next request starts anew
                return


class _Worker:
    """`publication` and `theme` are those of the last request that named any."""

    def __init__(self, channel: Channel, seconds: int) -> None:
        self.channel, self.seconds = channel, seconds
        self.publication: Publication | None = None
        self.theme = Theme()
        self.has_own = False  # a theme of packaged templates alone is everybody's
        self.is_at_work = self.is_spent = False
        signal.signal(signal.SIGPROF, self.alarm)
        self.verbs: Mapping[str, Callable[..., object]] = {
            "mail": self.mail,
            "page": self.page,
            "pages": self.pages,
            "notice": self.notice,
            "style": self.style,
            "preview_page": self.preview_page,
            "line": self.line,
            "picture": self.picture,
        }

    def alarm(self, _number: int, _frame: FrameType | None) -> None:
        if self.is_at_work:
            raise OutOfTime(f"more than {self.seconds} seconds")

    def answer(
        self,
        verb: str,
        opened: tuple[Publication, Path | None] | None,
        args: tuple[Any, ...],
        values: Mapping[str, Any],
    ) -> Message:
        """Do what is asked; an error is an answer."""
        if opened:
            self.publication, own = opened
            name = self.publication.theme.name
            if own is not None or self.has_own or self.theme.name != name:
                self.theme = Theme(own, name)
            self.has_own = own is not None
        self.is_at_work = True
        # The processor's time, for that the machine is busy is nobody's fault here. Again and
        # again: what is raised may be caught half-way, as Jinja does in constants.
        signal.setitimer(signal.ITIMER_PROF, self.seconds, 1.0)
        faulthandler.dump_traceback_later(self.seconds * BUSY + GRACE, exit=True)
        try:
            value = self.verbs[verb](*args, **values)
            self.is_at_work = False
            return Done(msgspec.Raw(msgspec.msgpack.encode(value)))
        except PublisherError as error:
            self.is_at_work = False
            self.is_spent = rendering.out_of_memory(error)
            return _failed(error)
        except Exception as error:
            self.is_at_work = False
            self.is_spent = rendering.out_of_memory(error)
            said = str(error) or type(error).__name__
            return Failed("", Problem(what=f"{type(error).__name__}: {said}"[:1000]))
        finally:
            self.is_at_work = False
            signal.setitimer(signal.ITIMER_PROF, 0)
            faulthandler.cancel_dump_traceback_later()

    @property
    def own(self) -> Publication:
        assert self.publication is not None
        return self.publication

    def mail(self, edition: Any, page_url: str, logo: Any, logo_dark: Any) -> object:
        return rendering.render(
            edition,
            self.own,
            self.body,
            self.theme,
            page_url=page_url,
            logo=logo,
            logo_dark=logo_dark,
        )

    def body(self, article: Article) -> str:
        self.channel.send(encoded(Ask(article.id)))
        return self.channel.receive().decode()

    def page(self, name: str, language: str, **values: Any) -> object:
        return rendering.page(name, self.own, language, self.theme, **values)

    def pages(self, several: list[tuple[str, str, Mapping[str, Any]]]) -> object:
        return [self.page(name, language, **values) for name, language, values in several]

    def notice(self, name: str, language: str, **values: Any) -> object:
        return rendering.notice(name, self.own, language, self.theme, **values)

    def style(self) -> object:
        return rendering.style(self.own, self.theme)

    def preview_page(self, **values: Any) -> object:
        return rendering.preview_page(self.theme, publication=self.own, **values)

    def line(self, name: str, number: int) -> object:
        return self.theme.line(name, number)

    def picture(self, data: bytes, recipe: Any) -> object:
        from publisher.pictures import making  # Pillow is for those who have any

        return making.make(data, recipe)


def _failed(error: PublisherError) -> Failed:
    return Failed(
        type(error).__name__,
        error.problem,
        article=getattr(error, "article", ""),
        name=getattr(error, "name", ""),
    )


if __name__ == "__main__":
    sys.setrecursionlimit(1000)
    main()
