"""What each job does, by the ledger's rows: asked twice it does nothing the second time."""

import contextlib
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from publisher.delivery import Stop
from publisher.engine import bodies
from publisher.engine.bodies import BODIES, Asked, Work
from publisher.engine.procrastinate import tables
from publisher.errors import SourceError
from publisher.ledger import CommitRecord, Ledger
from publisher.model.job import TASKS, delivering, drafting, making_pages, telling_hub
from publisher.pipeline.readers.signups import ask
from publisher.pipeline.workspace import Workspace
from publisher.service.events import Events
from tests.acceptance.test_hub import hub
from tests.acceptance.test_service import DRAFT
from tests.crash.hosts import with_keys
from tests.imapd import Server as Mailbox
from tests.postgresql import database, url_of
from tests.site import CONFIG
from tests.smtpd import Server
from tests.unit.pipeline.test_checkouts import commit, git

BERLIN = ZoneInfo("Europe/Berlin")
SEVEN = datetime(2026, 11, 24, 7, tzinfo=BERLIN)
EDITION = "morning@2026-11-24T0700"
SMTP = '\n[smtp]\nhost = "127.0.0.1"\nport = {}\nsecurity = "none"\n'


@pytest.fixture
def works(site):
    """What does a task at a time; `.put` is what came of it, `.said` what was said."""
    with contextlib.ExitStack() as open_:

        class Works:
            def __init__(self):
                self.put, self.said, self.stop = [], [], Stop()
                self.is_current = True

            def __call__(self, task, about="", at=SEVEN, feeds=()):
                space = Workspace(site.root, at, writing=True)
                open_.callback(space.close)
                self.space = space
                work = Work(
                    space=space,
                    now=lambda: at,
                    stop=self.stop,
                    events=Events(lambda: at, self.said.append),
                    put=self.put.extend,
                    is_current=lambda: self.is_current,
                )
                return BODIES[task](work, Asked(about=about, feeds=feeds))

            def outcomes(self, what):
                return [one.text for one in self.said if one.what == what]

        yield Works()


def scheduled(site, config=CONFIG, readers=1):
    """A publication that waits for its first slot."""
    site.config(config)
    site.story("a")
    for number in range(readers):
        assert site.run("subscribers", "add", f"r{number}@x.example").code == 0
    assert site.run("run", "--once", "--at", "2026-11-24 06:00").code == 0


def test_every_task_has_a_body():
    assert tuple(BODIES) == TASKS


def test_a_slot_is_settled_once_and_sent_in_parts(site, works, monkeypatch):
    monkeypatch.setattr(bodies, "PART", 2)
    with Server() as server:
        scheduled(site, CONFIG + SMTP.format(server.port), readers=5)
        assert works("settle", "morning") is None
        assert works.outcomes("slot") == ["sent, 5 readers, 0.0 s late"]
        assert works("settle", "morning") is None
        assert len(works.outcomes("slot")) == 1
        sent = []
        for _ in range(4):
            assert works("deliver", EDITION) is None
            sent.append(len(server.messages))
        assert sent == [2, 4, 5, 5]
        assert works.outcomes("delivered") == [
            "2 accepted",
            "2 accepted",
            "all out: 5 accepted",
        ]


def test_a_slot_is_built_of_the_commit_that_is_named_for_it(site, works, tmp_path):
    git(tmp_path, "init", "-q", "--bare", "all")
    scheduled(site)
    (site.root / ".gitignore").write_text("outbox\n.publisher\n")
    git(site.root, "init", "-q")
    git(site.root, "remote", "add", "origin", str(tmp_path / "all"))
    named = commit(site.root)
    git(site.root, "push", "-q", "origin", "HEAD:main")
    unknown = "1" * 40
    (ledger := Ledger(site.root / ".publisher/ledger.db")).commits.ask(
        [CommitRecord(edition=EDITION, commit=unknown, host="h", named=SEVEN)], []
    )
    site.story("a", title="Not committed")
    with pytest.raises(SourceError, match=f"built of commit {unknown[:12]}"):
        works("settle", "morning")
    assert works.outcomes("slot") == []  # of other files nothing is built
    with ledger._engine.begin() as db:
        db.exec_driver_sql('UPDATE commits SET "commit" = ?', (named,))
    ledger.close()
    assert works("settle", "morning") is None
    assert works.outcomes("slot") == ["sent, 1 reader, 0.0 s late"]
    mails = [one.read_text() for one in (site.root / "outbox").glob("editions/morning@*/*.txt")]
    assert any("The first paragraph of a." in one for one in mails)
    assert not any("Not committed" in one for one in mails)


def test_a_part_is_of_its_edition_alone(site, works):
    with Server() as server:
        scheduled(site, CONFIG + SMTP.format(server.port))
        works("settle", "morning")
        assert works("deliver", "weekly@2026-11-24T0700") is None
        assert server.messages == []
        assert works("deliver") is None  # of "" whatever is due
        assert len(server.messages) == 1


def test_a_worker_that_ends_leaves_the_rest_to_another(site, works):
    with Server() as server:
        scheduled(site, CONFIG + SMTP.format(server.port))
        works.stop.ask()
        assert works("settle", "morning") == 0.0
        assert works.outcomes("slot") == []
        works.stop = Stop()
        works("settle", "morning")
        works.stop.ask()
        assert works("deliver", EDITION) == 0.0
        assert server.messages == []


