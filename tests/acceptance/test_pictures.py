"""Pictures of a publication on their way: made once, named in mails and pages, kept while read."""

import re
import shutil
import struct
import zlib

import pytest
from lxml import html

from tests.site import AT, PAGED, Site
from tests.unit.pictures.drawn import flat, opened, photograph, saved, turned

pytestmark = pytest.mark.pages

EDITION = "morning@2026-11-24T0700"
HEAD = "---\ntitle: A\ndate: 2026-11-23 12:00\nimage: {image}\n---\n\n"
MAILED = re.compile(r"https://test\.example/(pictures/mail/[0-9a-f]{32}\.(?:jpg|png|gif))")


@pytest.fixture
def site(tmp_path):
    return Site(tmp_path / "letter", PAGED)


def written(site, body, image="photo.jpg"):
    site.article("a.md", HEAD.format(image=image) + body)
    return site.build()


def mailed(site):
    return sorted(set(MAILED.findall(site.part("message.html", EDITION))))


def web(site):
    folder = site.root / "outbox/web"
    return {one.relative_to(folder).as_posix() for one in folder.rglob("*") if one.is_file()}


def made(site):
    """Files that were made, and when they were written."""
    folder = site.root / "outbox/web/pictures"
    return {path: path.stat().st_mtime_ns for path in folder.rglob("*") if path.is_file()}


def test_a_photograph_is_made_for_mail_page_and_feed(site):
    photo = saved(photograph(2600, 1300, 16), "JPEG", quality=95)
    site.article("photo.jpg", photo)
    written(site, "Before.\n\n![The bay](photo.jpg)\n\nAfter.")

    (place,) = mailed(site)
    mail = (site.root / "outbox/web" / place).read_bytes()
    assert opened(mail).size == (1200, 600) and len(mail) <= 400_000
    text = site.part("message.html", EDITION)
    (inner,) = re.findall(r"<img[^>]*pictures/mail/[^>]*>", text)  # not above its text as well
    assert 'width="536" height="268"' in inner and 'alt="The bay"' in inner
    assert "photo.jpg" not in text

    page = (site.root / "outbox/web/a/index.html").read_text()
    (element,) = re.findall(r"<picture>.*?</picture>", page)
    webp, jpeg = re.findall(r'(?:srcset|src)="/(pictures/[0-9a-f]{32}\.(?:webp|jpg))"', element)
    assert opened((site.root / "outbox/web" / webp).read_bytes()).size == (1280, 640)
    assert opened((site.root / "outbox/web" / jpeg).read_bytes()).size == (1280, 640)
    assert 'width="640" height="320"' in element and 'type="image/webp"' in element

    item = site.feed()["items"][0]
    assert item["image"] == "https://test.example/a/photo.jpg"
    assert (site.root / "outbox/web/a/photo.jpg").read_bytes() == photo


def test_an_icon_of_16_pixels_stays_one_in_mail_and_page(site):
    site.article("tiny.png", saved(flat(16, 16), "PNG"))
    written(
        site, "![icon](tiny.png) opens it, and ![icon](tiny.png) stands in it.", image="tiny.png"
    )
    for text in (
        site.part("message.html", EDITION),
        (site.root / "outbox/web/a/index.html").read_text(),
    ):
        shown = re.findall(r"<img[^>]*pictures/[^>]*>", text)
        assert shown and all('width="16"' in one and 'height="16"' in one for one in shown)


@pytest.mark.slow
def test_a_second_build_makes_nothing_and_a_new_outbox_the_same(site):
    site.article("photo.jpg", saved(photograph(900, 600), "JPEG"))
    written(site, "![x](photo.jpg)")
    before, files = made(site), web(site)
    (site.root / ".publisher/pages.json").unlink()
    site.build()
    assert made(site) == before
    everything = site.outbox()
    shutil.rmtree(site.root / "outbox")
    (site.root / ".publisher/pictures.db").unlink()
    site.build()
    assert web(site) == files
    assert {k: v for k, v in site.outbox().items() if "/pictures/" in k} == {
        k: v for k, v in everything.items() if "/pictures/" in k
    }


