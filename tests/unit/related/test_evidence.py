"""What must speak for a related story, and how a reason is worded."""

import pytest

from publisher.model import RelatedSettings
from publisher.related import Index, RelatedStories, Term
from publisher.related.evidence import terms
from publisher.related.floor import wanted
from publisher.related.likeness import Shared
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


def rest(endings=_ENDINGS):
    return " ".join(start + end for start in "bcdfghjklm" for end in endings)


def sure(seed, other, *others, bodies):
    """What speaks for `other` under `seed`, where 1 is just enough."""
    index, articles = Index(None), [other, *others, *ARCHIVE, seed]
    index.update(articles, lambda one: bodies.get(one.slug) or body(one))
    stories = RelatedStories(articles, index, RelatedSettings())
    return stories.why(seed, other, 5, at=[NOON]).judged.sure


def named(ours, theirs, **told):
    """What speaks for one story under another, by their titles."""
    seed, other = story("seed", title=ours), story("bakers", 1, title=theirs)
    told = {"seed": "Kowalski bread flour. " * 2, "bakers": "Kowalski bread yeast. " * 2} | told
    bodies = {slug: f"<p>{text} {slug} at {slug}.</p>" for slug, text in told.items()}
    return sure(seed, other, bodies=bodies)


def test_what_a_title_says_counts_most_in_ours_and_more_in_both():
    none, theirs = named("A night", "A yard"), named("A night", "Kowalski now")
    ours, both = named("Kowalski now", "A yard"), named("Kowalski now", "Kowalski then")
    assert 0 < none < theirs < ours < both


def test_a_word_of_a_title_that_the_text_never_returns_to_is_a_turn_of_phrase():
    told = "bread flour. " * 2
    praise = {"seed": f"{told} dusk.", "bakers": f"{told} ovens."}
    again = {slug: f"{text} praise, praise." for slug, text in praise.items()}
    for titles in (("Praise", "Praise"), ("Praise", "A yard"), ("A night", "Praise")):
        assert named(*titles, **praise) < named(*titles, **again)
    assert named("Praise", "A yard", **praise) == named("Hymns", "A yard", **praise)


def test_issues_of_a_series_are_tied_whatever_their_titles_say():
    told = "Kowalski bread flour. Kowalski."
    issues = [story(name, n, title=f"Bugle #{90 - n}") for n, name in enumerate(("seed", "bakers"))]
    series = [story(f"issue-{n}", n, title=f"Bugle #{90 - n}") for n in range(2, 30)]
    bodies = {"seed": f"<p>{told} dusk</p>", "bakers": f"<p>{told} noon</p>"}
    other = story("bakers", 1, title="A yard")
    assert sure(*issues, *series, bodies=bodies) > 3 * sure(
        issues[0], other, *series, bodies=bodies
    )


def test_neighbouring_versions_are_tied_and_those_before_a_break_are_not():
    told = "Kowalski bread flour. Kowalski."
    bodies = {"seed": f"<p>{told} dusk</p>", "bakers": f"<p>{told} noon</p>"}
    seed = story("seed", title="Oven 3.4.1 is out")
    near, after, before = (
        sure(seed, story("bakers", 1, title=title), bodies=bodies)
        for title in ("The 3rd: Oven 3.3 LTS", "Oven 3.1.0 is out", "Oven 2.12.0 is out")
    )
    assert min(near, after) > 3 * before


def test_a_tag_that_few_candidates_have_ties_two_stories_more_than_one_that_all_have():
    told = "Kowalski bread flour. " * 2
    tagged = {"title": "A yard", "tags": ("ovens",)}
    seed, other = story("seed", **tagged), story("bakers", 1, **tagged)
    near = [story(f"near-{n}", n + 2, title="Foxes") for n in range(6)]
    bodies = {one.slug: f"<p>{told} {one.slug}</p>" for one in (seed, other, *near)}
    plain = sure(seed.but(tags=()), other.but(tags=()), *near, bodies=bodies)
    few = sure(seed, other, *near, bodies=bodies)
    every = sure(seed, other, *(one.but(tags=("ovens",)) for one in near), bodies=bodies)
    assert few > 1.5 * every > 1.5 * plain


