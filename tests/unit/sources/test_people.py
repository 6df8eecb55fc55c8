"""Authors as people write them: one text of several, and what is no author of its own."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from publisher.sources.people import name_in, names_of, plain


@pytest.mark.parametrize(
    ("typed", "names"),
    [
        ("Ann Lee", ["Ann Lee"]),
        ("Ann Lee, Bo Chan", ["Ann Lee", "Bo Chan"]),
        ("Ann Lee and Bo Chan", ["Ann Lee", "Bo Chan"]),
        ("Ann Lee & Bo Chan", ["Ann Lee", "Bo Chan"]),
        ("Ann Lee, Bo Chan and Cy Dee", ["Ann Lee", "Bo Chan", "Cy Dee"]),
        ("Ann Lee, Bo Chan, and Cy Dee", ["Ann Lee", "Bo Chan", "Cy Dee"]),
        ("Lee, Ann; Chan, Bo", ["Lee, Ann", "Chan, Bo"]),
        ("alice, bob", ["alice", "bob"]),
        ("By Ann Lee", ["Ann Lee"]),
        ("Ann Lee / Bo Chan", ["Ann Lee", "Bo Chan"]),
        ("alice, bob and carol", ["alice", "bob", "carol"]),
        ("mei tanabe, ana ruiz", ["mei tanabe", "ana ruiz"]),
        ("Ann Lee, von Bülow", ["Ann Lee", "von Bülow"]),
        ("Ann Lee, Éric Blanc", ["Ann Lee", "Éric Blanc"]),
        ("Ann Lee &amp; Bo Chan", ["Ann Lee", "Bo Chan"]),
        ("Ann Lee, Bo Chan and Cy Young", ["Ann Lee", "Bo Chan", "Cy Young"]),
        ("Diana Spencer & Bo Chan", ["Diana Spencer", "Bo Chan"]),
        ("محمد علي، أحمد حسن", ["محمد علي", "أحمد حسن"]),
    ],
)
def test_a_text_of_several_authors_is_parted(typed, names):
    assert list(names_of(typed)) == names


@pytest.mark.parametrize(
    "typed",
    [
        "Ann Lee, Executive Director",
        "Josh Aas, ISRG Executive Director",
        "Ann Lee, Vice President, Engineering",
        "Ann Lee, Director of Research and Development",
        "Ann Lee, Jr.",
        "Ann Lee, PhD",
        "Ann Lee, M.D.",
        "Ann Lee, shape shifter",
        "Ann Lee, software engineer and dice designer",
        "Ann Lee, putting the Ca-ching! in caching",
        "Ann Lee, The Big Short",
        "Harbour Works, Inc.",
        "Department of Health and Human Services",
        "Research and Development Team",
        "The City and Port Desk",
        "Ernst & Young",
        "Barnes and Noble",
        "Ann Lee (Harbour Works, Bayside)",
    ],
)
def test_one_person_or_office_stays_one_whatever_its_commas(typed):
    assert names_of(typed) == (typed,)


@pytest.mark.parametrize(
    ("typed", "names"),
    [
        ("Ann Lee, PhD, Bo Chan, MD and Cy Dee", ["Ann Lee, PhD", "Bo Chan, MD", "Cy Dee"]),
        ("Martin Lee, Jr. and Bo Chan", ["Martin Lee, Jr.", "Bo Chan"]),
        ("Ann Lee and Bo Chan, sparser parsers", ["Ann Lee", "Bo Chan, sparser parsers"]),
        ("Ann Lee, old hand, and Bo Chan, new one", ["Ann Lee, old hand", "Bo Chan, new one"]),
        ("Ann Lee, Head of News and Bo Chan", ["Ann Lee, Head of News", "Bo Chan"]),
    ],
)
def test_what_follows_a_title_is_another_person(typed, names):
    assert list(names_of(typed)) == names


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("[Ann Lee](https://ann.example)", "Ann Lee"),
        ("Ann Lee ([@ann](https://social.example/ann))", "Ann Lee"),
        ("Ann Lee (@ann)", "Ann Lee"),
        ("Ann Lee <ann@mail.example>", "Ann Lee"),
        ("ann@mail.example (Ann Lee)", "Ann Lee"),
        ("**Ann Lee**", "Ann Lee"),
        ("Ann Lee (she/her)", "Ann Lee (she/her)"),
        ("O_Neil_ Jo", "O_Neil_ Jo"),
    ],
)
def test_links_handles_and_addresses_are_no_part_of_a_name(typed, name):
    assert plain(typed) == name
    assert names_of([typed]) == (name,)


def test_a_list_has_one_author_in_each_member():
    members = ["Ann Lee and Bo Chan", {"name": "Cy Dee", "title": "CEO"}, None, 7, ["x"], True]
    assert names_of(members) == ("Ann Lee and Bo Chan", "Cy Dee", "7")
    assert names_of({"name": "Ann Lee"}) == ("Ann Lee",)
    assert names_of(True) is None


def test_ids_are_looked_up_wherever_they_stand():
    known = {"ann": "Ann Lee", "bo": "Bo Chan"}

    def who(name):
        return known.get(name, "")

    assert names_of("ann, bo and Cy Dee", who) == ("Ann Lee", "Bo Chan", "Cy Dee")
    assert names_of(["@ann", {"id": "bo"}, {"slug": "cy"}], who) == ("Ann Lee", "Bo Chan", "cy")


def test_a_table_of_a_person_holds_their_name_and_not_only_what_they_do():
    assert name_in({"title": "CEO", "name": "Ann Lee"}) == "Ann Lee"
    assert name_in({"title": "CEO", "first_name": "Ann", "last_name": "Lee "}) == "Ann Lee"
    assert name_in({"title": "Ann Lee"}) == "Ann Lee"
    assert name_in({"url": "https://ann.example"}) == ""


@given(st.text(alphabet="Ab ,;&()[]<>@*_.", max_size=60))
def test_no_text_breaks_it_and_no_name_is_empty(typed):
    assert all(names_of(typed))
