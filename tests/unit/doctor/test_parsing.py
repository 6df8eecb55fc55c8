"""Records taken apart: what servers make of SPF, how names are walked, and no text that breaks us."""

from ipaddress import ip_address

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from publisher.doctor import Answer, Fetched, concluded, examinations
from publisher.doctor.dkim import rsa_bits
from publisher.doctor.dmarc_walk import names_above, walk
from publisher.doctor.exchangers import hosts_of
from publisher.doctor.mta_sts import is_named, policy_of
from publisher.doctor.server import ServerAsked
from publisher.doctor.spf_check import cost, verdict
from publisher.doctor.spf_macros import Connection, expanded
from publisher.doctor.spf_record import parsed
from publisher.doctor.tags import tags_of
from tests.dnsd import zone
from tests.unit.doctor.domain import NOW, SENDING


def asking(text):
    """What asks a zone, without a server."""
    found = zone(text)
    names = {name for name, _ in found}

    def ask(name, kind):
        if (name.lower(), "FAIL") in found:
            return Answer(outcome="failed", why="FAIL")
        values = found.get((name.lower(), kind), [])
        is_there = any(one == name or one.endswith(f".{name}") for one in names)
        return Answer(
            outcome="found" if values else "empty" if is_there else "no-name", values=tuple(values)
        )

    return ask


AROUND = """
mail.example A 45.45.45.7
mail.example AAAA 2a01:4f8::7
a.example MX 10 mail.example
ok.example TXT v=spf1 ip4:45.45.45.0/24 -all
no.example TXT v=spf1 -all
bad.example TXT v=spf1 ip4:x -all
down.example FAIL
7.45.45.45.in-addr.arpa PTR mail.example
7.45.45.45.in-addr.a.example A 127.0.0.2
letter.users.example A 127.0.0.2
mail.example.names.example A 127.0.0.2
"""


@pytest.mark.parametrize(
    ("record", "address", "result"),
    [
        ("ip4:45.45.45.7 -all", "45.45.45.7", "pass"),
        ("ip4:45.45.45.7 -all", "::ffff:45.45.45.7", "pass"),
        ("ip4:45.45.45.0/24 -all", "45.45.46.1", "fail"),
        ("-ip4:45.45.45.7 +all", "45.45.45.7", "fail"),
        ("ip6:2a01:4f8::/32 ~all", "2a01:4f8::9", "pass"),
        ("ip6:2a01:4f8::/32 ~all", "45.45.45.7", "softfail"),
        ("a:mail.example -all", "2a01:4f8::7", "pass"),
        ("a:mail.example/24//64 -all", "45.45.45.99", "pass"),
        ("mx -all", "45.45.45.7", "pass"),
        ("mx/24 -all", "45.45.45.99", "pass"),
        ("ptr:mail.example -all", "45.45.45.7", "pass"),
        ("ptr:other.example -all", "45.45.45.7", "fail"),
        ("exists:%{ir}.%{v}.a.example -all", "45.45.45.7", "pass"),
        ("exists:%{l}.users.example -all", "45.45.45.7", "pass"),
        ("exists:%{p}.names.example -all", "45.45.45.7", "pass"),
        ("include:ok.example -all", "45.45.45.7", "pass"),
        ("include:no.example ?all", "45.45.45.7", "neutral"),
        ("include:bad.example +all", "45.45.45.7", "permerror"),
        ("include:gone.example +all", "45.45.45.7", "permerror"),
        ("include:down.example +all", "45.45.45.7", "temperror"),
        ("redirect=ok.example", "45.45.45.7", "pass"),
        ("redirect=gone.example", "45.45.45.7", "permerror"),
        ("redirect=ok.example -all", "45.45.45.7", "fail"),
        ("include:a.example ~all", "45.45.45.7", "permerror"),
        ("a:x1.gone a:x2.gone a:x3.gone +all", "45.45.45.7", "permerror"),
        ("", "45.45.45.7", "neutral"),
        ("unknown=1 +all", "45.45.45.7", "pass"),
    ],
)
def test_what_a_server_says_of_an_address(record, address, result):
    connection = Connection(
        address=ip_address(address), sender="letter@a.example", ehlo="mail.example"
    )
    ask = asking(f"{AROUND}a.example TXT v=spf1 {record}")
    assert verdict(ask, "a.example", parsed(f"v=spf1 {record}"), connection) == result


