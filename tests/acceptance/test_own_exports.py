"""Our own export, imported again: it says all that is known, and brings back nobody."""

import csv

import pytest

from tests.acceptance.test_imports import file, readers
from tests.site import CONFIG, Site

TWO = CONFIG + '\n[newsletters.weekly]\ntitle = "Weekly"\n'


def test_an_export_of_one_newsletter_speaks_of_it_alone(tmp_path):
    one, two = Site(tmp_path / "one", TWO), Site(tmp_path / "two", TWO)
    both = ("--newsletter", "morning", "--newsletter", "weekly")
    one.run("subscribers", "add", "ana@x.example", *both)
    one.run("subscribers", "remove", "ana@x.example", "--newsletter", "morning")
    one.run("subscribers", "add", "bo@x.example", "--newsletter", "morning")
    one.run("subscribers", "suppress", "cy@x.example")
    path = one.root / "morning.csv"
    one.run("subscribers", "export", str(path), "--newsletter", "morning")
    result = two.run("subscribers", "import", str(path), "--newsletter", "morning")
    assert result.out == ("morning.csv: 2 rows, 2 readers: 1 added; 1 left there, and kept out.\n")
    assert readers(two) == {"ana": "unsubscribed", "bo": "active"}


def test_our_own_export_comes_back_newsletter_by_newsletter(tmp_path):
    one, two = Site(tmp_path / "one", TWO), Site(tmp_path / "two", TWO)
    both = ("--newsletter", "morning", "--newsletter", "weekly")
    for name in ("ana", "bo", "cy"):
        one.run("subscribers", "add", f"{name}@x.example", *both)
    one.run("subscribers", "remove", "ana@x.example", "--newsletter", "morning")
    one.run("subscribers", "remove", "bo@x.example")
    one.run("subscribers", "suppress", "cy@x.example")
    path = one.root / "all.csv"
    one.run("subscribers", "export", str(path))
    assert two.run("subscribers", "import", str(path), *both).code == 0
    keys = ("address", "subscriptions")
    rows = [
        [{key: row[key] for key in keys} for row in site.run("subscribers", "list", "--json").json]
        for site in (one, two)
    ]
    assert rows[1] == [
        {
            "address": "ana@x.example",
            "subscriptions": {"morning": "unsubscribed", "weekly": "active"},
        },
        {
            "address": "bo@x.example",
            "subscriptions": dict.fromkeys(("morning", "weekly"), "unsubscribed"),
        },
        {"address": "cy@x.example", "subscriptions": {}},
    ]
    assert rows[0][:2] == rows[1][:2]
    since = [
        row["since"]["morning"][:19] for row in two.run("subscribers", "list", "--json").json[:2]
    ]
    assert since == [
        row["since"]["morning"][:19] for row in one.run("subscribers", "list", "--json").json[:2]
    ]
    assert "suppressed: manual" in two.run("subscribers", "list").out


def test_what_is_suppressed_and_no_readers_comes_along_domains_too(tmp_path):
    one, two = Site(tmp_path / "one"), Site(tmp_path / "two")
    one.run("subscribers", "add", "ana@x.example")
    one.run("subscribers", "suppress", "bo@x.example")
    one.run("subscribers", "suppress", "*@corp.example")
    path = one.root / "all.csv"
    one.run("subscribers", "export", str(path))
    assert "*@corp.example," in path.read_text("utf-8-sig")
    trial = two.run("subscribers", "import", str(path), "--dry-run")
    assert trial.code == 0 and readers(two) == {}
    assert two.run("subscribers", "import", str(path)).code == 0
    for name in ("bo@x.example", "cy@corp.example"):
        two.run("subscribers", "import", file(two, f"email,status\n{name},active\n"))
    assert [
        row["address"] for row in two.run("subscribers", "list", "--active", "--json").json
    ] == ["ana@x.example"]
    again = two.root / "again.csv"
    two.run("subscribers", "export", str(again))
    assert "*@corp.example," in again.read_text("utf-8-sig")
    some = two.root / "some.csv"
    two.run("subscribers", "export", str(some), "--active")
    assert "corp.example" not in some.read_text("utf-8-sig")


@pytest.mark.parametrize("status", ["active", "unsubscribed", ""])
def test_all_of_a_domain_subscribes_to_nothing(tmp_path, status):
    site = Site(tmp_path / "one")
    rows = f"email,status\n*@corp.example,{status}\nana@x.example,active\n"
    result = site.run("subscribers", "import", file(site, rows))
    assert "*@corp.example is no address" in result.err
    assert readers(site) == {"ana": "active"}


def _columns_turned(rows):
    return [row[::-1] for row in rows]


def _in_capitals(rows):
    return [[cell.upper() for cell in rows[0]], *rows[1:]]


def _without(column):
    return lambda rows: [
        [c for n, c in zip(rows[0], row, strict=True) if n != column] for row in rows
    ]


@pytest.mark.parametrize(
    "edited",
    [
        list,
        lambda rows: [rows[0], *rows[:0:-1]],
        _columns_turned,
        _in_capitals,
        _without("standing_since"),
        _without("joined"),
        lambda rows: [*rows, *rows[1:]],
    ],
    ids=["as it is", "rows turned", "columns turned", "capitals", "no since", "no joined", "twice"],
)
@pytest.mark.parametrize("delimiter", [",", ";"])
def test_an_older_export_of_ours_brings_back_nobody(tmp_path, edited, delimiter):
    site = Site(tmp_path, CONFIG)
    for name in ("left", "stays", "bounced", "gone", "out"):
        site.run("subscribers", "add", f"{name}@x.example")
    site.run("subscribers", "remove", "out@x.example")
    path = site.root / "older.csv"
    site.run("subscribers", "export", str(path))
    site.run("subscribers", "remove", "left@x.example")
    site.run("subscribers", "suppress", "bounced@x.example")
    site.run("subscribers", "erase", "gone@x.example", "--yes")
    before = readers(site)
    with path.open(encoding="utf-8-sig", newline="") as file_:
        rows = edited(list(csv.reader(file_)))
    with path.open("w", encoding="utf-8", newline="") as file_:
        csv.writer(file_, delimiter=delimiter).writerows(rows)
    result = site.run("subscribers", "import", str(path))
    assert result.code == 0
    assert "1 subscribed already; 4 left as they are" in result.out
    assert readers(site) == before
    other = Site(tmp_path / "other", CONFIG)
    other.run("subscribers", "import", str(path))
    assert readers(other)["out"] == "unsubscribed"


def test_an_older_export_of_another_newsletter_subscribes_nobody_to_this_one(site):
    path = file(
        site,
        "address,name,language,zone,tags,newsletters,standing,joined,attributes\n"
        "ana@x.example,,,,,weekly,active,2026-11-20T06:58:36+00:00,\n",
    )
    asked = site.run("subscribers", "import", path)
    assert (asked.code, asked.err) == (
        2,
        "publisher: list.csv is of other newsletters: weekly\n"
        "  Nobody in it asked for morning.\n"
        "  If it is the same under another name: --map newsletters:weekly=morning\n",
    )
    site.run("subscribers", "import", path, "--map", "newsletters:weekly=morning")
    assert readers(site) == {"ana": "active"}
