import contextlib
import dataclasses
import ssl
import subprocess
import threading

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from publisher.errors import WayDown, WayRefused
from publisher.returns import MOST
from publisher.returns.ways import Imap, Mailbox, Ours, imap_connection, imap_session
from tests.imapd import Server

OURS = Ours(("bounces@news.example",))
WITHOUT = ("UIDPLUS", "AUTH=PLAIN")  # no MOVE, no IDLE


def way(server, **changed):
    given = {"host": "127.0.0.1", "port": server.port, "user": "reader", "password": "secret"}
    opened.append(Imap(Mailbox(**{**given, "security": "none", "timeout": 5.0, **changed}), OURS))
    return opened[-1]


opened = []


@pytest.fixture(autouse=True)
def closed():
    yield
    while opened:
        opened.pop().close()


def bounce(number):
    return b"Delivered-To: bounces+%d@news.example\r\nSubject: no\r\n\r\nNo %d\r\n" % (
        number,
        number,
    )


class Taken:
    """A `take` that writes down what it is given; `kinds` is what it says of each."""

    def __init__(self, kind="read"):
        self.arrived, self.kind = [], kind

    def __call__(self, one):
        self.arrived.append(one)
        return self.kind


def test_messages_are_taken_with_their_envelope_recipient_and_moved():
    with Server() as server:
        for number in range(3):
            server.deliver(bounce(number))
        take = Taken()
        assert way(server).collect(take).count == 3
        assert [one.to for one in take.arrived] == [f"bounces+{n}@news.example" for n in range(3)]
        assert [one.data for one in take.arrived] == [bounce(n) for n in range(3)]
        assert server.texts("INBOX") == []
        assert server.texts("Publisher/read") == [bounce(n) for n in range(3)]
        assert "EXPUNGE" not in server.commands and "CLOSE" not in server.commands


@pytest.mark.parametrize("kind", ["read", "unread", "personal"])
def test_each_kind_has_its_folder_with_the_servers_delimiter_and_prefix(kind):
    with Server(delimiter=".", prefix="INBOX.") as server:
        server.deliver(bounce(1))
        way(server).collect(Taken(kind))
        assert server.texts(f"INBOX.Publisher.{kind}") == [bounce(1)]


def test_a_server_without_hierarchy_keeps_them_in_folders_beside():
    with Server(delimiter="", features=WITHOUT) as server:
        server.deliver(bounce(1))
        way(server).collect(Taken())
        assert server.texts("Publisher-read") == [bounce(1)]


def test_folders_in_any_script_are_found_and_made_in_modified_utf_7():
    with Server() as server:
        server.folders["R&APw-ckl&AOQ-ufer &- mehr"] = server.inbox
        server.deliver(bounce(1))
        way(server, folder="Rückläufer & mehr", keep_in="Gelesen – 読んだ").collect(Taken())
        assert server.texts("Gelesen &IBM- &iq0wkzBg-/read") == [bounce(1)]


def test_a_folder_that_is_not_there_is_named_with_those_that_are():
    with Server() as server:
        with pytest.raises(WayRefused) as caught:
            way(server, folder="Bounces").collect(Taken())
        assert str(caught.value) == "there is no folder 'Bounces'\n  There are: INBOX"


def test_a_folder_that_may_only_be_read_is_refused_before_anything_is_taken():
    with Server() as server:
        server.deliver(bounce(1))
        server.read_only = True
        take = Taken()
        with pytest.raises(WayRefused, match="may be read, not changed"):
            way(server).collect(take)
        assert take.arrived == []


def test_the_folder_that_is_read_is_none_of_those_into_which_is_moved():
    with Server() as server, pytest.raises(WayRefused, match="into which messages are moved"):
        way(server, folder="Publisher/read").collect(Taken())


