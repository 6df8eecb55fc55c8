"""Edition → Rendition: Jinja2 → MJML → HTML, and text; with what to check before it goes out."""

from publisher.rendering.checks import PARTS, findings, findings_by_part
from publisher.rendering.links import counted_links, direct_links
from publisher.rendering.locales import language_name
from publisher.rendering.mail import render
from publisher.rendering.pages import (
    MAIL_POLICY,
    local_address,
    mail_page,
    page,
    page_body,
    page_policy,
    style,
    text_page,
)
from publisher.rendering.preview import SCHEMES, WIDTHS, mail_view, preview_page
from publisher.rendering.theme import Theme, theme_names
from publisher.rendering.values import ThemeValues

__all__ = [
    "MAIL_POLICY",
    "PARTS",
    "SCHEMES",
    "WIDTHS",
    "Theme",
    "ThemeValues",
    "counted_links",
    "direct_links",
    "findings",
    "findings_by_part",
    "language_name",
    "local_address",
    "mail_page",
    "mail_view",
    "page",
    "page_body",
    "page_policy",
    "preview_page",
    "render",
    "style",
    "text_page",
    "theme_names",
]
