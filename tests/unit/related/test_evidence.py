"""What must speak for a related story, and how a reason is worded."""

import pytest

from publisher.model import RelatedSettings
from publisher.related import Index, RelatedStories, Term
from publisher.related.terms import is_number
from publisher.related.wording import Wording
from tests.unit.related.test_related import ARCHIVE, NOON, SEED, body, finder, story

_ENDINGS = (
    "anor elit imus oran upet avis eron idol osta urim abel enta irel olun usir alto ebra ikon "
    "otro umbe"
).split()
FOREIGN = "Foxes moved under a bridge, watched by nobody at dusk; wolves followed slowly."


def shown(seed, *others, bodies, called="", **settings):
    index = Index(None)
    articles = [*others, *ARCHIVE, seed]
    index.update(articles, lambda one: bodies.get(one.slug) or body(one))
    stories = RelatedStories(articles, index, RelatedSettings(**settings), called)
    return {one.article.slug: one for one in stories.of(seed, 5, at=[NOON])}


def worded(shared, title="", text=""):
    terms = [Term("", 1.0 - n / 10, tuple(words.split())) for n, words in enumerate(shared)]
    return [one.text for one in Wording(title, "", text).of(terms)]


@pytest.mark.parametrize("word", ["184", "20ms", "v15", "1st", "rc2", "2026"])
def test_numbers_units_and_versions_are_numbers(word):
    assert is_number(word)


@pytest.mark.parametrize("word", ["covid19", "g7", "bip324", "web3", "harbour"])
def test_names_that_hold_digits_are_none(word):
    assert not is_number(word)


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        (f"<p>{FOREIGN} Zimmermann was told.</p>", "<p>Old Zimmermann baked bread in ovens.</p>"),
        (f"<p>{FOREIGN} 184, 281.</p>", "<p>Old bakers bread, ovens glowing: 184, 281.</p>"),
        (
            f"<p>{FOREIGN}</p><pre>frobnicate quux</pre>",
            "<p>Old bakers bread, ovens glowing, flour.</p><pre>frobnicate quux</pre>",
        ),
    ],
)
def test_one_name_or_numbers_or_code_alone_are_no_evidence(ours, theirs):
    seed, other = story("seed", title="A night"), story("bakers", 1, title="A bakery")
    assert shown(seed, other, bodies={"seed": ours, "bakers": theirs}) == {}


@pytest.mark.parametrize(
    ("ours", "theirs", "expected"),
    [
        ("Zimmermann Kowalski ovens flour", "Zimmermann Kowalski ovens flour", []),
        ("Kowalski flour. " * 2, "Zimmermann Kowalski ovens flour", []),
        ("Kowalski flour. " * 2, "Kowalski flour. " * 2, ["bakers"]),
        ("Kowalski flour. " * 2, "Kowalski flour. " * 2 + "Glowing ember heat. " * 300, []),
        (
            "Kowalski flour. " * 2,
            "Kowalski flour. " * 30 + "Glowing ember heat. " * 300,
            ["bakers"],
        ),
    ],
)
def test_what_is_mentioned_in_passing_is_no_evidence(ours, theirs, expected):
    seed, other = story("seed", title="A night"), story("bakers", 1, title="A bakery")
    bodies = {"seed": f"<p>{ours} moved at dusk.</p>", "bakers": f"<p>{theirs}</p>"}
    assert [*shown(seed, other, bodies=bodies)] == expected


def test_names_of_who_wrote_it_are_no_theme_however_often_they_stand_there():
    keys = {"authors": ("Wanda Petrova",)}
    seed, other = (story(name, n, title=f"A {name}", **keys) for n, name in enumerate(("a", "b")))
    told = "<p>{} {} Wanda Petrova. Wanda Petrova. </p>"
    bodies = {"a": told.format("dusk", "foxes"), "b": told.format("ovens", "flour")}
    assert shown(seed, other, bodies=bodies) == {}


