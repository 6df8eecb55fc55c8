"""An id is minted once and follows its article through renames."""

from datetime import UTC, date, datetime

from hypothesis import given
from hypothesis import strategies as st

from publisher.model import Publication
from publisher.sources.identity import Identities, Sighting, known_as, number_of, sighted

NOW = datetime(2026, 11, 24, tzinfo=UTC)
LATER = datetime(2027, 1, 1, tzinfo=UTC)
PUBLICATION = Publication(title="T", base_url="https://x.example/", since=date(2026, 1, 1))


def sighting(path, text="text", title="title", explicit=""):
    return Sighting(path=path, digest=f"d{text}{title}", body=text, title=title, explicit=explicit)


def identify(sightings, known=(), now=NOW):
    here = {one.path: one.digest for one in sightings}
    identities = Identities(known, here, PUBLICATION, now)
    found = {one.path: identities.of(one) for one in sorted(sightings, key=lambda s: s.path)}
    return found, identities


def test_a_new_article_gets_a_tag_uri_of_the_domain():
    found, _ = identify([sighting("a.md")])
    assert found["a.md"].id == "tag:x.example,2026-01-01:fecccc975324"
    assert found["a.md"].first_seen == NOW


def test_an_id_depends_on_the_path_alone_so_that_a_lost_ledger_mints_it_again():
    one, _ = identify([sighting("a.md", "x", "y")])
    other, _ = identify([sighting("a.md"), sighting("b.md", "z")], now=LATER)
    assert one["a.md"].id == other["a.md"].id


def test_an_edited_file_keeps_its_id_and_when_it_was_first_seen():
    before, _ = identify([sighting("a.md")])
    after, _ = identify([sighting("a.md", "new", "other")], before.values(), LATER)
    assert after["a.md"].id == before["a.md"].id
    assert after["a.md"].first_seen == NOW


def test_a_trial_of_a_day_to_come_dates_no_article_later_than_today():
    new = sighting("a.md")
    trial = Identities([], {"a.md": new.digest}, PUBLICATION, LATER, NOW)
    assert trial.of(new).first_seen == NOW


def test_what_a_trial_once_dated_in_the_future_is_dated_today():
    trial, _ = identify([sighting("a.md")], now=LATER)
    found, identities = identify([sighting("a.md")], trial.values(), NOW)
    assert (found["a.md"].id, found["a.md"].first_seen) == (trial["a.md"].id, NOW)
    assert identities.changed == [found["a.md"]]


def test_who_catches_up_on_a_past_day_changes_no_first_sight():
    real, _ = identify([sighting("a.md")], now=LATER)
    identities = Identities(real.values(), {"a.md": "dtexttitle"}, PUBLICATION, NOW, LATER)
    assert identities.of(sighting("a.md")).first_seen == LATER
    assert identities.changed == []


def test_a_renamed_file_keeps_its_id_by_its_bytes_its_text_or_its_title():
    before, _ = identify([sighting("a.md", "text", "title")])
    for moved in (
        sighting("b.md"),
        sighting("b.md", "text", "new"),
        sighting("b.md", "new", "title"),
    ):
        after, _ = identify([moved], before.values(), LATER)
        assert after["b.md"].id == before["a.md"].id
        assert after["b.md"].first_seen == NOW


def test_two_files_that_exchange_names_take_their_ids_along():
    before, _ = identify([sighting("a.md", "1"), sighting("b.md", "2")])
    after, _ = identify([sighting("a.md", "2"), sighting("b.md", "1")], before.values())
    assert (after["a.md"].id, after["b.md"].id) == (before["b.md"].id, before["a.md"].id)


def test_a_new_article_under_the_old_name_of_another_is_new():
    before, _ = identify([sighting("a.md", "1", "one")])
    after, _ = identify(
        [sighting("a.md", "2", "two"), sighting("z.md", "1", "one")], before.values()
    )
    assert after["z.md"].id == before["a.md"].id
    assert after["a.md"].id != before["a.md"].id


def test_a_file_overwritten_with_a_copy_of_another_keeps_its_own_id():
    before, _ = identify([sighting("a.md", "1"), sighting("b.md", "2")])
    after, _ = identify([sighting("a.md", "2"), sighting("b.md", "2")], before.values())
    assert (after["a.md"].id, after["b.md"].id) == (before["a.md"].id, before["b.md"].id)


