"""The publication: what publisher.toml declares, a module for each table of some size.

The `doc` of each field is the configuration reference (docs/reference/configuration.md is
generated from it).
"""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

from msgspec.structs import replace

from publisher.model import outbox_place
from publisher.model.declared import Settings
from publisher.model.declared import key as _key
from publisher.model.delivery_settings import DeliverySettings, DomainSettings, SmtpSettings
from publisher.model.dkim_settings import DkimSettings
from publisher.model.engine_settings import EngineSettings
from publisher.model.feed_settings import FeedSettings
from publisher.model.newsletter import Newsletter
from publisher.model.picture_settings import PictureSettings
from publisher.model.provider_settings import ProviderSettings
from publisher.model.related_settings import RelatedSettings
from publisher.model.returns_settings import ReturnsSettings
from publisher.model.source_settings import SourceSettings
from publisher.model.theme_settings import ThemeSettings
from publisher.model.web_settings import WebSettings


class Postal(Settings, frozen=True, kw_only=True):
    """The sender's postal address, as bulk mail must show it (CAN-SPAM §5(a)(5))."""

    name: str = _key("Who publishes.", "")
    street: str = _key("Street and number.", "")
    city: str = _key("Postal code and town.", "")
    country: str = _key("Country.", "")

    @property
    def line(self) -> str:
        """The address on one line, "" where none is configured."""
        return ", ".join(filter(None, (self.name, self.place)))

    @property
    def place(self) -> str:
        """The same without the name, which may be in another script."""
        return ", ".join(filter(None, (self.street, self.city, self.country)))


class Segment(Settings, frozen=True, kw_only=True):
    """A saved filter of readers; a reader must meet every key that is given."""

    name: str = _key("Taken from the table's name: `[segments.NAME]`.")
    tags: tuple[str, ...] = _key("Readers with at least one of these tags.", ())
    without_tags: tuple[str, ...] = _key("Readers with none of these tags.", ())
    languages: tuple[str, ...] = _key(
        "Readers with one of these languages: `de` holds `de-AT` (RFC 4647), `*` all.", ()
    )
    zones: tuple[str, ...] = _key("Readers in one of these time zones.", ())
    domains: tuple[str, ...] = _key("Readers whose address is at one of these domains.", ())
    attributes: tuple[str, ...] = _key(
        "Readers whose attributes have all of these values.", (), example="plan=paid"
    )


class ServiceSettings(Settings, frozen=True, kw_only=True):
    """How `publisher run` keeps the schedules."""

    stand_by: bool = _key(
        "A second `run` waits until the first one ends; without it, it stops with code 5.", False
    )
    grace: timedelta = _key(
        "After SIGTERM, so long for the messages on the wire.", timedelta(seconds=30), example="30s"
    )


class RenderingSettings(Settings, frozen=True, kw_only=True):
    """What a template, or the body of an article, may cost."""

    seconds: int = _key("Seconds of the processor that one mail or page may take.", 20)
    memory: int = _key(
        "Megabytes that rendering may use, its program included: it runs in a process of its own.",
        1024,
    )


class CheckSettings(Settings, frozen=True, kw_only=True):
    """What `check` looks at: docs/reference/checks.md lists its rules."""

    off: tuple[str, ...] = _key(
        "Rules that are not looked at, each with the reason. In one file alone, a comment in it "
        "does it: `check: off NAME: reason`.",
        (),
        example="link-words: our readers know “here”",
    )
    clients: tuple[str, ...] = _key(
        "The mail programs for which styles are looked at, as caniemail names them: families such "
        "as `gmail`, or one of them, such as `outlook.windows`.",
        ("apple-mail", "gmail", "outlook", "samsung-email", "yahoo"),
    )


class AuthorSettings(Settings, frozen=True, kw_only=True):
    """An author as bylines and the author's page show them."""

    name: str = _key('Taken from the table\'s name: `[authors."NAME"]`, as articles write it.')
    picture: str = _key(
        "A picture of the author, cropped to a square: a file beside publisher.toml or in "
        "`static/`. It stands in bylines of stories that are told in full, and on pages.",
        "",
        example="authors/ana.jpg",
    )
    alt: str = _key(
        "Words that stand for the picture; none where the name beside it says enough.", ""
    )


