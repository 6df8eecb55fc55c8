"""The audience in the ledger: who joins, who leaves, and who never comes back."""

from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from publisher.audience import address
from publisher.model import Candidate, Said, Segment

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)


def candidate(text="ana@x.example", **keys):
    return Candidate(address=address(text), **keys)


@pytest.fixture
def join(ledger):
    def joined(*candidates, newsletters=("morning",), again=False, now=NOON):
        erased = {one.address.key: f"erased:{one.address.key[::-1]}" for one in candidates}
        return [
            (one.what, one.reason)
            for one in ledger.readers.join(
                candidates,
                newsletters,
                now=now,
                how="form",
                source="test",
                erased=erased,
                again=again,
            )
        ]

    return joined


def reader(ledger, text="ana@x.example"):
    return ledger.readers.find(address(text).key)


def test_a_reader_joins_once_with_consent_for_each_newsletter(ledger, join):
    assert join(candidate(), newsletters=["morning", "weekly"]) == [("added", "")]
    assert join(candidate()) == [("known", "")]
    found = reader(ledger)
    assert found.subscriptions == {"morning": "active", "weekly": "active"}
    log = [(c.newsletter, c.what, c.how, c.source) for c in ledger.readers.consents(found.id)]
    assert log == [
        ("morning", "subscribed", "form", "test"),
        ("weekly", "subscribed", "form", "test"),
    ]


def test_a_known_reader_gets_one_more_newsletter_and_keeps_the_rest(ledger, join):
    join(candidate(name="Ana", attributes={"city": "Oslo"}, tags=("a",)))
    assert join(
        candidate(attributes={"plan": "paid"}, tags=("a", "b")), newsletters=["weekly"]
    ) == [("subscribed", "")]
    found = reader(ledger)
    assert (found.name, found.attributes, found.tags) == (
        "Ana",
        {"city": "Oslo", "plan": "paid"},
        ("a", "b"),
    )


def test_two_spellings_of_an_address_are_one_reader(ledger, join):
    assert join(candidate("Ana@X.example"), candidate("ana@x.EXAMPLE")) == [
        ("added", ""),
        ("known", ""),
    ]
    assert join(candidate("ANA@x.example")) == [("known", "")]


def test_whoever_left_stays_out_until_they_ask(ledger, join):
    join(candidate())
    assert ledger.readers.leave(reader(ledger).id, [], NOON, "link") == ["morning"]
    assert ledger.readers.leave(reader(ledger).id, [], NOON, "link") == []
    assert join(candidate()) == [("kept", "left morning on 2026-11-24")]
    assert reader(ledger).subscriptions == {"morning": "unsubscribed"}
    assert join(candidate(), again=True) == [("subscribed", "")]
    assert [c.what for c in ledger.readers.consents(reader(ledger).id)] == [
        "subscribed",
        "unsubscribed",
        "subscribed",
    ]


def test_of_those_who_are_kept_out_only_who_left_may_come_back_by_asking(ledger, join):
    everybody = [candidate(f"{name}@x.example") for name in ("left", "bounced", "new")]
    join(*everybody[:2])
    ledger.readers.leave(reader(ledger, "left@x.example").id, [], NOON, "link")
    ledger.readers.suppress("bounced@x.example", "bounced", NOON)
    erased = {one.address.key: f"erased:{one.address.key}" for one in everybody}
    found = ledger.readers.join(
        everybody, ["morning"], now=NOON, how="form", source="", erased=erased
    )
    assert [(one.what, one.may_return) for one in found] == [
        ("kept", True),
        ("kept", False),
        ("added", False),
    ]


def test_an_unsubscribe_from_another_tool_ends_a_subscription(ledger, join):
    join(candidate())
    left = candidate(said=Said(what="unsubscribed", ended=NOON - timedelta(days=400)))
    assert join(left) == [("ended", "")]
    assert join(candidate(said=Said(what="unsubscribed"))) == [
        ("kept", "left morning on 2026-11-24")
    ]
    assert reader(ledger).subscriptions == {"morning": "unsubscribed"}


