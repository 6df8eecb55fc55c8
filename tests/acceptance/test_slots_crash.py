"""A short form of `make crash` for services: whatever dies, a slot is one edition, and recorded."""

import signal
from datetime import timedelta

import pytest

from tests.crash import slots
from tests.crash.dying import dying
from tests.processes import Child, until

STEPS = [
    "decide-before",
    "build-after",
    "seal-after",
    "freeze-before",
    "freeze-after",
    "mark sent-before",
    "look-before",
]


@pytest.mark.slow
def test_a_service_that_settles_before_it_sends_is_found_out():
    tally = slots.at_slot_steps(["build-before", "seal-after"], own=["--checkpoint"])
    assert tally.lost > 0
    assert "has no send" in tally.faults[-1]


@pytest.mark.slow
@pytest.mark.parametrize(
    "sweep",
    [
        lambda: slots.at_slot_steps(STEPS),
        lambda: slots.services_at_random(3, 1, services=2),
        lambda: slots.clock_moved(1, 1),
    ],
    ids=["named steps", "two services", "clock moved"],
)
def test_a_service_that_dies_leaves_one_edition_a_slot_and_a_record_of_each(sweep):
    tally = sweep()
    assert tally.kills > 0
    assert (tally.unsettled, tally.lost, tally.doubled, tally.faults) == (0, 0, 0, [])


@pytest.mark.slow
@pytest.mark.parametrize(
    "step",
    [f"{what}-{when}" for what in ("withdraw", "seal", "freeze") for when in ("before", "after")],
)
def test_wherever_send_now_dies_every_story_goes_out_once(site, step):
    site.story("a", date="2026-11-23 05:00")
    site.run("subscribers", "add", "ana@x.example")
    site.build("2026-11-23 07:00")  # nobody is sent this one: its story goes into the next
    site.story("b", date="2026-11-23 12:30")
    words = ("send", "morning", "--now", "--yes", "--at")
    own = [step, "1", "--", "-C", str(site.root), *words, "2026-11-23 13:00"]
    assert Child(dying, own).wait(60) == -signal.SIGKILL
    assert site.run(*words, "2026-11-23 13:05").code in (0, 3)  # 3 where all is in the queue
    assert site.run("deliver", "--at", "2026-11-23 13:05").code == 0
    mails = [path.read_text() for path in (site.root / "outbox/mail/new").iterdir()]
    for name in "ab":
        assert sum(mail.count(f"paragraph of {name}.\n") for mail in mails) == 1, mails
    assert site.run("audit", "--at", "2026-11-23 13:06").code == 0


@pytest.mark.slow
@pytest.mark.parametrize("words", [["--once"], []], ids=["once", "a service"])
def test_what_a_sender_claimed_that_died_goes_out_with_the_next_run(words):
    with slots.keeping() as one:
        one.write(0)
        at = one.slot(0) + timedelta(seconds=2)
        died = one.start(at, "--once", step="claim-after", number=1)
        one.reap(died)
        assert (one.kills, one.log.read_text()) == (1, "")
        run = one.start(at + timedelta(seconds=5), *words)  # minutes before the claim ends
        until(lambda: len(one.log.read_text().splitlines()) == slots.READERS)
        run.send_signal(signal.SIGTERM)
        run.wait(60)
        tally = one.tally("", 1, at + timedelta(minutes=1))
    assert (tally.unsettled, tally.lost, tally.doubled, tally.faults) == (0, 0, 0, [])
