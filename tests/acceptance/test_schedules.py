"""Schedules by the command line: added, shown, explained; what becomes of slots that were missed."""

import json
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from publisher.delivery import Stop
from publisher.pipeline.slots import settle
from publisher.pipeline.slots.schedules import remove_schedule
from publisher.pipeline.workspace import Workspace
from publisher.service import Service, settling
from tests.acceptance.test_service import join, subjects
from tests.site import CONFIG

NOON = CONFIG + '\n[newsletters.noon]\ntitle = "Noon"\n'


class Clock:
    """A clock that a test moves."""

    def __init__(self, text):
        self.now = datetime.fromisoformat(text).replace(tzinfo=UTC)

    def __call__(self):
        return self.now

    def pass_by(self, **span):
        self.now += timedelta(**span)


@pytest.fixture
def keep(site):
    """A service in this process: `keep(clock)` is one tick, and gives what it said since."""
    made = []

    def tick(clock, *, again=False):
        if again or not made:
            said = []
            made.append((Service(site.root, clock, said.append, Stop()), said))
        service, said = made[-1]
        said.clear()
        service.tick()
        return [
            f"{one.edition}: {one.text}"
            for one in said
            if one.what in ("slot", "error", "draft", "clock")
        ]

    yield tick
    for service, _ in made:
        service.close()


def test_a_schedule_is_added_listed_explained_and_removed(site):
    site.config(NOON)
    added = site.run(
        "schedule",
        "add",
        "noon",
        "--every",
        "2weeks",
        "--on",
        "thu",
        "--time",
        "17:00",
        "--from",
        "2026-11-26",
        "--except",
        "2026-12-24..2026-12-31",
        "--json",
    )
    assert added.json["name"] == "noon.1"
    listed = site.run("schedule", "list", "--at", "2026-11-24 08:00", "--json").json
    assert [one["edition"] for one in listed["coming"] if one["newsletter"] == "noon"] == [
        "noon@2026-11-26T1700"
    ]
    told = site.run("schedule", "explain", "noon", "--from", "2026-11-24", "--days", "40").out
    assert "Thu 2026-11-26 17:00  2026-11-26 16:00 UTC" in told
    assert "Thu 2026-12-24 17:00  -                     excluded" in told
    assert site.run("schedule", "remove", "noon").code == 0
    assert site.run("schedule", "explain", "noon").code == 2


def test_explain_tells_what_the_clock_does_and_who_else_goes_out(site):
    site.config(NOON.replace('at = "07:00"', 'at = "02:30"'))
    site.run("schedule", "add", "noon", "--cron", "30 2 * * *")
    year = site.run(
        "schedule", "explain", "morning", "--from", "2027-01-01", "--year", "--json"
    ).json
    assert len(year) == 366
    notes = {one["local"][:10]: "; ".join(one["notes"]) for one in year}
    assert notes["2027-03-28"].startswith("gap: 02:30 does not exist, runs at 03:00")
    assert notes["2027-10-31"].startswith("overlap: 02:30 comes twice, runs at the first")
    assert notes["2027-01-01"] == "with noon"


def test_the_coming_sends_are_a_calendar_for_other_programs(site):
    ics = site.run("schedule", "list", "--days", "3", "--ics", "--at", "2026-11-24 08:00").out
    assert ics.count("BEGIN:VEVENT") == 3
    assert "DTSTART:20261125T060000Z" in ics


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((), "when?"),
        (("--every", "day", "--cron", "0 7 * * *"), "--every and --cron cannot stand together"),
        (("--every", "fortnight"), "--every must be day, weekday"),
        (("--once", "2020-01-01 07:00"), "has no slot to come"),
        (("--once", "soon"), "is no local minute"),
        (("--every", "day", "--tz", "Mars/One"), "--tz names no time zone"),
        (("--every", "day", "--except", "nothing.ics"), "the calendar nothing.ics cannot be read"),
        (("--every", "day", "--from", "soon"), "is no day"),
        (("--every", "٢weeks"), "--every must be day, weekday"),
        (("--every", "day", "--except", "2026-12-24.."), "--except '2026-12-24..' has no end"),
    ],
)
def test_a_mistake_in_a_schedule_is_named_and_nothing_is_added(site, words, said):
    result = site.run("schedule", "add", "morning", *words)
    assert (result.code, "Traceback" in result.err) == (2, False)
    assert said in result.err
    assert site.run("schedule", "list", "--json").json["schedules"][1:] == []


def test_a_rule_that_first_fires_in_years_says_when(site):
    result = site.run("schedule", "add", "morning", "--cron", "0 7 29 2 *", "--dry-run")
    assert (result.code, result.err) == (0, "")
    assert result.out == (
        "It does not fire in that time.\n  first: Tue 2028-02-29 07:00, 2028-02-29 06:00 UTC\n"
    )


