"""Exports of other tools, imported: who left stays out, and the counts are what happened."""

import json
import shutil
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.site import Site

EXPORTS = Path(__file__).parents[1] / "golden/exports"


def file(site, text, name="list.csv"):
    path = site.root / name
    path.write_text(text, encoding="utf-8")
    return str(path)


def readers(site):
    """What became of everyone: their newsletters, or why they get none."""
    found = {}
    for one in site.run("subscribers", "list", "--json", "--limit", "0").json:
        why = one["suppression"]
        said = one["subscriptions"]
        found[one["address"].partition("@")[0]] = why["reason"] if why else said.get("morning", "")
    return found


TABLE = [
    [cell.strip() for cell in line.strip("|\n").split("|")]
    for line in (EXPORTS / "README.md").read_text().splitlines()
    if line.startswith("| ") and ".csv" in line
]


def test_every_export_stands_in_the_table():
    assert [name for name, *_ in TABLE] == sorted(
        (path.name for path in EXPORTS.glob("*.csv")), key=[name for name, *_ in TABLE].index
    )


@pytest.mark.parametrize(
    ("name", "sentence", "out"),
    [(row[0], row[2], row[3]) for row in TABLE],
    ids=lambda one: one[:12],
)
def test_an_export_of_another_tool_is_taken_as_it_is(site, name, sentence, out):
    path = site.root / name
    shutil.copy(EXPORTS / name, path)
    result = site.run("subscribers", "import", str(path))
    assert result.out == f"{name}: {sentence}\n"
    assert result.code == int("refused" in sentence)
    found = readers(site)
    assert {who.lower(): what for who, what in found.items() if what != "active"} == dict(
        pair.split() for pair in out.split(", ")
    )
    again = site.run("subscribers", "import", str(path))
    assert "added" not in again.out
    assert readers(site) == found


def test_any_order_of_rows_leaves_the_same_readers(site, tmp_path):
    other = Site(tmp_path / "other")
    for tool in ("mailchimp", "buttondown", "kit"):
        head, *rows = (EXPORTS / f"{tool}.csv").read_text().splitlines(keepends=True)
        site.run("subscribers", "import", file(site, "".join([head, *rows])))
        other.run("subscribers", "import", file(other, "".join([head, *reversed(rows)])))
    assert readers(site) == readers(other)


def test_the_log_of_consent_has_what_stands_in_the_file_and_no_guess(site):
    path = file(
        site,
        "email,confirm_time,ip,unsubscribed_at\n"
        "ana@x.example,03.04.2024 10:00,203.0.113.7,\n"
        "bo@x.example,May 2024,,\n"
        "cy@x.example,2031-05-01,,\n"
        "di@x.example,01.02.2022,,15.03.2023\n",
    )
    asked = site.run("subscribers", "import", path)
    assert (asked.code, asked.out) == (2, "")
    assert "--dates dmy" in asked.err
    assert readers(site) == {}
    result = site.run("subscribers", "import", path, "--dates", "dmy")
    assert result.code == 0
    assert [line for line in result.err.splitlines() if line.startswith("note: ")] == [
        "note: list.csv:3: bo@x.example: confirm_time 'May 2024' is no whole date, and was left out",
        "note: list.csv:4: cy@x.example: confirm_time '2031-05-01' is in the future, and was left out",
    ]
    logs = {
        name: [
            (one["at"][:16], one["what"], one["source"])
            for one in site.run("subscribers", "show", f"{name}@x.example", "--json").json[
                "consents"
            ]
        ]
        for name in ("ana", "bo", "cy", "di")
    }
    assert logs["ana"] == [
        (
            "2024-04-03T10:00",
            "subscribed",
            "list.csv:2, confirm_time 03.04.2024 10:00, from 203.0.113.7",
        )
    ]
    assert [(at[:10], what, source) for at, what, source in logs["bo"] + logs["cy"]] == [
        ("2026-11-23", "subscribed", "list.csv:3, no date"),
        ("2026-11-23", "subscribed", "list.csv:4, no date"),
    ]
    assert logs["di"] == [
        ("2022-02-01T00:00", "subscribed", "list.csv:5, confirm_time 01.02.2022"),
        ("2023-03-15T00:00", "unsubscribed", "list.csv:5, unsubscribed_at 15.03.2023"),
    ]


