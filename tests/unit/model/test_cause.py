"""Causes: codes that stay for ever, and the words made of them."""

import pytest

from publisher.model import Cause, cause_in_words, lacking
from publisher.model.cause import WORDS


def test_every_cause_has_words():
    assert WORDS.keys() == set(Cause)


@pytest.mark.parametrize(
    ("cause", "reason", "said"),
    [
        (Cause.UNKNOWN, "", ""),
        (Cause.UNKNOWN, "words of an older ledger", "words of an older ledger"),
        (Cause.BY_HAND, "", "by hand"),
        (Cause.BY_HAND, "a {} typo", "a {} typo"),
        (Cause.LATE, "3 hours", "3 hours late"),
        (Cause.FAULT, "the {} of it", "the {} of it"),
        (Cause.RELEASED, "by hand", "released; was held: by hand"),
    ],
)
def test_a_cause_is_said_with_what_is_particular_to_a_record(cause, reason, said):
    assert cause_in_words(cause, reason) == said


@pytest.mark.parametrize(
    ("wants", "approved", "lacks"),
    [
        (False, None, None),
        (False, "other", None),
        (True, "seal", None),
        (True, None, Cause.UNAPPROVED),
        (True, "other", Cause.CHANGED_SINCE_APPROVAL),
    ],
)
def test_a_draft_lacks_an_approval_of_these_very_bytes(wants, approved, lacks):
    assert lacking(wants_approval=wants, approved=approved, seal="seal") is lacks


def test_an_approval_lets_go_what_waits_for_one_and_nothing_else():
    found = {cause for cause in Cause if cause.wants_approval}
    assert found == {Cause.UNAPPROVED, Cause.CHANGED_SINCE_APPROVAL}
