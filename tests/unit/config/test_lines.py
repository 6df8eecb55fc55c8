"""The line of each key of a TOML text."""

from publisher.config import toml_lines


def test_lines_of_keys_are_found():
    assert toml_lines('a = 1\n[t]\nb = 2\n[[t.l]]\nc = 3\n[[t.l]]\n"d" = 4\n') == {
        "a": 1, "t": 2, "t.b": 3, "t.l.0": 4, "t.l.0.c": 5, "t.l.1": 6, "t.l.1.d": 7,
    }  # fmt: skip
