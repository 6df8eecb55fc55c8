"""A folder of rendered pages is an archive of its articles, read again when its pages say else."""

from datetime import UTC, datetime

from publisher.config import parse
from publisher.sources import Cache, cache_key, scan
from tests.unit.sources.rendered.test_pages import CARDS, HUGO, JEKYLL, page

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
OWN = parse(
    '[publication]\ntitle = "Lab"\nbase_url = "https://news.example"\n[sources]\nrendered = true\n'
)


def scanned(root):
    cache = Cache(root / "cache.db", cache_key(OWN))
    found = scan(root, OWN, [], NOW, cache)
    bodies = [found.body(one) for one in found.articles]
    cache.close()
    return found, bodies


def test_articles_are_found_and_the_rest_is_told_once(tmp_path):
    pages = {
        "index.html": page(CARDS),
        "blog/index.html": page(f"<main>{CARDS}</main>"),
        "blog/harbour/index.html": HUGO,
        "blog/ferry.html": JEKYLL.replace("Harbour opens", "{{ Ferry }} late"),
        "empty.html": "",
        "notes.txt": "no page",
        "styles.md": "# no page",
    }
    for path, html in pages.items():
        file = tmp_path / "articles" / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(html)
    for _ in range(2):  # the second time from the cache
        found, bodies = scanned(tmp_path)
        assert {(one.title, one.url) for one in found.articles} == {
            ("Harbour opens", "https://letter.example/2026/harbour-opens/"),
            ("{{ Ferry }} late", "https://news.example/blog/ferry.html"),
        }
        assert not any(one.undated for one in found.articles)
        assert all("<nav" not in body and "Home" not in body for body in bodies)
        assert [one.severity for one in found.problems] == ["note", "note"]
    for number in range(3):
        named = JEKYLL.replace(
            "<title>Harbour opens | The Letter", f"<title>Story {number} :: News"
        )
        (tmp_path / f"articles/{number}.html").write_text(named.replace("Harbour opens", ""))
    found, _ = scanned(tmp_path)
    assert {f"Story {number}" for number in range(3)} <= {one.title for one in found.articles}
