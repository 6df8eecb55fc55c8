"""Counted links: only where they are switched on, of all readers together, and never a way out."""

import json
import re

import pytest

from tests.acceptance.test_health import serving_all
from tests.acceptance.test_service import join
from tests.site import AT, PAGED

pytestmark = pytest.mark.pages

PERSON = {"User_Agent": "Mozilla/5.0 (X11; Linux) Firefox/140.0", "Accept_Language": "de"}
ON = PAGED + "\n[web]\nclicks = true\n"


def sent(site, config=ON):
    site.config(config)
    site.story("a", "First")
    site.story("b", "Second")
    join(site, "ana", "ben")
    site.build()
    assert site.run("send", "morning", "--yes", "--at", AT).code == 0
    assert site.run("deliver", "--at", AT).code == 0
    return (site.root / "outbox/editions/morning@2026-11-24T0700/message.html").read_text()


def test_links_are_as_they_were_unless_counting_is_switched_on(site):
    html = sent(site, PAGED)
    assert 'href="https://test.example/a/"' in html and "/to/" not in html
    assert "links" not in json.loads(site.part("manifest.json"))


def test_links_are_the_same_for_every_reader_and_lead_where_the_edition_says(site):
    html = sent(site)
    numbers = re.findall(r'href="https://test\.example/to/morning@2026-11-24T0700/(\d+)"', html)
    links = json.loads(site.part("manifest.json"))["links"]["addresses"]
    assert {int(number) for number in numbers} == set(range(len(links)))
    assert "https://test.example/a/" in links
    assert "[[unsubscribe_url" in html and "https://test.example/a/" in site.part("message.txt")
    with serving_all(site) as web:
        for number, url in enumerate(links):
            answer = web.ask("GET", f"/to/morning@2026-11-24T0700/{number}", **PERSON)
            assert (answer.status, answer.getheader("Location")) == (302, url)


def test_people_are_counted_together_and_scanners_set_aside(site):
    sent(site)
    path = "/to/morning@2026-11-24T0700"
    with serving_all(site) as web:
        for host in ("198.51.100.7", "203.0.113.9"):
            web.ask("GET", f"{path}/1", **PERSON, X_Forwarded_For=host)
        for odd in (
            {"User_Agent": "Barracuda scanner", "Accept_Language": "de"},
            {},
            {"User_Agent": "Mozilla/5.0"},
            {**PERSON, "Sec_Purpose": "prefetch"},
        ):
            assert web.ask("GET", f"{path}/1", **odd).status == 302
        assert web.ask("HEAD", f"{path}/1", **PERSON).status == 302
        links = json.loads(site.part("manifest.json"))["links"]["addresses"]
        for number in range(len(links)):  # everything within seconds: from the third on no person
            web.ask("GET", f"{path}/{number}", **PERSON, X_Forwarded_For="192.0.2.1")
    report = site.run("report", "morning", "--json").json
    assert sum(count for _, count in report["clicks"]) == 4
    assert report["set_aside"] == 5 + len(links) - 2
    shown = site.run("report", "morning").out
    assert "Links followed" in shown and "set aside, for they looked like" in shown


@pytest.mark.parametrize(
    "path",
    [
        "morning@2026-11-24T0700/999",
        "morning@2026-11-24T0700/-1",
        "morning@2020-01-01T0700/0",
        "../x/0",
        "https://evil.example/0",
        "morning@2026-11-24T0700/https://evil.example",
        "morning@2026-11-24T0700/" + "9" * 5000,
    ],
)
def test_nothing_else_is_led_to(site, path):
    sent(site)
    with serving_all(site) as web:
        answer = web.ask("GET", f"/to/{path}", **PERSON)
        assert answer.status == 404 and answer.getheader("Location") is None


def test_the_page_of_an_edition_counts_nobody(site):
    sent(site)
    site.build("2026-11-24 07:30")
    page = (site.root / "outbox/web/newsletters/morning/2026-11-24T0700/index.html").read_text()
    assert "/to/morning@" not in page and 'href="https://test.example/a/"' in page


def test_a_page_has_its_own_links_though_the_service_has_moved(site):
    sent(site, ON + '\n[delivery]\nlinks = "https://mail.test.example/"\n')
    site.config(ON)
    site.build("2026-11-24 07:30")
    page = (site.root / "outbox/web/newsletters/morning/2026-11-24T0700/index.html").read_text()
    assert "/to/morning@" not in page and 'href="https://test.example/a/"' in page


def test_a_test_mail_has_the_links_themselves(site):
    site.config(ON)
    site.story("a")
    site.build()
    assert site.run("test", "morning", "--to", "ed@x.example", "--at", AT).code == 0
    (mail,) = (site.root / "outbox/mail/new").iterdir()
    assert b"/to/morning" not in mail.read_bytes()


def test_an_edition_that_was_built_and_not_sent_leads_nowhere(site):
    site.config(ON)
    site.story("a")
    site.build()
    with serving_all(site) as web:
        assert web.ask("GET", "/to/morning@2026-11-24T0700/0", **PERSON).status == 404
