"""Articles → rss, atom, jsonfeed, opml: one entry model, one module per format, one verb each."""

from publisher.feeds.entry import Entry, Feed
from publisher.feeds.site import (
    FILES,
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
    "KINDS",
    "Entry",
    "Feed",
    "FeedFile",
    "FeedPlan",
    "feed_plans",
    "feed_url",
    "files_of",
    "opml_of",
]