@pytest.mark.parametrize(("twice", "expected"), [("Kowalski", []), ("Kowalski bread", ["bakers"])])
def test_one_word_that_both_return_to_needs_more_than_two_do(twice, expected):
    seed, other = story("seed", title="A night"), story("bakers", 1, title="A bakery")
    rest = " ".join(a + b for a in "bcdfgh" for b in _ENDINGS)
    bodies = {
        "seed": f"<p>{rest}. Kowalski bread flour yeast. {twice}.</p>",
        "bakers": f"<p>Kowalski bread flour yeast glowing. {twice}. {rest[::-1]}.</p>",
    }
    assert [*shown(seed, other, bodies=bodies)] == expected


def rest(endings=_ENDINGS):
    return " ".join(start + end for start in "bcdfghjklm" for end in endings)


def test_one_word_and_hardly_another_are_no_evidence_whatever_speaks_for_them():
    seed, other = story("seed", title="A night"), story("bakers", 1, title="A bakery")
    for told, expected in (
        ("Kowalski flour. Kowalski.", []),
        ("Kowalski flour bread yeast. Kowalski.", ["bakers"]),
    ):
        bodies = {"seed": f"<p>{told}</p>", "bakers": f"<p>{told} Heat.</p>"}
        assert [*shown(seed, other, bodies=bodies)] == expected


@pytest.mark.parametrize(
    ("nearer", "length", "expected"),
    [
        ([], 480, ""),
        ([], 720, "only words tie them: 1.26 speaks for it, and 1.30 is wanted"),
        (["nearer"], 840, ""),
        (["nearer"], 1200, "only words tie them: 1.74 speaks for it, and 2.00 is wanted"),
    ],
)
def test_where_only_words_tie_two_stories_more_must_speak_and_more_beside_a_nearer_one(
    nearer, length, expected
):
    seed, bakers = story("seed", title="A night"), story("bakers", 1, title="A bakery")
    others = [story(name, 2, title="Foxes") for name in nearer]
    told = "Kowalski bread flour yeast. Kowalski bread."
    bodies = {
        "seed": f"<p>{rest(_ENDINGS[:18])}. {rest(_ENDINGS[:3])}. {told}</p>",
        "bakers": f"<p>{told} Glowing. {(rest() * 2)[:length][::-1]}.</p>",
        "nearer": f"<p>{rest(_ENDINGS[:3])}. {rest(_ENDINGS[:3])}.</p>",
    }
    index, articles = Index(None), [bakers, *others, *ARCHIVE, seed]
    index.update(articles, lambda one: bodies.get(one.slug) or body(one))
    why = RelatedStories(articles, index, RelatedSettings()).why(seed, bakers, 5, at=[NOON])
    assert why.left_out == expected


def test_a_word_that_all_others_say_in_passing_is_no_theme():
    told = "Kowalski flour. " * 2
    bodies = {
        "seed": f"<p>{told} Ovens glow at noon. They moved at dusk.</p>",
        "bakers": f"<p>{told} Ovens glow at noon.</p>",
    }
    seed, other = story("seed", title="A night"), story("bakers", 1, title="A bakery")
    forms = [story(f"form-{n}", 2 + n, title=f"Form {n}") for n in range(3)]
    for times, expected in ((1, []), (2, ["bakers"])):
        filled = {one.slug: f"<p>{one.slug} {'Kowalski flour. ' * times}</p>" for one in forms}
        found = shown(seed, other, *forms, bodies=bodies | filled)
        assert [name for name in found if name == "bakers"] == expected


def test_a_link_from_a_related_story_makes_up_for_nothing_that_is_said_in_passing():
    seed, other = story("seed", title="A night"), story("bakers", 1, title="A bakery")
    nearer = story("nearer", 2, title="Foxes")
    told = "Kowalski bread flour yeast."
    bodies = {
        "seed": f"<p>{rest(_ENDINGS[:14])}. {rest(_ENDINGS[:2])}. {told}</p>",
        "bakers": f"<p>{told} Glowing ember heat.</p>",
        "nearer": f"<p>{rest(_ENDINGS[:9])}. {rest(_ENDINGS[:2])}."
        '<a href="https://x.example/bakers/">then</a></p>',
    }
    assert [*shown(seed, other, nearer, bodies=bodies)] == ["nearer"]


