"""The embeddings model in the package wordllama: a vector for each piece of a word. Optional.

Its two files are read where pip put them. Its own loader looks for one of them in another folder,
and fetches it.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from hashlib import blake2b
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from publisher.errors import PublisherError
from publisher.related.models import PACKAGED, PACKAGED_LANGUAGE, parts_of

_WEIGHTS = "weights/l2_supercat_256.safetensors"
_TOKENIZER = "tokenizers/l2_supercat_tokenizer_config.json"
_WORDS = 200  # of a body: what a story is about is said at its beginning
_FORM = 1  # raise it whenever the same text would give another vector


class PackagedModel:
    """The mean of the vectors of a text's pieces: of the title, and of the title with the first
    words of the body, as much of one as of the other.
    """

    centred = True

    def __init__(self) -> None:
        """Take the model where it is installed; raise PublisherError where it is not."""
        spec = find_spec(PACKAGED)
        folder = Path(next(iter(spec.submodule_search_locations or ()), "")) if spec else Path()
        self._weights, self._pieces = folder / _WEIGHTS, folder / _TOKENIZER
        if not (spec and self._weights.is_file() and self._pieces.is_file()):
            raise PublisherError(
                f"the embeddings model {PACKAGED} is not installed",
                why="[related] model names it.",
                todo="pip install 'publisher[meaning]', or take `model` out of [related].",
            )
        sizes = [path.stat().st_size for path in (self._weights, self._pieces)]
        told = f"{PACKAGED} {_FORM} {sizes}"
        self.key = blake2b(told.encode(), digest_size=6).hexdigest()

    def vectors(self, texts: Sequence[str], language: str) -> list[bytes]:
        """Return a vector for each English text, b"" of any other."""
        if language != PACKAGED_LANGUAGE:
            return [b""] * len(texts)
        return [self._vector(*parts_of(text)) for text in texts]

    def _vector(self, title: str, _: str, body: str) -> bytes:
        beginning = " ".join(body.split()[:_WORDS])
        both = unit(self._mean(title)) + unit(self._mean(f"{title}. {beginning}"))
        found: NDArray[np.float16] = unit(both).astype(np.float16)
        return found.tobytes()

    def _mean(self, text: str) -> NDArray[np.float64]:
        rows, tokenizer = self._opened
        pieces = [n for n in tokenizer.encode(text, add_special_tokens=False).ids if n < len(rows)]
        if not pieces:
            return np.zeros(rows.shape[1])
        mean: NDArray[np.float64] = rows[pieces].astype(np.float64).mean(0)
        return mean

    @cached_property
    def _opened(self) -> tuple[NDArray[np.float16], Any]:
        """The vectors of all pieces, and what parts a text into pieces."""
        from safetensors.numpy import load_file
        from tokenizers import Tokenizer

        try:
            (rows,) = load_file(self._weights).values()
            tokenizer: Any = Tokenizer.from_file(str(self._pieces))
        except Exception as error:  # each library has errors of its own
            raise PublisherError(
                f"the embeddings model {PACKAGED} cannot be read: {error}",
                todo="pip install --force-reinstall wordllama",
            ) from None
        tokenizer.no_padding()
        tokenizer.no_truncation()
        return rows, tokenizer


def unit(vectors: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return vectors, one or rows of them, of length 1; what has none stays."""
    sizes = np.linalg.norm(vectors, axis=-1, keepdims=True)
    found: NDArray[np.float64] = vectors / np.maximum(sizes, 1e-9)
    return found
