"""Two subjects tested: who gets which, when the rest comes, and who says so."""

import contextlib
import json
import shutil
from collections import Counter
from datetime import date
from email import message_from_bytes, policy

import pytest

from publisher.ledger import Ledger
from tests.acceptance.test_clicks import PERSON
from tests.acceptance.test_health import serving_all
from tests.crash import subjects as subjects_sweep
from tests.site import AT, CONFIG, NO_PAGES, PAGED, Site

EDITION = "morning@2026-11-24T0700"
A, B = "The bridge is open", "Open at last: the bridge"
TEST = ("--ab", A, B, "--share", "50%", "--wait", "2h")
COUNTED = PAGED + "\n" + NO_PAGES + "clicks = true\n"
LATER, LATE = "2026-11-24 08:59", "2026-11-24 09:00"


def made(folder, config):
    """An edition that was built, and its twelve readers."""
    site = Site(folder / "site", config)
    site.story("a", "Own subject")
    readers = folder / "readers.csv"
    readers.write_text("email\n" + "".join(f"r{n}@x{n % 3}.example\n" for n in range(12)))
    assert site.run("subscribers", "import", str(readers)).code == 0
    site.build()
    return site


@pytest.fixture(scope="module")
def counted_once(tmp_path_factory):
    return made(tmp_path_factory.mktemp("counted"), COUNTED)


@pytest.fixture(scope="module")
def uncounted_once(tmp_path_factory):
    return made(tmp_path_factory.mktemp("uncounted"), CONFIG)


@pytest.fixture
def counted(counted_once, tmp_path):
    """One whose links are counted."""
    return Site(shutil.copytree(counted_once.root, tmp_path / "site"))


@pytest.fixture
def uncounted(uncounted_once, tmp_path):
    """One of which a person must choose."""
    return Site(shutil.copytree(uncounted_once.root, tmp_path / "site"))


def ok(site, *words, code=0):
    result = site.run(*words)
    assert result.code == code, result
    return result


def begun(site, *words):
    """The test, sent to its groups."""
    ok(site, "send", EDITION, *TEST, *words, "--yes", "--at", AT)
    ok(site, "deliver", "--at", AT, code=4)
    return site


def mails(site):
    """Who got what: (address, subject, Message-ID), in the order of addresses."""
    found = []
    for path in (site.root / "outbox/mail/new").glob("*"):
        mail = message_from_bytes(path.read_bytes(), policy=policy.default)
        found.append((mail["To"].strip("<>"), str(mail["Subject"]), mail["Message-ID"]))
    return sorted(found)


def subjects(site):
    return Counter(subject for _, subject, _ in mails(site))


def stands(site):
    return ok(site, "report", EDITION, "--json").json["test"]


def follow(site, **groups):
    """People who followed a link, as the web's part of `run` counts them."""
    ledger = Ledger(site.root / ".publisher/ledger.db")
    counts = {("followed", f"{EDITION} {group}"): count for group, count in groups.items()}
    ledger.counts.add(date(2026, 11, 24), counts, {})
    ledger.close()


def test_clicks_choose_once_the_wait_is_over_and_everybody_gets_it_once(counted):
    begun(counted)
    assert subjects(counted) == {A: 3, B: 3}
    ok(counted, "deliver", "--at", LATER, code=4)
    assert subjects(counted) == {A: 3, B: 3}
    follow(counted, A=0, B=3)
    said = ok(counted, "deliver", "--at", LATE).out
    assert f"B   3 readers  3 mailed  3 followed a link  100.0%  “{B}”".replace("   ", "  ") in said
    assert "B was followed more: A less B is -100.0 to -20.6 points of 100 (95 %, Newcombe)" in said
    assert "the rest gets B: chosen by clicks at 2026-11-24 08:00 UTC" in said
    assert subjects(counted) == {A: 3, B: 9}
    assert len({address for address, _, _ in mails(counted)}) == 12
    ok(counted, "audit", "--at", LATE)
    found = stands(counted)
    assert (found["winner"], found["how"], found["better"]) == ("B", "clicks", "B")
    assert found["when_decided"]["B"] == {"mailed": 3, "followed": 3}


