"""Servers are asked one question at a time, in their turn, and no longer than one can wait."""

import threading
from dataclasses import dataclass, field

from publisher.fetching import Answer, Unanswered
from publisher.pipeline.reports.links import Politeness, asked


@dataclass
class Web:
    """Answers as a fetcher does: statuses by address and method, an exception, or nothing yet."""

    pages: dict = field(default_factory=dict)
    came: list = field(default_factory=list)
    at_once: int = 0
    most_at_once: dict = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def ask(self, url, method="HEAD"):
        host = url.split("/")[2]
        with self.lock:
            self.came.append((method, url))
            self.most_at_once[host] = self.most_at_once.get(host, 0) + 1
            assert self.most_at_once[host] == 1
        said = self.pages.get((method, url), 200)
        if isinstance(said, threading.Event):
            said.wait()
            said = 200
        with self.lock:
            self.most_at_once[host] -= 1
        if isinstance(said, Exception):
            raise said
        return Answer(url, said)


def links(*urls, web, **manners):
    return asked(urls, web, lambda *_: None, Politeness(**{"pause": 0.0, **manners}))


def test_a_server_has_one_question_at_a_time_and_all_are_asked():
    urls = [f"https://{host}.example/{n}" for n in range(20) for host in "abc"]
    web = Web()
    assert {one.status for one in links(*urls, web=web).values()} == {200}
    assert sorted(url for _, url in web.came) == sorted(urls)


def test_who_knows_no_head_is_asked_again():
    web = Web({("HEAD", "https://a.example/"): 405, ("HEAD", "https://b.example/"): 404})
    found = links("https://a.example/", "https://b.example/", web=web)
    assert {one.status for one in found.values()} == {200}
    assert len(web.came) == 4


def test_why_nobody_answered_is_kept():
    web = Web({("HEAD", "https://a.example/"): Unanswered("there is no such host", is_final=True)})
    (found,) = links("https://a.example/", web=web).values()
    assert (found.status, found.why, found.is_final) == (0, "there is no such host", True)


def test_of_too_many_each_server_has_its_turn_first():
    urls = [
        *(f"https://a.example/{n}" for n in range(50)),
        "https://b.example/",
        "https://c.example/",
    ]
    found = links(*urls, web=Web(), most=5)
    assert list(found) != [] and len(found) == 5
    assert {"https://b.example/", "https://c.example/"} <= found.keys()


def test_when_the_time_is_up_what_was_answered_counts_and_nothing_more_is_asked():
    asleep = threading.Event()
    web = Web({("HEAD", "https://a.example/0"): asleep})
    threading.Timer(0.3, asleep.set).start()
    found = links(
        "https://a.example/0", "https://a.example/1", "https://b.example/", web=web, longest=0.1
    )
    assert "https://b.example/" in found
    assert ("HEAD", "https://a.example/1") not in web.came


def test_what_is_no_address_at_all_stops_nobody():
    web = Web({("HEAD", "https://[/"): Unanswered("it is no web address", is_final=True)})
    web.ask = lambda url, method="HEAD": Answer(url, 200)
    assert links("https://[/", "https://a.example/", web=web).keys() == {
        "https://[/",
        "https://a.example/",
    }
