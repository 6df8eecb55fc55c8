"""Messages through a program: addresses are addresses, whatever they look like."""

import sys

import pytest

from publisher.delivery.command import Command
from publisher.model import Envelope

_ECHO = [sys.executable, "-c", "import sys; sys.stderr.write(repr(sys.argv[1:]))"]


def _sent(words, recipient="r@x.example", sender="s@x.example"):
    envelope = Envelope(sender=sender, recipient=recipient, utf8=False)
    return Command([*_ECHO, *words], 30.0).send(envelope, b"", None)


def test_an_address_that_begins_with_a_hyphen_is_taken_after_two_hyphens():
    reply = _sent(["-f", "{sender}", "--", "{recipient}"], "-oQ/tmp@x.example")
    assert (reply.code, reply.text) == (250, "['-f', 's@x.example', '--', '-oQ/tmp@x.example']")


@pytest.mark.parametrize("word", ["{recipient}", "{recipient},", "{sender}"])
def test_an_address_is_never_an_option(word):
    reply = _sent([word, "--", "{recipient}"], "-oQ/tmp@x.example", "-Cx@x.example")
    assert reply.code in (550, 451)
    assert reply.text.endswith(" begins with a hyphen: delivery.command has no -- before it")


def test_an_address_in_a_word_of_its_option_is_no_option():
    assert _sent(["--to={recipient}"], "-x@x.example").text == "['--to=-x@x.example']"
