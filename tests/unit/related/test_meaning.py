"""An embeddings model on disk: blended in, named where it is missing, never fetched."""

import sys

import numpy as np
import pytest

from publisher.errors import PublisherError
from publisher.model import RelatedSettings
from publisher.related import Index, Meaning, RelatedStories
from tests.unit.related.test_related import ARCHIVE, NOON, SEED, body, story

HOUSES = {"cottage": (1.0, 0.0, 0.0), "bungalow": (0.95, 0.05, 0.0), "volcano": (0.0, 1.0, 0.0)}


@pytest.fixture
def model(tmp_path):
    """A static model that knows three words."""
    from model2vec import StaticModel
    from tokenizers import Tokenizer
    from tokenizers.models import WordLevel
    from tokenizers.pre_tokenizers import Whitespace

    tokenizer = Tokenizer(
        WordLevel({"[UNK]": 0, **{w: n for n, w in enumerate(HOUSES, 1)}}, "[UNK]")
    )
    tokenizer.pre_tokenizer = Whitespace()
    vectors = np.array([(0.0, 0.0, 0.01), *HOUSES.values()], np.float32)
    StaticModel(vectors, tokenizer, config={}).save_pretrained(tmp_path / "model")
    return tmp_path / "model"


def stories(articles, told, settings, folder=None):
    index = Index(None, model=Meaning(folder) if folder else None)
    index.update(
        articles, lambda one: f"<p>{told[one.slug]}</p>" if one.slug in told else body(one)
    )
    return RelatedStories(articles, index, settings)


def test_what_a_model_finds_alike_comes_before_what_shares_as_many_words(model):
    told = {
        "seed": "cottage zebra crossing",
        "same": "bungalow zebra crossing",
        "else": "volcano zebra crossing",
    }
    articles = [*ARCHIVE, story("same", 3), story("else", 1), story("seed")]

    def found(weight, folder):
        settings = RelatedSettings(minimum=0.0, weight_model=weight, diversity=0.0)
        shown = stories(articles, told, settings, folder).of(articles[-1], 5, at=[NOON])
        return [one.article.slug for one in shown]

    assert found(0.2, None) == ["else", "same"]  # the newer of equals
    assert found(0.0, model) == ["else", "same"]
    assert found(0.5, model) == ["same", "else"]


def test_another_model_means_that_every_article_is_read_again(model, tmp_path):
    path = tmp_path / "related.db"
    Index(path, model=Meaning(model)).update([*ARCHIVE, SEED], body)
    assert Index(path, model=Meaning(model)).update([*ARCHIVE, SEED], body) == 0
    assert Index(path).update([*ARCHIVE, SEED], body) == len(ARCHIVE) + 1


def test_a_model_that_is_not_there_is_named(tmp_path):
    with pytest.raises(PublisherError, match="is no folder"):
        Meaning(tmp_path / "nowhere")
    (tmp_path / "empty").mkdir()
    with pytest.raises(PublisherError, match="holds no embeddings model"):
        Meaning(tmp_path / "empty").vectors(["a\n\n"], "en")


def test_a_library_that_is_not_installed_is_named_with_what_to_type(model, monkeypatch):
    monkeypatch.setitem(sys.modules, "model2vec", None)
    with pytest.raises(PublisherError, match="library is not installed") as raised:
        Meaning(model).vectors(["a\n\n"], "en")
    assert "publisher[embeddings]" in raised.value.problem.todo
