"""Words and pairs that texts share are counted as one would count them by hand."""

from collections import Counter
from itertools import pairwise

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from publisher.related.matching import Together, beside, met, neighbours, table

PARTS = st.lists(st.lists(st.integers(1, 6), max_size=8), min_size=1, max_size=3)


def packed(parts):
    """A text as the index keeps it: a 0 where a part ends."""
    return np.array([one for part in parts for one in (*part, 0)], np.uint32).tobytes()


def pairs_of(parts):
    return Counter(pair for part in parts for pair in pairwise(part))


@given(st.lists(PARTS, min_size=1, max_size=4))
def test_words_and_pairs_are_counted_in_each_text(texts):
    own = sorted({word for part in texts[0] for word in part})
    width = len(own) + 1
    together = Together.of([packed(parts) for parts in texts])
    found = met(np.array(own, np.int64), (), together)
    assert table(found, width).tolist() == [
        [sum(part.count(word) for part in parts) for word in own] for parts in texts
    ]
    wanted, others = pairs_of(texts[0]), [pairs_of(parts) for parts in texts[1:]]
    code = {pair: (own.index(pair[0]) + 1) * width + own.index(pair[1]) + 1 for pair in wanted}
    every = sorted(wanted, key=code.__getitem__)
    pairs = neighbours(found, width)
    assert pairs.codes.tolist() == [code[pair] for pair in every]
    assert pairs.often.tolist() == [wanted[pair] for pair in every]
    shared = [pair for pair in every if any(pair in other for other in others)]
    assert pairs.shared.tolist() == [pair in shared for pair in every]
    assert pairs.counts.tolist() == [[one[pair] for pair in shared] for one in (wanted, *others)]


@given(st.lists(PARTS, min_size=1, max_size=4))
def test_each_text_can_be_taken_out_again(texts):
    packs = [packed(parts) for parts in texts]
    assert [one.tobytes() for one in Together.of(packs).each] == packs


@given(st.lists(PARTS, min_size=1, max_size=4), st.integers(1, 5))
def test_what_stands_beside_a_word_is_found_in_each_text(texts, reach):
    own = sorted({word for part in texts[0] for word in part})
    found = met(np.array(own, np.int64), (), Together.of([packed(parts) for parts in texts]))
    wanted, rows = np.arange(len(own))[::2], [*range(len(texts))][::-1]
    told = beside(found, rows, wanted, len(own), reach)
    for row, parts in enumerate(texts):
        text = [one for part in parts for one in (*part, 0)]
        near = {
            (word, other)
            for n, word in enumerate(text)
            for other in text[max(n - reach, 0) : n + reach + 1]
            if other != word
        }
        expected = [[(own[one], other) in near for other in own] for one in wanted]
        assert told[rows.index(row)].tolist() == expected
