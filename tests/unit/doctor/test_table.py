"""The table of findings and the lines of the providers: nothing in them that cannot come true."""

import pytest

from publisher.doctor import Fetched
from publisher.doctor.diagnosis import ORDER
from publisher.doctor.requirements import REQUIREMENTS, SOURCES
from publisher.doctor.table import TABLE
from tests.dnsd import DnsServer
from tests.unit.doctor.domain import POLICY, STS, diagnose
from tests.unit.doctor.test_states import STATES

NAMES = [name for kinds in TABLE for name in kinds.of]


@pytest.fixture(scope="module")
def server():
    with DnsServer() as running:
        yield running


def test_each_finding_has_a_state_of_a_domain_that_shows_it():
    shown = {name for _, found in STATES.values() for name, _ in found}
    shown.add("sender-impersonates")  # of a domain that is nobody's own: below
    assert sorted(NAMES) == sorted(shown)


def test_names_stand_once_and_every_sentence_ends():
    assert len(NAMES) == len(set(NAMES))
    for kinds in TABLE:
        for name, kind in kinds.of.items():
            for text in (kind.finds, kind.why, kind.todo):
                assert text.rstrip('"`').endswith((".", "NAME", "ADDRESS", "web.md.")), (name, text)


def test_what_breaks_a_requirement_is_there():
    for one in REQUIREMENTS:
        assert set(one.breaks) <= set(NAMES)
        assert {*one.subjects, *one.hangs_on} <= set(ORDER)
        assert one.subjects or one.breaks or one.unseen
        assert one.source in SOURCES


def standing(diagnosis, provider, word):
    (line,) = [
        one
        for one in diagnosis.requirements
        if one.provider == provider and word in one.requirement
    ]
    return line


def test_of_a_domain_without_a_fault_all_is_met_that_can_be_seen(server):
    found = diagnose(server)
    assert found.is_healthy
    unseen = {one.requirement for one in found.requirements if one.standing != "met"}
    assert unseen == {
        "TLS on the way to Gmail",
        "a link to unsubscribe that one sees",
        "messages as RFC 5322 has them",
        "messages as RFC 5321 and 5322 have them",
        "spam rate below 0.1 %, never 0.3 %",
        "spam rate below 0.3 %",
        "dead addresses taken out (asked for)",
    }
    assert found.lines == []


def test_a_broken_line_names_the_finding_and_what_to_type(server):
    line = standing(diagnose(server, gone=["_dmarc.news.example"]), "Yahoo", "DMARC")
    assert (line.standing, line.findings) == ("not met", ("dmarc-missing",))
    assert str(line.lines[0]) == (
        "_dmarc.news.example  TXT  v=DMARC1; p=none; rua=mailto:postmaster@news.example"
    )


def test_what_cannot_be_seen_is_neither_met_nor_broken(server):
    found = diagnose(server, keys=(), addresses=(), ehlo="")
    assert found.is_healthy
    assert standing(found, "Gmail", "SPF for").standing == "met"
    assert standing(found, "Microsoft", "SPF passes").standing == "unseen"
    assert standing(found, "Gmail", "DKIM for").standing == "unseen"
    assert standing(found, "Yahoo", "forward and reverse").standing == "unseen"


def test_of_a_server_that_may_pass_mails_on_an_address_is_a_warning(server):
    zone = "smtp.host.example A 45.99.0.1"
    found = diagnose(server, zone, addresses=(), is_direct=False)
    assert {one.name: one.severity for one in found.findings} == {
        "spf-uncovered": "warning",
        "ptr-missing": "warning",
    }
    assert standing(found, "Gmail", "forward and reverse").standing == "unseen"


def test_a_host_of_the_mx_that_is_not_there_is_a_warning_where_another_is(server):
    lines = "news.example MX 10 mail.news.example\nnews.example MX 20 mx.gone.example"
    policy = Fetched(
        status=200, url=STS, body=POLICY.replace("mx:", "mx: *.gone.example\nmx:").encode()
    )
    found = diagnose(server, lines, pages={STS: policy})
    assert [(one.name, one.severity) for one in found.findings] == [("mx-no-such-host", "warning")]


def test_a_key_that_waits_for_its_record_is_no_error(server):
    changes, _ = STATES["a key that does not sign yet has no record"]
    found = diagnose(server, **changes)
    assert [one.severity for one in found.findings] == ["warning"]
    assert found.is_healthy
    assert str(found.findings[0].lines[0]).startswith(
        "s2._domainkey.news.example  TXT  v=DKIM1; k=rsa; p=MII"
    )


def test_a_mailbox_of_everybody_is_no_sender(server):
    found = diagnose(server, sender="letter@gmail.com")
    assert "sender-impersonates" in [one.name for one in found.findings]
    assert standing(found, "Gmail", "no gmail.com").standing == "not met"


@pytest.mark.parametrize(
    ("state", "line"),
    [
        ("there is no SPF record", "news.example  TXT  v=spf1 ip4:45.45.45.7 ~all"),
        ("the address is not in the SPF record",
         "news.example  TXT  v=spf1 ip4:45.45.45.9 ip4:45.45.45.7 -all"),
        ("there are two SPF records", "news.example  TXT  v=spf1 ip4:45.45.45.7 mx ~all"),
        ("nobody gets reports",
         "_dmarc.news.example  TXT  v=DMARC1; p=reject; rua=mailto:postmaster@news.example"),
        ("reports go to who did not ask", "news.example._report._dmarc.reports.example  TXT  v=DMARC1"),
        ("the address has no name", "7.45.45.45.in-addr.arpa.  PTR  mail.news.example."),
        ("the name does not lead back", "other.news.example  A  45.45.45.7"),
        ("our own name is not there", "mx9.news.example  A  45.45.45.7"),
    ],
)  # fmt: skip
def test_what_is_to_be_typed_mends_it(server, state, line):
    changes, _ = STATES[state]
    lines = [str(one) for finding in diagnose(server, **changes).findings for one in finding.lines]
    assert line in lines
