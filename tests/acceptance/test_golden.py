"""Source in, mail and feeds out: `tests/golden/articles` holds pairs to read side by side."""

import pytest

from tests.golden.pairs import CASES, OUT, made


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_an_article_becomes_its_golden_mail_and_feeds(case, tmp_path):
    expected = {name: (case / name).read_text(encoding="utf-8") for name in OUT}
    assert made(case, tmp_path / "site") == expected, "meant? python -m tests.golden"
