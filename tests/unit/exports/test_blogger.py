"""Blogger's exports, of its settings and of Takeout → articles."""

from __future__ import annotations

from datetime import UTC, datetime

from publisher.exports import Status
from tests.unit.exports.exports import articles, blogger, left, put, read

_OLD = """<entry><id>tag:blogger.com,1999:blog-1.post-{number}</id>
<published>2026-01-05T09:00:00.000+01:00</published><updated>2026-01-06T09:00:00.000+01:00</updated>
<category scheme='http://schemas.google.com/g/2005#kind'
 term='http://schemas.google.com/blogger/2008/kind#{kind}'/>
<category scheme='http://www.blogger.com/atom/ns#' term='City'/>{more}
<title type='text'>Hello</title><content type='html'>&lt;p&gt;Hi &amp;amp; you.&lt;/p&gt;</content>
<link rel='replies' href='https://x.example/feeds'/>
<link rel='alternate' type='text/html' href='https://site.example/2026/01/hello.html'/>
<author><name>Ann</name><email>noreply@blogger.example</email></author></entry>"""
_NEW = """<entry><id>tag:blogger.com,1999:blog-1.post-{number}</id><blogger:type>{kind}</blogger:type>
<blogger:status>{status}</blogger:status><author><name>Ann</name>
<blogger:type>BLOGGER</blogger:type></author><title>Salt &amp;#39;n pepper</title>
<content type='html'>&lt;p&gt;Hi.&lt;/p&gt;</content>
<blogger:metaDescription>A day</blogger:metaDescription>
<published>2026-01-05T08:00:00Z</published><updated>2026-01-05T08:00:00Z</updated>
<category scheme='tag:blogger.com,1999:blog-1' term='City'/>
<blogger:filename>/2026/01/hello.html</blogger:filename><link/><enclosure/><blogger:trashed>{bin}</blogger:trashed></entry>"""


def _old(number=1, kind="post", more=""):
    return _OLD.format(number=number, kind=kind, more=more)


def _new(number=1, kind="POST", status="LIVE", **rest):
    return _NEW.format(number=number, kind=kind, status=status, bin=rest.get("bin", ""))


def test_a_post_of_the_old_export_is_read(tmp_path):
    (article,) = articles(read("blogger", put(tmp_path, "b.xml", blogger(_old()))))
    assert article.id == "tag:blogger.com,1999:blog-1.post-1"
    assert article.published == datetime(2026, 1, 5, 8, tzinfo=UTC)
    assert (article.body, article.tags) == ("<p>Hi &amp; you.</p>", ("City",))
    assert (article.authors, article.slug) == (("Ann",), "hello")


def test_a_post_of_takeout_is_read(tmp_path):
    (article,) = articles(read("blogger", put(tmp_path, "feed.atom", blogger(_new()))))
    assert (article.title, article.summary) == ("Salt 'n pepper", "A day")
    assert article.link == "https://site.example/2026/01/hello.html"
    assert article.tags == ("City",)


def test_drafts_stay_drafts_in_both(tmp_path):
    draft = "<app:control><app:draft>yes</app:draft></app:control>"
    data = blogger(_old(1, more=draft), _new(2, status="DRAFT"))
    found = articles(read("blogger", put(tmp_path, "b.xml", data)))
    assert [one.status for one in found] == [Status.DRAFT, Status.DRAFT]


def test_comments_templates_and_what_is_in_the_bin_are_left_out_by_reason(tmp_path):
    data = blogger(
        _old(1, "comment"), _old(2, "template"), _old(3, "settings"), _old(4, "page"),
        _new(5, "COMMENT"), _new(6, bin="2026-01-01T00:00:00Z"), _new(7, status="SOFT_TRASHED"),
    )  # fmt: skip
    blog = "templates and settings of the blog"
    assert left(read("blogger", put(tmp_path, "b.xml", data))) == [
        "comments", blog, blog, "page", "comments", "in the bin", "in the bin",
    ]  # fmt: skip
