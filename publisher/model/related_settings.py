"""What `[related]` declares."""

from __future__ import annotations

from datetime import timedelta

from publisher.model.declared import Settings
from publisher.model.declared import key as _key


class RelatedSettings(Settings, frozen=True, kw_only=True):
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
    weight_age: float = _key("How much of a score depends on recency, 0 to 1.", 0.5)
