"""What comes back, as an owner meets it: piped to `bounces read`, looked at, decided, taken back."""

import json
import os
import re
import shutil
import signal
import sys
from datetime import timedelta
from io import BytesIO, TextIOWrapper

import pytest

from publisher.ledger import returns
from publisher.ledger.returns import Returns
from publisher.model import Returned
from publisher.pipeline import kept_mail
from publisher.pipeline.returns import bounces
from publisher.pipeline.returns import take as taking
from publisher.pipeline.workspace import Workspace
from publisher.returns.told import Told
from tests.returned import PERSONAL, bounce
from tests.site import CONFIG, NOW, Site, command, publisher

EDITION = "morning@2026-11-24T0700"
RETURNS = (
    CONFIG
    + """
[delivery]
transport = "command"
command = ["sh", "-c", "cat > MAILS/$0", "{sender}", "{recipient}"]
return_path = "bounces@test.example"
verp = true
"""
)


@pytest.fixture(scope="module")
def prepared(tmp_path_factory):
    """A publication that sent an edition to seven readers; each mail is a file named by its path."""
    root = tmp_path_factory.mktemp("returns") / "site"
    site = Site(root, RETURNS.replace("MAILS", str(root / "mails")))
    (root / "mails").mkdir()
    site.story("a")
    site.build()
    for name in ("ana", "ben", "cas", "dee", "eve", "fay", "gil"):
        assert site.run("subscribers", "add", f"{name}@reader.example").code == 0
    assert site.run("send", EDITION, "--yes").code == 0
    assert site.run("deliver").code == 0
    return site


@pytest.fixture
def site(prepared, tmp_path):
    return Site(shutil.copytree(prepared.root, tmp_path / "site"))


@pytest.fixture
def pipe(site, monkeypatch):
    """Pipe a message to `bounces read`."""

    def piped(data, *words, to="", env=None):
        monkeypatch.setattr(sys, "stdin", TextIOWrapper(BytesIO(data)))
        for name, value in (env or {}).items():
            monkeypatch.setenv(name, value)
        return site.run("bounces", "read", *(["--to", to] if to else []), *words)

    return piped


def mail(site, name="ana"):
    """The return path, the Message-ID and the token of a reader's mail."""
    for path in (site.root / "mails").iterdir():
        text = path.read_text().replace("=\n", "")
        if f"<{name}@reader.example>" in text:
            (message_id,) = re.findall(r"^Message-ID: <(.+)>", text, re.MULTILINE)
            (token,) = re.findall(r"subject=(\S+)>", text)
            return path.name, message_id, token
    raise AssertionError(name)


def shown(site, *words):
    result = site.run(*words, "--json")
    assert result.code == 0, result.err
    return result.json


def test_each_mail_has_a_return_path_of_its_own_and_is_the_same_otherwise(site):
    paths = {mail(site, name)[0] for name in ("ana", "ben", "cas")}
    assert len(paths) == 3
    for path in paths:
        assert re.fullmatch(r"bounces\+[a-z2-7]{29}@test\.example", path)
        assert path not in (site.root / "mails" / path).read_text()


