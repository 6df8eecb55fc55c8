"""The bytes of a mail that belong to each of its stories."""

import pytest

from publisher.rendering import weights


def head(url, words="Words"):
    return f'<h3 style="x"><a class="t" href="{url}">{words}</a></h3>'


A, B, C = (f"https://x.example/{name}/" for name in "abc")


@pytest.mark.parametrize(
    ("html", "urls", "wanted"),
    [
        (f"top{head(A)}12345{head(B)}é", [A, B], (len(head(A)) + 5, len(head(B)) + 2)),
        (f'{head(A)}<a href="{B}">see</a>{head(B)}', [A, B], (None, len(head(B)))),
        (
            f'<a href="{A}">A</a>12{head(B)}',
            [A, B],
            (len(f'<a href="{A}">A</a>12<h3 style="x">'), None),
        ),
        (f"{head(A)}{head(B)}", [A, C, B], (None, 0, None)),
        (f"{head(B)}{head(A)}", [A, B], (None, 0)),
        (head(A.replace("a/", "a?x=1&amp;y")), ["https://x.example/a?x=1&y"], (None,)),
        ("", [A], (0,)),
        (head(A), [], ()),
    ],
)
def test_a_story_goes_from_its_headline_to_the_next(html, urls, wanted):
    found = weights(html, urls)
    assert len(found) == len(wanted)
    for one, expected in zip(found, wanted, strict=True):
        assert one == expected if expected is not None else one > 0
