"""The ledger's schema: made new, brought up from older ones, refused when newer."""

import re
import sqlite3
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from publisher.audience import address
from publisher.errors import (
    ConfigError,
    LedgerUnavailable,
    Locked,
    PublisherError,
    StateUnavailable,
)
from publisher.ledger import Ledger, Mark, engine, schema, tables
from publisher.ledger.spoken import spoken
from publisher.model import Candidate, Cause

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)

FIRST = """
CREATE TABLE meta (version INTEGER NOT NULL);
CREATE TABLE articles (id TEXT NOT NULL, path TEXT NOT NULL, first_seen VARCHAR(32) NOT NULL,
  digest TEXT NOT NULL, body TEXT NOT NULL, title TEXT NOT NULL, PRIMARY KEY (id), UNIQUE (path));
CREATE TABLE editions (id TEXT NOT NULL, newsletter TEXT NOT NULL, slot TEXT NOT NULL,
  instant VARCHAR(32) NOT NULL, state TEXT NOT NULL, reason TEXT NOT NULL, seal TEXT NOT NULL,
  recorded VARCHAR(32) NOT NULL, PRIMARY KEY (id), UNIQUE (newsletter, slot));
CREATE TABLE stories (edition TEXT NOT NULL, article TEXT NOT NULL, position INTEGER NOT NULL,
  version TEXT NOT NULL, PRIMARY KEY (edition, article),
  FOREIGN KEY(edition) REFERENCES editions (id));
CREATE TABLE hands (newsletter TEXT NOT NULL, article TEXT NOT NULL, verb TEXT NOT NULL,
  recorded VARCHAR(32) NOT NULL, PRIMARY KEY (newsletter, article));
INSERT INTO meta VALUES (1);
INSERT INTO articles VALUES ('i', 'a.md', '2026-11-24T07:00:00.000000+00:00', 'd', 'b', 't');
"""
"""What the first release left on disk."""


@pytest.fixture
def old(tmp_path):
    path = tmp_path / "ledger.db"
    with sqlite3.connect(path) as db:
        db.executescript(FIRST)
    db.close()
    return path


def differences(opened):
    with opened._engine.connect() as db:
        context = MigrationContext.configure(db, opts={"compare_type": True})
        return compare_metadata(context, tables.metadata)


def test_a_new_ledger_has_the_tables_that_the_program_knows(ledger):
    assert differences(ledger) == []


def test_a_ledger_of_the_first_release_is_brought_up_with_what_it_holds(old):
    ledger = Ledger(old)
    assert [row[0] for row in ledger.articles.all()] == ["i"]
    assert differences(ledger) == []
    ledger.close()


def test_migrations_and_tables_end_in_the_same_schema(old, tmp_path):
    def schema_of(path):
        Ledger(path).close()
        with sqlite3.connect(path) as db:
            rows = db.execute("SELECT name, type FROM sqlite_master").fetchall()
            columns = {
                name: sorted(c[1:4] for c in db.execute(f"PRAGMA table_info({name})"))
                for name, _ in rows
            }
        db.close()
        return sorted(row for row in rows if not row[0].startswith("sqlite_")), columns

    assert schema_of(old) == schema_of(tmp_path / "new.db")


def test_a_migration_that_fails_leaves_the_ledger_as_it_was(old, monkeypatch):
    before = sqlite3.connect(old).execute("SELECT sql FROM sqlite_master").fetchall()

    def broken(*_args):
        raise RuntimeError("in the middle")

    monkeypatch.setattr("alembic.op.drop_table", broken)
    with pytest.raises(RuntimeError):
        Ledger(old)
    assert sqlite3.connect(old).execute("SELECT sql FROM sqlite_master").fetchall() == before


def test_the_newest_migration_is_the_version_that_a_new_ledger_gets():
    migrations = Config()
    migrations.set_main_option("script_location", str(schema.MIGRATIONS))
    assert ScriptDirectory.from_config(migrations).get_heads() == [tables.VERSION]


def test_a_ledger_that_said_too_old_a_version_of_itself_is_brought_up(empty_place):
    as_of(empty_place, "0007", says="0005").dispose()
    ledger = Ledger(empty_place)
    assert differences(ledger) == []
    ledger.close()


def as_of(place, version, says=""):
    """A ledger as the migrations left it at a version; it says that it is of another one."""
    opened = engine._engine(place, readonly=False)
    config = Config()
    config.set_main_option("script_location", str(schema.MIGRATIONS))
    with opened.begin() as db:
        config.attributes["connection"] = db
        for statement in FIRST.split(";\n"):
            if statement.strip():
                db.exec_driver_sql(statement)
        tables.version.create(db)
        db.execute(tables.version.insert().values(version_num="0001"))
        command.upgrade(config, version)
        db.execute(sa.update(tables.version).values(version_num=says or version))
    return opened


