"""The readers' side on the web, small, safe and without scripts; and the editor's preview."""

from publisher.web.app import application
from publisher.web.previewing import preview_application
from publisher.web.server import Server, listening

__all__ = ["Server", "application", "listening", "preview_application"]
