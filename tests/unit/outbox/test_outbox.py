"""Bundles: complete, sealed, the same every time, and what was changed is named."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from publisher.errors import OutboxError, UnknownName
from publisher.model import (
    Article,
    Edition,
    Newsletter,
    Rendition,
    Section,
    SectionQuery,
    Slot,
    Slotted,
    SlotText,
    Story,
)
from publisher.outbox import Bundle, Folder, Memory, put
from tests.site import tree

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
SLOT = Slot(local=NOON.replace(tzinfo=None), zone="UTC", instant=NOON)
ARTICLE = Article(
    id="tag:a",
    path="a.md",
    slug="a",
    url="https://x.example/a",
    title="A “title”",
    summary="",
    language="en",
    published=NOON,
    updated=NOON,
    version="v1",
)
EDITION = Edition(
    newsletter=Newsletter(name="n", title="N", language="en"),
    slot=SLOT,
    sections=(Section(query=SectionQuery(name="s"), stories=(Story(article=ARTICLE),)),),
)
ADDRESS = SlotText("address", "html", "you")


def bundle(html=("a", ADDRESS, "b")):
    rendition = Rendition(
        subject=Slotted(("Hello",)),
        preheader=Slotted(("",)),
        html=Slotted(html),
        text=Slotted(("t ", SlotText("address", "text", "you"))),
    )
    return Bundle.of(EDITION, rendition)


def test_a_bundle_holds_the_edition_and_what_it_is_made_of():
    made = bundle()
    assert sorted(made.files) == [
        "manifest.json",
        "message.html",
        "message.txt",
        "preheader.txt",
        "subject.txt",
    ]
    manifest = made.manifest
    assert (manifest["format"], manifest["edition"], manifest["newsletter"]) == (
        2,
        "n@2026-11-24T1200",
        "n",
    )
    assert manifest["stories"] == [
        {
            "id": "tag:a",
            "version": "v1",
            "section": "s",
            "title": "A “title”",
            "url": "https://x.example/a",
            "related": [],
        }
    ]
    assert manifest["files"]["subject.txt"] == {
        "bytes": 5,
        "sha256": "185f8db32271fe25f561a6fc938b2e264306ec304eda518007d1764826381969",
    }


PIECE = st.text(max_size=10) | st.builds(
    SlotText,
    st.sampled_from(["address", "name"]),
    st.sampled_from(["html", "text", "url"]),
    st.none() | st.text(max_size=5),
)


@given(st.lists(PIECE, max_size=8))
def test_slots_come_back_from_the_files_as_they_went_in(pieces):
    html = Slotted(tuple(pieces))
    rendition = Rendition(subject=html, preheader=html, html=html, text=html)
    back = Bundle.of(EDITION, rendition).rendition()
    values = {"address": "<a>", "name": "https://n.example"}
    assert back.html.filled(values) == html.filled(values)
    assert back.html.slots == html.slots


def test_the_same_bundle_is_put_once(tmp_path):
    outbox = Folder(tmp_path)
    assert outbox.seal(bundle()) is True
    manifest = outbox.editions / "n@2026-11-24T1200/manifest.json"
    before = manifest.stat()
    assert outbox.seal(bundle()) is False
    after = manifest.stat()  # reading it may move its access time
    assert (after.st_ino, after.st_mtime_ns) == (before.st_ino, before.st_mtime_ns)


def test_another_bundle_of_the_same_slot_replaces_it_whole(tmp_path):
    outbox = Folder(tmp_path)
    outbox.seal(bundle())
    assert outbox.seal(bundle(("new",))) is True
    assert outbox.read("n@2026-11-24T1200").rendition().html.filled() == "new"
    assert {path.split("/")[1] for path in tree(tmp_path)} == {"n@2026-11-24T1200"}


def test_every_change_of_a_sealed_bundle_is_named(tmp_path):
    outbox = Folder(tmp_path)
    outbox.seal(bundle())
    folder = outbox.editions / "n@2026-11-24T1200"
    assert outbox.faults(folder.name) == []
    (folder / "message.html").write_text("tampered")
    (folder / "subject.txt").unlink()
    (folder / "extra").write_text("")
    assert outbox.faults(folder.name) == [
        "message.html was changed (8 bytes, 28 when it was sealed)",
        "subject.txt is missing",
        "extra does not belong there",
    ]


@pytest.mark.parametrize(
    "text",
    ["", "[]", "{}", "null", '{"format": 99}', '{"format": 2, "files": []}', "\xff", "[" * 100_000],
)
def test_a_manifest_that_cannot_be_used_is_named(tmp_path, text):
    outbox = Folder(tmp_path)
    outbox.seal(bundle())
    (outbox.editions / "n@2026-11-24T1200/manifest.json").write_bytes(text.encode("latin-1"))
    with pytest.raises(OutboxError, match=r"n@2026-11-24T1200"):
        outbox.read("n@2026-11-24T1200")
    assert len(outbox.faults("n@2026-11-24T1200")) == 1


def test_an_edition_is_found_by_a_part_of_its_id(tmp_path):
    outbox = Folder(tmp_path)
    outbox.seal(bundle())
    assert outbox.find("11-24") == "n@2026-11-24T1200"
    with pytest.raises(UnknownName, match=r"there is no edition '../../etc'"):
        outbox.find("../../etc")


def test_a_file_is_only_written_when_it_changes(tmp_path):
    path = tmp_path / "a/b.txt"
    assert put(path, b"x") is True
    before = path.stat()
    assert put(path, b"x") is False
    assert path.stat() == before
    assert put(path, b"y") is True
    assert tree(tmp_path) == {"a/b.txt": b"y"}


def test_what_was_made_from_what_is_remembered_until_the_file_is_touched(tmp_path):
    file, path = tmp_path / "f", tmp_path / "memory.json"

    def memory():
        return Memory(tmp_path, path, 1)

    put(file, b"x")
    first = memory()
    assert not first.holds("f", "key")
    first.keep("f", "key")
    first.save()
    assert memory().holds("f", "key")
    assert not memory().holds("f", "other")
    file.write_bytes(b"longer")
    assert not memory().holds("f", "key")
    file.unlink()
    assert not memory().holds("f", "key")
    path.write_text("nonsense")
    assert not memory().holds("f", "key")


def test_what_an_older_publisher_remembered_of_feeds_is_no_damage(tmp_path):
    path = tmp_path / "feeds.json"
    path.write_text('{"/news/outbox/feeds/rss.xml": ["key", 10, 1764000000000000000]}')
    memory = Memory(tmp_path, path, 1)
    assert (memory.damage, memory.holds("rss.xml", "key")) == ("", False)


def test_what_an_older_publisher_noted_of_a_page_holds_as_far_as_it_is_said(tmp_path):
    (tmp_path / "a.html").write_text("a")
    path = tmp_path / "pages.json"
    before = Memory(tmp_path, path, 1)
    before.keep("a.html", "key", {"shows": ["a"], "gone": 1})
    before.keep("b.html", "key")
    before.save()
    now = Memory(tmp_path, path, 2, older=lambda note: note and {"shows": note["shows"]})
    assert (now.note("a.html"), now.note("b.html")) == ({"shows": ["a"]}, None)
    assert not now.holds("a.html", "key")  # it is made anew
    assert now.noted(["a.html", "b.html"]) == [("a.html", {"shows": ["a"]}), ("b.html", None)]
    now.keep_known(["a.html"])
    now.save()
    later = Memory(tmp_path, path, 2)
    assert (later.note("a.html"), later.damage) == ({"shows": ["a"]}, "")
    assert Memory(tmp_path, path, 3).note("a.html") is None  # nobody says what still holds


def test_half_written_feeds_are_left_to_whoever_holds_the_lock_of_the_feeds(tmp_path):
    outbox = Folder(tmp_path)
    half = tmp_path / "feeds/section/.rss.xml.aside"
    half.parent.mkdir(parents=True)
    half.write_text("half")
    outbox.recover()  # beside a run that is writing them
    assert half.exists()
    outbox.recover_feeds()
    assert not half.exists()


def test_a_run_that_died_is_cleaned_up(tmp_path):
    outbox = Folder(tmp_path)
    outbox.seal(bundle())
    folder = outbox.editions / "n@2026-11-24T1200"
    folder.rename(outbox.editions / ".n@2026-11-24T1200.before")  # died between the two renames
    (outbox.editions / ".n@2026-11-24T1200.aside").mkdir()
    Path(outbox.editions / ".n@2026-11-24T1200.aside/message.html").write_text("half")
    outbox.recover()
    assert outbox.ids() == ["n@2026-11-24T1200"]
    assert outbox.read(outbox.ids()[0]).files == bundle().files
    assert json.loads((folder / "manifest.json").read_text())["format"] == 2