def test_a_dead_reader_is_suppressed_the_second_time_and_can_be_taken_back(site, pipe):
    path, *_ = mail(site)
    first = pipe(bounce(), to=path.upper())
    assert (first.code, first.err) == (0, "")
    assert re.sub(" +", " ", first.out) == (
        " 1 dead counted ana@reader.example 5.1.1 550 5.1.1 no such user\n"
    )
    assert pipe(bounce(), to=path).out.split()[:3] == ["1", "dead", "counted"]  # once
    again = bounce(serial=2)
    result = pipe(again, "--at", "2026-11-27 13:00", env={"ORIGINAL_RECIPIENT": path})
    assert result.out.split()[:3] == ["2", "dead", "suppressed"]
    assert len(shown(site, "bounces", "list")) == 2
    why = site.run("why", "ana@reader.example", EDITION).out
    said = "5.1.1 550 5.1.1 no such user"
    assert [line.split("  ", 2)[2].strip() for line in why.splitlines()[-4:]] == [
        "accepted",
        f"came back, dead: {said}, counted",
        f"came back, dead: {said}, suppressed",
        f"suppressed: bounced {said}",
    ]
    lift = ("subscribers", "unsuppress", "ana@reader.example", "--reason", "she called",
            "--at", "2026-11-28 13:00")  # fmt: skip
    assert site.run(*lift).out == "ana@reader.example: may be mailed again (bounced)\n"
    assert site.run(*lift).out == "ana@reader.example: was not suppressed\n"
    why = site.run("why", "ana@reader.example", EDITION).out
    assert "may be mailed again, was bounced: she called" in why
    result = pipe(bounce(serial=3), "--at", "2026-11-29 13:00", to=path)
    assert result.out.split()[:3] == ["3", "dead", "counted"]
    record = site.run("subscribers", "show", "ana@reader.example").out
    assert "bounced was lifted on 2026-11-28 12:00 UTC she called" in record
    assert len(shown(site, "subscribers", "show", "ana@reader.example")["returned"]) == 3


def test_the_sums_of_a_report_stay_and_what_came_back_stands_beside_them(site, pipe):
    pipe(bounce(), to=mail(site)[0])
    full = {"status": "5.2.2", "words": "552 5.2.2 the mailbox is full"}
    pipe(bounce("ben@reader.example", serial=2, **full), to=mail(site, "ben")[0])
    found = shown(site, "report", EDITION)
    assert found["counts"] == {"accepted": 7}
    assert found["returned"] == {"reader.example": {"dead": 1, "full": 1}}
    text = re.sub(" +", " ", site.run("report", EDITION).out)
    assert "Came back\n dead full\n all 1 1\n reader.example 1 1\n" in text
    assert site.run("audit").code == 0


def test_without_a_signed_path_a_message_id_of_ours_to_that_reader_proves_it(site, pipe):
    _, message_id, _ = mail(site)
    assert "counted" in pipe(bounce(ours=message_id)).out
    other = bounce("fwd@elsewhere.example", ours=message_id, serial=2)  # where hers is forwarded to
    result = pipe(other)
    assert result.out.split()[:4] == ["2", "dead", "counted", "ana@reader.example"]
    forged = [bounce(serial=3), bounce("ben@reader.example", ours="x." + message_id, serial=4),
              bounce(ours=message_id.swapcase(), serial=5)]  # fmt: skip
    for one in forged:
        for at in ("2026-11-24 13:00", "2026-11-30 13:00"):
            assert pipe(one, "--at", at, to="bounces@test.example").out.split()[2] == "forged"
    assert "suppressed" not in site.run("subscribers", "list").out


def test_a_mail_that_asks_to_leave_is_known_by_where_it_was_sent(site, pipe, monkeypatch):
    _, message_id, token = mail(site)
    says = {
        "leave": [taking.Returned(what="unsubscribe", token=token)],
        "path": [taking.Returned(what="unsubscribe")],
        "quoted": [taking.Returned(what="unsubscribe", message_id=message_id)],
    }
    monkeypatch.setattr(taking, "read", lambda data: tuple(says[data.decode()]))
    assert pipe(b"quoted").out.split()[1:5] == ["unsubscribe", "for", "a", "person"]
    assert pipe(b"leave").out.split()[1:3] == ["unsubscribe", "left"]
    assert pipe(b"path", to=mail(site, "ben")[0]).out.split()[1:3] == ["unsubscribe", "left"]
    consents = shown(site, "subscribers", "show", "ben@reader.example")["consents"]
    assert [(one["what"], one["how"]) for one in consents][1:] == [("unsubscribed", "mail")]
    assert shown(site, "report", EDITION)["left"] == {"mail": 2}