@pytest.mark.parametrize("reason", ["bounced", "complained", "manual"])
def test_a_suppressed_address_is_not_brought_back_by_anything(ledger, join, reason):
    assert join(candidate(said=Said(what=reason))) == [(reason, "suppressed from now on")]
    assert join(candidate(), again=True) == [("kept", f"suppressed ({reason}) since 2026-11-24")]
    assert ledger.readers.count("morning") == 0
    assert ledger.readers.unsuppress("ana@x.example", "ana@x.example").reason == reason
    assert join(candidate()) == [("subscribed", "")]


def test_a_suppression_needs_no_reader(ledger, join):
    assert ledger.readers.suppress("ana@x.example", "manual", NOON, "asked by phone") is None
    assert ledger.readers.suppress("ana@x.example", "manual", NOON).detail == "asked by phone"
    assert join(candidate())[0][0] == "kept"


def test_an_erased_reader_is_in_no_table_and_cannot_be_imported(ledger, join):
    join(
        candidate(name="Ana", tags=("a",), attributes={"city": "Oslo"}), candidate("bob@x.example")
    )
    assert ledger.readers.erase("ana@x.example", "erased:" + "ana@x.example"[::-1], NOON)
    assert reader(ledger) is None
    with ledger._engine.connect() as db:
        for table in sa.inspect(db).get_table_names():
            text = str(db.execute(sa.text(f"SELECT * FROM {table}")).all())
            assert "ana@x" not in text, table
            assert "Oslo" not in text, table
    assert join(candidate(), again=True) == [("kept", "asked to be forgotten on 2026-11-24")]
    assert not ledger.readers.erase("ana@x.example", "erased:" + "ana@x.example"[::-1], NOON)


@pytest.mark.parametrize(
    ("keys", "wanted"),
    [
        ({}, "ana bob cy"),
        ({"tags": ("vip", "x")}, "ana"),
        ({"without_tags": ("vip",)}, "bob cy"),
        ({"languages": ("de",)}, "bob"),
        ({"zones": ("Asia/Tokyo",)}, "cy"),
        ({"domains": ("y.example",)}, "cy"),
        ({"attributes": ("plan=paid",)}, "ana cy"),
        ({"attributes": ("plan=paid", "it's \"; --=1")}, ""),
        ({"tags": ("vip",), "attributes": ("plan=free",)}, ""),
    ],
)
def test_a_segment_is_met_by_whoever_meets_every_key(ledger, join, keys, wanted):
    join(
        candidate(tags=("vip",), attributes={"plan": "paid"}),
        candidate("bob@x.example", language="de"),
        candidate("cy@y.example", zone="Asia/Tokyo", attributes={"plan": "paid"}),
    )
    segment = Segment(name="s", **keys)
    found = [
        one.address.split("@")[0] for one in ledger.readers.listed(segment=segment, active=True)
    ]
    assert " ".join(found) == wanted
    assert ledger.readers.count("morning", segment) == len(found)


def test_more_readers_than_a_page_are_listed_in_order(ledger, join):
    join(*[candidate(f"r{n:04}@x.example") for n in range(1500)])
    found = [one.address for one in ledger.readers.listed("morning")]
    assert found == [f"r{n:04}@x.example" for n in range(1500)]
    assert ledger.readers.totals() == {"morning": {"active": 1500}}


def test_keys_are_made_once_and_rotated(ledger):
    secrets, newest = ledger.readers.secrets(NOON)
    assert ledger.readers.secrets(NOON) == (secrets, newest)
    assert ledger.readers.rotate(NOON + timedelta(days=1)) == "2"
    after, newest = ledger.readers.secrets(NOON)
    assert (newest, after["1"], len(set(after.values()))) == ("2", secrets["1"], 2)


