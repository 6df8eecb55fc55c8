"""What workers make for each other: taken by its key, and made again where it is lost."""

import pytest
from msgspec.structs import replace

from publisher.feeds import FeedFile
from publisher.outbox import Folder
from publisher.pipeline.pages import made
from publisher.pipeline.pages.made import Made, Packs
from tests.site import NOW


@pytest.fixture
def outbox(tmp_path):
    return Folder(tmp_path / "outbox")


def packed(outbox, part, pages, packing=True):
    packs = Packs(outbox, part)
    for path, html in pages.items():
        packs.page(path, f"key of {path}", html, {"shows": [path]}, packing=packing)
    return packs


@pytest.mark.parametrize("packing", [True, False])
def test_a_page_is_found_by_its_key_alone(outbox, packing):
    html = b"<p>" + b"words " * 100
    packed(outbox, "b/0", {"a.html": html}, packing).finish()
    found = Made(outbox, "b")
    assert found.page("a.html", "key of a.html").data == html
    assert list(found.page("a.html", "key of a.html").packed) == ["gzip", "br"][: 1 + packing]
    assert found.page("a.html", "another key") is None
    assert found.page("b.html", "key of b.html") is None
    assert found.notes == {"a.html": {"shows": ["a.html"]}}
    assert not Made(outbox, "another build")


def test_a_feed_is_the_files_that_were_made(outbox):
    files = [
        FeedFile(path=f"tag/a/{name}", data=name.encode(), entries=3, updated=NOW, cut=1)
        for name in ("rss.xml", "atom.xml")
    ]
    packs = Packs(outbox, "b/0")
    packs.feed("tag/a", "key", files, packing=True)
    packs.finish()
    found = Made(outbox, "b").feed("tag/a", "key")
    assert [replace(one, packed={}) for one in found] == files
    assert [list(one.packed) for one in found] == [["gzip", "br"]] * 2
    assert Made(outbox, "b").feed("tag/a", "other") is None


def test_many_packs_of_many_parts_are_read_a_few_at_a_time(outbox, monkeypatch):
    monkeypatch.setattr(made, "_BYTES", 100)
    pages = {f"{number:02}.html": bytes([65 + number % 26]) * 300 for number in range(40)}
    for part in range(3):
        some = {
            path: html for number, (path, html) in enumerate(pages.items()) if number % 3 == part
        }
        packed(outbox, f"b/{part}", some).finish()
    assert len(outbox.all_made()) > 9
    found = Made(outbox, "b")
    assert {path: found.page(path, f"key of {path}").data for path in pages} == pages
    assert len(found._open) <= 4


def test_a_part_that_is_not_finished_counts_for_nothing(outbox):
    packed(outbox, "b/0", {"a.html": b"a" * 300})
    assert not Made(outbox, "b")


def test_what_is_lost_or_spoilt_is_nothing(outbox):
    packed(outbox, "b/0", {"a.html": b"a" * 300}).finish()
    packed(outbox, "b/1", {"b.html": b"b" * 300}).finish()
    outbox.keep_made("b/0-0", b"nothing of ours")
    outbox.drop_made(["b/1-0"])
    found = Made(outbox, "b")
    assert found.page("a.html", "key of a.html") is None
    assert found.page("b.html", "key of b.html") is None
    outbox.keep_made("b/0-index", b"nothing of ours")
    assert not Made(outbox, "b").has_page("a.html", "key of a.html")
