"""What `[feeds]` and its tables declare."""

from __future__ import annotations

from datetime import timedelta
from typing import Literal

from publisher.model.declared import Settings
from publisher.model.declared import key as _key


class PodcastSettings(Settings, frozen=True, kw_only=True):
    """A feed that players of podcasts take: `[feeds.podcast]`; `[[feeds.podcast]]` for several."""

    feed: str = _key(
        "Which feed it is, named as `feeds build` prints them; the publication's own where it is "
        "not given.",
        "",
        example="section/show",
    )
    title: str = _key("What the podcast is called; the feed's title where it is not given.", "")
    description: str = _key("What it is about; the publication's where it is not given.", "")
    author: str = _key(
        "Who makes it, as players show it; the publication's author, or its title, where it is not "
        "given.",
        "",
    )
    owner: str = _key("Whom directories ask for: a name, where `email` is given.", "")
    email: str = _key(
        "Where directories write to, to find out that it is yours. Everybody can read it in the "
        "feed.",
        "",
        example="show@news.example",
    )
    categories: tuple[str, ...] = _key(
        "Categories of Apple's list, one within another after `>`; without one its directory takes "
        "no podcast.",
        (),
        example="News > Daily News",
    )
    image: str = _key(
        "The cover, a square JPEG or PNG of 1,400 to 3,000 pixels; the logo where it is not given.",
        "",
        example="https://news.example/cover.jpg",
    )
    explicit: bool = _key("Whether it is for adults alone; an episode can say otherwise.", False)
    type: Literal["episodic", "serial"] = _key(
        "`serial` for one that is heard from the first episode on.", "episodic"
    )
    block: bool = _key("Ask directories not to show it.", False)
    locked: bool = _key(
        "Ask other hosts not to take the feed over: who may is asked at `email`.", False
    )
    guid: str = _key(
        "Its own id (Podcasting 2.0). Made of the feed's address where it is not given: name the "
        "one that it had elsewhere.",
        "",
    )
    funding: str = _key("An address where listeners can give.", "")
    funding_text: str = _key("The words of that link.", "Support us")
    hosts: tuple[str, ...] = _key("Who is heard in every episode.", ())
    new_feed_url: str = _key("Where players find it from now on, after a move.", "")


class PartnerSettings(Settings, frozen=True, kw_only=True):
    """A feed for another site, or a reader of its own: `[[feeds.partner]]`."""

    name: str = _key("Its place below `feeds/partner/`: lower-case letters, digits, hyphens.")
    title: str = _key("Its title; the publication's where it is not given.", "")
    sections: tuple[str, ...] = _key("Only articles of these sections.", ())
    tags: tuple[str, ...] = _key("Only articles with at least one of these tags.", ())
    authors: tuple[str, ...] = _key("Only articles by at least one of these authors.", ())
    languages: tuple[str, ...] = _key("Only articles in one of these languages.", ())
    newsletter: str = _key(
        "Only articles that this newsletter takes: its language, and what its sections ask for.", ""
    )
    full: bool | None = _key(
        "Whole articles or summaries; as `full` of `[feeds]` says where it is not given.", None
    )
    link: str = _key(
        "Where an entry leads instead of the article's page; `{slug}`, `{section}`, `{language}`, "
        "`{year}`, `{month}`, `{day}` are filled in.",
        "",
        example="https://partner.example/news/{slug}",
    )
    parameters: str = _key(
        "What is added to the addresses of entries, to know where a reader comes from; nothing is "
        "added unless you ask for it here.",
        "",
        example="utm_source=partner",
    )
    entries: int = _key("At most so many entries; as `[feeds]` says where it is 0.", 0)
    bytes: int = _key("At most so many bytes; as `[feeds]` says where it is 0.", 0)
    delay: timedelta = _key("So long after it was published an article comes.", timedelta())
    note: bool = _key(
        "Say below each article where it first appeared, in the article's language, with a link.",
        False,
    )
    public: bool = _key(
        "Whether the list of all feeds (OPML) names it. It is no secret either way: whoever knows "
        "the address can read it.",
        False,
    )


class FeedSettings(Settings, frozen=True, kw_only=True):
    """What the feeds hold."""

    entries: int = _key("At most this many entries in a feed.", 40)
    bytes: int = _key(
        "At most this many bytes in a feed file: older entries give way (many readers stop at "
        "512 KB).",
        500_000,
    )
    full: bool = _key("Whole articles rather than summaries.", True)
    by: tuple[Literal["section", "tag", "author", "language"], ...] = _key(
        "Besides the publication's own feeds: one set for each of these in use.",
        ("section", "tag", "author"),
    )
    summaries_for: tuple[str, ...] = _key(
        "Feeds that hold summaries although `full` is set, named as `feeds build` prints them.",
        (),
        example="tag/japan",
    )
    max_resurrected: int | None = _key(
        "A feed that would show feed readers more than so many old stories as new ones is "
        "published without these, and the build fails. Not asked where it is not given; "
        "`feeds diff` tells what they would show.",
        None,
        example="0",
    )
    hub: str = _key(
        "A WebSub hub to name in the feeds (W3C WebSub §4), which `run` tells when they change.", ""
    )
    categories: tuple[Literal["tag", "section", "category", "author"], ...] = _key(
        "What of an article becomes `<category>`: its tags, its section, its further categories, "
        "its authors (who are named as authors either way).",
        ("tag", "section", "category"),
        example="author",
    )
    archives: bool = _key(
        "Keep what the publication's own feed no longer holds in archived documents by month "
        "(RFC 5005), which it leads to.",
        False,
    )
    stylesheet: bool = _key(
        "Let a browser show a feed as a page that says what it is and where to subscribe, by a "
        "style sheet (CSS).",
        False,
    )
    podcast: tuple[PodcastSettings, ...] = _key("`[feeds.podcast]`.", ())
    partner: tuple[PartnerSettings, ...] = _key("`[[feeds.partner]]`.", ())