class Publication(Settings, frozen=True, kw_only=True):
    """The whole: who publishes what, from where, in which language and time zone."""

    title: str = _key("The publication's name.")
    base_url: str = _key("Where the publication lives on the web.", example="https://news.example")
    description: str = _key("One sentence about it.", "")
    language: str = _key("Language of articles that name none (BCP 47).", "en")
    zone: str = _key("Time zone of dates that name none (tz database).", "UTC")
    author: str = _key("Author of articles that name none.", "")
    sender: str = _key("From address of the mails.", "", example="letter@news.example")
    since: date | None = _key(
        "A day on which the domain of `base_url` was yours: part of the ids that are minted "
        "(RFC 4151). Never change it. Without it, the day on which an article is first seen.",
        None,
        example="2026-01-01",
    )
    article_url: str = _key(
        "Address of an article below `base_url`; `{section}`, `{slug}`, `{language}`, `{year}`, "
        "`{month}`, `{day}` are filled in, and what permalinks of other generators "
        "hold: `{title}`, `{slug_or_title}`, `{filename}` (with its date), `{name}` (without), "
        "`{folder}` (from the "
        "articles folder on), `{categories}`, `{hour}`, `{minute}`, `{second}`, `{y_day}`, "
        "`{short_year}` (26), `{i_month}` and `{i_day}` (without a zero before them), "
        "`{short_month}` and `{long_month}` (Jan, January), `{short_day}` and `{long_day}` (Mon, "
        "Monday), `{w_day}` (1 is Monday), `{w_year}` and `{week}` (ISO 8601).",
        "{slug}/",
    )
    articles: Path = _key("Folder of the articles.", Path("articles"))
    outbox: str = _key(
        "Folder of what goes out; or an object store: `s3://BUCKET/PREFIX`, `gs://…`, `az://…`, "
        "whose keys come from the environment (`publisher[scale]`).",
        "outbox",
    )
    ledger: str = _key(
        "A PostgreSQL database for the ledger instead of SQLite in `.publisher/`; the variable "
        "`PUBLISHER_LEDGER` goes before it, and keeps a password out of git.",
        "",
        example="postgresql://publisher@db.example/letter",
    )
    ignore: tuple[str, ...] = _key(
        "Files in the articles folder that are not articles (globs); names that start with `.` "
        "or `_` never are.",
        ("README*", "LICENSE*", "CHANGELOG*"),
    )
    typography: bool = _key(
        "Articles in Markdown get the quotation marks, dashes and ellipses of their language where "
        "those of a typewriter were typed; code, addresses and HTML stay as they are.",
        True,
    )
    theme: ThemeSettings = _key("`[theme]`.", ThemeSettings())
    accent: str = _key(
        "Colour of links and buttons (six hex digits); the theme's where it is not given.", ""
    )
    logo: str = _key(
        "A picture for the masthead, 160 px wide: its address, or a file beside publisher.toml, "
        "which is put beside the pages.",
        "",
        example="logo.png",
    )
    logo_dark: str = _key(
        "The same for the dark, where it is another picture; only one of the two is seen.",
        "",
        example="logo-dark.png",
    )
    postal: Postal = _key("The postal address: `[postal]`.", Postal())
    newsletters: tuple[Newsletter, ...] = _key("`[newsletters.NAME]`.", ())
    authors: tuple[AuthorSettings, ...] = _key('`[authors."NAME"]`.', ())
    segments: tuple[Segment, ...] = _key("`[segments.NAME]`.", ())
    delivery: DeliverySettings = _key("`[delivery]`.", DeliverySettings())
    smtp: SmtpSettings = _key("`[smtp]`.", SmtpSettings())
    dkim: DkimSettings = _key("`[dkim]`.", DkimSettings())
    returns: ReturnsSettings = _key("`[returns]`.", ReturnsSettings())
    provider: ProviderSettings = _key("`[provider]`.", ProviderSettings())
    service: ServiceSettings = _key("`[service]`.", ServiceSettings())
    engine: EngineSettings = _key("`[engine]`.", EngineSettings())
    web: WebSettings = _key("`[web]`.", WebSettings())
    domains: tuple[DomainSettings, ...] = _key('`[domains."NAME"]`.', ())
    sources: SourceSettings = _key("`[sources]`.", SourceSettings())
    feeds: FeedSettings = _key("`[feeds]`.", FeedSettings())
    related: RelatedSettings = _key("`[related]`.", RelatedSettings())
    rendering: RenderingSettings = _key("`[rendering]`.", RenderingSettings())
    pictures: PictureSettings = _key("`[pictures]`.", PictureSettings())
    check: CheckSettings = _key("`[check]`.", CheckSettings())

    @property
    def outbox_store(self) -> str:
        """The address of the object store in which the outbox lies; "" for a folder."""
        return outbox_place.store_of(self.outbox)

    @property
    def outbox_folder(self) -> Path:
        """The outbox's folder, from publisher.toml on; of an object store this host's copy."""
        return outbox_place.folder_of(self.outbox)

    @property
    def article_folders(self) -> tuple[Path, ...]:
        """Where articles lie, from publisher.toml on: the articles folder, or folders of it."""
        return tuple(self.articles / one for one in self.sources.folders) or (self.articles,)

    @property
    def shown(self) -> Publication:
        """What templates can use: nothing of where and how mails leave, which may hold secrets."""
        return replace(
            self,
            delivery=replace(self.delivery, command=()),
            smtp=SmtpSettings(),
            dkim=DkimSettings(),
            provider=ProviderSettings(),
            returns=ReturnsSettings(),
            ledger="",
        )
