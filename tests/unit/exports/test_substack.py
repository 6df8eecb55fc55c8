"""Substack's export → articles."""

from __future__ import annotations

import html
import json
import re

import pytest

from publisher.exports import Status
from tests.unit.exports.exports import articles, left, problems, put, read, zipped

_HEAD = "post_id,post_date,is_published,email_sent_at,inbox_sent_at,type,audience,title,subtitle,podcast_url\n"


def _read(tmp_path, *rows, bodies=None, kinds=("post",)):
    files = {"posts.csv": (_HEAD + "\n".join(rows)).encode(), **(bodies or {})}
    return read("substack", zipped(tmp_path / "s.zip", files), kinds=kinds)


def _row(number="11.hello", published="true", kind="newsletter", audience="everyone", sound=""):
    date = "2026-01-05T08:00:00.000Z"
    return f'{number},{date},{published},,,{kind},{audience},"Hello, you",A day,{sound}'


def test_a_post_has_the_address_that_is_its_id_in_the_feed(tmp_path):
    (article,) = articles(_read(tmp_path, _row(), bodies={"posts/11.hello.html": b"<p>Hi.</p>"}))
    assert article.id == article.link == "https://site.example/p/hello"
    assert (article.title, article.summary, article.body) == ("Hello, you", "A day", "<p>Hi.</p>")


def test_buttons_that_hold_substack_s_code_are_left_out_and_counted(tmp_path):
    body = (
        b'<p>A</p><p class="button-wrapper"><a class="button" href="%%share_url%%">Share</a></p>'
        b'<div class="subscription-widget-wrap"><div class="subscription-widget"><p>Thanks</p>'
        b"</div></div><p>B &lt; c</p>"
    )
    (article,) = articles(_read(tmp_path, _row(), bodies={"posts/11.hello.html": body}))
    assert article.body == "<p>A</p><p>B &lt; c</p>"
    assert article.lost == {"buttons to subscribe and to share": 3}


def test_who_may_see_it_is_kept(tmp_path):
    rows = [
        _row("1.a", audience="only_paid"),
        _row("2.b", audience="only_free"),
        _row("3.c", published="false", audience="only_paid"),
        _row("4.d", audience="of_next_year"),
    ]
    bodies = {f"posts/{number}.html": b"<p>Hi.</p>" for number in ("1.a", "2.b", "3.c", "4.d")}
    assert [one.status for one in articles(_read(tmp_path, *rows, bodies=bodies))] == [
        Status.PAID, Status.MEMBERS, Status.DRAFT, Status.PAID,
    ]  # fmt: skip


def test_a_podcast_has_its_sound(tmp_path):
    row = _row(kind="podcast", sound="https://api.example/1.mp3")
    (article,) = articles(_read(tmp_path, row, bodies={"posts/11.hello.html": b""}))
    assert article.enclosures[0].url == "https://api.example/1.mp3"


def test_what_has_no_text_or_no_row_is_left_out_with_the_reason(tmp_path):
    found = _read(
        tmp_path, _row(), _row("12.x", kind="thread"), bodies={"posts/99.lost.html": b"<p>x</p>"}
    )
    assert left(found) == [
        "no file with its text", "thread", "not in posts.csv: it has no title and no date",
    ]  # fmt: skip


def test_without_its_table_it_is_no_export(tmp_path):
    path = zipped(tmp_path / "s.zip", {"posts/1.a.html": b"<p>x</p>"})
    assert problems(read("substack", path))[0].what == "no posts.csv is in it"


def test_a_folder_and_its_table_are_read_whatever_is_in_them(tmp_path):
    put(tmp_path, "e/posts.csv", b'\xef\xbb\xbfpost_id,title\n"1.a,\x00\xff')
    found = read("substack", tmp_path / "e")
    assert left(found) == ["no file with its text"]


def _embed(kind, tag="div", /, **given):
    attributes = html.escape(json.dumps(given))
    return f'<{tag} class="{kind}" data-attrs="{attributes}"></{tag}>'


@pytest.mark.parametrize(
    ("embed", "made"),
    [
        (_embed("image-gallery-embed", gallery={"images": [{"src": "https://e.example/a&b.png"}, {}], "caption": "Us <3", "alt": "We"}),
         '<figure><div><img src="https://e.example/a&amp;b.png" alt="We"></div><figcaption>Us &lt;3</figcaption></figure>'),
        (_embed("tweet", full_text="Sea\n& sky", name="Ann", username="ann", url="https://x.example/1"),
         '<blockquote><p>Sea<br>&amp; sky</p><p>— <a href="https://x.example/1">Ann (@ann)</a></p></blockquote>'),
        (_embed("comment", comment={"body": "A note", "name": "Ann"}), "<blockquote><p>A note</p><p>— Ann</p></blockquote>"),
        (_embed("embedded-post-wrap", title="Their post", url="https://o.example/p/x"), '<p><a href="https://o.example/p/x">Their post</a></p>'),
        (_embed("digest-post-embed", title="T", canonical_url="https://o.example/p/x", caption="Of it"), '<p><a href="https://o.example/p/x">T</a><br>Of it</p>'),
        (_embed("latex-rendered", persistentExpression="a<b"), "<code>a&lt;b</code>"),
        (_embed("mention-wrap", "span", name="Ann"), "Ann"),
        (_embed("instagram-embed-wrap", instagram_id="Cx", title="A boat"), '<p><a href="https://www.instagram.com/p/Cx/">A boat</a></p>'),
        (_embed("youtube-wrap", videoId="abc"), '<iframe src="https://www.youtube.com/embed/abc"></iframe>'),
    ],
)  # fmt: skip
def test_what_scripts_would_show_is_there(tmp_path, embed, made):
    body = f"<p>A</p>{embed}<p>B</p>".encode()
    (article,) = articles(_read(tmp_path, _row(), bodies={"posts/11.hello.html": body}))
    inner = re.sub(r"<(div|span) class[^<>]*>(.*)</\1>", r"\2", article.body)
    assert (inner, article.lost) == (f"<p>A</p>{made}<p>B</p>", {})


def test_what_only_a_script_knows_is_counted(tmp_path):
    body = (_embed("poll-embed", id=9) + '<div class="tweet" data-attrs="{"></div>').encode()
    (article,) = articles(_read(tmp_path, _row(), bodies={"posts/11.hello.html": body}))
    assert article.lost == {
        "poll-embed, which a script of Substack's shows": 1,
        "tweet, which a script of Substack's shows": 1,
    }


def test_a_button_of_the_author_s_own_stays_and_what_only_writers_see_goes(tmp_path):
    body = (
        b'<p class="button-wrapper"><a href="https://shop.example/">Buy</a></p>'
        b'<p class="button-wrapper"><a href="https://s.example/p/x?action=share">Share</a></p>'
        b'<p class="button-wrapper"><a href="https://s.example/subscribe?">Subscribe</a></p>'
        b'<div class="pullquote"><p>Quote</p></div>'
        b'<div class="preformatted-block"><label class="hide-text">Text within</label><pre>a</pre></div>'
    )
    (article,) = articles(_read(tmp_path, _row(), bodies={"posts/11.hello.html": body}))
    assert article.lost == {"buttons to subscribe and to share": 2}
    assert '<a href="https://shop.example/">Buy</a>' in article.body
    assert '<blockquote class="pullquote"><p>Quote</p></blockquote>' in article.body
    assert "Text within" not in article.body