def test_without_move_ours_alone_are_expunged():
    with Server(features=WITHOUT) as server:
        others = server.inbox.add(b"of another program", {"\\Deleted"})
        ours = server.deliver(bounce(1))
        way(server).collect(Taken())
        assert server.expunged == [ours]
        assert list(server.inbox.messages) == [others]
        assert server.texts("Publisher/read") == [bounce(1)]


def test_without_uidplus_nothing_is_expunged_and_nothing_taken_twice():
    with Server(features=("AUTH=PLAIN",)) as server:
        server.deliver(bounce(1))
        take = Taken()
        assert way(server).collect(take).count == 1
        assert way(server).collect(take).count == 0
        assert server.expunged == [] and len(take.arrived) == 1
        assert server.texts("Publisher/read") == [bounce(1)]


def test_of_a_huge_message_the_beginning_is_fetched_alone():
    with Server() as server:
        server.deliver(b"Subject: huge\r\n\r\n" + b"x" * 3 * MOST)
        take = Taken()
        way(server).collect(take)
        assert len(take.arrived[0].data) == MOST
        assert server.fetched == ["1 (RFC822.SIZE)", f"1 (BODY.PEEK[]<0.{MOST}>)"]
        assert len(server.texts("Publisher/read")[0]) > 3 * MOST


STEPS = "GREETING CAPABILITY AUTHENTICATE LIST NAMESPACE SELECT CREATE SUBSCRIBE".split()
STEPS += ["UID SEARCH", "UID FETCH", "UID COPY", "UID MOVE", "UID STORE", "UID EXPUNGE"]


@pytest.mark.parametrize("features", [("MOVE", "NAMESPACE", "AUTH=PLAIN"), WITHOUT])
@pytest.mark.parametrize("how", ["drop", "lose", "NO not now"])
@pytest.mark.parametrize("step", STEPS)
def test_whatever_is_lost_at_any_step_no_message_is(step, how, features):
    """Each message is taken, and lies in the end in one folder, at least once: never nowhere."""
    failures = iter([how])
    with Server(features=features) as server:
        server.script = lambda name: next(failures, None) if name == step else None
        messages = [bounce(number) for number in range(3)]
        for one in messages:
            server.deliver(one)
        take = Taken()
        source = way(server)
        for _ in range(3):
            try:
                source.collect(take)
            except (WayDown, WayRefused):
                everywhere = {data for folder in server.folders for data in server.texts(folder)}
                assert everywhere == set(messages)
        source.close()
        assert {one.data for one in take.arrived} == set(messages)
        assert set(server.texts("Publisher/read")) == set(messages)
        assert all("\\Deleted" in one.flags for one in server.inbox.messages.values())


def test_what_is_not_taken_stays_and_what_was_taken_before_it_is_moved():
    with Server() as server:
        for number in range(3):
            server.deliver(bounce(number))
        taken = []

        def take(one):
            if len(taken) == 1:
                raise RuntimeError("the ledger is away")
            taken.append(one)
            return "read"

        with pytest.raises(RuntimeError, match="the ledger is away"):
            way(server).collect(take)
        assert server.texts("INBOX") == [bounce(1), bounce(2)]
        assert server.texts("Publisher/read") == [bounce(0)]


def test_a_message_that_ends_the_connection_keeps_no_other_waiting():
    with Server() as server:
        numbers = [server.deliver(bounce(number)) for number in range(4)]
        bad = numbers[1]
        server.script = lambda name: (
            "drop" if name == "UID FETCH" and asked_for(server, bad) else None
        )
        take, source = Taken(), way(server)
        problem = ""
        for _ in range(6):
            try:
                problem = source.collect(take).problem
            except WayDown:
                continue
        assert {one.data for one in take.arrived} == {bounce(0), bounce(2), bounce(3)}
        assert server.texts("INBOX") == [bounce(1)]
        assert problem == f"127.0.0.1:{server.port} does not give us a message of INBOX"


