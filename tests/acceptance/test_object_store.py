"""An outbox in an object store: the same commands, the same bytes, on one host and on another."""

from __future__ import annotations

import os
import shutil

import pytest
import sqlalchemy as sa
from starlette.testclient import TestClient

from publisher.outbox import put
from publisher.outbox.objects import Objects
from publisher.outbox.packing import SUFFIXES
from publisher.pipeline.pages.publishing import take_shown
from publisher.pipeline.workspace import Workspace
from publisher.web import application
from tests.site import CONFIG, PAGED, Site, now
from tests.stores import BUCKET, S3, Faulty, prefix

pytest.importorskip("obstore", reason="no obstore: pip install '.[scale]'")
pytestmark = pytest.mark.xdist_group("s3")
EDITION = "morning@2026-11-24T0700"
AT = "2026-11-24 07:00"


@pytest.fixture
def url(s3):
    return f"s3://{BUCKET}/{prefix()}"


def at(url, config=PAGED):
    return config.replace("[publication]\n", f'[publication]\noutbox = "{url}"\n', 1)


def site_with_stories(root, config):
    site = Site(root, config)
    site.story("a")
    site.story("b", date="2026-11-23 13:00")
    return site


@pytest.fixture
def stored(tmp_path, url):
    return site_with_stories(tmp_path / "stored", at(url))


def objects(url, *below):
    store = Objects(url)
    return {
        name: found
        for part in below
        for name in store.list(part)
        if (found := store.get(name)) is not None
    }


def test_what_lies_in_the_store_is_what_would_lie_in_a_folder(stored, tmp_path, url):
    plain = site_with_stories(tmp_path / "plain", PAGED)
    plain.build()
    result = stored.build()
    assert f"Made in {url}." in result.out
    wanted = plain.outbox()
    lying = objects(url, "feeds", "web")
    assert {name: one.data for name, one in lying.items()} == {
        name: data for name, data in wanted.items() if name.startswith(("feeds/", "web/"))
    }
    sealed = objects(url, "editions", "bundles")
    assert {name.rpartition("/")[2]: one.data for name, one in sealed.items()} == {
        (f"{EDITION}.json" if name.endswith("manifest.json") else name.rpartition("/")[2]): data
        for name, data in wanted.items()
        if name.startswith("editions/")
    }
    assert not (stored.root / "outbox").exists()


def test_a_cdn_can_serve_it_as_it_lies_there(stored, url):
    stored.build()
    lying = objects(url, "feeds", "web")
    kinds = {name: one.headers["Content-Type"] for name, one in lying.items()}
    assert kinds["web/index.html"] == "text/html; charset=utf-8"
    assert kinds["web/index.html.br"] == "text/html; charset=utf-8"
    assert kinds["feeds/atom.xml.gz"] == "application/atom+xml; charset=utf-8"
    assert {one.headers["Cache-Control"] for one in lying.values()} == {"public, max-age=300"}
    for coding, suffix in SUFFIXES.items():
        packed = [one for name, one in lying.items() if name.endswith(suffix)]
        assert packed
        assert all(one.headers["Content-Encoding"] == coding for one in packed)


def test_a_second_build_puts_nothing(stored, url):
    stored.build()
    before = Objects(url).list("")
    result = stored.build("2026-11-24 07:05")
    assert f"Nothing changed: not one byte of {url} is other than before." in result.out
    assert Objects(url).list("") == before


def test_what_is_hidden_leaves_the_store(stored, url):
    stored.build()
    assert "web/b/index.html" in objects(url, "web")
    (stored.root / "articles/b.md").unlink()
    stored.build("2026-11-24 07:05")
    lying = objects(url, "web", "feeds")
    assert not any(name.startswith("web/b/") for name in lying)
    assert not any(b"/b/" in one.data for name, one in lying.items() if "atom.xml" in name)


def test_an_editor_sees_the_same_as_with_a_folder(stored, url):
    stored.build()
    listed = stored.run("outbox", "list", "--json").json
    assert [one["edition"] for one in listed] == [EDITION]
    assert "First paragraph" not in stored.run("outbox", "show").err
    for words in (
        ("status", "--at", AT),
        ("check", "--at", AT),
        ("preview", EDITION, "--once", "--at", AT),
        ("outbox", "verify"),
        ("plan", "morning", "--at", AT),
        ("feeds", "check"),
    ):
        result = stored.run(*words)
        assert (result.code, words) == (0, words), result.err
    removed = stored.run("outbox", "remove", "morning")
    assert removed.code == 0, removed.err
    assert objects(url, "editions", "bundles") == {}


