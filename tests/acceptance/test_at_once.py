"""send --now, and what build, send, hold, cancel and status say before and after a slot."""

import pytest

from publisher.isolation import Renderer
from publisher.ledger import locked
from tests.site import CONFIG

NOW = "2026-11-23 13:00"
EDITION = "morning@2026-11-23T1300"


@pytest.fixture
def read(site):
    """A newsletter with two readers, and a story that is out."""
    site.story("a", date="2026-11-23 12:30")
    for name in ("ana", "bob"):
        site.run("subscribers", "add", f"{name}@x.example")
    return site


def now(site, *words, at=NOW):
    return site.run("send", "morning", "--now", "--yes", *words, "--at", at)


def mails(site):
    folder = site.root / "outbox/mail/new"
    return len(list(folder.iterdir())) if folder.exists() else 0


def test_what_is_due_now_goes_out_in_an_edition_of_its_own(read):
    sent = now(read)
    assert (sent.code, sent.out) == (0, f"{EDITION}: in the queue for 2 readers\n")
    assert read.run("deliver", "--at", NOW).code == 0
    assert mails(read) == 2


def test_the_next_slot_is_not_used_up_and_has_only_what_is_new(read):
    now(read)
    read.story("b", date="2026-11-23 20:00")
    read.build()
    assert "The first paragraph of b." in read.part("message.txt")
    assert "The first paragraph of a." not in read.part("message.txt")
    assert (
        read.run("send", "morning@2026-11-24T0700", "--yes", "--at", "2026-11-24 07:00").code == 0
    )


def test_twice_in_a_minute_is_once(read):
    now(read)
    read.story("b", date="2026-11-23 12:45")
    again = now(read, at="2026-11-23T13:00:50+01:00")
    assert (again.code, again.out) == (
        0, f"{EDITION} is in the queue already for 2 readers; nothing done\n",
    )  # fmt: skip
    assert (
        now(read, at="2026-11-23 13:01").out
        == "morning@2026-11-23T1301: in the queue for 2 readers\n"
    )


def test_nothing_new_is_said_and_sends_nothing(read):
    now(read)
    again = now(read, at="2026-11-23 13:05")
    assert (again.code, again.err) == (
        3,
        "publisher: nothing of morning is due now: no stories\n"
        "  All that is published it had, or has no place for.\n"
        "  See why: publisher plan morning\n",
    )


def test_an_edition_that_is_too_small_is_not_sent_now_either(read):
    few = CONFIG.replace('title = "Morning"', 'title = "Morning"\nskip_if_fewer_than = 3')
    read.config(few)
    assert now(read).err == (
        "publisher: nothing of morning is due now: 1 story, fewer than 3\n"
        "  The newsletter's skip_if_fewer_than, in publisher.toml, leaves such an edition out.\n"
        "  See why: publisher plan morning\n"
    )


def test_a_skipped_slot_that_is_cancelled_stands_as_cancelled(read):
    read.run("hold", "morning@2026-11-24T0700", "--at", NOW)
    now(read)
    read.build("2026-11-24 07:05")
    read.run("cancel", "morning@2026-11-24T0700", "--yes", "--at", "2026-11-24 08:00")
    shown = read.run("status", "--at", "2026-11-24 08:01").out
    assert "morning@2026-11-24T0700  cancelled  by hand" in shown, shown
    assert "skipped" not in shown


def test_a_story_of_some_seconds_ago_is_in_it(read):
    read.story("b", date="2026-11-23T13:00:20+01:00")
    now(read, at="2026-11-23T13:00:40+01:00")
    assert "The first paragraph of b." in read.part("message.txt", EDITION)


def test_a_dry_run_says_what_it_would_be_and_writes_nothing(read):
    before = read.outbox()
    tried = now(read, "-n")
    assert tried.out == f"{EDITION}: 2 readers would get “A”\n"
    assert read.outbox() == before
    assert read.run("outbox", "list", "--json").json == []


def test_without_a_terminal_or_yes_nothing_is_built(read):
    asked = read.run("send", "morning", "--now", "--at", NOW)
    assert asked.code == 2
    assert f"Send {EDITION} “A” to 2 readers now?" in asked.err
    assert read.run("outbox", "list", "--json").json == []


