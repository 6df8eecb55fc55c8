"""Articles → rss, atom, jsonfeed, opml: one entry model, one module per format, one verb each."""

from publisher.feeds.entry import Entry, Feed
from publisher.feeds.formats import FILES, FORMATS, LIST, OFFERED, Format, format_of
from publisher.feeds.site import (
    KINDS,
    FeedFile,
    FeedPlan,
    feed_plans,
    feed_url,
    files_of,
    opml_of,
)

__all__ = [
    "FILES",
    "FORMATS",
    "KINDS",
    "LIST",
    "OFFERED",
    "Entry",
    "Feed",
    "FeedFile",
    "FeedPlan",
    "Format",
    "feed_plans",
    "feed_url",
    "files_of",
    "format_of",
    "opml_of",
]
