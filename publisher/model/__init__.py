"""The nouns of the field: frozen, keyword-only, standard library only, aware UTC datetimes."""

from publisher.model.article import Article, Bodies, Enclosure, Hint, Image
from publisher.model.audience import (
    Address,
    Candidate,
    Consent,
    Joined,
    Standing,
    Subscriber,
    Suppression,
)
from publisher.model.edition import (
    Block,
    Edition,
    LeftOut,
    Plan,
    Related,
    Section,
    Story,
    edition_id,
)
from publisher.model.publication import (
    FeedSettings,
    Newsletter,
    Postal,
    Publication,
    RelatedSettings,
    SectionQuery,
    Segment,
)
from publisher.model.rendition import Rendition, Slotted, SlotText
from publisher.model.slot import Slot
from publisher.model.words import fold, legal, slugify, text_of

__all__ = [
    "Address",
    "Article",
    "Block",
    "Bodies",
    "Candidate",
    "Consent",
    "Edition",
    "Enclosure",
    "FeedSettings",
    "Hint",
    "Image",
    "Joined",
    "LeftOut",
    "Newsletter",
    "Plan",
    "Postal",
    "Publication",
    "Related",
    "RelatedSettings",
    "Rendition",
    "Section",
    "SectionQuery",
    "Segment",
    "Slot",
    "SlotText",
    "Slotted",
    "Standing",
    "Story",
    "Subscriber",
    "Suppression",
    "edition_id",
    "fold",
    "legal",
    "slugify",
    "text_of",
]
