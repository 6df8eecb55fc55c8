"""What a provider tells, over a real socket: recorded before it is thanked for, or asked again."""

import http.client
import signal
import threading
from contextlib import contextmanager

import pytest
from starlette.exceptions import HTTPException

from publisher.errors import StateUnavailable
from publisher.pipeline.workspace import Workspace
from publisher.web import Server, application, listening
from publisher.web.hooks import _Room
from tests.processes import Child, until
from tests.site import CONFIG, Site, publisher
from tests.unit.returns.webhooks.calls import AT, SECRET, mailgun, with_secret
from tests.unit.returns.webhooks.events import brevo_event, mailgun_event

NAMED = f'{CONFIG}\n[provider]\nname = "brevo"\n'


@contextmanager
def served(folder, take, config=NAMED):
    """A publication's web, and what asks it."""
    site = Site(folder / "site", config)
    space = Workspace(site.root, AT, writing=True)
    stopped, asks = threading.Event(), None
    try:
        with listening("127.0.0.1", 0) as where:
            server = Server(application(space, lambda: AT, take=take), where)
            thread = threading.Thread(target=server.run, args=(stopped.is_set,))
            thread.start()
            port = where.getsockname()[1]

            def asks(path, call, method="POST"):
                connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
                connection.request(method, path, call.body, dict(call.headers))
                answer = connection.getresponse()
                answer.read()
                connection.close()
                return answer

            try:
                yield asks
            finally:
                stopped.set()
                thread.join()
    finally:
        space.close()


def test_a_call_is_thanked_for_once_it_is_recorded_and_refused_otherwise(tmp_path, monkeypatch):
    monkeypatch.setenv("PUBLISHER_WEBHOOK_SECRET", SECRET)
    taken, faults = [], []

    def take(space, told, *, now):
        if faults:
            raise faults.pop()
        taken.append((tuple(told), now))

    good = with_secret(brevo_event("spam"))
    with served(tmp_path, take) as asks:
        assert asks("/hooks/brevo", good).status == 200
        (((told,), now),) = taken
        assert (told.provider, told.returned.what, now) == ("brevo", "complaint", AT)
        assert asks("/hooks/brevo", with_secret(brevo_event("opened"))).status == 200
        assert len(taken) == 1

        wrong = asks("/hooks/brevo", with_secret(brevo_event("spam"), secret="another" * 4))
        assert wrong.status == 401
        assert wrong.headers["WWW-Authenticate"].startswith("Basic")
        assert asks("/hooks/brevo", good, "GET").status == 404
        assert asks("/hooks/postmark", good).status == 404
        assert asks("/hooks", good).status == 405
        broken = with_secret({})
        assert (
            asks("/hooks/brevo", type(broken)(headers=broken.headers, body=b"{", at=AT)).status
            == 400
        )
        large = type(broken)(headers=broken.headers, body=b" " * 1_000_001, at=AT)
        assert asks("/hooks/brevo", large).status == 413

        faults.append(StateUnavailable("database is locked"))
        again = asks("/hooks/brevo", good)
        assert (again.status, "Retry-After" in again.headers) == (503, True)
        faults.append(RuntimeError("ours"))
        assert asks("/hooks/brevo", good).status == 500
        assert len(taken) == 1
        assert asks("/hooks/brevo", good).status == 200
        assert len(taken) == 2


def test_bodies_have_so_much_room_together(tmp_path):
    room = _Room(most=10)
    with room.seat() as one, room.seat() as two:
        one(6)
        two(4)
        with pytest.raises(HTTPException):
            two(1)
    with room.seat() as three:
        three(10)  # theirs was given back


def test_a_signature_that_does_not_hold_is_forbidden_and_the_way_out_names_the_provider(
    tmp_path, monkeypatch
):
    monkeypatch.setenv("PUBLISHER_WEBHOOK_SECRET", SECRET)
    config = f'{CONFIG}\n[delivery]\ntransport = "mailgun"\n'
    taken = []
    with served(tmp_path, lambda space, told, *, now: taken.append(told), config) as asks:
        assert asks("/hooks/mailgun", mailgun(mailgun_event("complained"), key="x")).status == 403
        assert taken == []
        assert asks("/hooks/mailgun", mailgun(mailgun_event("complained"))).status == 200
        assert len(taken) == 1


def test_without_a_secret_there_is_no_such_page_and_a_bad_one_is_told(tmp_path, monkeypatch):
    monkeypatch.delenv("PUBLISHER_WEBHOOK_SECRET", raising=False)
    with served(tmp_path, lambda *_, **__: None) as asks:
        assert asks("/hooks/brevo", with_secret(brevo_event("spam"))).status == 404
    monkeypatch.setenv("PUBLISHER_WEBHOOK_SECRET", "short")
    space, told = Workspace(tmp_path / "site", AT, writing=True), []
    application(space, lambda: AT, complain=told.append)  # readers can leave all the same
    space.close()
    assert ["PUBLISHER_WEBHOOK_SECRET does not hold" in str(one) for one in told] == [True]


def test_serve_says_what_is_wrong_with_a_secret_and_answers_readers_all_the_same(tmp_path):
    site, said = Site(tmp_path / "site", NAMED), tmp_path / "said.log"
    words = ["-C", str(site.root), "serve", "--port", "0"]
    serving = Child(publisher, words, said, {"PUBLISHER_WEBHOOK_SECRET": "short"})
    until(lambda: said.exists() and "PUBLISHER_WEBHOOK_SECRET does not hold" in said.read_text())
    assert "short" not in said.read_text()
    serving.send_signal(signal.SIGTERM)
    assert serving.wait(60) == 0
