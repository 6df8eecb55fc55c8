"""What `[publication]` may say, and what its tables leave to one another."""

from __future__ import annotations

import os
from pathlib import Path

import msgspec

from publisher.config import (
    authors,
    delivery,
    dkim,
    domains,
    engine,
    feeds,
    newsletters,
    pictures,
    provider,
    related,
    rendering,
    returns,
    segments,
    smtp,
    sources,
    theme,
    web,
)
from publisher.config.addresses import mail_address, picture_address, web_address
from publisher.config.reader import Reader
from publisher.config.values import check_colour, check_language, check_pattern, check_zone
from publisher.model import Publication, outbox_place


def completed(publication: Publication, reader: Reader) -> Publication:
    """Fill in what is left to other keys, and refuse what contradicts itself."""
    own = _own(publication, reader)
    return msgspec.structs.replace(
        own,
        theme=theme.checked(own, reader),
        newsletters=newsletters.checked(own, reader),
        authors=authors.checked(own, reader),
        segments=segments.checked(own, reader),
        delivery=delivery.checked(own, reader),
        smtp=smtp.checked(own, reader),
        dkim=dkim.checked(own, reader),
        returns=returns.checked(own, reader),
        provider=provider.checked(own, reader),
        engine=engine.checked(own, reader),
        web=web.checked(own, reader),
        domains=domains.checked(own, reader),
        sources=sources.checked(own, reader),
        feeds=feeds.checked(own, reader),
        related=related.checked(own, reader),
        rendering=rendering.checked(own, reader),
        pictures=pictures.checked(own, reader),
    )


def _own(publication: Publication, reader: Reader) -> Publication:
    """The keys of `[publication]` itself; addresses in the form in which all must agree on them."""
    if not publication.title.strip():
        raise reader.wrong("publication.title", "must not be empty")
    base_url = web_address(publication.base_url, "publication.base_url", reader).rstrip("/") + "/"
    sender = mail_address(publication.sender, "publication.sender", reader)
    check_language(publication.language, "publication.language", reader)
    if wrong := outbox_place.fault_of(publication.outbox):
        raise reader.wrong("publication.outbox", wrong)
    _check_folders(publication, reader)
    check_colour(publication.accent, "publication.accent", reader)
    _check_logos(publication, reader)
    check_zone(publication.zone, "publication.zone", reader)
    check_pattern(publication.article_url, "publication.article_url", reader)
    return msgspec.structs.replace(
        publication,
        base_url=base_url,
        sender=sender,
        logo=picture_address(base_url, publication.logo),
        logo_dark=picture_address(base_url, publication.logo_dark),
    )


def _check_logos(publication: Publication, reader: Reader) -> None:
    if publication.logo_dark and not publication.logo:
        raise reader.wrong(
            "publication.logo_dark",
            "stands for logo in the dark, and there is none",
            "Name that as well: logo.",
        )


def _check_folders(publication: Publication, reader: Reader) -> None:
    """What goes out must not lie among what comes in: it would be read as articles."""
    articles, outbox = (
        Path(os.path.normpath(p)) for p in (publication.articles, publication.outbox_folder)
    )
    if articles.is_relative_to(outbox) or outbox.is_relative_to(articles):
        raise reader.wrong(
            "publication.outbox", f"must not hold the articles folder ({articles}) or lie in it"
        )
    static = Path(os.path.normpath(publication.web.static))
    if static.is_absolute() or static.parts[:1] == ("..",) or static == Path():
        raise reader.wrong("web.static", "must be a folder below publisher.toml")
    for other in (articles, outbox, Path(".publisher"), Path(".git"), Path("templates")):
        if static.is_relative_to(other) or other.is_relative_to(static):
            raise reader.wrong("web.static", f"must not hold {other} or lie in it")
