"""What a text means, as a vector, by an embeddings model that lies on disk. Optional.

Two kinds of folder are understood: model2vec's and sentence-transformers'. Nothing is fetched.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from hashlib import blake2b
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from publisher.errors import PublisherError
from publisher.related.models import parts_of


class Meaning:
    """A model in a folder: see `Model`. It says how alike texts are, in whatever languages."""

    centred = False

    def __init__(self, folder: Path) -> None:
        """Take the model in a folder; raise PublisherError where there is none."""
        if not folder.is_dir():
            raise PublisherError(
                f"{folder} is no folder",
                why="[related] model names an embeddings model.",
                todo="Save one there, or take the key out.",
            )
        self._folder = folder
        self._encode: Callable[[list[str]], Any] | None = None
        files = sorted(path for path in folder.rglob("*") if path.is_file())
        sizes = [(path.relative_to(folder).as_posix(), path.stat().st_size) for path in files]
        self.key = blake2b(repr(sizes).encode(), digest_size=6).hexdigest()

    def vectors(self, texts: Sequence[str], language: str) -> list[bytes]:
        """Return a vector of length 1 for each text (0 for an empty one), whatever its language."""
        if self._encode is None:
            self._encode = _encoder(self._folder)
        found = np.asarray(self._encode([*map(_read, texts)]), np.float32)
        sizes = np.linalg.norm(found, axis=1, keepdims=True)
        rows: NDArray[np.float16] = (found / np.maximum(sizes, 1e-9)).astype(np.float16)
        return [row.tobytes() for row in rows]


def _read(text: str) -> str:
    return "\n".join(filter(None, parts_of(text)))


def _encoder(folder: Path) -> Callable[[list[str]], Any]:
    modules = folder / "modules.json"  # model2vec saves one too, of a single static module
    is_transformer = modules.exists() and b"StaticEmbedding" not in modules.read_bytes()
    os.environ.setdefault("HF_HUB_OFFLINE", "1")  # what is not on disk is not looked for elsewhere
    try:
        if is_transformer:
            from sentence_transformers import SentenceTransformer

            model: Any = SentenceTransformer(str(folder))
        else:
            from model2vec import StaticModel

            model = StaticModel.from_pretrained(str(folder))
    except ImportError:
        extra = "sentence-transformers" if is_transformer else "publisher[embeddings]"
        raise PublisherError(
            "the embeddings model cannot be read: its library is not installed",
            todo=f"pip install '{extra}', or take `model` out of [related].",
        ) from None
    except Exception as error:  # each library has errors of its own
        raise PublisherError(
            f"{folder} holds no embeddings model that can be read: {error}",
            todo="Save one there with model2vec, or take `model` out of [related].",
        ) from None
    encode: Callable[[list[str]], Any] = model.encode
    return encode
