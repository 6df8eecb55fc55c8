"""publisher.toml → the frozen `Publication`.

The dataclasses in `model/publication.py` are the schema: a key they do not have is an error
with a suggestion, a value of another type an error with its line.
"""

from __future__ import annotations

import dataclasses
import functools
import os
import re
import tomllib
import types
import typing
from collections.abc import Iterator, Mapping
from datetime import date, datetime, time, timedelta
from ipaddress import ip_network
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from publisher import files
from publisher.config_feeds import checked_feeds, with_podcasts
from publisher.config_provider import check_provider
from publisher.config_returns import checked_returns
from publisher.errors import ConfigError, suggestion
from publisher.hosts import ascii_address, ascii_host, with_ascii_host
from publisher.model import (
    CLOCK_EXAMPLE,
    ORDINALS,
    PER_READER,
    AuthorSettings,
    DkimSettings,
    DomainSettings,
    Newsletter,
    PictureSettings,
    Publication,
    RelatedSettings,
    Rule,
    SectionAddress,
    SectionQuery,
    Segment,
    Shortcode,
    SmtpSettings,
    Social,
    SourceFeed,
    SourceSettings,
    ThemeSettings,
    WarmUp,
    clock_of,
    day_number,
    every_of,
    language_tag,
    slugify,
    span_of,
)

FILE = "publisher.toml"

WHOLE = ("single", "breaking", "plain")
"""Templates of which no story is shortened unless that is asked for: they are no digests."""

_MOST = 5_000_000  # bytes of the configuration
_LONGEST_NAME = 300  # characters
_LEAST = 1000  # bytes and characters of an article: a smaller limit would leave out all of them

_NAMED_RECORDS = (
    Newsletter,
    Segment,
    DomainSettings,
    AuthorSettings,
    Social,
    Shortcode,
    SectionAddress,
)

_hints = functools.cache(typing.get_type_hints)  # a service reads its settings again and again

_NAMED = {"newsletters", "segments", "domains", "authors"}
_TABLES = {
    *"postal delivery smtp dkim provider returns service web sources feeds".split(),
    *"related rendering pictures theme check".split(),
} | _NAMED

_BOUNDS_OF_PICTURES = (
    ("mail_bytes", 10_000, 100_000_000),
    ("page_bytes", 10_000, 100_000_000),
    ("thumbnail", 16, 600),
    ("animated_bytes", 0, 100_000_000),
    ("source_bytes", 10_000, 500_000_000),
    ("megapixels", 1, 1000),
)


def find(start: Path) -> Path:
    """Return the nearest folder at or above `start` that holds a publisher.toml."""
    for folder in (start, *start.absolute().parents):
        if (folder / FILE).is_file():
            return folder
    raise ConfigError(
        f"there is no {FILE} in {start.absolute()} or above it",
        todo="Go to your publication or name it with -C, or start one: publisher init",
    )


def load(root: Path) -> Publication:
    """Read `root`/publisher.toml; raise ConfigError naming the line of the first fault."""
    path = root / FILE
    try:
        data = files.read(path, _MOST)
        text = data.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
    except OSError as error:
        raise ConfigError(f"cannot read {path}: {error.strerror}") from None
    except UnicodeDecodeError as error:
        raise ConfigError(
            f"byte {error.start} is not UTF-8", path=FILE, todo="Save the file as UTF-8."
        ) from None
    return parse(text)


def parse(text: str) -> Publication:
    """Return the publication that the text of a publisher.toml declares."""
    try:
        table = tomllib.loads(text)
    except RecursionError:
        raise ConfigError("nested too deeply", path=FILE) from None
    except ValueError as error:  # TOMLDecodeError, and numbers of a thousand digits
        line = re.search(r"at line (\d+)", str(error))
        raise ConfigError(
            f"not TOML: {error}", path=FILE, line=int(line.group(1)) if line else None
        ) from None
    reader = _Reader(toml_lines(text))
    tables = {"publication", *_TABLES}
    for key in table.keys() - tables:
        raise reader.unknown(key, key, tables)
    main = reader.table(table.get("publication", {}), "publication")
    if isinstance(main.get("theme"), str):  # theme = "NAME" is short for a table with that name
        table["theme"] = {
            "name": main.pop("theme"),
            **reader.table(table.get("theme", {}), "theme"),
        }
    if isinstance(table.get("theme"), dict):
        table["theme"] = reader.with_social(table["theme"])
    if isinstance(table.get("feeds"), dict):
        table["feeds"] = with_podcasts(table["feeds"])
    if isinstance(table.get("sources"), dict):
        sources = reader.with_addresses(reader.with_shortcodes(table["sources"]))
        table["sources"] = _with_feeds(sources)
    for key in _TABLES - _NAMED:
        if key in main:
            raise reader.unknown(f"publication.{key}", key, ())
        if key in table:
            main[key] = table[key]
    for key in _NAMED:
        main[key] = list(reader.named(table.get(key, {}), key))
    publication: Publication = reader.record(Publication, main, "publication")
    return _completed(publication, reader)