FORMER = [
    # the state and reason of an older row, the cause and what is left of the reason
    ("sent", "", Cause.UNKNOWN, ""),
    ("sent", "by hand", Cause.BY_HAND, ""),
    ("sent", "breaking news", Cause.BREAKING, ""),
    ("sent", "released; was held: 3 hours late", Cause.RELEASED, "3 hours late"),
    ("caught up", "40 minutes late", Cause.LATE, "40 minutes"),
    ("skipped", "paused", Cause.PAUSED, ""),
    ("skipped", "no stories", Cause.EMPTY, ""),
    ("skipped", "1 story, fewer than 3", Cause.TOO_FEW, "1 story, fewer than 3"),
    ("skipped", "nobody subscribes to morning", Cause.NOBODY_SUBSCRIBES, "morning"),
    ("held", "by hand", Cause.BY_HAND, ""),
    ("held", "legal approval is late", Cause.UNKNOWN, "legal approval is late"),
    ("held", "2 days late", Cause.LATE, "2 days"),
    ("held", "one of 4 that are late", Cause.FLOOD, "4"),
    ("held", "waits for approval", Cause.UNAPPROVED, ""),
    ("held", "was changed after its approval", Cause.CHANGED_SINCE_APPROVAL, ""),
    ("held", "it could not be built: KeyError:\n'x'", Cause.BUILD_FAILED, "KeyError:\n'x'"),
    (
        "held",
        "the outbox says that it was sent, the ledger does not know it: "
        "was it restored from a backup?",
        Cause.RESTORED,
        "",
    ),
    (
        "missed",
        "nobody was there, and late ones are not caught up",
        Cause.NOT_CAUGHT_UP,
        "",
    ),
    ("missed", "a later one took its place", Cause.SUPERSEDED, ""),
    ("missed", "too many are late", Cause.TOO_MANY, ""),
    ("missed", "the schedule was changed", Cause.SCHEDULE_CHANGED, ""),
    ("missed", "the schedule was removed", Cause.SCHEDULE_REMOVED, ""),
    ("cancelled", "no stories", Cause.UNKNOWN, "no stories"),  # a person's own words
]


def test_older_reasons_become_causes_and_are_said_as_they_were(empty_place):
    opened = as_of(empty_place, "0007")
    rows = [
        {"edition": f"e{n}", "id": f"e{n}", "newsletter": "n", "slot": f"{n}", "state": state,
         "instant": "2026-11-24T07:00:00.000000+00:00", "reason": reason, "schedule": "",
         "recorded": "2026-11-24T07:00:00.000000+00:00", "seal": ""}
        for n, (state, reason, _, _) in enumerate(FORMER)
    ]  # fmt: skip
    common = "newsletter, slot, state, instant, reason, recorded"
    values = ":" + common.replace(", ", ", :")
    with opened.begin() as db:
        slots = f"INSERT INTO slots (edition, schedule, {common}) VALUES (:edition, '', {values})"
        db.execute(sa.text(slots), rows)
        made = f"INSERT INTO editions (id, seal, {common}) VALUES (:id, '', {values})"
        db.execute(sa.text(made), [row for row in rows if row["state"] == "skipped"])
    opened.dispose()
    ledger = Ledger(empty_place)
    found = {one.edition: (one.cause, one.reason, one.why) for one in ledger.slots.all()}
    assert found == {f"e{n}": (*row[2:], row[1]) for n, row in enumerate(FORMER)}
    causes = {one.why: one.cause for one in ledger.editions.all()}
    assert causes["no stories"] is Cause.EMPTY
    assert causes["1 story, fewer than 3"] is Cause.TOO_FEW
    assert differences(ledger) == []
    ledger.close()


def test_looking_at_an_older_ledger_leaves_it_alone(old):
    before = old.read_bytes()
    ledger = Ledger(old, readonly=True)
    assert [row[0] for row in ledger.articles.all()] == ["i"]
    ledger.close()
    assert old.read_bytes() == before


def test_a_newer_ledger_is_refused_by_name(ledger, place):
    with ledger._engine.begin() as db:
        db.execute(sa.update(tables.version).values(version_num="9999"))
        db.execute(sa.update(tables.schema_floor).values(oldest="9998"))
    with pytest.raises(PublisherError) as refused:
        Ledger(place)
    assert str(refused.value) == (
        "the ledger has schema 9999, and serves programs of 9998 and newer; "
        f"this publisher knows up to {tables.VERSION}\n"
        "  A newer publisher has brought it up.\n"
        "  Use that one, or a newer one."
    )


