"""What other tools export is read as they meant it."""

import csv
import io
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from publisher.audience import EXPORTED, csv_of
from publisher.audience.imports.cells import text as plain_text
from publisher.audience.imports.headings import COLUMNS
from publisher.audience.imports.passes import readers, surveyed
from publisher.audience.imports.records import Table
from publisher.errors import Problem, UsageError

GOLDEN = Path(__file__).parents[3] / "golden/imports"


NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)


def taken(file, name, given=None, order=None):
    return list(readers(file, surveyed(file, name, given or {}, order, NOW)))


def read(text, given=None, name="x.csv", order=None):
    return taken(io.StringIO(text, newline=""), name, given, order)


def golden(name):
    with (GOLDEN / name).open(encoding="utf-8", newline="") as file:
        return taken(file, name)


def short(row):
    if isinstance(row, Problem):
        return row.headline
    return (row.address.text, row.name, row.said.what, row.tags, dict(row.attributes))


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
                ("eve@example.org", "Eve Ito", "active", ("japan", "vip"), {}),
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
                    ("beta", "local"),
                    {"first_name": "Gus", "city": "Köln"},
                ),
                ("hal@example.org", "", "pending", (), {}),
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


def test_consent_is_of_the_first_date_there_is_and_its_evidence_goes_along():
    ana, ben = golden("mailchimp_subscribed.csv")
    assert ana.joined == datetime(2023, 4, 1, 9, 30, tzinfo=UTC)
    assert ana.evidence == (
        "mailchimp_subscribed.csv:2, CONFIRM_TIME 2023-04-01 09:31:12, "
        "OPTIN_TIME 2023-04-01 09:30:00, from 203.0.113.7"
    )
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
            "ana@x.example,unsubscribed\nbo@x.example,active\n",
            {},
            "the first line names no columns: it holds ana@x.example\n  Whoever stands there would not be taken.\n"
            "  Write a line above it that names them, such as: email,name,status",
        ),
        (
            '[\n {"email": "a@x.example"}\n]\n',
            {},
            "the file is one array in JSON, and each reader is wanted on a line of their own\n"
            "  Make it JSON Lines: jq -c '.[]' FILE > readers.jsonl",
        ),
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
    assert [row.said.what for row in read(text)] == ["unsubscribed"]


def test_a_quote_that_is_never_closed_costs_its_own_line_alone():
    rest = "".join(f"r{n}@x.example,R\n" for n in range(300))
    rows = read('email,name\na@x.example,A\nb@x.example,"Bob\n' + rest)
    assert rows[1].headline == "x.csv:3: a quote is not closed"
    assert [rows[0].line, *[row.line for row in rows[2:]]] == [2, *range(4, 304)]


def test_what_stands_behind_a_closing_quote_is_refused_rather_than_glued_on():
    (row,) = read('email,name\n"w@x.example"x,a\n')
    assert row.headline == "x.csv:2: ',' expected after '\"'"


def test_what_cannot_be_read_of_a_row_is_named_and_left_out():
    *notes, row = read(
        'email,timezone,language,created_at,attributes\na@x.example,Mars/Base,german,2024,"{no"\n'
    )
    assert (row.zone, row.language, row.joined, dict(row.attributes)) == ("", "", None, {})
    assert [note.headline for note in notes] == [
        "x.csv:2: a@x.example: created_at '2024' is no whole date, and was left out",
        "x.csv:2: a@x.example: language 'german' cannot be read, and was left out",
        "x.csv:2: a@x.example: zone 'Mars/Base' cannot be read, and was left out",
        "x.csv:2: a@x.example: attributes '{no' cannot be read, and was left out",
    ]
    assert {note.severity for note in notes} == {"note"}
    (row,) = read("email,timezone,attributes,created_at\na@x.example,,{},0000-00-00\n")
    assert row.joined is None


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
    found = [row.name for row in read(lines)]
    plain = [plain_text(cell) for cell in cells]
    assert [name.removeprefix("'") for name in found] == [name.removeprefix("'") for name in plain]


def test_every_column_of_an_export_is_one_that_an_import_knows():
    known = {name for names in COLUMNS.values() for name in names}
    assert {name.replace("_", " ") for name in EXPORTED} <= known


@given(st.text(max_size=300))
def test_no_text_breaks_the_reader(text):
    try:
        for row in read(text):
            assert isinstance(row, Problem) or row.address
    except UsageError:
        pass


