"""Asking, over real sockets on loopback: hostile answers, private hosts, time that is over."""

import http.server
import threading

import pytest

from publisher.delivery import Smtp
from publisher.doctor import Answer, DkimKey
from publisher.doctor.dmarc_walk import walk
from publisher.doctor.network import Network
from tests.certificates import certificate_of
from tests.dnsd import DnsServer, zone
from tests.smtpd import Server
from tests.unit.doctor.domain import diagnose


@pytest.fixture(scope="module")
def server():
    with DnsServer() as running:
        yield running


def network(server, text="", **keys):
    server.zone = zone(text)
    return Network([("127.0.0.1", server.port)], **{"patience": 20, **keys})


def test_each_kind_of_answer_has_its_name(server):
    asking = network(
        server,
        "a.example TXT one\na.example TXT two\nb.example A 45.45.45.7\nc.example FAIL\n"
        "d.example WRONG\ne.example CNAME a.example\nf.example MX 5 .\nf.example MX 10 mx.example\n"
        "g.example NOISE",
        patience=1,  # of the last one nothing is heard
    )
    said = {
        name: asking.ask(f"{name}.example", "MX" if name == "f" else "TXT") for name in "abcdefg"
    }
    assert {name: one.outcome for name, one in said.items()} == {
        "a": "found", "b": "empty", "c": "failed", "d": "empty", "e": "found", "f": "found",
        "g": "failed",
    }  # fmt: skip
    assert asking.ask("nobody.test", "TXT").outcome == "no-name"
    assert sorted(said["a"].values) == ["one", "two"]
    assert said["e"].canonical == "a.example"
    assert sorted(said["f"].values) == ["10 mx.example", "5 ."]


def test_a_name_is_asked_for_once(server):
    asking = network(server, "a.example TXT one")
    server.asked.clear()
    for name in ("a.example", "A.Example", "a.example."):
        assert asking.ask(name, "TXT").values == ("one",)
    assert server.asked == [("a.example", "TXT")]


@pytest.mark.parametrize(
    "name", ["", "..", "a..example", "x" * 64 + ".example", "a." * 130 + "example", "\udcff", "ü.example"]
)  # fmt: skip
def test_what_is_no_name_is_not_asked_for(server, name):
    asking = network(server)
    assert asking.ask(name, "TXT").is_void


def test_a_long_text_comes_by_tcp_and_its_strings_are_joined(server):
    text = "v=spf1 " + "ip4:45.45.45.7 " * 3000 + "-all"
    assert network(server, f"a.example TXT {text}").ask("a.example", "TXT").values == (text,)


HOSTILE = {
    "a CNAME that leads to itself": "news.example CNAME news.example",
    "two CNAMEs that lead to each other": "news.example CNAME x.example\nx.example CNAME news.example",
    "bytes that are no message": "news.example NOISE\n_dmarc.news.example NOISE",
    "answers of another type": "news.example WRONG\n_dmarc.news.example WRONG\nhost.example WRONG",
    "texts that are not UTF-8": "news.example TXT v=spf1 a:\udcff\udcfe -all\n_dmarc.news.example TXT "
    "v=DMARC1; p=\udcff\ns1._domainkey.news.example TXT v=DKIM1; p=\udcff",
    "texts with escapes of a terminal": "news.example TXT v=spf1 \x1b[2J -all\n_dmarc.news.example TXT "
    "v=DMARC1; p=\x1b]0;x\x07",
    "a record of thousands of words": "news.example TXT v=spf1 " + "a:x.example " * 4000 + "-all",
    "a record of thousands of tags": "_dmarc.news.example TXT v=DMARC1; " + "a=b; " * 9000,
    "thousands of texts": "\n".join(f"news.example TXT v=spf1 ip4:45.45.0.{n} -all" for n in range(900)),
    "includes that fan out": "\n".join(
        [f"news.example TXT v=spf1 {' '.join(f'include:l1n{n}.example' for n in range(9))} -all"]
        + [
            f"l{level}n{n}.example TXT v=spf1 {' '.join(f'include:l{level + 1}n{m}.example' for m in range(9))} -all"
            for level in range(1, 6)
            for n in range(9)
        ]
    ),
    "macros without an end": "news.example TXT v=spf1 exists:" + "%{d}" * 60 + ".x.example -all",
    "an empty text": "news.example TXT \n_dmarc.news.example TXT ",
    "a PTR to a thousand names": "\n".join(f"7.45.45.45.in-addr.arpa PTR n{n}.example" for n in range(1000)),
    "an MX with a thousand hosts": "\n".join(f"news.example MX {n} n{n}.example" for n in range(900)),
    "a policy of reports to many": "_dmarc.news.example TXT v=DMARC1; p=none; rua="
    + ",".join(f"mailto:a@h{n}.example" for n in range(2000)),
}  # fmt: skip


