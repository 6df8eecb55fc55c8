"""What each event of a provider means, by its documentation."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.unit.returns.webhooks.calls import AT, MESSAGE, read, sns, with_secret
from tests.unit.returns.webhooks.events import EVENTS, NO_SUCH, postmark_bounce, ses_bounce


@pytest.mark.parametrize(
    "name, one, what", EVENTS, ids=[f"{n}-{i}-{w}" for i, (n, _, w) in enumerate(EVENTS)]
)
def test_an_event_means_what_its_documentation_says(name, one, what):
    found = read(name, one)
    if what is None:
        assert found == ()
        return
    (told,) = found
    assert (told.provider, told.returned.what) == (name, what)
    assert told.returned.recipient == "ana@x.example"
    assert told.returned.message_id == MESSAGE
    assert told.id
    assert AT - timedelta(minutes=10) < told.at <= AT
    assert read(name, one) == found  # the same when it is told again, the id above all


def test_what_the_server_said_goes_along_with_its_status():
    (told,) = read("postmark", with_secret(postmark_bounce("HardBounce", NO_SUCH)))
    assert told.returned.status == "5.1.1"
    assert told.returned.words == NO_SUCH
    assert told.id == "bounce 42"
    assert told.at == datetime(2026, 11, 24, 7, 1, 2, 273539, UTC)


def test_a_message_id_is_found_in_the_headers_that_amazon_repeats():
    event = ses_bounce("Permanent", "NoEmail")
    event["mail"] = {"headers": [{"name": "Message-ID", "value": f"<{MESSAGE}>"}]}
    event["notificationType"] = event.pop("eventType")
    (told,) = read("ses", sns(event))
    assert told.returned.message_id == MESSAGE