def test_another_publisher_toml_ends_a_part_and_the_next_one_has_it(site, works, monkeypatch):
    monkeypatch.setattr(bodies, "PART", 2)
    with Server() as server:
        scheduled(site, CONFIG + SMTP.format(server.port), readers=3)
        works("settle", "morning")
        works.is_current = False
        assert works("deliver", EDITION) == 0.0
        assert len(server.messages) == 2


@pytest.mark.slow
@pytest.mark.parametrize(("waits", "sent"), [([], 5), (["another"], 2)])
def test_who_sends_goes_on_with_an_edition_unless_another_job_waits(
    site, works, monkeypatch, postgresql, waits, sent
):
    monkeypatch.setattr(bodies, "PART", 2)
    with Server() as server, database(postgresql) as name:
        keys = with_keys(CONFIG, f'ledger = "{url_of(postgresql, name)}"')
        pace = '[domains."x.example"]\nper_second = 50\n[engine]\nkind = "procrastinate"\n'
        site.config(keys + SMTP.format(server.port) + pace)
        site.story("a")
        readers = site.article(
            "../readers.csv", "email\n" + "".join(f"r{n}@x.example\n" for n in range(5))
        )
        assert site.run("subscribers", "import", str(readers)).code == 0
        site.build("2026-11-24 07:00")
        assert site.run("send", EDITION, "--yes", "--at", "2026-11-24 07:00").code == 0
        with contextlib.closing(Ledger(url_of(postgresql, name), workers=True)) as ledger:
            ledger.jobs.prepare(*tables())
            ledger.jobs.put([delivering(one) for one in waits])
            assert works("deliver", EDITION) is None
            assert (len(server.messages), ledger.jobs.of("another")) == (sent, (len(waits), 0))
        works.space.close()


def test_a_pace_is_asked_again_when_it_lets_more_go(site, works):
    with Server() as server:
        limits = '\n[delivery]\nper_day = 1\nexpires = "5d"\n[smtp]\nhost = "127.0.0.1"\n'
        config = CONFIG + limits + f'port = {server.port}\nsecurity = "none"\n'
        scheduled(site, config, readers=3)
        works("settle", "morning")
        assert works("deliver", EDITION) == 60.0  # publisher.toml may allow more before midnight
        assert len(server.messages) == 1


def test_a_server_that_does_not_answer_is_asked_again_in_a_minute(
    site, works, free_port, monkeypatch
):
    monkeypatch.setattr("publisher.delivery.course.PATIENCE", (0.01,))
    scheduled(site, CONFIG + SMTP.format(free_port()))
    works("settle", "morning")
    assert works("deliver", EDITION) == 60
    assert "delivery" in works.outcomes("error")[0]


def test_who_signed_up_is_mailed_once(site, works):
    with Server() as server:
        scheduled(site, CONFIG + SMTP.format(server.port))
        with contextlib.closing(Workspace(site.root, SEVEN, writing=True)) as space:
            ask(space, "new@x.example", ["morning"], "en", "192.0.2.1", SEVEN)
        assert works("sign-ups") is None
        assert [to for to, _ in server.messages] == ["new@x.example"]
        assert works("sign-ups") is None
        assert len(server.messages) == 1


def test_pages_are_made_and_what_comes_of_them_has_its_jobs(site, works):
    with hub() as (address, told):
        site.config(CONFIG + f'\n[feeds]\nhub = "{address}"\n')
        site.story("a")
        site.story("later", date="2026-11-24 09:30")
        assert works("pages") is None
        assert "/later" not in str(site.feed())
        word, later = works.put
        assert later == making_pages(SEVEN + timedelta(hours=2, minutes=30), SEVEN)
        assert word.task == "hub"
        assert works("hub", feeds=word.feeds) is None
        (form,) = told
        assert "https://test.example/feeds/feed.json" in form["hub.url"]
        works.put.clear()
        assert works("pages") is None
        assert works.put == [later]  # nothing has changed: the hub is told nothing


def test_a_hub_that_does_not_answer_is_tried_again(site, works):
    site.config(CONFIG + '\n[feeds]\nhub = "http://127.0.0.1:1/"\n')
    with pytest.raises(Exception, match="the hub was not told"):
        works("hub", feeds=telling_hub(["https://test.example/feeds/feed.json"]).feeds)


def test_a_draft_is_built_when_its_time_has_come(site, works):
    site.config(DRAFT)
    site.story("a")
    at = SEVEN - timedelta(hours=2)
    assert works("drafts", at=at) is None
    assert (works.put, works.outcomes("draft")) == ([drafting(at + timedelta(hours=1), at)], [])
    assert works("drafts", at=at + timedelta(hours=1)) is None
    (said,) = works.outcomes("draft")
    assert said.startswith("draft made, 1 stories")


def test_a_mailbox_is_read_and_looked_at_again(site, works, monkeypatch):
    monkeypatch.setenv("PUBLISHER_IMAP_PASSWORD", "secret")
    with Mailbox() as mailbox:
        where = f'host = "127.0.0.1"\nport = {mailbox.port}\nuser = "reader"\nsecurity = "none"\n'
        site.config(CONFIG + f'\n[returns]\nevery = "30s"\n[returns.imap]\n{where}')
        mailbox.deliver(b"From: a@x.example\r\nSubject: Hello\r\n\r\nHello\r\n")
        assert works("returns") == 30
        assert len(works.outcomes("returned")) == 1
        assert works("returns") == 30
        assert len(works.outcomes("returned")) == 1  # it was moved
        site.config(CONFIG)
        assert works("returns") is None  # it is named no more
