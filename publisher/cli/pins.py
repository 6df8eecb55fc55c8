"""pin · exclude."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import click

from publisher.cli.options import at_option
from publisher.cli.output import talk, typed
from publisher.cli.session import workspace
from publisher.errors import UsageError
from publisher.pipeline.choice import newsletter_or_only
from publisher.pipeline.editions.pins import edition_with, set_pin
from publisher.pipeline.workspace import Workspace

_F = TypeVar("_F", bound=Callable[..., Any])


def _newsletter_and_article(command: _F) -> _F:
    """Add [NEWSLETTER] ARTICLE: of one argument alone it is the article."""
    command = click.argument("article", metavar="ARTICLE", required=False)(command)
    return click.argument("newsletter", required=False)(command)


def _both(space: Workspace, newsletter: str | None, article: str | None) -> tuple[str, str]:
    """The newsletter, the only one where none is named, and the article that are meant."""
    if article is None:
        newsletter, article = None, newsletter
    if article is None:
        raise UsageError("which article?", todo="Name it by its id, slug, title or path.")
    return newsletter_or_only(space, newsletter), article


@click.command("pin")
@_newsletter_and_article
@click.option("--undo", is_flag=True, help="Take it back.")
@at_option
def pin_(newsletter: str | None, article: str | None, undo: bool, at: str | None) -> None:
    """Put ARTICLE first in its section of NEWSLETTER's next edition, however old it is."""
    space = workspace(at, writing=True)
    newsletter, article = _both(space, newsletter, article)
    found = set_pin(space, newsletter, article, None if undo else "pin")
    click.echo(f"{found.title}: {'no longer pinned' if undo else 'pinned'} in {newsletter}")
    if edition := edition_with(space, newsletter, found):
        talk(f"It was in {edition} already, and goes out once only.")
    if undo and {"*", newsletter} & set(found.hint.pin):
        talk(f"Its front matter still pins it: {space.publication.articles}/{found.path}")
    talk(f"See it: {typed(f'plan {newsletter}')}")


@click.command("exclude")
@_newsletter_and_article
@click.option("--undo", is_flag=True, help="Take it back.")
@at_option
def exclude_(newsletter: str | None, article: str | None, undo: bool, at: str | None) -> None:
    """Keep ARTICLE out of NEWSLETTER."""
    space = workspace(at, writing=True)
    newsletter, article = _both(space, newsletter, article)
    found = set_pin(space, newsletter, article, None if undo else "exclude")
    click.echo(f"{found.title}: {'no longer excluded' if undo else 'excluded'} from {newsletter}")
    talk(f"See it: {typed(f'plan {newsletter}')}")
