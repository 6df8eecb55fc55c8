"""The preview in a real browser: every change as it is saved, for the eye and for axe."""

import re

import pytest

from tests.acceptance.test_preview import LATER, PICTURE, previewing
from tests.acceptance.test_service import join
from tests.browser.test_web import serious
from tests.site import PAGED, Site

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture
def preview(site):
    site.story("a", "First Things")
    (site.root / "articles/view.png").write_bytes(PICTURE)
    site.article("b.md", "---\ntitle: B\ndate: 2026-11-23 13:00\n---\n\n![A view](view.png)\n")
    join(site, "ana")
    with previewing(site) as one:
        yield one


def opened(browser, preview, query="", **more):
    page = browser.new_page(viewport={"width": 1400, "height": 900}, **more)
    page.goto(f"{preview.at}/{query}")
    return page


def test_a_saved_article_and_a_saved_template_show_at_once(browser, preview):
    page = opened(browser, preview)
    page.get_by_text("Shows every change as it is saved.").wait_for()
    preview.site.story("a", "Second Thoughts")
    page.frame_locator("iframe").first.get_by_role("link", name="Second Thoughts").wait_for()
    folder = preview.site.root / "templates/blocks"
    folder.mkdir(parents=True)
    page.get_by_text("Shows every change as it is saved.").wait_for()
    (folder / "masthead.mjml").write_text(
        "<mj-section><mj-column><mj-text>Our own head</mj-text></mj-column></mj-section>"
    )
    page.frame_locator("iframe").first.get_by_text("Our own head").wait_for()
    (folder / "masthead.mjml").write_text("{{ oops }}")
    page.get_by_role("alert").get_by_text("'oops' is undefined").wait_for()
    (folder / "masthead.mjml").unlink()
    page.frame_locator("iframe").first.get_by_role("link", name="Second Thoughts").wait_for()
    page.close()


@pytest.mark.parametrize("width", [1280, 400])
def test_the_names_of_a_form_stand_above_its_fields_and_these_in_a_row(browser, preview, width):
    page = opened(browser, preview)
    page.set_viewport_size({"width": width, "height": 800})
    name, radio = page.locator("legend").bounding_box(), page.get_by_label("light").bounding_box()
    assert name["y"] + name["height"] <= radio["y"]
    assert abs(name["x"] - radio["x"]) < 2
    radios = [one.bounding_box() for one in page.get_by_role("radio").all()]
    assert len({one["y"] for one in radios if one["y"] < radio["y"] + 10}) == 1
    if width > 1000:
        button = page.get_by_role("button", name="Show").bounding_box()
        middles = [one["y"] + one["height"] / 2 for one in (radio, button)]
        assert abs(middles[0] - middles[1]) < 3
    page.close()


def test_a_page_does_not_load_again_while_nothing_changes(browser, preview):
    page, loaded = browser.new_page(), []
    page.on("domcontentloaded", lambda one: loaded.append(one.url))
    page.goto(preview.at)
    page.get_by_text("Shows every change as it is saved.").wait_for()
    page.wait_for_timeout(1500)  # it looks at its folders every half second
    assert len(loaded) == 1
    page.close()


def test_frames_are_as_wide_as_they_say_and_dark_where_they_say(browser, preview):
    page = opened(browser, preview, "?scheme=both")
    frames = page.frames[1:]
    assert [f.evaluate("innerWidth") for f in frames] == [600, 375, 600, 375]
    grounds = [f.evaluate("getComputedStyle(document.body).backgroundColor") for f in frames]
    assert grounds[0] == grounds[1] != grounds[2] == grounds[3]
    page.close()


def test_pictures_show_and_can_be_turned_off_without_a_mouse(browser, preview):
    page = opened(browser, preview)
    picture = page.frame_locator("iframe").first.get_by_alt_text("A view")
    assert "/picture/" in picture.get_attribute("src")
    page.get_by_label("pictures off").focus()
    page.keyboard.press("Space")
    page.get_by_role("button", name="Show").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**images=off**")
    assert page.get_by_label("pictures off").is_checked()
    page.get_by_label("As the reader").fill("ana@x.example")
    page.keyboard.press("Enter")
    page.wait_for_url("**ana**")
    assert "ana@x.example" in page.locator("pre").inner_text()
    page.close()


