"""What is printed may quote files: it steers no terminal."""

import json

import pytest

from publisher.cli.output import emit, safe, table, talk, tell
from publisher.errors import Problem

STEERS = "a\x1b[2J\x07\x9b31m\0b\rc"
TURNS = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"


def test_what_is_quoted_steers_no_terminal(capsys):
    talk(f"{STEERS}\nand on")
    tell([Problem(what=STEERS, todo="Mend it.")])
    table([(STEERS, 1)])
    printed = capsys.readouterr()
    assert not set(printed.out + printed.err) & set("\x1b\x07\x9b\0\r")
    assert safe("a\nb") == "a\nb" and "and on\n" in printed.err


def test_no_name_of_a_file_shows_as_another(capsys):
    tell([Problem(what="it is odd", path=f"articles/a{TURNS}dm.exe")])
    table([(f"b{TURNS}dm.exe", "\u200fשלום")])
    printed = capsys.readouterr()
    assert not set(printed.out + printed.err) & set(TURNS)
    assert "articles/adm.exe: it is odd" in printed.err
    assert "\u200fשלום" in printed.out


def test_json_steers_no_terminal_and_says_the_same(capsys):
    emit({"path": STEERS + TURNS + "\u2028é"})
    printed = capsys.readouterr().out
    assert not set(printed) & set("\x1b\x07\x9b\0\r\u2028" + TURNS)
    assert "é" in printed
    assert json.loads(printed) == {"path": STEERS + TURNS + "\u2028é"}


@pytest.mark.parametrize("name", ["PUBLISHER_SMTP_PASSWORD", "PUBLISHER_IMAP_PASSWORD"])
def test_a_password_that_we_were_given_is_printed_nowhere(name, monkeypatch):
    monkeypatch.setenv(name, "hunter22")
    assert safe("the server says: hunter22?") == "the server says: ***?"
