"""Shares of small groups, and how sure their difference is.

Wilson's score interval for one share; Newcombe's for the difference of two, which is made of both
and holds where a share is 0 or 1, and where a group has ten people.
"""

from __future__ import annotations

from math import ceil, sqrt

Z = 1.959963984540054
"""Of a normal distribution, 95 % lie within so many standard deviations."""


def wilson(count: int, of: int, z: float = Z) -> tuple[float, float]:
    """Return the interval in which a share lies with 95 % confidence: `count` of a group `of`.

    Wilson 1927, as Newcombe 1998 writes it (Statistics in Medicine 17:857, method 3). Raises
    ValueError for a count that is not within the group, and for an empty group.

    >>> [round(bound, 4) for bound in wilson(81, 263)]
    [0.2553, 0.3662]
    """
    if of <= 0 or not 0 <= count <= of:
        raise ValueError(f"{count} is no part of {of}")
    middle, spread = 2 * count + z * z, z * sqrt(z * z + 4 * count * (1 - count / of))
    whole = 2 * (of + z * z)
    low = 0.0 if count == 0 else (middle - spread) / whole  # what rounding leaves is not shown
    return low, 1.0 if count == of else (middle + spread) / whole


def difference(first: tuple[int, int], second: tuple[int, int]) -> tuple[float, float]:
    """Return the interval of the first share less the second, with 95 % confidence.

    Each is (count, of). Newcombe 1998 (Statistics in Medicine 17:873, method 10): a square-and-add
    of Wilson's limits, without a correction for continuity.

    >>> [round(bound, 4) for bound in difference((56, 70), (48, 80))]
    [0.0524, 0.3339]
    """
    (low_1, high_1), (low_2, high_2) = wilson(*first), wilson(*second)
    share_1, share_2 = first[0] / first[1], second[0] / second[1]
    between = share_1 - share_2
    low = between - sqrt((share_1 - low_1) ** 2 + (high_2 - share_2) ** 2)
    high = between + sqrt((high_1 - share_1) ** 2 + (share_2 - low_2) ** 2)
    return low, high


def shown_from(of: int, count: int) -> int | None:
    """Return from which count on a second group of the same size differs from the first one.

    Its interval excludes nought then. None where even all of the group would not do.

    >>> shown_from(1000, 50)
    71
    """
    for other in range(count + 1, of + 1):
        if difference((other, of), (count, of))[0] > 0:
            return other
    return None


_Z_FOUR_IN_FIVE = 0.8416212335729143  # of a normal distribution, 80 % lie below


def readers_needed(first: float, second: float) -> int:
    """Return how many a group must have for two true shares to be told apart four times in five.

    The usual approximation by normal distributions, with 95 % confidence (Fleiss, Statistical
    Methods for Rates and Proportions, 1981, 3.1, without a correction for continuity).

    >>> readers_needed(0.05, 0.06)
    8155
    """
    variance = first * (1 - first) + second * (1 - second)
    return ceil((Z + _Z_FOUR_IN_FIVE) ** 2 * variance / (first - second) ** 2)
