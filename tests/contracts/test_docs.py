"""If it is not documented, a test fails; if a document says what is not so, as well."""

import re
import shlex
import sys
from pathlib import Path

import click
import pytest

from publisher.cli import COMMANDS, GROUPS, main
from publisher.model import Publication
from publisher.rendering import Theme, ThemeValues, theme_names
from publisher.rendering.mail import IN_MAILS, VARIABLES, _Rendering
from publisher.rendering.notices import IN_NOTICES
from publisher.rendering.pages import IN_PAGES
from publisher.rendering.values import Palette
from tests.site import command

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "docs"))
import generate  # noqa: E402

DOCUMENTS = sorted([ROOT / "README.md", *ROOT.glob("docs/**/*.md"), *ROOT.glob("[a-z]*/README.md")])


BY_HAND = [one for one in (*DOCUMENTS, ROOT / "CHANGELOG.md") if one.parent.name != "reference"]
WIDEST = 125  # characters of a line


@pytest.mark.parametrize("path", BY_HAND, ids=lambda one: one.relative_to(ROOT).as_posix())
def test_prose_is_wrapped_for_who_reads_it_in_a_terminal(path):
    is_code, wide = False, []
    for number, line in enumerate(path.read_text().splitlines(), 1):
        is_code ^= line.lstrip().startswith("```")
        is_prose = not (is_code or line.startswith(("|", "#", "<", "!["))) and " " in line.strip()
        if is_prose and len(line) > WIDEST:
            wide.append(number)
    assert not wide, f"{path.name}: wrap these lines"


@pytest.mark.parametrize("name", generate.REFERENCE)
def test_the_reference_is_what_the_program_says(name):
    written = (ROOT / "docs/reference" / name).read_text()
    assert written == generate.REFERENCE[name](), "run: make docs"


@pytest.mark.parametrize("name", generate.SPLICED)
def test_what_is_made_in_a_document_is_what_the_program_says(name):
    text = (ROOT / "docs" / name).read_text()
    assert text == generate.spliced(name, text), "run: make docs"


def test_every_command_has_its_help_line_and_every_option_its_meaning():
    context = click.Context(main)
    for name, (_, about) in COMMANDS.items():
        found = main.get_command(context, name)
        commands = [found]
        for one in commands:  # it grows while it is gone through
            commands += one.commands.values() if isinstance(one, click.Group) else ()
        for one in commands:
            assert one.help
        for one in commands:
            options = [p for p in one.params if isinstance(p, click.Option)]
            assert all(option.help for option in options), (name, one.name)
        assert about.endswith(".")


def test_every_command_is_in_one_group_of_the_help():
    assert sorted(name for names in GROUPS.values() for name in names) == sorted(COMMANDS)


def test_every_template_variable_is_documented(example):
    assert _variables() == VARIABLES.keys() | IN_MAILS.keys()


@pytest.mark.parametrize("theme", theme_names(None))
def test_mails_of_every_theme_use_what_is_documented_alone(theme):
    from jinja2 import Environment, meta

    ours = {"article", "story", "section", "show", "stories", "position", "edge", "level"}
    ours |= {"all", "follows", "leads", "words", "button", "otherwise", *IN_NOTICES}
    for file in Theme(None, theme).files():
        if file.name.startswith(("mail/", "blocks/")):
            parser = Environment()
            parser.tests["own"] = bool
            used = meta.find_undeclared_variables(parser.parse(file.path.read_text()))
            assert used <= VARIABLES.keys() | IN_MAILS.keys() | ours, file.name


def test_every_value_of_a_theme_is_documented():
    for one in ThemeValues.__struct_fields__:
        assert f"`{one}`" in VARIABLES["theme"], one
    for one in Palette.__struct_fields__:
        assert f"`{one}`" in VARIABLES["theme"], one


def test_every_variable_of_a_page_is_documented():
    from jinja2 import Environment, meta

    shared = {"publication", "newsletter", "say", "direction", "direction_of"}
    shared |= {"large"}  # said by the page that includes a block
    files = [file for theme in theme_names(None) for file in Theme(None, theme).files()]
    pages = [file for file in files if file.name.startswith("web/")]
    for file in pages:
        if file.name.endswith(".html") and not file.name.startswith("web/preview"):
            used = meta.find_undeclared_variables(Environment().parse(file.path.read_text()))
            assert used <= IN_PAGES.keys() | shared, file.name


def _variables():
    from tests.unit.rendering.test_mail import Story, edition, story

    publication = Publication(title="T", base_url="https://x.example/")
    made = edition(Story(article=story("a")))
    return _Rendering(made, publication, lambda _: "", Theme(), "").mail_context("html").keys()


def test_the_theme_speaks_each_of_its_languages_in_full():
    english = Theme().words("en").keys()
    for file in Theme().files():
        if file.name.startswith("words/"):
            words = re.findall(r"^(\w+) =", file.path.read_text(), re.MULTILINE)
            assert set(words) == set(english), file.name


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_links_and_pictures_of_a_document_lead_somewhere(path):
    for target in re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", path.read_text()):
        if not target.startswith(("http", "mailto")):
            assert (path.parent / target).exists(), target


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_command_in_a_document_exists(path):
    if "reference" in path.parts:
        return
    text = path.read_text()
    groups = {"config", "feeds", "keys", "outbox", "schedule", "segments", "subscribers"}
    groups |= {"templates", "themes", "uncertain", "import", "bounces", "ledger"}
    lines = re.findall(r"^(?:\$ |    )?(publisher .+)$", text, re.MULTILINE)
    lines += re.findall(r"`(publisher [^`]+)`", text)
    for line in lines:
        words = shlex.split(re.sub(r"\s#.*", "", line))[1:]
        words = [w for w in words if not (w.isupper() or "…" in w)]
        while words and words[0] == "-C":
            words = words[2:]
        depth = 2 if words and words[0] in groups else 1
        depth += words[:2] == ["keys", "dkim"]
        flags = [w for w in words if w.startswith("-")]
        result = command(*words[:depth], "--help")
        assert result.code == 0, line
        for flag in flags:
            assert flag.split("=")[0] in result.out, line


def test_documents_name_no_package_registry():
    registries = re.compile(r"pypi\.org|pythonhosted|npmjs|deb\.debian")
    for path in [*ROOT.glob("*.*"), *ROOT.glob("docs/**/*.*"), ROOT / ".ci/run", ROOT / "Makefile"]:
        if path.suffix not in (".png", ".webp", ".pyc") and path.is_file():
            assert not registries.search(path.read_text()), path


def test_the_web_servers_of_the_how_to_pass_on_every_route_of_the_service():
    from publisher.web.app import FORMS

    text = (ROOT / "docs/how-to/web.md").read_text()
    (nginx,) = re.findall(r"location ~ \^/\(([a-z|]+)\)", text)
    (caddy,) = re.findall(r"@forms path (.+)", text)
    assert set(nginx.split("|")) == set(FORMS)
    assert {one.strip("/*") for one in caddy.split()} == set(FORMS)
