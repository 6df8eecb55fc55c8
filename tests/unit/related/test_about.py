"""What shares words and is about something else: kept out by a model, where there is one."""

import random
import sqlite3
import sys
from importlib.util import find_spec

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from publisher.errors import PublisherError
from publisher.model import RelatedSettings
from publisher.related import Index, RelatedStories, model_named
from publisher.related.about import about, forget, learn, mean_of
from publisher.related.models import parts_of, text_for_model
from publisher.related.packaged import PackagedModel
from tests.unit.related.test_related import NOON, body, story

wants_package = pytest.mark.skipif(
    find_spec("wordllama") is None, reason="no wordllama: pip install '.[meaning]'"
)


class Known:
    """A model that knows of each title whether it is about one thing, or its opposite."""

    key, centred = "known", True

    def __init__(self, told):
        self._told = told

    def vectors(self, texts, language):
        if language != "en":
            return [b""] * len(texts)
        return [self._vector(parts_of(text)[0]) for text in texts]

    def _vector(self, title):
        found = np.zeros(5)
        found[0 if title in self._told else 1 + len(title) % 4] = self._told.get(title, 1.0)
        return found.astype(np.float16).tobytes()


FILLERS = [story(f"school-{n}", 200 + n, title="x" * n) for n in range(99)]
SEED = story("harbour-0", title="seed")
NEAR = [story(f"harbour-{n}", n, title=f"near {n}") for n in (3, 4)]
APART = [story(f"harbour-{n}", n, title=f"apart {n}") for n in (5, 6)]
ABOUT = {"seed": 1.0, "near 3": 1.0, "near 4": 1.0, "apart 5": -1.0, "apart 6": -1.0}


def shown(articles, model, seed=SEED):
    index = Index(None, model=model)
    index.update(articles, body)
    stories = RelatedStories(articles, index, RelatedSettings())
    return stories, {one.article.title for one in stories.of(seed, 5, at=[NOON])}


def test_what_is_about_the_same_speaks_for_itself_and_what_is_not_must_share_more():
    articles = [*FILLERS, *NEAR, *APART, SEED]
    without, _ = shown(articles, None)
    known, _ = shown(articles, Known(ABOUT))

    def sure(stories, other):
        return stories.why(SEED, other, 5, at=[NOON]).judged.sure

    for other in NEAR:
        assert sure(known, other) > 5 * sure(without, other)
    for other in APART:
        assert sure(known, other) < sure(without, other) / 5


def test_what_is_about_something_else_stands_first_in_no_block():
    articles = [*FILLERS, *APART, SEED]
    assert shown(articles, None)[1] == {"apart 5", "apart 6"}
    stories, found = shown(articles, Known(ABOUT))
    assert not found
    why = stories.why(SEED, APART[0], 5, at=[NOON])
    assert why.place is None
    assert "it is about something else" in why.left_out


def test_an_archive_of_fewer_than_a_hundred_is_shown_as_without_a_model():
    articles = [*FILLERS[:80], *NEAR, *APART, SEED]
    assert shown(articles, Known(ABOUT))[1] == shown(articles, None)[1]


def test_other_languages_are_shown_as_without_a_model():
    articles = [one.but(language="de") for one in (*FILLERS, *NEAR, *APART, SEED)]
    assert shown(articles, Known(ABOUT), articles[-1])[1] == shown(articles, None, articles[-1])[1]


def test_an_index_fed_one_by_one_answers_as_one_built_at_once(tmp_path):
    articles = [*FILLERS, *NEAR, *APART, SEED]
    random.Random(3).shuffle(articles)
    path = tmp_path / "related.db"
    for size in (40, 41, 90, 20, len(articles)):  # some are taken out again on the way
        Index(path, model=Known(ABOUT)).update(articles[:size], body)
    index = Index(path, model=Known(ABOUT))
    assert index.update(articles, body) == 0
    one_by_one = RelatedStories(articles, index, RelatedSettings())
    at_once, _ = shown(articles, Known(ABOUT))
    for one in (*NEAR, SEED):
        assert one_by_one.of(one, 5, at=[NOON]) == at_once.of(one, 5, at=[NOON])


