"""A site of another generator → what its configuration says, without running any of it."""

from publisher.adoption.recognising import READERS, read_site
from publisher.adoption.rendered import read as read_rendered
from publisher.adoption.site import Content, Found, Site, Tongue

__all__ = ["READERS", "Content", "Found", "Site", "Tongue", "read_rendered", "read_site"]
