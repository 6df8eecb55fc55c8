"""What a command imports before it does anything: a person waits for it."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

HEAVY = {
    "jinja2", "mjml", "comrak", "docutils", "liquid", "feedgen", "feedparser", "email_validator",
    "cryptography", "dns", "httpx", "imapclient", "alembic", "apscheduler", "starlette", "uvicorn", "numpy", "PIL",
    "publisher.rendering", "publisher.checks", "publisher.feeds", "publisher.web",
    "publisher.exports", "publisher.related", "publisher.sources.parts", "publisher.site",
    "publisher.audience.imports.passes",
}  # fmt: skip
"""What reads, renders, checks or serves: none of it is needed to say how things stand."""


MAKING = HEAVY | {
    "sqlalchemy", "publisher.ledger", "publisher.schedule", "publisher.delivery",
    "publisher.audience", "publisher.sources", "publisher.isolation", "publisher.pictures",
}  # fmt: skip
"""What makes anything: none of it is needed to find that there is nothing to make."""


def test_help_is_said_by_who_has_imported_no_noun_and_no_configuration():
    code = "import sys\nsys.argv[1:] = ['--help']\nfrom publisher.cli import run\n"
    code += "try: run()\nexcept SystemExit: print(chr(10), sorted(sys.modules))"
    done = printed(code)
    ours = {one for one in ast.literal_eval(done.split("\n")[-2].strip()) if "publisher" in one}
    assert not {one for one in ours if one.startswith(("publisher.model", "publisher.config"))}


def test_saying_how_things_stand_imports_nothing_that_makes_or_sends_them():
    assert (HEAVY | {"publisher.delivery"}) & imported("publisher.cli.reports") == set()


def test_sending_what_waits_imports_nothing_that_reads_or_renders():
    assert HEAVY & imported("publisher.cli.delivering") == {
        "publisher.site"
    }  # where an edition stands


def test_a_build_that_may_have_nothing_to_do_imports_nothing_before_it_has():
    assert MAKING & imported("publisher.cli.editions") == set()


def test_pages_are_made_by_who_has_not_imported_what_looks_for_related_stories():
    assert "numpy" not in imported("publisher.pipeline.pages.site")


def test_what_servers_say_when_they_refuse_is_made_ready_when_one_does():
    code = "from publisher.delivery import refusals as r; print(r._words.cache_info().currsize, "
    assert printed(code + "r._fewer_words.cache_info().currsize)") == "0 0\n"


def test_an_outbox_in_a_folder_imports_nothing_of_object_stores(site):
    code = f"""
import sys
from datetime import UTC, datetime
from pathlib import Path
from publisher.pipeline.workspace import Workspace
space = Workspace(Path({str(site.root)!r}), datetime(2026, 11, 24, tzinfo=UTC))
space.outbox.ids()
print([one for one in sys.modules if "obstore" in one or one.endswith("outbox.stored")])
"""
    assert printed(code) == "[]\n"


def imported(module):
    """All that is imported when a module is."""
    return set(ast.literal_eval(printed(f"import sys, {module}; print(sorted(sys.modules))")))


def printed(code):
    """What Python prints in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        cwd=Path(__file__).resolve().parents[2],
    )
    return done.stdout


@pytest.mark.parametrize("words", [["--help"], ["status"], ["run", "--once"]])
def test_a_publication_without_workers_imports_nothing_of_them(site, words):
    code = f"""
import sys
from publisher.cli import run
sys.argv = ["publisher", "-C", {str(site.root)!r}, *{words!r}]
try:
    run()
except SystemExit as end:
    assert end.code == 0, end.code
names = ("procrastinate", "psycopg", "publisher.engine", "publisher.ledger.jobs")
print([one for one in names if one in sys.modules])
"""
    assert printed(code).splitlines()[-1] == "[]"
