"""The publication, its newsletters and feeds: what publisher.toml declares.

The `doc` of each field is the configuration reference (docs/reference/configuration.md is
generated from it).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Literal

from publisher.model.declared import key as _key
from publisher.model.dkim_settings import DkimSettings
from publisher.model.feed_settings import FeedSettings
from publisher.model.provider_settings import ProviderSettings
from publisher.model.returns_settings import ReturnsSettings
from publisher.model.warm_up import WarmUp


@dataclass(frozen=True, kw_only=True, slots=True)
class Postal:
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


@dataclass(frozen=True, kw_only=True, slots=True)
class SectionQuery:
    """A part of an edition: which articles, how many, in what order, shown how."""

    name: str = _key("Its name; templates and `plan` show it.")
    title: str = _key("The heading readers see; empty for none.", "")
    sections: tuple[str, ...] = _key("Only articles of these sections (their `section`).", ())
    tags: tuple[str, ...] = _key("Only articles with at least one of these tags.", ())
    authors: tuple[str, ...] = _key("Only articles by at least one of these authors.", ())
    max_age: timedelta | None = _key(
        "Only articles published at most this long before the slot; the newsletter's `max_age` "
        "where it is not given.",
        None,
        example="3d",
    )
    max: int = _key("At most this many stories.", 10)
    order: Literal["newest", "oldest", "title"] = _key("How its stories are ordered.", "newest")
    show: Literal["full", "summary", "title", "card", "number", "compact"] = _key(
        "How much of each story the mail holds: `full` the whole text, `card` its picture and "
        "summary, `summary`, `compact` title and summary in a few lines, `title`, or `number` its "
        "title in a numbered list.",
        "summary",
    )
    related: int | None = _key(
        "Related stories under each of its stories; where it is not given, the newsletter's "
        '`related` if `show = "full"`, else none.',
        None,
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class Newsletter:
    """A named list that people subscribe to."""

    name: str = _key("Taken from the table's name: `[newsletters.NAME]`.")
    title: str = _key("What readers know it by.")
    description: str = _key("One sentence for people who think of subscribing.", "")
    public: bool = _key("Whether readers are offered it on pages.", True)
    archive: Literal["", "index", "noindex", "none"] = _key(
        "Whether its editions stand on the web once they are sent: `index`, `noindex` (search "
        "engines are asked to leave them out) or `none`. By default `index`; `none` where it is "
        "not `public`, or has a `segment`.",
        "",
    )
    instead_of: str = _key(
        "The newsletter of which this is another frequency, such as a weekly one for a daily one: "
        "on pages readers choose one of them.",
        "",
        example="morning",
    )
    template: str = _key(
        "The mail template: `digest`, `single`, `breaking`, `plain` or your own.", "digest"
    )
    subject: str = _key(
        "Pattern of the subject line (Jinja; `lead`, `stories`, `newsletter`, `publication`, "
        "`date`).",
        "{{ lead.title }}",
    )
    preheader: str = _key(
        "Pattern of the line that in-boxes show after the subject.",
        "{{ stories[1:3] | map(attribute='title') | join(' · ') or lead.summary }}",
    )
    language: str = _key(
        "Language of its words and of the articles it takes (BCP 47); the publication's where it "
        "is not given.",
        "",
    )
    any_language: bool = _key("Take articles of every language.", False)
    every: str = _key(
        "Days on which it goes out: `day`, `weekday`, names such as `mon,thu`, `week`, `2weeks`, "
        "`month`. Without it, and without schedules added by command, the newsletter is built only "
        "by name, for the minute given by `--at`.",
        "",
        example="weekday",
    )
    on: str = _key(
        "With weeks, the days of the week; with months, days such as `first monday`, "
        "`last friday`, `15`, `last day`.",
        "",
        example="first monday",
    )
    cron: str = _key(
        "A cron expression of five fields instead of `every` and `at`.", "", example="0 7 * * 1-5"
    )
    at: str = _key("Local time of day at which it goes out.", "07:00", example="07:00")
    zone: str = _key(
        "Time zone of `at`; the publication's where it is not given. `subscriber` for each "
        "reader's own: one edition, released as the day comes round.",
        "",
        example="Asia/Tokyo",
    )
    per_reader: bool = _key('What `zone = "subscriber"` sets.', False)
    starts: date | None = _key(
        "No slot before this day; `2weeks` and the like are counted from it.",
        None,
        example="2026-11-24",
    )
    excluded: tuple[str, ...] = _key(
        "Days without an edition: days, spans of days, .ics files of holidays beside "
        "publisher.toml.",
        (),
        example="2026-12-24..2027-01-01",
    )
    catch_up: Literal["latest", "all", "none"] = _key(
        "What goes out late when nobody was there at the slot: the newest edition, all, or none.",
        "latest",
    )
    catch_up_within: timedelta = _key(
        "Later than this an edition does not go out by itself: it is held for a person.",
        timedelta(hours=6),
        example="6h",
    )
    mode: Literal["auto", "draft"] = _key(
        "`draft`: each edition is built before its slot and waits for `publisher approve`.", "auto"
    )
    draft_before: timedelta = _key(
        "How long before its slot a draft is built.", timedelta(hours=12), example="12h"
    )
    undo: timedelta = _key(
        "Time between the slot and the first message, in which it can be held or cancelled.",
        timedelta(),
        example="5min",
    )
    max_age: timedelta = _key(
        "Articles published longer than this before the slot stay out.",
        timedelta(days=7),
        example="7d",
    )
    skip_if_fewer_than: int = _key("Fewer stories than this: the edition is skipped.", 1)
    related: int = _key("Related stories under a story that is shown in full.", 3)
    contents: int = _key(
        "Mails of so many stories and more name their sections at the top; 0 for never.", 10
    )
    welcome: bool = _key(
        "Welcome who has confirmed that they want it by a mail, once: `mail/welcome`.", False
    )
    fit: bool | None = _key(
        "Keep the HTML under the bytes at which Gmail clips it: the ends of long sections become "
        "cards, then headlines. By default `true`; `false` for the templates `single`, `breaking` "
        "and `plain`.",
        None,
    )
    segment: str = _key("Goes to the subscribers of this segment alone: `[segments.NAME]`.", "")
    sections: tuple[SectionQuery, ...] = _key(
        "The parts of an edition, in order: `[[newsletters.NAME.sections]]`. An article goes to "
        "the first that takes it. Without any: one section with everything.",
        (),
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class Segment:
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


@dataclass(frozen=True, kw_only=True, slots=True)
class DeliverySettings:
    """How mails leave."""

    transport: Literal[
        "auto",
        "maildir",
        "smtp",
        "command",
        "postmark",
        "ses",
        "mailgun",
        "sendgrid",
        "brevo",
        "resend",
    ] = _key(
        "The way out: files in a Maildir, an SMTP server, a command, or a provider's interface "
        "(`[provider]`). `auto` is `smtp` if `[smtp]` names a host, `command` if there is one, "
        "else `maildir`.",
        "auto",
    )
    maildir: Path = _key(
        "Folder of the Maildir; `mail` in the outbox where it is not given.", Path()
    )
    command: tuple[str, ...] = _key(
        "A program that takes a message on its standard input; `{sender}` and `{recipient}` are "
        "filled in, no shell sees them.",
        (),
        example="sendmail",
    )
    sender_name: str = _key("The name beside `sender`; the publication's title by default.", "")
    reply_to: str = _key("Where replies go, if not to `sender`.", "")
    return_path: str = _key("Where bounces go (MAIL FROM), if not to `sender`.", "")
    verp: bool = _key(
        "Give each message a return path of its own, `bounces+TOKEN@…`, by which what comes back "
        "names its reader and edition, and nobody can forge it. Your mail server must take all "
        "such addresses for `return_path`.",
        False,
    )
    verp_separator: Literal["+", "-", "=", "_", "."] = _key(
        "What stands before the token: what your mail server takes for the beginning of an "
        "extension.",
        "+",
    )
    unsubscribe: str = _key("Where mails to unsubscribe go, if not to `sender`.", "")
    links: str = _key(
        "Where unsubscribe and preference links lead; `base_url` where it is not given.",
        "",
        example="https://mail.news.example/",
    )
    connections: int = _key("Messages sent side by side, each on a connection of its own.", 4)
    per_second: float = _key("Messages a second, of all senders together; 0 for no limit.", 0.0)
    per_day: int = _key("Messages a day (UTC); 0 for no limit.", 0)
    warm_up: WarmUp = _key("`[delivery.warm_up]`.", WarmUp())
    expires: timedelta = _key(
        "What could not be sent so long after its start has failed.",
        timedelta(hours=24),
        example="24h",
    )
    on_uncertain: Literal["resend", "hold"] = _key(
        "What to do with a message that a server may have accepted when a connection or we died: "
        "send it again with the same Message-ID, or leave it to a person.",
        "resend",
    )
    breaker: int = _key(
        'So many readers of a domain in a row that "do not exist", or are refused, hold the domain '
        "for an hour: it is more often the server's mistake. So many in a row at three domains and "
        "more that are refused because of us hold everything. 0 for never.",
        5,
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class DomainSettings:
    """Limits for readers at one domain."""

    name: str = _key('Taken from the table\'s name: `[domains."gmail.com"]`.')
    per_second: float = _key("Messages a second to it, of all senders together.")


@dataclass(frozen=True, kw_only=True, slots=True)
class SmtpSettings:
    """The SMTP server that takes the mails. Its password is in `PUBLISHER_SMTP_PASSWORD`."""

    host: str = _key("Its name.", "", example="smtp.news.example")
    port: int = _key("Its port: 587 for submission, 465 for `tls`, 25 for an MTA.", 587)
    security: Literal["starttls", "tls", "none"] = _key(
        "Encryption, with a verified certificate; `none` only for a server on this machine.",
        "starttls",
    )
    user: str = _key("Who logs in; nobody where it is not given.", "")
    ehlo: str = _key(
        "The name that this machine gives of itself (RFC 5321 §4.1.1.1); its own where it has a "
        "full one, or else its address. Some servers take no other than a full name.",
        "",
        example="mail.news.example",
    )
    ca: str = _key("File of an authority of your own that signs its certificate.", "")
    timeout: timedelta = _key(
        "How long an answer may take, from its first byte to its last (RFC 5321 §4.5.3.2 asks for "
        "minutes); a whole message, and opening a connection, three times as long.",
        timedelta(minutes=5),
        example="5m",
    )
    messages_per_connection: int = _key("Messages before a connection is opened anew.", 100)


Generator = Literal[
    "", "hugo", "jekyll", "pelican", "nikola", "eleventy", "zola", "astro", "docusaurus"
]


@dataclass(frozen=True, kw_only=True, slots=True)
class Shortcode:
    """What a site's own shortcode stands for: `[sources.shortcodes]`."""

    name: str = _key("Its name, as articles write it.")
    template: str = _key("What stands instead, as a Jinja template; empty leaves it out.")


