"""Every mail is signed once keys sign, by the keys of its time, and never by keys that others know."""

import re
import shutil
from datetime import UTC, datetime, timedelta

import pytest

from publisher.delivery import Clock, Memory, Stop, write_pairs
from publisher.model import Reply
from publisher.pipeline import signing
from publisher.pipeline.readers import signups
from publisher.pipeline.sends.deliver import deliver
from publisher.pipeline.sends.transports import transport_of
from publisher.pipeline.workspace import Workspace
from tests.dkim_keys import pair, pem, verified
from tests.processes import until
from tests.site import AT, CONFIG, Site

DOMAIN = "test.example"
EDITION = "morning@2026-11-24T0700"
NOW = datetime(2026, 11, 24, 8, tzinfo=UTC)
FLASH = CONFIG + '\n[newsletters.flash]\ntitle = "Flash"\ntemplate = "breaking"\n'


@pytest.fixture(scope="module")
def ready(tmp_path_factory):
    """An edition in the queue, of three readers: made once, for copies."""
    site = Site(tmp_path_factory.mktemp("dkim") / "site", FLASH)
    site.story("a", title="“Näxt” train 🚆")
    site.build()
    for number in range(3):
        site.run("subscribers", "add", f"r{number}@x.example", "--newsletter", "morning",
                 "--newsletter", "flash")  # fmt: skip
    assert site.run("send", EDITION, "--yes").code == 0
    return site


@pytest.fixture
def queued(ready, tmp_path):
    shutil.copytree(ready.root, tmp_path / "site")
    return Site(tmp_path / "site", FLASH)


def keys_for(site, *pairs):
    fresh = {
        key.selector: pem(key.algorithm, number)
        for number, one in enumerate(pairs, 1)
        for key in one.keys
    }
    write_pairs(site.root / ".publisher/dkim", pairs, fresh)


def mails(site):
    return [path.read_bytes() for path in sorted((site.root / "outbox/mail/new").glob("*"))]


def are_signed(messages, *pairs):
    return all(
        verified(one, *(pairs or (pair(),)), domain=DOMAIN) == [True, True] for one in messages
    )


def test_without_keys_mails_are_as_they_were_and_so_they_are_where_another_signs(queued):
    keys_for(queued, pair())
    queued.config(FLASH + '\n[dkim]\nsign = "never"\n')
    assert queued.run("deliver").code == 0
    assert not any(b"DKIM-Signature" in one for one in mails(queued))


@pytest.mark.slow
def test_all_mails_are_signed_whatever_makes_them(queued):
    keys_for(queued, pair())
    assert queued.run("deliver").code == 0
    assert queued.run("test", EDITION, "--to", "me@x.example").code == 0
    assert queued.run("breaking", "a", "--newsletter", "flash", "--yes").code == 0
    assert queued.run("deliver").code == 0
    space = Workspace(queued.root, NOW, writing=True)
    signups.ask(space, "new@x.example", ["morning"], "en", "net", NOW)
    assert signups.mail_signups(space, transport_of(space), NOW, Stop()) == 1
    space.close()
    found = mails(queued)
    assert len(found) == 3 + 1 + 3 + 1
    assert are_signed(found)
    assert queued.run("outbox", "export", EDITION, "--eml", str(queued.root / "eml")).code == 0
    exported = [path.read_bytes() for path in (queued.root / "eml").glob("*.eml")]
    assert len(exported) == 3
    assert are_signed(exported)


