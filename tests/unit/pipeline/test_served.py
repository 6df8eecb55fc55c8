"""What is said of public files to whoever asks for them."""

import pytest

from publisher.pipeline.served import headers_of

OTHERS = {"feeds/atom.xml", "web/index.html", "web/a/b.css"}
HTML, ATOM = "text/html; charset=utf-8", "application/atom+xml; charset=utf-8"
SOON, FOR_EVER = "public, max-age=300", "public, max-age=31536000, immutable"


@pytest.mark.parametrize(
    ("place", "kind", "age", "coding"),
    [
        ("web/index.html", HTML, SOON, None),
        ("web/index.html.br", HTML, SOON, "br"),
        ("web/index.html.gz", HTML, SOON, "gzip"),
        ("web/a/b.css.gz", "text/css; charset=utf-8", SOON, "gzip"),
        ("feeds/atom.xml", ATOM, SOON, None),
        ("feeds/atom.xml.gz", ATOM, SOON, "gzip"),
        ("feeds/tag/x/rss.xml", "application/rss+xml; charset=utf-8", SOON, None),
        ("feeds/feeds.opml", "text/x-opml; charset=utf-8", SOON, None),
        ("web/picture.png", "image/png", "public, max-age=86400", None),
        (f"web/pictures/mail/{'a' * 32}.webp", "image/webp", FOR_EVER, None),
        ("web/sitemap.xml", "text/xml; charset=utf-8", SOON, None),
    ],
)
def test_a_file_has_its_type_its_age_and_its_coding(place, kind, age, coding):
    headers = headers_of(place, OTHERS)
    if place == "web/sitemap.xml":  # systems differ in how they call XML
        assert headers["Content-Type"] in (kind, "application/xml; charset=utf-8")
    else:
        assert headers["Content-Type"] == kind
    assert (headers["Cache-Control"], headers.get("Content-Encoding")) == (age, coding)


def test_a_download_that_is_packed_for_itself_stays_what_it_is():
    headers = headers_of("web/archive.csv.gz", OTHERS)
    assert headers["Content-Type"] == "application/octet-stream"
    assert "Content-Encoding" not in headers
