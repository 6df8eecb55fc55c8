"""Pictures made by the child; what becomes of one whose child dies."""

from __future__ import annotations

from publisher.isolation.channel import Done, value_of
from publisher.isolation.child import Child, Lost
from publisher.pictures.recipes import Recipe, Result
from publisher.workers.channel import Closed


class Darkroom:
    """Makes pictures in a child process: decoders are native code, and pictures hostile bytes."""

    def __init__(self, child: Child) -> None:
        """The child's bounds of time and memory are those of each picture."""
        self._child = child

    def make(self, data: bytes, recipe: Recipe) -> tuple[Result, bool]:
        """Return what is made of a picture, and whether the same would come of it again."""
        for is_last in (False, True):
            try:
                answer = self._child.call("picture", None, (data, recipe), {}, str)
            except Lost as lost:
                if lost.trace or is_last:  # one that somebody killed says nothing
                    why = "the process that read it died, or took too long"
                    return Result(refused=why, harmless=False), bool(lost.trace)
                continue
            if not isinstance(answer, Done):
                why = answer.problem.what.partition(": ")[2] or answer.problem.what
                return Result(refused=f"it cannot be made: {why}", harmless=False), True
            try:
                found: Result = value_of(answer, Result)
            except Closed:  # a child that was taken over may say anything
                break
            return found, True
        return Result(refused="it cannot be made", harmless=False), False