def test_a_schedule_goes_on_though_its_calendar_cannot_be_read(site):
    (site.root / "h.ics").write_text(HOLIDAY.format("CLASS:PUBLIC"))
    words = ("--every", "sun", "--except", "h.ics", "--name", "noon")
    assert site.run("schedule", "add", "morning", *words).code == 0
    site.run("schedule", "pause", "morning.noon")
    (site.root / "h.ics").unlink()
    result = site.run("schedule", "resume", "morning.noon")
    assert (result.code, result.out) == (0, "morning.noon: goes on\n")
    assert "error: the calendar h.ics cannot be read" in result.err
    assert "paused" not in site.run("schedule", "list").out


def test_a_schedule_of_publisher_toml_is_paused_but_not_edited(site):
    assert "in publisher.toml" in site.run("schedule", "edit", "morning", "--every", "day").err
    assert "in publisher.toml" in site.run("schedule", "remove", "morning").err
    assert site.run("schedule", "pause", "morning").code == 0
    assert "paused" in site.run("schedule", "list").out
    assert site.run("schedule", "pause", "morning").code == 2
    assert site.run("schedule", "resume", "morning").code == 0


def test_the_slots_of_a_paused_schedule_leave_a_record(site, keep):
    site.story("a")
    join(site, "ana")
    clock = Clock("2026-11-24T05:00")
    keep(clock)
    site.run("schedule", "pause", "morning", "--at", "2026-11-24 06:30")
    clock.pass_by(hours=1)
    assert keep(clock) == ["morning@2026-11-24T0700: skipped: paused"]
    site.run("schedule", "resume", "morning", "--at", "2026-11-24 08:00")
    clock.pass_by(days=1)
    assert keep(clock)[0].startswith("morning@2026-11-25T0700: sent, 1 reader")


def late(catch_up):
    return CONFIG.replace('at = "07:00"', f'at = "07:00"\ncatch_up = "{catch_up}"\nmax_age = "30d"')


@pytest.mark.parametrize(
    ("catch_up", "asleep", "told"),
    [
        ("latest", 1, ["25T0700: caught up: 60 minutes late, 1 reader, 3600.0 s late"]),
        ("none", 1, ["25T0700: missed: nobody was there, and late ones are not caught up"]),
        (
            "latest",
            49,
            [
                "25T0700: missed: a later one took its place",
                "26T0700: missed: a later one took its place",
                "27T0700: caught up: 60 minutes late, 1 reader, 3600.0 s late",
            ],
        ),
        (
            "latest",
            56,
            [
                "25T0700: missed: a later one took its place",
                "26T0700: missed: a later one took its place",
                "27T0700: held: 8 hours late",
            ],
        ),
        (
            "all",
            49,
            [
                "25T0700: held: 2 days late",
                "26T0700: held: 25 hours late",
                "27T0700: caught up: 60 minutes late, 1 reader, 3600.0 s late",
            ],
        ),
    ],
)
def test_what_was_slept_over_is_caught_up_held_or_missed_as_the_newsletter_says(
    site, keep, catch_up, asleep, told
):
    site.config(late(catch_up))
    join(site, "ana")
    clock = Clock("2026-11-24T07:00")
    keep(clock)
    site.story("a", date="2026-11-24 09:00")
    site.story("b", date="2026-11-25 09:00")
    clock.pass_by(hours=23 + asleep)
    assert keep(clock, again=True) == [f"morning@2026-11-{one}" for one in told]
    now = clock.now.isoformat()
    audit = site.run("audit", "--at", now)
    assert audit.code == 0, audit.out
    for held in [one.split(":")[0] for one in told if "held" in one]:
        released = site.run("release", f"morning@2026-11-{held}", "--at", now)
        assert released.code == 0, released.err
    assert site.run("schedule", "log", "--at", now, "--json").out.count('"held"') == 0


@pytest.mark.slow
def test_a_slot_runs_once_whatever_the_clock_does(site, keep):
    site.story("a")
    join(site, "ana")
    clock = Clock("2026-11-24T05:59:59")
    keep(clock)
    clock.pass_by(hours=3)  # set wrong
    told = keep(clock)
    clock.pass_by(hours=-3)  # and right again
    for _ in range(4 * 60):
        clock.pass_by(minutes=1)
        told += keep(clock)
    assert [one for one in told if "1 reader" in one] == told
    assert len(told) == 1