def test_a_mail_by_the_mailto_of_its_header_ends_the_subscription(site, pipe):
    message = (
        "From: Ana <someone@elsewhere.example>\nTo: letter@test.example\n"
        "Subject: {}\nMessage-ID: <7@elsewhere.example>\n\n"
    )
    result = pipe(message.format(mail(site)[2]).encode())
    assert result.out.split()[1:4] == ["unsubscribe", "left", "ana@reader.example"]


def test_a_bounce_that_quotes_only_our_words_is_known_by_its_link(site, pipe):
    quoted = (
        "From: MAILER-DAEMON@mx.reader.example\nTo: letter@test.example\n"
        "Subject: Undelivered Mail Returned to Sender\nMessage-ID: <8@mx.reader.example>\n\n"
        "<ana@reader.example>: 550 5.1.1 no such user\n\n"
        "--- Below this line is a copy of the message.\n\n"
        f"Unsubscribe: https://test.example/unsubscribe/{mail(site)[2]}\n"
    )
    assert pipe(quoted.encode()).out.split()[1:4] == ["dead", "counted", "ana@reader.example"]


def test_what_a_person_must_see_is_kept_shown_and_erased_with_its_reader(site, pipe):
    assert pipe(PERSONAL).code == 0
    (one,) = shown(site, "bounces", "list", "--waiting")
    (kept,) = (site.root / "outbox/returned").glob("*.eml")
    assert (one["kept"], kept.read_bytes()) == (kept.name, PERSONAL)
    assert kept.stat().st_mode & 0o077 == 0 or kept.parent.stat().st_mode & 0o077 == 0
    assert "1 message that came back waits for you" in site.run("status").out
    text = site.run("bounces", "show", str(one["id"])).out
    assert "Thank you for the story about the ferries." in text
    assert site.run("subscribers", "erase", "ana@reader.example", "--yes").code == 0
    assert not kept.exists()
    assert site.build().code == 0  # an outbox with such a folder is still one


def test_what_is_dismissed_is_kept_no_longer(site, pipe):
    pipe(PERSONAL)
    (kept,) = (site.root / "outbox/returned").glob("*.eml")
    assert site.run("bounces", "dismiss", "1", "--dry-run").code == 0
    assert kept.exists()
    assert site.run("bounces", "dismiss", "1").code == 0
    assert not kept.exists()
    assert shown(site, "bounces", "list", "--waiting") == []
    assert pipe(PERSONAL).out.split()[2] == "dismissed"  # brought again, it stays so
    again = site.run("bounces", "dismiss", "1")
    assert (again.code, again.err.splitlines()[0]) == (
        2, "publisher: nothing that waits for you is '1'",
    )  # fmt: skip


def test_a_flood_is_held_until_a_person_decides(site, pipe):
    names = ("ana", "ben", "cas", "dee", "eve", "fay")
    for number, name in enumerate(names):
        to = mail(site, name)[0]
        result = pipe(bounce(f"{name}@reader.example", serial=number), to=to)
    assert result.out.split()[1:3] == ["dead", "held"]
    said = site.run("status").out
    assert "6 at reader.example came back at once, as dead: they are held" in said
    assert "publisher bounces release reader.example" in said
    assert site.run("bounces", "release", "gil.example").code == 2
    rehearsed = site.run("bounces", "release", "reader.example", "-n", "--json").json
    assert len(rehearsed) == 6
    done = site.run("bounces", "release", "reader.example", "--json").json
    assert {one["followed"] for one in done} == {"counted"}
    assert "held" not in site.run("status").out


def test_a_message_that_cannot_be_recorded_now_is_to_be_tried_again(site, pipe, monkeypatch):
    good = (site.root / "publisher.toml").read_text()
    site.config("[publication\n")
    result = pipe(bounce(), to=mail(site)[0])
    assert (result.code, "not TOML" in result.err) == (75, True)
    site.config(good)
    monkeypatch.setattr("publisher.pipeline.kept_mail.ROOM", 10)
    result = pipe(PERSONAL)
    assert result.code == 75
    assert "is full: a message that came back cannot be kept" in result.err
    monkeypatch.setattr(taking, "keys", None)  # a fault of ours is no reason to lose it
    result = pipe(bounce())
    assert (result.code, "Traceback" in result.err) == (75, False)
    assert shown(site, "bounces", "list") == []