@pytest.mark.parametrize("what", HOSTILE)
def test_hostile_answers_are_findings_and_cost_little(server, what):
    server.asked.clear()
    found = diagnose(server, HOSTILE[what], patience=0.3)
    assert found.findings
    assert len(server.asked) < 250
    shown = "".join(one.what for one in found.findings)
    assert shown.isprintable()
    assert max(len(one.what) for one in found.findings) < 600


def test_who_does_not_answer_costs_so_much_time_and_then_no_more(server):
    clock = iter([0.0, 1.0, 31.0, 31.0, 31.0])
    asking = network(server, "a.example TXT one", clock=lambda: next(clock))
    assert asking.ask("a.example", "TXT").why == ""
    assert asking.ask("b.example", "TXT").why == "there was no time left to ask"


def test_a_server_that_is_silent_is_no_fault_of_the_domain(server):
    asking = network(server, "a.example HANG\n_dmarc.a.example HANG", patience=0.05)
    assert asking.ask("a.example", "TXT").outcome == "failed"
    assert walk(asking.ask, "a.example").unanswered[0][0] == "a.example"


def test_without_a_network_nobody_is_there(server):
    asking = network(server, ". HANG\nnews.example HANG", patience=0.05)
    assert not asking.is_there("news.example")
    assert network(server, "").is_there("news.example"), "that a name is not there is an answer"
    assert network(server, "news.example FAIL").is_there("news.example")


@pytest.mark.parametrize("host", ["127.0.0.1", "10.0.0.7", "::1", "localhost"])
def test_hosts_of_private_networks_are_not_asked(host):
    asking = Network()
    asked = asking.probe(Smtp(host=host, port=25))
    assert asked.probed is None
    if host != "localhost":
        url = f"https://[{host}]/" if ":" in host else f"https://{host}/"
        assert asking.fetch(url).why == "it is an address of a private network"


def test_a_host_that_a_file_of_this_machine_knows_is_no_unknown_one(monkeypatch):
    found = [(2, 1, 6, "", ("10.0.0.7", 25))]
    monkeypatch.setattr("socket.getaddrinfo", lambda *_, **__: found)
    asking = Network()
    for kind in ("A", "AAAA"):
        asking._kept["postfix", kind] = Answer(outcome="no-name")
    assert asking.probe(Smtp(host="postfix", port=25)).probed is None


def test_a_public_resolver_leads_to_no_private_host():
    asking = Network([("45.45.45.45", 53)])
    asking._kept["a.example", "A"] = Answer(outcome="found", values=("10.0.0.7",))
    asking._kept["a.example", "AAAA"] = Answer(outcome="empty")
    assert asking.fetch("https://a.example/").why == "it is an address of a private network"
    assert asking.probe(Smtp(host="a.example", port=25)).probed is None


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    return certificate_of("mail.news.example", tmp_path_factory.mktemp("tls"))


PLACES = "mail.news.example A 127.0.0.1\nother.example A 127.0.0.1"


def test_a_mail_server_is_greeted_where_the_resolver_says(server, certificate):
    path, context = certificate
    with Server(tls=context) as smtpd:
        smtp = Smtp(host="mail.news.example", port=smtpd.port, ca=path, timeout=5)
        asked = network(server, PLACES).probe(smtp)
        assert (asked.host, asked.probed.outcome) == ("mail.news.example", "open")


@pytest.mark.parametrize(
    ("zone", "outcome"), [("", "unknown"), ("mail.news.example FAIL", "unreachable")]
)
def test_a_mail_server_that_dns_does_not_know_is_not_greeted(server, zone, outcome):
    smtp = Smtp(host="mail.news.example", port=25)
    assert network(server, zone).probe(smtp).probed.outcome == outcome


class _Page(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(404)
        self.send_header("Referrer-Policy", "no-referrer")
        self.end_headers()
        self.wfile.write(b"This link could not be read.")

    def log_message(self, *_):
        pass


def test_a_page_is_asked_for_where_the_resolver_says_with_its_certificate_verified(
    server, certificate, monkeypatch
):
    path, context = certificate
    web = http.server.HTTPServer(("127.0.0.1", 0), _Page)
    web.socket = context.wrap_socket(web.socket, server_side=True)
    threading.Thread(target=web.serve_forever, daemon=True).start()
    url = f"https://mail.news.example:{web.server_port}/unsubscribe/doctor"
    try:
        why = network(server, PLACES).fetch(url).why
        assert why == "its certificate does not hold: self-signed certificate"
        monkeypatch.setenv("SSL_CERT_FILE", path)
        asking = network(server, PLACES)
        found = asking.fetch(url)
        assert (found.status, found.headers["referrer-policy"]) == (404, "no-referrer")
        assert asking.fetch(url) is found
    finally:
        web.shutdown()
        web.server_close()


def test_the_key_of_another_selector_is_asked_for_at_its_own_domain(server):
    found = diagnose(
        server,
        "s9._domainkey.other.example TXT v=DKIM1; p=",
        keys=(DkimKey(selector="s9", domain="other.example"),),
    )
    assert ("s9._domainkey.other.example", "TXT") in server.asked
    assert "dkim-revoked" in [one.name for one in found.findings]
