"""Workspaces for jobs: one each, by the newest publisher.toml that has no mistake."""

import contextlib

import pytest

from publisher.engine.spaces import Spaces
from publisher.errors import ConfigError
from publisher.service.events import Events
from tests.site import CONFIG, now


@pytest.fixture
def said():
    return []


@pytest.fixture
def spaces(site, said):
    with contextlib.closing(Spaces(site.root, now, Events(now, said.append))) as spaces:
        yield spaces


def test_each_job_has_one_to_itself_and_the_next_finds_it_open(spaces):
    with spaces.lent() as one, spaces.lent() as other:
        assert one is not other
        known = {one, other}
    with spaces.lent() as one, spaces.lent() as other, spaces.lent() as third:
        assert {one, other} == known
        assert third not in known


def test_one_in_which_something_went_wrong_is_not_lent_again(spaces):
    with pytest.raises(ZeroDivisionError), spaces.lent() as broken:
        raise ZeroDivisionError
    with spaces.lent() as one:
        assert one is not broken


def test_articles_are_read_anew_for_each_job(site, spaces):
    with spaces.lent() as space:
        assert not space.archive.articles
    site.story("a")
    with spaces.lent() as space:
        assert [one.slug for one in space.archive.articles] == ["a"]


def test_another_publisher_toml_is_in_force_for_the_next_job(site, spaces):
    with spaces.lent() as before:
        site.config(CONFIG.replace("Test Letter", "Other Letter"))
        with spaces.lent() as after:
            assert (before.publication.title, after.publication.title) == (
                "Test Letter",
                "Other Letter",
            )
    with spaces.lent() as one, spaces.lent() as other:
        assert {one.publication.title, other.publication.title} == {"Other Letter"}


def test_who_has_a_workspace_is_told_when_publisher_toml_changes(site, spaces):
    with spaces.lent() as space:
        assert spaces.is_current(space)
        site.config(CONFIG.replace("Test Letter", "Other Letter"))
        assert not spaces.is_current(space)  # as soon as its file has changed
        with spaces.lent() as newer:
            assert spaces.is_current(newer)
        assert not spaces.is_current(space)
    site.config("nonsense")
    with spaces.lent() as space:
        assert spaces.is_current(space)  # the old one stays


def test_one_with_a_mistake_is_named_and_not_used(site, spaces, said):
    site.config(CONFIG + "\n[nonsense]\n")
    for _ in range(2):
        with spaces.lent() as space:
            assert space.publication.title == "Test Letter"
    (event,) = said
    assert event.text.startswith("configuration, the old one stays: publisher.toml:")
    site.config(CONFIG.replace("Test Letter", "Mended"))
    with spaces.lent() as space:
        assert space.publication.title == "Mended"


def test_the_first_one_must_be_right(site, said):
    site.config("nonsense")
    with pytest.raises(ConfigError):
        Spaces(site.root, now, Events(now, said.append))
