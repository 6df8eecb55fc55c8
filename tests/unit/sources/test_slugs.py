"""What generators make of names, titles and slugs: as they themselves gave it out."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from publisher.sources import slugs

# Given out by Hugo 0.168 (a file's name, `:title`, `:slug`), Pelican 4.12 (of a title), Nikola
# 8.3.3 (of a name) and github-slugger 2 (Astro's ids).
GOLDEN = [
    ("About-GAAD", "about-gaad", "about-gaad", "about-gaad", "about-gaad", "about-gaad", "about-gaad"),
    ("safe-c++", "safe-c++", "safe-c", "safe-c", "safe-c", "safe-c++", "safe-c"),
    ("2026-01-05-hello", "2026-01-05-hello", "2026-01-05-hello", "2026-01-05-hello", "2026-01-05-hello", "2026-01-05-hello", "2026-01-05-hello"),
    ("a.b.c", "a.b.c", "a.b.c", "a.b.c", "abc", "abc", "abc"),
    ("R&D & co", "rd--co", "rd-co", "rd-co", "rd-co", "rd-co", "rd--co"),
    ("Größe Äpfel", "größe-äpfel", "größe-äpfel", "größe-äpfel", "grosse-apfel", "grosse-apfel", "größe-äpfel"),
    ("東京 ニュース", "東京-ニュース", "東京-ニュース", "東京-ニュース", "dong-jing-niyu-su", "dong-jing-niyu-su", "東京-ニュース"),
    ("emoji-😀-x", "emoji--x", "emoji--x", "emoji--x", "emoji-x", "emoji-x", "emoji--x"),
    ("under_score", "under_score", "under_score", "under_score", "under_score", "under_score", "under_score"),
    ("It's (not) ok", "its-not-ok", "its-not-ok", "its-not-ok", "its-not-ok", "its-not-ok", "its-not-ok"),
    ("x--y", "x--y", "x--y", "x--y", "x-y", "x-y", "x--y"),
    ("100% sure", "100-sure", "100-sure", "100-sure", "100-sure", "100-sure", "100-sure"),
    ("semi;colon,comma", "semicoloncomma", "semicoloncomma", "semicoloncomma", "semicoloncomma", "semicoloncomma", "semicoloncomma"),
    ("ÀÉ", "àé", "àé", "àé", "ae", "ae", "àé"),
    ("a+b=c", "a+bc", "a-bc", "a-bc", "abc", "a+bc", "abc"),
    ("v1.0.0-beta~1", "v1.0.0-beta~1", "v1.0.0-beta~1", "v1.0.0-beta~1", "v100-beta1", "v100-beta1", "v100-beta1"),
    ("hash#tag", "hash#tag", "hash#tag", "hash#tag", "hashtag", "hashtag", "hashtag"),
    ("two  spaces", "two--spaces", "two-spaces", "two-spaces", "two-spaces", "two-spaces", "two--spaces"),
    ("-lead-trail-", "-lead-trail-", "-lead-trail-", "lead-trail", "-lead-trail-", "-lead-trail-", "-lead-trail-"),
    ("İstanbul", "istanbul", "istanbul", "istanbul", "istanbul", "istanbul", "i̇stanbul"),
    ("a:b", "ab", "ab", "ab", "ab", "ab", "ab"),
    ("under__two", "under__two", "under__two", "under__two", "under__two", "under__two", "under__two"),
    ("Łódź naïve Ærø Þór đ", "łódź-naïve-ærø-þór-đ", "łódź-naïve-ærø-þór-đ", "łódź-naïve-ærø-þór-đ", "lodz-naive-aero-thor-d", "lodz-naive-aero-thor-d", "łódź-naïve-ærø-þór-đ"),
    ("Привет мир", "привет-мир", "привет-мир", "привет-мир", "privet-mir", "privet-mir", "привет-мир"),
    ("«quote» – dash—em", "quote--dashem", "quote-dashem", "quote-dashem", "quote-dash-em", "quote-dash-em", "quote--dashem"),
    ("½ x² ™ №5", "-x--5", "x-5", "x-5", "12-x2-tm-no5", "12-x2-tm-no-5", "-x--5"),
    ("ｆｕｌｌ", "ｆｕｌｌ", "ｆｕｌｌ", "ｆｕｌｌ", "full", "full", "ｆｕｌｌ"),
    ("“smart” ‘q’", "smart-q", "smart-q", "smart-q", "smart-q", "smart-q", "smart-q"),
    ("é decomposed", "é-decomposed", "é-decomposed", "é-decomposed", "e-decomposed", "e-decomposed", "é-decomposed"),
    ("ﬁ ligature", "ﬁ-ligature", "ﬁ-ligature", "ﬁ-ligature", "fi-ligature", "fi-ligature", "ﬁ-ligature"),
]  # fmt: skip

# By Jekyll's `Utils.slugify` (mode pretty, cased), and the crate `slug` of Zola.
BY_RULE = [
    ("jekyll", "About-GAAD", "About-GAAD"),
    ("jekyll", "safe-c++", "safe-c++"),
    ("jekyll", "R&D & co", "R&D-&-co"),
    ("jekyll", "Größe Äpfel", "Größe-Äpfel"),
    ("jekyll", "東京 ニュース", "東京-ニュース"),
    ("jekyll", "emoji-😀-x", "emoji-x"),
    ("jekyll", "It's (not) ok", "It's-(not)-ok"),
    ("jekyll", "v1.0.0-beta~1", "v1.0.0-beta~1"),
    ("jekyll", "-lead-trail-", "lead-trail"),
    ("jekyll", "100% sure", "100-sure"),
    ("zola", "About-GAAD", "about-gaad"),
    ("zola", "safe-c++", "safe-c"),
    ("zola", "R&D & co", "r-d-co"),
    ("zola", "Größe Äpfel", "grosse-apfel"),
    ("zola", "under__two", "under-two"),
    ("eleventy", "About GAAD", "About GAAD"),
    ("docusaurus", "React v18.0 (RC)", "React v18.0 (RC)"),
    ("", "About-GAAD", "about-gaad"),
]


@pytest.mark.parametrize("row", GOLDEN, ids=[row[0] for row in GOLDEN])
def test_names_titles_and_slugs_become_what_generators_make_of_them(row):
    text = row[0]
    assert row[1:] == (
        slugs.of_name(text, "hugo"),
        slugs.of_title(text, "hugo"),
        slugs.of_slug(text, "hugo"),
        slugs.of_title(text, "pelican"),
        slugs.of_name(text, "nikola"),
        slugs.of_name(text, "astro"),
    )


@pytest.mark.parametrize(("generator", "name", "made"), BY_RULE)
def test_a_name_becomes_what_the_rule_of_its_generator_says(generator, name, made):
    assert slugs.of_name(name, generator) == made


@pytest.mark.parametrize(
    ("title", "made"),
    [
        ("Größe & Maß", "groesse-and-mass"),
        ("R&D at Übersee", "r-and-d-at-uebersee"),
        ("It's Ann’s can't you see", "its-anns-cant-you-see"),
        ("Rock 'n' Roll: C++", "rock-n-roll-c"),
        ("Crème brûlée", "creme-brulee"),
    ],
)
def test_a_title_becomes_what_eleventys_slugify_makes_of_it(title, made):
    assert slugs.of_title(title, "eleventy") == made


def test_a_slug_of_the_front_matter_stays_where_its_generator_leaves_it():
    made = {one: slugs.of_slug("PQ-Certs v1", one) for one in ("hugo", "jekyll", "pelican", "")}
    assert made == {
        "hugo": "pq-certs-v1",
        "jekyll": "PQ-Certs-v1",
        "pelican": "PQ-Certs v1",
        "": "pq-certs-v1",
    }


def test_a_long_name_stays_whole_as_long_as_a_file_could_have_it():
    name = "word-" * 40 + "end"
    assert {slugs.of_name(name, one) for one in ("hugo", "jekyll", "nikola", "astro")} == {name}
    assert len(slugs.of_name("word-" * 60, "jekyll")) <= 240


@settings(max_examples=60)
@given(
    st.text(alphabet="./\\%aé\0 \n-+", max_size=12),
    st.sampled_from(
        ["hugo", "jekyll", "pelican", "nikola", "eleventy", "zola", "astro", "docusaurus", ""]
    ),
)
def test_nothing_leads_up_or_holds_controls(text, generator):
    for made in (slugs.of_slug, slugs.of_name, slugs.of_title):
        found = made(text, generator)
        assert not any(ord(c) < 32 for c in found)
        assert not {"", ".", ".."} & set(found.split("/")) or not found
