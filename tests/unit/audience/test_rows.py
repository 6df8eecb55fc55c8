"""What other tools export is read as they meant it."""

import csv
import io
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from publisher.audience import EXPORTED, Rows, csv_of
from publisher.audience.rows import COLUMNS, _text
from publisher.errors import Problem, UsageError

GOLDEN = Path(__file__).parents[2] / "golden/imports"


def read(text, given=None, name="x.csv"):
    return list(Rows(io.StringIO(text), name, given or {}))


def golden(name):
    with (GOLDEN / name).open(encoding="utf-8", newline="") as file:
        return list(Rows(file, name, {}))


def short(row):
    if isinstance(row, Problem):
        return row.headline
    return (row.address.text, row.name, row.standing, row.tags, dict(row.attributes))


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        (
            "mailchimp_subscribed.csv",
            [
                (
                    "ana@example.org",
                    "Ana Souza",
                    "active",
                    ("Founding", "Press, local"),
                    {"first_name": "Ana"},
                ),
                ("ben@example.org", "", "active", (), {}),
            ],
        ),
        (
            "mailchimp_cleaned.csv",
            [("gone@example.org", "Gone", "bounced", (), {"first_name": "Gone"})],
        ),
        (
            "mailchimp_unsubscribed.csv",
            [("left@example.org", "Left", "unsubscribed", (), {"first_name": "Left"})],
        ),
        (
            "substack.csv",
            [
                ("cy@example.org", "", "active", (), {}),
                ("di@example.org", "", "unsubscribed", (), {}),
            ],
        ),
        (
            "ghost.csv",
            [
                ("eve@example.org", "Eve Ito", "active", ("vip", "japan"), {}),
                ("fay@example.org", "Fay", "unsubscribed", (), {}),
            ],
        ),
        (
            "buttondown.csv",
            [
                (
                    "gus@example.org",
                    "",
                    "active",
                    ("local", "beta"),
                    {"first_name": "Gus", "city": "Köln"},
                ),
                "buttondown.csv:3: this reader never confirmed (status 'unactivated')",
                ("ida@example.org", "", "unsubscribed", (), {}),
            ],
        ),
        (
            "listmonk.csv",
            [
                ("jon@example.org", "Jon Doe", "active", (), {"city": "Bengaluru", "vip": "true"}),
                ("kim@example.org", "Kim", "manual", (), {}),
            ],
        ),
        (
            "rows.jsonl",
            [
                ("liv@example.org", "", "active", ("a", "b"), {"city": "Oslo"}),
                "rows.jsonl:2: not JSON",
                "rows.jsonl:3: not a JSON object",
                ("mo@xn--bcher-kva.example", "Mo X", "active", (), {}),
                "rows.jsonl:5: 'x@y@z' is no address: the part after the @-sign contains invalid characters: '@'",
            ],
        ),
    ],
)
def test_an_export_of_another_tool_is_read_as_it_is(name, wanted):
    assert [short(row) for row in golden(name)] == wanted


def test_joined_is_the_first_date_there_is_and_its_origin_goes_along():
    ana, ben = golden("mailchimp_subscribed.csv")
    assert (ana.joined, ana.origin) == (datetime(2023, 4, 1, 9, 30, tzinfo=UTC), "203.0.113.7")
    assert ben.joined == datetime(2024, 1, 2, 10, tzinfo=UTC)
    assert golden("listmonk.csv")[0].joined == datetime(2024, 8, 1, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Email;Name\na@x.example;A\n", ("a@x.example", "A")),
        ("E-MAIL\tname\r\na@x.example\tA\r\n", ("a@x.example", "A")),
        ("\ufeffemail,name\n'a@x.example,'=A\n", ("a@x.example", "=A")),
        ("email,name\nAna <a@x.example>,A\n", ("a@x.example", "A")),
        (
            'email,name\na@x.example,"A\nB\r\nBcc: z@x.example"\n',
            ("a@x.example", "A B Bcc: z@x.example"),
        ),
        ("email,name\na@x.example,A\0\u202eB\n", ("a@x.example", "A B")),
    ],
)
def test_a_table_is_read_whatever_wrote_it(text, wanted):
    (row,) = read(text)
    assert (row.address.text, row.name) == wanted


def test_a_short_row_is_taken_and_a_long_one_named():
    rows = read("email,name,city\na@x.example\nb@x.example,B,C,D\n\nc@x.example,C\n")
    assert [getattr(row, "line", None) for row in rows] == [2, 3, 5]
    assert rows[1].headline == "x.csv:3: 4 columns, the heading has 3"


def test_a_record_over_several_lines_does_not_shift_the_numbers():
    rows = read('email,notes\na@x.example,"one\ntwo"\nbad,x\n')
    assert rows[1].headline.startswith("x.csv:4: 'bad' is no address")


def test_columns_are_mapped_by_hand():
    (row,) = read(
        "who,what,email\na@x.example,b,c@x.example\n",
        {"who": "address", "what": "attributes.job", "email": "-"},
    )
    assert (row.address.text, dict(row.attributes)) == ("a@x.example", {"job": "b"})


