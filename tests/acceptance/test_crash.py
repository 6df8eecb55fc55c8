"""A build that dies at any step leaves nothing half-done, and the next one makes it whole."""

import contextlib
import os
import pathlib
import re
import shutil
import sqlite3
import subprocess
import threading

import pytest
import sqlalchemy as sa
from msgspec.structs import replace
from PIL import Image

from publisher.isolation import child as isolation
from publisher.ledger import tables
from publisher.outbox import Folder
from tests.site import AT, PAGED, Site, publisher
from tests.unit.pictures.drawn import saved

STEPS = [(os, "fsync"), (os, "rename"), (os, "replace"), (os, "unlink"), (shutil, "rmtree")]
"""What changes a folder: pathlib and shutil do it by these as well."""


class Lent(subprocess.Popen):
    """A process of our parent's, of which only that can learn how it is."""

    def __init__(self, process: subprocess.Popen) -> None:
        vars(self).update(vars(process))

    def poll(self) -> None:
        return None


def lend_renderer() -> None:
    """Let the forked process have the one that renders, while its parent waits and needs none.

    It is idle whenever a build dies, so that the parent has it back: starting one for each step
    would be most of the work.
    """
    isolation._spare[:] = [
        replace(one, parent=os.getpid(), process=Lent(one.process)) for one in isolation._spare
    ]


def in_child(site: Site, step: int, prepare, at: str = AT) -> int:
    """Build in a forked process that dies at a step; return its exit code."""
    child = os.fork()
    if child == 0:
        lend_renderer()
        try:
            quiet = os.open(os.devnull, os.O_WRONLY)
            os.dup2(quiet, 1)
            os.dup2(quiet, 2)
            prepare(step)
            publisher(["-C", str(site.root), "build", "--at", at])
        except SystemExit as stop:
            os._exit(stop.code if isinstance(stop.code, int) else 1)
        finally:
            os._exit(1)
    _, status = os.waitpid(child, 0)
    return os.waitstatus_to_exitcode(status)


def copy(site: Site, folder: pathlib.Path) -> Site:
    """The same publication in another folder, as far as it has come."""
    shutil.copytree(site.root, folder)
    return Site(folder)


def content(site: Site, word: str) -> None:
    site.article(
        "p.png", saved(Image.new("RGB", (16, 12), "red" if word == "new" else "blue"), "PNG")
    )
    head = "---\ntitle: A\ndate: 2026-11-23 12:00\ntags: [one]\n---\n"
    site.article("a.md", f"{head}The first paragraph of a.\n\n![A picture](p.png)\n")
    site.article("b.md", f"---\ntitle: B\ndate: 2026-11-23\n---\nThe {word} text.")


def whole(site: Site) -> dict[str, bytes]:
    return {path: data for path, data in site.outbox().items() if "/." not in path}


def pictures_without_files(site: Site) -> set[str]:
    """The pictures that mails in the outbox name, and that no reader could load."""
    mails = (site.root / "outbox/editions").glob("*/*.html")
    named = {
        place for mail in mails for place in re.findall(r"pictures/mail/[\w.]+", mail.read_text())
    }
    return {place for place in named if not (site.root / "outbox/web" / place).is_file()}


def states(begun: Site, folder: pathlib.Path, monkeypatch) -> list[Site]:
    """What a process that dies right before each step of a build leaves, in a folder each.

    The build goes on: a process that is killed leaves what is in its files then, and nobody needs
    to build as far again for each step. Other threads wait with their steps until it is copied.
    """
    found: list[Site] = []
    lock = threading.RLock()

    def watched(original):
        def call(*args, **kwargs):
            with lock:
                found.append(copy(begun, folder / f"s{len(found)}"))
                return original(*args, **kwargs)

        return call

    with monkeypatch.context() as patched:
        for owner, name in STEPS:
            patched.setattr(owner, name, watched(getattr(owner, name)))
        begun.build()
    return found


@pytest.mark.slow
def test_wherever_a_build_dies_the_next_one_makes_it_whole(tmp_path, monkeypatch):
    begun = Site(tmp_path / "begun", PAGED + '\n[feeds]\nby = ["tag"]\n')
    content(begun, "old")
    begun.build()
    content(begun, "new")
    old = begun.outbox()
    left = states(begun, tmp_path, monkeypatch)
    new = begun.outbox()

    assert "pictures/mail/" in str(sorted(new))
    assert len(left) > 25
    for step, site in enumerate(left):
        # What can be seen meanwhile is old or new, file by file, and a bundle is one of the two.
        for path, data in whole(site).items():
            assert data in (old.get(path), new.get(path)), (step, path)
        bundle = {p: d for p, d in whole(site).items() if p.startswith("editions/")}
        assert bundle in ({}, _bundle(old), _bundle(new)), step
        assert pictures_without_files(site) == set(), step
        site.build()
        assert site.outbox() == new, step
        shutil.rmtree(site.root)


