"""Related stories from the command line and in editions, with the reasons."""

import json

import pytest

from publisher.outbox import Folder

TOPICS = [
    "ships cranes cargo pilots berths quay harbour",
    "rice soup knives broth noodles kettle",
    "violins sonatas pianists choirs tenors",
    "typhoons gates pumps sirens drills",
]
AT = "2026-11-24 07:00"


@pytest.fixture
def archive(site):
    for number in range(20):
        words = [w for n, w in enumerate(TOPICS[number % 4].split()) if n != number // 4]
        site.article(
            f"s{number}.md",
            f"---\ntitle: Story {number}\ndate: 2026-11-{number + 1:02}\n---\n{' '.join(words)}.",
        )
    return site


def related_in(site, edition):
    (story, *_) = Folder(site.root / "outbox").read(edition).manifest["stories"]
    return story["title"], [one["id"] for one in story["related"]]


def named(site, *words):
    return [
        one["title"] for one in json.loads(site.run("related", *words, "--at", AT, "--json").out)
    ]


def test_why_tells_what_two_stories_share_and_what_they_would_be_worth(archive):
    out = archive.run("related", "s16", "--why", "s12", "--at", AT).out
    assert out.splitlines()[0] == "Story 16 → Story 12"
    for word in (
        "number",
        "alike",
        "age",
        "tags",
        "links",
        "score",
        "shares",
        "In both, by weight",
    ):
        assert word in out
    told = json.loads(archive.run("related", "s16", "--why", "s12", "--at", AT, "--json").out)
    assert told["place"] in (1, 2, 3, 4)
    assert told["terms"][0]["weight"] > 0
    assert {"score", "text", "whole", "age", "cited", "tags"} <= told.keys()


def test_why_tells_as_well_why_a_story_is_not_there(archive):
    out = archive.run("related", "s16", "--why", "s17", "--at", AT).out
    assert "not shown: it is not older" in out
    assert "not shown:" in archive.run("related", "s16", "--why", "s13", "--at", AT).out


def test_what_readers_had_lately_is_not_shown_to_them_again(archive):
    # Monday's edition has the newest; a week passes, and a story of the same topic comes.
    archive.build("2026-11-22 07:00")
    before = set(related_in(archive, "morning@2026-11-22T0700")[1])
    archive.article(
        "new.md", "---\ntitle: New\ndate: 2026-11-23 12:00\n---\nships cranes cargo pilots berths."
    )
    archive.build(AT)
    title, ids = related_in(archive, "morning@2026-11-24T0700")
    assert title == "New"
    sent = {
        s["id"]
        for s in Folder(archive.root / "outbox").read("morning@2026-11-22T0700").manifest["stories"]
    }
    assert before
    assert sent
    assert not sent & set(ids)
    everything = named(archive, "new")
    in_morning = named(archive, "new", "--newsletter", "morning")
    assert set(in_morning) < set(everything)
    out = archive.run("related", "new", "--newsletter", "morning", "--at", AT).out
    assert "its readers had it in morning@2026-11-22T0700" in out


def test_after_its_rest_a_story_may_be_shown_again(archive):
    archive.config(
        archive.root.joinpath("publisher.toml").read_text() + '\n[related]\nrest = "0d"\n'
    )
    archive.build("2026-11-22 07:00")
    archive.article(
        "new.md", "---\ntitle: New\ndate: 2026-11-23 12:00\n---\nships cranes cargo pilots berths."
    )
    assert named(archive, "new", "--newsletter", "morning") == named(archive, "new")


def test_an_edited_a_renamed_and_a_removed_article_are_followed(archive):
    assert "Story 12" in named(archive, "s16")
    (archive.root / "articles/s12.md").rename(archive.root / "articles/moved.md")
    archive.build(AT)
    assert "Story 12" in named(archive, "s16")
    archive.article(
        "moved.md", "---\ntitle: Story 12\ndate: 2026-11-13\n---\nNothing of that kind."
    )
    archive.build(AT)
    assert "Story 12" not in named(archive, "s16")
    (archive.root / "articles/s8.md").unlink()
    assert "Story 8" not in named(archive, "s16")


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("minimum = 1.5", "must be 0 to 1"),
        ("weight_links = -1", "must not be negative"),
        ('fallback = "newest"', "must be one of none, latest, section"),
        ('languages = "all"', "must be one of same, any"),
        ('half_life = "0d"', "must not be nought"),
    ],
)
def test_a_setting_out_of_bounds_is_named_with_its_line(archive, line, told):
    archive.config(archive.root.joinpath("publisher.toml").read_text() + f"\n[related]\n{line}\n")
    result = archive.run("related", "s16")
    assert result.code == 2
    assert told in result.err
    assert f"[related] {line.split()[0]}" in result.err or "related." in result.err


