"""Configuration that is hostile: it is refused with its place, and nothing of it runs."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from publisher.adoption import read_site
from publisher.adoption.documents import read_document
from publisher.adoption.folders import MOST, SiteFolder
from publisher.adoption.javascript import read_data
from publisher.adoption.literals import read_script
from publisher.errors import SourceError
from tests.sites_of_generators import SITES, write_site

BOMB = "a: &a [x,x,x,x,x,x,x,x,x]\n" + "".join(
    f"{chr(98 + n)}: &{chr(98 + n)} [{','.join([f'*{chr(97 + n)}'] * 9)}]\n" for n in range(9)
)

NAMES = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
DOUBLES = list(pairwise(NAMES))


@pytest.mark.parametrize(
    "name, text, said",
    [
        ("_config.yml", BOMB, "_config.yml:1: the configuration holds too many values"),
        ("_config.yml", "a: " + "[" * 2000, "_config.yml:1: the configuration is nested"),
        ("_config.yml", "a: [1\nb: 2", "_config.yml:2: not YAML"),
        ("_config.yml", "- a", "_config.yml:1: the configuration is no list of `key: value`"),
        ("_config.yml", "a: !!python/object/apply:os.system ['x']", "_config.yml:1: not YAML"),
        ("hugo.toml", "a = 1\nb = = 2", "hugo.toml:2: not TOML"),
        ("hugo.toml", ".".join("a" * 100) + " = 1", "hugo.toml:1: the configuration holds a key"),
        ("hugo.toml", "a = " + "[" * 5000, "hugo.toml: nested too deeply"),
        ("hugo.json", "{", "hugo.json:1: not JSON"),
        ("hugo.json", '{"a": ' + "[" * 100_000, "hugo.json: nested too deeply"),
        ("hugo.yaml", "a" * (MOST + 1), "hugo.yaml: cannot be read: it has more than"),
        ("pelicanconf.py", "a = (", "pelicanconf.py:1: not Python"),
        ("pelicanconf.py", "a = " + "(" * 5000, "pelicanconf.py:1: not Python"),
        ("pelicanconf.py", "a = " + "-" * 200_000 + "1", "pelicanconf.py: nested too deeply"),
    ],
    ids=lambda one: one[:40],
)
def test_what_is_no_configuration_is_named_with_its_line(tmp_path, name, text, said):
    (tmp_path / name).write_text(text)
    with pytest.raises(SourceError) as error:
        read_site(tmp_path, {"_": "jekyll", "h": "hugo", "p": "pelican"}[name[0]])
    assert error.value.problem.headline.startswith(said)


def test_no_line_of_a_python_configuration_is_run(tmp_path):
    mark = tmp_path / "ran"
    write_site(tmp_path, SITES["pelican"])
    (tmp_path / "pelicanconf.py").write_text(
        f"import pathlib\npathlib.Path({str(mark)!r}).touch()\n"
        f"SITENAME = [open({str(mark)!r}, 'w') for _ in 'a']\n"
        f"AUTHOR = __import__('os').system('touch {mark}')\n"
        f"DEFAULT_LANG = f\"{{open({str(mark)!r}, 'w')}}\"\n"
        f"class A:\n    open({str(mark)!r}, 'w')\n"
        f"PATH = 'content' if open({str(mark)!r}, 'w') else ''\n"
    )
    site = read_site(tmp_path)
    assert not mark.exists()
    assert (site.title, site.author) == (None, None)
    assert site.language is not None and site.language.value == "en"
    assert {note.line for note in site.notes} == {3, 4, 5, 8}


def test_python_names_that_double_with_each_line_end_as_unread(tmp_path):
    lines = ["A = [1, 2, 3, 4, 5, 6, 7, 8]", *["A = A + A"] * 40, 'B = "x" * 10**9']
    (tmp_path / "conf.py").write_text("\n".join(lines))
    script = read_script(SiteFolder(tmp_path), "conf.py")
    assert set(script.unread) == {"A", "B"}


def test_python_texts_that_double_end_as_unread(tmp_path):
    lines = ['A = "xxxxxxxxxx"', *['A = f"{A}{A}"'] * 40]
    (tmp_path / "conf.py").write_text("\n".join(lines))
    assert set(read_script(SiteFolder(tmp_path), "conf.py").unread) == {"A"}


def test_scripts_that_import_each_other_end(tmp_path):
    (tmp_path / "pelicanconf.py").write_text("from publishconf import *\nSITENAME = 'A'\n")
    (tmp_path / "publishconf.py").write_text("from pelicanconf import *\nSITEURL = 'B'\n")
    own = read_script(SiteFolder(tmp_path), "publishconf.py").document
    assert own.values == {"SITENAME": "A", "SITEURL": "B"}


def test_a_link_out_of_the_site_is_not_followed(tmp_path: Path):
    secret = tmp_path / "secret.yml"
    secret.write_text("title: Secret\n")
    site = tmp_path / "site"
    site.mkdir()
    (site / "_config.yml").symlink_to(secret)
    with pytest.raises(SourceError, match=r"_config\.yml: a link that leads out of the site"):
        read_site(site)


def test_folders_that_lead_out_of_the_site_hold_no_articles(tmp_path: Path):
    other = tmp_path / "other"
    write_site(other, {"a.md": "# A\n"})
    site = write_site(tmp_path / "site", {"hugo.toml": 'contentDir = "../other"\n'})
    (site / "posts").symlink_to(other)
    folder = SiteFolder(site)
    assert [folder.has_folder(one) for one in ("../other", "posts")] == [False, False]
    assert read_site(site).contents[0].files == 0


def test_a_pipe_in_place_of_a_configuration_keeps_nobody_waiting(tmp_path: Path):
    import os

    os.mkfifo(tmp_path / "_config.yml")
    with pytest.raises(SourceError, match=r"_config\.yml: cannot be read: it is a named pipe"):
        SiteFolder(tmp_path).text("_config.yml")


@given(st.text(alphabet="{}[]()/*\"'`\\:,;=abc\n \u2028", max_size=200))
def test_any_text_is_read_as_javascript_without_a_fault(text):
    class Given(SiteFolder):
        def text(self, name: str) -> str:
            return text

    read_data(Given(Path()), "a.js")


def test_computed_values_of_javascript_are_left_out(tmp_path):
    (tmp_path / "a.js").write_text(
        "module.exports = {a: process.argv.A || 'x', b: `c${d}`, e: f('g'), h: 'i' + j,\n"
        "  k: 'plain', l: l ? 'm' : 'n', // o: 'p'\n  q: /'/.test(r), s: ['t', {u: 1}], v: true};"
    )
    found = read_data(SiteFolder(tmp_path), "a.js")
    assert found.values == {"k": "plain", "s.0": "t", "s.1.u": 1, "v": True}


def test_constants_of_javascript_that_double_stay_short(tmp_path):
    lines = ["const A = 'xxxxxxxxxx';", *(f"const {b} = `${{{a}}}${{{a}}}`;" for a, b in DOUBLES)]
    (tmp_path / "a.js").write_text("\n".join(lines))
    found = read_data(SiteFolder(tmp_path), "a.js")
    assert max(len(one) for one in found.values.values()) <= 1000


def test_an_alias_that_holds_itself_ends(tmp_path):
    (tmp_path / "a.yml").write_text("a: &a [*a]\n")
    with pytest.raises(SourceError, match="too many values"):
        read_document(SiteFolder(tmp_path), "a.yml")


def test_a_layout_whose_name_no_file_can_have_says_nothing(tmp_path):
    site = {name: text for name, text in SITES["eleventy"].items() if name != "src/blog/blog.json"}
    write_site(tmp_path, site | {"src/_includes/post.njk": "{{ content }}"})
    for name in ("x" * 300, "../../../../etc/hostname", "a\\0b"):
        text = f'---\ntitle: T\nlayout: "{name}"\n---\nText.'
        (tmp_path / "src/blog/aaa.md").write_text(text)
        found = read_site(tmp_path).address
        assert found and found.value == "blog/{slug}/"