def test_a_ledger_restored_from_a_backup_sends_nothing_twice(site, keep):
    site.story("a")
    join(site, "ana")
    clock = Clock("2026-11-24T05:59:59")
    keep(clock)
    site.run("schedule", "list")  # nothing of it lies in the write-ahead log alone
    backup = {path: path.read_bytes() for path in (site.root / ".publisher").glob("ledger.db*")}
    clock.pass_by(seconds=2)
    assert "sent" in keep(clock)[0]
    assert site.run("deliver", "--at", clock.now.isoformat()).code == 0
    assert len(subjects(site)) == 1
    keep(clock, again=True)
    for path in (site.root / ".publisher").glob("ledger.db*"):
        path.unlink()
    for path, data in backup.items():
        path.write_bytes(data)
    told = keep(clock, again=True)
    assert "held: the outbox says that it was sent" in told[0]
    site.run("deliver", "--at", clock.now.isoformat())
    assert len(subjects(site)) == 1


def test_one_edition_goes_out_as_the_day_comes_round_for_each_reader(site, keep):
    site.config(CONFIG.replace('at = "07:00"', 'at = "07:00"\nzone = "subscriber"'))
    site.story("a", date="2026-11-23 10:00")
    csv = site.root / "readers.csv"
    csv.write_text(
        "email,zone\nken@x.example,Asia/Tokyo\nana@x.example,Europe/Berlin\nbob@x.example,America/New_York\neve@x.example,\n"
    )
    imported = site.run(
        "subscribers", "import", str(csv), "--newsletter", "morning", "--map", "zone=zone"
    )
    assert imported.code == 0, imported.err
    clock = Clock("2026-11-23T21:59:00")
    keep(clock)
    clock.pass_by(minutes=1)
    assert keep(clock)[0].startswith("morning@2026-11-24T0700: sent, 4 readers")
    got = []
    for hours in (0, 8, 6):
        clock.pass_by(hours=hours)
        site.run("deliver", "--at", clock.now.isoformat())
        got.append(len(subjects(site)))
        keep(clock)
    assert got == [1, 3, 4]
    report = site.run("report", "morning", "--json").json
    assert report["standing"] == "sent"
    assert report["zones"] == {
        "Europe/Berlin": {"filed": 2},
        "America/New_York": {"filed": 1},
        "Asia/Tokyo": {"filed": 1},
    }
    assert "Zones" in site.run("report", "morning").out


def test_whose_clock_counts_is_said_by_the_schedule_and_not_by_the_newsletter(site, keep):
    site.config(
        CONFIG.replace('every = "day"\nat = "07:00"', 'zone = "Europe/Berlin"')
        + '[newsletters.noon]\ntitle = "Noon"\nzone = "subscriber"\n'
        + '[[newsletters.noon.sections]]\nname = "lead"\n'
    )
    site.story("a", date="2026-11-20 10:00")
    for newsletter, zone in (("morning", "subscriber"), ("noon", "Europe/Berlin")):
        added = site.run("schedule", "add", newsletter, "--every", "day", "--tz", zone)
        assert added.code == 0, added.err
        for name, home in (("ken", "Asia/Tokyo"), ("bob", "America/New_York"), ("eve", "")):
            words = ("--newsletter", newsletter, *(("--zone", home) if home else ()))
            assert site.run("subscribers", "add", f"{name}@x.example", *words).code == 0
    clock = Clock("2026-11-23T21:59:00")
    keep(clock)
    for hours, expected in ((1, 1), (7, 1 + 1 + 3), (7, 2 * 3)):
        clock.pass_by(hours=hours, minutes=2)
        keep(clock)
        site.run("deliver", "--at", clock.now.isoformat())
        assert len(subjects(site)) == expected


def test_a_slot_that_passes_while_nobody_keeps_it_is_found_by_audit(site, keep):
    site.story("a")
    join(site, "ana")
    keep(Clock("2026-11-24T05:00"))
    result = site.run("audit", "--at", "2026-11-24 09:00")
    assert result.code == 1
    assert "morning@2026-11-24T0700: its slot passed without a record" in result.out


def test_a_story_that_no_edition_had_is_found_by_audit(site, keep):
    site.config(late("none").replace('max_age = "30d"', 'max_age = "1d"'))
    site.story("old", date="2026-11-20 09:00")
    join(site, "ana")
    clock = Clock("2026-11-23T07:00")
    keep(clock)
    site.story("a", date="2026-11-24 09:00")
    clock.pass_by(days=1, hours=-1)
    keep(clock)
    clock.pass_by(days=2)
    keep(clock, again=True)
    result = site.run("audit", "--at", "2026-11-26 09:00", "--json")
    found = [one for one in json.loads(result.out) if one["severity"] == "error"]
    assert [one["path"] for one in found] == ["articles/a.md"]
    assert result.code == 1