def test_a_title_alone_or_an_empty_text_makes_no_two_articles_one():
    january = sighted("jan.md", b"1", "", "Editor's letter", None, "")
    february = sighted("feb.md", b"2", "", "Editor's letter", None, "")
    before, _ = identify([january])
    after, _ = identify([february], before.values())
    assert after["feb.md"].id != before["jan.md"].id


def test_an_article_that_is_given_an_id_keeps_its_history():
    before, _ = identify([sighting("a.md")])
    after, identities = identify([sighting("a.md", explicit="urn:x")], before.values())
    assert after["a.md"].first_seen == NOW
    assert identities.renamed == {before["a.md"].id: "urn:x"}


def test_a_copy_gets_an_id_of_its_own():
    before, _ = identify([sighting("b.md")])
    after, _ = identify([sighting("a.md"), sighting("b.md")], before.values())
    assert after["b.md"].id == before["b.md"].id
    assert after["a.md"].id != before["b.md"].id


def test_where_two_vanished_files_could_be_meant_the_id_is_new():
    before, _ = identify([sighting("a.md"), sighting("b.md")])
    after, _ = identify([sighting("c.md")], before.values())
    assert after["c.md"].id not in {one.id for one in before.values()}


def test_an_explicit_id_is_obeyed_and_its_copy_refused():
    found, identities = identify(
        [sighting("a.md", "1", explicit="urn:x"), sighting("b.md", "2", explicit="urn:x")]
    )
    assert (found["a.md"].id, found["b.md"]) == ("urn:x", None)
    (problem,) = identities.problems
    assert problem.headline == "b.md: the id 'urn:x' is already that of a.md"


def test_only_what_the_ledger_does_not_know_is_handed_back():
    before, first = identify([sighting("a.md"), sighting("b.md", "2")])
    assert len(first.changed) == 2
    _, second = identify([sighting("a.md"), sighting("b.md", "3")], before.values())
    assert [one.path for one in second.changed] == ["b.md"]


PATHS = st.sampled_from(["a.md", "b.md", "c.md", "d.md"])
TEXTS = st.sampled_from(["1", "2", "3"])


@given(st.lists(st.dictionaries(PATHS, st.tuples(TEXTS, TEXTS)), max_size=5))
def test_no_two_articles_ever_share_an_id_and_the_ledgers_rows_stay_unique(history):
    known = {}
    for files in history:
        found, identities = identify([sighting(p, *t) for p, t in files.items()], known.values())
        ids = [one.id for one in found.values() if one]
        assert len(ids) == len(set(ids)) == len(files)
        for one in identities.changed:  # as the ledger does
            known = {i: o for i, o in known.items() if o.path != one.path and i != one.id}
            known[one.id] = one
        assert len({one.path for one in known.values()}) == len(known)


FILES = st.lists(
    st.builds(
        sighting,
        st.sampled_from(["a.md", "b.md", "c.md", "d.md", "e.md"]),
        st.sampled_from(["text", "other", "third"]),
        st.sampled_from(["title", "another", ""]),
        st.sampled_from(
            ["", "", "", "tag:x:1", "tag:x:2", "tag:x.example,2026-01-01:fecccc975324"]
        ),
    ),
    max_size=5,
    unique_by=lambda one: one.path,
)


@given(FILES, FILES, st.sampled_from([NOW, LATER]))
def test_those_of_whom_there_is_no_question_need_not_be_asked_about(before, after, now):
    """Whatever became of the others: renamed, copied, exchanged, given an id of its own."""
    known = [one for one in identify(before)[0].values() if one]
    told = {one.path: one for one in known}
    here = {one.path: one for one in after}
    settled = {
        one.id: path
        for path, one in told.items()
        if path in here and number_of(here[path], known_as(one), now) == hash(one)
    }
    rest = [one for one in known if one.id not in settled]
    asked = [one for one in after if one.path not in settled.values()]
    digests = {one.path: one.digest for one in asked}
    quick = Identities(rest, digests, PUBLICATION, now, settled=settled)
    found = {one.path: quick.of(one) for one in sorted(asked, key=lambda one: one.path)}
    found |= {path: told[path] for path in settled.values()}
    whole, identities = identify(after, known, now)
    assert found == whole
    assert (quick.changed, quick.renamed) == (identities.changed, identities.renamed)
    assert quick.problems == identities.problems
