"""What the service follows: articles where they lie, and the files that tell of them."""

import threading
from dataclasses import dataclass
from pathlib import Path

from publisher.delivery import Stop
from publisher.model import Publication, SourceSettings
from publisher.service.watcher import Watcher


@dataclass
class _Configuration:
    root: Path
    publication: Publication


def _followed(root, **sources):
    own = Publication(
        title="T", base_url="https://x.example/", sources=SourceSettings(**sources),
        articles=Path("site"),
    )  # fmt: skip
    watcher = Watcher(_Configuration(root, own), None, threading.Event(), Stop())
    return watcher._folders()


def test_articles_are_followed_where_they_lie_and_what_tells_of_them_once_it_is_there(tmp_path):
    (tmp_path / "site/_posts").mkdir(parents=True)
    assert list(_followed(tmp_path)) == [tmp_path / "site"]
    (tmp_path / "enclosures.csv").write_text("")
    before = _followed(tmp_path, folders=("_posts", "gone"))
    assert list(before) == [tmp_path / "site/_posts", tmp_path / "enclosures.csv"]
    (tmp_path / "aside").write_text("https://x.example/a.mp3,1\n")
    (tmp_path / "aside").replace(tmp_path / "enclosures.csv")
    assert _followed(tmp_path, folders=("_posts", "gone")) != before


def test_who_wants_to_know_is_told_of_a_change_once_it_can_be_seen(tmp_path, monkeypatch):
    own = Publication(title="T", base_url="https://x.example/", articles=Path("articles"))
    changed, seen = threading.Event(), []
    watcher = Watcher(_Configuration(tmp_path, own), None, changed, Stop())
    watcher.noticed = lambda: seen.append(changed.is_set())
    monkeypatch.setattr("watchfiles.watch", lambda *_, **__: iter([set(), {(1, "a.md")}, set()]))
    watcher._watch(watcher._folders())
    assert seen == [True]
