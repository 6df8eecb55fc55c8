"""What is printed may quote files: it steers no terminal."""

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
