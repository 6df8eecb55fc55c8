"""Edition → Rendition: Jinja2 → MJML → HTML, and text."""

from publisher.rendering.finding_places import needles, with_places
from publisher.rendering.links import counted_links, direct_links, grouped_links
from publisher.rendering.locales import language_name
from publisher.rendering.mail import render
from publisher.rendering.notices import notice
from publisher.rendering.pages import (
    MAIL_POLICY,
    local_address,
    mail_page,
    page,
    page_body,
    page_policy,
    style,
)
from publisher.rendering.preview import LOOKS, SCHEMES, WIDTHS, in_scheme, mail_view, preview_page
from publisher.rendering.subjects import retitled
from publisher.rendering.template_faults import out_of_memory
from publisher.rendering.theme import Theme, theme_names
from publisher.rendering.values import ThemeValues
from publisher.rendering.weights import weights
from publisher.rendering.zones import found_among, parts_of_the_world

__all__ = [
    "LOOKS",
    "MAIL_POLICY",
    "SCHEMES",
    "WIDTHS",
    "Theme",
    "ThemeValues",
    "counted_links",
    "direct_links",
    "found_among",
    "grouped_links",
    "in_scheme",
    "language_name",
    "local_address",
    "mail_page",
    "mail_view",
    "needles",
    "notice",
    "out_of_memory",
    "page",
    "page_body",
    "page_policy",
    "parts_of_the_world",
    "preview_page",
    "render",
    "retitled",
    "style",
    "theme_names",
    "weights",
    "with_places",
]