def asked_for(server, uid):
    """Whether the command that has come asks for the bytes of a message."""
    rest = server.asking
    numbers, _, what = rest.partition(" ")
    uids = {
        n
        for part in numbers.split(",")
        for n in range(int(part.split(":")[0]), int(part.split(":")[-1]) + 1)
    }
    return "BODY" in what and uid in uids


def test_one_that_the_server_refuses_to_give_is_left_and_the_rest_of_its_group_taken():
    with Server() as server:
        numbers = [server.deliver(bounce(number)) for number in range(4)]
        server.script = lambda name: (
            "NO it is broken" if name == "UID FETCH" and asked_for(server, numbers[2]) else None
        )
        take = Taken()
        found = way(server).collect(take)
        assert (found.count, found.problem != "") == (3, True)
        assert server.texts("INBOX") == [bounce(2)]


def test_what_lies_there_is_counted_and_left(monkeypatch):
    monkeypatch.setattr(imap_session, "_WINDOW", 10)
    with Server() as server:
        for number in range(25):
            server.deliver(bounce(number))
        server.inbox.messages[3].flags.add("\\Deleted")
        assert way(server).waiting() == 24
        assert len(server.texts("INBOX")) == 25
        assert "UID FETCH" not in server.commands


def test_what_a_server_keeps_though_it_says_it_moved_it_is_taken_once():
    with Server() as server:
        server.script = lambda name: "OK moved" if name == "UID MOVE" else None
        source, take = way(server), Taken()
        server.deliver(bounce(1))
        counts = [source.collect(take).count for _ in range(3)]
        server.deliver(bounce(2))
        counts += [source.collect(take).count for _ in range(2)]
        assert counts == [1, 0, 0, 1, 0]
        assert [one.data for one in take.arrived] == [bounce(1), bounce(2)]


def test_another_uidvalidity_hides_nothing():
    with Server() as server:
        source, take = way(server), Taken()
        server.deliver(bounce(1))
        source.collect(take)
        server.inbox.validity, server.inbox.next = 2, 1  # the mailbox was made anew
        server.deliver(bounce(2))
        source.collect(take)
        assert [one.data for one in take.arrived] == [bounce(1), bounce(2)]
        assert server.texts("INBOX") == []


def test_a_full_mailbox_is_looked_at_in_pieces(monkeypatch):
    monkeypatch.setattr(imap_session, "_WINDOW", 10)
    monkeypatch.setattr(imap_session, "_A_ROUND", 25)
    monkeypatch.setattr(imap_session, "_AT_ONCE", 7)
    with Server(features=("AUTH=PLAIN",)) as server:
        for number in range(70):
            server.deliver(bounce(number))
        source, take = way(server), Taken()
        assert [source.collect(take).count for _ in range(4)] == [25, 25, 20, 0]
        assert len({one.data for one in take.arrived}) == 70


def test_idle_tells_of_a_message_at_once():
    with Server() as server:
        source, take = way(server), Taken()
        source.collect(take)
        threading.Thread(target=server.deliver, args=(bounce(1),)).start()
        assert source.stay(take, 30)
        source.collect(take)
        source.close()
        assert len(take.arrived) == 1
        assert server.commands[-1] == "LOGOUT"


def test_without_idle_nobody_waits_and_the_connection_is_closed():
    with Server(features=WITHOUT) as server:
        source = way(server)
        source.collect(Taken())
        assert not source.stay(Taken(), 30)
        assert server.commands[-1] == "LOGOUT"


def test_who_is_asked_to_end_ends_while_he_waits():
    with Server() as server:
        source = way(server)
        source.collect(Taken())

        def end_when_idle():
            with server.changed:
                server.changed.wait_for(lambda: "IDLE" in server.commands, 5)
            source.end()

        server.script = lambda name: server.changed.notify_all() if name == "IDLE" else None
        thread = threading.Thread(target=end_when_idle)
        thread.start()
        with pytest.raises(WayDown):
            source.stay(Taken(), 30)
        thread.join()


