"""Every mistake an editor can make has its message, to the letter, and never a traceback."""

import importlib
import os
import shutil
import sqlite3
import tempfile
from contextlib import closing
from pathlib import Path

import pytest

from publisher import cli
from publisher.isolation import child
from tests.site import AT, CONFIG, Site, command

ARTICLES = {
    "a tab in YAML": (
        "a.md", "---\ntitle: A\ntags:\n\t- x\n---\nx",
        "error: articles/a.md:4: a tab in the YAML front matter\n"
        "  YAML forbids tabs as indentation (YAML 1.2 §6.1).\n"
        "  Replace it with spaces.\n",
    ),
    "YAML that is none": (
        "a.md", "---\ntitle: A: B\n---\nx",
        "error: articles/a.md:2: the front matter is not YAML: mapping values are not allowed in this context\n"
        '  A value that holds ": " or begins with a special character wants quotes.\n',
    ),
    "front matter that never ends": (
        "a.md", "---\ntitle: A\n\nText.",
        "error: articles/a.md:1: the front matter opened by --- is never closed\n"
        "  End it with a line that holds --- alone.\n",
    ),
    "TOML that is none": (
        "a.md", "+++\ntitle = A\n+++\nx",
        "error: articles/a.md:2: the front matter is not TOML: Invalid value (at line 1, column 9)\n",
    ),
    "JSON that is none": (
        "a.md", '{"title" "A"}\n\nx',
        "error: articles/a.md:1: the front matter is not JSON: Expecting ':' delimiter\n",
    ),
    "an empty file": (
        "a.md", "",
        "error: articles/a.md: the file is empty\n  Write the article, or remove the file.\n",
    ),
    "another encoding": (
        "a.md", "# Title\n\nMünchen".encode("latin-1"),
        "error: articles/a.md:3: the file is not UTF-8 (byte 0xfc)\n"
        "  Convert it, for example: iconv -f WINDOWS-1252 -t UTF-8\n",
    ),
    "a binary file": (
        "a.txt", b"PNG\x00\x01",
        "error: articles/a.txt: the file holds NUL bytes: it is no text\n"
        "  Move it out of the articles folder.\n",
    ),
    "a file of 10 MB": (
        "a.txt", b"word " * 2_000_000,
        "error: articles/a.txt: the file has more than 5000000 bytes\n"
        "  Split it, or move pictures and data out of it; or raise the limit: [sources] article_bytes "
        "in publisher.toml.\n",
    ),
    "no title": (
        "a.md", "Just text.",
        "error: articles/a.md:1: the article has no title\n"
        "  Add a line `title: …` to its front matter, or one heading `# …`.\n",
    ),
    "no text": (
        "a.md", "---\ntitle: A\ndate: 2026-01-01\n---\n",
        "error: articles/a.md: the article has no text\n  Write it, or a summary.\n",
    ),
    "a date that is none": (
        "a.md", "---\ntitle: A\ndate: soon\n---\nx",
        "warning: articles/a.md:3: date must be a date such as 2026-11-24 07:00, not 'soon'\n"
        "  It counts as having no date, unless it stands elsewhere too.\n",
    ),
    "a day that there is not": (
        "a.md", "---\ntitle: A\nexpires: 2027-02-29T10:00:00Z\n---\nx",
        "error: articles/a.md:3: expires must be a date such as 2026-11-24 07:00, not '2027-02-29T10:00:00Z'\n"
        "  The article is left out: published at the wrong time it cannot be called back.\n",
    ),
    "a draft flag that is none": (
        "a.md", "---\ntitle: A\ndate: 2026-01-01\nDraft: perhaps\n---\nx",
        "error: articles/a.md:4: Draft must be true or false, not 'perhaps'\n"
        "  The article is left out: published at the wrong time it cannot be called back.\n",
    ),
    "tags that are none": (
        "a.md", "---\ntitle: A\ndate: 2026-01-01\ntags: true\n---\nx",
        "warning: articles/a.md:4: tags must be a list of texts, not True\n",
    ),
    "a misspelt key of ours": (
        "a.md", "---\ntitle: A\ndate: 2026-01-01\nnewsletter: {relatd: [x]}\n---\nx",
        "error: articles/a.md:4: unknown key newsletter.relatd\n  Did you mean related or unrelated?\n",
    ),
    "template code in the text": (
        "a.md", "---\ntitle: A\ndate: 2026-01-01\n---\n\nSee {{ site.url }}/x.",
        "error: articles/a.md:6: unexpanded template code: {{ site.url }}\n"
        "  Readers would see it as it stands.\n"
        "  Write what it stands for, or mark it as code.\n",
    ),
    "a picture that is no address": (
        "a.md", "---\ntitle: A\ndate: 2026-01-01\nimage: 'javascript:x'\n---\nx",
        "warning: articles/a.md: 'javascript:x' is no web address\n"
        "  The picture or enclosure is left out.\n",
    ),
    "no date": (
        "a.md", "# A\n\nx",
        "warning: articles: 1 article without a date: on the site, in no edition and feed\n"
        "  What has no date could be of any year: it is never news.\n",
    ),
    "a file that is no article": (
        "robots.txt", "User-agent: *\nDisallow: /\n",
        "note: articles/robots.txt: it is a file for the site itself, and no article\n"
        "  If it is one, give it front matter; else name it in `ignore` of publisher.toml.\n",
    ),
    "elements within elements": (
        "a.html", "<h1>A</h1>" + "<b>" * 15_000,
        "error: articles/a.html: more than 200 elements within each other\n"
        "  No mail program shows that, and some end over it.\n"
        "  Look for a tag or a quotation that is opened again and again: the deepest is <b>.\n",
    ),
    "YAML within YAML": (
        "a.md", "---\nx: " + "[" * 30_000 + "\n---\nx",
        "error: articles/a.md:1: the front matter is nested too deeply\n",
    ),
    "a kind of file that is not read": (
        "a.org", "* A",
        "warning: articles/a.org: .org is no kind of article that is read\n"
        "  Convert it, for example: pandoc -s -f org -t gfm -o a.md a.org; or name it in `ignore` of publisher.toml.\n",
    ),
    "a related story that is not there": (
        "a.md", "---\ntitle: A\ndate: 2026-01-01\nnewsletter: {related: [Nothing]}\n---\nx",
        "warning: articles/a.md: no article is called 'Nothing'\n"
        "  It is named as a related story, and left out: it would be a dead link.\n"
        "  Write its id, slug or title as it stands in the archive.\n",
    ),
}  # fmt: skip