def test_a_rule_changed_in_publisher_toml_counts_from_the_last_look(site, keep):
    site.story("a")
    join(site, "ana")
    clock = Clock("2026-11-24T05:55")
    keep(clock)
    site.config(CONFIG.replace('at = "07:00"', 'at = "07:01"'))
    clock.pass_by(minutes=10)
    assert keep(clock, again=True)[0].startswith("morning@2026-11-24T0701: sent")


@pytest.mark.slow
@pytest.mark.parametrize("year", [2026, 2027])
def test_a_simulated_clock_runs_two_years_and_explain_agrees_with_what_fired(site, keep, year):
    config = CONFIG.replace('every = "day"', 'every = "mon,thu"\ncatch_up_within = "1d"')
    site.config(config.replace("07:00", "02:30"))
    join(site, "ana")
    clock = Clock(f"{year}-11-24T00:00")
    keep(clock)
    told = []
    for _ in range(366):
        clock.pass_by(hours=23, minutes=57)
        told += keep(clock)
    explained = site.run(
        "schedule", "explain", "morning", "--at", f"{year}-11-24 01:00", "--days", "367", "--json"
    ).json
    fired = [one.split(": ")[0].split("@")[1] for one in told]
    end = clock.now.isoformat()
    wanted = [one["local"][:16].replace(":", "") for one in explained if one["instant"] <= end]
    assert fired == wanted
    assert len(fired) > 90
    assert all("no stories" in one or "missed" in one for one in told)


def test_what_became_of_each_slot_can_be_read(site, keep):
    site.story("a")
    join(site, "ana")
    clock = Clock("2026-11-24T05:59:59")
    keep(clock)
    clock.pass_by(seconds=1)
    keep(clock)
    site.run("hold", "morning", "--reason", "a typo", "--at", clock.now.isoformat())
    clock.pass_by(days=1)
    keep(clock)
    told = site.run("schedule", "log", "morning", "--at", clock.now.isoformat(), "--json").json
    assert [(one["edition"], one["state"], one["reason"]) for one in told] == [
        ("morning@2026-11-24T0700", "held", "a typo"),
        ("morning@2026-11-25T0700", "skipped", "no stories"),
    ]
    assert site.run("schedule", "log", "--at", clock.now.isoformat()).out.count("morning@") == 2


HOURLY = CONFIG.replace('every = "day"\nat = "07:00"', 'cron = "0 * * * *"\ncatch_up = "{}"')


@pytest.mark.parametrize("stopped", [True, False])
def test_a_flood_is_held_together_even_if_the_service_dies_in_the_middle(
    site, keep, monkeypatch, stopped
):
    site.config(HOURLY.format("all"))
    site.story("a")
    join(site, "ana")
    clock = Clock("2026-11-24T05:30")
    keep(clock)
    clock.pass_by(hours=5)
    if stopped:
        monkeypatch.setattr(settling, "settle", lambda *_: 1 / 0)
        keep(clock)
        monkeypatch.undo()
    told = [
        *keep(clock, again=True),
        *site.run("schedule", "log", "--at", clock.now.isoformat()).out.splitlines(),
    ]
    assert not any("sent" in one or "caught up" in one for one in told)
    assert sum("one of 5 that are late" in one for one in told) >= 5


def test_the_newest_alone_goes_out_when_it_is_on_time(site, keep):
    site.config(HOURLY.format("latest"))
    site.story("a")
    join(site, "ana")
    clock = Clock("2026-11-24T05:30")
    keep(clock)
    clock.pass_by(hours=2, minutes=-25)
    told = keep(clock, again=True)
    assert [one.split(", ")[0] for one in told] == [
        "morning@2026-11-24T0700: missed: a later one took its place",
        "morning@2026-11-24T0800: sent",
    ]


def test_a_reader_from_elsewhere_moves_no_slot_into_the_past(site, keep):
    site.config(
        CONFIG.replace('every = "day"\nat = "07:00"', 'cron = "0 7,19 * * *"\nzone = "subscriber"')
    )
    site.story("a")
    join(site, "ana")
    clock = Clock("2026-11-24T05:30")
    keep(clock)
    clock.pass_by(minutes=31)
    assert "T0700: sent" in keep(clock)[0]
    site.story("b", date="2026-11-24 06:30")
    (site.root / "readers.csv").write_text("email,zone\nkiri@x.example,Pacific/Auckland\n")
    site.run(
        "subscribers",
        "import",
        str(site.root / "readers.csv"),
        "--newsletter",
        "morning",
        "--map",
        "zone=zone",
    )
    clock.pass_by(hours=4)
    assert "T1900: sent" in keep(clock)[0]
    clock.pass_by(hours=1)
    assert keep(clock) == []


