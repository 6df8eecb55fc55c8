"""What came back, in the ledger: recorded once, with all that follows in the same transaction."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from msgspec.structs import replace

from publisher.audience import address
from publisher.ledger import EditionRecord, Limits, Mark, ReturnRecord, SendRecord, tables
from publisher.model import Candidate, Sign
from publisher.pipeline.returns.decide import decide, judged

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
EDITION = "morning@2026-11-24T0700"
BREAKER = 5


class Desk:
    """A ledger with readers who were sent an edition, and what came back of it."""

    def __init__(self, ledger):
        self.ledger, self.returns, self.serial = ledger, ledger.returns, 0

    def join(self, *names, domain="x.example"):
        candidates = [Candidate(address=address(f"{name}@{domain}")) for name in names]
        erased = {one.address.key: "erased:" + one.address.key for one in candidates}
        self.ledger.readers.join(
            candidates, ["morning"], now=NOON, how="", source="", erased=erased
        )
        return [self.reader(f"{name}@{domain}").id for name in names]

    def reader(self, name):
        return self.ledger.readers.find(name)

    def send(self, edition=EDITION, now=NOON):
        name, _, slot = edition.partition("@")
        self.ledger.editions.record(
            EditionRecord(
                id=edition, newsletter=name, slot=slot, instant=now, state="built", recorded=now
            )
        )
        send = SendRecord(
            edition=edition, newsletter=name, state="sending", seal="s", lane=1, readers=0,
            frozen=now, start=now, expires=now + timedelta(hours=24),
        )  # fmt: skip
        self.ledger.sends.freeze(send, None)

    def accept(self, now=NOON, **refused):
        """Send what waits; `refused` says how, by the name of a reader."""
        lease = timedelta(minutes=5)
        chunk = self.ledger.queue.claim("w", now, 100, lease, Limits())
        marks = []
        for one in chunk.deliveries:
            about = refused.get(one.address.partition("@")[0], "")
            state = "bounced" if about else "accepted"
            common = {"claim": chunk.claim, "edition": chunk.edition, "reader": one.reader}
            marks.append(Mark(**common, state="sending", at=now))
            marks.append(Mark(**common, state=state, at=now, about=about, reply=about))
        for mark in marks:
            self.ledger.queue.mark([mark], lease)
        self.ledger.queue.finish(chunk.claim, now)

    def arrived(self, reader, what="dead", days=0.0, **keys):
        self.serial += 1
        given = {
            "digest": f"d{self.serial}", "part": 0, "mark": None, "way": "pipe",
            "proof": "return path", "edition": EDITION, "domain": "x.example",
            "words": "no such user", "status": "5.1.1",
        }  # fmt: skip
        return ReturnRecord(
            **{**given, "reader": reader, "what": what, "at": NOON + timedelta(days=days), **keys}
        )

    def take(self, *found, breaker=BREAKER):
        now = max(one.at for one in found)
        taken = self.returns.take(found, lambda evidence: decide(evidence, breaker), now)
        return [one.followed for one in taken]

    def back(self, reader, what="dead", days=0.0, breaker=BREAKER, **keys):
        (followed,) = self.take(self.arrived(reader, what, days, **keys), breaker=breaker)
        return followed


@pytest.fixture
def desk(ledger):
    return Desk(ledger)


def test_two_dead_ones_three_days_apart_suppress_with_the_words_of_the_server(desk):
    (ana,) = desk.join("ana")
    assert desk.back(ana) == "counted"
    assert desk.back(ana, days=2.9) == "counted"
    assert desk.reader("ana@x.example").suppression is None
    assert desk.back(ana, days=3) == "suppressed"
    why = desk.reader("ana@x.example").suppression
    assert (why.reason, why.detail) == ("bounced", "5.1.1 no such user")
    assert desk.back(ana, days=9) == "counted"


def test_the_same_message_is_recorded_once_by_its_digest_or_its_mark(desk):
    (ana,) = desk.join("ana")
    first = desk.arrived(ana, mark="m@mx.example")
    assert desk.take(first) == ["counted"]
    assert desk.take(replace(first, way="imap")) == []
    assert desk.take(replace(first, digest="other headers")) == []
    assert desk.take(replace(first, digest="another", mark="n@mx.example")) == ["counted"]
    # A server that gives all of them one id still says of whom each one is.
    other = replace(first, digest="third", edition="morning@2026-11-25T0700")
    assert desk.take(other) == ["counted"]
    assert [one.digest for one in desk.returns.listed()] == ["d1", "another", "third"]
    assert desk.returns.known("d1")[0] == replace(first, id=desk.returns.listed()[0].id)


def test_several_that_record_the_same_at_once_record_it_once(desk):
    readers = desk.join("ana", "ben", "cas")
    found = [desk.arrived(reader, "complaint", mark=f"m{reader}") for reader in readers]
    again = [replace(one, digest=f"other {one.digest}") for one in reversed(found)]
    begin, taken = threading.Barrier(4), []

    def work(rows):
        begin.wait()
        taken.extend(desk.returns.take(rows, lambda evidence: decide(evidence, 0), NOON))

    threads = [threading.Thread(target=work, args=[rows]) for rows in (found, again) * 2]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert [one.followed for one in taken] == ["suppressed"] * 3
    assert {one.reader for one in desk.returns.listed()} == set(readers)
    assert len(desk.returns.listed()) == 3


def test_a_flood_that_comes_to_several_hosts_is_counted_one_after_the_other(desk):
    readers, crowds = desk.join("ana", "ben", "cas", "dan"), []

    def counting(evidence):
        crowds.append(evidence.of_domain.readers)
        return decide(evidence, BREAKER)

    def take(reader):
        desk.returns.take([desk.arrived(reader, "complaint")], counting, NOON)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(take, readers))
    assert sorted(crowds) == [1, 2, 3, 4]


def test_messages_without_a_mark_are_none_of_each_other(desk):
    (ana,) = desk.join("ana")
    assert desk.take(desk.arrived(ana), desk.arrived(ana), desk.arrived(None)) == ["counted"] * 3


def test_a_dead_answer_of_a_server_and_one_that_came_back_count_together(desk):
    desk.join("ana")
    desk.send()
    desk.accept(ana="dead")
    ana = desk.reader("ana@x.example")
    assert desk.back(ana.id, days=3, edition="") == "suppressed"


def test_a_message_that_arrived_in_between_begins_anew(desk):
    (ana,) = desk.join("ana")
    assert desk.back(ana, edition="") == "counted"
    later = NOON + timedelta(days=1)
    desk.send("morning@2026-11-25T0700", later)
    desk.accept(later)
    assert desk.back(ana, days=3, edition="morning@2026-11-27T0700") == "counted"
    assert desk.reader("ana@x.example").suppression is None
    # … and so does it for what servers answer at once: one rule for both.
    last = NOON + timedelta(days=3.5)
    desk.send("morning@2026-11-28T0700", last)
    desk.accept(last, ana="dead")
    assert desk.reader("ana@x.example").suppression is None


def test_an_auto_reply_is_life_and_no_other_class_suppresses(desk):
    (ana,) = desk.join("ana")
    for what in ("full", "refused", "transient", "unknown", "auto-reply"):
        for days in (0, 4, 8):
            assert desk.back(ana, what, days, edition=f"{what} {days}") == "counted"
    assert desk.back(ana, days=10) == "counted"
    assert desk.back(ana, "auto-reply", days=12) == "counted"
    assert desk.back(ana, days=14) == "counted"
    assert desk.reader("ana@x.example").suppression is None


def test_one_complaint_suppresses_and_what_waits_is_not_sent(desk):
    (ana,) = desk.join("ana")
    desk.send()
    assert desk.back(ana, "complaint") == "suppressed"
    assert desk.reader("ana@x.example").suppression.reason == "complained"
    assert desk.ledger.sends.counts(EDITION) == {"suppressed": 1}


def test_a_mail_that_asks_to_leave_ends_the_newsletter_and_the_log_says_how(desk):
    (ana,) = desk.join("ana")
    desk.send()
    keys = {"newsletter": "morning"}
    assert desk.back(ana, "unsubscribe", proof="message-id", **keys) == "for a person"
    assert desk.back(ana, "unsubscribe", proof="", **keys) == "for a person"
    assert desk.back(ana, "unsubscribe", proof="token", **keys) == "left"
    assert desk.back(ana, "unsubscribe", proof="return path", **keys) == "counted"
    log = [(one.what, one.how) for one in desk.ledger.readers.consents(ana)]
    assert log == [("subscribed", ""), ("unsubscribed", "mail")]
    assert desk.ledger.sends.counts(EDITION) == {"suppressed": 1}


def test_what_proves_nothing_changes_nothing(desk):
    (ana,) = desk.join("ana")
    for days in (0, 3, 6):
        assert desk.back(None, days=days, proof="", recipient="ana@x.example") == "forged"
    assert desk.back(None, "complaint", proof="") == "forged"
    assert desk.back(None, "unknown", proof="") == "unread"
    assert desk.back(None, "personal", proof="") == "for a person"
    assert desk.reader("ana@x.example").suppression is None
    assert desk.returns.counts(EDITION) == {}
    assert desk.back(ana, days=9) == "counted"


def test_what_proved_nothing_is_forgotten_in_time_and_all_else_stays(desk):
    (ana,) = desk.join("ana")
    for what, reader, proof in (("dead", None, ""), ("auto-reply", None, ""),
                                ("personal", None, ""), ("full", ana, "token")):  # fmt: skip
        desk.back(reader, what, proof=proof, kept=f"{what}.eml")
    assert desk.returns.prune(NOON) == []
    assert desk.returns.prune(NOON + timedelta(days=1)) == ["dead.eml"]
    assert [one.what for one in desk.returns.listed()] == ["personal", "full"]


def test_an_auto_reply_that_proves_nothing_is_no_sign_of_life(desk):
    (ana,) = desk.join("ana")
    desk.back(ana)
    assert desk.back(None, "auto-reply", days=1, proof="") == "counted"
    assert desk.back(ana, days=3) == "suppressed"


def test_lifting_a_suppression_makes_old_bounces_count_no_more(desk):
    (ana,) = desk.join("ana")
    assert [desk.back(ana, days=days) for days in (0, 3)] == ["counted", "suppressed"]
    key, later = "ana@x.example", NOON + timedelta(days=4)
    lifted = desk.ledger.readers.unsuppress(key, key, later, "she called")
    assert lifted.reason == "bounced"
    assert desk.reader(key).suppression is None
    assert desk.back(ana, days=6.5) == "counted"
    assert desk.back(ana, days=9) == "counted"
    assert desk.back(ana, days=9.5) == "suppressed"


def test_a_flood_at_a_domain_is_held_and_undoes_what_came_of_its_beginning(desk):
    readers = desk.join(*"abcdefgh")
    desk.send()
    for number, reader in enumerate(readers[:5]):  # a first time, each an hour and more apart
        assert desk.back(reader, days=-4 + number / 20, edition="") == "counted"
    seconds = [number / 86_400 for number in range(7)]
    found = [desk.back(r, days=d) for r, d in zip(readers, seconds, strict=False)]
    assert found == ["suppressed"] * 4 + ["held"] * 3
    assert all(desk.ledger.readers.get(reader).suppression is None for reader in readers)
    assert desk.returns.waiting() == {("held", "dead", "x.example"): 7}


def held(desk):
    return [one.id for one in desk.returns.listed(followed=["held"])]


@pytest.fixture
def flood(desk):
    """Six readers of a domain who are dead within a minute, for the second time."""
    readers = desk.join(*"abcdef")
    for number, reader in enumerate(readers):
        desk.back(reader, days=-4 + number / 20, edition="")
    for reader in readers:
        desk.back(reader)
    assert len(held(desk)) == 6
    return readers


def test_a_flood_that_is_released_follows_as_it_would_have(desk, flood):
    done = desk.returns.release(held(desk), judged, NOON)
    assert [one.followed for one in done] == ["suppressed"] * 6
    assert desk.ledger.readers.get(flood[0]).suppression.reason == "bounced"
    assert desk.returns.release(held(desk), judged, NOON) == []


def test_a_flood_that_is_dismissed_never_counts(desk, flood):
    assert len(desk.returns.dismiss(held(desk))) == 6
    assert desk.returns.waiting() == {}
    assert desk.ledger.readers.get(flood[0]).suppression is None
    # The first time still counts: it was no part of the flood.
    assert desk.back(flood[0], days=2) == "suppressed"


def test_a_few_of_a_large_domain_are_no_flood_and_a_breaker_of_nought_never_breaks(desk):
    readers = desk.join(*(f"r{number}" for number in range(80)))
    desk.send()
    assert [desk.back(reader) for reader in readers[:8]] == ["counted"] * 7 + ["held"]
    others = desk.join(*"stuvwxyz", domain="y.example")
    found = [desk.back(r, domain="y.example", breaker=0) for r in others]
    assert found == ["counted"] * 8


def test_a_flood_over_many_domains_is_everybodys(desk):
    found = []
    for number in range(24):
        domain = f"d{number % 6}.example"
        (reader,) = desk.join(f"r{number}", domain=domain)
        found.append(desk.back(reader, domain=domain, edition=""))
    assert found == ["counted"] * 19 + ["held"] * 5
    assert sum(desk.returns.waiting().values()) == 24


def test_what_came_back_is_counted_by_domain_and_class_a_reader_once(desk):
    ana, bob = desk.join("ana", "bob")
    for reader, what in ((ana, "dead"), (ana, "dead"), (bob, "dead"), (bob, "full")):
        desk.back(reader, what)
    desk.back(None, proof="")
    assert desk.returns.counts(EDITION) == {"x.example": {"dead": 2, "full": 1}}
    assert desk.returns.counts("morning@2026-11-25T0700") == {}


def test_an_erased_reader_leaves_counts_and_no_words(desk):
    (ana,) = desk.join("ana")
    desk.back(ana, recipient="Ana@x.example", words="no ana@x.example here", mark="m")
    desk.back(None, "personal", proof="", recipient="Ana@X.example", words="Ana wrote", kept="f")
    desk.ledger.readers.erase("ana@x.example", "erased:1", NOON)
    with desk.ledger._engine.connect() as db:
        text = repr(db.execute(sa.select(tables.returns)).all()).lower()
    assert "ana" not in text
    assert "x.example" not in text
    assert desk.returns.waiting() == {}
    assert sum(sum(c.values()) for c in desk.returns.counts(EDITION).values()) == 1
    assert desk.back(ana, days=3) == "counted"  # its return path is signed for ever


def test_signs_of_a_reader_are_asked_for_once_for_all_that_was_sent(desk):
    from publisher.ledger.signs import signs_of

    (ana,) = desk.join("ana")
    desk.send()
    desk.accept()
    desk.back(ana, "full")
    desk.back(ana, days=1, edition="")
    with desk.ledger._engine.connect() as db:
        found = signs_of(db, ana)
    assert Sign(what="accepted", at=NOON, edition=EDITION) in found
    assert sorted(one.what for one in found) == ["accepted", "bounced", "dead"]


def test_a_person_who_was_dismissed_was_there_all_the_same(desk):
    (ana,) = desk.join("ana")
    desk.back(ana)
    assert desk.back(ana, "personal", days=1) == "for a person"
    assert len(desk.returns.dismiss([desk.returns.listed()[-1].id])) == 1
    assert desk.back(ana, days=3) == "counted"
