"""Small inputs that once went wrong on their way: one row a kind, with what came out then and now.

`before` stands nowhere in the output that a row names, `after` does.
"""

from __future__ import annotations

import json
from typing import NamedTuple

import pytest

from tests.site import Site

CONFIG = """\
[publication]
title = "Lab"
base_url = "https://news.example"
since = 2026-01-01
sender = "letter@news.example"

[newsletters.full]
title = "Full"
every = "day"
max_age = "3650d"
any_language = true
[[newsletters.full.sections]]
name = "all"
max = 50
show = "full"
"""
AT = "2026-11-26 12:00"
EDITION = "full@2026-11-26T0700"
FEEDS = ("feed.json", "rss.xml", "atom.xml")


class Out(NamedTuple):
    """What one output said, and what it says; an empty text asks for nothing."""

    where: str
    before: str
    after: str


class Case(NamedTuple):
    kind: str
    files: dict[str, str]
    outs: tuple[Out, ...]


def dated(body: str, **keys: str) -> str:
    head = {"title": "A", "date": "2026-11-25", **keys}
    return "---\n" + "".join(f"{k}: {v}\n" for k, v in head.items()) + f"---\n{body}\n"


def page(body: str, head: str = "") -> str:
    return (
        f'<!doctype html><html lang="en"><head><title>A</title>{head}'
        f'<meta name="date" content="2026-11-25"></head><body>{body}</body></html>'
    )