def test_a_rule_changed_while_nobody_looked_leaves_a_record_of_what_it_was(site, keep):
    site.story("a")
    join(site, "ana")
    clock = Clock("2026-11-24T05:00")
    keep(clock)
    clock.pass_by(hours=1, minutes=5)
    site.config(CONFIG.replace('at = "07:00"', 'at = "09:00"'))
    keep(clock, again=True)
    told = site.run("schedule", "log", "--at", clock.now.isoformat(), "--json").json
    assert [(one["state"], one["reason"]) for one in told] == [
        ("missed", "the schedule was changed")
    ]


HOLIDAY = (
    "BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:x\nBEGIN:VEVENT\nUID:1\nSUMMARY:Feast\n"
    "DTSTART;VALUE=DATE:20261225\n{}\nEND:VEVENT\nEND:VCALENDAR\n"
)


@pytest.mark.parametrize(
    "calendar",
    [
        "RRULE:FREQ=DAILY\nRRULE:FREQ=DAILY",
        "DURATION:soon",
        "DTEND:never",
        "RRULE:FREQ=DAILY;INTERVAL=0",
    ],
)
def test_a_broken_calendar_holds_up_its_own_schedule_alone_and_can_be_mended(site, keep, calendar):
    site.config(CONFIG + '\n[newsletters.noon]\ntitle = "Noon"\n')
    good = "BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:x\nEND:VCALENDAR\n"
    bad = good.replace(
        "END:V", f"BEGIN:VEVENT\nUID:1\nDTSTART;VALUE=DATE:20261225\n{calendar}\nEND:VEVENT\nEND:V"
    )
    holidays = site.root / "h.ics"
    holidays.write_text(good)
    added = site.run("schedule", "add", "noon", "--every", "day", "--except", "h.ics")
    assert added.code == 0, added.err
    site.story("a")
    join(site, "ana")
    holidays.write_text(bad)
    clock = Clock("2026-11-24T05:59")
    told = keep(clock)
    clock.pass_by(minutes=2)
    told += keep(clock)
    assert any("morning@2026-11-24T0700: sent" in one for one in told)
    if any("cannot be read" in one for one in told):  # icalendar forgives some
        assert site.run("hold", "noon@2026-11-25T0700", "--at", clock.now.isoformat()).code == 0
        assert site.run("schedule", "edit", "noon", "--except", "none").code == 0


def test_a_broken_calendar_is_named_wherever_it_is_looked_at_and_the_rest_goes_on(site):
    site.config(
        CONFIG.replace('title = "Morning"', 'title = "Morning"\nexcluded = ["h.ics"]')
        + '\n[newsletters.noon]\ntitle = "Noon"\nevery = "day"\nat = "12:00"\n'
        + '[[newsletters.noon.sections]]\nname = "lead"\n'
    )
    site.story("a")
    for words in (
        ("build",),
        ("status",),
        ("check",),
        ("schedule", "list"),
        ("schedule", "list", "--ics"),
        ("schedule", "explain", "noon"),
    ):
        result = site.run(*words, "--at", "2026-11-24 13:00")
        told = result.out + result.err
        assert "Traceback" not in told
        assert ("the calendar h.ics cannot be read" in told) == ("explain" not in words), words
        assert result.code == (1 if words == ("check",) else 0)
    assert (site.root / "outbox/editions/noon@2026-11-24T1200").is_dir()
    assert site.run("build", "morning", "--at", "2026-11-24 13:00").code == 2


def test_days_off_without_an_end_are_one_day_as_they_were_and_check_names_them(site, keep):
    site.config(
        CONFIG.replace('title = "Morning"', 'title = "Morning"\nexcluded = ["2026-11-24.."]')
    )
    site.story("a")
    join(site, "ana")
    clock = Clock("2026-11-24T05:59")
    told = keep(clock)
    clock.pass_by(days=1, minutes=2)
    assert [one for one in [*told, *keep(clock)] if "sent" in one] == [
        "morning@2026-11-25T0700: sent, 1 reader, 60.0 s late"
    ]
    said = site.run("check", "--at", clock.now.isoformat()).out
    assert "'2026-11-24..' of morning has no end, and is one day" in said


def test_a_calendar_that_is_an_address_holds_up_its_schedule_and_says_why(site):
    site.config(
        CONFIG.replace('title = "Morning"', 'title = "Morning"\nexcluded = ["https://a.b/h.ics"]')
    )
    told = site.run("status", "--at", "2026-11-24 06:00")
    assert "it is an address; keep the calendar as a file" in told.out + told.err
    assert told.code == 0


