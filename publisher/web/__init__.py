"""The readers' side on the web, small, safe and without scripts; and the editor's preview."""

from publisher.web.app import application
from publisher.web.counts import Counting
from publisher.web.health import health_application
from publisher.web.loop import serve
from publisher.web.preview import preview_application
from publisher.web.server import Server, listening

__all__ = [
    "Counting",
    "Server",
    "application",
    "health_application",
    "listening",
    "preview_application",
    "serve",
]
