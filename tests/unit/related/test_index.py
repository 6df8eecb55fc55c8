"""The index: the same answers whatever the order of arrival, and bytes on disk left alone."""

import os
import random
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule
from msgspec.structs import replace

from publisher.errors import StateUnavailable
from publisher.model import RelatedSettings
from publisher.related import Index, RelatedStories
from tests.unit.related.test_related import ARCHIVE, NOON, SEED, body, story

ANY = RelatedSettings(minimum=0.0)


def texts(seed=1):
    """Words of a small language, so that articles share some."""
    rng = random.Random(seed)
    return [" ".join(rng.choices([f"w{n * n // 7}" for n in range(60)], k=40)) for _ in range(12)]


TEXTS = texts()


def answers(articles, index, bodies, settings_=ANY):
    stories = RelatedStories(articles, index, settings_)
    return {
        article.id: stories.of(article, 9, at=[NOON + timedelta(days=99)]) for article in articles
    }


class Archive(RuleBasedStateMachine):
    """An index fed one article at a time, beside one that is built at once."""

    def __init__(self):
        super().__init__()
        self.index, self.articles, self.text, self.made = Index(None), {}, {}, 0

    def _update(self):
        self.index.update(list(self.articles.values()), lambda one: self.text[one.id])

    @rule(
        text=st.sampled_from(TEXTS),
        days=st.integers(0, 9),
        language=st.sampled_from(["en", "de", "en-GB"]),
    )
    def add(self, text, days, language):
        self.made += 1
        article = story(f"n{self.made}", days, language, title=" ".join(text.split()[:3]))
        self.articles[article.id], self.text[article.id] = article, text
        self._update()

    @rule(text=st.sampled_from(TEXTS), nth=st.integers(0, 99))
    def edit(self, text, nth):
        if self.articles:
            name = sorted(self.articles)[nth % len(self.articles)]
            self.made += 1
            self.articles[name] = self.articles[name].but(version=f"v{self.made}")
            self.text[name] = text
            self._update()

    @rule(nth=st.integers(0, 99))
    def rename(self, nth):
        if self.articles:
            name = sorted(self.articles)[nth % len(self.articles)]
            self.made += 1
            url = f"https://x.example/r{self.made}/"
            self.articles[name] = self.articles[name].but(path=f"r{self.made}.md", url=url)
            self._update()

    @rule(nth=st.integers(0, 99))
    def remove(self, nth):
        if self.articles:
            del self.articles[sorted(self.articles)[nth % len(self.articles)]]
            self._update()

    @invariant()
    def it_answers_as_one_that_was_built_at_once(self):
        articles = list(self.articles.values())
        bulk = Index(None)
        bulk.update(
            sorted(articles, key=lambda one: one.id, reverse=True), lambda one: self.text[one.id]
        )
        assert answers(articles, self.index, self.text) == answers(articles, bulk, self.text)
        bulk.close()

    def teardown(self):
        self.index.close()


def test_reasons_do_not_depend_on_the_order_in_which_texts_were_indexed():
    """Words of one weight stand beside several others: which of these are named is their own."""
    first = (
        "w9 w357 w289 w32 w120 w96 w217 w315 w3 w0 w357 w89 w289 w0 w96 w264 w24 w448 w416 w0 "
        "w0 w146 w448 w69 w20 w89 w0 w24 w96 w120 w24 w24 w24 w104 w41 w0 w357 w155 w206 w17"
    )
    both = (
        "w497 w371 w7 w51 w264 w252 w448 w89 w343 w228 w46 w175 w386 w357 w128 w175 w0 w28 w315 w82 "
        "w14 w146 w252 w228 w69 w96 w128 w302 w137 w75 w120 w0 w0 w252 w480 w175 w75 w14 w128 w480"
    )
    one, other = story("n1", title="w9 w357 w289"), story("n2", 1, title="w497 w371 w7")
    texts = {one.id: first, other.id: both}
    fed = Index(None)
    fed.update([one], lambda one: texts[one.id])
    fed.update([one, other], lambda one: texts[one.id])
    texts[one.id], one = both, one.but(version="2")
    fed.update([one, other], lambda one: texts[one.id])
    bulk = Index(None)
    bulk.update([other, one], lambda one: texts[one.id])
    assert answers([one, other], fed, texts) == answers([one, other], bulk, texts)


