"""The readers' pages in a real browser: by mouse and keyboard, light and dark, and for axe."""

import pytest

from tests.acceptance.test_service import join
from tests.acceptance.test_web import TWO, confirmations, serving
from tests.site import NO_PAGES

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture
def web(site):
    site.config(TWO.replace(NO_PAGES, ""))
    site.story("a")
    site.build()
    join(site, "ana")
    join(site, "ana", newsletter="noon")
    with serving(site) as one:
        one.at = f"http://127.0.0.1:{one.port}"
        yield one


@pytest.fixture(params=["light", "dark"])
def page(browser, request):
    made = browser.new_page(
        viewport={"width": 375, "height": 700}, color_scheme=request.param, bypass_csp=True
    )
    yield made
    made.close()


def violations(page, *rules):
    """What axe finds, by some of its rules or by all; frames hold mails, which have their tests."""
    from axe_playwright_python.sync_playwright import Axe

    options = {"resultTypes": ["violations"], "iframes": False}
    if rules:
        options["runOnly"] = {"type": "rule", "values": list(rules)}
    return Axe().run(page, options=options).response["violations"]


def serious(page):
    """What axe finds that keeps somebody from using the page."""
    return [(one["id"], [node["html"] for node in one["nodes"]]) for one in violations(page)]


def test_a_person_signs_up_confirms_chooses_and_leaves(web, page):
    page.goto(f"{web.at}/subscribe")
    assert serious(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 375
    page.get_by_label("Your e-mail address").fill("new@x.example")
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Your request is noted").wait_for()
    assert serious(page) == []

    ((_, link),) = confirmations(web)
    page.goto(web.at + link)
    assert serious(page) == []
    page.get_by_role("button", name="Confirm").click()
    page.get_by_text("Welcome. You will receive Morning.").wait_for()
    assert web.standing("new") == {"morning": "active"}

    page.goto(web.at + web.link("new"))
    assert serious(page) == []
    page.get_by_label("Noon").check()
    page.get_by_label("Find a city or country").fill("japan")
    page.keyboard.press("Enter")  # finds, and saves nothing
    page.locator("#zone:focus").wait_for()
    assert page.get_by_label("Time zone").input_value() == "Asia/Tokyo"
    assert page.get_by_label("Noon").is_checked()
    assert serious(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 375
    page.get_by_role("button", name="Save").click()
    page.get_by_text("Saved.").wait_for()
    assert web.standing("new") == {"morning": "active", "noon": "active"}

    page.goto(web.at + web.link("new", "noon"))
    assert serious(page) == []
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.get_by_text("You will not receive Noon any more.").wait_for()
    assert web.standing("new") == {"morning": "active", "noon": "unsubscribed"}


def test_a_mistyped_address_and_a_dead_link_are_told_to_everyone(web, page):
    page.goto(f"{web.at}/subscribe")
    page.evaluate("document.querySelector('form').noValidate = true")
    page.get_by_label("Your e-mail address").fill("nobody")
    page.get_by_role("button", name="Subscribe").click()
    assert page.get_by_role("alert").inner_text() == (
        "This is no e-mail address. Please look at it again."
    )
    assert serious(page) == []
    page.goto(f"{web.at}/preferences/broken")
    page.get_by_text("This link could not be read").wait_for()
    assert serious(page) == []


def test_the_pages_work_under_their_own_policy_without_a_script(web, browser):
    made = browser.new_page(java_script_enabled=False)
    blocked = []
    made.on("console", lambda message: blocked.append(message.text))
    made.goto(f"{web.at}/subscribe")
    assert made.locator("button").evaluate("e => getComputedStyle(e).borderRadius") != "0px"
    made.get_by_label("Your e-mail address").fill("new@x.example")
    made.get_by_role("button", name="Subscribe").click()
    made.get_by_text("Your request is noted").wait_for()
    assert blocked == []
    made.close()