def test_an_index_that_had_a_model_is_read_by_who_has_none(tmp_path):
    articles, path = [*FILLERS, *NEAR, SEED], tmp_path / "related.db"
    Index(path, model=Known(ABOUT)).update(articles, body)
    index = Index(path, readonly=True)
    index.update(articles, body)
    assert not index.damage
    assert Index(path).update(articles, body) == len(articles)
    assert not sqlite3.connect(path).execute("SELECT * FROM means").fetchall()


@st.composite
def vectors(draw):
    number = st.floats(-1, 1, width=16)
    row = st.lists(number, min_size=3, max_size=3)
    rows = draw(st.lists(st.none() | row, min_size=1, max_size=8))
    return [b"" if one is None else np.array(one, np.float16).tobytes() for one in rows]


@given(vectors(), vectors(), st.randoms(use_true_random=False))
def test_the_mean_is_the_same_in_whatever_order_it_was_learnt(kept, gone, chance):
    kept = kept * 100  # enough to have a mean, where any is known
    straight, other = sqlite3.connect(""), sqlite3.connect("")
    learn(straight, "en", kept)
    learn(other, "en", gone)
    shuffled = chance.sample(kept, len(kept))
    learn(other, "en", shuffled[: len(kept) // 2])
    forget(other, "en", gone)
    learn(other, "en", shuffled[len(kept) // 2 :])
    one, two = mean_of(straight, "en"), mean_of(other, "en")
    assert (one is None) == (two is None) == (not any(kept))
    assert one is None or one.tolist() == two.tolist()


def test_of_what_no_model_read_nothing_is_known():
    row = np.array([1, 0], np.float16).tobytes()
    found = about(row, [row, b"", b"\0\0"], np.zeros(2))
    assert found[0] == 1.0
    assert np.isnan(found[1:]).all()


def test_a_text_comes_apart_as_it_was_put_together():
    assert parts_of(text_for_model("a\nb", "", "c\nd\n")) == ("a b", "", "c\nd\n")


# The package itself


@wants_package
def test_the_packaged_model_tells_a_river_s_bank_from_one_with_money():
    model = PackagedModel()
    told = [
        ("Otters return to the river bank", "The stream is clean again, and fish are back."),
        ("Anglers clean up the river bank", "Volunteers took plastic out of the stream for fish."),
        ("The bank raises its interest rates", "Loans and savings accounts cost more money."),
    ]
    texts = [text_for_model(title, "", text) for title, text in told]
    rows = [np.frombuffer(one, np.float16) for one in model.vectors(texts, "en")]
    assert rows[0] @ rows[1] > 2 * (rows[0] @ rows[2])
    assert [model.vectors([one], "en")[0] for one in texts] == model.vectors(texts, "en")


@wants_package
def test_the_packaged_model_says_nothing_of_other_languages_and_of_no_words():
    model = PackagedModel()
    assert model.vectors([text_for_model("Der Hafen", "", "ist zu")], "de") == [b""]
    (empty,) = model.vectors([text_for_model("", "", "")], "en")
    assert np.isfinite(np.frombuffer(empty, np.float16)).all()


@wants_package
def test_a_folder_of_that_name_comes_before_the_package(tmp_path):
    assert isinstance(model_named("wordllama", tmp_path), PackagedModel)
    (tmp_path / "wordllama").mkdir()
    assert not isinstance(model_named("wordllama", tmp_path), PackagedModel)


def test_a_package_that_is_not_installed_is_named_with_what_to_type(tmp_path, monkeypatch):
    monkeypatch.setattr(sys, "path", [str(tmp_path)])
    monkeypatch.delitem(sys.modules, "wordllama", raising=False)
    with pytest.raises(PublisherError, match="is not installed") as raised:
        model_named("wordllama", tmp_path)
    assert "publisher[meaning]" in raised.value.problem.todo
