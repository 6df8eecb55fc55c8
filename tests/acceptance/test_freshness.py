"""What leaves is what the editor means: stories withdrawn or corrected after the edition was built."""

import pytest

from publisher.sources import opening
from tests.site import CONFIG
from tests.smtpd import Server

EDITION = "morning@2026-11-24T0700"


@pytest.fixture
def built(site):
    """An edition that was built and not sent, with three readers waiting for it."""
    site.story("a", title="The first")
    site.story("b", title="The second")
    site.build()
    for name in ("ana", "bob", "cy"):
        site.run("subscribers", "add", f"{name}@x.example")
    return site


WITHDRAWN = {
    "a draft": {"draft": "true"},
    "under embargo": {"embargo": "2026-12-24"},
    "expired": {"expires": "2026-11-23T11:59:00Z"},
}


@pytest.mark.parametrize("how", [*WITHDRAWN, "deleted"])
def test_a_story_withdrawn_after_the_build_holds_the_edition(built, how):
    if how == "deleted":
        (built.root / "articles/b.md").unlink()
    else:
        built.story("b", title="The second", **WITHDRAWN[how])
    for words in (("--yes",), ("--yes", "--as-built")):
        sent = built.run("send", EDITION, *words)
        assert (sent.code, "which nobody may see now" in sent.err) == (3, True)
    assert "“The second”, which nobody may see now" in built.run("check").out
    status = built.run("status", "--at", "2026-11-24 08:00")
    assert "“The second”, which nobody may see now" in status.out
    assert "build morning --at 2026-11-24T06:00Z\n" in status.err
    assert built.run("deliver").code == 0
    assert not (built.root / "outbox/mail/new").exists()
    built.build()
    assert built.run("send", EDITION, "--yes").code == 0


@pytest.mark.parametrize("how", ["by hand", "in its front matter"])
@pytest.mark.slow
def test_a_story_excluded_after_the_build_holds_the_edition(built, how):
    if how == "by hand":
        built.run("exclude", "morning", "b")
    else:
        built.story("b", title="The second", newsletter="{exclude: true}")
    for words in (("--yes",), ("--yes", "--as-built")):
        sent = built.run("send", EDITION, *words)
        assert (sent.code, f"“The second”, which is excluded {how}" in sent.err) == (3, True)
    assert f"error: {EDITION}: it shows “The second”" in built.run("check").out
    built.build()
    assert built.run("send", EDITION, "--yes").code == 0
    built.run("deliver")
    assert "The second" not in built.part("message.txt")


def test_a_corrected_story_goes_out_as_it_was_only_if_somebody_says_so(built):
    built.story("b", title="The second, corrected")
    sent = built.run("send", EDITION, "--yes")
    assert sent.code == 3
    assert sent.err == (
        f"publisher: {EDITION} has changed since it was built: “The second” has changed since it "
        f"was built\n  Build it again: publisher build morning --at 2026-11-24T06:00Z; or send it "
        "as it is: --as-built\n"
    )
    assert built.run("send", EDITION, "--yes", "--as-built").code == 0


def test_a_test_mail_says_that_the_edition_is_not_as_its_articles_are(built):
    built.story("b", title="The second, corrected")
    tested = built.run("test", EDITION, "--to", "ed@test.example")
    assert tested.code == 0
    assert "not as its articles are now: “The second” has changed" in tested.err


def test_a_story_killed_in_the_midst_of_the_delivery_stops_the_rest(built, monkeypatch):
    from publisher.pipeline.sends import worker

    monkeypatch.setattr(worker, "CHUNK", 1)
    built.config(CONFIG + "[delivery]\nconnections = 1\n")
    assert built.run("send", EDITION, "--yes").code == 0
    batch, made = worker.Worker._batch, []

    def killed_after_the_second(self, claimed, now, seconds):
        made.append(batch(self, claimed, now, seconds))
        if len(made) == 2:  # which is claimed before the first message goes out
            built.story("b", title="The second", draft="true")
        return made[-1]

    monkeypatch.setattr(worker.Worker, "_batch", killed_after_the_second)
    delivered = built.run("deliver")
    assert (delivered.code, "goes no further" in delivered.err) == (4, True)
    counts = built.run("report", EDITION, "--json").json["counts"]
    assert counts == {"filed": 1, "queued": 2}
    monkeypatch.undo()
    built.story("b", title="The second")
    assert built.run("release", EDITION).code == 0
    assert built.run("deliver").code == 0


def test_a_schedule_builds_again_by_itself_what_has_changed(built):
    built.story("b", title="The second, corrected")
    built.run("run", "--once", "--at", "2026-11-24 06:59")
    once = built.run("run", "--once", "--at", "2026-11-24 07:00")
    assert once.code == 0, once.out + once.err
    assert "The second, corrected" in built.part("message.html")


@pytest.mark.slow
def test_without_a_server_nothing_counts_as_sent_and_all_of_it_can_be_sent_later(built):
    built.run("send", EDITION, "--yes")
    loud = "no mail server: mails are written into outbox/mail/"
    assert loud in built.run("check").out
    assert loud in built.run("status").out
    delivered = built.run("deliver")
    assert (loud in delivered.err, "3  filed" in delivered.out) == (True, True)
    early = built.run("send", EDITION, "--resend-filed", "--yes")
    assert (early.code, "there is no mail server yet" in early.err) == (2, True)
    with Server() as server:
        built.config(
            CONFIG + f'[smtp]\nhost = "127.0.0.1"\nport = {server.port}\nsecurity = "none"\n'
        )
        built.run("subscribers", "remove", "cy@x.example")
        again = built.run("send", EDITION, "--resend-filed", "--yes")
        assert again.out == f"{EDITION}: 3 messages in the queue\n"
        assert built.run("deliver").code == 0
        assert sorted(to for to, _ in server.messages) == ["ana@x.example", "bob@x.example"]
    counts = built.run("report", EDITION, "--json").json["counts"]
    assert counts == {"accepted": 2, "suppressed": 1}
    assert "no mail server" not in built.run("status").out


def test_who_delivers_reads_the_articles_of_the_edition_and_no_others(built, monkeypatch):
    built.story("0", title="Another one", date="2026-11-24 08:00")
    assert built.run("send", EDITION, "--yes").code == 0
    read = []
    compose = opening.compose
    monkeypatch.setattr(
        "publisher.cli.delivering.show_begun", lambda _: None
    )  # it needs the archive
    monkeypatch.setattr(
        opening, "compose", lambda parts, *rest: read.append(parts.path) or compose(parts, *rest)
    )
    for name in "0ab":
        path = built.root / f"articles/{name}.md"
        path.write_text(path.read_text() + "\nOne line more.\n")
    assert built.run("deliver").code == 0
    assert sorted(set(read)) == ["a.md", "b.md"]
    assert len(list((built.root / "outbox/mail/new").glob("*"))) == 3


def test_a_story_whose_file_was_renamed_is_found_elsewhere(built):
    assert built.run("send", EDITION, "--yes").code == 0
    (built.root / "articles/b.md").rename(built.root / "articles/other.md")
    assert built.run("deliver").code == 0
    assert len(list((built.root / "outbox/mail/new").glob("*"))) == 3