@pytest.mark.parametrize("mistake", ARTICLES)
def test_a_mistake_in_an_article_is_named_and_the_others_go_on(site, mistake):
    name, content, message = ARTICLES[mistake]
    site.story("good")
    site.article(name, content)
    checked = site.run("check", "--at", "2026-11-24 07:00")
    assert message in checked.out
    assert checked.code == (1 if message.startswith("error") else 0)
    built = site.build()
    assert "good" in site.part("message.html")
    if message.startswith("error"):
        assert message in built.err


def test_two_articles_with_one_address_are_named(site):
    site.story("a")
    site.article("b.md", "---\ntitle: B\ndate: 2026-11-23\nslug: a\n---\nx")
    out = site.run("check", "--at", "2026-11-24 07:00").out
    assert "articles/b.md: its address is already that of a.md: https://test.example/a/\n" in out


def test_a_draft_does_not_take_the_address_of_what_readers_see(site):
    site.article("a.md", "---\ntitle: A\ndate: 2026-11-20\nslug: same\ndraft: true\n---\nx")
    site.article("b.md", "---\ntitle: B\ndate: 2026-11-23\nslug: same\n---\nx")
    site.build()
    assert [item["title"] for item in site.feed()["items"]] == ["B"]


def test_a_link_that_leads_out_of_the_folder_is_not_followed(site, tmp_path):
    (tmp_path / "secret.md").write_text("# Secret\n\nx")
    (site.root / "articles/leak.md").symlink_to(tmp_path / "secret.md")
    (site.root / "articles/loop.md").symlink_to("loop.md")
    out = site.run("check").out
    for name in ("leak", "loop"):
        assert f"error: articles/{name}.md: a link that leads out of the articles folder\n" in out


def test_a_file_name_that_is_no_text_is_named(site):
    path = site.root / "articles" / os.fsdecode(b"\xff.md")
    try:
        path.write_text("# A\n\nx")
    except OSError:
        pytest.skip("this file system takes no such names")
    assert "error: articles/\\udcff.md: its name is not UTF-8 text\n" in site.run("check").out


