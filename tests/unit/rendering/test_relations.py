"""What stands with a related article that tells the same story, in the reader's language."""

import pytest

from publisher.model import Related
from publisher.rendering import Theme
from publisher.rendering.relations import relation_in_words
from publisher.rendering.sayings import said
from tests.unit.related.test_related import story

RELATIONS = [
    ("", "", 0), ("Updated by this story", "update", 0),
    ("Corrected by this story", "correction", 0), ("Part 3 of this series", "part", 3),
    ("Also in German", "translation", 0),
]  # fmt: skip


def worded(theme, relation, part, language):
    words = theme.words(language)
    one = Related(article=story("a", language="de-AT"), score=1.0, relation=relation, part=part)
    return relation_in_words(one, lambda key, **given: said(words, key, given), language)


@pytest.mark.parametrize(("told", "relation", "part"), RELATIONS)
def test_each_relation_has_words(tmp_path, told, relation, part):
    assert worded(Theme(tmp_path), relation, part, "en") == told


@pytest.mark.parametrize("language", ["ar", "de", "es", "fr", "ja"])
def test_each_language_has_words_of_its_own(tmp_path, language):
    theme = Theme(tmp_path)
    told = [worded(theme, relation, part, language) for _, relation, part in RELATIONS[1:]]
    assert not {*told} & {english for english, *_ in RELATIONS}
    assert "3" in told[2]
    assert len({*told}) == 4


def test_a_language_is_called_as_the_reader_calls_it(tmp_path):
    assert worded(Theme(tmp_path), "translation", 0, "fr") == "Aussi en allemand"
    assert worded(Theme(tmp_path), "translation", 0, "ja") == "ドイツ語でも読めます"
