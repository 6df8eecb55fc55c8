"""Which texts are addresses, and how two spellings are one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from publisher.audience import address
from publisher.errors import AddressError


@pytest.mark.parametrize(
    ("text", "wanted", "key", "utf8"),
    [
        ("Bob@X.Example", "Bob@x.example", "bob@x.example", False),
        (" bob@x.example\u00a0", "bob@x.example", "bob@x.example", False),
        ("bob@Bücher.example", "bob@xn--bcher-kva.example", "bob@xn--bcher-kva.example", False),
        (
            "müller@bücher.example",
            "müller@xn--bcher-kva.example",
            "müller@xn--bcher-kva.example",
            True,
        ),
        ("用户@例子.example", "用户@xn--fsqu00a.example", "用户@xn--fsqu00a.example", True),
        ("o'neil+news=x@x.example", "o'neil+news=x@x.example", "o'neil+news=x@x.example", False),
    ],
)
def test_an_address_is_kept_as_an_envelope_needs_it(text, wanted, key, utf8):
    found = address(text)
    assert (found.text, found.key, found.utf8) == (wanted, key, utf8)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "bob",
        "bob@",
        "@x.example",
        "a b@x.example",
        '"a b"@x.example',
        "a@[127.0.0.1]",
        "x@y.z> NOTIFY=NEVER",
        "a@x.example\r\nRCPT TO:<z@x.example>",
        "<a@x.example>",
        "a@x.example,b@x.example",
        "a..b@x.example",
        "a@-x.example",
        "a@x.example\0",
        "x" * 70 + "@x.example",
        "a@" + "x" * 300 + ".example",
    ],
)
def test_what_is_no_address_is_refused_with_the_reason(text):
    with pytest.raises(AddressError, match="is no address"):
        address(text)


@given(st.text(max_size=80))
def test_no_address_can_carry_an_injection(text):
    try:
        found = address(text)
    except AddressError:
        return
    assert not set(found.text) & set('\r\n\0<> \t,;:"\\')
    assert found.text.count("@") == 1
    assert found.domain.isascii()