@pytest.mark.slow
def test_keys_are_made_published_and_activated_and_followed_by_others(queued):
    made = queued.run("keys", "dkim", "new")
    assert made.code == 0
    assert "letter-20261123: waits for its records" in made.out
    assert re.search(r'IN TXT \( "v=DKIM1; k=rsa; p=.{237}" ".+" \)', made.out)
    assert "name:  letter-20261123-ed._domainkey.test.example\n" in made.out
    assert "publisher" in made.err and "keys dkim activate" in made.err
    assert queued.run("test", EDITION, "--to", "me@x.example").code == 0
    assert b"DKIM-Signature" not in mails(queued)[0]
    assert "signs since" in queued.run("keys", "dkim", "activate").out
    assert queued.run("keys", "dkim", "new").code == 2
    next_ones = queued.run("keys", "dkim", "rotate", "--start", "tomorrow 9am")
    assert "letter-20261123-2: signs from 2026-11-24 08:00 UTC on" in next_ones.out
    states = queued.run("keys", "dkim", "show", "--json").json
    assert [one["standing"] for one in states] == ["scheduled", "signs"]
    queued.run("deliver")
    queued.run("test", EDITION, "--to", "other@x.example", "--at", "2026-11-24 09:30")
    selectors = [re.findall(rb"\r\n s=([^;]+);", one) for one in mails(queued)]
    assert sorted(map(len, selectors)) == [0, 2, 2, 2, 2]
    assert selectors.count([b"letter-20261123", b"letter-20261123-ed"]) == 3
    assert selectors.count([b"letter-20261123-2", b"letter-20261123-2-ed"]) == 1
    late = ("--at", "2026-11-25 09:30")
    assert (
        "from 2026-12-01 on its records may leave DNS"
        in queued.run("keys", "dkim", "show", *late).out
    )
    refused = queued.run("keys", "dkim", "remove", "letter-20261123-2", *late)
    assert (refused.code, "signs the mails" in refused.err) == (2, True)
    gone = queued.run("keys", "dkim", "remove", "letter-20261123", *late)
    assert "Leave its records in DNS until 2026-12-01" in gone.err
    assert sorted(path.name for path in (queued.root / ".publisher/dkim").glob("*.pem")) == [
        "letter-20261123-2-ed.pem", "letter-20261123-2.pem",
    ]  # fmt: skip


def test_a_key_of_another_program_signs_at_once(queued, tmp_path):
    (tmp_path / "mail.private").write_bytes(pem("rsa"))
    words = ("keys", "dkim", "adopt", str(tmp_path / "mail.private"), "--selector", "mail")
    assert queued.run(*words).code == 0
    assert queued.run("deliver").code == 0
    assert {tuple(re.findall(rb"\r\n s=([^;]+);", one)) for one in mails(queued)} == {(b"mail",)}
    assert queued.run(*words).code == 2
    for selector in ("../x", "-a", "a b", "a_b", "", "a..b", "x" * 64):
        assert queued.run(*words[:-1], selector).code == 2, selector


def test_keys_may_change_in_the_middle_of_an_edition(queued):
    first, second = pair(), pair("s2", 2, None)
    keys_for(queued, first, second)
    queued.config(FLASH + "\n[delivery]\nconnections = 1\nper_second = 2\n")
    space = Workspace(queued.root, NOW, writing=True)
    clock, seconds = (
        [0.0],
        Clock(seconds=lambda: clock[0], wait=lambda _, s: clock.__setitem__(0, clock[0] + s)),
    )

    def script(envelope, message):
        if not memory.messages:
            space.now = NOW + timedelta(seconds=clock[0])
            signing.activate(space)
        return Reply(code=250)

    memory = Memory(script)
    now = lambda: NOW + timedelta(seconds=clock[0])  # noqa: E731
    deliver(space, memory, now, Stop(), wait=True, clock=seconds)
    space.close()
    messages = [message for _, message in memory.messages]
    assert len(messages) == 3
    assert are_signed(messages, first, second)
    selectors = [re.findall(rb"\r\n s=([^;]+);", one)[0] for one in messages]
    assert set(selectors) == {b"s1", b"s2"}


def test_keys_that_others_can_read_stop_all_mails_and_lose_none(queued):
    keys_for(queued, pair())
    (queued.root / ".publisher/dkim/s1.pem").chmod(0o644)
    for words in (("deliver",), ("test", EDITION, "--to", "me@x.example")):
        result = queued.run(*words)
        assert (result.code, "can be read by others than its owner" in result.err) == (2, True)
    assert mails(queued) == []
    (queued.root / ".publisher/dkim/s1.pem").chmod(0o600)
    assert queued.run("deliver").code == 0
    assert are_signed(mails(queued))
    assert len(mails(queued)) == 3


def test_where_mails_must_be_signed_nothing_leaves_without_keys(queued):
    queued.config(FLASH + '\n[dkim]\nsign = "always"\n')
    result = queued.run("deliver")
    assert (result.code, "no DKIM key signs, and dkim.sign is always" in result.err) == (3, True)
    assert mails(queued) == []
    keys_for(queued, pair(since=None))
    assert queued.run("deliver").code == 3
    keys_for(queued, pair())
    assert queued.run("deliver").code == 0


