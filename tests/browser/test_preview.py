"""The preview in a real browser: every change as it is saved, for the eye and for axe."""

import pytest

from tests.acceptance.test_preview import PICTURE, previewing
from tests.acceptance.test_service import join
from tests.browser.test_web import serious

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


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_in_the_preview(browser, preview, scheme):
    page = opened(browser, preview, "?scheme=both", bypass_csp=True, color_scheme=scheme)
    assert serious(page) == []
    page.goto(f"{preview.at}/?name=nonsense")
    assert serious(page) == []
    page.close()


def test_the_preview_breaks_no_policy_of_its_own(browser, preview):
    page = browser.new_page()
    told = []
    page.on("console", lambda message: told.append(message.text))
    page.goto(preview.at)
    page.get_by_text("Shows every change as it is saved.").wait_for()
    assert told == []
    page.close()
