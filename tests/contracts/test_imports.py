"""What a command imports before it does anything: a person waits for it."""

import ast
import subprocess
import sys
from pathlib import Path

IMPORTED = "import sys, publisher.cli.reports; print(sorted(sys.modules))"
HEAVY = {
    "jinja2", "mjml", "comrak", "docutils", "liquid", "feedgen", "feedparser", "email_validator",
    "cryptography", "dns", "httpx", "imapclient", "alembic", "apscheduler", "starlette", "uvicorn", "numpy", "PIL",
    "publisher.rendering", "publisher.checks", "publisher.feeds", "publisher.web",
    "publisher.exports", "publisher.related", "publisher.sources.parts",
}  # fmt: skip
"""What reads, renders, checks or serves: none of it is needed to say how things stand."""


def test_saying_how_things_stand_imports_nothing_that_makes_them():
    done = subprocess.run(
        [sys.executable, "-c", IMPORTED],
        capture_output=True,
        text=True,
        check=True,
        cwd=Path(__file__).resolve().parents[2],
    )
    assert HEAVY & set(ast.literal_eval(done.stdout)) == set()
