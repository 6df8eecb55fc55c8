"""Small inputs that once went wrong on the way out: each with its right result, and its kin."""

import re
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.utils import parsedate_to_datetime

import pytest

from publisher.delivery import Stop
from publisher.pipeline.readers.signups import mail_signups
from publisher.pipeline.sends.transports import transport_of
from tests.acceptance.test_service import join
from tests.acceptance.test_web import NOW, serving
from tests.site import CONFIG, NO_PAGES, now
from tests.smtpd import Server

EDITION = "morning@2026-11-24T0700"
THREE = CONFIG + "".join(
    f'\n[newsletters.{name}]\ntitle = "{name.title()}"\n[[newsletters.{name}.sections]]\n'
    'name = "lead"\n'
    for name in ("noon", "evening")
)


def later(**span):
    return f"{now() + timedelta(**span):%Y-%m-%dT%H:%M:%S}Z"


def with_server(server, extra=""):
    return f'{CONFIG}{extra}\n[smtp]\nhost = "127.0.0.1"\nport = {server.port}\nsecurity = "none"\n'


def built(site, *addresses):
    """An edition that is built, and its readers."""
    site.story("a")
    site.build()
    for one in addresses:
        assert site.run("subscribers", "add", one).code == 0


# A pace that is too slow for its audience


@pytest.mark.parametrize(
    ("pace", "said"),
    [
        ('[domains."x.example"]\nper_second = 0.00002', "5 readers at x.example take 3 days"),
        ('[domains."X.example"]\nper_second = 0.00002', "5 readers at x.example take 3 days"),
        ("[delivery]\nper_second = 0.00002", "6 readers take 3 days"),
        ("[delivery]\nper_day = 1", "6 readers take 5 days"),
        ('[delivery]\nexpires = "2h"\nper_second = 0.0005', "6 readers take 3 hours"),
    ],
)
def test_an_edition_that_cannot_reach_everyone_in_time_is_refused_with_the_figure(site, pace, said):
    built(site, *(f"r{n}@x.example" for n in range(5)), "ana@other.example")
    site.config(f"{CONFIG}\n{pace}\n")
    result = site.run("send", EDITION, "--yes")
    assert (result.code, result.err.split("\n")[0]) == (
        3,
        f"publisher: at the pace in publisher.toml {said}",
    )
    assert site.run("deliver").out.startswith("nothing to send now")


def test_a_slow_pace_of_a_domain_that_nobody_reads_at_refuses_nothing(site):
    built(site, "ana@other.example")
    site.config(CONFIG + '\n[domains."x.example"]\nper_second = 0.00001\n')
    assert site.run("send", EDITION, "--yes").code == 0


def test_newsletters_that_share_a_day_are_counted_together(site):
    site.config(THREE + "\n[delivery]\nper_day = 4\n")
    site.story("a")
    everything = [f"--newsletter={name}" for name in ("morning", "noon", "evening")]
    for n in range(4):
        site.run("subscribers", "add", f"r{n}@x.example", *everything)
    for name in ("morning", "noon", "evening"):
        site.run("build", name, "--at", "2026-11-24 07:00")
    results = [site.run("send", name, "--yes") for name in ("morning", "noon", "evening")]
    assert [one.code for one in results] == [0, 0, 3]
    assert "4 readers take 36 hours, behind 8 messages that wait already" in results[2].err


def test_a_part_that_expired_is_a_failure_and_no_silence(site):
    built(site, *(f"r{n}@x.example" for n in range(3)))
    assert site.run("send", EDITION, "--yes").code == 0
    site.config(CONFIG + '\n[domains."x.example"]\nper_second = 0.00001\n')  # slowed down since
    assert site.run("deliver").code == 4
    result = site.run("deliver", "--at", later(days=2))
    assert (result.code, "2  failed: not sent in time" in result.out) == (4, True)
    audit = site.run("audit", "--at", later(days=2))
    said = f"{EDITION}: 2 of 3 readers got nothing: it was not sent in time"
    assert (audit.code, said in audit.out) == (1, True)
    site.config(CONFIG)
    assert site.run("release", "morning", "--failed", "--at", later(days=2)).code == 0
    assert site.run("deliver", "--at", later(days=2)).code == 0
    assert site.run("audit", "--at", later(days=2)).code == 0


