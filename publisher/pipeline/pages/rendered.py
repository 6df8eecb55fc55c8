"""Pages of the site as HTML: one, or many by several processes."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain, islice
from typing import Any

from publisher.isolation import PageAsked
from publisher.model import Related
from publisher.outbox import Bundle
from publisher.pipeline.pages.context import SiteContext
from publisher.pipeline.pages.stale import StalePage
from publisher.pipeline.workspace import Workspace
from publisher.rendering import MAIL_POLICY, direct_links, mail_page
from publisher.site import Page, Sent

_MANY = 64  # pages that are worth starting several processes for


class RenderedPages:
    """Renders the pages of a site; `bundle` tells of an edition what was sent, if it is there."""

    def __init__(
        self, space: Workspace, context: SiteContext, bundle: Callable[[Sent], Bundle | None]
    ) -> None:
        self._space, self._context, self._bundle = space, context, bundle

    def html(self, page: Page, related: Sequence[Related]) -> str:
        """Return one page."""
        wanted = self._wanted(page, related)
        return wanted if isinstance(wanted, str) else self._from_template(wanted)

    def each(self, stale: Iterator[StalePage]) -> Iterator[tuple[StalePage, str]]:
        """Yield each of many pages, in their order."""
        first = list(islice(stale, _MANY))
        is_much = len(first) == _MANY and self._space.workers.count > 1
        rendered = self._pressed if is_much else self._one_by_one
        yield from rendered(chain(first, stale))

    def _one_by_one(self, stale: Iterable[StalePage]) -> Iterator[tuple[StalePage, str]]:
        for one in stale:
            yield one, self.html(one.page, one.related)

    def _pressed(self, stale: Iterable[StalePage]) -> Iterator[tuple[StalePage, str]]:
        """Rendered side by side."""
        waiting = deque[StalePage]()

        def asked() -> Iterator[PageAsked | str]:
            for one in stale:
                waiting.append(one)
                yield self._wanted(one.page, one.related)

        with self._space.press() as press:
            for html in press.each(asked()):
                yield waiting.popleft(), html

    def _wanted(self, page: Page, related: Sequence[Related]) -> PageAsked | str:
        """What a page is to be rendered from; itself, where it needs several templates."""
        if page.sent:
            return self._edition(page, page.sent)
        if article := page.article:
            whole = article.in_full(self._space.archive.body(article))
            return self._context.asked(page, article=article, whole=whole, related=related)
        follow = self._context.follow() if page.template == "follow" else []
        return self._context.asked(page, follow=follow)

    def _edition(self, page: Page, sent: Sent) -> str:
        """An edition as it was sent, with a bar above it; the reader's values are nobody's."""
        bundle = self._bundle(sent)
        if bundle is None:
            return self._rendered(page, "withdrawn")
        links = bundle.links  # who reads here is counted by nobody
        rendition = direct_links(bundle.rendition(), links.prefix, links.addresses)
        html = rendition.html.filled()
        if not html:
            return self._rendered(page, "text", text=rendition.text.filled())
        head = self._rendered(page, "meta", policy=MAIL_POLICY, mail=True)
        return mail_page(html, head, self._rendered(page, "bar"))

    def _rendered(self, page: Page, template: str, **values: Any) -> str:
        return self._from_template(self._context.asked(page, template, **values))

    def _from_template(self, asked: PageAsked) -> str:
        return self._space.renderer.page(asked.name, asked.language, **asked.values)