@pytest.mark.parametrize(
    ("make", "why"),
    [
        (os.mkfifo, "it is a named pipe, no file"),
        (lambda path: path.symlink_to("/dev/zero"), "it is a device, no file"),
        (Path.mkdir, "it is a folder, no file"),
        (lambda path: path.write_bytes(b"x" * 1_000_001), "it has more than 1000000 bytes"),
        (
            lambda path: path.write_text(HOLIDAY.format("RRULE:FREQ=DAILY;INTERVAL=0")),
            "the event 'Feast' repeats with INTERVAL=0",
        ),
    ],
    ids=["a pipe", "a device", "a folder", "too large", "an endless event"],
)
def test_a_calendar_without_an_end_is_named_and_waited_for_by_nobody(site, make, why):
    site.config(CONFIG.replace('title = "Morning"', 'title = "Morning"\nexcluded = ["h.ics"]'))
    make(site.root / "h.ics")
    result = site.run("status", "--at", "2026-11-24 13:00")
    assert f"the calendar h.ics cannot be read: {why}\n" in result.out + result.err
    assert result.code == 0


def test_an_added_schedule_never_has_the_name_of_a_newsletter(site):
    words = ("schedule", "add", "morning", "--every", "sun", "--time", "09:00")
    added = site.run(*words, "--name", "evening")
    assert added.out.startswith("morning.evening: ")
    assert "morning goes out by morning as well, each time an edition of its own" in added.err
    assert "already" in site.run(*words, "--name", "morning.evening").err
    assert site.run(*words, "--name", "a b").code == 2
    assert site.run("schedule", "pause", "morning.evening").code == 0


@pytest.mark.slow
def test_a_hold_by_hand_is_not_undone_by_an_approval(site, keep):
    site.config(CONFIG.replace('at = "07:00"', 'at = "07:00"\nmode = "draft"'))
    site.story("a")
    join(site, "ana")
    clock = Clock("2026-11-24T05:59")
    keep(clock)
    edition = "morning@2026-11-24T0700"
    assert site.run("hold", edition, "--reason", "legal", "--at", clock.now.isoformat()).code == 0
    clock.pass_by(minutes=2)
    keep(clock)
    now = clock.now.isoformat()
    assert "held" in site.run("approve", edition, "--at", now).out
    site.run("deliver", "--at", now)
    assert subjects(site) == []
    assert site.run("release", edition, "--at", now).code == 0


def test_a_draft_whose_slot_is_no_more_lets_its_stories_go(site, keep):
    draft = CONFIG.replace('at = "07:00"', 'at = "07:00"\nmode = "draft"')
    site.config(draft)
    site.story("a")
    join(site, "ana")
    clock = Clock("2026-11-24T04:00")
    keep(clock)
    site.config(draft.replace('at = "07:00"', 'at = "08:00"'))
    clock.pass_by(seconds=2)
    keep(clock)
    assert [one["edition"] for one in site.run("outbox", "list", "--json").json] == [
        "morning@2026-11-24T0800"
    ]


def test_the_stories_of_a_cancelled_edition_stay_free_for_the_next_one(site, keep):
    site.story("a")
    join(site, "ana")
    clock = Clock("2026-11-24T05:00")
    keep(clock)
    assert (
        site.run("cancel", "morning@2026-11-24T0700", "--yes", "--at", clock.now.isoformat()).code
        == 0
    )
    clock.pass_by(hours=2)
    keep(clock)
    assert site.run("build", "--at", clock.now.isoformat()).code == 0
    clock.pass_by(hours=23)
    assert "T0700: sent, 1 reader" in keep(clock)[0]


def test_an_edition_that_cannot_be_built_is_held_with_the_reason(site, keep, monkeypatch):

    site.story("a")
    join(site, "ana")
    clock = Clock("2026-11-24T05:59")
    keep(clock)
    monkeypatch.setattr(settle, "build_slot", lambda *_, **__: {}["lost"])
    clock.pass_by(minutes=2)
    assert keep(clock) == ["morning@2026-11-24T0700: held: it could not be built: KeyError: 'lost'"]
    monkeypatch.undo()
    assert site.run("release", "morning@2026-11-24T0700", "--at", clock.now.isoformat()).code == 0


def test_what_a_restored_ledger_forgot_keeps_its_bundle_and_its_stories(site, keep):
    site.story("a")
    join(site, "ana")
    clock = Clock("2026-11-24T05:59")
    keep(clock)
    state = {path: path.read_bytes() for path in (site.root / ".publisher").glob("ledger.db*")}
    clock.pass_by(minutes=2)
    keep(clock)
    for path in (site.root / ".publisher").glob("ledger.db*"):
        path.unlink()
    for path, data in state.items():
        path.write_bytes(data)
    clock.pass_by(days=2)
    told = keep(clock, again=True)
    assert "24T0700: held: the outbox says" in " ".join(told)
    assert not any("sent" in one.split(": ")[1] for one in told)
    assert site.run("outbox", "verify").code == 0


