"""What a parser has to mend is told before it is parsed, and never taken for less than it is."""

import re

import nh3
import pytest
from hypothesis import given
from hypothesis import strategies as st

from publisher.errors import SourceError
from publisher.sources import mending, nesting
from publisher.sources.markup import sanitised

BASE = "https://x.example/a/"

SHALLOW = "<p>one<p>two"
NASTY = {
    "shallow, then deep": lambda n: SHALLOW * (n // 2) + "<rt>" * n,
    "bold that stays open, then deep": lambda n: "<p><i>one</p>" * (n // 3) + "<div>" * n,
    "elements that are left out": lambda n: SHALLOW + "<section>" * n,
    "bold of many kinds": lambda n: (
        SHALLOW * n + "".join(f"<b lang=x{i}>" for i in range(n // 9)) + "<p>x" * n
    ),
    "ends in the wrong order": lambda n: SHALLOW + "<b><div></b></div>" * n,
    "links": lambda n: SHALLOW + "<a href=x><div>" * n,
    "ends in comments": lambda n: SHALLOW + "<div><!--</div>-->" * n,
    "ends in attributes": lambda n: SHALLOW + '<div title="</div>">' * n,
    "ends in scripts": lambda n: SHALLOW + "<div><script></div></script>" * n,
    "ends where there are no scripts": lambda n: SHALLOW + "<div><noscript></div></noscript>" * n,
    "ends in a script of a script": lambda n: (
        SHALLOW + "<script><!--<script></script>" + "<div></div>--></script><div>" * n
    ),
    "shapes": lambda n: SHALLOW + "<svg>" + "<g>" * n,
    "shapes outside of a drawing": lambda n: SHALLOW + "<svg></svg>" + "<path/>" * n,
    "cells of a drawing": lambda n: SHALLOW + "<svg>" + "<td>" * n,
    "ruby that an end took away": lambda n: "<div><ruby></div>" + "<rt>" * n,
    "formulas": lambda n: SHALLOW + "<math>" + "<mi>" * n,
}


def _steps(markup):
    """What a parser gets to see of a text, in elements that are open."""
    walk = mending._Walk(mending.affordable(markup))
    walk.head()
    return walk.steps, walk.anew


@pytest.mark.parametrize("kind", NASTY)
@pytest.mark.slow
def test_what_a_parser_costs_is_bounded_whatever_the_length(kind):
    """It takes the square of the depth: of 400 KB of <rt> three minutes."""
    for length in (10_000, 40_000):
        steps, anew = _steps(NASTY[kind](length))
        assert steps <= mending.MOST_STEPS
        assert anew <= mending.MOST_ANEW


@pytest.mark.slow
@pytest.mark.parametrize("kind", NASTY)
def test_four_times_the_length_costs_no_more_than_four_times(kind, parsed):
    costs = []
    for length in (20_000, 80_000):
        del parsed[:]
        with pytest.raises(SourceError) as raised:
            sanitised(NASTY[kind](length), BASE)
        costs.append(sum(parsed))
        assert raised.value.problem.what in (
            "too many tags that nothing closes",
            "more than 200 elements within each other",
        )
    assert costs[1] <= 4 * costs[0]


@pytest.fixture
def parsed(monkeypatch):
    """What the sanitiser was given: tags, times the elements that were open at each."""
    found, clean = [], nh3.clean

    def counted(markup, **rest):
        walk = mending._Walk(markup)
        walk.head()
        found.append(walk.steps)
        return clean(markup, **rest)

    monkeypatch.setattr(nh3, "clean", counted)
    return found


_NAMES = (
    "p b i a div li ul td tr table ruby rt svg g path math mi select option template script style "
    "noscript title textarea h1 h2 dd dt dl span br img section nobr font button form object col "
    "caption colgroup tbody foreignObject desc plaintext marquee iframe xmp frameset body html head"
).split()
_RAW = {"iframe", "noscript", "plaintext", "script", "style", "textarea", "title", "xmp"}
_PIECES = [
    *(f"<{name}>" for name in _NAMES),
    *(f"</{name}>" for name in _NAMES),
    *(f"<{name}/>" for name in _NAMES),
    *"x <!-- --> <!--> <!---> --!> <![CDATA[ ]]> <? </3 <!x \" ' > \"> '> <p$a=b> = / &lt;".split(),
    *('<b title="', "<b title='", "<b lang=1>", "<b lang=2>", '<script type="math/tex">'),
]
_SOUP = st.lists(st.sampled_from(_PIECES), min_size=1, max_size=8, unique=True).flatmap(
    lambda some: st.tuples(
        st.lists(st.sampled_from(some), max_size=30), st.integers(min_value=1, max_value=4)
    )
)


@given(_SOUP)
def test_a_tree_is_never_deeper_than_is_told(soup):
    pieces, times = soup
    markup = "".join(pieces).replace("$", " ") * times
    walk = mending._Walk(markup)
    walk.head()
    written = {name.lower() for name in re.findall(r"<([a-zA-Z][^\s/>\"'=<]*)", markup)}
    tags = ({name.lower() for name in _NAMES} | {"tbody", "colgroup"} | written) - _RAW
    tree = nesting.measured(nh3.clean(markup, tags=tags, clean_content_tags=set(), link_rel=None))
    stray = 1  # a stray </p> stands for an empty paragraph, <svg/> for an empty drawing
    assert tree.depth <= walk.deepest + stray


@pytest.mark.parametrize(
    "markup",
    [
        pytest.param("<p>x<p><svg>" + "<path d='M0 0'/>" * 20_000 + "</svg>", id="a drawing"),
        pytest.param(
            "<p>x<p>" + "<svg><title>x</title><path/></svg>" * 5_000, id="drawings with titles"
        ),
        pytest.param("<p>x<p>" + "<noscript><img src=a></noscript>" * 5_000, id="lazy pictures"),
        pytest.param("<table><tr>" + "<td>one" * 20_000, id="cells"),
        pytest.param("<table>" + "<tr><td>one<td><p>two" * 10_000, id="rows"),
        pytest.param("<dl>" + "<dt>one<dd>two" * 10_000, id="terms"),
        pytest.param("<ul>" + "<li><p>one" * 20_000, id="items"),
        pytest.param("<style>p{}</style><p>x<p>" + "<i>a</i>" * 20_000, id="a style"),
        pytest.param("<p>x<p>" + "<!-- a --><b>x</b>" * 20_000, id="comments"),
    ],
)
def test_what_people_write_costs_little(markup):
    assert mending.affordable(markup) is markup