CASES = (
    Case(
        "an address in a heading keeps its letters' case",
        {
            "a.md": dated(
                "## [Read the report](https://example.com/Report/AbC?Id=xY)\n\n"
                "## Use `getElementById()`, write to Ana@Example.com\n\nText."
            )
        },
        (
            Out("text", "EXAMPLE.COM", "READ THE REPORT <https://example.com/Report/AbC?Id=xY>"),
            Out("text", "GETELEMENTBYID", "getElementById()"),
            Out("text", "ANA@", "Ana@Example.com"),
        ),
    ),
    Case(
        "a raised figure is no other number",
        {
            "a.md": dated("The virus spread to 10<sup>6</sup> cells in 25 m<sup>2</sup>."),
            "b.md": "---\ndate: 2026-11-24\n---\n# Over 10<sup>6</sup> cases\n\nBody.",
            "c.md": dated("Body.", title="C", summary='"Now 10<sup>6</sup> cases"'),
        },
        (
            Out("feed.json", '"summary":"The virus spread to 10 cells', "10⁶ cells in 25 m²."),
            Out("feed.json", "Over 106", "Over 10⁶ cases"),
            Out("feed.json", "Now 106", "Now 10⁶ cases"),
            Out("text", "106", "10⁶ cells in 25 m²."),
            Out("page", '="The virus spread to 10 cells', '="The virus spread to 10⁶ cells'),
        ),
    ),
    Case(
        "a subject keeps every character that has a meaning",
        {
            "a.md": dated(
                "Text.",
                title='"می\u200cخواهم \U0001f3f4\U000e0067\U000e0062\U000e0073\U000e0063'
                '\U000e0074\U000e007f \U0001fa77 \U0001fae8 \U00031350"',
            )
        },
        (
            Out(
                "subject",
                "میخواهم",
                "می\u200cخواهم \U0001f3f4\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074"
                "\U000e007f \U0001fa77 \U0001fae8 \U00031350",
            ),
        ),
    ),
    Case(
        "what hides a page in its generator hides it here",
        {
            "seen.md": dated("Text.", title="Seen by all"),
            "cas/_index.md": "---\ntitle: S\ncascade:\n  draft: true\n---\n",
            "cas/one.md": dated("A", title="Unseen cascade"),
            "dir/dir.json": '{"eleventyExcludeFromCollections": true}',
            "dir/nine.md": dated("B", title="Unseen directory data"),
            "eleventy.md": dated("C", title="Unseen permalink", permalink="false"),
            "ghost.html": '{"title": "Unseen Ghost", "published_at": "2026-11-24", '
            '"status": "sent", "visibility": "public"}\n<p>D</p>',
            "head/index.md": dated("E", title="Unseen headless", headless="true"),
            "hugo.md": dated("F", title="Unseen build", build="{list: never, render: never}"),
            "nikola.md": "<!--\n.. title: Unseen tag\n.. date: 2026-11-20\n.. tags: draft\n-->\nG",
            "two.md": "# Unseen meta\n\nH",
            "two.meta": ".. title: Unseen meta\n.. date: 2026-11-20\n.. status: draft\n",
            "unlisted.md": dated("I", title="Unseen unlisted", unlisted="true"),
            "zola.md": '+++\ntitle = "Unseen render"\ndate = 2026-11-21\nrender = false\n+++\nJ',
        },
        (*(Out(where, "Unseen", "Seen by all") for where in ("text", "page", *FEEDS)),),
    ),
    Case(
        "what a sanitiser takes away has a fallback, and is told",
        {
            "a.md": dated(
                "<p><math><mfrac><mn>1</mn><mn>2</mn></mfrac></math> of all. Film: "
                '<iframe src="https://www.youtube.com/embed/abc" title="The film"></iframe></p>\n\n'
                '<object data="doc.pdf"><a href="doc.pdf">The PDF</a></object>\n\n'
                "<noscript><p>For who has no scripts</p></noscript>\n\n"
                "<svg><title>Rain chart</title><text>42</text></svg>\n\n"
                "![Chart](data:image/png;base64,iVBORw0KGgo=)\n\n"
                '<img data-src="real.jpg" src="data:image/gif;base64,R0lGODlhAQABAAAAACw=" '
                'alt="Lazy">\n\n<form action="/x"><p>Words in a form</p></form>\n\n'
                "[Text us](sms:+123)"
            )
        },
        (
            Out("text", "\n of all", "1/2 of all"),
            Out("feed.json", "Film: </p>", "▶ The film</a></p>"),
            Out("feed.json", "", "https://www.youtube.com/watch?v=abc"),
            Out("text", "", "The PDF <https://news.example/a/doc.pdf>"),
            Out("feed.json", "", "For who has no scripts"),
            Out("feed.json", "", "Rain chart"),
            Out("feed.json", '<img alt=\\"Chart\\">', "[Chart]"),
            Out("feed.json", '<img alt=\\"Lazy\\">', "https://news.example/a/real.jpg"),
            Out("feed.json", "", "Words in a form"),
            Out("feed.json", "<a>Text us", 'href=\\"sms:+123\\"'),
            Out("check", "", "left out: a picture whose data stands in the text"),
            Out("check", "", "left out: a form"),
            Out("check", "", "an <iframe> became a link to https://www.youtube.com/watch?v=abc"),
        ),
    ),
    Case(
        "a rendered page is its article, without menu and footer",
        {
            "a.html": page(
                '<header><nav><a href="/">Home</a><a href="/about/">About</a></nav></header>'
                "<main><article><h1>A</h1><p>It opened today.</p></article></main>"
                "<footer><p>All rights reserved.</p></footer>"
            )
        },
        tuple(
            Out(where, before, "It opened today.")
            for where in ("text", "feed.json")
            for before in ("HomeAbout", "All rights", "<h2>A", "About")
        ),
    ),
    Case(
        "what a page's roles mark as menu and footer is none of its article",
        {
            "a.html": page(
                '<div class="skip"><a href="#c">Skip to content</a></div>'
                '<div role="banner">The site</div><div role="navigation">Home</div>'
                '<div id="c"><h1>A</h1><p>It opened today.</p></div>'
                '<form role="search">Find</form><div role="contentinfo">All rights reserved.</div>'
            )
        },
        tuple(
            Out("text", before, "It opened today.")
            for before in ("The site", "Home", "Find", "All rights", "Skip to")
        ),
    ),
    Case(
        "wrapped Japanese text is paragraphs, joined without spaces",
        {
            "a.txt": "日本語の見出し\n\nこれは手で改行された長い段落です。一行に三十五文字で折り返さ\n"
            "れたメールの本文のように、途中の単語の真ん中で行が切れていま\n"
            "す。そのため、読み手には一つの段落に見えるはずです。\n\n次の段落です。\n"
        },
        (
            Out("feed.json", "<h2>", "折り返されたメールの本文"),
            Out("feed.json", "", "切れています。そのため"),
        ),
    ),
    Case(
        "an address ends where its script ends",
        {
            "a.md": dated(
                "詳細はhttps://example.jp/news/123をご覧ください。\n\n"
                "另见 https://example.com/docs（说明）谢谢。"
            ),
            "b.txt": "見出し\n\n詳しくはhttps://example.jp/news/123をご覧ください。終わりです。\n",
        },
        (
            Out("feed.json", 'news/123を\\"', 'href=\\"https://example.jp/news/123\\"'),
            Out("feed.json", 'docs（说明）谢谢。\\"', 'href=\\"https://example.com/docs\\"'),
            Out("text", "", "<https://example.jp/news/123>をご覧"),
        ),
    ),
    Case(
        "texts of front matter stay as they were typed",
        {
            "a.md": dated("A", title="0xF4EE", slug="007", tags="[12:30, 007]"),
            "b.md": dated("B", title="20:30"),
            "c.md": dated("C", title="1.10", summary="3:2"),
            "d.md": dated("D", title="D", guid="20240101_01"),
            "e.md": dated("E", title="E", id="010"),
            "f.md": dated("F", title="F", lang="no"),
            "g.md": dated("G", title="No"),
        },
        (
            Out("items", "62702", "0xF4EE | https://news.example/007/ | 12:30, 007"),
            Out("items", "1230", "20:30"),
            Out("items", "1.1 ", "1.10"),
            Out("feed.json", '"182"', '"3:2"'),
            Out("ids", "2024010101", "20240101_01"),
            Out("ids", "\n8\n", "010"),
            Out("feed.json", "", '"language":"no"'),
            Out("items", "", "No | "),
        ),
    ),
    Case(
        "a date in the name of a file or folder is its date",
        {
            "2026-01-06-fine.md": "---\ntitle: Fine\n---\nF",
            "2026-01-07T09:30:00Z-timed.md": "---\ntitle: Timed\n---\nE",
            "2026-01-08 - spaced.md": "---\ntitle: Spaced\n---\nD",
            "2026-01-09.md": "---\ntitle: Day\n---\nC",
            "2026-01-10-bundle/index.md": "---\ntitle: Bundle\n---\nB",
            "2026-01-11_underscore.md": "---\ntitle: Underscore\n---\nA",
        },
        (
            Out("dates", "2026-11", "2026-01-06 Fine"),
            Out("dates", "", "2026-01-07 Timed"),
            Out("dates", "", "2026-01-08 Spaced"),
            Out("dates", "", "2026-01-09 Day"),
            Out("dates", "", "2026-01-10 Bundle"),
            Out("dates", "", "2026-01-11 Underscore"),
            Out("items", "/2026-01", "https://news.example/underscore/"),
        ),
    ),
    Case(
        "struck words are seen to be struck, and quotations have their marks",
        {"a.md": dated("The ~~director~~ deputy wants ~~100~~ 80 euros, <q>no more</q>, he said.")},
        (
            Out(
                "text",
                "director deputy",
                "The ~~director~~ deputy wants ~~100~~ 80 euros, “no more”, he said.",
            ),
            Out("summary", "100", "The deputy wants 80 euros, “no more”, he said."),
        ),
    ),
    Case(
        "no words of two blocks or cells are glued",
        {
            "a.html": page(
                "<table><caption>Goals by year</caption><tr><td><p>2024</p><p>2025</p></td>"
                "<td><ul><li>one</li><li>two</li></ul></td></tr></table>"
                '<a href="https://x.example/"><h3>Head</h3><p>Text</p></a>'
                "<address>Jane Doe</address><address>Main Street</address>"
                "<center>Line one</center><center>Line two</center>"
                "<ruby>漢字<rt>かんじ</rt></ruby>"
            )
        },
        (
            Out("text", "20242025", "Goals by year\n\n2024 2025 | one two"),
            Out("text", "HeadText", "Text <https://x.example/>"),
            Out("text", "漢字かんじ", "漢字（かんじ）"),
            Out("text", "DoeMain", "Jane Doe\n\nMain Street"),
            Out("feed.json", "Jane DoeMain", "<div>Main Street</div>"),
            Out("feed.json", "Line oneLine two", "<div>Line two</div>"),
        ),
    ),
    Case(
        "addresses keep the vowels of every script",
        {
            "a.md": dated("A", title="हिन्दी में समाचार", tags="[किला]", language="hi"),
            "b.txt": "ภาษาไทยวันนี้\n\nข้อความยาวพอสมควรสำหรับย่อหน้านี้ครับ จบแล้ว.\n",
            "c.md": dated("C", title="C", tags="[काल]"),
        },
        (
            Out("files", "feeds/tag/क-ल/", "feeds/tag/किला/rss.xml"),
            Out("files", "", "feeds/tag/काल/rss.xml"),
            Out("files", "", "web/ภาษาไทยวันนี้/index.html"),
        ),
    ),
    Case(
        "tags that differ have feeds of their own",
        {
            "a.md": dated("A", tags='["C", "C++", "C#"]'),
            "b.md": dated("B", title="B", tags='["C#"]'),
            "c.md": dated("C", title="C", tags='["🎉", "☕"]'),
        },
        (
            Out("files", "", "feeds/tag/c/rss.xml"),
            Out("files", "", "feeds/tag/c-plus-plus/rss.xml"),
            Out("files", "", "feeds/tag/c-sharp/rss.xml"),
            Out("files", "", "feeds/tag/☕/rss.xml"),
            Out("items", "", "| C, C++, C#"),
            Out("items", "", "| 🎉, ☕"),
        ),
    ),
    Case(
        "words from right to left say so in mails and feeds",
        {"a.md": dated("זהו טקסט עם מילה English באמצע.", title='"שלום, עולם!"', language="he")},
        (
            Out("feed.json", '"content_html":"<p>', 'dir=\\"rtl\\"'),
            Out("rss.xml", "", 'dir="rtl"'),
            Out("atom.xml", "", 'dir="rtl"'),
            Out("mail", "<h2 style", '<h2 lang="he" dir="rtl" style'),
        ),
    ),
    Case(
        "a summary ends with a sentence, and tells of a picture",
        {
            "a.md": dated(
                "The committee that had been called to examine the flooding of the lower harbour "
                "and of both of the railway tunnels beneath it heard on Tuesday from the chief "
                "engineer of the port, who said that his views were shared by Dr. Example of the "
                "institute and by nobody else at all in the whole city so far as he knew then."
            ),
            "b.md": dated("The first paragraph.\n{: .lead}\n\nMore.", title="B"),
            "c.md": dated("![A bridge](https://cdn.example/d.png)", title="C"),
        },
        (
            Out("summary", "shared by Dr.\n", "shared by Dr. Example of the institute"),
            Out("feed.json", "{: .lead}", "<p>The first paragraph.</p>"),
            Out("summary", "", "A bridge"),
            Out("atom.xml", "<summary/>", "<summary>A bridge</summary>"),
        ),
    ),
    Case(
        "a part of a name is a language only where it is one",
        {"2026-11-20-deploying-node.js.md": "---\ntitle: Deploying Node.js\n---\nText."},
        (
            Out("items", "/js/", "https://news.example/deploying-node.js/"),
            Out("feed.json", '"language":"js"', "Deploying Node.js"),
        ),
    ),
    Case(
        "no feed was changed in the future",
        {"a.md": dated("A", lastmod="2031-05-01")},
        (
            *(Out(where, "2031", "2026") for where in FEEDS),
            Out("check", "", "it was changed on 2031-05-01, which is still to come"),
        ),
    ),
    Case(
        "a story that is excluded is nowhere in that edition",
        {
            "a.md": dated(
                "The harbour council voted on the ferry timetable. Captains want the tidal barrier "
                "closed at night, and the northern quay dredged before spring.",
                title="Ferry vote",
            ),
            "e.md": dated(
                "Captains fear the tidal barrier. The northern quay was dredged last spring, the "
                "ferry timetable said, and pilots agreed over coffee.",
                title="Excluded story",
                newsletter="{exclude: true}",
            ),
            **{
                f"z{n}.md": dated(
                    f"bread{n}0 and cinema{n}1 and school{n}2 and winter{n}3 and museum{n}4.",
                    title=f"Other {n}",
                )
                for n in range(8)
            },
        },
        (
            Out("text", "Excluded story", "Ferry vote"),
            Out("mail", "Excluded story", "Ferry vote"),
            Out("page", "", "Excluded story"),
        ),
    ),
    Case(
        "addresses of a page begin at its base",
        {
            "a.html": page(
                '<p>Pic <img src="a.png" alt="a"></p>',
                '<base href="https://cdn.example/posts/">',
            )
        },
        (Out("feed.json", "https://news.example/a/a.png", "https://cdn.example/posts/a.png"),),
    ),
)