COMMANDS = [
    (("nothing",), 2, "There is no command 'nothing'."),
    (("biuld",), 2, "There is no command 'biuld'. Did you mean build?"),
    (("build", "--nothing"), 2, "No such option"),
    (("build", "evening"), 2, "publisher: there is no newsletter 'evening'\n  There are: morning.\n  Declare it in publisher.toml: [newsletters.NAME]\n"),
    (("plan", "mornig"), 2, "publisher: there is no newsletter 'mornig'\n  Did you mean morning?\n"),
    (("build", "--at", "soon"), 2, "publisher: --at 'soon' is no time\n  Write it as \"2026-11-24 07:00\", \"tomorrow 7:00\" or 7pm.\n"),
    (("build", "--at", "0001-01-01"), 2, "publisher: --at '0001-01-01' is out of all bounds\n"),
    (("related", "nothing"), 2, "publisher: there is no article 'nothing'\n"),
    (("preview", "morning"), 2, "would be skipped: no stories\n  See why: publisher plan morning\n"),
    (("preview", "morning@2020-01-01T0700"), 2, "publisher: there is no edition 'morning@2020-01-01T0700'\n"),
    (("outbox", "show", "x"), 2, "publisher: there is no edition 'x'\n  List them: publisher outbox list\n"),
    (("templates", "eject", "mail/digst.mjml"), 2, "publisher: there is no template 'mail/digst.mjml'\n  Did you mean mail/digest.mjml"),
    (("templates", "eject", "../pyproject.toml"), 2, "publisher: there is no template '../pyproject.toml'\n"),
    (("templates", "eject", "/etc/hostname"), 2, "publisher: there is no template '/etc/hostname'\n"),
    (("templates", "eject", "mail//digest.mjml"), 2, "publisher: there is no template 'mail//digest.mjml'\n"),
    (("new", "!!!"), 2, "publisher: a title needs letters or digits, and at most 200 of them\n"),
    (("init",), 2, "already\n  See it: publisher status\n"),
]  # fmt: skip


@pytest.mark.parametrize(("words", "code", "message"), COMMANDS, ids=lambda value: str(value))
def test_a_mistake_on_the_command_line_is_named(site, words, code, message):
    result = site.run(*words)
    assert message in result.err
    assert result.code == code


def test_outside_a_publication_the_next_step_is_named(tmp_path):
    result = command("-C", str(tmp_path), "status")
    assert result.err == (
        f"publisher: there is no publisher.toml in {tmp_path} or above it\n"
        "  Go to your publication or name it with -C, or start one: publisher init\n"
    )
    assert result.code == 2


def test_without_an_articles_folder_the_next_step_is_named(site):
    (site.root / "articles").rmdir()
    assert site.run("build").err == (
        "publisher: there is no articles folder articles\n"
        "  Make it, or name another in publisher.toml: [publication] articles.\n"
    )


def test_a_postal_address_that_is_missing_is_told(tmp_path):
    site = Site(
        tmp_path / "s", CONFIG.replace('name = "Test Letter"', "").replace('city = "Berlin"', "")
    )
    assert "warning: publisher.toml: there is no postal address\n" in site.run("check").out


DAMAGE = [b"", b"nonsense" * 1000]


@pytest.mark.parametrize("damage", DAMAGE, ids=["empty", "garbage"])
@pytest.mark.parametrize("name", ["cache.db", "related.db", "feeds.json"])
def test_what_can_be_made_again_is_made_again(site, name, damage):
    site.story("a")
    site.build()
    before = site.outbox()
    (site.root / ".publisher" / name).write_bytes(damage)
    assert site.run("check").code == 0
    site.build()
    assert site.outbox() == before


def test_a_damaged_ledger_stops_everything_and_says_why(site):
    site.story("a")
    site.build()
    (site.root / ".publisher/ledger.db").write_bytes(b"nonsense" * 1000)
    for words in (("build",), ("status",)):
        result = site.run(*words)
        assert "cannot be read: file is not a database\n" in result.err
        assert "  Restore it from a backup.\n" in result.err
        assert result.code == 1


@pytest.mark.parametrize(("is_there", "state"), [(True, "empty"), (False, "gone")])
def test_a_lost_ledger_begins_nothing_anew_where_editions_were_sent(site, is_there, state):
    site.story("a")
    site.run("subscribers", "add", "ann@x.example")
    site.build()
    ledger = site.root / ".publisher/ledger.db"
    site.run("send", "--yes")
    ledger.replace(ledger.with_name("kept.db"))
    if is_there:
        ledger.write_bytes(b"")
    before = site.outbox()
    for words in (("build",), ("status",), ("send", "--yes"), ("subscribers", "list")):
        result = site.run(*words)
        assert f"{Path('.publisher/ledger.db')}: the ledger is {state}, though edit" in result.err
        assert "Restore it from a backup; or begin anew" in result.err
        assert "without all that: publisher ledger begin\n" in result.err
        assert result.code == 1
    assert site.outbox() == before
    assert ledger.exists() == is_there
    shutil.rmtree(site.root / "outbox/sent")
    assert site.run("status").code == 0
    assert site.run("subscribers", "add", "ann@x.example").code == 0


