"""Rendering in a process of its own, whose death costs a mail or a page and nothing else."""

from publisher.isolation.child import Child
from publisher.isolation.renderer import Renderer

__all__ = ["Child", "Renderer"]
