"""Whatever is changed in whatever order, a build leaves what one from nothing would."""

import shutil
from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from publisher.pipeline.editions.build import build
from publisher.pipeline.standstill import Standstill
from publisher.pipeline.workspace import Workspace
from tests.site import PAGED, Site

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
FEW = "related = 0\n"  # what pages keep of related stories is a memory that is meant to last
FEEDS = '\n[feeds]\nby = ["tag", "section", "author", "language"]\n'
WEB = f"\n[web]\npacked = false\nnews_sitemap = true\n{FEW}"
KEYS = {
    "title": ["Title {n}", "Another {n}", "Ärger & <Ruhm> {n}"],
    "date": ["2026-11-0{d}", "2026-10-3{z}T23:30:00Z", "2026-11-24T11:5{d}:00Z", "2027-01-0{d}"],
    "tags": ["[C, sea]", "[C++, Sea]", "[sea, Ärger]", "[]", "[sea, sea, C]"],
    "section": ["world", "World", "local", '""', "2026"],
    "author": ["Ana", "ana", "Bo"],
    "lang": ["en", "de", "de-AT"],
    "slug": ["story-{n}", "moved-{n}", "tags/sea", "archive"],
    "aliases": ["[/old-{n}/]", "[/story-1/]"],
    "draft": ["true", "false"],
    "expires": ["2026-11-20", "2027-11-20"],
    "noindex": ["true"],
    "translation_of": ["a1", "nothing"],
}


class Edited:
    """A publication and what its editor does to it."""

    def __init__(self, folder):
        self.site = Site(folder, PAGED + FEEDS + WEB)
        self.texts = {f"a{n}.md": {"title": f"Title {n}", "tags": "[sea, C]"} for n in range(6)}
        for n, text in enumerate(self.texts.values()):
            text |= {"date": f"2026-11-0{n + 1}", "section": "world", "body": f"Words {n}."}
        self.config, self.style = self.site.root / "publisher.toml", ""
        for name in self.texts:
            self.write(name)

    def write(self, name):
        front = "".join(
            f"{key}: {value}\n" for key, value in self.texts[name].items() if key != "body"
        )
        self.site.article(name, f"---\n{front}---\n{self.texts[name]['body']}\n")

    def do(self, verb, at, other):
        names = sorted(self.texts)
        name = names[at % len(names)]
        if verb == "add":
            name = f"n{at}.md"
            self.texts[name] = {
                "title": f"New {at}",
                "date": "2026-11-2" + str(at % 4),
                "body": "New.",
            }
        elif verb == "delete" and len(names) > 3:
            del self.texts[name]
            (self.site.root / "articles" / name).unlink()
            return
        elif verb == "rename":
            self.texts[f"r{at}.md"] = self.texts.pop(name)
            articles = self.site.root / "articles"
            (articles / name).rename(articles / f"r{at}.md")
            return
        elif verb == "text":
            self.texts[name]["body"] = f"Words {at} and {other}."
        elif verb in KEYS:
            choices = KEYS[verb]
            told = choices[other % len(choices)]
            self.texts[name][verb] = told.format(n=at, d=at % 9 + 1, z=at % 2)
        elif verb == "template":
            words = self.site.root / "templates/words"
            words.mkdir(parents=True, exist_ok=True)
            (words / "en.toml").write_text(f'web_archive = "Archive {other}"\n')
            return
        elif verb == "config":
            self.config.write_text(
                self.config.read_text().replace("Test Letter", f"Letter {other}", 1)
            )
            return
        else:
            return
        self.write(name)


def built(root):
    """What a build leaves on the web; the service's own copy of the seals is no part of it."""
    space = Workspace(root, NOW, writing=True, jobs=1)
    space.machine = NOW
    try:
        build(space, standstill=Standstill(space))
    finally:
        space.close()
    outbox = root / "outbox"
    return {
        path.relative_to(outbox).as_posix(): path.read_bytes()
        for part in ("web", "feeds")
        for path in sorted((outbox / part).rglob("*"))
        if path.is_file()
    }


def from_nothing(root, folder):
    """The same of a copy that remembers nothing but its ledger."""
    shutil.copytree(
        root, folder, ignore=lambda at, _: ["outbox", ".publisher"] if at == str(root) else []
    )
    (folder / ".publisher").mkdir()
    shutil.copy2(root / ".publisher/ledger.db", folder / ".publisher/ledger.db")
    if (root / "outbox/editions").is_dir():
        shutil.copytree(root / "outbox/editions", folder / "outbox/editions")
    (folder / "outbox").mkdir(exist_ok=True)
    shutil.copy2(root / "outbox/.publisher-outbox", folder / "outbox/.publisher-outbox")
    return built(folder)


edits = st.lists(
    st.tuples(
        st.sampled_from(["add", "delete", "rename", "text", "template", "config", *KEYS]),
        st.integers(0, 9),
        st.integers(0, 9),
    ),
    min_size=1,
    max_size=4,
)


@pytest.mark.slow
@given(steps=st.lists(edits, min_size=1, max_size=3))
@settings(max_examples=4, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_build_after_any_edits_leaves_what_one_from_nothing_would(tmp_path_factory, steps):
    edited = Edited(tmp_path_factory.mktemp("edited") / "site")
    built(edited.site.root)
    for number, step in enumerate(steps):
        for verb, at, other in step:
            edited.do(verb, at, other)
        folder = tmp_path_factory.mktemp("nothing") / str(number)
        assert built(edited.site.root) == from_nothing(edited.site.root, folder)