Archive.TestCase.settings = settings(max_examples=25, stateful_step_count=12)
TestArchive = pytest.mark.slow(Archive.TestCase)


@pytest.mark.slow
@settings(max_examples=15)
@given(st.permutations(range(len(ARCHIVE))), st.integers(1, 9))
def test_fed_in_any_order_and_in_any_portions_an_index_answers_as_one_fed_at_once(order, batch):
    shuffled = [ARCHIVE[n] for n in order]
    index = Index(None)
    for end in range(batch, len(shuffled) + batch, batch):
        index.update([*shuffled[:end], SEED], body)
    bulk = Index(None)
    bulk.update([*ARCHIVE, SEED], body)
    every = [*ARCHIVE, SEED]
    assert answers(every, index, body) == answers(every, bulk, body)


@settings(max_examples=40)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(TEXTS),
            st.integers(0, 5),
            st.sampled_from(["en", "de"]),
            st.sampled_from(["", "draft", "embargo", "expired"]),
        ),
        min_size=2,
        max_size=14,
    )
)
def test_never_itself_a_later_one_a_hidden_one_a_foreign_one_or_one_twice(made):
    keys = {
        "": {},
        "draft": {"draft": True},
        "embargo": {"embargo": NOON + timedelta(days=200)},
        "expired": {"expires": NOON - timedelta(days=20)},
    }
    articles = [
        story(f"n{n}", days, language, **keys[kind])
        for n, (_, days, language, kind) in enumerate(made)
    ]
    text = {article.id: one[0] for article, one in zip(articles, made, strict=True)}
    index = Index(None)
    index.update(articles, lambda one: text[one.id])
    at = NOON + timedelta(days=99)
    for article, shown in answers(articles, index, text).items():
        own = next(one for one in articles if one.id == article)
        ids = [one.article.id for one in shown]
        assert len(ids) == len(set(ids))
        for one in shown:
            assert one.article.id != article
            assert one.article.published < own.published
            assert one.article.language == own.language
            assert not one.article.hidden(at)
    index.close()


def test_an_unrelated_article_changes_no_block_by_more_than_a_rank():
    before, after = Index(None), Index(None)
    stranger = story("stranger", 0.5)
    other = "<p>basalt geyser magma tephra caldera</p>"
    before.update(ARCHIVE, body)
    after.update([*ARCHIVE, stranger], lambda one: other if one is stranger else body(one))
    old = answers(ARCHIVE, before, body)
    new = answers([*ARCHIVE, stranger], after, body)
    for article in ARCHIVE:
        ids = [one.article.id for one in old[article.id]]
        now = [one.article.id for one in new[article.id]]
        assert set(ids) == set(now)
        assert all(abs(ids.index(one) - now.index(one)) <= 1 for one in ids)


def test_an_index_on_disk_is_kept_and_read_without_being_written(tmp_path):
    path = tmp_path / "related.db"
    first = Index(path)
    assert first.update([*ARCHIVE, SEED], body) == len(ARCHIVE) + 1
    wanted = answers([*ARCHIVE, SEED], first, body)
    first.close()
    before = path.read_bytes()
    looking = Index(path, readonly=True)
    assert looking.update([*ARCHIVE, SEED], body) == 0
    assert answers([*ARCHIVE, SEED], looking, body) == wanted
    newer = SEED.but(version="2")
    assert looking.update([*ARCHIVE[1:], newer], body) == 2
    fresh = Index(None)
    fresh.update([*ARCHIVE[1:], newer], body)
    assert answers([*ARCHIVE[1:], newer], looking, body) == answers(
        [*ARCHIVE[1:], newer], fresh, body
    )
    looking.close()
    assert path.read_bytes() == before


def test_an_edited_article_costs_the_work_of_one(tmp_path):
    index = Index(tmp_path / "related.db")
    index.update([*ARCHIVE, SEED], body)
    read = []
    edited = [*ARCHIVE, SEED.but(version="2")]
    assert index.update(edited, lambda one: read.append(one.slug) or body(one)) == 1
    assert read == ["harbour-seed"]
    assert index.update(edited, lambda one: read.append(one.slug) or body(one)) == 0
    assert read == ["harbour-seed"]


