"""The cache of parsed articles: what its database says comes out in our own words."""

import pytest

from publisher.errors import StateUnavailable
from publisher.sources import Cache


def test_a_cache_that_cannot_be_opened_is_told_in_our_own_words(tmp_path):
    (tmp_path / "cache.db").mkdir()
    with pytest.raises(StateUnavailable, match="unable to open database file"):
        Cache(tmp_path / "cache.db", "key")
