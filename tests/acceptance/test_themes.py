"""An editor chooses a theme."""

import json
from pathlib import Path

import pytest

from publisher import config
from tests.site import command

pytestmark = pytest.mark.pages


def test_a_publication_begins_in_a_theme_and_is_told_of_a_mistyped_one(tmp_path):
    wrong = command("-C", str(tmp_path), "init", "--theme", "leter")
    assert wrong.code == 2
    assert "there is no theme 'leter'\n  Did you mean letter?" in wrong.err
    assert command("-C", str(tmp_path), "init", "--theme", "letter").code == 0
    assert config.load(tmp_path).theme.name == "letter"


def test_themes_are_listed_and_shown_with_their_values_files_and_an_edition(site):
    site.story("a")
    found = json.loads(site.run("themes", "list", "--json").out)
    assert [(one["name"], one["used"]) for one in found] == [("gazette", True), ("letter", False)]
    shown = json.loads(site.run("themes", "show", "letter", "--json").out)
    assert shown["radius"] == 16
    assert "blocks/masthead.mjml" in shown["files"] and "blocks/full.mjml" not in shown["files"]
    assert shown["light"]["paper"] in Path(shown["preview"]).read_text()
    assert "radius" in site.run("themes", "show").out
    assert site.run("themes", "show", "nothing").code == 2


def test_a_line_of_publisher_toml_changes_a_value_in_mails_and_pages(site):
    text = (site.root / "publisher.toml").read_text()
    own = 'theme = "letter"\n\n[theme]\nlink = "x"\n'
    site.config(text.replace("[postal]", f"{own}\n[postal]", 1))
    assert "unknown key theme.link" in site.run("status").err
    site.config(
        text.replace(
            "[postal]", f"{own.replace('link', 'ground').replace('x', '#e0f0e0')}\n[postal]", 1
        )
    )
    site.story("a")
    assert site.build().code == 0
    mail = site.run("outbox", "show", "morning", "--part", "html").out
    assert "#e0f0e0" in mail
    assert "#e0f0e0" in (site.root / "outbox/web/style.css").read_text()
    shown = json.loads(site.run("themes", "show", "--json").out)
    assert shown["overridden"] == ["ground"]


@pytest.mark.parametrize("before", ["footer", "masthead"])
def test_an_editors_block_is_used_whatever_the_theme(site, before):
    block = f"<mj-section><mj-column><mj-text>OWN {before}</mj-text></mj-column></mj-section>"
    (site.root / "templates/blocks").mkdir(parents=True)
    (site.root / f"templates/blocks/{before}.mjml").write_text(block)
    site.config(
        (site.root / "publisher.toml")
        .read_text()
        .replace("[postal]", 'theme = "letter"\n[postal]', 1)
    )
    site.story("a")
    site.build()
    assert f"OWN {before}" in site.run("outbox", "show", "morning", "--part", "html").out
