"""Where links lead: in ASCII, below the path that the publication has."""

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


def test_the_sites_path_is_decoded():
    assert urls.site_root(publication("https://news.example/%C3%A4/")) == "/ä"
    assert urls.site_root(publication("https://news.example/")) == ""