def test_run_once_does_not_end_with_nought_where_readers_came_too_late(site):
    built(site, "ana@x.example")
    assert site.run("send", EDITION, "--yes").code == 0
    result = site.run("run", "--once", "--at", later(days=2))
    assert (result.code, "1 message could not be sent in time" in result.err + result.out) == (
        4,
        True,
    )


# The token of a mail to unsubscribe


def mails(site):
    return [
        message_from_bytes(path.read_bytes(), policy=policy.default)
        for path in sorted((site.root / "outbox/mail/new").iterdir())
    ]


def test_a_mail_to_unsubscribe_from_whatever_address_ends_what_it_was_about(site):
    site.config(THREE)
    built_for = ["--newsletter=morning", "--newsletter=noon"]
    site.story("a")
    site.run("subscribers", "add", "ana@x.example", *built_for)
    site.build()
    site.run("send", EDITION, "--yes")
    site.run("deliver")
    token = re.search(r"subject=([^>]+)>", mails(site)[0]["List-Unsubscribe"])[1]
    assert "ana@x.example" in site.run("subscribers", "show", token).out
    assert "ana@x.example" not in site.run("subscribers", "show", "bob@x.example").out
    result = site.run("subscribers", "remove", token)
    assert (result.code, result.out) == (0, f"{token}: left morning\n")
    shown = site.run("subscribers", "show", "ana@x.example", "--json").json
    assert shown["subscriber"]["subscriptions"] == {"morning": "unsubscribed", "noon": "active"}
    assert shown["consents"][-1]["how"] == "by hand, asked by mail"


@pytest.mark.parametrize(
    "change", [lambda t: t[:-1], str.lower, lambda t: t + "=", lambda t: "x.y.z"]
)
def test_a_token_that_was_changed_ends_nothing_and_is_said_to_be_none(site, change):
    built(site, "ana@x.example")
    site.run("send", EDITION, "--yes")
    site.run("deliver")
    token = re.search(r"subject=([^>]+)>", mails(site)[0]["List-Unsubscribe"])[1]
    result = site.run("subscribers", "remove", change(token))
    assert (result.code, "is neither an address nor a token of ours" in result.err) == (2, True)
    assert "morning" in site.run("subscribers", "list").out


# Links that were cut or changed, and buttons that are old


def path_of(web, name="ana"):
    return web.link(name, "morning")


@pytest.fixture
def web(site):
    site.config(THREE)
    join(site, "ana", "ben")
    with serving(site) as served:
        yield served


MANGLED = [
    lambda link: link[:-1],
    lambda link: link + "%3E",
    lambda link: link + "=",
    str.lower,
    str.upper,
    lambda link: link + ".",
    lambda link: link.replace("morning", "Morning"),
    lambda link: "/unsubscribe/x",
    lambda link: "/unsubscribe/1.2.morning.x",
]


@pytest.mark.parametrize("mangled", MANGLED)
def test_a_link_that_was_changed_says_so_offers_another_and_never_says_done(web, mangled):
    link = mangled(path_of(web))
    if link.startswith("/UNSUBSCRIBE"):
        link = "/unsubscribe/" + link.rpartition("/")[2]
    for method, body in (("GET", None), ("POST", {}), ("POST", {"x": "y"})):
        answer = web.ask(method, link, body)
        assert (answer.status, "could not be read" in answer.text) == (404, True)
        assert "Done" not in answer.text
        assert 'action="/preferences"' in answer.text
    program = web.ask("POST", link, {"List-Unsubscribe": "One-Click"})
    assert (program.status, "could not be read" in program.text) == (404, True)
    assert web.standing("ana") == {"morning": "active"}


