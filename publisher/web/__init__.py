"""The readers' side on the web, small, safe and without scripts; and the editor's preview."""

from publisher.web.app import application
from publisher.web.counting import Counting
from publisher.web.health import health_application
from publisher.web.previewing import preview_application
from publisher.web.server import Server, listening
from publisher.web.serving import serve

__all__ = [
    "Counting",
    "Server",
    "application",
    "health_application",
    "listening",
    "preview_application",
    "serve",
]