def _with_feeds(sources: Mapping[str, Any]) -> dict[str, Any]:
    """`[sources]` with its feeds as tables: an address alone is short for one."""
    if not isinstance(sources.get("feeds"), list):
        return dict(sources)
    feeds = [{"url": one} if isinstance(one, str) else one for one in sources["feeds"]]
    return {**sources, "feeds": feeds}


def parse_theme(text: str, path: str) -> ThemeSettings:
    """Return the values that the text of a theme.toml declares; raise ConfigError naming `path`."""
    reader = _Reader({f"theme.{key}": line for key, line in toml_lines(text).items()})
    try:
        table = reader.with_social(tomllib.loads(text))
        theme: ThemeSettings = reader.record(ThemeSettings, table, "theme")
        _check_theme(theme, reader)
    except ConfigError as error:
        problem = error.problem
        what = problem.what.replace("theme.", "", 1)
        raise ConfigError(
            what, path=path, line=problem.line, why=problem.why, todo=problem.todo
        ) from None
    except (ValueError, RecursionError) as error:
        raise ConfigError(f"not TOML: {error}", path=path) from None
    return theme


def _completed(publication: Publication, reader: _Reader) -> Publication:
    """Fill in what is left to other keys, and refuse what contradicts itself."""
    if not publication.title.strip():
        raise reader.wrong("publication.title", "must not be empty")
    publication = _named_once(publication, reader)
    _check_language(publication.language, "publication.language", reader)
    _check_folders(publication, reader)
    _check_colour(publication.accent, "publication.accent", reader)
    _check_theme(publication.theme, reader)
    _check_logos(publication, reader)
    reader.zone(publication.zone, "publication.zone")
    _check_delivery(publication, reader)
    sources = _sources(publication.sources, reader)
    _check_patterns(publication, reader)
    return dataclasses.replace(
        publication,
        feeds=checked_feeds(publication, reader.wrong, _logo),
        returns=checked_returns(publication, reader.wrong),
        base_url=publication.base_url.rstrip("/") + "/",
        sources=sources,
        logo=_logo(publication, publication.logo),
        logo_dark=_logo(publication, publication.logo_dark),
        authors=tuple(_author(one, publication, reader) for one in publication.authors),
        newsletters=tuple(
            _newsletter(newsletter, publication, reader) for newsletter in publication.newsletters
        ),
        segments=tuple(_segment(segment, reader) for segment in publication.segments),
    )


def _check_logos(publication: Publication, reader: _Reader) -> None:
    if publication.logo_dark and not publication.logo:
        raise reader.wrong(
            "publication.logo_dark",
            "stands for logo in the dark, and there is none",
            "Name that as well: logo.",
        )


def _author(author: AuthorSettings, publication: Publication, reader: _Reader) -> AuthorSettings:
    picture = author.picture.strip()
    if "://" in picture or picture.startswith("//"):
        raise reader.wrong(
            f"authors.{author.name}.picture",
            "must be a file",
            "Put it beside publisher.toml: of another's server nobody would know who it tells "
            "that your mail was opened.",
        )
    return dataclasses.replace(author, picture=_logo(publication, picture))


def _logo(publication: Publication, logo: str) -> str:
    """A logo's address: a file is put beside the pages, where readers can load it."""
    logo = logo.strip()
    if not logo or "://" in logo or logo.startswith("//"):
        try:
            return with_ascii_host(logo) if logo else ""
        except ValueError:
            return logo
    path = logo.removeprefix("./").lstrip("/")
    return publication.base_url.rstrip("/") + "/" + quote(path, safe="/%")


def _named_once(publication: Publication, reader: _Reader) -> Publication:
    """Bring every name of a host into its one form: links, headers and paces must agree on it."""
    own, delivery, feeds, smtp = (
        publication,
        publication.delivery,
        publication.feeds,
        publication.smtp,
    )
    names: set[str] = set()
    domains = []
    for one in own.domains:
        name = _domain(one.name, f"domains.{one.name}", reader)
        if name in names:
            raise reader.wrong(f"domains.{one.name}", f"is the same domain as another: {name}")
        names.add(name)
        domains.append(dataclasses.replace(one, name=name))
    return dataclasses.replace(
        own,
        base_url=_web(own.base_url, "publication.base_url", reader),
        sender=_mail(own.sender, "publication.sender", reader),
        domains=tuple(domains),
        dkim=_dkim(own.dkim, reader),
        feeds=dataclasses.replace(feeds, hub=feeds.hub and _web(feeds.hub, "feeds.hub", reader)),
        smtp=dataclasses.replace(
            smtp, host=_server(smtp.host, "smtp.host", reader), ehlo=_ehlo(smtp.ehlo, reader)
        ),
        delivery=dataclasses.replace(
            delivery,
            links=delivery.links and _web(delivery.links, "delivery.links", reader),
            reply_to=_mail(delivery.reply_to, "delivery.reply_to", reader),
            return_path=_mail(delivery.return_path, "delivery.return_path", reader),
            unsubscribe=_mail(delivery.unsubscribe, "delivery.unsubscribe", reader),
        ),
    )