def test_a_tag_says_less_where_no_title_says_anything():
    told = "Kowalski bread flour. " * 2
    near = [story(f"near-{n}", n + 2, title="Foxes") for n in range(6)]

    def gained(title):
        """What a tag adds, in what speaks for one whose titles do or do not say anything."""
        seed, other = story("seed", title=title), story("bakers", 1, title=title)
        bodies = {one.slug: f"<p>{told} {one.slug}</p>" for one in (seed, other, *near)}
        tagged = [one.but(tags=("ovens",)) for one in (seed, other)]
        more, plain = (sure(*pair, *near, bodies=bodies) for pair in (tagged, (seed, other)))
        return more - plain

    assert 0 < gained("A yard") < gained("Kowalski")


def test_a_tag_whose_articles_are_no_more_alike_than_any_says_less():
    told = "Kowalski bread flour. " * 2
    seed, other = (
        story(name, n, title="A yard", tags=("ovens",)) for n, name in enumerate(("seed", "bakers"))
    )
    near = [story(f"near-{n}", n + 2, title="Foxes") for n in range(6)]
    bodies = {one.slug: f"<p>{told} {one.slug}</p>" for one in (seed, other, *near)}
    for one in near[3:]:
        bodies[one.slug] = f"<p>Kowalski, {rest()[:500]} {one.slug}</p>"
    topic, section = (
        sure(
            seed,
            other,
            *(one.but(tags=("ovens",) * (one in having)) for one in near),
            bodies=bodies,
        )
        for having in (near[:3], near[3:])
    )
    assert topic > 1.2 * section


def test_a_word_of_a_title_counts_more_where_the_words_around_it_are_the_same():
    apart = rest()[:600]
    ours = f"Kowalski bread flour. Kowalski bread flour. {apart}"
    near = f"{apart} Kowalski bread flour. Kowalski bread flour."
    far = f"bread flour bread flour. {apart} Kowalski, Kowalski."
    told = {"seed": ours, "bakers": near}
    same = named("Kowalski now", "Kowalski then", **told)
    other = named("Kowalski now", "Kowalski then", **(told | {"bakers": far}))
    # Of what titles do not name, nothing is said by where it stands.
    plain = [named("A night", "A yard", **(told | {"bakers": text})) for text in (near, far)]
    assert same / other > 1.2 * plain[0] / plain[1]


def test_the_one_word_that_matters_most_does_not_count():
    one, two = (
        dict.fromkeys(("seed", "bakers"), f"{told} {told}")
        for told in ("Kowalski", "Kowalski bread")
    )
    assert 2 * named("A night", "A yard", **one) < named("A night", "A yard", **two)


def test_each_place_further_down_needs_more_to_speak_for_it():
    below = [wanted(n, RelatedSettings()) for n in range(5)]
    assert below == sorted(set(below))
    assert wanted(4, RelatedSettings(minimum=0.0)) == 0
    rows = finder(*ARCHIVE, SEED)
    shown_ = rows.of(SEED, 5, at=[NOON])
    judged = [rows.why(SEED, one.article, 5, at=[NOON]).judged.sure for one in shown_]
    assert len(judged) > 2
    assert all(speaks >= least for speaks, least in zip(judged, below, strict=False))


