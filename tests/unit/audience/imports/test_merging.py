"""What all rows of an address say together, in whatever order they and their columns stand."""

import csv
import io
import json
import random
import re
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from publisher.audience.imports.passes import readers, surveyed
from publisher.errors import Problem, UsageError
from publisher.model import Candidate

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)


def read(text, mapped=None, order=None):
    file = io.StringIO(text, newline="")
    return list(readers(file, surveyed(file, "x.csv", mapped or {}, order, NOW)))


def said(text, mapped=None):
    """What a file says of its one reader."""
    (one,) = [one for one in read(text, mapped) if isinstance(one, Candidate)]
    return one.said.what


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("email,status\na@x.example,unsubscribed\na@x.example,active\n", "unsubscribed"),
        ("email,status\na@x.example,active\na@x.example,bounced\n", "bounced"),
        ("email,status\nA@x.example,complained\na@X.example,unsubscribed\n", "complained"),
        ("email,status,status\na@x.example,unsubscribed,active\n", "unsubscribed"),
        ("email,status,status\na@x.example,active,unsubscribed\n", "unsubscribed"),
        ("email,status,Global status\na@x.example,subscribed,unsubscribed\n", "unsubscribed"),
        ("email,status,deleted_at\na@x.example,free,2024-05-01\n", "unsubscribed"),
        ("email,status,emailBlacklisted\na@x.example,active,true\n", "manual"),
        ("email,confirmed,blacklisted\na@x.example,1,0\n", "active"),
        ("email,confirmed,blacklisted\na@x.example,0,0\n", "pending"),
        ("email,confirmed\na@x.example,0\na@x.example,1\n", "active"),
        ("email,status\na@x.example,pending\na@x.example,unsubscribed\n", "unsubscribed"),
        ('email,tags\na@x.example,"vip, Unsubscribed"\n', "unsubscribed"),
        ('email,attributes\na@x.example,"{""unsubscribed"": true}"\n', "unsubscribed"),
        ('{"email":"a@x.example","status":"unsubscribed","status":"active"}\n', "unsubscribed"),
        ('{"email":"a@x.example","status":["active","bounced"]}\n', "bounced"),
        (
            '{"email":"a@x.example","lists":[{"id":1,"subscription_status":"unsubscribed"}]}\n',
            "unsubscribed",
        ),
        ('{"email":"a@x.example","location":{"state":"OR"},"state":"active"}\n', "active"),
        ("E-Mail,Abgemeldet am\na@x.example,2024-05-01\n", "unsubscribed"),
        ("email,Désabonné\na@x.example,oui\n", "unsubscribed"),
        ("email,Estado de suscripción,Baja\na@x.example,activo,\n", "active"),
        ("メールアドレス,状態\na@x.example,配信停止\n", "unsubscribed"),
        ("email,Статус\na@x.example,отписан\n", "unsubscribed"),
        ("email,SMS status\na@x.example,unsubscribed\n", "active"),
        ("email,SMS\na@x.example,unsubscribed\n", None),
        ("email,dnc_reason\na@x.example,unsubscribed\n", "unsubscribed"),
        ("E-Mail;Aktiviert;Deaktiviert\na@x.example;2024-05-01;2024-06-01\n", "unsubscribed"),
        ("email,unsubscribe_url\na@x.example,https://x.example/u/1\n", "active"),
        ("email,Unsubscribe reason\na@x.example,too many mails\n", "unsubscribed"),
        ("email,state\na@x.example,CA\n", "active"),
        ("email,Number of bounces\na@x.example,3\n", "active"),
    ],
)
def test_whoever_left_by_one_row_or_column_has_left(text, wanted):
    if wanted is None:
        with pytest.raises(UsageError, match="nobody knows of what"):
            read(text)
        return
    assert said(text) == wanted


