"""What a command imports before it does anything: a person waits for it."""

import ast
import subprocess
import sys
from pathlib import Path

HEAVY = {
    "jinja2", "mjml", "comrak", "docutils", "liquid", "feedgen", "feedparser", "email_validator",
    "cryptography", "dns", "httpx", "imapclient", "alembic", "apscheduler", "starlette", "uvicorn", "numpy", "PIL",
    "publisher.rendering", "publisher.checks", "publisher.feeds", "publisher.web",
    "publisher.exports", "publisher.related", "publisher.sources.parts",
}  # fmt: skip
"""What reads, renders, checks or serves: none of it is needed to say how things stand."""


MAKING = HEAVY | {
    "sqlalchemy", "publisher.ledger", "publisher.schedule", "publisher.delivery",
    "publisher.audience", "publisher.sources", "publisher.isolation", "publisher.pictures",
}  # fmt: skip
"""What makes anything: none of it is needed to find that there is nothing to make."""


def test_saying_how_things_stand_imports_nothing_that_makes_them():
    assert HEAVY & imported("publisher.cli.reports") == set()


def test_a_build_that_may_have_nothing_to_do_imports_nothing_before_it_has():
    assert MAKING & imported("publisher.cli.editions") == set()


def imported(module):
    """All that is imported when a module is."""
    done = subprocess.run(
        [sys.executable, "-c", f"import sys, {module}; print(sorted(sys.modules))"],
        capture_output=True,
        text=True,
        check=True,
        cwd=Path(__file__).resolve().parents[2],
    )
    return set(ast.literal_eval(done.stdout))
