"""Unicode's compatibility form, of any length."""

from unicodedata import normalize

import pytest
from hypothesis import given
from hypothesis import strategies as st

from publisher.model import nfkc


@given(st.text(max_size=300))
def test_it_is_unicodes_own(text):
    assert nfkc(text) == normalize("NFKC", text)


@given(st.text(alphabet="かハ゛\u3099\u0301eＡ", min_size=1, max_size=40))
def test_so_is_that_of_a_long_text_without_blanks(text):
    text = f"e{text}"  # marks alone would never give a place to part them
    long = text * (3000 // len(text))
    assert nfkc(long) == normalize("NFKC", long)


@pytest.mark.parametrize("marks", ["\u0315\u0300", "\u0301"])
def test_of_marks_without_end_all_are_kept(marks):
    assert len(nfkc("x" + marks * 5000)) == 1 + len(marks) * 5000
