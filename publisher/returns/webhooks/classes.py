"""What a provider's bounce is: by its own word, unless the server's words say otherwise.

A provider calls "hard" what it will not try again. That is a dead address only where the server
that said it did not mean us, nor the moment: no reader is given up for a policy, a full mailbox, or
a server that could not be reached.
"""

from __future__ import annotations

import re

from publisher.model import ReturnedClass
from publisher.returns.classes import classify


def bounced(words: str, *, hard: bool, status: str = "") -> ReturnedClass:
    """Return the class of a bounce; `words` and `status` are the server's."""
    said = classify(status, re.sub(r"^\s*smtp\s*;\s*", "", words, flags=re.IGNORECASE))
    if said in ("full", "refused", "transient"):
        return said
    return "dead" if hard else "transient"


_BY_AMAZON: dict[tuple[str, str], ReturnedClass] = {
    ("permanent", "noemail"): "dead", ("permanent", "suppressed"): "dead",
    ("permanent", "onaccountsuppressionlist"): "dead",
    ("permanent", "unsubscribedrecipient"): "unsubscribe",
    ("transient", "mailboxfull"): "full", ("transient", "messagetoolarge"): "refused",
    ("transient", "contentrejected"): "refused", ("transient", "attachmentrejected"): "refused",
}  # fmt: skip


def bounced_by_amazon(kind: str, subtype: str, words: str, status: str = "") -> ReturnedClass:
    """The class of a bounce with Amazon's `bounceType` and `bounceSubType`; Resend has both."""
    pair = kind.lower(), subtype.lower()
    if pair in _BY_AMAZON:
        return _BY_AMAZON[pair]
    if pair[0] not in ("permanent", "transient"):
        return "unknown"
    return bounced(words, hard=pair[0] == "permanent", status=status)
