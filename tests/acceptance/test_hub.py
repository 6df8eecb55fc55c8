"""A WebSub hub that feeds name is told when they change, and never waited for."""

import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs

import pytest

from publisher.delivery import tell_hub
from publisher.errors import DeliveryError
from tests.acceptance.test_service import running
from tests.processes import until
from tests.site import CONFIG


@contextmanager
def hub(status=204, **headers):
    """A hub that remembers what it was told."""
    told = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            form = self.rfile.read(int(self.headers["content-length"])).decode()
            told.append(parse_qs(form))
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.end_headers()

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/", told
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def test_a_hub_is_told_of_many_feeds_some_at_a_time():
    feeds = [f"https://x.example/feeds/{n}.xml" for n in range(120)]
    with hub() as (address, told):
        tell_hub(address, feeds)
    assert [len(form["hub.url"]) for form in told] == [50, 50, 20]
    assert all(form["hub.mode"] == ["publish"] for form in told)
    assert [url for form in told for url in form["hub.url"]] == feeds


@pytest.mark.parametrize(
    ("status", "headers"), [(500, {}), (404, {}), (302, {"Location": "http://127.0.0.1:1/"})]
)
def test_a_hub_that_does_not_take_it_is_named(status, headers):
    with hub(status, **headers) as (address, told), pytest.raises(DeliveryError) as error:
        tell_hub(address, ["https://x.example/feeds/atom.xml"])
    assert f"it answered {status}" in str(error.value) and len(told) == 1


def test_a_hub_that_is_not_there_is_named():
    with pytest.raises(DeliveryError, match="the hub was not told"):
        tell_hub("http://127.0.0.1:1/", ["https://x.example/feeds/atom.xml"])


@pytest.mark.slow
def test_run_tells_the_hub_which_feeds_have_changed_and_only_those(site):
    with hub() as (address, told):
        site.config(CONFIG + f'\n[feeds]\nhub = "{address}"\n')
        site.story("a", tags="[one]")
        with running(site, at="2026-11-24 08:00") as service:
            until(lambda: told)
            assert "https://test.example/feeds/tag/one/atom.xml" in told[0]["hub.url"]
            assert not [url for url in told[0]["hub.url"] if url.endswith(".opml")]
            site.story("b", tags="[two]", date="2026-11-23 13:00")
            until(lambda: len(told) > 1)
            assert "https://test.example/feeds/atom.xml" in told[1]["hub.url"]
            assert not [url for url in told[1]["hub.url"] if "tag/one" in url]
            assert service.end() == 0


@pytest.mark.slow
def test_a_hub_that_is_away_is_told_of_once_and_stops_nothing(site):
    site.config(CONFIG + '\n[feeds]\nhub = "http://127.0.0.1:1/"\n')
    site.story("a")
    with running(site, "--once", at="2026-11-24 08:00") as service:
        service.process.wait(timeout=60)
        assert "hub: the hub was not told" in service.out.read_text()
    assert (site.root / "outbox/feeds/atom.xml").is_file()


def test_a_hub_that_is_no_address_is_a_mistake(site):
    site.config(CONFIG + '\n[feeds]\nhub = "hub.example"\n')
    result = site.run("status")
    assert result.code == 2 and "feeds.hub" in result.err