def backup_of(site):
    """The ledger as it is now, to be put back later."""
    site.run("schedule", "list")  # nothing of it lies in the write-ahead log alone
    kept = {path: path.read_bytes() for path in (site.root / ".publisher").glob("ledger.db*")}

    def restore():
        for path in (site.root / ".publisher").glob("ledger.db*"):
            path.unlink()
        for path, data in kept.items():
            path.write_bytes(data)

    return restore


def test_breaking_news_that_a_restored_ledger_forgot_is_not_sent_again(site):
    site.story("a")
    site.story("b")
    join(site, "ana")
    restore = backup_of(site)
    words = ("breaking", "a", "--newsletter", "morning", "--yes", "--at", "2026-11-23 13:00")
    assert site.run(*words).code == 0
    site.run("deliver", "--at", "2026-11-23 13:00")
    restore()
    again = site.run(*words[:-1], "2026-11-23 13:05")
    assert again.code == 2
    assert "is in morning@2026-11-23T1300 already" in again.err
    site.run("deliver", "--at", "2026-11-23 13:05")
    assert len(subjects(site)) == 1
    status = site.run("status", "--at", "2026-11-23 13:06")
    assert "Next: publisher" in status.err
    assert "cancel morning@2026-11-23T1300" in status.err
    assert site.run("cancel", "morning@2026-11-23T1300", "--yes").code == 0
    site.build()  # and its story is in no digest
    assert "paragraph of a." not in site.part("message.txt")


@pytest.mark.parametrize("way", ["pause", "edit", "remove"])
def test_a_draft_of_a_slot_that_never_comes_lets_its_stories_go(site, keep, way):
    site.config(
        CONFIG.replace('every = "day"\nat = "07:00"', 'mode = "draft"\ndraft_before = "1h"')
    )
    site.story("a")
    join(site, "ana")
    assert site.run("schedule", "add", "morning", "--every", "day").code == 0
    keep(clock := Clock("2026-11-24T05:30"))
    assert "morning@2026-11-24T0700" in site.run("outbox", "list").out
    at = ("--at", "2026-11-24 06:55")
    if way == "pause":
        assert site.run("schedule", "pause", "morning", *at).code == 0
        assert site.run("schedule", "resume", "morning", "--at", "2026-11-24 07:05").code == 0
    elif way == "edit":
        assert site.run("schedule", "edit", "morning", "--time", "09:00").code == 0
    else:
        assert site.run("schedule", "remove", "morning").code == 0
        assert site.run("schedule", "add", "morning", "--every", "day", "--time", "09:00").code == 0
    clock.pass_by(hours=2, minutes=10)
    keep(clock)
    site.run("build", "morning", "--at", "2026-11-25 09:10")
    assert "paragraph of a" in site.part(
        "message.txt", site.run("outbox", "list", "--json").json[-1]["edition"]
    )


def test_a_hold_of_a_slot_whose_schedule_is_no_more_can_be_let_go(site, keep):
    site.story("a")
    join(site, "ana")
    keep(clock := Clock("2026-11-23T12:00"))
    now = ("--at", clock.now.isoformat())
    assert site.run("hold", "morning@2026-11-24T0700", *now).code == 0
    site.config(CONFIG.replace('at = "07:00"', 'at = "08:00"'))
    keep(clock)
    released = site.run("release", "morning@2026-11-24T0700", *now)
    assert released.code == 0, released.err
    for at, count in (("2026-11-24 06:59", 0), ("2026-11-24 07:01", 1)):
        site.run("deliver", "--at", at)
        assert len(subjects(site)) == count


def test_a_slot_settled_ahead_makes_no_other_one_superseded(site, keep):
    site.config(late("latest"))
    site.story("a")
    join(site, "ana")
    keep(clock := Clock("2026-11-23T05:30"))
    ahead = site.run("cancel", "morning@2026-11-24T0700", "--yes", "--at", clock.now.isoformat())
    assert ahead.code == 0, ahead.err
    clock.pass_by(days=1, minutes=40)
    assert keep(clock) == ["morning@2026-11-23T0700: held: 24 hours late"]


@pytest.mark.slow
def test_what_a_clock_far_ahead_has_settled_is_complained_of_and_taken_back(site, keep):
    site.story("a")
    join(site, "ana")
    keep(Clock("2026-11-23T05:30"))
    held = ("morning@2026-11-25T0700", "--at", "2026-11-23 06:31")
    assert site.run("hold", *held).code == 0
    keep(Clock("2027-11-22T12:00"), again=True)
    told = keep(clock := Clock("2026-11-23T05:40"), again=True)
    assert any("slots are settled until 2027-11-22" in one for one in told)
    assert (
        "slots are settled until 2027-11-22" in site.run("status", "--at", "2026-11-23 06:41").out
    )
    rewound = site.run("schedule", "rewind", "--yes", "--at", clock.now.isoformat())
    assert rewound.code == 0, rewound.err
    clock.pass_by(minutes=21)
    site.story("b", date="2026-11-23 06:30")
    assert any("morning@2026-11-23T0700: sent" in one for one in keep(clock))
    coming = site.run("schedule", "list", "--at", clock.now.isoformat(), "--json").json["coming"]
    assert {one["note"] for one in coming} == {"", "held: by hand"}