def test_what_another_pillow_made_stays_as_it_is(site):
    site.article("photo.jpg", saved(photograph(900, 600), "JPEG"))
    written(site, "![x](photo.jpg)")
    before = {path: path.read_bytes() for path in made(site)}
    text = site.part("message.html", EDITION)
    import publisher.pictures.encoding as encoding

    qualities = encoding._QUALITIES
    encoding._QUALITIES = (20,)  # another library gives other bytes
    try:
        site.article("b.md", HEAD.format(image="photo.jpg") + "Another.")
        site.build("2026-11-24 07:00")
    finally:
        encoding._QUALITIES = qualities
    assert {path: path.read_bytes() for path in before} == before
    assert set(MAILED.findall(text)) <= set(MAILED.findall(site.part("message.html", EDITION)))


def test_a_changed_picture_has_another_name_and_what_a_mail_shows_stays(site):
    site.article("photo.jpg", saved(photograph(900, 600), "JPEG"))
    written(site, "![x](photo.jpg)")
    (old,) = mailed(site)
    on_page = {one for one in web(site) if re.fullmatch(r"pictures/[0-9a-f]{32}\..*", one)}
    site.article("photo.jpg", saved(photograph(900, 500), "JPEG"))
    site.build()
    (new,) = mailed(site)
    assert old != new and {old, new} <= web(site)
    assert not on_page & web(site)


def test_a_picture_of_a_hidden_article_leaves_the_pages(site):
    site.article("photo.jpg", saved(photograph(900, 600), "JPEG"))
    site.story("other")
    written(site, "![x](photo.jpg)")
    kept = mailed(site)
    site.article(
        "a.md", "---\ntitle: A\ndate: 2026-11-23 12:00\ndraft: true\n---\n\n![x](photo.jpg)"
    )
    site.run("build", "--at", "2026-11-25 07:00")
    assert {one for one in web(site) if "pictures/" in one} == set(kept)
    assert "a/photo.jpg" not in web(site)


def test_the_place_where_a_picture_was_taken_goes_nowhere(site):
    site.article("photo.jpg", turned(6, 900, 600))
    written(site, "![x](photo.jpg)")
    assert 'width="536" height="357"' in site.part("message.html", EDITION)
    for path in made(site):
        assert b"Exif" not in path.read_bytes() and b"kitchen" not in path.read_bytes()
        assert opened(path.read_bytes()).size in ((900, 600), (320, 240))