def test_a_newer_ledger_that_only_has_more_is_used_as_it_is(ledger, place):
    with ledger._engine.begin() as db:
        db.execute(sa.update(tables.version).values(version_num="9999"))
        db.exec_driver_sql("ALTER TABLE editions ADD COLUMN newer TEXT")
    for readonly in (False, True):
        older = Ledger(place, readonly=readonly)
        assert older.schema() == ("9999", tables.OLDEST)
        assert older.editions.all() == []
        older.close()


def test_each_step_says_whose_programs_go_on_with_it():
    migrations = Config()
    migrations.set_main_option("script_location", str(schema.MIGRATIONS))
    steps = list(ScriptDirectory.from_config(migrations).walk_revisions())[::-1]
    said = {one.revision: one.module.oldest for one in steps if one.revision >= "0015"}
    assert list(said.values()) == sorted(
        said.values()
    )  # none lets those in again that one left out
    assert all(oldest <= revision for revision, oldest in said.items())
    assert said[tables.VERSION] == tables.OLDEST


def test_programs_that_open_a_ledger_at_once_bring_it_up_once(empty_place):
    as_of(empty_place, "0013").dispose()
    with ThreadPoolExecutor(4) as threads:
        opened = list(threads.map(lambda _: Ledger(empty_place), range(4)))
    assert {one.schema() for one in opened} == {(tables.VERSION, tables.OLDEST)}
    for one in opened:
        one.close()


def test_a_step_waits_for_programs_that_could_not_go_on_with_it(empty_place, monkeypatch):
    if not isinstance(empty_place, str):
        pytest.skip("a file has no sessions")
    as_of(empty_place, "0014").dispose()
    monkeypatch.setattr(schema, "SPOKEN_AS", "publisher schema 0014")
    older = engine._engine(empty_place, readonly=False)
    with older.connect():
        with pytest.raises(Locked) as waits:
            Ledger(empty_place)
        assert str(waits.value) == (
            "older programs are at work on this ledger (a socket: schema 0014)\n"
            f"  They could not go on with schema {tables.VERSION}, which serves {tables.OLDEST} and "
            "newer.\n"
            "  Stop them, or put newer ones in their place; then: publisher ledger upgrade"
        )
    older.dispose()
    ledger = Ledger(empty_place)
    assert differences(ledger) == []
    ledger.close()


def test_a_locked_ledger_is_waited_for_and_then_named(tmp_path, monkeypatch):
    monkeypatch.setattr(engine, "WAIT", 0.2)
    ledger = Ledger(tmp_path / "ledger.db")
    other = sqlite3.connect(tmp_path / "ledger.db", isolation_level=None, check_same_thread=False)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(Locked, match=r"the ledger was locked by another program for 0\.2 seconds"):
        ledger.editions.forget("x")
    mark = Mark(claim=1, edition="x", reader=1, state="accepted", at=NOON)
    with pytest.raises(Locked, match="locked by another program"):  # in the driver's own words
        ledger.queue.mark([mark], timedelta(minutes=10))
    threading.Timer(0.05, lambda: other.execute("COMMIT")).start()
    ledger.editions.forget("x")  # waits
    ledger.close()
    other.close()


@pytest.mark.parametrize(
    "url", ["mysql://u:secret@h/d", "nonsense", "postgresql://u:secret@h:port/d"]
)
def test_a_url_that_is_none_is_named_without_its_password(url):
    with pytest.raises(ConfigError) as refused:
        Ledger(url)
    assert "secret" not in str(refused.value)


def test_others_may_not_read_the_ledger(tmp_path):
    Ledger(tmp_path / "ledger.db").close()
    assert (tmp_path / "ledger.db").stat().st_mode & 0o077 == 0


def test_a_database_that_does_not_answer_is_told_in_our_own_words(ledger):
    if ledger._engine.dialect.name == "sqlite":
        with ledger._engine.connect() as db:  # as on a full disk
            db.exec_driver_sql("PRAGMA max_page_count = 1")
        with pytest.raises(StateUnavailable, match="full") as told:
            ledger.readers.suppress("x" * 1_000_000, "manual", NOON)
        assert str(told.value) == (
            "a database in .publisher: database or disk is full\n"
            "  Look at the disk's space and rights, then run it again."
        )
        return
    told = pytest.raises(LedgerUnavailable, match="terminat")
    with told as ended, ledger._engine.connect() as db:
        db.exec_driver_sql("SELECT pg_terminate_backend(pg_backend_pid())")
    what, why, todo = str(ended.value).splitlines()
    assert re.fullmatch(r"the ledger postgresql://postgres\S* does not answer", what)
    assert why == "  terminating connection due to administrator command"
    assert todo == "  Nothing is lost: look at the database server, and run it again."
    assert ledger.editions.all() == []  # a new connection