def test_words_of_articles_that_went_are_forgotten(tmp_path):
    index = Index(None)
    index.update([*ARCHIVE, SEED], body)
    index.update([], body)
    counts = [
        index._db.execute(f"SELECT count(*) FROM {table}").fetchone()[0]
        for table in ("docs", "texts", "words", "postings")
    ]
    assert counts == [0, 0, 0, 0]


@pytest.mark.parametrize("broken", [b"not a database at all" * 99, b""])
def test_a_damaged_index_is_made_again(tmp_path, broken):
    path = tmp_path / "related.db"
    path.write_bytes(broken)
    index = Index(path)
    assert index.update([*ARCHIVE, SEED], body) == len(ARCHIVE) + 1
    assert answers([*ARCHIVE, SEED], index, body)[SEED.id]
    index.close()


@pytest.mark.parametrize("readonly", [False, True])
def test_pages_of_noise_in_an_index_are_found_out_and_nothing_is_lost(tmp_path, readonly):
    path = tmp_path / "related.db"
    index = Index(path)
    index.update([*ARCHIVE, SEED], body)
    wanted = answers([*ARCHIVE, SEED], index, body)
    index.close()
    data = bytearray(path.read_bytes())
    noise = random.Random(3)
    data[8192 : 6 * 8192] = noise.randbytes(5 * 8192)
    path.write_bytes(data)
    index = Index(path, readonly=readonly)
    index.update([*ARCHIVE, SEED], body)
    assert answers([*ARCHIVE, SEED], index, body) == wanted
    assert index.damage
    index.close()
    assert not readonly or path.read_bytes() == bytes(data)


def test_an_index_of_an_older_format_is_made_anew_and_nothing_is_said(tmp_path):
    path = tmp_path / "related.db"
    with closing(sqlite3.connect(path)) as older:
        older.executescript(
            "CREATE TABLE postings (word INTEGER, first INTEGER, docs BLOB, "
            "PRIMARY KEY (word, first)) WITHOUT ROWID;"
            "INSERT INTO postings VALUES (1, 1, x'01000000');"
            "CREATE TABLE texts (doc INTEGER PRIMARY KEY, words BLOB, links BLOB, meaning BLOB);"
            "PRAGMA user_version = 5"
        )
    looking, index = Index(path, readonly=True), Index(path)
    for one in (looking, index):
        assert one.update([*ARCHIVE, SEED], body) == len(ARCHIVE) + 1
    assert answers([*ARCHIVE, SEED], looking, body) == answers([*ARCHIVE, SEED], index, body)
    assert (looking.damage, index.damage) == ("", "")
    looking.close()
    index.close()


def test_an_article_of_many_is_put_in_and_taken_out_of_the_rows_of_its_words():
    articles = [story(f"n{n}", n) for n in range(1300)]  # a word of all has more than one row
    index = Index(None)
    index.update(articles[:900], lambda one: f"every one {one.slug}")
    index.update(articles, lambda one: f"every one {one.slug}")
    index.update([*articles[:450], *articles[1100:]], lambda one: f"every one {one.slug}")
    held = "SELECT docs FROM postings WHERE place BETWEEN word << 32 AND (word + 1 << 32) - 1"
    rows = index._db.execute(
        f"SELECT docs, (SELECT group_concat(hex(docs), '') FROM ({held} ORDER BY place)) FROM words"
    ).fetchall()
    assert {docs for docs, _ in rows} >= {1, 650}
    for docs, listed in rows:
        numbers = np.frombuffer(bytes.fromhex(listed), np.uint32)
        assert len(numbers) == docs
        assert (np.diff(numbers) > 0).all()
    index.close()


