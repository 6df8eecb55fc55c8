"""What lies among the articles is recognised, and what is to be done about it told."""

from pathlib import Path

import pytest

from publisher.model import Publication, SourceSettings
from publisher.pipeline.recognising import exports_among, unnamed_generator

EXPORT = '<rss xmlns:wp="http://wordpress.org/export/1.2/"><channel></channel></rss>'


def publication(articles="articles", **sources):
    return Publication(
        title="T", base_url="https://x.example/", articles=Path(articles),
        sources=SourceSettings(**sources),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("own", "count"),
    [
        (publication("_posts"), 1),
        (publication("site", folders=("blog/_posts",)), 1),
        (publication("_posts", generator="jekyll"), 0),
        (publication("posts"), 0),
    ],
)
def test_jekylls_folder_without_jekyll_is_told(own, count):
    found = list(unnamed_generator(own))
    assert [(one.path, one.severity) for one in found] == [("publisher.toml", "note")] * count


def test_exports_are_looked_for_where_articles_lie(tmp_path):
    for name in ("site/_posts/a.xml", "site/node_modules/b.xml"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(EXPORT)
    own = publication("site", folders=("_posts",))
    assert [one.path for one in exports_among(tmp_path, own)] == ["site/_posts/a.xml"]
    whole = publication("site")
    assert len(list(exports_among(tmp_path, whole))) == 2
