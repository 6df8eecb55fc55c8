import os
import threading

import pytest

from publisher.errors import WayDown, WayRefused
from publisher.returns import MOST
from publisher.returns.ways import MaildirBox, Ours

OURS = Ours(("bounces@news.example",))
MESSAGE = b"Delivered-To: bounces+%d@news.example\n\nNo\n"


@pytest.fixture
def box(tmp_path):
    for part in ("tmp", "new", "cur"):
        (tmp_path / "box" / part).mkdir(parents=True)
    return tmp_path / "box"


def put(box, name, data=b"\n\nNo", part="new"):
    (box / part / name).write_bytes(data)


def names(folder):
    return sorted(path.name for path in folder.iterdir()) if folder.is_dir() else []


class Taken:
    def __init__(self, kind="read"):
        self.arrived, self.kind = [], kind

    def __call__(self, one):
        self.arrived.append(one)
        return self.kind


def test_what_lies_in_new_and_cur_is_taken_and_moved_with_its_marks(box):
    put(box, "2.b", MESSAGE % 2, "cur")
    put(box, "1.a", MESSAGE % 1)
    put(box, "3.c:2,S", MESSAGE % 3, "cur")
    put(box, "4.d", MESSAGE % 4, "tmp")
    take = Taken()
    assert MaildirBox(box, OURS).collect(take).count == 3
    assert [one.to for one in take.arrived] == [f"bounces+{n}@news.example" for n in (1, 2, 3)]
    read = box / ".Publisher.read"
    assert names(read / "cur") == ["1.a:2,", "2.b:2,", "3.c:2,S"]
    assert names(read) == ["cur", "maildirfolder", "new", "tmp"]
    assert (names(box / "new"), names(box / "cur"), names(box / "tmp")) == ([], [], ["4.d"])


@pytest.mark.parametrize("kind", ["unread", "personal"])
def test_each_kind_has_its_folder(box, kind):
    put(box, "1.a")
    MaildirBox(box, OURS, "News/Back").collect(Taken(kind))
    assert names(box / f".News.Back.{kind}" / "cur") == ["1.a:2,"]


def test_a_folder_in_any_script_is_named_as_mail_servers_name_it(box):
    put(box, "1.a")
    MaildirBox(box, OURS, "Rückläufer").collect(Taken())
    assert names(box / ".R&APw-ckl&AOQ-ufer.read" / "cur") == ["1.a:2,"]


def test_what_is_not_taken_stays(box):
    put(box, "1.a")
    put(box, "2.b")

    def take(one):
        raise RuntimeError("the ledger is away")

    with pytest.raises(RuntimeError):
        MaildirBox(box, OURS).collect(take)
    assert names(box / "new") == ["1.a", "2.b"]


def test_one_that_was_taken_and_not_moved_is_taken_again_and_none_overwritten(box):
    put(box, "1.a", b"\n\nfirst")
    MaildirBox(box, OURS).collect(Taken())
    put(box, "1.a", b"\n\nanother of that name")
    MaildirBox(box, OURS).collect(Taken())
    kept = box / ".Publisher.read" / "cur"
    assert names(kept) == ["1.1.a:2,", "1.a:2,"]
    assert (kept / "1.a:2,").read_bytes() == b"\n\nfirst"


def test_a_message_that_another_program_moves_meanwhile_is_left_to_it(box):
    put(box, "1.a")

    def take(one):
        if (box / "new" / "1.a").exists():
            (box / "new" / "1.a").rename(box / "cur" / "1.a:2,S")
        return "read"

    way = MaildirBox(box, OURS)
    way.collect(take)
    assert names(box / "cur") == ["1.a:2,S"]
    way.collect(take)
    assert names(box / ".Publisher.read" / "cur") == ["1.a:2,S"]


def test_of_a_huge_message_the_beginning_is_read_and_the_whole_is_kept(box):
    put(box, "1.a", b"Subject: huge\n\n" + b"x" * MOST)
    take = Taken()
    MaildirBox(box, OURS).collect(take)
    assert len(take.arrived[0].data) == MOST
    assert (box / ".Publisher.read/cur/1.a:2,").stat().st_size > MOST


def test_what_is_no_file_waits_for_nobody_and_is_named(box):
    os.mkfifo(box / "new" / "1.pipe")
    (box / "new" / "2.folder").mkdir()
    (box / "new" / "3.link").symlink_to("/dev/zero")
    (box / "new" / "4.nowhere").symlink_to("nothing")
    put(box, "5.a")
    found = MaildirBox(box, OURS).collect(Taken())
    assert found.count == 1
    assert found.problem == (
        f"{box}: 1.pipe cannot be read: it is a named pipe, no file, and 3 more"
    )
    assert names(box / "new") == ["1.pipe", "2.folder", "3.link", "4.nowhere"]


def test_many_that_cannot_be_read_keep_no_other_waiting(box):
    for number in range(205):
        (box / "new" / f"0{number}").mkdir()
    put(box, "1.a")
    way = MaildirBox(box, OURS)
    assert way.waiting() == 206
    assert [way.collect(Taken()).count for _ in range(2)] == [0, 1]


def test_deliveries_at_the_same_time_are_all_taken_once(box):
    total = 200

    def deliver():
        for number in range(total):
            put(box, f"{number}.x", MESSAGE % number, "tmp")
            (box / "tmp" / f"{number}.x").rename(box / "new" / f"{number}.x")

    take, way = Taken(), MaildirBox(box, OURS)
    thread = threading.Thread(target=deliver)
    thread.start()
    while thread.is_alive():
        way.collect(take)
    way.collect(take)
    assert len({one.to for one in take.arrived}) == len(take.arrived) == total
    assert len(names(box / ".Publisher.read" / "cur")) == total


def test_a_folder_that_is_no_maildir_is_named(tmp_path):
    with pytest.raises(WayRefused) as caught:
        MaildirBox(tmp_path, OURS).collect(Taken())
    assert str(caught.value) == (
        f"{tmp_path} is no Maildir: it has no folders new and cur\n"
        "  Name the folder that your mail server delivers into: returns.maildir."
    )


def test_a_mailbox_in_one_file_is_no_maildir(tmp_path):
    (tmp_path / "inbox.mbox").write_bytes(b"From MAILER-DAEMON Tue Nov 24 08:00:00 2026\n")
    with pytest.raises(WayRefused, match="is no Maildir: it has no folders new and cur"):
        MaildirBox(tmp_path / "inbox.mbox", OURS).collect(Taken())


def test_a_folder_that_cannot_be_made_is_named_and_nothing_lost(box):
    put(box, "1.a")
    (box / ".Publisher.read").write_text("in the way")
    with pytest.raises(WayDown, match="cannot be moved into"):
        MaildirBox(box, OURS).collect(Taken())
    assert names(box / "new") == ["1.a"]


def test_who_is_asked_to_end_takes_no_more(box):
    put(box, "1.a")
    way = MaildirBox(box, OURS)
    way.end()
    assert way.collect(Taken()).count == 0
    assert names(box / "new") == ["1.a"]
