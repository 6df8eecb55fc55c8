"""Which type a feed has for whom."""

import asyncio

from starlette.requests import Request

from publisher.web import files as module
from publisher.web.files import Files

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
READER = "application/rss+xml, application/atom+xml;q=0.9, */*;q=0.1"


def asked(folder, path, *headers, styled=False):
    files = Files(folder, lambda _: "", styled=styled)
    scope = {
        "type": "http", "method": "GET", "path": path, "path_params": {"path": path},
        "headers": [(name, value.encode()) for name, value in headers], "query_string": b"",
    }  # fmt: skip
    return asyncio.run(files.answer(Request(scope)))


def answered(folder, path, accept, *, styled):
    return asked(folder, path, (b"accept", accept), styled=styled).headers


def test_a_browser_gets_a_feed_with_a_style_sheet_as_what_it_shows_by_one(tmp_path):
    for name in ("rss.xml", "feed.json", "feed.css"):
        (tmp_path / name).write_text("x")
    rss, plain = "application/rss+xml; charset=utf-8", "application/xml; charset=utf-8"
    for styled, accept, kind in (
        (True, BROWSER, plain), (True, READER, rss), (False, BROWSER, rss), (False, READER, rss),
    ):  # fmt: skip
        assert answered(tmp_path, "rss.xml", accept, styled=styled)["content-type"] == kind
    headers = answered(tmp_path, "rss.xml", READER, styled=True)
    assert headers["vary"] == "Accept-Encoding, Accept"
    assert answered(tmp_path, "rss.xml", READER, styled=False)["vary"] == "Accept-Encoding"
    json = answered(tmp_path, "feed.json", BROWSER, styled=True)
    assert json["content-type"] == "application/feed+json; charset=utf-8"
    style = answered(tmp_path, "feed.css", BROWSER, styled=True)
    assert style["content-type"] == "text/css; charset=utf-8"


def test_a_feed_that_is_too_large_for_memory_is_read_as_it_is_sent(tmp_path, monkeypatch):
    monkeypatch.setattr(module, "_IN_MEMORY", 100)
    (tmp_path / "rss.xml").write_bytes(b"x" * 101)
    whole = asked(tmp_path, "rss.xml")
    assert (whole.status_code, whole.path) == (200, tmp_path / "rss.xml")
    assert whole.headers["content-type"] == "application/rss+xml; charset=utf-8"
    again = asked(tmp_path, "rss.xml", (b"if-none-match", whole.headers["etag"]))
    assert (again.status_code, again.headers["etag"]) == (304, whole.headers["etag"])
