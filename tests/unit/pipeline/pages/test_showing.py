"""Addresses of the site's pages, as the preview's frames find them."""

import pytest

from publisher.pipeline.pages.showing import with_addresses_below


@pytest.mark.parametrize(
    ("html", "moved"),
    [
        ('<a href="/x/">', '<a href="/at/light/x/">'),
        (
            '<a class="home" href="https://n.example/x/?a=1&amp;b">',
            '<a class="home" href="/at/light/x/?a=1&amp;b">',
        ),
        ('<a href="https://other.example/x">', '<a href="https://other.example/x">'),
        ('<a href="//other.example/x">', '<a href="//other.example/x">'),
        ('<a href="#x">/y</a>', '<a href="#x">/y</a>'),
        (
            '<img srcset="/a.png 1x, /b.png 2x">',
            '<img srcset="/at/light/a.png 1x, /at/light/b.png 2x">',
        ),
    ],
)
def test_what_is_ours_leads_below_and_the_rest_where_it_led(html, moved):
    assert with_addresses_below(html, "/at/light", "https://n.example/") == moved


def test_below_a_path_only_what_is_below_it_is_ours():
    html = '<a href="/news/x/"><a href="/x/">'
    moved = with_addresses_below(html, "/at", "https://n.example/news/", "/news")
    assert moved == '<a href="/at/x/"><a href="/x/">'
