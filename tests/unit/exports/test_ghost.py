"""Ghost's export → articles."""

from __future__ import annotations

import json

import pytest

from publisher.exports import Status
from tests.unit.exports.exports import (
    articles,
    ghost,
    ghost_post,
    left,
    problems,
    put,
    read,
    zipped,
)  # fmt: skip

_LEXICAL = json.dumps({"root": {"children": [{"type": "text", "text": "Hello"}]}})
_EMPTY = '{"version":"0.3.1","atoms":[],"cards":[],"markups":[],"sections":[[1,"p",[[0,[],0,""]]]]}'


def _read(tmp_path, *posts, kinds=("post",), **tables):
    path = put(tmp_path, "s.json", ghost(*posts, **tables))
    return read("ghost", path, kinds=kinds)


def test_a_post_has_its_id_its_address_and_the_site_s_address_in_its_text(tmp_path):
    html = '<!--kg-card-begin: html--><img src="__GHOST_URL__/content/images/a.png"><!--kg-card-end: html-->'
    post = ghost_post(html=html, feature_image="__GHOST_URL__/content/images/b.png")
    (article,) = articles(_read(tmp_path, post))
    assert article.id == "65a1b2c3d4e5f60718293a4b"
    assert article.link == "https://site.example/hello/"
    assert article.body == '<img src="https://site.example/content/images/a.png">'
    assert article.picture.url == "https://site.example/content/images/b.png"


def test_a_title_is_as_it_was_typed_and_no_html(tmp_path):
    (article,) = articles(_read(tmp_path, ghost_post(title="Why <b>bold</b>\n matters")))
    assert article.title == "Why <b>bold</b> matters"


def test_before_ghost_1_the_feed_s_id_was_the_uuid(tmp_path):
    (article,) = articles(_read(tmp_path, ghost_post(id=5)))
    assert article.id == "0d7e1f8a-1111-4222-8333-944445555666"


def test_tags_and_authors_come_in_their_order_and_those_behind_the_scenes_do_not(tmp_path):
    post = ghost_post()
    tables = {
        "tags": [
            {"id": "a", "name": "City"},
            {"id": "b", "name": "#hash"},
            {"id": "c", "name": "Bus"},
        ],
        "posts_tags": [
            {"post_id": post["id"], "tag_id": "a", "sort_order": 2},
            {"post_id": post["id"], "tag_id": "b", "sort_order": 1},
            {"post_id": post["id"], "tag_id": "c", "sort_order": 0},
        ],
        "users": [{"id": "u", "name": "Ann, Editor"}, {"id": "v", "name": "Bo"}],
        "posts_authors": [
            {"post_id": post["id"], "author_id": "v", "sort_order": 1},
            {"post_id": post["id"], "author_id": "u", "sort_order": 0},
        ],
        "posts_meta": [{"post_id": post["id"], "meta_description": "Short.", "og_image": "/x.png"}],
    }
    (article,) = articles(_read(tmp_path, post, **tables))
    assert article.tags == ("Bus", "City")
    assert article.authors == ("Ann, Editor", "Bo")
    assert (article.summary, article.picture.url) == ("Short.", "/x.png")


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({}, Status.PUBLISHED),
        ({"status": "draft"}, Status.DRAFT),
        ({"status": "scheduled"}, Status.PUBLISHED),
        ({"status": "sent"}, Status.MAILED),
        ({"visibility": "members"}, Status.MEMBERS),
        ({"visibility": "paid"}, Status.PAID),
        ({"visibility": "tiers"}, Status.PAID),
        ({"visibility": "of-next-year"}, Status.PAID),
        ({"visibility": "paid", "status": "draft"}, Status.DRAFT),
        ({"status": "of-next-year"}, Status.DRAFT),
    ],
)
def test_who_may_see_it_is_kept(tmp_path, values, expected):
    (article,) = articles(_read(tmp_path, ghost_post(**values)))
    assert article.status is expected