def test_a_wrong_password_is_refused_and_named_nowhere():
    with Server() as server, pytest.raises(WayRefused) as caught:
        way(server, password="hunter22").collect(Taken())
    assert "does not accept the user 'reader' with this password" in str(caught.value)
    assert "PUBLISHER_IMAP_PASSWORD" in str(caught.value)
    assert "hunter22" not in str(caught.value) + repr(caught.value.__context__)


def test_a_server_that_cannot_check_passwords_now_is_tried_again():
    with Server() as server:
        server.script = lambda name: "NO [UNAVAILABLE] later" if name == "AUTHENTICATE" else None
        with pytest.raises(WayDown, match="cannot check the password now"):
            way(server).collect(Taken())


@pytest.mark.parametrize("features", [("AUTH=PLAIN",), ()])
def test_users_and_passwords_have_every_sign_that_can_be_typed(features):
    password = 'a "b\\c' if not features else 'ä "b\\c 秘'
    with Server(features=features, user='a "b\\c d', password=password) as server:
        assert way(server, user='a "b\\c d', password=password).collect(Taken()).count == 0


def test_a_line_end_in_a_password_is_no_command():
    with Server() as server, pytest.raises(WayRefused, match="holds a line end"):
        way(server, password="a\r\nx DELETE INBOX").collect(Taken())
    assert server.commands == []


# TLS


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    folder = tmp_path_factory.mktemp("tls")
    path = folder / "cert.pem"
    command = "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 36500 -subj /CN=localhost".split()
    command += ["-addext", "subjectAltName=DNS:localhost", "-keyout", str(path), "-out"]
    made = subprocess.run([*command, str(folder / "crt")], capture_output=True)
    if made.returncode:
        pytest.skip("openssl makes no certificate here")
    path.write_text(path.read_text() + (folder / "crt").read_text())
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path)
    return str(path), context


@pytest.mark.parametrize("security", ["tls", "starttls"])
def test_with_an_authority_of_ones_own_a_certificate_is_verified(certificate, security):
    path, context = certificate
    given = {"tls": context} if security == "tls" else {"start_tls": context}
    with Server(**given) as server:
        server.deliver(bounce(1))
        source, take = way(server, host="localhost", security=security, ca=path), Taken()
        assert source.collect(take).count == 1
        threading.Thread(target=server.deliver, args=(bounce(2),)).start()
        assert source.stay(take, 30) and source.collect(take).count == 1
        if security == "starttls":
            assert server.commands.index("STARTTLS") < server.commands.index("AUTHENTICATE")


@pytest.mark.parametrize("security", ["tls", "starttls"])
@pytest.mark.parametrize("changed", [{"ca": None}, {"host": "127.0.0.1"}])
def test_a_certificate_that_is_not_the_hosts_gets_no_password(certificate, security, changed):
    path, context = certificate
    given = {"tls": context} if security == "tls" else {"start_tls": context}
    with Server(**given) as server:
        settings = {"host": "localhost", "security": security, "ca": path, **changed}
        with pytest.raises(WayRefused, match="is not to be trusted"):
            way(server, **settings).collect(Taken())
        assert "AUTHENTICATE" not in server.commands


def test_a_server_without_starttls_gets_no_password():
    with Server() as server:
        with pytest.raises(WayRefused, match="has no STARTTLS"):
            way(server, security="starttls").collect(Taken())
        assert "AUTHENTICATE" not in server.commands


def test_what_is_said_in_clear_text_after_starttls_counts_for_nothing(certificate):
    path, context = certificate
    with Server(start_tls=context) as server:
        server.script = lambda name: (
            "OK go\r\n* CAPABILITY IMAP4rev1 LOGINDISABLED" if name == "STARTTLS" else None
        )
        with pytest.raises(WayDown):
            way(server, host="localhost", security="starttls", ca=path, timeout=2).collect(Taken())
        assert "AUTHENTICATE" not in server.commands


