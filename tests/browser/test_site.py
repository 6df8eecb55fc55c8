"""The site in a real browser: wide and narrow, light and dark, from left and from right."""

import re

import pytest
from msgspec.structs import replace

from publisher.rendering import Theme, style
from tests import specimens
from tests.acceptance.test_service import ROOT, join
from tests.acceptance.test_web import serving
from tests.browser.test_web import violations
from tests.site import Site
from tests.unit.pictures.drawn import flat, saved

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """The example, with an edition that was sent, an article in Arabic, logos and an author."""
    site = Site.copy_of(ROOT / "examples/bayside", tmp_path_factory.mktemp("site") / "bayside")
    for name, size in (("light", (400, 100)), ("dark", (800, 200)), ("mei", (300, 200))):
        (site.root / f"{name}.png").write_bytes(saved(flat(*size), "PNG"))
    config = (site.root / "publisher.toml").read_text()
    logos = 'logo = "light.png"\nlogo_dark = "dark.png"\naccent = '
    site.config(config.replace("accent = ", logos, 1) + BRAND)
    site.article(
        "world/arabic.md",
        "---\ntitle: حافلات الليل تعود\ndate: 2026-11-23\nlang: ar\ncategory: world\n---\n\n"
        "تعود الحافلات[^1].\n\n[^1]: قالت المدينة.\n\n| أ | ب |\n|---|---|\n| "
        + "كلمة " * 60
        + " | "
        + "كلمة " * 60
        + " |\n",
    )
    join(site, "ana")
    site.build("2026-11-24 07:00")
    assert site.run("send", "morning", "--yes", "--at", "2026-11-24 07:00").code == 0
    site.run("deliver", "--at", "2026-11-24 07:00")
    site.build("2026-11-24 07:01")
    with serving(site) as web:
        web.at = f"http://127.0.0.1:{web.port}"
        yield web


BRAND = """
[theme.social]
Mastodon = "https://social.example/@bayside"

[authors."Mei Tanabe"]
picture = "mei.png"
"""
PAGES = [
    "/", "/archive/", "/archive/2026-11/", "/sections/city/", "/city/sento/", "/ar/world/arabic/",
    "/newsletters/morning/", "/newsletters/morning/2026-11-24T0700/", "/subscribe/",
    "/unsubscribe/", "/nothing-here", "/search/", "/tags/tokyo/", "/authors/mei-tanabe/",
    "/de/", "/de/search/", "/de/stadt/nachtbusse/",
]  # fmt: skip


@pytest.fixture(scope="module")
def phone(browser):
    """One window for all pages: opening one takes longer than looking at a page."""
    page = browser.new_page(viewport={"width": 375, "height": 700}, bypass_csp=True)
    yield page
    page.close()


@pytest.mark.parametrize("path", PAGES)
def test_axe_finds_nothing_serious_and_nothing_is_wider_than_a_phone(phone, site, path):
    phone.emulate_media(color_scheme="light")
    phone.goto(site.at + path)
    found = violations(phone)
    assert [one["id"] for one in found if one["impact"] in ("serious", "critical")] == []
    if "2026-11-24T0700" not in path:  # a mail has no landmarks of a page's
        assert found == []
    assert overflow(phone) == 0
    assert in_the_dark(phone) == []


def in_the_dark(phone):
    """What is wrong with a page in dark colours alone."""
    phone.emulate_media(color_scheme="dark")
    return [one["id"] for one in violations(phone, "color-contrast")]


def overflow(phone):
    """By how many pixels a page is wider than the narrowest phone."""
    phone.set_viewport_size({"width": 320, "height": 700})
    over = phone.evaluate("Math.max(document.documentElement.scrollWidth - 320, 0)")
    phone.set_viewport_size({"width": 375, "height": 700})
    return over


def test_the_logo_is_that_of_the_scheme_and_keeps_its_place(phone, site):
    for scheme, name in (("light", "light.png"), ("dark", "dark.png")):
        phone.emulate_media(color_scheme=scheme)
        phone.goto(f"{site.at}/authors/mei-tanabe/")
        logo, face = (phone.locator(f"img.{one}") for one in ("logo", "portrait"))
        assert logo.evaluate("e => e.currentSrc").endswith(name)
        assert logo.evaluate("e => [e.width, e.height]") == [160, 40]
        assert face.evaluate("e => [e.width, e.height, e.naturalWidth]") == [80, 80, 160]


def test_a_reader_changes_the_language_of_a_story_and_of_the_first_page(browser, site):
    page = browser.new_page(java_script_enabled=False)
    page.goto(f"{site.at}/city/night-buses/")
    page.get_by_role("link", name="Deutsch").click()
    page.get_by_role("heading", name="Nachts fährt wieder ein Bus an der Bucht entlang").wait_for()
    page.get_by_role("link", name="The Bayside Letter").click()
    page.get_by_role("link", name="Das letzte Badehaus von Kamata").wait_for()
    page.get_by_role("link", name="English").click()
    assert page.get_by_role("link", name="The Last Chimney in Kamata").is_visible()
    page.close()


def test_a_reader_goes_from_the_first_page_to_a_story_and_an_edition_without_a_script(
    browser, site
):
    page = browser.new_page(java_script_enabled=False)
    told = []
    page.on("console", lambda message: told.append(message.text))
    page.route("https://bayside.example/**", lambda one: one.fulfill(body=""))  # of the mail
    page.goto(site.at)
    page.get_by_role("link", name="Four Pacific Neighbours Agree to Share Radar Data").click()
    assert page.get_by_role("heading", level=1).inner_text().startswith("Four Pacific")
    page.get_by_role("link", name="Archive").click()
    page.get_by_role("link", name="Morning edition").click()
    page.get_by_role("link", name=re.compile("Trump Criticizes")).click()
    assert page.get_by_text("Trump’s History of Criticism").first.is_visible()
    assert not page.get_by_text("because you subscribed").is_visible()
    page.get_by_role("link", name="Subscribe").first.click()
    assert page.get_by_label("Your e-mail address").is_visible()
    assert told == []
    page.close()