def _bundle(files: dict[str, bytes]) -> dict[str, bytes]:
    return {path: data for path, data in files.items() if path.startswith("editions/")}


@pytest.mark.slow
def test_the_sweep_can_fail(tmp_path, monkeypatch):
    """The same sweep over a writer that writes in place finds half-written files."""

    def in_place(files, modified=None):
        for path, data in files.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open("wb") as file:
                file.write(data[: len(data) // 2])
                file.flush()
                os.fsync(file.fileno())
                file.write(data[len(data) // 2 :])
        return set(files)

    for module in ("publisher.outbox.tree", "publisher.pipeline.pages.shelf"):
        monkeypatch.setattr(f"{module}.put_all", in_place)
    begun = Site(tmp_path / "begun", PAGED)
    content(begun, "old")
    left = states(begun, tmp_path, monkeypatch)
    new = begun.outbox()
    half = [site for site in left if any(new.get(p) != data for p, data in whole(site).items())]
    assert len(half) > 3


def die_around_the_seal(step: int) -> None:
    """Die right before a bundle is put (1), or right after, before that is recorded (2)."""
    original = Folder.seal

    def seal(self, bundle):
        if step == 1:
            os._exit(9)
        original(self, bundle)
        os._exit(9)

    Folder.seal = seal


@pytest.mark.filterwarnings("ignore:This process:DeprecationWarning")
@pytest.mark.parametrize("step", [1, 2])
def test_a_story_goes_out_once_even_if_the_next_run_is_for_the_next_slot(site, step):
    site.story("a")
    site.story("b", date="2026-11-24 12:00")
    assert in_child(site, step, die_around_the_seal) == 9
    site.build("2026-11-25 07:00")
    held = [
        (edition["edition"], story["title"])
        for edition in site.run("outbox", "list", "--json").json
        for story in site.run("outbox", "show", edition["edition"], "--json").json["stories"]
    ]
    assert sorted(title for _, title in held) == ["A", "B"]
    assert site.run("outbox", "verify").code == 0


def die_around_the_removal(step: int) -> None:
    """Die right before a bundle is taken away (1), in the middle of that (2), or right after (3)."""
    original, rmtree = Folder.remove, shutil.rmtree

    def remove(self, edition):
        if step == 1:
            os._exit(9)
        original(self, edition)
        os._exit(9)

    def half(folder):
        next(pathlib.Path(folder).iterdir()).unlink()
        os._exit(9)

    Folder.remove = remove
    shutil.rmtree = half if step == 2 else rmtree


@pytest.mark.filterwarnings("ignore:This process:DeprecationWarning")
@pytest.mark.parametrize("step", [1, 2, 3])
def test_an_edition_taken_away_by_a_run_that_dies_is_there_or_not(site, step):
    path = site.story("a")
    site.story("draft", draft="true")
    site.build()
    path.rename(path.with_suffix(".off"))  # the slot's edition is skipped now
    assert in_child(site, step, die_around_the_removal) == 9
    path.with_suffix(".off").rename(path)
    site.build("2026-11-25 07:00")
    titles = [
        story["title"]
        for edition in site.run("outbox", "list", "--json").json
        for story in site.run("outbox", "show", edition["edition"], "--json").json["stories"]
    ]
    assert titles == ["A"]
    assert site.run("outbox", "verify").code == 0


def die_while_tables_are_made(step: int) -> None:
    """Die after the n-th table of a new ledger."""
    count = [0]

    def after():
        count[0] += 1
        if count[0] == step:
            os._exit(9)

    def after_statement(_db, _cursor, statement, *_):
        if statement.lstrip().startswith("CREATE TABLE"):
            after()

    sa.event.listen(sa.Engine, "after_cursor_execute", after_statement)


@pytest.mark.filterwarnings("ignore:This process:DeprecationWarning")
@pytest.mark.slow
def test_a_run_that_dies_while_the_ledger_is_made_does_no_harm(site):
    """All tables are made or none, and where there is none the next run begins as if it were first."""
    site.story("a")
    ledger = site.root / ".publisher/ledger.db"
    for step in range(1, len(tables.metadata.tables) + 1):
        assert in_child(site, step, die_while_tables_are_made) == 9
        with contextlib.closing(sqlite3.connect(ledger)) as db:
            assert db.execute("SELECT name FROM sqlite_master").fetchall() == []
    assert site.run("status").code == 0
    site.build()
    assert site.run("outbox", "verify").code == 0
