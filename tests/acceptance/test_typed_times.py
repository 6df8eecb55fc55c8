"""Times and lengths as they are typed, on the command line and in publisher.toml."""

import pytest

from tests.site import CONFIG

NOON = CONFIG + '\n[newsletters.noon]\ntitle = "Noon"\n'


@pytest.mark.parametrize(
    "at",
    [
        "2026-11-24 7:00",
        "tomorrow 7:00",
        "tomorrow 7am",
        "7 am tomorrow",
        "tuesday 7:00",
        "2026-11-24T06:00Z",
    ],
)
def test_the_clock_is_read_as_it_is_typed(site, at):
    site.story("a")
    assert site.build(at).out.splitlines()[1].startswith("  morning@2026-11-24T0700  made")


def test_a_clock_that_is_past_says_what_it_leaves_out(site):
    site.story("a", date="2026-11-20 12:00")
    site.story("b", date="2026-11-22 12:00")
    built = site.build("2026-11-21 07:00")
    assert "1 article dated after 2026-11-21 07:00 is left out" in built.err
    assert "left out" not in site.build("2026-11-24 07:00").err


@pytest.mark.parametrize(
    ("at", "why"),
    [
        ("7", "It may be 7:00 or 7pm."),
        ("03.04.2024 7:00", "Its day and its month cannot be told apart."),
        ("soon", None),
        ("25:00", None),
    ],
)
def test_what_is_no_time_is_named_with_an_example(site, at, why):
    lines = [
        f"publisher: --at {at!r} is no time",
        why,
        'Write it as "2026-11-24 07:00", "tomorrow 7:00" or 7pm.',
    ]
    result = site.run("status", "--at", at)
    assert (result.code, result.err) == (2, "\n  ".join(filter(None, lines)) + "\n")


def test_schedules_take_times_as_they_are_typed(site):
    site.config(NOON)
    once = ("tomorrow 9:00", "friday 5pm", "tomorrow", "in 2h")
    assert site.run("schedule", "add", "noon", "--every", "day", "--time", "7pm").code == 0
    for text in once:
        assert (
            site.run("schedule", "add", "noon", "--once", text, "--at", "2026-11-23T12:00:30Z").code
            == 0
        )
    rules = [one["rule"] for one in site.run("schedule", "list", "--json").json["schedules"]]
    assert [rule["at"] for rule in rules if rule["every"]] == ["07:00", "19:00"]
    assert [rule["once"] for rule in rules if rule["once"]] == [
        "2026-11-24T09:00", "2026-11-27T17:00", "2026-11-24T07:00", "2026-11-23T15:00",
    ]  # fmt: skip
    edited = site.run(
        "schedule",
        "edit",
        "noon.1",
        "--time",
        "6:30",
        "--from",
        "tomorrow",
        "--except",
        "friday",
        "--json",
    )
    assert edited.json["rule"]["at"] == "06:30"
    assert (edited.json["rule"]["starts"], edited.json["rule"]["excluded"]) == (
        "2026-11-24",
        ["2026-11-27"],
    )


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("schedule", "add", "noon", "--every", "day", "--time", "25:00"),
         "--time '25:00' is no time of day\n  Write it as 07:00, 7:00 or 7pm.\n"),
        (("schedule", "add", "noon", "--every", "day", "--time", "7"),
         "--time '7' is no time of day\n  It may be 7:00 or 7pm.\n  Write it as 07:00, 7:00 or 7pm.\n"),
        (("schedule", "add", "noon", "--once", "tomorrow 7:00:30"), "--once 'tomorrow 7:00:30' is no local minute\n"),
        (("schedule", "log", "--since", "01/02/2026"),
         "--since '01/02/2026' is no day\n  Its day and its month cannot be told apart.\n"
         "  Write it as 2026-11-24, tomorrow or friday.\n"),
        (("schedule", "list", "--days", "36h"), "--days '36h' are no whole days\n  Write it as 14 or 2w.\n"),
        (("send", "morning", "--undo", "5 month"),
         "--undo '5 month' is no length of time\n  Write it as 5min, 36h, 7d or 2w.\n"),
    ],
)  # fmt: skip
def test_each_wrong_one_is_named_with_an_example(site, words, message):
    site.config(NOON)
    result = site.run(*words)
    assert (result.code, result.err[: len("publisher: ") + len(message)]) == (
        2,
        f"publisher: {message}",
    )


