"""Work for workers, which they import by this name."""

import os
import signal
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Doubling:
    """Doubles a number; raises something over a negative one, and dies of 13.

    Of 7 it dies as long as there is no file `once`, which it leaves.
    """

    once: Path
    kind = int

    def opened(self) -> Callable[[int], int]:
        """Return what doubles one."""

        def double(number: int) -> int:
            if number == 13 or (number == 7 and not self.once.exists()):
                self.once.touch()
                os.kill(os.getpid(), signal.SIGKILL)
            if number < 0:
                raise ValueError(number)
            return 2 * number

        return double


@dataclass(frozen=True)
class Broken:
    """Work that cannot even begin."""

    kind = int

    def opened(self) -> Callable[[int], int]:
        """Raise something."""
        raise LookupError


@dataclass(frozen=True)
class Lying:
    """Work that answers with what it is not to answer with."""

    kind = int

    def opened(self) -> Callable[[int], str]:
        """Return what answers with words."""
        return str