def test_a_clock_that_is_behind_for_a_while_loses_nothing(site, keep):
    site.story("a")
    join(site, "ana")
    keep(clock := Clock("2026-11-24T05:00"))
    cancelled = site.run(
        "cancel", "morning@2026-11-24T0700", "--yes", "--at", clock.now.isoformat()
    )
    assert cancelled.code == 0
    keep(Clock("2016-11-24T05:00"), again=True)
    clock.pass_by(hours=1, minutes=1)
    assert not any("sent" in one for one in keep(clock, again=True))
    assert site.run("schedule", "log", "--at", clock.now.isoformat()).out.count("\n") == 1


def test_a_bundle_that_went_out_is_not_built_over_after_a_restore(site, keep):
    site.story("a", date="2026-11-23 10:00")
    join(site, "ana")
    keep(clock := Clock("2026-11-24T05:59"))
    assert site.build("2026-11-24 06:59").code == 0
    restore = backup_of(site)
    site.story("c", date="2026-11-23 23:00")
    clock.pass_by(minutes=2)
    assert "sent" in keep(clock)[-1]
    restore()
    site.story("d", date="2026-11-23 23:30")
    site.build("2026-11-24 07:10")
    assert "paragraph of d" not in site.part("message.txt")
    planned = site.run("plan", "morning", "--at", "2026-11-24 08:00").out
    head = planned.partition("already in")[0]
    assert "D" in head
    assert "\n  C" not in head


def test_a_slot_that_two_schedules_have_goes_out_when_one_of_them_is_removed(site, keep):
    site.story("a")
    join(site, "ana")
    assert site.run("schedule", "add", "morning", "--every", "weekday").code == 0
    keep(clock := Clock("2026-11-24T05:59"))
    clock.pass_by(minutes=3)
    space = Workspace(site.root, clock.now, writing=True)
    remove_schedule(space, "morning.1")
    space.close()
    assert any("T0700: sent" in one for one in keep(clock))


def test_two_schedules_of_one_local_time_make_one_edition_and_explain_says_so(site):
    for zone in ("Europe/Berlin", "America/New_York"):
        words = ("--every", "day", "--time", "09:00", "--tz", zone, "--name", zone[-4:].lower())
        assert site.run("schedule", "add", "morning", *words).code == 0
    at = ("--at", "2026-11-24 08:00")
    told = site.run("schedule", "explain", "morning.york", "--days", "1", *at).out
    assert "is out already by morning.rlin, 11-24 08:00 UTC" in told
    coming = site.run("schedule", "list", "--days", "1", "--json", *at).json["coming"]
    assert coming[0]["source"] == "morning.rlin"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((), "change what?"),
        (("--time", "09:00"), "has its own time"),
        (("--every", ""), "is empty"),
    ],
)
def test_an_edit_that_changes_nothing_is_no_edit(site, words, said):
    assert site.run("schedule", "add", "morning", "--cron", "0 7 * * *").code == 0
    edited = site.run("schedule", "edit", "morning.1", *words)
    assert (edited.code, said in edited.err) == (2, True)


def test_send_says_so_where_an_edition_does_not_go_out(site):
    site.story("a")
    join(site, "ana")
    site.build()
    assert site.run("send", "morning", "--yes", "--start", "2030-03-31 02:30").code == 0
    starts = site.run("status", "--json").json
    assert starts["standing"] == {"morning@2026-11-24T0700": "queued"}
    report = site.run("report", "morning", "--json").json
    assert report["send"]["start"].startswith("2030-03-31T01:00")  # the first instant after the gap
    assert site.run("send", "morning", "--yes", "--undo", "5min").code == 2
    assert site.run("hold", "morning").code == 0
    assert site.run("send", "morning", "--yes").code == 3
    assert site.run("cancel", "morning", "--yes").code == 0
    assert "for good" in site.run("send", "morning", "--yes").err


def test_breaking_tells_beforehand_what_it_would_refuse(site):
    site.story("a")
    join(site, "ana")
    site.build()
    tried = site.run("breaking", "a", "--newsletter", "morning", "-n")
    assert tried.code == 2
    assert "publisher outbox remove morning@2026-11-24T0700" in tried.err