def test_days_may_be_a_length(site):
    listed = site.run("schedule", "list", "--days", "2w", "--json").json["coming"]
    assert len(listed) == 14
    assert (
        site.run("schedule", "explain", "--days", "1 week", "--json").json[-1]["local"]
        == "2026-11-30T07:00:00"
    )


def test_an_undo_of_seconds_is_one(site):
    site.story("a")
    site.build()
    site.run("subscribers", "add", "ana@x.example")
    sent = site.run("send", "--yes", "--undo", "10sec", "--json").json
    assert sent["start"][:19] > sent["frozen"][:19]


KEYS = {
    'at = "7:00"': ("newsletters.morning.at", "07:00"),
    'at = "7pm"': ("newsletters.morning.at", "19:00"),
    "at = 07:00:00": ("newsletters.morning.at", "07:00"),
    'undo = "10sec"\nat = "07:00"': ("newsletters.morning.undo", "10s"),
    'max_age = "7 days"\nat = "07:00"': ("newsletters.morning.max_age", "7d"),
    'draft_before = "1h 30min"\nat = "07:00"': ("newsletters.morning.draft_before", "90m"),
    'undo = 0\nat = "07:00"': ("newsletters.morning.undo", "0"),
    'starts = "2026-11-24"\nat = "07:00"': ("newsletters.morning.starts", "2026-11-24"),
    'excluded = [2026-12-24]\nat = "07:00"': ("newsletters.morning.excluded", "2026-12-24"),
}


@pytest.mark.parametrize("line", KEYS)
def test_a_key_of_publisher_toml_is_read_as_it_is_typed(site, line):
    key, value = KEYS[line]
    site.config(CONFIG.replace('at = "07:00"', line))
    shown = dict(row.split(maxsplit=1) for row in site.run("config", "show").out.splitlines())
    assert shown[key] == value
    assert site.run("schedule", "explain").code == 0


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ('at = "25:00"', "newsletters.morning.at must be a time of day, such as 07:00, 7:00 or 7pm\n"),
        ("at = 7", "newsletters.morning.at must be a time of day, such as 07:00, 7:00 or 7pm\n"),
        ('undo = "5 month"', "newsletters.morning.undo must be a length of time such as \"36h\", \"7d\" or \"2w\"\n"),
        ("undo = 5", "newsletters.morning.undo must be a length of time such as \"36h\", \"7d\" or \"2w\"\n"),
        ('excluded = ["24.12."]', "newsletters.morning.excluded '24.12.' is no day such as 2026-12-24, no span of days such "
         "as 2026-12-24..2027-01-01, and no .ics file\n"),
        ('excluded = ["2026-12-24..2026-12-01"]', "newsletters.morning.excluded '2026-12-24..2026-12-01' ends before it begins\n"),
        ('excluded = ["2026-12-24..9999-12-31"]', "newsletters.morning.excluded '2026-12-24..9999-12-31' is out of all bounds\n"),
        ('excluded = ["https://h.example/feiertage"]', "newsletters.morning.excluded 'https://h.example/feiertage' is an "
         "address: keep the calendar as a file beside publisher.toml\n"),
        ('starts = "tomorrow"', "newsletters.morning.starts must be a day such as 2026-01-31, not 'tomorrow'\n"),
    ],
)  # fmt: skip
def test_a_wrong_key_is_named_with_its_line_and_an_example(site, line, message):
    site.config(CONFIG.replace('at = "07:00"', line))
    result = site.run("status")
    assert (result.code, result.err) == (2, f"publisher: publisher.toml:18: {message}")
