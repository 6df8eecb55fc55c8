"""[returns]: where what comes back is read, and what is refused with its line."""

from datetime import timedelta
from pathlib import Path

import pytest

from publisher import config
from publisher.config import lmtp_place
from publisher.errors import ConfigError

HEAD = '[publication]\ntitle = "T"\nbase_url = "https://x.example"\n'
BOX = '[returns.imap]\nhost = "imap.x.example"\nuser = "b"\n'


def test_nothing_is_read_where_nothing_is_named():
    returns = config.parse(HEAD).returns
    assert not returns.names_a_way
    assert returns.every == timedelta(minutes=1)


@pytest.mark.parametrize(
    ("text", "port"),
    [("", 993), ('security = "starttls"\n', 143), ("port = 1993\n", 1993)],
)
def test_a_mailbox_has_the_usual_port(text, port):
    imap = config.parse(HEAD + BOX + text).returns.imap
    assert (imap.host, imap.port, imap.folder) == ("imap.x.example", port, "INBOX")


def test_a_server_is_named_in_ascii():
    text = '[returns.imap]\nhost = "IMAP.Zürich.example"\nuser = "b"\n'
    assert config.parse(HEAD + text).returns.imap.host == "imap.xn--zrich-kva.example"


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("127.0.0.1:2424", ("127.0.0.1", 2424)),
        ("localhost:2424", ("127.0.0.1", 2424)),
        ("2424", ("127.0.0.1", 2424)),
        ("[::1]:24", ("::1", 24)),
        ("unix:run/lmtp.sock", Path("run/lmtp.sock")),
    ],
)
def test_lmtp_is_spoken_on_this_machine(text, place):
    assert lmtp_place(text) == place
    assert config.parse(f'{HEAD}[returns]\nlmtp = "{text}"\n').returns.names_a_way


@pytest.mark.parametrize(
    ("text", "line", "what"),
    [
        ('[returns]\nimpa = "x"\n', 5, "unknown key returns.impa"),
        ('[returns]\nevery = "1s"\n', 5, "every must be 10 seconds to a day"),
        (
            '[returns]\nlmtp = "0.0.0.0:24"\n',
            5,
            "lmtp is no address of this machine alone: 0.0.0.0",
        ),
        ('[returns]\nlmtp = "mail.x.example:24"\n', 5, "lmtp is no address of this machine alone"),
        ('[returns]\nlmtp = "127.0.0.1:99999"\n', 5, "lmtp must be a port of this machine"),
        ('[returns]\nlmtp = "127.0.0.1"\n', 5, "lmtp must be a port of this machine"),
        ('[returns]\nlmtp = "unix:"\n', 5, "lmtp names no socket"),
        (f'[returns]\nlmtp = "unix:{"x" * 101}"\n', 5, "lmtp names no socket"),
        ('[returns]\nkeep_in = "a*"\n', 5, "keep_in must be a folder's name"),
        ('[returns]\nkeep_in = "../up"\n', 5, "keep_in must be a folder's name"),
        ('[returns]\nkeep_in = "/"\n', 5, "keep_in must be a folder's name"),
        ('[returns]\nmaildir = "outbox/mail"\n', 5, "maildir must not lie in outbox"),
        ('[returns]\nmaildir = "./articles/x"\n', 5, "maildir must not lie in articles"),
        (
            '[delivery]\nmaildir = "box"\n[returns]\nmaildir = "box"\n',
            7,
            "maildir must not lie in box",
        ),
        ('[returns.imap]\nuser = "b"\n', 4, "imap names no host"),
        ('[returns.imap]\nhost = "imap.x.example"\n', 4, "imap names no user"),
        ('[returns.imap]\nhost = "a b"\nuser = "b"\n', 5, "imap.host must be the name of a server"),
        (
            f'{BOX}security = "none"\n',
            7,
            "imap.security must not be none: the password would go to",
        ),
        (f'{BOX}security = "ssl"\n', 7, "imap.security must be one of tls, starttls, none"),
        (f"{BOX}port = 70000\n", 7, "imap.port must be a port"),
        (f'{BOX}folder = "/"\n', 7, "imap.folder must be a folder's name"),
        (f'{BOX}timeout = "0s"\n', 7, "imap.timeout must be at least a second"),
        (f'{BOX}password = "x"\n', 7, "unknown key returns.imap.password"),
    ],
)
def test_what_cannot_be_is_refused_with_its_line(text, line, what):
    with pytest.raises(ConfigError) as refused:
        config.parse(HEAD + text)
    assert what in refused.value.problem.what
    assert refused.value.problem.line == line


def test_templates_know_nothing_of_the_mailbox():
    shown = config.parse(HEAD + BOX).shown
    assert not shown.returns.names_a_way
