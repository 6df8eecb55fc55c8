"""What somebody edits in the outbox is put right: by a build, and by `outbox verify` at least."""

import json
import os

import pytest

from tests.site import AT

pytestmark = pytest.mark.pages

PAGE = "web/a/index.html"


@pytest.fixture
def built(site):
    site.story("a")
    site.story("b")
    site.build()
    return site


def edited(path, before: bytes = b"paragraph", after: bytes = b"PARAGRAPH") -> None:
    """Change a file's bytes, not its size, and put its time back."""
    stat = path.stat()
    data = path.read_bytes()
    assert before in data and len(before) == len(after)
    path.write_bytes(data.replace(before, after))
    os.utime(path, ns=(stat.st_atime_ns, stat.st_mtime_ns))


FILES = [PAGE, "web/index.html", "web/style.css", "feeds/rss.xml", "feeds/feed.json"]
PARTS = {
    "web/index.html": (b"Letter", b"LETTER"),
    "web/style.css": (b"color", b"COLOR"),
}


@pytest.mark.parametrize("name", FILES)
def test_a_build_puts_right_what_has_the_same_size_and_time(built, name):
    before = built.outbox()
    edited(built.root / "outbox" / name, *PARTS.get(name, ()))
    assert built.outbox() != before
    built.build()
    assert built.outbox() == before


def as_of_before_change_times_were_kept(site) -> None:
    """As if the clock had been put back: the memory knows the files as they stand now."""
    for name, folder in (("pages.json", "web"), ("feeds.json", "feeds")):
        memory = site.root / ".publisher" / name
        known = json.loads(memory.read_text())
        for path, made in known["files"].items():
            for entry, suffix in zip(made[1], ("", ".gz", ".br"), strict=True):
                if entry:
                    whole = site.root / "outbox" / folder / f"{path}{suffix}"
                    entry[2] = whole.stat().st_ctime_ns
        memory.write_text(json.dumps(known))


@pytest.mark.parametrize("name", FILES)
def test_verify_puts_right_what_no_time_betrays(built, name):
    before = built.outbox()
    edited(built.root / "outbox" / name, *PARTS.get(name, ()))
    as_of_before_change_times_were_kept(built)
    found = built.run("outbox", "verify", "--at", AT)
    assert found.code == 1
    assert f"{name}  it was changed or lost, and is made anew\n" in found.out
    assert built.outbox() == before
    assert built.run("outbox", "verify", "--at", AT).code == 0


@pytest.mark.parametrize("name", ["web/a/index.html.gz", "feeds/rss.xml.br", "feeds/feeds.opml"])
def test_verify_puts_right_what_is_lost_or_spoilt(built, name):
    before = built.outbox()
    path = built.root / "outbox" / name
    path.write_bytes(b"spoilt")
    assert built.run("outbox", "verify", "--at", AT).code == 1
    assert built.outbox() == before
    path.unlink()
    assert built.run("outbox", "verify", "--at", AT).code == 1
    assert built.outbox() == before


def test_verify_of_one_edition_leaves_pages_alone(built):
    edited(built.root / "outbox" / PAGE)
    before = built.outbox()
    assert built.run("outbox", "verify", "morning", "--at", AT).code == 0
    assert built.outbox() == before


def test_a_copy_of_the_outbox_is_looked_at_once_and_not_made_anew(built):
    for path in (built.root / "outbox").rglob("*"):
        if path.is_file():
            data, stat = path.read_bytes(), path.stat()
            path.unlink()
            path.write_bytes(data)
            os.utime(path, ns=(stat.st_atime_ns, stat.st_mtime_ns))
    result = built.build()
    assert " 0 written" in result.out or "nothing changed" in result.out.lower(), result.out
