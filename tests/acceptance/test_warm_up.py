"""A sender that nobody knows yet writes to few, and to more from day to day; nobody is lost by it."""

import re
import shutil

import pytest

from tests.site import CONFIG, Site

EDITION = "morning@2026-11-24T0700"
FLASH = CONFIG + '\n[newsletters.flash]\ntitle = "Flash"\ntemplate = "breaking"\n'


def warm(site, first, expires="9d", more=""):
    table = f'\n[delivery]\nexpires = "{expires}"\n[delivery.warm_up]\nfirst = {first}\n{more}\n'
    site.config(FLASH + table)


@pytest.fixture(scope="module")
def ready(tmp_path_factory):
    site = Site(tmp_path_factory.mktemp("warm") / "site", FLASH)
    site.story("a")
    site.build()
    rows = "".join(f"r{number}@x.example\n" for number in range(8))
    (site.root / "r.csv").write_text(f"email\n{rows}")
    words = ("subscribers", "import", str(site.root / "r.csv"), "--newsletter", "morning")
    assert site.run(*words).code == 0
    assert site.run("subscribers", "add", "f@x.example", "--newsletter", "flash").code == 0
    return site


@pytest.fixture
def built(ready, tmp_path):
    shutil.copytree(ready.root, tmp_path / "site")
    return Site(tmp_path / "site", FLASH)


def counts(site, edition=EDITION):
    return site.run("report", edition, "--json").json["counts"]


def test_an_edition_goes_out_over_days_and_report_and_status_tell_who_waits(built):
    warm(built, 2)
    assert built.run("send", EDITION, "--yes").code == 0
    first = built.run("deliver")
    assert (first.code, counts(built)) == (4, {"queued": 6, "filed": 2})
    assert "the pace, or the day's limit, lets more go from 2026-11-24 00:00 UTC" in first.out
    report = built.run("report", EDITION)
    assert "  waiting in warm-up: 3 go on 2026-11-24, the last 3 on 2026-11-25\n" in report.out
    assert built.run("report", EDITION, "--json").json["warm_up"] == {
        "2026-11-24": 3,
        "2026-11-25": 3,
    }
    said = (
        "Warm-up: 2 of 2 messages have gone today (UTC); 6 wait, the last of them until 2026-11-25."
    )
    assert said in built.run("status").out
    assert built.run("status", "--json").json["warm_up"]["ceiling"] == 2
    built.run("deliver")
    assert counts(built) == {"queued": 6, "filed": 2}  # however often it is asked
    built.run("deliver", "--at", "2026-11-24 12:00")
    assert counts(built) == {"queued": 3, "filed": 5}
    assert built.run("deliver", "--at", "2026-11-25 12:00").code == 0
    assert counts(built) == {"filed": 8}
    assert built.run("report", EDITION, "--json").json["warm_up"] == {}


def test_an_edition_that_would_expire_before_all_have_it_is_held_with_the_dates(built):
    warm(built, 2, "24h")
    result = built.run("send", EDITION, "--yes")
    said = re.sub(r"at \d\d:\d\d UTC", "at 12:00 UTC", result.err)  # the machine's clock goes on
    assert (result.code, said.split("\n")[:4]) == (
        3,
        [
            "publisher: in warm-up 8 readers of morning take 3 days, until 2026-11-25",
            "  2 go on 2026-11-23, 3 on 2026-11-24, the last 3 on 2026-11-25. The edition would "
            "expire on 2026-11-24 at 12:00 UTC, and the rest of them get nothing.",
            "  Raise delivery.expires or delivery.warm_up.first, or send to a segment of them.",
            "",
        ],
    )
    assert built.run("deliver").out.startswith("nothing to send now")


def test_editions_before_it_are_counted_in(built):
    warm(built, 4, "35h")
    assert built.run("send", EDITION, "--yes").code == 0
    built.story("b", date="2026-11-23 11:00")
    assert built.run("build", "morning", "--at", "2026-11-25 07:00").code == 0
    result = built.run("send", "morning@2026-11-25T0700", "--yes")
    said = "2 go on 2026-11-24, the last 6 on 2026-11-25"
    assert (result.code, said in result.err) == (3, True), result.err


def test_breaking_news_makes_an_edition_late_and_loses_none_of_its_readers(built):
    warm(built, 8, "11h")
    start = ("--start", "2026-11-23 14:00")
    assert built.run("send", EDITION, "--yes", *start).code == 0
    assert built.run("breaking", "a", "--newsletter", "flash", "--yes").code == 0
    at = ("--at", "2026-11-23 14:30")
    built.run("deliver", *at)
    assert counts(built) == {"queued": 1, "filed": 7}
    assert built.run("deliver", "--at", "2026-11-24 12:00").code == 0  # after it would have expired
    assert counts(built) == {"filed": 8}


def test_who_waits_for_nobody_expires_as_ever(built):
    warm(built, 8, "11h")
    assert built.run("send", EDITION, "--yes").code == 0
    late = built.run("deliver", "--at", "2026-11-24 12:00")  # nobody delivered for a day
    assert (late.code, counts(built)) == (4, {"failed": 8})


def test_the_smaller_limit_of_a_day_counts(built):
    warm(built, 5)
    built.config(
        FLASH + '\n[delivery]\nexpires = "9d"\nper_day = 3\n[delivery.warm_up]\nfirst = 5\n'
    )
    assert built.run("send", EDITION, "--yes").code == 0
    built.run("deliver")
    assert counts(built) == {"queued": 5, "filed": 3}


def test_before_its_first_day_there_is_no_ceiling(built):
    warm(built, 2, more="starts = 2026-12-01")
    assert built.run("send", EDITION, "--yes").code == 0
    assert built.run("deliver").code == 0
    assert counts(built) == {"filed": 8}
    assert "Warm-up" not in built.run("status").out


@pytest.mark.parametrize(
    ("lines", "what"),
    [
        ("first = 2\ngrow = 0.5", "delivery.warm_up.grow must be 1 to 10"),
        ("first = 2\ngrow = 11", "delivery.warm_up.grow must be 1 to 10"),
        ("grow = 2", "delivery.warm_up names no first"),
        ("first = -1", "delivery.warm_up.first must not be negative"),
        ('first = "many"', "delivery.warm_up.first must be a whole number"),
        ("from = 2026-12-01", "delivery.warm_up.from"),
        ('first = 2\nstarts = "soon"', "delivery.warm_up.starts must be a day"),
    ],
)
def test_a_warm_up_that_cannot_be_meant_is_named(built, lines, what):
    built.config(FLASH + f"\n[delivery.warm_up]\n{lines}\n")
    result = built.run("status")
    assert (result.code, what in result.err) == (2, True), result.err
    assert re.match(r"publisher: publisher.toml:\d+: ", result.err)
