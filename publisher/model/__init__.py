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
from publisher.model.delivery import FINAL, Envelope, Recipient, Reply, State, Verdict
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
from publisher.model.words import fold, legal, no_controls, slugify, text_of

__all__ = [
    "FINAL",
    "Address",
    "Article",
    "Block",
    "Bodies",
    "Candidate",
    "Consent",
    "Edition",
    "Enclosure",
    "Envelope",
    "FeedSettings",
    "Hint",
    "Image",
    "Joined",
    "LeftOut",
    "Newsletter",
    "Plan",
    "Postal",
    "Publication",
    "Recipient",
    "Related",
    "RelatedSettings",
    "Rendition",
    "Reply",
    "Section",
    "SectionQuery",
    "Segment",
    "Slot",
    "SlotText",
    "Slotted",
    "Standing",
    "State",
    "Story",
    "Subscriber",
    "Suppression",
    "Verdict",
    "edition_id",
    "fold",
    "legal",
    "no_controls",
    "slugify",
    "text_of",
]