def test_what_the_article_links_to_is_evidence_enough():
    seed, other = story("seed"), story("profile", 1)
    link = '<a href="https://x.example/profile/">then</a>'
    bodies = {
        "seed": f"<p>{FOREIGN} Zimmermann was told {link}.</p>",
        "profile": "<p>Old Zimmermann baked bread, ovens glowing, flour everywhere.</p>",
    }
    assert [*shown(seed, other, bodies=bodies)] == ["profile"]


def test_authors_and_the_publication_are_no_reasons_unless_the_title_names_them():
    keys = {"authors": ("Wanda Petrova",)}
    told = "Ships cranes quay. Ships, cranes. Wanda Petrova writes for the Quillton Bugle."
    signed = f"<p>{told} Wanda Petrova.</p>"
    bodies = {"harbour-new": signed, "harbour-old": signed.replace("quay", "pilot")}
    other = story("harbour-old", 1, **keys)
    plain = shown(story("harbour-new", **keys), other, bodies=bodies, called="Quillton Bugle")
    named = " ".join(plain["harbour-old"].terms)
    assert "hips" in named
    assert not any(word in named for word in ("Wanda", "Petrova", "Quillton", "Bugle"))
    titled = shown(story("harbour-new", title="Wanda Petrova", **keys), other, bodies=bodies)
    assert "Wanda Petrova" in " ".join(titled["harbour-old"].terms)


def test_a_reason_is_worded_as_the_article_writes_it_names_first():
    told = "<p>The bill goes to Katie Meyer. Later Katie Meyer of the Service Fund spoke.</p>"
    assert worded(["bill", "katie meyer", "service fund", "spoke"], "", told) == [
        "Katie Meyer",
        "Service Fund",
        "bill",
        "spoke",
    ]


def test_what_stands_in_the_title_comes_before_what_does_not():
    assert worded(["ovens", "bread"], "On bread", "<p>Ovens bake. Hot ovens, bread.</p>") == [
        "bread",
        "ovens",
    ]


@pytest.mark.parametrize(
    ("words", "text", "expected"),
    [
        ("trump tariffs", "<p>On Trump’s tariffs</p>", "Trump’s tariffs"),
        ("strasse", "<p>Die Straße</p>", "Straße"),
        ("quay crane ship", "<p>A quay crane. The ship.</p>", "quay crane"),
        ("nato", "<p>NATO met; so did NATO.</p>", "NATO"),
    ],
)
def test_words_are_found_as_people_write_them(words, text, expected):
    assert worded([words], "", text) == [expected]


def test_what_stands_in_listings_alone_is_not_named():
    assert worded(["quux"], "", "<p>Plain words</p><pre><code>let quux = 1;</code></pre>") == []


def test_reasons_in_scripts_without_spaces_are_named_as_they_are():
    assert worded(["安全 全保"], "", "<p>日本の安全保障</p>") == ["安全保"]


def test_without_a_minimum_whatever_is_nearest_is_shown():
    seed, other = story("seed", title="A night"), story("bakers", 1, title="A bakery")
    bodies = {
        "seed": f"<p>{FOREIGN} Zimmermann was told.</p>",
        "bakers": "<p>Old Zimmermann baked bread in ovens.</p>",
    }
    assert "bakers" in shown(seed, other, bodies=bodies, minimum=0.0)


def test_however_much_age_weighs_in_the_order_the_old_can_be_related():
    settings = RelatedSettings(weight_age=1.0)
    old = [story(f"harbour-{n}", 9000 + n) for n in range(3)]
    rest = [one for one in ARCHIVE if not one.slug.startswith("harbour")]
    found = finder(*old, *rest, SEED, settings_=settings).of(SEED, 5, at=[NOON])
    assert len(found) == 3