HEADINGS = st.one_of(
    st.sampled_from([name for names in COLUMNS.values() for name in names]),
    st.sampled_from(["type", "state", "SMS consent", "Désabonné", "Notes", "unsub_url", ""]),
    st.text(max_size=12),
)
CELL = st.one_of(
    st.sampled_from(
        [
            "",
            "a@x.example",
            "B@x.example",
            "ß@x.example",
            "Ana <a@x.example>",
            "x@",
            "active",
            "unsubscribed",
            "bounced",
            "0",
            "1",
            "7",
            "2024-05-01",
            "03.04.2024",
            "1/2/24",
            "NaT",
            "0000-00-00",
            "yes",
            "nein",
            "[]",
            '{"status": "unsubscribed"}',
            '{"a": {"b": [1, {}]}}',
            "1714557600",
            "9" * 400,
            "2024-99-99 99:99",
            "vip, press",
            "morning=2024-05-01",
            "\\N",
        ]
    ),
    st.text(max_size=20),
)
VALUES = st.recursive(
    st.one_of(st.none(), st.booleans(), st.floats(), st.integers(), CELL),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(HEADINGS, inner, max_size=3),
    max_leaves=6,
)


def adds_up(text, order, mapped):
    try:
        found = read(text, mapped, order=order)
    except UsageError as error:
        assert str(error)
        return
    refused = [one for one in found if isinstance(one, Problem) and one.severity == "error"]
    readers_ = [one for one in found if not isinstance(one, Problem)]
    rows = sum(1 for record in Table(io.StringIO(text, newline="")))
    assert rows == len(refused) + sum(one.rows for one in readers_)
    keys = [one.address.key for one in readers_]
    assert len(set(keys)) == len(keys)


ORDERS = st.sampled_from([None, "dmy", "mdy"])
MAPPED = st.dictionaries(
    HEADINGS, st.sampled_from(["status", "joined", "-", "attributes.x"]), max_size=1
)


@settings(deadline=None)
@given(
    st.lists(HEADINGS, max_size=6), st.lists(st.lists(CELL, max_size=7), max_size=8), ORDERS, MAPPED
)
def test_any_table_is_taken_or_refused_by_name_and_the_rows_add_up(heading, rows, order, mapped):
    out = io.StringIO(newline="")
    writer = csv.writer(out, escapechar="\\")
    writer.writerow(["email", *heading])
    writer.writerows(rows)
    adds_up(out.getvalue(), order, mapped)


@pytest.mark.slow
@settings(deadline=None)
@given(st.lists(st.dictionaries(HEADINGS, VALUES, max_size=6), max_size=8), ORDERS, MAPPED)
def test_any_objects_are_taken_or_refused_by_name_and_the_rows_add_up(rows, order, mapped):
    adds_up(
        "".join(json.dumps({"email": "a@x.example"} | row) + "\n" for row in rows), order, mapped
    )


@settings(deadline=None)
@given(st.text(max_size=300), ORDERS)
def test_any_text_below_a_heading_is_taken_or_refused_by_name(text, order):
    adds_up("email,status,confirm_time\n" + text, order, {})
    adds_up(text, order, {})


@pytest.mark.parametrize(
    "column", ["@", "a@", "@x.example", "a@x..example", "a@" + "." * 9000 + "@"]
)
def test_a_column_whose_name_is_no_address_is_one_like_any(column):
    assert Table(io.StringIO(f"email,{column}\na@x.example,1\n")).columns == ["email", column]


def test_a_heading_of_thousands_of_columns_is_no_list_and_is_named():
    heading = "email," + ",".join(f"c{n}" for n in range(500))
    with pytest.raises(UsageError, match="the first line has 501 columns, more than 500"):
        read(f"{heading}\nana@x.example\n")


@pytest.mark.parametrize(
    "text",
    [
        "email,name\nana@x.example,{}\nbob@x.example,Bob\n",
        '{{"email": "ana@x.example", "name": "{}"}}\n{{"email": "bob@x.example"}}\n',
    ],
)
def test_a_row_with_a_cell_beyond_measure_is_named_and_the_others_are_taken(text):
    bad, good = read(text.format("\u0301" * 10_001))
    assert isinstance(bad, Problem)
    assert "a cell has more than 10,000 characters" in bad.headline
    assert good.address.text == "bob@x.example"


def test_an_object_of_hundreds_of_keys_is_named_and_the_others_are_taken():
    wide = json.dumps({"email": "ana@x.example", **{f"k{n}": n for n in range(500)}})
    bad, good = read(f'{wide}\n{{"email": "bob@x.example"}}\n')
    assert "it has more than 500 keys" in bad.headline
    assert good.address.text == "bob@x.example"


@pytest.mark.parametrize(
    "text",
    [
        "sep=;\r\nemail;status\r\na@x.example;unsubscribed\r\n",
        "\ufeffSEP=|\nemail|status\na@x.example|unsubscribed\n",
        "email|status\na@x.example|unsubscribed\n",
        "\n,,\nemail,status\na@x.example,unsubscribed\n",
    ],
)
def test_what_programs_write_above_the_heading_is_passed_over(text):
    (row,) = read(text)
    assert (row.address.text, row.said.what) == ("a@x.example", "unsubscribed")
    assert row.line == len(text.splitlines())