def asked_for_page(web, address):
    answer = web.ask("POST", "/preferences", {"address": address})
    mail_signups(web.space, transport_of(web.space), NOW, Stop())
    folder = web.space.root / "outbox/mail/new"
    return answer, sorted(folder.iterdir()) if folder.exists() else []


def test_the_page_of_preferences_is_mailed_to_who_reads_and_to_nobody_else(web):
    first, found = asked_for_page(web, "stranger@x.example")
    assert found == []
    web.space.ledger.readers.suppress("ben@x.example", "manual", NOW)
    suppressed, found = asked_for_page(web, "ben@x.example")
    assert found == []
    reader, found = asked_for_page(web, "ANA@x.example")
    assert first.text == suppressed.text == reader.text  # nobody learns who reads
    (path,) = found
    mail = message_from_bytes(path.read_bytes(), policy=policy.default)
    assert mail["Subject"] == "Your preferences: Test Letter"
    link = re.search(
        r"https://test\.example(/preferences/\S+)", mail.get_body(("plain",)).get_content()
    )[1]
    page = web.ask("GET", link)
    assert (page.status, 'name="action" value="leave"' in page.text) == (200, True)
    assert len(asked_for_page(web, "ana@x.example")[1]) == 1  # once a day
    assert web.ask("POST", "/preferences", {"address": "nobody"}).status == 400
    assert web.ask("GET", "/preferences").status == 200
    assert web.space.ledger.counts.unconfirmed() == 0  # who asked for a page signs up for nothing


def test_what_an_old_button_says_is_true(web):
    link = path_of(web)
    assert "Do you want to stop" in web.ask("GET", link).text
    assert "Done. You will not receive Morning any more." in web.ask("POST", link, {}).text
    assert "Done" in web.ask("POST", link, {}).text  # it is, still
    page = web.ask("GET", link).text
    assert ("You do not receive Morning." in page, "<button" in page) == (True, False)


def test_a_page_that_was_opened_before_a_newsletter_began_does_not_end_it(site):
    site.config(CONFIG)
    join(site, "ana")
    with serving(site) as web:
        page = web.ask("GET", web.link("ana")).text
    shown = re.findall(r'name="shown" value="(\w+)"', page)
    assert shown == ["morning"]
    site.config(THREE)
    join(site, "ana", newsletter="noon")
    with serving(site) as web:
        form = {"action": "save", "shown": shown, "newsletter": "morning"}
        assert "Saved." in web.ask("POST", web.link("ana"), form).text
        assert web.standing("ana") == {"morning": "active", "noon": "active"}
        web.ask("POST", web.link("ana"), {"action": "leave", "shown": shown})
        assert set(web.standing("ana").values()) == {"unsubscribed"}


def test_a_newsletter_that_is_no_more_is_not_taken_for_all_of_them(site):
    site.config(THREE)
    join(site, "ana", newsletter="noon")
    join(site, "ana")
    with serving(site) as web:
        link = web.link("ana", "noon")
    site.config(CONFIG)
    with serving(site) as web:
        assert "You will not receive noon any more." in web.ask("POST", link, {}).text
        assert web.standing("ana") == {"morning": "active", "noon": "unsubscribed"}


def test_a_confirmation_that_was_pressed_before_says_so(web):
    web.ask("POST", "/subscribe", {"newsletter": "morning", "address": "new@x.example"})
    mail_signups(web.space, transport_of(web.space), NOW, Stop())
    (path,) = (web.space.root / "outbox/mail/new").iterdir()
    mail = message_from_bytes(path.read_bytes(), policy=policy.default)
    text = mail.get_body(("plain",)).get_content()
    link = re.search(r"https://test\.example(/confirm/\S+)", text)[1]
    assert web.ask("POST", link, {}).status == 200
    for method in ("GET", "POST"):
        again = web.ask(method, link, {} if method == "POST" else None)
        assert (again.status, "It was confirmed before" in again.text) == (410, True)
    assert "could not be read" in web.ask("GET", link[:-1]).text
    assert web.standing("new") == {"morning": "active"}


