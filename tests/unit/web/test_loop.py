"""What is done beside answering readers neither ends that nor fails in silence."""

from contextlib import closing

import pytest

from publisher.pipeline.workspace import Workspace
from publisher.web import serve, server
from tests.site import NOW


@pytest.fixture
def serving(site, monkeypatch):
    """Serves until `ends`, with a chore in every turn; returns what was complained of."""
    monkeypatch.setattr(server, "_CHORE", 0.0)
    with closing(Workspace(site.root, NOW, writing=True)) as space:

        def served(ends, chore):
            found = []
            serve(
                space,
                lambda: NOW,
                lambda: ends(found),
                readers=None,
                operator=None,
                complain=found.append,
                told=lambda _: None,
                chore=chore,
            )
            return found

        yield served


def test_a_chore_that_fails_is_told_and_tried_again(serving):
    def chore():
        raise OSError("the disk is full")

    found = serving(lambda found: len(found) > 1, chore)
    assert [str(one) for one in found] == ["the disk is full"] * len(found)


def test_who_ends_waits_for_no_chore(serving):
    done = []
    assert serving(lambda _: True, lambda: done.append(1)) == []
    assert done == []
