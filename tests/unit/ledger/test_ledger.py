"""What the ledger keeps, and that it keeps it once."""

import multiprocessing
from datetime import UTC, datetime

import pytest
import sqlalchemy as sa
from msgspec.structs import replace
from sqlalchemy.sql.compiler import SQLCompiler

from publisher.errors import Locked
from publisher.ledger import EditionRecord, Ledger, locked
from publisher.sources import Identity

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)


def identity(name, path):
    return Identity(id=name, path=path, first_seen=NOON, digest="d", body="b", title="t")


def record(slot="2026-11-24T07:00", **keys):
    return EditionRecord(
        id=f"n@{slot}",
        newsletter="n",
        slot=slot,
        instant=NOON,
        state="built",
        recorded=NOON,
        **keys,
    )


def test_articles_are_remembered_across_openings(ledger, place):
    ledger.articles.remember([identity("i", "a.md")])
    second = Ledger(place, readonly=True)
    assert list(second.articles.all()) == [("i", "a.md", NOON, "d", "b", "t", True)]
    second.close()


def test_a_second_ledger_compiles_no_statement_anew(tmp_path, monkeypatch):
    def used(name):
        one = Ledger(tmp_path / name)
        one.editions.record(record(), [])
        assert [known.id for known in one.editions.all("n")] == ["n@2026-11-24T07:00"]
        one.close()

    used("first.db")
    compiled = []
    monkeypatch.setattr(SQLCompiler, "process", lambda *_, **__: compiled.append(1))
    used("second.db")
    assert compiled == []


def test_articles_may_exchange_their_paths(ledger):
    ledger.articles.remember([identity("i", "a.md"), identity("j", "b.md")])
    ledger.articles.remember([identity("i", "b.md"), identity("j", "a.md")])
    assert sorted(row[:2] for row in ledger.articles.all()) == [("i", "b.md"), ("j", "a.md")]


def test_a_slot_has_one_edition_with_its_latest_stories(ledger):
    ledger.editions.record(record(seal="1"), [("a", "v1"), ("b", "v1")])
    ledger.editions.record(record(seal="2"), [("b", "v2")])
    assert [one.seal for one in ledger.editions.all()] == ["2"]
    assert ledger.editions.sent("n", but="") == {"b": "n@2026-11-24T07:00"}


def test_a_second_id_for_the_same_slot_is_refused_by_the_database(ledger):
    ledger.editions.record(record())
    with pytest.raises(sa.exc.IntegrityError):
        ledger.editions.record(replace(record(), id="other"))


def test_a_story_counts_as_sent_in_other_editions_of_its_newsletter_only(ledger):
    ledger.editions.record(record(), [("a", "v")])
    assert ledger.editions.sent("n", but="n@2026-11-24T07:00") == {}
    assert ledger.editions.sent("n", but="n@2026-11-25T07:00") == {"a": "n@2026-11-24T07:00"}
    assert ledger.editions.sent("m", but="") == {}


def test_hands_are_kept_in_the_order_they_were_laid_on(ledger):
    ledger.pins.put("n", "b", "pin", NOON)
    ledger.pins.put("n", "a", "pin", NOON.replace(minute=1))
    ledger.pins.put("n", "c", "exclude", NOON)
    assert ledger.pins.of("n") == {"pin": ["b", "a"], "exclude": ["c"]}
    ledger.pins.put("n", "b", None, NOON)
    ledger.pins.put("n", "a", "exclude", NOON)
    assert ledger.pins.of("n") == {"pin": [], "exclude": ["a", "c"]}


def test_a_naive_instant_is_refused(ledger):
    with pytest.raises(sa.exc.StatementError, match="naive"):
        ledger.pins.put("n", "a", "pin", NOON.replace(tzinfo=None))


def _hold(path, held, done):
    with locked(path):
        held.set()
        done.wait(60)


def test_only_one_process_holds_the_lock_and_its_end_frees_it(tmp_path):
    context = multiprocessing.get_context("fork")
    held, done = context.Event(), context.Event()
    other = context.Process(target=_hold, args=(tmp_path / "lock", held, done))
    other.start()
    assert held.wait(60)
    with pytest.raises(Locked, match=rf"process {other.pid}\)"), locked(tmp_path / "lock"):
        pass
    other.kill()
    other.join()
    with locked(tmp_path / "lock"):
        pass