def test_a_mail_that_cannot_leave_is_not_said_to_be_on_its_way(site):
    form = {"newsletter": "morning", "address": "new@x.example"}
    with serving(site) as web:  # no server: mails become files
        assert "No mail can be sent at the moment" in web.ask("POST", "/subscribe", form).text
        assert "No mail can be sent" in web.ask("POST", "/preferences", form).text
    with Server() as server:
        site.config(with_server(server))
        with serving(site) as web:
            said = web.ask("POST", "/subscribe", form).text
            assert "If this address can be signed up, a mail asks you to confirm it." in said
            assert "on its way" not in said
        site.config(with_server(server).replace("sender = ", "author = "))
        with serving(site) as web:
            assert "No mail can be sent" in web.ask("POST", "/subscribe", form).text


# A name for EHLO


def test_the_name_in_ehlo_is_a_key(site):
    built(site, "ana@x.example")
    site.run("send", EDITION, "--yes")
    heard = []

    def picky(stage, _):
        heard.append(server.commands[-1:])
        full = re.search(r" [a-z0-9-]+(\.[a-z0-9-]+)+$", server.commands[-1]) if heard[-1] else None
        return None if stage != "ehlo" or full else "504 5.5.2 need fully-qualified hostname"

    with Server(picky) as server:
        site.config(with_server(server) + 'ehlo = "localhost"\n')
        result = site.run("deliver")
        assert (result.code, "does not take localhost for our name: 504" in result.err) == (2, True)
        assert "ehlo = " in result.err
        site.config(with_server(server) + 'ehlo = "mail.test.example"\n')
        assert site.run("deliver").code == 0
    assert "ehlo mail.test.example" in server.commands


@pytest.mark.parametrize("name", ["two words", "x@y", "i❤.example", "a..b", "[x"])
def test_a_name_that_none_is_is_refused(site, name):
    site.config(CONFIG + f'\n[smtp]\nhost = "x.example"\nehlo = "{name}"\n')
    assert "smtp.ehlo must be a name such as" in site.run("check").err


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("192.0.2.1", "[192.0.2.1]"),
        ("2001:DB8::1", "[IPv6:2001:db8::1]"),
        ("[192.0.2.1]", "[192.0.2.1]"),
    ],
)
def test_an_address_for_a_name_is_said_in_brackets(site, name, said):
    built(site, "ana@x.example")
    site.run("send", EDITION, "--yes")
    with Server() as server:
        site.config(with_server(server) + f'ehlo = "{name}"\n')
        assert site.run("deliver").code == 0
    assert f"ehlo {said}" in server.commands


# Who never confirms


def test_who_never_confirms_is_forgotten_in_time(site):
    site.config(CONFIG.replace(NO_PAGES, NO_PAGES + 'unconfirmed = "14d"\n'))
    with serving(site) as web:
        signups = web.space.ledger.signups
        web.ask("POST", "/subscribe", {"newsletter": "morning", "address": "cy@x.example"})
        mail_signups(web.space, transport_of(web.space), NOW, Stop())
        assert web.space.ledger.counts.unconfirmed() == 1
        listed = site.run("subscribers", "list", "--unconfirmed").out
        assert listed == "  cy@x.example  morning  asked 2026-11-24\n"
        mail_signups(web.space, transport_of(web.space), NOW + timedelta(days=14), Stop())
        assert web.space.ledger.counts.unconfirmed() == 1
        after = NOW + timedelta(days=14, seconds=1)
        mail_signups(web.space, transport_of(web.space), after, Stop())
        assert web.space.ledger.counts.unconfirmed() == 0
        assert signups.prune(after) == 0


