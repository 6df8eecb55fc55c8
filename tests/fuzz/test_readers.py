"""Lists of readers: whatever a file holds, its rows are read or named, and nobody is guessed."""

import tempfile
from pathlib import Path

import pytest
from hypothesis import given

from tests.fuzz.spoilt import examples, joined, spoilt
from tests.site import AT, Site

pytestmark = pytest.mark.slow

MAILCHIMP = (
    '"Email Address","First Name","Last Name",MEMBER_RATING,OPTIN_TIME,OPTIN_IP,TAGS\n'
    'ana@x.example,Ana,"O\'Neil, Dr.",2,"2024-03-04 10:00:00",203.0.113.7,"""a"",""b"""\n'
    'ben@x.example,Ben,"Two\nlines",2,2024-03-05 11:00:00,,\n'
)
GHOST = (
    "id,email,name,note,subscribed_to_emails,complimentary_plan,created_at,deleted_at,labels\n"
    "1,ana@x.example,Ana,,true,false,2024-03-04T10:00:00.000Z,,vip\n"
    "2,bo@x.example,Bo,,false,false,2024-03-04T10:00:00.000Z,2024-05-05T10:00:00.000Z,\n"
)
LINES = (
    '{"email": "ana@x.example", "status": "enabled", "attributes": {"town": "Köln"}}\n'
    '{"email": "ben@x.example", "status": "blocklisted", "created_at": "2024-03-04"}\n'
)
SEEDS = [
    *(text.encode() for text in (MAILCHIMP, GHOST, LINES)),
    MAILCHIMP.replace(",", ";").encode("utf-8-sig"),
    GHOST.replace(",", "\t").encode("utf-16"),
    "email,name\nana@x.example,Jürgen\n".encode("cp1252"),
]
PIECES = [
    b'"', b'""', b",", b";", b"\t", b"\n", b"\r", b"\0", b"\xff", b"\xef\xbb\xbf", b"{", b"}", b"[",
    b"null", b"NaN", b"1e999", b"0000-00-00", b"\\N", b"9999-99-99", b"03.04.2024", b"unsubscribed",
    b"bounced", b"status,", b"email,", b"@", b"a@b@c", b"a@[::1]", "ü@ß.example".encode(),
    b"=cmd|'/c calc'!A0", b"\x1b[2J", b"<script>", b"a" * 300 + b"@x.example", b"\r\nBcc: x@y.example",
]  # fmt: skip


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    return Site(tmp_path_factory.mktemp("fuzz") / "site")


@examples(40)
@given(spoilt(SEEDS, PIECES) | joined([one.decode("latin-1") for one in PIECES]))
def test_any_list_is_read_or_named(site, data):
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "list.csv"
        path.write_bytes(data)
        for words in (("-n",), ()):
            result = site.run("subscribers", "import", str(path), *words, "--at", AT)
            assert result.code in (0, 1, 2)
            assert result.code == 0 or result.err or result.out
            assert not set(result.out + result.err) & set("\0\x1b\r")
    listed = site.run("subscribers", "list", "--json")
    assert listed.code == 0
    assert not set("".join(one["address"] for one in listed.json)) & set("\0\x1b\r\n <>")
