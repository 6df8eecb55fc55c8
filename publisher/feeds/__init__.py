"""Articles → rss, atom, jsonfeed, opml: one entry model, one module per format, one verb each."""

from publisher.feeds.archives import FOLDER as ARCHIVE
from publisher.feeds.archives import with_archives
from publisher.feeds.entry import Entry, Feed
from publisher.feeds.formats import FILES, FORMATS, LIST, OFFERED, Format, format_of
from publisher.feeds.partners import FOLDER as PARTNER
from publisher.feeds.partners import partner_plans, quiet_folders
from publisher.feeds.site import (
    KINDS,
    FeedFile,
    FeedPlan,
    feed_plans,
    feed_url,
    opml_of,
)
from publisher.feeds.stylesheet import NAME as STYLE
from publisher.feeds.stylesheet import style_of
from publisher.feeds.writing import files_of, held_surely, subscribe_url

__all__ = [
    "ARCHIVE",
    "FILES",
    "FORMATS",
    "KINDS",
    "LIST",
    "OFFERED",
    "PARTNER",
    "STYLE",
    "Entry",
    "Feed",
    "FeedFile",
    "FeedPlan",
    "Format",
    "feed_plans",
    "feed_url",
    "files_of",
    "format_of",
    "held_surely",
    "opml_of",
    "partner_plans",
    "quiet_folders",
    "style_of",
    "subscribe_url",
    "with_archives",
]