def test_a_picture_beside_an_article_is_seen_on_its_page(browser, site):
    page = browser.new_page()
    page.goto(f"{site.at}/city/sento/")
    assert page.locator("img").first.evaluate("e => e.complete && e.naturalWidth") > 0
    page.close()


def test_a_footnote_is_reached_and_left_by_keyboard(browser, site):
    page = browser.new_page(viewport={"width": 375, "height": 400})
    page.goto(f"{site.at}/ar/world/arabic/")
    for role, place in (("doc-noteref", "#footnote-1"), ("doc-backlink", "#footnote-ref-1")):
        page.locator(f"[role={role}]").press("Enter")
        assert page.url.endswith(place)
        assert page.locator(f"{place}:target").bounding_box()["y"] >= 0
    page.close()


def test_the_skip_link_is_the_first_thing_a_keyboard_finds(browser, site):
    page = browser.new_page()
    page.goto(f"{site.at}/city/sento/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the text"
    page.close()


SHIFTS = """new Promise(done => { let sum = 0;
  new PerformanceObserver(list => list.getEntries().forEach(one => sum += one.value))
    .observe({type: 'layout-shift', buffered: true});
  requestAnimationFrame(() => requestAnimationFrame(() => done(sum))); })"""


def letter(site):
    """The style of the other theme."""
    own = replace(site.space.publication, accent="")
    return style(replace(own, theme=replace(own.theme, name="letter")), Theme(None, "letter"))


@pytest.mark.parametrize("theme", ["gazette", "letter"])
@pytest.mark.parametrize("path", ["/", "/city/sento/"])
def test_a_page_is_light_and_nothing_in_it_moves(browser, site, path, theme):
    page = browser.new_page(viewport={"width": 1200, "height": 800})
    if theme == "letter":
        page.route(
            "**/style.css", lambda one: one.fulfill(body=letter(site), content_type="text/css")
        )
    answers = []
    page.on("response", lambda answer: answers.append(answer))
    page.goto(site.at + path, wait_until="load")
    assert page.evaluate(SHIFTS) == 0
    texts = [answer for answer in answers if not answer.url.endswith(".png")]
    assert 0 < sum(len(answer.body()) for answer in texts) < 60_000
    assert all(answer.url.startswith(site.at) for answer in answers)
    page.close()


def test_the_other_theme_can_be_read_as_well(phone, site):
    look = letter(site)
    phone.route("**/style.css", lambda route: route.fulfill(body=look, content_type="text/css"))
    for path in ("/", "/city/sento/"):
        phone.emulate_media(color_scheme="light")
        phone.goto(site.at + path)
        assert [one["id"] for one in violations(phone)] == []
        assert overflow(phone) == 0
        assert in_the_dark(phone) == []
    phone.unroute("**/style.css")


def test_stories_are_found_as_one_types_and_without_scripts_are_a_list(browser, site):
    page = browser.new_page()
    page.goto(f"{site.at}/search/")
    page.get_by_role("searchbox").fill("boiler CHIMNEY")
    page.get_by_text("1 found").wait_for()
    assert page.locator("#found a").all_inner_texts() == ["The Last Chimney in Kamata"]
    page.get_by_role("searchbox").fill("nothing of the kind")
    page.get_by_text("Nothing was found").wait_for()
    page.get_by_role("searchbox").fill("badehaus")  # in German alone
    page.get_by_text("Nothing was found").wait_for()
    page.get_by_role("link", name="Deutsch").click()
    page.get_by_role("searchbox").fill("badehaus")
    page.get_by_text("Das letzte Badehaus von Kamata").wait_for()
    page.close()
    page = browser.new_page(java_script_enabled=False)
    page.goto(f"{site.at}/search/")
    assert not page.get_by_role("searchbox").is_visible()
    assert page.get_by_role("link", name="The Last Chimney in Kamata").is_visible()
    page.close()


@pytest.mark.parametrize("theme", ["gazette", "letter"])
def test_a_story_is_printed_whole_on_light_paper_and_without_forms(browser, theme):
    look = style(specimens.publication(theme), Theme(None, theme))
    code = "<pre>" + "x = 1 " * 80 + "</pre>"
    row = '<tr><td>2027</td><td align="right">1</td>' + "<td>1,000,000</td>" * 9 + "</tr>"
    page = browser.new_page(viewport={"width": 700, "height": 700})
    page.set_content(
        f"<style>{look}</style><header><nav>Archive</nav></header><main><div class='text'>{code}"
        f"<table>{row}</table></div><form>Subscribe</form></main>"
    )
    hidden = "one => one.scrollWidth > one.clientWidth"
    aligned = "all => all.map(one => getComputedStyle(one).textAlign)"
    assert page.locator("td").evaluate_all(aligned)[:2] == ["start", "-webkit-right"]
    assert all(page.locator(one).evaluate(hidden) for one in ("pre", "table"))
    page.emulate_media(media="print", color_scheme="dark")
    assert not any(page.locator(one).evaluate(hidden) for one in ("pre", "table"))
    assert not any(page.locator(one).is_visible() for one in ("nav", "form"))
    ink = page.evaluate("getComputedStyle(document.body).color")
    assert max(map(int, re.findall(r"\d+", ink)[:3])) < 100
    page.close()
