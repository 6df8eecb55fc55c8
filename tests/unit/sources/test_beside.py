"""Which pictures lie beside an article or in the static folder, and how large they are."""

from datetime import UTC, datetime

import pytest

from publisher.model import Article, Picture, Publication
from publisher.sources.beside import pictures_beside

PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + (16).to_bytes(4, "big") + (12).to_bytes(4, "big")
TINY = Picture(width=16, height=12, length=len(PNG))
NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
PUBLICATION = Publication(title="T", base_url="https://x.example/")
ARTICLE = Article(
    id="a", path="news/a.md", slug="a", url="https://x.example/a/", title="A", summary="",
    language="en", published=NOON, updated=NOON, version="1",
)  # fmt: skip


@pytest.fixture
def root(tmp_path):
    for folder in ("articles/news", "static"):
        (tmp_path / folder).mkdir(parents=True)
    return tmp_path


def found(root, *addresses):
    body = "".join(f'<img src="https://x.example/{one}">' for one in addresses)
    return pictures_beside(ARTICLE, body, root / "articles", PUBLICATION)


@pytest.mark.parametrize(
    ("place", "address"),
    [
        ("articles/news/i.png", "a/i.png"),
        ("articles/i.png", "i.png"),
        ("static/i.png", "i.png"),
        ("static/bild ä.png", "bild%20%C3%A4.png?v=2#top"),
    ],
)
def test_a_picture_is_measured_where_it_lies(root, place, address):
    (root / place).write_bytes(PNG)
    pictures, sizes = found(root, address)
    assert list(pictures.values()) == [TINY]
    assert len(PNG) in sizes.values()


def test_where_a_picture_may_come_to_lie_is_noted(root):
    pictures, sizes = found(root, "a/i.png")
    assert pictures == {}
    assert sizes == {"news/i.png": -1, "a/i.png": -1, "../static/a/i.png": -1}


def test_nothing_outside_is_measured(root, tmp_path_factory):
    outside = tmp_path_factory.mktemp("outside") / "i.png"
    outside.write_bytes(PNG)
    (root / "static/i.png").symlink_to(outside)
    (root / ".secret.png").write_bytes(PNG)
    assert found(root, "i.png", "../.secret.png", ".secret.png", "%2e%2e/%2e%2e/i.png")[0] == {}
    assert (
        pictures_beside(ARTICLE, '<img src="https://y.example/i.png">', root, PUBLICATION)[0] == {}
    )
