"""The readers' side on the web: links to leave and to choose by. Small, safe, without scripts."""

from publisher.web.app import application
from publisher.web.server import Server, listening

__all__ = ["Server", "application", "listening"]