def _dkim(dkim: DkimSettings, reader: _Reader) -> DkimSettings:
    """What signs, its domain in ASCII; a selector is a label of DNS (RFC 6376 §3.1)."""
    if not re.fullmatch(r"[a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?", dkim.selector):
        raise reader.wrong(
            "dkim.selector", "must be lower-case letters, digits and hyphens, 40 at most"
        )
    domain = dkim.domain and _domain(dkim.domain, "dkim.domain", reader)
    return dataclasses.replace(dkim, domain=domain)


def _web(url: str, place: str, reader: _Reader) -> str:
    """A web address with its host in ASCII."""
    try:
        plain = with_ascii_host(url)
        scheme = urlsplit(plain).scheme
    except ValueError as error:
        raise reader.wrong(place, "must be a web address, https://…", _reason(error)) from None
    if scheme not in ("http", "https") or re.search(r"[\s<>\"]", url):
        raise reader.wrong(place, "must be a web address, https://…")
    return plain


def _mail(text: str, place: str, reader: _Reader) -> str:
    """An address with its domain in ASCII, "" for none."""
    if not text:
        return ""
    wrong = "must be an address such as letter@news.example"
    if not re.fullmatch(r"[^@\s<>]+@[^@\s<>]+", text):
        raise reader.wrong(place, wrong)
    try:
        return ascii_address(text)
    except ValueError as error:
        raise reader.wrong(place, wrong, _reason(error)) from None


def _server(name: str, place: str, reader: _Reader) -> str:
    """The name of a server in ASCII: whoever is looked up gets the password."""
    if not name:
        return ""
    try:
        return ascii_host(name)
    except ValueError as error:
        raise reader.wrong(place, "must be the name of a server", _reason(error)) from None


def _ehlo(name: str, reader: _Reader) -> str:
    """What we call ourselves: a name in ASCII, or an address in brackets (RFC 5321 §4.1.3)."""
    if re.fullmatch(r"\[[0-9A-Za-z:.]+\]", name):
        return name
    try:
        return name and ascii_host(name)
    except ValueError as error:
        why = _reason(error)
        raise reader.wrong("smtp.ehlo", "must be a name such as mail.news.example", why) from None


def _domain(name: str, place: str, reader: _Reader) -> str:
    """A domain of readers' addresses in ASCII."""
    wrong = f"must be a domain such as mail.example, not {name!r}"
    try:
        plain = ascii_host(name)
    except ValueError as error:
        raise reader.wrong(place, wrong, _reason(error)) from None
    if not re.fullmatch(r"[a-z0-9-]+(\.[a-z0-9-]+)+", plain):
        raise reader.wrong(place, wrong)
    return plain


def _reason(error: ValueError) -> str:
    """Why a name is none (RFC 5892); what a registry took all the same has a form in ASCII."""
    if "not allowed" in str(error):
        return f"{str(error).rstrip('.')}. If it is registered, write it in ASCII: xn--…"
    return ""


def _segment(segment: Segment, reader: _Reader) -> Segment:
    place = f"segments.{segment.name}"
    for zone in segment.zones:
        reader.zone(zone, f"{place}.zones")
    for one in segment.languages:
        _check_language("en" if one == "*" else one, f"{place}.languages", reader)
    for pair in segment.attributes:
        if not re.fullmatch(r"[^=\"\\]+=.*", pair):
            raise reader.wrong(
                f"segments.{segment.name}.attributes", f"must be NAME=VALUE, not {pair!r}"
            )
    return dataclasses.replace(
        segment,
        domains=tuple(_domain(one, f"{place}.domains", reader) for one in segment.domains),
        languages=tuple(map(language_tag, segment.languages)),
    )


