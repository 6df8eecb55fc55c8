"""Template code in articles → what it stands for: a text and a site in, text and problems out.

Each generator has a file that knows its own code; what a site made for itself is told by the
owner's table. Nothing here runs another's program, and what is not known is refused by name.
`expanding` does it; it is not imported with what only names things.
"""

from publisher.sources.templating.site import Expanded, Page, Site
from publisher.sources.templating.told import summary

__all__ = ["Expanded", "Page", "Site", "summary"]