@pytest.mark.parametrize(
    ("record", "lookups"),
    [
        ("ip4:45.45.45.7 ip6:2a01::/16 -all", 0),
        ("a mx ptr exists:%{i}.x.example include:ok.example -all", 5),
        ("-all a mx", 0),
        ("include:ok.example redirect=ok.example", 2),
        ("redirect=ok.example -all", 0),
    ],
)
def test_look_ups_are_counted_as_if_nothing_matched(record, lookups):
    price = cost(asking(AROUND), "a.example", parsed(f"v=spf1 {record}"))
    assert price.lookups == lookups


@pytest.mark.parametrize(
    "word",
    [
        "all:x", "ip4:1.2.3", "ip4:1.2.3.4/33", "ip4:1.2.3.4/032", "ip4:2a01::", "ip6:1.2.3.4",
        "include", "include:", "include:x", "include:x.example/24", "a/33", "mx//129", "a:/24",
        "exists:%{c}.x.example", "exists:%{d", "exists:%x.example", "ptr:", "foo", "a:x.123",
        "redirect=", "redirect=x", "foo=%abc", "+", ":", "a:" + "x" * 400, "a:" + "/" * 290,
    ],
)  # fmt: skip
def test_a_word_that_is_none_is_found(word):
    assert len(parsed(f"v=spf1 {word} -all").faults) == 1


def test_macros_are_filled_in_by_the_examples_of_the_rfc():
    connection = Connection(
        address=ip_address("192.0.2.3"),
        sender="strong-bad@email.example.com",
        ehlo="mx.example.org",
    )
    for text, shown in {
        "%{s}": "strong-bad@email.example.com",
        "%{d2}": "example.com",
        "%{dr}": "com.example.email",
        "%{d2r}": "example.email",
        "%{l-}": "strong.bad",
        "%{lr-}": "bad.strong",
        "%{l1r-}": "strong",
        "%{ir}.%{v}._spf.%{d2}": "3.2.0.192.in-addr._spf.example.com",
        "%%%_%-": "% %20",
    }.items():  # RFC 7208 §7.4
        assert expanded(text, "email.example.com", connection) == shown


def test_a_walk_asks_eight_names_at_most():
    assert names_above("a.mail.example.com") == [
        "a.mail.example.com",
        "mail.example.com",
        "example.com",
        "com",
    ]
    long = names_above("a.b.c.d.e.f.g.h.i.j.mail.example.com")
    assert len(long) == 8  # RFC 9989 §4.10
    assert long[:3] == [
        "a.b.c.d.e.f.g.h.i.j.mail.example.com",
        "g.h.i.j.mail.example.com",
        "h.i.j.mail.example.com",
    ]


@pytest.mark.parametrize(
    ("records", "organisation", "policy"),
    [
        ({}, "a.mail.example.com", None),
        ({"example.com": "p=reject"}, "example.com", "reject"),
        ({"example.com": "p=reject; sp=none"}, "example.com", "none"),
        ({"a.mail.example.com": "p=none", "example.com": "p=reject"}, "example.com", "none"),
        ({"mail.example.com": "p=quarantine; psd=n", "example.com": "p=reject"}, "mail.example.com", "quarantine"),
        ({"com": "p=reject; psd=y"}, "example.com", "reject"),
        ({"com": "p=reject; psd=y", "example.com": "p=none"}, "example.com", "none"),
        ({"a.mail.example.com": "p=reject; psd=y", "example.com": "p=none"}, "a.mail.example.com", "reject"),
        ({"example.com": "p=reject; t=y"}, "example.com", "quarantine"),
        ({"example.com": "p=block"}, "example.com", None),
        ({"example.com": "p=block; rua=mailto:a@example.com"}, "example.com", "none"),
        ({"example.com": "p=reject; sp=block"}, "example.com", None),
    ],
)  # fmt: skip
def test_the_organisation_and_its_policy_are_found_by_walking_up(records, organisation, policy):
    text = "\n".join(f"_dmarc.{name} TXT v=DMARC1; {tags}" for name, tags in records.items())
    found = walk(asking(text), "a.mail.example.com")
    assert (found.organisation, found.policy) == (organisation, policy)