@pytest.mark.parametrize(
    ("text", "given", "message"),
    [
        ("", {}, "x.csv holds no rows\n  CSV with a heading, or JSON Lines."),
        (
            "name,city\na,b\n",
            {},
            "no column holds addresses: name, city\n  Say which one does: --map COLUMN=address",
        ),
        ("email\n", {"mail": "address"}, "there is no column 'mail'\n  Did you mean email?"),
        (
            "email\n",
            {"email": "adress"},
            "'adress' is no field\n  Did you mean address?\n  Write --map COLUMN=FIELD, attributes.NAME for one of your own.",
        ),
    ],
)
def test_a_file_that_cannot_be_meant_is_an_error(text, given, message):
    with pytest.raises(UsageError) as refused:
        read(text, given)
    assert str(refused.value) == message


def test_an_unknown_status_is_refused_row_by_row():
    rows = read("email,status\na@x.example,wat\nb@x.example,active\n")
    assert rows[0].what == "nobody knows what the status 'wat' means: --map COLUMN=- leaves it out"
    assert rows[1].standing == "active"


@pytest.mark.parametrize(
    "text",
    [
        '{"email": "a@x.example", "subscribed": false}\n',
        '{"email": "a@x.example", "subscribed": 0}\n',
        '{"email": "a@x.example", "status": "free", "subscribed_to_emails": false}\n',
        "email,status,subscribed_to_emails\na@x.example,free,false\n",
        "email,type,status\na@x.example,regular,unsubscribed\n",
    ],
)
def test_whoever_left_by_one_column_has_left(text):
    assert [row.standing for row in read(text)] == ["unsubscribed"]


def test_a_quote_that_is_never_closed_costs_its_own_line_alone():
    rest = "".join(f"r{n}@x.example,R\n" for n in range(300))
    rows = read('email,name\na@x.example,A\nb@x.example,"Bob\n' + rest)
    assert rows[1].headline == "x.csv:3: a quote is not closed"
    assert [rows[0].line, *[row.line for row in rows[2:]]] == [2, *range(4, 304)]


def test_what_stands_behind_a_closing_quote_is_refused_rather_than_glued_on():
    (row,) = read('email,name\n"w@x.example"x,a\n')
    assert row.headline == "x.csv:2: ',' expected after '\"'"


def test_what_cannot_be_read_of_a_row_is_named_and_left_out():
    (row,) = read(
        'email,timezone,language,created_at,attributes\na@x.example,Mars/Base,german,0000-00-00,"{no"\n'
    )
    assert (row.zone, row.language, row.joined, dict(row.attributes)) == ("", "", None, {})
    assert row.dropped == (
        "language 'german' cannot be read, and was left out",
        "zone 'Mars/Base' cannot be read, and was left out",
        "joined '0000-00-00' cannot be read, and was left out",
        "attributes '{no' cannot be read, and was left out",
    )
    (row,) = read("email,timezone,attributes\na@x.example,,{}\n")
    assert row.dropped == ()


def test_joiners_of_persian_and_emoji_stay():
    (row,) = read("email,name\na@x.example,علی\u200cرضا 👩\u200d👧\n")
    assert row.name == "علی\u200cرضا 👩\u200d👧"


def test_a_quote_where_none_belongs_is_a_character():
    (row,) = read('email,name\na@x.example,5" pipe\n')
    assert row.name == '5" pipe'


def test_attributes_beyond_measure_are_refused():
    (row,) = read('email,attributes\na@x.example,"{""x"": ""' + "y" * 150 + '""}"\n')
    assert len(row.attributes["x"]) == 150
    many = "{" + ",".join(f'""k{n}"": ""{"v" * 90}""' for n in range(60)) + "}"
    (row,) = read(f'email,attributes\na@x.example,"{many}"\n')
    assert row.what == "its attributes are longer than 4000 characters"


CELLS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=20)


@given(st.lists(CELLS, min_size=2, max_size=2))
def test_no_cell_of_an_export_is_a_formula_and_every_one_comes_back(cells):
    lines = "".join(
        csv_of([("address", "name"), ("a@x.example", cells[0]), ("b@x.example", cells[1])])
    )
    for row in csv.reader(io.StringIO(lines, newline="")):
        assert not any(cell[:1] in tuple("=+-@\t\r") for cell in row if cell)
    found = [row.name for row in Rows(io.StringIO(lines, newline=""), "x.csv", {})]
    plain = [_text(cell) for cell in cells]
    assert [name.removeprefix("'") for name in found] == [name.removeprefix("'") for name in plain]


def test_every_column_of_an_export_is_one_that_an_import_knows():
    known = {name for names in COLUMNS.values() for name in names}
    assert set(EXPORTED) - known == {"newsletters"}


@given(st.text(max_size=300))
def test_no_text_breaks_the_reader(text):
    try:
        for row in read(text):
            assert isinstance(row, Problem) or row.address
    except UsageError:
        pass
