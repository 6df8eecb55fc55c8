"""WordPress's export → articles."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from publisher.exports import Status
from tests.unit.exports.exports import articles, attachment, item, left, problems, put, read, wxr


def _one(tmp_path: Path, *items: str, **how: str):
    (article,) = articles(read("wordpress", put(tmp_path, "e.xml", wxr(*items, **how))))
    return article


@pytest.mark.parametrize("version", ["1.0", "1.1", "1.2"])
def test_a_post_has_the_id_of_the_live_feed_its_address_and_its_author(tmp_path, version):
    article = _one(tmp_path, item(), version=version)
    assert article.id == "https://site.example/?p=1"
    assert article.link == "https://site.example/2026/01/hello/"
    assert article.published == datetime(2026, 1, 5, 8, tzinfo=UTC)
    assert (article.authors, article.slug) == (("Ann Example",), "hello")


def test_categories_and_tags_are_taken_and_uncategorized_is_none(tmp_path):
    more = (
        '<category domain="category" nicename="uncategorized">Uncategorized</category>'
        '<category domain="category" nicename="life">Life &amp;amp; style</category>'
        '<category domain="category" nicename="city">City</category>'
        '<category domain="post_tag" nicename="bus">bus</category>'
        '<category domain="author" nicename="cap-bo">Bo Example</category>'
        '<category domain="language" nicename="de">Deutsch</category>'
        '<category domain="post_translations" nicename="pll_5f1">pll_5f1</category>'
    )
    article = _one(tmp_path, item(more=more, meta={"_yoast_wpseo_primary_category": "7"}))
    assert article.tags == ("Life & style", "bus")
    assert (article.section, article.authors, article.language) == ("City", ("Bo Example",), "de")
    assert article.translations == "pll_5f1"


def test_the_picture_is_found_in_whichever_order_the_files_stand(tmp_path):
    url = "https://site.example/wp-content/uploads/a.jpg"
    article = _one(tmp_path, item(meta={"_thumbnail_id": "9"}), attachment(9, url, "A bridge"))
    assert (article.picture.url, article.picture.alt) == (url, "A bridge")


def test_of_several_files_one_names_the_pictures_of_another(tmp_path):
    url = "https://site.example/wp-content/uploads/a.jpg"
    first = put(tmp_path, "1.xml", wxr(item(meta={"_thumbnail_id": "9"})))
    second = put(tmp_path, "2.xml", wxr(attachment(9, url)))
    (article,) = articles(read("wordpress", first, second))
    assert article.picture.url == url


@pytest.mark.parametrize(
    ("status", "expected"),
    [("publish", Status.PUBLISHED), ("future", Status.PUBLISHED), ("draft", Status.DRAFT),
     ("pending", Status.DRAFT), ("private", Status.PRIVATE)],
)  # fmt: skip
def test_a_status_is_kept(tmp_path, status, expected):
    assert _one(tmp_path, item(status=status)).status is expected


def test_what_has_a_password_is_private_and_the_password_is_not_kept(tmp_path):
    article = _one(tmp_path, item(more="<wp:post_password>s3cret</wp:post_password>"))
    assert article.status is Status.PRIVATE
    assert "s3cret" not in repr(article)


def test_what_is_no_article_is_counted_by_what_it_is(tmp_path):
    items = [
        item(2, kind="page"),
        item(3, kind="nav_menu_item"),
        item(4, status="trash"),
        item(5, kind="recipe"),
        attachment(6, "https://site.example/a.jpg"),
    ]
    path = put(tmp_path, "e.xml", wxr(*items))
    assert left(read("wordpress", path)) == [
        "page",
        "entries of menus",
        "status trash",
        "recipe",
        "files (pictures and the like), named by the posts that show them",
    ]
    kinds = [one.kind for one in articles(read("wordpress", path, kinds=("recipe", "page")))]
    assert kinds == ["page", "recipe"]


def test_the_description_of_a_seo_plugin_is_the_summary_where_there_is_no_excerpt(tmp_path):
    meta = {"_yoast_wpseo_metadesc": "%%excerpt%% %%sitename%%", "rank_math_description": "A day."}
    assert _one(tmp_path, item(meta=meta)).summary == "A day."
    assert _one(tmp_path, item(meta=meta, excerpt="Its <b>own</b>.")).summary == "Its own."


def test_the_sounds_of_a_podcast_are_enclosures(tmp_path):
    meta = {"enclosure": "https://site.example/1.mp3\n12345\naudio/mpeg\na:1:{}"}
    (sound,) = _one(tmp_path, item(meta=meta)).enclosures
    assert (sound.url, sound.length, sound.type) == (
        "https://site.example/1.mp3", 12345, "audio/mpeg",
    )  # fmt: skip


def test_old_slugs_and_a_canonical_address_elsewhere_are_kept(tmp_path):
    meta = {"_wp_old_slug": "helo", "_yoast_wpseo_canonical": "https://other.example/x"}
    article = _one(tmp_path, item(meta=meta))
    assert article.aliases == ("https://site.example/2026/01/helo/",)
    assert article.canonical == "https://other.example/x"


def test_a_classic_post_gets_its_paragraphs_and_one_of_blocks_loses_its_marks(tmp_path):
    assert _one(tmp_path, item(body="One\ntwo\n\nthree")).body == (
        "<p>One<br />\ntwo</p>\n<p>three</p>"
    )
    blocks = '<!-- wp:paragraph {"a":1} -->\n<p>One</p>\n<!-- /wp:paragraph -->'
    assert _one(tmp_path, item(body=blocks)).body == "<p>One</p>"


def test_the_notes_of_a_post_stand_where_its_block_for_them_does(tmp_path):
    blocks = '<p>A<sup data-fn="f1"><a href="#f1">1</a></sup></p>\n<!-- wp:footnotes /-->\n<p>B</p>'
    meta = {"footnotes": '[{"content":"<em>Ibid.<\\/em> 3","id":"f1"}]'}
    article = _one(tmp_path, item(body=blocks, meta=meta))
    assert '<ol><li id="f1"><em>Ibid.</em> 3</li></ol>\n<p>B</p>' in article.body
    assert not article.lost
    assert _one(tmp_path, item(body=blocks)).lost == {"block footnotes": 1}


def test_html_entities_and_control_characters_do_not_end_the_reading(tmp_path):
    data = wxr(item(title="A"), item(2, title="B"))
    data = data.replace(b"<title>A</title>", b"<title>A&nbsp;\x0bz&#11;</title>")
    titles = [one.title for one in articles(read("wordpress", put(tmp_path, "e.xml", data)))]
    assert titles == ["A\xa0z", "B"]


def test_bytes_that_are_no_utf_8_are_replaced_and_told(tmp_path):
    data = wxr(item(title="A"), item(2, title="B")).replace(b"<title>A<", b"<title>A\xff\xe9<")
    found = read("wordpress", put(tmp_path, "e.xml", data))
    assert [one.title for one in articles(found)] == ["A\ufffd\ufffd", "B"]
    assert problems(found)[0].headline.endswith(": 2 bytes are no UTF-8: � stands for each")
    assert problems(found)[0].line == data[: data.index(b"\xff")].count(b"\n") + 1


def test_of_a_cut_file_what_was_whole_is_kept_and_the_place_is_named(tmp_path):
    data = wxr(*(item(number, title=f"T{number}") for number in range(1, 4)))
    path = put(tmp_path, "e.xml", data[: data.index(b"T3")])
    found = read("wordpress", path)
    assert [one.title for one in articles(found)] == ["T1", "T2"]
    (problem,) = problems(found)
    assert problem.headline.startswith(f"{path}:")
    assert problem.what == "the file ends in the middle"


def test_what_is_no_export_of_wordpress_is_said_to_be_none(tmp_path):
    path = put(tmp_path, "e.xml", b"<html><body>Hello</body></html>")
    assert problems(read("wordpress", path))[0].what == "no export of WordPress is in it"
