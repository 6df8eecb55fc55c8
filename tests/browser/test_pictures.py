"""Pictures of a mail in a real browser: each holds its width on a phone, loaded or not."""

import re
import struct
import zlib

import pytest

from tests.site import Site

pytestmark = [pytest.mark.browser, pytest.mark.slow]

CONFIG = """\
[publication]
title = "Lab"
base_url = "https://news.example"
since = 2026-01-01
sender = "letter@news.example"
logo = "https://cdn.example/logo.png"

[pictures]
make = "never" # they are as wide as they are, whoever made them

[newsletters.full]
title = "Full"
every = "day"
max_age = "3650d"
[[newsletters.full.sections]]
name = "all"
max = 50
show = "full"
"""
AT = "2026-11-26 12:00"
VIEW = "outbox/views/full@2026-11-26T0700.html"

LONG = "Wassersportvereinshauptversammlungsprotokollführerinnen"
PICTURES = f"""\
![alone](https://cdn.example/0.png)

In a line ![in a line](https://cdn.example/1.png) of words ![and another](https://cdn.example/2.png).

![one](https://cdn.example/3.png) ![beside it](https://cdn.example/4.png)

<img src="https://cdn.example/5.png" width="1200" height="800" alt="wide">

<p>Words <img src="https://cdn.example/6.png" width="1200px" alt="{LONG}"> words</p>

<img src="https://cdn.example/7.png" width="100%" alt="a share">

<p><img src="https://cdn.example/8.png" height="900" alt="high"></p>

<p style="width: 900px"><img src="https://cdn.example/9.png" style="min-width: 900px" alt="{LONG}"></p>

[![{LONG}](https://cdn.example/10.png)](https://x.example/)

<figure><img src="https://cdn.example/11.png"><figcaption>Caption</figcaption></figure>

- ![{LONG}](https://cdn.example/12.png) in a list

> ![quoted](https://cdn.example/13.png)

## A heading ![{LONG}](https://cdn.example/14.png)

| One | Two | Three |
|---|---|---|
| ![{LONG}](https://cdn.example/15.png) | ![two](https://cdn.example/16.png) | words |

<video src="https://cdn.example/f.mp4" poster="https://cdn.example/17.png"></video>

<iframe src="https://www.youtube.com/embed/abcdefg" title="{LONG}"></iframe>

<div><div><img src="https://cdn.example/p-1800x900.png" alt="in boxes"></div></div>

<details><summary>More</summary><img src="https://cdn.example/18.png?w=1600" alt="x"></details>
"""


def png(width, height):
    """A picture of one colour."""

    def chunk(kind, data):
        body = kind + data
        return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))

    rows = (b"\0" + b"\x99\x66\x33" * width) * height
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(rows))
        + chunk(b"IEND", b"")
    )


WIDE = png(1600, 90)


@pytest.fixture(scope="module")
def mail(tmp_path_factory):
    site = Site(tmp_path_factory.mktemp("pictures"), CONFIG)
    head = "title: Pictures\ndate: 2026-11-25\nimage: https://cdn.example/lead.png\n"
    site.article("a.md", f"---\n{head}---\n{PICTURES}")
    site.article("tiny.png", png(16, 12))
    site.article("wide.png", WIDE)
    site.article(
        "b.md",
        "---\ntitle: Beside it\ndate: 2026-11-24\n---\n"
        "![icon](tiny.png) opens.\n\n![wide](wide.png)\n",
    )
    site.build(AT)
    return site.root / VIEW


def opened(browser, mail, load):
    """The mail on a phone; every picture of the web is a wide one, or is not loaded."""
    page = browser.new_page(viewport={"width": 375, "height": 800})
    page.route(
        re.compile("^https?:"),
        lambda route: route.fulfill(body=WIDE, content_type="image/png") if load else route.abort(),
    )
    page.goto(f"file://{mail}")
    page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
    return page


def sizes(browser, mail, load):
    """(name, width as shown, width as told) of each picture whose width is told."""
    page = opened(browser, mail, load)
    found = page.evaluate(
        "[...document.images].filter(one => one.hasAttribute('width')).map(one => "
        "[one.src.split('/').pop(), Math.round(one.getBoundingClientRect().width),"
        " one.getAttribute('width')])"
    )
    page.close()
    return found


@pytest.fixture(params=[True, False], ids=["loaded", "not loaded"])
def phone(request, browser, mail):
    page = opened(browser, mail, request.param)
    yield page
    page.close()


def test_no_picture_makes_a_phones_column_wider(phone):
    assert phone.evaluate("document.documentElement.scrollWidth") <= 375
    beyond = """[...document.images].filter(one => !one.closest('div[lang] table'))
      .filter(one => one.getBoundingClientRect().right > 375).map(one => one.outerHTML)"""
    assert phone.evaluate(beyond) == []


def test_a_picture_that_stands_alone_holds_its_width_whether_it_is_loaded_or_not(browser, mail):
    loaded, bare = (
        {name: width for name, width, _ in sizes(browser, mail, load)} for load in (True, False)
    )
    assert len(loaded) > 12
    assert loaded == bare


def test_a_picture_is_told_a_width_for_programs_without_styles(browser, mail):
    told = {name: given for name, _, given in sizes(browser, mail, load=False)}
    assert told["tiny.png"] == "16"
    assert {given for name, given in told.items() if name != "lead.png"} <= {
        "16", "160", "480", "536",
    }  # fmt: skip


def test_a_small_picture_stays_small_and_a_copy_of_the_mail_shows_the_files(phone):
    size = "one => [one.naturalWidth, one.getBoundingClientRect().width]"
    assert phone.locator("img[alt=icon]").evaluate(size) == [16, 16]
    natural, width = phone.locator("img[alt=wide][src*=wide]").evaluate(size)
    assert natural == 1600
    assert 300 < width <= 335