def test_what_has_enough_but_not_for_its_place_is_told_so():
    told = "Kowalski bread flour yeast. " * 2
    seed = story("seed", title="A night")
    others = [story(f"near-{n}", n + 1, title="A yard") for n in range(4)]
    bodies = {one.slug: f"<p>{told} {one.slug}</p>" for one in (seed, *others)}
    bodies["near-3"] = f"<p>{'Kowalski. ' * 8} bread {rest()[:600]}</p>"
    index, articles = Index(None), [*others, *ARCHIVE, seed]
    index.update(articles, lambda one: bodies.get(one.slug) or body(one))
    stories = RelatedStories(articles, index, RelatedSettings())
    why = stories.why(seed, others[3], 5, at=[NOON])
    assert 1 <= why.judged.sure < wanted(3, RelatedSettings())
    assert why.left_out.endswith("speaks for it, and below 3 others 1.90 is wanted")


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


def test_links_from_related_stories_speak_for_what_is_said_in_passing():
    seed, other = story("seed", title="A night"), story("bakers", 1, title="A bakery")
    nearer = story("nearer", 2, title="Foxes")
    told = "Kowalski bread flour yeast."
    bodies = {
        "seed": f"<p>{rest(_ENDINGS[:14])}. {rest(_ENDINGS[:2])}. {told}</p>",
        "bakers": f"<p>{told} Glowing ember heat.</p>",
        "nearer": f"<p>{rest(_ENDINGS[:9])}. {rest(_ENDINGS[:2])}.",
    }
    assert [*shown(seed, other, nearer, bodies=bodies)] == ["nearer"]
    bodies["nearer"] += '<a href="https://x.example/bakers/">then</a></p>'
    assert [*shown(seed, other, nearer, bodies=bodies)] == ["nearer", "bakers"]


def test_a_link_of_its_own_makes_up_for_what_is_said_in_passing_and_for_nothing_else():
    link = '<a href="https://x.example/bakers/">then</a>'
    told = "Kowalski bread flour yeast."
    seed, other = story("seed", title="A night"), story("bakers", 1, title="A bakery")
    bodies = {"seed": f"<p>{told} Dusk {link}.</p>", "bakers": f"<p>{told} Heat, embers.</p>"}
    assert [*shown(seed, other, bodies=bodies)] == ["bakers"]
    assert [*shown(seed, other, bodies=bodies | {"seed": f"<p>{told} Dusk then.</p>"})] == []
    weak = {"seed": f"<p>{FOREIGN} Kowalski {link}. {rest()}</p>"}
    assert [*shown(seed, other, bodies=bodies | weak)] == []


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


def test_a_phrase_is_the_same_whichever_number_the_index_gave_its_words():
    pairs = [(0, 1, 0.5), (1, 2, 0.25), (1, 3, 0.25)]

    class Numbered:
        def __init__(self, pairs):
            self.found = Shared(("old", "ferry", "quay", "dock"), [(0, 0.125)], pairs)

        def shared(self, _number, _most):
            return self.found

    there, back = (
        [one.text for one in terms(Numbered(pairs), 0, 4)] for pairs in (pairs, pairs[::-1])
    )
    assert there == back
    assert there[0] == "old ferry dock"


@pytest.mark.parametrize("run", ["参加登録", "一般財団法人", "安全保障条約"])
def test_a_reason_in_japanese_is_the_whole_run_of_han_that_both_texts_have(run):
    others = [f"参加者の{run[:2]}だけ", f"{run[-2:]}の登録", "財団の保障", "一般の安全"]
    near = [story(f"n{n}", n + 2, title="記事", language="ja") for n in range(4)]
    seed, other = (
        story(name, n, title="記事", language="ja") for n, name in enumerate(("seed", "other"))
    )
    bodies = {
        one.slug: f"<p>{text}、{one.slug}。</p>" for one, text in zip(near, others, strict=True)
    }
    bodies |= {
        "seed": f"<p>今日は{run}が始まる。{run}です。Kowalski Zimmermann.</p>",
        "other": f"<p>昨日まで{run}を見た。{run}でした。Kowalski Zimmermann.</p>",
    }
    found = shown(seed, other, *near, bodies=bodies, minimum=0.01)
    assert run in found["other"].terms