def test_where_no_difference_is_shown_the_first_goes_and_it_is_said(counted):
    begun(counted)
    follow(counted, A=1, B=2)
    said = ok(counted, "deliver", "--at", LATE).out
    assert "no difference shown: A less B is" in said
    assert "the rest gets A: no difference was shown, so that the first goes" in said
    assert subjects(counted) == {A: 9, B: 3}
    low, high = stands(counted)["interval"]
    assert low < 0 < high


@pytest.mark.slow
def test_where_nothing_is_counted_it_waits_for_the_hand_and_says_what_to_type(uncounted):
    begun(uncounted)
    for words in (("status",), ("report", EDITION), ("deliver",), ("outbox", "show", EDITION)):
        said = uncounted.run(*words, *(["--at", LATE] if words[0] in ("status", "deliver") else []))
        assert "6 readers wait for you to choose a subject: no clicks are counted" in said.out
        assert f"send {EDITION} --winner A, or --winner B" in said.out
    assert ok(uncounted, "deliver", "--at", "2026-12-24 09:00", code=4)
    assert subjects(uncounted) == {A: 3, B: 3}  # it does not expire while it waits for a person
    assert "6 wait for the winner" in ok(uncounted, "audit", "--at", LATE).out
    status = ok(uncounted, "status", "--at", LATE)
    assert f"send {EDITION} --winner A" in status.err.splitlines()[-1]
    said = ok(uncounted, "send", EDITION, "--winner", "B", "--yes", "--at", LATE).out
    assert said == f"{EDITION}: 6 readers more get B “{B}”\n"
    ok(uncounted, "deliver", "--at", LATE)
    assert subjects(uncounted) == {A: 3, B: 9}
    assert (stands(uncounted)["winner"], stands(uncounted)["how"]) == ("B", "by hand")


def test_a_winner_is_chosen_once(uncounted):
    begun(uncounted)
    choose = ("send", EDITION, "--yes", "--at", LATE, "--winner")
    assert "There is nobody to ask" in ok(uncounted, *choose[:2], "--winner", "A", code=2).err
    ok(uncounted, *choose, "A")
    assert "already; nothing done" in ok(uncounted, *choose, "a").out
    assert f"goes out with A already, “{A}”" in ok(uncounted, *choose, "B", code=2).err


def test_what_waits_is_found_by_watch_audit_and_whoever_names_no_edition(counted):
    ok(counted, "send", EDITION, *TEST, "--yes", "--at", AT)
    ok(counted, "deliver", "--at", AT, code=4)
    assert "6 readers wait for the better one" in ok(counted, "watch", EDITION).out
    said = ok(counted, "audit", "--at", "2026-11-24 09:30").out
    assert "its test of subjects is over, and 6 are not sent the winner" in said
    assert "6 readers more get B" in ok(counted, "send", "--winner", "B", "--yes", "--at", LATE).out
    said = ok(counted, "send", "--winner", "B", "--yes", "--at", LATE, code=2).err
    assert "no test of subjects waits for its winner" in said


def test_a_person_may_choose_before_the_clicks_do(counted):
    begun(counted)
    ok(counted, "send", EDITION, "--winner", "B", "--yes", "--at", AT)
    ok(counted, "deliver", "--at", AT)
    assert subjects(counted) == {A: 3, B: 9}


def test_headers_say_the_subject_of_the_group_and_the_sealed_edition_stays(uncounted):
    before = uncounted.outbox()
    folded = "Brücke\nBcc: eve@evil.example " + "wort " * 20
    ok(uncounted, "send", EDITION, "--ab", folded, B, "--share", "100%", "--yes", "--at", AT)
    ok(uncounted, "deliver", "--at", AT)
    assert subjects(uncounted) == {" ".join(folded.split()): 6, B: 6}
    for path in (uncounted.root / "outbox/mail/new").iterdir():
        mail = message_from_bytes(path.read_bytes(), policy=policy.default)
        assert mail["Bcc"] is None
        title = mail.get_body(("html",)).get_content().split("<title>")[1].split("</title>")[0]
        assert title == mail["Subject"]
    after = uncounted.outbox()
    assert {path: after[path] for path in before if path.startswith("editions/")} == {
        path: data for path, data in before.items() if path.startswith("editions/")
    }
    assert stands(uncounted)["waiting"] == 0


