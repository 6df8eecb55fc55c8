"""The rules of `feeds check`: what each one finds, and which reader it would hurt, and how.

Names are for `--json`; the words are for whoever edits a newspaper.
"""

from __future__ import annotations

from typing import Literal

import msgspec

Severity = Literal["error", "warning"]


class Rule(msgspec.Struct, frozen=True):
    """What a rule looks for, whom its findings hurt, and how badly."""

    about: str
    hurts: str
    severity: Severity = "error"


RULES: dict[str, Rule] = {
    "unreadable": Rule(
        "it is no feed that a program can read",
        "Every reader shows an error, or what it had before: one wrong sign hides all stories from "
        "Feedly, Outlook, FreshRSS and Miniflux alike.",
    ),
    "entities": Rule(
        "it declares a document type or entities of its own",
        "Programs that guard against attacks, such as those built on defusedxml, refuse it; "
        "others show the words without the signs that the entities stand for.",
    ),
    "no-id": Rule(
        "an entry has no id",
        "FreshRSS and Miniflux make one of the address and the title: when either is corrected, "
        "readers see the story again as new.",
    ),
    "double-id": Rule(
        "an id stands twice",
        "Miniflux and FreshRSS know entries by their ids and keep one of the two: the other story "
        "is seen by nobody.",
    ),
    "odd-id": Rule(
        "an Atom id is no IRI",
        "The W3C validator calls the feed invalid (RFC 4287 §4.2.6), and directories that ask it "
        "refuse the feed.",
    ),
    "moving-id": Rule(
        "a guid says that it is an address, and is none",
        "Readers that take such a guid for the story's address, as RSS 2.0 tells them to, open "
        "nothing.",
    ),
    "no-title": Rule(
        "an entry has no title",
        "Outlook shows it without a subject, Feedly with the beginning of its text; Mailchimp's "
        "RSS campaigns have an empty headline.",
    ),
    "coded-title": Rule(
        "a title holds HTML, or its signs written twice",
        "Outlook, NetNewsWire and Mailchimp show the code: “R&amp;amp;D” instead of “R&D”.",
        "warning",
    ),
    "address": Rule(
        "an entry's address is not absolute",
        "Outlook and Thunderbird open nothing; others look for it on their own server.",
    ),
    "no-date": Rule(
        "an entry has no date that can be read",
        "Feedly and Inoreader take the time at which they found it: an old story is on top as new. "
        "Mailchimp, which sends what is newer than its last mail, leaves it out.",
    ),
    "future": Rule(
        "an entry is dated in the future",
        "FreshRSS and others that sort by date keep it on top until that day, above all that is "
        "really new.",
    ),
    "order": Rule(
        "entries are not in order, newest first",
        "Mailchimp, widgets and pages that show the first few entries show old ones.",
    ),
    "text-address": Rule(
        "an address in an entry's text is not absolute",
        "Outlook, Thunderbird and rss2email show a broken picture, and links lead nowhere.",
    ),
    "script": Rule(
        "an entry's text holds a script, a form or a style",
        "All readers take it away, and with it what it was to show; some spam filters of "
        "RSS-to-mail services hold the whole mail back.",
        "warning",
    ),
    "too-large": Rule(
        "the file has more than 512 KB",
        "Feedly and others stop reading at 512 KB: what stands after it is seen by nobody, or the "
        "whole feed is refused.",
        "warning",
    ),
    "many-enclosures": Rule(
        "an item of RSS has several enclosures",
        "Apple Podcasts and most players take the first, some the last: listeners get another file "
        "in each. RSS 2.0 allows one; others belong in media:content.",
        "warning",
    ),
    "enclosure-length": Rule(
        "the length of an enclosure is not known",
        "Players cannot tell how large a download is; Apple Podcasts asks for it, and older "
        "players take 0 for an empty file.",
        "warning",
    ),
    "enclosure-type": Rule(
        "the type of an enclosure is none that players know",
        "Apple Podcasts leaves out an episode that is neither a sound nor a film it knows (mp3, "
        "m4a, mp4, mov).",
        "warning",
    ),
    "enclosure-address": Rule(
        "an enclosure's address is not absolute",
        "No player finds the file: the episode is shown, and cannot be heard.",
    ),
    "podcast-category": Rule(
        "a podcast has no itunes:category",
        "Apple Podcasts refuses a feed without a category of its list.",
        "warning",
    ),
    "podcast-explicit": Rule(
        "a podcast does not say whether it is explicit",
        "Apple Podcasts refuses a feed without itunes:explicit, true or false.",
        "warning",
    ),
    "podcast-image": Rule(
        "a podcast has no cover",
        "Apple Podcasts refuses a feed without itunes:image, a square JPEG or PNG of 1,400 to "
        "3,000 pixels; players show a grey square.",
        "warning",
    ),
    "podcast-owner": Rule(
        "a podcast names no address of its owner",
        "Spotify and Amazon Music write to itunes:owner to find out that the podcast is yours: "
        "without it they take none.",
        "warning",
    ),
    "no-self": Rule(
        "it does not say where it lies",
        "WebSub hubs and readers that subscribe to one (Feedly, Inoreader) do not learn which of "
        "its addresses is the one: they poll instead of being told at once.",
        "warning",
    ),
}
"""Every rule by its name."""


class Finding(msgspec.Struct, frozen=True):
    """What a rule has found in a feed; `hurts` is whom, and how."""

    rule: str
    what: str

    @property
    def hurts(self) -> str:
        """Which reader it would hurt, and how."""
        return RULES[self.rule].hurts

    @property
    def severity(self) -> Severity:
        """How bad it is."""
        return RULES[self.rule].severity