def test_the_only_newsletter_need_not_be_named(read):
    assert read.run("send", "--now", "--yes", "--at", NOW).out.startswith(EDITION)


def test_it_goes_to_the_newsletters_segment_alone(read):
    segment = 'title = "Morning"\nsegment = "de"'
    read.config(
        CONFIG.replace('title = "Morning"', segment) + '\n[segments.de]\nlanguages = ["de"]\n'
    )
    read.run("subscribers", "add", "eva@x.example", "--language", "de")
    assert now(read).out == f"{EDITION}: in the queue for 1 reader\n"


def test_at_the_minute_of_a_slot_it_is_that_slots_edition(read):
    sent = now(read, at="2026-11-24 07:00")
    assert sent.out == "morning@2026-11-24T0700: in the queue for 2 readers\n"
    read.run("run", "--once", "--at", "2026-11-24T07:00:30+01:00")
    assert mails(read) == 2
    log = read.run("schedule", "log", "--at", "2026-11-24 07:01", "--json").json
    assert [(one["edition"], one["state"]) for one in log] == [("morning@2026-11-24T0700", "sent")]


def test_a_slot_of_another_zone_with_the_same_wall_clock_time_is_not_used_up(read):
    words = ("--every", "day", "--time", "13:00", "--tz", "America/New_York")
    assert read.run("schedule", "add", "morning", *words).code == 0
    sent = now(read)
    assert (sent.code, sent.err) == (
        2, f"publisher: {EDITION} is another edition\n  Wait for the next minute.\n",
    )  # fmt: skip
    assert now(read, at="2026-11-23 13:01").code == 0


def test_stories_of_an_edition_that_nobody_was_sent_go_out(read):
    read.build(NOW)
    assert "morning@2026-11-23T0700" not in read.run("outbox", "list").out  # it came later
    read.story("old", date="2026-11-23 05:00")
    read.build(NOW)
    sent = now(read)
    assert sent.code == 0
    assert "stood in morning@2026-11-23T0700, which nobody was sent: that is taken back" in sent.err
    assert "paragraph of old." in read.part("message.txt", EDITION)
    assert [one["edition"] for one in read.run("outbox", "list", "--json").json] == [EDITION]


def test_stories_of_an_edition_still_to_come_stay_there(read):
    read.build("2026-11-24 07:00")
    read.story("b", date="2026-11-23 12:45")
    sent = now(read)
    assert "What morning@2026-11-24T0700 holds stays there" in sent.err
    assert "paragraph of a." not in read.part("message.txt", EDITION)
    (read.root / "articles/b.md").unlink()
    nothing = now(read, at="2026-11-23 13:05")
    assert (nothing.code, "Send that: publisher send morning@2026-11-24T0700" in nothing.err) == (
        3,
        True,
    )


def test_an_edition_that_keeps_its_stories_and_is_old_is_to_be_built_again(read):
    read.build("2026-11-24 07:00")
    read.story("a", title="Corrected")
    nothing = now(read, at="2026-11-23 13:05")
    assert nothing.code == 3
    assert "publisher build morning --at 2026-11-24T06:00Z" in nothing.err


def test_a_newsletter_that_wants_an_approval_still_does(read):
    read.config(CONFIG.replace('title = "Morning"', 'title = "Morning"\nmode = "draft"'))
    held = now(read)
    assert (held.code, f"publisher approve {EDITION}" in held.err) == (3, True)
    assert read.run("status", "--at", "2026-11-23 13:01").err.endswith(f" approve {EDITION}\n")
    assert read.run("approve", EDITION, "--by", "ed", "--at", NOW).code == 0
    assert read.run("send", EDITION, "--yes", "--at", "2026-11-23 13:10").code == 0


def test_what_it_lacks_is_said_before_anybody_is_asked(read):
    read.config(CONFIG.replace('city = "Berlin"', ""))
    assert "there is no postal address" in read.run("send", "morning", "--now", "--at", NOW).err
    read.config(CONFIG)
    read.build("2026-11-24 07:00")
    read.config(CONFIG.replace('city = "Berlin"', ""))
    assert "there is no postal address" in read.run("send", "morning", "--at", NOW).err


