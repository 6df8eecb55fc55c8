"""Pictures made for what shows them: scaled, turned, in sRGB, without what cameras wrote into them.

`making` reads hostile bytes in native code: it belongs into the child process (`isolation`), and
is imported there alone.
"""

from publisher.pictures.at_hand import AtHand
from publisher.pictures.blanking import blanked
from publisher.pictures.notes import Notes
from publisher.pictures.recipes import SUFFIXES, Output, Recipe, Result

__all__ = ["SUFFIXES", "AtHand", "Notes", "Output", "Recipe", "Result", "blanked"]
