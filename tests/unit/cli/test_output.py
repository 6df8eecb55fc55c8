"""What is printed may quote files: it steers no terminal."""

import pytest

from publisher.cli.output import safe, table, talk, tell
from publisher.errors import Problem

STEERS = "a\x1b[2J\x07\x9b31m\0b\rc"


def test_what_is_quoted_steers_no_terminal(capsys):
    talk(f"{STEERS}\nand on")
    tell([Problem(what=STEERS, todo="Mend it.")])
    table([(STEERS, 1)])
    printed = capsys.readouterr()
    assert not set(printed.out + printed.err) & set("\x1b\x07\x9b\0\r")
    assert safe("a\nb") == "a\nb" and "and on\n" in printed.err


@pytest.mark.parametrize("name", ["PUBLISHER_SMTP_PASSWORD", "PUBLISHER_IMAP_PASSWORD"])
def test_a_password_that_we_were_given_is_printed_nowhere(name, monkeypatch):
    monkeypatch.setenv(name, "hunter22")
    assert safe("the server says: hunter22?") == "the server says: ***?"