def _check_delivery(publication: Publication, reader: _Reader) -> None:
    if not 1 <= publication.rendering.seconds <= 3600:
        raise reader.wrong("rendering.seconds", "must be 1 to 3600")
    if not 256 <= publication.rendering.memory <= 1_000_000:
        raise reader.wrong("rendering.memory", "must be 256 or more, in megabytes")
    if publication.smtp.timeout < timedelta(seconds=1):
        raise reader.wrong("smtp.timeout", "must be at least a second")
    if not 1 <= publication.smtp.port <= 65535:
        raise reader.wrong("smtp.port", "must be a port, 1 to 65535")
    if not 0 <= publication.web.port <= 65535:
        raise reader.wrong("web.port", "must be a port, 0 to 65535")
    for one in publication.web.proxies:
        if not _is_network(one):
            raise reader.wrong("web.proxies", f"must be addresses or networks, not {one!r}")
    if publication.web.connections < 1:
        raise reader.wrong("web.connections", "must be at least 1")
    if publication.web.unconfirmed < timedelta(days=1):
        raise reader.wrong("web.unconfirmed", "must be at least a day")
    if not 0 <= publication.web.health <= 65535:
        raise reader.wrong("web.health", "must be a port, or 0 for none")
    if publication.web.health and publication.web.health == publication.web.port:
        raise reader.wrong("web.health", "must be another port than web.port: it is for operators")
    _check_related(publication.related, reader)
    _check_pictures(publication.pictures, reader)
    if not 1 <= publication.delivery.connections <= 200:
        raise reader.wrong("delivery.connections", "must be 1 to 200")
    warm_up = publication.delivery.warm_up
    if not 1 <= warm_up.grow <= 10:
        raise reader.wrong("delivery.warm_up.grow", "must be 1 to 10")
    if warm_up != WarmUp() and not warm_up.first:
        raise reader.wrong("delivery.warm_up", "names no first", "How many go on the first day?")
    if publication.delivery.expires <= timedelta():
        raise reader.wrong("delivery.expires", "must not be nought")
    check_provider(publication, reader.wrong)
    if publication.smtp != SmtpSettings() and not publication.smtp.host:
        raise reader.wrong("smtp", "names no host", "Mails would be files: add host = …")


def _check_pictures(settings: PictureSettings, reader: _Reader) -> None:
    for name, least, most in _BOUNDS_OF_PICTURES:
        if not least <= getattr(settings, name) <= most:
            raise reader.wrong(f"pictures.{name}", f"must be {least} to {most}")
    for one in settings.formats:
        if one not in {"avif", "webp"}:
            raise reader.wrong("pictures.formats", f"must be avif or webp, not {one!r}")


_COLOURS = ("accent", "ground", "paper", "tint", "ink", "quiet", "line")


def _check_theme(theme: ThemeSettings, reader: _Reader) -> None:
    if not re.fullmatch(r"[a-z0-9][a-z0-9-]*", theme.name):
        raise reader.wrong("theme.name", "must be lower-case letters, digits and hyphens")
    for key in (*_COLOURS, *(f"dark_{name}" for name in _COLOURS[1:])):
        _check_colour(getattr(theme, key), f"theme.{key}", reader)
    for key in ("heading", "text", "label"):
        if not re.fullmatch(r"[\w ,'-]*", getattr(theme, key)):  # it stands in styles as it is
            raise reader.wrong(
                f"theme.{key}",
                "must be names of fonts with commas between them",
                "Write it as in \"Georgia, 'Times New Roman', serif\".",
            )
    for key, least, most in (("radius", 0, 40), ("page", 320, 2000), ("measure", 320, 2000)):
        value = getattr(theme, key)
        if value is not None and not least <= value <= most:
            raise reader.wrong(f"theme.{key}", f"must be {least} to {most} pixels")

    _check_social(theme.social, reader)


_MOST_SOCIAL = 12
_LONGEST_SOCIAL = 40  # characters of a name


def _check_social(places: tuple[Social, ...], reader: _Reader) -> None:
    for one in places:
        at = f"theme.social.{one.name}"
        if not one.name.strip() or len(one.name) > _LONGEST_SOCIAL:
            raise reader.wrong(at, f"must have a name of at most {_LONGEST_SOCIAL} characters")
        if not _is_https(one.url):
            raise reader.wrong(
                at, "must be an https address", 'Write it as in "https://social.example/@letter".'
            )
    if len(places) > _MOST_SOCIAL:
        raise reader.wrong("theme.social", f"must be at most {_MOST_SOCIAL} places")


def _is_https(url: str) -> bool:
    if not re.fullmatch(r"https://[^/\s\"'<>\\@]+(/[^\s\"'<>\\]*)?", url):
        return False
    try:
        return bool(with_ascii_host(url))
    except ValueError:
        return False


def _check_colour(colour: str, place: str, reader: _Reader) -> None:
    if colour and not re.fullmatch(r"#[0-9a-fA-F]{6}", colour):
        raise reader.wrong(place, "must be six hex digits, such as #0b5c6b")


def _is_network(text: str) -> bool:
    try:
        ip_network(text, strict=False)
    except ValueError:
        return False
    return True