DAMAGES = [
    "DELETE FROM texts",
    "DELETE FROM words",
    "DELETE FROM postings",
    "UPDATE texts SET words = x'01'",
    "UPDATE texts SET words = 'text'",
    "UPDATE texts SET words = x'ffffffff'",
    "UPDATE texts SET links = x'01'",
    "UPDATE postings SET docs = x'ffffff7f'",
    "UPDATE postings SET docs = 'text'",
    "UPDATE words SET docs = 0",
    "UPDATE words SET docs = -9223372036854775808",
    "UPDATE words SET docs = 'many'",
    "UPDATE words SET text = x'00' || text",
    "UPDATE docs SET doc = 9000000000000000000 WHERE doc = 1",
    "UPDATE docs SET doc = -doc",
    "UPDATE docs SET length = 0",
    "UPDATE docs SET length = 'long'",
    "UPDATE docs SET published = 'yesterday'",
    "UPDATE docs SET address = 'home'",
    "UPDATE docs SET language = x'ff'",
    "DROP TABLE texts",
    "ALTER TABLE texts RENAME COLUMN words TO others",
    "ALTER TABLE docs DROP COLUMN address",
]


@pytest.mark.parametrize("readonly", [False, True])
@pytest.mark.parametrize("damage", DAMAGES)
def test_whatever_is_done_to_an_index_it_answers_and_is_made_anew(tmp_path, damage, readonly):
    path = tmp_path / "related.db"
    index = Index(path)
    index.update([*ARCHIVE, SEED], body)
    wanted = index.near(SEED, ANY).ids
    index._db.execute(damage)
    index._db.commit()
    index.close()
    found = Index(path, readonly=readonly)
    found.update([*ARCHIVE, SEED], body)
    near = found.near(SEED, ANY)
    assert near is not None
    if found.damage:  # else it was harmless, or nobody could tell
        assert near.ids == wanted
    found.close()


def test_an_index_that_is_damaged_while_it_is_asked_answers_all_the_same(tmp_path):
    index = Index(tmp_path / "related.db")
    index.update([*ARCHIVE, SEED], body)
    wanted = index.near(SEED, ANY).ids
    with closing(sqlite3.connect(tmp_path / "related.db")) as another:
        another.execute("DELETE FROM texts")
        another.commit()
    assert index.near(SEED, ANY).ids == wanted
    assert index.damage == "an article has no text"
    assert Index(tmp_path / "related.db").update([*ARCHIVE, SEED], body) == 0


@pytest.mark.parametrize("readonly", [False, True])
@pytest.mark.parametrize("make", [os.mkfifo, Path.mkdir, lambda path: path.symlink_to("/dev/full")])
def test_what_is_no_file_in_the_place_of_an_index_is_waited_for_by_nobody(tmp_path, make, readonly):
    path = tmp_path / "related.db"
    make(path)
    index = Index(path, readonly=readonly)
    assert index.update([*ARCHIVE, SEED], body) == len(ARCHIVE) + 1
    assert index.near(SEED, ANY).ids
    assert "no file" in index.damage
    index.close()
    assert path.is_file() != readonly


def test_a_file_that_somebody_died_writing_is_read_around_by_those_who_only_look(tmp_path):
    path = tmp_path / "related.db"
    index = Index(path)
    index.update([*ARCHIVE, SEED], body)
    wanted = answers([*ARCHIVE, SEED], index, body)
    index._db.execute("PRAGMA cache_size = 1")
    index._db.execute("UPDATE texts SET words = words || x'00000000'")
    for ending in ("", "-journal"):
        (tmp_path / f"died.db{ending}").write_bytes((tmp_path / f"related.db{ending}").read_bytes())
    index._db.rollback()
    index.close()
    looking = Index(tmp_path / "died.db", readonly=True)
    looking.update([*ARCHIVE, SEED], body)
    assert answers([*ARCHIVE, SEED], looking, body) == wanted
    assert (tmp_path / "died.db-journal").exists()


def test_one_who_looks_sees_what_another_has_written_since(tmp_path):
    path = tmp_path / "related.db"
    writer = Index(path)
    writer.update([*ARCHIVE, SEED], body)
    looking = Index(path, readonly=True)
    looking.update([*ARCHIVE, SEED], body)
    before = looking.near(SEED, ANY).ids
    writer.update([one.but(version="2") for one in ARCHIVE[1:]] + [SEED], body)
    after = looking.near(SEED, ANY).ids
    assert set(before) - set(after) == {ARCHIVE[0].id}
    looking.close()
    writer.close()


