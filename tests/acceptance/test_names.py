"""Hosts, domains and languages are one name each, from publisher.toml to what is mailed."""

import pytest

from publisher.pipeline.sends.worker import limits_of
from tests.site import AT, CONFIG, PAGED, Site

EDITION = "morning@2026-11-24T0700"
STREET = "xn--strae-oqa.example"


def sent(site):
    """The mails of an edition that goes to Ana."""
    site.story("one")
    assert site.run("subscribers", "add", "ana@x.example").code == 0
    assert site.run("build", "--at", AT).code == 0
    assert site.run("build", "morning", "--at", AT).code == 0
    result = site.run("send", EDITION, "--yes")
    assert result.code == 0, result.err
    assert site.run("deliver").code == 0
    return [path.read_bytes().decode() for path in (site.root / "outbox/mail/new").iterdir()]


def unfolded(mail):
    return mail.replace("=\r\n", "").replace("\r\n ", " ")


@pytest.mark.parametrize(
    ("host", "wanted"),
    [
        ("straße.example", STREET),
        ("βόλος.example", "xn--nxasmm1c.example"),
        ("نامه\u200cای.example", "xn--mgba3gch31f060k.example"),
        ("STRASSE.example", "strasse.example"),
    ],
)
@pytest.mark.slow
def test_no_link_leads_to_another_owners_host(tmp_path, host, wanted):
    site = Site(tmp_path, PAGED.replace("test.example", host, 1))
    (mail,) = sent(site)
    assert f"<https://{wanted}/unsubscribe/" in mail
    assert f"<morning.{wanted}>" in unfolded(mail)
    assert f"https://{wanted}/preferences/" in unfolded(mail)
    assert f"<loc>https://{wanted}/" in (site.root / "outbox/web/sitemap.xml").read_text()
    assert site.feed()["home_page_url"] == f"https://{wanted}/"
    assert site.run("check").code == 0


def test_links_of_their_own_lead_where_they_say(tmp_path):
    site = Site(tmp_path, CONFIG + '\n[delivery]\nlinks = "https://straße.example/m/"\n')
    (mail,) = sent(site)
    assert f"<https://{STREET}/m/unsubscribe/" in mail


def test_a_sender_at_a_domain_with_an_umlaut_sends(tmp_path):
    site = Site(tmp_path, CONFIG.replace("letter@test.example", "letter@Bücher.example"))
    (mail,) = sent(site)
    assert "<letter@xn--bcher-kva.example>" in mail
    assert site.run("check").code == 0
    site.story("two")
    assert site.run("breaking", "two", "--newsletter", "morning", "--yes").code == 0


@pytest.mark.parametrize("sender", ["größe@test.example", "a..b@test.example"])
def test_check_names_a_sender_that_nothing_can_be_sent_with(tmp_path, sender):
    site = Site(tmp_path, CONFIG.replace("letter@test.example", sender))
    result = site.run("check")
    assert "warning: publisher.toml: publication.sender" in result.err + result.out
    assert "Nothing can be sent with it." in result.err + result.out


@pytest.mark.parametrize(
    ("extra", "message"),
    [
        ('[segments.s]\ndomains = ["i❤.example"]', "segments.s.domains must be a domain"),
        ('[domains."a b.example"]\nper_second = 1.0', "must be a domain such as mail.example"),
        (
            '[domains."Straße.example"]\nper_second = 1.0\n[domains."xn--strae-oqa.example"]\nper_second = 2.0',
            f"is the same domain as another: {STREET}",
        ),
        ('[smtp]\nhost = "mail..example"', "smtp.host must be the name of a server"),
        ('[feeds]\nhub = "https://"', "feeds.hub must be a web address"),
        ('[delivery]\nlinks = "mail.example"', "delivery.links must be a web address"),
        ('[delivery]\nreply_to = "nobody"', "delivery.reply_to must be an address"),
    ],
)
def test_a_name_that_is_none_is_refused_where_it_stands(tmp_path, extra, message):
    result = Site(tmp_path, CONFIG + f"\n{extra}\n").run("status")
    assert result.code == 2
    assert message in result.err
    assert result.err.startswith("publisher: publisher.toml:")


def test_a_name_that_a_registry_sold_all_the_same_can_be_given_in_ascii(tmp_path):
    site = Site(tmp_path, CONFIG.replace("test.example", "i❤.example", 1))
    assert "If it is registered, write it in ASCII: xn--…" in site.run("status").err
    site.config(CONFIG.replace("test.example", "xn--i-7iq.example", 1))
    assert site.run("status").code == 0


def test_segments_and_paces_know_a_domain_by_any_of_its_spellings(tmp_path):
    extra = (
        '\n[segments.street]\ndomains = ["Straße.example"]\n'
        '[segments.german]\nlanguages = ["DE"]\n'
        '[domains."STRAßE.example"]\nper_second = 3.0\n'
        '[smtp]\nhost = "mail.straße.example"\n'
    )
    site = Site(tmp_path, CONFIG + extra)
    site.run("subscribers", "add", "ana@straße.example", "--language", "DE-at")
    site.run("subscribers", "add", "bo@strasse.example", "--language", "de")
    site.run("subscribers", "add", "cy@STRAẞE.example", "--language", "den")
    assert site.run("segments", "count", "--json").json == {"street": 2, "german": 2}
    from publisher.config import load

    publication = load(site.root)
    assert limits_of(publication).per_second == {STREET: 3.0}
    assert publication.smtp.host == f"mail.{STREET}"


def test_links_of_articles_to_our_own_pages_are_ours_by_any_spelling(tmp_path):
    site = Site(tmp_path, PAGED.replace("test.example", "straße.example", 1))
    site.story("one")
    site.article(
        "two.md",
        "---\ntitle: Two\ndate: 2026-11-23 12:00\n---\n"
        "See [one](https://Straße.example/one/), [them](https://strasse.example/x) "
        "and [books](https://BÜCHER.example/).\n",
    )
    site.build()
    body = next(i for i in site.feed()["items"] if i["title"] == "Two")["content_html"]
    assert f'href="https://{STREET}/one/"' in body
    assert 'href="https://strasse.example/x"' in body
    assert 'href="https://xn--bcher-kva.example/"' in body
    page = (site.root / "outbox/web/two/index.html").read_text()
    assert 'href="/one/"' in page


def test_a_newsletter_takes_articles_of_its_languages_range(tmp_path):
    site = Site(tmp_path, CONFIG.replace('every = "day"', 'every = "day"\nlanguage = "de"'))
    for name, language in (("a", "de"), ("b", "DE"), ("c", "de-AT"), ("d", "den"), ("e", "en")):
        site.story(name, language=language)
    plan = site.run("plan", "morning", "--at", AT, "--json").json
    text = str(plan)
    assert "in another language (den)" in text
    assert "in another language (en)" in text
    assert "(DE)" not in text
    assert "(de-AT)" not in text
