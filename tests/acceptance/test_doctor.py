"""`publisher doctor` as it is typed, with DNS, a mail server and a web server on loopback."""

import pytest

from publisher.doctor import Fetched, Links
from publisher.doctor.links import one_click
from publisher.doctor.network import Network
from publisher.errors import NoNetwork
from publisher.pipeline.reports.doctor import doctor, sending_of
from publisher.pipeline.sends.transports import transport_of
from publisher.pipeline.workspace import Workspace
from tests.acceptance.test_web import serving
from tests.dnsd import DnsServer
from tests.site import CONFIG, NOW, Site
from tests.smtpd import Server

ZONE = """
test.example TXT v=spf1 ip4:45.45.45.7 -all
test.example MX 10 mail.test.example
test.example A 127.0.0.1
mail.test.example A 45.45.45.7
smtp.test.example A 127.0.0.1
7.45.45.45.in-addr.arpa PTR mail.test.example
"""
SMTP = '[smtp]\nhost = "smtp.test.example"\nport = {port}\n\n[newsletters.'


@pytest.fixture(scope="module")
def dns():
    with DnsServer(ZONE) as running:
        yield running


@pytest.fixture(scope="module")
def site(tmp_path_factory, dns):
    with Server() as smtpd:
        text = CONFIG.replace("[newsletters.", SMTP.format(port=smtpd.port), 1)
        text = text.replace("https://test.example", "https://test.example:1")
        yield Site(tmp_path_factory.mktemp("doctor"), text)


@pytest.fixture(scope="module")
def told(site, dns):
    return site.run("doctor", "--resolver", f"127.0.0.1:{dns.port}", "--ip", "45.45.45.7")


def test_it_shows_each_subject_and_each_requirement_and_what_to_type(told):
    assert told.code == 1
    lines = told.out.splitlines()
    assert lines[0] == "test.example"
    assert "  ✓  SPF        v=spf1 ip4:45.45.45.7 -all (0 of 10 look-ups)" in lines
    assert "  ?  DKIM       who signs is not known" in lines
    assert "  ✗  DMARC      no record" in lines
    assert "error: test.example has no DMARC record" in lines
    assert "  ✓  SPF for the domain" in [line.rstrip() for line in lines]
    typed = lines[lines.index("Type into DNS") + 1]
    assert (
        typed == "  _dmarc.test.example  TXT  v=DMARC1; p=none; rua=mailto:postmaster@test.example"
    )
    assert "not met" in told.err


def test_it_says_what_the_servers_of_the_publication_do(told):
    assert "smtp.test.example:" in told.out
    assert "offers no STARTTLS" in told.out
    assert "https://test.example:1/: nobody listens there" in told.out


def test_json_names_each_finding(site, dns):
    found = site.run("doctor", "--json", "--resolver", f"127.0.0.1:{dns.port}").json
    assert found["healthy"] is False
    by_subject = {one["subject"]: one for one in found["subjects"]}
    (finding,) = by_subject["DMARC"]["findings"]
    assert (finding["name"], finding["severity"]) == ("dmarc-missing", "error")
    assert found["dns"][0]["name"] == "_dmarc.test.example"
    standing = {
        (one["provider"], one["requirement"]): one["standing"] for one in found["requirements"]
    }
    assert standing["Gmail", "SPF for the domain"] == "met"
    assert standing["Gmail", "DMARC, p=none at least"] == "not met"
    assert standing["Microsoft", "DKIM passes"] == "unseen"
    assert [one["provider"] for one in found["sources"]] == ["Gmail", "Yahoo", "Microsoft"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--resolver", "dns.example"), "is no address of a DNS server"),
        (("--resolver", "127.0.0.1:99999"), "is no address of a DNS server"),
        (("--ip", "mail.example"), "is no IP address"),
        (("--selector", "a b"), "is no name of a key"),
    ],
)
def test_what_cannot_be_meant_is_said(site, words, said):
    result = site.run("doctor", *words)
    assert result.code == 2
    assert said in result.err


def test_without_a_sender_there_is_nothing_to_look_at(tmp_path):
    text = CONFIG.replace('sender = "letter@test.example"\n', "")
    result = Site(tmp_path, text).run("doctor")
    assert (result.code, "sender is missing" in result.err) == (2, True)


def test_without_a_network_it_says_so_and_ends_with_75(site, dns):
    with DnsServer("test.example HANG\n. HANG") as silent:
        network = Network([("127.0.0.1", silent.port)], patience=0.05)
        with pytest.raises(NoNetwork, match="no DNS server answers") as error:
            doctor(Workspace(site.root, NOW), network)
    assert error.value.exit_code == 75


def test_who_hands_mail_to_this_machine_sends_by_its_own_name(tmp_path):
    text = CONFIG.replace(
        "[newsletters.",
        '[smtp]\nhost = "localhost"\nehlo = "mail.test.example"\n\n[newsletters.',
        1,
    )
    space = Workspace(Site(tmp_path, text).root, NOW)
    sending = sending_of(space.publication, transport_of(space))
    assert (sending.is_direct, sending.ehlo, sending.domain) == (
        True,
        "mail.test.example",
        "test.example",
    )


def test_it_leaves_no_trace(site, told):
    assert not (site.root / ".publisher").exists()
    assert not (site.root / "outbox").exists()


def test_it_compares_the_keys_that_sign_here_with_dns(site, tmp_path):
    made = site.run("keys", "dkim", "new", "--json", "--at", "2026-11-24 05:00")
    assert made.code == 0, made.err
    with DnsServer(ZONE) as dns:
        found = site.run("doctor", "--resolver", f"127.0.0.1:{dns.port}", "--json").json
    dkim = {one["subject"]: one for one in found["subjects"]}["DKIM"]
    missing = [one for one in dkim["findings"] if one["name"] == "dkim-missing"]
    assert [one["severity"] for one in missing] == ["warning", "warning"]  # they do not sign yet
    records = {line["value"] for one in missing for line in one["lines"]}
    told = site.run("keys", "dkim", "show").out
    assert all(record in told for record in records), told


def test_our_own_service_is_recognised_by_the_page_of_a_link_that_is_none(tmp_path):
    url = "https://test.example/unsubscribe/doctor"
    with serving(Site(tmp_path)) as web:
        answer = web.ask("GET", "/unsubscribe/doctor")
    headers = {name.lower(): value for name, value in answer.getheaders()}
    said = Fetched(status=answer.status, url=url, headers=headers, body=answer.data)
    assert one_click(lambda _: said, Links(site="https://test.example/", leave=url)).findings == ()
