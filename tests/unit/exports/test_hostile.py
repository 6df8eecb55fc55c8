"""Exports that somebody made to hurt: each is refused by name, in bounded time and memory."""

from __future__ import annotations

import os
import stat
import struct
import tracemalloc
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from publisher.errors import Problem, SourceError
from publisher.exports import (
    SYSTEMS,
    Imported,
    LeftOut,
    Order,
    Pack,
    Place,
    article_file,
    elements,
    pack,
    picturing,
)
from tests.unit.exports.exports import (
    SITE,
    articles,
    blogger,
    item,
    left,
    problems,
    put,
    read,
    wxr,
    zipped,
)  # fmt: skip

_ITEM = frozenset({"item"})


def _bomb(depth: int = 9) -> bytes:
    entities = "".join(
        f'<!ENTITY l{n} "{"&l" + str(n - 1) + ";" if n else "lol"}{f"&l{n - 1};" * 9 if n else ""}">'
        for n in range(depth)
    )
    return wxr(item(title="x")).replace(b"?>", f"?><!DOCTYPE rss [{entities}]>".encode(), 1)


@pytest.mark.parametrize(
    "data",
    [
        _bomb(),
        _bomb().replace(b"<title>x", f"<title>&l{8};".encode()),
        wxr(item()).replace(b"?>", b'?><!DOCTYPE rss [<!ENTITY x SYSTEM "file:///etc/passwd">]>', 1)
        .replace(b"<title>Hello", b"<title>&x;"),
        wxr(item()).replace(b"?>", b'?><!DOCTYPE rss SYSTEM "http://127.0.0.1/x.dtd">', 1),
    ], ids=["laughs", "laughs in a title", "a file", "an address"]
)  # fmt: skip
def test_a_document_type_is_refused_and_nothing_of_it_is_read(tmp_path, data):
    found = read("wordpress", put(tmp_path, "e.xml", data))
    assert not articles(found)
    assert problems(found)[0].what == "it declares a document type"
    assert "root:" not in repr(found)


def test_xml_that_is_nested_too_deep_is_refused(tmp_path):
    data = wxr(item(), "<item>" + "<x>" * 5_000)
    found = read("wordpress", put(tmp_path, "e.xml", data))
    assert len(articles(found)) == 1
    assert problems(found)[0].what == "it is nested deeper than any export is"


def test_an_article_of_too_many_parts_or_bytes_is_refused(monkeypatch):
    monkeypatch.setattr(elements, "_MOST_PARTS", 100)
    with pytest.raises(SourceError, match="too many parts"):
        list(elements.each([wxr("<item>" + "<x/>" * 200 + "</item>")], _ITEM, "e.xml"))
    monkeypatch.setattr(elements, "_MOST_OF_ONE", 1_000)
    with pytest.raises(SourceError, match="has more than 1,000 bytes"):
        list(elements.each([b"<rss><channel><item><x>", b"a" * 900, b"a" * 900], _ITEM, "e.xml"))


def test_a_long_export_takes_no_more_memory_than_a_short_one(tmp_path):
    body = "<p>" + "word " * 2_000 + "</p>"
    path = put(tmp_path, "e.xml", wxr(*(item(n, f"T{n}", body) for n in range(1, 151))))
    tracemalloc.start()
    try:
        with Pack([path]) as opened:
            count = sum(1 for _ in SYSTEMS["wordpress"].read(opened, Order(site=SITE)))
        most = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert count == 150
    assert most < path.stat().st_size / 2


@pytest.mark.parametrize(
    "name",
    ["../evil.html", "a/../../evil.html", "/etc/evil.html", "C:\\evil.html", "c:/evil.html",
     "a\\..\\evil.html", "\\\\host\\evil.html", "a\nb.html", "x/" * 600 + "a.html"],
)  # fmt: skip
def test_names_that_lead_out_of_an_archive_are_passed_over(tmp_path, name):
    path = tmp_path / "e.zip"
    with zipfile.ZipFile(path, "w") as archive:
        info = zipfile.ZipInfo("x")
        info.filename = name
        archive.writestr(info, b"x")
    with Pack([path]) as opened:
        assert not opened.members
        assert opened.passed_over[0].reason == "a name that leads out of the archive"


def test_links_passwords_and_archives_within_are_passed_over(tmp_path):
    path = tmp_path / "e.zip"
    with zipfile.ZipFile(path, "w") as archive:
        link = zipfile.ZipInfo("link.html")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(link, "/etc/passwd")
        archive.writestr("inner.zip", b"PK")
        archive.writestr(zipfile.ZipInfo("b.html"), b"x", zipfile.ZIP_BZIP2)
        archive.writestr("good.html", b"x")
    with Pack([path]) as opened:
        assert list(opened.members) == ["good.html"]
        assert [one.reason for one in opened.passed_over] == [
            "a link, or no file, in the archive",
            "an archive within: give it by itself",
            "packed in a way that exports are not",
        ]


def test_in_a_folder_links_and_pipes_are_passed_over(tmp_path):
    (tmp_path / "e").mkdir()
    (tmp_path / "e/a.xml").symlink_to("/etc/passwd")
    os.mkfifo(tmp_path / "e/b.xml")
    with Pack([tmp_path / "e"]) as opened:
        assert not opened.members
        assert [one.reason for one in opened.passed_over] == ["no regular file"] * 2
    with pytest.raises(SourceError, match="a named pipe"):
        Pack([tmp_path / "e/b.xml"])


