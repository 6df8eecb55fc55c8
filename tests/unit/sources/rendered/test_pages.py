"""Of a rendered site the articles are found, and in each its text alone."""

import contextlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from publisher.sources.markup import sanitised
from publisher.sources.rendered.page import page_of
from publisher.sources.rendered.passing import PassedOver, passed_over, passing_over
from publisher.sources.rendered.survey import NO_SITE, Site, common

SITE = Site(names=frozenset({"the letter", "blog | the letter"}))
TEXT = "<p>The harbour opened today, after three years of work.</p><p>Many came to see it.</p>"
MENU = '<header class="site-header"><nav><a href="/">Home</a><a href="/about/">About</a></nav></header>'
END = "<footer><p>All rights reserved.</p><form><input><button>Subscribe</button></form></footer>"


def read(html, path="2026/harbour-opens/index.html", site=SITE, zone="UTC"):
    return page_of(html, path, "https://news.example/", zone, site)


def page(inner, head="<title>Harbour opens | The Letter</title>"):
    return f'<!doctype html><html lang="en-GB"><head>{head}</head><body>{MENU}{inner}{END}</body></html>'


# Each in the manner of a generator's usual theme.
HUGO = page(
    f'<main><article class="post-single"><header class="post-header"><h1 class="post-title">Harbour opens</h1>'
    '<div class="post-meta"><span title="2026-11-24 09:00:00 +0100 CET">November 24, 2026</span>&nbsp;·&nbsp;'
    f'2 min&nbsp;·&nbsp;Ana Berg</div></header><div class="post-content">{TEXT}'
    '<h2 id="x">Next<a hidden class="anchor" aria-hidden="true" href="#x">#</a></h2><p>More.</p></div>'
    '<footer class="post-footer"><ul class="post-tags"><li><a href="/tags/sea/">Sea</a></li></ul>'
    '<nav class="paginav"><a href="/b/">Before</a></nav><ul class="share-buttons"><li>x</li></ul></footer>'
    "</article></main>",
    '<title>Harbour opens | The Letter</title><meta property="og:type" content="article">'
    '<meta property="article:published_time" content="2026-11-24T09:00:00+01:00">'
    '<meta property="article:tag" content="Sea"><meta name="author" content="Ana Berg">'
    '<link rel="canonical" href="https://letter.example/2026/harbour-opens/">',
)
JEKYLL = page(
    '<main class="page-content"><article class="post h-entry" itemscope itemtype="http://schema.org/BlogPosting">'
    '<header class="post-header"><h1 class="post-title p-name" itemprop="name headline">Harbour opens</h1>'
    '<p class="post-meta"><time class="dt-published" datetime="2026-11-24T08:00:00+00:00" itemprop="datePublished">'
    'Nov 24, 2026</time> • <span itemprop="author" itemscope><span class="p-author h-card" itemprop="name">'
    f'Ana Berg</span></span></p></header><div class="post-content e-content" itemprop="articleBody">{TEXT}</div>'
    '<a class="u-url" href="/2026/harbour-opens/" hidden></a><div id="disqus_thread">Comments</div></article></main>',
)
PELICAN = page(
    '<section id="content" class="body"><article><header><h1 class="entry-title"><a href="/2026/harbour-opens/">'
    'Harbour opens</a></h1></header><div class="entry-content"><footer class="post-info">'
    '<abbr class="published" title="2026-11-24T09:00:00+01:00">Tue 24 November 2026</abbr>'
    '<address class="vcard author">By <a class="url fn" href="/a/">Ana Berg</a></address>'
    f"<p>In <a href='/news/'>news</a>.</p></footer>{TEXT}</div></article></section>"
    '<section id="extras"><h2>links</h2></section>',
)
WORDPRESS = page(
    '<div id="page"><div id="primary"><main><article id="post-1" class="post hentry"><h1 class="entry-title">'
    'Harbour opens</h1><div class="entry-meta">Posted on <time class="entry-date published" '
    'datetime="2026-11-24T08:00:00+00:00">24 Nov</time> by <span class="author vcard"><a class="url fn n">Ana Berg'
    f'</a></span></div><div class="entry-content">{TEXT}<div class="sharedaddy"><h3>Share this:</h3>'
    '<ul><li>Tweet</li></ul></div><div id="jp-relatedposts"><h3>Related</h3><p>Other story</p></div></div></article>'
    '<div id="comments" class="comments-area"><h2>3 thoughts</h2><p>Great! I was there, too.</p></div></main></div>'
    '<div id="secondary" class="widget-area"><h2>Archives</h2></div></div>',
    "<title>Harbour opens &#8211; The Letter</title>"
    '<script type="application/ld+json">{"@context":"https://schema.org","@graph":[{"@type":"WebSite","name":"The Letter"},'
    '{"@type":"BlogPosting","headline":"Harbour opens","datePublished":"2026-11-24T08:00:00+00:00",'
    '"author":{"@type":"Person","name":"Ana Berg"},"keywords":["Sea"]}]}</script>',
)
GHOST = page(
    '<main class="gh-main"><article class="gh-article post"><header class="gh-article-header"><h1>Harbour opens</h1>'
    '<time datetime="2026-11-24">Nov 24</time></header><section class="gh-content">'
    + TEXT
    + "</section></article>"
    '<section class="gh-read-next"><h2>Read next</h2><article><h3><a href="/other/">Other</a></h3></article>'
    '<article><h3><a href="/third/">Third</a></h3></article></section></main>',
    '<title>Harbour opens</title><script type=\'application/ld+json\'>{"@type":"Article","headline":"Harbour opens",'
    '"datePublished":"2026-11-24T08:00:00.000Z","author":{"name":"Ana Berg"}}</script>',
)
ELEVENTY = page(
    f'<main id="skip"><heading-anchors><h1>Harbour opens</h1><ul class="post-metadata"><li><time datetime="2026-11-24">'
    f'24 November 2026</time></li><li><a href="/tags/sea/" class="post-tag">Sea</a></li></ul>{TEXT}'
    '<ul class="links-nextprev"><li class="links-nextprev-prev">← <a href="/b/">Before</a></li></ul>'
    "</heading-anchors></main>",
    '<title>Harbour opens</title><meta name="author" content="Ana Berg">',
)
BARE = page(
    f'<div id="wrap"><div class="content"><h1>Harbour opens</h1><div class="meta">By Ana Berg · 24 November 2026</div>'
    f'{TEXT}</div><div class="sidebar"><h3>About</h3></div></div>'
)  # fmt: skip