def test_the_same_readers_are_in_the_same_groups_in_another_ledger(uncounted, tmp_path):
    begun(uncounted)
    other = Site(tmp_path / "other")
    other.story("a", "Own subject")
    names = [f"r{n}@x{n % 3}.example" for n in reversed(range(12))]
    (tmp_path / "turned.csv").write_text("\n".join(["email", *names, ""]))
    ok(other, "subscribers", "import", str(tmp_path / "turned.csv"))
    other.build()
    begun(other)
    assert [(to, subject) for to, subject, _ in mails(other)] == [
        (to, subject) for to, subject, _ in mails(uncounted)
    ]


def test_an_export_has_the_mail_that_each_reader_got(uncounted, tmp_path):
    begun(uncounted)
    ok(uncounted, "send", EDITION, "--winner", "B", "--yes", "--at", LATE)
    ok(uncounted, "deliver", "--at", LATE)
    ok(uncounted, "outbox", "export", EDITION, "--eml", str(tmp_path / "eml"))
    exported = []
    for path in (tmp_path / "eml").iterdir():
        mail = message_from_bytes(path.read_bytes(), policy=policy.default)
        exported.append((mail["To"].strip("<>"), str(mail["Subject"]), mail["Message-ID"]))
    assert sorted(exported) == mails(uncounted)


def test_a_test_that_nobody_delivered_in_time_has_its_whole_wait(counted):
    ok(counted, "send", EDITION, *TEST, "--yes", "--at", AT)
    ok(counted, "deliver", "--at", "2026-11-24 12:00", code=4)
    assert subjects(counted) == {A: 3, B: 3}
    assert stands(counted)["until"].startswith("2026-11-24T13:00")
    ok(counted, "deliver", "--at", "2026-11-24 13:59", code=4)
    assert subjects(counted) == {A: 3, B: 3}
    ok(counted, "deliver", "--at", "2026-11-24 14:01")
    assert subjects(counted) == {A: 9, B: 3}


def test_the_wait_counts_from_the_start(counted):
    ok(counted, "send", EDITION, *TEST, "--start", "10:00", "--yes", "--at", AT)
    assert stands(counted)["until"] == "2026-11-24T11:00:00+00:00"
    ok(counted, "send", EDITION, "--start", "11:00", "--yes", "--at", AT)
    assert stands(counted)["until"] == "2026-11-24T12:00:00+00:00"
    ok(counted, "deliver", "--at", "2026-11-24 10:30", code=4)
    assert subjects(counted) == {}


def test_hold_release_and_cancel_act_on_both_phases(counted):
    begun(counted)
    ok(counted, "hold", EDITION, "--at", LATER)
    ok(counted, "deliver", "--at", LATE, code=4)
    assert subjects(counted) == {A: 3, B: 3}
    ok(counted, "release", EDITION, "--at", "2026-11-24 10:00")
    ok(counted, "hold", EDITION, "--at", "2026-11-24 10:00")
    ok(counted, "cancel", EDITION, "--yes", "--at", "2026-11-24 10:00")
    ok(counted, "deliver", "--at", "2026-11-24 12:00")
    assert subjects(counted) == {A: 3, B: 3}
    assert ok(counted, "report", EDITION, "--json").json["counts"] == {"cancelled": 6, "filed": 6}
    said = ok(counted, "send", EDITION, "--winner", "A", "--yes", "--at", LATE, code=2).err
    assert "was cancelled, for good" in said


def test_what_was_withdrawn_meanwhile_goes_to_nobody_else(counted):
    begun(counted)
    counted.story("a", "Own subject", draft="true")
    said = ok(counted, "deliver", "--at", LATE, code=4)
    assert "goes no further" in said.err
    assert subjects(counted) == {A: 3, B: 3}
    counted.story("a", "Own subject")
    ok(counted, "release", EDITION, "--at", LATE)
    ok(counted, "deliver", "--at", LATE)
    assert subjects(counted) == {A: 9, B: 3}


def test_a_run_carries_out_the_second_phase(counted):
    begun(counted)
    follow(counted, B=3)
    said = ok(counted, "run", "--once", "--at", LATE).out
    assert f"{EDITION}: the rest gets B “{B}”: clicks" in said
    assert subjects(counted)[B] >= 9


