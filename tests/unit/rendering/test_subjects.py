"""Another subject in a mail that is sealed: in its header and its title, and nowhere else."""

from datetime import UTC, datetime
from email import message_from_bytes, policy

import pytest
from hypothesis import given
from hypothesis import strategies as st

from publisher.delivery.message import Headers, Messages
from publisher.model import Recipient, Rendition, Slotted, SlotText
from publisher.rendering import grouped_links, retitled

PREFIX = "https://x.example/to/morning@2026-11-24T0700"
HTML = f'<html><head><title>Old &amp; gold</title></head><a href="{PREFIX}/7">Old</a>'
SLOT = SlotText("name", "html", "reader")
RENDITION = Rendition(
    subject=Slotted(("Old & gold",)),
    preheader=Slotted(("before",)),
    html=Slotted((HTML, SLOT, f'<a href="{PREFIX}/12">')),
    text=Slotted(("Old",)),
)
READER = Recipient(
    reader=1,
    address="ana@x.example",
    domain="x.example",
    message_id="m@x.example",
    values={"unsubscribe_url": "https://x.example/unsubscribe/t"},
)


def message(rendition):
    heading = Headers(
        sender="letter@x.example",
        sender_name="Letter",
        date=datetime(2026, 11, 24, tzinfo=UTC),
        language="en",
    )
    return message_from_bytes(Messages(rendition, heading).message(READER), policy=policy.default)


def test_the_title_says_what_the_subject_says_and_the_rest_stays():
    found = retitled(RENDITION, r"New \1 <b> & bold")
    assert found.subject.filled() == r"New \1 <b> & bold"
    assert found.html.pieces[0] == HTML.replace("Old &amp; gold", r"New \1 &lt;b&gt; &amp; bold")
    assert found.html.pieces[1:] == RENDITION.html.pieces[1:]
    assert (found.preheader, found.text) == (RENDITION.preheader, RENDITION.text)


def test_mails_without_a_title_have_another_subject_as_well():
    bare = Rendition(
        subject=RENDITION.subject,
        preheader=RENDITION.preheader,
        html=Slotted((SLOT, "<p>Old")),
        text=RENDITION.text,
    )
    assert retitled(bare, "New").html == bare.html


@pytest.mark.parametrize(
    "subject",
    [
        "New\r\nBcc: eve@evil.example",
        "New\x00\u2028Bcc: eve@evil.example",
        "  Brücke =?x?=  offen ",
    ],
)
def test_a_subject_adds_no_header(subject):
    found = message(retitled(RENDITION, subject))
    assert found["Bcc"] is None
    assert found["Subject"] == " ".join(subject.replace("\x00", " ").split())


@given(st.text(max_size=200))
def test_whatever_a_subject_holds_a_message_has_one_of_them_and_its_parts(subject):
    found = message(retitled(RENDITION, subject))
    assert len(found.get_all("Subject")) == 1 and found["Bcc"] is None
    assert [part.get_content_type() for part in found.iter_parts()] == ["text/plain", "text/html"]


def test_counted_links_say_of_which_group_they_are():
    found = grouped_links(RENDITION, PREFIX, "B")
    assert f'href="{PREFIX}/7b"' in found.html.pieces[0]
    assert found.html.pieces[2] == f'<a href="{PREFIX}/12b">'
    assert grouped_links(RENDITION, "https://other.example", "A") == RENDITION