def test_what_is_typed_is_not_lost_when_an_article_is_saved(browser, preview):
    page = opened(browser, preview)
    page.get_by_text("Shows every change as it is saved.").wait_for()
    page.get_by_label("As the reader").press_sequentially("ana@")
    preview.site.story("a", "Second Thoughts")
    page.get_by_text("Something has changed: press Show.").wait_for()
    assert page.get_by_label("As the reader").input_value() == "ana@"
    page.close()


VIEWS = ("/", "/sheet", "/compare", "/site", "/rules")


@pytest.fixture(scope="module")
def published(tmp_path_factory):
    site = Site(tmp_path_factory.mktemp("published"), PAGED)
    site.story("a", "First Things")
    site.build("2026-11-24 07:00")
    body = "Please wait. " * 600 + "\n\nThe end is TK.\n\n![](view.png)\n"
    site.article("b.md", f"---\ntitle: Second Things\ndate: 2026-11-24 08:00\n---\n\n{body}")
    (site.root / "articles/view.png").write_bytes(PICTURE)
    with previewing(site, now=LATER) as one:
        yield one


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_in_any_view(browser, published, scheme):
    page = opened(browser, published, "?scheme=both", bypass_csp=True, color_scheme=scheme)
    assert serious(page) == []
    for path in (*VIEWS[1:], "/?name=nonsense") if scheme == "light" else ("/compare",):
        page.goto(f"{published.at}{path}", wait_until="domcontentloaded")
        assert serious(page) == [], path
    page.get_by_role("button", name="Keys").click()
    assert serious(page) == []
    page.set_viewport_size({"width": 375, "height": 700})
    for path in VIEWS if scheme == "light" else ():
        page.goto(f"{published.at}{path}", wait_until="domcontentloaded")
        assert page.evaluate("document.documentElement.scrollWidth") <= 375, path
    page.close()


def test_a_finding_is_shown_where_it_stands_without_a_mouse(browser, published):
    page = opened(browser, published)
    mark = page.frame_locator("iframe").first.locator("mark", has_text="TK")
    assert mark.bounding_box()["y"] > 1000
    page.keyboard.press("n")
    for _ in range(20):
        told = page.evaluate("document.activeElement.closest('.finding').innerText")
        if "TK" in told:
            break
        page.keyboard.press("n")
    page.keyboard.press("Enter")
    page.wait_for_function("document.querySelector('.finding.current')")
    for frame in page.frames[1:]:
        frame.wait_for_function("document.querySelector(':target') && scrollY > 200")
        assert frame.evaluate("document.querySelector(':target').textContent") == "TK"
    page.close()


def test_views_are_reached_by_their_keys_and_none_is_a_trap(browser, published):
    page = opened(browser, published, "?as=")
    for number in (5, 3, 2):
        page.keyboard.press(str(number))
        page.wait_for_url(f"**{VIEWS[number - 1]}?*", wait_until="domcontentloaded")
    wanted = page.locator("a:visible, header button:visible, header select, header input:visible")
    reached = set()
    for _ in range(wanted.count() + 2):
        page.keyboard.press("Tab")
        reached.add(
            page.evaluate("[...document.querySelectorAll('*')].indexOf(document.activeElement)")
        )
    assert len(reached) >= wanted.count()
    page.keyboard.press("?")
    assert page.get_by_role("dialog").is_visible()
    page.keyboard.press("Escape")
    assert not page.get_by_role("dialog").is_visible()
    page.get_by_label("As the reader").press("2")  # what is typed is no key
    assert page.get_by_label("As the reader").input_value() == "2"
    page.close()


def test_pages_of_the_site_show_and_lead_to_each_other(browser, published):
    page = opened(browser, published, "site?scheme=dark")
    frame = page.frame_locator("iframe").first
    frame.get_by_role("link", name="Second Things").first.click()
    frame.get_by_text("The end is TK.").wait_for()
    ground = frame.locator("body").evaluate("one => getComputedStyle(one).backgroundColor")
    assert sum(map(int, re.findall(r"\d+", ground))) < 150
    page.close()


def test_the_preview_breaks_no_policy_of_its_own(browser, preview):
    page = browser.new_page()
    told = []
    page.on("console", lambda message: told.append(message.text))
    for path in VIEWS:
        page.goto(preview.at + path, wait_until="domcontentloaded")
        page.get_by_text("Shows every change as it is saved.").wait_for()
    off = "img-src 'none'"  # of the frames whose pictures are off
    assert [one for one in told if off not in one] == []
    page.close()
