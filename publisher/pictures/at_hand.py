"""What this process made last: bytes that nobody needs to make twice."""

from __future__ import annotations

from collections import OrderedDict
from threading import Lock

from publisher.pictures.recipes import Result


class AtHand:
    """Results by key, the last ones up to so many bytes; threads share it."""

    def __init__(self, most: int) -> None:
        self._results: OrderedDict[str, Result] = OrderedDict()
        self._most, self._bytes = most, 0
        self._lock = Lock()

    def get(self, key: str) -> Result | None:
        """Return a result, None where it is not at hand any more."""
        with self._lock:
            return self._results.get(key)

    def keep(self, key: str, result: Result) -> None:
        """Have a result at hand, and the oldest no more."""
        with self._lock:
            if key not in self._results:
                self._results[key] = result
                self._bytes += _weight(result)
            while self._bytes > self._most and len(self._results) > 1:
                self._bytes -= _weight(self._results.popitem(last=False)[1])


def _weight(result: Result) -> int:
    return sum(one.length for one in result.outputs) + 1000