@pytest.mark.parametrize("apart", [0, 1000])
@pytest.mark.parametrize("as_json", [False, True])
def test_the_strictest_row_of_an_address_holds_wherever_it_stands(site, apart, as_json):
    rows = [("ana", "unsubscribed"), ("bo", "bounced"), ("Cy", "unsubscribed"), ("di", "active")]
    later = [("ana", "subscribed"), ("bo", "active"), ("CY", "active"), ("di", "unsubscribed")]
    rows += [(f"x{n}", "active") for n in range(apart)] + later
    table = [(f"{name}@x.example", word) for name, word in rows]
    if as_json:
        text = "".join(json.dumps({"email": a, "status": w}) + "\n" for a, w in table)
    else:
        text = "email,status\n" + "".join(f"{a},{w}\n" for a, w in table)
    result = site.run("subscribers", "import", file(site, text))
    added = f"{apart:,} added; " if apart else ""
    assert result.out == (
        f"list.csv: {apart + 8:,} rows, {apart + 4:,} readers: {added}3 left there, and kept out; "
        "1 bounced there, and suppressed. 4 rows more of the same readers.\n"
    )
    out = {name.lower(): what for name, what in readers(site).items() if what != "active"}
    assert out == {
        "ana": "unsubscribed", "bo": "bounced", "cy": "unsubscribed", "di": "unsubscribed",
    }  # fmt: skip


DATES = {
    "03.04.2024 10:00": ("2024-04-03", ""),
    "13.04.2024 10:00": ("2024-04-13", ""),
    "05/06/2024": ("2024-06-05", ""),
    "25/06/2024": ("2024-06-25", ""),
    "2024": ("2026-11-23", "is no whole date"),
    "May 2024": ("2026-11-23", "is no whole date"),
    "12": ("2026-11-23", "is no whole date"),
    "Sat": ("2026-11-23", "is no whole date"),
    "10:30": ("2026-11-23", "is no whole date"),
    "2031-05-01 10:00": ("2026-11-23", "is in the future"),
    "2024-05-01 10:00:00 EST": ("2026-11-23", "names a time zone that may be several"),
    "2024-07-01 10:00 CEST": ("2026-11-23", "names a time zone that may be several"),
}


def test_each_date_of_consent_is_as_it_was_written_or_left_out_by_name(site):
    """What cannot be read leaves the day of the import, which the log of consent calls no date."""
    rows = "".join(f"r{n}@x.example,{text}\n" for n, text in enumerate(DATES))
    result = site.run(
        "subscribers", "import", file(site, f"email,confirm_time\n{rows}"), "--dates", "dmy"
    )
    assert result.code == 0
    for n, (text, (day, why)) in enumerate(DATES.items()):
        (log,) = site.run("subscribers", "show", f"r{n}@x.example", "--json").json["consents"]
        assert log["at"][:10] == day
        assert log["source"] == f"list.csv:{n + 2}, " + (
            "no date" if why else f"confirm_time {text}"
        )
        note = f"r{n}@x.example: confirm_time {text!r} {why}, and was left out"
        assert (note in result.err) == bool(why)


def test_a_hint_about_a_status_leaves_out_the_row_that_it_is_about(site):
    path = file(
        site,
        "email_address,type\na@x.example,upcoming\nb@x.example,unsubscribed\nc@x.example,regular\n",
    )
    asked = site.run("subscribers", "import", path, "-n")
    assert asked.code == 2
    assert "Leave such rows out: --map type:upcoming=-." in asked.err
    ready = ("subscribers", "import", path, "--map", "type:upcoming=-")
    sentence = (
        "list.csv: 3 rows, 3 readers: 1 added; 1 left there, and kept out; "
        "1 unconfirmed or left out, and not taken.\n"
    )
    assert site.run(*ready, "-n").out == sentence.replace("1 added", "1 can be added")
    assert readers(site) == {}
    assert site.run(*ready).out == sentence
    assert readers(site) == {"b": "unsubscribed", "c": "active"}


def test_who_stands_in_a_row_that_was_refused_is_not_taken_by_another(site):
    path = file(
        site,
        "email,status\n"
        "ana@x.example,active\n"
        "ana@x.example,unsubscribed,surplus\n"
        'bo@x.example,"active\n'
        "bo@x.example,active\n"
        "cy@x.example,active\n",
    )
    result = site.run("subscribers", "import", path)
    assert result.out == (
        "list.csv: 5 rows, 3 readers: 1 added; 2 in a row that was refused as well, and not taken. "
        "2 rows refused.\n"
    )
    assert (
        "warning: list.csv:3: ana@x.example is not taken: another row of theirs was refused\n"
        "  It may say that they left.\n" in result.err
    )
    assert readers(site) == {"cy": "active"}