def test_verify_looks_at_the_store_whatever_this_host_has(stored, url):
    stored.build()
    assert stored.run("outbox", "verify").code == 0
    store = Objects(url)
    (subject,) = [one for one in store.list("bundles") if one.endswith("/subject.txt")]
    store.put(subject, b"Changed", instead_of=store.list("bundles")[subject])
    verified = stored.run("outbox", "verify")
    assert verified.code == 1
    assert "subject.txt was changed" in verified.out
    refused = with_reader(stored).run("send", "morning", "--yes", "--at", AT)
    assert refused.code != 0
    stored.build("2026-11-24 07:05")
    assert stored.run("outbox", "verify").code == 0


def test_what_lay_in_a_folder_is_put_into_the_store(tmp_path, url):
    site = with_reader(site_with_stories(tmp_path / "site", PAGED))
    site.build()
    assert site.run("send", "morning", "--yes", "--at", AT).code == 0
    picture = f"web/pictures/mail/{'a' * 32}.png"
    put(site.root / "outbox" / picture, b"png")
    before = site.outbox()
    site.config(at(url))
    lost = site.run("deliver", "--at", "2026-11-24 07:10")
    assert lost.code != 0
    adopted = site.run("outbox", "adopt", str(site.root / "outbox"))
    assert (adopted.code, adopted.out) == (0, f"{EDITION}\n"), adopted.err
    assert "1 edition, 1 word of what was sent, 1 picture." in adopted.err
    assert site.outbox() == before
    assert site.run("outbox", "verify", EDITION).code == 0
    assert objects(url, "web")[picture].data == b"png"
    assert list(objects(url, "sent")) == [f"sent/{EDITION}.json"]
    again = site.run("outbox", "adopt", str(site.root / "outbox"))
    assert "0 editions, 0 words of what was sent, 1 picture." in again.err
    nothing = site.run("outbox", "adopt", str(site.root / "articles"))
    assert (nothing.code, "holds no edition" in nothing.err) == (2, True)


def with_reader(site):
    added = site.run("subscribers", "add", "ana@reader.example", "--newsletter", "morning")
    assert added.code == 0, added.err
    return site


def test_what_one_host_froze_another_delivers(stored, tmp_path, url):
    with_reader(stored).build()
    sent = stored.run("send", "morning", "--yes", "--at", AT)
    assert sent.code == 0, sent.err
    assert list(objects(url, "sent")) == [f"sent/{EDITION}.json"]
    other = tmp_path / "other"
    shutil.copytree(stored.root, other, ignore=shutil.ignore_patterns("outbox", "shown.json"))
    delivered = Site(other).run("deliver", "--at", "2026-11-24 07:10")
    assert delivered.code == 0, delivered.err
    mails = list((other / ".publisher/outbox/mail/new").iterdir())
    assert len(mails) == 1
    assert b"first paragraph" in mails[0].read_bytes().lower()


