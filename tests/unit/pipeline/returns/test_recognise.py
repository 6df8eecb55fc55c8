"""Whom a message that came back is about: by what only a message of ours can have told."""

import itertools
from datetime import UTC, datetime, timedelta

import pytest

from publisher.audience import Keys, Signer, address
from publisher.ledger import EditionRecord, Ledger, SendRecord
from publisher.model import Candidate, Returned
from publisher.pipeline.returns import recognise
from publisher.pipeline.returns.recognise import Recogniser
from publisher.pipeline.sends.messages import stem_of

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
FIRST, SECOND = "morning@2026-11-24T0700", "morning@2026-11-25T0700"
OTHER = "weekly@2026-11-24T0700"


class Sent:
    """A ledger in memory with readers who were sent two editions of one newsletter."""

    def __init__(self):
        self.ledger = Ledger(None)
        secrets, newest = self.ledger.readers.secrets(NOON)
        self.keys = Keys(secrets, newest)
        self.signer = Signer(self.keys, "morning")
        names = ["ana@x.example", "ben@y.example", "jürgen@x.example"]
        candidates = [Candidate(address=address(name)) for name in names]
        self.ledger.readers.join(
            candidates, ["morning"], now=NOON, how="", source="",
            erased={one.address.key: f"erased:{one.address.key}" for one in candidates},
        )  # fmt: skip
        self.ana, self.ben, self.jurgen = (self.ledger.readers.find(name).id for name in names)
        for edition in (FIRST, SECOND):
            self.freeze(edition)

    def freeze(self, edition):
        name, _, slot = edition.partition("@")
        self.ledger.editions.record(
            EditionRecord(
                id=edition, newsletter=name, slot=slot, instant=NOON, state="built", recorded=NOON
            )
        )
        send = SendRecord(
            edition=edition, newsletter=name, state="sending", seal="s", lane=1, readers=0,
            frozen=NOON, start=NOON, expires=NOON + timedelta(days=1),
        )  # fmt: skip
        self.ledger.sends.freeze(send, None)

    def path(self, reader, edition=FIRST):
        return f"bounces+{self.signer.returning(edition, reader)}@news.example"

    def message_id(self, reader, edition=FIRST):
        return f"{stem_of(edition)}.{self.signer.message(edition, reader)}@news.example"

    def found(self, *addressed, **said):
        one = Returned(**{"what": "dead", **said})
        got = Recogniser(self.ledger, self.keys, addressed).recognise(one)
        return got.proof, got.number, got.edition, got.newsletter


NOBODY = ("", None, "", "")


@pytest.fixture(scope="module")
def sent():
    made = Sent()
    yield made
    made.ledger.close()


def test_a_signed_return_path_names_reader_and_edition_wherever_it_stands(sent):
    path = sent.path(sent.ana, SECOND)
    wanted = ("return path", sent.ana, SECOND, "morning")
    headers = f"From: x@y.example\nDelivered-To: {path.upper()}\nSubject: failed"
    for addressed in ([path], [path.upper()], ["", headers], [f"for <{path}>; Tue"]):
        assert sent.found(*addressed) == wanted
    dashed = path.replace("bounces+", "returned-")  # another separator, then another name
    assert sent.found(dashed) == wanted


def test_a_return_path_of_no_delivery_proves_nothing(sent):
    path = sent.path(sent.ana)
    token = path.partition("+")[2].partition("@")[0]
    forged = [
        path.replace(token, token[:-1] + ("a" if token[-1] != "a" else "b")),
        sent.path(sent.ana, "morning@2026-11-26T0700"),  # signed, and never sent
        sent.path(sent.ana, OTHER),
        sent.path(2**62 - 5),
        path.replace(token, "a" + token),
        path.replace(token, "7" * len(token)),
    ]
    assert [sent.found(one) for one in forged] == [NOBODY] * len(forged)


