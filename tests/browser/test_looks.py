"""Every template and page looks as it did, in every theme: drawn anew by tests/browser/looks.py."""

import json
from itertools import product

import pytest

from tests.browser import looks
from tests.conftest import ROOT
from tests.specimens import NOTICES, TEMPLATES, THEMES

pytestmark = [pytest.mark.browser, pytest.mark.slow]

SHEETS = [f"{theme}-{kind}" for theme in THEMES for kind in (*TEMPLATES, "notices", "pages")]


@pytest.fixture(scope="module")
def studio(browser):
    made = looks.Studio(browser)
    yield made
    made.window.close()


@pytest.fixture(scope="module")
def drawn(studio, tmp_path_factory):
    folder = tmp_path_factory.mktemp("looks")
    return dict((*looks.mails(studio), *looks.pages(studio, folder)))


@pytest.fixture(scope="module")
def same_fonts(studio):
    """Whether words are as wide here as where the pictures were drawn."""
    return studio.fonts() == json.loads((looks.FOLDER / "fonts.json").read_text())


def others(kept, seen, same_fonts):
    """The looks that are not as they were, and how far apart they are."""
    found = {}
    for (name, before), (_, now) in zip(kept, seen, strict=True):
        whole, worst = looks.apart(before, now)
        most = looks.MOST if same_fonts else looks.MOST_IN_OTHER_FONTS
        if whole > most or (same_fonts and worst > looks.MOST_IN_A_BLOCK):
            found[name] = (round(whole, 1), round(worst))
    return found


@pytest.mark.parametrize("name", SHEETS)
def test_it_looks_as_it_did(drawn, name, same_fonts, tmp_path):
    seen = drawn[name]
    found = others(looks.kept(name, seen), seen, same_fonts)
    looks.sheet(seen).save(tmp_path / f"{name}.png")
    assert found == {}, f"look at {tmp_path}; if it is meant to be: python -m tests.browser.looks"


# A block of a theme, what is changed in it, and the mail in which it is to be seen.
CHANGES = [
    ("blocks/full.mjml", "font-size:32px", "font-size:29px", "digest"),
    ("blocks/related.mjml", "{% if story.related %}", "{% if false %}", "digest"),
    ("mail/breaking.mjml", "background-color:#b3261e;color:#ffffff;", "color:#b3261e;", "breaking"),
]


@pytest.mark.parametrize(("block", "before", "after", "template"), CHANGES)
def test_a_changed_template_is_seen(
    studio, drawn, same_fonts, tmp_path, block, before, after, template
):
    if not same_fonts:
        pytest.skip("these are other fonts: only what is gross is seen")
    own, source = tmp_path / block, (ROOT / "templates" / block).read_text()
    assert before in source
    own.parent.mkdir()
    own.write_text(source.replace(before, after))
    seen = studio.mail("gazette", template, 600, tmp_path)
    assert others(drawn[f"gazette-{template}"][: len(seen)], seen, same_fonts)


def test_a_gross_change_is_seen_whatever_the_fonts(drawn):
    light, dark = drawn["gazette-digest"][:2]
    assert others([light], [dark], False) and not others([light], [light], True)


@pytest.mark.parametrize("theme", THEMES)
def test_no_mail_is_wider_than_a_small_phone_before_its_pictures_are_there(studio, theme):
    every = product((*TEMPLATES, *NOTICES), ("de", "ar"))
    assert {one: over for one in every if (over := studio.overflow(theme, *one)) > 0} == {}
