"""What is due and has no job gets one: a table of cases, without a database."""

from publisher.engine.reconciler import AT_ONCE, decide
from publisher.ledger.due import DueSend, Facts
from publisher.model.job import (
    PART,
    delivering,
    mailing_signups,
    making_pages,
    making_part,
    reading_returns,
)


def due(count, edition="a", breaking=False):
    return DueSend(edition=edition, is_breaking=breaking, due=count)


def test_where_all_is_well_nothing_is_deferred():
    assert decide(Facts()) == []
    assert decide(Facts(sends=[due(5)], live={("deliver", "a"): 1})) == []


def test_an_edition_gets_a_job_for_each_part_that_has_none():
    assert decide(Facts(sends=[due(1)])) == [delivering("a")]
    assert decide(Facts(sends=[due(2 * PART + 1)])) == [delivering("a")] * 3
    assert decide(Facts(sends=[due(2 * PART + 1)], live={("deliver", "a"): 2})) == [delivering("a")]
    assert decide(Facts(sends=[due(2 * PART)], live={("deliver", "b"): 9})) == [delivering("a")] * 2


def test_no_more_jobs_are_kept_up_than_can_run_and_none_is_taken_back():
    assert decide(Facts(sends=[due(AT_ONCE * PART)])) == [delivering("a")] * AT_ONCE
    assert decide(Facts(sends=[due(AT_ONCE * PART)], live={("deliver", "a"): 1000})) == []


def test_breaking_news_goes_in_its_lane():
    (job,) = decide(Facts(sends=[due(1, breaking=True)]))
    assert (job.lane, job.about) == ("breaking", "a")


def test_what_is_of_no_edition_is_looked_at_by_whoever_sends():
    assert decide(Facts(is_other_due=True)) == [delivering("")]
    assert decide(Facts(is_other_due=True, sends=[due(1)])) == [delivering("a")]
    assert decide(Facts(is_other_due=True, live={("deliver", ""): 1})) == []
    assert decide(Facts(is_other_due=True, live={("deliver", "b"): 1})) == [delivering("")]


def test_signups_and_the_mailbox_have_one_job_each():
    assert decide(Facts(are_signups_due=True, has_mailbox=True)) == [
        mailing_signups(),
        reading_returns(),
    ]
    live = {("sign-ups", ""): 1, ("returns", ""): 1}
    assert decide(Facts(are_signups_due=True, has_mailbox=True, live=live)) == []


def test_parts_of_pages_and_what_comes_last_get_the_jobs_that_they_lost():
    live = {("part", "b/0"): 1}
    assert decide(Facts(parts=["b/0", "b/1"], live=live)) == [making_part("b/1")]
    assert decide(Facts(are_parts_done=True)) == [making_pages()]
    assert decide(Facts(are_parts_done=True, live={("pages", ""): 1})) == []
