"""Where links lead: in ASCII, below the path that the publication has."""

import pytest

from publisher.model import DeliverySettings, Publication
from publisher.pipeline import urls


def publication(base_url="https://news.example/paper/", links=""):
    return Publication(title="T", base_url=base_url, delivery=DeliverySettings(links=links))


def test_readers_links_lead_to_the_site_unless_they_have_a_place_of_their_own():
    assert urls.links_of(publication()) == "https://news.example/paper"
    own = publication(links="https://mail.news.example:8443/r/")
    assert urls.links_of(own) == "https://mail.news.example:8443/r"
    assert urls.links_origin(own) == "https://mail.news.example:8443"
    assert urls.links_root(own) == "/r"
    assert urls.counted_prefix(own, "morning@1") == "https://mail.news.example:8443/r/to/morning@1"


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://news.example/", "https://news.example/"),
        ("https://news.example/ä ö", "https://news.example/%C3%A4%20%C3%B6"),
        ("https://news.example/%C3%A4", "https://news.example/%C3%A4"),
        ("https://news.example:8080/a?b=c d", "https://news.example:8080/a?b=c%20d"),
        ("https://bücher.example/", "https://xn--bcher-kva.example/"),
    ],
)
def test_an_address_is_ascii_once_and_not_twice(url, expected):
    assert urls.ascii_url(url) == expected
    assert urls.ascii_url(expected) == expected


def test_the_sites_path_is_decoded():
    assert urls.site_root(publication("https://news.example/%C3%A4/")) == "/ä"
    assert urls.site_root(publication("https://news.example/")) == ""
