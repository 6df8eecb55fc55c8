"""The words of an article in the search index: each once, as many as there is room for."""

from dataclasses import dataclass

from hypothesis import given, settings
from hypothesis import strategies as st

from publisher.model import prose
from publisher.pipeline.pages.search import words_of


@dataclass(frozen=True)
class Told:
    title: str = "The Ferry"
    summary: str = "a ferry at night"
    language: str = "en"
    authors: tuple[str, ...] = ("Ana Lima",)
    tags: tuple[str, ...] = ("sea",)
    section: str = "world"


WORDS = st.sampled_from("ferry FERRY Sea harbour a bb ccc Straße night".split())
BODIES = st.lists(st.lists(WORDS).map(" ".join).map("<p>{}</p>".format)).map("\n".join)


@settings(deadline=None)
@given(BODIES, st.integers(0, 80))
def test_they_are_the_first_of_all_words(body, most):
    article = Told()
    texts = [*article.authors, *article.tags, article.section]
    texts += [block.text for block in prose.blocks(body, "en")]
    known = {*article.title.casefold().split(), *article.summary.casefold().split()}
    all_words = dict.fromkeys(" ".join(texts).casefold().split())
    expected = " ".join(word for word in all_words if word not in known)[:most]
    assert words_of(article, body, most) == expected