@pytest.mark.parametrize(
    ("rows", "wanted"),
    [
        (("unsubscribed,2023-05-01,", "active,,2024-01-01"), "active"),
        (("unsubscribed,2023-05-01,", "active,,2023-05-01"), "unsubscribed"),
        (("unsubscribed,2023-05-01,", "active,,2022-01-01"), "unsubscribed"),
        (("unsubscribed,2023-05-01,", "active,,"), "unsubscribed"),
        (("unsubscribed,,", "active,,2024-01-01"), "unsubscribed"),
        (("unsubscribed,2023-05-01,", "unsubscribed,,", "active,,2024-01-01"), "unsubscribed"),
        (("unsubscribed,2023-05-01,2024-01-01",), "unsubscribed"),
        (("active,2023-05-01,2024-01-01",), "active"),
        ((",2023-05-01,2022-01-01",), "unsubscribed"),
        (("bounced,2023-05-01,", "active,,2024-01-01"), "bounced"),  # of no date that is a bounce's
        (("blocked,,", "active,,2024-01-01"), "manual"),
    ],
)
def test_a_later_dated_consent_alone_brings_back_who_left(rows, wanted):
    head = "email,status,unsubscribed_at,confirm_time\n"
    for order in (rows, reversed(rows)):
        assert said(head + "".join(f"a@x.example,{row}\n" for row in order)) == wanted


def test_a_date_of_creation_beside_a_leaving_is_no_later_consent():
    head = "email,unsubscribed_at,created_at\n"
    assert said(head + "a@x.example,2023-05-01,2024-01-01\n") == "unsubscribed"
    assert said(head + "a@x.example,2023-05-01,\na@x.example,,2024-01-01\n") == "active"


def test_consent_is_the_earliest_dated_one_and_leaving_has_its_own_date():
    (one,) = read(
        "email,status,confirm_time,unsubscribed_at,ip\n"
        "a@x.example,active,2022-03-01 10:00:00,,203.0.113.7\n"
        "a@x.example,active,2021-03-01 10:00:00,,\n"
        "a@x.example,unsubscribed,,2024-05-01,\n"
    )
    assert (one.said.joined, one.said.ended) == (
        datetime(2021, 3, 1, 10, tzinfo=UTC),
        datetime(2024, 5, 1, tzinfo=UTC),
    )
    assert one.evidence == (
        "x.csv:3, confirm_time 2021-03-01 10:00:00; "
        "x.csv:2, confirm_time 2022-03-01 10:00:00, from 203.0.113.7"
    )
    assert one.ending == "x.csv:4, status unsubscribed, unsubscribed_at 2024-05-01"
    assert (one.line, one.rows) == (2, 3)


def test_after_a_leaving_the_consent_that_counts_is_the_later_one():
    (one,) = read(
        "email,status,confirm_time,unsubscribed_at\n"
        "a@x.example,active,2021-03-01,\n"
        "a@x.example,unsubscribed,,2023-05-01\n"
        "a@x.example,active,2024-03-01,\n"
    )
    assert one.said.joined == datetime(2024, 3, 1, tzinfo=UTC)
    assert one.evidence.endswith("x.csv:3, status unsubscribed, unsubscribed_at 2023-05-01")


def test_names_tags_and_attributes_of_all_rows_are_kept():
    (one,) = read(
        "email,name,tags,attributes\n"
        'a@x.example,Ana,"b, a","{""city"": ""Oslo""}"\n'
        'A@x.example,Ana Souza,"c","{""plan"": ""paid""}"\n'
    )
    assert (one.address.text, one.name, one.tags) == ("A@x.example", "Ana Souza", ("a", "b", "c"))
    assert one.attributes == {"city": "Oslo", "plan": "paid"}


def test_our_own_export_speaks_of_each_newsletter_by_name():
    (one,) = read(
        "address,newsletters,newsletters_left,standing,standing_since,joined\n"
        "a@x.example,weekly,morning=2026-11-20T06:00:00+00:00,active,,2026-01-02T00:00:00+00:00\n"
    )
    assert one.said.what == "unsaid"
    assert {name: said.what for name, said in one.named.items()} == {
        "morning": "unsubscribed",
        "weekly": "active",
    }
    assert one.of("morning").ended == datetime(2026, 11, 20, 6, tzinfo=UTC)
    assert one.of("weekly").joined == datetime(2026, 1, 2, tzinfo=UTC)
    (one,) = read(
        "address,newsletters,newsletters_left,standing,standing_since\n"
        "a@x.example,weekly,,bounced,2026-11-20T06:00:00+00:00\n"
    )
    assert (one.said.what, one.said.ended) == ("bounced", datetime(2026, 11, 20, 6, tzinfo=UTC))