def test_forged_messages_give_way_where_there_is_no_room(site, pipe, monkeypatch):
    monkeypatch.setattr(kept_mail, "ROOM", 2 * kept_mail.LEAST - 1)  # of however small ones
    assert pipe(bounce()).code == 0
    assert pipe(bounce(serial=2)).code == 0  # counted, and not kept
    folder = site.root / "outbox/returned"
    assert len(list(folder.glob("*.eml"))) == 1
    assert pipe(PERSONAL + b"x" * 300).code == 0
    (kept,) = folder.glob("*.eml")
    assert kept.read_bytes().startswith(PERSONAL)
    found = [(one["followed"], bool(one["kept"])) for one in shown(site, "bounces", "list")]
    assert found[:2] == [("forged", False), ("forged", False)]
    assert found[2][1]


def test_what_is_forged_is_forgotten_in_time_and_nothing_else_is(site, pipe):
    pipe(PERSONAL)
    pipe(bounce())
    pipe(bounce(serial=2), to=mail(site)[0])
    assert pipe(bounce(serial=3), "--at", "2027-03-01 12:00").code == 0
    found = shown(site, "bounces", "list")
    assert [one["followed"] for one in found][1:] == ["counted", "forged"]
    kept = {one.name for one in (site.root / "outbox/returned").glob("*.eml")}
    assert kept == {one["kept"] for one in found} - {""}


@pytest.mark.parametrize("fault", [RecursionError(), ValueError("bad"), UnicodeError()])
def test_what_no_parser_can_read_is_kept_and_counted(site, pipe, monkeypatch, fault):
    def broken(_):
        raise fault

    monkeypatch.setattr(taking, "read", broken)
    assert pipe(b"\xff\x00" * 50, to=mail(site)[0]).out.split()[1:3] == ["unknown", "unread"]
    (one,) = shown(site, "bounces", "list")
    assert one["kept"]


def test_hostile_words_reach_no_terminal_and_break_no_ledger(site, pipe, monkeypatch):
    evil = "\x1b[31m\0\ud800" + "x" * 2000
    bad = taking.Returned(what="dead", recipient=evil, words=evil, server=evil, status=evil,
                          message_id=evil, token=evil, replacement=evil)  # fmt: skip
    monkeypatch.setattr(taking, "read", lambda _: (bad,) * 5000)
    result = pipe(b"hostile")
    assert result.code == 0
    assert "\x1b" not in result.out
    assert len(shown(site, "bounces", "list", "--limit", "0")) == 100
    assert "\x1b" not in site.run("bounces", "show", "1").out


def test_a_message_is_classified_without_a_publication(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "b.eml").write_bytes(bounce())
    (tmp_path / "c.eml").write_bytes(b"nothing")
    result = command("bounces", "classify", "b.eml", "c.eml")
    assert result.code == 0
    assert "ana@reader.example" in result.out
    assert "rule    suppressed (bounced) the second time, three days later" in result.out
    assert "\nunknown\n" in result.out
    (one,) = json.loads(command("bounces", "classify", "b.eml", "--json").out)
    assert (one["what"], one["status"]) == ("dead", "5.1.1")


def test_a_file_that_is_none_is_named_and_those_before_it_are_recorded(site):
    paths = written(site, bounce())
    result = site.run("bounces", "read", str(paths[0]), str(site.root / "gone.eml"))
    assert (result.code, result.err) == (
        2, f"publisher: {site.root}/gone.eml: No such file or directory\n",
    )  # fmt: skip
    assert len(shown(site, "bounces", "list")) == 1


