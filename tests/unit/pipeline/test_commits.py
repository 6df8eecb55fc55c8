"""The newest commit, for publications that have none: no workers, no git."""

import pytest

from publisher.sources import history


def test_without_workers_no_commit_is_named(site):
    refused = site.run("build", "--from-here")
    assert (refused.code, refused.err) == (
        2,
        "publisher: without workers no commit is named\n"
        "  Feeds and pages are made of this folder, whatever it is at.\n"
        "  publisher build\n",
    )


@pytest.mark.parametrize("words", [["morning"], ["--dry-run"]])
def test_from_here_is_of_all(site, words):
    refused = site.run("build", "--from-here", *words)
    assert (refused.code, refused.err.splitlines()[0]) == (
        2,
        "publisher: --from-here is of a build of all: of feeds and pages",
    )


def test_without_workers_git_is_not_asked(site, monkeypatch):
    def asked(*words, **_):
        raise AssertionError(words)

    (site.root / ".git").mkdir()
    site.story("a")
    monkeypatch.setattr(history, "_git", asked)
    site.build()
    for words in (["status"], ["feeds", "build"], ["deliver"], ["run", "--once"]):
        assert site.run(*words).code == 0, words