@pytest.fixture
def one_ledger(postgresql, monkeypatch):
    """The ledger of all hosts, on PostgreSQL."""
    admin = sa.create_engine(postgresql, isolation_level="AUTOCOMMIT", poolclass=sa.NullPool)
    name = f"objects_{os.getpid()}"
    with admin.connect() as db:
        db.exec_driver_sql(f"CREATE DATABASE {name}")
    url = postgresql.replace("/postgres?", f"/{name}?").replace("+psycopg", "")
    monkeypatch.setenv("PUBLISHER_LEDGER", url)
    yield
    with admin.connect() as db:
        db.exec_driver_sql(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.mark.slow
@pytest.mark.usefixtures("one_ledger")
def test_hosts_with_nothing_but_ledger_and_store_in_common_do_each_thing_once(tmp_path, url):
    hosts = [site_with_stories(tmp_path / name, at(url)) for name in ("one", "two")]
    with_reader(hosts[0]).build()
    before = Objects(url).list("")
    assert "1 feed in 4 files: 0 written" in hosts[1].build().out
    assert Objects(url).list("") == before
    sent = hosts[1].run("send", "morning", "--yes", "--at", AT)
    assert sent.code == 0, sent.err
    shown = hosts[0].run("outbox", "show", EDITION, "--part", "text").out
    assert shown == hosts[1].run("outbox", "show", EDITION, "--part", "text").out
    for host in (*hosts, *hosts):
        delivered = host.run("deliver", "--at", "2026-11-24 07:10")
        assert delivered.code == 0, delivered.err
    mails = [list((one.root / ".publisher/outbox").glob("mail/new/*")) for one in hosts]
    assert sum(map(len, mails)) == 1
    assert hosts[1].run("audit", "--at", "2026-11-24 07:10").code == 0


def test_who_delivers_while_the_store_is_away_loses_nobody(stored, s3, url, monkeypatch):
    with_reader(stored).build()
    assert stored.run("send", "morning", "--yes", "--at", AT).code == 0
    monkeypatch.setattr("publisher.outbox.objects.PATIENCE", 0.2)
    with Faulty(s3) as faulty:
        monkeypatch.setenv("AWS_ENDPOINT_URL", faulty.url)
        faulty.statuses = [500] * 1000
        failed = stored.run("deliver", "--at", "2026-11-24 07:10")
        assert (failed.code, "it answers 500" in failed.err) == (75, True)
        faulty.statuses = []
        later = stored.run("deliver", "--at", "2026-11-24 07:40")
    assert later.code == 0, later.err
    assert len(list((stored.root / ".publisher/outbox/mail/new").iterdir())) == 1


def test_a_restored_ledger_does_not_send_again(stored, url):
    with_reader(stored).build()
    backup = stored.root / "backup.db"
    shutil.copy(stored.root / ".publisher/ledger.db", backup)
    assert stored.run("send", "morning", "--yes", "--at", AT).code == 0
    shutil.copy(backup, stored.root / ".publisher/ledger.db")
    again = stored.run("send", "morning", "--yes", "--at", AT)
    assert again.code == 3
    assert "was sent" in again.err


def test_a_store_that_does_not_answer_is_told_and_the_next_run_goes_on(
    tmp_path, s3, url, monkeypatch
):
    site = site_with_stories(tmp_path / "site", at(url, CONFIG))
    monkeypatch.setattr("publisher.outbox.objects.PATIENCE", 0.2)
    with Faulty(s3) as faulty:
        monkeypatch.setenv("AWS_ENDPOINT_URL", faulty.url)
        faulty.statuses = [503] * 1000
        failed = site.run("build", "--at", AT)
        assert failed.code == 75
        assert f"the outbox {url}: it answers 503 Service Unavailable" in failed.err
        assert "Nothing is lost" in failed.err
        assert not any(
            secret in failed.err + failed.out for secret in S3.values() if len(secret) > 9
        )
        faulty.statuses = []
        site.build()
    monkeypatch.setenv("AWS_ENDPOINT_URL", s3)
    assert list(objects(url, "editions")) == [f"editions/{EDITION}.json"]


def test_a_host_that_only_serves_shows_what_another_built(stored, tmp_path, url):
    stored.build()
    other = Site(tmp_path / "other", at(url))
    shutil.copytree(stored.root / "articles", other.root / "articles", dirs_exist_ok=True)
    space = Workspace(other.root, now(), writing=True)
    try:
        take_shown(space)
        first = TestClient(application(space, now)).get("/")
        (stored.root / "articles/b.md").unlink()
        stored.build("2026-11-24 07:05")
        take_shown(space)
        app = TestClient(application(space, now))
        pages = [app.get(path).status_code for path in ("/", "/b/", "/feeds/atom.xml")]
    finally:
        space.close()
    assert (first.status_code, pages) == (200, [200, 404, 200])


@pytest.mark.parametrize(
    ("outbox", "told"),
    [
        ("s3://key:secret@bucket/letter", "must not hold a key: it belongs into the environment"),
        ("s3://bucket/letter?key=secret", "must not hold a key: it belongs into the environment"),
        ("s3://", "must be s3://BUCKET/PREFIX, the prefix of letters, digits, - and _"),
        ("s3://bucket/../letter", "must have no prefix with . or .."),
        ("ftp://host/letter", "must be a folder, or begin with s3://, gs://, az://, file://"),
        ("file://host/letter", "must be file:///FOLDER"),
    ],
)
def test_an_address_that_is_none_is_named(site, outbox, told):
    site.config(at(outbox, CONFIG))
    result = site.run("build", "--at", AT)
    assert (result.code, "secret" in result.err) == (2, False)
    assert f"publisher.toml:2: publication.outbox {told}" in result.err


def test_a_file_address_is_the_folder(site, tmp_path):
    site.config(at(f"file://{tmp_path}/out%20box", CONFIG))
    site.story("a")
    site.build()
    assert (tmp_path / "out box/editions" / EDITION / "manifest.json").is_file()