def test_a_star_of_a_policy_stands_for_one_label():
    assert is_named("mx.example.com", "*.example.com")
    assert not is_named("a.mx.example.com", "*.example.com")
    assert not is_named("example.com", "*.example.com")
    assert is_named("MX.example.com.", "mx.example.com")


def test_hosts_of_an_mx_come_in_their_order():
    ask = asking("a.example MX 20 b.example\na.example MX 5 c.example\na.example MX 10 d.example")
    assert hosts_of(ask, "a.example") == ["c.example", "d.example", "b.example"]


WORDS = st.sampled_from(
    "v=spf1 v=DMARC1; v=DKIM1; v=STSv1; v=TLSRPTv1; v=BIMI1; p= p=none p=reject; rua=mailto:a@b.example "
    "psd=y psd=n np=none sp=x adkim=s t=y k=rsa k=ed25519 l=https://a.example/a.svg a= id=1 "
    "include:news.example include:%{d}.x.example redirect=host.example a mx ptr ip4:1.2.3.4/8 ip6:::/0 "
    "exists:%{ir}.example -all +all ; : / // %{ %% = . \" ' \x00 \x1b ü \ud7ff mailto: , | !".split(
        " "
    )
)
TEXT = st.one_of(st.text(max_size=80), st.lists(WORDS, max_size=12).map(" ".join))
HOST = st.one_of(
    st.sampled_from(["news.example", "host.example", ".", "", "1.2.3.4"]), st.text(max_size=20)
)
ANSWER = st.one_of(
    st.builds(
        Answer,
        outcome=st.just("found"),
        values=st.lists(
            st.one_of(TEXT, HOST, HOST.map("10 {}".format)), min_size=1, max_size=4
        ).map(tuple),
        canonical=HOST,
    ),
    st.sampled_from([Answer(outcome=one, why="x") for one in ("empty", "no-name", "failed")]),
)
PAGE = st.builds(
    Fetched,
    status=st.sampled_from([0, 200, 404, 500]),
    url=st.sampled_from(["", "http://x.example/", "https://[x/"]) | st.text(max_size=10),
    body=st.binary(max_size=60),
    why=st.sampled_from(["", "no"]),
)


@settings(max_examples=30, deadline=None)
@given(st.lists(ANSWER, min_size=1, max_size=12), PAGE)
def test_no_answer_whatever_is_in_it_breaks_the_doctor(answers, page):
    asked = {}

    def ask(name, kind):
        return asked.setdefault((name, kind), answers[len(asked) % len(answers)])

    own = replace(SENDING, back="b@bounces.example")
    work = examinations(own, ask, lambda _: page, ServerAsked, NOW)
    found = concluded(own, ask, [one() for one in work.values()])
    assert len(asked) < 1500
    assert all(one.what.isprintable() and len(one.what) < 700 for one in found.findings)


@settings(max_examples=60, deadline=None)
@given(TEXT, st.binary(max_size=120))
def test_no_text_breaks_what_takes_records_apart(text, data):
    parsed(f"v=spf1 {text}")
    tags_of(text)
    policy_of(data)
    assert rsa_bits(data) is None or rsa_bits(data) >= 0