COLUMNS = {
    "email": st.sampled_from(["a@x.example", "A@x.example", "b@x.example", "no address"]),
    "Name": st.sampled_from(["", "Ana", "Ana S", "Bo", "NULL"]),
    "status": st.sampled_from(
        ["", "active", "unsubscribed", "bounced", "pending", "complained", "\\N"]
    ),
    "Status ": st.sampled_from(["", "active", "blocked"]),
    "confirm_time": st.sampled_from(
        ["", "2021-05-01", "2022-05-01 10:00:00", "2024-01-01", "2031-01-01", "2020", "-"]
    ),
    "created_at": st.sampled_from(["", "2019-01-01T00:00:00Z", "2025-06-01"]),
    "unsubscribed_at": st.sampled_from(["", "0000-00-00", "2023-05-01", "2020-01-01", "soon"]),
    "bounced": st.sampled_from(["", "0", "1", "2023-01-01"]),
    "tags": st.sampled_from(["", "vip", "vip, press", "Unsubscribed"]),
    "attributes": st.sampled_from(
        ["", "{}", '{"plan": "paid"}', '{"plan": "gold", "city": "Oslo"}']
    ),
    "language": st.sampled_from(["", "de", "DE-at", "german"]),
}


def state(one):
    """All that is taken of a reader, but for lines and the order of evidence."""
    if not isinstance(one, Candidate):
        return (re.sub(r":\d+", "", one.headline),)
    texts = tuple(sorted(re.sub(r":\d+,", "", t).split("; ")) for t in (one.evidence, one.ending))
    return (
        one.address, one.name, one.language, one.tags, tuple(sorted(one.attributes.items())),
        one.said, tuple(sorted(one.named.items())), texts, one.rows,
    )  # fmt: skip


def states(rows, columns, as_json):
    out = io.StringIO(newline="")
    if as_json:
        for row in rows:
            out.write(
                "{" + ",".join(f"{json.dumps(c)}:{json.dumps(row[c])}" for c in columns) + "}\n"
            )
    else:
        writer = csv.writer(out)
        writer.writerow(columns)
        writer.writerows([row[c] for c in columns] for row in rows)
    return sorted(map(repr, map(state, read(out.getvalue()))))


@pytest.mark.slow
@settings(deadline=None)
@given(
    st.lists(st.fixed_dictionaries(COLUMNS), min_size=1, max_size=5), st.randoms(), st.booleans()
)
def test_any_order_of_rows_and_columns_gives_the_same_readers(rows, chance, as_json):
    columns = list(COLUMNS)
    wanted = states(rows, columns, as_json)
    chance.shuffle(rows)
    chance.shuffle(columns)
    assert states(rows, columns, as_json) == wanted


@pytest.mark.slow
def test_rows_of_one_address_are_found_however_far_apart():
    between = "".join(f"r{n}@x.example,active\n" for n in range(5000))
    found = read(f"email,status\na@x.example,unsubscribed\n{between}a@x.example,active\n")
    (one,) = [one for one in found if one.address.key == "a@x.example"]
    assert (len(found), one.said.what, one.rows) == (5001, "unsubscribed", 2)


def test_an_address_that_stands_a_thousand_times_has_a_few_rows_as_evidence():
    rows = [f"a@x.example,20{n % 25:02}-01-01 {n % 24:02}:{n % 60:02}\n" for n in range(1, 1001)]
    random.Random(1).shuffle(rows)
    (one,) = read("email,confirm_time\n" + "".join(rows))
    assert one.said.joined == datetime(2000, 1, 1, tzinfo=UTC)
    assert (one.rows, len(one.evidence.split("; "))) == (1000, 8)


@pytest.mark.parametrize(
    "cell",
    [
        "a@x.example; b@x.example",
        '"b@x.example, a@x.example"',
        "a@x.example.",
        "'a@x.example'",
        "a%40x.example",
        "A@x.example;",
        '"Ana, of the quay <a@x.example> (home)"',
    ],
)
def test_an_address_in_a_cell_that_is_refused_is_not_taken_by_another_row(cell):
    text = f"email|status\n{cell}|unsubscribed\na@x.example|active\no'a@x.example|active\n"
    found = read(text)
    assert [one.line for one in found if isinstance(one, Problem)] == [2, 2]
    taken = {one.address.text: one.said.what for one in found if isinstance(one, Candidate)}
    assert taken == {"a@x.example": "doubtful", "o'a@x.example": "active"}


def test_a_refused_cell_of_any_length_speaks_of_few_addresses():
    text = "email,status\n" + f"@{'a' * 9000},x\n" * 3 + f"{'a' * 9000}@,x\na@x.example,active\n"
    found = read(text, {"status:x": "active"})
    assert [one.line for one in found if isinstance(one, Problem)] == [2, 3, 4, 5]
    assert said(text, {"status:x": "active"}) == "active"