def _sources(sources: SourceSettings, reader: _Reader) -> SourceSettings:
    for field in dataclasses.fields(sources):
        value = getattr(sources, field.name)
        if type(value) is int and value < _LEAST:
            raise reader.wrong(f"sources.{field.name}", f"must be at least {_LEAST}")
    if sources.ids not in ("", "permalink", "tag") and "{" not in sources.ids:
        raise reader.wrong("sources.ids", "must be permalink, tag, or a text with {url} and such")
    for folder in sources.folders:
        if not folder.strip("/.") or folder.startswith("/") or ".." in folder.split("/"):
            raise reader.wrong("sources.folders", f"names no folder of the articles: {folder!r}")
    for one in sources.shortcodes:
        _check_shortcode(one, reader)
    feeds = [_feed(one, f"sources.feeds.{n}", reader) for n, one in enumerate(sources.feeds)]
    for kind, key in (("address", "url"), ("folder", "into")):
        values = [getattr(one, key) for one in feeds]
        for n, value in enumerate(values):
            if value in values[:n]:
                raise reader.wrong(
                    f"sources.feeds.{n}.{key}",
                    f"is the {kind} of another feed: {value}",
                    "Each has a folder of its own: name one with into = …" if key == "into" else "",
                )
    return dataclasses.replace(sources, feeds=tuple(feeds))


def _check_shortcode(one: Shortcode, reader: _Reader) -> None:
    from publisher import sandbox  # few publications need it, and all are read by every command

    place = f"sources.shortcodes.{one.name}"
    if not re.fullmatch(r"[\w./-]{1,100}", one.name):
        raise reader.wrong(place, "is no name of a shortcode")
    if fault := sandbox.fault_of(one.template, ["markdown"]):
        raise reader.wrong(place, f"is no template: {fault}")


def _feed(feed: SourceFeed, place: str, reader: _Reader) -> SourceFeed:
    """A feed as a source, with the folder of its stories."""
    url = _web(feed.url, f"{place}.url", reader)
    if feed.language:
        _check_language(feed.language, f"{place}.language", reader)
    if not timedelta(minutes=5) <= feed.every <= timedelta(days=30):
        raise reader.wrong(f"{place}.every", 'must be "5min" to "30d"')
    if not 1 <= feed.entries <= 10_000:
        raise reader.wrong(f"{place}.entries", "must be 1 to 10000")
    parts = urlsplit(url)
    own = slugify(feed.name) or slugify(f"{parts.hostname} {parts.path}") or "feed"
    into = feed.into.strip("/") or f"feeds/{own}"
    if any(not part or part[0] in "._" or "\\" in part for part in into.split("/")):
        raise reader.wrong(
            f"{place}.into", f"must be a folder in that of the articles, not {feed.into!r}"
        )
    return dataclasses.replace(feed, url=url, into=into)


def _check_related(related: RelatedSettings, reader: _Reader) -> None:
    for key in ("minimum", "same", "diversity", "weight_age", "weight_model"):
        if not 0 <= getattr(related, key) <= 1:
            raise reader.wrong(f"related.{key}", "must be 0 to 1")
    for key in ("weight_tags", "weight_section", "weight_links"):
        if not 0 <= getattr(related, key) <= 100:
            raise reader.wrong(f"related.{key}", "must be 0 to 100")
    for key, allowed in (
        ("fallback", ("none", "latest", "section")),
        ("languages", ("same", "any")),
    ):
        if getattr(related, key) not in allowed:
            raise reader.wrong(
                f"related.{key}",
                f"must be one of {', '.join(allowed)}",
                suggestion(getattr(related, key), allowed),
            )
    if related.half_life <= timedelta():
        raise reader.wrong("related.half_life", "must not be nought")


