"""A site that was made for another generator: its links, pictures and addresses hold."""

import re

import pytest

from tests.site import AT, Site

PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + (16).to_bytes(4, "big") + (12).to_bytes(4, "big")

CONFIG = """[publication]
title = "Site"
base_url = "https://site.example"
since = 2020-01-01
articles = "src/posts"
article_url = "{year}/{slug}/"
[sources]
generator = "GENERATOR"
[sources.addresses]
notes = "n/{filename}/"
[web]
pages = "all"
[newsletters.weekly]
title = "Weekly"
"""

FILES = {
    "src/posts/2026/2026-01-05-Map.md": "---\ntitle: Map\ndate: 2026-01-05\n"
    "image: ../../assets/map.png\n---\n![Map](../../assets/map.png)\n\n"
    "See [the bay](../notes/bay.md#tide), [gone](./gone.mdx), [secret](secret.md).\n",
    "src/posts/notes/bay.md": "---\ntitle: Bay\ndate: 2026-01-04\n---\n![I](./i.png) Calm.\n",
    "src/posts/secret.md": "---\ntitle: Secret\ndate: 2026-01-04\ndraft: true\n---\nHidden.\n",
    "src/posts/notes/i.png": PNG,
    "src/assets/map.png": PNG,
}


@pytest.fixture(scope="module")
def moved(tmp_path_factory):
    """An Astro site's folder, built."""
    root = tmp_path_factory.mktemp("moved")
    for name, text in FILES.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(text if isinstance(text, bytes) else text.encode())
    site = Site(root, CONFIG.replace("GENERATOR", "astro"))
    return site, site.build(AT)


def test_articles_stand_where_the_generator_puts_them(moved):
    site, _ = moved
    items = {one["title"]: one["url"] for one in site.feed()["items"]}
    assert items == {"Map": "https://site.example/2026/map/", "Bay": "https://site.example/n/bay/"}


def test_links_between_files_lead_to_articles_and_no_other_is_left(moved):
    site, _ = moved
    (html,) = [one["content_html"] for one in site.feed()["items"] if one["title"] == "Map"]
    assert re.findall(r"See .*</p>", html) == [
        'See <a href="https://site.example/n/bay/#tide">the bay</a>, gone, secret.</p>'
    ]
    outbox = site.outbox()
    assert not [name for name, data in outbox.items() if b'href="article:' in data]
    assert [name for name, data in outbox.items() if b'href="/n/bay/#tide"' in data]


def test_what_leads_nowhere_is_named_with_its_line(moved):
    site, _ = moved
    result = site.run("check")
    said = result.out + result.err
    assert "src/posts/2026/2026-01-05-Map.md:8: the link to ./gone.mdx leads to no article" in said
    assert "note: src/posts/2026/2026-01-05-Map.md:8: the link to secret.md" in said


def test_pictures_are_copied_from_where_they_lie(moved):
    site, _ = moved
    outbox = site.outbox()
    assert outbox["web/assets/map.png"] == outbox["web/n/bay/i.png"] == PNG
    (item,) = [one for one in site.feed()["items"] if one["title"] == "Map"]
    assert item["image"] == "https://site.example/assets/map.png"
    assert '<img src="https://site.example/assets/map.png" alt="Map"' in item["content_html"]
