"""What a provider tells of a delivery in words of its own, rather than by a mail that came back."""

from __future__ import annotations

from datetime import datetime

import msgspec

from publisher.model import Returned


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """One event of a provider, as its webhook or its interface tells it.

    `at` (aware) is when it happened, as the provider says; `id` is the provider's id of the event,
    the same when it is told again; `provider` the name of ours for it, such as "postmark". Whoever
    makes it has verified that the provider says so; what it says of whom is not proven by that.
    """

    returned: Returned
    at: datetime
    id: str
    provider: str
