"""Edition → Rendition: Jinja2 → MJML → HTML, and text; with what to check before it goes out."""

from publisher.rendering.checks import findings
from publisher.rendering.locales import language_name
from publisher.rendering.mail import render
from publisher.rendering.pages import page, style, text_page
from publisher.rendering.preview import preview_page
from publisher.rendering.theme import Theme

__all__ = [
    "Theme",
    "findings",
    "language_name",
    "page",
    "preview_page",
    "render",
    "style",
    "text_page",
]
