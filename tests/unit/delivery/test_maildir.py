"""Messages as files: each once, whole, and as an answer whatever the disk does."""

import os
from concurrent.futures import ThreadPoolExecutor

import pytest

from publisher.delivery.maildir import Maildir
from publisher.errors import TransportRefused
from publisher.model import Envelope

ENVELOPE = Envelope(sender="s@x.example", recipient="r@x.example", utf8=False)


def message(name="one", body="Hello"):
    return f"From: s@x.example\r\nMessage-ID: <{name}@x.example>\r\n\r\n{body}\r\n".encode()


def names(folder):
    return sorted(path.name for path in folder.iterdir())


def test_a_message_lies_in_new_as_it_was_and_is_named_by_its_id(tmp_path):
    reply = Maildir(tmp_path / "box").connect().send(ENVELOPE, message(), None)
    assert (reply.code, reply.text) == (250, "dropped as one@x.example.eml")
    [file] = (tmp_path / "box/new").iterdir()
    assert file.name == "one@x.example.eml"
    assert file.read_bytes() == message()
    assert file.stat().st_mode & 0o777 == 0o600
    assert names(tmp_path / "box/tmp") == []


def test_the_same_message_is_dropped_once(tmp_path):
    for body in ("first", "second"):
        assert Maildir(tmp_path).connect().send(ENVELOPE, message(body=body), None).code == 250
    [file] = (tmp_path / "new").iterdir()
    assert b"first" in file.read_bytes()


@pytest.mark.parametrize("suffix", ["", ":2,S"])
def test_one_that_a_mail_program_took_into_cur_is_not_dropped_again(tmp_path, suffix):
    Maildir(tmp_path).connect().send(ENVELOPE, message(), None)
    name = "one@x.example.eml"
    (tmp_path / "new" / name).rename(tmp_path / "cur" / (name + suffix))
    assert Maildir(tmp_path).connect().send(ENVELOPE, message(), None).code == 250
    assert names(tmp_path / "new") == []


def test_many_senders_of_one_message_make_one_file(tmp_path):
    sessions = [Maildir(tmp_path).connect() for _ in range(8)]
    with ThreadPoolExecutor(8) as threads:
        replies = list(threads.map(lambda one: one.send(ENVELOPE, message(), None), sessions))
    assert {reply.code for reply in replies} == {250}
    assert names(tmp_path / "new") == ["one@x.example.eml"]
    assert names(tmp_path / "tmp") == []


def test_no_name_leads_out_of_the_folder(tmp_path):
    Maildir(tmp_path / "box").connect().send(ENVELOPE, message("../../evil"), None)
    assert names(tmp_path) == ["box"]
    assert names(tmp_path / "box/new") == [".._.._evil@x.example.eml"]


def test_a_folder_that_goes_away_defers(tmp_path):
    session = Maildir(tmp_path / "box").connect()
    for name in ("tmp", "new", "cur"):
        (tmp_path / "box" / name).rmdir()
    reply = session.send(ENVELOPE, message(), None)
    assert (reply.code, reply.status) == (451, "4.3.0")
    assert os.fspath(tmp_path / "box") in reply.text


def test_a_folder_that_cannot_be_is_refused_by_name(tmp_path):
    (tmp_path / "box").write_text("a file")
    with pytest.raises(TransportRefused, match="box: Not a directory"):
        Maildir(tmp_path / "box").connect()
