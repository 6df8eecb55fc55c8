"""Newsletter + articles + slot → `Plan` → `Edition`, and why each left-out story was left out.

`shows` says what of an edition is shortened so that its mail fits.
"""

from publisher.editions.fitting import Measured, reshown, shows, tried
from publisher.editions.planning import NO_DATE, Pins, edition, in_question, longest, plan
from publisher.editions.variety import SPARE

__all__ = [
    "NO_DATE",
    "SPARE",
    "Measured",
    "Pins",
    "edition",
    "in_question",
    "longest",
    "plan",
    "reshown",
    "shows",
    "tried",
]
