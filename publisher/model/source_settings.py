"""What `[sources]` declares."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Literal

from publisher.model.declared import Settings
from publisher.model.declared import key as _key

Generator = Literal[
    "", "hugo", "jekyll", "pelican", "nikola", "eleventy", "zola", "astro", "docusaurus"
]


class Shortcode(Settings, frozen=True, kw_only=True):
    """What a site's own shortcode stands for: `[sources.shortcodes]`."""

    name: str = _key("Its name, as articles write it.")
    template: str = _key("What stands instead, as a Jinja template; empty leaves it out.")


class SectionAddress(Settings, frozen=True, kw_only=True):
    """Where the articles of a section stand: `[sources.addresses]`."""

    name: str = _key("The section, or its folder; `*` for all others.")
    pattern: str = _key("Their addresses, as `article_url` has them.")


class SourceFeed(Settings, frozen=True, kw_only=True):
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


class SourceSettings(Settings, frozen=True, kw_only=True):
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
    slugify: Literal["", "safe", "off"] = _key(
        "Zola's `[slugify] paths`, where it is not `on`: `safe` keeps all of a name but what no "
        "file may be called, `off` all of it.",
        "",
        example="safe",
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