def test_a_post_without_html_is_refused_by_name_unless_it_is_empty(tmp_path):
    posts = [
        ghost_post(title="L", html=None, lexical=_LEXICAL),
        ghost_post(
            id="2", uuid="2", title="M", html="", mobiledoc='{"sections":[[1,"p",[[0,[],0,"Hi"]]]]}'
        ),
        ghost_post(id="3", uuid="3", title="E", html=None, mobiledoc=_EMPTY),
    ]
    found = _read(tmp_path, *posts)
    assert [one.title for one in articles(found)] == ["E"]
    assert [reason.partition(",")[0] for reason in left(found)] == [
        "no HTML: its text is in lexical alone",
        "no HTML: its text is in mobiledoc alone",
    ]


def test_pages_are_left_out_unless_they_are_asked_for(tmp_path):
    posts = [ghost_post(type="page"), ghost_post(id="2", uuid="2", page=1)]
    assert left(_read(tmp_path, *posts)) == ["page", "page"]
    assert len(articles(_read(tmp_path, *posts, kinds=("page",)))) == 2


def test_injected_code_is_dropped_and_counted(tmp_path):
    (article,) = articles(_read(tmp_path, ghost_post(codeinjection_head="<script>x()</script>")))
    assert article.lost == {"code injection (head)": 1}
    assert "x()" not in repr(article)


def test_one_row_that_is_no_post_does_not_stop_the_others(tmp_path):
    found = _read(tmp_path, 7, ghost_post())
    assert left(found) == ["a post that cannot be read"]
    assert len(articles(found)) == 1


@pytest.mark.parametrize(
    "data",
    [b"", b"{}", b"[]", b'{"db":[]}', b'{"db":7}', b"\xff\xfe\x00", b"[" * 100_000,
     b'{"db":' * 50_000, b'{"db":[{"data":{"posts":[' + b"[" * 100_000],
)  # fmt: skip
def test_what_is_no_export_of_ghost_is_said_to_be_none(tmp_path, data):
    *_, problem = problems(read("ghost", put(tmp_path, "s.json", data)))
    assert problem.what.startswith("it is no export of Ghost: ")


def test_bytes_that_are_no_utf_8_are_replaced_and_told(tmp_path):
    data = ghost(ghost_post(title="A?")).replace(b"A?", b"A\xe9")
    found = read("ghost", put(tmp_path, "s.json", data))
    assert articles(found)[0].title == "A\ufffd"
    assert problems(found)[0].line == 1


def test_an_archive_is_read_as_well(tmp_path):
    path = zipped(tmp_path / "g.zip", {"data/s.ghost.json": ghost(ghost_post())})
    assert len(articles(read("ghost", path))) == 1


def test_parts_that_only_members_see_go_and_are_counted(tmp_path):
    html = (
        '<p>A</p><!--kg-gated-block:begin nonMember:false memberSegment:"status:-free" --><p>Paid</p>'
        '<!--kg-gated-block:end--><!--kg-gated-block:begin nonMember:true memberSegment:"" --><p>All</p>'
        "<!--kg-gated-block:end--><p>B</p><!--kg-gated-block:begin nonMember:false --><p>Cut off</p>"
    )
    (article,) = articles(_read(tmp_path, ghost_post(html=html)))
    assert article.body == "<p>A</p><p>All</p><p>B</p>"
    assert article.lost == {"parts for members": 2}


def test_forms_of_the_old_site_go_and_a_bookmark_s_names_are_two(tmp_path):
    html = (
        '<h2>Join</h2><form class="kg-signup-card-form" data-members-form="signup"><button>Go</button>'
        '<div class="kg-signup-card-success">Email sent!</div></form><form><p>Own</p></form>'
        '<span class="kg-bookmark-author">A</span><span class="kg-bookmark-publisher">B</span>'
    )
    meta = [{"post_id": "65a1b2c3d4e5f60718293a4b", "feature_image_caption": "<i>By</i> Ann"}]
    (article,) = articles(_read(tmp_path, ghost_post(html=html), posts_meta=meta))
    assert article.lost == {"forms to sign up": 1, "captions of featured pictures": 1}
    assert article.body == (
        '<h2>Join</h2><form><p>Own</p></form><span class="kg-bookmark-author">A</span> · '
        '<span class="kg-bookmark-publisher">B</span>'
    )
