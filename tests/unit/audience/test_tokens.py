"""Signed links: for one purpose, for ever, by whoever holds the key."""

from hypothesis import given
from hypothesis import strategies as st

from publisher.audience import (
    RETURNING,
    Keys,
    Signer,
    erased_key,
    is_returning,
    message_reader,
    reader_of,
    returning_reader,
)

KEYS = Keys({"1": b"a" * 32}, "1")


def test_a_token_names_the_reader_and_the_newsletter_it_was_made_for():
    signer = Signer(KEYS, "morning")
    assert reader_of(KEYS, "unsubscribe", signer.unsubscribe(77)) == (77, "morning")
    assert reader_of(KEYS, "preferences", signer.preferences(77)) == (77, "")


def test_a_token_serves_one_purpose():
    signer = Signer(KEYS, "morning")
    assert reader_of(KEYS, "preferences", signer.unsubscribe(77)) is None
    assert reader_of(KEYS, "unsubscribe", signer.preferences(77)) is None


def test_tokens_of_an_old_key_stay_valid_and_the_newest_signs():
    old = Signer(KEYS, "morning").unsubscribe(77)
    both = Keys({"1": b"a" * 32, "10": b"b" * 32}, "10")
    assert reader_of(both, "unsubscribe", old) == (77, "morning")
    assert Signer(both, "morning").unsubscribe(77).startswith("10.")
    assert reader_of(KEYS, "unsubscribe", Signer(both, "morning").unsubscribe(77)) is None


@given(st.integers(0, 2**62), st.integers(0, 60), st.characters(codec="ascii"))
def test_no_changed_token_is_taken(reader, place, character):
    token = Signer(KEYS, "morning").unsubscribe(reader)
    place %= len(token)
    forged = token[:place] + character + token[place + 1 :]
    if forged != token:
        assert reader_of(KEYS, "unsubscribe", forged) is None


@given(st.text(max_size=60))
def test_no_text_breaks_the_check(text):
    assert reader_of(KEYS, "unsubscribe", text) is None


def test_a_token_fits_into_any_address_and_mail_as_it_stands():
    token = Signer(KEYS, "morning-brief").unsubscribe(2**62 - 1)
    assert len(token) < 75
    assert set(token) <= set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_")


def test_what_is_left_of_an_erased_address_does_not_change_with_the_keys():
    both = Keys({"1": b"a" * 32, "2": b"b" * 32}, "2")
    assert erased_key(KEYS, "a@x.example") == erased_key(both, "a@x.example")
    assert "a@x" not in erased_key(KEYS, "a@x.example")


def test_secrets_are_in_no_repr():
    assert "aaaa" not in repr(KEYS)


@given(st.integers(0, 2**62 - 1), st.sampled_from(["morning@2026-11-24T0700", "w@2026-01-01T0000"]))
def test_a_return_path_names_its_delivery_whatever_a_server_does_to_its_case(reader, edition):
    token = Signer(KEYS, "morning").returning(edition, reader)
    assert len(token) == RETURNING
    assert token == token.lower()
    for seen in (token, token.upper(), token.title()):
        assert returning_reader(seen) == reader
        assert is_returning(KEYS, seen, edition, reader)
    assert not is_returning(KEYS, token, edition + "x", reader)
    assert not is_returning(KEYS, token, edition, reader ^ 1)


@given(st.integers(0, RETURNING - 1), st.sampled_from("abcdefghijklmnopqrstuvwxyz234567"))
def test_no_changed_return_path_is_taken(place, sign):
    token = Signer(KEYS, "morning").returning("morning@2026-11-24T0700", 77)
    forged = token[:place] + sign + token[place + 1 :]
    reader = returning_reader(forged)
    if forged != token and reader is not None:
        assert not is_returning(KEYS, forged, "morning@2026-11-24T0700", reader)


@given(st.text(max_size=40) | st.text("abcdefghijklmnopqrstuvwxyz234567", min_size=29, max_size=29))
def test_what_is_no_token_names_nobody_that_a_ledger_could_not_hold(text):
    reader = returning_reader(text)
    assert reader is None or 0 <= reader < 2**63
    assert not is_returning(KEYS, text, "morning@2026-11-24T0700", reader or 0)


def test_return_paths_and_message_ids_stay_the_same_when_the_keys_change():
    both = Keys({"1": b"a" * 32, "2": b"b" * 32}, "2")
    edition = "morning@2026-11-24T0700"
    token = Signer(KEYS, "morning").returning(edition, 77)
    assert Signer(both, "morning").returning(edition, 77) == token
    message = Signer(KEYS, "morning").message(edition, 77)
    assert message_reader(both, message, edition, [5, 77, 78]) == 77
    assert message_reader(both, message, edition, [5, 78]) is None
    for other in (message.swapcase(), message[:-1], message + "A", "ü" * 22, ""):
        assert message_reader(both, other, edition, [77]) is None
    assert message not in token
