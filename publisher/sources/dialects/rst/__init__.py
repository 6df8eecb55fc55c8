"""reStructuredText, as Pelican and Nikola have it, read by docutils."""

from __future__ import annotations

from publisher.sources.dialects.rst.signs import is_certain

__all__ = ["is_certain"]