def test_zero_dates_of_databases_are_nothing(site):
    nothing = [
        "0000-00-00 00:00:00",
        "0000-00-00",
        r"\N",
        "(null)",
        "NaT",
        "nil",
        "N/A",
        "-",
        "NULL",
        "",
    ]
    rows = "".join(
        f"l{n}@x.example,{one},\nb{n}@x.example,,{one}\n" for n, one in enumerate(nothing)
    )
    result = site.run(
        "subscribers", "import", file(site, f"email,unsubscribed_at,bounced_at\n{rows}")
    )
    assert (result.code, result.out) == (0, "list.csv: 20 rows, 20 readers: 20 added.\n")


def test_two_mailboxes_that_look_alike_are_two(site):
    alike = ["straße", "strasse", "ﬁnn", "finn", "σας", "σασ", "ſam", "sam"]
    for name in alike:
        assert site.run("subscribers", "add", f"{name}@mail.example").out.endswith(": added\n")
    site.run("subscribers", "remove", "strasse@mail.example")
    found = readers(site)
    assert {name for name, what in found.items() if what == "active"} == set(alike) - {"strasse"}


ROWS = st.lists(
    st.tuples(
        st.sampled_from(["a@x.example", "A@x.example", "b@x.example", "no", ""]),
        st.sampled_from(["", "active", "unsubscribed", "bounced", "gold", "pending"]),
        st.sampled_from(["", "2024-05-01", "3/4/2024", "soon", "0000-00-00"]),
        st.sampled_from(["", "x", '"', "a\nb", "=1"]),
    ),
    max_size=8,
)


@settings(
    deadline=None, max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(ROWS, st.booleans())
def test_any_file_is_counted_whole_or_refused_by_name(site, rows, as_json):
    names = ("email", "status", "unsubscribed_at", "Note")
    if as_json:
        text = "".join(json.dumps(dict(zip(names, row, strict=True))) + "\n" for row in rows)
    else:
        text = ",".join(names) + "\n" + "".join(",".join(row) + "\n" for row in rows)
    result = site.run("subscribers", "import", file(site, text), "--json")
    assert result.code in (0, 1, 2)
    if result.code < 2:
        found = result.json
        assert found["rows"] == sum(found["counts"].values())
    else:
        assert result.err.startswith("publisher: ")


@pytest.mark.parametrize(
    ("name", "start", "says"),
    [
        (
            "audience.zip",
            b"PK\x03\x04",
            "audience.zip is a ZIP archive\n  Unpack it, and import each",
        ),
        ("readers.xlsx", b"PK\x03\x04", "readers.xlsx is a spreadsheet\n  Save it as CSV (UTF-8)."),
        ("readers.xls", b"\xd0\xcf\x11\xe0", "readers.xls is a spreadsheet"),
        ("readers.csv.gz", b"\x1f\x8b", "readers.csv.gz is packed"),
    ],
)
def test_a_file_that_is_no_text_is_named_for_what_it_is(site, name, start, says):
    path = site.root / name
    path.write_bytes(start + bytes(range(256)))
    result = site.run("subscribers", "import", str(path))
    assert (result.code, result.out) == (2, "")
    assert says in result.err


@pytest.mark.parametrize("heading", ["Désabonné", "gelöscht", "Désinscrit le"])
@pytest.mark.parametrize("encoding", ["mac_roman", "cp850", "utf-8"])
def test_a_heading_that_tells_who_left_in_another_encoding_stops_the_import(
    site, heading, encoding
):
    path = site.root / "old.csv"
    said = f"email;{heading}\nana@x.example;oui\n".encode(encoding)
    path.write_bytes(said + b"bo@x.example;\nRen\xe9@x.example;\n")
    result = site.run("subscribers", "import", str(path))
    assert result.code == 2 and "is known to nobody" in result.err
    assert readers(site) == {}


@pytest.mark.parametrize("heading", ["newsletter", "marketing emails", "Receives mailing"])
def test_who_did_not_tick_a_box_that_others_did_is_named_and_not_taken(site, heading):
    path = file(site, f"email,{heading}\nana@x.example,yes\nbo@x.example,\n")
    result = site.run("subscribers", "import", path)
    assert f"bo@x.example: nothing of them stands in {heading}" in result.err
    assert readers(site) == {"ana": "active"}