def test_a_mailbox_of_several_messages_is_named_and_none_of_it_is_lost(site, monkeypatch):
    monkeypatch.chdir(site.root)
    again = b"From MAILER-DAEMON Tue Nov 24 08:00:00 2026\r\n"
    (site.root / "one.mbox").write_bytes(again + bounce())
    assert "dead" in site.run("bounces", "read", "one.mbox", "-n").out
    both = again + bounce() + b"\r\n" + again + bounce(serial=2)
    (site.root / "its own.mbox").write_bytes(both)
    result = site.run("bounces", "read", "its own.mbox")
    assert (result.code, result.out) == (2, "")
    assert result.err == (
        "publisher: its own.mbox: it is a mailbox of several messages\n"
        "  One a file is read.\n"
        "  Take it apart: formail -s publisher bounces read < 'its own.mbox'\n"
    )
    (site.root / "empty.eml").touch()
    assert "empty.eml: it is empty" in site.run("bounces", "read", "empty.eml").err


def test_where_nothing_came_back_the_lists_say_so(site, pipe):
    assert site.run("bounces", "list").err == "Nothing of that came back.\n"
    assert site.run("bounces", "list", "--waiting").err == "Nothing waits for you.\n"
    result = site.run("bounces", "dismiss", "--all")
    assert (result.code, result.out, result.err) == (0, "", "Nothing waits for you.\n")
    pipe(b"Subject: in words that nobody knows\n\nzzz")  # of no domain that is known
    result = site.run("bounces", "dismiss", "")  # a variable of a shell that was empty
    assert (result.code, "nothing that waits for you is ''" in result.err) == (2, True)
    assert len(shown(site, "bounces", "list", "--waiting")) == 1


def test_where_nothing_is_piped_nothing_is_recorded(site, pipe):
    result = pipe(b"")
    assert (result.code, result.out) == (2, "")
    assert result.err == (
        "publisher: there is no message\n  Name its file, or pipe it to this command.\n"
    )
    assert shown(site, "bounces", "list") == []


def test_names_that_nobody_has_are_told(site):
    for words in (("list", "who@x.example"), ("show", "77"), ("release", "gone.example"),
                  ("release",)):  # fmt: skip
        result = site.run("bounces", *words)
        assert (result.code, result.err.startswith("publisher: ")) == (2, True)


def test_every_class_can_be_listed_by_its_name(site, pipe):
    pipe(bounce(), to=mail(site)[0])
    for what in bounces.CLASSES:
        assert len(shown(site, "bounces", "list", "--class", what)) == (what == "dead")
    for of in ("ana@reader.example", "reader.example", "morning", EDITION):
        assert len(shown(site, "bounces", "list", of)) == 1


def test_what_a_provider_tells_counts_once_and_needs_the_same_proof(site):
    _, message_id, token = mail(site)
    space = Workspace(site.root, NOW, writing=True)
    at = NOW - timedelta(hours=1)

    def told(number, **said):
        return Told(returned=Returned(**said), at=at, id=str(number), provider="postmark")

    ours = {"recipient": "ana@reader.example", "message_id": message_id}
    first = [
        told(1, what="dead", **ours),
        told(2, what="complaint", recipient="ben@reader.example"),
    ]
    assert [one.followed for one in taking.take_told(space, first)] == ["counted", "forged"]
    assert taking.take_told(space, first) == []
    other = [Told(returned=first[0].returned, at=at, id="1", provider="resend")]
    assert [one.way for one in taking.take_told(space, other)] == ["resend"]
    last = [told(3, what="complaint", token=token), told(4, what="complaint", **ours)]
    done = taking.take_told(space, last)
    assert [(one.followed, one.at) for one in done] == [("suppressed", at), ("counted", at)]
    ahead = Told(returned=first[0].returned, at=NOW + timedelta(days=9), id="5", provider="x")
    assert [one.at for one in taking.take_told(space, [ahead])] == [NOW]  # its clock is wrong
    assert not (site.root / "outbox/returned").exists()
    space.close()


