"""What one newsletter's build does, or does not do, is no matter of any other's."""

import contextlib
import threading
from datetime import UTC, datetime, timedelta

import pytest

from publisher.delivery import Stop
from publisher.isolation import Child
from publisher.ledger import locked
from publisher.service import Service, pages, settling
from tests.acceptance.test_service import join
from tests.processes import until
from tests.site import AT, PAGED

SLOW = PAGED.replace('every = "day"\nat = "07:00"', 'cron = "0 7,8 * * *"') + (
    '\n[newsletters.slow]\ntitle = "Slow"\nevery = "day"\nat = "07:00"\n{rest}'
)
LOOPS = "{% for a in range(99999) %}{% for b in range(99999) %}\n{{ b }}\n{% endfor %}{% endfor %}"
SEVEN, EIGHT = "morning@2026-11-24T0700", "morning@2026-11-24T0800"


@pytest.fixture
def gate():
    """What hangs waits at it, no longer than the test."""
    gate = threading.Event()
    yield gate
    gate.set()


@pytest.fixture
def service(site):
    """A service in this process, with a clock that a test moves; `said` is what it says."""
    with contextlib.ExitStack() as ended:

        class Here(Service):
            now = datetime(2026, 11, 24, 5, 30, tzinfo=UTC)

            def __init__(self):
                self.said = []
                super().__init__(site.root, lambda: self.now, self.said.append, Stop())
                ended.callback(self.close)

            def begin(self):
                self.tick()
                type(self).now += timedelta(minutes=30)

            def slots(self):
                return [one.edition for one in self.said if one.what == "slot"]

            def until_settled(self, edition):
                until(lambda: self.tick(0.0) or edition in self.slots())

        yield Here


@pytest.mark.slow
def test_a_build_that_never_ends_delays_no_slot_of_another_newsletter(
    site, service, gate, monkeypatch
):
    site.config(SLOW.format(rest=""))
    site.story("a")
    site.story("b")
    join(site, "ana")
    join(site, "ben", newsletter="slow")
    one = service()
    one.begin()
    settle = settling.settle

    def hanging(space, occasion):
        if occasion.newsletter.name == "slow":
            gate.wait()
        return settle(space, occasion)

    monkeypatch.setattr(settling, "settle", hanging)
    one.until_settled(SEVEN)
    type(one).now += timedelta(hours=1)
    site.story("c", date="2026-11-24 07:30")
    one.until_settled(EIGHT)
    assert not one.is_well or one.standing() == 75
    gate.set()
    one.tick()
    assert sorted(one.slots()) == [SEVEN, EIGHT, "slow@2026-11-24T0700"]
    one.tick()
    assert one.standing() == 0
    assert len(one.slots()) == 3


@pytest.mark.slow
def test_a_theme_that_loops_costs_its_own_newsletter_the_slot(site, service):
    site.config(SLOW.format(rest='template = "loops"\n[rendering]\nseconds = 1\n'))
    (site.root / "templates/mail").mkdir(parents=True)
    (site.root / "templates/mail/loops.txt").write_text(LOOPS)
    site.story("a")
    join(site, "ana")
    join(site, "ben", newsletter="slow")
    one = service()
    one.begin()
    one.tick()
    told = {event.edition: event.text for event in one.said if event.what == "slot"}
    assert told[SEVEN].startswith("sent, 1 reader, 0.0 s late")
    assert "it takes too long: more than 1 seconds" in told["slow@2026-11-24T0700"]


@pytest.mark.slow
def test_feeds_and_pages_that_are_never_done_delay_no_slot(site, service, gate, monkeypatch):
    site.config(SLOW.format(rest=""))
    site.story("a")
    join(site, "ana")
    one = service()
    one.begin()
    build = pages.build_web
    monkeypatch.setattr(pages, "build_web", lambda space: gate.wait() and build(space))
    site.story("b")
    one.reload()
    one.tick(0.0)
    one.until_settled(SEVEN)
    gate.set()
    one.tick()
    assert (site.root / "outbox/web/b/index.html").is_file()


def test_nothing_is_rendered_while_the_lock_of_the_editions_is_held(site, service, monkeypatch):
    site.story("a")
    join(site, "ana")
    rendered, call = [], Child.call

    def looking(self, verb, *rest):
        with locked(site.root / ".publisher/lock"):
            rendered.append(verb)
        return call(self, verb, *rest)

    monkeypatch.setattr(Child, "call", looking)
    assert site.run("build", "--at", AT).code == 0
    assert "mail" in rendered
    rendered.clear()
    site.story("b")
    one = service()
    one.begin()
    one.tick()
    assert one.slots() == [SEVEN]
    assert "mail" in rendered


@pytest.mark.slow
def test_two_services_make_one_edition_of_a_slot(site, service):
    site.config(SLOW.format(rest=""))
    site.story("a")
    join(site, "ana")
    first, second = service(), service()
    first.tick()
    second.begin()
    first.tick(0.0)
    second.tick(0.0)
    first.tick()
    second.tick()
    assert [*first.slots(), *second.slots()].count(SEVEN) == 1