def test_an_empty_file_is_a_ledger_where_nothing_was_sent(site):
    site.story("a")
    (site.root / ".publisher").mkdir(exist_ok=True)
    (site.root / ".publisher/ledger.db").write_bytes(b"")
    assert site.run("status").code == 0
    assert site.run("subscribers", "add", "ann@x.example").code == 0


def test_another_program_s_database_is_no_ledger_and_keeps_its_tables(site):
    site.story("a")
    (site.root / ".publisher").mkdir(exist_ok=True)
    ledger = site.root / ".publisher/ledger.db"
    with closing(sqlite3.connect(ledger)) as db:
        db.execute("CREATE TABLE recipes (name TEXT)")
        db.commit()
    for words in (("build",), ("status",), ("subscribers", "add", "ann@x.example")):
        result = site.run(*words)
        assert "the database of another program: it has the table recipes" in result.err
        assert result.code == 1
    with closing(sqlite3.connect(ledger)) as db:
        assert db.execute("SELECT name FROM sqlite_master").fetchall() == [("recipes",)]


def test_a_folder_is_no_ledger(site):
    site.story("a")
    (site.root / ".publisher/ledger.db").mkdir(parents=True)
    for words in (("build",), ("status",)):
        result = site.run(*words)
        assert f"{Path('.publisher/ledger.db')}: it is no file, and the ledger is one" in result.err
        assert result.code == 1


def _started_as_root(start):
    """Root's own Python may be one that nobody else can start."""
    os.seteuid(0)
    try:
        return start()
    finally:
        os.seteuid(65534)


@pytest.fixture
def readonly(monkeypatch):
    """A built publication whose folder this process may read but not write."""
    base = Path(tempfile.mkdtemp(prefix="publisher-readonly-"))
    base.chmod(0o755)
    site = Site(base / "site")
    site.story("a")
    site.build()
    (site.root / ".publisher/ledger.db").chmod(0o644)  # its owner lets others look
    for module, _ in cli.COMMANDS.values():  # Python's own folder may be closed to nobody
        importlib.import_module(f"publisher.cli.{module}")
    is_root = os.geteuid() == 0
    if is_root:
        start = child._start
        monkeypatch.setattr(child, "_start", lambda limits: _started_as_root(lambda: start(limits)))
        os.seteuid(65534)  # "nobody": root may write everywhere
    else:
        for path in (site.root, *site.root.rglob("*")):
            path.chmod(path.stat().st_mode & ~0o222)
    yield site
    if is_root:
        os.seteuid(0)
    for path in (site.root, *site.root.rglob("*")):
        path.chmod(path.stat().st_mode | 0o200)
    shutil.rmtree(base)


@pytest.mark.parametrize(
    "words",
    [
        ("status",),
        ("check",),
        ("plan", "morning"),
        ("related", "a"),
        ("outbox", "verify"),
        ("feeds", "check", "--at", AT),
    ],
)
def test_what_only_looks_works_where_nothing_may_be_written(readonly, words):
    result = readonly.run(*words)
    assert (result.code, result.err.count("Permission")) == (0, 0)


def test_what_may_not_be_written_is_named(readonly):
    result = readonly.run("build", "--at", "2026-11-25 07:00")
    assert result.code == 1
    assert "Permission denied\n  Look at the disk's space and rights" in result.err
    assert str(readonly.root) in result.err


def test_a_second_run_at_the_same_time_is_told_to_wait(site, monkeypatch):
    from publisher.ledger import locked

    monkeypatch.setattr("publisher.pipeline.turns.PATIENCE", 0.1)
    site.story("a")
    with locked(site.root / ".publisher/lock"):
        result = site.run("build")
    assert result.code == 5
    assert result.err == (
        f"publisher: another run is at work on this publication (process {os.getpid()})\n"
        "  Wait for it to end, and run the command again.\n"
    )


def test_many_errors_are_summed_up_in_a_build_and_told_in_full_by_check(site):
    for number in range(15):
        site.article(f"{number}.md", "")
    assert site.build().err.count("error: ") == 10
    assert f"… and 5 errors more: publisher -C {site.root} check\n" in site.build().err
    assert site.run("check").out.count("error: ") == 15
