"""Breaking news goes out now, and the next digest leaves it out for those who got it."""

from email import message_from_bytes, policy

import pytest

from tests.acceptance.test_service import join, subjects
from tests.site import CONFIG

FLASH = CONFIG + '\n[newsletters.flash]\ntitle = "Flash"\ntemplate = "breaking"\n'
NOON = "2026-11-23 12:30"


def mails(site):
    """The text part of each mail, by (reader, edition)."""
    found = {}
    for path in (site.root / "outbox/mail/new").glob("*"):
        mail = message_from_bytes(path.read_bytes(), policy=policy.default)
        edition = mail["Message-ID"].strip("<>").split(".")[0]
        found[mail["To"].addresses[0].addr_spec, edition] = mail.get_body(("plain",)).get_content()
    return found


def test_the_next_digest_leaves_breaking_news_out_for_those_who_got_it(site):
    site.config(FLASH)
    site.story("quake", title="Quake")
    site.story("bread", title="Bread", date="2026-11-23 09:00")
    join(site, "ana", "ben")
    assert site.run("subscribers", "add", "ana@x.example", "--newsletter", "flash").code == 0
    sent = site.run("breaking", "quake", "--yes", "--at", NOON)
    assert sent.code == 0, sent.err
    site.run("deliver", "--at", NOON)
    assert subjects(site) == [("ana@x.example", "Quake")]
    site.build()
    assert site.run("send", "morning", "--yes").code == 0
    site.run("deliver", "--at", "2026-11-24 07:01")
    got = mails(site)
    ana, ben = (got[f"{name}@x.example", "morning-2026-11-24t0700"] for name in ("ana", "ben"))
    assert "The first paragraph of quake" not in ana
    assert "bread" in ana
    assert "The first paragraph of quake" in ben
    assert site.run("outbox", "verify").code == 0
    assert site.run("audit", "--at", "2026-11-24 08:00").code == 0


def test_who_had_all_of_an_edition_gets_none_and_is_accounted_for(site):
    site.config(FLASH)
    site.story("quake", title="Quake")
    join(site, "ana", "ben")
    site.run("subscribers", "add", "ana@x.example", "--newsletter", "flash")
    site.run("breaking", "quake", "--yes", "--at", NOON)
    site.run("deliver", "--at", NOON)
    site.build()
    site.run("send", "morning", "--yes")
    site.run("deliver", "--at", "2026-11-24 07:01")
    assert len(subjects(site)) == 2
    counts = site.run("report", "morning@2026-11-24T0700", "--json").json["counts"]
    assert counts == {"filed": 1, "suppressed": 1}
    assert (
        "all of it was breaking news"
        in site.run("why", "ana@x.example", "morning@2026-11-24T0700").out
    )


def test_breaking_news_may_go_to_the_readers_of_a_digest(site):
    site.story("quake", title="Quake")
    site.story("bread", title="Bread", date="2026-11-23 09:00")
    join(site, "ana")
    assert site.run("breaking", "quake", "--newsletter", "morning", "--yes", "--at", NOON).code == 0
    site.run("deliver", "--at", NOON)
    join(site, "new")
    site.build()
    site.run("send", "morning@2026-11-24T0700", "--yes")
    site.run("deliver", "--at", "2026-11-24 07:01")
    got = mails(site)
    assert "paragraph of quake" not in got["ana@x.example", "morning-2026-11-24t0700"]
    assert "paragraph of quake" in got["new@x.example", "morning-2026-11-24t0700"]


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("nothing",), 2, "no article"),
        (("draft",), 2, "Draft is draft"),
        (("quake", "--newsletter", "nobody"), 2, "newsletter"),
        (("quake", "--newsletter", "morning"), 3, "nobody subscribes"),
    ],
)
def test_what_cannot_go_out_now_is_said_and_nothing_is_left_behind(site, words, code, said):
    site.config(FLASH)
    site.story("quake")
    site.story("draft", draft="true")
    result = site.run("breaking", *words, "--yes", "--at", NOON)
    assert (result.code, said in result.err) == (code, True), result.err
    assert site.run("outbox", "list", "--json").json == []


def test_without_a_newsletter_for_it_the_editor_is_asked_which(site):
    site.config(CONFIG + '\n[newsletters.weekly]\ntitle = "The week"\n')
    site.story("quake")
    result = site.run("breaking", "quake", "--yes")
    assert (result.code, "--newsletter: morning, weekly" in result.err) == (2, True)


def test_the_same_news_does_not_break_twice(site):
    site.config(FLASH)
    site.story("quake")
    join(site, "ana", newsletter="flash")
    assert site.run("breaking", "quake", "--yes", "--at", NOON).code == 0
    assert "already" in site.run("breaking", "quake", "--yes", "--at", "2026-11-23 12:40").err