@pytest.mark.parametrize(
    "other", [("--start", "tomorrow 07:00"), ("--as-built",), ("--resend-filed",)]
)
def test_it_stands_alone(read, other):
    result = now(read, *other)
    assert (result.code, result.err) == (
        2,
        f"publisher: --now and {other[0]} cannot stand together\n",
    )


def test_an_editions_id_is_none_of_its_names(read):
    result = read.run("send", "morning@2026-11-24T0700", "--now")
    assert (result.code, "publisher send morning --now" in result.err) == (2, True)


def test_replay_makes_it_again_byte_for_byte(read):
    now(read, at="2026-11-23T13:00:40+01:00")
    assert read.run("replay", EDITION).code == 0


def test_after_the_slot_build_says_why_nothing_is_due_and_what_to_type(read):
    built = read.run("build", "morning", "--at", NOW)
    assert "skipped  no stories" in built.out
    assert built.err.replace(f" -C {read.root}", "") == (
        "The next of morning is for 2026-11-24 07:00 Europe/Berlin, so far with 1 story. To build it "
        "now: publisher build morning --at 2026-11-24T06:00Z\n"
        "1 story is due at this minute. To send it now: publisher send morning --now\n"
    )


def test_send_before_any_build_says_build_it_first(read):
    for verb in (("send", "morning"), ("test", "morning", "--to", "ed@x.example")):
        result = read.run(*verb)
        assert (result.code, result.err) == (
            2,
            "publisher: there is no edition of 'morning'\n  Build it first: publisher build morning; or "
            "send what there is now: publisher send morning --now\n",
        )
    coming = read.run("send", "morning@2026-11-24T0700")
    assert "Build it first: publisher build morning --at 2026-11-24T06:00Z" in coming.err


def test_send_again_says_to_how_many_it_was_sent(read):
    now(read)
    read.run("deliver", "--at", NOW)
    again = read.run("send", "morning")
    assert (again.code, again.out) == (
        0,
        f"{EDITION} was sent already to 2 readers; nothing done\n",
    )
    assert (
        again.err.replace(f" -C {read.root}", "")
        == f"What became of it: publisher report {EDITION}\n"
    )


def test_cancel_is_checked_before_anybody_is_asked(read):
    now(read)
    read.run("deliver", "--at", NOW)
    late = read.run("cancel", "morning", "--at", NOW)
    assert (late.code, late.err) == (
        2,
        f"publisher: nobody waits for {EDITION} any more\n  The next one is "
        "morning@2026-11-24T0700: name it by its id.\n",
    )
    assert read.run("cancel", "morning@2026-11-24T0700", "--yes", "--at", NOW).code == 0
    twice = read.run("cancel", "morning@2026-11-24T0700", "--at", NOW)
    assert twice.err == "publisher: morning@2026-11-24T0700 is cancelled already\n"


def test_the_stories_of_an_edition_that_was_cancelled_before_anybody_got_it_are_free(read):
    now(read)
    cancelled = read.run("cancel", "--yes", "--at", NOW)
    assert "Its stories are free for the next edition." in cancelled.err
    assert read.run("send", EDITION).err == f"publisher: {EDITION} was cancelled, for good\n"
    sent = now(read, at="2026-11-23 13:10")
    assert sent.out == "morning@2026-11-23T1310: in the queue for 2 readers\n"
    assert read.run("audit", "--at", "2026-11-23 13:10").code == 0


def test_the_stories_of_a_cancelled_edition_that_somebody_has_stay_taken(read):
    read.config(CONFIG + '\n[delivery]\nper_day = 1\nexpires = "5d"\n')
    now(read)
    read.run("deliver", "--at", NOW)
    assert mails(read) == 1
    cancelled = read.run("cancel", "--yes", "--at", NOW)
    assert cancelled.out == f"{EDITION}: cancelled; 1 have it, 1 do not get it\n"
    assert now(read, at="2026-11-23 13:10").code == 3


