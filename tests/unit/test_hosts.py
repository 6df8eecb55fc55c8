"""Names of hosts have one form: IDNA 2008, as browsers and registries mean them."""

import idna
import pytest
from email_validator import EmailNotValidError, validate_email
from hypothesis import given
from hypothesis import strategies as st

from publisher.hosts import ascii_address, ascii_host, ascii_url, with_ascii_host


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("News.Example", "news.example"),
        ("straße.example", "xn--strae-oqa.example"),  # IDNA 2003 has strasse.example
        ("βόλος.example", "xn--nxasmm1c.example"),
        ("ΒΌΛΟΣ.example", "xn--nxasmq6b.example"),  # a capital sigma is no final one
        ("نامه\u200cای.example", "xn--mgba3gch31f060k.example"),
        ("Bücher。example", "xn--bcher-kva.example"),
        ("ﬁnn.example", "finn.example"),
        ("XN--BCHER-KVA.example", "xn--bcher-kva.example"),
        ("xn--i-7iq.example", "xn--i-7iq.example"),  # an emoji, as some registries sold them
        ("r3---sn.example", "r3---sn.example"),
        ("my_site.example.", "my_site.example"),
        ("192.0.2.7", "192.0.2.7"),
        ("2001:DB8:0::5", "2001:db8::5"),
        ("localhost", "localhost"),
    ],
)
def test_a_name_has_one_form(name, wanted):
    assert ascii_host(name) == wanted
    assert ascii_host(wanted) == wanted


@pytest.mark.parametrize(
    "name",
    ["", ".", "a..b", "-a.example", "a-.example", "a b", "a\nb", "i❤.example", "a\u200db.example",
     "xn--a.example", "xn--", "xn--strasse-.example", "a/b", "a@b", "x" * 64, "ab." * 90, "[::1]",
     "xn--e1afmkfd\u0301.example", "1.2:3"],
)  # fmt: skip
def test_what_is_no_name_is_refused(name):
    with pytest.raises(ValueError):
        ascii_host(name)


@pytest.mark.parametrize(
    ("url", "host_alone", "whole"),
    [
        (
            "https://Straße.Example/größe?ü=1#a",
            "https://xn--strae-oqa.example/größe?ü=1#a",
            "https://xn--strae-oqa.example/gr%C3%B6%C3%9Fe?%C3%BC=1",
        ),
        ("https://b%C3%BCcher.example:8443/", "https://xn--bcher-kva.example:8443/", None),
        ("https://ΒΌΛΟΣ.example", "https://xn--nxasmq6b.example", None),
        ("http://[2001:DB8::0]:80/", "http://[2001:db8::]:80/", None),
        ("https://ana@News.Example/", "https://ana@news.example/", "https://news.example/"),
    ],
)
def test_an_address_of_the_web_has_its_host_in_ascii(url, host_alone, whole):
    assert with_ascii_host(url) == host_alone
    assert ascii_url(url) == (whole or host_alone)


@pytest.mark.parametrize("url", ["https://", "https:///x", "https://a..b/", "https://x:99999/"])
def test_an_address_without_a_host_is_refused(url):
    with pytest.raises(ValueError):
        ascii_url(url)


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://news.example/", "https://news.example/"),
        ("https://news.example/ä ö", "https://news.example/%C3%A4%20%C3%B6"),
        ("https://news.example/%C3%A4", "https://news.example/%C3%A4"),
        ("https://news.example:8080/a?b=c d", "https://news.example:8080/a?b=c%20d"),
        ("https://bücher.example/", "https://xn--bcher-kva.example/"),
    ],
)
def test_an_address_is_ascii_once_and_not_twice(url, expected):
    assert ascii_url(url) == expected
    assert ascii_url(expected) == expected


def test_a_mail_address_keeps_what_stands_before_the_at():
    assert ascii_address("Größe@Bücher.Example") == "Größe@xn--bcher-kva.example"


@given(st.text(max_size=30))
def test_any_text_is_a_name_in_ascii_or_refused(text):
    try:
        name = ascii_host(text)
    except ValueError:
        return
    assert name.isascii()
    assert name == name.lower()
    assert ascii_host(name) == name


@given(
    st.lists(
        st.text("abßöσς\u200cあ漢яe\u0301-1", min_size=1, max_size=8), min_size=2, max_size=3
    ).map(".".join)
)
def test_the_packages_that_know_the_standard_agree(name):
    try:
        wanted = idna.encode(name, uts46=True).decode()
        validate_email(f"a@{name}", check_deliverability=False, test_environment=True)
    except (idna.IDNAError, EmailNotValidError):
        return
    assert ascii_host(name) == wanted