def test_a_message_id_of_ours_proves_it_for_the_reader_it_was_made_for(sent):
    own = sent.message_id(sent.ben, SECOND)
    wanted = ("message-id", sent.ben, SECOND, "morning")
    for recipient in ("ben@y.example", "BEN@Y.example", "", "forwarded@z.example", "no address",
                      "ana@x.example"):  # fmt: skip
        assert sent.found(recipient=recipient, message_id=own) == wanted
    assert sent.found(recipient="ben@y.example", message_id=f"<{own}>") == wanted
    bad = [own.swapcase(), "x" + own, own.replace("25t", "24t"), "", "@", own.partition(".")[0],
           own.replace(".", "", 1)]  # fmt: skip
    assert {sent.found(recipient="ben@y.example", message_id=one) for one in bad} == {NOBODY}


def test_an_address_alone_proves_nothing(sent):
    assert sent.found("bounces@news.example", recipient="ana@x.example") == NOBODY


def test_a_token_names_the_newsletter_and_with_a_message_id_the_edition(sent):
    token = sent.signer.unsubscribe(sent.ana)
    assert sent.found(token=token) == ("token", sent.ana, "", "morning")
    both = sent.found(token=token, message_id=sent.message_id(sent.ana, SECOND))
    assert both == ("token", sent.ana, SECOND, "morning")
    other = sent.found(token=token, message_id=sent.message_id(sent.ben, SECOND))
    assert other == ("token", sent.ana, "", "morning")
    assert sent.found(token=sent.signer.preferences(sent.ana)) == NOBODY
    assert sent.found(token=token[:-1] + "-") == NOBODY


def test_the_return_path_goes_before_what_a_message_holds_but_for_a_wish_to_leave(sent):
    token, path = sent.signer.unsubscribe(sent.ben), sent.path(sent.ana)
    assert sent.found(path, token=token)[:2] == ("return path", sent.ana)
    assert sent.found(path, token=token, what="unsubscribe")[:2] == ("token", sent.ben)
    assert sent.found(path, what="unsubscribe")[:2] == ("return path", sent.ana)


def test_a_local_part_that_is_not_ascii_is_found_by_its_reader(sent):
    own = sent.message_id(sent.jurgen)
    assert sent.found(recipient="jürgen@x.example", message_id=own)[1] == sent.jurgen


def test_a_reader_is_looked_for_among_so_many_and_no_more(sent, monkeypatch):
    monkeypatch.setattr(recognise, "_PAGE", 1)
    assert sent.found(message_id=sent.message_id(max(sent.ana, sent.ben, sent.jurgen)))[0]
    monkeypatch.setattr(recognise, "_LONGEST", 2)
    assert sent.found(message_id=sent.message_id(max(sent.ana, sent.ben, sent.jurgen))) == NOBODY
    assert sent.found(message_id=sent.message_id(min(sent.ana, sent.ben, sent.jurgen)))[0]


def test_of_many_tokens_in_one_message_some_are_looked_at(sent):
    others = " ".join(sent.path(number) for number in range(50))
    assert sent.found(f"{sent.path(sent.ana)} {others}")[1] == sent.ana
    assert sent.found(f"{others} {sent.path(sent.ana)}") == NOBODY


def test_an_erased_reader_is_known_to_have_been_one(sent):
    made = Sent()
    made.ledger.readers.erase("ana@x.example", "erased:1", NOON)
    for proof in ([made.path(made.ana)], []):
        got = Recogniser(made.ledger, made.keys, proof).recognise(
            Returned(what="complaint", token=made.signer.unsubscribe(made.ana))
        )
        assert (got.number, got.reader) == (made.ana, None)
    made.ledger.close()


def test_no_reader_has_the_proof_of_another(sent):
    for one, other in itertools.permutations((sent.ana, sent.ben, sent.jurgen), 2):
        assert sent.path(one) != sent.path(other)
        assert sent.found(sent.path(one))[1] == one