@pytest.mark.parametrize("command", [("deliver",), ("run", "--once")])
def test_the_verbs_of_an_operator_forget_them_as_well(site, command):
    with serving(site) as web:
        web.ask("POST", "/subscribe", {"newsletter": "morning", "address": "cy@x.example"})
    site.run(*command, "--at", "2031-11-26 10:00")
    stats = site.run("subscribers", "stats", "--json", "--at", "2031-11-26 10:00").json
    assert stats["unconfirmed"] == 0


# A whole domain


@pytest.mark.parametrize(
    "name",
    [
        "*@corp.example",
        "@corp.example",
        "corp.example",
        "*@CORP.example",
        "corp.example.",
        "\uff0a@corp.example",
    ],
)
def test_a_domain_is_suppressed_for_those_who_read_and_those_who_come(site, name):
    built(site, "ana@corp.example", "bob@sub.corp.example", "cy@x.example")
    site.run("send", EDITION, "--yes")
    assert site.run("subscribers", "suppress", name, "--detail", "legal").code == 0
    assert site.run("deliver").code == 0
    assert {mail["To"] for mail in mails(site)} == {"bob@sub.corp.example", "cy@x.example"}
    added = site.run("subscribers", "add", "dee@corp.example")
    assert (added.code, "suppressed (manual)" in added.out) == (1, True)
    listed = site.run("subscribers", "list").out
    assert re.search(r"ana@corp\.example +suppressed: manual", listed)
    with serving(site) as web:
        web.ask("POST", "/subscribe", {"newsletter": "morning", "address": "ed@corp.example"})
        assert web.space.ledger.counts.unconfirmed() == 0
    assert site.run("subscribers", "suppress", name, "--undo").code == 0
    assert site.run("subscribers", "add", "dee@corp.example").code == 0


def test_who_asked_and_was_suppressed_since_is_not_even_asked(web):
    web.ask("POST", "/subscribe", {"newsletter": "morning", "address": "ed@corp.example"})
    web.space.ledger.readers.suppress("@corp.example", "manual", NOW)
    assert mail_signups(web.space, transport_of(web.space), NOW, Stop()) == 0


@pytest.mark.parametrize(
    "name",
    [
        "*@*.example",
        "ana*@corp.example",
        "*.corp.example",
        "*",
        "%@corp.example",
        "https://corp.example/",
        "*@corp_.example",
    ],
)
def test_any_other_pattern_is_refused_with_the_way(site, name):
    result = site.run("subscribers", "suppress", name)
    assert (result.code, "suppressed" in result.out) == (2, False)
    assert "publisher subscribers suppress '*@company.example'" in result.err


# The date of a message


def test_the_date_of_a_message_is_when_it_starts_itself(site):
    built(site, "ana@x.example", "bob@y.example")
    site.run("send", EDITION, "--yes")
    with Server(lambda at, to: "450 later" if at == "rcpt" and "bob" in to else None) as server:
        site.config(with_server(server))
        assert site.run("deliver").code == 4
    with Server() as server:
        site.config(with_server(server))
        assert site.run("deliver", "--at", later(hours=9)).code == 0
        ((_, data),) = server.messages
    date = parsedate_to_datetime(message_from_bytes(data)["Date"])
    assert abs(date - (now() + timedelta(hours=9))) < timedelta(minutes=5)
    assert date.astimezone(UTC) > datetime(2026, 11, 23, 20, tzinfo=UTC)


def test_a_slow_domain_has_its_place_though_another_has_a_row_of_them(site):
    built(site, "ana@slow.example", *(f"r{n}@fast.example" for n in range(3)))
    assert site.run("send", EDITION, "--yes").code == 0
    slow = '[domains."slow.example"]\nper_second = 0.00001\n'
    site.config(f'{CONFIG}\n{slow}[domains."fast.example"]\nper_second = 10\n')
    assert (site.run("deliver").code, site.run("audit").code) == (0, 0)
    assert site.run("report", EDITION, "--json").json["counts"] == {"filed": 4}