@pytest.mark.parametrize("ca", ["missing.pem", "junk.pem"])
def test_a_file_of_authorities_that_is_none_is_named(tmp_path, ca):
    (tmp_path / "junk.pem").write_text("no certificate")
    with pytest.raises(WayRefused, match=r"Mend returns\.imap\.ca"):
        Imap(Mailbox(host="localhost", port=1, user="a", ca=str(tmp_path / ca)), OURS).collect(
            Taken()
        )


# A server that is broken, or hostile


@pytest.mark.parametrize(
    "answer",
    [
        "OK {99999999999}",
        "* 1 FETCH (BODY[] {99999999999}",
        "* 1 FETCH (" + "(" * 50_000,
        '* 1 FETCH (UID 1 BODY[] "no closing',
        "* 1 FETCH (UID one BODY[] two)",
        "what",
        "* BYE enough",
        "* " + "x" * 1_100_000,
    ],
)
@pytest.mark.parametrize("step", ["UID FETCH", "UID SEARCH", "LIST", "SELECT", "CAPABILITY"])
def test_what_nobody_can_read_is_the_servers_fault_and_no_traceback(step, answer):
    with Server() as server:
        server.deliver(bounce(1))
        server.script = lambda name: f"OK\r\n{answer}\r\n" if name == step else None
        source, take = way(server, timeout=0.2), Taken()
        for _ in range(2):
            with contextlib.suppress(WayDown, WayRefused):
                source.collect(take)
        source.close()
        assert [*server.texts("INBOX"), *server.texts("Publisher/read")] == [bounce(1)]


@pytest.mark.parametrize("how", ["flood", "drip"])
@pytest.mark.parametrize("step", ["UID FETCH", "AUTHENTICATE", "LIST"])
def test_a_server_that_does_not_end_costs_so_much_and_no_more(step, how, monkeypatch):
    monkeypatch.setattr(imap_connection, "_BESIDE", 20_000)
    with Server() as server:
        server.deliver(bounce(1))
        server.script = lambda name: how if name == step else None
        with pytest.raises(WayDown):
            way(server, timeout=0.1 if how == "drip" else 5.0).collect(Taken())


_PIECES = [b"* ", b"OK ", b"FETCH ", b"(", b")", b'"', b"{3}\r\n", b"\r\n", b"BODY[]", b"UID 1 "]
_PIECES += [b"* LIST () NIL x", b"* SEARCH 1", b"* NAMESPACE ", b"NIL ", b"[UIDVALIDITY x]"]


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from(["CAPABILITY", "LIST", "NAMESPACE", "SELECT", "UID SEARCH", "UID FETCH"]),
    st.lists(
        st.one_of(
            st.binary(max_size=30),
            st.sampled_from(_PIECES),
        ),
        max_size=12,
    ).map(b"".join),
)
def test_whatever_a_server_says_is_down_or_refused_and_nothing_is_lost(step, said):
    with Server() as server:
        server.deliver(bounce(1))
        server.script = lambda name: said if name == step else None
        source = way(server)
        with contextlib.suppress(WayDown, WayRefused):
            source.collect(Taken())
        source.close()
        assert server.texts("INBOX") == [bounce(1)]


def test_nothing_listens():
    gone = Server()
    with gone:
        pass
    with pytest.raises(WayDown) as caught:
        way(gone).collect(Taken())
    assert caught.value.exit_code == 75


def test_a_mailbox_shows_its_password_to_nobody():
    one = Mailbox(host="h", port=1, user="u", password="hunter22")
    assert "hunter22" not in repr(one)
    assert dataclasses.replace(one, password="other") != one


def test_where_nobody_listens_the_systems_words_are_told_without_their_number():
    mailbox = Mailbox(host="127.0.0.1", port=1, user="u", password="p", security="none")
    with pytest.raises(WayDown) as caught:
        Imap(mailbox, OURS).collect(lambda _: "read")
    assert str(caught.value) == (
        "127.0.0.1:1 does not answer as it should: Connection refused\n"
        "  Nothing is lost: what is there is read later."
    )
