"""Rendering in a process of its own, whose death costs a mail or a page and nothing else.

Pictures are read there as well.
"""

from publisher.isolation.child import Child
from publisher.isolation.darkroom import Darkroom
from publisher.isolation.press import Press
from publisher.isolation.renderer import PageAsked, Renderer

__all__ = ["Child", "Darkroom", "PageAsked", "Press", "Renderer"]
