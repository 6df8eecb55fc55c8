"""Medium's export → articles."""

from __future__ import annotations

from publisher.exports import Status
from tests.unit.exports.exports import articles, left, problems, put, read, zipped

_POST = """<!DOCTYPE html><html><head><meta http-equiv="Content-Type" content="text/html; charset=utf-8">
<title>Hello</title></head><body><article class="h-entry">
<header><h1 class="p-name">Hello — you</h1></header>
<section data-field="subtitle" class="p-summary">A day</section>
<section data-field="body" class="e-content"><section name="a" class="section section--body">
<div class="section-divider"><hr class="section-divider"></div><div class="section-content">
<h3 name="t" id="t" class="graf graf--h3 graf--title">Hello — you</h3>
<p name="1" class="graf graf--p">First <strong class="markup">part</strong>.</p>
<figure><img class="graf-image" src="https://cdn.example/1.png" data-is-featured="true" alt="x">
</figure></div></section><section class="section"><div class="section-divider"><hr></div>
<p class="graf graf--p">Second.</p></section></section>
<footer><p>By <a href="https://medium.com/@ann" class="p-author h-card">Ann Example</a> on
<a href="https://medium.com/p/0123456789ab"><time class="dt-published"
datetime="2026-01-05T08:00:00.000Z">January 5, 2026</time></a>.</p>
<p><a href="{canonical}" class="p-canonical">Canonical link</a></p></footer>
</article></body></html>"""
_HERE = "https://medium.com/@ann/hello-you-0123456789ab"
_NAME = "posts/2026-01-05_Hello---you-0123456789ab.html"


def _read(tmp_path, name=_NAME, canonical=_HERE):
    data = _POST.replace("{canonical}", canonical).encode()
    return read("medium", zipped(tmp_path / "m.zip", {name: data, "profile/profile.html": b"x"}))


def test_a_post_is_read_by_its_microformats(tmp_path):
    (article,) = articles(_read(tmp_path))
    assert article.id == "https://medium.com/p/0123456789ab"
    assert (article.title, article.summary) == ("Hello — you", "A day")
    assert (article.authors, article.slug) == (("Ann Example",), "hello-you")
    assert (article.link, article.canonical) == (_HERE, "")
    assert article.picture.url == "https://cdn.example/1.png"


def test_its_text_holds_neither_the_title_once_more_nor_the_first_line(tmp_path):
    (article,) = articles(_read(tmp_path))
    assert "Hello" not in article.body
    assert article.body.count("<hr>") == 1
    assert "<p>First <strong>part</strong>.</p>" in article.body


def test_a_draft_is_one(tmp_path):
    (article,) = articles(_read(tmp_path, name="posts/draft_Hello-0123456789ab.html"))
    assert article.status is Status.DRAFT


def test_a_canonical_address_elsewhere_is_kept(tmp_path):
    (article,) = articles(_read(tmp_path, canonical="https://own.example/hello"))
    assert article.canonical == "https://own.example/hello"
    assert article.link == "https://medium.com/p/0123456789ab"


def test_what_is_no_post_is_left_out(tmp_path):
    assert left(read("medium", zipped(tmp_path / "m.zip", {"posts/a.html": b"<p>x</p>"}))) == [
        "no article: it has no h-entry"
    ]
    assert problems(read("medium", put(tmp_path, "a.txt", b"x")))
    deep = b'<div class="e-content">' * 50_000
    assert read("medium", zipped(tmp_path / "d.zip", {"posts/a.html": deep, "posts/b.html": b""}))


def test_posts_of_one_title_have_addresses_of_their_own(tmp_path):
    files = {}
    for day, number in ((5, "0123456789ab"), (6, "ba9876543210")):
        data = _POST.replace("{canonical}", _HERE).replace("0123456789ab", number)
        files[f"posts/2026-01-0{day}_Hello---you-{number}.html"] = data.encode()
    found = articles(read("medium", zipped(tmp_path / "m.zip", files)))
    assert [one.slug for one in found] == ["hello-you", "hello-you-ba9876543210"]
    assert len({one.id for one in found}) == 2


def test_a_card_of_another_page_has_its_lines(tmp_path):
    card = (
        '<div class="graf graf--mixtapeEmbed"><a href="https://o.example/"><strong>T</strong><br>'
        '<em class="markup--em markup--mixtapeEmbed-em">Of it</em>o.example</a>'
        '<a class="js-mixtapeImage mixtapeImage" href="https://o.example/"></a></div>'
    )
    data = (
        _POST.replace("{canonical}", _HERE)
        .replace('<p class="graf graf--p">Second.</p>', card)
        .encode()
    )
    (article,) = articles(read("medium", zipped(tmp_path / "m.zip", {_NAME: data})))
    assert (
        '<div><a href="https://o.example/"><strong>T</strong><br><em>Of it</em><br>o.example</a></div>'
        in article.body
    )
