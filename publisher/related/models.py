"""Embeddings models: what one reads of an article, and which one a publication names."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Protocol

BEGINNING = 4_000
"""Characters of a body: models read no further."""

PACKAGED = "wordllama"
"""The model that comes in a package of its own, and is named so."""

PACKAGED_LANGUAGE = "en"
"""The one that it knows: of others too little, so that it would keep out what is related."""

ENOUGH = 100
"""Articles of a language that a centred model asks for: the mean of a few is that of what they are
about.
"""


class Model(Protocol):
    """A model that makes vectors of texts; `key` names it, so that vectors of another one are
    never compared with its own.

    What one that is `centred` makes says what a text is about beside the other texts of the
    archive; of any other it says how alike two texts are.
    """

    @property
    def key(self) -> str: ...
    @property
    def centred(self) -> bool: ...

    def vectors(self, texts: Sequence[str], language: str) -> list[bytes]:
        """Return a vector (float16) for each text of a language (`en`), see `text_for_model`; b""
        of a language that it does not know.

        Raises PublisherError where the model cannot be read.
        """


def text_for_model(title: str, summary: str, body: str) -> str:
    """Return what models get to read of an article, in three parts; see `parts_of`."""
    return "\n".join((" ".join(title.split()), " ".join(summary.split()), body[:BEGINNING]))


def parts_of(text: str) -> tuple[str, str, str]:
    """Return title, summary and the beginning of the body of what a model gets to read."""
    title, summary, body = text.split("\n", 2)
    return title, summary, body


def has_packaged() -> bool:
    """Whether the packaged model is installed."""
    return find_spec(PACKAGED) is not None


def model_named(name: str, root: Path) -> Model:
    """Return the model that `[related] model` names: a folder below `root`, or the packaged one.

    Raises PublisherError where there is none.
    """
    if name == PACKAGED and not (root / name).exists():
        from publisher.related.packaged import PackagedModel

        return PackagedModel()
    from publisher.related.meaning import Meaning

    return Meaning(root / name)
