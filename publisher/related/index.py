"""The archive's index: finds earlier articles by their words."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import Lock

import msgspec
import numpy as np

from publisher import disposable
from publisher.disposable import Damaged, told
from publisher.errors import StateUnavailable
from publisher.model import Article, Bodies, RelatedSettings
from publisher.related import writing
from publisher.related.arrays import Floats, Ints
from publisher.related.candidates import recent
from publisher.related.database import keep_for_writing, looked_at, opened, own_copy, version
from publisher.related.docs import number_of
from publisher.related.likeness import Likeness
from publisher.related.matching import Together
from publisher.related.meaning import Meaning
from publisher.related.reading import Batch, batches
from publisher.related.snapshot import Snapshot
from publisher.related.terms import language_of

Reader = Callable[[Sequence[Article], Bodies, bool], Iterable[Batch]]
"""Reads articles, each with its body, and for a model or not: see `batches`."""

_UNFIT = (ArithmeticError, LookupError)  # of numbers that lead nowhere


class Near(msgspec.Struct, frozen=True):
    """The articles whose words are most like one's, best first, and how alike they are.

    `ids` are the candidates', then others that were asked for, from `extra` on; `asked` are the
    places of all that were asked for. `recent` is what an article's age leaves of its score, 0 to
    1; `cites` are (n, m): the n-th candidate's text links to the m-th. `meaning` is how alike a
    model finds them, 0 to 1, where there is one; `linked` are those that the article links to;
    `texts` are the article's own as the index has it, and theirs behind it.
    """

    ids: Sequence[str]
    extra: int
    likeness: Likeness
    recent: Floats
    cites: Sequence[tuple[int, int]]
    texts: Together
    asked: frozenset[int] = frozenset()
    meaning: Floats | None = None
    linked: frozenset[int] = frozenset()


class Index:
    """Finds earlier articles by their words."""

    def __init__(
        self, path: Path | None, *, readonly: bool = False, model: Meaning | None = None
    ) -> None:
        """Open the index at `path`, or a passing one; `readonly` leaves the file as it is."""
        self._path, self._readonly, self._model, self._seen = path, readonly, model, 0
        self._known: Snapshot | None = None
        self._turn = Lock()  # threads of a service ask one after the other
        self._given: tuple[Sequence[Article], Bodies] = ((), lambda _: "")
        self.damage = ""
        try:
            with told(*_UNFIT):
                self._db = looked_at(path) if readonly else opened(path)
        except Damaged as error:
            self._begin_anew(str(error))

    def update(
        self,
        articles: Sequence[Article],
        body: Bodies,
        progress: Callable[[str, int, int], None] = lambda *_: None,
        read: Reader = batches,
    ) -> int:
        """Bring the index up to the archive; return how many articles that took.

        One transaction: another process sees all of it or nothing. Raises StateUnavailable.
        `read` does what `batches` does.
        """
        self._given = articles, body
        with self._turn:
            try:
                with told(*_UNFIT):
                    return self._updated(articles, body, progress, read)
            except StateUnavailable as error:
                if not self._readonly:
                    raise
                self._begin_anew(error.said)
            except Damaged as error:
                self._begin_anew(str(error))
            return self._made_anew(progress)

    def _made_anew(self, progress: Callable[[str, int, int], None] = lambda *_: None) -> int:
        """Fill an empty index; in memory, where that cannot be on the disk."""
        try:
            with told(*_UNFIT):
                return self._updated(*self._given, progress)
        except Damaged:
            self._db.close()
            self._db = opened(None)
            return self._updated(*self._given, progress)

    def _updated(
        self,
        articles: Sequence[Article],
        body: Bodies,
        progress: Callable[[str, int, int], None],
        read: Reader = batches,
    ) -> int:
        seen = version(self._db)
        old, fresh = self._changes(articles)
        if not old and not fresh:
            return 0
        if self._readonly:
            self._own_copy()
        self._known = None
        keep_for_writing(self._db)
        self._db.execute("BEGIN IMMEDIATE")
        with self._db:
            if version(self._db) != seen:  # another process was faster
                old, fresh = self._changes(articles)
            writing.remove(self._db, sorted(old.values()))
            done = 0
            for batch in read(fresh, body, self._model is not None):
                writing.add(self._db, batch, self._stamp, self._meanings(batch))
                done += len(batch.read)
                progress("Indexing for related stories", done, len(fresh))
        return len(old.keys() | {article.id for article in fresh})

    def _changes(self, articles: Sequence[Article]) -> tuple[dict[str, int], list[Article]]:
        """What is to be taken out, by id, and what is to be added."""
        wanted = {article.id: article for article in articles}
        old = {}
        for name, stamp, doc in self._db.execute("SELECT id, stamp, doc FROM docs"):
            if name in wanted and self._stamp(wanted[name]) == stamp:
                del wanted[name]
            else:
                old[name] = doc
        return old, list(wanted.values())

    def near(
        self, article: Article, settings: RelatedSettings, extra: Sequence[str] = ()
    ) -> Near | None:
        """Return the earlier articles that are most like one, None where nothing can be.

        Ties go to the newer article, then by id. `extra` are ids to compare it with in any case.
        Where the file turns out to be damaged, it is made anew of what it was last brought up to.
        """
        with self._turn:
            try:
                with told(*_UNFIT), self._one_state():
                    return self._near(article, settings, extra)
            except Damaged as error:
                self._begin_anew(str(error))
            self._made_anew()
            with told(*_UNFIT), self._one_state():
                return self._near(article, settings, extra)

    def _near(
        self, article: Article, settings: RelatedSettings, extra: Sequence[str]
    ) -> Near | None:
        known, doc = self._snapshot, number_of(self._db, article.id)
        if doc is None:
            return None
        everywhere = settings.languages == "any"
        ((_, words, links, meaning),) = known.texts.of([doc])
        own, aliases = known.words(words, language_of(article.language), everywhere=everywhere)
        docs = known.candidates.of(article, own, aliases, settings)
        near = len(docs)
        names = dict.fromkeys(extra)  # a translation may be asked for by itself as well
        asked = [one for name in names if (one := number_of(self._db, name)) is not None]
        docs += [one for one in asked if one not in docs and one != doc]
        texts = known.texts.of(docs)
        together = Together.of([words, *(one.words for one in texts)])
        addresses = known.docs.address[docs]
        return Near(
            ids=[one.id for one in texts],
            extra=near,
            asked=frozenset(docs.index(one) for one in asked if one in docs),
            likeness=Likeness(own, together, len(docs) - near, aliases),
            recent=recent(known.docs, article, docs, settings),
            cites=_cites(addresses[:near], [one.links for one in texts[:near]]),
            meaning=_alike(meaning, [one.meaning for one in texts]),
            linked=frozenset(_among(addresses, links)),
            texts=together,
        )

    def holds(self, name: str) -> bool:
        """Whether an article is in it, by its id."""
        with self._turn, told(*_UNFIT), self._one_state():
            return number_of(self._db, name) is not None

    def body(self, article: Article) -> str:
        """Return the body of one of the articles that it was last brought up to."""
        return self._given[1](article)

    def close(self) -> None:
        """Let go of the file."""
        self._db.close()

    # Asking

    @property
    def _snapshot(self) -> Snapshot:
        """What is known of the state of the file that was looked at first."""
        if self._known is None:
            self._known = Snapshot(self._db)
        return self._known

    @contextmanager
    def _one_state(self) -> Iterator[None]:
        """Read one state of the file, whatever another process writes meanwhile."""
        self._db.execute("BEGIN")
        try:
            seen = version(self._db)
            if seen != self._seen:
                self._known = None
                self._seen = seen
            yield
        finally:
            self._db.rollback()

    # Writing

    def _stamp(self, article: Article) -> str:
        model = self._model.key if self._model else ""
        return (
            f"{article.version} {article.published.timestamp()} {article.language} {article.url} "
            f"{model}"
        )

    def _own_copy(self) -> None:
        """Go on with a copy of the file that nobody else sees, and that goes when we do."""
        self._db, self._readonly = own_copy(self._db), False

    def _begin_anew(self, why: str) -> None:
        """Go on with an empty index: the file cannot be read, and all in it can be made again.

        Where even that cannot be, with a passing one.
        """
        self.damage = self.damage or why
        if hasattr(self, "_db"):
            self._db.close()
        self._known = None
        try:
            with told(*_UNFIT):
                if self._path and not self._readonly:
                    disposable.make_way(self._path)
                self._db = opened(None if self._readonly else self._path)
        except Damaged:
            self._db = opened(None)
        self._readonly = False

    def _meanings(self, batch: Batch) -> list[bytes]:
        if self._model is None:
            return [b""] * len(batch.read)
        found = self._model.vectors([one.beginning for one in batch.read])
        return [row.tobytes() for row in found]


def _cites(addresses: Ints, links: Sequence[bytes]) -> list[tuple[int, int]]:
    """Return (n, m) where one of the n-th's links is the m-th's address."""
    wanted = np.frombuffer(b"".join(links), np.int64)
    if not len(wanted):
        return []
    source = np.repeat(np.arange(len(links)), [len(one) // 8 for one in links])
    order = np.argsort(addresses, kind="stable")
    place = np.minimum(np.searchsorted(addresses[order], wanted), len(order) - 1)
    hits = np.flatnonzero(addresses[order][place] == wanted)
    return list(zip(source[hits].tolist(), order[place[hits]].tolist(), strict=True))


def _among(addresses: Ints, links: bytes) -> list[int]:
    """Return the places of the addresses that are linked to."""
    wanted = {*np.frombuffer(links, np.int64).tolist()}
    return [n for n, one in enumerate(addresses.tolist()) if one in wanted] if wanted else []


def _alike(own: bytes, others: Sequence[bytes]) -> Floats | None:
    """Return the cosine of one vector and others, at least 0, in whole millionths."""
    if not own or any(len(other) != len(own) for other in others):
        return None
    rows = np.frombuffer(b"".join(others), np.float16).reshape(len(others), -1)
    product = rows.astype(np.float64) * np.frombuffer(own, np.float16).astype(np.float64)
    alike: Floats = np.maximum(np.round(product.sum(1), 6), 0.0)
    return alike