def test_a_session_that_ended_under_a_mark_is_not_used_again(ledger, caplog):
    if ledger._engine.dialect.name == "sqlite":
        pytest.skip("a file has no sessions")
    with pytest.raises(LedgerUnavailable, match="terminat"), spoken(ledger._engine) as words:
        words.say("SELECT pg_terminate_backend(pg_backend_pid())")
    with spoken(ledger._engine) as words:
        words.say("SELECT 1")
    assert caplog.text == ""


OF_FOLDED_KEYS = """
INSERT INTO subscribers VALUES
  (1, 'straße@x.example', 'strasse@x.example', 'x.example', true, '', 'DE_at', '', '{}', 'J'),
  (2, 'Ana@x.example', 'ana@x.example', 'x.example', false, '', 'de', '', '{}', 'J');
INSERT INTO subscriptions VALUES (1, 'morning', true, 'J'), (2, 'morning', true, 'J');
INSERT INTO suppressions VALUES ('strasse@x.example', 'bounced', 'J', 'd'),
  ('fuss@x.example', 'manual', 'J', ''), ('erased:grass', 'erased', 'J', '');
""".replace("'J'", "'2026-01-02T03:04:05.000000+00:00'")
"""What an older ledger holds, whose keys took ß for ss."""

READER = """
INSERT INTO subscribers (id, address, key, domain, utf8, name, language, zone, attributes, joined)
VALUES (1, 'Ana@x.example', 'ana@x.example', 'x.example', false, '', 'DE_at', '', '{}', 'J')
""".replace("'J'", "'2026-01-02T03:04:05.000000+00:00'")


@pytest.fixture
def before(empty_place):
    opened = as_of(empty_place, "0007", says="0005")
    with opened.begin() as db:
        for statement in OF_FOLDED_KEYS.split(";\n"):
            if statement.strip():
                db.exec_driver_sql(statement)
    opened.dispose()
    ledger = Ledger(empty_place)
    yield ledger
    ledger.close()


def join(ledger, text):
    one = Candidate(address=address(text))
    erased = {one.address.key: "erased:own", one.address.folded: "erased:" + one.address.folded[:5]}
    now = datetime(2026, 11, 24, tzinfo=UTC)
    (joined,) = ledger.readers.join(
        [one], ["morning"], now=now, how="form", source="test", erased=erased
    )
    return joined.what, joined.reason


VERSIONS = sorted(path.stem[:4] for path in (schema.MIGRATIONS / "versions").glob("0*.py"))


@pytest.mark.parametrize("version", VERSIONS[:-1])
def test_a_ledger_of_any_earlier_version_is_brought_up_with_its_readers(empty_place, version):
    opened = as_of(empty_place, version)
    with opened.begin() as db:
        has_readers = sa.inspect(db).has_table("subscribers")
        if has_readers:
            db.exec_driver_sql(READER)
    opened.dispose()
    ledger = Ledger(empty_place)
    assert differences(ledger) == []
    assert [row[0] for row in ledger.articles.all()] == ["i"]
    assert has_readers == (version >= "0003")
    if has_readers:
        spelt = "de-AT" if version < "0010" else "DE_at"  # 0010 spells languages our way
        assert ledger.readers.find("ana@x.example").language == spelt
    ledger.close()


def test_an_older_ledger_goes_on_suppressing_whom_it_knew_by_a_folded_address(before):
    readers = before.readers
    assert differences(before) == []
    assert readers.find("straße@x.example").suppression.reason == "bounced"
    assert readers.find("straße@x.example").language == "de-AT"
    assert readers.find("ana@x.example").suppression is None
    assert readers.count("morning") == 1
    assert join(before, "fuß@x.example")[0] == "kept"  # whom nobody had met
    assert readers.suppression("fuß@x.example").reason == "manual"
    assert join(before, "graß@x.example") == ("kept", "asked to be forgotten on 2026-01-02")
    assert join(before, "ana@x.example") == ("known", "")


def test_a_new_suppression_is_of_one_spelling_alone(before):
    now = datetime(2026, 11, 24, tzinfo=UTC)
    before.readers.suppress("gross@x.example", "manual", now)
    assert join(before, "groß@x.example") == ("added", "")


def test_lifting_an_older_suppression_leaves_it_to_whoever_is_spelt_that_way(before):
    key, folded = "fuß@x.example", "fuss@x.example"
    assert before.readers.unsuppress(key, folded).reason == "manual"
    assert before.readers.suppression(key) is None
    assert join(before, key) == ("added", "")
    assert join(before, folded)[0] == "kept"