def outputs(site: Site) -> dict[str, str]:
    """Every output of a built publication by name, as text."""
    outbox, items = site.root / "outbox", site.feed()["items"]
    files = sorted(site.outbox())
    return {
        "text": site.part("message.txt", EDITION),
        "mail": site.part("message.html", EDITION),
        "subject": site.part("subject.txt", EDITION),
        "page": "\n".join(
            (outbox / name).read_text() for name in files if name.endswith("/index.html")
        ),
        "files": "\n".join(files),
        "check": site.run("check", "--at", AT).out,
        "items": "\n".join(
            f"{one['title']} | {one['url']} | {', '.join(one.get('tags', ()))}" for one in items
        ),
        "ids": "\n" + "".join(f"{one['id']}\n" for one in items),
        "dates": "\n".join(f"{one['date_published'][:10]} {one['title']}" for one in items),
        "summary": "".join(f"{one.get('summary', '')}\n" for one in items),
        "feed.json": json.dumps(site.feed(), ensure_ascii=False, separators=(",", ":")),
        **{name: (outbox / "feeds" / name).read_text() for name in FEEDS[1:]},
    }


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.kind)
@pytest.mark.slow
def test_text_is_not_changed_in_its_meaning_on_the_way(case, tmp_path):
    site = Site(tmp_path, CONFIG)
    for name, content in case.files.items():
        site.article(name, content)
    site.run("build", "--at", AT)
    found = outputs(site)
    for out in case.outs:
        assert not out.before or out.before not in found[out.where], (out.where, out.before)
        assert out.after in found[out.where], (out.where, out.after)
