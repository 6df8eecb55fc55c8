"""Where a request comes from, whatever the web server in front writes of it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from publisher.web.clients import Proxies, address_of


def network(peer, *forwarded, named=()):
    return Proxies(named).client(peer, forwarded).network


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ("198.51.100.7", "198.51.100.7"),
        ("198.51.100.7:51000", "198.51.100.7"),  # Azure
        ("::ffff:198.51.100.7", "198.51.100.7"),  # nginx that listens on [::]
        ("[::ffff:198.51.100.7]:443", "198.51.100.7"),
        ("::ffff:c633:6407", "198.51.100.7"),
        ("64:ff9b::c633:6407", "198.51.100.7"),
        ("64:ff9b::198.51.100.7", "198.51.100.7"),
        ("64:ff9b:1::c633:6407", "198.51.100.7"),
        ("64:ff9b:1:c633:0:6407::", "64:ff9b:1:c633:0:6407::"),  # where it is, is local
        ("::ffff:0:198.51.100.7", "198.51.100.7"),
        ("::198.51.100.7", "198.51.100.7"),
        ("2002:c633:6407::1", "198.51.100.7"),  # 6to4
        ("2001:0:4136:e378:8000:63bf:39cc:9bf8", "198.51.100.7"),  # Teredo
        ("::1", "::1"),
        ("198.51.100.7:", "198.51.100.7"),
        ("2001:db8::5", "2001:db8::5"),
        ("[2001:db8::5]", "2001:db8::5"),
        ("[2001:db8::5]:443", "2001:db8::5"),
        ("2001:DB8::5", "2001:db8::5"),
        ("fe80::1%eth0", "fe80::1"),
        ("[fe80::1%eth0]:80", "fe80::1"),
        ('"[2001:db8::5]:443"', "2001:db8::5"),  # RFC 7239 §6 quotes it
        (" 198.51.100.7 ", "198.51.100.7"),
    ],
)
def test_an_address_is_read_however_it_is_written(said, found):
    assert str(address_of(said)) == found


@pytest.mark.parametrize(
    "said",
    [
        "",
        "unknown",
        "_hidden",
        "198.51.100",
        "[]:80",
        "[x]",
        "1.2.3.4:x",
        "1:2",
        "999.1.1.1",
        "٣.1.1.1",
    ],
)
def test_what_is_no_address_is_none(said):
    assert address_of(said) is None


@pytest.mark.parametrize(
    ("peer", "forwarded", "expected"),
    [
        ("198.51.100.7", [], "198.51.100.0/24"),
        ("198.51.100.7", ["192.0.2.1"], "198.51.100.0/24"),  # nobody else is believed
        ("127.0.0.1", [], "127.0.0.0/24"),
        ("127.0.0.1", ["192.0.2.1"], "192.0.2.0/24"),
        ("::1", ["192.0.2.1"], "192.0.2.0/24"),
        ("::ffff:127.0.0.1", ["192.0.2.1"], "192.0.2.0/24"),
        ("127.0.0.1", ["203.0.113.1, 192.0.2.1"], "192.0.2.0/24"),  # the last is our server's word
        ("127.0.0.1", ["203.0.113.1", "192.0.2.1"], "192.0.2.0/24"),
        ("127.0.0.1", ["203.0.113.1, 192.0.2.1, 127.0.0.1"], "192.0.2.0/24"),  # two servers here
        ("127.0.0.1", ["2001:db8:1:2:3:4:5:6"], "2001:db8:1:2::/64"),
    ],
)
def test_the_last_word_that_none_of_our_servers_wrote_of_another_counts(peer, forwarded, expected):
    assert network(peer, *forwarded) == expected


def test_a_server_in_front_that_is_named_is_believed_wherever_it_is():
    named = ["172.18.0.0/16", "2001:db8::9"]
    assert network("172.18.0.5", "192.0.2.1", named=named) == "192.0.2.0/24"
    assert network("2001:db8::9", "192.0.2.1", named=named) == "192.0.2.0/24"
    assert network("172.18.0.5", "192.0.2.1, 172.18.9.9", named=named) == "192.0.2.0/24"
    assert network("172.19.0.5", "192.0.2.1", named=named) == "172.19.0.0/24"


def test_what_cannot_be_read_is_not_one_network():
    assert len({network("127.0.0.1", one) for one in ("unknown", "_a", "_b", "x" * 500)}) == 4
    assert len(network("127.0.0.1", "x" * 5000)) < 200


def test_a_line_is_an_address_or_a_64_of_ipv6():
    line = lambda peer: Proxies().client(peer, ()).line  # noqa: E731
    assert line("198.51.100.7") == "198.51.100.7/32"
    assert line("2001:db8:1:2:3:4:5:6") == "2001:db8:1:2::/64"


@pytest.mark.parametrize("wrong", ["x", "300.1.1.1", "10.0.0.0/64", ""])
def test_a_server_in_front_must_be_an_address(wrong):
    with pytest.raises(ValueError, match=r".*"):
        Proxies([wrong])


@given(st.text(max_size=60), st.lists(st.text(max_size=60), max_size=3))
def test_whatever_is_said_there_is_a_network(peer, forwarded):
    for one in (peer, "127.0.0.1"):
        client = Proxies().client(one, forwarded)
        assert client.network or client.said
        assert client.line