def test_one_message_by_two_ways_is_one_and_two_of_a_person_are_two(site, pipe):
    path, *_ = mail(site)
    for data in (bounce(), PERSONAL):
        for headers in (b"", b"Received: from a by b; Tue\r\nX-Way: imap\n"):
            assert pipe(headers + data, to=path).code == 0
    assert pipe(PERSONAL + b"And one thing more.").code == 0
    found = shown(site, "bounces", "list")
    assert len(found) == 3
    kept = {one.name for one in (site.root / "outbox/returned").glob("*.eml")}
    assert kept == {one["kept"] for one in found} - {""}


STEPS = [
    (kept_mail, "keep", "before"), (kept_mail, "write", "before"), (kept_mail, "write", "after"),
    (kept_mail, "sync", "before"), (Returns, "take", "before"), (Returns, "_take", "after"),
    (Returns, "_follow", "before"), (returns, "suppress", "after"), (Returns, "take", "after"),
]  # fmt: skip


def dying_reader(site, paths, words, step=None):
    """`bounces read` in a forked process that kills itself at a step; return its exit code."""
    child = os.fork()
    if child == 0:
        try:
            quiet = os.open(os.devnull, os.O_WRONLY)
            os.dup2(quiet, 1)
            os.dup2(quiet, 2)
            if step:
                owner, name, when = step
                original = getattr(owner, name)

                def deadly(*args, **kwargs):
                    if when == "after":
                        original(*args, **kwargs)
                    os.kill(os.getpid(), signal.SIGKILL)

                setattr(owner, name, deadly)
            publisher(["-C", str(site.root), "bounces", "read", *map(str, paths), *words])
        except SystemExit as stop:
            os._exit(stop.code if isinstance(stop.code, int) else 1)
        finally:
            os._exit(1)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def written(site, *messages):
    paths = []
    for number, data in enumerate(messages):
        paths.append(site.root / f"{number}.eml")
        paths[-1].write_bytes(data)
    return paths


@pytest.mark.parametrize("step", STEPS, ids=lambda step: f"{step[2]} {step[1]}")
def test_a_reader_that_dies_anywhere_is_run_again_and_all_counts_once(site, pipe, step):
    path, *_ = mail(site)
    pipe(bounce(), to=path)
    later = ("--at", "2026-11-28 13:00")
    asks = PERSONAL if step[0] is kept_mail else bounce(serial=2)
    (file,) = written(site, asks)
    to = () if asks is PERSONAL else ("--to", path)
    assert dying_reader(site, [file], [*later, *to], step) == -signal.SIGKILL
    assert dying_reader(site, [file], [*later, *to]) == 0
    assert dying_reader(site, [file], [*later, *to]) == 0
    found = shown(site, "bounces", "list")
    assert [one["what"] for one in found].count("dead") == (1 if asks is PERSONAL else 2)
    assert len(found) == 2
    suppressed = "suppressed: bounced" in site.run("subscribers", "list").out
    assert suppressed is (asks is not PERSONAL)
    kept = sorted(one.name for one in (site.root / "outbox").glob("returned/*.eml"))
    assert kept == sorted(one["kept"] for one in found if one["kept"])


def test_several_that_bring_the_same_at_once_count_it_once(site):
    path, message_id, _ = mail(site)
    messages = [bounce(serial=number, ours=message_id) for number in range(3)]
    paths = written(site, *messages, PERSONAL, PERSONAL + b"more")
    assert path
    processes = []
    for _ in range(3):
        child = os.fork()
        if child == 0:
            os._exit(dying_reader(site, paths, ()))
        processes.append(child)
    codes = [os.waitstatus_to_exitcode(os.waitpid(one, 0)[1]) for one in processes]
    assert codes == [0, 0, 0]
    found = shown(site, "bounces", "list")
    assert sorted(one["what"] for one in found)[:3] == ["dead", "dead", "dead"]
    assert len(found) == 5
    kept = {one.name for one in (site.root / "outbox/returned").glob("*.eml")}
    assert kept == {one["kept"] for one in found} - {""}
    assert [one.name for one in (site.root / "outbox/returned").glob(".*")] == []
