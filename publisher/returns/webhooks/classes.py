"""What a provider's bounce is: by its own word, unless the server's words say otherwise.

A provider calls "hard" what it will not try again. That is a dead address only where the server
that said it did not mean us: no reader is given up for a policy, or a full mailbox.
"""

from __future__ import annotations

import re

from publisher.delivery import judge
from publisher.model import Reply, ReturnedClass


def bounced(words: str, *, hard: bool, status: str = "") -> ReturnedClass:
    """Return the class of a bounce; `words` and `status` are the server's."""
    found = re.search(r"\b([45])\.\d{1,3}\.\d{1,3}\b", words)
    reply = Reply(
        code=550 if hard else 450,
        status=status or (found[0] if found else ""),
        stage="rcpt",
        text=re.sub(r"^\s*smtp\s*;\s*", "", words, flags=re.IGNORECASE),
    )
    about = judge(reply).about
    if about == "full":
        return "full"
    if about in ("us", "refused"):
        return "refused"
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