def _check_language(tag: str, place: str, reader: _Reader) -> None:
    if not re.fullmatch(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*", tag):
        raise reader.wrong(place, f"must be a language such as en or pt-BR, not {tag!r}")


def _check_folders(publication: Publication, reader: _Reader) -> None:
    """What goes out must not lie among what comes in: it would be read as articles."""
    articles, outbox = (
        Path(os.path.normpath(p)) for p in (publication.articles, publication.outbox)
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


def _check_patterns(publication: Publication, reader: _Reader) -> None:
    """Refuse addresses that hold what stands for nothing, or that all articles would share."""
    _check_pattern(publication.article_url, "publication.article_url", reader)
    for one in publication.sources.addresses:
        _check_pattern(one.pattern, f"sources.addresses.{one.name}", reader)


def _check_pattern(pattern: str, place: str, reader: _Reader) -> None:
    names = (
        *("section", "slug", "language", "year", "month", "day"),
        *("title", "slug_or_title", "filename", "name", "folder", "categories"),
        *("hour", "minute", "second", "y_day"),
    )
    rest = re.sub("|".join(rf"\{{{name}\}}" for name in names), "", pattern)
    if re.search(r"[{}\s]", rest):
        known = ", ".join("{" + name + "}" for name in names)
        raise reader.wrong(place, f"is no pattern of {known}")


def _newsletter(newsletter: Newsletter, publication: Publication, reader: _Reader) -> Newsletter:
    place = f"newsletters.{newsletter.name}"
    if not re.fullmatch(r"[a-z0-9][a-z0-9-]*", newsletter.name):
        raise reader.wrong(place, "must be lower-case letters, digits and hyphens")
    _check_language(newsletter.language or "en", f"{place}.language", reader)
    segments = [segment.name for segment in publication.segments]
    if newsletter.segment and newsletter.segment not in segments:
        raise reader.wrong(
            f"{place}.segment",
            f"names no segment: {newsletter.segment!r}",
            suggestion(newsletter.segment, segments) or "Declare it: [segments.NAME]",
        )
    others = {one.name: one for one in publication.newsletters if one.name != newsletter.name}
    if newsletter.instead_of and newsletter.instead_of not in others:
        raise reader.wrong(
            f"{place}.instead_of",
            f"names no other newsletter: {newsletter.instead_of!r}",
            suggestion(newsletter.instead_of, others),
        )
    if newsletter.instead_of and newsletter.public > others[newsletter.instead_of].public:
        raise reader.wrong(f"{place}.instead_of", "names one that is not public, as this one is")
    if newsletter.instead_of and others[newsletter.instead_of].instead_of:
        raise reader.wrong(
            f"{place}.instead_of", "names one that is itself another frequency of a third"
        )
    per_reader = newsletter.per_reader or newsletter.zone == PER_READER
    is_for_all = newsletter.public and not newsletter.segment
    newsletter = dataclasses.replace(
        newsletter,
        language=newsletter.language or publication.language,
        zone=publication.zone if per_reader else newsletter.zone or publication.zone,
        per_reader=per_reader,
        at=clock_of(newsletter.at) or newsletter.at,
        sections=newsletter.sections or (SectionQuery(name="stories"),),
        archive=newsletter.archive or ("index" if is_for_all else "none"),
        fit=newsletter.template not in WHOLE if newsletter.fit is None else newsletter.fit,
    )
    if fault := rule_fault(rule_of(newsletter)):
        raise reader.wrong(f"{place}.{fault[0]}", fault[1])
    return newsletter


_LAST_YEAR = 2200


def rule_of(newsletter: Newsletter) -> Rule:
    """Return the rule that a newsletter's own keys make."""
    return Rule(
        every=newsletter.every,
        on=newsletter.on,
        cron=newsletter.cron,
        at=newsletter.at,
        zone=newsletter.zone,
        per_reader=newsletter.per_reader,
        starts=newsletter.starts,
        excluded=newsletter.excluded,
    )


def rule_fault(rule: Rule) -> tuple[str, str] | None:
    """Return (key, what is wrong with it) of a rule, None where nothing is."""
    if not zone_is_known(rule.zone):
        return "zone", f'names no time zone: {rule.zone!r}; write it as in "Europe/Berlin"'
    if not re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d", rule.at):
        return "at", f"must be a time of day, such as {CLOCK_EXAMPLE}"
    if rule.starts and not 1900 <= rule.starts.year <= _LAST_YEAR:
        return "starts", "is out of all bounds"
    if rule.once and not 1900 <= int(rule.once[:4]) <= _LAST_YEAR:
        return "once", "is out of all bounds"
    for text in rule.excluded:
        if not text.lower().endswith(".ics") and not _is_span(text):
            return "excluded", (
                f"{text!r} is no day such as 2026-12-24, no span of days such as "
                "2026-12-24..2027-01-01, and no .ics file"
            )
    if rule.cron:
        return _cron_fault(rule)
    number, unit = every_of(rule.every)
    if rule.every and unit == "days" and rule.every != "weekday" and not _are_days(rule.every):
        return "every", "must be day, weekday, names such as mon,thu, week, 2weeks or month"
    if rule.every and not number:
        return "every", "must not be nought"
    if (number > 1 or (unit == "week" and not rule.on)) and rule.starts is None:
        return "starts", f"is missing: every {rule.every} is counted from it"
    return _on_fault(rule.on, unit)


def _cron_fault(rule: Rule) -> tuple[str, str] | None:
    from cronsim import CronSim, CronSimError  # not every publication has one

    if rule.every or rule.on:
        return "cron", "cannot stand beside every and on"
    if len(rule.cron.split()) != 5:
        return "cron", "must have five fields: minute, hour, day, month, day of the week"
    try:
        CronSim(rule.cron, datetime(2026, 1, 1))  # noqa: DTZ001 wall-clock time
    except CronSimError as error:
        return "cron", f"is not understood: {error}"
    return None


def _on_fault(on: str, unit: str) -> tuple[str, str] | None:
    if on and unit not in ("week", "month"):
        return "on", "goes with every week, or every month"
    if unit == "week" and on and not _are_days(on):
        return "on", "must be days of the week, such as mon,thu"
    day = rf"([1-9]|1\d|2[0-8])|last day|({'|'.join(ORDINALS)}|last) \w+"
    for word in (part.strip() for part in on.split(",")) if unit == "month" and on else ():
        known = re.fullmatch(day, word)
        if not known or (known[2] and word != "last day" and not _are_days(word.split()[1])):
            return "on", (
                f"must be 1 to 28, last day, or such as first monday, last friday; not {word!r}"
            )
    return None


def _are_days(text: str) -> bool:
    try:
        return all(day_number(word) >= 0 for word in text.split(","))
    except ValueError:
        return False


def _is_span(text: str) -> bool:
    try:
        first, _, last = text.partition("..")
        start, end = date.fromisoformat(first), date.fromisoformat(last or first)
        return start <= end and end.year <= _LAST_YEAR
    except ValueError:
        return False


def zone_is_known(name: str) -> bool:
    """Whether a name is in the tz database."""
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True


class _Reader:
    """Turns tables into records; knows on which line each key stands."""

    def __init__(self, lines: Mapping[str, int]) -> None:
        self.lines = lines

    def table(self, value: Any, place: str) -> dict[str, Any]:
        if not isinstance(value, dict):
            raise self.wrong(place, f"must be a table, not {_named(value)}")
        return dict(value)

    def named(self, value: Any, place: str) -> Iterator[dict[str, Any]]:
        """Tables whose own name is the record's: `[newsletters.NAME]`."""
        for name, inner in self.table(value, place).items():
            fields = self.table(inner, f"{place}.{name}")
            if "name" in fields:
                raise self.unknown(f"{place}.{name}.name", "name", ())
            yield {"name": name, **fields}

    def with_social(self, theme: Mapping[str, Any]) -> dict[str, Any]:
        """A theme's table with its places of `[theme.social]` as records: NAME = ADDRESS."""
        if "social" not in theme:
            return dict(theme)
        places = self.table(theme["social"], "theme.social").items()
        return {**theme, "social": [{"name": name, "url": url} for name, url in places]}

    def with_shortcodes(self, sources: Mapping[str, Any]) -> dict[str, Any]:
        """A table `[sources]` with its `[sources.shortcodes]` as records: NAME = TEMPLATE."""
        if "shortcodes" not in sources:
            return dict(sources)
        given = self.table(sources["shortcodes"], "sources.shortcodes").items()
        return {**sources, "shortcodes": [{"name": n, "template": text} for n, text in given]}

    def with_addresses(self, sources: Mapping[str, Any]) -> dict[str, Any]:
        """A table `[sources]` with its `[sources.addresses]` as records: SECTION = PATTERN."""
        if "addresses" not in sources:
            return dict(sources)
        given = self.table(sources["addresses"], "sources.addresses").items()
        return {**sources, "addresses": [{"name": n, "pattern": text} for n, text in given]}

    def record(self, kind: Any, table: Mapping[str, Any], place: str) -> Any:
        """Return `kind(**table)`, each value of the type its field has."""
        fields = {field.name: field for field in dataclasses.fields(kind)}
        hints = _hints(kind)
        for key in table.keys() - fields.keys():
            raise self.unknown(f"{place}.{key}", key, fields)
        for name, field in fields.items():
            required = field.default is field.default_factory is dataclasses.MISSING
            if required and name not in table:
                raise ConfigError(
                    f"{place}.{name} is missing",
                    path=FILE,
                    line=self.lines.get(place),
                    why=field.metadata["doc"],
                    todo=f"Add a line: {name} = …",
                )
        return kind(
            **{
                name: self.value(hints[name], value, self._place(place, name))
                for name, value in table.items()
            }
        )

    def _place(self, place: str, name: str) -> str:
        return name if place == "publication" and name in _TABLES else f"{place}.{name}"

    def value(self, kind: Any, value: Any, place: str) -> Any:
        """Return `value` as `kind`, or raise ConfigError."""
        origin, args = typing.get_origin(kind), typing.get_args(kind)
        if origin is types.UnionType or origin is typing.Union:
            return self.value(args[0], value, place)
        if origin is typing.Literal:
            if value not in args:
                known = ", ".join(args)
                raise self.wrong(place, f"must be one of {known}, not {value!r}")
            return value
        if origin is tuple:
            return self._list(args[0], value, place)
        if dataclasses.is_dataclass(kind):
            return self.record(kind, self.table(value, place), place)
        return self._plain(kind, value, place)

    def _list(self, kind: Any, value: Any, place: str) -> tuple[Any, ...]:
        if not isinstance(value, list):
            raise self.wrong(place, f"must be a list, not {_named(value)}")
        places = (
            f"{place}.{item['name']}" if kind in _NAMED_RECORDS else f"{place}.{n}"
            for n, item in enumerate(value)
        )
        return tuple(
            self.value(kind, item, where) for item, where in zip(value, places, strict=True)
        )

    def _plain(self, kind: Any, value: Any, place: str) -> Any:
        if kind is timedelta:
            return self._duration(value, place)
        if kind is Path and isinstance(value, str):
            return Path(value)
        if kind is date and isinstance(value, datetime):
            raise self.wrong(place, "must be a day without a time")
        if kind is date and isinstance(value, str):  # typed in quotes
            value = _quoted_day(value)
        if kind is str and type(value) in (date, time):  # typed without
            value = value.isoformat()
        if kind is float and isinstance(value, int) and not isinstance(value, bool):
            value = float(value)
        if place.endswith(".at") and not isinstance(value, str):
            raise self.wrong(place, f"must be a time of day, such as {CLOCK_EXAMPLE}")
        if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
            wanted = {
                str: "a text",
                int: "a whole number",
                float: "a number",
                bool: "true or false",
                date: "a day such as 2026-01-31",
                Path: "a folder",
            }[kind]
            raise self.wrong(place, f"must be {wanted}, not {_named(value)}")
        if isinstance(value, int | float) and not 0 <= value <= 10**12:
            raise self.wrong(place, "must not be negative, nor beyond measure")
        is_template = place.startswith("sources.shortcodes.")
        line_ends = "\n\t" if is_template else ""
        if isinstance(value, str) and any(
            (ord(c) < 32 or ord(c) == 127) and c not in line_ends for c in value
        ):
            raise self.wrong(place, "must not hold control characters or line ends")
        return value

    def _duration(self, value: Any, place: str) -> timedelta:
        text = "0" if value == 0 and not isinstance(value, bool) else value
        found = span_of(text) if isinstance(text, str) else None
        if found is None:
            raise self.wrong(place, 'must be a length of time such as "36h", "7d" or "2w"')
        return found

    def zone(self, name: str, place: str) -> None:
        """Refuse a name that is not in the tz database."""
        if not zone_is_known(name):
            raise self.wrong(
                place, f"names no time zone: {name!r}", 'Write it as in "Europe/Berlin".'
            )

    def wrong(self, place: str, what: str, todo: str = "") -> ConfigError:
        return ConfigError(f"{place} {what}", path=FILE, line=self._line(place), todo=todo)

    def unknown(self, place: str, key: str, known: typing.Iterable[str]) -> ConfigError:
        return ConfigError(
            f"unknown key {place}",
            path=FILE,
            line=self._line(place),
            why=suggestion(key, known),
            todo="All keys: publisher config keys",
        )

    def _line(self, place: str) -> int | None:
        """The line of `place`, or of the nearest table around it."""
        while place and place not in self.lines:
            place = place.rpartition(".")[0]
        return self.lines.get(place)


def toml_lines(text: str) -> dict[str, int]:
    """Return on which line (from 1) each key of a TOML text stands, keyed by dotted path.

    Members of an array of tables are numbered: `newsletters.morning.sections.0.max`. Made for
    messages: a key within an inline table or a multi-line value may be missing or mistaken.
    """
    lines: dict[str, int] = {}
    counts: dict[str, int] = {}
    table = ""
    for number, line in enumerate(text.splitlines(), 1):
        if found := re.match(r"\s*\[\[([^\]]+)\]\]", line):
            name = _dotted(found[1])
            table = f"{name}.{counts.setdefault(name, 0)}"
            counts[name] += 1
        elif found := re.match(r"\s*\[([^\]]+)\]", line):
            table = _dotted(found[1])
        elif found := re.match(r"\s*([\w\"'.-]+)\s*=", line):
            key = _dotted(found[1])
            lines.setdefault(f"{table}.{key}" if table else key, number)
            continue
        else:
            continue
        lines.setdefault(table, number)
        lines.setdefault(table.split(".")[0], number)
    return lines


def _quoted_day(text: str) -> date | str:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return text


def _dotted(name: str) -> str:
    """A key's path as it is kept; of one beyond measure, which stands in many, the beginning."""
    return ".".join(part.strip().strip("\"'") for part in name[:_LONGEST_NAME].split("."))


def _named(value: Any) -> str:
    if isinstance(value, dict):
        return "a table"
    if isinstance(value, list):
        return "a list"
    return repr(value)
