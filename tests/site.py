"""A publication in a folder, and the command line run on it: what most tests talk to."""

from __future__ import annotations

import contextlib
import io
import json
import os
import shutil
import sys
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from publisher.cli import run

PAGED = """\
[publication]
title = "Test Letter"
base_url = "https://test.example"
since = 2026-01-01
zone = "Europe/Berlin"
sender = "letter@test.example"

[postal]
name = "Test Letter"
city = "Berlin"

[newsletters.morning]
title = "Morning"
every = "day"
at = "07:00"

[[newsletters.morning.sections]]
name = "lead"
max = 1
show = "full"

[[newsletters.morning.sections]]
name = "more"
max = 5
"""
"""What a publication has that makes web pages."""

NO_PAGES = '[web]\npages = "none"\n'

CONFIG = PAGED.replace("[newsletters.", f"{NO_PAGES}\n[newsletters.", 1)
"""The same without pages, which would be half of what a build costs."""

AT = "2026-11-24 07:00"

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
"""When the machine's clock of every test begins, whatever day it is."""

_BEGUN = float(os.environ.setdefault("PUBLISHER_TESTS_BEGUN", str(time.monotonic())))
"""Of these tests and of every process that they start."""


AHEAD = "PUBLISHER_TESTS_AHEAD"
"""Of a process's environment: a file of the seconds by which a test has put its clock forward."""


def now() -> datetime:
    """The machine's clock as tests have it: it began at `NOW`, and goes on."""
    ahead = float(Path(os.environ[AHEAD]).read_text()) if AHEAD in os.environ else 0.0
    return NOW + timedelta(seconds=time.monotonic() - _BEGUN + ahead)


def publisher(words: list[str]) -> None:
    """`publisher …` with that clock: it ends the process."""
    sys.argv = ["publisher", *words]
    run(now)


@dataclass(frozen=True)
class Result:
    """What a command printed, and its exit code."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


class Site:
    """A publication's folder."""

    def __init__(self, root: Path, config: str = CONFIG) -> None:
        self.root = root
        (root / "articles").mkdir(parents=True, exist_ok=True)
        if not (root / "publisher.toml").exists():
            self.config(config)

    @classmethod
    def copy_of(cls, source: Path, target: Path) -> Site:
        shutil.copytree(source, target, ignore=shutil.ignore_patterns(".publisher"))
        site = cls(target)
        text = (target / "publisher.toml").read_text()
        site.config(text.replace('outbox = "../../outbox"', 'outbox = "outbox"'))
        return site

    def config(self, text: str) -> None:
        (self.root / "publisher.toml").write_text(text, encoding="utf-8")

    def article(self, name: str, content: str | bytes) -> Path:
        path = self.root / "articles" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    def story(
        self, name: str, title: str = "", date: str = "2026-11-23 12:00", **keys: str
    ) -> Path:
        """A well-formed Markdown article."""
        rest = "".join(f"{key}: {value}\n" for key, value in keys.items())
        body = f"The first paragraph of {name}.\n\nAnd a second one."
        head = f"---\ntitle: {title or name.title()}\ndate: {date}\n{rest}---\n\n"
        return self.article(f"{name}.md", head + body)

    def run(self, *args: str) -> Result:
        """Run `publisher -C site …` in this process."""
        return command("-C", str(self.root), *args)

    def build(self, at: str = AT, *args: str) -> Result:
        result = self.run("build", *args, "--at", at)
        assert result.code == 0, result.err
        return result

    def outbox(self) -> dict[str, bytes]:
        return tree(self.root / "outbox")

    def feed(self, name: str = "feed.json") -> dict[str, Any]:
        return json.loads((self.root / "outbox/feeds" / name).read_text())

    def part(self, name: str, edition: str = "morning@2026-11-24T0700") -> str:
        return (self.root / "outbox/editions" / edition / name).read_text()


def tree(folder: Path) -> dict[str, bytes]:
    """Every file below a folder."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def command(*args: str) -> Result:
    """Run the command line in this process; a traceback would fail the test."""
    out, err = (io.TextIOWrapper(io.BytesIO(), "utf-8", newline="") for _ in range(2))
    before = sys.argv
    sys.argv = ["publisher", *args]
    try:
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            run(now)
        code = 0
    except SystemExit as stop:
        code = stop.code if isinstance(stop.code, int) else 1
    finally:
        sys.argv = before
    for stream in (out, err):
        stream.seek(0)
    return Result(code, out.read(), err.read())
