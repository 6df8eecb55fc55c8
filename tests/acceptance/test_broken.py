"""Broken articles and templates, each with what `check` finds in it; and clean ones, with nothing.

The files are in tests/broken; findings.txt has a line for each: its name, the line, the rule and
what is said. An article is the one story of a newsletter that is called as it is; a template stands
in the place of the footer.
"""

import shutil
from pathlib import Path

import pytest

from tests.site import AT, PAGED, Site

pytestmark = pytest.mark.xdist_group("broken")  # who has built it has them all

BROKEN = Path(__file__).resolve().parents[1] / "broken"
FINDINGS = [tuple(line.split("\t")) for line in (BROKEN / "findings.txt").read_text().splitlines()]
SETTINGS = PAGED[: PAGED.index("[newsletters.")] + '[pictures]\nmake = "never"\n'
NEWSLETTER = """
[newsletters.{0}]
title = "Letter"
every = "day"
at = "07:00"
[[newsletters.{0}.sections]]
name = "all"
tags = ["{0}"]
show = "full"
"""


def checked(folder, files):
    """What is found in the articles of a folder, all at once: name, line, rule and words."""
    newsletters = "".join(NEWSLETTER.format(file.stem) for file in files)
    site = Site(folder / "site", SETTINGS + newsletters)
    for file in files:
        shutil.copy(file, site.root / "articles")
    return [
        (Path(one["path"]).name, str(one["line"] or "-"), one["rule"], one["what"])
        for one in site.run("check", "--json", "--at", AT).json["problems"]
        if one["path"] != "publisher.toml"  # a newsletter whose article cannot be read has none
    ]


@pytest.fixture(scope="module")
def articles(tmp_path_factory):
    return checked(tmp_path_factory.mktemp("broken"), sorted((BROKEN / "articles").iterdir()))


@pytest.mark.parametrize("finding", [one for one in FINDINGS if one[0].endswith(".md")], ids=str)
@pytest.mark.slow
def test_what_is_wrong_with_an_article_is_found(articles, finding):
    assert finding in articles


def test_each_broken_file_has_its_finding():
    files = {file.name for kind in ("articles", "templates") for file in (BROKEN / kind).iterdir()}
    assert files - {"another-of-that-id.md"} == {name for name, *_ in FINDINGS}  # two make one
    assert len(files) > 80


def test_nothing_is_found_in_clean_articles(tmp_path):
    assert checked(tmp_path, sorted((BROKEN / "clean").iterdir())) == []


@pytest.fixture(scope="module")
def plain(tmp_path_factory):
    site = Site(tmp_path_factory.mktemp("templates") / "site")
    shutil.copy(BROKEN / "clean/quotes.md", site.root / "articles")
    (site.root / "templates/blocks").mkdir(parents=True)
    return site


@pytest.mark.parametrize("finding", [one for one in FINDINGS if one[0].endswith(".mjml")], ids=str)
@pytest.mark.slow
def test_what_is_wrong_with_a_template_is_found(plain, finding):
    name, line, rule, what = finding
    shutil.copy(BROKEN / "templates" / name, plain.root / "templates/blocks/footer.mjml")
    found = plain.run("check", "--json", "--at", AT).json["problems"]
    assert ("templates/blocks/footer.mjml", int(line), rule, what) in [
        (one["path"], one["line"], one["rule"], one["what"]) for one in found
    ]
