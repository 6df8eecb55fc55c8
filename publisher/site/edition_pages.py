"""The pages of what was sent: each newsletter's list, and each of its editions."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from publisher.model import Article, Newsletter, Publication
from publisher.site.editions import Sent, on_the_web
from publisher.site.lists import versions_of
from publisher.site.page import Page
from publisher.site.places import edition_place, edition_url


class EditionPages:
    """Makes them; `sent` are by newsletter, newest first, `visible` articles by id."""

    def __init__(
        self,
        publication: Publication,
        sent: Mapping[str, Sequence[Sent]],
        visible: Mapping[str, Article],
        page: Callable[..., Page],
    ) -> None:
        self._own, self._sent, self._visible, self._page = publication, sent, visible, page

    def of(self, newsletter: Newsletter) -> Iterator[Page]:
        """Yield a newsletter's pages."""
        yield self.of_newsletter(newsletter)
        theirs = self._sent.get(newsletter.name, ())  # newest first
        for sent, later, earlier in zip(theirs, [None, *theirs], [*theirs[1:], None], strict=False):
            yield self.of_edition(sent, earlier, later)

    def of_newsletter(self, newsletter: Newsletter) -> Page:
        """The list of a newsletter's editions."""
        editions = [
            {
                "subject": one.subject if on_the_web(one, self._visible)[0] else "",
                "local": one.local,
                "url": edition_url(self._own, newsletter, one.id),
            }
            for one in self._sent[newsletter.name]
        ]
        return self._page(
            f"newsletters/{newsletter.name}/",
            "newsletter",
            (newsletter.title, newsletter.description, *editions),
            title=newsletter.title,
            language=newsletter.language,
            description=newsletter.description,
            indexed=newsletter.archive == "index" and bool(editions),
            values={"newsletter": newsletter, "editions": editions},
            shows=tuple(article for one in self._sent[newsletter.name] for article in one.shown),
        )

    def of_edition(self, sent: Sent, earlier: Sent | None, later: Sent | None) -> Page:
        """An edition as it was sent, with those before and after it."""
        beside = {
            name: edition_url(self._own, other.newsletter, other.id) if other else ""
            for name, other in (("earlier", earlier), ("later", later))
        }
        whole, stories = on_the_web(sent, self._visible)
        template = "edition" if whole else "withdrawn"
        return self._page(
            f"{edition_place(sent.id)}/",
            template,
            (sent.seal, sent.subject, whole, beside, *(() if whole else versions_of(stories))),
            title=sent.subject if whole else sent.newsletter.title,
            description=sent.preheader if whole else "",
            language=sent.newsletter.language,
            sent=sent if whole else None,
            shows=tuple(sorted(sent.shown)) if whole else tuple(one.id for one in stories),
            indexed=whole and sent.newsletter.archive == "index",
            updated=sent.instant,
            values={
                "newsletter": sent.newsletter,
                "local": sent.local,
                "articles": stories,
                **beside,
            },
        )