def test_what_is_packed_far_smaller_than_it_is_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(pack, "_HARMLESS", 1 << 20)
    path = zipped(tmp_path / "e.zip", {"data/s.ghost.json": b" " * (8 << 20)})
    (problem,) = problems(read("ghost", path))
    assert problem.what == "it is packed more than 200 times smaller than it is"


def test_what_lies_about_its_size_is_cut_where_it_says(tmp_path):
    path = zipped(tmp_path / "e.zip", {"a.html": b"x" * 5_000})
    data = bytearray(path.read_bytes())
    at = data.rfind(b"PK\x01\x02")
    data[at + 24 : at + 28] = struct.pack("<L", 10)  # the central directory's size
    path.write_bytes(bytes(data))
    with Pack([path]) as opened, pytest.raises(SourceError):
        opened.read(opened.members["a.html"], 1_000)


def test_more_bytes_than_are_read_are_refused_with_what_to_do(tmp_path):
    path = put(tmp_path, "a.json", b"x" * 100)
    with Pack([path]) as opened, pytest.raises(SourceError, match="more than 99 bytes") as caught:
        opened.read(opened.members["a.json"], 99)
    assert caught.value.problem.todo == "Export in parts, such as a year at a time."


def test_a_sparse_file_of_gigabytes_is_refused_by_its_bytes_not_by_our_memory(tmp_path):
    path = tmp_path / "s.json"
    with path.open("wb") as file:
        file.truncate(1 << 30)
    tracemalloc.start()
    try:
        with Pack([path]) as opened, pytest.raises(SourceError, match="more than 1,048,576 bytes"):
            opened.read(opened.members["s.json"], 1 << 20)
        assert tracemalloc.get_traced_memory()[1] < 8 << 20
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize(
    "data", [b"PK\x03\x04", b"PK\x05\x06" + b"\0" * 18, b"PK\x03\x04" + b"\xff" * 100]
)
def test_a_damaged_archive_is_said_to_be_one(tmp_path, data):
    path = put(tmp_path, "e.zip", data)
    try:
        with Pack([path]) as opened:
            assert not opened.members
    except SourceError as error:
        assert error.problem.what.startswith("the archive cannot be read")


def test_an_archive_with_damaged_bytes_is_told_where_they_are(tmp_path):
    path = zipped(
        tmp_path / "e.zip", {"posts.csv": b"post_id,title\n1.a,T", "posts/1.a.html": os.urandom(99)}
    )
    data = bytearray(path.read_bytes())
    at = data.index(b"posts/1.a.html") + len("posts/1.a.html")
    data[at + 10 : at + 20] = b"\0" * 10
    path.write_bytes(bytes(data))
    (problem,) = problems(read("substack", path))
    assert problem.what.startswith("the archive is damaged")


_DATA = {
    "wordpress": wxr(item(body="[caption]<img src='a.jpg'>x[/caption]"), item(2)),
    "blogger": blogger(
        "<entry><id>a</id><title>T</title><published>2026-01-05T08:00:00Z</published></entry>"
    ),
    "ghost": b'{"db":[{"data":{"posts":[{"id":"1","title":"T","html":"<p>x</p>"}]}}]}',
    "medium": b'<article><h1 class="p-name">T</h1><section class="e-content"><p>x</p></section>',
    "substack": b"post_id,post_date,title\n1.a,2026-01-05,T\n",
}
_NAMES = {"wordpress": "e.xml", "blogger": "b.xml", "ghost": "g.json", "medium": "m.html",
          "substack": "posts.csv"}  # fmt: skip


@pytest.mark.parametrize("system", SYSTEMS)
@settings(max_examples=25, deadline=None)
@given(
    cuts=st.lists(
        st.tuples(st.integers(0, 900), st.integers(0, 40), st.binary(max_size=8)), max_size=6
    )
)
def test_whatever_is_damaged_is_told_and_never_a_fault_of_ours(tmp_path_factory, system, cuts):
    data = bytearray(_DATA[system])
    for at, count, written in cuts:
        data[at : at + count] = written
    path = put(tmp_path_factory.mktemp("d"), _NAMES[system], bytes(data))
    try:
        found = read(system, path)
    except SourceError:  # it looks like an archive, and is a damaged one
        return
    for one in found:
        assert isinstance(one, Imported | LeftOut | Problem)
        if isinstance(one, Imported):
            assert article_file(one, Place(base_url=SITE)).data


@pytest.mark.parametrize("system", SYSTEMS)
def test_an_empty_file_is_no_export(tmp_path, system):
    found = read(system, put(tmp_path, _NAMES[system], b""))
    assert problems(found) or left(found)


@pytest.mark.parametrize(
    "piece",
    ["<!--", "{{", "{%", "<a href='", '<img src="x.png">', "<p>", "<pre>", "&amp;", "<", "</code>",
     "\u2028", "a" * 50, "%7B%7B"],
)  # fmt: skip
def test_an_article_of_one_piece_again_and_again_is_written(piece):
    text = piece * 5_000
    article = Imported(id="a", title=text, slug=text, summary=text, body=text, link=text)
    assert article_file(article, Place(base_url=SITE)).data
    assert len(picturing.addresses(article)) <= 5_000
