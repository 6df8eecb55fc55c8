"""Related stories: by words first, with reasons, the same whatever the order of arrival."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from publisher.model import Article, Hint, RelatedSettings
from publisher.related import Index, Names, RelatedStories
from publisher.related.terms import words

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
TOPICS = {
    "harbour": "harbour ships quay crane container berth pilot tug cargo",
    "kitchen": "rice soup knife broth noodles pepper steam kettle spoon",
    "music": "violin orchestra sonata concert pianist rehearsal choir tenor score",
    "garden": "roses pruning compost seedlings hedge greenhouse trowel mulch lawn",
    "court": "judge verdict appeal witness plaintiff lawsuit ruling juror bail",
    "school": "pupils homework classroom exam teacher timetable playground chalk essay",
    "rail": "locomotive platform signal timetable sleeper carriage tunnel commuter fare",
}


def story(name, days=0.0, language="en", **keys):
    moment = NOON - timedelta(days=days)
    return Article(
        id=f"tag:{name}",
        path=f"{name}.md",
        slug=name,
        url=f"https://x.example/{name}/",
        title=keys.pop("title", name),
        summary="",
        language=language,
        published=moment,
        updated=moment,
        version=keys.pop("version", "1"),
        **keys,
    )


def body(article):
    topic, _, number = article.slug.partition("-")
    told = TOPICS.get(topic, "").split()
    start = int(number) if number.isdigit() else 0
    told = (told[start:] + told[:start])[:7] if number.isdigit() else told
    return f"<p>{' '.join(told)} is what {article.slug.replace('-', ' ')} is about.</p>"


def finder(*articles, settings_=RelatedSettings(), bodies=body):  # noqa: B008 frozen
    index = Index(None)
    index.update(articles, bodies)
    return RelatedStories(articles, index, settings_)


def found(finder_, article, k=5, **keys):
    return [r.article.slug for r in finder_.of(article, k, at=keys.pop("at", [NOON]), **keys)]


ARCHIVE = [
    *(story(f"{topic}-{n}", days=n * 3 + 1) for topic in TOPICS for n in range(4)),
    story("other-1", 1),
    story("other-2", 2),
]
SEED = story("harbour-seed")
HARBOUR = [f"harbour-{n}" for n in range(4)]


def test_stories_about_the_same_are_found_and_strangers_not_at_all():
    assert sorted(found(finder(*ARCHIVE, SEED), SEED)) == HARBOUR


def test_of_stories_alike_the_newer_comes_first_then_by_id():
    alike = [
        story(name, days, title="Quay") for name, days in (("b", 5), ("c", 1), ("a", 5), ("z", 1))
    ]
    text = "<p>cargo crane tug pilot berth harbour</p>"
    stories = finder(
        *alike,
        *ARCHIVE,
        SEED,
        bodies=lambda a: text if len(a.slug) == 1 else body(a),
        settings_=RelatedSettings(diversity=0.0, minimum=0.0),
    )
    assert [slug for slug in found(stories, SEED, 9) if len(slug) == 1] == ["c", "z", "a", "b"]


def test_a_story_is_never_related_to_itself_a_later_one_a_hidden_one_or_a_foreign_one():
    later = story("harbour-5", days=-1)
    hidden = story("harbour-6", 1, draft=True)
    foreign = story("harbour-8", 1, language="de")
    slugs = found(finder(*ARCHIVE, SEED, later, hidden, foreign), SEED, 20)
    assert sorted(slugs) == HARBOUR


def test_what_is_hidden_at_one_of_two_instants_is_not_shown():
    expiring = story("harbour-7", 0.5, expires=NOON + timedelta(minutes=30))
    stories = finder(*ARCHIVE, SEED, expiring)
    assert "harbour-7" in found(stories, SEED)
    assert "harbour-7" not in found(stories, SEED, at=[NOON, NOON + timedelta(hours=1)])


def test_hand_picked_ones_come_first_as_listed_by_id_slug_or_title():
    seed = SEED.but(
        hint=Hint(related=("MUSIC  2!", "kitchen-1", "tag:other-2", "Nothing", "harbour-seed")),
    )
    archive = [a.but(title="Music 2") if a.slug == "music-2" else a for a in ARCHIVE]
    stories = finder(*archive, seed)
    got = stories.of(seed, 4, at=[NOON])
    assert [r.article.slug for r in got][:3] == ["music-2", "kitchen-1", "other-2"]
    assert [r.picked for r in got] == [True, True, True, False]
    assert stories.names.unknown(seed.hint.related) == ("Nothing",)


def test_a_hand_picked_draft_stays_hidden():
    seed = SEED.but(hint=Hint(related=("other-3",)))
    assert "other-3" not in found(finder(*ARCHIVE, seed, story("other-3", 1, draft=True)), seed)


def test_what_the_editor_ruled_out_is_left_out():
    seed = SEED.but(hint=Hint(unrelated=("harbour-1", "Harbour 2")))
    archive = [a.but(title="harbour 2") if a.slug == "harbour-2" else a for a in ARCHIVE]
    assert sorted(found(finder(*archive, seed), seed)) == ["harbour-0", "harbour-3"]


def test_what_is_shown_elsewhere_is_left_out():
    assert (
        sorted(found(finder(*ARCHIVE, SEED), SEED, without={"tag:harbour-0": "shown"}))
        == HARBOUR[1:]
    )


def test_reasons_name_the_shared_words_phrases_and_tags():
    seed = SEED.but(tags=("port", "work"))
    first = ARCHIVE[0].but(tags=("work",))
    related = finder(first, *ARCHIVE[1:], seed).of(seed, 4, at=[NOON])
    (one,) = (r for r in related if r.article.slug == "harbour-0")
    assert {word for term in one.terms for word in term.split()} <= set(TOPICS["harbour"].split())
    assert 2 <= len(one.terms) <= 3
    assert any(" " in term for term in one.terms)
    assert one.tags == ("work",)
    assert 0 < one.text <= 1
    assert 0.7 < one.age < 1


def test_shared_tags_raise_a_score_and_age_lowers_it():
    tagged = SEED.but(tags=("port",))
    plain = finder(*ARCHIVE, tagged).of(tagged, 4, at=[NOON])
    archive = [a.but(tags=("port",)) if a.slug == "harbour-3" else a for a in ARCHIVE]
    raised = finder(*archive, tagged).of(tagged, 4, at=[NOON])
    score = {r.article.slug: r.score for r in plain}
    assert {r.article.slug: r.score for r in raised}["harbour-3"] > score["harbour-3"]
    assert score["harbour-0"] > score["harbour-3"]


def test_the_same_text_again_is_no_related_story():
    copy = story("copy", 1, title=SEED.title)
    bodies = {"copy": body(SEED)}
    stories = finder(*ARCHIVE, copy, SEED, bodies=lambda a: bodies.get(a.slug, body(a)))
    assert sorted(found(stories, SEED)) == HARBOUR


def test_an_archive_with_nothing_related_gives_nothing():
    lonely = story("lonely")
    assert found(finder(*ARCHIVE, lonely), lonely) == []
    assert found(finder(lonely), lonely) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Japan’s U.S. treaty, re-read", ["japan", "treaty", "re", "read"]),
        ("Ｆｕｌｌ WIDTH Straße", ["full", "width", "strasse"]),
        ("東京都のバス", ["東京", "京都", "バス"]),
        ("กรุงเทพ", ["กร", "รุ", "ุง", "งเ", "เท", "ทพ"]),
        ("हिन्दी समाचार", ["हिन्दी", "समाचार"]),
        ("", []),
    ],
)
def test_words_of_every_script(text, expected):
    assert words(text) == expected


@pytest.mark.parametrize(("language", "expected"), [("ja", "pairs"), ("zh", "word")])
def test_three_pairs_of_han_tell_more_than_a_word_in_japanese_alone(language, expected):
    told = {
        "seed": "港湾の整備と予算をkubernetesで",
        "pairs": "予算で整備した港湾",
        "word": "kubernetesの入門と解説",
    }
    seed, *archive = (story(name, n, language) for n, name in enumerate(told))
    stories = finder(
        *archive,
        seed,
        settings_=RelatedSettings(minimum=0.0),
        bodies=lambda article: told[article.slug],
    )
    assert found(stories, seed, 1) == [expected]


@given(st.text(max_size=80))
def test_any_title_is_found_again(title):
    article = story("a", title=title)
    assert Names([article]).find(title) is article or not title.strip()


def test_what_is_so_old_that_nothing_is_left_of_its_score_is_still_found():
    old = [
        story(f"harbour-{n}").but(published=datetime(1990, 1, n + 1, tzinfo=UTC)) for n in range(3)
    ]
    others = [one for one in ARCHIVE if not one.slug.startswith("harbour")]
    stories = finder(*old, *others, SEED, settings_=RelatedSettings(weight_age=1.0))
    assert sorted(found(stories, SEED)) == ["harbour-0", "harbour-1", "harbour-2"]


MANY = [story(f"n{n}", n + 1, title=f"Number {n}") for n in range(36)]


def some_words(article):
    told = TOPICS["harbour"].split()
    n = int(article.slug[1:]) + 9 if article.slug[0] == "n" else 0
    return f"<p>{told[n % 9]} {told[(n * 5 + 2) % 9]} {article.slug}</p>" if n else body(article)


def test_as_many_come_as_are_asked_for():
    others = [one for one in ARCHIVE if not one.slug.startswith("harbour")]
    stories = finder(
        *MANY, *others, SEED, settings_=RelatedSettings(minimum=0.0), bodies=some_words
    )
    assert len(found(stories, SEED, 30)) == 30


def test_an_archive_of_two_relates_them_if_they_share_enough():
    assert found(finder(ARCHIVE[0], SEED), SEED) in ([], ["harbour-0"])


def test_why_names_what_stands_for_and_against_a_story():
    stories = finder(*ARCHIVE, SEED)
    shown = stories.why(SEED, ARCHIVE[0], 4, at=[NOON])
    assert (shown.place in (1, 2, 3, 4), shown.left_out, shown.picked) == (True, "", False)
    assert shown.terms
    assert [term.weight for term in shown.terms] == sorted(
        (t.weight for t in shown.terms), reverse=True
    )
    assert stories.why(SEED, SEED, 4, at=[NOON]).left_out == "it is the article itself"
    stranger = stories.why(SEED, ARCHIVE[4], 4, at=[NOON])
    assert stranger.place is None
    assert "it shares too little" in stranger.left_out
    crowded = stories.why(SEED, ARCHIVE[0], 4, at=[NOON], without={ARCHIVE[0].id: "had it in x"})
    assert crowded.left_out == "had it in x"


def test_why_reaches_stories_that_are_far_down_the_list():
    others = [one for one in ARCHIVE if not one.slug.startswith("harbour")]
    stories = finder(
        *MANY, *others, SEED, settings_=RelatedSettings(minimum=0.0), bodies=some_words
    )
    last = stories.why(SEED, MANY[-1], 3, at=[NOON])
    assert last.judged is not None
    assert last.left_out == "3 others come before it"


def test_a_fallback_is_shown_only_where_nothing_is_related_and_says_so():
    lonely = story("lonely", section="city")
    city = ARCHIVE[5].but(section="city")
    archive = [city if one is ARCHIVE[5] else one for one in ARCHIVE]

    def shown(seed, fallback):
        return finder(*archive, lonely, SEED, settings_=RelatedSettings(fallback=fallback)).of(
            seed, 3, at=[NOON]
        )

    assert shown(lonely, "none") == ()
    latest = shown(lonely, "latest")
    newest = sorted(archive, key=lambda one: (-one.published.timestamp(), one.id))[:3]
    assert [one.article.id for one in latest] == [one.id for one in newest]
    assert all(one.fallback for one in latest)
    assert [one.article.id for one in shown(lonely, "section")] == [city.id]
    assert not any(one.fallback for one in shown(SEED, "latest"))


def test_a_story_whose_pick_was_taken_back_is_not_kept():
    stories = finder(*ARCHIVE, SEED)
    keep = [
        {"id": ARCHIVE[5].id, "score": 1.0, "text": 0.0, "age": 1.0, "terms": [], "picked": True},
        {
            "id": ARCHIVE[0].id,
            "score": 0.1,
            "text": 0.1,
            "age": 1.0,
            "terms": ["quay"],
            "picked": False,
        },
    ]
    shown = [one.article.id for one in stories.of(SEED, 2, at=[NOON], keep=keep)]
    assert shown[0] == ARCHIVE[0].id
    assert shown[1].startswith("tag:harbour-")


def test_links_from_hidden_stories_are_not_counted():
    hidden = story("harbour-9", 2, draft=True)
    link = '<a href="https://x.example/harbour-3/">see</a>'
    stories = finder(
        *ARCHIVE,
        hidden,
        SEED,
        settings_=RelatedSettings(minimum=0.0),
        bodies=lambda a: body(a) + (link if a is hidden else ""),
    )
    assert all(one.cited == 0 for one in stories.of(SEED, 9, at=[NOON]))