@dataclass(frozen=True, kw_only=True, slots=True)
class SectionAddress:
    """Where the articles of a section stand: `[sources.addresses]`."""

    name: str = _key("The section, or its folder; `*` for all others.")
    pattern: str = _key("Their addresses, as `article_url` has them.")


@dataclass(frozen=True, kw_only=True, slots=True)
class SourceFeed:
    """Another's feed whose stories are articles here: `[[sources.feeds]]`, a table each.

    `feeds = ["https://…", "https://…"]` under `[sources]` is short for tables that name nothing
    else. `publisher run` asks for them, and `publisher feeds poll`.
    """

    url: str = _key("The feed's address: RSS, Atom or JSON Feed.")
    name: str = _key("What the source is called; the feed's own title where it is not given.", "")
    section: str = _key("The section of its stories; its name where it is not given.", "")
    tags: tuple[str, ...] = _key("Tags that all of its stories get besides their own.", ())
    language: str = _key("The language of its stories (BCP 47), where the feed is wrong.", "")
    full: bool = _key("Take whole stories, where the feed has them, rather than summaries.", True)
    every: timedelta = _key(
        "How often it is asked; it answers that nothing has changed in some bytes.",
        timedelta(hours=1),
        example="30min",
    )
    entries: int = _key("Of a longer feed, so many of the newest entries are taken.", 100)
    into: str = _key(
        "The folder of its stories, in that of the articles; made of its name or address where it "
        "is not given. Keep it when the feed moves.",
        "",
        example="feeds/harbour-blog",
    )
    private: bool = _key("It may lie on this machine, or in a private network.", False)