@pytest.mark.parametrize(
    "html",
    [HUGO, JEKYLL, PELICAN, WORDPRESS, GHOST, ELEVENTY, BARE],
    ids="hugo jekyll pelican wordpress ghost eleventy bare".split(),
)
def test_an_article_is_read_as_its_generator_shows_it(html):
    found = read(html)
    assert found.title == "Harbour opens"
    assert found.values["date"][:10] == "2026-11-24"
    assert found.values["authors"] == ["Ana Berg"]
    assert found.values["language"] == "en-GB"
    assert "<p>Many came to see it.</p>" in found.body
    for other in (
        "Home", "About", "rights", "Share", "Related", "thoughts", "Before", "Archives", "links",
        "Harbour opens", "Ana Berg", "2026", "Read next", "Subscribe", "Tweet", "Comments", "Sea", "#",
    ):  # fmt: skip
        assert other not in found.body.replace('id="x"', ""), other


def test_an_address_and_tags_are_the_pages_own():
    found = read(HUGO)
    assert found.values["canonical"] == "https://letter.example/2026/harbour-opens/"
    assert found.values["tags"] == ["Sea"]
    assert found.base == "https://letter.example/2026/harbour-opens/index.html"
    assert read(JEKYLL).values["url"] == "/2026/harbour-opens/"


CARD = '<article class="post"><h2><a href="/{0}/">Story {0}</a></h2><time datetime="2026-11-2{0}">x</time><p>In short.</p></article>'
CARDS = "".join(CARD.format(n) for n in range(5))


@pytest.mark.parametrize(
    ("path", "html", "why"),
    [
        ("index.html", HUGO, "front page"),
        ("de/index.html", HUGO, "front page"),
        ("page/2/index.html", page(CARDS), "part of a list"),
        ("blog/index-3.html", page(CARDS), "part of a list"),
        ("blog/index.html", page(f"<main>{CARDS}</main>"), "list of stories"),
        ("tags/sea/index.html", page(f"<main>{CARD.format(1)}</main>"), "list"),
        ("sea/index.html", page(f"<main>{CARD.format(1)}</main>"), "list of stories"),
        ("category/news.html", page(f"<main><h1>news</h1>{TEXT}<time datetime='2026-11-24'></time></main>"), "tag, an author"),
        ("2026/11/index.html", page(f"<main>{CARDS}</main>"), "list of a time"),
        ("2026.html", page(f"<main>{CARDS}</main>"), "list of a time"),
        ("404.html", HUGO, "site itself"),
        ("old.html", page("", '<title>x</title><meta http-equiv="refresh" content="0; url=/new/">'), "leads elsewhere"),
        ("about/index.html", page(f"<main><article><h1>About us</h1>{TEXT}</article></main>"), "without a date"),
        ("about.html", page(f"<main><h1>About us</h1>{TEXT}<p>Last updated: <time datetime='2026-11-24'>x</time></p></main>"), "without a date"),
        ("part.html", "<div>only a piece</div>", "piece of a page"),
        ("empty.html", "<!doctype html>", "page"),
    ],
    ids=lambda text: text[:24] if "<" not in text else "",
)  # fmt: skip
def test_what_is_no_article_is_passed_over_by_name(path, html, why):
    with pytest.raises(PassedOver, match=why):
        read(html, path)


