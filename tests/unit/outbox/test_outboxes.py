"""What every outbox keeps of its promises: a folder, object stores, whatever fails at whichever step."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

from publisher.errors import ConfigError, Locked, OutboxError, StoreUnavailable, UnknownName
from publisher.outbox import put
from publisher.outbox.objects import Objects
from publisher.outbox.stored import Stored
from publisher.pipeline.served import headers_of
from tests.npm import MODULES
from tests.stores import (
    AZURE,
    BUCKET,
    S3,
    Careless,
    Failing,
    Faulty,
    InMemory,
    Place,
    azurite,
    prefix,
)
from tests.unit.outbox.test_outbox import bundle

ID = "n@2026-11-24T1200"
HAS_AZURITE = bool(MODULES) and (Path(MODULES) / "azurite").is_dir()
HAS_OBSTORE = importlib.util.find_spec("obstore") is not None

wants_obstore = pytest.mark.skipif(not HAS_OBSTORE, reason="no obstore: pip install '.[scale]'")
KINDS = [
    "folder",
    "file",
    pytest.param("memory", marks=wants_obstore),
    pytest.param("memory as Google's", marks=wants_obstore),
    pytest.param("s3", marks=[wants_obstore, pytest.mark.xdist_group("s3")]),
    pytest.param(
        "azure",
        marks=[
            wants_obstore,
            pytest.mark.xdist_group("azurite"),
            pytest.mark.skipif(
                not HAS_AZURITE,
                reason="wants PUBLISHER_NODE_MODULES with azurite: see tests/npm.py",
            ),
        ],
    ),
]
STORES = KINDS[2:]


@pytest.fixture(scope="module")
def azure():
    with azurite() as url:
        yield url


def in_store(request, kind, url, environment, patch):
    name, server = environment
    for key, value in {**name, **server}.items():
        patch.setenv(key, value)
    return Place(kind, request.getfixturevalue("tmp_path"), url, Objects(url))


@pytest.fixture
def place(request, tmp_path, monkeypatch):
    """An outbox of the kind that the test names, with nothing in it."""
    kind = request.param
    if kind in ("folder", "file"):
        return Place(kind, tmp_path)
    if kind.startswith("memory"):
        return Place(kind, tmp_path, "", InMemory(kind="gs" if "Google" in kind else "s3"))
    if kind == "s3":
        server = {"AWS_ENDPOINT_URL": request.getfixturevalue("s3")}
        return in_store(request, kind, f"s3://{BUCKET}/{prefix()}", (S3, server), monkeypatch)
    server = {"AZURE_STORAGE_ENDPOINT": request.getfixturevalue("azure")}
    return in_store(request, kind, f"az://{BUCKET}/{prefix()}", (AZURE, server), monkeypatch)


every = pytest.mark.parametrize("place", KINDS, indirect=True)
stores = pytest.mark.parametrize("place", STORES, indirect=True)


@every
def test_a_bundle_comes_back_as_it_was_put_and_is_put_once(place):
    outbox, made = place.outbox(), bundle()
    outbox.claim()
    assert (outbox.seal(made), outbox.seal(made)) == (True, False)
    for host in (outbox, place.outbox("two")):
        assert host.ids() == [ID]
        assert host.find("2026-11-24") == ID
        assert (host.read(ID).files, host.faults(ID)) == (made.files, [])
        assert host.holds(made)
        assert not host.holds(bundle(("other",)))


@every
def test_what_hosts_make_for_each_other_is_no_readers(place):
    one, two = place.outbox(), place.outbox("two")
    one.claim()
    assert (one.all_made(), one.made("b/plan")) == ([], None)
    one.keep_made("b/plan", b"first")
    two.keep_made("b/plan", b"second")
    two.keep_made("b/0-index", b"")
    assert (one.made("b/plan"), one.all_made()) == (b"second", ["b/0-index", "b/plan"])
    one.publish("web", headers_of, is_whole=True)
    assert place.shown() == {}
    two.drop_made(["b/plan", "b/never"])
    assert (one.made("b/plan"), one.all_made()) == (None, ["b/0-index"])


@every
def test_another_bundle_replaces_it_whole(place):
    outbox, other = place.outbox(), bundle(("other",))
    outbox.seal(bundle())
    assert outbox.seal(other) is True
    assert place.outbox("two").read(ID).files == other.files
    if place.objects:  # nothing is left of the first
        assert len(place.objects.list("bundles")) == len(other.files) - 1


@every
def test_what_is_taken_away_is_gone(place):
    outbox = place.outbox()
    outbox.seal(bundle())
    outbox.show(ID, "to look at")
    assert (outbox.views / f"{ID}.html").read_text() == "to look at"
    outbox.remove(ID)
    outbox.remove(ID)
    assert (outbox.ids(), list(outbox.views.iterdir())) == ([], [])
    with pytest.raises(OutboxError, match="cannot be read"):
        outbox.read(ID)
    with pytest.raises(UnknownName):
        outbox.find(ID)
    assert outbox.seal(bundle()) is True
    if place.objects:
        assert len(place.objects.list("bundles")) == len(bundle().files) - 1


@every
def test_what_was_changed_is_named_and_mended(place):
    place.outbox().seal(bundle())
    place.spoil(ID, "subject.txt", b"Howdy")
    host = place.outbox("two")
    assert host.faults(ID) == ["subject.txt was changed (5 bytes, 5 when it was sealed)"]
    assert host.seal(bundle()) is True
    assert place.outbox("three").faults(ID) == []


@every
def test_there_is_word_of_what_is_on_its_way(place):
    outbox = place.outbox()
    assert (outbox.is_marked(ID), list(outbox.marked()), outbox.word(ID)) == (False, [], None)
    outbox.mark(ID, b"word\n")
    outbox.mark(ID, b"word\n")
    for host in (outbox, place.outbox("two")):
        assert (host.is_marked(ID), list(host.marked())) == (True, [ID])
        assert host.word(ID) == b"word\n"
    outbox.mark(ID, b"a later one\n")
    assert place.outbox("two").word(ID) == b"a later one\n"
    assert outbox.mark_place(ID).endswith(f"/sent/{ID}.json")


PAGES = {
    "web/index.html": b"<p>home</p>",
    "web/index.html.br": b"packed",
    "web/a/index.html": b"<p>a</p>",
    "web/style.css": b"p {}",
    f"web/pictures/mail/{'a' * 32}.png": b"png",
}


def write(outbox, files):
    for name, data in files.items():
        put(outbox.folder / name, data)


@every
def test_readers_see_what_was_made_and_no_more_than_that(place):
    outbox = place.outbox()
    write(outbox, PAGES)
    outbox.publish("web", headers_of, is_whole=True)
    assert place.shown() == PAGES
    (outbox.folder / "web/a/index.html").unlink()
    write(outbox, {"web/index.html": b"<p>other</p>"})
    outbox.publish("web", headers_of, is_whole=True)
    rest = {name: data for name, data in PAGES.items() if name != "web/a/index.html"}
    assert place.shown() == {**rest, "web/index.html": b"<p>other</p>"}


@stores
def test_objects_have_the_headers_of_pages(place):
    outbox = place.outbox()
    write(outbox, PAGES)
    outbox.publish("web", headers_of, is_whole=True)
    for name in PAGES:
        assert place.objects.get(name).headers == headers_of(name, PAGES)
    assert place.objects.get("web/index.html.br").headers["Content-Encoding"] == "br"


@stores
def test_what_is_the_same_is_not_put_again_by_whichever_host(place):
    outbox, other = place.outbox(), place.outbox("two")
    write(outbox, PAGES)
    write(other, PAGES)
    outbox.publish("web", headers_of, is_whole=True)
    before = place.objects.list("web")
    outbox.publish("web", headers_of, is_whole=True)
    other.publish("web", headers_of, is_whole=True)
    assert place.objects.list("web") == before


@stores
def test_a_host_takes_what_another_made(place):
    outbox, other = place.outbox(), place.outbox("two")
    write(outbox, PAGES)
    outbox.publish("web", headers_of, is_whole=True)
    other.fetch("web")
    other.publish("web", headers_of, is_whole=True)
    assert place.shown() == PAGES
    assert (other.folder / "web/index.html").read_bytes() == PAGES["web/index.html"]
    (outbox.folder / "web/a/index.html").unlink()
    outbox.publish("web", headers_of, is_whole=True)
    other.fetch("web")
    assert not (other.folder / "web/a/index.html").exists()


@stores
def test_a_build_that_failed_takes_away_nothing_that_another_host_made(place):
    outbox, other = place.outbox(), place.outbox("two")
    write(outbox, PAGES)
    outbox.publish("web", headers_of, is_whole=True)
    other.publish("web", headers_of, is_whole=False)
    assert place.shown() == PAGES
    (outbox.folder / "web/a/index.html").unlink()  # hidden: it leaves whatever failed
    outbox.publish("web", headers_of, is_whole=False)
    assert "web/a/index.html" not in place.shown()


@stores
def test_which_files_another_host_made_is_known_until_they_are_made_here(place):
    outbox, other = place.outbox(), place.outbox("two")
    write(outbox, PAGES)
    outbox.publish("web", headers_of, is_whole=True)
    assert set(outbox.fetched("web")) == set()
    other.fetch("web")
    assert set(other.fetched("web")) == set(PAGES)
    write(other, {"web/index.html": b"another"})
    other.publish("web", headers_of, is_whole=True)
    assert "web/index.html" not in other.fetched("web")


@stores
def test_of_two_hosts_that_put_an_edition_one_does(place):
    one, two = place.outbox(), place.outbox("two")
    before = bundle(("before",))
    one.seal(before)
    put_files = two._put_files

    def first(made):
        one.seal(bundle(("one",)))
        put_files(made)

    two._put_files = first
    with pytest.raises(Locked, match="another host has put"):
        two.seal(bundle(("two",)))
    assert place.outbox("three").read(ID).files == bundle(("one",)).files


@stores
def test_a_prefix_with_objects_of_others_is_no_outbox(place):
    place.objects.put("web/index.html", b"mine", instead_of=None)
    with pytest.raises(ConfigError, match="objects that are not ours"):
        place.outbox().claim()
    assert place.shown() == {"web/index.html": b"mine"}


@stores
def test_a_copy_that_somebody_changed_is_taken_anew(place):
    outbox = place.outbox()
    outbox.seal(bundle())
    (outbox.lies(ID) / "subject.txt").write_bytes(b"Howdy")
    assert (outbox.faults(ID), outbox.read(ID).files) == ([], bundle().files)
    assert (outbox.lies(ID) / "subject.txt").read_bytes() == b"Hello"


@wants_obstore
def test_a_bundle_is_read_from_the_copy_where_that_is_whole(tmp_path):
    place = Place("memory", tmp_path, "", InMemory())
    place.outbox().seal(bundle())
    host = place.outbox()
    host.ids()
    place.objects.get = None  # it would raise
    assert host.read(ID).files == bundle().files


@wants_obstore
@pytest.mark.parametrize("ignored", ["If-None-Match", "If-Match"])
def test_a_store_that_ignores_conditions_is_refused(tmp_path, ignored):
    outbox = Place("memory", tmp_path, "", Careless(ignored)).outbox()
    with pytest.raises(ConfigError) as refused:
        outbox.claim()
    assert refused.value.problem.what == (
        f"the outbox s3://in-memory/letter lies in a store without conditional put ({ignored})"
    )


def steps_of(tmp_path, work):
    """How many changes some work makes to a store, after what `work` is given has been done."""
    shared = InMemory()
    failing = Failing(shared)
    work(Stored(failing, tmp_path / "count", tmp_path / "count.json"))
    return len(failing.steps)


def replaced(outbox):
    outbox.seal(bundle(("before",)))
    outbox.seal(bundle())


def removed(outbox):
    outbox.seal(bundle())
    outbox.remove(ID)


@wants_obstore
@pytest.mark.parametrize("is_lost", [False, True])
@pytest.mark.parametrize("work", [replaced, removed])
def test_a_bundle_is_whole_or_not_there_whichever_step_fails(tmp_path, work, is_lost):
    whole = [bundle(("before",)).files, bundle().files]
    for step in range(1, steps_of(tmp_path, work) + 1):
        shared = InMemory()
        home = tmp_path / str(step)
        failing = Failing(shared, fails_at=step, is_lost=is_lost)
        with pytest.raises(StoreUnavailable):
            work(Stored(failing, home, home / "shown.json"))
        place = Place("memory", home, "", shared)
        seen = place.outbox("two")
        assert [seen.faults(one) for one in seen.ids()] in ([], [[]])
        assert all(seen.read(one).files in whole for one in seen.ids())
        again = Stored(shared, home, home / "shown.json")  # the next run goes on
        work(again)
        assert place.outbox("three").ids() == ([ID] if work is replaced else [])
        assert all(place.outbox("four").faults(one) == [] for one in again.ids())


@wants_obstore
def test_packed_pages_are_there_before_those_they_are_packed_from(tmp_path):
    failing = Failing(InMemory())
    outbox = Stored(failing, tmp_path, tmp_path / "shown.json")
    write(outbox, PAGES)
    outbox.publish("web", headers_of, is_whole=True)
    put_ = [step.removeprefix("put ") for step in failing.steps]
    assert put_.index("web/index.html.br") < put_.index("web/index.html")


@wants_obstore
def test_pictures_that_lie_there_are_not_put_again(tmp_path):
    failing = Failing(InMemory())
    outbox = Stored(failing, tmp_path, tmp_path / "shown.json")
    names = ["web/pictures/mail/a.png", "web/pictures/mail/b.png"]
    write(outbox, dict.fromkeys(names, b"picture"))
    outbox.publish_files(names[:1], headers_of)
    outbox.publish_files(names, headers_of)
    assert failing.steps == [f"put {name}" for name in names]


@wants_obstore
def test_what_another_host_did_is_seen_after_five_seconds(tmp_path):
    shared, seconds = InMemory(), [0.0]
    one = Stored(shared, tmp_path / "a", tmp_path / "a.json")
    other = Stored(shared, tmp_path / "b", tmp_path / "b.json", clock=lambda: seconds[0])
    assert other.ids() == []
    one.seal(bundle())
    seconds[0] = 4.0
    assert other.ids() == []
    seconds[0] = 6.0
    assert other.ids() == [ID]


@wants_obstore
def test_pages_are_old_or_new_whichever_step_fails(tmp_path):
    new = {**PAGES, "web/index.html": b"<p>new</p>", "web/b/index.html": b"<p>b</p>"}
    del new["web/a/index.html"]

    def both(outbox):
        write(outbox, PAGES)
        outbox.publish("web", headers_of, is_whole=True)
        (outbox.folder / "web/a/index.html").unlink()
        write(outbox, new)
        outbox.publish("web", headers_of, is_whole=True)

    for step in range(1, steps_of(tmp_path, both) + 1):
        shared, home = InMemory(), tmp_path / str(step)
        with pytest.raises(StoreUnavailable):
            both(Stored(Failing(shared, fails_at=step), home, home / "shown.json"))
        place = Place("memory", home, "", shared)
        assert all(data in (PAGES.get(n), new.get(n)) for n, data in place.shown().items())
        write(place.outbox(), {})
        again = Stored(shared, home, home / "shown.json")
        write(again, new)
        (home / "web/a/index.html").unlink(missing_ok=True)
        again.publish("web", headers_of, is_whole=True)
        assert place.shown() == new


@wants_obstore
@pytest.mark.xdist_group("s3")
class TestAnAnswerThatIsNone:
    @pytest.fixture
    def faulty(self, s3, monkeypatch):
        with Faulty(s3) as server:
            for key, value in {**S3, "AWS_ENDPOINT_URL": server.url}.items():
                monkeypatch.setenv(key, value)
            yield server

    def test_500_and_503_for_a_while_are_tried_again(self, faulty, tmp_path):
        objects = Objects(f"s3://{BUCKET}/{prefix()}")
        outbox = Stored(objects, tmp_path, tmp_path / "shown.json")
        faulty.statuses = [503, 500, 503]
        outbox.claim()
        faulty.statuses = [500, 503]
        assert outbox.seal(bundle()) is True
        assert faulty.told == 5
        assert outbox.faults(ID) == []

    def test_for_longer_they_are_told_and_nothing_is_lost(self, faulty, tmp_path):
        url = f"s3://{BUCKET}/{prefix()}"
        outbox = Stored(Objects(url), tmp_path, tmp_path / "shown.json")
        outbox.seal(bundle(("before",)))
        faulty.statuses = [503] * 1000
        hasty = Stored(Objects(url, patience=0.5), tmp_path, tmp_path / "shown.json")
        with pytest.raises(StoreUnavailable) as error:
            hasty.seal(bundle())
        assert error.value.problem.what == (
            f"the outbox {url}: it answers 503 Service Unavailable (SlowDown)"
        )
        faulty.statuses = []
        assert outbox.read(ID).files == bundle(("before",)).files
        assert hasty.seal(bundle()) is True

    def test_whoever_is_refused_is_told_what_to_set_and_no_secret(self, faulty, tmp_path):
        faulty.body = (
            b"<Error><Code>SignatureDoesNotMatch</Code><AWSAccessKeyId>AKIATESTONLYTESTONLY"
            b"</AWSAccessKeyId><StringToSign>secret/of+tests</StringToSign></Error>"
        )
        faulty.statuses = [403]
        with pytest.raises(StoreUnavailable) as error:
            Objects(f"s3://{BUCKET}/x").get("a")
        told = str(error.value.problem)
        assert "403 Forbidden (SignatureDoesNotMatch)" in told
        assert "AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_REGION" in told
        assert "AKIA" not in told
        assert "secret/of" not in told
        assert error.value.__cause__ is None
        assert error.value.__suppress_context__

    def test_a_bucket_that_is_not_there_is_named(self, faulty):
        with pytest.raises(StoreUnavailable, match="there is no such bucket"):
            Objects("s3://nobody/x").list("editions")