def test_threads_may_ask_at_the_same_time():
    index = Index(None)
    index.update([*ARCHIVE, SEED], body)
    wanted = index.near(SEED, ANY).ids
    with ThreadPoolExecutor(8) as threads:
        found = list(threads.map(lambda _: index.near(SEED, ANY).ids, range(200)))
    assert found == [wanted] * 200


def test_two_who_write_at_once_do_the_work_once(tmp_path):
    path = tmp_path / "related.db"
    first, second = Index(path), Index(path)
    met = []

    def meanwhile(article):
        if not met:
            met.append(second.update([*ARCHIVE, SEED], body))
        return body(article)

    # The second comes between the first's look and its writing.
    changes = first._changes
    first._changes = lambda articles: meanwhile(ARCHIVE[0]) and changes(articles)
    first.update([*ARCHIVE, SEED], body)
    assert met == [len(ARCHIVE) + 1]
    assert answers([*ARCHIVE, SEED], first, body) == answers([*ARCHIVE, SEED], second, body)


@pytest.mark.slow
def test_of_articles_with_thousands_of_words_the_order_of_arrival_does_not_matter():
    def wide(one):
        rng = random.Random(one.id)
        return " ".join(rng.sample([f"v{n}" for n in range(6000)], 3500))

    articles = [story(f"wide-{n}", n, title=f"Wide {n}") for n in range(12)]
    forward, backward = Index(None), Index(None)
    forward.update(articles, wide)
    for one in range(12, 0, -1):
        backward.update(articles[one - 1 :], wide)
    assert answers(articles, forward, wide) == answers(articles, backward, wide)


def test_links_between_earlier_articles_raise_what_they_lead_to():
    plain = Index(None)
    plain.update([*ARCHIVE, SEED], body)
    linked = Index(None)
    link = '<a class="x" href="https://x.example/harbour-3?utm=1#top">see</a>'
    citing = ("harbour-0", "harbour-1", "harbour-2")
    linked.update([*ARCHIVE, SEED], lambda one: body(one) + (link if one.slug in citing else ""))

    def found(index):
        one = RelatedStories([*ARCHIVE, SEED], index, ANY).of(SEED, 9, at=[NOON])
        return {r.article.slug: r for r in one}

    assert found(plain)["harbour-3"].cited == 0
    assert found(linked)["harbour-3"].cited == 3
    assert found(linked)["harbour-3"].score > found(plain)["harbour-3"].score


def test_articles_of_other_languages_are_found_where_they_may_be():
    foreign = [story(f"harbour-{n}", n - 6, "de", title="Harbour") for n in (7, 8)]
    others = [one for one in ARCHIVE if not one.slug.startswith("harbour")]
    articles = [*others, *foreign, *(story(f"kitchen-{n}", n + 1, "de") for n in range(4, 8)), SEED]
    index = Index(None)
    index.update(articles, body)

    def ids(settings_):
        stories = RelatedStories(articles, index, settings_)
        return [r.article.id for r in stories.of(SEED, 9, at=[NOON])]

    assert not {one.id for one in foreign} & set(ids(ANY))
    assert {one.id for one in foreign} <= set(ids(replace(ANY, languages="any")))


def test_an_article_of_a_hundred_thousand_words_is_indexed_by_its_beginning():
    long = story("long", 1, title="Long")
    words = " ".join(f"w{n % 9000}" for n in range(100_000))
    index = Index(None)
    articles = [*ARCHIVE, long, SEED]
    index.update(articles, lambda one: f"<p>{words}</p>" if one is long else body(one))
    assert RelatedStories(articles, index, ANY).of(long, 5, at=[NOON]) is not None
    size = index._db.execute("SELECT max(length(words)) FROM texts").fetchone()[0]
    assert size <= 4 * (10_000 + 20)


def test_a_full_disk_is_told_in_our_own_words_and_nothing_is_taken_for_damaged(tmp_path):
    index = Index(tmp_path / "related.db")
    pages = index._db.execute("PRAGMA page_count").fetchone()[0]
    index._db.execute(f"PRAGMA max_page_count = {pages}")
    with pytest.raises(StateUnavailable, match="disk is full"):
        words = " ".join(f"word{n}" for n in range(9000))
        index.update([*ARCHIVE, SEED], lambda one: f"<p>{words}</p>")
    assert index.damage == ""