@pytest.mark.parametrize("verb", ["hold", "cancel"])
def test_an_edition_that_was_built_and_not_sent_can_be_stopped(read, verb):
    read.story("old", date="2026-11-23 05:00")
    read.build(NOW)
    words = ["--yes"] if verb == "cancel" else []
    assert read.run(verb, "morning", *words, "--at", NOW).code == 0
    sent = read.run("send", "morning@2026-11-23T0700", "--at", NOW)
    if verb == "hold":
        assert (sent.code, "is held: by hand" in sent.err) == (3, True)
        assert read.run("release", "--at", NOW).code == 0
        assert read.run("deliver", "--at", NOW).code == 0
        assert mails(read) == 2
    else:
        assert sent.code == 2
        assert now(read).code == 0
        assert "paragraph of old." in read.part("message.txt", EDITION)


@pytest.mark.parametrize(("verb", "status"), [("hold", "TENTATIVE"), ("cancel", "CANCELLED")])
def test_a_slot_that_was_stopped_stands_so_in_status_and_in_the_calendar(read, verb, status):
    words = ["--yes"] if verb == "cancel" else []
    said = {"hold": "held", "cancel": "cancelled"}[verb]
    read.run(verb, "morning@2026-11-24T0700", *words, "--reason", "a strike", "--at", NOW)
    shown = read.run("status", "--at", NOW).out
    assert f"Tue 2026-11-24 07:00 Europe/Berlin  {said}: a strike" in shown
    assert f"{said}: a strike" in read.run("schedule", "list", "--at", NOW).out
    listed = read.run("schedule", "list", "--at", NOW, "--json").json["coming"][0]
    assert (listed["state"], listed["note"]) == (said, f"{said}: a strike")
    assert f"STATUS:{status}" in read.run("schedule", "list", "--ics", "--at", NOW).out
    later = read.run("status", "--at", "2026-11-24 08:00").out
    assert any(
        "morning@2026-11-24T0700" in line and "a strike" in line for line in later.splitlines()
    )


def test_an_edition_that_was_to_start_later_and_was_cancelled_stands_so_in_the_calendar(read):
    read.build()
    read.run("send", "morning", "--yes", "--start", "2026-11-24 07:00")
    assert read.run("cancel", "--yes", "--reason", "a strike").code == 0
    first = read.run("schedule", "list", "--json").json["coming"][0]
    assert (first["edition"], first["state"]) == ("morning@2026-11-24T0700", "cancelled")
    assert "a strike" in first["note"]


def test_plan_and_preview_pass_over_a_cancelled_slot(read):
    read.run("cancel", "morning@2026-11-24T0700", "--yes", "--at", NOW)
    assert read.run("plan", "morning", "--at", NOW).out.startswith("morning@2026-11-25T0700")


def test_status_names_what_comes_after_a_send(read):
    assert "Next: publisher" in read.run("status", "--at", NOW).err
    now(read)
    assert read.run("status", "--at", NOW).err.endswith(" deliver\n")
    read.run("deliver", "--at", NOW)
    assert read.run("status", "--at", NOW).err.endswith(f" report {EDITION}\n")
    later = read.run("status", "--at", "2026-11-24 07:05").err
    assert later.endswith(" build\n")


def test_a_newsletters_name_stops_what_readers_wait_for_and_not_what_is_out(read):
    """The edition of a later slot may be out already: it was sent on another day's clock."""
    read.build("2026-11-25 07:00")
    assert read.run("send", "morning", "--yes", "--at", "2026-11-25 07:00").code == 0
    assert read.run("deliver", "--at", "2026-11-25 07:01").code == 0
    read.story("b", date="2026-11-23 12:45")
    assert now(read).code == 0
    stopped = read.run("cancel", "morning", "--yes", "--at", "2026-11-23 13:01")
    assert (stopped.code, EDITION in stopped.out) == (0, True)


def test_it_is_rendered_once_and_nobody_waits_for_that(read, monkeypatch):
    rendered = []
    mail = Renderer._mail

    def watched(self, *words):
        with locked(read.root / ".publisher/lock", 0.0):  # raises where somebody has it
            rendered.append(words)
        return mail(self, *words)

    monkeypatch.setattr(Renderer, "_mail", watched)
    assert now(read).code == 0
    assert len(rendered) == 1