@dataclass(frozen=True, kw_only=True, slots=True)
class SourceSettings:
    """Where articles come from, and how large one may be: a larger one is named and left out."""

    generator: Generator = _key(
        "The generator that the articles were written for, whose habits decide what their links, "
        "names and template code mean; empty for none.",
        "",
        example="hugo",
    )
    site: Path = _key(
        "Folder of that generator's site, from publisher.toml on: its configuration, data, "
        "includes and pictures lie in it.",
        Path(),
    )
    ids: str = _key(
        "What feed readers know articles by that were in a feed before: `permalink` (their "
        "address, as Hugo, Zola, Eleventy and Nikola have it), `tag` (Pelican), or a text with "
        "`{url}`, `{url_bare}` (without `.html` or a slash at its end, as Jekyll has it), "
        "`{host}`, `{path}`, `{year}`, `{month}`, `{day}` and keys of the front matter; empty for "
        "ids of our own. An id, once given, stays. `feeds adopt` takes over those of a live feed.",
        "",
        example="permalink",
    )
    shortcodes: tuple[Shortcode, ...] = _key(
        "What the site's own shortcodes and tags stand for: a table `[sources.shortcodes]` of "
        "names with Jinja templates, which know `inner`, `args`, named parameters and `page`; an "
        "empty one leaves the shortcode out.",
        (),
        example='{ note = "<aside>{{ inner }}</aside>" }',
    )
    undated: Literal["auto", "site", "first-seen"] = _key(
        "What becomes of an article for which no date is found: `site`, it is on the site, in no "
        "edition and in no feed; `first-seen`, it was published when it was first seen; `auto`, "
        "that for plain texts, which have no place for a date, where no `generator` is named, and "
        "`site` for all others.",
        "auto",
    )
    history: bool = _key(
        "The day of a file's first commit in git is the date of an article that has no other.",
        False,
    )
    folders: tuple[str, ...] = _key(
        "Of the articles folder, these folders alone hold articles; all of it, where none is "
        "named. Their names may begin with `_`.",
        (),
        example='["_posts", "blog/_posts"]',
    )
    title: tuple[str, ...] = _key(
        "Keys of front matter that hold the title of an article that has no `title`, the first "
        "that is there.",
        (),
        example='["headline"]',
    )
    authors: tuple[str, ...] = _key(
        "Files and folders that say who an author's id stands for, from `site` on; without it, "
        "those that generators have, such as `_data/authors.yml` and `data/authors/`.",
        (),
        example='["_data/authors.yml"]',
    )
    addresses: tuple[SectionAddress, ...] = _key(
        "Addresses of articles by section or folder, the deepest first, where they differ from "
        "`article_url`: a table `[sources.addresses]`; `*` stands for all others.",
        (),
        example='{ blog = "{year}/{month}/{slug}/", "*" = "{folder}/{slug}/" }',
    )
    rendered: bool = _key(
        "The articles folder holds a site's rendered HTML: among its pages the articles are found, "
        "and in each its text, without menus and the like. Lists, front pages and pages without a "
        "date are passed over.",
        False,
    )
    feeds: tuple[SourceFeed, ...] = _key(
        "Other people's feeds whose stories are articles here: `[[sources.feeds]]`, or a list of "
        "their addresses.",
        (),
        example="https://blog.example/feed.xml",
    )
    article_bytes: int = _key("At most this many bytes in an article's file.", 5_000_000)
    front_matter_characters: int = _key("At most this many characters of front matter.", 100_000)
    line_characters: int = _key("At most this many characters on one line.", 1_000_000)