def test_a_story_that_leads_to_others_is_none_of_a_list():
    html = GHOST.replace("<script", "<x").replace(
        "</head>", '<meta property="og:type" content="article"></head>'
    )
    assert read(html).title == "Harbour opens"


def test_names_that_titles_end_with_are_found_over_the_folder():
    heads = [f"<title>Story {n} – at last | The Letter &amp; Co</title>" for n in range(6)]
    site = common(heads)
    assert (
        site.without_name("Harbour | the sea – now | The Letter & Co") == "Harbour | the sea – now"
    )
    assert site.without_name("The Letter & Co | Harbour") == "Harbour"
    assert site.without_name("The Letter & Co") == "The Letter & Co"
    assert common(heads[:2]) == NO_SITE


def test_a_picture_and_a_sentence_of_all_pages_are_nobodys():
    meta = '<meta property="og:image" content="/logo.png"><meta name="description" content="We write.">'
    site = common([f"<title>{n}</title>{meta}" for n in range(5)])
    html = JEKYLL.replace("</head>", f"{meta}</head>")
    assert {"image", "description"}.isdisjoint(read(html, site=site).values)
    assert read(html).values["image"] == "https://news.example/logo.png"


def test_quotations_footnotes_and_code_stay():
    kept = (
        '<blockquote><p>Said.</p><footer>Ana, in a letter</footer></blockquote><pre class="share">x = 1</pre>'
        '<section class="footnotes"><ol><li>Note.</li></ol></section><aside class="note"><p>Mind the gap.</p></aside>'
    )
    found = read(HUGO.replace("<p>More.</p>", kept))
    for words in ("Ana, in a letter", "x = 1", "Note.", "Mind the gap."):
        assert words in found.body


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("Published on <b>Tuesday</b>, 24th November 2026", "2026-11-24"),
        ("Nov 24, 2026 · 3 min", "2026-11-24"),
        ("2026年11月24日", "2026-11-24"),
        ("2026-11-24 09:00", "2026-11-24"),
    ],
)
def test_a_day_in_words_is_read(written, day):
    html = page(f'<main><h1>Harbour opens</h1><p class="post-date">{written}</p>{TEXT}</main>')
    assert read(html).values["date"][:10] == day


def test_an_address_with_a_day_is_a_date_and_one_beyond_reason_none():
    html = page(f"<main><h1>Harbour opens</h1>{TEXT}</main>")
    assert read(html, "2026/11/24/harbour.html").values["date"] == "2026-11-24"
    wrong = html.replace("</head>", '<meta name="date" content="9999-99-99"></head>')
    assert read(wrong, "2026/11/24/harbour.html").values["date"] == "2026-11-24"
    with pytest.raises(PassedOver, match="date"):
        read(wrong, "2026/13/24/harbour.html")


@pytest.mark.parametrize(
    "address", ["javascript:x", "http://localhost:1313/a/", "http://[", "https://letter.example/"]
)
def test_an_address_that_is_none_is_not_taken(address):
    html = JEKYLL.replace("</head>", f'<link rel="canonical" href="{address}"></head>')
    assert "canonical" not in read(html).values


@settings(max_examples=60, deadline=None)
@given(
    st.text(max_size=80),
    st.sampled_from(
        ["", '<script type="application/ld+json">', "<time datetime='", "<article>" * 50]
    ),
)
def test_no_page_stops_the_reader(text, begin):
    for html in (
        page(begin + text),
        HUGO.replace("2026-11-24T09:00:00+01:00", text.replace('"', "")),
    ):
        with contextlib.suppress(PassedOver):
            read(html)


def test_json_that_is_nested_without_end_says_nothing():
    script = '<script type="application/ld+json">' + '{"@graph":[' * 5000 + "</script>"
    assert read(JEKYLL.replace("</head>", f"{script}</head>")).title == "Harbour opens"


def test_pages_that_are_passed_over_are_told_by_what_they_are():
    problems = [passing_over(f"{n}.html", PassedOver("a front page")) for n in range(5)]
    (told,) = passed_over(problems)
    assert told.what == "passed over, for it is a front page: 0.html, 1.html, 2.html and 2 more"
    assert told.severity == "note"


def test_what_the_pages_own_style_sheet_hides_is_not_of_the_article():
    hidden = HUGO.replace("<p>More.</p>", '<p class="later">Secret.</p><p>More.</p>')
    sheet = "<style>.later{display:none}</style></head>"
    found = sanitised(read(hidden.replace("</head>", sheet)).body, "https://news.example/")
    assert "Secret" not in found
    assert "More" in found


def test_coloured_code_keeps_its_comments_and_decorators():
    code = (
        '<pre><code><span class="hljs-meta">@final</span>\n<span class="token comment"># why</span>\n'
        '<span class="token tags">x</span></code></pre>'
    )
    found = read(HUGO.replace("<p>More.</p>", f"{code}<p>More.</p>")).body
    assert "@final" in found
    assert "# why" in found
    assert "x</span>" in found