def test_the_log_of_consent_is_only_ever_added_to(ledger, join):
    statements = []
    sa.event.listen(ledger._engine, "before_cursor_execute", lambda *a: statements.append(a[2]))
    join(candidate())
    ledger.readers.leave(reader(ledger).id, [], NOON, "link")
    join(candidate(said=Said(what="bounced")))
    changes = [s for s in statements if "consents" in s and not s.startswith(("INSERT", "SELECT"))]
    assert changes == []


def test_each_newsletter_has_what_a_file_says_of_it_by_name(ledger, join):
    one = candidate(
        said=Said(what="unsaid"),
        named={
            "morning": Said(what="unsubscribed", ended=NOON - timedelta(days=3)),
            "weekly": Said(joined=NOON - timedelta(days=9)),
        },
        evidence="list.csv:2, joined 2026-11-15",
        ending="list.csv:2, newsletters_left morning",
    )
    assert join(one, newsletters=["morning", "weekly", "daily"]) == [("added", "")]
    found = reader(ledger)
    assert found.subscriptions == {"morning": "unsubscribed", "weekly": "active"}
    assert found.since["morning"] == NOON - timedelta(days=3)
    assert join(one, newsletters=["daily"]) == [("unsaid", "")]
    assert [(c.newsletter, c.what, c.at, c.source) for c in ledger.readers.consents(found.id)] == [
        (
            "morning",
            "unsubscribed",
            NOON - timedelta(days=3),
            "list.csv:2, newsletters_left morning",
        ),
        ("weekly", "subscribed", NOON - timedelta(days=9), "list.csv:2, joined 2026-11-15"),
    ]


def test_who_was_never_a_reader_here_is_known_to_have_left_with_both_dates(ledger, join):
    joined, ended = NOON - timedelta(days=900), NOON - timedelta(days=400)
    assert join(candidate(said=Said(what="unsubscribed", joined=joined, ended=ended))) == [
        ("left", "")
    ]
    log = [(c.what, c.at) for c in ledger.readers.consents(reader(ledger).id)]
    assert log == [("subscribed", joined), ("unsubscribed", ended)]
    assert join(candidate()) == [("kept", f"left morning on {ended:%Y-%m-%d}")]


def test_a_suppression_of_a_file_has_its_own_date(ledger, join):
    at = NOON - timedelta(days=400)
    join(candidate(said=Said(what="bounced", ended=at), ending="list.csv:2, bounced_at 2025"))
    found = ledger.readers.suppression("ana@x.example")
    assert (found.reason, found.at, found.detail) == ("bounced", at, "list.csv:2, bounced_at 2025")


@pytest.mark.parametrize("what", ["pending", "unsaid", "doubtful"])
def test_of_whom_a_file_says_nothing_nothing_is_kept(ledger, join, what):
    assert join(candidate(said=Said(what=what), name="Ana")) == [(what, "")]
    assert reader(ledger) is None


def test_two_mailboxes_that_look_alike_are_two_readers(ledger, join):
    assert join(candidate("straße@x.example"), candidate("strasse@x.example")) == [
        ("added", ""),
        ("added", ""),
    ]
    ledger.readers.suppress("strasse@x.example", "manual", NOON)
    assert ledger.readers.suppression("straße@x.example") is None
    assert ledger.readers.count("morning") == 1


@pytest.mark.parametrize(
    ("range_", "wanted"), [("de", "DE de de-AT"), ("DE-at", "de-AT"), ("*", "DE de de-AT den")]
)
def test_a_language_of_a_segment_is_a_range(ledger, join, range_, wanted):
    for n, language in enumerate(["de", "de-AT", "den", "DE", ""]):  # DE as of an older ledger
        join(candidate(f"r{n}@x.example", language=language))
    segment = Segment(name="s", languages=(range_,))
    assert (
        " ".join(sorted(one.language for one in ledger.readers.listed(segment=segment))) == wanted
    )
