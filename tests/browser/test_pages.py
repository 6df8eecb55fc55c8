"""Mails and the preview in a real browser: widths, dark mode, pictures off."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe

from publisher.model import Story
from publisher.rendering import Theme, render
from tests.unit.rendering.test_mail import PUBLICATION, edition, story

pytestmark = [pytest.mark.browser, pytest.mark.slow]

EDITIONS = ["morning@2026-11-24T0700", "weekend@2026-11-21T0900", "brief@2026-11-24T0700"]

CONTRASTS = """() => {
  const parse = c => c.match(/[\\d.]+/g).map(Number);
  const lum = c => { const [r, g, b] = parse(c).map(v => { v /= 255;
    return v <= .04045 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4; }); return .2126*r + .7152*g + .0722*b; };
  const ground = e => { for (; e; e = e.parentElement) {
    const c = getComputedStyle(e).backgroundColor; if (!/, 0\\)$/.test(c) && c !== 'transparent') return c; }
    return 'rgb(255, 255, 255)'; };
  const found = [];
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const e = walk.currentNode.parentElement, box = e.getBoundingClientRect();
    if (!walk.currentNode.data.trim() || !box.width || box.height < 2) continue;
    const [a, b] = [lum(getComputedStyle(e).color), lum(ground(e))].sort((x, y) => x - y);
    found.push([(b + .05) / (a + .05), walk.currentNode.data.trim().slice(0, 40)]);
  }
  return found;
}"""


@pytest.fixture(scope="module")
def window(browser):
    """One window for all mails: opening one takes longer than what is looked at in it."""
    page = browser.new_page()
    page.route(re.compile("^https?:"), lambda route: route.abort())  # pictures off
    yield page
    page.close()


def shown(window, example, edition, width, scheme="light"):
    window.set_viewport_size({"width": width, "height": 800})
    window.emulate_media(color_scheme=scheme)
    window.set_content(example.run("outbox", "show", edition, "--part", "html").out)
    return window


@pytest.mark.parametrize("edition", EDITIONS)
@pytest.mark.parametrize("width", [600, 375])
def test_a_mail_fits_its_window(window, example, edition, width):
    page = shown(window, example, edition, width)
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_links_and_buttons_keep_their_looks_where_a_program_names_the_body(window):
    """Samsung's names it MessageViewBody, and Gmail keeps a name that we would give."""
    made = edition(Story(article=story("a")), template="breaking")
    window.set_content(render(made, PUBLICATION, lambda _: "", Theme(None)).html.filled())
    looks = """all => all.map(one => getComputedStyle(one)).map(one =>
      [one.color, one.textDecorationLine, one.font])"""
    before = window.locator("a[href]").evaluate_all(looks)
    for name in ("MessageViewBody", "body"):
        window.evaluate("name => { document.body.id = name; }", name)
        window.evaluate("document.body.before(document.createElement('u'))")
        assert window.locator("a[href]").evaluate_all(looks) == before


@pytest.mark.parametrize("template", ["digest", "plain"])
@pytest.mark.parametrize("width", [900, 600, 375])
def test_a_wide_table_cuts_off_no_word_of_the_text_around_it(window, template, width):
    row = "<tr>" + "<td>1,000,000 crowns</td>" * 9 + "</tr>"
    text = "<p>" + "Words of a text that go on. " * 20 + "</p>"
    body = f"{text}<table><tbody>{row}</tbody></table>{text}"
    made = edition(Story(article=story("a")), template=template)
    mail = render(made, PUBLICATION, lambda _: body, Theme(None))
    window.set_viewport_size({"width": width, "height": 800})
    window.set_content(mail.html.filled())
    edge = (width + min(width, 600)) // 2
    assert window.evaluate("document.documentElement.scrollWidth") <= width
    ends = window.locator(".body p").evaluate_all(
        "all => all.map(one => one.getBoundingClientRect().right)"
    )
    assert len(ends) >= 2 and max(ends) <= edge
    box = window.locator(".body table").evaluate(
        "one => [one.parentElement.scrollWidth, one.parentElement.clientWidth]"
    )
    assert box[0] > box[1]  # the table moves in a box of its own


@pytest.mark.parametrize("edition", EDITIONS)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_word_of_a_mail_can_be_read_with_pictures_off(window, example, edition, scheme):
    found = shown(window, example, edition, 600, scheme).evaluate(CONTRASTS)
    assert len(found) > 10
    assert [words for ratio, words in found if ratio < 4.5] == []


@pytest.mark.parametrize("theme", ["gazette", "letter"])
@pytest.mark.parametrize("template", ["single", "digest"])
def test_axe_finds_every_heading_of_a_mail_in_its_place(window, theme, template):
    body = "<p>x</p><h2>Part</h2><p>x</p><h4>Detail</h4><p>x</p><h2>Part</h2><p>x</p>"
    made = edition(Story(article=story("a")), Story(article=story("b")), template=template)
    mail = render(made, PUBLICATION, lambda _: body, Theme(None, theme))
    window.set_content(mail.html.filled())
    options = {"runOnly": ["heading-order", "empty-heading", "page-has-heading-one"]}
    found = Axe().run(window, options=options).response
    assert found["violations"] == []
    assert "heading-order" in [one["id"] for one in found["passes"]]
    assert window.locator("h5").count() == (2 if template == "digest" else 1)


def test_dark_is_another_mail_than_light(window, example):
    ground = "getComputedStyle(document.body).backgroundColor"
    light = shown(window, example, EDITIONS[0], 600).evaluate(ground)
    assert shown(window, example, EDITIONS[0], 600, "dark").evaluate(ground) != light


def test_the_first_article_is_seen_with_its_related_stories(window, example):
    page = shown(window, example, EDITIONS[0], 600)
    assert page.get_by_role("heading", name="Implications for the Alliance").is_visible()
    assert page.get_by_role("link", name="Top 10 Tokyo Wards").is_visible()
    assert page.get_by_role("link", name="Unsubscribe").get_attribute("href").startswith("https://")


def test_the_preview_shows_the_mail_at_two_widths_and_its_text(browser, example):
    path = example.run("preview", EDITIONS[0], "--no-open").out.strip()
    page = browser.new_page(viewport={"width": 1400, "height": 900})
    page.goto(f"file://{path}")
    frames = page.frames[1:]
    assert [f.evaluate("innerWidth") for f in frames] == [600, 375, 600, 375]
    assert all(
        f.get_by_role("heading", name="Trump’s History of Criticism").is_visible() for f in frames
    )
    assert "TRUMP’S HISTORY OF CRITICISM" in page.locator("pre").inner_text()
    page.close()


def test_no_script_of_an_article_runs_in_the_preview(browser, site):
    site.article(
        "a.html",
        "---\ndate: 2026-11-23\n---\n<h1>A</h1><p>x<img src=x onerror=\"document.title='owned'\"><script>document.title='owned'</script></p>",
    )
    site.build()
    path = site.run("preview", "morning@2026-11-24T0700", "--no-open").out.strip()
    page = browser.new_page()
    page.goto(f"file://{path}")
    assert [frame.title() for frame in page.frames] == ["Preview: A", "A", "A", "A", "A"]
    page.close()
