"""A publication's whole life, once: whatever imports this has all of `publisher` at hand."""

import os
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.site import AT, Site

os.environ.pop("PUBLISHER_LEDGER", None)  # a test's, whose readers are no business of this site
with TemporaryDirectory() as _folder:
    _site = Site(Path(_folder) / "site")
    _site.story("a")
    _site.run("subscribers", "add", "ana@x.example")
    _site.run("run", "--once", "--at", AT)
    _site.run("deliver")
    _site.run("status")