def test_the_test_stands_wherever_an_edition_is_shown(counted):
    begun(counted)
    looks = {
        "status": lambda found: found["tests"][0],
        "report morning": lambda found: found["test"],
        "outbox show morning": lambda found: found["test"],
        "schedule log": lambda found: found[0]["test"],
        "subscribers stats": lambda found: found["tests"][0],
    }
    for words, pick in looks.items():
        found = pick(ok(counted, *words.split(), "--json").json)
        assert found["edition"] == EDITION and found["waiting"] == 6, words
        assert found["groups"]["B"] == {
            "subject": B,
            "readers": 3,
            "mailed": 3,
            "followed": 0,
            "rate": 0.0,
        }
        assert f"“{B}”" in ok(counted, *words.split()).out, words
    tested = next(to for to, subject, _ in mails(counted) if subject == B)
    assert "this reader's: B" in ok(counted, "why", tested, EDITION).out


def test_a_dry_run_says_who_would_get_what_and_what_it_could_show(uncounted):
    said = ok(uncounted, "send", EDITION, *TEST, "-n", "--at", AT).out
    assert said == (
        f"{EDITION}: 12 readers would get it\n"
        f"  A     3 readers  {A}\n  B     3 readers  {B}\n"
        "  rest  6 readers  the better one, after 2h\n"
        "  That is too few to show any difference.\n"
        "  To tell 5 % from 7 % four times in five, a group wants 2,210 readers.\n"
    )
    found = ok(uncounted, "send", EDITION, *TEST, "-n", "--json", "--at", AT).json
    assert found["groups"] == {"A": 3, "B": 3, "rest": 6}
    assert uncounted.run("report", EDITION).code == 2  # nothing was sent


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--ab", A, A), f"both subjects are “{A}”"),
        (("--ab", A, f" {A}\n"), f"both subjects are “{A}”"),
        (("--ab", "", B), "subject A is empty"),
        (("--ab", A, " \u200b\n"), "subject B is empty"),
        (("--ab", "x" * 201, B), "subject A has 201 characters, and 200 are the most"),
        (("--ab", A), "--ab takes two subjects, and --yes is none"),
        (("--ab", A, B, "--share", "0"), "--share must be more than 0 % and at most 100 %"),
        (("--ab", A, B, "--share", "-5%"), "--share must be more than 0 % and at most 100 %"),
        (("--ab", A, B, "--share", "100.1%"), "--share must be more than 0 % and at most 100 %"),
        (("--ab", A, B, "--share", "half"), "--share 'half' is no share of the readers"),
        (("--ab", A, B, "--share", "0.2"), "--share '0.2' is no share of the readers"),
        (("--ab", A, B, "--wait", "0"), "--wait must be longer than nothing"),
        (("--ab", A, B, "--wait", "soon"), "--wait 'soon' is no length of time"),
        (("--share", "20%"), "--share is of a test of two subjects, and there is no --ab"),
        (("--wait", "2h"), "--wait is of a test of two subjects, and there is no --ab"),
        (("--ab", A, B, "--now"), "--ab and --now cannot stand together"),
        (("--ab", A, B, "--winner", "A"), "--winner and --ab cannot stand together"),
        (("--undo", "5min", "--winner", "A"), "--winner and --undo cannot stand together"),
        (("--winner", "A"), "was built, and nobody was sent it yet"),
        (("--winner", "C"), "Invalid value for '--winner'"),
    ],
)
def test_what_is_no_test_is_named_and_nothing_is_sent(uncounted_once, words, said):
    result = ok(uncounted_once, "send", EDITION, *words, "--yes", "--at", AT, code=2)
    assert said in result.err and "Traceback" not in result.err
    assert not (uncounted_once.root / "outbox/sent").exists()


def test_what_a_careful_editor_would_change_in_a_subject_is_said(uncounted_once):
    words = ("--ab", "Hello {{ name }}", "HEUTE NEUE BRÜCKE ERÖFFNET", "-n")
    said = ok(uncounted_once, "send", EDITION, *words, "--at", AT).err
    assert "warning: subject A: “{{ name }}” stands in the mail as it is" in said
    assert "warning: subject B: " in said and said.count("Give another one to --ab.") == 2
    assert ok(uncounted_once, "send", EDITION, *TEST, "-n", "--at", AT).err == ""