@pytest.mark.parametrize("folder", ["outbox/keys", "articles/keys", "static", "templates/k"])
def test_keys_lie_in_no_folder_that_others_see(queued, folder):
    queued.config(FLASH + f'\n[dkim]\nkeys = "{folder}"\n')
    result = queued.run("keys", "dkim", "new")
    assert (result.code, "dkim.keys must not lie in the" in result.err) == (2, True)


@pytest.mark.parametrize(
    ("line", "what"),
    [
        ('selector = "a.b"', "dkim.selector must be lower-case letters"),
        ('selector = "x"\ndomain = "no domain"', "dkim.domain must be a domain"),
        ('sing = "never"', "dkim.sing"),
        ('sign = "no"', "dkim.sign"),
    ],
)
def test_settings_that_cannot_be_meant_are_named(queued, line, what):
    queued.config(FLASH + f"\n[dkim]\n{line}\n")
    result = queued.run("status")
    assert (result.code, what in result.err) == (2, True), result.err


@pytest.mark.slow
def test_a_domain_that_dmarc_does_not_count_is_warned_of(queued):
    queued.config(FLASH + '\n[dkim]\ndomain = "other.example"\n')
    words = "dkim.domain and the domain of sender are not one organisation's"
    assert words in queued.run("check").out + queued.run("check").err
    for domain in ("test.example", "mail.test.example"):
        queued.config(FLASH + f'\n[dkim]\ndomain = "{domain}"\n')
        result = queued.run("check")
        assert words not in result.out + result.err


@pytest.mark.slow
def test_check_says_that_keys_wait_or_cannot_be_used(queued):
    keys_for(queued, pair(since=None))
    said = "mails are not signed: s1 is not activated yet"
    assert said in queued.run("check").out + queued.run("check").err
    queued.run("keys", "dkim", "activate")
    assert "mails are not signed" not in queued.run("check").out + queued.run("check").err
    (queued.root / ".publisher/dkim/s1.pem").chmod(0o644)
    assert "can be read by others" in queued.run("check").out + queued.run("check").err


def test_no_private_key_is_anywhere_but_in_its_file(queued):
    keys_for(queued, pair())
    result = queued.run("deliver")
    shown = queued.run("config", "show"), queued.run("keys", "dkim", "show"), result
    secrets = [b"".join(pem(kind).split(b"\n")[1:-2])[:60] for kind in ("rsa", "ed25519")]
    for path in queued.root.rglob("*"):
        if path.is_file() and path.suffix != ".pem":
            assert not any(secret in path.read_bytes() for secret in secrets), path
    assert not any(secret.decode() in one.out + one.err for one in shown for secret in secrets)


def test_a_publication_without_keys_makes_the_mails_it_made_before(ready, tmp_path):
    shutil.copytree(ready.root, tmp_path / "site")
    site = Site(tmp_path / "site", FLASH)
    assert site.run("deliver", "--at", AT).code == 0
    assert all(one.startswith(b"From: ") for one in mails(site))
    assert len(mails(site)) == 3


@pytest.mark.parametrize(
    ("host", "field"),
    [("test.example", "test.example"), ("letter.harbour-times.example", "letter.har-9cbd")],
)
def test_a_signed_mail_has_a_feedback_id_that_gmail_takes(queued, host, field):
    keys_for(queued, pair())
    queued.config(FLASH.replace("https://test.example", f"https://{host}"))
    assert queued.run("test", EDITION, "--to", "me@x.example").code == 0
    (found,) = re.findall(rb"Feedback-ID: (.*)\r\n", mails(queued)[0])
    assert found.decode().split(":")[1:] == ["morning", "edition", field]
    assert 5 <= len(field) <= 15


@pytest.mark.slow
def test_signatures_are_whole_after_a_real_postfix_has_had_the_mails(queued, postfix):
    port, box = postfix
    keys_for(queued, pair())
    server = f'[smtp]\nhost = "127.0.0.1"\nport = {port}\nsecurity = "none"\n'
    queued.config(f"{FLASH}\n{server}")
    assert queued.run("deliver").code == 0
    until(lambda: box.is_dir() and len(list(box.iterdir())) == 3)
    for path in box.iterdir():  # it adds headers above, and stores lines without CR
        assert are_signed([path.read_bytes().replace(b"\n", b"\r\n")])
