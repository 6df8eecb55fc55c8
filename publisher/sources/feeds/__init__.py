"""Other people's feeds → articles: read, matched with what was taken before, written as files."""

from publisher.sources.feeds.articlefile import Found, found_in, text_of_entry
from publisher.sources.feeds.entry import Attached, Entry, Feed
from publisher.sources.feeds.pacing import Pace, after_answer, after_failure
from publisher.sources.feeds.reading import MOST_BYTES, NotAFeed, read_feed
from publisher.sources.feeds.taking import Known, Taken, Taking, take

__all__ = [
    "MOST_BYTES",
    "Attached",
    "Entry",
    "Feed",
    "Found",
    "Known",
    "NotAFeed",
    "Pace",
    "Taken",
    "Taking",
    "after_answer",
    "after_failure",
    "found_in",
    "read_feed",
    "take",
    "text_of_entry",
]
