"""What a sender must have: each rule, broken alone."""

import pytest

from publisher.audience import RETURNING
from publisher.errors import ConfigError, Held
from publisher.model import DeliverySettings, DkimSettings, Postal, Publication
from publisher.pipeline.sender import (
    ALIGNMENT,
    alignment_problems,
    check_sender,
    return_path,
    returning_path,
    sender_problems,
)

GOOD = {
    "title": "T",
    "base_url": "https://paper.example/",
    "sender": "news@paper.example",
    "postal": Postal(street="1 High Street", city="Bayside"),
}


def own(**keys):
    return Publication(**{**GOOD, **keys})


def test_a_sender_that_has_all_is_silent():
    assert sender_problems(own()) == []
    check_sender(own())


@pytest.mark.parametrize(
    ("keys", "what"),
    [
        ({"sender": ""}, "there is no sender"),
        ({"postal": Postal()}, "there is no postal address"),
        ({"base_url": "http://paper.example/"}, "the links of mails do not lead to https"),
    ],
)
def test_what_bulk_mail_must_have_is_warned_of_and_held(keys, what):
    assert [problem.what for problem in sender_problems(own(**keys))] == [what]
    with pytest.raises(Held, match=what):
        check_sender(own(**keys))


def test_the_host_that_init_wrote_is_warned_of_only():
    found = own(base_url="https://news.example/")
    assert len(sender_problems(found)) == 1
    check_sender(found)


@pytest.mark.parametrize("key", ["reply_to", "return_path", "unsubscribe"])
def test_an_address_that_a_header_cannot_hold_is_named_by_its_key(key):
    with pytest.raises(ConfigError, match=f"delivery.{key}"):
        check_sender(own(delivery=DeliverySettings(**{key: "not an address"})))
    with pytest.raises(ConfigError, match=f"delivery.{key} must be ASCII before the @"):
        check_sender(own(delivery=DeliverySettings(**{key: "jürgen@paper.example"})))


def test_the_return_path_is_the_senders_unless_it_has_its_own():
    assert return_path(own()) == "news@paper.example"
    bounces = own(delivery=DeliverySettings(return_path="bounces@paper.example"))
    assert return_path(bounces) == "bounces@paper.example"


def test_a_return_path_that_names_deliveries_must_have_room_for_a_token():
    most = DeliverySettings(return_path=f"{'b' * 34}@paper.example", verp=True)
    check_sender(own(delivery=most))
    path = returning_path(own(delivery=most), "t" * RETURNING)
    assert path == f"{'b' * 34}+{'t' * RETURNING}@paper.example"
    assert len(path.rpartition("@")[0]) == 64
    longer = DeliverySettings(return_path=f"{'b' * 35}@paper.example", verp=True)
    with pytest.raises(ConfigError, match=r"delivery.return_path is too long for delivery\.verp"):
        check_sender(own(delivery=longer))


def test_another_separator_is_what_some_mail_servers_take():
    dashed = DeliverySettings(return_path="bounces@paper.example", verp=True, verp_separator="-")
    assert returning_path(own(delivery=dashed), "abc") == "bounces-abc@paper.example"


@pytest.mark.parametrize(
    ("domain", "is_aligned"),
    [
        ("", True),
        ("paper.example", True),
        ("mail.paper.example", True),
        ("other.example", False),
        ("newspaper.example", False),
        ("mail.paper.example.evil.example", False),
    ],
)
def test_a_domain_that_signs_should_be_of_the_senders_organisation(domain, is_aligned):
    problems = alignment_problems(own(dkim=DkimSettings(domain=domain)))
    assert [one.what for one in problems] == ([] if is_aligned else [ALIGNMENT.what])
    check_sender(own(dkim=DkimSettings(domain=domain)))  # a warning alone


@pytest.mark.parametrize("signing", ["paper.example", "lists.paper.example"])
def test_a_domain_above_the_senders_or_beside_it_signs_for_it(signing):
    keys = {"sender": "news@mail.paper.example", "dkim": DkimSettings(domain=signing)}
    assert alignment_problems(own(**keys)) == []