def test_a_test_begins_with_an_edition_and_not_later(uncounted):
    ok(uncounted, "send", EDITION, "--yes", "--at", AT)
    said = ok(uncounted, "send", EDITION, *TEST, "--yes", "--at", AT, code=2).err
    assert f"--ab is too late: {EDITION} is queued, and has no test" in said
    ok(uncounted, "deliver", "--at", AT)
    said = ok(uncounted, "send", EDITION, *TEST, "--yes", "--at", AT, code=2).err
    assert f"--ab is too late: {EDITION} is sent, and has no test" in said
    said = ok(uncounted, "send", EDITION, "--winner", "A", "--yes", "--at", AT, code=2).err
    assert f"no subjects are tested with {EDITION}" in said


def test_the_same_command_again_does_nothing_and_another_test_is_refused(uncounted):
    begun(uncounted)
    again = ok(uncounted, "send", EDITION, *TEST, "--yes", "--at", AT)
    assert "is in the queue already for 12 readers; nothing done" in again.out
    other = ("--ab", A, "Something else")
    said = ok(uncounted, "send", EDITION, *other, "--yes", "--at", AT, code=2).err
    assert "and has a test already" in said


def test_one_reader_is_too_few(uncounted):
    for number in range(1, 12):
        ok(uncounted, "subscribers", "remove", f"r{number}@x{number % 3}.example")
    said = ok(uncounted, "send", EDITION, *TEST, "--yes", "--at", AT, code=2).err
    assert f"a test wants two readers at least, and {EDITION} goes to 1" in said


def test_links_say_the_group_and_people_are_counted_once_in_each(counted):
    begun(counted)
    groups = {}
    for path in (counted.root / "outbox/mail/new").iterdir():
        mail = message_from_bytes(path.read_bytes(), policy=policy.default)
        html = mail.get_body(("html",)).get_content()
        groups[str(mail["Subject"])] = {
            word.partition('"')[0][-1] for word in html.split(f"/to/{EDITION}/")[1:]
        }
    assert groups == {A: {"a"}, B: {"b"}}
    links = json.loads(counted.part("manifest.json"))["links"]["addresses"]
    with serving_all(counted) as web:
        for host, number in [
            ("198.51.100.7", "0a"),
            ("198.51.100.7", "0a"),
            ("203.0.113.9", "0a"),
            ("203.0.113.9", "0b"),
            ("192.0.2.1", "0"),
        ]:
            path = f"/to/{EDITION}/{number}"
            answer = web.ask("GET", path, **PERSON, X_Forwarded_For=host)
            assert (answer.status, answer.getheader("Location")) == (302, links[0])
        assert web.ask("GET", f"/to/{EDITION}/0c", **PERSON).status == 404
        web.ask("GET", f"/to/{EDITION}/0b", User_Agent="scanner")
    report = ok(counted, "report", EDITION, "--json").json
    followed = {group: one["followed"] for group, one in report["test"]["groups"].items()}
    assert followed == {"A": 2, "B": 1}
    assert sum(count for _, count in report["clicks"]) == 5
    with contextlib.closing(Ledger(counted.root / ".publisher/ledger.db")) as ledger:
        assert "198.51.100" not in str(ledger.counts.sums(date(2020, 1, 1)))


DEADLY = [
    ("send", "freeze-after"),
    ("first", "send-after"),
    ("second", "decide-before"),
    ("second", "decide-after"),
    ("second", "send-after"),
]
"""Of what `make crash` kills a test at."""


@pytest.mark.slow
def test_wherever_a_test_dies_each_reader_has_the_subject_of_the_group_once():
    tally = subjects_sweep.at_test_steps(DEADLY)
    assert (tally.lost, tally.otherwise, tally.uncertain, tally.faults) == (0, 0, 0, [])
    assert tally.kills == len(DEADLY)
    in_flight = 2 * 2  # two kills between a server's answer and its record, two connections each
    assert tally.doubled <= in_flight