def test_a_fallback_says_so_on_the_command_line(archive):
    archive.article("lone.md", "---\ntitle: Lone\ndate: 2026-11-23\n---\nbasalt geyser magma.")
    assert "nothing related" in archive.run("related", "lone", "--at", AT).out
    archive.config(
        archive.root.joinpath("publisher.toml").read_text() + '\n[related]\nfallback = "latest"\n'
    )
    out = archive.run("related", "lone", "--at", AT).out
    assert "1. Story 19" in out
    assert "nothing is related, and a fallback is wanted" in out
    out = archive.run("related", "lone", "--why", "s19", "--at", AT).out
    assert "number 1, for nothing is related" in out


@pytest.mark.pages
def test_who_wants_no_related_stories_needs_no_model(archive):
    text = (
        archive.root.joinpath("publisher.toml")
        .read_text()
        .replace("[newsletters.morning]", "[newsletters.morning]\nrelated = 0", 1)
    )
    archive.config(text + '\n[web]\nrelated = 0\n[related]\nmodel = "nowhere"\n')
    archive.build(AT)
    assert related_in(archive, "morning@2026-11-24T0700")[1] == []


def test_check_names_a_missing_model_beside_all_else(archive):
    archive.config(
        archive.root.joinpath("publisher.toml").read_text() + '\n[related]\nmodel = "nowhere"\n'
    )
    archive.article("bad.md", "---\ntitle: [\n---\n")
    result = archive.run("check", "--at", AT)
    assert result.code == 1
    assert "nowhere is no folder" in result.out + result.err
    assert "bad.md" in result.out + result.err


@pytest.mark.pages
def test_a_page_whose_picked_story_went_gets_another(archive):
    archive.config(archive.root.joinpath("publisher.toml").read_text() + "\n[web]\nrelated = 2\n")
    pick = "---\ntitle: Picks\ndate: 2026-11-23\nnewsletter: {related: [s0, s4]}\n---\nships cranes cargo pilots.\n"
    archive.article("picks.md", pick)
    archive.build(AT)
    page = next((archive.root / "outbox/web").rglob("picks/index.html"))
    assert "Story 0" in page.read_text()
    first = (archive.root / "articles/s0.md").read_text()
    (archive.root / "articles/s0.md").write_text(first.replace("---\n", "---\ndraft: true\n", 1))
    archive.build("2026-11-24 07:30")
    shown = page.read_text()
    assert "Story 0<" not in shown
    assert "Story 4<" in shown
    assert sum(f"Story {n}<" in shown for n in range(20)) == 2


def test_the_next_part_of_a_story_is_called_so_everywhere(site):
    for number, day, told in ((1, "10-23", "ships cranes"), (2, "11-23", "rice soup")):
        site.article(
            f"p{number}.md",
            f"---\ntitle: 'The long strike, part {number}'\ndate: 2026-{day}\n---\n{told}.",
        )
    site.build(AT)
    why = site.run("related", "p2", "--why", "p1", "--at", AT)
    assert "It is part 1 of the same story; published 31 days apart." in why.out
    told = json.loads(site.run("related", "p2", "--why", "p1", "--at", AT, "--json").out)
    assert (told["relation"], told["part"], told["place"]) == ("part", 1, 1)
    assert told["why"] == "It is part 1 of the same story; published 31 days apart."
    assert "it is part 1 of the same story · 31 days earlier" in site.run("related", "p2").out
    made = [path for path in (site.root / "outbox").rglob("*") if path.is_file()]
    told = {path.suffix for path in made if b"Part 1 of this series" in path.read_bytes()}
    assert {".html", ".txt"} <= told


def test_what_the_front_matter_says_is_updated_is_called_so(site):
    site.article("old.md", "---\ntitle: Ships\ndate: 2026-11-21\n---\nships cranes cargo.")
    site.article(
        "new.md",
        "---\ntitle: Rice\ndate: 2026-11-22\nnewsletter: {updates: Ships}\n---\nrice soup knives.",
    )
    site.article(
        "odd.md",
        "---\ntitle: Odd\ndate: 2026-11-22\nnewsletter: {corrects: Boats}\n---\nviolins sonatas.",
    )
    assert "this one updates it, picked by hand" in site.run("related", "new").out
    assert "no article is called 'Boats'" in site.run("check").out