@dataclass(frozen=True, kw_only=True, slots=True)
class ServiceSettings:
    """How `publisher run` keeps the schedules."""

    stand_by: bool = _key(
        "A second `run` waits until the first one ends; without it, it stops with code 5.", False
    )
    grace: timedelta = _key(
        "After SIGTERM, so long for the messages on the wire.", timedelta(seconds=30), example="30s"
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class WebSettings:
    """How `publisher serve`, and `run`, answer readers on the web."""

    host: str = _key(
        "The address to listen on; a web server in front of it does the rest.", "127.0.0.1"
    )
    port: int = _key("The port to listen on.", 8480)
    serve: bool = _key("`run` answers readers, too.", True)
    pages: Literal["all", "editions", "none"] = _key(
        "The pages that `build` makes in the outbox: of articles and editions, of editions alone "
        "(where another site has the articles), or none.",
        "all",
    )
    link_in_mails: bool = _key(
        "Mails name their own page. Set it once the pages are to be found at `base_url`.", False
    )
    static: Path = _key(
        "A folder of pictures and the like that is copied beside the pages as it is.",
        Path("static"),
    )
    news_sitemap: bool = _key(
        "Make `news-sitemap.xml` of what was published in the last 48 hours, for Google News, and "
        "name it in `robots.txt`.",
        False,
    )
    related: int = _key("Related stories under an article's page.", 3)
    related_for: int = _key(
        "So many of the newest articles get related stories on their pages; what a page has it "
        "keeps.",
        2000,
    )
    noindex: bool = _key("Ask search engines to leave all pages out.", False)
    proxies: tuple[str, ...] = _key(
        "Addresses, or networks, of web servers in front whose `X-Forwarded-For` is believed, "
        "besides those on this machine.",
        (),
        example="172.18.0.0/16",
    )
    connections: int = _key("Connections at a time; more are told to come again.", 2000)
    per_client: int = _key(
        "Connections at a time of one address (a /64 of IPv6), or requests of one that a web "
        "server in front names; 0 for no limit.",
        100,
    )
    unconfirmed: timedelta = _key(
        "How long it is kept that somebody asked to be a reader and never confirmed it; then it is "
        "forgotten, and the link in the mail works no longer.",
        timedelta(days=30),
        example="14d",
    )
    health: int = _key(
        "A port on this machine alone for `/livez`, `/readyz` and `/metrics` (Prometheus); 0 for "
        "none.",
        0,
        example="8481",
    )
    clicks: bool = _key(
        "Lead the links of mails through the service, and count how often each is followed: by "
        "all readers together, never by one; what looks like a mail scanner is set aside.",
        False,
    )
    log: bool = _key(
        "Tell of each answer: what kind of page, how it was asked and answered; never an address.",
        False,
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class RenderingSettings:
    """What a template, or the body of an article, may cost."""

    seconds: int = _key("Seconds of the processor that one mail or page may take.", 20)
    memory: int = _key(
        "Megabytes that rendering may use, its program included: it runs in a process of its own.",
        1024,
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class PictureSettings:
    """How pictures that lie in the publication's folder are made for what shows them."""

    make: Literal["auto", "always", "never"] = _key(
        "Make them for mails and pages: `auto` where the pages of the articles are made here "
        '(`web.pages = "all"`), `always`, or `never`: then each is shown as it is.',
        "auto",
    )
    mail_bytes: int = _key("Bytes that a picture in a mail has at most.", 400_000)
    page_bytes: int = _key("Bytes that a picture on a page has at most.", 600_000)
    formats: tuple[str, ...] = _key(
        "What browsers get instead of JPEG and PNG where it is smaller: `webp`, `avif`.",
        ("webp",),
        example="avif",
    )
    thumbnail: int = _key(
        "Pixels that a thumbnail is wide, where a template shows one; it is three quarters as "
        "high.",
        160,
    )
    animated_bytes: int = _key(
        "An animated picture of at most so many bytes is left alone; a heavier one stands still "
        "in mails.",
        1_000_000,
    )
    source_bytes: int = _key("A file of more bytes is no picture to make one of.", 64_000_000)
    megapixels: int = _key("A picture of more millions of pixels is shown to nobody.", 50)


@dataclass(frozen=True, kw_only=True, slots=True)
class CheckSettings:
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


@dataclass(frozen=True, kw_only=True, slots=True)
class RelatedSettings:
    """How related stories are found."""

    minimum: float = _key(
        "How sure one must be that stories are related, 0 to 1: 0.14 wants twice as much to speak "
        "for each as 0.07, 0 shows whatever is nearest. None is shown that shares less than half "
        "of it of what weighs most in the article.",
        0.07,
    )
    fallback: str = _key(
        'What is shown where nothing is related: "none", "latest", or "section" (its latest).',
        "none",
    )
    rest: timedelta = _key(
        "A story that stood in an edition of a newsletter within this time is not shown in it as "
        "related.",
        timedelta(days=7),
        example="7d",
    )
    languages: str = _key('"same", or "any" to relate articles of other languages as well.', "same")
    same: float = _key(
        "From this likeness on, 0 to 1, a story is the same text again, and is not shown.", 0.8
    )
    diversity: float = _key(
        "How much a story must differ from those above it, 0 (not at all) to 1.", 0.1
    )
    weight_tags: float = _key("What shared tags add to a score, from 0.", 0.2)
    weight_section: float = _key("What a shared section adds to a score, from 0.", 0.0)
    weight_links: float = _key("What links from other related stories add to a score, from 0.", 0.4)
    model: str = _key(
        "Folder of an embeddings model (model2vec, sentence-transformers), from publisher.toml on; "
        "wants publisher[embeddings].",
        "",
        example="models/potion",
    )
    weight_model: float = _key("How much of the texts' likeness such a model decides, 0 to 1.", 0.2)
    half_life: timedelta = _key(
        "An article this old counts as half as recent as a new one.",
        timedelta(days=90),
        example="90d",
    )
    weight_age: float = _key("How much of a score depends on recency, 0 to 1.", 0.3)


@dataclass(frozen=True, kw_only=True, slots=True)
class Social:
    """Where the publication can be followed elsewhere: `[theme.social]`."""

    name: str = _key("What readers know the place by.")
    url: str = _key("The address there.")


@dataclass(frozen=True, kw_only=True, slots=True)
class ThemeSettings:
    """Single values of the theme, for mails and pages alike; the others are the theme's own.

    Colours are six hex digits; `dark_` ones are those of the dark.
    """

    name: str = _key(
        "The theme: `gazette` (a newspaper's front page), `letter` (a warm personal letter), or a "
        'folder of your `templates/themes/`. `theme = "NAME"` under `[publication]` says the same.',
        "gazette",
    )
    character: str = _key("What it is like, in a sentence.", "")
    accent: str = _key("Links, buttons and bars; `accent` of `[publication]` says the same.", "")
    ground: str = _key("Around the paper.", "", example="#f0ebe2")
    paper: str = _key("Behind the text.", "")
    tint: str = _key("Behind what stands apart: related stories, code.", "")
    ink: str = _key("Text.", "")
    quiet: str = _key("Bylines, captions, the footer.", "")
    line: str = _key("Rules and borders.", "")
    dark_ground: str = _key("Around the paper, in the dark.", "")
    dark_paper: str = _key("Behind the text, in the dark.", "")
    dark_tint: str = _key("Behind what stands apart, in the dark.", "")
    dark_ink: str = _key("Text, in the dark.", "")
    dark_quiet: str = _key("Bylines, captions, the footer, in the dark.", "")
    dark_line: str = _key("Rules and borders, in the dark.", "")
    heading: str = _key(
        "Fonts of headlines, those that mail programs have, the last one generic.",
        "",
        example="Georgia, serif",
    )
    text: str = _key("Fonts of the text.", "", example="Georgia, serif")
    label: str = _key("Fonts of dates, section names and buttons.", "", example="Arial, sans-serif")
    radius: int | None = _key("Pixels by which corners are rounded.", None, example="8")
    page: int | None = _key("Pixels that a page is wide at most.", None, example="1080")
    measure: int | None = _key("Pixels that an article's text is wide at most.", None)
    social: tuple[Social, ...] = _key(
        "Where you can be followed elsewhere, as words in the footer of mails and pages: a table "
        "`[theme.social]` of names with their `https:` addresses.",
        (),
        example='{ Mastodon = "https://social.example/@letter" }',
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class AuthorSettings:
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


@dataclass(frozen=True, kw_only=True, slots=True)
class Publication:
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
        "articles folder on), `{categories}`, `{hour}`, `{minute}`, `{second}`, `{y_day}`.",
        "{slug}/",
    )
    articles: Path = _key("Folder of the articles.", Path("articles"))
    outbox: Path = _key("Folder of what goes out.", Path("outbox"))
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
    web: WebSettings = _key("`[web]`.", WebSettings())
    domains: tuple[DomainSettings, ...] = _key('`[domains."NAME"]`.', ())
    sources: SourceSettings = _key("`[sources]`.", SourceSettings())
    feeds: FeedSettings = _key("`[feeds]`.", FeedSettings())
    related: RelatedSettings = _key("`[related]`.", RelatedSettings())
    rendering: RenderingSettings = _key("`[rendering]`.", RenderingSettings())
    pictures: PictureSettings = _key("`[pictures]`.", PictureSettings())
    check: CheckSettings = _key("`[check]`.", CheckSettings())

    @property
    def article_folders(self) -> tuple[Path, ...]:
        """Where articles lie, from publisher.toml on: the articles folder, or folders of it."""
        return tuple(self.articles / one for one in self.sources.folders) or (self.articles,)

    @property
    def shown(self) -> Publication:
        """What templates can use: nothing of where and how mails leave, which may hold secrets."""
        delivery = replace(self.delivery, command=())
        ways_out = replace(self, delivery=delivery, smtp=SmtpSettings(), dkim=DkimSettings())
        ways = replace(ways_out, provider=ProviderSettings(), returns=ReturnsSettings())
        return replace(ways, ledger="")