def bomb():
    def chunk(kind, data):
        return (
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        )

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0))
    return (
        b"\x89PNG\r\n\x1a\n"
        + head
        + chunk(b"IDAT", zlib.compress(b"\0" * 100_000))
        + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize(
    ("name", "data", "said", "mail"),
    [
        ("cut.jpg", saved(photograph(), "JPEG")[:9000], "it is damaged", '<img src="https://test.example/a/cut.jpg"'),
        ("text.png", b"no picture", "it is no JPEG, PNG", '<img src="https://test.example/a/text.png"'),
        ("heavy.png", b"x" * 1_000_001, "it is no JPEG, PNG", ">Its words</p>"),
        ("bomb.png", bomb(), "it has more than 50 million pixels", ">Its words</p>"),
        ("drawing.svg", b'<svg xmlns="http://www.w3.org/2000/svg"/>', "it is a drawing (SVG)", ">Its words</p>"),
    ],
    ids=["cut", "text", "heavy", "bomb", "drawing"],
)  # fmt: skip
def test_what_cannot_be_made_is_named_with_its_line(site, name, data, said, mail):
    site.article(name, data)
    written(site, f"First.\n\n![Its words]({name})", image="https://cdn.example/i.png")
    assert mail in site.part("message.html", EDITION)
    told = site.run("check", "--at", AT).out
    assert f"articles/a.md:9: the picture {name}: {said}" in told
    page = (site.root / "outbox/web/a/index.html").read_text()
    assert ("<img" in page.split("First.</p>")[1]) == (name != "bomb.png")
    assert not mailed(site)


def test_a_file_that_is_too_large_is_read_by_nobody(site):
    site.config(PAGED + "\n[pictures]\nsource_bytes = 20000\n")
    site.article("photo.jpg", saved(photograph(900, 600, 1), "JPEG"))
    written(site, "![Its words](photo.jpg)")
    assert ">Its words</p>" in site.part("message.html", EDITION)
    assert "the picture photo.jpg: it has more than 0.02 MB" in site.run("check", "--at", AT).out


def test_a_logo_is_made_for_mails_and_never_larger_than_it_is(site):
    (site.root / "logo.png").write_bytes(saved(flat(90, 40), "PNG"))
    site.config(PAGED.replace('zone = "E', 'logo = "logo.png"\nzone = "E'))
    written(site, "Text.", image="https://cdn.example/i.png")
    (place,) = mailed(site)
    shown = re.search(rf"<img[^>]*{place}[^>]*>", site.part("message.html", EDITION))[0]
    assert 'width="90"' in shown and 'height="40"' in shown
    assert site.feed()["icon"] == "https://test.example/logo.png"


BRAND = """
[authors."Ana Kim"]
picture = "ana.jpg"
alt = "Ana at her desk"

[authors."Ben Oe"]
picture = "nobody.jpg"

[sources]
generator = "docusaurus"
"""


@pytest.mark.slow
def test_a_logo_of_the_dark_and_authors_are_made_for_mails_and_pages(site):
    (site.root / "light.png").write_bytes(saved(flat(320, 160), "PNG"))
    (site.root / "dark.png").write_bytes(saved(flat(640, 320), "PNG"))
    (site.root / "ana.jpg").write_bytes(saved(photograph(600, 400), "JPEG"))
    logos = 'logo = "light.png"\nlogo_dark = "dark.png"\nzone = "E'
    site.config(PAGED.replace('zone = "E', logos) + BRAND)
    site.article(
        "a.md", "---\ntitle: A\ndate: 2026-11-23\nauthors: [ana kim, Ben Oe, cy]\n---\n\nText.\n"
    )
    (site.root / "blog").mkdir()
    (site.root / "blog/authors.yml").write_text("cy: {name: Cy Dee, image_url: /img/cy.jpg}\n")
    (site.root / "static/img").mkdir(parents=True)
    (site.root / "static/img/cy.jpg").write_bytes(saved(photograph(300, 300, 2), "JPEG"))
    site.build()
    mail = html.fromstring(site.part("message.html", EDITION))
    (light, dark) = mail.xpath("//img[@class='lit'] | //span[@class='dim']/img")
    assert "display:none" in dark.getparent().get("style")
    assert light.get("src") != dark.get("src")
    (face,) = mail.xpath("//img[@alt='Ana at her desk']")
    assert (face.get("width"), face.get("height")) == ("32", "32")
    for one in (dark, face):
        assert MAILED.fullmatch(one.get("src")), one.get("src")

    page = html.fromstring((site.root / "outbox/web/a/index.html").read_text())
    assert page.xpath("//header//source/@srcset") == ["/dark.png"]
    assert page.xpath("//header//img/@*[name()!='alt']") == ["logo", "/light.png", "80", "40"]
    small = page.xpath("//p[@class='byline']/img[@alt='Ana at her desk']/@src")
    assert len(page.xpath("//p[@class='byline']/img")) == 2  # the site's own table has one
    author = html.fromstring((site.root / "outbox/web/authors/ana-kim/index.html").read_text())
    assert small == author.xpath("//main/img[@class='portrait'][@width='80']/@src")
    assert {"light.png", "dark.png", small[0].strip("/")} <= web(site)
    assert opened((site.root / f"outbox/web{small[0]}").read_bytes()).size == (160, 160)
    assert "ana.jpg" not in web(site)

    said = site.run("check", "--at", AT).out
    assert "there is no file for the picture of Ben Oe" in said
    assert "Ana" not in said and "logo" not in said
    files = web(site)
    site.build()
    assert web(site) == files
    site.config(PAGED)
    site.build()
    assert not {"light.png", "dark.png", small[0].strip("/")} & web(site)


@pytest.mark.parametrize(
    "settings", ['[pictures]\nmake = "never"\n', '[web]\npages = "editions"\n']
)
def test_where_none_are_made_each_is_shown_as_it_is(site, settings):
    site.config(f"{PAGED}\n{settings}")
    site.article("photo.jpg", saved(photograph(900, 600), "JPEG"))
    written(site, "![x](photo.jpg)")
    text = site.part("message.html", EDITION)
    assert 'src="https://test.example/a/photo.jpg" alt="x" width="536" height="357"' in text
    assert not made(site)


def test_lists_show_small_pictures_and_the_first_page_those_of_the_stories_own(site):
    site.article("photo.jpg", saved(photograph(2600, 1300, 16), "JPEG", quality=95))
    head = HEAD.format(image="photo.jpg").replace("image:", "section: city\nimage:")
    site.article("a.md", head + "Text.")
    site.story("b", section="city")
    site.build()
    pages = {one: site.root / f"outbox/web/{one}/index.html" for one in (".", "a", "sections/city")}
    shown = {
        one: re.findall(r'(?:src|srcset)="/(pictures/[^"]*)"', path.read_text())
        for one, path in pages.items()
    }
    assert shown["."] == shown["a"] and len(shown["a"]) == 2  # the JPEG, and WebP for browsers
    (small,) = shown["sections/city"]
    assert opened((site.root / "outbox/web" / small).read_bytes()).size == (320, 240)
    for path in pages.values():
        assert "photo.jpg" not in re.sub(r"<meta[^>]*>", "", path.read_text())


def test_cards_and_related_stories_of_a_mail_have_small_pictures(site):
    site.config(PAGED.replace('show = "full"', 'show = "card"\nrelated = 2'))
    site.article("photo.jpg", saved(photograph(2600, 1300, 16), "JPEG", quality=95))
    more = "newsletter:\n  related: [b]\n---\n"
    site.article("a.md", HEAD.format(image="photo.jpg").replace("---\n\n", more) + "Text.")
    head = HEAD.format(image="photo.jpg").replace("title: A", "title: B")
    site.article("b.md", head.replace("2026-11-23", "2026-10-23") + "Text.")
    site.build()
    text = site.part("message.html", EDITION)
    shown = [html.fromstring(one) for one in re.findall(r"<img[^>]*>", text)]
    assert [(one.get("width"), one.get("height")) for one in shown] == [("120", "90"), ("56", "42")]
    (place,) = mailed(site)
    assert opened((site.root / "outbox/web" / place).read_bytes()).size == (320, 240)
    links = html.fromstring(text).xpath("//a[@href]")
    assert all(one.text_content().strip() or one.xpath(".//img[@alt!='']") for one in links)


def test_a_picture_from_elsewhere_stands_in_lists_as_it_is(site):
    head = HEAD.format(image="https://far.example/a.jpg").replace("image:", "section: x\nimage:")
    site.article("a.md", head + "Text.")
    site.build()
    for name in (".", "sections/x"):
        page = (site.root / f"outbox/web/{name}/index.html").read_text()
        (element,) = re.findall(r'<a class="picture"[^>]*>(.*?)</a>', page)
        assert element == (
            '<img src="https://far.example/a.jpg" class="picture unsized" alt="" loading="lazy">'
        )


def test_thumbnails_are_made_where_a_template_shows_them(site):
    folder = site.root / "templates/web"
    folder.mkdir(parents=True)
    (folder / "picture.html").write_text("")
    site.article("photo.jpg", saved(photograph(900, 600), "JPEG"))
    written(site, "Text.")
    assert not any(opened(path.read_bytes()).size == (320, 240) for path in made(site))
    small = (
        '{% set small = thumbnail(one) %}{% if small %}<img src="{{ small.url }}" '
        'alt="{{ small.alt }}" width="{{ small.width }}" height="{{ small.height }}">{% endif %}'
    )
    home = '{% extends "web/site.html" %}{% block main %}{% for one in articles %}' + small
    (folder / "list.html").write_text(home + "{% endfor %}{% endblock %}")
    site.build("2026-11-24 07:00")
    lists = [p.read_text() for p in (site.root / "outbox/web").rglob("index.html")]
    found = re.findall(r'<img src="([^"]*)" alt="" width="160" height="120">', "".join(lists))
    assert found
    place = found[0].removeprefix("https://test.example")
    assert opened((site.root / f"outbox/web{place}").read_bytes()).size == (320, 240)


def test_damaged_notes_are_made_anew(site):
    site.article("photo.jpg", saved(photograph(900, 600), "JPEG"))
    written(site, "![x](photo.jpg)")
    before = made(site)
    (site.root / ".publisher/pictures.db").write_bytes(b"no database" * 1000)
    result = site.build()
    assert "pictures.db: it could not be used, it is made anew" in result.err
    assert made(site) == before
