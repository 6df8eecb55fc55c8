"""The words of a text, read in a short way where all of it is ASCII."""

import re

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from publisher.related.arrays import different
from publisher.related.terms import words

_RUNS = re.compile(r"[a-z0-9]{2,}")
_POSSESSIVE = re.compile(r"'s\b")


@given(st.text(st.characters(max_codepoint=127)))
def test_words_of_ascii_are_its_runs_of_letters_and_digits(text: str) -> None:
    assert words(text) == _RUNS.findall(_POSSESSIVE.sub("", text.casefold()))


def test_a_possessive_is_no_word() -> None:
    assert words("The mayor's bridge, the MAYOR'S bridge") == [
        "the", "mayor", "bridge", "the", "mayor", "bridge",
    ]  # fmt: skip


@given(st.lists(st.integers(0, 2**32 - 1)))
def test_different_numbers_are_ascending(numbers: list[int]) -> None:
    assert different(np.array(numbers, np.uint32)).tolist() == sorted(set(numbers))
