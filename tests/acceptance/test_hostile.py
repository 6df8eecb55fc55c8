"""A hostile corpus goes through `check` and `build`, and every other article is as without it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from lxml import etree, html

from tests.hostile.corpus import CORPUS, EITHER, NAMED, PASSED_OVER, READ, Case
from tests.site import AT, PAGED, Site, tree

# Of one run, its rendering process and all: what an honest archive of as many files takes twice.
MOST_MEMORY = 300_000_000  # bytes
MOST_TIME = 120  # seconds of the processor; about 25 are used

HONEST = "\n".join(
    [
        PAGED.replace('name = "lead"', 'name = "lead"\nsections = ["honest"]')
        .replace('name = "more"', 'name = "more"\nsections = ["honest"]'),
        "[newsletters.all]", 'title = "All"', 'every = "day"', 'at = "07:00"',
        "[[newsletters.all.sections]]", 'name = "all"', "max = 40", 'show = "full"',
        "[related]", "minimum = 1",
        "[web]", "related = 0",
        "",
    ]
)  # fmt: skip

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("hostile")]


@dataclass(frozen=True)
class Run:
    """What a command printed, its exit code, and what it cost."""

    code: int
    out: str
    err: str
    memory: int
    seconds: float


_LAUNCH = """
import os, resource, sys
report, most, *command = sys.argv[1:]
pid = os.fork()
if not pid:
    resource.setrlimit(resource.RLIMIT_CPU, (int(most), int(most)))
    os.execv(command[0], command)
_, status, used = os.wait4(pid, 0)
with open(report, "w") as file:
    print(status, used.ru_maxrss, used.ru_utime + used.ru_stime, file=file)
"""
"""Starts a command from a small process: the peak of whoever starts one counts as its own."""


def run(site: Site, *words: str) -> Run:
    """`publisher …` in a process of its own, which is ended where it takes too much."""
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report"
        launch = [sys.executable, "-S", "-c", _LAUNCH, str(report), str(MOST_TIME)]
        command = [sys.executable, "-m", "tests", "-C", str(site.root), *words]
        ended = subprocess.run([*launch, *command], capture_output=True, cwd=Path.cwd())
        status, memory, seconds = report.read_text().split()
    texts = [said.decode("utf-8", "replace") for said in (ended.stdout, ended.stderr)]
    code = os.waitstatus_to_exitcode(int(status))
    return Run(code, texts[0], texts[1], int(memory) * 1024, float(seconds))


def honest(site: Site) -> None:
    for n in range(5):
        title, date = f"An honest story, number {n}", f"2026-11-23 1{n}:00"
        site.story(f"honest-{n}", title, date, section="honest")
    built = site.run("feeds", "build", "--at", "2026-11-23 20:00")  # before the others arrive
    assert built.code == 0, built.err


@dataclass(frozen=True)
class Tried:
    site: Site
    checked: Run
    built: Run
    alone: dict[str, bytes]
    """The outbox of the honest articles alone."""

    @property
    def told(self) -> Any:
        return json.loads(self.checked.out)


@pytest.fixture(scope="module")
def tried(tmp_path_factory):
    """`check` and `build` over the honest articles alone, and among the corpus."""
    alone, site = (Site(tmp_path_factory.mktemp(name) / "site", HONEST) for name in "ab")
    for one in (alone, site):
        honest(one)
    for case in CORPUS:
        case.make(site.root / "articles" / case.name)
    alone.build()
    checked = run(site, "check", "--list", "--json", "--at", AT)
    return Tried(site, checked, run(site, "build", "--at", AT), tree(alone.root / "outbox"))


def shown(case: Case) -> str:
    """A file's name as it is printed."""
    return case.name.encode("utf-8", "backslashreplace").decode()


def fault(case: Case, listed: set[str], errors: list[str]) -> str:
    """What is other than it was expected of a file, "" for nothing."""
    is_read = case.name in listed
    if case.expected == READ:
        return "" if is_read else f"not read: {errors}"
    if case.expected == EITHER:
        return "" if is_read or errors else "lost without a word"
    if case.expected == PASSED_OVER:
        return "it is read" if is_read else ""
    if is_read:
        return "it is read"
    if case.expected == NAMED:
        return "" if errors else "lost without a word"
    return "" if any(case.expected in one for one in errors) else f"named otherwise: {errors}"


def test_each_file_is_read_or_named_as_it_was_expected(tried):
    assert len(CORPUS) >= 150
    assert tried.checked.code == 1, tried.checked.err
    listed = {one["path"] for one in tried.told["articles"]}
    errors: dict[str, list[str]] = {}
    for problem in tried.told["problems"]:
        if problem["severity"] == "error":
            errors.setdefault(problem["path"] or "", []).append(problem["what"])
    found = {
        case.name: wrong
        for case in CORPUS
        if (wrong := fault(case, listed, errors.get(f"articles/{shown(case)}", [])))
    }
    assert found == {}


def test_every_other_article_is_as_if_they_were_alone(tried):
    assert tried.built.code == 0, tried.built.err
    found = tree(tried.site.root / "outbox")
    own = {
        name: data
        for name, data in tried.alone.items()
        if name.startswith(("web/honest-", "feeds/section/honest/", "editions/morning"))
    }
    assert len(own) > 15
    assert {name: found.get(name) for name in own} == own


def test_what_goes_out_runs_no_script(tried):
    wrong = []
    for name, data in tree(tried.site.root / "outbox").items():
        if name.endswith((".html", ".htm")):
            wrong += [f"{name}: {one}" for one in _dangers(html.document_fromstring(data))]
    assert wrong == []


LEADS = frozenset(
    "action background cite data formaction href poster src srcdoc xlink:href".split()
)
"""Attributes that are addresses, or pages; others are words, whatever they look like."""


OWN = {"src": "/search/search.js", "defer": "defer"}
"""The one script that there is: it shows words as words (textContent)."""


def _dangers(root: Any) -> list[str]:
    found = []
    for element in root.iter():
        if element.tag == "script" and dict(element.attrib) == OWN and not element.text:
            continue
        if element.tag in ("script", "iframe", "object", "embed", "base", "applet"):
            found.append(f"<{element.tag}>")
        for key, value in element.attrib.items():
            bare = "".join(value.split()).lower()
            leads = key in LEADS and bare.startswith(("javascript:", "vbscript:", "data:text"))
            if key.startswith("on") or leads:
                found.append(f"{element.tag} {key}={value[:40]}")
    return found


def test_every_feed_is_well_formed(tried):
    parser = etree.XMLParser(resolve_entities=False, huge_tree=False)
    for path in (tried.site.root / "outbox/feeds").rglob("*"):
        if path.suffix == ".xml":
            etree.fromstring(path.read_bytes(), parser)
        elif path.suffix == ".json":
            json.loads(path.read_bytes(), parse_constant=pytest.fail)


def test_nothing_lies_outside_of_the_outbox(tried):
    before = {"articles", "publisher.toml", "outbox", ".publisher"}
    assert {path.name for path in tried.site.root.iterdir()} == before
    assert {path.name for path in tried.site.root.parent.iterdir()} == {"site"}


def test_time_and_memory_are_bounded(tried):
    for one in (tried.checked, tried.built):
        assert one.memory < MOST_MEMORY
        assert one.seconds < MOST_TIME


def test_a_second_build_changes_no_byte(tried):
    before = tree(tried.site.root / "outbox")
    again = run(tried.site, "build", "--at", AT)
    assert (again.code, tree(tried.site.root / "outbox")) == (0, before)
